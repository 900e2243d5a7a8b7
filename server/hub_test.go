package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caravan"
)

// A stubHub notes the topics of each ping.
type stubHub struct {
	*httptest.Server
	pings chan []string
}

func newStubHub(t *testing.T, status func() int) *stubHub {
	h := &stubHub{pings: make(chan []string, 100)}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || r.PostForm.Get("hub.mode") != "publish" || !strings.HasPrefix(r.UserAgent(), "caravan/") {
			t.Errorf("%s %v from %q", r.Method, r.PostForm, r.UserAgent())
		}
		topics := r.PostForm["hub.url"]
		slices.Sort(topics)
		w.WriteHeader(status())
		h.pings <- topics
	}))
	t.Cleanup(h.Close)
	return h
}

// next returns the topics of the next ping.
func (h *stubHub) next(t *testing.T) []string {
	t.Helper()
	select {
	case topics := <-h.pings:
		return topics
	case <-time.After(30 * time.Second):
		t.Fatal("the hub was not told")
		return nil
	}
}

// A waitingStore tells when somebody begins to wait for a change.
type waitingStore struct {
	Store
	waiting chan struct{}
}

func (s waitingStore) WaitChange(ctx context.Context, after int64) (int64, error) {
	select {
	case s.waiting <- struct{}{}:
	default:
	}
	return s.Store.WaitChange(ctx, after)
}

