package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"caravan/internal/a11y"
	"caravan/internal/browser"
	"caravan/internal/planet"
)

// chromium starts a browser, or skips the test where there is none.
func chromium(t *testing.T) *browser.Browser {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	b, err := browser.Start(ctx)
	if errors.Is(err, browser.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestInTheBrowser is what the pages do in Chromium; it is started once.
func TestInTheBrowser(t *testing.T) {
	b := chromium(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *browser.Browser)
	}{
		{"pages in the browser are without problems", pagesInTheBrowserAreWithoutProblems},
		{"no barriers on any page", noBarriersOnAnyPage},
		{"keys walk the titles", keysWalkTheTitles},
		{"search as a person types", searchAsAPersonTypes},
		{"filters and the back button", filtersAndTheBackButton},
		{"paths without script", pathsWithoutScript},
		{"first run from empty to done", firstRunFromEmptyToDone},
		{"print shows addresses and no menus", printShowsAddressesAndNoMenus},
		{"page does not shift while it loads", pageDoesNotShiftWhileItLoads},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b) })
	}
}

// open opens a tab for the rest of the test.
func open(t *testing.T, b *browser.Browser, o browser.Options) *browser.Tab {
	t.Helper()
	tab, err := b.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	return tab
}

// do fails the test at the first error.
func do(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// value evaluates an expression on the page.
func value[T any](t *testing.T, tab *browser.Tab, expression string) T {
	t.Helper()
	v, err := browser.Eval[T](tab, expression)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// browsed are addresses that together show every kind of page.
func browsed(t *testing.T) []string {
	t.Helper()
	p, err := planet.New(testNow)
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{
		"/", "/?cursor=24", "/?community=mare-aberta&language=ar", "/?lang=pt", "/search", "/search?q=the", "/search?q=zebra+forms", "/search?q=title%3A%22open",
		"/search?q=forrms&lang=fr", "/c/harbour-city-lab", "/c/paper-only", "/s/the-b-odd-b-notebook", "/s/harbour-city-lab-log?post=x%3A%2F%2Fy", "/sources", "/digest/2026-11", "/about", "/nowhere",
	}
	for _, s := range p.AllStories() {
		if s.Head.Link == "https://odd.example/everything" || s.Head.Language == "ar" {
			paths = append(paths, "/item/"+s.ID)
		}
	}
	return paths
}

// visit is one kind of visitor and how many of the browsed pages they see: all
// of them in the long run of the tests, which CARAVAN_SHARED asks for.
type visit struct {
	browser.Options
	pages int
}

// seen are the pages of a visit, spread over the kinds.
func (v visit) seen(all []string) []string {
	if os.Getenv("CARAVAN_SHARED") != "" || v.pages >= len(all) {
		return all
	}
	var some []string
	for i := range v.pages {
		some = append(some, all[i*len(all)/v.pages])
	}
	return some
}

func pagesInTheBrowserAreWithoutProblems(t *testing.T, b *browser.Browser) { // S18 to S24
	ts := planetServer(t, func(c *Config, _ *planet.Planet) { c.Limit, c.SearchLimit = Limit{1e6, 1e6}, Limit{1e6, 1e6} })
	for _, o := range []visit{
		{browser.Options{Width: 390}, 99}, {browser.Options{Width: 1280, Dark: true}, 99}, {browser.Options{Width: 1280}, 4}, {browser.Options{Width: 390, Dark: true}, 4},
		{browser.Options{Width: 320}, 6}, {browser.Options{Width: 1600}, 3}, {browser.Options{Width: 768, NoScript: true}, 3}, {browser.Options{Width: 1280, Print: true}, 3},
		{browser.Options{Width: 1024, Features: map[string]string{"forced-colors": "active", "prefers-reduced-motion": "reduce"}}, 3},
	} {
		tab := open(t, b, o.Options)
		for _, path := range o.seen(browsed(t)) {
			do(t, tab.Go(ts.URL+path))
			problems, err := tab.Problems()
			do(t, err)
			for _, p := range problems {
				t.Errorf("%s at %+v: %s", path, o, p)
			}
		}
	}
}

func noBarriersOnAnyPage(t *testing.T, b *browser.Browser) {
	axe, err := a11y.Axe()
	if errors.Is(err, a11y.ErrNone) {
		t.Skip(err)
	}
	do(t, err)
	ts := planetServer(t, func(c *Config, _ *planet.Planet) { c.Demo = true })
	const run = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => {
		window.barriers = JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | ")));
	})`
	for _, o := range []visit{
		{browser.Options{Width: 390, Dark: true}, 7}, {browser.Options{Width: 1280}, 7}, {browser.Options{Width: 390}, 0}, {browser.Options{Width: 1280, Dark: true}, 0},
	} {
		tab := open(t, b, o.Options)
		for _, path := range o.seen(browsed(t)) {
			do(t, tab.Go(ts.URL+path))
			value[any](t, tab, `document.querySelectorAll("details").forEach(d => d.open = true)`)
			value[any](t, tab, axe+";"+run+";null")
			do(t, tab.Wait("window.barriers !== undefined"))
			var barriers []string
			do(t, json.Unmarshal([]byte(value[string](t, tab, "window.barriers")), &barriers))
			for _, found := range barriers {
				t.Errorf("%s at %+v: %s", path, o, found)
			}
		}
	}
}

func keysWalkTheTitles(t *testing.T, b *browser.Browser) {
	ts := planetServer(t)
	tab := open(t, b, browser.Options{})
	at := func() string {
		return value[string](t, tab, `(document.activeElement.closest("[data-item]") || document.activeElement).getAttribute("aria-labelledby") || document.activeElement.tagName + "#" + document.activeElement.id`)
	}
	do(t, tab.Go(ts.URL+"/"), tab.Press("j"))
	first := at()
	do(t, tab.Press("j"))
	second := at()
	do(t, tab.Press("k"))
	if back := at(); first == second || back != first || !strings.HasPrefix(first, "t") {
		t.Errorf("j, j, k walk %s, %s, %s", first, second, back)
	}
	do(t, tab.Press("/"))
	if got := at(); got != "INPUT#q0" {
		t.Errorf("/ goes to %s", got)
	}
	do(t, tab.Press("j"))
	if got := value[string](t, tab, `document.querySelector("#q0").value`); !strings.HasSuffix(got, "j") {
		t.Errorf("j in the box writes %q", got)
	}
	do(t, tab.Click("#keys"))
	value[any](t, tab, "document.activeElement.blur()")
	do(t, tab.Press("j"))
	if got := at(); strings.HasPrefix(got, "t") {
		t.Errorf("j works though it is switched off: %s", got)
	}
}

func searchAsAPersonTypes(t *testing.T, b *browser.Browser) {
	ts := planetServer(t)
	tab := open(t, b, browser.Options{})
	do(t, tab.Go(ts.URL+"/search?language=en"), tab.Type("#q", "forms"), tab.Wait(`document.querySelector("#results mark") !== null`))
	if got := value[string](t, tab, "location.search"); !strings.Contains(got, "q=forms") || !strings.Contains(got, "language=en") {
		t.Errorf("the address is %s", got)
	}
	if got := value[string](t, tab, "document.activeElement.id"); got != "q" {
		t.Errorf("the cursor is in %s", got)
	}
	do(t, tab.Wait(`document.querySelector("#say").textContent.includes("article")`))
	do(t, tab.Type("#q", ` "`), tab.Wait(`document.querySelector("#results [role=alert]") !== null`)) // a query half typed
	do(t, tab.Click(".ask .btn"), tab.See("#why"))
	if got := value[string](t, tab, `document.querySelector("#q").value`); got != `forms "` {
		t.Errorf("the box holds %q", got)
	}
	problems, err := tab.Problems()
	do(t, err)
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
}

func filtersAndTheBackButton(t *testing.T, b *browser.Browser) {
	ts := planetServer(t)
	for _, noScript := range []bool{false, true} {
		tab := open(t, b, browser.Options{NoScript: noScript})
		do(t, tab.Go(ts.URL+"/"), tab.Click(`.chips a[href*="community=mare-aberta"]`), tab.See(`.chips a[aria-current][href="/"]`))
		do(t, tab.Click(`.chips a[lang="pt"]`), tab.See(`.chips a[lang="pt"][aria-current]`))
		if noScript {
			do(t, tab.Click("a.logo"), tab.See(".lede"))
			continue
		}
		if got := value[string](t, tab, "location.search"); got != "?community=mare-aberta&language=pt" {
			t.Errorf("the filter is %s", got)
		}
		do(t, tab.Back(), tab.See(`.chips a[lang="pt"]:not([aria-current])`))
		if got := value[string](t, tab, "location.search"); got != "?community=mare-aberta" {
			t.Errorf("back is %s", got)
		}
	}
}

func pathsWithoutScript(t *testing.T, b *browser.Browser) {
	ts := planetServer(t)
	tab := open(t, b, browser.Options{NoScript: true, Width: 390})
	do(t, tab.Go(ts.URL+"/"), tab.Type("#q0", "forms\r"), tab.See("#results mark"))
	do(t, tab.Click(`.facets a[href*="community="]`), tab.See(`.facets a[aria-current]`))
	do(t, tab.Click(`.hits .meta a[href^="/item/"]`), tab.See(".orig a.btn"))
	do(t, tab.Go(ts.URL+"/"), tab.Click(`.pages a[rel=next]`), tab.See(`.pages a[rel=prev]`))
	do(t, tab.Go(ts.URL+"/search?q=the"), tab.Click(".years a"), tab.See(".facets p a"))
}

func firstRunFromEmptyToDone(t *testing.T, b *browser.Browser) {
	var current atomic.Pointer[http.Handler]
	ts := planetServer(t)
	full := ts.Config.Handler
	empty, err := planet.Empty(testNow)
	do(t, err)
	s := serverOf(t, newMemory(0), func(c *Config) { c.Store, c.Index = empty, empty })
	first := s.Handler()
	current.Store(&first)
	ts.Config.Handler = nil
	front := planetServer(t)
	front.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*current.Load()).ServeHTTP(w, r) })
	tab := open(t, b, browser.Options{})
	do(t, tab.Go(front.URL+"/"), tab.See("#live[data-poll]"))
	if got := value[string](t, tab, `document.querySelector("h1").textContent`); got != "Setting out" {
		t.Errorf("the first run says %q", got)
	}
	current.Store(&full)
	do(t, tab.See("[data-river]")) // the script asks again, and finds the river
}

