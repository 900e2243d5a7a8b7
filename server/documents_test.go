package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"caravan"
)

// decode returns the body of an answer, decoded.
func decode(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = w.Body
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "br":
		r = brotli.NewReader(r)
	}
	return all(t, r)
}

// O10: the conditions of RFC 9110, 13, in their order.
func TestConditionalRequests(t *testing.T) {
	h := serverOf(t, newMemory(5)).Handler()
	first := get(h, "/feed.atom")
	etag, modified := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
	at, err := http.ParseTime(modified)
	if err != nil {
		t.Fatal(err)
	}
	later, earlier := at.Add(time.Hour).Format(http.TimeFormat), at.Add(-time.Hour).Format(http.TimeFormat)
	for _, test := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"no condition", nil, 200},
		{"the tag", []string{"If-None-Match: " + etag}, 304},
		{"the tag, weakened by a proxy", []string{"If-None-Match: W/" + etag}, 304},
		{"one of a list", []string{`If-None-Match: "x", W/"y,z", ` + etag}, 304},
		{"any", []string{"If-None-Match: *"}, 304},
		{"another tag", []string{`If-None-Match: "x"`}, 200},
		{"another tag wins over the date", []string{`If-None-Match: "x"`, "If-Modified-Since: " + later}, 200},
		{"the tag wins over an old date", []string{"If-None-Match: " + etag, "If-Modified-Since: " + earlier}, 304},
		{"the date", []string{"If-Modified-Since: " + modified}, 304},
		{"a later date", []string{"If-Modified-Since: " + later}, 304},
		{"an earlier date", []string{"If-Modified-Since: " + earlier}, 200},
		{"no date at all", []string{"If-Modified-Since: yesterday"}, 200},
		{"the tag must match, and does", []string{"If-Match: " + etag}, 200},
		{"the tag must match, and does not", []string{`If-Match: "x"`}, 412},
		{"unmodified since", []string{"If-Unmodified-Since: " + earlier}, 412},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(h, method, "/feed.atom", test.headers...)
			if w.Code != test.want {
				t.Errorf("%s: %s = %d, want %d", test.name, method, w.Code, test.want)
			}
			if w.Code == 304 && (w.Body.Len() > 0 || w.Header().Get("ETag") != etag || w.Header().Get("Vary") == "" || w.Header().Get("Cache-Control") == "") {
				t.Errorf("%s: 304 with %d bytes and %v", test.name, w.Body.Len(), w.Header())
			}
			if method == http.MethodHead && w.Body.Len() > 0 {
				t.Errorf("%s: HEAD has a body", test.name)
			}
		}
	}
}

// O10: each encoding is a representation with its own tag and the same words;
// HEAD says what GET does.
func TestRepresentations(t *testing.T) {
	h := serverOf(t, newMemory(30)).Handler()
	plain := get(h, "/feed.rss").Body.String()
	tags := map[string]string{}
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "br": "br", "gzip, deflate, br": "br", "gzip;q=1, br;q=0.5": "gzip", "identity": "", "*": "br", "gzip;q=0": "", "br;q=x, gzip": "gzip", "GZIP": "gzip",
		"br;q=0, *;q=0": "", "*;q=0": "", "br;q=0, *": "gzip", "identity, gzip;q=0.5": "", "identity;q=0.5, gzip;q=0.5": "gzip", "identity;q=0, *": "br",
		"gzip;q=0.5;level=9, br;q=0.1": "gzip", "x-gzip": "gzip", "br;Q=0": "", "gzip;q=NaN": "", "gzip;q=1.5": "", ",,;q=1,gzip": "gzip", ";;;": "",
	} {
		w := get(h, "/feed.rss", "Accept-Encoding: "+accept)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q gives %q, want %q", accept, got, want)
		}
		length := w.Header().Get("Content-Length")
		if length != fmt.Sprint(w.Body.Len()) {
			t.Errorf("%q: Content-Length %s of %d bytes", accept, length, w.Body.Len())
		}
		head := ask(h, http.MethodHead, "/feed.rss", "Accept-Encoding: "+accept)
		for _, name := range []string{"ETag", "Content-Length", "Content-Encoding", "Content-Type", "Last-Modified"} {
			if head.Header().Get(name) != w.Header().Get(name) {
				t.Errorf("%q: HEAD has %s %q, GET %q", accept, name, head.Header().Get(name), w.Header().Get(name))
			}
		}
		if decode(t, w) != plain {
			t.Errorf("%q: another body", accept)
		}
		tags[want] = w.Header().Get("ETag")
	}
	if len(tags) != 3 || tags[""] == tags["gzip"] || tags["gzip"] == tags["br"] || strings.HasPrefix(tags[""], "W/") {
		t.Errorf("tags %v", tags)
	}
	if w := get(h, "/feed.rss", "Accept-Encoding: br", "If-None-Match: "+tags["gzip"]); w.Code != 200 {
		t.Errorf("the tag of another representation = %d, want 200", w.Code)
	}
}

