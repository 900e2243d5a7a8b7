package page

import (
	"html/template"
	"strings"

	"golang.org/x/net/html"
)

// withoutImages replaces the pictures of a clean article by links to them with
// the words that stand for them, so that a page loads nothing from elsewhere. A
// picture within a link leaves its words only.
func (c Context) withoutImages(content string) string { // S22
	if !strings.Contains(content, "<img") {
		return content
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(content))
	links := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		raw := string(z.Raw())
		name, more := z.TagName()
		switch tag := string(name); {
		case tag == "img":
			b.WriteString(c.pictureLink(attributesOf(z, more), links > 0))
			continue
		case tag == "a" && kind == html.StartTagToken:
			links++
		case tag == "a" && kind == html.EndTagToken:
			links--
		}
		b.WriteString(raw)
	}
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
