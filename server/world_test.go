package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher"
	"caravan/store"
)

// A world is a server over a real store, with a clock of its own: what the
// program is, without polling and without an index.
type world struct {
	*Server
	t     testing.TB
	store *store.Store
	path  string
	mu    sync.Mutex
	now   time.Time
}

// newWorld opens an empty world whose clock stands at now.
func newWorld(t testing.TB, now time.Time) *world {
	t.Helper()
	p := &world{t: t, path: filepath.Join(t.TempDir(), "caravan.db"), now: now}
	p.open()
	t.Cleanup(func() { p.store.Close() })
	return p
}

// open opens the store and a server of it, as at a start of the program.
func (p *world) open() {
	p.t.Helper()
	st, err := store.Open(context.Background(), store.Config{
		Path: p.path, Now: p.clock, Floor: time.Hour, Match: fetcher.Match, SameStory: fetcher.SameStory,
		HostKey: func(address string) string {
			u, err := url.Parse(address)
			if err != nil {
				return address
			}
			return u.Host
		},
		Rule: func(query string, item caravan.Item) (bool, error) {
			return strings.Contains(strings.ToLower(item.Title), query), nil
		},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.store = st
	if p.Server, err = New(Config{Store: st, Index: titleIndex{st}, BaseURL: "https://planet.example", Version: "1.2.3", Now: p.clock}); err != nil {
		p.t.Fatal(err)
	}
}

// reopen is a restart of the program.
func (p *world) reopen() {
	p.t.Helper()
	if err := p.store.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.open()
}

func (p *world) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// set moves the clock.
func (p *world) set(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = now
}

// sync takes over a list of folders, each of lines "title address".
func (p *world) sync(folders map[string][]string, order ...string) {
	p.t.Helper()
	list := caravan.List{Title: "Planet", Hash: fmt.Sprint(folders)}
	for _, name := range order {
		c := caravan.ListCommunity{Path: []string{name}}
		for i, l := range folders[name] {
			title, address, _ := strings.Cut(l, " ")
			c.Sources = append(c.Sources, caravan.ListSource{Title: title, URL: address, Line: i + 1})
		}
		list.Communities = append(list.Communities, c)
	}
	if _, err := p.store.SyncList(context.Background(), list, true); err != nil {
		p.t.Fatal(err)
	}
}

// poll stores a poll of a source that read this document.
func (p *world) poll(slug string, doc caravan.Document) caravan.PollReport {
	p.t.Helper()
	source, err := p.store.Source(context.Background(), slug)
	if err != nil {
		p.t.Fatal(err)
	}
	now := p.clock()
	report, err := p.store.SavePoll(context.Background(), caravan.PollResult{
		Claim: caravan.Claim{Source: source}, Started: now, Took: time.Second, Status: 200, Document: &doc, FinalURL: source.URL,
		State: caravan.PollState{FirstPoll: now, LastPoll: now, LastSuccess: now, NextPoll: now.Add(time.Hour), Status: 200},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return report
}

// read makes of a feed document what a poll makes of it.
func (p *world) read(body, address string) caravan.Document {
	p.t.Helper()
	doc, err := fetcher.Read(fetcher.Raw{Body: []byte(body), URL: address, Now: p.clock()})
	if err != nil {
		p.t.Fatalf("read %s: %v", address, err)
	}
	return doc
}

// get asks h for a path, with headers given as "Name: value".
func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	return ask(h, http.MethodGet, path, headers...)
}

// ask makes a request.
func ask(h http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = "127.0.0.1:50000"
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A titleIndex finds stories by the words of their titles, in a store: enough
// of an index for the feeds of searches.
type titleIndex struct{ store *store.Store }

// Search looks at every story that the filter lets through, newest first.
func (x titleIndex) Search(ctx context.Context, r caravan.SearchRequest) (caravan.SearchResult, error) {
	out := caravan.SearchResult{Query: r.Query}
	var all []caravan.Hit
	for cursor := ""; ; {
		page, err := x.store.Stories(ctx, r.Filter, cursor, 200)
		if err != nil {
			return out, err
		}
		for _, st := range page.Stories {
			if strings.Contains(strings.ToLower(st.Head.Title), strings.ToLower(r.Query)) {
				all = append(all, caravan.Hit{Story: st.ID, Item: st.Head.ID})
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	out.Total = len(all)
	from := min((r.Page-1)*r.Limit, len(all))
	out.Hits = all[from:min(from+r.Limit, len(all))]
	return out, nil
}

// sharedPath returns a path of the corpus, or skips the test.
func sharedPath(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("CARAVAN_SHARED")
	if root == "" {
		t.Skip("CARAVAN_SHARED names no corpus")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// corpusWorld polls up to most real feeds of the corpus, and returns how many
// were read.
func corpusWorld(t testing.TB, most int) (*world, int) {
	t.Helper()
	dir := sharedPath(t, "corpus", "feeds")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := newWorld(t, time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))
	type source struct {
		address string
		doc     caravan.Document
	}
	var read []source
	folders := map[string][]string{}
	order := []string{"Community 0", "Community 1", "Community 2", "Community 3"}
	for i, e := range entries {
		if len(read) == most {
			break
		}
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		address := fmt.Sprintf("https://source%03d.example/feed", i)
		doc, err := fetcher.Read(fetcher.Raw{Body: body, URL: address, Now: p.clock()})
		if err != nil {
			continue
		}
		read = append(read, source{address, doc})
		folder := order[i%len(order)]
		folders[folder] = append(folders[folder], fmt.Sprintf("Source%03d %s", i, address))
	}
	p.sync(folders, order...)
	bySlug := map[string]string{}
	sources, err := p.store.Sources(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		bySlug[s.URL] = s.Slug
	}
	for _, s := range read {
		p.poll(bySlug[s.address], s.doc)
	}
	return p, len(read)
}

// all reads a body.
func all(t testing.TB, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// record has h answer r.
func record(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
