package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"caravan"
)

func TestMemoComputesAgainAfterAChange(t *testing.T) {
	var m memo
	n := 0
	get := func(version int64) any {
		got, err := m.get(t.Context(), "k", version, func(context.Context) (any, int, error) { n++; return n, 8, nil })
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if first, again, next := get(1), get(1), get(2); first != 1 || again != 1 || next != 2 {
		t.Errorf("computed %d times", n)
	}
	for range 2 {
		if _, err := m.get(t.Context(), "bad", 1, func(context.Context) (any, int, error) { return nil, 0, caravan.ErrUnavailable }); err == nil {
			t.Error("a failure is kept back")
		}
	}
}

func TestMemoIsBounded(t *testing.T) {
	var m memo
	put := func(key string, version int64, size int) {
		if _, err := m.get(t.Context(), key, version, func(context.Context) (any, int, error) { return key, size, nil }); err != nil {
			t.Fatal(err)
		}
	}
	put("giant", 1, memoBytes)
	put("old", 1, memoBytes/4-1000)
	for i := range 20 {
		put(fmt.Sprint("k", i), 2, memoBytes/4-1000)
	}
	if m.size > memoBytes || len(m.byKey) != 4 || m.order.Len() != 4 {
		t.Errorf("%d values of %d bytes kept", len(m.byKey), m.size)
	}
	for _, gone := range []string{"giant", "old"} {
		if _, ok := m.find(gone, 1); ok {
			t.Errorf("%s is kept", gone)
		}
	}
	if _, ok := m.find("k19", 2); !ok {
		t.Error("the newest value is not kept")
	}
}

// What is empty takes room all the same: its key and its place.
func TestMemoIsBoundedForEmptyValues(t *testing.T) {
	var m memo
	put := func(key string) {
		if _, err := m.get(t.Context(), key, 1, func(context.Context) (any, int, error) { return nil, 0, nil }); err != nil {
			t.Fatal(err)
		}
	}
	const keyBytes = 100 << 10
	n := 2 * memoBytes / keyBytes
	put("often")
	for i := range n {
		put(strings.Repeat(fmt.Sprintf("%010d", i), keyBytes/10))
		put("often")
	}
	if held := len(m.byKey); m.size > memoBytes || held > n/2+1 || held < n/3 {
		t.Errorf("%d values, said to take %d bytes, are kept of %d", held, m.size, n)
	}
	if _, ok := m.find("often", 1); !ok {
		t.Error("what is used is not kept")
	}
	for i := range 2000 {
		put(fmt.Sprint(i))
	}
	if m.size < 2000*memoOverhead {
		t.Errorf("%d values are said to take %d bytes", len(m.byKey), m.size)
	}
}

// A keeper is a server with one page, which counts how often it is made.
type keeper struct {
	*Server
	h    http.Handler
	made atomic.Int64
	now  atomic.Pointer[time.Time]
}

// newKeeper returns a keeper of a page that show answers.
func newKeeper(t *testing.T, m *memory, age time.Duration, show pageFunc) *keeper {
	t.Helper()
	k := &keeper{}
	k.set(testNow)
	k.Server = serverOf(t, m, func(c *Config) { c.Now = func() time.Time { return *k.now.Load() } })
	k.h = k.page(k.kept(age, func(w http.ResponseWriter, r *http.Request) error {
		k.made.Add(1)
		return show(w, r)
	}))
	return k
}

func (k *keeper) set(now time.Time) { k.now.Store(&now) }

// words answers with a page long enough to be worth encoding.
func words(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	fmt.Fprint(w, r.URL.Path, strings.Repeat(" words", 1000))
	return nil
}

func TestPageIsMadeOncePerChangeAndAge(t *testing.T) {
	m := newMemory(3)
	k := newKeeper(t, m, time.Minute, words)
	made := func(want int64, why string, path string, headers ...string) {
		t.Helper()
		if answer := get(k.h, path, headers...); answer.Code != http.StatusOK || k.made.Load() != want {
			t.Errorf("%s: %d, made %d times, want %d", why, answer.Code, k.made.Load(), want)
		}
	}
	made(1, "first", "/?b=1&a=2")
	made(1, "again", "/?b=1&a=2")
	made(1, "parameters in another order", "/?a=2&b=1")
	made(1, "encoded", "/?a=2&b=1", "Accept-Encoding: br")
	made(1, "in a language it is in", "/?a=2&b=1", "Accept-Language: en-GB")
	made(2, "another page", "/?a=3")
	made(3, "in another language", "/?a=2&b=1", "Accept-Language: fr")
	made(4, "a part of it", "/?a=2&b=1", "X-Partial: 1")
	k.set(testNow.Add(59 * time.Second))
	made(4, "in the same minute", "/?a=2&b=1")
	k.set(testNow.Add(60 * time.Second))
	made(5, "a minute later", "/?a=2&b=1")
	m.mu.Lock()
	m.change++
	m.mu.Unlock()
	made(6, "after a change", "/?a=2&b=1")
	since := testNow
	k.Offline = func() (time.Time, bool) { return since, true }
	made(7, "without a network", "/?a=2&b=1")
}

// A followingIndex is an index that says how far it is.
type followingIndex struct {
	*memory
	applied atomic.Int64
}

// Applied says how far the index is.
func (x *followingIndex) Applied() int64 { return x.applied.Load() }

func TestPageIsMadeAgainWhenTheIndexHasFollowed(t *testing.T) {
	m := newMemory(1)
	index := &followingIndex{memory: m}
	k := newKeeper(t, m, time.Minute, words)
	k.Index = index
	get(k.h, "/")
	index.applied.Store(7)
	get(k.h, "/")
	get(k.h, "/")
	if k.made.Load() != 2 {
		t.Errorf("made %d times, want 2", k.made.Load())
	}
}

func TestKeptPageHasValidators(t *testing.T) {
	k := newKeeper(t, newMemory(1), time.Minute, words)
	tags := map[string]bool{}
	for _, encoding := range []string{"", "gzip", "br"} {
		first := get(k.h, "/", "Accept-Encoding: "+encoding)
		tag := first.Header().Get("ETag")
		if tag == "" || tags[tag] || first.Header().Get("Content-Encoding") != encoding {
			t.Errorf("%q: %v", encoding, first.Header())
		}
		tags[tag] = true
		again := get(k.h, "/", "Accept-Encoding: "+encoding, "If-None-Match: "+tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("Vary") != pageVary {
			t.Errorf("%q: asked again: %d, %d bytes, %v", encoding, again.Code, again.Body.Len(), again.Header())
		}
		if other := get(k.h, "/", "Accept-Encoding: "+encoding, `If-None-Match: "another"`); other.Code != http.StatusOK || other.Body.Len() != first.Body.Len() {
			t.Errorf("%q: with another's validator: %d, %d bytes", encoding, other.Code, other.Body.Len())
		}
		head := ask(k.h, http.MethodHead, "/", "Accept-Encoding: "+encoding)
		if head.Body.Len() != 0 || head.Header().Get("ETag") != tag {
			t.Errorf("%q: HEAD: %d bytes, %v", encoding, head.Body.Len(), head.Header())
		}
	}
	k.set(testNow.Add(time.Hour))
	if later := get(k.h, "/"); !tags[later.Header().Get("ETag")] || k.made.Load() != 2 {
		t.Errorf("the same bytes made anew have another ETag: %v", later.Header())
	}
}

func TestKeptPageReadsConditionsAsFeedsDo(t *testing.T) {
	k := newKeeper(t, newMemory(1), time.Minute, words)
	tag := get(k.h, "/").Header().Get("ETag")
	for want, headers := range map[int][]string{
		http.StatusOK:             {"Range: items=0-1"},
		http.StatusPartialContent: {"Range: bytes=0-1"},
		http.StatusNotModified:    {`If-None-Match: "another"`, "If-None-Match: " + tag},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			r.Header.Add(name, value)
		}
		if w := record(k.h, r); w.Code != want {
			t.Errorf("%v: %d, want %d", headers, w.Code, want)
		}
	}
}

func TestWhatIsNoPageIsNotKept(t *testing.T) {
	for name, show := range map[string]pageFunc{
		"failure":   func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("read: %w", caravan.ErrUnavailable) },
		"not found": func(http.ResponseWriter, *http.Request) error { return errNoPage },
		"redirect": func(w http.ResponseWriter, r *http.Request) error {
			http.Redirect(w, r, "/elsewhere", http.StatusSeeOther)
			return nil
		},
		"no-store": func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Cache-Control", "no-store")
			fmt.Fprint(w, "how far it is")
			return nil
		},
		"bad query": func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, "a quote")
			return nil
		},
	} {
		k := newKeeper(t, newMemory(1), time.Minute, show)
		first, second := get(k.h, "/"), get(k.h, "/")
		plain := httptest.NewRecorder()
		k.page(show).ServeHTTP(plain, httptest.NewRequest(http.MethodGet, "/", nil))
		if k.made.Load() != 2 || first.Code != plain.Code || second.Body.String() != plain.Body.String() || first.Header().Get("Location") != plain.Header().Get("Location") {
			t.Errorf("%s: made %d times, %d %q %v; without keeping %d %q", name, k.made.Load(), first.Code, second.Body, first.Header(), plain.Code, plain.Body)
		}
	}
}

