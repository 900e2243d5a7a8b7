package server

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/server/feed"
)

// An atomFeed is a document as a program that follows links reads it.
type atomFeed struct {
	Updated string `xml:"updated"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Archive *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
	Entries []struct {
		ID        string `xml:"id"`
		Title     string `xml:"title"`
		Published string `xml:"published"`
		Updated   string `xml:"updated"`
		Content   string `xml:"content"`
		Summary   string `xml:"summary"`
	} `xml:"entry"`
	Deleted []struct {
		Ref  string `xml:"ref,attr"`
		When string `xml:"when,attr"`
	} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
}

// link returns the path of the link with a relation, or nothing.
func (f atomFeed) link(rel string) string {
	for _, l := range f.Links {
		if l.Rel == rel {
			return strings.TrimPrefix(l.Href, "https://planet.example")
		}
	}
	return ""
}

// ids returns the ids of a document's entries.
func (f atomFeed) ids() []string {
	var out []string
	for _, e := range f.Entries {
		out = append(out, e.ID)
	}
	return out
}

// readAtom fetches and reads an Atom document.
func readAtom(t testing.TB, h http.Handler, path string) atomFeed {
	t.Helper()
	w := get(h, path)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s = %d %s", path, w.Code, w.Body)
	}
	var f atomFeed
	if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return f
}

// walk follows the links of a relation from a document on, and returns all.
func walk(t testing.TB, h http.Handler, path, rel string) []atomFeed {
	t.Helper()
	var out []atomFeed
	for path != "" {
		f := readAtom(t, h, path)
		out = append(out, f)
		if path = f.link(rel); len(out) > 2000 {
			t.Fatal("the walk does not end")
		}
	}
	return out
}

// O02, O11, O25: types, caching, CORS, and the policy of raw documents.
func TestFeedHeaders(t *testing.T) {
	h := serverOf(t, newMemory(10), func(c *Config) { c.Hub = "https://hub.example/" }).Handler()
	for path, want := range map[string]string{
		"/feed.atom": "application/atom+xml", "/c/labs/feed.rss": "application/rss+xml", "/s/alpha/feed.json": "application/feed+json",
		"/search.atom?q=post": "application/atom+xml", "/feeds.opml": "text/x-opml", "/c/labs/feeds.opml": "text/x-opml",
		"/opensearch.xml": "application/opensearchdescription+xml", "/sitemap.xml": "application/xml", "/robots.txt": "text/plain",
	} {
		w := get(h, path, "Accept-Encoding: gzip")
		for name, value := range map[string]string{
			"Content-Type": want + "; charset=utf-8", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*",
			"Vary": "Accept-Encoding", "Content-Encoding": "gzip", "Content-Security-Policy": rawPolicy,
		} {
			if got := w.Header().Get(name); got != value {
				t.Errorf("GET %s: %s = %q, want %q", path, name, got, value)
			}
		}
		if cache := w.Header().Get("Cache-Control"); !slices.Contains([]string{"public, max-age=300", "public, max-age=3600", "public, max-age=86400"}, cache) {
			t.Errorf("GET %s: Cache-Control = %q", path, cache)
		}
	}
	// O18: hub and exactly one self in the Link header.
	if got, want := get(h, "/feed.rss").Header().Get("Link"), `<https://planet.example/feed.rss>; rel="self", <https://hub.example/>; rel="hub"`; got != want {
		t.Errorf("Link = %s, want %s", got, want)
	}
}

// O03, O04: the same bytes for every request and after a restart.
func TestFeedsAreTheSameBytesUntilSomethingChanges(t *testing.T) {
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	w.poll("alpha", w.read(rssOf("alpha", 5, testNow.AddDate(0, 0, -3)), "https://alpha.example/feed"))
	paths := []string{"/feed.atom", "/feed.rss", "/feed.json", "/c/labs/feed.atom", "/feeds.opml", "/search.json?q=post", "/feed.atom?archive=2026-11-20"}
	before := map[string]string{}
	h := w.Handler()
	for _, path := range paths {
		before[path] = get(h, path).Body.String()
	}
	w.set(testNow.Add(2 * time.Hour))
	for _, path := range paths {
		if get(h, path).Body.String() != before[path] {
			t.Errorf("%s differs two hours later", path)
		}
	}
	w.reopen()
	h = w.Handler()
	for _, path := range paths {
		if got := get(h, path).Body.String(); got != before[path] {
			t.Errorf("%s differs after a restart:\n%s\nwas\n%s", path, got, before[path])
		}
	}
}

