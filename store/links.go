package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"caravan"
)

// The graph of links: item_links has what every item links to, link_keys under
// what every item can be linked to, and story_links where these meet. A link to
// any member of a story, shown or not, is one to the story. What depends on who
// is shown is counted anew at the end of each unit that may have changed it.

// keptLinks is how many links of an item are kept.
const keptLinks = 200

// linkMark shortens the hash of a link key to the six bytes that are kept here.
// Among a million items and ten million links, that two keys meet by chance is
// less likely than one in ten.
func linkMark(hash int64) int64 { return hash >> 16 }

// linkHash returns the mark of a link key; 0 for what is no page of a site but
// the whole of it.
func linkHash(key string) int64 {
	if !strings.ContainsAny(key, "/?#") {
		return 0
	}
	return linkMark(hash64(kindLink, sane(key)))
}

// linkKeysOf returns the hashes of the addresses under which an item is linked
// to: its link, and its GUID where that is an address too. Only those are
// taken by which it is recognised, since others are not its own.
func (u *unit) linkKeysOf(it caravan.Item) []int64 {
	var out []int64
	if h := linkHash(it.Keys.Link); h != 0 {
		out = append(out, h)
	}
	if strings.HasPrefix(it.Keys.GUID, "http://") || strings.HasPrefix(it.Keys.GUID, "https://") {
		if h := linkHash(u.cfg.LinkKey(it.Keys.GUID)); h != 0 && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// linksOf returns the hashes of what an item links to, in order.
func (u *unit) linksOf(it caravan.Item) []int64 {
	var out []int64
	for _, address := range it.Links[:min(len(it.Links), keptLinks)] {
		if h := linkHash(u.cfg.LinkKey(address)); h != 0 {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// linkNew notes what a new item links to. joined says that its story was there
// before: what its source's other items link to in it are no links to others
// any more.
func (u *unit) linkNew(ctx context.Context, m member, joined bool) error {
	if joined {
		u.recount[m.story] = true
		err := u.exec(ctx, `DELETE FROM story_links WHERE story_id = $1
			AND EXISTS (SELECT 1 FROM items i WHERE i.id = story_links.item_id AND i.source_id = $2)`, m.story, m.source)
		if err != nil {
			return err
		}
	}
	return u.addLinks(ctx, m, u.linksOf(m.item))
}

// relink makes the links of an item those that it has now, having had others.
func (u *unit) relink(ctx context.Context, m member, old caravan.Item) error {
	had, has := u.linksOf(old), u.linksOf(m.item)
	if slices.Equal(had, has) {
		return nil
	}
	if err := u.dropLinks(ctx, m, had); err != nil {
		return err
	}
	return u.addLinks(ctx, m, has)
}

// addLinks notes what an item links to, itself left out, and to which stories
// that leads.
func (u *unit) addLinks(ctx context.Context, m member, hashes []int64) error {
	own := u.linkKeysOf(m.item)
	hashes = slices.DeleteFunc(hashes, func(h int64) bool { return slices.Contains(own, h) })
	if len(hashes) == 0 {
		return nil
	}
	if err := u.insertHashes(ctx, `item_links`, m.id, hashes); err != nil {
		return err
	}
	p := params{m.id, m.item.SortAt.UnixMilli(), m.source}
	return u.insertLinks(ctx, `SELECT DISTINCT i.story_id, CAST($1 AS BIGINT), CAST($2 AS BIGINT) FROM link_keys k JOIN items i ON i.id = k.item_id
		WHERE k.hash IN `+list(&p, hashes)+` AND NOT EXISTS (SELECT 1 FROM items x WHERE x.story_id = i.story_id AND x.source_id = $3)`, p)
}

// addLinkKeys notes under what an item is linked to, and which items do.
func (u *unit) addLinkKeys(ctx context.Context, m member, hashes []int64) error {
	if len(hashes) == 0 {
		return nil
	}
	if err := u.insertHashes(ctx, `link_keys`, m.id, hashes); err != nil {
		return err
	}
	p := params{m.story}
	return u.insertLinks(ctx, `SELECT DISTINCT CAST($1 AS BIGINT), c.id, c.sort_at FROM item_links l JOIN items c ON c.id = l.item_id
		WHERE l.hash IN `+list(&p, hashes)+` AND NOT EXISTS (SELECT 1 FROM items x WHERE x.story_id = $1 AND x.source_id = c.source_id)`, p)
}

// insertHashes adds rows of an item to one of the two tables of hashes; as many
// as the next power of two, by repeating the last, so that few texts come into
// being.
func (u *unit) insertHashes(ctx context.Context, table string, item int64, hashes []int64) error {
	p := params{item}
	var b strings.Builder
	for i := range padded(len(hashes)) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + p.add(hashes[min(i, len(hashes)-1)]) + ",$1)")
	}
	return u.exec(ctx, `INSERT INTO `+table+` (hash, item_id) VALUES `+b.String()+` ON CONFLICT DO NOTHING`, p...)
}

// insertLinks adds what a query returns to the links between stories.
func (u *unit) insertLinks(ctx context.Context, from string, p params) error {
	return each(ctx, u, func(rows *sql.Rows) error {
		var story int64
		err := rows.Scan(&story)
		u.recount[story] = true
		return err
	}, `INSERT INTO story_links (story_id, item_id, sort_at) `+from+` ON CONFLICT DO NOTHING RETURNING story_id`, p...)
}

// dropLinks forgets what an item links to, of which hashes are all.
func (u *unit) dropLinks(ctx context.Context, m member, hashes []int64) error {
	if len(hashes) == 0 {
		return nil
	}
	sortAt := m.item.SortAt.UnixMilli()
	if err := u.recountLinked(ctx, m.id, sortAt); err != nil {
		return err
	}
	p := params{m.id}
	if err := u.exec(ctx, `DELETE FROM item_links WHERE item_id = $1 AND hash IN `+list(&p, hashes), p...); err != nil {
		return err
	}
	return u.exec(ctx, `DELETE FROM story_links WHERE sort_at = $1 AND item_id = $2`, sortAt, m.id)
}

// forgetLinks forgets what an item links to that is going to be emptied.
func (u *unit) forgetLinks(ctx context.Context, item int64) error {
	found, err := selectFull(ctx, u, `WHERE i.id = $1`, item)
	if err != nil || len(found) == 0 {
		return err
	}
	return u.dropLinks(ctx, found[0], u.linksOf(found[0].item))
}

// recountLinked has the stories counted anew that an item links to.
func (u *unit) recountLinked(ctx context.Context, item, sortAt int64) error {
	stories, err := column[int64](ctx, u, `SELECT story_id FROM story_links WHERE sort_at = $1 AND item_id = $2`, sortAt, item)
	for _, id := range stories {
		u.recount[id] = true
	}
	return err
}

// countLinks counts anew how many communities link to the stories that this
// unit may have changed it for.
func (u *unit) countLinks(ctx context.Context) error {
	type count struct{ story, communities int64 }
	var changed []count
	for part := range chunks(sortedKeys(u.recount), 256) {
		var p params
		err := each(ctx, u, func(rows *sql.Rows) error {
			var c count
			var was int64
			err := rows.Scan(&c.story, &was, &c.communities)
			if was != c.communities {
				changed = append(changed, c)
			}
			return err
		}, `SELECT st.id, st.linked_by, (SELECT count(DISTINCT m.community_id) FROM story_links l
				JOIN items i ON i.id = l.item_id JOIN memberships m ON m.source_id = i.source_id
				WHERE l.story_id = st.id AND i.visibility = 'shown' AND `+otherCommunity+`)
			FROM stories st WHERE st.id IN `+list(&p, part), p...)
		if err != nil {
			return err
		}
	}
	for _, c := range changed {
		if err := u.exec(ctx, `UPDATE stories SET linked_by = $1 WHERE id = $2`, c.communities, c.story); err != nil {
			return err
		}
	}
	return nil
}
