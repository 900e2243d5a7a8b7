package polite

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"caravan"
)

// loopback opens the range that test servers listen in.
func loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// newClient returns a client for test servers that never waits for spacing.
func newClient(t *testing.T, change ...func(*Config)) *Client {
	t.Helper()
	c := Config{
		UserAgent:    UserAgent("1.0", "https://planet.example/about"),
		AllowPrivate: loopback(),
		Wait:         func(context.Context, time.Duration) error { return nil },
	}
	for _, f := range change {
		f(&c)
	}
	client := New(c)
	t.Cleanup(client.Close)
	return client
}

// serve starts a server with one handler for everything.
func serve(t *testing.T, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return server
}

// failed returns the Error of a Get that must fail with class.
func failed(t *testing.T, err error, class caravan.FailureClass) *Error {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("Get: error %v, want a failure of class %s", err, class)
	}
	if e.Class != class {
		t.Fatalf("Get: class %s (%v), want %s", e.Class, e, class)
	}
	if e.Detail == "" {
		t.Errorf("Get: failure of class %s without a sentence", class)
	}
	return e
}

func TestGetAsksOnceAndPlainly(t *testing.T) { // E01, E20, E21, E22
	var got []*http.Request
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r)
		http.SetCookie(w, &http.Cookie{Name: "id", Value: "1"})
		_, _ = w.Write([]byte("<rss/>"))
	})
	client := newClient(t)
	for range 2 {
		response, err := client.Get(t.Context(), Request{URL: server.URL + "/feed?a=b#part"})
		if err != nil || response.Status != http.StatusOK || string(response.Body) != "<rss/>" {
			t.Fatalf("Get = %+v, %v", response, err)
		}
	}
	if len(got) != 2 {
		t.Fatalf("%d requests for 2 Gets", len(got))
	}
	want := map[string]string{
		"User-Agent":        "caravan/1.0 (+https://planet.example/about)",
		"Accept-Encoding":   "gzip",
		"Cookie":            "",
		"Referer":           "",
		"If-None-Match":     "",
		"If-Modified-Since": "",
		"A-Im":              "",
		"Authorization":     "",
	}
	for _, r := range got {
		if r.Method != http.MethodGet || r.RequestURI != "/feed?a=b" {
			t.Errorf("request line %s %s, want GET /feed?a=b", r.Method, r.RequestURI)
		}
		for name, value := range want {
			if v := r.Header.Get(name); v != value {
				t.Errorf("%s: %q, want %q", name, v, value)
			}
		}
	}
}

func TestGetEchoesValidatorsByteForByte(t *testing.T) { // E02
	tests := []caravan.Validators{
		{ETag: `"abc"`, LastModified: "Tue, 03 Nov 2026 10:00:00 GMT"},
		{ETag: `W/"abc--gzip"`},
		{ETag: `"a, b ; c"`, LastModified: "2026-11-03 10:00:00"},
		{ETag: `unquoted`, LastModified: "Tue,  3 Nov 2026 10:00:00 +0000"},
		{ETag: "\"caf\xc3\xa9\xff\""},
		{LastModified: "0"},
	}
	for _, want := range tests {
		var inm, ims []string
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			inm, ims = r.Header.Values("If-None-Match"), r.Header.Values("If-Modified-Since")
			if want.ETag != "" {
				w.Header()["ETag"] = []string{want.ETag}
			}
			if want.LastModified != "" {
				w.Header().Set("Last-Modified", want.LastModified)
			}
			_, _ = w.Write([]byte("<rss/>"))
		})
		client := newClient(t)
		first, err := client.Get(t.Context(), Request{URL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		got := caravan.Validators{ETag: first.Header.ETag, LastModified: first.Header.LastModified}
		if got != want {
			t.Errorf("received %q, want %q", got, want)
		}
		second, err := client.Get(t.Context(), Request{URL: server.URL, Validators: got})
		if err != nil || !second.Conditional {
			t.Fatalf("second Get = %+v, %v", second, err)
		}
		if strings.Join(inm, "|") != want.ETag || strings.Join(ims, "|") != want.LastModified {
			t.Errorf("sent back %q %q, want %q", inm, ims, want)
		}
	}
}
