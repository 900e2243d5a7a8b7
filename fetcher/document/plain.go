package document

import (
	"html"
	"strings"
	"unicode"
)

// plainTitle returns a title as plain text: tags removed, references decoded (a
// second time where they were escaped twice), white space collapsed. Of a title
// that is not declared to be HTML, only tags that mark words up are removed: it
// may be about the <dialog> element, or about List<String>.
func plainTitle(s string, kind wording) string {
	isTag := isPhrase
	if kind == markup {
		isTag = isHTML
	}
	s = stripTags(s, isTag)
	if strings.IndexByte(s, '&') >= 0 {
		decoded, _ := appendDecoded(nil, []byte(s))
		s = string(decoded)
		if kind == loose {
			s = stripTags(s, isPhrase)
		}
		if strings.IndexByte(s, '&') >= 0 {
			decoded, _ = appendDecoded(nil, []byte(s))
			s = string(decoded)
		}
	}
	return clip(collapse(s), maxTitle)
}

// stripTags removes comments and the tags that isTag knows from s, and puts a
// space where a block or a line ended.
func stripTags(s string, isTag func(name []byte) bool) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	b := []byte(s)
	var out strings.Builder
	var t tag
	seek := seeker{src: b}
	for i := 0; i < len(b); {
		if b[i] != '<' {
			n := strings.IndexByte(s[i:], '<')
			if n < 0 {
				n = len(s) - i
			}
			out.WriteString(s[i : i+n])
			i += n
			continue
		}
		if next, closed, ok := seek.skip(i); ok && closed {
			i = next
			continue
		}
		if !readTag(b, i, &t) || !isTag(t.name) {
			out.WriteString(s[i:t.end])
			i = t.end
			continue
		}
		if breaksLine(t.name) {
			out.WriteByte(' ')
		}
		i = t.end
	}
	return out.String()
}

// isHTML reports whether HTML has an element of that name.
func isHTML(name []byte) bool {
	if isPhrase(name) {
		return true
	}
	_, local := splitName(name)
	switch lowerName(local) {
	case "address", "area", "article", "aside", "audio", "base", "body", "button", "canvas", "caption", "col", "colgroup", "dd", "details", "dialog", "dl",
		"dt", "embed", "fieldset", "figcaption", "figure", "footer", "form", "frame", "head", "header", "html", "iframe", "input", "label", "legend",
		"link", "main", "map", "math", "meta", "nav", "noscript", "object", "optgroup", "option", "param", "picture", "pre", "script", "section",
		"select", "source", "style", "summary", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "video":
		return true
	}
	return false
}

// isPhrase reports whether the element of that name marks words up, or breaks
// lines and paragraphs.
func isPhrase(name []byte) bool {
	_, local := splitName(name)
	switch lowerName(local) {
	case "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "blockquote", "br", "center", "cite", "code", "del", "dfn", "div", "em", "font",
		"h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "marquee", "nobr", "ol", "p", "q", "rp", "rt", "ruby",
		"s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "ul", "var", "wbr":
		return true
	}
	return false
}

func breaksLine(name []byte) bool {
	switch lowerName(name) {
	case "br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "blockquote", "hr":
		return true
	}
	return false
}

// collapse makes every run of white space one space and removes it at the ends;
// a zero-width space beside another one goes with it.
func collapse(s string) string {
	const zeroWidth = '\u200B'
	clean := true
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c >= 0x80 || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = true
			continue
		case r == zeroWidth && (gap || b.Len() == 0):
			continue
		case gap && b.Len() > 0:
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), string(zeroWidth))
}

// plainText returns HTML or loose text of a feed's head as plain text.
func plainText(s string, limit int) string {
	s = stripTags(s, isHTML)
	return clip(collapse(html.UnescapeString(s)), limit)
}

// textToHTML returns plain text as HTML: escaped, with paragraphs and line
// breaks.
func textToHTML(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if s == "" {
		return ""
	}
	var b strings.Builder
	for paragraph := range strings.SplitSeq(s, "\n\n") {
		if paragraph = strings.TrimSpace(paragraph); paragraph != "" {
			b.WriteString("<p>")
			b.WriteString(strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>"))
			b.WriteString("</p>")
		}
	}
	return b.String()
}
