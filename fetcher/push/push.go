// Package push subscribes to the hubs that sources name, so that they send what
// is new instead of being asked for it (W3C WebSub).
//
// It adds to polling and never takes its place: a hub that sends everything lets
// its source be polled once a day, and whatever a hub does not do, or does
// wrong, a poll makes good. Decisions are functions over values: which hub to
// ask for what ([Subscriber.Run] carries that out), whether a hub's question is
// about something asked for, whether a message is genuine and about the right
// feed. Subscriptions are kept in the store before they are acted on; a message
// that has been taken is in memory until it is stored. What may be lost with it
// is polled for soon: at the start of Run every source that rests for a hub,
// later those whose message the store has not taken after several tries.
package push

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"caravan"
	"caravan/internal/wait"
)

// A Store is what a [Subscriber] needs of the database. Package store is one.
type Store interface {
	Ledger
	Feeds
}

// A Ledger keeps subscriptions. What is not there is of class
// [caravan.ErrNotFound].
type Ledger interface {
	Subscriptions(ctx context.Context) ([]caravan.Subscription, error)
	Subscription(ctx context.Context, token string) (caravan.Subscription, error)
	AddSubscription(ctx context.Context, sub caravan.Subscription) error
	// AlterSubscription lets change decide in one transaction what becomes of it.
	AlterSubscription(ctx context.Context, token string, change func(*caravan.Subscription) (keep bool, err error)) error
}

// Feeds are the sources, and where what is sent of them is kept.
type Feeds interface {
	// Hubbed returns the sources that are polled and name a hub.
	Hubbed(ctx context.Context) ([]caravan.Source, error)
	Source(ctx context.Context, slug string) (caravan.Source, error)
	SaveDelivery(ctx context.Context, d caravan.Delivery) (caravan.PollReport, error)
	// Hasten makes sources due within spread from now, none before it may be asked.
	Hasten(ctx context.Context, sources []string, spread time.Duration) error
}

// Config is what a [Subscriber] needs. Store, Client and Read must be given;
// every other field has a default.
type Config struct {
	Store  Store
	Client *http.Client // asks hubs; it must follow no redirects, and guard what it connects to

	// Base is the address under which the public reaches this server, as
	// [ReachableBase] takes it. Empty means that no hub could: then nothing is
	// subscribed to, and what there was is given up.
	Base      string
	UserAgent string

	// Read makes of a body what a poll of the source would make of it.
	Read func(body []byte, contentType string, s caravan.Source) (caravan.Document, error)

	Blocked func(address string) string // the operator's reason to leave an address alone; nil means that there is none
	Allowed func(address string) bool   // whether an address lies in a range opened for tests and intranets; nil means none does
	Wake    func()                      // told when a source has become due; nil means nobody is

	Now  func() time.Time                           // nil means the clock
	Wait func(context.Context, time.Duration) error // nil means a timer
	Log  *slog.Logger                               // nil means silence
}

