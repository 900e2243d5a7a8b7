// Package server answers HTTP: the pages, the combined feed in its three
// formats, the source list, the JSON API, what engines and operators ask for,
// and, on the socket of the data directory only, the administration.
//
// It reads the store for lists and feeds and the index for search, and writes
// neither. Decisions (what a form means, what a feed document holds, which
// status an error has, whether a cached copy is still good) are functions over
// values; handlers ask the store, call them and write the answer.
package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"

	"caravan"
)

// A Config says what a Server serves and how. Store, Index and BaseURL are
// needed; the zero value of every other field is usable.
type Config struct {
	Store Store
	Index Index
	Admin Admin      // what the administration does; nil means it is not offered
	Push  Subscriber // answers hubs; nil means that none is subscribed to

	BaseURL   string         // the public address, without a slash at the end; never taken from a request
	Hub       string         // address of a WebSub hub; empty means none
	HubClient *http.Client   // asks the hub; nil means one without a guard
	PushBytes int64          // most bytes of a message of a hub; zero means 15 MiB
	Version   string         // of the program
	Contact   string         // address or mail of who runs this
	TimeZone  *time.Location // decides days; nil means UTC
	Theme     Theme          // what the operator changes of the pages
	Demo      bool           // say on every page that this is the demo
	Images    bool           // let pages show the pictures of items, which their publishers then see

	// TrustedProxies are the proxies whose X-Forwarded-For is believed. While
	// there are none, private and loopback peers are not limited, so that a
	// proxy nobody told us of is never banned as one person.
	TrustedProxies []netip.Prefix
	Limit          Limit // of one address; zero means the usual
	SearchLimit    Limit // of its searches, besides

	Metrics *prometheus.Registry                   // where metrics are registered; nil means a registry of its own
	Blocked func() []caravan.Blocked               // what the operator's block list names now; nil means nothing
	Offline func() (since time.Time, offline bool) // whether this machine has no network
	Ready   func(context.Context) error            // why requests cannot be answered yet; nil means always ready
	Now     func() time.Time
	Log     *slog.Logger
}

// A Store is what the server reads. It is made of the small interfaces below,
// one for each kind of reader.
type Store interface {
	ListStore
	StoryStore
	FeedStore
	ChangeStore
}

// A ListStore knows the source list and the state of its sources.
type ListStore interface {
	ListState(ctx context.Context) (caravan.ListState, error)
	Communities(ctx context.Context) ([]caravan.Community, error)
	Community(ctx context.Context, slug string) (caravan.Community, error)
	Sources(ctx context.Context) ([]caravan.Source, error)
	Source(ctx context.Context, slug string) (caravan.Source, error)
	Polls(ctx context.Context, source string, limit int) ([]caravan.Poll, error)
	Recoveries(ctx context.Context, since time.Time) ([]caravan.Recovery, error)
}

// A StoryStore gives items and stories by date.
type StoryStore interface {
	Stories(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.StoryPage, error)
	StoriesByID(ctx context.Context, ids []string) ([]caravan.Story, error)
	StoryOf(ctx context.Context, itemID string) (caravan.Story, error)
	Items(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.ItemPage, error)
	Item(ctx context.Context, id string) (caravan.Item, error)
	Activity(ctx context.Context, f caravan.Filter, since time.Time) ([]caravan.DayCount, error)
	// Oldest returns the date of the oldest item, the zero time when there is none.
	Oldest(ctx context.Context) (time.Time, error)
	LinkStore
}

// A LinkStore knows which stories link to which, and what items said before.
type LinkStore interface {
	// MostLinked returns the stories of f that most communities beside their
	// own linked to from since until before until, the most linked first.
	MostLinked(ctx context.Context, f caravan.Filter, since, until time.Time, limit int) ([]caravan.Story, error)
	LinksTo(ctx context.Context, itemID string, limit int) ([]caravan.Story, error)
	Revisions(ctx context.Context, itemID string) ([]caravan.Revision, error)
}

