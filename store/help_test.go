package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
	"caravan/store"
)

// start is when the tests' clocks begin.
var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// A world is a store with a clock of its own and the decisions that others
// make in the program.
type world struct {
	*store.Store
	t    testing.TB
	path string
	mu   sync.Mutex
	now  time.Time
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// advance moves the clock.
func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) config() store.Config {
	return store.Config{
		Path: w.path, Now: w.clock, Log: slog.New(slog.DiscardHandler), Floor: time.Hour,
		HostKey: func(address string) string {
			u, err := url.Parse(address)
			if err != nil {
				return address
			}
			return u.Host
		},
		Match:   matchByKeys,
		LinkKey: linkKey,
		SameStory: func(a, b caravan.Item) bool {
			return a.Keys.Link != "" && a.Keys.Link == b.Keys.Link && a.Title == b.Title || a.Keys.Content == b.Keys.Content || likeness(a, b) >= 0.6
		},
		Rule: func(query string, item caravan.Item) (bool, error) {
			if query == "(" {
				return false, caravan.ErrInvalid
			}
			return strings.Contains(strings.ToLower(item.Title+" "+item.Text), query), nil
		},
	}
}

// linkKey is a simple form of an address: without scheme, "www.", fragment,
// slashes at the end and one tracker.
func linkKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Del("utm_source")
	key := strings.TrimSuffix(strings.TrimPrefix(u.Host, "www.")+u.Path, "/")
	if len(q) > 0 {
		key += "?" + q.Encode()
	}
	return key
}

// matchByKeys is a simple rule of identity: the same GUID unless title and
// text are others, else the same link, else the same fingerprint.
func matchByKeys(item caravan.Item, candidates []caravan.Item) (int, bool) {
	for i, c := range candidates {
		if item.Keys.GUID != "" && item.Keys.GUID == c.Keys.GUID && (item.Title == c.Title || sharesWords(item.Text, c.Text)) {
			return i, true
		}
	}
	for i, c := range candidates {
		if item.Keys.Link != "" && item.Keys.Link == c.Keys.Link && item.Title == c.Title || item.Keys.Fingerprint == c.Keys.Fingerprint {
			return i, true
		}
	}
	return 0, false
}

func sharesWords(a, b string) bool {
	have := map[string]bool{}
	for _, w := range strings.Fields(a) {
		have[w] = true
	}
	n, words := 0, strings.Fields(b)
	for _, w := range words {
		if have[w] {
			n++
		}
	}
	return 2*n > len(words)
}

func likeness(a, b caravan.Item) float64 {
	if len(a.MinHash) == 0 || len(a.MinHash) != len(b.MinHash) {
		return 0
	}
	n := 0
	for i := range a.MinHash {
		if a.MinHash[i] == b.MinHash[i] {
			n++
		}
	}
	return float64(n) / float64(len(a.MinHash))
}

// newWorld opens an empty store.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "caravan.db"), now: start}
	w.open()
	t.Cleanup(func() { w.Store.Close() })
	return w
}

func (w *world) open() {
	w.t.Helper()
	s, err := store.Open(context.Background(), w.config())
	if err != nil {
		w.t.Fatal(err)
	}
	w.Store = s
}

// reopen closes the store and opens it again.
func (w *world) reopen() {
	w.t.Helper()
	if err := w.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

// folder makes a community of lines; each is "title address" or an address.
func folder(path string, lines ...string) caravan.ListCommunity {
	c := caravan.ListCommunity{Path: strings.Split(path, " / ")}
	for i, l := range lines {
		src := caravan.ListSource{URL: l, Line: i + 1}
		if title, address, ok := strings.Cut(l, " "); ok {
			src.Title, src.URL = title, address
		}
		c.Sources = append(c.Sources, src)
	}
	return c
}

func listOf(folders ...caravan.ListCommunity) caravan.List {
	return caravan.List{Title: "Planet", Communities: folders, Hash: hash(fmt.Sprint(folders))}
}

// sync takes a list over, removals included.
func (w *world) sync(folders ...caravan.ListCommunity) caravan.ListReport {
	w.t.Helper()
	report, err := w.SyncList(context.Background(), listOf(folders...), true)
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

// post makes an item as the article package would.
func post(guid, title, text string, published time.Time) caravan.Item {
	link := "https://posts.example/" + guid
	return withText(caravan.Item{
		GUID: guid, Link: link, Title: title, Language: "en", Published: published,
		Keys: caravan.Keys{GUID: guid, Link: strings.TrimPrefix(link, "https://")},
	}, text)
}

// withText gives an item a text and what follows from it.
func withText(it caravan.Item, text string) caravan.Item {
	it.Text, it.Content, it.Summary = text, "<p>"+text+"</p>", text
	it.Words = len(strings.Fields(text))
	it.Raw = []byte("<p class=x>" + text + "</p>")
	it.Keys.Content, it.Keys.Fingerprint = hash(text), hash(it.Title+text)
	return it
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// poll stores a poll of a source that read these items.
func (w *world) poll(slug string, items ...caravan.Item) caravan.PollReport {
	w.t.Helper()
	report, err := w.SavePoll(context.Background(), w.result(slug, items...))
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

// result makes the result of a poll that begins now.
func (w *world) result(slug string, items ...caravan.Item) caravan.PollResult {
	w.t.Helper()
	src, err := w.Source(context.Background(), slug)
	if err != nil {
		w.t.Fatal(err)
	}
	now := w.clock()
	u, _ := url.Parse(src.URL)
	return caravan.PollResult{
		Claim: caravan.Claim{Source: src, Host: u.Host}, Started: now, Took: time.Second, Status: 200,
		Document: &caravan.Document{Feed: caravan.FeedInfo{Title: "Feed of " + slug, Link: "https://" + u.Host + "/"}, Items: items},
		State:    caravan.PollState{LastPoll: now, LastSuccess: now, NextPoll: now.Add(time.Hour), Status: 200},
		Decision: "every hour",
	}
}

// titles returns the titles of the heads of stories.
func titles(stories []caravan.Story) []string {
	var out []string
	for _, s := range stories {
		out = append(out, s.Head.Title)
	}
	return out
}

// must returns v when there is no error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
