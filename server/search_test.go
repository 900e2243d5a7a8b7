package server

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The everyday words that other programs miss.
func TestEverydayWordsAreFound(t *testing.T) {
	p, _ := searchWorld(t)
	for _, test := range []struct{ query, first string }{
		{"public-sector", "A public-sector handbook for innovators"},
		{"public sector", "A public-sector handbook for innovators"},
		{"l'innovation", "L’innovation publique près de chez vous"},
		{"d'innovation", "Laboratoire d’innovation : mode d’emploi"},
		{"C++", "C++ in government services"},
		{"labs:", "Innovating in the open"},
		{"inovacao", "Inovação e licitação sem medo"},
		{"licitação", "Inovação e licitação sem medo"},
		{"LICITACAO", "Inovação e licitação sem medo"},
		{"laboratorio", "Orçamento participativo no Recife"},
		{"-labs forms", "Forms that people can finish"},
		{"R&D", "AI & ethics: a <script>alert(1)</script> talk"},
		{"oneill", "C++ in government services"},
		{"👋 mayors", "Service design, explained 👋 for mayors"},
		{"الابتكار", "الابتكار في الخدمات العامة"},
		{"创新", "公共创新实验室"},
	} {
		titles := found(t, p, url.Values{"q": {test.query}})
		if len(titles) == 0 || !slices.ContainsFunc(titles[:min(4, len(titles))], func(s string) bool {
			return strings.Join(strings.Fields(s), " ") == test.first
		}) {
			t.Errorf("%s finds %q, want %q", test.query, titles, test.first)
		}
	}
}

// Every string has an answer that is a page, with the query still in the box and
// nothing of it taken for markup. S25, S31, S33.
func TestEveryStringHasAnAnswer(t *testing.T) {
	p, _ := searchWorld(t)
	h := p.Handler()
	for _, q := range nasty() {
		for _, more := range []string{"", "&plain=1", "&sort=newest", "&exact=1&typed=1"} {
			path := "/search?q=" + url.QueryEscape(q) + more
			w := get(h, path)
			if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
				t.Errorf("%q%s = %d", q, more, w.Code)
				continue
			}
			if len(q) > maxQueryBytes {
				continue
			}
			want, err := parseQuery(q)
			if err != nil {
				continue
			}
			doc, err := html.Parse(strings.NewReader(w.Body.String()))
			if err != nil {
				t.Fatal(err)
			}
			if box := element(doc, "input", "q"); attribute(box, "value") != want {
				t.Errorf("%q%s: the box holds %q, want %q", q, more, attribute(box, "value"), want)
			}
			for _, bad := range []string{"%!", "&lt;mark", "&amp;lt;", "<script>alert", "<nil>"} {
				if strings.Contains(w.Body.String(), bad) && !strings.Contains(html.EscapeString(q), bad) {
					t.Errorf("%q%s: the page holds %q", q, more, bad)
				}
			}
		}
		for _, kind := range []string{"atom", "rss", "json"} {
			if w := get(h, "/search."+kind+"?q="+url.QueryEscape(q)); w.Code != http.StatusOK && w.Code != http.StatusBadRequest && w.Code != http.StatusFound {
				t.Errorf("feed of %q = %d", q, w.Code)
			}
		}
		if w := get(h, "/api/v1/complete?q="+url.QueryEscape(q)); w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Errorf("completion of %q = %d %s", q, w.Code, w.Body)
		}
	}
}

