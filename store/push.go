package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"caravan"
)

const pushColumns = `p.token, s.slug, p.hub, p.topic, p.callback, p.secret, p.leaving, p.asked_at, p.next_try, p.tries, p.since, p.until, p.denied, p.trusted, p.last_push, p.trouble`

// pushRows reads subscriptions; where is the rest of the query after its tables.
func pushRows(ctx context.Context, q querier, where string, args ...any) ([]caravan.Subscription, error) {
	var out []caravan.Subscription
	err := each(ctx, q, func(rows *sql.Rows) error {
		var p caravan.Subscription
		err := rows.Scan(&p.Token, &p.Source, &p.Hub, &p.Topic, &p.Callback, &p.Secret, &p.Leaving, into(&p.AskedAt), into(&p.NextTry), &p.Tries,
			into(&p.Since), into(&p.Until), &p.Denied, &p.Trusted, into(&p.LastPush), &p.Trouble)
		out = append(out, p)
		return err
	}, `SELECT `+pushColumns+` FROM pushes p JOIN sources s ON s.id = p.source_id `+where, args...)
	return out, err
}

// pushesOf returns what may be told of the subscriptions of sources, by source.
func pushesOf(ctx context.Context, q querier, sources []int64) (map[int64]caravan.Push, error) {
	out := map[int64]caravan.Push{}
	var p params
	err := each(ctx, q, func(rows *sql.Rows) error {
		var source int64
		var p caravan.Push
		err := rows.Scan(&source, &p.Hub, into(&p.Since), into(&p.Until), into(&p.LastPush), &p.Trusted, &p.Denied, &p.Trouble)
		out[source] = p
		return err
	}, `SELECT source_id, hub, since, until, last_push, trusted, denied, trouble FROM pushes
		WHERE NOT leaving AND source_id IN `+list(&p, sources)+` ORDER BY asked_at`, p...)
	return out, err
}

// Hubbed returns the sources that are polled and whose document names a hub.
func (s *Store) Hubbed(ctx context.Context) ([]caravan.Source, error) {
	var out []caravan.Source
	err := s.read(ctx, func(q querier) error {
		rows, err := loadSources(ctx, q, `WHERE s.listed AND NOT s.paused AND s.next_poll IS NOT NULL AND s.feed LIKE '%"HubURL":%' ORDER BY s.position, s.id`)
		for _, r := range rows {
			out = append(out, r.Source)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read sources with hubs: %w", err)
	}
	return out, nil
}

// Subscriptions returns all that there is with hubs, in the order of their
// tokens.
func (s *Store) Subscriptions(ctx context.Context) ([]caravan.Subscription, error) {
	var out []caravan.Subscription
	err := s.read(ctx, func(q querier) (err error) {
		out, err = pushRows(ctx, q, `ORDER BY p.token`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return out, nil
}

// Subscription returns the one with a token, of class [caravan.ErrNotFound]
// when there is none.
func (s *Store) Subscription(ctx context.Context, token string) (caravan.Subscription, error) {
	var out caravan.Subscription
	err := s.read(ctx, func(q querier) (err error) {
		out, err = subscription(ctx, q, token)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("read subscription: %w", err)
	}
	return out, nil
}

// subscription returns the one with a token.
func subscription(ctx context.Context, q querier, token string) (caravan.Subscription, error) {
	found, err := pushRows(ctx, q, `WHERE p.token = $1`, sane(token))
	if err != nil {
		return caravan.Subscription{}, err
	}
	if len(found) == 0 {
		return caravan.Subscription{}, public(caravan.ErrNotFound, "There is no such subscription here.")
	}
	return found[0], nil
}

// AddSubscription keeps a new subscription, before its hub is asked.
func (s *Store) AddSubscription(ctx context.Context, sub caravan.Subscription) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		row, err := sourceBySlug(ctx, u, sub.Source)
		if err != nil {
			return err
		}
		return u.exec(ctx, `INSERT INTO pushes (token, source_id, hub, topic, callback, secret, leaving, asked_at, next_try, tries, since, until, denied, trusted, last_push, trouble)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`, sub.Token, row.id, sane(sub.Hub), sane(sub.Topic), sub.Callback, sub.Secret,
			sub.Leaving, at(sub.AskedAt), at(sub.NextTry), sub.Tries, at(sub.Since), at(sub.Until), sub.Denied, sub.Trusted, at(sub.LastPush), sane(sub.Trouble))
	})
	if err != nil {
		return fmt.Errorf("add subscription of %s: %w", sub.Source, err)
	}
	return nil
}

// AlterSubscription lets change decide, within one transaction, what becomes of
// a subscription: as it leaves it, or nothing when it returns false. An error
// of change is returned and changes nothing. A source that rested for the
// subscription and may not any more is polled again as usual.
func (s *Store) AlterSubscription(ctx context.Context, token string, change func(*caravan.Subscription) (keep bool, err error)) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		sub, err := subscription(ctx, u, token)
		if err != nil {
			return err
		}
		rested, now := sub.Rests(atMs(u.now)), atMs(u.now)
		keep, err := change(&sub)
		if err != nil {
			return err
		}
		if keep {
			err = u.writeSubscription(ctx, sub)
		} else {
			err = u.exec(ctx, `DELETE FROM pushes WHERE token = $1`, token)
		}
		if err != nil || !rested {
			return err
		}
		row, err := sourceBySlug(ctx, u, sub.Source)
		if err != nil {
			return err
		}
		when := row.State.Usual
		if keep && sub.Rests(now) && sub.Until.After(when) { // it rests to the end of the lease, which may be nearer now
			when = sub.Until
		}
		return u.hasten(ctx, row, when)
	})
	if err != nil {
		return fmt.Errorf("alter subscription: %w", err)
	}
	return nil
}

