package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"caravan/internal/a11y"
	"caravan/internal/browser"
)

// TestSearchInTheBrowser is what searching is in Chromium, with the real store
// and the real index.
func TestSearchInTheBrowser(t *testing.T) {
	b := chromium(t)
	_, ts := searchWorld(t, func(c *Config) { c.Limit, c.SearchLimit = Limit{1e6, 1e6}, Limit{1e6, 1e6} })
	for _, test := range []struct {
		name string
		run  func(*testing.T, *browser.Browser, *httptest.Server)
	}{
		{"completion by keyboard", completionByKeyboard},
		{"completion by mouse", completionByMouse},
		{"completion keeps language and filter", completionKeepsLanguageAndFilter},
		{"completion is let go of", completionIsLetGoOf},
		{"newest answer stays", newestAnswerStays},
		{"completion switches itself off", completionSwitchesItselfOff},
		{"open list is without barriers", openListIsWithoutBarriers},
		{"open list moves nothing", openListMovesNothing},
		{"search from typing to article and back", searchFromTypingToArticleAndBack},
		{"live search changes all that depends on the query", liveSearchChangesAllThatDependsOnTheQuery},
		{"search without script", searchWithoutScript},
		{"nasty queries in the browser", nastyQueriesInTheBrowser},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, b, ts) })
	}
}

// offered waits for the list under a box to be open and returns its options.
func offered(t *testing.T, tab *browser.Tab, box string) []string {
	t.Helper()
	do(t, tab.Wait(fmt.Sprintf(`document.querySelector("#%s").getAttribute("aria-expanded") === "true"`, box)))
	return value[[]string](t, tab, fmt.Sprintf(`[...document.querySelectorAll("#%s-offers [role=option]")].map(o => o.textContent)`, box))
}

// unproblematic fails the test for what went wrong on the tab's pages.
func unproblematic(t *testing.T, tab *browser.Tab) {
	t.Helper()
	problems, err := tab.Problems()
	do(t, err)
	for _, p := range problems {
		t.Error(p)
	}
}

func completionByKeyboard(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{})
	do(t, tab.Go(ts.URL+"/"), tab.Press("/open"))
	options := offered(t, tab, "q0")
	if len(options) < 2 || options[0] != "open data tag 2" {
		t.Fatalf("offered: %q", options)
	}
	active := func() string {
		return value[string](t, tab, `(id => id ? document.getElementById(id).textContent + document.getElementById(id).getAttribute("aria-selected") : "")(document.querySelector("#q0").getAttribute("aria-activedescendant"))`)
	}
	if got := value[string](t, tab, `document.querySelector(".find [role=status]").textContent`); got != fmt.Sprint("Suggestions: ", len(options)) || active() != "" {
		t.Errorf("told %q, active %q", got, active())
	}
	last := options[len(options)-1]
	for _, step := range []struct{ key, want string }{
		{kb.ArrowDown, options[0] + "true"}, {kb.ArrowDown, options[1] + "true"}, {kb.ArrowUp, options[0] + "true"}, {kb.ArrowUp, ""}, {kb.ArrowUp, last + "true"},
		{kb.ArrowDown, ""}, {kb.ArrowDown, options[0] + "true"},
	} {
		do(t, tab.Press(step.key))
		if got := active(); got != step.want {
			t.Errorf("after a key the active one is %q, want %q", got, step.want)
		}
	}
	if got := value[string](t, tab, `document.activeElement.id + " " + document.activeElement.value + " " + document.querySelectorAll("[aria-selected=true]").length`); got != "q0 open 1" {
		t.Errorf("the cursor: %s", got)
	}
	do(t, tab.Press(kb.Enter), tab.See("#results mark, #results [data-title]"))
	if got := value[string](t, tab, `location.pathname + location.search + " " + document.querySelector("#q").value`); got != `/search?q=tag%3A%22open+data%22 tag:"open data"` {
		t.Errorf("Enter leads to %s", got)
	}
	do(t, tab.Back(), tab.See("#q0"))
	if value[bool](t, tab, `[...document.querySelectorAll("[role=listbox]")].some(l => !l.hidden)`) {
		t.Error("after going back the list is open")
	}
	unproblematic(t, tab)
}

func completionByMouse(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{Width: 390})
	do(t, tab.Go(ts.URL+"/sources"), tab.Type("#q0", "orcamento part"))
	if options := offered(t, tab, "q0"); len(options) != 1 || options[0] != "Orçamento participativo no Recife article" {
		t.Errorf("offered: %q", options)
	}
	do(t, tab.Click("#q0-offers [lang=pt]"), tab.See(".orig a.btn"))
	if got := value[string](t, tab, `location.pathname`); !strings.HasPrefix(got, "/item/") {
		t.Errorf("a title leads to %s", got)
	}
	unproblematic(t, tab)
}