// rssOf is an RSS document of a source: n posts, a day apart, ending at last.
func rssOf(source string, n int, last time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>%s</title><link>https://%s.example/</link>`, source, source)
	for i := range n {
		at := last.AddDate(0, 0, -i)
		fmt.Fprintf(&b, `<item><title>Post of %s by %s</title><guid>https://%s.example/%s</guid><link>https://%s.example/%s</link><pubDate>%s</pubDate><description>Words of %s that nobody else has written, on day %d.</description></item>`,
			at.Format(time.DateOnly), source, source, at.Format(time.DateOnly), source, at.Format(time.DateOnly), at.Format(time.RFC1123Z), source, at.YearDay())
	}
	return b.String() + `</channel></rss>`
}

// O19, S28: what a request says of the host changes nothing.
func TestHostHeaderIsNotBelieved(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/feeds.opml", "/opensearch.xml", "/sitemap.xml", "/robots.txt"} {
		w := get(h, path, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: gopher", "Forwarded: host=evil.example")
		if body := w.Body.String(); strings.Contains(body, "evil.example") || strings.Contains(body, "http://example.com") {
			t.Errorf("%s repeats the host of the request", path)
		}
	}
}

// O26, S25: a query stands in titles and links escaped, and never as markup.
func TestSearchFeedsEscapeTheQuery(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	query := `<a>&"']]> é`
	path := "/search.atom?q=" + url.QueryEscape(query)
	f := readAtom(t, h, path)
	if want := "/search.atom?q=%3Ca%3E%26%22%27%5D%5D%3E%20%C3%A9"; f.link("self") != want {
		t.Errorf("self = %s, want %s", f.link("self"), want)
	}
	var head struct {
		Title string `xml:"title"`
		Query struct {
			Terms string `xml:"searchTerms,attr"`
		} `xml:"http://a9.com/-/spec/opensearch/1.1/ Query"`
	}
	if err := xml.Unmarshal(get(h, path).Body.Bytes(), &head); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(head.Title, query) || head.Query.Terms != url.PathEscape(query) && head.Query.Terms != "%3Ca%3E%26%22%27%5D%5D%3E%20%C3%A9" {
		t.Errorf("title %q, terms %q", head.Title, head.Query.Terms)
	}
}

// One document has one address: parameters in another order, or unknown ones,
// make no other document.
func TestSelfIsTheOneAddressOfADocument(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	for path, want := range map[string]string{
		"/feed.atom?utm_source=x&show=full":                       "/feed.atom",
		"/feed.atom?show=title&language=FR":                       "/feed.atom?language=fr&show=title",
		"/search.atom?tag=labs&q=post&q=ignored&after=2026-11-01": "/search.atom?after=2026-11-01&q=post&tag=labs",
		"/search.atom?sort=newest&page=1&q=post":                  "/search.atom?q=post",
	} {
		if got := readAtom(t, h, path).link("self"); got != want {
			t.Errorf("self of %s = %s, want %s", path, got, want)
		}
	}
}

// A filter that is another list's has the address of that list.
func TestFiltersLeadToTheirFeed(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	for path, want := range map[string]string{
		"/feed.rss?community=labs":                     "/c/labs/feed.rss",
		"/feed.json?source=alpha&language=en":          "/s/alpha/feed.json?language=en",
		"/feed.atom?community=labs&community=cities":   "/search.atom?community=labs&community=cities",
		"/feed.atom?tag=labs":                          "/search.atom?tag=labs",
		"/c/labs/feed.atom?tag=labs&show=excerpt":      "/search.atom?community=labs&show=excerpt&tag=labs",
		"/search.rss?show=title":                       "/feed.rss?show=title",
		"/feed.atom?q=post":                            "/search.atom?q=post",
		"/feed.atom?community=labs&tag=x&archive=2026": "/search.atom?community=labs&tag=x",
	} {
		w := get(h, path)
		if w.Code != http.StatusFound || w.Header().Get("Location") != want {
			t.Errorf("GET %s = %d to %s, want 302 to %s", path, w.Code, w.Header().Get("Location"), want)
		}
	}
}

