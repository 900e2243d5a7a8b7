package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"caravan"
)

// maxTraces is how many items one question is answered with.
const maxTraces = 50

// Trace returns every stored item that a mark fits, hidden ones included, in
// the order in which they were first seen: by what it is called now or was
// called before. At most 50 are returned.
func (s *Store) Trace(ctx context.Context, m caravan.ItemMark) ([]caravan.ItemTrace, error) {
	var out []caravan.ItemTrace
	err := s.read(ctx, func(q querier) error {
		ids, err := marked(ctx, q, m)
		if err != nil || len(ids) == 0 {
			return err
		}
		var p params
		members, err := selectMembers(ctx, q, `WHERE i.id IN `+list(&p, ids)+` ORDER BY i.id`, p...)
		if err != nil {
			return err
		}
		for _, found := range members {
			t, err := trace(ctx, q, found)
			if err != nil {
				return err
			}
			out = append(out, t)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("trace item: %w", err)
	}
	return out, nil
}

// marked returns the rows of the items that a mark fits. All rows are looked
// through only when no key leads to one, since a link that several items of a
// document share is no key.
func marked(ctx context.Context, q querier, m caravan.ItemMark) ([]int64, error) {
	ids, err := column[int64](ctx, q, `SELECT id FROM items WHERE public_id = $1`, sane(m.ID))
	if err != nil {
		return nil, err
	}
	var hashes []int64
	for _, h := range hashKeys(caravan.Keys{GUID: sane(m.GUID), Link: sane(m.Link)}) {
		if h != 0 {
			hashes = append(hashes, h)
		}
	}
	if len(hashes) > 0 {
		var p params
		known, err := column[int64](ctx, q, `SELECT DISTINCT k.item_id FROM sources s JOIN item_keys k ON k.source_id = s.id
			WHERE k.hash IN `+list(&p, hashes)+` ORDER BY k.item_id LIMIT `+p.add(maxTraces), p...)
		if err != nil {
			return nil, err
		}
		ids = append(ids, known...)
	}
	if len(ids) == 0 && len(m.Exact) > 0 {
		var p params
		ids, err = column[int64](ctx, q, `SELECT i.id FROM items i WHERE coalesce(i.link, i.guid, i.feed_id) IN `+list(&p, saneAll(m.Exact))+
			` ORDER BY i.id LIMIT `+p.add(maxTraces), p...)
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// trace gathers what is known of an item.
func trace(ctx context.Context, q querier, m member) (caravan.ItemTrace, error) {
	it := m.item
	t := caravan.ItemTrace{
		ID: it.ID, URL: it.Link, GUID: it.GUID, Title: it.Title, Source: it.Source, Published: it.Published, FirstSeen: it.FirstSeen,
		Changed: it.Changed, Revisions: it.Revisions, Undated: it.Undated, Visibility: it.Visibility, Emptied: m.emptied,
	}
	row, err := sourceBySlug(ctx, q, it.Source)
	if err != nil {
		return t, err
	}
	t.SourceTitle = row.Title
	var takenDown time.Time
	err = one(ctx, q, []any{&t.Story, into(&takenDown)}, `SELECT f.public_id, i.taken_down_at FROM items i JOIN stories st ON st.id = i.story_id
		JOIN items f ON f.id = st.first_id WHERE i.id = $1`, m.id)
	if err != nil {
		return t, err
	}
	switch t.Visibility {
	case caravan.Takedown:
		t.HiddenAt = takenDown
	case caravan.Unlisted:
		t.HiddenAt = row.RemovedAt
	case caravan.Skipped:
		t.Rule = row.Settings.Skip
	case caravan.NotOnly:
		t.Rule = row.Settings.Only
	}
	if t.Others, err = others(ctx, q, m); err != nil {
		return t, err
	}
	if t.Poll, err = bringer(ctx, q, m); err != nil || t.Poll != nil {
		return t, err
	}
	t.Pushed, err = pusher(ctx, q, m)
	return t, err
}

// others returns the further members of an item's story.
func others(ctx context.Context, q querier, m member) ([]caravan.Member, error) {
	var out []caravan.Member
	err := each(ctx, q, func(rows *sql.Rows) error {
		var o caravan.Member
		err := rows.Scan(&o.ID, &o.Source, &o.Visibility)
		out = append(out, o)
		return err
	}, `SELECT i.public_id, s.slug, i.visibility FROM items i JOIN sources s ON s.id = i.source_id WHERE i.story_id = $1 AND i.id <> $2 ORDER BY i.id LIMIT $3`,
		m.story, m.id, maxTraces)
	return out, err
}

// bringer returns the poll that brought an item; nil when it is forgotten.
func bringer(ctx context.Context, q querier, m member) (*caravan.PollTrace, error) {
	p := caravan.PollTrace{At: m.item.FirstSeen}
	err := one(ctx, q, []any{&p.Status, &p.New, &p.Changed, &p.Decision}, `SELECT status, new_items, changed_items, decision FROM polls
		WHERE source_id = $1 AND at = $2`, m.source, m.item.FirstSeen.UnixMilli())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &p, err
}
