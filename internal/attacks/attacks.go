// Package attacks holds what people try to smuggle into pages through feeds,
// for the tests of whatever cleans or shows them.
package attacks

import (
	"fmt"
	"strings"
)

// run is what the attacks below try to run.
const run = "alert(document.domain)"

// Families returns attacks by family, written for these tests: each family
// takes one trick through all the places where it could work.
func Families() map[string][]string {
	img := `<img src=x onerror=` + run + `>`
	return map[string][]string{
		"mutation":         mutations(img),
		"foreign content":  foreignContent(img),
		"raw text":         rawTextTricks(img),
		"nesting":          nestingTricks(img),
		"schemes":          schemes(),
		"event attributes": eventAttributes(),
		"srcset and media": mediaTricks(),
		"clobbering":       clobbering(),
		"broken syntax":    brokenSyntax(),
		"loads by itself":  loaders(),
	}
}

// mutations change when a parser writes what it read and another reads it.
func mutations(img string) []string {
	var all []string
	quoted := []string{`<p title="</%[1]s>%[2]s">`, `<a title='</%[1]s>%[2]s'>x</a>`, `<!--</%[1]s>%[2]s-->`,
		`<p alt=` + "`" + `</%[1]s>%[2]s` + "`" + `>`}
	for _, holder := range []string{"noscript", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
		"template", "select", "plaintext", "option", "math", "svg", "listing"} {
		for _, q := range quoted {
			inner := fmt.Sprintf(q, holder, img)
			all = append(all, "<"+holder+">"+inner+"</"+holder+">", "<"+holder+">"+inner)
		}
	}
	return append(all,
		`<form><math><mtext></form><form><mglyph><style></math>`+img,
		`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=`+run+`&gt;">`,
		`<math><mtext><table><mglyph><style><![CDATA[</style><img title="]]&gt;&lt;/mglyph&gt;&lt;img src=1 onerror=`+run+`&gt;">`,
		`<svg></p><style><a id="</style>`+img+`">`,
		`<svg><p><style><a title="</style>`+img+`">`,
		`<table><td><svg><desc><table><td></desc><style><a title="</style>`+img+`">`,
		`<math><annotation-xml encoding="text/html"><style><a title="</style>`+img+`">`,
		`<p>&lt;img src=x onerror=`+run+`&gt;</p>`,
		`<b title="&quot;&gt;&lt;img src=x onerror=`+run+`&gt;">x</b>`,
		`<abbr title="`+"\u0338"+`&gt;`+img+`">x</abbr>`+"<b>\u0338"+img,
		"<a href=\"https://a.example/\u00a0\u2028\u0338\">x</a>",
		`<img alt="`+"``onerror="+run+`" src=x>`,
		`<![CDATA[`+img+`]]>`, `<?php `+img+` ?>`, `<!DOCTYPE html [<!ENTITY x "`+img+`">]>&x;`,
		`<!--[if gte IE 4]>`+img+`<![endif]-->`, `<!-->`+img+`-->`, `<!--->`+img+`-->`, `<!--!>`+img+`-->`,
		`<!-- --!>`+img+`-->`,
	)
}

