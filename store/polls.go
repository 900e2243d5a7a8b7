package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"caravan"
)

// Polls are kept so long. With each poll at most prunedRows of what is too old
// are forgotten.
const (
	pollsKept  = 90 * 24 * time.Hour
	prunedRows = 20
)

// A preparedPoll is a poll result whose texts can be stored.
type preparedPoll struct {
	caravan.PollResult
}

func (p *preparedPoll) items() int {
	if p.Document == nil {
		return 0
	}
	return len(p.Document.Items)
}

// prepare makes every text of a poll result storable.
func prepare(r caravan.PollResult) *preparedPoll {
	st := &r.State
	for _, s := range []*string{
		&st.Failure.Detail, &st.Validators.URL, &st.Redirect.URL, &r.Failure.Detail, &r.FinalURL, &r.MovedTo, &r.Decision,
	} {
		*s = sane(*s)
	}
	if r.Document == nil {
		return &preparedPoll{r}
	}
	doc := *r.Document
	doc.Feed = saneFeed(doc.Feed)
	doc.Items = make([]caravan.Item, len(r.Document.Items))
	for i, it := range r.Document.Items {
		doc.Items[i] = saneItem(it)
	}
	doc.Problems = saneAll(doc.Problems)
	r.Document = &doc
	return &preparedPoll{r}
}

// saneFeed makes every text of a feed storable.
func saneFeed(f caravan.FeedInfo) caravan.FeedInfo {
	for _, s := range []*string{
		&f.Format, &f.ID, &f.Title, &f.Link, &f.SelfURL, &f.TopicURL, &f.HubURL, &f.Language, &f.Description, &f.Rights, &f.License, &f.ImageURL,
	} {
		*s = sane(*s)
	}
	f.OtherHubs = saneAll(f.OtherHubs)
	return f
}

// SavePoll stores all that a poll brought, in one transaction: its items, the
// validators that vouch for them, the source's next poll, and the end of the
// claim. Results that wait at the same time are committed together. Once it
// has begun it is not interrupted when ctx ends.
func (s *Store) SavePoll(ctx context.Context, r caravan.PollResult) (caravan.PollReport, error) {
	one := &save{ctx: ctx, poll: prepare(r), done: make(chan struct{})}
	select {
	case s.saves <- one:
		<-one.done
	case <-s.closed:
		one.err = fmt.Errorf("store closed: %w", caravan.ErrUnavailable)
	case <-ctx.Done():
		one.err = ctx.Err()
	}
	if one.err != nil {
		return caravan.PollReport{}, fmt.Errorf("save poll of %s: %w", caravan.RedactURL(r.Claim.Source.URL), one.err)
	}
	return one.report, nil
}

// savePoll stores one poll result.
func (u *unit) savePoll(ctx context.Context, p *preparedPoll) (caravan.PollReport, error) {
	row, err := sourceBySlug(ctx, u, p.Claim.Source.Slug)
	if err != nil {
		return caravan.PollReport{}, err
	}
	if p.Document != nil {
		if row, err = u.continued(ctx, row, p.Document.Items); err != nil {
			return caravan.PollReport{}, err
		}
	}
	source, report := row.id, caravan.PollReport{Source: row.Slug}
	if p.Document != nil {
		report, err = u.storeItems(ctx, source, p.Document, p.Started)
		report.Source = row.Slug
		if err != nil {
			return report, err
		}
		if err := u.saveFeed(ctx, row, p.Document.Feed); err != nil {
			return report, err
		}
	}
	if err := u.rest(ctx, row, p, &report); err != nil {
		return report, err
	}
	if err := u.saveState(ctx, row, p, report.New > 0); err != nil {
		return report, err
	}
	if p.MovedTo != "" {
		if err := u.adopt(ctx, source, p.MovedTo); err != nil {
			return report, err
		}
	}
	if err := u.insertPoll(ctx, source, p, report); err != nil {
		return report, err
	}
	return report, u.freeHost(ctx, p.PollResult)
}

// saveFeed writes what a source's document says of the feed. Where it says
// another thing of what stories tell of their source, a change number is given,
// so that what was made of the old words is known to be outdated.
func (u *unit) saveFeed(ctx context.Context, row sourceRow, f caravan.FeedInfo) error {
	if err := u.exec(ctx, `UPDATE sources SET feed = $1 WHERE id = $2 AND feed <> $1`, encodeSparse(f), row.id); err != nil {
		return err
	}
	told := func(f caravan.FeedInfo) [7]string {
		return [...]string{f.ID, f.Title, f.Link, f.Language, f.Description, f.Rights, f.License}
	}
	if told(f) == told(row.Feed) {
		return nil
	}
	_, err := u.nextChange(ctx)
	return err
}

