package store

import (
	"context"
	"fmt"
	"time"

	"caravan"
)

// keptRevisions is how many former revisions of an item are kept.
const keptRevisions = 20

// storeItems stores the items of a document that a source offered at the time
// given. What is known and unchanged is not written at all.
func (u *unit) storeItems(ctx context.Context, source int64, doc *caravan.Document, started time.Time) (caravan.PollReport, error) {
	var report caravan.PollReport
	items := doc.Items
	facts, err := u.source(ctx, source)
	if err != nil {
		return report, err
	}
	k, err := u.know(ctx, source, items)
	if err != nil {
		return report, err
	}
	k.partial = doc.Partial
	var fresh []caravan.Item
	for _, it := range storingOrder(items, started) {
		c, err := u.recognise(ctx, k, it)
		if err != nil {
			return report, err
		}
		if c == nil {
			fresh = append(fresh, it)
			continue
		}
		if err := u.again(ctx, k, c, it, &report); err != nil {
			return report, err
		}
	}
	in := intake{
		source: source, partial: doc.Partial, facts: facts, firstSeen: started, firstPoll: facts.firstPoll.IsZero(),
		oldest: oldestDate(items, started), catalogue: bringsBackCatalogue(fresh, started),
	}
	for _, it := range fresh {
		c, err := u.recognise(ctx, k, it) // another item of this document may be the same
		if err == nil && c != nil {
			err = u.again(ctx, k, c, it, &report)
		} else if err == nil {
			c, err = u.insert(ctx, in, it)
			report.New++
			for _, h := range hashKeys(in.keys(it)) {
				if h != 0 && err == nil {
					k.add(h, c)
				}
			}
		}
		if err != nil {
			return report, fmt.Errorf("item %s: %w", first(it.GUID, it.Link, it.Title), err)
		}
	}
	return report, nil
}

// An intake is what the new items of one poll have in common.
type intake struct {
	source    int64
	partial   bool // they came in a part of a document
	facts     *sourceFacts
	firstSeen time.Time
	firstPoll bool      // of the source: all that it brings is back catalogue
	oldest    time.Time // date of the undated in a first poll
	catalogue bool      // its old items are back catalogue
}

// keys returns the keys by which a new item is recognised from now on. Beside a
// GUID, the link in a part of a document may be that of many items: it waits for
// the next whole one.
func (in intake) keys(it caravan.Item) caravan.Keys {
	if in.partial && it.Keys.GUID != "" {
		it.Keys.Link = ""
	}
	return it.Keys
}

// insert stores a new item.
func (u *unit) insert(ctx context.Context, in intake, it caravan.Item) (*known, error) {
	it.Source, it.FirstSeen, it.Changed = in.facts.slug, in.firstSeen, in.firstSeen
	it.SortAt, it.Undated = sortTime(it.Published, in.firstSeen, in.oldest, in.firstPoll)
	c := &known{member: member{source: in.source}, full: true, touched: true}
	if err := u.giveIDs(ctx, in.facts.firstURL, &it); err != nil {
		return nil, err
	}
	rule, err := u.rule(in.facts, it)
	if err != nil {
		return nil, err
	}
	it.Visibility = visibility(standing{listed: in.facts.listed, rule: rule})
	if in.firstPoll || in.catalogue && isOld(it.Published, in.firstSeen) {
		it.Place, err = u.pastPlace(ctx, it.SortAt.UnixMilli())
	} else {
		it.Place, err = u.nextPlace(ctx, it.FirstSeen.UnixMilli())
	}
	if err != nil {
		return nil, err
	}
	st, members, err := u.joinStory(ctx, in.source, it)
	if err != nil {
		return nil, err
	}
	c.story = st.id
	if c.id, err = u.insertItem(ctx, c.member, it, rule); err != nil {
		return nil, err
	}
	c.item = it
	if err := u.insertBody(ctx, c, in.keys(it)); err != nil {
		return nil, err
	}
	if err := u.linkNew(ctx, c.member, !st.fresh); err != nil {
		return nil, err
	}
	known := it
	known.Keys = in.keys(it)
	if err := u.addLinkKeys(ctx, c.member, u.linkKeysOf(known)); err != nil {
		return nil, err
	}
	if it.Visibility == caravan.Shown {
		u.shownItems[in.source]++
		members = append(members, keyMember{
			id: c.id, source: in.source, communities: in.facts.communities, undated: it.Undated, language: it.Language, tags: it.Tags, place: it.Place,
		})
	}
	if st.firstID == 0 {
		st.firstID = c.id
	}
	return c, u.settle(ctx, st, members)
}

// insertItem writes the row of an item.
func (u *unit) insertItem(ctx context.Context, m member, it caravan.Item, rule caravan.Visibility) (int64, error) {
	change, err := u.nextChange(ctx)
	if err != nil {
		return 0, err
	}
	marks := marksOf(it)
	var id int64
	err = one(ctx, u, []any{&id}, `INSERT INTO items (public_id, feed_id, feed_hash, source_id, story_id, guid, link, title, language, summary, words, whole, more,
		published, updated, first_seen, sort_at, changed, undated, place, visibility, rule, change, key_guid, key_link, key_fingerprint, key_content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) RETURNING id`,
		it.ID, it.FeedID, hash64(kindFeedID, it.FeedID), m.source, m.story, marks.guid, marks.link, it.Title, it.Language, it.Summary, it.Words, it.Full, writeMore(it),
		at(it.Published), at(it.Updated), at(it.FirstSeen), at(it.SortAt), at(it.Changed), it.Undated, it.Place, string(it.Visibility), string(rule), change,
		marks.keyGUID, marks.keyLink, packHex(it.Keys.Fingerprint), packHex(it.Keys.Content))
	return id, err
}

