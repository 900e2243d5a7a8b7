package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"caravan"
)

// Bounds of the length of a page.
const (
	usualPage = 50
	maxPage   = 500
)

func pageLength(limit int) int {
	if limit <= 0 {
		return usualPage
	}
	return min(limit, maxPage)
}

// A listed row is a story or an item in a list.
type listed struct{ sortAt, id int64 }

// Stories returns a page of the shown stories that a filter lets through, by
// sort time, newest first. Undated ones are among them only when the filter
// names sources; with exactly one source, or several, the head is such a
// source's own item. An empty cursor asks for the first page.
func (s *Store) Stories(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.StoryPage, error) {
	limit = pageLength(limit)
	var page caravan.StoryPage
	err := s.read(ctx, func(q querier) error {
		pl, err := planFilter(ctx, q, f)
		if err != nil {
			return err
		}
		at, err := readCursor(ctx, q, cursor, `SELECT st.id FROM stories st JOIN items i ON i.id = st.first_id WHERE i.public_id = $1`)
		if err != nil {
			return err
		}
		rows, more, err := pl.stories(ctx, q, at, limit)
		if err != nil {
			return err
		}
		pic := picture{sources: pl.sources}
		for _, r := range rows {
			pic.stories = append(pic.stories, r.id)
		}
		if page.Stories, err = assemble(ctx, q, pic); err != nil || len(page.Stories) == 0 {
			return err
		}
		first, last := page.Stories[0], page.Stories[len(page.Stories)-1]
		if at.back || more {
			page.Next = writeCursor(spot{sortAt: last.SortAt.UnixMilli()}, last.ID)
		}
		if cursor != "" && (!at.back || more) {
			page.Prev = writeCursor(spot{back: true, sortAt: first.SortAt.UnixMilli()}, first.ID)
		}
		return nil
	})
	if err != nil {
		return caravan.StoryPage{}, fmt.Errorf("read stories: %w", err)
	}
	return page, nil
}

// stories returns the rows of a page, newest first, and whether there are more
// in the direction of the spot.
func (pl plan) stories(ctx context.Context, q querier, at spot, limit int) ([]listed, bool, error) {
	var all []listed
	than, order := "<", "DESC"
	if at.back {
		than, order = ">", "ASC"
	}
	for _, key := range pl.drive {
		p := params{key, at.sortAt, at.id}
		text := `SELECT k.sort_at, k.story_id FROM story_keys k WHERE k.key = $1 AND (k.sort_at, k.story_id) ` + than + ` ($2, $3)` +
			pl.conditions(&p) + ` ORDER BY k.sort_at ` + order + `, k.story_id ` + order + ` LIMIT ` + p.add(limit+1)
		rows, err := listedRows(ctx, q, text, p...)
		if err != nil {
			return nil, false, err
		}
		all = append(all, rows...)
	}
	rows, more := merge(all, at.back, limit)
	return rows, more, nil
}

func listedRows(ctx context.Context, q querier, text string, args ...any) ([]listed, error) {
	var out []listed
	err := each(ctx, q, func(rows *sql.Rows) error {
		var r listed
		err := rows.Scan(&r.sortAt, &r.id)
		out = append(out, r)
		return err
	}, text, args...)
	return out, err
}

// merge joins the beginnings of several lists into one page, newest first. In
// the way back the page is the one nearest to the spot, its oldest.
func merge(rows []listed, back bool, limit int) (page []listed, more bool) {
	slices.SortFunc(rows, func(a, b listed) int { return cmp.Or(cmp.Compare(b.sortAt, a.sortAt), cmp.Compare(b.id, a.id)) })
	rows = slices.Compact(rows)
	more = len(rows) > limit
	switch {
	case more && back:
		rows = rows[len(rows)-limit:]
	case more:
		rows = rows[:limit]
	}
	return rows, more
}

// StoriesByID returns stories by their public ids, in the order asked for.
// Those that are not there or not shown are left out.
func (s *Store) StoriesByID(ctx context.Context, ids []string) ([]caravan.Story, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []caravan.Story
	err := s.read(ctx, func(q querier) error {
		var p params
		rows := map[string]int64{}
		err := each(ctx, q, func(r *sql.Rows) error {
			var id string
			var row int64
			err := r.Scan(&id, &row)
			rows[id] = row
			return err
		}, `SELECT i.public_id, st.id FROM items i JOIN stories st ON st.id = i.story_id AND st.first_id = i.id WHERE i.public_id IN `+list(&p, ids), p...)
		if err != nil {
			return err
		}
		var pic picture
		for _, id := range ids {
			if row, ok := rows[id]; ok {
				pic.stories = append(pic.stories, row)
			}
		}
		out, err = assemble(ctx, q, pic)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stories: %w", err)
	}
	return out, nil
}

// StoryOf returns the story that a shown item belongs to.
func (s *Store) StoryOf(ctx context.Context, itemID string) (caravan.Story, error) {
	var out []caravan.Story
	err := s.read(ctx, func(q querier) error {
		story, err := shownStory(ctx, q, itemID)
		if err != nil {
			return err
		}
		out, err = assemble(ctx, q, picture{stories: []int64{story}})
		return err
	})
	if err != nil {
		return caravan.Story{}, fmt.Errorf("read story of %s: %w", itemID, err)
	}
	return out[0], nil
}

// Items returns a page of the shown items that a filter lets through, with
// Content, by sort time, newest first. A tag is looked for in the item's whole
// story. Undated items are among them only when the filter names sources.
func (s *Store) Items(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.ItemPage, error) {
	limit = pageLength(limit)
	var page caravan.ItemPage
	err := s.read(ctx, func(q querier) error {
		at, err := readCursor(ctx, q, cursor, `SELECT id FROM items WHERE public_id = $1`)
		if err != nil {
			return err
		}
		il, err := planItems(ctx, q, f)
		if err != nil {
			return err
		}
		rows, more, err := il.rows(ctx, q, at, limit)
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]int64, len(rows))
		for i, r := range rows {
			ids[i] = r.id
		}
		var p params
		members, err := selectMembers(ctx, q, `WHERE i.id IN `+list(&p, ids)+` ORDER BY i.sort_at DESC, i.id DESC`, p...)
		if err != nil {
			return err
		}
		for _, m := range members {
			page.Items = append(page.Items, m.item)
		}
		if more {
			page.Next = writeCursor(spot{sortAt: rows[limit-1].sortAt}, page.Items[limit-1].ID)
		}
		return loadContents(ctx, q, ids, func(i int) *caravan.Item { return &page.Items[i] })
	})
	if err != nil {
		return caravan.ItemPage{}, fmt.Errorf("read items: %w", err)
	}
	return page, nil
}