// foreignContent hides HTML in SVG and MathML, where other rules of parsing
// hold.
func foreignContent(img string) []string {
	all := []string{
		`<svg onload=` + run + `>`, `<svg/onload=` + run + `//`, `<svg><script>` + run + `</script></svg>`,
		`<svg><script href="data:,` + run + `"/></svg>`,
		`<svg><animate onbegin=` + run + ` attributeName=x dur=1s>`, `<svg><set attributeName=onload to=` + run + `>`,
		`<svg><a xlink:href="javascript:` + run + `"><text y=20>x</text></a></svg>`,
		`<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>` + run + `</script></svg>#x"/>`,
		`<svg><a><animate attributeName=href values="javascript:` + run + `"/><text y=20>x</text></a></svg>`,
		`<svg><image href="x" onerror=` + run + `>`,
		`<svg><foreignObject><iframe src="javascript:` + run + `"></iframe></foreignObject></svg>`,
		`<math><maction actiontype="statusline#" xlink:href="javascript:` + run + `">x</maction></math>`,
		`<math href="javascript:` + run + `">x</math>`,
	}
	for _, root := range []string{"svg", "math"} {
		for _, inner := range []string{"style", "title", "desc", "foreignObject", "mtext", "mi",
			"annotation-xml encoding=text/html", "font color=x", "p", "xmp", "noscript"} {
			name := strings.Fields(inner)[0]
			all = append(all, "<"+root+"><"+inner+">"+img+"</"+name+"></"+root+">",
				"<"+root+"><"+inner+"><!--</"+name+">"+img+"-->", "<"+root+"></br><"+inner+">"+img)
		}
	}
	return all
}

// rawTextTricks end or never end the elements that hold no tags.
func rawTextTricks(img string) []string {
	var all []string
	for _, name := range []string{"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
		"noscript", "plaintext"} {
		all = append(all, "<"+name+">"+img, "<"+name+"/>"+img, "<"+name+"></"+name+" x>"+img,
			"<"+name+"><"+name+"></"+name+">"+img+"</"+name+">",
			"<"+strings.ToUpper(name)+">"+img+"</"+name+"\n>"+img, "</"+name+">"+img, "<"+name+" x='>"+img+"'>",
			"<"+name+"><!--</"+name+">"+img+"-->")
	}
	return append(all, "<script><!--<script></script>"+img, "<script>/*</script>"+img+"*/",
		"<scr<script>ipt>"+run+"</scr</script>ipt>", "<script\x00>"+run+"</script>", "<scr\u0130pt>"+run+"</script>")
}

// nestingTricks use that parsers move elements about.
func nestingTricks(img string) []string {
	return []string{
		"<table>" + img + "<tr><td>x</table>", "<table><caption>" + img + "</table>",
		"<select><option>" + img + "</select>", "<a><table><a>" + img,
		"<p><form><p><form>" + img, "<ul><li><div><li></li></div></li></ul></div></div>" + img,
		"</div></div></section></main></body></html>" + img,
		"<button><p><button>" + img, strings.Repeat("<div>", 600) + img, strings.Repeat("<b><i>",
			400) + img + strings.Repeat("</b></i>", 400),
		"<frameset><frame src=javascript:" + run + "></frameset>", "<table><colgroup><col>" + img,
		"<dl><dt><dd>" + img + "<dt></div>", "<ruby><rt><div><rt></div></ruby></div>" + img,
	}
}

// schemes are addresses that a browser would run, in the spellings browsers
// accept.
func schemes() []string {
	scripts := []string{
		"javascript:" + run, "JaVaScRiPt:" + run, " javascript:" + run, "\x01javascript:" + run, "java\tscript:" + run,
		"java\nscript:" + run, "java\r\nscript:" + run,
		"java&#x09;script:" + run, "java&Tab;script:" + run, "&#106;avascript:" + run, "&#x6A&#x61vascript:" + run,
		"javascript&colon;" + run, "javascript&#58;" + run,
		"javascript://%0a" + run, "javascript://a.example/%0a" + run, "\u00a0javascript:" + run,
		"\ufeffjavascript:" + run, "vbscript:msgbox(1)", "livescript:" + run, "mocha:" + run,
		"data:text/html,<script>" + run + "</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
		"data:image/svg+xml,<svg onload=" + run + ">",
		"feed:javascript:" + run, "view-source:javascript:" + run, "jar:https://a.example!/x",
		"blob:https://a.example/x", "filesystem:https://a.example/x",
		"about:blank", "file:///etc/passwd", "ftp://a.example/x", "intent://x#Intent;end", "ms-appx://x", "tel:1",
		"javascript\\:" + run, "//javascript:" + run, "http:javascript:" + run, "https:&#47;&#47;javascript:" + run,
		"https://user:pass@a.example/", "https://a.example@b.example/", "https:\\\\a.example\\x", "https://[::1]:99999/",
		"https://a.example:x/", "https://%00/", "mailto:javascript:" + run, "mailto:?body=<script>",
	}
	var all []string
	for _, s := range scripts {
		for _, form := range []string{`<a href="%s">x</a>`, `<img src="%s">`, `<img srcset="%s 1x, y 2x">`,
			`<iframe src="%s"></iframe>`, `<form action="%s"><button>x</button></form>`, `<object data="%s"></object>`,
			`<embed src="%s">`, `<video poster="%[1]s" src="%[1]s"></video>`, `<blockquote cite="%s">x</blockquote>`,
			`<base href="%s">`, `<meta http-equiv=refresh content="0;url=%s">`, `<link rel=stylesheet href="%s">`,
			`<table background="%s"><td background="%[1]s">x`, `<body background="%s">`, `<a xlink:href="%s">x</a>`,
			`<button formaction="%s">x</button>`, `<div style="background:url('%s')">x</div>`,
			`<a href=/ ping="%s">x</a>`, `<img longdesc="%s" src=x>`, `<img data-src="%s">`} {
			all = append(all, fmt.Sprintf(form, s))
		}
	}
	return all
}

