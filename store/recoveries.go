package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"caravan"
)

// mostRecoveries is how many recoveries are told of.
const mostRecoveries = 200

// Recoveries returns the polls since a moment that ended a row of failures, of
// listed sources, newest first, at most 200. They are read off the history of
// polls, which goes back 90 days.
func (s *Store) Recoveries(ctx context.Context, since time.Time) ([]caravan.Recovery, error) {
	var out []caravan.Recovery
	err := s.read(ctx, func(q querier) error {
		return each(ctx, q, func(rows *sql.Rows) error {
			var r caravan.Recovery
			var when int64
			if err := rows.Scan(&r.Source, &when, &r.Failures); err != nil {
				return err
			}
			r.At = atMs(when)
			out = append(out, r)
			return nil
		}, `SELECT s.slug, ok.at,
				(SELECT count(*) FROM polls b WHERE b.source_id = ok.source_id AND b.at < ok.at AND b.failure_class <> ''
					AND b.at > coalesce((SELECT max(g.at) FROM polls g WHERE g.source_id = ok.source_id AND g.at < ok.at AND g.failure_class = ''), 0))
			FROM polls bad
			JOIN polls ok ON ok.source_id = bad.source_id
				AND ok.at = (SELECT min(n.at) FROM polls n WHERE n.source_id = bad.source_id AND n.at > bad.at)
			JOIN sources s ON s.id = ok.source_id
			WHERE bad.failure_class <> '' AND ok.failure_class = '' AND ok.at >= $1 AND s.listed
			ORDER BY ok.at DESC, s.slug LIMIT $2`, at(since), mostRecoveries)
	})
	if err != nil {
		return nil, fmt.Errorf("read recoveries: %w", err)
	}
	return out, nil
}
