package fetcher

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"

	"caravan"
)

// corpusFeeds returns the corpus's real feeds, by name.
func corpusFeeds(t *testing.T) map[string][]byte {
	t.Helper()
	root := os.Getenv("CARAVAN_SHARED")
	if root == "" {
		t.Skip("CARAVAN_SHARED does not name the folder with the corpus")
	}
	names, err := filepath.Glob(filepath.Join(root, "corpus/feeds/*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus in %s: %v", root, err)
	}
	feeds := make(map[string][]byte)
	for _, name := range names {
		if feeds[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return feeds
}

// TestCorpusLeavesNoRelativeAddress reads every real feed and looks at each
// address that an item or its content holds.
func TestCorpusLeavesNoRelativeAddress(t *testing.T) { // O09
	items, addresses := 0, 0
	for name, body := range corpusFeeds(t) {
		doc, err := Read(Raw{Body: body, URL: "https://feeds.example/dir/" + name, Now: time.Now()})
		if err != nil {
			continue // no feed, or a broken one: package document counts these
		}
		for _, item := range doc.Items {
			items++
			for _, address := range itemAddresses(t, item) {
				addresses++
				u, err := url.Parse(address)
				if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" || u.Scheme != "mailto" && u.Host == "" {
					t.Errorf("%s: %q in %q", name, address, item.Title)
				}
			}
		}
	}
	t.Logf("%d addresses in %d items, all absolute", addresses, items)
}

// itemAddresses returns the addresses of an item and of its content.
func itemAddresses(t *testing.T, item caravan.Item) []string {
	t.Helper()
	var all []string
	for _, a := range []string{item.Link, item.ImageURL, item.Comments} {
		if a != "" {
			all = append(all, a)
		}
	}
	for _, e := range item.Enclosures {
		all = append(all, e.URL)
	}
	z := html.NewTokenizer(strings.NewReader(item.Content))
	for {
		if z.Next() == html.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				t.Fatal(z.Err())
			}
			return all
		}
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "href", "src", "cite", "poster":
				all = append(all, a.Val)
			case "srcset":
				for _, candidate := range strings.Split(a.Val, ", ") {
					all = append(all, strings.Fields(candidate)[0])
				}
			}
		}
	}
}

// TestCorpusCost prints what reading costs beside gofeed alone, in processor
// time over the same bytes.
func TestCorpusCost(t *testing.T) {
	feeds := corpusFeeds(t)
	spent := func(f func(name string, body []byte)) time.Duration {
		began := processorTime(t)
		for range 3 {
			for name, body := range feeds {
				f(name, body)
			}
		}
		return processorTime(t) - began
	}
	alone := spent(func(_ string, body []byte) {
		gofeed.NewParser().Parse(bytes.NewReader(body)) //nolint:errcheck // what it cannot read is cheaper still
	})
	whole := spent(func(name string, body []byte) {
		Read(Raw{Body: body, URL: "https://feeds.example/" + name, Now: time.Now()}) //nolint:errcheck // as above
	})
	t.Logf("gofeed alone %s, the whole path %s: %.2f times", alone, whole, whole.Seconds()/alone.Seconds())
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
