package server

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/a11y"
	"caravan/internal/browser"
	"caravan/internal/planet"
)

// A browsed page is one of those that together are every kind there is.
type browsed struct {
	name string
	url  string
	code int
}

// browsedPages starts the sites that show every kind of page in every state, and
// returns the pages.
func browsedPages(t *testing.T) []browsed {
	t.Helper()
	ts := planetServer(t, func(c *Config, _ *planet.Planet) { c.Limit, c.SearchLimit = Limit{1e6, 1e6}, Limit{1e6, 1e6} })
	p, err := planet.New(testNow)
	if err != nil {
		t.Fatal(err)
	}
	var pages []browsed
	add := func(site *httptest.Server, name, path string, code int) {
		pages = append(pages, browsed{name, site.URL + path, code})
	}
	for _, ok := range []struct{ name, path string }{
		{"home", "/"}, {"home, older", "/?cursor=24"}, {"home, nothing for the filter", "/?community=mare-aberta&language=ar"}, {"home in Portuguese", "/?lang=pt"},
		{"search, no query", "/search"}, {"search", "/search?q=the"}, {"search, nothing", "/search?q=zebra+forms"}, {"search, misspelt, in French", "/search?q=forrms&lang=fr"},
		{"community", "/c/harbour-city-lab"}, {"community without feed", "/c/paper-only"},
		{"source", "/s/the-b-odd-b-notebook"}, {"source, where is my post", "/s/harbour-city-lab-log?post=x%3A%2F%2Fy"},
		{"sources", "/sources"}, {"sources, failing", "/sources?state=failing&sort=name"},
		{"digest of a month", "/digest/2026-11"}, {"digest of a week", "/digest/2026-W47"}, {"digest of nothing", "/digest/2019-05"}, {"digest of a community in Spanish", "/c/harbour-city-lab/digest/2026-11?lang=es"},
		{"about", "/about"},
	} {
		add(ts, ok.name, ok.path, http.StatusOK)
	}
	for _, s := range p.AllStories() {
		if s.Head.Link == "https://odd.example/everything" || s.Head.Language == "ar" || s.LinkedBy > 2 {
			add(ts, "item "+s.Head.Link, "/item/"+s.ID, http.StatusOK)
		}
	}
	add(ts, "search, bad query", "/search?q=title%3A%22open", http.StatusBadRequest)
	add(ts, "bad request", "/search?q=a&page=x", http.StatusBadRequest)
	add(ts, "404", "/nowhere", http.StatusNotFound)
	add(ts, "410", "/item/"+planet.Taken, http.StatusGone)
	add(failingSite(t), "500", "/", http.StatusInternalServerError)
	add(strictSite(t), "429", "/", http.StatusTooManyRequests)
	add(settingOut(t, 0), "first run, nothing read", "/", http.StatusOK)
	add(settingOut(t, 5), "first run, some read", "/", http.StatusOK)
	return pages
}

// failingSite is a site whose store has failed.
func failingSite(t *testing.T) *httptest.Server {
	return planetServer(t, func(_ *Config, p *planet.Planet) { p.Err = errors.New("disk on fire") })
}

// strictSite is a site at which everybody has asked too much already.
func strictSite(t *testing.T) *httptest.Server {
	ts := planetServer(t, func(c *Config, _ *planet.Planet) {
		c.Limit = Limit{PerSecond: 1. / 3600, Burst: 1}
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")} // so that loopback is not let through
	})
	fetch(t, ts, "/")
	return ts
}

// settingOut is a site at its first run, with some of its sources read, of which
// some failed.
func settingOut(t *testing.T, read int) *httptest.Server {
	t.Helper()
	full, err := planet.New(testNow)
	if err != nil {
		t.Fatal(err)
	}
	empty, err := planet.Empty(testNow)
	if err != nil {
		t.Fatal(err)
	}
	copy(empty.Feeds, full.Feeds[:read])
	return planetServer(t, func(c *Config, _ *planet.Planet) {
		c.Store, c.Index = partlyRead{empty, full.AllStories()[:read]}, empty
	})
}

// partlyRead is a planet at its first run with stories that have arrived.
type partlyRead struct {
	*planet.Planet
	arrived []caravan.Story
}

// Stories returns those that have arrived.
func (p partlyRead) Stories(context.Context, caravan.Filter, string, int) (caravan.StoryPage, error) {
	return caravan.StoryPage{Stories: p.arrived}, nil
}

// sampled are the pages that a quick run of the tests looks at, a few spread
// over the kinds; the long one, which CARAVAN_SHARED asks for, looks at all.
func sampled(all []browsed, few int) []browsed {
	if os.Getenv("CARAVAN_SHARED") != "" || few >= len(all) {
		return all
	}
	var some []browsed
	for i := range few {
		some = append(some, all[i*len(all)/few])
	}
	return some
}

// pagesInTheBrowserAreWithoutProblems shows every page on a phone and on a desk,
// by day and by night: nothing on the console, no violation of the policy, no
// request to anybody else, nothing that could run, no page wider than any window
// between 320 and 1600 pixels, and nothing that moves while it loads.
func pagesInTheBrowserAreWithoutProblems(t *testing.T, b *browser.Browser) { // S18 to S24
	pages := browsedPages(t)
	for _, o := range []struct {
		browser.Options
		few int
	}{
		{browser.Options{Width: 390}, len(pages)}, {browser.Options{Width: 1280, Dark: true}, len(pages)},
		{browser.Options{Width: 1280}, 4}, {browser.Options{Width: 390, Dark: true}, 4},
	} {
		tab := open(t, b, o.Options)
		for _, page := range sampled(pages, o.few) {
			if shift := leastShift(t, tab, page.url); shift > 0.01 {
				t.Errorf("%s at %d px shifts by %.3f", page.name, o.Width, shift)
			}
			foreign, err := tab.Foreign()
			do(t, err)
			problems, err := tab.Problems()
			do(t, err)
			for _, width := range []int{320, 768, 1600, o.Width} {
				do(t, tab.Resize(width))
				wide, err := tab.Problems()
				do(t, err)
				problems = append(problems, wide...)
			}
			for _, p := range append(problems, foreign...) {
				t.Errorf("%s at %d px, dark %t: %s", page.name, o.Width, o.Dark, p)
			}
		}
	}
}

