package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/browser"
)

// vectors are texts that run a script where they are taken for markup, an
// attribute, an address, a part of a script or of XML.
var vectors = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(2)>`,
	`'><svg/onload=alert(3)>`,
	`</title></textarea></script><script>alert(4)</script>`,
	`<a href="javascript:alert(5)">words</a>`,
	`javascript:alert(6)`,
	`"onmouseover="alert(7)" autofocus onfocus="alert(7)" x="`,
	`<iframe srcdoc="<script>parent.alert(8)</script>"></iframe>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(9)&gt;">`,
	`<svg><style><img src=x onerror=alert(10)></style></svg>`,
	`<form action="https://other.invalid/"><button>go</button></form><base href="https://other.invalid/">`,
	`<img src="https://other.invalid/pixel.gif"><link rel=stylesheet href="https://other.invalid/a.css"><style>@import "https://other.invalid/b.css"</style>`,
	"]]><script xmlns=\"http://www.w3.org/1999/xhtml\">alert(13)</script>",
	`{{.Title}}${alert(14)}<!--><script>alert(14)</script-->`,
	"\u202e<b style=\"position:fixed;inset:0\" id=\"main\" class=\"lede\">turned and large</b>",
	`&lt;script&gt;alert(16)&lt;/script&gt;`,
}