func completionKeepsLanguageAndFilter(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{})
	do(t, tab.Go(ts.URL+"/search?lang=fr&language=en&sort=newest&exact=1"), tab.Type("#q", "geoff"))
	if options := offered(t, tab, "q"); len(options) == 0 || options[0] != "Geoff Mulgan auteur 3" {
		t.Errorf("offered: %q", options)
	}
	do(t, tab.Press(kb.ArrowDown+kb.Enter), tab.See(`#q[value='author:"Geoff Mulgan"']`))
	query, err := url.ParseQuery(strings.TrimPrefix(value[string](t, tab, "location.search"), "?"))
	do(t, err)
	for name, want := range map[string]string{"lang": "fr", "language": "en", "sort": "newest", "exact": "1"} {
		if query.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, query.Get(name), want)
		}
	}
	do(t, tab.See(".hits [data-title]"), tab.Type("#q", kb.End+strings.Repeat(kb.Backspace, 30)+"forms"))
	offered(t, tab, "q")
	do(t, tab.Press(kb.ArrowUp))
	if got := value[string](t, tab, `document.querySelector("#q-offers [aria-selected=true]").getAttribute("href")`); !strings.HasPrefix(got, "/item/") || !strings.HasSuffix(got, "?lang=fr") {
		t.Errorf("a title leads to %s", got)
	}
	unproblematic(t, tab)
}

func completionIsLetGoOf(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{})
	closed := `document.querySelector("#q0").getAttribute("aria-expanded") === "false" && document.querySelector("#q0-offers").hidden`
	do(t, tab.Go(ts.URL+"/"), tab.Type("#q0", "open"))
	offered(t, tab, "q0")
	do(t, tab.Press(kb.Escape), tab.Wait(closed))
	if got := value[string](t, tab, `document.querySelector("#q0").value`); got != "open" {
		t.Errorf("Escape leaves %q", got)
	}
	do(t, tab.Press(kb.ArrowDown)) // opens it again
	offered(t, tab, "q0")
	do(t, tab.Press(kb.Tab), tab.Wait(closed))
	do(t, tab.Type("#q0", " d"))
	offered(t, tab, "q0")
	do(t, tab.Press(strings.Repeat(kb.Backspace, 5)), tab.Wait(closed+` && document.querySelector("#q0").value === "o"`))
	do(t, tab.Press("pen"))
	offered(t, tab, "q0")
	do(t, tab.Press(kb.Enter), tab.See(".hits [data-title]")) // nothing chosen: searches for what was typed
	if got := value[string](t, tab, "location.search"); got != "?q=open" {
		t.Errorf("Enter without a choice leads to %s", got)
	}
	unproblematic(t, tab)
}

// front answers in place of the handler of ts; the rest goes to ts.
func front(t *testing.T, ts *httptest.Server, path string, answer func(w http.ResponseWriter, r *http.Request, next http.Handler)) *httptest.Server {
	t.Helper()
	next := ts.Config.Handler
	f := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			answer(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func newestAnswerStays(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	var mu sync.Mutex
	var asked []string
	held := make(chan struct{})
	f := front(t, ts, "/api/v1/complete", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		q := r.URL.Query().Get("q")
		mu.Lock()
		asked = append(asked, q)
		mu.Unlock()
		if q == "op" {
			select {
			case <-held:
			case <-r.Context().Done():
			}
		}
		next.ServeHTTP(w, r)
	})
	tab := open(t, b, browser.Options{})
	do(t, tab.Go(f.URL+"/"), tab.Type("#q0", "o"), tab.Press("p"))
	for waiting := true; waiting; {
		mu.Lock()
		waiting = len(asked) == 0
		mu.Unlock()
		do(t, tab.Wait("true"))
	}
	do(t, tab.Press("en dat"))
	options := offered(t, tab, "q0")
	close(held)
	do(t, tab.Wait(`document.querySelector("#q0-offers").children.length > 0`))
	mu.Lock()
	defer mu.Unlock()
	if asked[0] != "op" || asked[len(asked)-1] != "open dat" || len(asked) > 7 {
		t.Errorf("asked for %q", asked)
	}
	if again := value[[]string](t, tab, `[...document.querySelectorAll("#q0-offers [role=option]")].map(o => o.textContent)`); fmt.Sprint(again) != fmt.Sprint(options) || options[0] != "open data tag 2" {
		t.Errorf("offered %q, after the late answer %q", options, again)
	}
	unproblematic(t, tab)
}

func completionSwitchesItselfOff(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	var asked atomic.Int32
	for name, fail := range map[string]func(http.ResponseWriter){
		"429":     func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
		"no JSON": func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") },
	} {
		asked.Store(0)
		f := front(t, ts, "/api/v1/complete", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			asked.Add(1)
			fail(w)
		})
		tab := open(t, b, browser.Options{})
		do(t, tab.Go(f.URL+"/"), tab.Type("#q0", "open"), tab.Wait(`!document.querySelector("#q0").hasAttribute("role")`))
		do(t, tab.Press(" data\r"), tab.See(".hits [data-title]"))
		if asked.Load() != 1 {
			t.Errorf("%s: asked %d times", name, asked.Load())
		}
	}
	f := front(t, ts, "/api/v1/complete", func(http.ResponseWriter, *http.Request, http.Handler) { asked.Add(1) })
	asked.Store(0)
	tab := open(t, b, browser.Options{NoScript: true})
	do(t, tab.Go(f.URL+"/"))
	if got := value[string](t, tab, `["role", "aria-expanded", "aria-controls"].map(a => document.querySelector("#q0").getAttribute(a)).join()`); got != ",," {
		t.Errorf("without a script the box is a combobox: %s", got)
	}
	do(t, tab.Type("#q0", "open\r"), tab.See(".hits [data-title]"))
	if asked.Load() != 0 {
		t.Error("asked for completions without a script")
	}
}

