package page

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"caravan"
	"caravan/server/locale"
)

func TestMarkdown(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"One\ntwo.\n\nThree.", "<p>One two.</p>\n<p>Three.</p>\n"},
		{"# A *b*\ntext", "<h2>A <em>b</em></h2>\n<p>text</p>\n"},
		{"###### deep", "<h4>deep</h4>\n"},
		{"#tag", "<p>#tag</p>\n"},
		{"- a\n- b\n  c\n* d", "<ul>\n<li>a</li>\n<li>b c</li>\n<li>d</li>\n</ul>\n"},
		{"**x** `a<b` [l](https://e.example/?a=1&b=2)", "<p><strong>x</strong> <code>a&lt;b</code> <a href=\"https://e.example/?a=1&amp;b=2\">l</a></p>\n"},
		{"[m](mailto:a@b.example) [r](/about) [j](javascript:alert(1))", "<p><a href=\"mailto:a@b.example\">m</a> <a href=\"/about\">r</a> j)</p>\n"},
		{"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		{"", ""},
	} {
		if got := string(Markdown(test.in)); got != test.want {
			t.Errorf("Markdown(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("# a\n\n- [x](https://e.example/\"onclick=alert(1)) **b** `c`")
	f.Add("[a](javascript:x) *<img src=x onerror=y>*")
	allowed := map[string]bool{"html": true, "head": true, "body": true, "p": true, "h2": true, "h3": true, "h4": true, "ul": true, "li": true, "a": true, "em": true, "strong": true, "code": true}
	f.Fuzz(func(t *testing.T, text string) {
		root, err := html.Parse(strings.NewReader(string(Markdown(text))))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if !allowed[n.Data] {
				t.Fatalf("%q gives <%s>", text, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key != "href" || strings.HasPrefix(strings.ToLower(a.Val), "javascript") {
					t.Fatalf("%q gives %s=%q", text, a.Key, a.Val)
				}
			}
		}
	})
}

func TestAboutNamesWhoRunsIt(t *testing.T) {
	_, c := sample(t, locale.English)
	for _, test := range []struct{ owner, mail, contact, want string }{
		{"Ada", "", "https://a.example/", `Ada. Write to <a href="https://a.example/">https://a.example/</a>.`},
		{"", "ada@a.example", "", `Write to <a href="mailto:ada@a.example">ada@a.example</a>.`},
		{"Ada", "", "", "Ada."},
		{"", "", "javascript:alert(1)", "Whoever runs this site has not said so. They can, with <code>--contact</code> or in the head of the source list."},
		{"<b>", "", "", "&lt;b&gt;."},
	} {
		in := AboutInput{List: caravan.ListState{OwnerName: test.owner, OwnerEmail: test.mail}, Contact: test.contact}
		if got := string(c.About(in).Sections[1].Paragraphs[0]); got != test.want {
			t.Errorf("%+v: %s, want %s", test, got, test.want)
		}
	}
}
