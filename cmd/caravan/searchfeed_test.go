package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan/internal/publisher"
)

func TestFeedOfAQueryThatDoesNotParseIsOfItsWords(t *testing.T) { // O26
	p := newPlanet(t)
	p.must("poll")
	post := p.load.Posts(0)[0]
	p.serveAnd(func(base string) {
		for _, q := range []string{`<a>&"']]>`, `"` + post.Planted, post.Planted + ` )`} {
			body := string(fetch(t, base+"/search.atom?q="+url.QueryEscape(q)))
			var doc struct {
				Entries []struct {
					Title string `xml:"title"`
				} `xml:"entry"`
			}
			if err := xml.Unmarshal([]byte(body), &doc); err != nil {
				t.Fatalf("feed of %s: %v", q, err)
			}
			if strings.Contains(q, post.Planted) && (len(doc.Entries) != 1 || doc.Entries[0].Title != post.Title) {
				t.Errorf("feed of %s holds %+v", q, doc.Entries)
			}
		}
	})
}

// O26: the feed of a search holds, page by page, what the search finds by date,
// in the same order, each once.
func TestFeedOfASearchIsTheSearchByDate(t *testing.T) {
	p := newPlanet(t)
	p.load = publisher.Load{Feeds: 8, Items: 40, Seed: 5, Until: time.Now().Add(-time.Hour)}
	p.publish(publisher.Synthetic(p.load), p.load.Feeds)
	p.must("poll")
	p.serveAnd(func(base string) {
		type page struct {
			Items []struct {
				URL       string `json:"url"`
				Published string `json:"date_published"`
			} `json:"items"`
			Next string `json:"next_url"`
		}
		read := func(address string, into any) {
			if err := json.Unmarshal(fetch(t, address), into); err != nil {
				t.Fatalf("GET %s: %v", address, err)
			}
		}
		for _, q := range []string{"after=1990-01-01", "q=-zebra+after:1990", "q=the"} {
			var feed, found []string
			for next := base + "/search.json?" + q; next != ""; {
				var doc page
				read(next, &doc)
				for _, item := range doc.Items {
					feed = append(feed, item.URL)
				}
				if next = doc.Next; next != "" {
					_, path, _ := strings.Cut(next, "/search.json")
					next = base + "/search.json" + path
				}
			}
			for n := 1; ; n++ {
				var doc page
				read(fmt.Sprintf("%s/api/v1/search?%s&sort=newest&limit=100&page=%d", base, q, n), &doc)
				for _, item := range doc.Items {
					found = append(found, item.URL)
				}
				if len(doc.Items) < 100 {
					break
				}
			}
			if !slices.Equal(feed, found) {
				t.Errorf("%s: the feed has %d entries, the search %d, or in another order", q, len(feed), len(found))
			}
			if len(feed) < 200 && q != "q=the" {
				t.Errorf("%s finds %d entries, want more than fit on two pages", q, len(feed))
			}
		}
	})
}
