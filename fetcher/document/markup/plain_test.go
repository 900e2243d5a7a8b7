package markup

import (
	"strings"
	"testing"

	"caravan/fetcher/document/limits"
)

func TestTitlesBecomePlainText(t *testing.T) {
	tests := []struct {
		in   string
		kind Wording
		want string
	}{
		{"A", Loose, "A"},
		{"  A \n B\t", Loose, "A B"},
		{"A\u00a0\u2003B", Loose, "A B"},
		{"A \u200bB\u200b", Loose, "A B"},
		{"ไทย\u200bไทย", Loose, "ไทย\u200bไทย"},
		{"<b>A</b> and <i class='x'>B</i>", Loose, "A and B"},
		{"A<br>B<br/>C", Loose, "A B C"},
		{"<p>A</p><p>B</p>", Loose, "A B"},
		{"<!-- x -->A", Loose, "A"},
		{"A <!-- B", Loose, "A <!-- B"},
		{"AT&amp;T", Loose, "AT&T"},
		{"AT&amp;amp;T", Loose, "AT&T"},
		{"&lt;b&gt;A&lt;/b&gt;", Loose, "A"},
		{"List&lt;String&gt;", Loose, "List<String>"},
		{"3 < 5 > 4", Loose, "3 < 5 > 4"},
		{"the <dialog> element", Loose, "the <dialog> element"},
		{"the <dialog> element", HTML, "the element"},
		{"the &lt;b&gt; element", HTML, "the <b> element"},
		{"the <b>bold</b> one", Text, "the bold one"},
		{"the <video> element", Text, "the <video> element"},
		{"caf&eacute; &#233; &#xE9;", Text, "café é é"},
		{"&nosuch; & &", Loose, "&nosuch; & &"},
		{"<script>alert(1)</script>", Loose, "<script>alert(1)</script>"},
		{"<img src=x onerror=alert(1)>A", Loose, "A"},
		{"", Loose, ""},
		{strings.Repeat("é", limits.Title), Loose, strings.Repeat("é", limits.Title/2)},
	}
	for _, test := range tests {
		if got := Title(test.in, test.kind); got != test.want {
			t.Errorf("Title(%q, %d) = %q, want %q", test.in, test.kind, got, test.want)
		}
	}
}
