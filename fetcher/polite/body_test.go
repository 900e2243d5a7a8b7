package polite

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/publisher"
)

// packed compresses body with the writer that open makes.
func packed(t *testing.T, body []byte, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
func zlibbed(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
func deflated(w io.Writer) io.WriteCloser {
	z, _ := flate.NewWriter(w, flate.DefaultCompression) // fails for unknown levels only
	return z
}

// noise is a document that does not pack well.
func noise(size int) []byte {
	source := rand.NewChaCha8([32]byte{})
	b := make([]byte, size)
	_, _ = source.Read(b)
	b[0] = '<' // not the first byte of any packing
	return b
}

// sending answers with body in the given coding.
func sending(t *testing.T, status int, coding string, body []byte) string {
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		w.Header().Set("Retry-After", "10800")
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}).URL
}

func TestBodiesAreUnpacked(t *testing.T) { // E22
	document := []byte("<rss>" + strings.Repeat("word ", 100) + "</rss>")
	zip := packed(t, document, gzipped)
	tests := []struct {
		name, coding string
		body         []byte
		truncated    bool
	}{
		{name: "plain", body: document},
		{name: "gzip", coding: "gzip", body: zip},
		{name: "x-gzip", coding: "X-GZIP", body: zip},
		{name: "gzip and identity", coding: "identity, gzip", body: zip},
		{name: "gzip without a word", body: zip},
		{name: "gzip that is not packed", coding: "gzip", body: document},
		{name: "not a coding", coding: "utf-8", body: document},
		{name: "members", coding: "gzip", body: append(packed(t, document[:50], gzipped), packed(t, document[50:], gzipped)...)},
		{name: "zeros after the last member", coding: "gzip", body: append(bytes.Clone(zip), make([]byte, 64)...)},
		{name: "deflate", coding: "deflate", body: packed(t, document, zlibbed)},
		{name: "deflate without its wrapper", coding: "deflate", body: packed(t, document, deflated)},
		{name: "without the sum at the end", coding: "gzip", body: zip[:len(zip)-8], truncated: true},
	}
	for _, tt := range tests {
		answer, err := newClient(t).Get(t.Context(), Request{URL: sending(t, http.StatusOK, tt.coding, tt.body)})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !bytes.Equal(answer.Body, document) || answer.Truncated != tt.truncated || answer.Wire != int64(len(tt.body)) {
			t.Errorf("%s: %d bytes from %d, truncated %t; want %d from %d, %t", tt.name,
				len(answer.Body), answer.Wire, answer.Truncated, len(document), len(tt.body), tt.truncated)
		}
	}
}

func TestBodiesOverTheLimitsAreRefused(t *testing.T) { // S10
	blanks := func(size int) []byte { return bytes.Repeat([]byte(" "), size) }
	zip := packed(t, []byte("<rss/>"), gzipped)
	tests := []struct {
		name, coding string
		body         []byte
		class        caravan.FailureClass
	}{
		{"a plain body too large", "", noise(2<<20 + 1), caravan.FailTooLarge},
		{"unpacks to too much", "gzip", packed(t, noise(2<<20+1), gzipped), caravan.FailTooLarge},
		{"unpacks to far more than sent", "gzip", packed(t, blanks(2<<20), gzipped), caravan.FailTooLarge},
		{"the same as deflate", "deflate", packed(t, blanks(2<<20), deflated), caravan.FailTooLarge},
		{"two codings", "gzip, gzip", packed(t, zip, gzipped), caravan.FailNotFeed},
		{"two codings, one known", "deflate, gzip", zip, caravan.FailNotFeed},
		{"packed twice in secret", "gzip", packed(t, zip, gzipped), caravan.FailNotFeed},
		{"a coding not asked for", "br", []byte("brotli"), caravan.FailNotFeed},
	}
	for _, tt := range tests {
		client := newClient(t, func(c *Config) { c.Limits.Body = 2 << 20 })
		_, err := client.Get(t.Context(), Request{URL: sending(t, http.StatusOK, tt.coding, tt.body)})
		if err == nil {
			t.Errorf("%s: no failure", tt.name)
			continue
		}
		if e := failed(t, err, tt.class); !e.Sent || !e.Reached {
			t.Errorf("%s: %+v", tt.name, e)
		}
	}
	small := newClient(t)
	if _, err := small.Get(t.Context(), Request{URL: sending(t, http.StatusOK, "gzip", packed(t, blanks(1<<20), gzipped))}); err != nil {
		t.Errorf("a small document of blanks is refused: %v", err)
	}
}

