package markup

import (
	"strings"
	"testing"

	"caravan/fetcher/document/limits"
)

func TestCharactersThatMeanSomethingAreEscaped(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"abc", "abc"},
		{"&", "&amp;"},
		{"<", "&lt;"},
		{">", "&gt;"},
		{`"`, "&#34;"},
		{"'", "'"},
		{`a<b>&"c`, "a&lt;b&gt;&amp;&#34;c"},
		{"&amp;", "&amp;amp;"},
		{"é<日", "é&lt;日"},
		{"a&", "a&amp;"},
	}
	for _, test := range tests {
		if got := string(AppendEscaped([]byte("x"), []byte(test.in))); got != "x"+test.want {
			t.Errorf("AppendEscaped(%q) = %q, want %q", test.in, got, "x"+test.want)
		}
		if got, _ := AppendDecoded(nil, []byte(test.want)); string(got) != test.in && test.in != "'" {
			t.Errorf("AppendDecoded(%q) = %q, want %q", test.want, got, test.in)
		}
	}
}

func TestNumbersThatNoTextMayContainAreLeftOut(t *testing.T) { // XML 1.0, 2.2
	for number, want := range map[string]string{
		"9":         "\t",
		"10":        "\n",
		"13":        "\r",
		"32":        " ",
		"31":        "",
		"8":         "",
		"11":        "",
		"12":        "",
		"14":        "",
		"0":         "",
		"127":       "\x7f",
		"128":       "€",
		"159":       "Ÿ",
		"160":       "\u00a0",
		"127462":    "🇦",
		"xD7FF":     "\uD7FF",
		"xD800":     "",
		"xDFFF":     "",
		"xE000":     "\uE000",
		"xFFFD":     "\uFFFD",
		"xFFFE":     "",
		"xFFFF":     "",
		"x10000":    "\U00010000",
		"x10FFFF":   "\U0010FFFF",
		"x110000":   "",
		"xFFFFFFFF": "",
		"X41":       "A",
		"x41":       "A",
		"x041":      "A",
		"0065":      "A",
		"146":       "’",
		"x92":       "’",
	} {
		got, illegal := AppendDecoded(nil, []byte("a&#"+number+";b"))
		if string(got) != "a"+want+"b" || (illegal == 1) != (want == "") {
			t.Errorf("&#%s; is %q, %d left out, want %q", number, got, illegal, want)
		}
	}
	for _, broken := range []string{"&#;", "&#x;", "&#xg;", "&#1a;", "&#-1;", "&#4294967296;", "&# 65;", "&#65"} {
		if got, illegal := AppendDecoded(nil, []byte(broken)); string(got) != broken || illegal != 0 {
			t.Errorf("AppendDecoded(%q) = %q %d, want it as it is", broken, got, illegal)
		}
	}
}

func TestNamesOfCharactersAreKnown(t *testing.T) {
	for name, want := range map[string]string{
		"amp":           "&",
		"lt":            "<",
		"gt":            ">",
		"quot":          `"`,
		"apos":          "'",
		"nbsp":          "\u00a0",
		"AMP":           "&",
		"eacute":        "é",
		"Eacute":        "É",
		"hellip":        "…",
		"euro":          "€",
		"frac12":        "½",
		"there4":        "∴",
		"sup2":          "²",
		"NotEqualTilde": "≂̸",
	} {
		if got, _ := AppendDecoded(nil, []byte("&"+name+";")); string(got) != want {
			t.Errorf("&%s; is %q, want %q", name, got, want)
		}
	}
	for _, in := range []string{"&nosuch;", "&eacutes;", "&ampx;", "&é;", "&a b;", "&eacute", "&;", "&x;", "&lt", "&not-a;", "&copy=1;"} {
		if got, _ := AppendDecoded(nil, []byte(in)); string(got) != in {
			t.Errorf("AppendDecoded(%q) = %q, want it as it is", in, got)
		}
	}
}

