package document

import "testing"

func TestAddressesBecomeAbsolute(t *testing.T) {
	const base = "https://example.org/blog/feed.xml"
	tests := []struct{ base, in, want string }{
		{base, "https://other.example/a", "https://other.example/a"},
		{base, "HTTP://Other.example/a", "http://Other.example/a"},
		{base, "/a", "https://example.org/a"},
		{base, "a", "https://example.org/blog/a"},
		{base, "../a", "https://example.org/a"},
		{base, "?q=1", "https://example.org/blog/feed.xml?q=1"},
		{base, "//cdn.example/a", "https://cdn.example/a"},
		{base, "www.example.com/a", "http://www.example.com/a"},
		{base, " https://example.org/a\n", "https://example.org/a"},
		{base, "https://example.org/a\n\t/b", "https://example.org/a/b"},
		{base, "https://example.org/a b", "https://example.org/a%20b"},
		{base, "https://example.org/é?ü", "https://example.org/é?ü"},
		{base, "https://example.org/100%", "https://example.org/100%"},
		{base, "https://example.org/?a=[b]|c", "https://example.org/?a=[b]|c"},
		{base, "", ""},
		{base, "#", "https://example.org/blog/feed.xml"},
		{base, "mailto:a@example.org", ""},
		{base, "javascript:alert(1)", ""},
		{base, "JaVaScRiPt:alert(1)", ""},
		{base, "data:text/html,x", ""},
		{base, "file:///etc/passwd", ""},
		{base, "ftp://example.org/a", ""},
		{base, "urn:uuid:1", ""},
		{base, "http://", ""},
		{base, "http://exa mple.org/", ""},
		{"", "/a", ""},
		{"", "a", ""},
		{"", "https://example.org/", "https://example.org/"},
		{"not a base", "a", ""},
	}
	for _, test := range tests {
		if got := webAddress(test.base, test.in); got != test.want {
			t.Errorf("webAddress(%q, %q) = %q, want %q", test.base, test.in, got, test.want)
		}
	}
}

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

func TestTheSiteOfAnAddressIsItsRoot(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://example.org/a/b?c", "https://example.org/"},
		{"http://example.org:8080", "http://example.org:8080/"},
		{"urn:x", ""},
		{"/a", ""},
		{"", ""},
		{"http://[", ""},
	}
	for _, test := range tests {
		if got := siteOf(test.in); got != test.want {
			t.Errorf("siteOf(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestHostsAreComparedWithoutWWW(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"https://example.org/a", "http://www.Example.org/b", true},
		{"https://example.org:8080/", "https://example.org/", true},
		{"https://feeds.example.org/", "https://example.org/", false},
		{"http://[", "http://[", false},
	}
	for _, test := range tests {
		if got := sameHost(test.a, test.b); got != test.want {
			t.Errorf("sameHost(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
