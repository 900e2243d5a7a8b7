package browser_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"caravan/internal/browser"
)

// pages are such as no site should have, by path.
var pages = map[string]string{
	"/good":    `<h1>Words</h1><p><a href="/good">A link</a></p>`,
	"/wide":    `<div class="broad" style="width:3000px">wide</div>`,
	"/console": `<script>console.error("broken")</script>`,
	"/throws":  `<script>undefinedFunction()</script>`,
	"/says":    `<img src="data:," onerror="alert(1)">`,
	"/foreign": `<img src="http://other.invalid/a.png">`,
	"/shifts": "<pre>" + strings.Repeat("words words words\n", 20) + `</pre><script>
		const later = n => n ? requestAnimationFrame(() => later(n - 1)) : document.body.prepend(Object.assign(document.createElement("h1"), {textContent: "late", style: "height: 300px"}));
		later(3);</script>`,
	"/unsafe": `<a href=" javascript:alert(1)">a</a><form action="https://other.invalid/"></form><base href="https://other.invalid/"><b onclick="x()">b</b>` +
		`<iframe></iframe><i style="color:red">i</i><meta http-equiv="refresh" content="9999">`,
}

// open opens a tab on a site of these pages, or skips the test.
func open(t *testing.T, o browser.Options) (*browser.Tab, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("policy") {
			w.Header().Set("Content-Security-Policy", "default-src 'none'")
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:,"></head><body>%s</body></html>`, pages[r.URL.Path])
	}))
	t.Cleanup(site.Close)
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	b, err := browser.Start(ctx)
	if errors.Is(err, browser.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	tab, err := b.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	return tab, site.URL
}

func TestProblemsAreSeen(t *testing.T) {
	tab, site := open(t, browser.Options{NoPolicy: true})
	for _, test := range []struct{ path, want string }{
		{"/good", ""},
		{"/wide", "wider than the window"},
		{"/console", "console error"},
		{"/throws", "exception"},
		{"/says?policy", "a script says"}, // the policy does not hold
		{"/foreign", "request to another site: http://other.invalid/a.png"},
		{"/good", ""},
	} {
		if err := tab.Go(site + test.path); err != nil {
			t.Fatal(err)
		}
		problems, err := tab.Problems()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(problems, "\n"); !strings.Contains(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: problems are %q, want %q", test.path, got, test.want)
		}
	}
}

func TestPolicyHoldsUnlessItIsSwitchedOff(t *testing.T) {
	tab, site := open(t, browser.Options{})
	if err := tab.Go(site + "/says?policy"); err != nil {
		t.Fatal(err)
	}
	problems, err := tab.Problems()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(problems, "\n")
	if strings.Contains(got, "a script says") || !strings.Contains(got, "Content Security Policy") {
		t.Errorf("problems are %q", got)
	}
}

func TestShiftIsMeasured(t *testing.T) {
	tab, site := open(t, browser.Options{})
	for path, moves := range map[string]bool{"/good": false, "/shifts": true} {
		if err := tab.Go(site + path); err != nil {
			t.Fatal(err)
		}
		shift, err := tab.Shift()
		if err != nil {
			t.Fatal(err)
		}
		if moves != (shift > 0.01) {
			t.Errorf("%s shifts by %v", path, shift)
		}
	}
}

func TestForeignIsFound(t *testing.T) {
	tab, site := open(t, browser.Options{})
	for path, want := range map[string]string{
		"/good":   "",
		"/unsafe": "address form element handler element attribute meta",
		"/says":   "address handler",
	} {
		if err := tab.Go(site + path); err != nil {
			t.Fatal(err)
		}
		found, err := tab.Foreign()
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, f := range found {
			kind, _, _ := strings.Cut(f, ":")
			kinds = append(kinds, kind)
		}
		if path == "/good" { // the fixture's own icon
			kinds = kinds[:max(0, len(kinds)-1)]
		}
		for _, kind := range strings.Fields(want) {
			if !strings.Contains(strings.Join(kinds, " "), kind) {
				t.Errorf("%s: found %v, want %s", path, kinds, want)
			}
		}
		if want == "" && len(kinds) > 0 {
			t.Errorf("%s: found %v", path, found)
		}
	}
}

func TestWindowIsResized(t *testing.T) {
	tab, site := open(t, browser.Options{Width: 1280})
	if err := tab.Go(site + "/good"); err != nil {
		t.Fatal(err)
	}
	if err := tab.Resize(320); err != nil {
		t.Fatal(err)
	}
	if got, err := browser.Eval[int](tab, "innerWidth"); err != nil || got != 320 {
		t.Errorf("the window is %d wide, %v", got, err)
	}
}
