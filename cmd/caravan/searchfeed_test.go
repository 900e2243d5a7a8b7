package main

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
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
