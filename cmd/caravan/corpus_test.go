package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"caravan/internal/publisher"
)

// An oracle is what an independent parser read in one file of the corpus.
type oracle struct {
	Entries int `json:"n_entries"`
	Second  *struct {
		Entries int `json:"n_entries"`
	}
	Items []struct {
		Title string
		ID    string
		Link  string
		Agree string
	} `json:"entries"`
}

// agreed reports whether both of the corpus's parsers found the same number of
// items, and more than none.
func (o oracle) agreed() bool {
	return o.Entries > 0 && o.Second != nil && o.Second.Entries == o.Entries
}

// shared returns a folder of the material that tests use and do not hold.
func shared(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("CARAVAN_SHARED")
	if root == "" {
		t.Skip("CARAVAN_SHARED does not name the folder with the corpus")
	}
	dir := filepath.Join(root, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// newCorpusPlanet is a planet of the corpus's real feeds on fifty hosts, each
// with what the oracle says of it, by title.
func newCorpusPlanet(t *testing.T) (*planet, map[string]oracle) {
	t.Helper()
	feeds, err := publisher.LoadDir(shared(t, "corpus/feeds"))
	if err != nil {
		t.Fatal(err)
	}
	expected := shared(t, "corpus/expected")
	oracles := make(map[string]oracle)
	for _, f := range feeds {
		id, _, _ := strings.Cut(f.Title, "-")
		text, err := os.ReadFile(filepath.Join(expected, id+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var o oracle
		if err := json.Unmarshal(text, &o); err != nil {
			t.Fatalf("expected/%s.json: %v", id, err)
		}
		oracles[f.Title] = o
	}
	p := &planet{t: t}
	dir := t.TempDir()
	p.feeds, p.data = filepath.Join(dir, "feeds.opml"), filepath.Join(dir, "data")
	p.publish(feeds, 50)
	return p, oracles
}

// TestCorpusGoesTheWholeWay polls, stores, indexes and serves every real feed of
// the corpus, and holds what comes out against the oracles.
func TestCorpusGoesTheWholeWay(t *testing.T) {
	p, oracles := newCorpusPlanet(t)
	started := time.Now()
	p.must("poll")
	t.Logf("%d feeds polled and indexed in %.1f s", len(p.pub.Feeds), time.Since(started).Seconds())
	requests := p.pub.Stats.Requests.Load()
	p.must("poll") // as after a restart
	if n := p.pub.Stats.Requests.Load(); n != requests {
		t.Errorf("a restart made %d requests, want none", n-requests)
	}
	p.serveAnd(func(base string) {
		checkCounts(t, base, p.pub.Feeds, oracles)
		checkTitles(t, base, oracles)
	})
	unconditional := p.pub.Stats.Unconditional.Load()
	out := p.must("poll", "--again")
	t.Log("poll --again: ", out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:])
	// What could not be read has no validators that may be sent (E07).
	again, failed := p.pub.Stats.Requests.Load()-requests, p.pub.Stats.Unconditional.Load()-unconditional
	if notModified := p.pub.Stats.NotModified.Load(); notModified != again-failed {
		t.Errorf("of %d conditional requests %d were answered 304", again-failed, notModified)
	}
}

// checkCounts holds the number of items of every source against the oracles.
func checkCounts(t *testing.T, base string, feeds []publisher.Placed, oracles map[string]oracle) {
	t.Helper()
	var answer struct {
		Sources []struct {
			Title, Status, Sentence string
			URL                     string
			Items                   int
		}
	}
	if err := json.Unmarshal(fetch(t, base+"/api/v1/sources"), &answer); err != nil {
		t.Fatal(err)
	}
	items := make(map[string]int)
	for _, s := range answer.Sources {
		items[s.URL] = s.Items
	}
	compared, equal, lost := 0, 0, 0
	for _, f := range feeds {
		o := oracles[f.Title]
		if parsed, err := gofeed.NewParser().Parse(bytes.NewReader(f.Body())); err == nil && len(parsed.Items) > 0 && items[f.URL] == 0 {
			lost++
			t.Errorf("%s: gofeed reads %d items, caravan has none", f.Title, len(parsed.Items))
		}
		if !o.agreed() {
			continue
		}
		compared++
		want := o.distinct()
		if items[f.URL] == want || items[f.URL] == o.Entries {
			equal++
		} else {
			t.Logf("%s: %d items, the oracle has %d (%d distinct)", f.Title, items[f.URL], o.Entries, want)
		}
	}
	t.Logf("item count equal in %d of %d feeds on which both oracles agree; %d lost of those that gofeed reads", equal, compared, lost)
	if equal < compared-compared/100 {
		t.Errorf("item counts equal in %d of %d feeds", equal, compared)
	}
}

// distinct counts the items that differ in id, link or title: a document that
// repeats one holds it once.
func (o oracle) distinct() int {
	seen := make(map[string]bool)
	for _, e := range o.Items {
		seen[e.ID+"\x00"+e.Link+"\x00"+e.Title] = true
	}
	return len(seen)
}

// checkTitles searches for exact titles.
func checkTitles(t *testing.T, base string, oracles map[string]oracle) {
	t.Helper()
	var titles []string
	for _, f := range sortedKeys(oracles) {
		for _, e := range oracles[f].Items {
			if strings.Contains(e.Agree, "t") && len(strings.Fields(e.Title)) > 1 {
				titles = append(titles, e.Title)
			}
		}
	}
	rng := rand.New(rand.NewPCG(2, 26))
	const tries = 100
	first := 0
	for range tries {
		title := titles[rng.IntN(len(titles))]
		var result found
		if err := json.Unmarshal(fetch(t, base+"/api/v1/search?limit=1&q="+url.QueryEscape(title)), &result); err != nil {
			t.Fatal(err)
		}
		if len(result.Items) > 0 && plain(result.Items[0].Title) == plain(title) {
			first++
		} else {
			t.Logf("not first: %q (%d found)", title, result.Total)
		}
	}
	t.Logf("an item of the title searched for came first in %d of %d tries", first, tries)
	if first < 97 {
		t.Errorf("first in %d of %d tries, want 97", first, tries)
	}
}

// plain compares titles but for white space and case.
func plain(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
