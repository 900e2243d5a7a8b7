package document

import (
	"strings"
	"testing"
)

func TestTitlesBecomePlainText(t *testing.T) {
	tests := []struct {
		in   string
		kind wording
		want string
	}{
		{"A", loose, "A"},
		{"  A \n B\t", loose, "A B"},
		{"A\u00a0\u2003B", loose, "A B"},
		{"A \u200bB\u200b", loose, "A B"},
		{"ไทย\u200bไทย", loose, "ไทย\u200bไทย"},
		{"<b>A</b> and <i class='x'>B</i>", loose, "A and B"},
		{"A<br>B<br/>C", loose, "A B C"},
		{"<p>A</p><p>B</p>", loose, "A B"},
		{"<!-- x -->A", loose, "A"},
		{"A <!-- B", loose, "A <!-- B"},
		{"AT&amp;T", loose, "AT&T"},
		{"AT&amp;amp;T", loose, "AT&T"},
		{"&lt;b&gt;A&lt;/b&gt;", loose, "A"},
		{"List&lt;String&gt;", loose, "List<String>"},
		{"3 < 5 > 4", loose, "3 < 5 > 4"},
		{"the <dialog> element", loose, "the <dialog> element"},
		{"the <dialog> element", markup, "the element"},
		{"the &lt;b&gt; element", markup, "the <b> element"},
		{"the <b>bold</b> one", text, "the bold one"},
		{"the <video> element", text, "the <video> element"},
		{"caf&eacute; &#233; &#xE9;", text, "café é é"},
		{"&nosuch; & &", loose, "&nosuch; & &"},
		{"<script>alert(1)</script>", loose, "<script>alert(1)</script>"},
		{"<img src=x onerror=alert(1)>A", loose, "A"},
		{"", loose, ""},
		{strings.Repeat("é", maxTitle), loose, strings.Repeat("é", maxTitle/2)},
	}
	for _, test := range tests {
		if got := plainTitle(test.in, test.kind); got != test.want {
			t.Errorf("plainTitle(%q, %d) = %q, want %q", test.in, test.kind, got, test.want)
		}
	}
}

func TestPlainTextBecomesHTML(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{" \n ", ""},
		{"a", "<p>a</p>"},
		{"a\nb", "<p>a<br>b</p>"},
		{"a\r\nb\r\n\r\nc", "<p>a<br>b</p><p>c</p>"},
		{"a\n\n\n\nb", "<p>a</p><p>b</p>"},
		{"1 < 2 & \"x\"", "<p>1 &lt; 2 &amp; &#34;x&#34;</p>"},
		{"<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"},
	}
	for _, test := range tests {
		if got := textToHTML(test.in); got != test.want {
			t.Errorf("textToHTML(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestHTMLIsToldFromText(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"<p>a", true},
		{"a<br>b", true},
		{"a<br/>b", true},
		{"<b>a</b>", true},
		{"<b>a", false},
		{"1 < 2", false},
		{"List<String></String>", false},
		{"a", false},
		{"", false},
		{"</div>", true},
		{"<img src=x>", true},
	}
	for _, test := range tests {
		if got := looksLikeHTML(test.in); got != test.want {
			t.Errorf("looksLikeHTML(%q) = %v, want %v", test.in, got, test.want)
		}
	}
}

func TestHTMLEscapedTwiceIsDecodedOnce(t *testing.T) {
	tests := []struct{ in, want string }{
		{"&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "<p>a &amp; b</p>"},
		{"<p>&lt;p&gt;a&lt;/p&gt;</p>", "<p>&lt;p&gt;a&lt;/p&gt;</p>"},
		{"1 &lt; 2", "1 &lt; 2"},
		{"List&lt;String&gt;", "List&lt;String&gt;"},
		{"a", "a"},
	}
	for _, test := range tests {
		if got := unescapeTwice(test.in); got != test.want {
			t.Errorf("unescapeTwice(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestExcerptsAreKnownByTheirEnd(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"<p>and so on…</p>", true},
		{"and so on...", true},
		{"and so on [...]", true},
		{"and so on [&#8230;]", true},
		{`and so on <a href="x">Read more</a>`, true},
		{`<a href="x">Lire la suite →</a></p>`, true},
		{"Leia mais »", true},
		{"the end.", false},
		{"", false},
		{"… at the start", false},
		{strings.Repeat("x", 400) + "…", true},
	}
	for _, test := range tests {
		if got := endsCut(test.in); got != test.want {
			t.Errorf("endsCut(%q) = %v, want %v", test.in, got, test.want)
		}
	}
}

func TestReferencesAreDecodedOnce(t *testing.T) {
	tests := []struct {
		in, want string
		illegal  int
	}{
		{"a", "a", 0},
		{"&amp;&lt;&gt;&quot;&apos;", `&<>"'`, 0},
		{"&amp;amp;", "&amp;", 0},
		{"&nbsp;", "\u00a0", 0},
		{"&hellip;&rarr;&CounterClockwiseContourIntegral;", "…→∳", 0},
		{"&#65;&#x41;&#X41;", "AAA", 0},
		{"&#150;", "–", 0},
		{"&#129;", "\uFFFD", 0},
		{"&#0;&#1;&#x1F;&#xFFFF;&#xD800;", "", 5},
		{"&#x110000;", "", 1},
		{"&copy=2;", "&copy=2;", 0},
		{"&notit;", "&notit;", 0},
		{"&copy", "&copy", 0},
		{"& &;&#;&#x;", "& &;&#;&#x;", 0},
		{"&" + strings.Repeat("a", 100) + ";", "&" + strings.Repeat("a", 100) + ";", 0},
	}
	for _, test := range tests {
		got, illegal := appendDecoded(nil, []byte(test.in))
		if string(got) != test.want || illegal != test.illegal {
			t.Errorf("appendDecoded(%q) = %q %d, want %q %d", test.in, got, illegal, test.want, test.illegal)
		}
	}
}

func TestTextIsCutBetweenCharacters(t *testing.T) {
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"abc", 5, "abc"},
		{"abc", 3, "abc"},
		{"abc", 2, "ab"},
		{"aéb", 2, "a"},
		{"aéb", 3, "aé"},
		{"日本", 4, "日"},
		{"日本", 2, ""},
		{"", 0, ""},
	}
	for _, test := range tests {
		if got := clip(test.in, test.limit); got != test.want {
			t.Errorf("clip(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}
