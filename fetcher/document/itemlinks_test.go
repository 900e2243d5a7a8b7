package document

import "testing"

func TestAddressesInHTMLFollowItsBase(t *testing.T) {
	const base = "https://example.org/x/"
	tests := []struct{ in, want string }{
		{`<a href="y">z</a>`, `<a href="https://example.org/x/y">z</a>`},
		{`<A HREF='y'>z</A>`, `<A HREF='https://example.org/x/y'>z</A>`},
		{`<a href=y>z</a>`, `<a href=https://example.org/x/y>z</a>`},
		{`<img alt="a" src="/i.png" title="b"/>`, `<img alt="a" src="https://example.org/i.png" title="b"/>`},
		{`<video poster="p" src="v"></video>`, `<video poster="https://example.org/x/p" src="https://example.org/x/v"></video>`},
		{`<a href="?a=1&amp;b=2">`, `<a href="https://example.org/x/?a=1&amp;b=2">`},
		{`<a href="#n">`, `<a href="#n">`},
		{`<a href="">`, `<a href="">`},
		{`<a href="mailto:x@y.example">`, `<a href="mailto:x@y.example">`},
		{`<a href="http://y.example/">`, `<a href="http://y.example/">`},
		{`<p title="href=y">1 < 2</p>`, `<p title="href=y">1 < 2</p>`},
		{`no tags`, `no tags`},
	}
	for _, test := range tests {
		if got := resolveHTML(base, test.in); got != test.want {
			t.Errorf("resolveHTML(%q) = %q, want %q", test.in, got, test.want)
		}
	}
	if got := resolveHTML("/relative/", `<a href="y">`); got != `<a href="y">` {
		t.Errorf("a relative base resolves nothing, got %q", got)
	}
}
