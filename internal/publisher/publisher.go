// Package publisher is a publisher of feeds on loopback: the other side of the
// wire for tests, for load and for the demo.
//
// A [Feed] is one document with its validators; [Handler] serves a set of them
// as a well-behaved publisher does (ETag, Last-Modified, 304, gzip); [Start]
// spreads them over many ports, each a host of its own to a fetcher that was
// told to allow loopback; [WriteOPML] lists them. Feeds come from a folder
// ([LoadDir]), from a generator ([Synthetic]) or from the caller's own code.
package publisher

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A Feed is one document that is published.
type Feed struct {
	Path        string // below the host, with a leading slash
	Title       string
	Community   string // the folder it stands in; empty for none
	SiteURL     string
	Language    string
	ContentType string
	ETag        string // quotes included
	Modified    time.Time
	Body        func() []byte // made anew at each call, always the same bytes; nil answers 404
}

// Stats count what a publisher was asked. Safe for concurrent use.
type Stats struct {
	Requests      atomic.Int64
	Unconditional atomic.Int64 // asked without validators
	NotModified   atomic.Int64 // answered 304
	Bytes         atomic.Int64 // of bodies, as sent
}

// Handler serves feeds at their paths and counts into stats, which may be nil.
// It answers a conditional request with 304 as RFC 9110 (13.2.2) orders, and
// compresses for whoever accepts gzip.
func Handler(feeds []Feed, stats *Stats) http.Handler {
	if stats == nil {
		stats = new(Stats)
	}
	byPath := make(map[string]Feed, len(feeds))
	for _, f := range feeds {
		byPath[f.Path] = f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stats.Requests.Add(1)
		if r.Header.Get("If-None-Match") == "" && r.Header.Get("If-Modified-Since") == "" {
			stats.Unconditional.Add(1)
		}
		feed, ok := byPath[r.URL.Path]
		if !ok || feed.Body == nil {
			http.NotFound(w, r)
			return
		}
		serve(w, r, feed, stats)
	})
}

// serve answers one request for feed.
func serve(w http.ResponseWriter, r *http.Request, feed Feed, stats *Stats) {
	h := w.Header()
	h.Set("Content-Type", feed.ContentType)
	h.Set("ETag", feed.ETag)
	h.Set("Last-Modified", feed.Modified.UTC().Format(http.TimeFormat))
	h.Set("Vary", "Accept-Encoding")
	if unchanged(r.Header, feed) {
		stats.NotModified.Add(1)
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := feed.Body()
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		stats.Bytes.Add(int64(len(body)))
		w.Write(body) //nolint:errcheck // the client left; there is nobody to tell
		return
	}
	h.Set("Content-Encoding", "gzip")
	counted := &countingWriter{w: w}
	zip := gzip.NewWriter(counted)
	zip.Write(body) //nolint:errcheck // as above
	zip.Close()     //nolint:errcheck // as above
	stats.Bytes.Add(counted.n)
}

// unchanged reports whether a request already has what feed is now: the tag
// decides when there is one, else the date.
func unchanged(h http.Header, feed Feed) bool {
	if tag := h.Get("If-None-Match"); tag != "" {
		return tag == feed.ETag || tag == "W/"+feed.ETag
	}
	since, err := http.ParseTime(h.Get("If-Modified-Since"))
	return err == nil && !feed.Modified.Truncate(time.Second).After(since)
}

type countingWriter struct {
	w http.ResponseWriter
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