func TestManyWhoAskAtOnceGetOnePage(t *testing.T) {
	var waiting sync.WaitGroup
	waiting.Add(1)
	k := newKeeper(t, newMemory(1), time.Minute, func(w http.ResponseWriter, r *http.Request) error {
		waiting.Wait()
		return words(w, r)
	})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if answer := get(k.h, "/"); answer.Code != http.StatusOK {
				t.Errorf("%d", answer.Code)
			}
		})
	}
	waiting.Done()
	all.Wait()
	if n := k.made.Load(); n != 1 {
		t.Errorf("made %d times", n)
	}
}

func TestVisitorWhoLeavesDoesNotSpoilThePage(t *testing.T) {
	begun := make(chan struct{}, 9)
	k := newKeeper(t, newMemory(1), time.Minute, func(w http.ResponseWriter, r *http.Request) error {
		if begun <- struct{}{}; r.Header.Get("X-Slow") != "" {
			<-r.Context().Done()
			return r.Context().Err()
		}
		return words(w, r)
	})
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-begun
		leave()
	}()
	slow := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	slow.Header.Set("X-Slow", "yes")
	k.h.ServeHTTP(httptest.NewRecorder(), slow) // ends, as nobody else waits
	if answer := get(k.h, "/"); answer.Code != http.StatusOK || k.made.Load() != 2 {
		t.Errorf("%d, made %d times", answer.Code, k.made.Load())
	}
}

