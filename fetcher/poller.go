package fetcher

import (
	"context"
	"fmt"
	"sync"
	"time"

	"caravan"
)

// A Poller polls what is due. Its methods may be called from any goroutine; Run
// and Pass must not run at the same time.
type Poller struct {
	config Config
	wake   chan struct{}

	mu      sync.Mutex
	offline time.Time // since when there is no network; zero when there is
}

// New returns a poller. It does nothing until Run or Pass is called.
func New(c Config) *Poller {
	return &Poller{config: c.withDefaults(), wake: make(chan struct{}, 1)}
}

// Wake makes Run look at the schedule at once, after the source list or a due
// time has changed.
func (p *Poller) Wake() {
	select {
	case p.wake <- struct{}{}:
	default: // it is already going to look
	}
}

// Offline reports whether this machine has no network, and since when.
func (p *Poller) Offline() (since time.Time, offline bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.offline, !p.offline.IsZero()
}

// setOffline notes since when there is no network; zero means that there is.
func (p *Poller) setOffline(since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.offline = since
}

// Run polls what is due until ctx ends, then lets the polls in flight finish
// for as long as Config.Grace allows, and returns nil. What the store refuses
// is logged and tried again.
func (p *Poller) Run(ctx context.Context) error {
	s := p.newShift(ctx)
	s.run(ctx)
	return nil
}

// Pass polls everything that is due, each source once, and returns. It ends
// early, without error, when ctx ends or there is no network. An error is the
// store's.
func (p *Poller) Pass(ctx context.Context) (Summary, error) {
	s := p.newShift(ctx)
	s.once = true
	started := p.config.Now()
	s.run(ctx)
	s.sum.Took = p.config.Now().Sub(started)
	if s.err != nil {
		return s.sum, fmt.Errorf("poll what is due: %w", s.err)
	}
	return s.sum, nil
}

// A shift is one run of the loop. Everything in it belongs to the loop's own
// goroutine; the polls hand in what they have through finished.
type shift struct {
	p        *Poller
	once     bool // one pass, then the end
	work     context.Context
	stopWork context.CancelFunc

	finished chan outcome
	busy     int // polls in flight
	pace     *pace
	doubts   []outcome
	reached  time.Time       // when somebody was last reached
	back     time.Time       // when the network last came back
	seen     map[string]bool // sources polled, in a pass
	tries    int             // at finding the network again
	retryAt  time.Time
	troubles int // of the store, in a row
	done     bool
	sum      Summary
	err      error
}

// newShift prepares a run of the loop.
func (p *Poller) newShift(ctx context.Context) *shift {
	s := &shift{p: p, finished: make(chan outcome, p.config.Workers), seen: map[string]bool{}}
	s.pace = newPace(p.config.Policy.StartRate, p.config.Workers, p.config.Now())
	s.work, s.stopWork = context.WithCancel(context.WithoutCancel(ctx))
	return s
}

// run starts polls and takes in what they bring, until ctx ends or the pass is
// over.
func (s *shift) run(ctx context.Context) {
	defer s.stopWork()
	for ctx.Err() == nil && !s.done {
		pause := s.start(ctx)
		if s.done {
			break
		}
		s.rest(ctx, pause)
	}
	s.drain()
}

// start claims and starts what may start now. It returns how long there is
// nothing more to do, unless a poll ends before.
func (s *shift) start(ctx context.Context) time.Duration {
	const longest = time.Minute // so that a clock that is set shows
	now := s.p.config.Now()
	room := s.room(now)
	if room == 0 {
		return s.closed(now, longest)
	}
	claims, err := s.p.config.Store.Claim(ctx, room)
	if err != nil {
		return s.trouble(ctx, "claim sources", err)
	}
	for _, c := range claims {
		s.launch(c)
	}
	if len(claims) > 0 {
		return 0
	}
	due, err := s.p.config.Store.NextDue(ctx)
	if err != nil {
		return s.trouble(ctx, "read the schedule", err)
	}
	s.troubles = 0
	if s.once {
		s.done = s.over(due, now)
	}
	if due.IsZero() {
		return longest
	}
	// A due time in the past means that its host is busy with a poll in flight.
	return min(max(due.Sub(now), 50*time.Millisecond), longest)
}

// room is how many polls may start now.
func (s *shift) room(now time.Time) int {
	free := s.p.config.Workers - s.busy
	if _, off := s.p.Offline(); off {
		if s.busy > 0 || now.Before(s.retryAt) {
			return 0
		}
		return free
	}
	if suspicious(doubtsOf(s.doubts)) {
		return 0
	}
	return min(free, s.pace.allowance(now))
}

// closed is how long there is no room: until the network is tried again, or the
// pace allows more. Polls in flight end it by ending.
func (s *shift) closed(now time.Time, longest time.Duration) time.Duration {
	if _, off := s.p.Offline(); off && s.busy == 0 {
		return min(max(s.retryAt.Sub(now), 0), longest)
	}
	if s.busy < s.p.config.Workers {
		return max(s.pace.next(), time.Millisecond)
	}
	return longest
}

// launch starts the poll of a claim.
func (s *shift) launch(c caravan.Claim) {
	if s.once && s.seen[c.Source.Slug] {
		s.giveBack(c)
		s.done = true
		return
	}
	s.seen[c.Source.Slug] = s.once
	if !c.Source.State.LastPoll.IsZero() {
		s.pace.take(1) // new sources are due at once
	}
	s.busy++
	go func() { s.finished <- s.p.pollSafely(s.work, c) }()
}