func openListIsWithoutBarriers(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	axe, err := a11y.Axe()
	if errors.Is(err, a11y.ErrNone) {
		t.Skip(err)
	}
	do(t, err)
	const run = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => {
		window.barriers = JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.failureSummary).join(" | ")));
	})`
	for _, o := range []browser.Options{{Width: 390, Dark: true}, {Width: 1280}, {Width: 390}, {Width: 1280, Dark: true}} {
		tab := open(t, b, o)
		for path, box := range map[string]string{"/?lang=pt": "q0", "/search": "q"} {
			do(t, tab.Go(ts.URL+path), tab.Type("#"+box, "open"))
			offered(t, tab, box)
			do(t, tab.Press(kb.ArrowDown))
			value[any](t, tab, axe+";"+run+";null")
			do(t, tab.Wait("window.barriers !== undefined"))
			var barriers []string
			do(t, json.Unmarshal([]byte(value[string](t, tab, "window.barriers")), &barriers))
			for _, found := range barriers {
				t.Errorf("%s at %+v: %s", path, o, found)
			}
			unproblematic(t, tab)
		}
	}
}

func openListMovesNothing(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	const places = `JSON.stringify([...document.querySelectorAll("main, main h1, main h2, main h3, .find .btn, .logo, .ask .btn, .foot")].map(e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }))`
	for _, o := range []browser.Options{{Width: 320}, {Width: 1280}} {
		tab := open(t, b, o)
		do(t, tab.Go(ts.URL+"/"), tab.Wait(`document.fonts.status === "loaded"`))
		before := value[string](t, tab, places)
		do(t, tab.Type("#q0", "par"))
		offered(t, tab, "q0")
		if after := value[string](t, tab, places); after != before {
			t.Errorf("at %d the open list moves the page:\n%s\n%s", o.Width, before, after)
		}
		if !value[bool](t, tab, `(r => r.left >= 0 && r.right <= innerWidth && r.height > 30)(document.querySelector("#q0-offers").getBoundingClientRect())`) {
			t.Errorf("at %d the list stands outside of the window", o.Width)
		}
		value[any](t, tab, `document.documentElement.dir = "rtl"`)
		if !value[bool](t, tab, `(r => r.left >= 0 && r.right <= innerWidth)(document.querySelector("#q0-offers").getBoundingClientRect())`) {
			t.Errorf("at %d from right to left the list stands outside of the window", o.Width)
		}
		unproblematic(t, tab)
	}
}

func searchFromTypingToArticleAndBack(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{})
	do(t, tab.Go(ts.URL+"/search"), tab.Type("#q", "innovation"), tab.Wait(`document.querySelectorAll("#results [data-title]").length > 3 && location.search === "?q=innovation"`))
	do(t, tab.Press(` "`), tab.See(`#q[aria-invalid][aria-describedby=why]`), tab.Press(kb.Backspace+kb.Backspace), tab.See(`#q:not([aria-invalid])`), tab.See("#results mark"))
	do(t, tab.Press(kb.Escape), tab.Click(`.facets a[href*="language=fr"]`), tab.See(`.facets a[aria-current][href="/search?q=innovation"]`))
	do(t, tab.Click(`.sort a[href*="sort=newest"]`), tab.See(`.sort a[aria-current][href*="sort=newest"]`))
	do(t, tab.Press("j"))
	if !value[bool](t, tab, `document.activeElement.matches("[data-title]")`) {
		t.Error("j does not go to the first result")
	}
	do(t, tab.Click(`.hits .meta a[href^="/item/"]`), tab.See(".orig a.btn"), tab.Back(), tab.See(`.sort a[aria-current][href*="sort=newest"]`))
	if got := value[string](t, tab, `location.search + " " + document.querySelector("#q").value`); !strings.Contains(got, "language=fr") || !strings.HasSuffix(got, " innovation") {
		t.Errorf("back leads to %s", got)
	}
	do(t, tab.Back(), tab.See(`.sort a[aria-current]:not([href*="newest"])`), tab.Back(), tab.Wait(`location.search === "?q=innovation"`))
	do(t, tab.Go(ts.URL+"/search?q=budgetng"), tab.Click(".didyou a"), tab.See(".try"), tab.Click(".didyou a"), tab.See(".hits mark"))
	do(t, tab.Go(ts.URL+"/search?q=participatory+budgeting"), tab.Click(`a[href*="exact=1"]`), tab.See(`.note a:not([href*="exact=1"])`))
	do(t, tab.Go(ts.URL+"/search?q=%28forms"), tab.See("#why"), tab.Click(".try code"), tab.See(".hits mark"))
	unproblematic(t, tab)
}