func TestTextIsMeasuredWithoutTags(t *testing.T) {
	for in, want := range map[string]int{
		"":                 0,
		"abc":              3,
		"<b>abc</b>":       3,
		"a<br>b":           2,
		"été":              3,
		"日本":               2,
		"<img alt='x'>":    0,
		"a <b":             2,
		"a > b":            4,
		"<p>é</p><p>b</p>": 2,
	} {
		if got := TextLength(in); got != want {
			t.Errorf("TextLength(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestTextIsTakenAsItsElementSays(t *testing.T) { // RFC 4287, 3.1
	tests := []struct {
		in   string
		kind Wording
		want string
	}{
		{"1 < 2", Text, "<p>1 &lt; 2</p>"},
		{"<b>a</b>", Text, "<b>a</b>"},
		{"<b>a", Text, "<p>&lt;b&gt;a</p>"},
		{"1 < 2", HTML, "1 < 2"},
		{"1 < 2", Loose, "1 < 2"},
		{"a\n\nb", Text, "<p>a</p><p>b</p>"},
		{"", Text, ""},
	}
	for _, test := range tests {
		if got := AsHTML(test.in, test.kind); got != test.want {
			t.Errorf("AsHTML(%q, %d) = %q, want %q", test.in, test.kind, got, test.want)
		}
	}
}

func TestWhiteSpaceBecomesOneSpace(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"a", "a"},
		{"a b", "a b"},
		{" a", "a"},
		{"a ", "a"},
		{"a  b", "a b"},
		{"a\tb", "a b"},
		{"a\nb", "a b"},
		{"\r\na\r\n", "a"},
		{"a\u00a0b", "a b"},
		{"a\u3000\u2003b", "a b"},
		{"   ", ""},
		{" é ", "é"},
		{"a é", "a é"},
		{"\u200ba", "a"},
		{"a\u200b", "a"},
		{"a \u200b b", "a b"},
		{"a\u200bb", "a\u200bb"},
		{"a\x1fb", "a\x1fb"},
		{"a b c", "a b c"},
		{"a b ", "a b"},
	}
	for _, test := range tests {
		if got := Collapse(test.in); got != test.want {
			t.Errorf("Collapse(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestLooseTextOfAHeadBecomesPlain(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a <b>c</b> d", "a c d"},
		{"<p>a</p><p>b</p>", "a b"},
		{"AT&amp;T", "AT&T"},
		{"List<String>", "List<String>"},
		{"<video>a</video>", "a"},
		{" a\n b ", "a b"},
		{"a&nbsp;b", "a b"},
		{"", ""},
		{strings.Repeat("é", 20), strings.Repeat("é", 5)},
	}
	for _, test := range tests {
		limit := 100
		if len(test.in) == 40 {
			limit = 11
		}
		if got := Plain(test.in, limit); got != test.want {
			t.Errorf("Plain(%q, %d) = %q, want %q", test.in, limit, got, test.want)
		}
	}
}

func TestTagsAreTakenOutAndLinesKeptApart(t *testing.T) {
	for in, want := range map[string]string{
		"a<b>b</b>c":                    "abc",
		"a<br>b":                        "a b",
		"a<hr/>b":                       "a b",
		"<ul><li>a</li><li>b</li></ul>": "  a  b  ",
		"<h1>a</h1>b":                   " a b",
		"<td>a</td>":                    " a ",
		"<tr>a":                         " a",
		"<blockquote>a":                 " a",
		"<div>a":                        " a",
		"<ol>a":                         " a",
		"<h6>a":                         " a",
		"a<hr>":                         "a ",
		"a<!-- b -->c":                  "ac",
		"a<!-- b":                       "a<!-- b",
		"a<?b?>c":                       "ac",
		"a<![CDATA[b]]>c":               "ac",
		"<nosuch>a":                     "<nosuch>a",
		"a < b":                         "a < b",
		"a <":                           "a <",
		"a":                             "a",
		"":                              "",
		"<x:b>a</x:b>":                  "a",
		"<B>a</B>":                      "a",
		"<BR>a":                         " a",
	} {
		if got := Strip(in, IsHTML); got != want {
			t.Errorf("Strip(%q) = %q, want %q", in, got, want)
		}
	}
}

// elements are the names that HTML knows, apart from what the code lists.
const (
	voids   = "area base br col embed hr img input link meta param source track wbr"
	phrases = "a abbr acronym b bdi bdo big blink blockquote br center cite code del dfn div em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark marquee nobr ol p q rp rt ruby s samp small span strike strong sub sup tt u ul var wbr"
	others  = "address area article aside audio base body button canvas caption col colgroup dd details dialog dl dt embed fieldset figcaption figure footer form frame head header html iframe input label legend link main map math meta nav noscript object optgroup option param picture pre script section select source style summary svg table tbody td template textarea tfoot th thead time title tr track video"
)

func TestElementsOfHTMLAreKnown(t *testing.T) {
	for name := range strings.FieldsSeq(phrases) {
		if !IsHTML([]byte(name)) || !IsHTML([]byte(strings.ToUpper(name))) || !IsHTML([]byte("xhtml:"+name)) || !isPhrase([]byte(name)) {
			t.Errorf("<%s> is not known", name)
		}
		if got := Title("x<"+name+">y", Loose); strings.ContainsAny(got, "<>") {
			t.Errorf("the title keeps <%s>: %q", name, got)
		}
	}
	for name := range strings.FieldsSeq(others) {
		if !IsHTML([]byte(name)) || isPhrase([]byte(name)) {
			t.Errorf("<%s>: known %v, marks words up %v", name, IsHTML([]byte(name)), isPhrase([]byte(name)))
		}
		if got := Title("x <"+name+"> y", Loose); got != "x <"+name+"> y" {
			t.Errorf("a title about <%s> becomes %q", name, got)
		}
		if got := Title("x <"+name+"> y", HTML); got != "x y" {
			t.Errorf("a title of HTML keeps <%s>: %q", name, got)
		}
	}
	for name := range strings.FieldsSeq(voids) {
		if !IsVoid([]byte(name)) || !LooksLikeHTML("a<"+name+">") {
			t.Errorf("<%s> has no end tag", name)
		}
	}
	for _, name := range []string{"", "x", "string", "dialogs", "rss", "item", "aa", "h7"} {
		if IsHTML([]byte(name)) || IsVoid([]byte(name)) {
			t.Errorf("<%s> is no element of HTML", name)
		}
	}
}

func TestTitlesEscapedOnceOrTwiceAreTheSame(t *testing.T) {
	for in, want := range map[string]string{
		"A &amp; B":            "A & B",
		"A &amp;amp; B":        "A & B",
		"A &amp;amp;amp; B":    "A &amp; B",
		"&lt;i&gt;A&lt;/i&gt;": "A",
		"&amp;lt;i&amp;gt;A":   "<i>A",
		"&lt;A&gt;":            "",
		"&lt;dialog&gt;":       "<dialog>",
		"&#8217;":              "’",
		"&amp;#8217;":          "’",
		"A &":                  "A &",
	} {
		if got := Title(in, Loose); got != want {
			t.Errorf("Title(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Title("&lt;b&gt;", HTML); got != "<b>" {
		t.Errorf("Title of escaped HTML = %q", got)
	}
	if got := Title(strings.Repeat("x", limits.Title+1), Loose); len(got) != limits.Title {
		t.Errorf("a title of %d bytes", len(got))
	}
}