// sharedVectors are those of the corpus, where it is there.
func sharedVectors(t *testing.T) []string {
	t.Helper()
	if os.Getenv("CARAVAN_SHARED") == "" {
		return nil
	}
	var out []string
	for _, name := range []string{"dompurify.jsonl", "owasp.jsonl"} {
		file, err := os.Open(sharedPath(t, "xss", name))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var v struct{ Payload string }
			if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			out = append(out, v.Payload)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	if len(out) < 300 {
		t.Fatalf("%d vectors in the corpus", len(out))
	}
	return out
}

// hostileFeed is a feed in which every text and address is a vector.
func hostileFeed(vectors []string) string {
	var b strings.Builder
	e := html.EscapeString
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>%s</title><link>javascript:alert("home")</link><description>%s</description>`, e(vectors[0]), e(vectors[1%len(vectors)]))
	for i, v := range vectors {
		// What XML cannot hold never gets here.
		v = e(strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' {
				return ' '
			}
			return r
		}, strings.ToValidUTF8(v, "")))
		link := fmt.Sprintf("https://hostile.example/%d?q=%s", i, v)
		if i%3 == 0 {
			link = "javascript:alert('link')"
		}
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d %s</guid><title>%s %d</title><link>%s</link><dc:creator>%s</dc:creator><category>%s</category><comments>%s</comments>`, i, v, v, i, link, v, v, v)
		fmt.Fprintf(&b, `<enclosure url="javascript:alert('file')" type="%s" length="1"/><pubDate>%s</pubDate><description>%s</description><content:encoded>%s</content:encoded></item>`,
			v, testNow.Add(-time.Duration(i)*time.Hour).Format(time.RFC1123Z), v, "&lt;p&gt;Number "+fmt.Sprint(i)+" of its kind.&lt;/p&gt;"+v)
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

// hostileWorld is a world in which every community, source and article is called
// as a vector, and says what one says, as it came from its publishers.
func hostileWorld(t *testing.T, vectors []string) (*world, []string) {
	t.Helper()
	w := newWorld(t, testNow)
	const perSource = 60
	list := caravan.List{Title: vectors[0], OwnerName: vectors[1], OwnerEmail: vectors[5], Hash: "hostile"}
	var feeds []string
	for from := 0; from < len(vectors); from += perSource {
		own := vectors[from:min(len(vectors), from+perSource)]
		n := len(feeds)
		feeds = append(feeds, hostileFeed(own))
		list.Communities = append(list.Communities, caravan.ListCommunity{
			Path: []string{vectors[n]}, SiteURL: "javascript:alert('community')",
			Sources: []caravan.ListSource{{
				Title: vectors[n+1], URL: fmt.Sprintf("https://hostile%d.example/feed", n), SiteURL: "javascript:alert('site')", Description: vectors[n+2], Line: 1,
			}},
		})
	}
	if _, err := w.store.SyncList(context.Background(), list, true); err != nil {
		t.Fatal(err)
	}
	sources, err := w.store.Sources(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	slugs := map[string]string{}
	for _, s := range sources {
		slugs[s.URL] = s.Slug
	}
	for n, feed := range feeds {
		address := fmt.Sprintf("https://hostile%d.example/feed", n)
		w.poll(slugs[address], w.read(feed, address))
	}
	return w, hostilePaths(t, w)
}

// hostilePaths are the addresses of all that the world's pages show.
func hostilePaths(t *testing.T, w *world) []string {
	t.Helper()
	ctx := context.Background()
	paths := []string{"/sources", "/about", "/digest/2026-11", "/search?q=number", "/search?tag=alert", "/feed.atom?raw=1", "/feed.rss?raw=1"}
	cursor := ""
	for {
		page, err := w.store.Stories(ctx, caravan.Filter{}, cursor, pageSize)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, "/?cursor="+url.QueryEscape(cursor))
		for _, s := range page.Stories {
			paths = append(paths, "/item/"+s.Head.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	communities, err := w.store.Communities(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range communities {
		paths = append(paths, "/c/"+c.Slug, "/c/"+c.Slug+"/digest/2026-11")
	}
	sources, err := w.store.Sources(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		paths = append(paths, "/s/"+s.Slug)
	}
	return paths
}

// askedWith are the addresses that take a text from their visitor.
func askedWith(v string) []string {
	q := url.QueryEscape(v)
	return []string{
		"/search?q=" + q, "/search?q=" + q + "&plain=1&sort=newest", "/search?tag=" + q, "/search?q=a&language=" + q + "&community=" + q, "/search?q=a&at=" + q + "&page=2",
		"/?community=" + q, "/?cursor=" + q, "/?lang=" + q, "/digest/2026-11?language=" + q, "/sources?state=" + q + "&sort=" + q,
		"/" + url.PathEscape(v), "/item/" + url.PathEscape(v), "/search.atom?raw=1&q=" + q, "/api/v1/search?q=" + q,
	}
}

// nothingRuns shows addresses and fails for whatever runs, could run, or asks
// anything of anybody else.
func nothingRuns(t *testing.T, tab *browser.Tab, site string, paths []string) {
	t.Helper()
	for _, path := range paths {
		do(t, tab.Go(site+path))
		foreign, err := tab.Foreign()
		do(t, err)
		problems, err := tab.Problems()
		do(t, err)
		for _, p := range append(problems, foreign...) {
			t.Errorf("%s: %s", path, p)
		}
	}
}

// nothingOfAPublisherOrVisitorRuns goes from the bytes of feeds, through what
// polls make of them and the store, to the pages; and from the address bar to
// the page. The policy of the pages is one layer, and off in half of it.
func nothingOfAPublisherOrVisitorRuns(t *testing.T, b *browser.Browser) { // S18, S19, S20, S21, S25, S39
	all := append(append([]string(nil), vectors...), sharedVectors(t)...)
	w, paths := hostileWorld(t, all)
	ts := httptest.NewUnstartedServer(nil)
	s := w.indexed(func(c *Config) {
		c.BaseURL, c.Limit, c.SearchLimit = "http://"+ts.Listener.Addr().String(), Limit{1e6, 1e6}, Limit{1e6, 1e6}
	})
	ts.Config.Handler = s.Handler()
	ts.Start()
	t.Cleanup(ts.Close)
	if len(paths) < len(all) {
		t.Fatalf("%d pages for %d vectors", len(paths), len(all))
	}
	for _, noPolicy := range []bool{true, false} {
		tab := open(t, b, browser.Options{NoPolicy: noPolicy})
		nothingRuns(t, tab, ts.URL, paths)
		nothingRuns(t, tab, ts.URL, askedWith(vectors[1]))
		for _, v := range all {
			if len(v) < maxQueryBytes {
				nothingRuns(t, tab, ts.URL, askedWith(v)[:1])
			}
		}
	}
	contentRunsNowhere(t, b, s)
}

// contentRunsNowhere shows the content of the feeds as a reader may that takes
// it as it is, on a page without any policy; and, so that this says something,
// what the publishers sent.
func contentRunsNowhere(t *testing.T, b *browser.Browser, s *Server) {
	var feed struct {
		Items []struct {
			Content string `json:"content_html"`
		}
	}
	if err := json.Unmarshal(get(s.Handler(), "/feed.json?show=full").Body.Bytes(), &feed); err != nil {
		t.Fatal(err)
	}
	var clean strings.Builder
	for _, item := range feed.Items {
		clean.WriteString("<article>" + item.Content + "</article>")
	}
	if len(feed.Items) < len(vectors)/4 {
		t.Fatalf("%d items in the feed", len(feed.Items))
	}
	reader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		body := clean.String()
		if r.URL.Path == "/raw" {
			body = vectors[1]
		}
		fmt.Fprint(w, `<!doctype html><link rel="icon" href="/icon"><title>reader</title>`+body)
	}))
	t.Cleanup(reader.Close)
	tab := open(t, b, browser.Options{NoPolicy: true})
	do(t, tab.Go(reader.URL+"/clean"))
	problems, err := tab.Problems()
	do(t, err)
	foreign, err := tab.Foreign()
	do(t, err)
	for _, p := range append(problems, foreign...) {
		// Pictures are the reader's matter: it gets what the publisher gives.
		if !strings.HasPrefix(p, "request to another site") && !strings.Contains(p, "Failed to load resource") {
			t.Errorf("content of the feed: %s", p)
		}
	}
	do(t, tab.Go(reader.URL+"/raw"))
	problems, err = tab.Problems()
	do(t, err)
	if !strings.Contains(strings.Join(problems, " "), "a script says alert 2") {
		t.Errorf("what the publisher sent does not run: %v", problems)
	}
}
