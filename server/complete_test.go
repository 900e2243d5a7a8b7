package server

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"caravan"
	"caravan/index/query"
	"caravan/internal/planet"
)

func TestCompletionsSayWhatFindsThem(t *testing.T) {
	var p *planet.Planet
	h := planetServer(t, func(_ *Config, made *planet.Planet) { p = made }).Config.Handler
	for _, test := range []struct{ typed, kind, text, query string }{
		{"harbour city", "community", "Harbour City Lab", "community:harbour-city-lab"},
		{"harbour city lab l", "source", "Harbour City Lab log", "source:harbour-city-lab-log"},
	} {
		v := getJSON(t, h, "/api/v1/complete?q="+url.QueryEscape(test.typed), http.StatusOK)
		offers := at(v, "completions").([]any)
		if at(v, "query") != test.typed || !slices.ContainsFunc(offers, func(o any) bool {
			return at(o, "kind") == test.kind && at(o, "query") == test.query && strings.EqualFold(at(o, "text").(string), test.text)
		}) {
			t.Errorf("%q is completed by %v, want the %s %s", test.typed, v, test.kind, test.query)
		}
	}
	story := p.AllStories()[0]
	v := getJSON(t, h, "/api/v1/complete?limit=20&q="+url.QueryEscape(story.Head.Title), http.StatusOK)
	if at(v, "completions", 0, "item") != story.ID || at(v, "completions", 0, "language") != story.Head.Language {
		t.Errorf("a title is completed by %v", v)
	}
	w := get(h, "/api/v1/complete?q=the")
	if w.Header().Get("Cache-Control") != "public, max-age=60" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("headers of completions: %v", w.Header())
	}
}

func TestWhatIsHiddenIsNotOffered(t *testing.T) {
	m := newMemory(3)
	h := serverOf(t, m, func(c *Config) {
		c.Index = offering{m, []caravan.Completion{
			{Kind: caravan.CompleteTitle, Text: "Post 3 of Gamma", Story: m.stories[2].ID, Count: 1},
			{Kind: caravan.CompleteTitle, Text: "Taken down", Story: "aaaaaaaaaaaaaaaa", Count: 1},
		}}
	}).Handler()
	offers := at(getJSON(t, h, "/api/v1/complete?q=post", http.StatusOK), "completions").([]any)
	if len(offers) != 1 || at(offers[0], "text") != "Post 3 of Gamma" {
		t.Errorf("offered: %v", offers)
	}
}

func TestAnIndexThatCannotCompleteOffersNothing(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	if v := getJSON(t, h, "/api/v1/complete?q=post", http.StatusOK); len(at(v, "completions").([]any)) != 0 {
		t.Errorf("offered: %v", v)
	}
}

// Every query that is offered can be read, whatever stands in a name.
func TestQueriesOfCompletionsParse(t *testing.T) {
	for _, text := range []string{
		"open data", `He said "no"`, "C++", "a) b (c", "-x", "title: OR", "“x”", strings.Repeat("word ", 40), strings.Repeat("ü", 300), "OR", "données", "公共创新", "!?",
	} {
		for _, kind := range []caravan.CompletionKind{
			caravan.CompleteTitle, caravan.CompleteTag, caravan.CompleteAuthor, caravan.CompleteCommunity, caravan.CompleteSource,
		} {
			q := queryFor(caravan.Completion{Kind: kind, Text: text})
			if _, err := query.Parse(q); err != nil {
				t.Errorf("%s %q is asked for by %q: %v", kind, text, q, err)
			}
		}
	}
}

func TestWhatNoQueryCanSayIsNotOffered(t *testing.T) {
	for _, tt := range []struct {
		kind       caravan.CompletionKind
		text, want string
	}{
		{caravan.CompleteTag, `say "hi" now`, ""},
		{caravan.CompleteTag, "open data", `tag:"open data"`},
		{caravan.CompleteTag, "C++", "tag:C++"},
		{caravan.CompleteAuthor, `Jo "Jack"  Núñez`, `author:"Jo Jack Núñez"`},
		{caravan.CompleteAuthor, "…", ""},
		{caravan.CompleteTitle, `He said "no"`, "He said no"},
		{caravan.CompleteTitle, strings.Repeat("b", 100), ""},
	} {
		if got := queryFor(caravan.Completion{Kind: tt.kind, Text: tt.text}); got != tt.want {
			t.Errorf("queryFor(%s %q) = %q, want %q", tt.kind, tt.text, got, tt.want)
		}
	}
}