// eventAttributes are handlers on elements that stay.
func eventAttributes() []string {
	var all []string
	for _, event := range []string{"onclick", "onload", "onerror", "onmouseover", "onfocus", "onbegin", "ontoggle",
		"onanimationstart", "onpointerenter", "onscroll", "onbeforetoggle", "ONCLICK", "onclick\x00", "on\u0131nput",
		"/onclick"} {
		for _, name := range []string{"p", "a href=/", "img src=x", "details open", "td", "video", "x-y", "ol", "br",
			"time"} {
			all = append(all, "<"+name+" "+event+"="+run+" autofocus tabindex=1>x",
				"<"+name+" x="+`"`+`"`+event+"="+run+">x", "<"+name+"/"+event+"="+run+">x",
				"<"+name+" "+event+"\n=\n'"+run+"'>x")
		}
	}
	return all
}

// mediaTricks are lists of images and players.
func mediaTricks() []string {
	return []string{
		`<img srcset="javascript:` + run + ` 1x">`, `<img srcset='x"onerror=` + run + ` 1x'>`,
		`<img srcset="x 1x,,,, ,y 2x, " onerror=` + run + `>`, `<img sizes="(x)" onload=1 srcset="/a,b 100w,/c,d 200w">`,
		`<img srcset="x 1x, data:image/svg+xml,<svg/onload=` + run + `> 2x">`,
		`<picture><source srcset="x" onerror=` + run + `><img src=y></picture>`,
		`<img width='1"onload=` + run + `' src=x>`, `<img alt='"><script>` + run + `</script>' src=x>`,
		`<video><source onerror=` + run + `></video>`, `<audio src=x onerror=` + run + `>`,
		`<video poster='"onload=` + run + `//'>`,
		`<object data=x type=text/html><img src=x onerror=` + run + `></object>`,
		`<object><param name=movie value="javascript:` + run + `"></object>`,
		`<embed src="//a.example/x.swf" allowscriptaccess=always>`,
		`<iframe srcdoc="<script>` + run + `</script>"></iframe>`,
		`<iframe src="https://www.youtube.com/embed/&quot;onload=` + run + `">`,
		`<iframe src="https://www.youtube.com/embed/x" title="<script>` + run + `</script>"></iframe>`,
		`<img src="https://a.example/&quot; onerror=` + run + `">`,
		`<img src='https://a.example/"onerror=` + run + `//'>`, "<img src=`x`onerror=" + run + ">",
		`<image src=x onerror=` + run + `>`,
	}
}

