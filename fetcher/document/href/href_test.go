package href

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
		if got := Web(test.base, test.in); got != test.want {
			t.Errorf("Web(%q, %q) = %q, want %q", test.base, test.in, got, test.want)
		}
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
		if got := Site(test.in); got != test.want {
			t.Errorf("Site(%q) = %q, want %q", test.in, got, test.want)
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
		if got := SameHost(test.a, test.b); got != test.want {
			t.Errorf("SameHost(%q, %q) = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}