// writeSubscription writes all of a subscription that may change.
func (u *unit) writeSubscription(ctx context.Context, p caravan.Subscription) error {
	return u.exec(ctx, `UPDATE pushes SET leaving = $1, asked_at = $2, next_try = $3, tries = $4, since = $5, until = $6, denied = $7, trusted = $8,
		last_push = $9, trouble = $10 WHERE token = $11`, p.Leaving, at(p.AskedAt), at(p.NextTry), p.Tries, at(p.Since), at(p.Until), p.Denied, p.Trusted,
		at(p.LastPush), sane(p.Trouble), p.Token)
}

// hasten lets a source be polled at when, or now if that has passed, unless it
// is due before. While its host is being asked it waits for a floor, as a crash
// would make it: the request under way may be its own.
func (u *unit) hasten(ctx context.Context, row sourceRow, when time.Time) error {
	if when.IsZero() || row.State.NextPoll.IsZero() {
		return nil
	}
	busy, err := column[int64](ctx, u, `SELECT leased_until FROM hosts WHERE host = $1 AND leased_until > $2`, row.host, u.now)
	if err != nil {
		return err
	}
	due := max(when.UnixMilli(), u.now)
	if len(busy) > 0 {
		due = max(due, u.now+u.cfg.Floor.Milliseconds())
	}
	return u.exec(ctx, `UPDATE sources SET next_poll = $1 WHERE id = $2 AND next_poll > $1`, due, row.id)
}

// Hasten makes sources due one after the other within spread from now, none
// before it may be asked. Those that are due before, or not known, stay as they
// are.
func (s *Store) Hasten(ctx context.Context, sources []string, spread time.Duration) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		for i, slug := range sources {
			row, err := sourceBySlug(ctx, u, slug)
			if errors.Is(err, caravan.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			when := atMs(u.now).Add(spread / time.Duration(len(sources)) * time.Duration(i))
			if when.Before(row.State.Earliest) {
				when = row.State.Earliest
			}
			if err := u.hasten(ctx, row, when); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("hasten %d sources: %w", len(sources), err)
	}
	return nil
}

// rest puts off the next poll of a source whose hub can be trusted to send what
// is new. A poll that has found something new ends that trust, if the hub had
// it in hand since the poll before.
func (u *unit) rest(ctx context.Context, row sourceRow, p *preparedPoll, report *caravan.PollReport) error {
	if p.Rest.Next.IsZero() {
		return nil
	}
	live, err := pushRows(ctx, u, `WHERE p.source_id = $1 AND NOT p.leaving AND p.until > $2 ORDER BY p.asked_at`, row.id, u.now)
	if err != nil {
		return err
	}
	rests := false
	for _, sub := range live {
		if report.New > 0 && missed(sub, row.State) {
			if sub.Trusted {
				p.Decision += "; its hub had not sent what is new, so that it is not relied on for now"
			}
			sub.Trusted = false
			if err := u.writeSubscription(ctx, sub); err != nil {
				return err
			}
		}
		if next, why := putOff(sub, p.PollResult); sub.Rests(atMs(u.now)) && next.After(p.State.NextPoll) {
			p.State.NextPoll, p.Decision, rests = next, why, true
		}
	}
	if rests {
		report.Next, report.Decision = p.State.NextPoll, p.Decision
	}
	return nil
}

// missed reports whether what a poll has found should have been sent by a hub:
// whether it had a lease from before the last time that all was known.
func missed(sub caravan.Subscription, before caravan.PollState) bool {
	return !before.LastSuccess.IsZero() && !sub.Since.After(before.LastSuccess)
}

// putOff returns the next poll of a source that rests, and why then: at the end
// of the lease at the latest, but not sooner than without a hub.
func putOff(sub caravan.Subscription, r caravan.PollResult) (time.Time, string) {
	if !sub.Until.Before(r.Rest.Next) {
		return r.Rest.Next, r.Rest.Decision
	}
	return sub.Until, r.Decision + "; put off until the lease of its hub ends"
}

// deliveriesKept is how many deliveries of one source are remembered.
const deliveriesKept = 500

