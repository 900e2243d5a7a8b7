package page

import (
	"html/template"
	"strings"

	"golang.org/x/net/html"
)

// A dresser makes clean content fit to stand on a page.
type dresser struct {
	Context
	images bool
	out    strings.Builder
	links  int // open ones
	tables int
}

// dress makes the clean content of an article fit for a page: what may be wider
// than its column scrolls in a box of its own, which the keyboard reaches;
// headings go below the page's own; pictures, unless allowed, become links with
// the words that stand for them, so that the page loads nothing from elsewhere.
func (c Context) dress(content string, images bool) string { // S21, S22
	d := dresser{Context: c, images: images}
	z := html.NewTokenizer(strings.NewReader(content))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return d.out.String()
		}
		raw := string(z.Raw())
		if kind != html.StartTagToken && kind != html.EndTagToken && kind != html.SelfClosingTagToken {
			d.out.WriteString(raw)
			continue
		}
		name, more := z.TagName()
		d.tag(string(name), raw, kind == html.EndTagToken, attributesOf(z, more))
	}
}

// tag writes one tag.
func (d *dresser) tag(name, raw string, end bool, attributes map[string]string) {
	switch {
	case name == "img" && !d.images:
		d.out.WriteString(d.pictureLink(attributes, d.links > 0))
		return
	case name == "h1" && end:
		raw = "</h2>"
	case name == "h1":
		raw = "<h2>"
	case name == "pre" && !end:
		raw = `<pre tabindex="0">`
	case name == "a" && end:
		d.links--
	case name == "a":
		d.links++
	case name == "table" && end:
		if d.tables--; d.tables == 0 {
			raw += "</div>"
		}
	case name == "table":
		if d.tables++; d.tables == 1 {
			raw = `<div class="wide" tabindex="0" role="group" aria-label="` + template.HTMLEscapeString(d.Lang.T("item.table")) + `">` + raw
		}
	}
	d.out.WriteString(raw)
}

// attributesOf reads the attributes of the tag a tokenizer stands at.
func attributesOf(z *html.Tokenizer, more bool) map[string]string {
	attributes := map[string]string{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		attributes[string(key)] = string(value)
	}
	return attributes
}

// pictureLink stands for a picture.
func (c Context) pictureLink(img map[string]string, inLink bool) string {
	words := c.Lang.T("item.picture")
	if alt := strings.TrimSpace(img["alt"]); alt != "" {
		words = c.Lang.T("item.picture-of", alt)
	}
	text := template.HTMLEscapeString(words)
	href := safeURL(img["src"])
	if href == "" || inLink {
		return "<span>[" + text + "]</span>"
	}
	return `<a class="picture" href="` + template.HTMLEscapeString(href) + `" rel="noopener noreferrer nofollow ugc">` + text + "</a>"
}
