package article

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"caravan"
	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/hyperlink"
	"caravan/internal/attacks"
)

func TestTextIsThatOfTheCleanHTML(t *testing.T) {
	for _, list := range attacks.Families() {
		for _, in := range list {
			item := Prepare(caravan.Item{Content: in, Link: "https://blog.example/"}, Options{})
			if got := clean.Words(item.Content, &hyperlink.Resolver{}).Text; got != item.Text {
				t.Errorf("%q\nText      %q\nof Content %q", in, item.Text, got)
			}
			if !norm.NFC.IsNormalString(item.Text) || strings.ContainsRune(item.Text, 0) {
				t.Errorf("Text of %q is not NFC: %q", in, item.Text)
			}
		}
	}
}

func TestLinksAndImageOfTheContent(t *testing.T) {
	item := Prepare(caravan.Item{Link: "https://blog.example/p", Content: `<a href="/a">a</a> <a href="https://blog.example/a?utm_source=x">again</a>
		<a href="mailto:a@blog.example">mail</a> <a href="https://other.example/#x">b</a> <a href="/empty"></a> <img src="/1.png"><img src="/2.png">`},
		Options{})
	if want := []string{"https://blog.example/a", "https://other.example/#x"}; !slices.Equal(item.Links, want) {
		t.Errorf("Links = %q, want %q", item.Links, want)
	}
	if want := "https://blog.example/1.png"; item.ImageURL != want {
		t.Errorf("ImageURL = %q, want %q", item.ImageURL, want)
	}
	nested := Prepare(caravan.Item{Link: "https://blog.example/p",
		Content: `<a href="/outer"><div><a href="/inner">x</a></div></a>`}, Options{})
	if want := []string{"https://blog.example/outer"}; !slices.Equal(nested.Links, want) {
		t.Errorf("Links = %q, want only those that are written, %q", nested.Links, want)
	}
	var b strings.Builder
	for i := range 200 {
		b.WriteString(`<a href="/` + strings.Repeat("x", i) + `">x</a>`)
	}
	if n := len(Prepare(caravan.Item{Link: "https://blog.example/p", Content: b.String()},
		Options{}).Links); n != 100 {
		t.Errorf("%d links are kept, want %d", n, 100)
	}
}

func TestTitlesCannotTurnTheirNeighbours(t *testing.T) { // S39
	tests := []struct{ in, want string }{
		{"a\u202eb", "a\u202eb\u202c"},
		{"a\u2067b\u202ec", "a\u2067b\u202ec\u202c\u2069"},
		{"a\u202cb\u2069", "ab"},
		{"\u2067a\u2069 b", "\u2067a\u2069 b"},
		{"  a\tb\nc\x00 ", "a b c"},
		{"zero\u200bwidth\u2060d", "zero widthd"},
		{"a\x7fb\u0090c", "abc"},
		{"\xffx", "\ufffdx"},
		{strings.Repeat("é", 1200), strings.Repeat("é", maxTitle) + "…"},
	}
	for _, tt := range tests {
		if got := Prepare(caravan.Item{Title: tt.in}, Options{}).Title; got != tt.want {
			t.Errorf("Title of %.50q = %.50q, want %.50q", tt.in, got, tt.want)
		}
	}
}

func TestNamesAndTagsAreTidied(t *testing.T) {
	item := Prepare(caravan.Item{Authors: []string{" Ana ", "ana", "", "B\nC"}, Tags: slices.Repeat([]string{"x"}, 500)},
		Options{})
	if want := []string{"Ana", "B C"}; !slices.Equal(item.Authors, want) {
		t.Errorf("Authors = %q, want %q", item.Authors, want)
	}
	if want := []string{"x"}; !slices.Equal(item.Tags, want) {
		t.Errorf("Tags = %q, want %q", item.Tags, want)
	}
}
