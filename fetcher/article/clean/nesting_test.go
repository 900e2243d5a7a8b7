package clean

import (
	"strings"
	"testing"

	"caravan/fetcher/article/hyperlink"
)

const rel = ` rel="noopener noreferrer nofollow ugc"`

// A cleaning is what goes in and what must come out.
type cleaning struct{ in, want string }

// check cleans each row and checks the result by the oracle as well.
func check(t *testing.T, rows []cleaning) {
	t.Helper()
	for _, r := range rows {
		got := cleaned(r.in, "https://a.example/x/")
		if got != r.want {
			t.Errorf("%s\nbecomes\n%s\nwant\n%s", r.in, got, r.want)
		}
		verify(t, r.in, got)
	}
}

func TestElementsEndWhereAParserEndsThem(t *testing.T) { // HTML, 13.2.6.4
	check(t, []cleaning{
		{"<p>a<p>b", "<p>a</p><p>b</p>"},
		{"<p>a<div>b</div>", "<p>a</p><div>b</div>"},
		{"<p>a<h2>b", "<p>a</p><h2>b</h2>"},
		{"<p>a<ul><li>b", "<p>a</p><ul><li>b</li></ul>"},
		{"<p>a<pre>b", "<p>a</p><pre>b</pre>"},
		{"<p>a<hr>b", "<p>a</p><hr>b"},
		{"<p>a<table><td>b", "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table>"},
		{"<p><b>a<p>b", "<p><b>a</b></p><p>b</p>"},
		{"<div><p>a</div>b", "<div><p>a</p></div>b"},
		{"<h2>a<h3>b", "<h2>a</h2><h3>b</h3>"},
		{"<h2>a</h3>b", "<h2>a</h2>b"},
		{"<h2>a<p>b</p>c</h2>", "<h2>a<p>b</p>c</h2>"},
		{"<h2>a<div>b<h3>c", "<h2>a<div>b<h3>c</h3></div></h2>"},
		{"<b>a<i>b</b>c</i>d", "<b>a<i>b</i></b>cd"},
		{"<b><p>a</b>b</p>", "<b><p>ab</p></b>"},
		{"</p>a</b></div>", "a"},
		{"<p>a</div>b</p>", "<p>ab</p>"},
		{"<blockquote>a<p>b</blockquote>c", "<blockquote>a<p>b</p></blockquote>c"},
		{"<figure>a</div>b</figure>", "<figure>ab</figure>"},
		{"<details><summary>a<p>b</details>c", "<details><summary>a<p>b</p></summary></details>c"},
		{"<section>a<article>b</section>c", "<div>a<div>b</div>c</div>"},
		{"<i>a</em>b</i>c", "<i>ab</i>c"},
		{"<center>a</center>", "<div>a</div>"},
		{"<h1>a</h1>", "<h2>a</h2>"},
		{"<big>a</big><font>b</font>", "ab"},
		{"<strike>a</strike><tt>b</tt><acronym>c</acronym>", "<s>a</s><code>b</code><abbr>c</abbr>"},
	})
}

