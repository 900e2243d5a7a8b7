package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan"
)

// pushedFeed is a feed of one post with the title given.
func pushedFeed(title string) string {
	return `<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link><item><guid>` + title + `</guid><title>` + title + `</title>` +
		`<description>The words of ` + title + `, which are its own.</description></item></channel></rss>`
}

// E25: the whole program against a hub on loopback, over a restart.
func TestServeTakesWhatAHubPushes(t *testing.T) {
	requests := make(chan url.Values, 100)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
		requests <- r.PostForm
	}))
	defer hub.Close()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Link", `<`+hub.URL+`/>; rel="hub", <http://`+r.Host+`/self>; rel="self"`)
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, pushedFeed("Polled"))
	}))
	defer site.Close()
	p := &planet{t: t, feeds: filepath.Join(t.TempDir(), "feeds.opml"), data: t.TempDir()}
	list := `<opml version="2.0"><head><title>P</title></head><body><outline text="Labs"><outline type="rss" text="Blog" xmlUrl="` + site.URL + `/feed"/></outline></body></opml>`
	if err := os.WriteFile(p.feeds, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}

	var form url.Values
	p.serveFast(func(base string) {
		form = next(t, requests)
		if form.Get("hub.topic") != site.URL+"/self" || !strings.HasPrefix(form.Get("hub.callback"), "https://planet.example/push/") {
			t.Fatalf("asked for %v", form)
		}
		confirm(t, base, form, 1800)
		deliver(t, base, form, "Pushed", form.Get("hub.secret"))
		served(t, base, "Pushed")
		deliver(t, base, form, "Forged", "guess")
		if renewal := next(t, requests); renewal.Get("hub.callback") != form.Get("hub.callback") || renewal.Get("hub.secret") != form.Get("hub.secret") {
			t.Errorf("renewed as %v", renewal)
		}
		confirm(t, base, form, 864000)
		if out := p.must("explain", "blog"); !strings.Contains(out, "Pushed by "+strings.TrimPrefix(hub.URL, "http://")+", lease until ") || !strings.Contains(out, "polled once a day") {
			t.Errorf("explain blog printed\n%s", out)
		}
		if out := p.must("explain", "Pushed"); !strings.Contains(out, "pushed by "+hub.URL) {
			t.Errorf("explain of a pushed post printed\n%s", out)
		}
	})
	p.serveFast(func(base string) {
		deliver(t, base, form, "After a restart", form.Get("hub.secret"))
		served(t, base, "After a restart")
		if strings.Contains(string(fetch(t, base+"/feed.atom")), "Forged") {
			t.Error("a forged message was taken")
		}
	})
}

// serveFast serves the planet under a public address while do runs, with a
// clock that runs a thousand times as fast as time does.
func (p *planet) serveFast(do func(base string)) {
	p.t.Helper()
	p.serveAs("https://planet.example", 1000, do)
}

// serveAs serves under a base URL, at a speed of its clock, and returns what was
// logged.
func (p *planet) serveAs(baseURL string, speed float64, do func(base string)) string {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	defer cancel()
	addr, done, stderr := make(chan net.Addr, 1), make(chan error, 1), new(syncBuffer)
	c := p.serveCmd()
	c.BaseURL, c.ClockSpeed = baseURL, speed
	go func() {
		done <- c.serve(ctx, console{Out: io.Discard, Err: stderr, Now: time.Now}, func(a net.Addr) { addr <- a })
	}()
	select {
	case a := <-addr:
		do("http://" + a.String())
		cancel()
		if err := <-done; err != nil {
			p.t.Errorf("serve ended with %v\n%s", err, stderr)
		}
	case err := <-done:
		p.t.Fatalf("serve ended with %v\n%s", err, stderr)
	}
	return stderr.String()
}

// next returns the next request of a hub.
func next(t *testing.T, requests <-chan url.Values) url.Values {
	t.Helper()
	select {
	case form := <-requests:
		return form
	case <-time.After(time.Minute):
		t.Fatal("the hub was not asked")
		return nil
	}
}

