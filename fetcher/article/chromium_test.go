package article

import (
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"caravan"
	"caravan/internal/attacks"
)

// chromium is where the browser stands.
const chromium = "/usr/bin/chromium"

// A witness notes what a browser does with the pages it is shown.
type witness struct {
	mu       sync.Mutex
	own      string // the address of the server of the pages
	scripts  []string
	requests []string
}

// see notes one event.
func (w *witness) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *debugger.EventScriptParsed:
		if !strings.HasSuffix(e.URL, "/probe.js") {
			w.scripts = append(w.scripts, fmt.Sprintf("%s line %d", e.URL, e.StartLine))
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, w.own) && e.Type != network.ResourceTypeImage {
			w.requests = append(w.requests, fmt.Sprintf("%s %s", e.Type, e.Request.URL))
		}
	}
}

// probe stirs everything on a page that could run: it opens what is closed and
// sends the events that readers cause.
const probe = `
addEventListener("click", e => { if (e.target.closest("a")?.protocol !== "javascript:") e.preventDefault() }, true);
for (const e of document.querySelectorAll("*")) {
	for (const type of ["click", "mouseover", "mouseenter", "pointerenter", "focus", "focusin", "toggle", "beforetoggle", "error", "load", "scroll", "animationstart", "begin"]) {
		e.dispatchEvent(new MouseEvent(type, {bubbles: true, cancelable: true}));
	}
}
fetch("/done");
`

// page shows what a page of caravan shows of an item, without the rest.
var page = template.Must(template.New("page").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>{{(index . 0).Title}}</title>
{{range .}}<article title="{{.Title}}"><h1>{{.Title}}</h1><p>{{range .Authors}}{{.}}{{end}}</p><p><a href="{{.Link}}">{{.Summary}}</a></p><div>{{.Content}}</div></article>
{{end}}<script src="/probe.js"></script></html>`))

// shown is an item as the page gets it.
type shown struct {
	Title, Link, Summary string
	Authors              []string
	Content              template.HTML
}

// show opens the items in a browser, some to a page, with no policy to protect
// it, and returns what it did.
func show(t *testing.T, pages [][]shown) *witness {
	t.Helper()
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("chromium is not installed")
	}
	w := &witness{}
	mux := http.NewServeMux()
	mux.HandleFunc("/probe.js", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(rw, probe)
	})
	done := make(chan bool, 1)
	mux.HandleFunc("/done", func(http.ResponseWriter, *http.Request) { done <- true })
	mux.HandleFunc("/page/{n}", func(rw http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscan(r.PathValue("n"), &n); err != nil || n >= len(pages) {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := page.Execute(rw, pages[n]); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.own = server.URL

	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(chromium),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("proxy-server", "127.0.0.1:1"), chromedp.Flag("proxy-bypass-list", "127.0.0.1"))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, debugger.Enable, debugger.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	// From here on: enabling the debugger tells of chromedp's own script.
	if err := chromedp.Listen(ctx, w.see); err != nil {
		t.Fatal(err)
	}
	for n := range pages {
		if err := chromedp.Do(ctx, chromedp.Navigate(fmt.Sprintf("%s/page/%d", server.URL, n))); err != nil {
			t.Fatalf("page %d: %v", n, err)
		}
		select {
		case <-done:
		case <-time.After(30 * time.Second):
			t.Fatalf("page %d never finished", n)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return &witness{own: w.own, scripts: w.scripts, requests: w.requests}
}

// TestABrowserRunsNothingOfCleanItems shows all attacks, cleaned, as content,
// titles, authors and links in Chromium without a content security policy.
func TestABrowserRunsNothingOfCleanItems(t *testing.T) { // S18, S19
	var payloads []string
	for _, list := range attacks.Families() {
		payloads = append(payloads, list...)
	}
	if os.Getenv("CARAVAN_SHARED") != "" {
		for _, v := range attacks.Collected(t) {
			payloads = append(payloads, v.Payload)
		}
	}
	var pages [][]shown
	for chunk := range slices.Chunk(payloads, 100) {
		var items []shown
		for _, in := range chunk {
			item := Prepare(caravan.Item{Title: in, Authors: []string{in}, Link: in, Content: in, Summary: in},
				Options{FeedURL: "https://blog.example/feed"})
			items = append(items, shown{item.Title, item.Link, item.Summary, item.Authors, template.HTML(item.Content)})
		}
		pages = append(pages, items)
	}
	w := show(t, pages)
	if len(w.scripts) > 0 {
		t.Errorf("%d executions: %v", len(w.scripts), w.scripts)
	}
	if len(w.requests) > 0 {
		t.Errorf("%d requests: %v", len(w.requests), w.requests)
	}
	t.Logf("%d attacks on %d pages: %d executions, %d requests other than for images", len(payloads), len(pages),
		len(w.scripts), len(w.requests))
}

// TestTheBrowserTestSeesAttacks shows that the test above would notice.
func TestTheBrowserTestSeesAttacks(t *testing.T) {
	active := []string{
		`<img src=x onerror="1">`, `<svg onload="1"></svg>`, `<script>1</script>`, `<a href="/" onmouseover="1">x</a>`,
		`<a href="javascript:1">x</a>`, `<iframe src="https://a.example/"></iframe>`,
	}
	var items []shown
	for _, in := range active {
		items = append(items, shown{Title: "x", Content: template.HTML(in)})
	}
	w := show(t, [][]shown{items})
	if len(w.scripts) < 5 || len(w.requests) < 1 {
		t.Errorf("saw %d executions and %d requests of raw attacks, want at least 5 and 1: %v", len(w.scripts),
			len(w.requests), w)
	}
}
