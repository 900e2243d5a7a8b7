package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

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
		{"pages are whole in every way of looking", pagesAreWholeInEveryWayOfLooking},
		{"no barriers on any page", noBarriersOnAnyPage},
		{"nothing of a publisher or visitor runs", nothingOfAPublisherOrVisitorRuns},
		{"keys walk the titles", keysWalkTheTitles},
		{"search as a person types", searchAsAPersonTypes},
		{"filters and the back button", filtersAndTheBackButton},
		{"paths without script", pathsWithoutScript},
		{"first run from empty to done", firstRunFromEmptyToDone},
		{"print shows addresses and no menus", printShowsAddressesAndNoMenus},
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
	value[any](t, tab, `document.querySelector("#why").remove()`)                                     // what is seen is then the next page's
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
