package locale

import (
	"html/template"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var hole = regexp.MustCompile(`\{(\d+)(:[^}]*)?\}`)

func TestEveryMessageIsThereInEveryLanguage(t *testing.T) {
	for _, key := range MessageKeys() {
		for _, l := range Langs() {
			pattern, _ := l.pattern(key)
			if strings.TrimSpace(pattern) == "" {
				t.Errorf("%s: nothing in %s", key, l)
			}
		}
	}
}

func TestMessagesTakeTheSameArgumentsInEveryLanguage(t *testing.T) {
	numbers := func(pattern string) []string {
		var out []string
		if strings.Count(hole.ReplaceAllString(pattern, ""), "{") > 0 {
			t.Errorf("%q: holes do not nest", pattern)
		}
		for _, m := range hole.FindAllStringSubmatch(pattern, -1) {
			if m[2] != "" && strings.Count(m[2], "|") != 1 {
				t.Errorf("%q: want two forms in %s", pattern, m[0])
			}
			if !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for _, key := range MessageKeys() {
		want, _ := English.pattern(key)
		for _, l := range Langs()[1:] {
			got, _ := l.pattern(key)
			if extra := slices.DeleteFunc(numbers(got), func(n string) bool { return slices.Contains(numbers(want), n) }); len(extra) > 0 {
				t.Errorf("%s in %s takes %v, which English does not", key, l, extra)
			}
			for _, sign := range []string{"[", "`", "*", "~"} {
				if strings.Count(got, sign) != strings.Count(want, sign) {
					t.Errorf("%s in %s: want as many %s as in English", key, l, sign)
				}
			}
		}
	}
}

func TestMessagesChooseTheFormByNumber(t *testing.T) {
	for _, test := range []struct {
		lang Lang
		n    int
		want string
	}{
		{English, 0, "0 articles"}, {English, 1, "1 article"}, {English, 12345, "12,345 articles"},
		{French, 0, "0 article"}, {French, 2, "2 articles"}, {French, 12345, "12\u202f345 articles"},
		{Spanish, 1, "1 artículo"}, {Spanish, 1234, "1234 artículos"}, {Spanish, 12345, "12\u202f345 artículos"},
		{Portuguese, 1, "1 artigo"}, {Portuguese, 12345, "12.345 artigos"},
	} {
		if got := test.lang.T("search.found", test.n); got != test.want {
			t.Errorf("%s: T(search.found, %d) = %q, want %q", test.lang, test.n, got, test.want)
		}
	}
}

func TestHTMLEscapesWordsAndArguments(t *testing.T) { // S19
	got := English.HTML("time.moment", nil, "<b>", template.HTML("<i>fine</i>"))
	if want := template.HTML("&lt;b&gt; at <i>fine</i>"); got != want {
		t.Errorf("HTML = %q, want %q", got, want)
	}
	got = English.HTML("frame.about", []string{`/about?x="&y`, "/sources"})
	if !strings.Contains(string(got), `<a href="/about?x=&#34;&amp;y">About this site</a>`) || !strings.Contains(string(got), `<a href="/sources">feeds.opml</a>`) {
		t.Errorf("HTML with links = %q", got)
	}
	if got := English.HTML("frame.keys", nil); !strings.Contains(string(got), "<kbd>/</kbd>") {
		t.Errorf("HTML with keys = %q", got)
	}
}

func TestUnknownKeyComesBack(t *testing.T) {
	if got := French.T("no.such"); got != "no.such" || Has("no.such") {
		t.Errorf("T of an unknown key = %q", got)
	}
}
