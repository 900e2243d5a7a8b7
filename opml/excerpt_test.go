package opml

import (
	"strings"
	"testing"
	"unicode/utf8"

	"caravan"
)

func TestExcerptShowsThePlace(t *testing.T) {
	long := `<outline text="` + strings.Repeat("a", 200) + `|" xmlUrl="https://a.example/` + strings.Repeat("b", 300) + `"/>`
	for _, test := range []struct{ name, text, want string }{ // | is the place
		{"a line of several", "<opml>\n\t<outline |text=\"Ä\"/>\r\n</opml>", `<outline |text="Ä"/>`},
		{"the first", `|<rss>`, `|<rss>`},
		{"the end", "<a>\n  <b c=\"|", `<b c="|`},
		{"in the indentation", "\n  |  <a/>", `|<a/>`},
		{"an empty line", "a\n|\nb", ""},
		{"nothing", "|", ""},
		{"old Mac ends of lines", "<a>\r<|b>\r<c>", `<|b>`},
		{"characters that cannot be seen", "<a \x01|\x00\u202e>", "<a \uFFFD|\uFFFD\u202e>"},
		{"credentials", `<a| xmlUrl="https://ada:secret@a.example/feed?x=b@c"/>`, `<a| xmlUrl="https://…@a.example/feed?x=b@c"/>`},
		{"a place in credentials", `<a xmlUrl="https://ada:se|cret@a.example/"/>`, `<a xmlUrl="https://|…@a.example/"/>`},
		{"credentials with odd characters", `<a| xmlUrl="https://ada:s&amp;e%20@b@a.example/"/>`, `<a| xmlUrl="https://…@a.example/"/>`},
		{"a long line", long, `…` + strings.Repeat("a", 59) + `|" xmlUrl="https://a.example/` + strings.Repeat("b", 71) + "…"},
	} {
		before, after, _ := strings.Cut(test.text, "|")
		line, at := excerpt(before+after, len(before))
		if line == "" && at == 0 && test.want == "" {
			continue
		}
		if at < 1 || at > utf8.RuneCountInString(line)+1 {
			t.Errorf("%s: place %d in %q", test.name, at, line)
			continue
		}
		runes := []rune(line)
		if got := string(runes[:at-1]) + "|" + string(runes[at-1:]); got != test.want {
			t.Errorf("%s: excerpt = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestProblemsShowTheirLineWithoutCredentials(t *testing.T) {
	list, err := Parse("feeds.opml", []byte("<opml version=\"2.0\"><head><title>t</title></head><body>\n"+
		"  <outline text=\"One\" type=\"rss\" xmlUrl=\"https://a.example/feed\"/>\n"+
		"  <outline text=\"Two\" type=\"rss\" xmlUrl=\"ftp://ada:secret@b.example/feed\"/>\n</body></opml>"))
	if err != nil {
		t.Fatal(err)
	}
	i := -1
	for n, p := range list.Problems {
		if strings.Contains(p.Text+p.Message, "secret") {
			t.Errorf("a password is told: %+v", p)
		}
		if p.Severity == caravan.SeverityError && p.Line == 3 {
			i = n
		}
	}
	if i < 0 || !strings.Contains(list.Problems[i].Text, `xmlUrl="ftp://…@b.example/feed"`) || list.Problems[i].At < 1 {
		t.Errorf("problems are %+v", list.Problems)
	}
}

func FuzzExcerpt(f *testing.F) {
	f.Add("<a>\n<b c=\"https://u:p@x/\">", 9)
	f.Add("\r\n", 1)
	f.Fuzz(func(t *testing.T, text string, offset int) {
		line, at := excerpt(text, offset)
		n := utf8.RuneCountInString(line)
		if strings.ContainsAny(line, "\r\n\x00") || n > excerptBefore+excerptAfter || at > n+1 || (at == 0) != (line == "") || !utf8.ValidString(line) {
			t.Errorf("excerpt(%q, %d) = %q, %d", text, offset, line, at)
		}
	})
}