func TestCompletionsAreOfEveryKind(t *testing.T) {
	of := func(kinds string) (out []caravan.Completion) {
		names := map[rune]caravan.CompletionKind{
			'c': caravan.CompleteCommunity, 's': caravan.CompleteSource, 't': caravan.CompleteTag, 'a': caravan.CompleteAuthor, 'T': caravan.CompleteTitle,
		}
		for i, r := range kinds {
			out = append(out, caravan.Completion{Kind: names[r], Text: fmt.Sprint(string(r), i)})
		}
		return out
	}
	for _, test := range []struct {
		found string
		limit int
		want  string
	}{
		{"", 6, ""}, {"TTT", 6, "T0 T1 T2"}, {"ttt", 2, "t0 t1"}, {"ssssstttttTTTTT", 6, "s0 s1 t5 T10 T11 T12"},
		{"cssssstttttaaTT", 8, "c0 s1 s2 t6 t7 a11 T13 T14"}, {"csta", 6, "c0 s1 t2 a3"}, {"csTTTTTTTT", 6, "c0 s1 T2 T3 T4 T5"}, {"cstaT", 1, "T4"}, {"tttttt", 6, "t0 t1 t2 t3 t4 t5"},
	} {
		var got []string
		for _, c := range mixed(of(test.found), test.limit) {
			got = append(got, c.Text)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("of %s %d are %v, want %s", test.found, test.limit, got, test.want)
		}
	}
}

func TestLimitsOfCompletions(t *testing.T) { // S31, S32
	h := planetServer(t).Config.Handler
	for _, test := range []struct {
		query string
		want  int
		says  string
	}{
		{"q=" + strings.Repeat("x", 256), 200, ""},
		{"q=" + strings.Repeat("x", 257), 400, "256 bytes"},
		{"q=ab&limit=20", 200, ""}, {"q=ab&limit=21", 400, "1 to 20"}, {"q=ab&limit=0", 400, "1 to 20"}, {"q=ab&limit=x", 400, "1 to 20"},
		{"q=", 200, ""}, {"", 200, ""}, {"q=%00%00", 200, ""}, {"q=%ff%fe", 200, ""}, {"q=a&q=b", 200, ""}, {"q=%22(", 200, ""},
	} {
		for _, path := range []string{"/api/v1/complete?", "/api/v1/suggest?"} {
			w := get(h, path+test.query)
			if w.Code != test.want || !strings.Contains(w.Body.String(), test.says) || !json.Valid(w.Body.Bytes()) {
				t.Errorf("GET %s%s = %d %s, want %d %q", path, test.query, w.Code, w.Body, test.want, test.says)
			}
		}
	}
}

func TestTypingDoesNotUseUpSearches(t *testing.T) { // S35
	h := planetServer(t, func(c *Config, _ *planet.Planet) {
		c.SearchLimit = Limit{PerSecond: 1, Burst: 2}
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	}).Config.Handler
	from := "X-Forwarded-For: 203.0.113.7"
	for i := range 8 {
		if w := get(h, "/api/v1/complete?q=ab", from); w.Code != http.StatusOK {
			t.Fatalf("completion %d = %d", i, w.Code)
		}
	}
	w := get(h, "/api/v1/suggest?q=ab", from)
	if wait, err := strconv.Atoi(w.Header().Get("Retry-After")); w.Code != http.StatusTooManyRequests || err != nil || wait < 1 || !json.Valid(w.Body.Bytes()) {
		t.Errorf("the ninth completion = %d, Retry-After %s, %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
	for range 2 {
		if w := get(h, "/search?q=ab", from); w.Code != http.StatusOK {
			t.Errorf("a search after much typing = %d", w.Code)
		}
	}
	w = get(h, "/search?q=ab", from, "Accept-Language: es")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Vuelva a intentarlo en 1 segundo.") {
		t.Errorf("one search too many = %d %s", w.Code, body(w.Body.String()))
	}
}

func TestBrowsersAreTakenToTheSuggestions(t *testing.T) {
	h := planetServer(t).Config.Handler
	var doc struct {
		URLs []struct {
			Type     string `xml:"type,attr"`
			Rel      string `xml:"rel,attr"`
			Template string `xml:"template,attr"`
		} `xml:"Url"`
	}
	if err := xml.Unmarshal(get(h, "/opensearch.xml").Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, u := range doc.URLs {
		if u.Type != "application/x-suggestions+json" {
			continue
		}
		address, err := url.Parse(strings.ReplaceAll(u.Template, "{searchTerms}", "harbour"))
		if err != nil || u.Rel != "suggestions" {
			t.Fatalf("%+v: %v", u, err)
		}
		w := get(h, address.RequestURI())
		var answer []any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Header().Get("Content-Type") != "application/x-suggestions+json; charset=utf-8" {
			t.Fatalf("suggestions are %s: %v", w.Body, err)
		}
		if len(answer) != 2 || answer[0] != "harbour" || at(answer, 1, 0) != "community:harbour-city-lab" {
			t.Errorf("suggestions are %v", answer)
		}
		return
	}
	t.Errorf("no suggestions in %+v", doc)
}

// An offering index completes everything with the same.
type offering struct {
	Index
	offers []caravan.Completion
}

func (o offering) Complete(_ context.Context, _ string, limit int) ([]caravan.Completion, error) {
	return o.offers[:min(limit, len(o.offers))], nil
}
