package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"caravan"
)

// tombstoneAge is how long a feed tells that a story is gone.
const tombstoneAge = 30 * 24 * time.Hour

// A scopeRef is a scope with row numbers: what it orders by, and what else its
// stories must have.
type scopeRef struct {
	source    int64 // 0 for none
	community int64 // 0 for none
	language  string
}

// scope finds the rows of a scope; a [caravan.ErrNotFound] when it names what
// is not there.
func scope(ctx context.Context, q querier, s caravan.Scope) (scopeRef, error) {
	ref := scopeRef{language: language(sane(s.Language))}
	var err error
	switch {
	case s.Source != "":
		err = one(ctx, q, []any{&ref.source}, `SELECT id FROM sources WHERE slug = $1`, sane(s.Source))
	case s.Community != "":
		err = one(ctx, q, []any{&ref.community}, `SELECT id FROM communities WHERE slug = $1`, sane(s.Community))
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ref, coded(caravan.ErrNotFound, caravan.NotThere, "There is no such feed here.")
	}
	return ref, err
}

// from returns the part of a query that yields the shown stories of a scope:
// with t.place and t.story_id, up to and including the first conditions.
func (r scopeRef) from(p *params) string {
	var b strings.Builder
	if r.source != 0 {
		b.WriteString(` FROM items t JOIN stories st ON st.id = t.story_id JOIN items h ON h.id = st.head_id
			WHERE t.source_id = ` + p.add(r.source) + ` AND t.visibility = 'shown'`)
	} else {
		key := "a"
		if r.community != 0 {
			key = communityKey(r.community)
		}
		b.WriteString(` FROM story_places t JOIN stories st ON st.id = t.story_id JOIN items h ON h.id = st.head_id WHERE t.scope = ` + p.add(r.community))
		b.WriteString(` AND EXISTS (SELECT 1 FROM story_keys k WHERE k.key = ` + p.add(key) + ` AND k.sort_at = st.sort_at AND k.story_id = st.id)`)
	}
	if r.language != "" {
		keys := []string{languageKey(r.language)}
		if r.source != 0 { // undated items stand in their source's feed
			keys = append(keys, "u"+keys[0])
		}
		b.WriteString(` AND EXISTS (SELECT 1 FROM story_keys l WHERE l.key IN ` + list(p, keys) + ` AND l.sort_at = st.sort_at AND l.story_id = st.id)`)
	}
	return b.String()
}

// A placed story and the source of its head.
type placed struct{ place, story, source int64 }

// placedStories returns shown stories of a scope by place, newest first, at
// most limit (0 for all).
func placedStories(ctx context.Context, q querier, r scopeRef, from, to int64, limit int) ([]placed, error) {
	var p params
	text := `SELECT t.place, t.story_id, h.source_id` + r.from(&p)
	if from != 0 {
		text += ` AND t.place >= ` + p.add(from)
	}
	if to != 0 {
		text += ` AND t.place < ` + p.add(to)
	}
	text += ` ORDER BY t.place DESC`
	if limit > 0 {
		text += ` LIMIT ` + p.add(limit)
	}
	var out []placed
	err := each(ctx, q, func(rows *sql.Rows) error {
		var s placed
		err := rows.Scan(&s.place, &s.story, &s.source)
		out = append(out, s)
		return err
	}, text, p...)
	return out, err
}

