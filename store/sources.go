package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"caravan"
)

// A sourceRow is a source with what only the store knows of it.
type sourceRow struct {
	caravan.Source
	id   int64
	host string
}

const sourceColumns = `s.id, s.host, s.slug, s.url, s.list_url, s.first_url, s.title, s.site_url, s.language, s.description,
	s.interval_ms, s.only_query, s.skip_query, s.show_policy, s.paused, s.wished_slug, s.listed, s.removed_at, s.first_seen, s.feed,
	s.state, s.etag, s.last_modified, s.first_poll, s.next_poll, s.shown_items,
	(SELECT i.sort_at FROM items i WHERE i.source_id = s.id AND i.visibility = 'shown' ORDER BY i.sort_at DESC LIMIT 1)`

// scanSource reads sourceColumns. Communities are left out.
func scanSource(rows *sql.Rows) (sourceRow, error) {
	var r sourceRow
	var feed, state string
	var etag, lastModified []byte
	var newest sql.NullInt64
	var firstPoll, nextPoll time.Time
	s, set := &r.Source, &r.Settings
	err := rows.Scan(&r.id, &r.host, &s.Slug, &s.URL, &s.ListURL, &s.FirstURL, &s.Title, &s.SiteURL, &s.Language, &s.Description,
		span(&set.Interval), &set.Only, &set.Skip, &set.Show, &set.Paused, &set.Slug, &s.Listed, into(&s.RemovedAt), into(&s.FirstSeen), &feed,
		&state, &etag, &lastModified, into(&firstPoll), into(&nextPoll), &s.Items, &newest)
	if err != nil {
		return r, err
	}
	if newest.Valid {
		s.Newest = atMs(newest.Int64)
	}
	if err := json.Unmarshal([]byte(feed), &s.Feed); err != nil {
		return r, fmt.Errorf("feed of source %s: %w", s.Slug, err)
	}
	if err := json.Unmarshal([]byte(state), &s.State); err != nil {
		return r, fmt.Errorf("state of source %s: %w", s.Slug, err)
	}
	s.State.FirstPoll, s.State.NextPoll = firstPoll, nextPoll
	s.State.Validators.ETag, s.State.Validators.LastModified = string(etag), string(lastModified)
	r.Source = withFeed(r.Source)
	return r, nil
}