// announce runs Announce until stop is called or the test ends, and returns
// once it waits for changes.
func announce(t *testing.T, s *Server, hub string, log ChangeLog) (stop func()) {
	t.Helper()
	s.Hub = hub
	store := waitingStore{s.Store, make(chan struct{}, 1)}
	s.Store = store
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Announce(ctx, log) }()
	<-store.waiting
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// O18: one ping for each commit that changes a feed, naming the feeds that
// changed in every format; none for a commit that changes none.
func TestHubIsToldOfEachChange(t *testing.T) {
	hub := newStubHub(t, func() int { return http.StatusNoContent })
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}, "Cities": {"Beta https://beta.example/feed"}}, "Labs", "Cities")
	w.poll("alpha", w.read(rssOf("alpha", 3, testNow), "https://alpha.example/feed"))
	w.poll("beta", w.read(rssOf("beta", 3, testNow), "https://beta.example/feed"))
	stop := announce(t, w.Server, hub.URL, w.store)

	w.set(testNow.Add(24 * time.Hour))
	w.poll("alpha", w.read(rssOf("alpha", 4, w.clock()), "https://alpha.example/feed"))
	topics := hub.next(t)
	want := []string{"/feed.atom", "/feed.json", "/feed.rss", "/c/labs/feed.atom", "/s/alpha/feed.atom"}
	for _, path := range want {
		if !slices.Contains(topics, "https://planet.example"+path) {
			t.Errorf("the hub was not told of %s but of %v", path, topics)
		}
	}
	if slices.ContainsFunc(topics, func(s string) bool { return strings.Contains(s, "cities") || strings.Contains(s, "beta") }) {
		t.Errorf("the hub was told of feeds that did not change: %v", topics)
	}

	w.poll("alpha", w.read(rssOf("alpha", 4, w.clock()), "https://alpha.example/feed")) // nothing new
	w.set(testNow.Add(48 * time.Hour))
	w.poll("beta", w.read(rssOf("beta", 4, w.clock()), "https://beta.example/feed"))
	if topics := hub.next(t); !slices.Contains(topics, "https://planet.example/c/cities/feed.rss") || slices.Contains(topics, "https://planet.example/c/labs/feed.rss") {
		t.Errorf("the next ping named %v", topics)
	}

	stories, err := w.store.Feed(t.Context(), caravan.FeedQuery{Scope: caravan.Scope{Source: "beta"}, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Hide(t.Context(), stories[0].Head.ID); err != nil {
		t.Fatal(err)
	}
	if topics := hub.next(t); !slices.Contains(topics, "https://planet.example/c/cities/feed.atom") {
		t.Errorf("after a removal the hub was told of %v", topics)
	}
	stop()
	if len(hub.pings) != 0 {
		t.Errorf("%d pings too many", len(hub.pings))
	}
}

// A notingStore notes which feeds are read.
type notingStore struct {
	Store
	mu   sync.Mutex
	read map[caravan.Scope]bool
}

func (s *notingStore) Feed(ctx context.Context, q caravan.FeedQuery) ([]caravan.Story, error) {
	s.mu.Lock()
	s.read[q.Scope] = true
	s.mu.Unlock()
	return s.Store.Feed(ctx, q)
}

// O18: whatever a commit changes, the hub is told once, of the feeds that show
// it and no others; and no other feed is looked at.
func TestHubIsToldOnceOfEveryKindOfChange(t *testing.T) {
	w := newWorld(t, testNow)
	folders := map[string][]string{
		"Labs": {"Alpha https://alpha.example/feed"}, "Cities": {"Beta https://beta.example/feed"}, "Rest": {"Gamma https://gamma.example/feed"},
	}
	w.sync(folders, "Labs", "Cities", "Rest")
	for _, slug := range []string{"alpha", "beta", "gamma"} {
		w.poll(slug, w.read(rssOf(slug, 3, testNow.Add(-time.Hour)), "https://"+slug+".example/feed"))
	}
	notes := &notingStore{Store: w.store, read: map[caravan.Scope]bool{}}
	w.Server.Store, w.Hub = notes, "https://hub.example/"
	a := &announcer{server: w.Server, log: w.store, known: map[string]string{}, due: map[string]struct{}{}}
	ctx := t.Context()
	for _, scope := range []caravan.Scope{{}, {Community: "labs"}, {Community: "cities"}, {Community: "rest"}, {Source: "alpha"}, {Source: "beta"}, {Source: "gamma"}, {Language: "en"}} {
		if _, err := a.changed(ctx, scope); err != nil {
			t.Fatal(err)
		}
	}
	a.last, _ = w.store.LastChange(ctx)
	doc := w.read(rssOf("alpha", 1, testNow.AddDate(0, 0, -9)), "https://alpha.example/feed")
	story := func(slug string) string {
		stories, err := w.store.Feed(ctx, caravan.FeedQuery{Scope: caravan.Scope{Source: slug}, Limit: 1})
		if err != nil || len(stories) == 0 {
			t.Fatalf("newest story of %s: %v", slug, err)
		}
		return stories[0].Head.ID
	}
	alpha := []string{"/c/labs", "/s/alpha"}
	for i, step := range []struct {
		name   string
		change func()
		want   []string // besides the feeds of everything and of English
		none   bool
	}{
		{"a new story", func() { w.poll("alpha", doc) }, alpha, false},
		{"nothing new", func() { w.poll("alpha", doc) }, nil, true},
		{"the same article elsewhere", func() {
			again := doc
			again.Feed = w.read(rssOf("beta", 1, testNow), "https://beta.example/feed").Feed
			w.poll("beta", again)
		}, []string{"/c/labs", "/s/alpha", "/c/cities", "/s/beta"}, false},
		{"one of its two members hidden", func() { w.hide(t, oldestOf(t, w, "beta")) }, []string{"/c/labs", "/s/alpha", "/c/cities", "/s/beta"}, false},
		{"a story hidden", func() { w.hide(t, story("gamma")) }, []string{"/c/rest", "/s/gamma"}, false},
		{"an edit", func() {
			edited := w.read(strings.ReplaceAll(rssOf("gamma", 2, testNow.Add(-25*time.Hour)), "Words", "Other words, quite a few of them,"), "https://gamma.example/feed")
			w.poll("gamma", edited)
		}, []string{"/c/rest", "/s/gamma"}, false},
		{"a source renamed", func() {
			folders["Cities"] = []string{"Renamed https://beta.example/feed"}
			w.sync(folders, "Labs", "Cities", "Rest")
		}, []string{"/c/cities", "/s/beta"}, false},
		{"a poll that fails", func() {
			w.poll("gamma", caravan.Document{Feed: caravan.FeedInfo{Title: "gamma", Link: "https://gamma.example/"}})
		}, nil, true},
	} {
		w.set(testNow.Add(time.Duration(i+2) * time.Hour))
		step.change()
		notes.read = map[caravan.Scope]bool{}
		if err := a.look(ctx); err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		if !step.none {
			for _, path := range append(step.want, "") {
				want["https://planet.example"+path+"/feed.atom"] = true
			}
			want["https://planet.example/feed.atom?language=en"] = true
		}
		for topic := range a.due {
			if strings.Contains(topic, "/feed.atom") && !want[topic] {
				t.Errorf("%s: the hub is told of %s", step.name, topic)
			}
			delete(want, topic)
		}
		for topic := range want {
			t.Errorf("%s: the hub is not told of %s", step.name, topic)
		}
		if other := (caravan.Scope{Community: "rest"}); notes.read[other] != slices.Contains(step.want, "/c/rest") && step.name != "a source renamed" {
			t.Errorf("%s: feeds looked at are %v", step.name, notes.read)
		}
		clear(a.due)
	}
}

// hide takes an item down.
func (p *world) hide(t *testing.T, id string) {
	t.Helper()
	if err := p.store.Hide(t.Context(), id); err != nil {
		t.Fatal(err)
	}
}

// oldestOf returns the oldest item of a source.
func oldestOf(t *testing.T, w *world, slug string) string {
	t.Helper()
	page, err := w.store.Items(t.Context(), caravan.Filter{Sources: []string{slug}}, "", 100)
	if err != nil || len(page.Items) == 0 {
		t.Fatalf("oldest item of %s: %v", slug, err)
	}
	return page.Items[len(page.Items)-1].ID
}

// A hub that fails is told of everything once it answers again.
func TestHubThatFailsIsToldLater(t *testing.T) {
	var status atomic.Int32
	status.Store(http.StatusServiceUnavailable)
	hub := newStubHub(t, func() int { return int(status.Load()) })
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	w.Hub = hub.URL
	a := &announcer{server: w.Server, log: w.store, known: map[string]string{}, due: map[string]struct{}{}}
	ctx := t.Context()
	if err := a.start(ctx); err != nil {
		t.Fatal(err)
	}
	w.poll("alpha", w.read(rssOf("alpha", 3, testNow), "https://alpha.example/feed"))
	if err := a.look(ctx); err != nil {
		t.Fatal(err)
	}
	a.tell(ctx)
	refused := hub.next(t)
	status.Store(http.StatusAccepted)
	a.tell(ctx)
	if told := hub.next(t); !slices.Equal(told, refused) || len(a.due) != 0 {
		t.Errorf("told of %v after %v was refused; still due: %v", told, refused, a.due)
	}
	a.tell(ctx)
	if len(hub.pings) != 0 {
		t.Error("told twice")
	}
}

// A faultyStore cannot read feeds while it is broken.
type faultyStore struct {
	Store
	broken bool
}

func (s *faultyStore) Feed(ctx context.Context, q caravan.FeedQuery) ([]caravan.Story, error) {
	if s.broken {
		return nil, errors.New("disk on fire")
	}
	return s.Store.Feed(ctx, q)
}

func TestChangesThatCannotBeLookedAtAreToldLater(t *testing.T) {
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	faulty := &faultyStore{Store: w.store}
	w.Server.Store, w.Hub = faulty, "https://hub.example/"
	a := &announcer{server: w.Server, log: w.store, known: map[string]string{}, due: map[string]struct{}{}}
	ctx := t.Context()
	faulty.broken = true
	if err := a.start(ctx); err == nil {
		t.Fatal("started with feeds that cannot be read")
	}
	faulty.broken = false
	if err := a.start(ctx); err != nil {
		t.Fatal(err)
	}
	w.poll("alpha", w.read(rssOf("alpha", 3, testNow), "https://alpha.example/feed"))
	faulty.broken = true
	if err := a.look(ctx); err == nil || len(a.due) != 0 {
		t.Fatalf("look: %v, due %v", err, a.due)
	}
	faulty.broken = false
	if err := a.look(ctx); err != nil || len(a.due) == 0 {
		t.Errorf("look again: %v, due %v", err, a.due)
	}
}

func TestWithoutHubNothingIsAnnounced(t *testing.T) {
	s := serverOf(t, newMemory(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Announce(ctx, nil); err != nil {
		t.Error(err)
	}
}

func TestScopeAtIsTheScopeOfAnAddress(t *testing.T) {
	for _, scope := range []caravan.Scope{{}, {Community: "labs"}, {Source: "alpha"}, {Language: "fr"}} {
		if got := scopeAt(feedRequest{format: "atom", scope: scope}.address()); got != scope {
			t.Errorf("scopeAt of %+v = %+v", scope, got)
		}
	}
}