func liveSearchChangesAllThatDependsOnTheQuery(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	// What a page says and offers beside its form; marks are drawn when what they use is there.
	const whole = `JSON.stringify({
		marks: [...document.querySelectorAll("main .mark use")].map(u => u.getBoundingClientRect().width > 0 && u.getAttribute("href")),
		feeds: [...document.querySelectorAll("head link[rel=alternate]")].map(l => l.title + " " + l.getAttribute("href")),
		languages: [...document.querySelectorAll(".langs a")].map(a => a.getAttribute("href")),
		copies: [...document.querySelectorAll("main [data-copy]")].map(c => c.checkVisibility() + c.textContent + c.dataset.copy),
		title: document.title, heading: [...document.querySelectorAll("h1")].map(h => h.textContent),
	}, null, "\n")`
	tab := open(t, b, browser.Options{})
	for _, typed := range []string{"innovation", "budget", "zzzz", `budget "`} {
		do(t, tab.Go(ts.URL+"/search?lang=fr"), tab.Type("#q", typed), tab.Wait(`new URLSearchParams(location.search).get("q") === `+fmt.Sprintf("%q", typed)+` && document.querySelector(".found") !== null`))
		live := value[string](t, tab, whole)
		do(t, tab.Go(ts.URL+"/search?lang=fr&q="+url.QueryEscape(typed)))
		if loaded := value[string](t, tab, whole); live != loaded {
			t.Errorf("%s as it is typed shows\n%s\nloaded\n%s", typed, live, loaded)
		}
		if typed == "innovation" && (!strings.Contains(live, `"#m`) || strings.Contains(live, "false") || !strings.Contains(live, `"trueCopier l’adresse Atom/search.atom?q=innovation"`)) {
			t.Errorf("%s shows\n%s", typed, live)
		}
	}
	problems, err := tab.Problems()
	do(t, err)
	for _, p := range problems {
		if !strings.Contains(p, "400") {
			t.Error(p)
		}
	}
}

func searchWithoutScript(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{NoScript: true, Width: 390})
	do(t, tab.Go(ts.URL+"/"), tab.Type("#q0", "innovation\r"), tab.See("#results mark"))
	do(t, tab.Click(`.facets a[href*="language=fr"]`), tab.See(`.facets a[aria-current]`), tab.Click(".years a"), tab.See(".facets p a"))
	do(t, tab.Back(), tab.Back(), tab.See("#results mark"))
	do(t, tab.Go(ts.URL+"/search?q=budgetng"), tab.Click(".didyou a"), tab.See(".try"))
	do(t, tab.Go(ts.URL+"/search"), tab.Click(".chips a"), tab.See(".hits [data-title]"))
	unproblematic(t, tab)
}

// S18, S25: nothing of a query runs, and every page is whole.
func nastyQueriesInTheBrowser(t *testing.T, b *browser.Browser, ts *httptest.Server) {
	tab := open(t, b, browser.Options{Width: 390})
	step := 6 // the others are asked for without a browser
	if os.Getenv("CARAVAN_SHARED") != "" {
		step = 1
	}
	for i, q := range nasty() {
		if i%step > 0 && !strings.ContainsAny(q, "<>'{&\u202e") {
			continue
		}
		do(t, tab.Go(ts.URL+"/search?q="+url.QueryEscape(q)))
		foreign, err := tab.Foreign()
		do(t, err)
		if len(foreign) > 0 {
			t.Errorf("%q brings %v", q, foreign)
		}
		problems, err := tab.Problems()
		do(t, err)
		for _, p := range problems {
			if !strings.Contains(p, "400") {
				t.Errorf("%q: %s", q, p)
			}
		}
	}
}
