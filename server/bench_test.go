package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"
)

// BenchmarkFeed asks for /feed.atom over HTTP, whole and with the validator it
// has, and beside it a bare handler that writes the same bytes: the server must
// reach 0.7 of its requests per second.
func BenchmarkFeed(b *testing.B) {
	w := newWorld(b, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	w.poll("alpha", w.read(rssOf("alpha", 100, testNow.Add(-time.Hour)), "https://alpha.example/feed"))
	handler := w.Handler()
	sample := get(handler, "/feed.atom", "Accept-Encoding: gzip")
	etag, body := sample.Header().Get("ETag"), sample.Body.Bytes()
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/atom+xml; charset=utf-8")
		h.Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
	for _, kind := range []struct {
		name, etag string
		status     int
	}{{"full", "", http.StatusOK}, {"304", etag, http.StatusNotModified}} {
		for _, h := range []struct {
			name    string
			handler http.Handler
		}{{"bare", bare}, {"server", handler}} {
			b.Run(kind.name+"/"+h.name, func(b *testing.B) {
				ts := httptest.NewServer(h.handler)
				defer ts.Close()
				for b.Loop() {
					fetchFeed(b, ts, kind.etag, kind.status)
				}
			})
		}
	}
}

// fetchFeed makes one request as a feed reader does.
func fetchFeed(b *testing.B, ts *httptest.Server, etag string, status int) {
	r, err := http.NewRequest(http.MethodGet, ts.URL+"/feed.atom", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	resp, err := ts.Client().Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != status {
		b.Fatalf("%d, %v", resp.StatusCode, err)
	}
}