// A FeedStore gives stories by place, and what went.
type FeedStore interface {
	Feed(ctx context.Context, q caravan.FeedQuery) ([]caravan.Story, error)
	PlaceBefore(ctx context.Context, s caravan.Scope, place int64) (int64, bool, error)
	PlaceAfter(ctx context.Context, s caravan.Scope, place int64) (int64, bool, error)
	Tombstones(ctx context.Context, s caravan.Scope, since time.Time) ([]caravan.Tombstone, error)
}

// A ChangeStore knows the number of the newest change.
type ChangeStore interface {
	LastChange(ctx context.Context) (int64, error)
	WaitChange(ctx context.Context, after int64) (int64, error)
}

// An Index answers searches.
type Index interface {
	Search(ctx context.Context, r caravan.SearchRequest) (caravan.SearchResult, error)
}

// A Server answers requests. It is safe for concurrent use and keeps no state
// but caches.
type Server struct {
	Config
	base    *url.URL // BaseURL, parsed
	face    *face    // what pages are printed with
	shelf   *shelf   // rendered documents
	metrics *metrics

	usual, searching, completing *limiter
	receiving                    *entrance // of messages of hubs
}

// New checks c and returns a server of it.
func New(c Config) (*Server, error) {
	if c.Store == nil || c.Index == nil {
		return nil, errors.New("server needs a store and an index")
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("base URL %q: want http(s)://host[/path]", c.BaseURL)
	}
	if c.TimeZone == nil {
		c.TimeZone = time.UTC
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.HubClient == nil {
		c.HubClient = &http.Client{}
	}
	if c.Offline == nil {
		c.Offline = func() (time.Time, bool) { return time.Time{}, false }
	}
	face, err := newFace(base.Path, c.Theme)
	if err != nil {
		return nil, err
	}
	if c.Limit == (Limit{}) {
		c.Limit = Limit{PerSecond: usualPerSecond, Burst: usualBurst}
	}
	if c.PushBytes <= 0 {
		c.PushBytes = usualPushBytes
	}
	if c.SearchLimit == (Limit{}) {
		c.SearchLimit = Limit{PerSecond: searchPerSecond, Burst: searchBurst}
	}
	return &Server{
		Config: c, base: base, face: face, shelf: newShelf(shelfBytes), metrics: newMetrics(c),
		usual: newLimiter(c.Limit, limitedAddresses), searching: newLimiter(c.SearchLimit, limitedAddresses),
		completing: newLimiter(c.SearchLimit.times(perSearch), limitedAddresses),
		receiving:  newEntrance(pushesAtOnce),
	}, nil
}

// slugPattern is what slugs look like in routes.
const slugPattern = `[a-z0-9][a-z0-9-]*`

// Handler returns what answers the public.
func (s *Server) Handler() http.Handler {
	// Paths are taken as they come: what is not written as our links write it is
	// not there (S36).
	r := mux.NewRouter().SkipClean(true)
	s.routes(r)
	return s.withLimits(s.withKept(s.withRequestID(s.withSecurity(r))))
}

// routes adds everything that the public may ask for.
func (s *Server) routes(r *mux.Router) {
	s.feedRoutes(r)
	s.listRoutes(r)
	s.apiRoutes(r)
	s.operatorRoutes(r)
	s.pushRoutes(r)
	s.pageRoutes(r)
	r.NotFoundHandler = s.metrics.measure(http.HandlerFunc(s.notFound))
	r.MethodNotAllowedHandler = s.metrics.measure(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuseMethod(w, r, s.failureFor(r.URL.Path), []string{http.MethodGet, http.MethodHead})
	}))
	r.Use(s.metrics.measure)
}

// notFound answers addresses that no route knows, whatever the method.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", pageVary)
	s.failureFor(r.URL.Path)(w, r, http.StatusNotFound, sentenceOf(caravan.NotThere))
}

// newRequestID returns an id to find a request by in the log.
func newRequestID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