// O25: a feed that is not there is no page; moved slugs lead on.
func TestFeedsThatAreNotThere(t *testing.T) {
	m := newMemory(3)
	m.moved["old-labs"] = "labs"
	h := serverOf(t, m).Handler()
	for path, want := range map[string]int{
		"/c/nobody/feed.atom": http.StatusNotFound, "/s/nobody/feed.rss": http.StatusNotFound, "/feed.xml": http.StatusNotFound,
		"/c/nobody/feeds.opml": http.StatusNotFound, "/feed.atom?archive=2020-01-01": http.StatusNotFound,
		"/feed.atom?archive=2026-11": http.StatusBadRequest, "/c/labs/feed.atom?archive=2026-11-24": http.StatusBadRequest,
		"/feed.atom?cursor=!!": http.StatusBadRequest, "/feed.atom?show=half": http.StatusBadRequest,
		"/search.atom?q=post&cursor=x.y.z": http.StatusBadRequest, "/search.atom?q=%22open": http.StatusBadRequest,
		"/search.atom?q=" + strings.Repeat("x", 300): http.StatusBadRequest,
	} {
		w := get(h, path)
		if w.Code != want || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") || len(w.Body.String()) < 20 {
			t.Errorf("GET %s = %d %s %q, want %d and a sentence", path, w.Code, w.Header().Get("Content-Type"), w.Body, want)
		}
	}
	w := get(h, "/c/old-labs/feed.atom?show=title")
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/c/labs/feed.atom?show=title" {
		t.Errorf("old slug = %d to %s", w.Code, w.Header().Get("Location"))
	}
	w = ask(h, http.MethodPost, "/feed.atom")
	if w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Header().Get("Allow"), "GET, HEAD") {
		t.Errorf("POST = %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
	if w := ask(h, http.MethodOptions, "/feed.atom"); w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Headers") == "" {
		t.Errorf("OPTIONS = %d %v", w.Code, w.Header())
	}
}

func TestShowPolicies(t *testing.T) {
	m := newMemory(6)
	m.edit(5, func(st *caravan.Story) { st.Source.Settings.Show = caravan.ShowExcerpt })
	m.edit(4, func(st *caravan.Story) { st.Source.Settings.Show = caravan.ShowTitle })
	h := serverOf(t, m).Handler()
	kind := func(path string) (kinds []string) {
		for _, e := range readAtom(t, h, path).Entries[:3] {
			switch {
			case strings.Contains(e.Content, "The words"):
				kinds = append(kinds, "full")
			case strings.Contains(e.Summary, "is about"):
				kinds = append(kinds, "excerpt")
			case strings.Contains(e.Summary, "Read it at") || strings.Contains(e.Summary, "À lire sur"):
				kinds = append(kinds, "title")
			}
		}
		return kinds
	}
	for path, want := range map[string][]string{
		"/feed.atom": {"excerpt", "title", "full"}, "/feed.atom?show=excerpt": {"excerpt", "title", "excerpt"}, "/feed.atom?show=title": {"title", "title", "title"},
		"/search.atom?q=post": {"excerpt", "title", "full"},
	} {
		if got := kind(path); !slices.Equal(got, want) {
			t.Errorf("%s shows %v, want %v", path, got, want)
		}
	}
}

// O20: what went is told of, once, in the feeds that can.
func TestRemovedEntriesLeaveTombstones(t *testing.T) {
	m := newMemory(5)
	h := serverOf(t, m).Handler()
	before := readAtom(t, h, "/feed.atom")
	gone := m.remove(4)
	f := readAtom(t, h, "/feed.atom")
	if len(f.Deleted) != 1 || f.Deleted[0].Ref != gone.FeedID || slices.Contains(f.ids(), gone.FeedID) {
		t.Errorf("deleted %v, entries %v", f.Deleted, f.ids())
	}
	if f.Updated <= before.Updated {
		t.Errorf("updated %s after %s", f.Updated, before.Updated)
	}
	var doc struct {
		Caravan struct {
			Deleted []struct{ ID string }
		} `json:"_caravan"`
	}
	if err := json.Unmarshal(get(h, "/feed.json").Body.Bytes(), &doc); err != nil || len(doc.Caravan.Deleted) != 1 {
		t.Errorf("json: %v %v", doc, err)
	}
}

// O12: the newest document has at most 250 KB, and what it leaves out follows.
func TestNewestDocumentIsBounded(t *testing.T) {
	m := newMemory(120)
	for i := range 120 {
		m.edit(i, func(st *caravan.Story) { st.Head.Content = "<p>" + strings.Repeat("word ", 2000+i*100) + "</p>" })
	}
	h := serverOf(t, m).Handler()
	for _, f := range feed.Formats() {
		if n := get(h, "/feed."+string(f)).Body.Len(); n > bytesPerFeed || n < bytesPerFeed/2 {
			t.Errorf("%s has %d bytes", f, n)
		}
	}
	seen := map[string]int{}
	for _, f := range walk(t, h, "/feed.atom", "next") {
		for _, id := range f.ids() {
			seen[id]++
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s stands in %d documents", id, n)
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d of 120 entries", len(seen))
	}
}
