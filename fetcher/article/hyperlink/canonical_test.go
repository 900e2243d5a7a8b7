package hyperlink

import (
	"strings"
	"testing"
)

func TestCanonicalLink(t *testing.T) {
	tests := []struct {
		name string
		in   []string
		want string
	}{
		{"scheme, www, port, slash and fragment do not count", []string{
			"https://blog.example/2026/post", "http://blog.example/2026/post/",
			"https://www.blog.example:443/2026/post#more", "HTTP://Blog.Example:80//2026/post///",
			"https://blog.example./2026/post"},
			"blog.example/2026/post"},
		{"trackers do not count", []string{
			"https://blog.example/p?id=7&utm_source=rss&utm_medium=feed", "https://blog.example/p?fbclid=x&id=7",
			"https://blog.example/p?mc_cid=1&id=7&mc_eid=2&",
			"https://blog.example/p?id=7&amp;utm_campaign=x#xtor=RSS-1",
			"https://www.google.com/url?q=https%3A%2F%2Fblog.example%2Fp%3Fid%3D7&sa=U"},
			"blog.example/p?id=7"},
		{"AMP variants are the page", []string{"https://blog.example/p/amp/", "https://blog.example/p?amp=1",
			"https://amp.blog.example/p", "https://blog.example/p?amp"}, "blog.example/p"},
		{"escapes are written one way", []string{"https://blog.example/caf%C3%A9", "https://blog.example/café",
			"https://blog.example/caf%c3%a9"}, "blog.example/caf%C3%A9"},
		{"the query counts", []string{"https://blog.example/?p=12"}, "blog.example?p=12"},
		{"a fragment that names a page counts", []string{"https://app.example/#!/p/1"}, "app.example#!/p/1"},
		{"names in other scripts", []string{"https://münchen.example/x", "https://xn--mnchen-3ya.example/x"},
			"xn--mnchen-3ya.example/x"},
		{"other ports count", []string{"http://127.0.0.1:8080/a"}, "127.0.0.1:8080/a"},
		{"no web address", []string{"", "mailto:a@b.example", "urn:uuid:1", "javascript:x", "/relative", "https://", "//::", "https://[fe80::1%25eth0]/a"}, ""},
		{"a name that grows too long in ASCII", []string{"https://" + strings.Repeat("a", maxHost-2) + "é/a"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, in := range tt.in {
				if got := Canonical(in); got != tt.want {
					t.Errorf("CanonicalLink(%q) = %q, want %q", in, got, tt.want)
				}
			}
		})
	}
}

func FuzzCanonicalLink(f *testing.F) {
	for _, s := range []string{"https://www.blog.example/a?utm_source=x&b=1#c", "http://[::1]:80/%2f",
		"https://amp.www.x.example//amp/amp", "//::", "https://x.example/%25", "//x", "https:./0", "https://a.example/?&&a",
		"https://www.google.com/url?q=https://www.google.com/url?q=x", "http:" + strings.Repeat("0", maxHost-2) + "\u0592"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		link := Canonical(in)
		if again := Canonical("https://" + link); link != "" && again != link {
			t.Errorf("CanonicalLink(%q) = %q, of that %q", in, link, again)
		}
	})
}