// Sentences for readers about items that are not shown.
const (
	notThere = "There is no such item here."
	unlisted = "The source of this item is not in the list any more."
	ruledOut = "This item is not shown here: the list has a rule against it."
	gone     = "This item was taken down."
)

// Item returns a shown item with Content and Text. For one that is hidden the
// error is [caravan.ErrNotFound], for one that was taken down
// [caravan.ErrGone], each with a sentence.
func (s *Store) Item(ctx context.Context, id string) (caravan.Item, error) {
	var item caravan.Item
	err := s.read(ctx, func(q querier) error {
		found, err := selectFull(ctx, q, `WHERE i.public_id = $1`, sane(id))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return coded(caravan.ErrNotFound, caravan.NotThere, notThere)
		}
		item = found[0].item
		return whyHidden(item.Visibility)
	})
	if err != nil {
		return caravan.Item{}, fmt.Errorf("read item %s: %w", id, err)
	}
	return item, nil
}

// whyHidden returns the error that tells a reader why an item is not shown; nil
// when it is.
func whyHidden(v caravan.Visibility) error {
	switch v {
	case caravan.Shown:
		return nil
	case caravan.Takedown:
		return coded(caravan.ErrGone, caravan.TakenDown, gone)
	case caravan.Unlisted:
		return coded(caravan.ErrNotFound, caravan.SourceUnlisted, unlisted)
	}
	return coded(caravan.ErrNotFound, caravan.RuledOut, ruledOut)
}

// Find returns every item, shown or not, that has or had an address as its link
// or GUID, or that has it as its public id, the newest first. It reads all items
// and is for questions of people, not for pages.
func (s *Store) Find(ctx context.Context, address string) ([]caravan.Item, error) {
	address = strings.TrimSpace(sane(address))
	var out []caravan.Item
	err := s.read(ctx, func(q querier) error {
		members, err := selectMembers(ctx, q, `WHERE i.public_id = $1 OR coalesce(i.guid, i.feed_id) = $1 OR coalesce(i.link, i.guid, i.feed_id) = $1
			OR i.id IN (SELECT item_id FROM item_keys WHERE hash IN ($2, $3)) ORDER BY i.first_seen DESC, i.id DESC`,
			address, hash64(kindGUID, address), hash64(kindLink, bareAddress(address)))
		for _, m := range members {
			out = append(out, m.item)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", caravan.RedactURL(address), err)
	}
	return out, nil
}

// bareAddress returns an address as link keys have it, as far as that can be
// told without knowing trackers: no scheme, "www.", fragment or last slash.
func bareAddress(address string) string {
	bare, _, _ := strings.Cut(address, "#")
	if _, rest, ok := strings.Cut(bare, "://"); ok {
		bare = rest
	}
	return strings.TrimSuffix(strings.TrimPrefix(bare, "www."), "/")
}

// Oldest returns the date of the oldest shown and dated item; the zero time when
// there is none.
func (s *Store) Oldest(ctx context.Context) (time.Time, error) {
	var oldest time.Time
	err := s.read(ctx, func(q querier) error {
		found, err := column[int64](ctx, q, `SELECT sort_at FROM items WHERE visibility = 'shown' AND undated = FALSE ORDER BY sort_at, id LIMIT 1`)
		if len(found) > 0 {
			oldest = atMs(found[0])
		}
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("read oldest item: %w", err)
	}
	return oldest, nil
}

// Activity returns how many shown and dated stories of a filter each day since
// the time given brought, the oldest first; days without any are left out.
func (s *Store) Activity(ctx context.Context, f caravan.Filter, since time.Time) ([]caravan.DayCount, error) {
	var out []caravan.DayCount
	err := s.read(ctx, func(q querier) error {
		pl, err := planFilter(ctx, q, f)
		if err != nil || len(pl.drive) == 0 {
			return err
		}
		if !since.IsZero() {
			pl.after = max(pl.after, since.UnixMilli())
		}
		var p params
		undated := ``
		if !pl.dated { // only sources' sets hold undated stories
			undated = ` AND NOT EXISTS (SELECT 1 FROM stories st WHERE st.id = k.story_id AND st.undated)`
		}
		text := `SELECT k.sort_at / 86400000, count(DISTINCT k.story_id) FROM story_keys k WHERE k.key IN ` + list(&p, pl.drive) +
			pl.conditions(&p) + undated + ` GROUP BY k.sort_at / 86400000 ORDER BY 1`
		return each(ctx, q, func(rows *sql.Rows) error {
			var day int64
			var c caravan.DayCount
			err := rows.Scan(&day, &c.Count)
			c.Day = atMs(day * 86400000)
			out = append(out, c)
			return err
		}, text, p...)
	})
	if err != nil {
		return nil, fmt.Errorf("read activity: %w", err)
	}
	return out, nil
}
