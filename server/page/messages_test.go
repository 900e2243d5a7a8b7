package page

import (
	"html/template"
	"os"
	"path/filepath"
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

// sources are the texts of this package and of the templates.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, glob := range []string{"*.go", "../templates/*.html"} {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			t.Fatalf("glob %s: %v %v", glob, names, err)
		}
		for _, name := range names {
			if strings.HasPrefix(name, "messages") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

func TestEveryKeyThatIsUsedExists(t *testing.T) {
	used := regexp.MustCompile(`(?:\bT\(|\bHTML\(|\bth? |"[a-z]+", )"([a-z]+\.[a-z0-9-]+[a-z0-9])"`)
	n := 0
	for _, m := range used.FindAllStringSubmatch(sources(t), -1) {
		n++
		if !Has(m[1]) {
			t.Errorf("%s is used and not there", m[1])
		}
	}
	if n < 100 {
		t.Errorf("found %d uses only", n)
	}
}

func TestEveryMessageIsUsed(t *testing.T) {
	text := sources(t)
	made := []string{
		"status.", "lang.", "error.", "time.ago-", "time.until-", "time.length-", "source.answer-", "source.show-",
		"sources.column-", "search.facet-", "home.after", "home.before", "digest.heading-", "about.", "source.where-",
	}
	for _, key := range MessageKeys() {
		if slices.ContainsFunc(made, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			continue
		}
		if !strings.Contains(text, `"`+key+`"`) {
			t.Errorf("%s is not used anywhere", key)
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
