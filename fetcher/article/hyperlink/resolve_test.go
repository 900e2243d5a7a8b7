package hyperlink

import "testing"

func TestAddressesAreMended(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://a.example/x", "https://a.example/x"},
		{" https://a.example/x\n", "https://a.example/x"},
		{"//a.example/x", "https://a.example/x"},
		{"HTTP://A.Example/X", "http://a.example/X"},
		{"http:/a.example/x", "http://a.example/x"},
		{"http:////a.example/x", "http://a.example/x"},
		{"https:\\\\a.example\\x?y=\\z", "https://a.example/x?y=\\z"},
		{"/a b", "https://blog.example/a%20b"},
		{"?q=1", "https://blog.example/p/q?q=1"},
		{"#c", "https://blog.example/p/q#c"},
		{"../x/./y", "https://blog.example/x/y"},
		{"https://a.example/100%", "https://a.example/100%25"},
		{"https://a.example/?q=a b\"c", "https://a.example/?q=a%20b%22c"},
		{"https://user:secret@a.example/", "https://a.example/"},
		{"https://bücher.example/", "https://xn--bcher-kva.example/"},
		{"https://a.example/é?é#é", "https://a.example/%C3%A9?é#%C3%A9"},
		{"mailto:a@b.example?subject=x y", "mailto:a@b.example?subject=x%20y"},
		{"java\tscript:x", ""}, {"data:text/html,x", ""}, {"https://", ""}, {"https://a.example:99999/", ""},
		{"https://a b/", ""}, {"mailto:x", ""}, {"", ""},
	}
	at := New("https://blog.example/p/q", "", "")
	for _, tt := range tests {
		if got := at.Link(tt.in); got != tt.want {
			t.Errorf("link(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSrcset(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a.png 1x, b.png 2x", "https://blog.example/a.png 1x, https://blog.example/b.png 2x"},
		{"a.png 100w,b.png 200w", "https://blog.example/a.png 100w, https://blog.example/b.png 200w"},
		{"a.png, b.png 2x", "https://blog.example/a.png, https://blog.example/b.png 2x"},
		{"https://c.example/w_100,h_200/a.png 1x, b.png 2x",
			"https://c.example/w_100,h_200/a.png 1x, https://blog.example/b.png 2x"},
		{" ,, a.png 1x ,, ", "https://blog.example/a.png 1x"},
		{"javascript:x 1x, b.png 2x", "https://blog.example/b.png 2x"},
		{"data:image/png;base64,xx 1x", ""},
		{"a.png 1x onerror=x, b.png 2x", "https://blog.example/b.png 2x"},
		{"a.png 1.5x", "https://blog.example/a.png 1.5x"},
		{"a.png -1x", ""},
		{"", ""},
	}
	at := New("https://blog.example/", "", "")
	for _, tt := range tests {
		if got := at.Srcset(tt.in); got != tt.want {
			t.Errorf("srcset(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
