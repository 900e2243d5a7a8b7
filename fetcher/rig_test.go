package fetcher

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/polite"
)

// A clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Wait moves the clock on by what spacing asks for. Longer waits are for polls
// in flight: they last until the loop ends them.
func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	if d > 2*time.Second {
		<-ctx.Done()
		return ctx.Err()
	}
	c.move(d)
	return ctx.Err()
}

// move moves the clock on.
func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A memory is a Store for tests: the schedule of package store, in a map.
type memory struct {
	clock *clock
	now   func() time.Time // the clock's, unless there is a bubble
	host  func(string) string

	mu       sync.Mutex
	sources  map[string]*caravan.Source
	hosts    map[string]*hostRow
	results  []caravan.PollResult
	released []string
	items    []caravan.Item
	fail     error // what every call answers
	claims   int   // how often Claim was called
}

type hostRow struct{ hold, next, lease time.Time }

func (m *memory) Claim(_ context.Context, most int) ([]caravan.Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.claims++
	now := m.now()
	if m.fail != nil {
		return nil, m.fail
	}
	var claims []caravan.Claim
	for _, s := range m.ordered() {
		h := m.row(s.URL)
		if len(claims) == most || s.State.NextPoll.IsZero() || s.State.NextPoll.After(now) ||
			h.hold.After(now) || h.next.After(now) || h.lease.After(now) {
			continue
		}
		c := caravan.Claim{Source: *s, Host: m.host(s.URL), Due: s.State.NextPoll, Claimed: now, Lease: now.Add(time.Hour)}
		s.State.NextPoll, h.lease = c.Lease, c.Lease
		claims = append(claims, c)
	}
	return claims, nil
}

// ordered lists the sources by their due time.
func (m *memory) ordered() []*caravan.Source {
	var list []*caravan.Source
	for _, s := range m.sources {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *caravan.Source) int {
		if c := a.State.NextPoll.Compare(b.State.NextPoll); c != 0 {
			return c
		}
		return strings.Compare(a.Slug, b.Slug)
	})
	return list
}

func (m *memory) row(url string) *hostRow {
	key := m.host(url)
	if m.hosts[key] == nil {
		m.hosts[key] = &hostRow{}
	}
	return m.hosts[key]
}

func (m *memory) Release(_ context.Context, c caravan.Claim) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sources[c.Source.Slug].State.NextPoll = c.Due
	m.row(c.Source.URL).lease = time.Time{}
	m.released = append(m.released, c.Source.Slug)
	return nil
}

func (m *memory) NextDue(context.Context) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var first time.Time
	for _, s := range m.sources {
		h := m.row(s.URL)
		if s.State.NextPoll.IsZero() {
			continue
		}
		at := slices.MaxFunc([]time.Time{s.State.NextPoll, h.hold, h.next, h.lease}, time.Time.Compare)
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, m.fail
}

func (m *memory) SavePoll(_ context.Context, r caravan.PollResult) (caravan.PollReport, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return caravan.PollReport{}, m.fail
	}
	s, h := m.sources[r.Claim.Source.Slug], m.row(r.Claim.Source.URL)
	s.State = r.State
	h.lease, h.next = time.Time{}, m.now().Add(r.HostSpacing)
	if r.HoldHost.After(h.hold) {
		h.hold = r.HoldHost
	}
	if r.MovedTo != "" {
		s.URL = r.MovedTo
	}
	m.results = append(m.results, r)
	report := caravan.PollReport{Source: s.Slug}
	if r.Document != nil {
		s.Feed = r.Document.Feed
		report.New = len(r.Document.Items)
		for _, item := range r.Document.Items {
			item.FirstSeen = r.Started
			m.items = append(m.items, item)
		}
	}
	if report.New > 0 {
		s.State.LastNew = r.Started
	}
	return report, nil
}

// Items makes memory a Keeper.
func (m *memory) Items(context.Context, caravan.Filter, string, int) (caravan.ItemPage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return caravan.ItemPage{Items: slices.Clone(m.items)}, m.fail
}

// of returns the results of one source.
func (m *memory) of(slug string) []caravan.PollResult {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []caravan.PollResult
	for _, r := range m.results {
		if r.Claim.Source.Slug == slug {
			list = append(list, r)
		}
	}
	return list
}

// A rig is a poller with everything around it.
type rig struct {
	*Poller
	clock *clock
	store *memory
	log   *strings.Builder
}

// newRig returns a poller over an empty store. Its reading takes each line of a
// body that begins with "item" as an item.
func newRig(t *testing.T, change ...func(*Config)) *rig {
	t.Helper()
	r := &rig{clock: &clock{now: received}, log: &strings.Builder{}}
	client := polite.New(polite.Config{
		UserAgent:    polite.UserAgent("1.0", "https://planet.example/about"),
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Now:          r.clock.Now,
		Wait:         r.clock.Wait,
	})
	t.Cleanup(client.Close)
	r.store = &memory{clock: r.clock, now: r.clock.Now, host: client.HostKey, sources: map[string]*caravan.Source{}, hosts: map[string]*hostRow{}}
	c := Config{
		Store: r.store, Client: client, Now: r.clock.Now, Wait: r.clock.Wait, Read: readLines,
		Jitter: func(string, time.Time) float64 { return 0 },
		Log:    slog.New(slog.NewTextHandler(&guarded{w: r.log}, nil)),
	}
	for _, f := range change {
		f(&c)
	}
	r.Poller = New(c)
	return r
}

// guarded makes a builder safe for concurrent writes.
type guarded struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.w.Write(p)
}

// readLines is a Read for tests.
func readLines(r Raw) (caravan.Document, error) { return contained(parseLines, r) }

func parseLines(r Raw) (caravan.Document, error) {
	var doc caravan.Document
	for line := range strings.SplitSeq(string(r.Body), "\n") {
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "item":
			doc.Items = append(doc.Items, caravan.Item{GUID: rest, Title: rest, Keys: caravan.Keys{GUID: rest}})
		case "panic":
			panic(rest)
		case "broken":
			return doc, fmt.Errorf("line 1 is %s", rest)
		}
	}
	return doc, nil
}

// add lists a source, due now.
func (r *rig) add(slug, url string) {
	r.store.sources[slug] = &caravan.Source{Slug: slug, URL: url, State: caravan.PollState{NextPoll: r.clock.Now()}}
}

// pass runs one pass that must go well.
func (r *rig) pass(t *testing.T) Summary {
	t.Helper()
	sum, err := r.Pass(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// later moves the clock.
func (r *rig) later(d time.Duration) { r.clock.move(d) }

// A publisher answers with one handler and counts.
type site struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func newSite(t *testing.T, handle http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		s.mu.Unlock()
		handle(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// count returns how many requests there were, conditional ones apart.
func (s *site) count() (all, conditional int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.Header.Get("If-None-Match")+r.Header.Get("If-Modified-Since") != "" {
			conditional++
		}
	}
	return len(s.requests), conditional
}

// feed answers with two items and an ETag, and with 304 where that is known.
func feed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"v1"`)
	if r.Header.Get("If-None-Match") == `"v1"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte("item one\nitem two\n"))
}

// listen opens an address again that has just been closed.
func listen(t *testing.T, address string) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