// confirm asks back as a hub does.
func confirm(t *testing.T, base string, form url.Values, lease int) {
	t.Helper()
	q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {"c1"}, "hub.lease_seconds": {fmt.Sprint(lease)}}
	if got := string(fetch(t, strings.Replace(form.Get("hub.callback"), "https://planet.example", base, 1)+"?"+q.Encode())); got != "c1" {
		t.Fatalf("the hub's question is answered with %q", got)
	}
}

// deliver sends a feed of one post as a hub does.
func deliver(t *testing.T, base string, form url.Values, title, secret string) {
	t.Helper()
	body := pushedFeed(title)
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(body))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.Replace(form.Get("hub.callback"), "https://planet.example", base, 1), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("a message is answered with %d", resp.StatusCode)
	}
}

// served waits until the combined feed holds something.
func served(t *testing.T, base, title string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if strings.Contains(string(fetch(t, base+"/feed.atom")), title) {
			return
		}
	}
	t.Fatalf("%s is not served", title)
}

func TestPushText(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	live := caravan.Push{Hub: "https://hub.example/x", Since: now, Until: now.Add(time.Hour), Trusted: true}
	with := func(change func(*caravan.Push)) caravan.Push { p := live; change(&p); return p }
	tests := []struct {
		push caravan.Push
		want string
	}{
		{live, "Pushed by hub.example, lease until 2026-11-25 13:00 UTC; polled once a day besides."},
		{with(func(p *caravan.Push) { p.Trusted = false }), "polled as usual, as a poll found what had not been pushed"},
		{with(func(p *caravan.Push) { p.Until = now.Add(-time.Hour) }), "whose lease ended at 2026-11-25 11:00 UTC; polled as usual"},
		{with(func(p *caravan.Push) { p.Denied, p.Until, p.Trouble = true, time.Time{}, "the hub refuses: no\x1b[2J" }), "refuses to push it (the hub refuses: no"},
		{caravan.Push{Hub: "https://hub.example/", Trouble: "the hub answers 500"}, "has not confirmed that (the hub answers 500)."},
	}
	for _, tt := range tests {
		if got := pushText(tt.push, now); !strings.Contains(got, tt.want) || strings.Contains(got, "\x1b") {
			t.Errorf("pushText(%+v) = %q, want %q in it", tt.push, got, tt.want)
		}
	}
}

// E25: who gives an address that no hub can reach is told so, and what to do.
func TestServeSaysThatNoHubCanReachIt(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, pushedFeed("Post")) }))
	defer site.Close()
	list := `<opml version="2.0"><head><title>P</title></head><body><outline text="Labs"><outline type="rss" text="Blog" xmlUrl="` + site.URL + `/feed"/></outline></body></opml>`
	for base, said := range map[string]int{"https://planet.local": 1, "https://planet.example": 0} {
		p := &planet{t: t, feeds: filepath.Join(t.TempDir(), "feeds.opml"), data: t.TempDir()}
		if err := os.WriteFile(p.feeds, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		log := p.serveAs(base, 1, func(string) {})
		if got := strings.Count(log, "no hub is subscribed to"); got != said {
			t.Errorf("base URL %s: said %d times, want %d:\n%s", base, got, said, log)
		}
	}
}

func TestUnreachableBaseURLIsSaidOnce(t *testing.T) {
	for base, said := range map[string]int{
		"": 0, "https://planet.example": 0, "http://10.1.2.3/planet": 0, "http://127.0.0.1:8080": 1, "http://192.168.1.4": 1, "https://planet.local": 1,
	} {
		var out strings.Builder
		warnUnreachable(slog.New(slog.NewTextHandler(&out, nil)), base, func(address string) bool { return strings.Contains(address, "//10.") })
		if got := strings.Count(out.String(), "give --base-url"); got != said {
			t.Errorf("base URL %q: said %d times, want %d: %s", base, got, said, out.String())
		}
	}
}
