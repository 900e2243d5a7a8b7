package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"caravan"
)

// hostSpacing is the least time between two requests of a host when the poll
// names none.
const hostSpacing = time.Second

// farthest is further away than any poll is ever set, the curator's own interval
// aside: what lies beyond was set by a clock that has been put back since.
const farthest = 31 * 24 * time.Hour

// A due source and the state of its host.
type due struct {
	id       int64
	host     string
	nextPoll int64
}

// Claim returns due sources, at most limit and at most one of each host that is
// free, those first that have waited longest. The claims are written when it
// returns: each source's next poll is one floor away, and its host is leased,
// until SavePoll or Release.
func (s *Store) Claim(ctx context.Context, limit int) ([]caravan.Claim, error) {
	return s.ClaimAmong(ctx, limit, nil)
}

// ClaimAmong is Claim of the sources with the given slugs; no slug means all.
func (s *Store) ClaimAmong(ctx context.Context, limit int, slugs []string) ([]caravan.Claim, error) {
	if limit <= 0 {
		return nil, nil
	}
	var claims []caravan.Claim
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		claims = nil
		if err := u.unstick(ctx); err != nil {
			return err
		}
		list, err := u.due(ctx, limit, slugs)
		if err != nil {
			return err
		}
		for _, d := range list {
			c, err := u.claim(ctx, d)
			if err != nil {
				return err
			}
			claims = append(claims, c)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claim sources: %w", err)
	}
	return claims, nil
}

// among returns the condition that a source is one of those with the given
// slugs, with its arguments; the first placeholder it uses is number first. No
// slug means all.
func among(slugs []string, first int) (condition string, args []any) {
	if len(slugs) == 0 {
		return "", nil
	}
	marks := make([]string, len(slugs))
	for i, slug := range slugs {
		marks[i] = fmt.Sprintf("$%d", first+i)
		args = append(args, slug)
	}
	return " AND s.slug IN (" + strings.Join(marks, ", ") + ")", args
}

// due returns the sources that may be claimed now.
func (u *unit) due(ctx context.Context, limit int, slugs []string) ([]due, error) {
	condition, args := among(slugs, 2)
	rows, err := u.query(ctx, `SELECT s.id, s.host, s.next_poll FROM sources s LEFT JOIN hosts h ON h.host = s.host
		WHERE s.listed AND NOT s.paused AND s.next_poll <= $1
		AND coalesce(h.hold_until, 0) <= $1 AND coalesce(h.next_request, 0) <= $1 AND coalesce(h.leased_until, 0) <= $1`+condition+`
		ORDER BY s.next_poll, s.id`, append([]any{u.now}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []due
	taken := map[string]bool{}
	for len(out) < limit && rows.Next() {
		var d due
		if err := rows.Scan(&d.id, &d.host, &d.nextPoll); err != nil {
			return nil, err
		}
		if !taken[d.host] {
			taken[d.host] = true
			out = append(out, d)
		}
	}
	return out, rows.Err()
}

// unstick brings polls back that a clock running ahead has set, each to another
// moment of the hour after the next floor, and frees their hosts.
func (u *unit) unstick(ctx context.Context) error {
	floor := u.now + u.cfg.Floor.Milliseconds()
	stuck, err := column[int64](ctx, u, `UPDATE sources SET next_poll = $1 + (id * 961 % 3600) * 1000
		WHERE next_poll > $2 AND next_poll - interval_ms > $2 RETURNING id`, floor, u.now+farthest.Milliseconds())
	if err != nil || len(stuck) == 0 {
		return err
	}
	u.cfg.Log.Warn("polls were set too far ahead: the clock has been put back", "sources", len(stuck))
	return u.exec(ctx, `UPDATE hosts SET hold_until = 0, next_request = $1, leased_until = 0 WHERE hold_until > $2 OR next_request > $2 OR leased_until > $2`,
		u.now+hostSpacing.Milliseconds(), u.now+farthest.Milliseconds())
}

// claim writes the claim of one due source.
func (u *unit) claim(ctx context.Context, d due) (caravan.Claim, error) {
	lease := u.now + u.cfg.Floor.Milliseconds()
	if err := u.exec(ctx, `UPDATE sources SET next_poll = $1 WHERE id = $2`, lease, d.id); err != nil {
		return caravan.Claim{}, err
	}
	err := u.exec(ctx, `INSERT INTO hosts (host, next_request, leased_until) VALUES ($1, $2, $3)
		ON CONFLICT (host) DO UPDATE SET next_request = excluded.next_request, leased_until = excluded.leased_until`,
		d.host, u.now+hostSpacing.Milliseconds(), lease)
	if err != nil {
		return caravan.Claim{}, err
	}
	rows, err := loadSources(ctx, u, `WHERE s.id = $1`, d.id)
	if err != nil {
		return caravan.Claim{}, err
	}
	return caravan.Claim{Source: rows[0].Source, Host: d.host, Due: atMs(d.nextPoll), Claimed: atMs(u.now), Lease: atMs(lease)}, nil
}

// Release gives a claim back that led to no request: the source is due as
// before, and its host is free.
func (s *Store) Release(ctx context.Context, c caravan.Claim) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		err := u.exec(ctx, `UPDATE sources SET next_poll = $1 WHERE slug = $2 AND next_poll = $3`, at(c.Due), c.Source.Slug, at(c.Lease))
		if err != nil {
			return err
		}
		return u.exec(ctx, `UPDATE hosts SET leased_until = 0 WHERE host = $1 AND leased_until = $2`, c.Host, at(c.Lease))
	})
	if err != nil {
		return fmt.Errorf("release %s: %w", c.Source.Slug, err)
	}
	return nil
}

