package server

import (
	"net/http"
	"strings"
	"testing"
)

// A person who opens a feed in a browser gets a page that says what it is; no
// cache may give it to a reader.
func TestBrowsersGetAPageInPlaceOfAFeed(t *testing.T) {
	h := serverOf(t, newMemory(12)).Handler()
	navigation := []string{"Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate", "Accept: text/html,*/*;q=0.8"}
	for path, home := range map[string]string{
		"/feed.atom": `href="/"`, "/c/labs/feed.rss?show=title": `href="/c/labs"`, "/search.json?q=post%20of": `href="/search?q=post`, "/s/alpha/feed.atom?language=en&lang=fr": `href="/s/alpha?`,
	} {
		w := get(h, path, navigation...)
		body := w.Body.String()
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s = %d %v", path, w.Code, w.Header())
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "style-src 'self'") {
			t.Errorf("%s: policy %s", path, policy)
		}
		address, _, _ := strings.Cut(path, "?")
		for _, want := range []string{`data-copy="` + address, home, "Post 1", "raw=1"} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
	}
	if w := get(h, "/c/nobody/feed.atom", navigation...); w.Code != http.StatusNotFound {
		t.Errorf("unknown community = %d", w.Code)
	}
}

// Programs get the feed, whatever they call themselves and accept.
func TestReadersGetTheFeed(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	for _, headers := range [][]string{
		nil,
		{"User-Agent: Mozilla/5.0 (compatible; Reader/1.0)", "Accept: text/html,application/xhtml+xml"},
		{"Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: cors"},
		{"Sec-Fetch-Dest: iframe", "Sec-Fetch-Mode: navigate"},
	} {
		if w := get(h, "/feed.atom", headers...); w.Header().Get("Content-Type") != "application/atom+xml; charset=utf-8" {
			t.Errorf("with %v: %v", headers, w.Header())
		}
	}
	w := get(h, "/feed.atom?raw=1", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate")
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "application/atom+xml") || w.Body.String() != get(h, "/feed.atom").Body.String() {
		t.Errorf("raw: %v", w.Header())
	}
}
