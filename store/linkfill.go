package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// How an archive that was made before there was a graph of links gets one: in
// the background, source by source, while it is in use. Which source is next is
// kept in meta, so that it goes on after a restart; to link an item twice does
// no harm.

// linkFill is the name in meta of the source that is next.
const linkFill = "links"

// fillItems is how many items are linked in one transaction, so that polls do
// not wait long for it.
const fillItems = 100

// fillLinks takes the items into the graph that were stored before there was
// one, until all are or the store closes.
func (s *Store) fillLinks(ctx context.Context) {
	defer close(s.filled)
	n := 0
	for {
		items, more, err := s.fillSource(ctx)
		n += items
		if err != nil {
			if !errors.Is(err, errClosing) {
				s.cfg.Log.Error("links of stored items not read; tried again at the next start", "err", err)
			}
			return
		}
		if !more {
			break
		}
	}
	if n > 0 {
		s.cfg.Log.Info("links of stored items read", "items", n)
	}
}

// errClosing ends what is done in the background.
var errClosing = errors.New("store closing")

// fillSource links the items of the source that is next, and reports whether
// there may be others.
func (s *Store) fillSource(ctx context.Context) (items int, more bool, err error) {
	source, former, err := s.nextFill(ctx)
	if err != nil || source == 0 {
		return 0, false, err
	}
	for part := range chunks(sortedKeys(former), fillItems) {
		select {
		case <-s.closed:
			return items, false, errClosing
		default:
		}
		err := s.write(ctx, func(ctx context.Context, u *unit) error { return u.fillLinks(ctx, part, former) })
		if err != nil {
			return items, false, fmt.Errorf("link items of source %d: %w", source, err)
		}
		items += len(part)
	}
	err = s.write(ctx, func(ctx context.Context, u *unit) error { return u.filled(ctx, source) })
	return items, true, err
}

// nextFill returns the source that is next, 0 for none, and of each of its
// items the hashes of all keys that it has or had.
func (s *Store) nextFill(ctx context.Context) (source int64, keys map[int64][]int64, err error) {
	keys = map[int64][]int64{}
	err = s.read(ctx, func(q querier) error {
		var value string
		err := one(ctx, q, []any{&value}, `SELECT value FROM meta WHERE name = $1`, linkFill)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if source, err = strconv.ParseInt(value, 10, 64); err != nil {
			return err
		}
		return each(ctx, q, func(rows *sql.Rows) error {
			var hash, item int64
			err := rows.Scan(&hash, &item)
			keys[item] = append(keys[item], hash)
			return err
		}, `SELECT hash, item_id FROM item_keys WHERE source_id = $1`, source)
	})
	return source, keys, err
}

// fillLinks links items of which the hashes of all keys are given. Those of
// links that an item had before cannot be told from those of its former GUIDs
// and fingerprints, so that these are taken too; no link leads to them.
func (u *unit) fillLinks(ctx context.Context, items []int64, keys map[int64][]int64) error {
	var p params
	members, err := selectFull(ctx, u, `WHERE i.id IN `+list(&p, items), p...)
	if err != nil {
		return err
	}
	for _, m := range members {
		now := hashKeys(m.item.Keys)
		hashes := u.linkKeysOf(m.item)
		for _, h := range keys[m.id] {
			if !slices.Contains(now[:], h) {
				hashes = append(hashes, linkMark(h))
			}
		}
		slices.Sort(hashes)
		if err := u.addLinkKeys(ctx, m, slices.Compact(hashes)); err != nil {
			return err
		}
		if err := u.addLinks(ctx, m, u.linksOf(m.item)); err != nil {
			return err
		}
	}
	return nil
}

// filled notes that the items of a source are linked. A change number is
// given, so that pages made before are known to be outdated.
func (u *unit) filled(ctx context.Context, source int64) error {
	var next sql.NullInt64
	if err := one(ctx, u, []any{&next}, `SELECT max(id) FROM sources WHERE id < $1`, source); err != nil {
		return err
	}
	if _, err := u.nextChange(ctx); err != nil {
		return err
	}
	if !next.Valid {
		return u.exec(ctx, `DELETE FROM meta WHERE name = $1`, linkFill)
	}
	return u.exec(ctx, `UPDATE meta SET value = $1 WHERE name = $2`, strconv.FormatInt(next.Int64, 10), linkFill)
}
