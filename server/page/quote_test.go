package page

import (
	"strings"
	"testing"
)

func TestQuotation(t *testing.T) {
	long := "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
	tests := []struct{ name, content, want string }{
		{"the paragraph of the link", `<p>Before.</p><p>They read <a href="https://a.example/x">our note</a>, twice.</p><p>After.</p>`, "They read [our note], twice."},
		{"other links are words", `<p><a href="https://b.example/">b</a> and <a href="https://a.example/x">a</a> and <a href="https://c.example/">c</a></p>`, "b and [a] and c"},
		{"markup within", `<p>See <em>the <a href="https://a.example/x"><b>bold</b> note</a></em>!</p>`, "See the [bold note]!"},
		{"written otherwise", `<p>x <a href="http://www.a.example/x/?utm_source=y#z">a</a></p>`, "x [a]"},
		{"only the first", `<p><a href="https://a.example/x">one</a> <a href="https://a.example/x">two</a></p>`, "[one] two"},
		{"a picture has no words", `<p><a href="https://a.example/x"><img src="y" alt="z"></a></p><p>and <a href="https://a.example/x">words</a></p>`, "and [words]"},
		{"cut", `<p>` + long + ` <a href="https://a.example/x">it</a> ` + long + `</p>`, "… three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen [it] one two three four five six seven eight nine ten …"},
		{"a line break is a space", `<p>one<br>two<br/><a href="https://a.example/x">it</a></p>`, "one two [it]"},
		{"no paragraph at all", `look <a href="https://a.example/x">here</a> now`, "look [here] now"},
		{"never closed", `<p>look <a href="https://a.example/x">here`, "look [here]"},
		{"not there", `<p>look <a href="https://a.example/other">here</a></p>`, ""},
		{"entities are characters", `<p>&lt;b&gt; <a href="https://a.example/x">&amp;</a></p>`, "<b> [&]"},
	}
	is := func(href string) bool { return bareAddress(href) == "a.example/x" }
	for _, tt := range tests {
		var got strings.Builder
		for _, f := range quotation(tt.content, is) {
			if f.Hit {
				got.WriteString("[" + f.Text + "]")
				continue
			}
			got.WriteString(f.Text)
		}
		if got.String() != tt.want {
			t.Errorf("%s: quotation(%s) = %q, want %q", tt.name, tt.content, got.String(), tt.want)
		}
	}
}

func TestBareAddress(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"https://www.A.example/x/", "a.example/x"},
		{"http://a.example", "a.example"},
		{"https://a.example/?p=2&utm_medium=mail", "a.example?p=2"},
		{"https://a.example/a%2Fb", "a.example/a%2Fb"},
		{"/x", ""}, {"mailto:a@b.example", ""}, {"https://a b/", ""},
	} {
		if got := bareAddress(tt.in); got != tt.want {
			t.Errorf("bareAddress(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzQuotation(f *testing.F) {
	f.Add(`<p>x <a href="https://a.example/x">y</a> z</p>`)
	f.Fuzz(func(t *testing.T, content string) {
		for _, part := range quotation(content, func(string) bool { return true }) {
			if part.Text == "" {
				t.Errorf("an empty fragment of %q", content)
			}
		}
	})
}
