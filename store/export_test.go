package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"caravan"
)

// Faults returns everything in the database that contradicts itself: what is
// kept beside the items must be what follows from them.
func (s *Store) Faults(ctx context.Context) ([]string, error) {
	var faults []string
	err := s.writer.transact(ctx, "BEGIN", func(in *session) error {
		u := s.newUnit(in)
		for _, check := range []func(context.Context, *unit) ([]string, error){
			checkEngine, checkNumbers, checkVisibility, checkStories, checkPlaces, checkCounts, checkLinks,
		} {
			found, err := check(ctx, u)
			if err != nil {
				return err
			}
			faults = append(faults, found...)
		}
		return nil
	})
	return faults, err
}

// LoseTransaction ends a transaction of the writer behind its back, as the engine
// does when the disk is full, and returns what the writer makes of it.
func (s *Store) LoseTransaction(ctx context.Context) error {
	return s.writer.transact(ctx, "BEGIN IMMEDIATE", func(in *session) error {
		if err := in.exec(ctx, `DELETE FROM items WHERE 1 = 0`); err != nil {
			return err
		}
		if err := in.control(ctx, "ROLLBACK"); err != nil {
			return err
		}
		return fmt.Errorf("disk full: %w", caravan.ErrUnavailable)
	})
}

func checkEngine(ctx context.Context, u *unit) ([]string, error) {
	out, err := column[string](ctx, u, `PRAGMA integrity_check`)
	if len(out) == 1 && out[0] == "ok" {
		out = nil
	}
	err = firstErr(err, each(ctx, u, func(*sql.Rows) error { out = append(out, "foreign key broken"); return nil }, `PRAGMA foreign_key_check`))
	return out, err
}

func firstErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// bad reads a query that returns a sentence for each fault.
func bad(ctx context.Context, u *unit, texts ...string) ([]string, error) {
	var out []string
	for _, text := range texts {
		found, err := column[string](ctx, u, text)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func checkNumbers(ctx context.Context, u *unit) ([]string, error) {
	return bad(ctx, u,
		`SELECT 'change of '||public_id||' is past the head' FROM items, log_head WHERE items.change > log_head.change`,
		`SELECT 'place of '||public_id||' is past the head' FROM items, log_head WHERE items.place > log_head.place`,
		`SELECT 'no body: '||public_id FROM items WHERE id NOT IN (SELECT item_id FROM item_bodies)`,
		`SELECT 'no key: '||public_id FROM items WHERE id NOT IN (SELECT item_id FROM item_keys)`,
		`SELECT 'member without a listed source: '||source_id FROM memberships WHERE source_id NOT IN (SELECT id FROM sources WHERE listed)`,
		`SELECT 'listed source without a community: '||slug FROM sources WHERE listed AND id NOT IN (SELECT source_id FROM memberships)`,
		`SELECT 'too many revisions of '||item_id FROM revisions GROUP BY item_id HAVING count(*) > 20`,
		`SELECT 'sort time after first seen: '||public_id FROM items WHERE sort_at > first_seen`,
		`SELECT 'two items of one source in story '||story_id FROM items GROUP BY story_id, source_id HAVING count(*) > 1`,
	)
}

func checkVisibility(ctx context.Context, u *unit) ([]string, error) {
	var out []string
	err := each(ctx, u, func(rows *sql.Rows) error {
		var id string
		var is, rule caravan.Visibility
		var down, listed bool
		if err := rows.Scan(&id, &is, &rule, &down, &listed); err != nil {
			return err
		}
		if want := visibility(standing{takenDown: down, listed: listed, rule: rule}); is != want {
			out = append(out, fmt.Sprintf("item %s is %s, want %s", id, is, want))
		}
		return nil
	}, `SELECT i.public_id, i.visibility, i.rule, i.taken_down_at IS NOT NULL, s.listed FROM items i JOIN sources s ON s.id = i.source_id`)
	return out, err
}

func checkStories(ctx context.Context, u *unit) ([]string, error) {
	ids, err := column[int64](ctx, u, `SELECT id FROM stories ORDER BY id`)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, id := range ids {
		st, err := u.story(ctx, id)
		if err != nil {
			return nil, err
		}
		members, err := u.keyMembers(ctx, id)
		if err != nil {
			return nil, err
		}
		rows, err := column[string](ctx, u, `SELECT key FROM story_keys WHERE story_id = $1 AND sort_at = $2 ORDER BY key`, id, st.sortAt)
		if err != nil {
			return nil, err
		}
		want := storyKeys(members)
		if !slices.Equal(st.keys, want) || !slices.Equal(rows, want) {
			out = append(out, fmt.Sprintf("story %d has keys %q and rows %q, want %q", id, st.keys, rows, want))
		}
		head := int64(0)
		if len(members) > 0 {
			head = members[0].id
		}
		if st.headID != head {
			out = append(out, fmt.Sprintf("story %d has head %d, want %d", id, st.headID, head))
		}
		for _, key := range want {
			found, err := column[int64](ctx, u, `SELECT at FROM tombstones WHERE key = $1 AND story_id = $2`, key, id)
			if err != nil {
				return nil, err
			}
			if len(found) > 0 {
				out = append(out, fmt.Sprintf("story %d is in %s and has a tombstone", id, key))
			}
		}
	}
	more, err := bad(ctx, u,
		`SELECT 'story without its first item: '||id FROM stories WHERE first_id NOT IN (SELECT id FROM items WHERE story_id = stories.id)`,
		`SELECT 'stray key '||key FROM story_keys k LEFT JOIN stories s ON s.id = k.story_id AND s.sort_at = k.sort_at WHERE s.id IS NULL`,
		`SELECT 'story keeps another sort time than its first item: '||s.id FROM stories s JOIN items i ON i.id = s.first_id WHERE s.sort_at <> i.sort_at`)
	return append(out, more...), err
}

func checkPlaces(ctx context.Context, u *unit) ([]string, error) {
	var out []string
	err := each(ctx, u, func(rows *sql.Rows) error {
		var key string
		var story int64
		if err := rows.Scan(&key, &story); err != nil {
			return err
		}
		out = append(out, fmt.Sprintf("story %d has no place in %s", story, key))
		return nil
	}, `SELECT k.key, k.story_id FROM story_keys k WHERE (k.key = 'a' OR k.key LIKE 'c:%') AND NOT EXISTS (SELECT 1 FROM story_places p
		WHERE p.story_id = k.story_id AND p.scope = CASE WHEN k.key = 'a' THEN 0 ELSE CAST(substr(k.key, 3) AS INTEGER) END)`)
	if err != nil {
		return nil, err
	}
	more, err := bad(ctx, u, `SELECT 'place of no member: '||story_id FROM story_places p WHERE place NOT IN (SELECT place FROM items i WHERE i.story_id = p.story_id)`)
	return append(out, more...), err
}

func checkCounts(ctx context.Context, u *unit) ([]string, error) {
	return bad(ctx, u,
		`SELECT slug||' shows '||shown_items||' items by its count' FROM sources WHERE shown_items <> (SELECT count(*) FROM items WHERE source_id = sources.id AND visibility = 'shown')`,
		`SELECT slug||' shows '||shown_stories||' stories by its count' FROM communities WHERE shown_stories <> (SELECT count(*) FROM story_keys WHERE key IN ('c:'||communities.id, 'uc:'||communities.id))`,
	)
}

// Dump returns every row of a table as text, in order of its first column.
func (s *Store) Dump(ctx context.Context, table string) (string, error) {
	var b strings.Builder
	err := s.read(ctx, func(q querier) error {
		return each(ctx, q, func(rows *sql.Rows) error {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				return err
			}
			for i, v := range values {
				fmt.Fprintf(&b, "%s=%v ", columns[i], *v.(*any))
			}
			b.WriteByte('\n')
			return nil
		}, `SELECT * FROM `+table+` ORDER BY 1`)
	})
	return b.String(), err
}

// Exec runs a statement, for tests that damage or age what is stored.
func (s *Store) Exec(ctx context.Context, text string, args ...any) error {
	return s.write(ctx, func(ctx context.Context, u *unit) error { return u.exec(ctx, text, args...) })
}

// WaitFilled waits until no more stored items are being linked.
func (s *Store) WaitFilled() { <-s.filled }

// FillSource links the items of one source of an archive of before.
func (s *Store) FillSource(ctx context.Context) (items int, more bool, err error) {
	return s.fillSource(ctx)
}