// nasty are queries that break what is not careful.
func nasty() []string {
	return []string{
		"", " ", "\x00", "a\x00b", "\xff\xfe", "a\r\nSet-Cookie: x=1", "\t\n", "\u202e\u2066rtl", "\u200b\u200d", "\ufeff", "\ufffd", "e\u0301",
		`"`, `""`, `"" ""`, `"a`, `a"b"c`, "(", ")", "()", "((((((((((a))))))))))", strings.Repeat("(", 256), strings.Repeat("-", 256), strings.Repeat(`"`, 255),
		"-", "--", "- -", "-a", "-(a b)", "--help", "OR", "OR OR", "a OR", "OR b", "a OR OR b", "AND", "NOT a", "a AND", "*", "**", "a*", "ab*", "*ab", "?", "~", "a~2", "^", "a^9",
		"title:", "title:*", `title:"`, "title:(a b)", "tag:", "tag:a*", "tag:**", "community:nope", "source:../x", "language:xx", "lang:fr", "site:x", "author:", "foo:bar", ":", "::", "a:b:c",
		"before:2025 after:2026", "after:2026-13-45", "after:0000", "before:9999-12-31", "after:-1", "after:2026..2025", "http://x:80", "https://0.example/1?a=b&c=d#e", "/[/", `\`, `\"`, "%00", "%2500", "+", "a+b", "&", "&amp;", "&lt;b&gt;",
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, "{{.}}", "{0}", "${7*7}", "`x`", "[a](b)", "%s%d%!", "../../etc/passwd",
		"👋", "👩‍👩‍👧‍👦", "🇫🇷", "C++", "C#", "R&D", "公", "公共", "ابتكار", "\u05d0", "ﬁ", "ſ", "İ", "ı", "ß", "Å", "ǅ", "𝔘𝔫𝔦", "１２３",
		strings.Repeat("a ", 24), strings.Repeat("a ", 25), strings.Repeat("a", 256), strings.Repeat("a", 257), strings.Repeat("é", 128), strings.Repeat("é", 129), strings.Repeat("👋", 64),
		strings.Repeat("ab* ", 24), strings.Repeat("a OR ", 24) + "b", strings.Repeat(`"a b" `, 12), strings.Repeat("-ab ", 24), "the", "the of and", `"the"`, "de la", "forms forms forms",
	}
}

// What is asked beside the query: everything has an answer, and what cannot be
// used says which. S31, S32.
func TestParametersOfASearch(t *testing.T) {
	p, _ := searchWorld(t)
	h := p.Handler()
	for _, test := range []struct {
		query string
		want  int
		says  string
	}{
		{"q=%00", 200, ""}, {"q=forms&q=labs", 200, "forms"}, {"q=%zz", 200, ""}, {"q=%ff", 400, "letters or digits"}, {"q=forms%00", 200, "forms"},
		{"q=" + strings.Repeat("xy+", 8) + strings.Repeat("z", 80), 200, ""}, {"q=" + strings.Repeat("xy+", 8) + strings.Repeat("z", 81), 400, "80 bytes"}, {"q=" + strings.Repeat("xyz+", 20) + strings.Repeat("abcdefghijk+", 4)[:44], 200, ""}, {"q=" + strings.Repeat("x", 257), 400, "256 bytes"},
		{"q=" + strings.Repeat("ab+", 24), 200, ""}, {"q=" + strings.Repeat("ab+", 25), 400, "24 words"},
		{"q=a*", 400, "2 letters"}, {"q=tag:a*", 400, "2 letters"},
		{"q=forms&page=0", 400, "page"}, {"q=forms&page=-1", 400, "page"}, {"q=forms&page=1e9", 400, "page"}, {"q=forms&page=9223372036854775808", 400, "page"},
		{"q=forms&page=50", 200, "end before this page"}, {"q=forms&page=51", 400, "1 to 50"}, {"q=forms&limit=100&page=10", 200, ""}, {"q=forms&limit=100&page=11", 400, "1 to 10"},
		{"q=forms&limit=0", 400, "limit"}, {"q=forms&limit=101", 400, "1 to 100"}, {"q=forms&limit=NaN", 400, "limit"},
		{"q=forms&at=zzz", 200, ""}, {"q=forms&at=" + strings.Repeat("9", 500), 200, ""}, {"q=forms&at=" + strings.Repeat("9", 501), 400, "at is not one"}, {"q=forms&at=%00", 400, "at is not one"},
		{"q=forms&sort=newest", 200, "forms"}, {"q=forms&sort=oldest", 400, "relevance or newest"},
		{"q=forms&community=nope", 200, "nope"}, {"q=forms&community=" + strings.Repeat("x", 101), 400, "100 bytes"}, {"q=forms&tag=%00", 400, "tag"}, {"q=forms&language=EN-gb", 200, ""},
		{"q=forms&" + strings.Repeat("tag=a&", 21), 400, "20 times"}, {"q=forms&language=xx&language=en", 200, "English"}, {"q=forms&source=%3Cb%3E", 200, "&lt;b&gt;"},
		{"q=forms&after=2026&before=2020", 200, "matches all of this"}, {"q=forms&after=2026-02-30", 400, "after is a date"}, {"q=forms&before=%27", 400, "before is a date"}, {"q=forms&after=99999", 400, "after is a date"},
		{"from=2020&to=2024&q=forms", 303, ""}, {"from=x&to=&q=forms", 303, ""}, {"from=9999&to=0001&q=forms", 303, ""},
		{"q=forms&unknown=1", 200, ""}, {"after=2020", 200, "articles"}, {"q=forms&plain=maybe", 200, ""},
	} {
		w := get(h, "/search?"+test.query)
		page := body(w.Body.String())
		if w.Code != test.want || !strings.Contains(page, test.says) {
			t.Errorf("%s = %d, want %d with %q\n%s", test.query, w.Code, test.want, test.says, page)
		}
		if test.want == http.StatusSeeOther {
			if next := get(h, w.Header().Get("Location")); next.Code != http.StatusOK {
				t.Errorf("%s leads to %s = %d", test.query, w.Header().Get("Location"), next.Code)
			}
			continue
		}
		if !strings.Contains(w.Body.String(), `<meta name="robots" content="noindex">`) {
			t.Errorf("%s may be indexed", test.query)
		}
	}
}

