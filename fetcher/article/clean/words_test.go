package clean

import "testing"

func TestPlainText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"<p>One</p><p>two <b>th</b>ree</p>", "One\ntwo three"},
		{"a<br>b", "a\nb"},
		{"<ul><li>a<li>b</ul>c", "a\nb\nc"},
		{"<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"},
		{"<img src=https://a.example/x.png alt='A cat'>on a mat", "A cat on a mat"},
		{"<script>x</script><style>y</style><!-- z -->a", "a"},
		{"<pre>a\n  b</pre>", "a b"},
		{"a&nbsp;b &amp;lt; c", "a b &lt; c"},
		{"e&#x301;te&#x301;", "été"},
		{"soft&shy;hyphen zero\u200bwidth", "softhyphen zero width"},
		{"\x00a\x01\u0085b\ufeff", "a b"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"<iframe src='https://www.youtube.com/embed/x' title='A talk'></iframe>", "▶ A talk"},
		{"<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "漢(kan)"},
	}
	for _, tt := range tests {
		if got := plainOf(tt.in); got != tt.want {
			t.Errorf("plainOf(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