// clobbering gives elements names that scripts of the page look for.
func clobbering() []string {
	var all []string
	for _, name := range []string{"body", "cookie", "getElementById", "location", "__proto__", "attributes", "main",
		"q"} {
		all = append(all, "<a id="+name+">x</a>", "<img name="+name+" src=x>",
			"<form id="+name+"><input name="+name+"></form>",
			"<p class="+name+" data-x="+name+" slot=x part=x is=x-y>x</p>")
	}
	return all
}

// brokenSyntax is what readers of tags disagree on.
func brokenSyntax() []string {
	return []string{
		"<img src=x onerror=" + run, "<img src=x onerror=" + run + " <p>x", `<img """><script>` + run + `</script>">`,
		"<<script>" + run + "//<</script>", "<script>" + run, "<img/src/onerror=" + run + ">",
		"<img src='x onerror=" + run + ">'>",
		"<\x00img src=x onerror=" + run + ">", "<img\x0bsrc=x\x0bonerror=" + run + ">",
		"<img\x0csrc=x\x0conerror=" + run + ">", "<a href=x\x00onclick=" + run + ">x</a>",
		"<p/\x00/onclick=" + run + ">", "\xff\xfe<img src=x onerror=" + run + ">", "<p \xffonclick=" + run + ">x",
		"+ADw-script+AD4-" + run + "+ADw-/script+AD4-", "\u202e<img src=x onerror=" + run + ">",
		"<p =onclick=" + run + ">x", `<p "onclick="` + run + `">x`, "<%<!--'%><script>" + run + "</script -->",
		"</<script>" + run + "</script>", "<a\n\n\n\nonclick\n=\n" + run + ">x</a>",
		"<x onclick=" + run + ">x</x>", "<p<script>" + run + "</script>", "<img src=x:x onerror=" + run + "//",
		"<isindex action=javascript:" + run + " type=image>", "<!" + "<script>" + run + "</script>",
		"<? ?><script>" + run + "</script>",
		"\u226e\u0338script>" + run, "<\u0338script>" + run + "</script>", "&lt;script&gt;" + run,
		"&#60script&#62" + run, "%3Cscript%3E" + run,
	}
}

// loaders ask other hosts for something without being run.
func loaders() []string {
	return []string{
		`<link rel=prefetch href="https://a.example/x">`, `<link rel=dns-prefetch href="//a.example">`,
		`<meta http-equiv=refresh content="0;https://a.example/">`, `<base href="https://a.example/">`,
		`<style>@import "https://a.example/x.css";</style>`,
		`<p style="background:url(https://a.example/x)">x</p>`,
		`<div style="list-style:url(https://a.example/x)">x</div>`,
		`<video src="https://a.example/x.mp4" autoplay poster=x></video>`,
		`<audio src="https://a.example/x.mp3" autoplay preload=auto></audio>`,
		`<video><source src="https://a.example/x.mp4"><track src="https://a.example/x.vtt" default></video>`,
		`<object data="https://a.example/x.pdf"></object>`, `<embed src="https://a.example/x.pdf">`,
		`<iframe src="https://a.example/"></iframe>`,
		`<input type=image src="https://a.example/x.png">`,
		`<table background="https://a.example/x.png"><td background="https://a.example/y.png">x</table>`,
		`<svg><image href="https://a.example/x.png"/><use href="https://a.example/x.svg#y"/></svg>`,
		`<script src="https://a.example/x.js"></script>`, `<link rel=stylesheet href="https://a.example/x.css">`,
		`<portal src="https://a.example/"></portal>`, `<frameset><frame src="https://a.example/"></frameset>`,
		`<bgsound src="https://a.example/x.wav">`, `<applet code=x codebase="https://a.example/"></applet>`,
		`<body background="https://a.example/x.png">`, `<xml src="https://a.example/x.xml">`,
		`<svg><filter><feImage href="https://a.example/x.png"/></filter></svg>`, `<html manifest="https://a.example/x">`,
		`<img lowsrc="https://a.example/x.png" dynsrc="https://a.example/y.avi">`,
	}
}