// SaveDelivery stores what a hub has sent. Its items are taken in like those of
// a poll; nothing is concluded from what is absent, and neither validators nor
// what the feed says of itself nor the schedule are touched, except that a
// message of no use makes the source due, as soon as it may be asked. The same
// body a second time changes nothing; one that comes back after another makes the
// source due as well. The error is of class
// [caravan.ErrNotFound] when nothing is expected under the token any more.
func (s *Store) SaveDelivery(ctx context.Context, d caravan.Delivery) (caravan.PollReport, error) {
	var report caravan.PollReport
	if d.Document != nil {
		d.Document = prepare(caravan.PollResult{Document: d.Document}).Document
	}
	err := s.write(ctx, func(ctx context.Context, u *unit) (err error) {
		report, err = u.saveDelivery(ctx, d)
		return err
	})
	if err != nil {
		return caravan.PollReport{}, fmt.Errorf("save delivery: %w", err)
	}
	return report, nil
}

// saveDelivery stores one delivery.
func (u *unit) saveDelivery(ctx context.Context, d caravan.Delivery) (caravan.PollReport, error) {
	sub, err := subscription(ctx, u, d.Token)
	if err != nil {
		return caravan.PollReport{}, err
	}
	row, err := sourceBySlug(ctx, u, sub.Source)
	if err != nil {
		return caravan.PollReport{}, err
	}
	report := caravan.PollReport{Source: row.Slug}
	if !row.Listed || row.Settings.Paused || sub.Leaving {
		return report, public(caravan.ErrNotFound, "Nothing is expected of this hub any more.")
	}
	again, err := u.repeated(ctx, row, d.Digest)
	if err != nil || again {
		return report, err
	}
	if d.Document == nil {
		err = u.hasten(ctx, row, row.State.Earliest)
	} else if report, err = u.storeItems(ctx, row.id, d.Document, d.At); err == nil {
		report.Source = row.Slug
		err = u.noteDelivery(ctx, row, sub, report, d.At)
	}
	if err != nil {
		return report, err
	}
	return report, u.insertDelivery(ctx, row.id, sub, d, report)
}

// repeated reports whether a body has been delivered before. When others came
// between, or a poll, it is not known which of them is the latest: a hub may
// send an old message once more, and anybody who has seen one. The source is
// polled as soon as it may be asked, and says so itself.
func (u *unit) repeated(ctx context.Context, row sourceRow, digest string) (bool, error) {
	before, err := column[int64](ctx, u, `SELECT at FROM deliveries WHERE source_id = $1 AND digest = $2 AND trouble = '' ORDER BY at DESC LIMIT 1`, row.id, digest)
	if err != nil || len(before) == 0 {
		return false, err
	}
	since, err := column[int64](ctx, u, `SELECT count(*) FROM deliveries WHERE source_id = $1 AND at > $2 AND digest <> $3`, row.id, before[0], digest)
	if err != nil {
		return false, err
	}
	if since[0] == 0 && !row.State.LastSuccess.After(atMs(before[0])) {
		return true, nil
	}
	return true, u.hasten(ctx, row, row.State.Earliest)
}

// noteDelivery notes with the subscription and the source that something useful
// was sent. A hub that was first with something new is trusted again.
func (u *unit) noteDelivery(ctx context.Context, row sourceRow, sub caravan.Subscription, report caravan.PollReport, when time.Time) error {
	sub.LastPush = when
	if report.New == 0 {
		return u.writeSubscription(ctx, sub)
	}
	sub.Trusted = true
	if err := u.writeSubscription(ctx, sub); err != nil {
		return err
	}
	if row.State.LastNew.Before(when) {
		row.State.LastNew = when
	}
	return u.exec(ctx, `UPDATE sources SET state = $1 WHERE id = $2`, encodeState(row.State), row.id)
}

// insertDelivery adds a delivery to the source's history, which forgets its
// oldest.
func (u *unit) insertDelivery(ctx context.Context, source int64, sub caravan.Subscription, d caravan.Delivery, report caravan.PollReport) error {
	err := u.exec(ctx, `INSERT INTO deliveries (source_id, at, hub, bytes, digest, new_items, changed_items, trouble) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		source, at(d.At), sub.Hub, d.Bytes, d.Digest, report.New, report.Changed, sane(d.Trouble))
	if err != nil {
		return err
	}
	return u.exec(ctx, `DELETE FROM deliveries WHERE source_id = $1 AND id NOT IN (SELECT id FROM deliveries WHERE source_id = $1 ORDER BY at DESC, id DESC LIMIT $2)`,
		source, deliveriesKept)
}

// pusher returns the delivery that brought an item; nil when it is none, or
// forgotten.
func pusher(ctx context.Context, q querier, m member) (*caravan.PushTrace, error) {
	var found *caravan.PushTrace
	err := each(ctx, q, func(rows *sql.Rows) error {
		p := caravan.PushTrace{At: m.item.FirstSeen}
		found = &p
		return rows.Scan(&p.Hub, &p.New, &p.Changed)
	}, `SELECT hub, new_items, changed_items FROM deliveries WHERE source_id = $1 AND at = $2 AND new_items > 0 LIMIT 1`, m.source, m.item.FirstSeen.UnixMilli())
	return found, err
}
