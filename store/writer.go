package store

import (
	"context"
	"fmt"
	"sort"

	"caravan"
)

// A unit is one change of the store within a transaction: whole or absent. It
// gives change numbers and places, and keeps the counters.
type unit struct {
	*session
	cfg  *Config
	now  int64 // ms
	head logHead

	facts        map[int64]*sourceFacts // by source
	shownItems   map[int64]int          // by source, what is to be added
	shownStories map[int64]int          // by community, likewise
	recount      map[int64]bool         // stories of which who links to them may have changed
}

// logHead is the last change number and place given.
type logHead struct {
	loaded, moved bool
	change, place int64
}

// newUnit starts a unit in the transaction of a session.
func (s *Store) newUnit(in *session) *unit {
	return &unit{
		session: in, cfg: &s.cfg, now: s.cfg.Now().UnixMilli(),
		facts: map[int64]*sourceFacts{}, shownItems: map[int64]int{}, shownStories: map[int64]int{},
		recount: map[int64]bool{},
	}
}

// loadHead reads the last numbers given. On PostgreSQL this takes the change
// lock, which is held until the commit.
func (u *unit) loadHead(ctx context.Context) error {
	if u.head.loaded {
		return nil
	}
	u.head.loaded = true
	return one(ctx, u, []any{&u.head.change, &u.head.place}, `UPDATE log_head SET id = 1 WHERE id = 1 RETURNING change, place`)
}

// nextChange gives a change number.
func (u *unit) nextChange(ctx context.Context) (int64, error) {
	if err := u.loadHead(ctx); err != nil {
		return 0, err
	}
	u.head.moved = true
	u.head.change++
	return u.head.change, nil
}

// nextPlace gives the place of an item first seen at the time given in ms.
func (u *unit) nextPlace(ctx context.Context, firstSeen int64) (int64, error) {
	if err := u.loadHead(ctx); err != nil {
		return 0, err
	}
	u.head.moved = true
	u.head.place = max(u.head.place+1, firstSeen*1000)
	return u.head.place, nil
}

// pastPlace gives a place in the past: the first free one from the time given
// in ms.
func (u *unit) pastPlace(ctx context.Context, sortAt int64) (int64, error) {
	if err := u.loadHead(ctx); err != nil {
		return 0, err
	}
	place := sortAt * 1000
	if place == 0 { // which stands for no bound in queries
		place = 1
	}
	for {
		taken, err := column[int64](ctx, u, `SELECT place FROM items WHERE place >= $1 AND place < $2 ORDER BY place DESC LIMIT 1`, place, place+1000)
		if err != nil {
			return 0, err
		}
		if len(taken) == 0 {
			break
		}
		place = taken[0] + 1
	}
	if place > u.head.place {
		u.head.moved = true
		u.head.place = place
	}
	return place, nil
}

// finish writes what the unit has counted.
func (u *unit) finish(ctx context.Context) error {
	if u.head.moved {
		if err := u.exec(ctx, `UPDATE log_head SET change = $1, place = $2 WHERE id = 1`, u.head.change, u.head.place); err != nil {
			return err
		}
	}
	if err := u.countLinks(ctx); err != nil {
		return err
	}
	for _, id := range sorted(u.shownItems) {
		if err := u.exec(ctx, `UPDATE sources SET shown_items = shown_items + $1 WHERE id = $2`, u.shownItems[id], id); err != nil {
			return err
		}
	}
	for _, id := range sorted(u.shownStories) {
		if err := u.exec(ctx, `UPDATE communities SET shown_stories = shown_stories + $1 WHERE id = $2`, u.shownStories[id], id); err != nil {
			return err
		}
	}
	return nil
}

// sorted returns the keys of m whose values are not zero, in order, so that
// rows are always locked in the same order.
func sorted(m map[int64]int) []int64 {
	var keys []int64
	for k, v := range m {
		if v != 0 {
			keys = append(keys, k)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}

// A save is a poll result on its way into the database.
type save struct {
	ctx    context.Context
	poll   *preparedPoll
	report caravan.PollReport
	err    error
	head   int64
	done   chan struct{}
}

// Bounds of a group of poll results that are committed together.
const (
	maxGroup      = 64
	maxGroupItems = 2000
)

// commitSaves commits poll results, those that wait at the same time together,
// until the store closes.
func (s *Store) commitSaves() {
	defer close(s.done)
	for {
		select {
		case first := <-s.saves:
			s.commitGroup(s.gather(first))
		case <-s.closed:
			return
		}
	}
}

// gather returns first and what waits behind it.
func (s *Store) gather(first *save) []*save {
	group, items := []*save{first}, first.poll.items()
	for len(group) < maxGroup && items < maxGroupItems {
		select {
		case next := <-s.saves:
			group = append(group, next)
			items += next.poll.items()
		default:
			return group
		}
	}
	return group
}

// commitGroup stores the poll results of a group in one transaction and
// answers each.
func (s *Store) commitGroup(group []*save) {
	err := s.writer.transact(context.Background(), begin, func(session *session) error {
		for _, one := range group {
			if err := s.savepoint(session, one); err != nil {
				return err
			}
		}
		return nil
	})
	var head int64
	for _, one := range group {
		if err != nil {
			one.err = err
		}
		if one.err == nil {
			head = max(head, one.head)
		}
	}
	s.watch.set(head)
	for _, one := range group {
		close(one.done)
	}
}

// savepoint stores one poll result within the transaction of its group. What
// goes wrong with it alone is left in it, and nothing of it is stored; the
// error returned is one that ends the group.
func (s *Store) savepoint(in *session, one *save) error {
	if one.err = one.ctx.Err(); one.err != nil {
		return nil
	}
	ctx := context.WithoutCancel(one.ctx)
	if err := in.control(ctx, "SAVEPOINT one_poll"); err != nil {
		return err
	}
	one.err = s.storePoll(ctx, in, one)
	if one.err != nil {
		if err := in.control(ctx, "ROLLBACK TO one_poll"); err != nil {
			return fmt.Errorf("%w, after %w", err, one.err)
		}
	}
	return in.control(ctx, "RELEASE one_poll")
}

// storePoll stores one poll result. A panic in a decision about its items is
// an error of this one.
func (s *Store) storePoll(ctx context.Context, in *session, one *save) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	u := s.newUnit(in)
	if one.report, err = u.savePoll(ctx, one.poll); err != nil {
		return classify(err)
	}
	one.head = u.head.change
	return u.finish(ctx)
}