func TestStatusCountsThoughThePageIsWorthless(t *testing.T) {
	for _, coding := range []string{"br", "gzip, gzip", ""} {
		client := newClient(t, func(c *Config) { c.Limits.Body = 1000 })
		answer, err := client.Get(t.Context(), Request{URL: sending(t, http.StatusTooManyRequests, coding, noise(2000))})
		if err != nil || answer.Status != http.StatusTooManyRequests || answer.Header.RetryAfter != "10800" {
			t.Errorf("429 in coding %q: %+v, %v", coding, answer, err)
		}
	}
}

func TestBodyThatBreaksOffIsMarked(t *testing.T) {
	for announced, coding := range map[int]string{5000: "", 5001: "gzip"} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			body := noise(4000)
			if coding != "" {
				w.Header().Set("Content-Encoding", coding)
				body = packed(t, noise(4000), gzipped)[:4000]
			}
			w.Header().Set("Content-Length", strconv.Itoa(announced))
			_, _ = w.Write(body)
		})
		answer, err := newClient(t).Get(t.Context(), Request{URL: server.URL})
		if err != nil || !answer.Truncated || len(answer.Body) < 3000 {
			t.Errorf("coding %q: %v, want what came, marked", coding, err)
		}
	}
}

// stage plays scenarios of the fixture publisher and returns their addresses.
func stage(t *testing.T, names ...string) map[string]string {
	t.Helper()
	var chosen []publisher.Scenario
	for _, s := range publisher.Scenarios() {
		for _, name := range names {
			if s.Name == name {
				chosen = append(chosen, s)
			}
		}
	}
	running, err := publisher.NewStage(chosen, time.Now, 0).Start(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Close() })
	urls := map[string]string{}
	for _, f := range running.Feeds {
		urls[strings.TrimPrefix(f.Path, "/")] = f.URL
	}
	if len(urls) != len(names) {
		t.Fatalf("scenarios %q: got %v", names, urls)
	}
	return urls
}

func TestMisbehavingPublishers(t *testing.T) { // S10, S11, R24, R30
	tests := []struct {
		name   string
		limits Limits
		class  caravan.FailureClass
		detail string
	}{
		{"bomb", Limits{}, caravan.FailTooLarge, "unpacks to far more"},
		{"endless", Limits{}, caravan.FailTooLarge, "larger than"},
		{"hang", Limits{Answer: 100 * time.Millisecond}, caravan.FailTimeout, "did not answer in time"},
		{"hang", Limits{Total: 100 * time.Millisecond}, caravan.FailTimeout, "took too long"},
		{"drip", Limits{Window: 100 * time.Millisecond}, caravan.FailTimeout, "too slowly"},
		{"drip", Limits{Total: 100 * time.Millisecond}, caravan.FailTimeout, "took too long"},
		{"endless", Limits{Body: 1 << 50, Total: 100 * time.Millisecond}, caravan.FailTimeout, "took too long"},
	}
	urls := stage(t, "bomb", "endless", "hang", "drip", "html", "empty", "226")
	for _, tt := range tests {
		client := newClient(t, func(c *Config) { c.Limits = tt.limits })
		start := time.Now()
		_, err := client.Get(t.Context(), Request{URL: urls[tt.name]})
		if e := failed(t, err, tt.class); !e.Sent || !e.Reached && tt.limits.Total == 0 || !strings.Contains(e.Detail, tt.detail) {
			t.Errorf("%s: %+v, want %q", tt.name, e, tt.detail)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s held its worker for %s", tt.name, took)
		}
	}
	for name, page := range map[string]bool{"html": true, "empty": false} {
		if answer, err := newClient(t).Get(t.Context(), Request{URL: urls[name]}); err != nil || isPage(answer.Body) != page || answer.Shield != "" {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
}

func TestPartOfAFeedIsAskedForOnlyWithATag(t *testing.T) { // E23
	var got []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, strings.Join(r.Header.Values("A-IM"), "|"))
		w.WriteHeader(http.StatusIMUsed)
	})
	for i, tt := range []struct {
		validators caravan.Validators
		delta      bool
		want       string
	}{
		{caravan.Validators{ETag: `"1"`}, true, "feed"},
		{caravan.Validators{ETag: `"1"`}, false, ""},
		{caravan.Validators{LastModified: "Tue, 03 Nov 2026 10:00:00 GMT"}, true, ""},
		{caravan.Validators{}, true, ""},
		{caravan.Validators{ETag: `"1"`, URL: "http://other.example/"}, true, ""},
		{caravan.Validators{ETag: "\"a\r\nCookie: b\""}, true, ""},
	} {
		answer, err := newClient(t).Get(t.Context(), Request{URL: server.URL, Validators: tt.validators, Delta: tt.delta})
		if err != nil || answer.Status != http.StatusIMUsed || got[i] != tt.want {
			t.Errorf("%+v: A-IM %q, %v, want %q", tt, got[i], err, tt.want)
		}
	}
}