// Feed returns the shown stories of a scope by place, newest first. In a
// source's scope the head is that source's own item. A limit of 0 means all
// between From and To.
func (s *Store) Feed(ctx context.Context, fq caravan.FeedQuery) ([]caravan.Story, error) {
	var out []caravan.Story
	err := s.read(ctx, func(q querier) error {
		ref, err := scope(ctx, q, fq.Scope)
		if err != nil {
			return err
		}
		var chosen []placed
		if fq.Fair && fq.Limit > 0 && ref.source == 0 {
			chosen, err = fairShare(ctx, q, ref, fq)
		} else {
			chosen, err = placedStories(ctx, q, ref, fq.From, fq.To, fq.Limit)
		}
		if err != nil {
			return err
		}
		pic := picture{places: map[int64]int64{}, content: fq.Content}
		if ref.source != 0 {
			pic.sources = []int64{ref.source}
		}
		for _, c := range chosen {
			pic.stories = append(pic.stories, c.story)
			pic.places[c.story] = c.place
		}
		out, err = assemble(ctx, q, pic)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read feed: %w", err)
	}
	return out, nil
}

// fairShare returns the newest stories of a scope, at most limit, of which no
// source gives more than a quarter while others fill the rest.
func fairShare(ctx context.Context, q querier, ref scopeRef, fq caravan.FeedQuery) ([]placed, error) {
	share := newShare(fq.Limit)
	shown, err := shownOf(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	to, batch := fq.To, 2*fq.Limit
	for !share.full() && !share.exhausted(shown) {
		some, err := placedStories(ctx, q, ref, fq.From, to, batch)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			share.offer(s)
		}
		if len(some) < batch {
			break
		}
		to, batch = some[len(some)-1].place, min(2*batch, 4096)
	}
	return share.result(), nil
}

// shownOf returns how many items each source shows that may give stories to a
// scope.
func shownOf(ctx context.Context, q querier, ref scopeRef) (map[int64]int, error) {
	out := map[int64]int{}
	text, args := `SELECT id, shown_items FROM sources WHERE shown_items > 0`, []any(nil)
	if ref.community != 0 {
		text, args = text+` AND id IN (SELECT source_id FROM memberships WHERE community_id = $1)`, []any{ref.community}
	}
	err := each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var n int
		err := rows.Scan(&id, &n)
		out[id] = n
		return err
	}, text, args...)
	return out, err
}

// Tombstones returns the stories whose last shown member in a scope went since
// the time given, the newest first; those of a combined scope are those of
// either part. None is older than 30 days.
func (s *Store) Tombstones(ctx context.Context, sc caravan.Scope, since time.Time) ([]caravan.Tombstone, error) {
	oldest := s.cfg.Now().Add(-tombstoneAge)
	if since.Before(oldest) {
		since = oldest
	}
	var out []caravan.Tombstone
	err := s.read(ctx, func(q querier) error {
		ref, err := scope(ctx, q, sc)
		if err != nil {
			return err
		}
		keys := []string{"a"}
		switch {
		case ref.source != 0:
			keys[0] = sourceKey(ref.source)
		case ref.community != 0:
			keys[0] = communityKey(ref.community)
		}
		if ref.language != "" {
			keys = append(keys, languageKey(ref.language))
		}
		p := params{since.UnixMilli()}
		return each(ctx, q, func(rows *sql.Rows) error {
			var t caravan.Tombstone
			err := rows.Scan(&t.FeedID, into(&t.When))
			out = append(out, t)
			return err
		}, `SELECT feed_id, max(at) FROM tombstones WHERE at >= $1 AND key IN `+list(&p, keys)+` GROUP BY feed_id ORDER BY max(at) DESC, feed_id`, p...)
	})
	if err != nil {
		return nil, fmt.Errorf("read tombstones: %w", err)
	}
	return out, nil
}

// PlaceBefore returns the greatest place below the one given at which a scope
// shows a story; false when there is none.
func (s *Store) PlaceBefore(ctx context.Context, sc caravan.Scope, place int64) (int64, bool, error) {
	return s.placeBeside(ctx, sc, place, `<`, `DESC`)
}

// PlaceAfter returns the least place above the one given at which a scope
// shows a story; false when there is none.
func (s *Store) PlaceAfter(ctx context.Context, sc caravan.Scope, place int64) (int64, bool, error) {
	return s.placeBeside(ctx, sc, place, `>`, `ASC`)
}

func (s *Store) placeBeside(ctx context.Context, sc caravan.Scope, place int64, than, order string) (int64, bool, error) {
	var found int64
	err := s.read(ctx, func(q querier) error {
		ref, err := scope(ctx, q, sc)
		if err != nil {
			return err
		}
		var p params
		text := `SELECT t.place` + ref.from(&p) + ` AND t.place ` + than + ` ` + p.add(place) + ` ORDER BY t.place ` + order + ` LIMIT 1`
		return one(ctx, q, []any{&found}, text, p...)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read places: %w", err)
	}
	return found, true, nil
}