// withDefaults returns c with every optional field filled in.
func (c Config) withDefaults() Config {
	if c.Blocked == nil {
		c.Blocked = func(string) string { return "" }
	}
	if c.Allowed == nil {
		c.Allowed = func(string) bool { return false }
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == nil {
		c.Wait = wait.For
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// A Subscriber keeps subscriptions, answers the hubs' questions and takes in
// what they send. Its methods may be called from any goroutine; Run once at a
// time.
type Subscriber struct {
	config Config
	held   map[string]time.Time // hubs in trouble, by host, until when; Run's own

	mu     sync.Mutex
	queue  chan parcel
	bytes  int             // in the queue
	closed bool            // nobody takes from the queue any more
	missed map[string]bool // sources of messages that could not be stored
	bad    map[string]int  // messages since the last genuine one, by token
}

// New returns a subscriber. It does nothing until Run is called.
func New(c Config) *Subscriber {
	c.Base = strings.TrimRight(c.Base, "/")
	return &Subscriber{config: c.withDefaults(), held: map[string]time.Time{}, queue: make(chan parcel, queued), missed: map[string]bool{}, bad: map[string]int{}}
}

// The pace of Run.
const (
	look    = 15 * time.Second // how often it looks for sources whose hub is new
	spacing = time.Second      // between two requests
	atOnce  = 20               // requests before it looks again
	spread  = time.Hour        // within which is polled what may have been lost
)

// Run subscribes to what should be, renews what ends, and leaves what should
// not be any more, until ctx ends; meanwhile it takes in what hubs send. What
// the store refuses is logged and tried again. It always returns nil.
func (s *Subscriber) Run(ctx context.Context) error {
	var work sync.WaitGroup
	work.Go(func() { s.work(ctx) })
	defer work.Wait()
	caughtUp := false
	for ctx.Err() == nil {
		var pause time.Duration
		err := s.catchUp(ctx, !caughtUp)
		if err == nil {
			caughtUp = true
			pause, err = s.tend(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.config.Log.ErrorContext(ctx, "subscriptions not tended", "err", err)
			pause = time.Minute
		}
		_ = s.config.Wait(ctx, pause) // fails only when ctx ends
	}
	return nil
}

// catchUp lets sources be polled soon of which a message may have been lost:
// those of which the store has not taken one, and after a start all that rest
// for their hub, as the program may have crashed before.
func (s *Subscriber) catchUp(ctx context.Context, started bool) error {
	var sources []string
	s.mu.Lock()
	for slug := range s.missed {
		sources = append(sources, slug)
	}
	s.mu.Unlock()
	lost := slices.Clone(sources)
	if started {
		subs, err := s.config.Store.Subscriptions(ctx)
		if err != nil {
			return err
		}
		for _, sub := range subs {
			if sub.Rests(s.config.Now()) {
				sources = append(sources, sub.Source)
			}
		}
	}
	if len(sources) == 0 {
		return nil
	}
	slices.Sort(sources)
	if err := s.config.Store.Hasten(ctx, slices.Compact(sources), spread); err != nil {
		return err
	}
	s.mu.Lock()
	for _, slug := range lost {
		delete(s.missed, slug)
	}
	s.mu.Unlock()
	s.config.Wake()
	return nil
}

// tend does what is due, and returns how long there is nothing more to do.
func (s *Subscriber) tend(ctx context.Context) (time.Duration, error) {
	subs, err := s.config.Store.Subscriptions(ctx)
	if err != nil {
		return 0, err
	}
	s.prune(subs)
	var wishes []wish
	if s.config.Base != "" {
		sources, err := s.config.Store.Hubbed(ctx)
		if err != nil {
			return 0, err
		}
		wishes = s.rules().wishes(sources)
	}
	steps, next := s.rules().plan(wishes, subs, s.config.Now())
	done := 0
	for _, st := range steps {
		if until := s.held[hostOf(st.sub.Hub)]; st.do != drop && until.After(s.config.Now()) {
			continue
		}
		if err := s.take(ctx, st); err != nil {
			return 0, err
		}
		if done++; done == atOnce || ctx.Err() != nil {
			return spacing, nil
		}
	}
	if next.IsZero() {
		return look, nil
	}
	return min(max(next.Sub(s.config.Now()), spacing), look), nil
}

// prune drops what was counted of subscriptions that are there no more.
func (s *Subscriber) prune(subs []caravan.Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.bad, func(token string, _ int) bool {
		return !slices.ContainsFunc(subs, func(sub caravan.Subscription) bool { return sub.Token == token })
	})
}

// rules returns what decisions go by.
func (s *Subscriber) rules() rules {
	u, err := url.Parse(s.config.Base)
	return rules{callbacks: s.callback(""), confined: err != nil || !Public(u.Hostname()), blocked: s.config.Blocked, allowed: s.config.Allowed}
}

// callback returns the address under which hubs reach a subscription.
func (s *Subscriber) callback(token string) string {
	if s.config.Base == "" {
		return ""
	}
	return s.config.Base + "/push/" + token
}

// take carries out one step. What is asked of a hub is kept before it is asked,
// so that a crash costs one try and never makes two of it.
func (s *Subscriber) take(ctx context.Context, st step) error {
	now, sub, ready := s.config.Now().Truncate(time.Millisecond), st.sub, false // as it is kept
	var err error
	switch st.do {
	case drop:
		return s.forget(ctx, sub.Token)
	case open:
		sub.Token, sub.Secret = random(), random()
		sub.Callback = s.callback(sub.Token)
		sub = asked(sub, now, st.hubs)
		ready = true
		err = s.config.Store.AddSubscription(ctx, sub)
		if err == nil && st.old != "" {
			err = s.forget(ctx, st.old)
		}
	default:
		err = s.alter(ctx, sub.Token, func(kept *caravan.Subscription) (bool, error) {
			if st.do == leave && !kept.Leaving {
				kept.Leaving, kept.Tries, kept.Trouble = true, 0, ""
			} else if kept.NextTry.After(now) {
				return true, nil // its hub has confirmed it meanwhile
			}
			*kept = asked(*kept, now, st.hubs)
			sub, ready = *kept, true
			return true, nil
		})
	}
	if err != nil || !ready {
		return err
	}
	s.ask(ctx, sub, st.hubs)
	return s.config.Wait(ctx, spacing)
}

// forget drops a subscription.
func (s *Subscriber) forget(ctx context.Context, token string) error {
	return s.alter(ctx, token, func(*caravan.Subscription) (bool, error) { return false, nil })
}

// alter changes a subscription; one that is gone meanwhile is none to change.
func (s *Subscriber) alter(ctx context.Context, token string, change func(*caravan.Subscription) (bool, error)) error {
	err := s.config.Store.AlterSubscription(ctx, token, change)
	if errors.Is(err, caravan.ErrNotFound) {
		return nil
	}
	return err
}

// ask makes the request that sub stands for and notes what came of it, unless
// the hub has confirmed it already. The hub's own answer means only that it has
// heard: its question to the callback decides.
func (s *Subscriber) ask(ctx context.Context, sub caravan.Subscription, hubs int) {
	log := s.config.Log.With("source", sub.Source, "hub", caravan.RedactURL(sub.Hub), "mode", modeOf(sub), "try", sub.Tries)
	t := s.request(ctx, sub)
	if t == nil {
		log.InfoContext(ctx, "hub asked")
		return
	}
	if ctx.Err() != nil {
		return
	}
	log.WarnContext(ctx, "hub not asked", "err", t)
	if t.host {
		s.held[hostOf(sub.Hub)] = s.config.Now().Add(max(t.wait, holdHub))
	}
	err := s.alter(ctx, sub.Token, func(kept *caravan.Subscription) (bool, error) {
		if kept.AskedAt.Equal(sub.AskedAt) && kept.Tries > 0 {
			*kept = failed(*kept, *t, hubs, s.config.Now())
		}
		return true, nil
	})
	if err != nil {
		log.ErrorContext(ctx, "what came of a request is not noted", "err", err)
	}
}

// random returns 160 bits that nobody can guess, as 32 letters and digits.
func random() string {
	var b [20]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// hostOf returns the host of an address with its port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(u.Host)
}
