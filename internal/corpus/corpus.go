// Package corpus finds and reads the shared folder of real feeds, for tests:
// CARAVAN_SHARED names it.
package corpus

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"caravan"
)

// Path returns the path of something in the shared folder, and skips the
// test where that is not at hand.
func Path(tb testing.TB, parts ...string) string {
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

// A Feed is a feed of the corpus as gofeed reads it, without the repairs
// of package document.
type Feed struct {
	ID       string
	Language string // by the manifest
	Bytes    []byte
	Document caravan.Document
}

// Feeds reads the real feeds of the corpus, leaving out what gofeed cannot
// read by itself.
func Feeds(tb testing.TB) []Feed {
	tb.Helper()
	file, err := os.Open(Path(tb, "corpus", "manifest.tsv"))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var all []Feed
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 10 || !strings.HasPrefix(f[1], "feeds/") {
			continue
		}
		data, err := os.ReadFile(Path(tb, "corpus", f[1]))
		if err != nil {
			tb.Fatal(err)
		}
		feed, err := gofeed.NewParser().Parse(bytes.NewReader(data))
		if err != nil {
			continue
		}
		all = append(all, Feed{ID: f[0], Language: f[9], Bytes: data, Document: documentOf(feed)})
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
