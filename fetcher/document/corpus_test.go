package document

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/document/charset"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/markup"
)

// A reading is what another parser read of a file of the corpus.
type reading struct {
	ID         string         `json:"id"`
	File       string         `json:"file"`
	Version    string         `json:"version"`
	Entries    []readingEntry `json:"entries"`
	ServedWith string         `json:"served_with_content_type"`
	DoubleUTF8 int            `json:"double_utf8_sequences"`
	N          int            `json:"n_entries"`
	Second     *struct {
		N     int    `json:"n_entries"`
		Error string `json:"error"`
	} `json:"second"`
	Feed struct {
		Title string `json:"title"`
		Link  string `json:"link"`
	} `json:"feed"`
}

type readingEntry struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Link      string `json:"link"`
	Published string `json:"published"`
	Updated   string `json:"updated"`
	DateRaw   string `json:"date_raw"`
	Agree     string `json:"agree"`
}

// corpus returns the folder of the corpus and what others read of its feeds.
func corpus(t testing.TB) (dir string, readings []reading) {
	shared := os.Getenv("CARAVAN_SHARED")
	if shared == "" {
		t.Skip("CARAVAN_SHARED is not set")
	}
	dir = filepath.Join(shared, "corpus")
	files, err := filepath.Glob(filepath.Join(dir, "expected", "[fc]*.json"))
	if err != nil || len(files) < 1000 {
		t.Fatalf("%d readings in %s: %v", len(files), dir, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r reading
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		readings = append(readings, r)
	}
	return dir, readings
}

func readCorpus(t testing.TB, dir, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A figure is one row of the corpus check.
type figure struct {
	name         string
	least        float64
	asked, equal int
	misses       []string
}

// add counts one comparison; what tells a miss.
func (f *figure) add(equal bool, what string, args ...any) {
	f.asked++
	if equal {
		f.equal++
		return
	}
	f.misses = append(f.misses, fmt.Sprintf(what, args...))
}

func (f *figure) share() float64 { return float64(f.equal) / float64(max(f.asked, 1)) }

// A scorecard holds the figures of the corpus check.
type scorecard struct {
	read, refused, conformance, count, title, link, date, id, absolute figure
}

func newScorecard(feeds int) *scorecard {
	return &scorecard{
		read:        figure{name: "real feeds read", least: 1 - 2/float64(feeds)},
		refused:     figure{name: "non-feeds refused", least: 1},
		conformance: figure{name: "conformance cases with entries, read", least: 0.98},
		count:       figure{name: "item count", least: 1},
		title:       figure{name: "title", least: 0.999},
		link:        figure{name: "link", least: 0.999},
		date:        figure{name: "date", least: 0.999},
		id:          figure{name: "id", least: 0.995},
		absolute:    figure{name: "absolute addresses", least: 1},
	}
}

// corpusURL is where the documents of the corpus are said to come from.
const corpusURL = "https://corpus.example/dir/feed"

func TestCorpus(t *testing.T) {
	dir, readings := corpus(t)
	feeds := 0
	for _, r := range readings {
		if r.real() {
			feeds++
		}
	}
	s := newScorecard(feeds)
	for _, r := range readings {
		doc, err := Parse(readCorpus(t, dir, r.File), Options{ContentType: r.ServedWith, URL: corpusURL})
		s.take(r, doc, err)
	}
	for _, f := range []*figure{&s.read, &s.refused, &s.conformance, &s.count, &s.title, &s.link, &s.date, &s.id, &s.absolute} {
		t.Logf("%-38s %5d of %5d  %7.3f %%  (at least %6.2f %%)", f.name, f.equal, f.asked, 100*f.share(), 100*f.least)
		for _, miss := range f.misses {
			t.Log("    ", miss)
		}
		if f.asked == 0 || f.share() < f.least {
			t.Errorf("%s: %.4f, want at least %.4f", f.name, f.share(), f.least)
		}
	}
}

// real reports whether a file of the corpus is a feed that somebody published.
func (r reading) real() bool { return strings.HasPrefix(r.ID, "f") && r.Version != "" }

// take scores what was read of one file.
func (s *scorecard) take(r reading, doc caravan.Document, err error) {
	switch {
	case r.real():
		s.read.add(err == nil, "%s: %v", r.File, err)
	case r.Version == "" && strings.HasPrefix(r.ID, "f"):
		s.refused.add(errors.Is(err, ErrNotFeed), "%s: %d items, %v", r.File, len(doc.Items), err)
	case r.N > 0:
		s.conformance.add(err == nil && len(doc.Items) > 0, "%s: %d entries, %v", r.File, r.N, err)
	}
	if err != nil {
		return
	}
	if r.Second == nil || r.Second.Error == "" && r.Second.N == r.N {
		s.count.add(len(doc.Items) == r.N, "%s: %d, want %d; %q", r.File, len(doc.Items), r.N, doc.Problems)
	}
	for i, item := range doc.Items {
		s.takeAddresses(r, item)
		if len(doc.Items) == len(r.Entries) {
			if slices.Contains(doc.Problems, mended) { // theirs is mended in part
				r.Entries[i].Title = mendedWhole(r.Entries[i].Title)
			}
			s.compare(fmt.Sprintf("%s %d", r.File, i), item, r.Entries[i])
		}
	}
}

// mendedWhole returns a title in which another parser mended what was encoded
// twice by way of Latin-1, and took no-break spaces for spaces before, as it was
// meant.
func mendedWhole(title string) string {
	title = strings.NewReplacer("Â ", "Â\u00a0", "Ã ", "Ã\u00a0").Replace(title)
	return markup.Collapse(string(charset.DecodeTwice([]byte(title))))
}

// compare scores the fields on which two other parsers agree.
func (s *scorecard) compare(where string, got caravan.Item, want readingEntry) {
	add := func(f *figure, letter, have, wish string) {
		if strings.Contains(want.Agree, letter) {
			f.add(have == wish, "%s: %q, want %q", where, have, wish)
		}
	}
	add(&s.title, "t", got.Title, want.Title)
	add(&s.id, "i", got.GUID, want.ID)
	link := want.Link
	if link != "" && !href.HasScheme(link) && strings.HasSuffix(got.Link, strings.TrimLeft(link, "./")) {
		link = got.Link // they were given no base, so theirs is relative
	}
	add(&s.link, "l", got.Link, link)
	wish := cmp.Or(want.Published, want.Updated)
	have := ""
	if date := got.Published; !date.IsZero() {
		have = date.Format(time.RFC3339)
	}
	if wish == "" && want.DateRaw != "" {
		return // a date that neither of them can read
	}
	add(&s.date, "d", have, wish)
}

// takeAddresses scores whether the addresses of an item are absolute.
func (s *scorecard) takeAddresses(r reading, item caravan.Item) {
	addresses := []string{item.Link, item.Comments, item.ImageURL, item.License, item.Origin.URL}
	for _, e := range item.Enclosures {
		addresses = append(addresses, e.URL)
	}
	for _, address := range addresses {
		if address != "" {
			s.absolute.add(strings.HasPrefix(address, "http"), "%s: %s", r.File, address)
		}
	}
}

func TestNoRealFeedCostsMuch(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector takes its own time")
	}
	bodies, files := realFeeds(t)
	slowest, name := time.Duration(0), ""
	for i, body := range bodies {
		if took := fastest(slowest, func() { _, _ = Parse(body, Options{}) }); took > slowest {
			slowest, name = took, files[i]
		}
	}
	t.Logf("slowest: %s, %v", name, slowest)
	if slowest > 500*time.Millisecond {
		t.Errorf("%s took %v", name, slowest)
	}
}
