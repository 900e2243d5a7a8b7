package document

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"caravan"
)

func TestWhatAFeedSaysOfItselfIsMapped(t *testing.T) {
	day := time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, body string
		want       caravan.FeedInfo
	}{
		{"RSS", `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>A &amp;amp; B</title><link>/home</link><description>&lt;p&gt;About&lt;/p&gt; us</description><language>fr-CA</language>
<copyright>© A</copyright><ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour></skipHours><skipDays><day>Sunday</day><day>x</day></skipDays><lastBuildDate>2 Jan 2006</lastBuildDate>
<atom:link rel="self" href="/feed.xml"/><atom:link rel="hub" href="https://hub.example/"/><atom:link rel="license" href="https://l.example/"/><image><url>/i.png</url><title>x</title><link>/x</link></image></channel></rss>`,
			caravan.FeedInfo{Format: "rss 2.0", Title: "A & B", Link: "https://example.org/home", SelfURL: "https://example.org/feed.xml", HubURL: "https://hub.example/", Language: "fr-CA", Description: "About us",
				Rights: "© A", License: "https://l.example/", ImageURL: "https://example.org/i.png", Updated: day, TTL: 90 * time.Minute, SkipHours: []int{0, 7}, SkipDays: []time.Weekday{time.Sunday}}},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pt" xml:base="https://b.example/x/"><id>tag:x</id><title type="html">A &amp;lt; B</title><subtitle>S</subtitle><updated>2006-01-02T00:00:00Z</updated>
<link rel="self" type="application/atom+xml" href="f.atom"/><link href="."/><link rel="hub" href="https://hub.example/"/><rights>R</rights><logo>l.png</logo></feed>`,
			caravan.FeedInfo{Format: "atom 1.0", ID: "tag:x", Title: "A < B", Link: "https://b.example/x/", SelfURL: "https://b.example/x/f.atom", HubURL: "https://hub.example/", Language: "pt", Description: "S",
				Rights: "R", ImageURL: "https://b.example/x/l.png", Updated: day}},
		{"only self", `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><link rel="self" href="/feed"/></feed>`,
			caravan.FeedInfo{Format: "atom 1.0", Title: "A", Link: "https://example.org/", SelfURL: "https://example.org/feed"}},
		{"syndication module", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://other.example/"><title>A</title><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency><dc:language>de</dc:language></channel></rdf:RDF>`,
			caravan.FeedInfo{Format: "rdf 1.0", Title: "A", Link: "https://other.example/", Language: "de", TTL: 6 * time.Hour}},
		{"JSON", `{"version":"https://jsonfeed.org/version/1","title":"A &amp; B","home_page_url":"https://example.org/","feed_url":"/feed.json","description":"D","language":"es","icon":"/i.png","hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`,
			caravan.FeedInfo{Format: "json 1.0", Title: "A & B", Link: "https://example.org/", SelfURL: "https://example.org/feed.json", HubURL: "https://hub.example/", Language: "es", Description: "D", ImageURL: "https://example.org/i.png"}},
		{"absurd values", `<rss version="2.0"><channel><title>A</title><link>javascript:x</link><ttl>-5</ttl><pubDate>0001-01-01</pubDate><skipHours><hour>-1</hour><hour>x</hour></skipHours></channel></rss>`,
			caravan.FeedInfo{Format: "rss 2.0", Title: "A", Link: "https://example.org/"}},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{URL: "https://example.org/dir/"})
		if err != nil || !reflect.DeepEqual(doc.Feed, test.want) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", test.name, err, doc.Feed, test.want)
		}
	}
}

func TestRelativeLinksFollowTheSiteOfAFeedServedElsewhere(t *testing.T) {
	body := `<rss><channel><title>T</title><link>https://site.example/blog/</link><item><title>a</title><link>/a</link></item></channel></rss>`
	for at, want := range map[string]string{
		"https://feeds.example/x":          "https://site.example/a",
		"http://www.site.example/feed.xml": "http://www.site.example/a",
		"":                                 "https://site.example/a",
	} {
		doc, err := Parse([]byte(body), Options{URL: at})
		if err != nil || doc.Items[0].Link != want {
			t.Errorf("from %q: %q, %v, want %q", at, doc.Items[0].Link, err, want)
		}
	}
}

// E25: every hub counts, once, and only those of WebSub.
func TestAllHubsOfAFeedAreKept(t *testing.T) {
	const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>%s</feed>`
	const json = `{"version":"https://jsonfeed.org/version/1.1","title":"A","items":[],"hubs":[%s]}`
	link := func(href string) string { return `<link rel="hub" href="` + href + `"/>` }
	tests := []struct {
		name, body string
		want       []string
	}{
		{"none", fmt.Sprintf(atom, ""), []string{""}},
		{"two, one twice", fmt.Sprintf(atom, link("https://a.example/")+link("/b")+link("https://a.example/")), []string{"https://a.example/", "https://example.org/b"}},
		{"no address of the web", fmt.Sprintf(atom, link("javascript:x")+link("xmpp:a@b.example")+link("https://c.example/")), []string{"https://c.example/"}},
		{"many", fmt.Sprintf(atom, link("/1")+link("/2")+link("/3")+link("/4")+link("/5")+link("/6")),
			[]string{"https://example.org/1", "https://example.org/2", "https://example.org/3", "https://example.org/4", "https://example.org/5"}},
		{"JSON", fmt.Sprintf(json, `{"type":"rssCloud","url":"https://cloud.example/"},{"type":"websub","url":"https://a.example/"},{"url":"https://b.example/"},{"type":7}`),
			[]string{"https://a.example/", "https://b.example/"}},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{URL: "https://example.org/dir/"})
		if got := append([]string{doc.Feed.HubURL}, doc.Feed.OtherHubs...); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}