// What goes beyond a limit is told alike on the page, in the API and in feeds.
func TestLimitsAreToldEverywhere(t *testing.T) { // S31, S32
	p, _ := searchWorld(t)
	h := p.Handler()
	for _, test := range []struct{ query, says string }{
		{"q=" + strings.Repeat("x", 257), "A query may have at most 256 bytes; this one has 257"},
		{"q=" + strings.Repeat("ab+", 25), "A query may have at most 24 words; this one has 25"},
		{"q=a*", "needs at least 2 letters before the star"},
		{"q=forms&page=99", "page is a number from 1 to "},
		{"q=forms&limit=101", "limit is a number from 1 to 100"},
	} {
		for _, path := range []string{"/search?", "/api/v1/search?", "/search.atom?", "/search.rss?", "/search.json?"} {
			if strings.HasPrefix(path, "/search.") && strings.Contains(test.query, "*") {
				continue // O26: what cannot be read is taken as words, and these are
			}
			w := get(h, path+test.query)
			if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), test.says) {
				t.Errorf("%s%.40s = %d %.300s, want 400 with %q", path, test.query, w.Code, body(w.Body.String()), test.says)
			}
		}
	}
}

func TestNewestShowsTheSameSet(t *testing.T) {
	p, _ := searchWorld(t)
	for _, q := range []string{"innovation", "budget OR forms", "the", "labs -forms", "innovation lab", `"budget participatif"`} {
		byRank, byDate := found(t, p, url.Values{"q": {q}, "limit": {"100"}}), found(t, p, url.Values{"q": {q}, "limit": {"100"}, "sort": {"newest"}})
		slices.Sort(byRank)
		slices.Sort(byDate)
		if len(byRank) == 0 || !slices.Equal(byRank, byDate) {
			t.Errorf("%s finds %q by relevance, %q by date", q, byRank, byDate)
		}
	}
}

