package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"caravan"
)

// A plan is how the stories of a filter are found: those of any of the driving
// sets, in order, that are also in one set of each further field.
type plan struct {
	drive   []string
	further [][]string
	after   int64 // inclusive, ms
	before  int64 // exclusive, ms
	sources []int64
	dated   bool
}

// bounds of sort times where a filter has none.
const (
	earliest = -1 << 62
	latest   = 1 << 62
)

// planFilter finds the sets that a filter names. What is not there matches
// nothing.
func planFilter(ctx context.Context, q querier, f caravan.Filter) (plan, error) {
	pl := plan{after: earliest, before: latest, dated: len(f.Sources) == 0}
	if !f.After.IsZero() {
		pl.after = f.After.UnixMilli()
	}
	if !f.Before.IsZero() {
		pl.before = f.Before.UnixMilli()
	}
	sources, err := numbers(ctx, q, `SELECT id FROM sources WHERE slug IN `, f.Sources)
	if err != nil {
		return pl, err
	}
	pl.sources = sources
	communities, err := numbers(ctx, q, `SELECT id FROM communities WHERE listed AND slug IN `, f.Communities)
	if err != nil {
		return pl, err
	}
	var sets [4][]string
	for _, id := range sources {
		sets[0] = append(sets[0], sourceKey(id))
	}
	for _, t := range f.Tags {
		sets[1] = append(sets[1], tagKey(sane(t)))
	}
	for _, id := range communities {
		sets[2] = append(sets[2], communityKey(id))
	}
	for _, l := range f.Languages {
		sets[3] = append(sets[3], languageKey(language(sane(l))))
	}
	pl.choose(sets, [4]bool{len(f.Sources) > 0, len(f.Tags) > 0, len(f.Communities) > 0, len(f.Languages) > 0})
	return pl, nil
}

// choose makes the first field that is asked for the driving one.
func (pl *plan) choose(sets [4][]string, asked [4]bool) {
	driven := false
	for i, keys := range sets {
		switch {
		case !asked[i]:
		case !driven:
			driven, pl.drive = true, keys
		default:
			if !pl.dated { // the sets of what is undated count beside a source
				for _, k := range keys {
					keys = append(keys, "u"+k)
				}
			}
			pl.further = append(pl.further, keys)
		}
	}
	if !driven {
		pl.drive = []string{"a"}
	}
}

// conditions returns what a row k of story_keys must fulfil beside its key.
func (pl plan) conditions(p *params) string {
	var b strings.Builder
	if pl.after != earliest {
		b.WriteString(` AND k.sort_at >= ` + p.add(pl.after))
	}
	if pl.before != latest {
		b.WriteString(` AND k.sort_at < ` + p.add(pl.before))
	}
	for _, keys := range pl.further {
		b.WriteString(` AND EXISTS (SELECT 1 FROM story_keys f WHERE f.key IN ` + list(p, keys) + ` AND f.sort_at = k.sort_at AND f.story_id = k.story_id)`)
	}
	return b.String()
}

// numbers returns the numbers of rows by slug.
func numbers(ctx context.Context, q querier, text string, slugs []string) ([]int64, error) {
	if len(slugs) == 0 {
		return nil, nil
	}
	for i, s := range slugs {
		if s != sane(s) {
			slugs = append([]string(nil), slugs...)
			slugs[i] = sane(s)
		}
	}
	var p params
	return column[int64](ctx, q, text+list(&p, slugs), p...)
}

// A spot is a position in a list: after it in the list's order, or before it.
type spot struct {
	back   bool
	sortAt int64
	id     int64
}

// writeCursor makes the cursor of a spot; id is the public id that stands for
// the row number.
func writeCursor(s spot, id string) string {
	way := "n"
	if s.back {
		way = "p"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(way + strconv.FormatInt(s.sortAt, 36) + "." + id))
}

// readCursor finds the spot of a cursor; the beginning for an empty one. row
// is the query of the row number by public id.
func readCursor(ctx context.Context, q querier, cursor, row string) (spot, error) {
	if cursor == "" {
		return spot{sortAt: latest, id: latest}, nil
	}
	bad := coded(caravan.ErrInvalid, caravan.PlaceLost, "This page cannot be found by its address. Start again from the first page.")
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(text) < 2 || text[0] != 'n' && text[0] != 'p' {
		return spot{}, bad
	}
	when, id, ok := strings.Cut(string(text[1:]), ".")
	s := spot{back: text[0] == 'p'}
	if s.sortAt, err = strconv.ParseInt(when, 36, 64); err != nil || !ok || !caravan.ValidPublicID(id) {
		return spot{}, bad
	}
	err = one(ctx, q, []any{&s.id}, row, id)
	if errors.Is(err, sql.ErrNoRows) {
		return spot{}, bad
	}
	return s, err
}
