package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"caravan"
)

// continuationAge is how long after it left the list a source may be taken up
// again by a line with another address.
const continuationAge = 90 * 24 * time.Hour

// A holding is a stored item that an item of a document may be.
type holding struct {
	source int64
	hash   int64
	title  string
}

// continued returns the source that the items of a line's document belong to:
// its own, or, at the first document of a new line, one that left the list
// lately and holds at least half of them. In that case the line becomes that
// source's: its address, settings and communities move there, and the new row
// is gone.
func (u *unit) continued(ctx context.Context, row sourceRow, items []caravan.Item) (sourceRow, error) {
	if !row.State.FirstPoll.IsZero() || !row.Listed || len(items) == 0 {
		return row, nil
	}
	holdings, err := u.holdings(ctx, items)
	if err != nil {
		return row, err
	}
	old := continues(items, holdings)
	if old == 0 {
		return row, nil
	}
	if err := u.moveLine(ctx, row.id, old); err != nil {
		return row, fmt.Errorf("continue source %d: %w", old, err)
	}
	rows, err := loadSources(ctx, u, `WHERE s.id = $1`, old)
	if err != nil {
		return row, err
	}
	u.cfg.Log.Info("source continued at a new address", "source", rows[0].Slug, "url", caravan.RedactURL(rows[0].URL))
	return rows[0], nil
}

// holdings reads what sources that left the list lately hold of the items.
func (u *unit) holdings(ctx context.Context, items []caravan.Item) ([]holding, error) {
	since := u.now - continuationAge.Milliseconds()
	sources, err := column[int64](ctx, u, `SELECT id FROM sources WHERE NOT listed AND removed_at >= $1`, since)
	if err != nil || len(sources) == 0 {
		return nil, err
	}
	var hashes []int64
	for _, it := range items {
		h := hashKeys(it.Keys)
		hashes = append(hashes, h[0], h[1])
	}
	var out []holding
	for part := range chunks(hashes, 512) {
		for some := range chunks(sources, 512) {
			var p params
			err := each(ctx, u, func(rows *sql.Rows) error {
				var h holding
				if err := rows.Scan(&h.source, &h.hash, &h.title); err != nil {
					return err
				}
				out = append(out, h)
				return nil
			}, `SELECT k.source_id, k.hash, i.title FROM item_keys k JOIN items i ON i.id = k.item_id
				WHERE k.source_id IN `+list(&p, some)+` AND k.hash IN `+list(&p, part), p...)
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// continues returns the source that holds at least half of the items, the one
// that holds most; 0 when there is none. An item is held when its link is, or
// its GUID: but a GUID that is no address, such as "1", only under the same
// title, since another source may well have it too.
func continues(items []caravan.Item, holdings []holding) int64 {
	type key struct{ source, hash int64 }
	titles := map[key][]string{}
	var sources []int64
	for _, h := range holdings {
		k := key{h.source, h.hash}
		titles[k] = append(titles[k], h.title)
		if !slices.Contains(sources, h.source) {
			sources = append(sources, h.source)
		}
	}
	slices.Sort(sources)
	var best int64
	most := 0
	for _, source := range sources {
		n := 0
		for _, it := range items {
			hashes := hashKeys(it.Keys)
			byGUID, byLink := titles[key{source, hashes[0]}], titles[key{source, hashes[1]}]
			if hashes[1] != 0 && len(byLink) > 0 ||
				hashes[0] != 0 && len(byGUID) > 0 && (caravan.ValidFeedID(it.Keys.GUID) || slices.Contains(byGUID, it.Title)) {
				n++
			}
		}
		if 2*n >= len(items) && n > most {
			best, most = source, n
		}
	}
	return best
}

// moveLine gives the line of a new source to an old one and removes the new.
func (u *unit) moveLine(ctx context.Context, line, old int64) error {
	for _, text := range []string{
		`UPDATE sources SET listed = TRUE, removed_at = NULL, list_url = n.list_url, url = n.url, host = n.host, title = n.title, site_url = n.site_url,
			language = n.language, description = n.description, category = n.category, interval_ms = n.interval_ms, only_query = n.only_query,
			skip_query = n.skip_query, show_policy = n.show_policy, paused = n.paused, wished_slug = n.wished_slug, position = n.position
			FROM (SELECT * FROM sources WHERE id = $1) n WHERE sources.id = $2`,
		`UPDATE source_aliases SET source_id = $2 WHERE source_id = $1`,
		`UPDATE memberships SET source_id = $2 WHERE source_id = $1`,
		`UPDATE polls SET source_id = $2 WHERE source_id = $1`,
		`UPDATE pushes SET source_id = $2 WHERE source_id = $1`,
		`UPDATE deliveries SET source_id = $2 WHERE source_id = $1`,
	} {
		if err := u.exec(ctx, text, line, old); err != nil {
			return err
		}
	}
	if err := u.exec(ctx, `DELETE FROM sources WHERE id = $1`, line); err != nil {
		return err
	}
	delete(u.facts, line)
	delete(u.facts, old)
	_, _, err := u.judgeSource(ctx, old, true, true)
	return err
}
