package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"caravan"
)

// Hide takes an item down for everybody, by its public id, until Unhide. It is
// kept, and stays known when its source offers it again.
func (s *Store) Hide(ctx context.Context, id string) error {
	return s.takeDown(ctx, "hide", id, func(ctx context.Context, u *unit, t target) error {
		if t.takenDown {
			return nil
		}
		return u.exec(ctx, `UPDATE items SET taken_down_at = $1 WHERE id = $2`, u.now, t.id)
	})
}

// Unhide ends what Hide did. What was erased cannot come back.
func (s *Store) Unhide(ctx context.Context, id string) error {
	return s.takeDown(ctx, "unhide", id, func(ctx context.Context, u *unit, t target) error {
		if t.emptied {
			return public(caravan.ErrInvalid, "This item was erased, so that there is nothing to show.")
		}
		return u.exec(ctx, `UPDATE items SET taken_down_at = NULL WHERE id = $1`, t.id)
	})
}

// Erase takes an item down for everybody and empties it: words, content,
// revisions and names are gone for ever. What remains are its ids, the hashes
// by which it is known, its dates and its place, so that it does not come back.
func (s *Store) Erase(ctx context.Context, id string) error {
	return s.takeDown(ctx, "erase", id, func(ctx context.Context, u *unit, t target) error {
		if err := u.forgetLinks(ctx, t.id); err != nil {
			return err
		}
		err := u.exec(ctx, `UPDATE items SET taken_down_at = coalesce(taken_down_at, $1), emptied_at = coalesce(emptied_at, $1), title = '', summary = '',
			words = 0, more = '{}' WHERE id = $2`, u.now, t.id)
		if err != nil {
			return err
		}
		if err := u.exec(ctx, `UPDATE item_bodies SET body = $1 WHERE item_id = $2`, []byte{}, t.id); err != nil {
			return err
		}
		return u.exec(ctx, `DELETE FROM revisions WHERE item_id = $1`, t.id)
	})
}

// A target is the item that a takedown is about.
type target struct {
	id, story, source  int64
	takenDown, emptied bool
}

// takeDown runs do on an item and then decides its visibility anew.
func (s *Store) takeDown(ctx context.Context, verb, id string, do func(context.Context, *unit, target) error) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		var t target
		err := one(ctx, u, []any{&t.id, &t.story, &t.source, &t.takenDown, &t.emptied},
			`SELECT id, story_id, source_id, taken_down_at IS NOT NULL, emptied_at IS NOT NULL FROM items WHERE public_id = $1`, sane(id))
		if errors.Is(err, sql.ErrNoRows) {
			return public(caravan.ErrNotFound, "There is no such item here.")
		}
		if err != nil {
			return err
		}
		if err := do(ctx, u, t); err != nil {
			return err
		}
		if _, err := u.judge(ctx, t.source, t.id); err != nil {
			return err
		}
		return u.resettle(ctx, t.story)
	})
	if err != nil {
		return fmt.Errorf("%s item %s: %w", verb, id, err)
	}
	return nil
}
