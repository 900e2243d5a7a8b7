// Package browser opens pages of a site in Chromium, for tests and for
// screenshots, and gathers what goes wrong on them: messages on the console,
// violations of the content security policy, requests to other sites and pages
// that are wider than their window.
package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// ErrNone says that this machine has no Chromium.
var ErrNone = errors.New("no chromium on this machine")

// A Browser is one running Chromium. Each of its tabs is a visitor of its own.
type Browser struct {
	ctx context.Context
}

// Start starts Chromium; it runs until ctx ends. It returns [ErrNone] where
// there is none.
func Start(ctx context.Context) (*Browser, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, ErrNone
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true),
		// A page that comes back out of memory is not loaded again, which no step
		// could wait for.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"),
		chromedp.Flag("disable-background-networking", true),
	)
	ctx, _ = chromedp.NewExecAllocator(ctx, options...)
	ctx, _ = chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start chromium: %w", err)
	}
	return &Browser{ctx: ctx}, nil
}

// Options say who looks at the pages of a tab.
type Options struct {
	Width    int // of the window; 1280 when zero
	Dark     bool
	NoScript bool
	Print    bool
	NoPolicy bool              // content security policies do not hold
	Features map[string]string // further media features: "forced-colors": "active"
}

// dialogs makes what scripts say to the visitor a message on the console, so
// that one that nobody wrote here is seen and no page waits for an answer.
const dialogs = `for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...words) => { console.error("a script says", name, ...words) }`

// A Tab shows one page at a time.
type Tab struct {
	ctx   context.Context
	close context.CancelFunc

	mu       sync.Mutex
	visited  map[string]bool // hosts it was sent to; the icon of a page may be asked for when the next one is up already
	problems []string
}

// Open opens an empty tab without history or cookies.
func (b *Browser) Open(o Options) (*Tab, error) {
	t := &Tab{}
	t.ctx, t.close = chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(t.listen))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}}
	if o.Dark {
		media.Features[0].Value = "dark"
	}
	for name, value := range o.Features {
		media.Features = append(media.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	if o.Print {
		media.Media = "print"
	}
	width := int64(o.Width)
	if width == 0 {
		width = 1280
	}
	err := chromedp.Do(t.ctx,
		chromedp.EmulateViewport(width, 900),
		call(emulation.SetEmulatedMedia, media),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: o.NoScript}),
		call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: o.NoPolicy}),
		call(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: dialogs}),
	)
	if err != nil {
		t.close()
		return nil, fmt.Errorf("open tab: %w", err)
	}
	return t, nil
}