// withFeed fills in from the feed what the list does not say of a source.
func withFeed(s caravan.Source) caravan.Source {
	s.Title = first(s.Title, s.Feed.Title, hostName(s.URL))
	s.SiteURL = first(s.SiteURL, s.Feed.Link)
	s.Language = first(s.Language, s.Feed.Language)
	s.Description = first(s.Description, s.Feed.Description)
	if s.Settings.Show == "" {
		s.Settings.Show = caravan.ShowFull
	}
	return s
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// hostName returns the host of an address without "www.".
func hostName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return caravan.RedactURL(address)
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// loadSources reads sources with their communities; where is the rest of the
// query after FROM sources s.
func loadSources(ctx context.Context, q querier, where string, args ...any) ([]sourceRow, error) {
	var out []sourceRow
	err := each(ctx, q, func(rows *sql.Rows) error {
		r, err := scanSource(rows)
		out = append(out, r)
		return err
	}, `SELECT `+sourceColumns+` FROM sources s `+where, args...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	ids := make([]int64, len(out))
	for i := range out {
		ids[i] = out[i].id
	}
	communities, err := communityRefs(ctx, q, ids)
	if err != nil {
		return out, err
	}
	pushes, err := pushesOf(ctx, q, ids)
	for i := range out {
		out[i].Communities, out[i].Push = communities[out[i].id], pushes[out[i].id]
	}
	return out, err
}

// communityRefs returns the communities of sources, each one's primary first.
func communityRefs(ctx context.Context, q querier, sources []int64) (map[int64][]caravan.CommunityRef, error) {
	out := make(map[int64][]caravan.CommunityRef, len(sources))
	if len(sources) == 0 {
		return out, nil
	}
	var p params
	err := each(ctx, q, func(rows *sql.Rows) error {
		var source int64
		var ref caravan.CommunityRef
		if err := rows.Scan(&source, &ref.Slug, &ref.Title); err != nil {
			return err
		}
		out[source] = append(out[source], ref)
		return nil
	}, `SELECT m.source_id, c.slug, c.title FROM memberships m JOIN communities c ON c.id = m.community_id
		WHERE m.source_id IN `+list(&p, sources)+` ORDER BY m.source_id, m.position`, p...)
	return out, err
}

// Sources returns the listed sources in the order of the list.
func (s *Store) Sources(ctx context.Context) ([]caravan.Source, error) {
	var out []caravan.Source
	err := s.read(ctx, func(q querier) error {
		rows, err := loadSources(ctx, q, `WHERE s.listed ORDER BY s.position, s.id`)
		for _, r := range rows {
			out = append(out, r.Source)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	return out, nil
}

// Source returns a source by its slug, also one that has left the list.
func (s *Store) Source(ctx context.Context, slug string) (caravan.Source, error) {
	var row sourceRow
	err := s.read(ctx, func(q querier) (err error) {
		row, err = sourceBySlug(ctx, q, slug)
		return err
	})
	if err != nil {
		return caravan.Source{}, fmt.Errorf("read source %s: %w", slug, err)
	}
	return row.Source, nil
}

// sourceBySlug returns a source with its number.
func sourceBySlug(ctx context.Context, q querier, slug string) (sourceRow, error) {
	rows, err := loadSources(ctx, q, `WHERE s.slug = $1`, sane(slug))
	if err != nil {
		return sourceRow{}, err
	}
	if len(rows) == 0 {
		return sourceRow{}, coded(caravan.ErrNotFound, caravan.NoSuchSource, "There is no such source here.")
	}
	return rows[0], nil
}

// Communities returns the communities of the list in its order.
func (s *Store) Communities(ctx context.Context) ([]caravan.Community, error) {
	var out []caravan.Community
	err := s.read(ctx, func(q querier) (err error) {
		out, err = loadCommunities(ctx, q, `c.listed`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read communities: %w", err)
	}
	return out, nil
}

// Community returns a listed community by its slug; a [caravan.MovedError] for
// one that it had before.
func (s *Store) Community(ctx context.Context, slug string) (caravan.Community, error) {
	slug = sane(slug)
	var found []caravan.Community
	err := s.read(ctx, func(q querier) (err error) {
		found, err = loadCommunities(ctx, q, `c.listed AND c.slug = $1`, slug)
		if err != nil || len(found) > 0 {
			return err
		}
		var now string
		err = one(ctx, q, []any{&now}, `SELECT c.slug FROM community_moves m JOIN communities c ON c.id = m.community_id WHERE m.slug = $1 AND c.listed`, slug)
		if errors.Is(err, sql.ErrNoRows) {
			return coded(caravan.ErrNotFound, caravan.NoSuchGroup, "There is no such community here.")
		}
		if err != nil {
			return err
		}
		return &caravan.MovedError{Slug: now}
	})
	if err != nil {
		return caravan.Community{}, fmt.Errorf("read community %s: %w", slug, err)
	}
	return found[0], nil
}

func loadCommunities(ctx context.Context, q querier, where string, args ...any) ([]caravan.Community, error) {
	var out []caravan.Community
	places := map[int64]int{}
	err := each(ctx, q, func(rows *sql.Rows) error {
		var c caravan.Community
		var id int64
		var newest sql.NullInt64
		if err := rows.Scan(&id, &c.Slug, &c.Title, &c.SiteURL, &c.Glyph, &c.Hue, &c.Order, &c.Items, &newest, &c.Sources); err != nil {
			return err
		}
		if newest.Valid {
			c.Newest = atMs(newest.Int64)
		}
		places[id] = len(out)
		out = append(out, c)
		return nil
	}, `SELECT c.id, c.slug, c.title, c.site_url, c.glyph, c.hue, c.position, c.shown_stories,
		(SELECT k.sort_at FROM story_keys k WHERE k.key = 'c:' || c.id ORDER BY k.sort_at DESC LIMIT 1),
		(SELECT count(*) FROM memberships m WHERE m.community_id = c.id)
		FROM communities c WHERE `+where+` ORDER BY c.position`, args...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	ids := make([]int64, 0, len(places))
	for id := range places {
		ids = append(ids, id)
	}
	var p params
	return out, each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var pub caravan.Publication
		if err := rows.Scan(&id, &pub.Title, &pub.SiteURL); err != nil {
			return err
		}
		c := &out[places[id]]
		c.Publications = append(c.Publications, pub)
		return nil
	}, `SELECT community_id, title, site_url FROM publications WHERE community_id IN `+list(&p, ids)+` ORDER BY community_id, position`, p...)
}

// sourceFacts are what decides about a source's items.
type sourceFacts struct {
	slug        string
	firstURL    string
	listed      bool
	only, skip  string
	firstPoll   time.Time
	communities []int64 // the primary one first
}

// source returns the facts of a source, read once a unit.
func (u *unit) source(ctx context.Context, id int64) (*sourceFacts, error) {
	if f, ok := u.facts[id]; ok {
		return f, nil
	}
	f := &sourceFacts{}
	err := one(ctx, u, []any{&f.slug, &f.firstURL, &f.listed, &f.only, &f.skip, into(&f.firstPoll)},
		`SELECT slug, first_url, listed, only_query, skip_query, first_poll FROM sources WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("source %d: %w", id, err)
	}
	f.communities, err = column[int64](ctx, u, `SELECT community_id FROM memberships WHERE source_id = $1 ORDER BY position`, id)
	if err != nil {
		return nil, err
	}
	u.facts[id] = f
	return f, nil
}
