package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"caravan"
)

// S24: every answer carries the headers, errors and redirects included.
func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	m := newMemory(3)
	m.moved["old"] = "labs"
	h := serverOf(t, m, func(c *Config) { c.SearchLimit = Limit{PerSecond: 0.001, Burst: 1} }).Handler()
	get(h, "/search?q=x", "X-Forwarded-For: 192.0.2.1")
	for path, status := range map[string]int{
		"/": 200, "/search?q=post": 200, "/c/labs": 200, "/feed.atom": 200, "/feeds.opml": 200, "/api/v1/sources": 200, "/healthz": 200, "/metrics": 200,
		"/nothing": 404, "/nothing.xml": 404, "/api/v1/nothing": 404, "/search?page=0": 400, "/feed.atom?tag=x": 302, "/c/old/feed.atom": 301, "/static/nothing.js": 404,
	} {
		w := get(h, path)
		if w.Code != status {
			t.Errorf("GET %s = %d, want %d", path, w.Code, status)
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("GET %s: policy %q", path, policy)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("GET %s: %s = %q, want %q", path, name, got, want)
			}
		}
		if w.Header().Get("Permissions-Policy") == "" || len(w.Header().Get("X-Request-Id")) != 16 {
			t.Errorf("GET %s: %v", path, w.Header())
		}
		if strings.Contains(w.Header().Get("Set-Cookie")+w.Header().Get("Server"), "=") {
			t.Errorf("GET %s sets a cookie", path)
		}
	}
}

// S22: pictures of items load only where the operator lets them.
func TestPagePolicyOfPictures(t *testing.T) {
	if p := pagePolicy(false); !strings.Contains(p, "img-src 'self';") {
		t.Errorf("without pictures: %s", p)
	}
	if p := pagePolicy(true); !strings.Contains(p, "img-src 'self' https: http:;") {
		t.Errorf("with pictures: %s", p)
	}
}

// S30, S29, S36: what is not ours to answer is not there.
func TestNothingElseIsServed(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	for _, path := range []string{
		"/admin/poll", "/admin/hide?id=abcdefghijklmnop", "/debug/pprof/", "/debug/vars", "/r?u=https://evil.example", "/.git/config", "/.env",
		"/static/../server.go", "/static/..%2fserver.go", "/static/%2e%2e/server.go", "/static/..%5cserver.go", "/static/%00", "//feed.atom", "/./feed.atom",
		"/s/../feed.atom", "/s/..%2f..%2fetc%2fpasswd", "/c/labs%2f..%2f..", "/c/LABS%00/feed.atom", "/feed.atom/", "/feed.atom%00", "/s/alpha/..;/feed.atom",
		"/theme/../../etc/passwd", "/item/../sources", "/c/%2e%2e/feeds.opml",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if w := ask(h, method, path); w.Code != 404 && w.Code != 400 && w.Code != 405 {
				t.Errorf("%s %s = %d %s", method, path, w.Code, w.Header().Get("Location"))
			}
		}
	}
}

// R-: what goes wrong inside is logged with the request's id and told in
// general words; what the caller did wrong is not logged.
func TestFailuresAreToldAndLogged(t *testing.T) {
	m := newMemory(3)
	var log bytes.Buffer
	h := serverOf(t, m, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) }).Handler()
	get(h, "/feed.atom?show=x")
	if log.Len() > 0 {
		t.Errorf("a bad request is logged: %s", log.String())
	}
	m.err = errors.New("disk on fire at /secret/path")
	for _, path := range []string{"/feed.atom", "/api/v1/items", "/feeds.opml", "/c/labs", "/sitemap.xml"} {
		log.Reset()
		w := get(h, path)
		if w.Code != 500 || strings.Contains(w.Body.String(), "fire") {
			t.Errorf("GET %s = %d %s", path, w.Code, w.Body)
		}
		if line := log.String(); !strings.Contains(line, "disk on fire") || !strings.Contains(line, "request="+w.Header().Get("X-Request-Id")) || !strings.Contains(line, "path="+path) {
			t.Errorf("GET %s is logged as %s", path, line)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s: a failure may be cached: %v", path, w.Header())
		}
	}
	m.err = fmt.Errorf("lock: %w", caravan.ErrUnavailable)
	if w := get(h, "/feed.rss"); w.Code != 503 {
		t.Errorf("unavailable = %d", w.Code)
	}
}

