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

	"caravan"
)

// A Config says what a Server serves and how. Store, Index and BaseURL are
// needed; the zero value of every other field is usable.
type Config struct {
	Store Store
	Index Index
	Admin Admin // what the administration does; nil means it is not offered

	BaseURL  string         // the public address, without a slash at the end; never taken from a request
	Hub      string         // address of a WebSub hub; empty means none
	Version  string         // of the program
	Contact  string         // address or mail of who runs this
	TimeZone *time.Location // decides days; nil means UTC
	Demo     bool           // say on every page that this is the demo
	Images   bool           // let pages show the pictures of items, which their publishers then see

	// TrustedProxies are the proxies whose X-Forwarded-For is believed. While
	// there are none, private and loopback peers are not limited, so that a
	// proxy nobody told us of is never banned as one person.
	TrustedProxies []netip.Prefix

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
}

// A StoryStore gives items and stories by date.
type StoryStore interface {
	Stories(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.StoryPage, error)
	StoriesByID(ctx context.Context, ids []string) ([]caravan.Story, error)
	StoryOf(ctx context.Context, itemID string) (caravan.Story, error)
	Items(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.ItemPage, error)
	Item(ctx context.Context, id string) (caravan.Item, error)
	Activity(ctx context.Context, f caravan.Filter, since time.Time) ([]caravan.DayCount, error)
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
	base *url.URL // BaseURL, parsed
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
	if c.Offline == nil {
		c.Offline = func() (time.Time, bool) { return time.Time{}, false }
	}
	return &Server{Config: c, base: base}, nil
}

// Handler returns what answers the public.
func (s *Server) Handler() http.Handler {
	r := mux.NewRouter()
	r.NotFoundHandler = s.page(func(http.ResponseWriter, *http.Request) error { return errNoPage })
	return s.around(r)
}

// around wraps h in what every answer goes through, outermost first.
func (s *Server) around(h http.Handler) http.Handler {
	return s.withRequestID(s.withSecurity(compress(h)))
}

// newRequestID returns an id to find a request by in the log.
func newRequestID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