func TestItemsStandInTheirLists(t *testing.T) {
	check(t, []cleaning{
		{"<ul><li>a<li>b", "<ul><li>a</li><li>b</li></ul>"},
		{"<ol><li>a</ol>b", "<ol><li>a</li></ol>b"},
		{"<ul><li>a<ul><li>b</ul><li>c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"},
		{"<dl><dt>a<dd>b<dt>c", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"},
		{"<li>a<li>b", "<div>a</div><div>b</div>"},
		{"<dt>a<dd>b", "<div>a</div><div>b</div>"},
		{"<ul><li>a<p>b<li>c", "<ul><li>a<p>b</p></li><li>c</li></ul>"},
		{"<ul><li>a<blockquote>b<li>c", "<ul><li>a<blockquote>b<div>c</div></blockquote></li></ul>"},
		{"<menu><li>a", "<ul><li>a</li></ul>"},
		{"<dir><li>a", "<ul><li>a</li></ul>"},
		{"<ul><li>a</li></ul></ul>b", "<ul><li>a</li></ul>b"},
		{"<ul><li>a<table><td><li>b</table>c", "<ul><li>a<table><tbody><tr><td><div>b</div></td></tr></tbody></table>c</li></ul>"},
		{"<ul><dt>a", "<ul><div>a</div></ul>"},
		{"<dl><li>a", "<dl><div>a</div></dl>"},
		{"<ul> <li> a </li> </ul>", "<ul><li>a </li></ul>"},
	})
}

func TestPartsOfTablesStandInTheirTables(t *testing.T) { // HTML, 13.2.6.4.9
	check(t, []cleaning{
		{"<table><tr><td>a<td>b<tr><th>c</table>", "<table><tbody><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></tbody></table>"},
		{"<table><thead><tr><th>a<tbody><td>b<tfoot><tr><td>c</table>", "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody><tfoot><tr><td>c</td></tr></tfoot></table>"},
		{"<table><caption>a<tr><td>b</table>", "<table><caption>a</caption><tbody><tr><td>b</td></tr></tbody></table>"},
		{"<table>a</table>b", "<table><tbody><tr><td>a</td></tr></tbody></table>b"},
		{"<table><tr>a</table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"},
		{"<table><tbody>a<tr><td>b</table>", "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>"},
		{"<table><td>a<table><td>b</table>c</table>d", "<table><tbody><tr><td>a<table><tbody><tr><td>b</td></tr></tbody></table>c</td></tr></tbody></table>d"},
		{"<td>a<tr>b<tbody>c<caption>d", "<div>a<div>b<div>c<div>d</div></div></div></div>"},
		{"<table><td><p>a<td>b</table>", "<table><tbody><tr><td><p>a</p></td><td>b</td></tr></tbody></table>"},
		{"<table><td>a</tr>b</table>", "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>"},
		{"<table><td>a</td></td>b</table>", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"},
		{"<table><td>a</div>b</table>", "<table><tbody><tr><td>ab</td></tr></tbody></table>"},
		{"<div><table><td>a</div>b", "<div><table><tbody><tr><td>ab</td></tr></tbody></table></div>"},
		{"<table> <tr> <td> a </td> </tr> </table>", "<table><tbody><tr><td>a </td></tr></tbody></table>"},
		{"<table><tr><td></table>", "<table><tbody><tr><td></td></tr></tbody></table>"},
		{"<table><img src=/i></table>", `<table><tbody><tr><td><img src="https://a.example/i" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer"></td></tr></tbody></table>`},
		{"<table><td>a<br>b</table>", "<table><tbody><tr><td>a<br>b</td></tr></tbody></table>"},
	})
}

func TestRubyStandsInRuby(t *testing.T) {
	check(t, []cleaning{
		{"<ruby>a<rt>b</ruby>", "<ruby>a<rt>b</rt></ruby>"},
		{"<ruby>a<rp>(<rt>b<rp>)</ruby>", "<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby>"},
		{"<rt>a</rt>b", "ab"},
		{"<ruby>a<rt>b</rt>c<rt>d</ruby>e", "<ruby>a<rt>b</rt>c<rt>d</rt></ruby>e"},
		{"<ruby><b>a<rt>b</ruby>", "<ruby><b>a</b><rt>b</rt></ruby>"},
	})
}

func TestLinksDoNotStandInLinks(t *testing.T) {
	a := func(path, text string) string {
		return `<a href="https://a.example/` + path + `"` + rel + `>` + text + `</a>`
	}
	check(t, []cleaning{
		{"<a href=/1>a</a>", a("1", "a")},
		{"<a href=/1>a<a href=/2>b", a("1", "a") + a("2", "b")},
		{"<a href=/1>a<b><a href=/2>b", a("1", "a") + a("2", "b")},
		{"<a href=/1><p>a<a href=/2>b", a("1", "<p>ab</p>")},
	})
	check(t, []cleaning{
		{"<a href=javascript:x>a</a>", "a"},
		{"<a>a</a>", "a"},
		{"<a name=x>a</a>", "a"},
		{"<a href=/1></a>b", "b"},
		{"<a href=/1> </a>b", "b"},
		{"<a href=mailto:jo@a.example>a</a>", `<a href="mailto:jo@a.example"` + rel + `>a</a>`},
		{"<a href=/1 title=' x\ny '>a</a>", `<a href="https://a.example/1"` + rel + ` title="x y">a</a>`},
	})
}

func TestAttributesAreKeptWhereTheyMeanSomething(t *testing.T) {
	check(t, []cleaning{
		{"<abbr title=a class=b>c</abbr>", `<abbr title="a">c</abbr>`},
		{"<dfn title=a>c</dfn>", `<dfn title="a">c</dfn>`},
		{"<b title=a>c</b>", "<b>c</b>"},
		{"<blockquote cite=/q>c</blockquote>", `<blockquote cite="https://a.example/q">c</blockquote>`},
		{"<q cite=x:y>c</q>", "<q>c</q>"},
		{"<del datetime=2021-03-09 cite=/d>c</del>", `<del cite="https://a.example/d" datetime="2021-03-09">c</del>`},
		{"<ins datetime='2021-03-09 10:00'>c</ins>", `<ins datetime="2021-03-09 10:00">c</ins>`},
		{"<time datetime=P1D>c</time>", `<time datetime="P1D">c</time>`},
		{"<time datetime=' 2021'>c</time>", "<time>c</time>"},
		{"<time datetime='a&b'>c</time>", "<time>c</time>"},
		{"<time datetime=" + strings.Repeat("1", 41) + ">c</time>", "<time>c</time>"},
		{"<time datetime=" + strings.Repeat("1", 40) + ">c</time>", `<time datetime="` + strings.Repeat("1", 40) + `">c</time>`},
		{"<table><td colspan=2 rowspan=3 scope=row>a</table>", `<table><tbody><tr><td colspan="2" rowspan="3">a</td></tr></tbody></table>`},
		{"<table><th scope=ROWGROUP>a</table>", `<table><tbody><tr><th scope="rowgroup">a</th></tr></tbody></table>`},
		{"<table><th scope=x colspan=0 rowspan=-1>a</table>", "<table><tbody><tr><th>a</th></tr></tbody></table>"},
		{"<table><td colspan=1000 rowspan=999>a</table>", `<table><tbody><tr><td rowspan="999">a</td></tr></tbody></table>`},
		{"<table><td colspan=01 rowspan=+1>a</table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"},
		{"<ol start=-5 type=i reversed><li value=3>a</ol>", `<ol start="-5" type="i" reversed=""><li value="3">a</li></ol>`},
		{"<ol start=99999 type=x><li value=100000>a</ol>", `<ol start="99999"><li>a</li></ol>`},
		{"<ol start=-99999><li value=-100000>a</ol>", `<ol start="-99999"><li>a</li></ol>`},
		{"<ul type=1 start=2><li>a</ul>", "<ul><li>a</li></ul>"},
		{"<details open>a</details>", `<details open="">a</details>`},
		{"<div open reversed>a</div>", "<div>a</div>"},
		{"<p dir=auto>a</p>", `<p dir="auto">a</p>`},
		{"<p dir=LTR>a</p>", `<p dir="ltr">a</p>`},
		{"<p dir=x lang=-a>a</p>", "<p>a</p>"},
		{"<p lang=zh-Hant>a</p>", `<p lang="zh-Hant">a</p>`},
		{"<p lang=" + strings.Repeat("a", 36) + ">a</p>", "<p>a</p>"},
		{"<p lang=" + strings.Repeat("a", 35) + ">a</p>", `<p lang="` + strings.Repeat("a", 35) + `">a</p>`},
		{"<bdo>a</bdo><bdo dir=rtl>b</bdo>", `a<bdo dir="rtl">b</bdo>`},
		{"<span>a</span><span lang=fr>b</span><span dir=ltr>c</span>", `a<span lang="fr">b</span><span dir="ltr">c</span>`},
		{"<p title=a id=b style=c onclick=d>e</p>", "<p>e</p>"},
		{"<p lang=fr lang=en>a</p>", `<p lang="fr">a</p>`},
	})
}

func TestImagesAreWrittenInOneForm(t *testing.T) { // S22
	const tail = ` loading="lazy" decoding="async" referrerpolicy="no-referrer">`
	check(t, []cleaning{
		{"<img src=i>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img src=i alt=' a  b ' title=t width=10 height=20>", `<img src="https://a.example/x/i" alt="a b" title="t" width="10" height="20"` + tail},
		{"<img src=i width=100% height=auto>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img src=i width=2 height=4>", `<img src="https://a.example/x/i" alt="" width="2" height="4"` + tail},
		{"<img src=i width=3 height=3>", ""},
		{"<img src=i width=4 height=3>", `<img src="https://a.example/x/i" alt="" width="4" height="3"` + tail},
		{"<img src=i width=1>", ""},
		{"<img src=i height=1px>", ""},
		{"<img src=i width=2>", `<img src="https://a.example/x/i" alt="" width="2"` + tail},
		{"<img src=i style='width:0'>", ""},
		{"<img src=i style='height : 1px'>", ""},
		{"<img src=i style='display: none'>", ""},
		{"<img src=i hidden>", ""},
		{"<img src=i style='max-width:1px'>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img alt=a>", ""},
		{"<img src=data:x>", ""},
		{"<image src=i>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img srcset='i 1x, j 2x'>", `<img src="https://a.example/x/i" srcset="https://a.example/x/i 1x, https://a.example/x/j 2x" alt=""` + tail},
		{"<img src=i srcset='j 2x' sizes='(min-width: 10em) 50vw, 100vw'>", `<img src="https://a.example/x/i" srcset="https://a.example/x/j 2x" sizes="(min-width: 10em) 50vw, 100vw" alt=""` + tail},
		{"<img src=i sizes=100vw>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img src=i srcset='j 2x' sizes='\"'>", `<img src="https://a.example/x/i" srcset="https://a.example/x/j 2x" alt=""` + tail},
		{"<img src=p.gif data-src=i>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img data-lazy-src=i>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img data-original=i>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img src=p.gif data-srcset='i 2x'>", `<img src="https://a.example/x/p.gif" srcset="https://a.example/x/i 2x" alt=""` + tail},
		{"<img class=emoji alt=🙂 src=i>", "🙂"},
		{"<img class='a wp-smiley' alt=':)' src=i>", ":)"},
		{"<img class=emoji src=i>", `<img src="https://a.example/x/i" alt=""` + tail},
		{"<img class=emoji alt='" + strings.Repeat("x", 41) + "' src=i>", `<img src="https://a.example/x/i" alt="` + strings.Repeat("x", 41) + `"` + tail},
		{"a<img src=https://pixel.wp.com/b.gif>b", "ab"},
	})
}

func TestWhatPlaysBecomesALink(t *testing.T) {
	link := func(address, label string) string {
		return `<a href="` + address + `"` + rel + `>▶ ` + label + `</a>`
	}
	p := func(s string) string { return "<p>" + s + "</p>" }
	check(t, []cleaning{
		{"<iframe src=//v.example/1></iframe>", p(link("https://v.example/1", "v.example"))},
		{"<iframe src=//www.v.example/1 title=' A talk '></iframe>", p(link("https://www.v.example/1", "A talk"))},
		{"<iframe src=about:blank data-src=//v.example/1></iframe>", p(link("https://v.example/1", "v.example"))},
		{"<iframe></iframe>a", "a"},
		{"<iframe src=//v.example/1 width=1 height=1></iframe>a", "a"},
		{"<iframe src=//v.example/1 hidden></iframe>a", "a"},
		{"<iframe src=javascript:x></iframe>a", "a"},
		{"<iframe src=//doubleclick.net/x></iframe>a", "a"},
		{"<p>a <iframe src=//v.example/1></iframe> b</p>", "<p>a " + link("https://v.example/1", "v.example") + " b</p>"},
		{"<div><iframe src=//v.example/1></iframe></div>", "<div>" + p(link("https://v.example/1", "v.example")) + "</div>"},
		{"<iframe src=//v.example/1></iframe><iframe src=//v.example/1></iframe>", p(link("https://v.example/1", "v.example"))},
		{"<video><source src=/1.mp4><source src=/2.ogv>text</video>", p(link("https://a.example/1.mp4", "a.example"))},
		{"<audio src=/1.mp3>text</audio>b", p(link("https://a.example/1.mp3", "a.example")) + "b"},
		{"<embed src=/1.swf>", p(link("https://a.example/1.swf", "a.example"))},
		{"<object data=/1.swf>text</object>", p(link("https://a.example/1.swf", "a.example"))},
		{"<object><param name=movie value=/1.swf></object>", p(link("https://a.example/1.swf", "a.example"))},
		{"<object><param name=flashvars value=/1.swf></object>", ""},
		{"<video poster=/p.jpg src=/1.mp4></video>", `<p><a href="https://a.example/1.mp4"` + rel + `><img src="https://a.example/p.jpg" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer">▶ a.example</a></p>`},
	})
	for in, want := range map[string]string{
		"https://www.youtube.com/embed/a1":                  "https://www.youtube.com/watch?v=a1",
		"https://youtube-nocookie.com/embed/a1?rel=0":       "https://www.youtube.com/watch?v=a1",
		"https://youtube.com/v/a1&hl=en":                    "https://www.youtube.com/watch?v=a1",
		"https://www.youtube.com/embed/videoseries?list=L1": "https://www.youtube.com/playlist?list=L1",
		"https://www.youtube.com/embed/":                    "https://www.youtube.com/embed/",
		"https://www.youtube.com/embed/a1/":                 "https://www.youtube.com/watch?v=a1",
		"https://player.vimeo.com/video/1":                  "https://vimeo.com/1",
		"https://www.dailymotion.com/embed/video/x1":        "https://www.dailymotion.com/video/x1",
		"https://open.spotify.com/embed/track/1":            "https://open.spotify.com/track/1",
		"https://embed.ted.com/talks/a":                     "https://www.ted.com/talks/a",
		"https://archive.org/embed/a":                       "https://archive.org/details/a",
		"https://v.example/embed/1":                         "https://v.example/embed/1",
		"https://youtube.com/watch?v=a":                     "https://youtube.com/watch?v=a",
		"https://[":                                         "https://[",
	} {
		if got := watchPage(in); got != want {
			t.Errorf("watchPage(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWhatIsHiddenOrNoArticleGoes(t *testing.T) {
	check(t, []cleaning{
		{"a<script>b</script>c", "a c"},
		{"a<style>b</style>c", "a c"},
		{"a<svg><title>b</title></svg>c", "a c"},
		{"a<math>b</math>c", "a c"},
		{"a<button>b</button>c", "a c"},
		{"a<select><option>b</select>c", "a c"},
		{"a<textarea>b</textarea>c", "a c"},
		{"a<template>b</template>c", "a c"},
		{"a<canvas>b</canvas>c", "a c"},
		{"a<noscript>b</noscript>c", "abc"},
		{"a<!-- b -->c", "ac"},
		{"a<?b?>c", "ac"},
		{"a<div hidden>b</div>c", "a c"},
		{"a<span hidden>b</span>c", "ac"},
		{"a<p style='display:none'>b</p>c", "a c"},
		{"a<p style='visibility: hidden'>b</p>c", "a c"},
		{"a<p style='display:block'>b</p>", "a<p>b</p>"},
		{"a<div class='x sharedaddy'>b<div>c</div>d</div>e", "a e"},
		{"a<div class=SR-only>b</div>c", "a c"},
		{"<p hidden>a<p>b", "a<p>b</p>"},
		{"<script>a", "a"},
		{"<textarea>a", "a"},
	})
}

func TestTextIsWrittenOnceEscaped(t *testing.T) {
	check(t, []cleaning{
		{"a &amp; b &lt;c&gt; \"d\" 'e'", "a &amp; b &lt;c&gt; \"d\" 'e'"},
		{"a & b < c > d", "a &amp; b &lt; c &gt; d"},
		{"&amp;lt;", "&amp;lt;"},
		{"a&nbsp;b", "a\u00a0b"},
		{"a \n\t b", "a b"},
		{"a\n b", "a\nb"},
		{"  a  ", "a"},
		{"a<b> </b>b", "a b"},
		{"a <b> b</b>", "a <b>b</b>"},
		{"a\x00b\x1fc\x7f", "abc"},
		{"a\u0085b\ufeffc", "abc"},
		{"e\u0301", "é"},
		{"<b>\u0338a</b>", "<b>a</b>"},
		{"<b>\u0301\u0338a</b>", "<b>\u0301a</b>"},
		{"\u0338a", "\u0338a"},
		{"<pre> a\n  b\t</pre>", "<pre> a\n  b\t</pre>"},
		{"<pre>\n\na</pre>", "<pre>a</pre>"},
		{"<pre>a\r\nb\fc</pre>", "<pre>a\nb\nc</pre>"},
		{"<pre>a<b>  b</b></pre>  c", "<pre>a<b>  b</b></pre>c"},
		{"<xmp>a &lt; <b></xmp>", "<pre>a &amp;lt; &lt;b&gt;</pre>"},
		{"a<br>b<br/>c</br>d", "a<br>b<br>c<br>d"},
		{"a<wbr>b", "a<wbr>b"},
		{"a<hr>b", "a<hr>b"},
		{"<abbr title='a\"b&amp;<c>'>d</abbr>", `<abbr title="a&#34;b&amp;&lt;c&gt;">d</abbr>`},
	})
}

func TestTheDepthOfElementsIsBounded(t *testing.T) { // S14
	got := cleaned(strings.Repeat("<div>", 300)+"a"+strings.Repeat("</div>", 300)+"b", "")
	if n := strings.Count(got, "<div>"); n != maxDepth || !strings.HasSuffix(got, "</div>b") || !strings.Contains(got, ">a<") {
		t.Errorf("%d elements in each other: …%q", n, got[max(0, len(got)-20):])
	}
	verify(t, "300 div", got)
}

func TestWhatABodyHoldsBesideItsHTML(t *testing.T) {
	src := `<h2>Head</h2><p>One <a href="/l?utm_source=x">two</a></p><figure><img src=/1.png alt=Alt><figcaption>Cap</figcaption></figure><pre>code</pre><div class="ad">Buy</div><table><td>cell</table><p>End <a href="/l">again</a> <a href="mailto:jo@a.example">m</a></p>`
	b := HTML(src, hyperlink.New("https://a.example/", "", ""))
	if b.Text != "Head\nOne two\nAlt\nCap\ncode\nBuy\ncell\nEnd again m" {
		t.Errorf("text %q", b.Text)
	}
	if b.Prose != "One two\nBuy\nEnd again m" {
		t.Errorf("prose %q", b.Prose)
	}
	if len(b.Links) != 1 || b.Links[0] != "https://a.example/l" || b.Image != "https://a.example/1.png" {
		t.Errorf("links %q, image %q", b.Links, b.Image)
	}
	if len(b.Noise) != 1 || b.Text[b.Noise[0].From:b.Noise[0].To] != "\nBuy" && b.Text[b.Noise[0].From:b.Noise[0].To] != "Buy" {
		t.Errorf("noise %v", b.Noise)
	}
	if w := Words(src, hyperlink.New("https://a.example/", "", "")); w.HTML != "" || w.Text != b.Text || w.Prose != b.Prose {
		t.Errorf("words %+v", w)
	}
}