func printShowsAddressesAndNoMenus(t *testing.T, b *browser.Browser) {
	ts := planetServer(t)
	tab := open(t, b, browser.Options{Print: true})
	do(t, tab.Go(ts.URL+"/"))
	for _, hidden := range []string{".menu", ".find", ".side", ".filters"} {
		if !value[bool](t, tab, fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).display === "none"`, hidden)) {
			t.Errorf("%s is printed", hidden)
		}
	}
	if got := value[string](t, tab, `getComputedStyle(document.querySelector(".item h3 a"), "::after").content`); !strings.Contains(got, "https://lantern.example/forty-one-forms") {
		t.Errorf("beside a title stands %s", got)
	}
}

func pageDoesNotShiftWhileItLoads(t *testing.T, b *browser.Browser) {
	ts := planetServer(t)
	tab := open(t, b, browser.Options{Width: 390})
	for _, path := range []string{"/", "/search?q=the", "/sources"} {
		do(t, tab.Go(ts.URL+path))
		value[any](t, tab, `(() => { window.shift = 0; new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) window.shift += e.value })).observe({type: "layout-shift", buffered: true}); document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => { window.settled = true }))); })()`)
		do(t, tab.Wait("window.settled"))
		if got := value[float64](t, tab, "window.shift"); got > 0.05 {
			t.Errorf("%s shifts by %.3f", path, got)
		}
	}
}
