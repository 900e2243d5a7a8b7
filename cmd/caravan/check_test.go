package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/trial"
	"caravan/fetcher/polite"
)

// listing is a list of these addresses in one folder.
func listing(addresses ...string) string {
	var b strings.Builder
	b.WriteString("<opml version=\"2.0\">\n<body>\n<outline text=\"Labs\">\n")
	for i, a := range addresses {
		fmt.Fprintf(&b, "<outline text=\"S%d\" type=\"rss\" xmlUrl=\"%s\"/>\n", i+1, a)
	}
	return b.String() + "</outline>\n</body>\n</opml>\n"
}

// check is run of check --online at a moment.
func (c *curator) check(now time.Time, args ...string) (code int, stdout, stderr string) {
	c.t.Helper()
	var out, errOut syncBuffer
	con := console{Out: &out, Err: &errOut, Now: func() time.Time { return now }, Wait: func(context.Context, time.Duration) error { return nil }}
	code = run(c.t.Context(), append([]string{"check", "--online", "--data", c.data, "--allow-private", "127.0.0.0/8", c.feeds}, args...), con)
	return code, out.String(), errOut.String()
}

// checkedSite is a site with one source of each kind, and its list.
func checkedSite(t *testing.T) (*site, *curator) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := newSite(t, map[string]string{
		"/good": rss("Good", "News"), "/moved": "-> /new", "/new": rss("New", "News"), "/gone": "410", "/page": declaring("/feed"),
		"/feed": rss("Behind", "News"), "/broken": "<rss><channel>", "/faulty": "500",
	})
	var list []string
	for _, path := range []string{"/good", "/moved", "/gone", "/page", "/missing", "/faulty", "/good"} {
		list = append(list, s.URL+path)
	}
	return s, newCurator(t, listing(list...))
}

func TestCheckOnlineTriesEachSourceOnce(t *testing.T) {
	s, c := checkedSite(t)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	code, out, stderr := c.check(now)
	if code != exitFailed {
		t.Errorf("ended with %d: %s", code, stderr)
	}
	for _, want := range []string{
		`:5:1: warning: The source "S2" has moved for good to ` + s.URL + "/new.",
		`:6:1: error: The source "S3" cannot be read: the publisher has taken the feed away (410).`,
		`:7:1: error: The source "S4" is a web page; its feed is at ` + s.URL + "/feed.",
		`:8:1: error: The source "S5" cannot be read: there is nothing at this address (404).`,
		`:9:1: warning: The source "S6" cannot be read: the server has an error of its own (500).`,
		"6 sources (6 tried) in 1 community, 3 errors, 3 warnings",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("check printed no %q:\n%s", want, out)
		}
	}
	asked := s.requests()
	if n := count(asked, "/good"); n != 1 || len(asked) != 9 {
		t.Errorf("asked for %q", asked)
	}
	if _, err := os.Stat(c.data); err == nil {
		t.Error("check made a data directory")
	}

	if _, again, _ := c.check(now.Add(23 * time.Hour)); len(s.requests()) != len(asked) || !strings.Contains(again, "(Asked by an earlier check at 2026-03-01 12:00 UTC.)") {
		t.Errorf("within a day asked for %q and printed\n%s", s.requests()[len(asked):], again)
	}
	c.check(now.Add(25 * time.Hour))
	later := s.requests()[len(asked):]
	if count(later, "/good") != 1 || count(later, "/gone") != 0 {
		t.Errorf("a day later asked for %q, want all but the gone", later)
	}
}