// over reports whether a pass is complete: nothing is in flight, and what is
// due next is not merely waiting for its host's turn.
func (s *shift) over(due, now time.Time) bool {
	return s.busy == 0 && (due.IsZero() || due.Sub(now) > 2*s.p.config.Policy.HostSpacing)
}

// rest waits for the first of: a poll that ends, a wake-up, the end of ctx, and
// the pause.
func (s *shift) rest(ctx context.Context, pause time.Duration) {
	if pause <= 0 {
		s.takeMore()
		return
	}
	timed, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = s.p.config.Wait(timed, pause)
	}()
	select {
	case o := <-s.finished:
		s.take(o)
		s.takeMore()
	case <-s.p.wake:
	case <-over:
	case <-ctx.Done():
	}
	cancel()
	<-over
}

// takeMore takes in the polls that have ended meanwhile, so that one claim
// serves them all.
func (s *shift) takeMore() {
	for {
		select {
		case o := <-s.finished:
			s.take(o)
		default:
			return
		}
	}
}

// take takes in what a poll brought.
func (s *shift) take(o outcome) {
	s.busy--
	switch {
	case o.stopped:
		if o.back {
			s.giveBack(o.claim)
		}
	case o.contact == Unreached:
		s.doubt(o)
	default:
		if o.contact == Reached {
			s.online()
		}
		s.count(o)
	}
	s.settle()
}

// doubt takes in a poll that reached nobody. Where somebody else was reached
// since it began, its host is to blame; where the network came back since, it
// proves nothing.
func (s *shift) doubt(o outcome) {
	switch {
	case o.doubt.Since.Before(s.back):
		s.giveBack(o.claim)
	case o.doubt.Since.Before(s.reached):
		s.blame(o)
	default:
		s.doubts = append(s.doubts, o)
	}
}

// count adds a saved poll to the summary.
func (s *shift) count(o outcome) {
	if o.err != nil {
		if s.once && s.err == nil {
			s.err = o.err
		}
		return
	}
	s.sum.Polled++
	s.sum.New += o.report.New
	s.sum.Changed += o.report.Changed
	switch {
	case !o.result.Failure.OK():
		s.sum.Failed++
	case o.result.Document == nil:
		s.sum.NotModified++
	}
}

// online notes that somebody was reached: there is a network, and whoever was
// not reached has failed by itself.
func (s *shift) online() {
	s.reached = s.p.config.Now()
	if _, off := s.p.Offline(); !off {
		s.blame(s.doubts...)
		s.doubts = nil
		return
	}
	s.p.config.Log.Info("network is back")
	s.p.setOffline(time.Time{})
	s.back, s.tries = s.reached, 0
	s.forgive()
}

// blame saves failures that were in doubt as their sources' own.
func (s *shift) blame(list ...outcome) {
	for _, o := range list {
		o.report, o.err = s.p.save(s.work, o.result)
		s.count(o)
	}
}

// forgive gives back the polls in doubt.
func (s *shift) forgive() {
	for _, o := range s.doubts {
		s.giveBack(o.claim)
	}
	s.doubts = nil
}

// settle decides about the polls in doubt once nothing in flight can say more.
func (s *shift) settle() {
	if len(s.doubts) == 0 || s.busy > 0 {
		return
	}
	since, off := offline(doubtsOf(s.doubts))
	if known, already := s.p.Offline(); already {
		since, off = known, true
	}
	if !off {
		s.blame(s.doubts...)
		s.doubts = nil
		return
	}
	if s.tries == 0 {
		s.p.config.Log.Warn("no network: no source can be reached", "since", since)
	}
	s.forgive()
	s.p.setOffline(since)
	s.retryAt = s.p.config.Now().Add(retryWait(s.tries))
	s.tries++
	if s.once {
		s.done, s.sum.Offline = true, true
	}
}

// giveBack returns a claim that led to no request.
func (s *shift) giveBack(c caravan.Claim) {
	if err := s.p.config.Store.Release(context.WithoutCancel(s.work), c); err != nil {
		s.p.config.Log.Error("claim not given back", "source", c.Source.Slug, "err", err)
	}
	s.sum.GivenBack++
	s.p.config.Progress(Event{Kind: GivenBack, Source: c.Source.Slug, Title: c.Source.Title, Host: c.Host, At: s.p.config.Now()})
}

// trouble notes that the store failed, and returns how long to leave it alone. A
// pass ends with it.
func (s *shift) trouble(ctx context.Context, doing string, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	if s.once {
		s.err, s.done = err, true
		return 0
	}
	if s.troubles == 0 {
		s.p.config.Log.ErrorContext(ctx, doing, "err", err)
	}
	s.troubles++
	return min(time.Second<<min(s.troubles, 6), time.Minute)
}

// drain lets the polls in flight finish, breaks off those that take too long,
// and gives back what has led to no request.
func (s *shift) drain() {
	grace := time.AfterFunc(s.p.config.Grace, s.stopWork)
	defer grace.Stop()
	for s.busy > 0 {
		o := <-s.finished
		s.busy--
		switch {
		case o.stopped && o.back, o.contact == Unreached && !o.stopped:
			s.giveBack(o.claim)
		case !o.stopped:
			s.count(o)
		}
	}
	s.forgive()
}

// doubtsOf returns what outcomes say about the network.
func doubtsOf(list []outcome) []Doubt {
	doubts := make([]Doubt, len(list))
	for i, o := range list {
		doubts[i] = o.doubt
	}
	return doubts
}
