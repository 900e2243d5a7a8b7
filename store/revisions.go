package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"caravan"
)

// Revisions returns what a shown item said before, the newest first: of the
// last 20 times that its title or text changed. Nothing is returned for an item
// that never changed. Links, media and other fields are not kept, nor is what
// an erased item said. Errors are those of [Store.Item].
func (s *Store) Revisions(ctx context.Context, itemID string) ([]caravan.Revision, error) {
	var out []caravan.Revision
	err := s.read(ctx, func(q querier) error {
		var id int64
		var v caravan.Visibility
		err := one(ctx, q, []any{&id, &v}, `SELECT id, visibility FROM items WHERE public_id = $1`, sane(itemID))
		if errors.Is(err, sql.ErrNoRows) {
			return coded(caravan.ErrNotFound, caravan.NotThere, notThere)
		}
		if err == nil {
			err = whyHidden(v)
		}
		if err != nil {
			return err
		}
		return each(ctx, q, func(rows *sql.Rows) error {
			var r caravan.Revision
			var packed []byte
			if err := rows.Scan(&r.Number, into(&r.At), &r.Title, &packed); err != nil {
				return err
			}
			b, err := unpack(packed)
			r.Number, r.Text, r.HTML = r.Number+1, b.text, b.html
			out = append(out, r)
			return err
		}, `SELECT n, at, title, body FROM revisions WHERE item_id = $1 ORDER BY n DESC`, id)
	})
	if err != nil {
		return nil, fmt.Errorf("read revisions of %s: %w", itemID, err)
	}
	return out, nil
}
