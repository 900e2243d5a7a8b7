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
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
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
	Features map[string]string // further media features: "forced-colors": "active"
}

// A Tab shows one page at a time.
type Tab struct {
	ctx   context.Context
	close context.CancelFunc

	mu       sync.Mutex
	host     string
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
			t.problems = append(t.problems, fmt.Sprintf("console %s: %v", ev.Type, ev.Args))
		}
	case *log.EventEntryAdded:
		// The status of the page itself is the test's matter, not an error.
		if ev.Entry.Level != "info" && ev.Entry.Level != "verbose" && !strings.Contains(ev.Entry.Text, "server responded with a status of") {
			t.problems = append(t.problems, fmt.Sprintf("log %s: %s %s", ev.Entry.Level, ev.Entry.Text, ev.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(ev.Request.URL)
		if err == nil && u.Scheme != "data" && u.Scheme != "about" && t.host != "" && u.Host != t.host {
			t.problems = append(t.problems, "request to another site: "+ev.Request.URL)
		}
	}
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
	t.host = u.Host
	t.mu.Unlock()
	if err := t.do(chromedp.Navigate(address)); err != nil {
		return fmt.Errorf("show %s: %w", address, err)
	}
	return nil
}

// Problems returns what went wrong since the tab was opened or last asked; a
// page that can be scrolled sideways is one.
func (t *Tab) Problems() ([]string, error) {
	wide, err := Eval[string](t, `(() => {
		const d = document.documentElement;
		if (d.scrollWidth <= d.clientWidth) return "";
		const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > d.clientWidth + 1 && getComputedStyle(e).position !== "absolute");
		return "wider than the window by " + (d.scrollWidth - d.clientWidth) + ": " + out.slice(0, 3).map(e => e.tagName + "." + e.className).join(" ");
	})()`)
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

// Press presses keys, one after the other.
func (t *Tab) Press(keys string) error {
	return named(t.do(chromedp.KeyEvent(keys)), "press "+keys)
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
