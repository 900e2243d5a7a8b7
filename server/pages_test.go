package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"caravan"
	"caravan/internal/planet"
)

// planetServer is a server of the planet in memory.
func planetServer(t testing.TB, change ...func(*Config, *planet.Planet)) *httptest.Server {
	t.Helper()
	p, err := planet.New(testNow)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{Store: p, Index: p, Version: "1.2.3", Now: func() time.Time { return testNow }}
	ts := httptest.NewUnstartedServer(nil)
	c.BaseURL = "http://" + ts.Listener.Addr().String()
	for _, f := range change {
		f(&c, p)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ts.Config.Handler = s.Handler()
	ts.Start()
	t.Cleanup(ts.Close)
	return ts
}

// fetch asks for an address, following no redirect.
func fetch(t testing.TB, ts *httptest.Server, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, ts.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := ts.Client().Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestPagesAnswer(t *testing.T) {
	ts := planetServer(t)
	for _, test := range []struct {
		path string
		code int
		want string
	}{
		{"/", 200, "24 articles since"},
		{"/?cursor=24", 200, "Articles from"},
		{"/?language=pt&community=mare-aberta", 200, "Maré Aberta"},
		{"/?language=ar&community=mare-aberta", 200, "Nothing from"},
		{"/search", 200, "What you can ask"},
		{"/search?q=forms", 200, "<mark>forms</mark>"},
		{"/search?q=forms&sort=newest&page=1", 200, "<mark>forms</mark>"},
		{"/search?tag=forms", 200, "articles"},
		{"/search?q=%22open", 400, "A quotation mark is never closed."},
		{"/search?q=%22open&plain=1", 200, "1 article"},
		{"/search?q=zebra", 200, "No article matches all of this"},
		{"/search?q=zebra", 200, "The oldest article here is from"},
		{"/search?q=a&page=2&at=gone", 200, "ranked again"},
		{"/search?sort=odd", 400, "sort can be relevance or newest"},
		{"/c/harbour-city-lab", 200, "Its sources"},
		{"/c/paper-only", 200, "publishes no feed"},
		{"/c/nowhere", 404, "Not here"},
		{"/s/harbour-city-lab-log", 200, "Its last polls"},
		{"/s/nowhere", 404, "Not here"},
		{"/sources", 200, "12 of 17 sources are well"},
		{"/sources?state=quiet&sort=name", 200, "Show all sources"},
		{"/sources?page=x", 400, "page is a number"},
		{"/item/" + planet.Taken, 410, "taken down at its author"},
		{"/item/abcdefghijklmnop", 404, "Not here"},
		{"/item/nonsense", 404, "Not here"},
		{"/nowhere", 404, "Not here"},
	} {
		res, body := fetch(t, ts, test.path)
		if res.StatusCode != test.code || !strings.Contains(body, test.want) {
			t.Errorf("GET %s = %d, want %d with %q", test.path, res.StatusCode, test.code, test.want)
		}
		if got := res.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("GET %s: type %q", test.path, got)
		}
		if got := res.Header.Get("Vary"); !strings.Contains(got, "Accept-Language") || !strings.Contains(got, "X-Partial") {
			t.Errorf("GET %s: vary %q", test.path, got)
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") { // S24
			t.Errorf("GET %s: policy %q", test.path, csp)
		}
	}
}

func TestPagesLinkTheirOwnFeedsFirst(t *testing.T) { // O15
	ts := planetServer(t)
	first := regexp.MustCompile(`<link rel="alternate" type="[^"]+" title="[^"]+" href="([^"]+)">`)
	for path, want := range map[string]string{
		"/": "/feed.atom", "/?language=pt": "/feed.atom?language=pt", "/c/harbour-city-lab": "/c/harbour-city-lab/feed.atom",
		"/s/harbour-city-lab-log": "/s/harbour-city-lab-log/feed.atom", "/search?q=forms": "/search.atom?q=forms",
		"/sources": "/sources.atom", "/search": "/feed.atom", "/nowhere": "/feed.atom",
	} {
		_, body := fetch(t, ts, path)
		links := first.FindAllStringSubmatch(body, -1)
		if len(links) < 3 || links[0][1] != want {
			t.Errorf("GET %s links %v, want %s first", path, links, want)
		}
		if !strings.Contains(body, `<link rel="search" type="application/opensearchdescription+xml"`) {
			t.Errorf("GET %s does not link the search description", path)
		}
	}
}

func TestEveryLinkOfAPageIsAnswered(t *testing.T) {
	ts := planetServer(t)
	seen := map[string]bool{}
	link := regexp.MustCompile(` (?:href|src|action)="(/[^"]*)"`)
	waiting := []string{"/", "/search?q=forms", "/search?q=%22open", "/sources", "/c/harbour-city-lab", "/c/paper-only", "/s/the-b-odd-b-notebook", "/?lang=fr"}
	for len(waiting) > 0 && len(seen) < 300 {
		path := waiting[0]
		waiting = waiting[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		res, body := fetch(t, ts, path)
		if res.StatusCode != 200 && res.StatusCode != 400 {
			t.Errorf("GET %s = %d", path, res.StatusCode)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			next, _, _ := strings.Cut(strings.ReplaceAll(m[1], "&amp;", "&"), "#")
			if !seen[next] {
				waiting = append(waiting, next)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d links followed only", len(seen))
	}
}

func TestLanguageOfTheInterface(t *testing.T) {
	ts := planetServer(t)
	for _, test := range []struct{ path, accept, lang, want string }{
		{"/", "", "en", "Subscribe"},
		{"/", "pt-BR,pt;q=0.9", "pt", "Assinar"},
		{"/?lang=es", "pt", "es", "Suscribirse"},
		{"/nowhere", "fr", "fr", "Il n’y a rien à cette adresse."},
		{"/search?lang=fr", "", "fr", `<input type="hidden" name="lang" value="fr">`},
	} {
		res, body := fetch(t, ts, test.path, "Accept-Language", test.accept)
		if res.Header.Get("Content-Language") != test.lang || !strings.Contains(body, `<html lang="`+test.lang+`">`) || !strings.Contains(body, test.want) {
			t.Errorf("GET %s with %q: %s, want %s with %q", test.path, test.accept, res.Header.Get("Content-Language"), test.lang, test.want)
		}
	}
}

func TestReflectedQueryStaysWords(t *testing.T) { // S25
	ts := planetServer(t)
	for _, q := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, `javascript:alert(1)`, "</title><svg onload=alert(1)>",
		"{{.}}", "\r\nSet-Cookie: a=b", `" onfocus=alert(1) autofocus="`, "</script><script>alert(1)</script>", "\u202e<b>",
	} {
		for _, path := range []string{"/search?q=", "/search?tag=", "/?community=", "/sources?state=", "/nowhere/", "/s/harbour-city-lab-log?post=", "/?lang=", "/?cursor="} {
			res, body := fetch(t, ts, path+url.QueryEscape(q))
			for _, bad := range []string{"<script>alert", "<img src=x", "<svg onload", `" onfocus=alert`, "\u202e<b>"} {
				if strings.Contains(body, bad) {
					t.Errorf("GET %s%q: %s comes back as markup", path, q, bad)
				}
			}
			if res.Header.Get("Set-Cookie") != "" {
				t.Errorf("GET %s%q sets a cookie", path, q)
			}
		}
	}
}

func TestStaticFilesAreKeptForAYear(t *testing.T) {
	ts := planetServer(t)
	_, body := fetch(t, ts, "/")
	found := regexp.MustCompile(`/static/[^"]+`).FindAllString(body, -1)
	if len(found) < 4 {
		t.Fatalf("static files: %v", found)
	}
	for _, path := range found {
		res, body := fetch(t, ts, path)
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || body == "" {
			t.Errorf("GET %s = %d, %q", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
		if strings.HasSuffix(path, ".css") {
			for _, font := range regexp.MustCompile(`url\(([^)]+)\)`).FindAllStringSubmatch(body, -1) {
				if res, _ := fetch(t, ts, font[1]); res.StatusCode != 200 || res.Header.Get("Content-Type") != "font/woff2" {
					t.Errorf("GET %s = %d", font[1], res.StatusCode)
				}
			}
		}
	}
}

func TestStaticAddressesReachNothingElse(t *testing.T) { // S36
	ts := planetServer(t)
	for _, path := range []string{
		"/static/", "/static/static.go", "/static/caravan.css", "/static/..%2fpages.go", "/static/%2e%2e/pages.go", "/static/..%5cpages.go",
		"/static/fonts/", "/static/fonts/..%2f..%2fserver.go", "/static/%00", "/static//etc/passwd", "/static/caravan.css%00.js", "/static/...//",
	} {
		if res, body := fetch(t, ts, path); res.StatusCode != 404 && res.StatusCode != 400 || strings.Contains(body, "package ") {
			t.Errorf("GET %s = %d", path, res.StatusCode)
		}
	}
}

func TestPartialAnswersForTheScript(t *testing.T) {
	ts := planetServer(t)
	for path, id := range map[string]string{"/search?q=forms": `<div id="results">`, "/search?q=%22": `<div id="results">`} {
		_, body := fetch(t, ts, path, "X-Partial", "1")
		if !strings.Contains(body, id) || !strings.HasPrefix(body, "<title>") || strings.Contains(body, "<html") {
			t.Errorf("GET %s: %.60q", path, body)
		}
	}
}

func TestFirstRunPage(t *testing.T) {
	var sample *planet.Planet
	ts := planetServer(t, func(c *Config, _ *planet.Planet) {
		var err error
		if sample, err = planet.Empty(testNow); err != nil {
			t.Fatal(err)
		}
		c.Store, c.Index = sample, sample
	})
	res, body := fetch(t, ts, "/")
	if !strings.Contains(body, "Setting out") || !strings.Contains(body, "data-poll") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("first run: %q", res.Header.Get("Cache-Control"))
	}
	if _, body := fetch(t, ts, "/", "X-Partial", "1"); !strings.HasPrefix(body, `<div id="live" data-poll>`) {
		t.Errorf("partial first run: %.80q", body)
	}
	if _, body := fetch(t, ts, "/?language=pt"); strings.Contains(body, "Setting out") {
		t.Error("a filter shows the first run")
	}
}

func TestDemoAndOfflineAreSaid(t *testing.T) {
	ts := planetServer(t, func(c *Config, _ *planet.Planet) {
		c.Demo = true
		c.Offline = func() (time.Time, bool) { return testNow.Add(-time.Hour), true }
	})
	for _, path := range []string{"/", "/search", "/search?q=a", "/sources", "/c/harbour-city-lab", "/s/harbour-city-lab-log", "/nowhere"} {
		if _, body := fetch(t, ts, path); !strings.Contains(body, "This is the demo") || !strings.Contains(body, "caravan serve --feeds feeds.opml") {
			t.Errorf("GET %s does not say that it is the demo", path)
		}
	}
	_, body := fetch(t, ts, "/sources")
	if !strings.Contains(body, "Caravan itself has no network since 11:00.") {
		t.Error("/sources does not say that there is no network")
	}
}

func TestFailedStoreIsAPageToo(t *testing.T) {
	ts := planetServer(t, func(_ *Config, p *planet.Planet) { p.Err = caravan.ErrUnavailable })
	for _, path := range []string{"/", "/search?q=a", "/sources", "/c/harbour-city-lab"} {
		if res, body := fetch(t, ts, path); res.StatusCode != 503 || !strings.Contains(body, "Not ready yet") || strings.Contains(body, "unavailable") {
			t.Errorf("GET %s = %d", path, res.StatusCode)
		}
	}
}

func TestMovedCommunityRedirects(t *testing.T) {
	ts := planetServer(t)
	res, _ := fetch(t, ts, "/c/old-name?language=en")
	if res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "/c/lantern-network?language=en" {
		t.Errorf("GET /c/old-name = %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestYearsOfTheFormBecomeDates(t *testing.T) {
	ts := planetServer(t)
	res, _ := fetch(t, ts, "/search?q=a&from=2024&to=2025&page=3&at=x")
	if got := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || got != "/search?after=2024-01-01&before=2026-01-01&q=a" {
		t.Errorf("redirect = %d to %s", res.StatusCode, got)
	}
	if _, ok := yearsAsked(url.Values{"q": {"a"}}); ok {
		t.Error("no years are years")
	}
	if to, _ := yearsAsked(url.Values{"from": {"x"}, "to": {"2025"}}); to.Get("after") != "" || to.Get("before") != "2026-01-01" {
		t.Errorf("half a range = %v", to)
	}
}

func TestOnlyReadingMethodsReachPages(t *testing.T) { // S30
	ts := planetServer(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		for _, path := range []string{"/", "/search", "/sources", "/item/abcdefghijklmnop"} {
			r, err := http.NewRequest(method, ts.URL+path, strings.NewReader("q=a"))
			if err != nil {
				t.Fatal(err)
			}
			res, err := ts.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s = %d", method, path, res.StatusCode)
			}
		}
	}
}

func TestDigests(t *testing.T) {
	ts := planetServer(t)
	for _, test := range []struct {
		path string
		code int
		kind string
		want string
	}{
		{"/digest/2026-11", 200, "text/html; charset=utf-8", "This month in the communities"},
		{"/digest/2026-W47", 200, "text/html; charset=utf-8", "Week 47, 16 November to 22 November 2026"},
		{"/digest/2026-11?language=fr&lang=fr", 200, "text/html; charset=utf-8", "Ce mois-ci dans les communautés"},
		{"/digest/2019-05", 200, "text/html; charset=utf-8", "Nothing has come in."},
		{"/c/harbour-city-lab/digest/2026-11", 200, "text/html; charset=utf-8", "This month at Harbour City Lab"},
		{"/digest/2026-11?format=email", 200, "text/html; charset=utf-8", `href="{{.Unsubscribe}}"`},
		{"/digest/2026-11?format=text", 200, "text/plain; charset=utf-8", "MOST LINKED BY OTHER COMMUNITIES"},
		{"/digest/2026-11?language=pt&format=text", 200, "text/plain; charset=utf-8", "November 2026, in Portuguese"},
		{"/c/harbour-city-lab/digest/2026-11", 200, "text/html; charset=utf-8", "Linked by 3 communities, in 3 languages."},
		{"/digest/2026-11?format=markdown", 200, "text/markdown; charset=utf-8", "# This month in the communities"},
		{"/digest.atom", 200, "application/atom+xml; charset=utf-8", "This month in the communities: October 2026"},
		{"/digest/2026-12", 404, "text/html; charset=utf-8", "Not here"},
		{"/digest/2026-13", 404, "text/html; charset=utf-8", "Not here"},
		{"/digest/2026-W60", 404, "text/html; charset=utf-8", "Not here"},
		{"/c/nowhere/digest/2026-11", 404, "text/html; charset=utf-8", "Not here"},
		{"/digest/2026-11?format=odd", 400, "text/html; charset=utf-8", "format can be"},
		{"/digest/2026-11?language=fr&language=es", 400, "text/html; charset=utf-8", "one language or of all"},
	} {
		res, body := fetch(t, ts, test.path)
		if res.StatusCode != test.code || res.Header.Get("Content-Type") != test.kind || !strings.Contains(body, test.want) {
			t.Errorf("GET %s = %d %s, want %d %s with %q", test.path, res.StatusCode, res.Header.Get("Content-Type"), test.code, test.kind, test.want)
		}
		attached := strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment")
		if strings.Contains(test.path, "format=") && test.code == 200 != attached || strings.Contains(body, "<style") {
			t.Errorf("GET %s: attached %v", test.path, attached)
		}
	}
	if _, body := fetch(t, ts, "/digest/2026-11"); !strings.Contains(body, `rel="prev" href="/digest/2026-10"`) || !strings.Contains(body, `href="/digest/2026-W48"`) {
		t.Error("the month leads neither to the one before nor to its newest week")
	}
	if _, body := fetch(t, ts, "/digest/2019-05"); strings.Contains(body, `rel="prev"`) { // else it would lead on for ever
		t.Error("a month with nothing before it leads further back")
	}
	if res, _ := fetch(t, ts, "/digest?lang=pt"); res.StatusCode != 302 || res.Header.Get("Location") != "/digest/2026-11?lang=pt" {
		t.Errorf("GET /digest = %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestDigestFeedDoesNotMoveWithItsReader(t *testing.T) {
	ts := planetServer(t)
	_, english := fetch(t, ts, "/digest.atom")
	if _, other := fetch(t, ts, "/digest.atom", "Accept-Language", "pt"); other != english {
		t.Error("the feed depends on Accept-Language")
	}
	if _, again := fetch(t, ts, "/digest.atom"); again != english {
		t.Error("the feed changes by itself")
	}
	if strings.Contains(english, "2026-11</id>") || strings.Count(english, "<entry") < 3 {
		t.Error("the running month is in the feed, or hardly any other")
	}
}

// Who asks first does not decide what others get: a feed goes by its address.
func TestFeedsOfOurOwnWordsGoByTheirAddress(t *testing.T) {
	named := func(c *Config, _ *planet.Planet) { c.BaseURL = "https://planet.example" }
	for _, address := range []string{"/digest.atom", "/sources.atom"} {
		_, untouched := fetch(t, planetServer(t, named), address)
		for _, before := range []string{"?language=zz", "?lang=en", "?lang=fr", "?language=fr", "?q=x&tag=y"} {
			ts := planetServer(t, named)
			fetch(t, ts, address+before)
			if _, after := fetch(t, ts, address); after != untouched {
				t.Errorf("GET %s after %s is another feed", address, before)
			}
		}
	}
}

func TestDigestFeedOfALanguage(t *testing.T) {
	ts := planetServer(t)
	for _, test := range []struct {
		query   string
		self    string // what follows /digest.atom
		title   string
		entries bool
	}{
		{"", "", "the monthly digest", true},
		{"?language=fr", "?language=fr", "the monthly digest, in French", true},
		{"?language=FR-ca&x=y", "?language=fr", "the monthly digest, in French", true},
		{"?language=fr&lang=en", "?language=fr", "the monthly digest, in French", true},
		{"?lang=es", "?lang=es", "el resumen del mes", true},
		{"?language=fr&lang=es", "?lang=es&amp;language=fr", "el resumen del mes, en francés", true},
		{"?language=zz", "?language=zz", "the monthly digest, in ZZ", false},
	} {
		res, body := fetch(t, ts, "/digest.atom"+test.query)
		id := "<id>" + ts.URL + "/digest.atom" + test.self + "</id>"
		self := `href="` + ts.URL + "/digest.atom" + test.self + `"`
		if res.StatusCode != 200 || !strings.Contains(body, id) || !strings.Contains(body, self) || !strings.Contains(body, test.title+"<") || strings.Contains(body, "<entry") != test.entries {
			t.Errorf("GET /digest.atom%s = %d %.700s", test.query, res.StatusCode, body)
		}
	}
	if res, _ := fetch(t, ts, "/digest.atom?language=fr&language=es"); res.StatusCode != 400 {
		t.Errorf("two languages: %d", res.StatusCode)
	}
	_, french := fetch(t, ts, "/digest.atom?language=fr")
	if !strings.Contains(french, "/digest/2026-10?language=fr</id>") || strings.Contains(french, "/digest/2026-10</id>") {
		t.Error("the entries of the feed of a language are not the digests of it")
	}
}

func TestDigestFeedOfAnUnknownLanguageIsNotKept(t *testing.T) {
	s := serverOf(t, newMemory(5))
	h := s.Handler()
	get(h, "/digest.atom")
	documents, values := len(s.shelf.byKey), len(s.face.memo.byKey)
	for _, language := range []string{"x1", "x2", "x3"} {
		if w := get(h, "/digest.atom?language="+language); w.Code != http.StatusOK || w.Header().Get("ETag") == "" {
			t.Errorf("%s: %d %v", language, w.Code, w.Header())
		}
	}
	if len(s.shelf.byKey) != documents || len(s.face.memo.byKey) != values {
		t.Errorf("unknown languages took %d documents and %d values", len(s.shelf.byKey)-documents, len(s.face.memo.byKey)-values)
	}
}

func TestAboutNamesTheAgentAndTheOperator(t *testing.T) {
	ts := planetServer(t, func(c *Config, p *planet.Planet) {
		c.Contact = "ada@planet.example"
		p.List.OwnerName = "Ada <b>"
		c.Blocked = func() []caravan.Blocked {
			return []caravan.Blocked{{Where: "example.org/blog", Reason: "asked <by mail>"}}
		}
	})
	_, body := fetch(t, ts, "/about")
	for _, want := range []string{"caravan/1.2.3 (&#43;ada@planet.example)", "Ada &lt;b&gt;. Write to <a href=\"mailto:ada@planet.example\">", "410 Gone", "<code>example.org/blog</code>: asked &lt;by mail&gt;."} {
		if !strings.Contains(strings.ReplaceAll(body, "(+", "(&#43;"), want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

func TestThemeChangesThePages(t *testing.T) {
	theme, err := LoadTheme(fstest.MapFS{
		"title.txt": {Data: []byte("Lanterns\n")}, "tagline.txt": {Data: []byte("Slowly.")}, "about.md": {Data: []byte("# Ours\n\nHello *you*.")},
		"about.fr.md": {Data: []byte("Bonjour.")}, "theme.css": {Data: []byte(":root{--link:#060}")}, "logo.svg": {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	ts := planetServer(t, func(c *Config, _ *planet.Planet) { c.Theme = theme })
	_, body := fetch(t, ts, "/about")
	for _, want := range []string{"Slowly.", "<h2>Ours</h2>", "Hello <em>you</em>.", `aria-label="Lanterns, home"`, "/static/theme/logo.", "/static/theme/theme."} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	sheet := regexp.MustCompile(`/static/theme/theme\.[0-9a-f]+\.css`).FindString(body)
	if res, css := fetch(t, ts, sheet); res.StatusCode != 200 || css != ":root{--link:#060}" {
		t.Errorf("GET %s = %d %q", sheet, res.StatusCode, css)
	}
	if _, body := fetch(t, ts, "/about?lang=fr"); !strings.Contains(body, "Bonjour.") {
		t.Error("the French text is not used")
	}
	for name, folder := range map[string]fstest.MapFS{
		"empty": {}, "of something else": {"readme.txt": {Data: []byte("x")}}, "too large": {"about.md": {Data: make([]byte, themeFileBytes+1)}},
	} {
		if _, err := LoadTheme(folder); err == nil {
			t.Errorf("a folder that is %s loads", name)
		}
	}
}

func TestWhereIsMyPostOnTheServer(t *testing.T) {
	ts := planetServer(t)
	for post, want := range map[string]string{
		"https://lantern.example/forty-one-forms":                "It is here, seen first",
		"https://harbourlab.example/heat-shade-and-the-bus-stop": "came through another source",
		"https://lantern.example/hidden":                         "caravan:skip",
		"https://lantern.example/nowhere":                        "It is not here.",
	} {
		if _, body := fetch(t, ts, "/s/lantern-network-notebook?post="+url.QueryEscape(post)); !strings.Contains(body, want) {
			t.Errorf("where is %s: no %q", post, want)
		}
	}
}

func TestExampleThemeLoads(t *testing.T) {
	theme, err := LoadTheme(os.DirFS("../doc/theme-example"))
	if err != nil || theme.Title != "lanterns" || theme.Tagline == "" || len(theme.files) != 1 || theme.aboutText("fr") == "" {
		t.Errorf("%+v %v", theme, err)
	}
}

func TestItemPageShowsWhatIsLikeIt(t *testing.T) {
	ts := planetServer(t)
	_, search := fetch(t, ts, "/search?tag=forms")
	id := regexp.MustCompile(`/item/[a-z2-7]{16}`).FindString(search)
	if res, body := fetch(t, ts, id); res.StatusCode != 200 || !strings.Contains(body, "Similar articles") || strings.Count(body, `href="`+id+`"`) != 0 {
		t.Errorf("GET %s = %d", id, res.StatusCode)
	}
}

func TestNoPageDatesWhatHasNoDate(t *testing.T) {
	const slug = "the-b-odd-b-notebook"
	var none caravan.Story
	ts := planetServer(t, func(_ *Config, p *planet.Planet) {
		stories, err := p.Stories(t.Context(), caravan.Filter{Sources: []string{slug}}, "", 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stories.Stories {
			if s.Head.Undated {
				none = s
			}
		}
	})
	for _, path := range []string{
		"/search?source=" + slug, "/?source=" + slug, "/s/" + slug, "/item/" + none.ID,
		"/s/" + slug + "/feed.atom", "/s/" + slug + "/feed.rss", "/s/" + slug + "/feed.json",
	} {
		res, body := fetch(t, ts, path)
		if res.StatusCode != 200 || !strings.Contains(body, none.Head.Title) || strings.Contains(body, "1970") {
			t.Errorf("GET %s = %d, has the article %v, dates it %v", path, res.StatusCode, strings.Contains(body, none.Head.Title), strings.Contains(body, "1970"))
		}
	}
}
