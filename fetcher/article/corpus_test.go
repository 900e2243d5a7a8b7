package article

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"caravan"
)

// shared returns the path of something in the shared folder, and skips the
// test where that is not at hand.
func shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	root := os.Getenv("CARAVAN_SHARED")
	if root == "" {
		tb.Skip("CARAVAN_SHARED is not set")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Fatal(err)
	}
	return path
}

// A specimen is a feed of the corpus as gofeed reads it, without the repairs
// of package document.
type specimen struct {
	id       string
	language string // by the manifest
	bytes    []byte
	doc      caravan.Document
}

// corpus reads the real feeds of the corpus, leaving out what gofeed cannot
// read by itself.
func corpus(tb testing.TB) []specimen {
	tb.Helper()
	file, err := os.Open(shared(tb, "corpus", "manifest.tsv"))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var all []specimen
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 10 || !strings.HasPrefix(f[1], "feeds/") {
			continue
		}
		data, err := os.ReadFile(shared(tb, "corpus", f[1]))
		if err != nil {
			tb.Fatal(err)
		}
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(data))
		if err != nil {
			continue
		}
		all = append(all, specimen{id: f[0], language: f[9], bytes: data, doc: documentOf(feed)})
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	if len(all) < 300 {
		tb.Fatalf("only %d feeds of the corpus could be read", len(all))
	}
	return all
}

// documentOf maps what gofeed read.
func documentOf(feed *gofeed.Feed) caravan.Document {
	doc := caravan.Document{Feed: caravan.FeedInfo{Link: feed.Link, Language: feed.Language}}
	for _, it := range feed.Items {
		item := caravan.Item{GUID: it.GUID, Link: it.Link, Title: it.Title, Tags: it.Categories, Content: it.Content,
			Summary: it.Description}
		for _, a := range it.Authors {
			item.Authors = append(item.Authors, a.Name)
		}
		doc.Items = append(doc.Items, item)
	}
	return doc
}

// A vector is one attack.
type vector struct {
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

// sharedVectors reads the collected attacks.
func sharedVectors(tb testing.TB) []vector {
	tb.Helper()
	var all []vector
	for _, name := range []string{"dompurify.jsonl", "owasp.jsonl"} {
		data, err := os.ReadFile(shared(tb, "xss", name))
		if err != nil {
			tb.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var v vector
			if err := json.Unmarshal(line, &v); err != nil {
				tb.Fatalf("%s: %v", name, err)
			}
			all = append(all, v)
		}
	}
	if len(all) != 324 {
		tb.Fatalf("%d vectors, want 324", len(all))
	}
	return all
}

func TestCleanHoldsForTheCollectedAttacks(t *testing.T) { // S18
	for _, v := range sharedVectors(t) {
		verify(t, v.Payload, Clean(v.Payload, "https://blog.example/a/b"))
	}
}

func TestCleanHoldsForTheCorpus(t *testing.T) {
	items := 0
	for _, s := range corpus(t) {
		for _, item := range s.doc.Items {
			items++
			for _, src := range []string{item.Content, item.Summary} {
				verify(t, src, Clean(src, item.Link))
			}
		}
		if t.Failed() {
			t.Fatalf("in feed %s", s.id)
		}
	}
	t.Logf("%d items", items)
}
