package server

import (
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"caravan"
)

// hostileQueries are what may follow the question mark of any feed's address.
func hostileQueries() []string {
	cursor := func(s string) string { return "cursor=" + base64.RawURLEncoding.EncodeToString([]byte(s)) }
	long := strings.Repeat("x", 20_000)
	return []string{
		"%zz", "&&&;;;=", "q", "=1", "a;b=c&utm_source=x", "q=%00%ff%0d%0aX-Evil:1", "q=" + long, "q=" + strings.Repeat("%28", 200), "q=%22", "q=-", "q=NOT", "q=*", "q=a*%20OR%20*",
		"q=" + url.QueryEscape(strings.Repeat("a OR ", 60)+"a"), "q=source:", "q=after:yesterday", "plain=1&q=%22%28", "exact=1&q=x",
		"language=%3Cx%3E", "language=en&language=fr&language=" + strings.Repeat("z", 300), "language=%0d%0a", "community=nobody", "community=../../etc", "source=%2e%2e",
		"tag=%3C/title%3E", "tag=" + long, strings.Repeat("tag=a&", 500) + "tag=b", "community=labs&source=alpha&language=en&tag=x&after=2026&before=2020",
		"after=0000", "after=9999-12-31", "before=-1", "after=2026-13-40", "after=2026-11-24T10:30:00Z", "after=0001-01-01&before=9999-12-31", "after=%00",
		"show=half", "show=", "show=TITLE&show=full", "raw=1", "lang=xx", "sort=newest", "sort=worst", "limit=-1", "limit=1e9", "page=0", "page=99999999999999999999", "at=%00", "at=" + long,
		"archive=2026-11-24", "archive=2026-11", "archive=0000-00-00", "archive=9999-12-31", "archive=-1", "archive=2026-11-24%00", "archive=" + long, "archive=2026-02-30", "archive=2026-11-24&cursor=x",
		"cursor=", "cursor=!!", "cursor=" + long, "cursor=%00", cursor(""), cursor("0"), cursor("-1"), cursor("zzzzzzzzzzzzzzzzzzzzzz"), cursor(",,,,"), cursor("1y2p0ij32e8e7,0"),
		cursor(fmt.Sprintf("%s,-%s", i36(math.MaxInt64), i36(math.MaxInt64))), cursor(i36(math.MaxInt64) + ",1"), cursor(i36(math.MinInt64)), cursor("5,3,alpha:x"), cursor("5,3,:1,:2"),
		cursor("1," + strings.Repeat("1,", 100)), "cursor=zz.aaaaaaaaaaaaaaaa.5", "cursor=" + i36(math.MaxInt64) + ".aaaaaaaaaaaaaaaa.5", "cursor=" + i36(math.MinInt64) + ".aaaaaaaaaaaaaaaa.999",
		"cursor=1.aaaaaaaaaaaaaaaa.-1", "cursor=1.aaaaaaaaaaaaaaaa.99999",
	}
}

// i36 writes a number as cursors do.
func i36(n int64) string { return strconv.FormatInt(n, 36) }

// Whatever is asked of a feed, the answer is the feed, the way to it, or a
// sentence that says what is wrong: never a failure of ours, never markup.
func TestHostileQueriesGetASentence(t *testing.T) {
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	w.poll("alpha", w.read(rssOf("alpha", 20, testNow.Add(-time.Hour)), "https://alpha.example/feed"))
	h := w.Handler()
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/c/labs/feed.atom", "/s/alpha/feed.rss", "/search.atom", "/search.json", "/feeds.opml", "/c/labs/feeds.opml", "/opensearch.xml"} {
		for _, query := range hostileQueries() {
			target := path + "?" + query
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := ask(h, method, target)
				kind, _, _ := strings.Cut(a.Header().Get("Content-Type"), ";")
				switch a.Code {
				case http.StatusOK:
					if kind == "text/html" || a.Header().Get("ETag") == "" {
						t.Errorf("%s %.120s = 200 %s with the tag %q", method, target, kind, a.Header().Get("ETag"))
					}
				case http.StatusFound:
					if to := a.Header().Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\r\n<\"") {
						t.Errorf("%s %.120s leads to %q", method, target, to)
					}
				case http.StatusBadRequest, http.StatusNotFound:
					if kind != "text/plain" || method == http.MethodGet && a.Body.Len() < 20 {
						t.Errorf("%s %.120s = %d %s %q", method, target, a.Code, kind, a.Body)
					}
				default:
					t.Errorf("%s %.120s = %d %.200s", method, target, a.Code, a.Body)
				}
				if a.Header().Get("X-Evil") != "" {
					t.Errorf("%.120s wrote a header", target)
				}
			}
		}
	}
}

