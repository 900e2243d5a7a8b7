package markup

import "testing"

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
		if got := FromText(test.in); got != test.want {
			t.Errorf("FromText(%q) = %q, want %q", test.in, got, test.want)
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
		if got := LooksLikeHTML(test.in); got != test.want {
			t.Errorf("LooksLikeHTML(%q) = %v, want %v", test.in, got, test.want)
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
		if got := UnescapeTwice(test.in); got != test.want {
			t.Errorf("UnescapeTwice(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}
