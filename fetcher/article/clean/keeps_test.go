package clean

import "testing"

func TestCleanKeepsWhatAnArticleNeeds(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"paragraphs", "<p>One</p>\n<p>Two</p>", "<p>One</p><p>Two</p>"},
		{"unclosed tags are closed", "<div><b>x<p>y", "<div><b>x<p>y</p></b></div>"},
		{"stray end tags go", "x</div></p></b>y", "xy"},
		{"a figure", `<figure class=a><img src=/i.png alt="A b"><figcaption>Cap</figcaption></figure>`,
			`<figure><img src="https://blog.example/i.png" alt="A b" loading="lazy" decoding="async" referrerpolicy="no-referrer"><figcaption>Cap</figcaption></figure>`},
		{"a table gets its rows", "<table><td>1<td>2<tr><td>3</table>",
			"<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></tbody></table>"},
		{"text in a table gets a cell", "<table>x<tr><td>y</table>",
			"<table><tbody><tr><td>x</td></tr><tr><td>y</td></tr></tbody></table>"},
		{"a list item ends the one before", "<ul><li>a<div>b<li>c</ul>", "<ul><li>a<div>b</div></li><li>c</li></ul>"},
		{"a list item without a list", "<li>a<li>b", "<div>a</div><div>b</div>"},
		{"h1 is the page's", "<h1>T</h1>", "<h2>T</h2>"},
		{"code", "<pre class=go><code class=x>a  &lt;\n\tb</code></pre>", "<pre><code>a  &lt;\n\tb</code></pre>"},
		{"direction and language", `<p dir=RTL lang=ar>x</p><span xml:lang="fr">y</span><span class=z>z</span>`,
			`<p dir="rtl" lang="ar">x</p><span lang="fr">y</span>z`},
		{"ruby", "<ruby>漢<rt>kan<rt>x</ruby>", "<ruby>漢<rt>kan</rt><rt>x</rt></ruby>"},
		{"a link", `<a href="../p?utm_source=rss&amp;a=1&amp;fbclid=2#c" onclick=x target=_blank>go</a>`,
			`<a href="https://blog.example/p?a=1#c" rel="noopener noreferrer nofollow ugc">go</a>`},
		{"links do not nest", `<a href=/1>a <a href=/2>b</a>`,
			`<a href="https://blog.example/1" rel="noopener noreferrer nofollow ugc">a </a><a href="https://blog.example/2" rel="noopener noreferrer nofollow ugc">b</a>`},
		{"an anchor is no link", `<a name=top>x</a>`, `x`},
		{"a film becomes a link", `<iframe src="//www.youtube.com/embed/abc?rel=0" width=560 height=315></iframe>`,
			`<p><a href="https://www.youtube.com/watch?v=abc" rel="noopener noreferrer nofollow ugc">▶ youtube.com</a></p>`},
		{"an old player too",
			`<object><param name="movie" value="http://www.youtube.com/v/abc&hl=en"><embed src="http://www.youtube.com/v/abc"></object>`,
			`<p><a href="https://www.youtube.com/watch?v=abc" rel="noopener noreferrer nofollow ugc">▶ youtube.com</a></p>`},
		{"empty elements go", "<p></p><p>&nbsp;</p><div><b></b></div>x", "x"},
		{"a pixel goes", `<img src=https://t.example/x width=1 height=1><img src="http://feeds.feedburner.com/~r/x/4">`,
			``},
		{"an emoji is a character",
			`<img src="https://s.w.org/images/core/emoji/2/72x72/1f642.png" alt="🙂" class="wp-smiley">`, "🙂"},
		{"a self-closed frame takes nothing with it", `<p>a</p><iframe src="https://maps.example/x" /><p>b</p>`,
			`<p>a</p><p><a href="https://maps.example/x" rel="noopener noreferrer nofollow ugc">▶ maps.example</a></p><p>b</p>`},
		{"what is hidden goes",
			`a<div hidden>b</div><span style="DISPLAY : none !important">c<span>d</span></span><p style="visibility:hidden">e<p>f</p>`,
			"a <p>f</p>"},
		{"a frame in what is hidden is no embed",
			`a<div hidden><iframe src="https://a.example/x"></iframe></div>b`, "a b"},
		{"what is never closed hides nothing", `<div style="display:none">a`, `a`},
		{"an image that a script loads is there once",
			`<img src="data:image/gif;base64,x" data-src="https://a.example/x.png" class="lazy"><noscript><img src="https://a.example/x.png"></noscript>y`,
			`<img src="https://a.example/x.png" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer">y`},
		{"a video without a player", `<video src="/v.mp4" poster="/p.jpg">no video</video>`,
			`<p><a href="https://blog.example/v.mp4" rel="noopener noreferrer nofollow ugc"><img src="https://blog.example/p.jpg" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer">▶ blog.example</a></p>`},
		{"buttons, forms and menus", `<form>Search <input name=q><button>Go</button><select><option>x</select></form>`,
			"<div>Search </div>"},
		{"a widget goes", `<p>a</p><div class="sharedaddy sd-sharing">Share <div>x</div></div><p>b</p>`,
			"<p>a</p><p>b</p>"},
		{"details", `<details open class=x><summary>a</summary>b</details>`,
			`<details open=""><summary>a</summary>b</details>`},
		{"numbered lists", `<ol start=3 type=A reversed><li value=7>a</ol>`,
			`<ol start="3" type="A" reversed=""><li value="7">a</li></ol>`},
		{"quotations",
			`<blockquote cite="/q"><p>a</p></blockquote><q cite="javascript:x">b</q><ins datetime="2026-11-02">c</ins>`,
			`<blockquote cite="https://blog.example/q"><p>a</p></blockquote><q>b</q><ins datetime="2026-11-02">c</ins>`},
		{"cells that span", `<table><tr><th colspan=2 scope=COL>a<td rowspan=0>b</table>`,
			`<table><tbody><tr><th colspan="2" scope="col">a</th><td>b</td></tr></tbody></table>`},
		{"white space between words stays", "a<span> </span>b <i> c</i><div></div>d", "a b <i>c</i> d"},
		{"CDATA that was escaped", "<![CDATA[<p>a</p>]]>", "<p>a</p>"},
		{"quotation marks stay", `"it's" <abbr title='a"b'>x</abbr>`, `"it's" <abbr title="a&#34;b">x</abbr>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cleaned(tt.in, "https://blog.example/2026/post")
			if got != tt.want {
				t.Errorf("cleaned(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
			if again := cleaned(got, ""); again != got {
				t.Errorf("Clean again\n got %q\nwant %q", again, got)
			}
		})
	}
}