// A document's address says all of what was asked for: no two requests that
// differ share one.
func TestMomentsInFiltersAreKept(t *testing.T) {
	h := serverOf(t, newMemory(30)).Handler()
	for query, want := range map[string]string{
		"after=2026-11-25T03:30:00Z":               "after=2026-11-25T03%3A30%3A00Z",
		"after=2026-11-25T00:00:00Z":               "after=2026-11-25",
		"before=2026-11-25T02:00:00%2B02:00":       "before=2026-11-25",
		"after=2026-11":                            "after=2026-11-01",
		"after=2026-11-25T03:30:00%2B01:00&q=post": "after=2026-11-25T02%3A30%3A00Z&q=post",
	} {
		if got := readAtom(t, h, "/search.atom?"+query).link("self"); got != "/search.atom?"+want {
			t.Errorf("self of %s = %s, want %s", query, got, want)
		}
	}
	day, noon := readAtom(t, h, "/search.atom?after=2026-11-25"), readAtom(t, h, "/search.atom?after=2026-11-25T10:00:00Z")
	if len(noon.Entries) == 0 || len(noon.Entries) >= len(day.Entries) {
		t.Errorf("%d entries after ten, %d of the day", len(noon.Entries), len(day.Entries))
	}
}

// What a client asks of the form of the answer, in odd ways.
func TestOddRequestHeaders(t *testing.T) {
	h := serverOf(t, newMemory(60)).Handler()
	whole := get(h, "/feed.atom")
	tag, gzipTag := whole.Header().Get("ETag"), get(h, "/feed.atom", "Accept-Encoding: gzip").Header().Get("ETag")
	body := whole.Body.String()
	for _, test := range []struct {
		name     string
		headers  []string
		code     int
		encoding string
		body     string // "" is not compared
	}{
		{"a page is wanted", []string{"Accept: text/html"}, 200, "", body},
		{"nothing is acceptable", []string{"Accept: image/png;q=1, */*;q=0"}, 200, "", body},
		{"no encoding is acceptable", []string{"Accept-Encoding: br;q=0, *;q=0"}, 200, "", body},
		{"nonsense for an encoding", []string{"Accept-Encoding: \x01;;;q=,,"}, 200, "", body},
		{"a range", []string{"Range: bytes=0-9"}, 206, "", body[:10]},
		{"the end", []string{"Range: bytes=-10"}, 206, "", body[len(body)-10:]},
		{"beyond the end", []string{"Range: bytes=99999999-"}, 416, "", ""},
		{"many ranges", []string{"Range: bytes=" + strings.Repeat("0-,", 3000) + "0-"}, 200, "", body},
		{"a range of what it knows", []string{"Range: bytes=0-9", "If-Range: " + tag}, 206, "", body[:10]},
		{"a range of something else", []string{"Range: bytes=0-9", `If-Range: "x"`}, 200, "", body},
		{"a range in gzip, known in plain", []string{"Range: bytes=0-9", "If-Range: " + tag, "Accept-Encoding: gzip"}, 200, "gzip", ""},
		{"a range of another unit", []string{"Range: lines=1-2"}, 200, "", body},
		{"a range of nonsense", []string{"Range: bytes"}, 416, "", ""},
		{"a list of tags", []string{`If-None-Match: "a", ,"b",W/` + tag + `, "c`}, 304, "", ""},
		{"tags of nonsense", []string{"If-None-Match: " + strings.Trim(tag, `"`)}, 200, "", body},
		{"a thousand tags", []string{"If-None-Match: " + strings.Repeat(`"x",`, 1000) + tag}, 304, "", ""},
		{"the tag in plain, asked in gzip", []string{"If-None-Match: " + tag, "Accept-Encoding: gzip"}, 200, "gzip", ""},
		{"the tag in gzip, asked in gzip", []string{"If-None-Match: " + gzipTag, "Accept-Encoding: gzip"}, 304, "", ""},
		{"a date before all time", []string{"If-Modified-Since: Mon, 01 Jan 0001 00:00:00 GMT"}, 200, "", body},
		{"a date without end", []string{"If-Modified-Since: " + strings.Repeat("9", 5000)}, 200, "", body},
		{"half a navigation", []string{"Sec-Fetch-Dest: document"}, 200, "", body},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := ask(h, method, "/feed.atom", test.headers...)
			if w.Code != test.code || w.Header().Get("Content-Encoding") != test.encoding {
				t.Errorf("%s: %s = %d in %q, want %d in %q", test.name, method, w.Code, w.Header().Get("Content-Encoding"), test.code, test.encoding)
			}
			if method == http.MethodHead && w.Code < 400 && w.Body.Len() > 0 || method == http.MethodGet && test.body != "" && w.Body.String() != test.body {
				t.Errorf("%s: %s has %d bytes, want %d", test.name, method, w.Body.Len(), len(test.body))
			}
			if w.Code == http.StatusNotModified && (w.Body.Len() > 0 || w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("Content-Type") != "") {
				t.Errorf("%s: 304 with %d bytes, %v", test.name, w.Body.Len(), w.Header())
			}
		}
	}
	two := http.Header{"If-None-Match": {`"x"`, tag}, "Accept-Encoding": {"identity;q=0.1", "br"}}
	r, _ := http.NewRequest(http.MethodGet, "/feed.atom", nil)
	r.Header, r.RequestURI, r.RemoteAddr = two, "/feed.atom", "127.0.0.1:5"
	if w := record(h, r); w.Header().Get("Content-Encoding") != "br" {
		t.Errorf("two lines of Accept-Encoding: %d in %q", w.Code, w.Header().Get("Content-Encoding"))
	}
	delete(two, "Accept-Encoding")
	if w := record(h, r); w.Code != http.StatusNotModified {
		t.Errorf("the tag in a second line = %d, want 304", w.Code)
	}
}

