package store

import (
	"context"
	"database/sql"
	"fmt"

	"caravan"
)

// Touched returns the scopes in which the changes after a number may show: the
// sources, communities and languages of all members, hidden ones too, of the
// stories that they were about. A change that no item carries (of the list, of
// what a source says of itself) may show anywhere.
func (s *Store) Touched(ctx context.Context, after int64) (caravan.Touched, error) {
	out := caravan.Touched{Last: after}
	err := s.read(ctx, func(q querier) error {
		var carried int64
		if err := one(ctx, q, []any{&out.Last}, `SELECT change FROM log_head WHERE id = 1`); err != nil {
			return err
		}
		if err := one(ctx, q, []any{&carried}, `SELECT count(*) FROM items WHERE change > $1`, after); err != nil {
			return err
		}
		out.All = carried < out.Last-after
		var err error
		out.Scopes, err = touchedScopes(ctx, q, after)
		return err
	})
	if err != nil {
		return caravan.Touched{}, fmt.Errorf("read what changes after %d touched: %w", after, err)
	}
	out.Last = max(out.Last, after)
	return out, nil
}

// touchedScopes returns the scopes of the stories with a change after a number,
// each once.
func touchedScopes(ctx context.Context, q querier, after int64) (scopes []caravan.Scope, err error) {
	seen := map[caravan.Scope]bool{}
	add := func(sc caravan.Scope) {
		if !seen[sc] && sc != (caravan.Scope{}) {
			seen[sc] = true
			scopes = append(scopes, sc)
		}
	}
	var ids []int64
	err = each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var slug, tag string
		err := rows.Scan(&id, &slug, &tag)
		add(caravan.Scope{Source: slug})
		add(caravan.Scope{Language: language(tag)})
		ids = append(ids, id)
		return err
	}, `SELECT DISTINCT s.id, s.slug, m.language FROM items i JOIN items m ON m.story_id = i.story_id JOIN sources s ON s.id = m.source_id
		WHERE i.change > $1 ORDER BY s.slug, m.language`, after)
	if err != nil {
		return nil, err
	}
	communities, err := communityRefs(ctx, q, ids)
	for _, id := range ids {
		for _, c := range communities[id] {
			add(caravan.Scope{Community: c.Slug})
		}
	}
	return scopes, err
}