func TestStatusOf(t *testing.T) {
	for _, test := range []struct {
		err     error
		status  int
		message string
	}{
		{errNoPage, 404, "There is nothing at this address."},
		{fmt.Errorf("x: %w", caravan.ErrNotFound), 404, "There is nothing at this address."},
		{&caravan.PublicError{Message: "Taken down.", Err: caravan.ErrGone}, 410, "Taken down."},
		{&caravan.QueryError{Message: "Odd."}, 400, "Odd."},
		{context.DeadlineExceeded, 503, "This took too long or is not ready yet. Please try again in a moment."},
		{errors.New("x"), 500, "Something went wrong here. It has been noted."},
		{&http.MaxBytesError{Limit: 1}, 413, "Request Entity Too Large"},
	} {
		status := statusOf(test.err)
		if message := toldOf(test.err, status).English; status != test.status || message != test.message {
			t.Errorf("%v = %d %q, want %d %q", test.err, status, message, test.status, test.message)
		}
	}
}

// S28, S35: whose request it is, and whether it is limited.
func TestClientAddress(t *testing.T) {
	proxy := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32")}
	for _, test := range []struct {
		name, remote, forwarded string
		trusted                 []netip.Prefix
		want                    string
		limited                 bool
	}{
		{"a peer", "192.0.2.1:4", "", nil, "192.0.2.1", true},
		{"what a stranger says of itself", "192.0.2.1:4", "8.8.8.8", nil, "192.0.2.1", true},
		{"loopback, perhaps a proxy", "127.0.0.1:4", "8.8.8.8", nil, "127.0.0.1", false},
		{"a private peer likewise", "10.1.2.3:4", "", nil, "10.1.2.3", false},
		{"behind a known proxy", "10.1.2.3:4", "8.8.8.8", proxy, "8.8.8.8", true},
		{"behind two", "127.0.0.1:4", "8.8.8.8, 10.9.9.9", proxy, "8.8.8.8", true},
		{"only what our proxies added", "10.1.2.3:4", "1.1.1.1, 8.8.8.8", proxy, "8.8.8.8", true},
		{"a stranger with proxies known", "192.0.2.1:4", "8.8.8.8", proxy, "192.0.2.1", true},
		{"the proxy itself", "10.1.2.3:4", "", proxy, "10.1.2.3", false},
		{"a forged list", "10.1.2.3:4", "what, ever", proxy, "10.1.2.3", false},
		{"mapped", "[::ffff:192.0.2.1]:4", "", nil, "192.0.2.1", true},
	} {
		got, limited := clientAddress(test.remote, test.forwarded, test.trusted)
		if got.String() != test.want || limited != test.limited {
			t.Errorf("%s: %s, limited %t, want %s, %t", test.name, got, limited, test.want, test.limited)
		}
	}
	if _, limited := clientAddress("@", "", nil); limited {
		t.Error("the socket of the data directory is limited")
	}
}

func TestLimiterCountsEachAddress(t *testing.T) {
	l := newLimiter(Limit{PerSecond: 2, Burst: 3}, 2)
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for range 3 {
		if l.wait(a, testNow) != 0 {
			t.Error("limited within the burst")
		}
	}
	if w := l.wait(a, testNow); w != 500*time.Millisecond {
		t.Errorf("wait %s, want half a second", w)
	}
	if l.wait(b, testNow) != 0 || l.wait(netip.MustParseAddr("2001:db8::ffff"), testNow) != 0 || l.wait(b, testNow) != 0 || l.wait(b, testNow) == 0 {
		t.Error("a household's addresses are not counted together")
	}
	if w := l.wait(a, testNow.Add(500*time.Millisecond)); w != 0 {
		t.Errorf("wait %s after waiting", w)
	}
	for i := range 10 {
		l.wait(netip.AddrFrom4([4]byte{192, 0, 2, byte(10 + i)}), testNow)
	}
	if len(l.byKey) != 2 || l.order.Len() != 2 {
		t.Errorf("remembers %d addresses, want 2", len(l.byKey))
	}
}