// O27: who comes with old validators gets what has changed, whatever changed.
func TestChangedContentIsNeverNotModified(t *testing.T) {
	m := newMemory(150)
	h := serverOf(t, m).Handler()
	changes := []struct {
		name   string
		change func()
	}{
		{"a new story", func() { m.add(m.sources[0], testNow.Add(-time.Minute)) }},
		{"a late story", func() {
			m.add(m.sources[0], testNow.Add(-100*time.Hour))
			m.edit(151, func(st *caravan.Story) { st.Place = testNow.UnixMicro() })
		}},
		{"an edit", func() {
			m.edit(149, func(st *caravan.Story) {
				st.Head.Content, st.Head.Revisions, st.Head.Changed = "<p>new</p>", 1, testNow
			})
		}},
		{"an edit without a date", func() { m.edit(148, func(st *caravan.Story) { st.Head.Title = "Other" }) }},
		{"a removal", func() { m.remove(140) }},
		{"a removal without a trace", func() { m.remove(139); m.gone = nil }},
		{"a source renamed", func() { m.edit(147, func(st *caravan.Story) { st.Source.Title = "Renamed" }) }},
		{"a further place", func() {
			m.edit(146, func(st *caravan.Story) { st.AlsoAt = []caravan.Appearance{{Title: "B", URL: "https://b.example/1"}} })
		}},
	}
	for _, c := range changes {
		before := get(h, "/feed.atom")
		c.change()
		after := get(h, "/feed.atom")
		if after.Body.String() == before.Body.String() {
			t.Errorf("%s changes nothing", c.name)
		}
		for _, condition := range []string{"If-None-Match: " + before.Header().Get("ETag"), "If-Modified-Since: " + before.Header().Get("Last-Modified")} {
			if w := get(h, "/feed.atom", condition); w.Code != 200 {
				t.Errorf("%s: %s = %d, want 200", c.name, condition, w.Code)
			}
		}
	}
}

// A document is rendered once per change, however many ask at once.
func TestShelfRendersOncePerChange(t *testing.T) {
	s := newShelf(1 << 20)
	var rendered atomic.Int32
	release := make(chan struct{})
	ask := func(change int64) *document {
		doc, _, err := s.get(context.Background(), "k", stamp{change: change}, testNow, func(context.Context) (*document, error) {
			rendered.Add(1)
			<-release
			return newDocument("text/plain", []byte("same"), testNow), nil
		})
		if err != nil {
			t.Error(err)
		}
		return doc
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { ask(1) })
	}
	close(release)
	wg.Wait()
	first := ask(1)
	if n := rendered.Load(); n != 1 {
		t.Errorf("rendered %d times, want once", n)
	}
	if again := ask(2); again != first || rendered.Load() != 2 {
		t.Errorf("after a change that did not concern it: rendered %d times, same document: %t", rendered.Load(), again == first)
	}
}

func TestShelfHoldsNoMoreThanItsRoom(t *testing.T) {
	s := newShelf(100 << 10)
	put := func(key string, size int) {
		if _, _, err := s.get(context.Background(), key, stamp{}, testNow, func(context.Context) (*document, error) {
			return newDocument("text/plain", bytes.Repeat([]byte("x"), size), testNow), nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 50 {
		put(fmt.Sprint("k", i), 5<<10)
		put("often", 1<<10)
	}
	put("giant", 90<<10)
	if s.size > s.most || s.order.Len() != len(s.byKey) || s.order.Len() < 5 {
		t.Errorf("holds %d of %d bytes in %d documents", s.size, s.most, s.order.Len())
	}
	for key, want := range map[string]bool{"often": true, "k49": true, "k0": false, "giant": false} {
		if _, ok := s.find(key, stamp{}); ok != want {
			t.Errorf("holds %s: %t, want %t", key, ok, want)
		}
	}
}

func TestShelfKeepsNoFailure(t *testing.T) {
	s := newShelf(1 << 20)
	failing := true
	get := func() error {
		_, _, err := s.get(context.Background(), "k", stamp{}, testNow, func(context.Context) (*document, error) {
			if failing {
				return nil, errors.New("no")
			}
			return newDocument("text/plain", nil, testNow), nil
		})
		return err
	}
	if get() == nil {
		t.Error("no error")
	}
	failing = false
	if err := get(); err != nil {
		t.Error(err)
	}
}

// A client that goes away does not take the document from those who wait too.
func TestRenderingOutlivesTheClient(t *testing.T) {
	s := newShelf(1 << 20)
	begun, left := make(chan struct{}), make(chan struct{})
	ctx, leave := context.WithCancel(context.Background())
	render := func(ctx context.Context) (*document, error) {
		close(begun)
		<-left
		return newDocument("text/plain", nil, testNow), ctx.Err()
	}
	go func() {
		<-begun
		s.flights.board(context.Background(), "k\x000", nil) // another waits
		leave()
	}()
	if _, _, err := s.get(ctx, "k", stamp{}, testNow, render); !errors.Is(err, context.Canceled) {
		t.Errorf("who has left gets %v", err)
	}
	close(left)
	doc, _, err := s.get(context.Background(), "k", stamp{}, testNow, func(context.Context) (*document, error) { return nil, errors.New("made twice") })
	if doc == nil || err != nil {
		t.Errorf("who waits gets %v, %v", doc, err)
	}
}