// saveState writes a source's polling state. When the first document was read,
// and when the last news came, is known here better than by the poller.
func (u *unit) saveState(ctx context.Context, row sourceRow, p *preparedPoll, news bool) error {
	st, firstPoll := p.State, any(nil)
	if p.Document != nil {
		firstPoll = at(p.Started)
	}
	switch {
	case news:
		st.LastNew = p.Started
	case st.LastNew.Before(row.State.LastNew): // a hub may have sent something since the claim
		st.LastNew = row.State.LastNew
	}
	return u.exec(ctx, `UPDATE sources SET first_poll = coalesce(first_poll, $1), next_poll = $2, etag = $3, last_modified = $4, state = $5 WHERE id = $6`,
		firstPoll, at(st.NextPoll), []byte(st.Validators.ETag), []byte(st.Validators.LastModified), encodeState(st), row.id)
}

// encodeState returns what is kept of a polling state beside the columns that
// it has for itself.
func encodeState(st caravan.PollState) string {
	st.FirstPoll, st.NextPoll = time.Time{}, time.Time{}
	st.Validators.ETag, st.Validators.LastModified = "", ""
	return encodeSparse(st)
}

// adopt lets a source be polled at another address from now on, unless a
// listed source has it already.
func (u *unit) adopt(ctx context.Context, source int64, address string) error {
	var others int
	key := caravan.SourceKey(address)
	err := one(ctx, u, []any{&others}, `SELECT count(*) FROM source_aliases a JOIN sources s ON s.id = a.source_id
		WHERE a.address = $1 AND s.listed AND s.id <> $2`, key, source)
	if err != nil || others > 0 {
		return err
	}
	if err := u.exec(ctx, `UPDATE sources SET url = $1, host = $2 WHERE id = $3`, address, u.cfg.HostKey(address), source); err != nil {
		return err
	}
	if _, err := u.nextChange(ctx); err != nil { // stories tell their source's address
		return err
	}
	return u.exec(ctx, `INSERT INTO source_aliases (address, source_id) VALUES ($1, $2) ON CONFLICT (address) DO UPDATE SET source_id = excluded.source_id`, key, source)
}

// insertPoll adds a poll to the source's history.
func (u *unit) insertPoll(ctx context.Context, source int64, p *preparedPoll, report caravan.PollReport) error {
	problems := "[]"
	if p.Document != nil && len(p.Document.Problems) > 0 {
		problems = encode(p.Document.Problems)
	}
	err := u.exec(ctx, `INSERT INTO polls (source_id, at, took_ms, status, bytes, new_items, changed_items, failure_class, failure_detail, decision, problems)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, source, p.Started.UnixMilli(), p.Took.Milliseconds(), p.Status, p.Bytes,
		report.New, report.Changed, string(p.Failure.Class), p.Failure.Detail, p.Decision, problems)
	if err != nil {
		return err
	}
	return u.prune(ctx)
}

// prune forgets some of what is too old, so that no poll has to forget much.
func (u *unit) prune(ctx context.Context) error {
	err := u.exec(ctx, `DELETE FROM polls WHERE id IN (SELECT id FROM polls WHERE at < $1 ORDER BY at LIMIT $2)`, u.now-pollsKept.Milliseconds(), prunedRows)
	if err != nil {
		return err
	}
	err = u.exec(ctx, `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE at < $1 ORDER BY at LIMIT $2)`, u.now-pollsKept.Milliseconds(), prunedRows)
	if err != nil {
		return err
	}
	return u.exec(ctx, `DELETE FROM tombstones WHERE (key, story_id) IN (SELECT key, story_id FROM tombstones WHERE at < $1 ORDER BY at LIMIT $2)`,
		u.now-tombstoneAge.Milliseconds(), prunedRows)
}

// Polls returns a source's polls of the last 90 days, the newest first; limit
// 0 means 100.
func (s *Store) Polls(ctx context.Context, source string, limit int) ([]caravan.Poll, error) {
	if limit <= 0 {
		limit = 100
	}
	var out []caravan.Poll
	err := s.read(ctx, func(q querier) error {
		row, err := sourceBySlug(ctx, q, source)
		if err != nil {
			return err
		}
		return each(ctx, q, func(rows *sql.Rows) error {
			p := caravan.Poll{Source: source}
			var when int64
			var problems string
			err := rows.Scan(&when, span(&p.Took), &p.Status, &p.Bytes, &p.New, &p.Changed, &p.Failure.Class, &p.Failure.Detail, &p.Decision, &problems)
			if err != nil {
				return err
			}
			p.At = atMs(when)
			out = append(out, p)
			return json.Unmarshal([]byte(problems), &out[len(out)-1].Problems)
		}, `SELECT at, took_ms, status, bytes, new_items, changed_items, failure_class, failure_detail, decision, problems
			FROM polls WHERE source_id = $1 ORDER BY at DESC, id DESC LIMIT $2`, row.id, limit)
	})
	if err != nil {
		return nil, fmt.Errorf("read polls of %s: %w", source, err)
	}
	return out, nil
}