// O13, R15: items from before computers, and from the very moment that their
// time begins, are walked over like others, by page and by archive.
func TestWalkingOverTheBeginningOfTime(t *testing.T) {
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	doc := w.read(rssOf("alpha", 260, testNow.Add(-time.Hour)), "https://alpha.example/feed")
	for i := range doc.Items {
		doc.Items[i].Published = time.Unix(int64(80-i)*86400/4, 0).UTC() // the eightieth at zero
	}
	w.poll("alpha", doc)
	h := w.Handler()
	for _, path := range []string{"/feed.atom", "/c/labs/feed.atom", "/s/alpha/feed.atom"} {
		if n := count(walk(t, h, path, "next")); len(n) != 260 {
			t.Errorf("%s: %d entries by page, want 260", path, len(n))
		}
		archives := walk(t, h, path, "prev-archive")
		seen := count(archives[1:])
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s: %s stands in %d archive documents", path, id, n)
			}
		}
		if all := count(archives); len(all) != 260 {
			t.Errorf("%s: %d entries by archive, want 260", path, len(all))
		}
	}
}

// O13: a walk under way meets what is hidden before it and shown again during
// it at most once, and everything else once.
func TestWalkingWhileThingsComeBack(t *testing.T) {
	w, _ := archiveWorld(t)
	h := w.Handler()
	stories, err := w.store.Feed(t.Context(), caravan.FeedQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var hidden []string
	returning := map[string]bool{}
	for i := 0; i < len(stories); i += 5 {
		hidden = append(hidden, stories[i].Head.ID)
		returning[stories[i].FeedID] = true
	}
	for _, rel := range []string{"next", "prev-archive"} {
		for _, id := range hidden {
			w.hide(t, id)
		}
		steady := count(walk(t, h, "/feed.atom", rel))
		var documents []atomFeed
		for path := "/feed.atom"; path != ""; {
			f := readAtom(t, h, path)
			documents = append(documents, f)
			path = f.link(rel)
			for range min(8, len(hidden)) {
				if err := w.store.Unhide(context.Background(), hidden[(len(documents)*7+len(hidden)/2)%len(hidden)]); err != nil {
					t.Fatal(err)
				}
			}
		}
		if rel == "prev-archive" {
			documents = documents[1:] // what is newest stands in archives too, by design
			steady = count(walk(t, h, "/feed.atom", rel)[1:])
		}
		seen := count(documents)
		for id := range steady {
			if seen[id] == 0 && !returning[id] {
				t.Errorf("%s: %s was missed", rel, id)
			}
		}
		for id, n := range seen {
			if n > 1 {
				t.Errorf("%s: %s was met %d times", rel, id, n)
			}
		}
		for _, id := range hidden {
			if err := w.store.Unhide(context.Background(), id); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A cursor that nobody was given does not make the server read its whole
// archive for an empty page.
func TestCursorThatHoldsEverythingIsRefused(t *testing.T) {
	m := newMemory(3000)
	h := serverOf(t, m).Handler()
	cursor := base64.RawURLEncoding.EncodeToString([]byte(i36(math.MaxInt64) + ",1"))
	if w := get(h, "/feed.atom?cursor="+cursor); w.Code != http.StatusBadRequest {
		t.Errorf("= %d with %d bytes, want 400", w.Code, w.Body.Len())
	}
	if both := readAtom(t, h, "/feed.atom?archive=2026-11-24&cursor=zz"); both.link("self") != "/feed.atom?archive=2026-11-24" {
		t.Errorf("self of an archive with a cursor = %s", both.link("self"))
	}
}
