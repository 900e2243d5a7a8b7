// Package fetcher polls sources and turns what they answer into items.
//
// Decisions live in plain functions over values: [Policy.Judge] says what an
// answer means and when to ask next, [Match] which stored item an item is,
// [SameStory] which items are one article. The [Poller] is the only part that
// waits, asks and saves, and it asks those functions what to do. The request
// itself is made by package polite, the document read by packages document and
// article.
package fetcher

import (
	"context"
	"log/slog"
	"time"

	"caravan"
	"caravan/fetcher/polite"
	"caravan/internal/wait"
)

// A Store is what a [Poller] needs of the database. Package store is one.
type Store interface {
	// Claim returns sources that are due, at most max and at most one of a host,
	// and has written the claims before it returns.
	Claim(ctx context.Context, max int) ([]caravan.Claim, error)
	// Release gives a claim back as if it had never been.
	Release(ctx context.Context, c caravan.Claim) error
	// NextDue is the earliest moment at which Claim might return something; zero
	// when there is none.
	NextDue(ctx context.Context) (time.Time, error)
	// SavePoll stores what a poll brought, whole or not at all.
	SavePoll(ctx context.Context, r caravan.PollResult) (caravan.PollReport, error)
}

// A Keeper tells which items of a source are stored. A [Store] that is one too
// lets redirects be checked against what the source published before; without
// it none is adopted that leads to another host.
type Keeper interface {
	Items(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.ItemPage, error)
}

// A Getter makes one request. [*polite.Client] is one.
type Getter interface {
	Get(ctx context.Context, r polite.Request) (*polite.Response, error)
}

// Config is what a [Poller] needs. Store and Client must be given; every other
// field has a default.
type Config struct {
	Store  Store
	Client Getter

	Policy  Policy        // the zero value means [DefaultPolicy]
	Workers int           // requests at the same time; zero means 16
	Grace   time.Duration // how long a stop waits for requests in flight; zero means 8 seconds

	// Read turns the body of an answer into a document whose items are ready to
	// be stored; nil means [Read].
	Read func(Raw) (caravan.Document, error)

	// Progress is told when a poll starts and when it is done, from the
	// goroutine of that poll: it must be quick and safe for concurrent use.
	Progress func(Event)

	Now    func() time.Time                           // nil means the clock
	Wait   func(context.Context, time.Duration) error // nil means a timer
	Jitter func(source string, at time.Time) float64  // in [0,1); nil means [Jitter]
	Log    *slog.Logger                               // nil means silence
}

// withDefaults returns c with every optional field filled in.
func (c Config) withDefaults() Config {
	if c.Policy == (Policy{}) {
		c.Policy = DefaultPolicy()
	}
	if c.Workers <= 0 {
		c.Workers = 16
	}
	if c.Grace == 0 {
		c.Grace = 8 * time.Second
	}
	if c.Read == nil {
		c.Read = Read
	}
	if c.Progress == nil {
		c.Progress = func(Event) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == nil {
		c.Wait = wait.For
	}
	if c.Jitter == nil {
		c.Jitter = Jitter
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// An Event tells of one poll on its way.
type Event struct {
	Kind    EventKind
	Source  string // slug
	Title   string
	Host    string
	At      time.Time
	Took    time.Duration      // when done
	Status  int                // when done; 0 without an answer
	Report  caravan.PollReport // when done
	Failure caravan.Failure    // when done
	Next    time.Time          // when done; zero means never
}

// EventKind says which moment of a poll an [Event] tells of.
type EventKind string

// The moments of a poll. Every started poll is done or given back.
const (
	Started   EventKind = "started"
	Done      EventKind = "done"
	GivenBack EventKind = "given back" // nothing was asked: no network, or the program stops
)

// A Summary adds up the polls of one pass.
type Summary struct {
	Polled      int // requests made and stored
	New         int // items
	Changed     int // items
	NotModified int // answers of 304
	Failed      int
	GivenBack   int
	Offline     bool // it ended early because this machine has no network
	Took        time.Duration
}
