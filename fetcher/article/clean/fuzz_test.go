package clean

import (
	"strings"
	"testing"
)

// seeds are shapes that cleaners have stumbled over.
var seeds = []string{
	"<p>a<b>b<i>c</b>d</i></p>", "<table><tr><td>x<table><tr>y", "<a href=1><div><a href=2>x</a></div></a>",
	"<li><div><li></li></div></li>",
	"<svg><style><img src=x onerror=alert(1)></style></svg>",
	"<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
	"<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<textarea><img src=x></textarea>x",
	"<ruby>a<rt>b<rp>c",
	"<select><template><style></template><img>", "<dl><dt>a<dd>b<dt>c</dl>", "<pre>\n\n a\n</pre>", "<ul>x<li>y</ul>z",
	"<img src=x srcset='a 1x, b 2x,c,'>", "<a href='java\tscript:alert(1)'>x</a>", "<h1><h2>x</h1>",
	"x <span> y</span> <b> </b>z",
	"<caption>x<td>y", "<details><summary>x<p>y", "<p><ul><p><li>", "<iframe src=//a.example/x>", "<b><p><b><p><b>",
	"\u0338<b>\u0338x", "a<i></i>\u0301<b>\u0327\u0338>\u0338", "&#0;&#x80;&nGt;",
	"<video poster=/p.png src=/v.mp4>x</video>", "<object data=//e.example/><img src=/x>", "<a><table><a>",
	"<td><hr><tr>x", "<font><p></font>x",
}

func FuzzClean(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		verify(t, in, cleaned(in, "https://blog.example/a/b"))
	})
}

func TestCleanHoldsForEverySeed(t *testing.T) {
	for _, a := range seeds {
		for _, b := range seeds {
			in := a + b
			verify(t, in, cleaned(in, "https://blog.example/a/b"))
			in = strings.ReplaceAll(a, "x", b)
			verify(t, in, cleaned(in, "https://blog.example/a/b"))
		}
	}
}