func count(all []string, one string) int {
	n := 0
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

func TestCheckPatchProposesWhatWouldMendTheList(t *testing.T) {
	s, c := checkedSite(t)
	before := c.list()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	code, out, stderr := c.check(now, "--patch")
	if code != exitFailed || !strings.Contains(stderr, "S5") {
		t.Errorf("ended with %d: %s", code, stderr)
	}
	for _, want := range []string{
		`+<outline text="S2" type="rss" xmlUrl="` + s.URL + `/new"/>`,
		`+<!-- gone since 2026-03-01 (410), retired 2026-03-01: <outline text="S3"`,
		`+<outline text="S4" type="rss" xmlUrl="` + s.URL + `/feed"/>`,
		`-<outline text="S7" type="rss" xmlUrl="` + s.URL + `/good"/>`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("patch has no %q:\n%s", want, out)
		}
	}
	if !strings.HasPrefix(out, "--- ") || strings.Contains(out, `-<outline text="S5"`) {
		t.Errorf("patch is\n%s", out)
	}
	if c.list() != before {
		t.Error("check changed the list")
	}
	// What has been missing for a month is dead.
	if _, out, _ = c.check(now.Add(31*24*time.Hour), "--patch"); !strings.Contains(out, `+<!-- dead since 2026-03-01, retired 2026-04-01: <outline text="S5"`) {
		t.Errorf("patch after a month is\n%s", out)
	}
}

func TestPatchWithoutTryingRemovesDuplicates(t *testing.T) {
	c := newCurator(t, listing("https://a.example/f", "https://b.example/f", "https://a.example/f"))
	code, out, _ := c.run("check", c.feeds, "--patch")
	if code != exitDone || strings.Count(out, "\n-<outline") != 1 || !strings.Contains(out, `-<outline text="S3"`) {
		t.Errorf("ended with %d:\n%s", code, out)
	}
	var result checked
	if code, out, _ = c.run("check", c.feeds, "--patch", "--json"); json.Unmarshal([]byte(out), &result) != nil || code != exitDone || result.Patch == "" {
		t.Errorf("JSON ended with %d:\n%s", code, out)
	}
}

func TestCheckUsesWhatPollsOfTheLastDayAnswered(t *testing.T) { // E29
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	p := newPlanet(t)
	p.must("poll")
	asked := p.pub.Stats.Requests.Load()
	check := func() {
		c := curator{t: t, feeds: p.feeds, data: p.data}
		code, out, stderr := c.check(time.Now())
		if code != exitDone || stderr != "" || !strings.Contains(out, "6 sources (6 tried)") {
			t.Errorf("ended with %d: %s%s", code, out, stderr)
		}
	}
	check()
	p.serveAnd(func(string) { check() })
	if n := p.pub.Stats.Requests.Load(); n != asked {
		t.Errorf("check asked %d times for what was polled just now", n-asked)
	}
}

// aGetter answers every request alike.
type aGetter struct {
	asked []string
	err   error
	says  *polite.Response
}

func (g *aGetter) Get(_ context.Context, r polite.Request) (*polite.Response, error) {
	g.asked = append(g.asked, r.URL)
	return g.says, g.err
}

func (g *aGetter) HostKey(string) string { return "one" }

// trying runs a checker over three sources of one host.
func trying(t *testing.T, g *aGetter) *checker {
	t.Helper()
	c := &checker{client: g, now: time.Now, cache: &trial.Cache{}, told: func(int, int) {}}
	sources := []caravan.ListSource{{URL: "https://e.org/a"}, {URL: "https://e.org/b"}, {URL: "https://e.org/c"}}
	if err := c.run(t.Context(), sources); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBusyHostIsLeftAlone(t *testing.T) {
	g := &aGetter{says: &polite.Response{Status: 429, FinalURL: "https://e.org/a"}}
	c := trying(t, g)
	if !slices.Equal(g.asked, []string{"https://e.org/a"}) {
		t.Errorf("asked %q after 429", g.asked)
	}
	if c.offline() != nil || c.cache.Len() != 1 {
		t.Errorf("%d trials are remembered, %v", c.cache.Len(), c.offline())
	}
}

func TestOwnNetworkIsNobodysFailure(t *testing.T) {
	c := trying(t, &aGetter{err: &polite.Error{Class: caravan.FailDNS, Detail: "no network", Local: true, Err: errors.New("x")}})
	if c.offline() == nil || c.cache.Len() != 0 {
		t.Errorf("offline = %v and %d trials are remembered", c.offline(), c.cache.Len())
	}
}