// insertBody writes what belongs to a new item beside its row: its body, the
// keys by which it is recognised and its story marks.
func (u *unit) insertBody(ctx context.Context, c *known, recognised caravan.Keys) error {
	it := c.item
	packed := body{text: it.Text, html: it.Content, raw: it.Raw, links: it.Links}.pack()
	err := u.exec(ctx, `INSERT INTO item_bodies (item_id, body, minhash) VALUES ($1, $2, $3)`, c.id, packed, packMinHash(it.MinHash))
	if err != nil {
		return err
	}
	var keys []int64
	for _, h := range hashKeys(recognised) {
		if h != 0 {
			keys = append(keys, h)
		}
	}
	if err := u.addAliases(ctx, c, keys); err != nil {
		return err
	}
	return u.addMarks(ctx, c)
}

// addAliases lets an item of a source be recognised by further keys.
func (u *unit) addAliases(ctx context.Context, c *known, hashes []int64) error {
	for _, h := range hashes {
		err := u.exec(ctx, `INSERT INTO item_keys (source_id, hash, item_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, c.source, h, c.id)
		if err != nil {
			return err
		}
	}
	return nil
}

// again takes in an item that is known. New keys become aliases; a new title
// or text makes a revision; anything else is noise and changes no row. What a
// document holds twice counts once.
func (u *unit) again(ctx context.Context, k *knowledge, c *known, it caravan.Item, report *caravan.PollReport) error {
	var aliases []int64
	offered := it
	if k.partial {
		offered.Keys = strongest(it.Keys)
	}
	for _, h := range hashKeys(offered.Keys) {
		if h != 0 && k.add(h, c) {
			aliases = append(aliases, h)
		}
	}
	if len(aliases) > 0 {
		if err := u.addAliases(ctx, c, aliases); err != nil {
			return err
		}
		if err := u.addLinkKeys(ctx, c.member, u.linkKeysOf(offered)); err != nil {
			return err
		}
	}
	if c.touched {
		return nil
	}
	c.touched = true
	if c.emptied || c.item.Title == it.Title && c.item.Keys.Content == it.Keys.Content {
		report.Unchanged++
		return nil
	}
	report.Changed++
	if err := u.revise(ctx, c, it); err != nil {
		return fmt.Errorf("item %s: %w", c.item.ID, err)
	}
	return nil
}

// revise replaces the words of an item and keeps the former ones as a
// revision. Ids, dates, place and story stay.
func (u *unit) revise(ctx context.Context, c *known, it caravan.Item) error {
	if err := u.loadBody(ctx, c); err != nil {
		return err
	}
	old := c.item
	if err := u.keepRevision(ctx, c.id, old); err != nil {
		return err
	}
	it.ID, it.FeedID, it.Source, it.GUID = old.ID, old.FeedID, old.Source, old.GUID
	it.Published, it.FirstSeen, it.SortAt, it.Undated, it.Place = old.Published, old.FirstSeen, old.SortAt, old.Undated, old.Place
	it.Link, it.Changed, it.Revisions = first(it.Link, old.Link), atMs(u.now), old.Revisions+1
	it.Keys.GUID, it.Keys.Link = first(it.Keys.GUID, old.Keys.GUID), first(it.Keys.Link, old.Keys.Link)
	change, err := u.nextChange(ctx)
	if err != nil {
		return err
	}
	marks := marksOf(it)
	err = u.exec(ctx, `UPDATE items SET link = $1, title = $2, language = $3, summary = $4, words = $5, whole = $6, more = $7, updated = $8, changed = $9,
		change = $10, revisions = $11, key_guid = $12, key_link = $13, key_fingerprint = $14, key_content = $15 WHERE id = $16`,
		marks.link, it.Title, it.Language, it.Summary, it.Words, it.Full, writeMore(it), at(it.Updated), at(it.Changed), change, it.Revisions, marks.keyGUID,
		marks.keyLink, packHex(it.Keys.Fingerprint), packHex(it.Keys.Content), c.id)
	if err != nil {
		return err
	}
	packed := body{text: it.Text, html: it.Content, raw: it.Raw, links: it.Links}.pack()
	err = u.exec(ctx, `UPDATE item_bodies SET body = $1, minhash = $2 WHERE item_id = $3`, packed, packMinHash(it.MinHash), c.id)
	if err != nil {
		return err
	}
	c.item = it
	if err := u.addMarks(ctx, c); err != nil {
		return err
	}
	if err := u.relink(ctx, c.member, old); err != nil {
		return err
	}
	if _, err := u.judge(ctx, c.source, c.id); err != nil {
		return err
	}
	return u.resettle(ctx, c.story)
}

// keepRevision stores what an item says now among its former revisions, and
// forgets the oldest.
func (u *unit) keepRevision(ctx context.Context, id int64, old caravan.Item) error {
	packed := body{text: old.Text, html: old.Content}.pack()
	err := u.exec(ctx, `INSERT INTO revisions (item_id, n, at, title, body) VALUES ($1, $2, $3, $4, $5)`, id, old.Revisions, at(old.Changed), old.Title, packed)
	if err != nil {
		return err
	}
	return u.exec(ctx, `DELETE FROM revisions WHERE item_id = $1 AND n <= $2`, id, old.Revisions-keptRevisions)
}