// S35: too many requests are answered in the form of the address, with when to
// come again, and everybody else is served.
func TestTooManyRequests(t *testing.T) {
	s := serverOf(t, newMemory(3), func(c *Config) { c.SearchLimit = Limit{PerSecond: 0.1, Burst: 2} })
	h := s.Handler()
	request := func(path, remote string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = remote
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for path, kind := range map[string]string{"/api/v1/search?q=post": "application/json", "/search.atom?q=post": "text/plain", "/search?q=post": "text/html"} {
		for range 2 {
			if w := request(path, "192.0.2.9:1"); w.Code == 429 {
				break
			}
		}
		w := request(path, "192.0.2.9:1")
		if w.Code != 429 || w.Header().Get("Retry-After") != "10" || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s = %d %v", path, w.Code, w.Header())
		}
	}
	if w := request("/search?q=post", "192.0.2.10:1"); w.Code != 200 {
		t.Errorf("another address = %d", w.Code)
	}
	if w := request("/feed.atom", "192.0.2.9:1"); w.Code != 200 {
		t.Errorf("a feed = %d", w.Code)
	}
}

// S35: a client that sends its request byte by byte is let go.
func TestSlowClientsAreLetGo(t *testing.T) {
	srv := HTTPServer(http.NotFoundHandler())
	if srv.ReadHeaderTimeout == 0 || srv.ReadTimeout == 0 || srv.WriteTimeout == 0 || srv.IdleTimeout == 0 || srv.MaxHeaderBytes == 0 {
		t.Errorf("a limit is missing: %+v", srv)
	}
	srv.ReadHeaderTimeout = 50 * time.Millisecond
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n")
	if _, err := io.ReadAll(conn); err != nil {
		t.Error(err)
	}
	srv.Close()
	<-done
}

// Answers that are text are compressed when it pays, and what their handler
// encoded is left alone.
func TestCompress(t *testing.T) {
	long := strings.Repeat("words and words ", 500)
	for _, test := range []struct {
		name, accept, kind, body, encoded string
		want                              string
	}{
		{"a page", "gzip", "text/html", long, "", "gzip"},
		{"brotli first", "gzip, br", "application/json", long, "", "br"},
		{"short", "gzip", "text/html", "short", "", ""},
		{"not wanted", "", "text/html", long, "", ""},
		{"a picture", "gzip", "image/png", long, "", ""},
		{"encoded already", "gzip", "text/html", long, "br", "br"},
	} {
		h := compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", test.kind)
			w.Header().Set("ETag", `"tag"`)
			if test.encoded != "" {
				w.Header().Set("Content-Encoding", test.encoded)
			}
			w.WriteHeader(http.StatusAccepted)
			for piece := range strings.SplitSeq(test.body, " ") {
				io.WriteString(w, piece+" ")
			}
		}))
		w := get(h, "/", "Accept-Encoding: "+test.accept)
		if w.Code != http.StatusAccepted || w.Header().Get("Content-Encoding") != test.want {
			t.Errorf("%s: %d %v", test.name, w.Code, w.Header())
		}
		if test.encoded == "" {
			if got := decode(t, w); strings.TrimSpace(got) != strings.TrimSpace(test.body) {
				t.Errorf("%s: %d bytes, want %d", test.name, len(got), len(test.body))
			}
			if tag := w.Header().Get("ETag"); (test.want == "") != (tag == `"tag"`) {
				t.Errorf("%s: tag %s", test.name, tag)
			}
		}
	}
}

// What comes in pieces goes out in pieces.
func TestCompressPassesFlushesOn(t *testing.T) {
	h := compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "one")
		w.(http.Flusher).Flush()
		io.WriteString(w, "two")
	}))
	if w := get(h, "/", "Accept-Encoding: gzip"); !w.Flushed || w.Body.String() != "onetwo" {
		t.Errorf("%t %q", w.Flushed, w.Body)
	}
}

func TestNegotiate(t *testing.T) {
	for accept, want := range map[string]encoding{
		"": identity, "gzip": gzipped, "br": brotlied, "deflate": identity, "gzip, br": brotlied, "gzip;q=0.9, br;q=0.8": gzipped,
		"br;q=0, gzip;q=0": identity, "*": brotlied, "*;q=0.5, gzip": gzipped, "br;q=0, *": gzipped, "gzip;q=nonsense": identity, " GZip ; q=1 ": gzipped,
	} {
		if got := negotiate(accept); got != want {
			t.Errorf("negotiate(%q) = %q, want %q", accept, got, want)
		}
	}
}