// The list that is paged through stays, whatever arrives meanwhile.
func TestPagesOfASearchAreStable(t *testing.T) {
	p, _ := searchWorld(t)
	h := p.Handler()
	var paged []string
	path := "/search?q=innovation&limit=2"
	for path != "" {
		w := get(h, path)
		if strings.Contains(w.Body.String(), "order may have changed") {
			t.Errorf("%s was ranked again", path)
		}
		for _, m := range regexp.MustCompile(`data-title href="([^"]+)"`).FindAllStringSubmatch(w.Body.String(), -1) {
			paged = append(paged, m[1])
		}
		path = ""
		if m := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(w.Body.String()); m != nil {
			path = html.UnescapeString(m[1])
		}
	}
	whole := len(found(t, p, url.Values{"q": {"innovation"}, "limit": {"100"}}))
	slices.Sort(paged)
	if n := len(slices.Compact(slices.Clone(paged))); n != len(paged) || n != whole || n < 5 {
		t.Errorf("paged through %d, %d of them distinct, of %d", len(paged), n, whole)
	}
	if w := get(h, "/search?q=innovation&page=2&limit=2&at=gone"); !strings.Contains(w.Body.String(), "order may have changed") {
		t.Error("a list that is gone is not told of")
	}
}

func TestEquivalentsOnThePage(t *testing.T) {
	p, _ := searchWorld(t)
	h := p.Handler()
	with := get(h, "/search?q=participatory+budgeting").Body.String()
	if !strings.Contains(with, "Also searched:") || !strings.Contains(with, "<i>budget participatif</i>") || !strings.Contains(with, "/search?exact=1&amp;q=participatory&#43;budgeting") {
		t.Errorf("equivalents are not told:\n%s", body(with))
	}
	without := get(h, "/search?q=participatory+budgeting&exact=1").Body.String()
	if strings.Contains(without, "Orçamento") || !strings.Contains(without, "Equivalents in other languages are left out.") || !strings.Contains(without, `<a href="/search?q=participatory&#43;budgeting">search them too</a>`) {
		t.Errorf("equivalents are not left out:\n%s", body(without))
	}
	if a, b := found(t, p, url.Values{"q": {"participatory budgeting"}}), found(t, p, url.Values{"q": {"participatory budgeting"}, "exact": {"1"}}); len(a) <= len(b) || len(b) != 1 {
		t.Errorf("with equivalents %q, without %q", a, b)
	}
	feed := get(h, "/search.json?q=participatory+budgeting&exact=1").Body.String()
	if strings.Contains(feed, "Recife") || !strings.Contains(feed, "five cities") {
		t.Errorf("the feed has %s", feed)
	}
	near := get(h, "/search?q=participatory+budgeting+before:2001").Body.String()
	if !strings.Contains(near, "Close in meaning") || !strings.Contains(near, `<a href="/search?q=budget&#43;participatif">budget participatif</a> <span class="n">1 article</span>`) {
		t.Errorf("nothing close in meaning:\n%s", body(near))
	}
}

func TestWhatWasMeantOnThePage(t *testing.T) {
	p, _ := searchWorld(t)
	h := p.Handler()
	corrected := get(h, "/search?q=budgetng").Body.String()
	if !strings.Contains(corrected, "Nothing matches “budgetng”. These match “budgeting”.") || !strings.Contains(corrected, `<a href="/search?q=budgetng&amp;typed=1">Search for “budgetng” all the same</a>`) || !strings.Contains(corrected, `href="/search.atom?q=budgeting"`) {
		t.Errorf("the correction is not told:\n%s", body(corrected))
	}
	typed := get(h, "/search?q=budgetng&typed=1").Body.String()
	if !strings.Contains(typed, "No article matches all of this") || !strings.Contains(typed, `Did you mean <a href="/search?q=budgeting">budgeting</a>? <span class="soft num">`) {
		t.Errorf("what was typed is not searched for:\n%s", body(typed))
	}
	none := get(h, "/search?q=forms+zebrafish&lang=pt").Body.String()
	if !strings.Contains(none, "sem <code>zebrafish</code>") || !strings.Contains(none, "/search.atom?q=forms") || strings.Contains(none, "0 artigo") {
		t.Errorf("no result does not explain itself:\n%s", body(none))
	}
	v := getJSON(t, h, "/api/v1/search?q=budgetng", 200)
	if at(v, "suggestion") != "budgeting" || at(v, "corrected") != true || len(at(v, "items").([]any)) == 0 {
		t.Errorf("%v", v)
	}
	v = getJSON(t, h, "/api/v1/search?q=forms+zebrafish", 200)
	if at(v, "total") != 0.0 || !strings.Contains(fmt.Sprint(at(v, "relaxed")), "dropped:zebrafish") {
		t.Errorf("%v", v)
	}
}