func TestStaticFilesAreEncodedAndNeverLimited(t *testing.T) {
	s := serverOf(t, newMemory(1), func(c *Config) { c.Limit = Limit{PerSecond: 0.01, Burst: 1} })
	h := s.Handler()
	for name, encoding := range map[string]string{"caravan.css": "br", "caravan.js": "br", "icon.svg": "br", "fonts/piazzolla-latin.woff2": ""} {
		address, err := s.face.files.Address(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			r := httptest.NewRequest(http.MethodGet, address, nil)
			r.RemoteAddr = "192.0.2.9:1"
			r.Header.Set("Accept-Encoding", "gzip, br")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != encoding || w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("ETag") == "" {
				t.Errorf("%s: %d %v", name, w.Code, w.Header())
			}
			if whole := s.face.files.Size(name); encoding == "" && w.Body.Len() != whole || encoding != "" && w.Body.Len() >= whole {
				t.Errorf("%s: %d bytes of %d", name, w.Body.Len(), whole)
			}
		}
	}
	if made := get(h, "/static/no"); made.Code != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", made.Code)
	}
}

// A countingStore counts how often the communities are read.
type countingStore struct {
	Store
	reads int
}

func (s *countingStore) Communities(ctx context.Context) ([]caravan.Community, error) {
	s.reads++
	return s.Store.Communities(ctx)
}

func TestLabelsAreReadOnceForEachChange(t *testing.T) {
	m := newMemory(1)
	s := serverOf(t, m)
	counted := &countingStore{Store: m}
	s.Store = counted
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for change, want := range []int{1, 2} {
		m.change += int64(change)
		for range 3 {
			if labels, err := s.facetLabels(r.Context()); err != nil || labels["community labs"] == "" {
				t.Fatalf("labels = %v, %v", labels, err)
			}
		}
		if counted.reads != want {
			t.Errorf("communities were read %d times, want %d", counted.reads, want)
		}
	}
}