// freeHost ends the lease of a claim's host after its poll, and notes when the
// host may be asked again.
func (u *unit) freeHost(ctx context.Context, r caravan.PollResult) error {
	spacing := r.HostSpacing
	if spacing <= 0 {
		spacing = hostSpacing
	}
	var hold int64
	if !r.HoldHost.IsZero() {
		hold = r.HoldHost.UnixMilli()
	}
	return u.exec(ctx, `INSERT INTO hosts (host, next_request, hold_until) VALUES ($1, $2, $3)
		ON CONFLICT (host) DO UPDATE SET next_request = excluded.next_request, leased_until = 0,
		hold_until = CASE WHEN excluded.hold_until > hosts.hold_until THEN excluded.hold_until ELSE hosts.hold_until END`,
		r.Claim.Host, u.now+spacing.Milliseconds(), hold)
}

// NextDue returns the earliest moment at which Claim might return something;
// the zero time when nothing will ever be due.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	return s.NextDueAmong(ctx, nil)
}

// NextDueAmong is NextDue of the sources with the given slugs; no slug means
// all.
func (s *Store) NextDueAmong(ctx context.Context, slugs []string) (time.Time, error) {
	condition, args := among(slugs, 1)
	var earliest time.Time
	err := s.read(ctx, func(q querier) error {
		return each(ctx, q, func(rows *sql.Rows) error {
			var next, hold, request, lease int64
			if err := rows.Scan(&next, &hold, &request, &lease); err != nil {
				return err
			}
			if t := atMs(max(next, hold, request, lease)); earliest.IsZero() || t.Before(earliest) {
				earliest = t
			}
			return nil
		}, `SELECT min(s.next_poll), max(coalesce(h.hold_until, 0)), max(coalesce(h.next_request, 0)), max(coalesce(h.leased_until, 0))
			FROM sources s LEFT JOIN hosts h ON h.host = s.host
			WHERE s.listed AND NOT s.paused AND s.next_poll IS NOT NULL`+condition+` GROUP BY s.host`, args...)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("read schedule: %w", err)
	}
	if stuck := s.cfg.Now().Add(farthest); earliest.After(stuck) {
		return stuck, nil // Claim may find by then that the clock was put back
	}
	return earliest, nil
}

// CountDue counts the sources with the given slugs (no slug means all) that are
// due, whether their hosts are free or not.
func (s *Store) CountDue(ctx context.Context, slugs []string) (int, error) {
	condition, args := among(slugs, 2)
	var n int
	err := s.read(ctx, func(q querier) error {
		return one(ctx, q, []any{&n}, `SELECT count(*) FROM sources s WHERE s.listed AND NOT s.paused AND s.next_poll <= $1`+condition,
			append([]any{at(s.cfg.Now())}, args...)...)
	})
	if err != nil {
		return 0, fmt.Errorf("count due sources: %w", err)
	}
	return n, nil
}

// MakeDue makes sources due now, by their slugs. Holds of their hosts stay.
func (s *Store) MakeDue(ctx context.Context, sources []string) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		for _, slug := range sources {
			if _, err := sourceBySlug(ctx, u, slug); err != nil {
				return err
			}
			if err := u.exec(ctx, `UPDATE sources SET next_poll = $1 WHERE slug = $2`, u.now, slug); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make due: %w", err)
	}
	return nil
}

// rekeyHosts computes the hosts of all sources anew, since the address ranges
// in which a host is host:port may have changed with the flags.
func (u *unit) rekeyHosts(ctx context.Context) error {
	type row struct {
		id        int64
		url, host string
	}
	var changed []row
	err := each(ctx, u, func(rows *sql.Rows) error {
		var r row
		if err := rows.Scan(&r.id, &r.url, &r.host); err != nil {
			return err
		}
		if key := u.cfg.HostKey(r.url); key != r.host {
			r.host = key
			changed = append(changed, r)
		}
		return nil
	}, `SELECT id, url, host FROM sources`)
	if err != nil {
		return err
	}
	for _, r := range changed {
		if err := u.exec(ctx, `UPDATE sources SET host = $1 WHERE id = $2`, r.host, r.id); err != nil {
			return err
		}
	}
	return nil
}