func TestBadQueryOnThePage(t *testing.T) {
	p, _ := searchWorld(t)
	w := get(p.Handler(), "/search?q="+url.QueryEscape(`title:"forms AND (labs`))
	page := body(w.Body.String())
	for _, want := range []string{
		"A quotation mark is never closed.", "At character 7.", `title:<b>&#34;</b>forms AND (labs`, "\n      <b>^</b> here",
		`aria-invalid="true" aria-describedby="why"`, `value="title:&#34;forms AND (labs"`, "search these as plain words, without operators",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	for _, m := range regexp.MustCompile(`<li><a href="([^"]+)"><code>`).FindAllStringSubmatch(page, -1) {
		if w := get(p.Handler(), html.UnescapeString(m[1])); w.Code != http.StatusOK {
			t.Errorf("the repair %s = %d", m[1], w.Code)
		}
	}
	if w.Code != http.StatusBadRequest {
		t.Errorf("status %d", w.Code)
	}
}

// Choosing a value keeps what the others of its facet have.
func TestChosenFacetsKeepTheOthersCounts(t *testing.T) {
	p, _ := searchWorld(t)
	h := p.Handler()
	count := func(path string) map[string]float64 {
		out := map[string]float64{}
		for _, f := range at(getJSON(t, h, path, 200), "facets", "language").([]any) {
			out[at(f, "value").(string)] = at(f, "count").(float64)
		}
		return out
	}
	all, one := count("/api/v1/search?q=innovation"), count("/api/v1/search?q=innovation&language=fr")
	if len(all) < 2 || fmt.Sprint(all) != fmt.Sprint(one) {
		t.Errorf("languages count %v, with one chosen %v", all, one)
	}
	page := get(h, "/search?q=innovation&language=fr&language=pt").Body.String()
	if strings.Count(page, `rel="nofollow" aria-current="true"`) != 2 {
		t.Errorf("two chosen languages are not marked:\n%s", body(page))
	}
	snippets := get(h, "/search?q="+url.QueryEscape("الابتكار")).Body.String()
	if !strings.Contains(snippets, `<p class="text clamp" lang="ar" dir="rtl">`) {
		t.Errorf("the snippet's language and direction are not told:\n%s", body(snippets))
	}
}

func TestNoQueryShowsNewTagsOnThePage(t *testing.T) {
	p, _ := searchWorld(t)
	page := body(get(p.Handler(), "/search").Body.String())
	if !strings.Contains(page, "<details open>") || !strings.Contains(page, `<a href="/search?tag=design"><bdi>design</bdi></a>`) {
		t.Errorf("no tags in\n%s", page)
	}
}

// element returns the first element of a name with an id; nil when there is none.
func element(n *html.Node, name, id string) *html.Node {
	if n.Type == html.ElementNode && n.Data == name && attribute(n, "id") == id {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := element(c, name, id); found != nil {
			return found
		}
	}
	return nil
}

func attribute(n *html.Node, name string) string {
	if n == nil {
		return "(no such element)"
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