// call is a command as a step that returns nothing.
func call[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

// Close closes the tab.
func (t *Tab) Close() { t.close() }

// listen notes what goes wrong.
func (t *Tab) listen(ev any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		t.problems = append(t.problems, "exception: "+ev.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if ev.Type == "error" || ev.Type == "warning" {
			t.problems = append(t.problems, "console "+string(ev.Type)+":"+spoken(ev.Args))
		}
	case *log.EventEntryAdded:
		// The status of the page itself is the test's matter, not an error.
		if ev.Entry.Level != "info" && ev.Entry.Level != "verbose" && !strings.Contains(ev.Entry.Text, "server responded with a status of") {
			t.problems = append(t.problems, fmt.Sprintf("log %s: %s %s", ev.Entry.Level, ev.Entry.Text, ev.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(ev.Request.URL)
		if err == nil && u.Scheme != "data" && u.Scheme != "about" && len(t.visited) > 0 && !t.visited[u.Host] {
			t.problems = append(t.problems, "request to another site: "+ev.Request.URL)
		}
	}
}

// spoken joins what was written to the console.
func spoken(args []*runtime.RemoteObject) string {
	var b strings.Builder
	for _, arg := range args {
		b.WriteByte(' ')
		if arg.Description != "" {
			b.WriteString(arg.Description)
			continue
		}
		b.WriteString(strings.Trim(string(arg.Value), `"`))
	}
	return b.String()
}

// patience is how long one step on a page may take.
const patience = 30 * time.Second

// do runs steps, each within its time. The tab was opened without a limit, for
// that would close it.
func (t *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Go shows a page and waits until it is loaded.
func (t *Tab) Go(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	t.mu.Lock()
	if t.visited == nil {
		t.visited = map[string]bool{}
	}
	t.visited[u.Host] = true
	t.mu.Unlock()
	if err := t.do(chromedp.Navigate(address)); err != nil {
		return fmt.Errorf("show %s: %w", address, err)
	}
	return nil
}

// Problems returns what went wrong since the tab was opened or last asked; a
// page that can be scrolled sideways is one.
func (t *Tab) Problems() ([]string, error) {
	wide, err := t.tooWide()
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	problems := t.problems
	t.problems = nil
	if wide != "" {
		problems = append(problems, wide)
	}
	return problems, nil
}

// tooWide says what makes the page wider than its window; empty when nothing
// does.
func (t *Tab) tooWide() (string, error) {
	return Eval[string](t, `(() => {
		const d = document.documentElement;
		if (d.scrollWidth <= d.clientWidth) return "";
		const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > d.clientWidth + 1 && getComputedStyle(e).position !== "absolute");
		return "wider than the window by " + (d.scrollWidth - d.clientWidth) + ": " + out.slice(0, 3).map(e => e.tagName + "." + e.className).join(" ");
	})()`)
}

// Resize makes the window so wide, with the page in it.
func (t *Tab) Resize(width int) error {
	return named(t.do(chromedp.EmulateViewport(int64(width), 900)), fmt.Sprintf("make the window %d wide", width))
}

// Shift returns by how much what the page shows has moved about while it loaded,
// without anybody's doing: the sum of layout shifts, once the fonts are there.
func (t *Tab) Shift() (float64, error) {
	const watch = `(() => {
		if (window.shifts) return;
		window.shifts = {sum: 0, settled: false};
		new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) window.shifts.sum += e.value })).observe({type: "layout-shift", buffered: true});
		const frame = n => n ? requestAnimationFrame(() => frame(n - 1)) : setTimeout(() => { window.shifts.settled = true });
		document.fonts.ready.then(() => frame(5));
	})()`
	if _, err := Eval[any](t, watch); err != nil {
		return 0, err
	}
	if err := t.Wait("window.shifts.settled"); err != nil {
		return 0, err
	}
	return Eval[float64](t, "window.shifts.sum")
}

// Foreign lists what stands on the page that could run a script or load
// something that the site did not mean to: scripts without an address of the
// site, handlers in attributes, addresses that are scripts, styles in the page,
// frames, and elements that change where the page leads.
func (t *Tab) Foreign() ([]string, error) {
	return Eval[[]string](t, `(() => {
		const found = [], tell = (e, what) => found.push(what + ": " + e.outerHTML.slice(0, 120));
		if (document.contentType !== "text/html") return found; // shown in a page of the browser's own
		for (const e of document.querySelectorAll("*")) {
			const name = e.localName;
			if (name === "script" && e.type !== "application/ld+json" && !(e.src && new URL(e.src).origin === location.origin)) tell(e, "script");
			if (["iframe", "frame", "object", "embed", "base", "applet", "portal", "style", "math", "foreignobject"].includes(name)) tell(e, "element");
			if (name === "meta" && e.httpEquiv) tell(e, "meta");
			if (name === "form" && new URL(e.action, location).origin !== location.origin) tell(e, "form");
			for (const a of e.attributes) {
				if (/^on/i.test(a.name)) tell(e, "handler");
				if (a.name === "style" || a.name === "srcdoc" || a.name === "background" || a.name === "ping") tell(e, "attribute");
				if (/^(href|src|action|formaction|xlink:href|data|poster|cite)$/i.test(a.name) && /^[\u0000-\u0020]*(javascript|vbscript|data|blob|file)[\s]*:/i.test(a.value)) tell(e, "address");
			}
		}
		return found;
	})()`)
}

// Eval returns the value of a JavaScript expression on the page.
func Eval[T any](t *Tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		return value, fmt.Errorf("evaluate %.80s: %w", expression, err)
	}
	return value, nil
}

// Wait returns when a JavaScript expression has become true on the page. It is
// asked at every frame, so nothing has to be slept over.
func (t *Tab) Wait(expression string) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression)); err != nil {
		return fmt.Errorf("wait for %s: %w", expression, err)
	}
	return nil
}

// Press presses keys, one after the other. A key that the page takes for itself
// writes nothing, as at a keyboard.
func (t *Tab) Press(keys string) error {
	var steps []chromedp.Action[chromedp.Void]
	for _, r := range keys {
		strokes := kb.Encode(r)
		for i, k := range strokes {
			if k.Type == kb.KeyChar {
				continue // it would write whatever became of the key
			}
			if i+1 < len(strokes) && strokes[i+1].Type == kb.KeyChar {
				k.Type, k.Text = kb.KeyDown, strokes[i+1].Text
			}
			steps = append(steps, call(input.DispatchKeyEvent, *k))
		}
	}
	return named(t.do(steps...), "press "+keys)
}

// Type writes into the element that a CSS selector finds.
func (t *Tab) Type(selector, text string) error {
	return named(t.do(chromedp.SendKeys(chromedp.CSS(selector), text)), "type into "+selector)
}

// Click clicks the element that a CSS selector finds.
func (t *Tab) Click(selector string) error {
	return named(t.do(chromedp.Click(chromedp.CSS(selector))), "click "+selector)
}

// Back goes back in the history.
func (t *Tab) Back() error {
	return named(t.do(chromedp.NavigateBack()), "go back")
}

// Screenshot returns a picture of the whole page as PNG.
func (t *Tab) Screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.FullScreenshot(100))
}

// Picture returns a picture of the top of the page as PNG, as high as the page
// and at most as high as given. Nothing moves in it and no cursor blinks.
func (t *Tab) Picture(width, highest int) ([]byte, error) {
	if err := t.Wait(`document.fonts.status === "loaded"`); err != nil {
		return nil, err
	}
	height, err := Eval[int](t, "(document.activeElement.blur(), document.documentElement.scrollHeight)")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(min(height, highest)))); err != nil {
		return nil, err
	}
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// See waits until an element is visible, also across a change of page.
func (t *Tab) See(selector string) error {
	return named(t.do(chromedp.WaitVisible(chromedp.CSS(selector))), "see "+selector)
}

// named says what was being done when err came up.
func named(err error, what string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