// leastShift shows a page and returns how much of it moved. On a busy machine the
// typeface may come after the first paint; what moves each time is the page's own.
func leastShift(t *testing.T, tab *browser.Tab, url string) float64 {
	t.Helper()
	least := math.Inf(1)
	for range 3 {
		do(t, tab.Go(url))
		shift, err := tab.Shift()
		do(t, err)
		if least = min(least, shift); least <= 0.01 {
			break
		}
	}
	return least
}

// pagesAreWholeInEveryWayOfLooking shows pages printed, without script, in the
// colours of the reader's system and without motion.
func pagesAreWholeInEveryWayOfLooking(t *testing.T, b *browser.Browser) {
	pages := browsedPages(t)
	for name, o := range map[string]browser.Options{
		"print":         {Print: true},
		"no script":     {Width: 768, NoScript: true},
		"forced colors": {Width: 1024, Features: map[string]string{"forced-colors": "active", "prefers-contrast": "more"}},
		"less motion":   {Width: 390, Features: map[string]string{"prefers-reduced-motion": "reduce"}},
	} {
		tab := open(t, b, o)
		for _, page := range sampled(pages, 5) {
			do(t, tab.Go(page.url))
			problems, err := tab.Problems()
			do(t, err)
			for _, p := range problems {
				t.Errorf("%s, %s: %s", page.name, name, p)
			}
			if heads := value[int](t, tab, `[...document.querySelectorAll("h1")].filter(e => e.offsetHeight > 0).length`); heads != 1 {
				t.Errorf("%s, %s: %d headings of the first rank are to be seen", page.name, name, heads)
			}
			if name == "less motion" {
				if moving := value[int](t, tab, `document.getAnimations().filter(a => a.effect.getTiming().iterations === Infinity || a.effect.getComputedTiming().duration > 10).length`); moving > 0 {
					t.Errorf("%s: %d things move", page.name, moving)
				}
			}
		}
	}
}

// noBarriersOnAnyPage asks axe-core of every page, with all of it open.
func noBarriersOnAnyPage(t *testing.T, b *browser.Browser) {
	axe, err := a11y.Axe()
	if errors.Is(err, a11y.ErrNone) {
		t.Skip(err)
	}
	do(t, err)
	pages := browsedPages(t)
	const run = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => {
		window.barriers = JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | ")));
	})`
	for _, o := range []struct {
		browser.Options
		few int
	}{
		{browser.Options{Width: 390, Dark: true}, 7}, {browser.Options{Width: 1280}, 7}, {browser.Options{Width: 390}, 0}, {browser.Options{Width: 1280, Dark: true}, 0},
	} {
		tab := open(t, b, o.Options)
		for _, page := range sampled(pages, o.few) {
			do(t, tab.Go(page.url))
			value[any](t, tab, `document.querySelectorAll("details").forEach(d => d.open = true)`)
			value[any](t, tab, axe+";"+run+";null")
			do(t, tab.Wait("window.barriers !== undefined"))
			var barriers []string
			do(t, json.Unmarshal([]byte(value[string](t, tab, "window.barriers")), &barriers))
			for _, found := range barriers {
				t.Errorf("%s at %+v: %s", page.name, o.Options, found)
			}
		}
	}
}

// pageBudget is what a page may weigh with its stylesheet and script, not
// compressed.
const pageBudget = 100_000

func TestEveryPageIsWithinItsBudget(t *testing.T) {
	for _, page := range browsedPages(t) {
		code, html := fetchURL(t, page.url)
		if code != page.code {
			t.Errorf("%s: status %d, want %d", page.name, code, page.code)
		}
		files, err := newFace("", Theme{})
		if err != nil {
			t.Fatal(err)
		}
		total := len(html) + files.files.Size("caravan.css") + files.files.Size("caravan.js")
		if total > pageBudget {
			t.Errorf("%s: %d bytes of HTML, %d with stylesheet and script, may be %d", page.name, len(html), total, pageBudget)
		}
		t.Logf("%-40s %6d bytes, %6d with stylesheet and script", page.name, len(html), total)
	}
}

func TestEveryPageIsValidHTML(t *testing.T) {
	if testing.Short() {
		t.Skip("starts node")
	}
	dir := t.TempDir()
	var files []string
	for _, page := range browsedPages(t) {
		_, html := fetchURL(t, page.url)
		file := filepath.Join(dir, caravan.Slug(page.name, "p")+".html")
		if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	said, err := a11y.Validate(files...)
	if errors.Is(err, a11y.ErrNone) {
		t.Skip(err)
	}
	if err != nil || said != "" {
		t.Errorf("%v\n%s", err, said)
	}
}

// fetchURL asks for an address and returns the status and the body.
func fetchURL(t *testing.T, address string) (int, string) {
	t.Helper()
	client := http.Client{Timeout: 30 * time.Second}
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode, strings.TrimSpace(all(t, res.Body)) + "\n"
}
