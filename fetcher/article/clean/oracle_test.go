package clean

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"caravan/fetcher/article/hyperlink"
)

// cleaned returns src as HTML that is safe to show.
func cleaned(src, base string) string {
	return HTML(src, hyperlink.New(base, "", "")).HTML
}

// plainOf returns the plain text of src.
func plainOf(src string) string {
	return HTML(src, hyperlink.New("", "", "")).Text
}

// allowed is what may stand in clean HTML, written down apart from the tables
// of the code: the attributes of each element.
var allowed = map[string]string{
	"a": "href rel title", "abbr": "title", "b": "", "bdi": "", "bdo": "", "blockquote": "cite", "br": "", "caption": "",
	"cite": "",
	"code": "", "dd": "", "del": "cite datetime", "details": "open", "dfn": "title", "div": "", "dl": "", "dt": "",
	"em":         "",
	"figcaption": "", "figure": "", "h2": "", "h3": "", "h4": "", "h5": "", "h6": "", "hr": "", "i": "",
	"img": "src srcset sizes alt title width height loading decoding referrerpolicy", "ins": "cite datetime", "kbd": "",
	"li":   "value",
	"mark": "", "ol": "start type reversed", "p": "", "pre": "", "q": "cite", "rp": "", "rt": "", "ruby": "", "s": "",
	"samp":  "",
	"small": "", "span": "", "strong": "", "sub": "", "summary": "", "sup": "", "table": "", "tbody": "",
	"td":    "colspan rowspan",
	"tfoot": "", "th": "colspan rowspan scope", "thead": "", "time": "datetime", "tr": "", "u": "", "ul": "", "var": "",
	"wbr": "",
}

// verify checks everything that must hold of clean HTML, with a parser that
// follows the HTML standard and shares no code with the cleaner: a browser
// builds exactly the tree that was written, nothing in it is active, nothing
// leaves the box it is put into, and cleaning it again changes nothing.
func verify(t *testing.T, in, clean string) {
	t.Helper()
	if again := cleaned(clean, "https://other.example/"); again != clean {
		t.Errorf("cleaned(%.300q)\ngives   %.600q\ncleaned %.600q", in, clean, again)
	}
	if out := string(Words(in, hyperlink.New("https://blog.example/a/b", "", "")).out); gate([]byte(out)) != out {
		t.Errorf("cleaned(%.300q)\nwrites %.600q\nthe gate keeps %.600q", in, out, gate([]byte(out)))
	}
	if !utf8.ValidString(clean) {
		t.Errorf("cleaned(%.300q) gives invalid UTF-8: %.300q", in, clean)
	}
	const before, after = `<div id="page"><div id="box">`, `</div><div id="after"></div></div>`
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(before+clean+after), body)
	if err != nil {
		t.Fatalf("parse of %.300q: %v", clean, err)
	}
	if len(nodes) != 1 {
		t.Fatalf("cleaned(%.300q) leaves its page: %.600q", in, clean)
	}
	box := nodes[0].FirstChild
	next := box.NextSibling
	if next == nil || len(next.Attr) != 1 || next.Attr[0].Val != "after" || next.NextSibling != nil ||
		next.FirstChild != nil {
		t.Fatalf("cleaned(%.300q) leaves its box: %.600q", in, clean)
	}
	var b strings.Builder
	for n := box.FirstChild; n != nil; n = n.NextSibling {
		verifyNode(t, n)
		serialise(&b, n)
	}
	if got := b.String(); got != clean {
		t.Errorf("cleaned(%.300q)\ngives   %.600q\na browser reads %.600q", in, clean, got)
	}
}

// verifyNode checks one node and all below it.
func verifyNode(t *testing.T, n *html.Node) {
	t.Helper()
	switch n.Type {
	case html.TextNode:
	case html.ElementNode:
		attrs, ok := allowed[n.Data]
		if !ok || n.Namespace != "" {
			t.Errorf("element %s:%s", n.Namespace, n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(append(strings.Fields(attrs), "dir", "lang"), a.Key) {
				t.Errorf("attribute %s of %s", a.Key, n.Data)
			}
			switch a.Key {
			case "href", "src", "cite":
				verifyAddress(t, a.Val, a.Key == "href")
			case "srcset":
				for part := range strings.SplitSeq(a.Val, ", ") {
					verifyAddress(t, strings.Fields(part)[0], false)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			verifyNode(t, c)
		}
	default:
		t.Errorf("node of type %d: %q", n.Type, n.Data)
	}
}

// verifyAddress checks that an address is absolute and may be followed.
func verifyAddress(t *testing.T, address string, mail bool) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Errorf("address %q: %v", address, err)
		return
	}
	if mail && u.Scheme == "mailto" {
		return
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		t.Errorf("address %q is not absolute http(s)", address)
	}
	if strings.ContainsAny(address, " \t\r\n\"<>\\`") {
		t.Errorf("address %q is not escaped", address)
	}
}

// serialise writes n in the normal form of clean HTML.
func serialise(b *strings.Builder, n *html.Node) {
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	if n.Type != html.ElementNode {
		b.WriteString(text.Replace(n.Data))
		return
	}
	b.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		b.WriteString(" " + a.Key + `="` + strings.ReplaceAll(text.Replace(a.Val), `"`, "&#34;") + `"`)
	}
	b.WriteString(">")
	switch n.Data {
	case "br", "hr", "img", "wbr":
		return
	case "pre":
		// A parser drops the line break after <pre>, if there is one.
		if c := n.FirstChild; c != nil && c.Type == html.TextNode && strings.HasPrefix(c.Data, "\n") {
			b.WriteString("\n")
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		serialise(b, c)
	}
	b.WriteString("</" + n.Data + ">")
}
