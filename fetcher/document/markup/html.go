package markup

import (
	"html"
	"strings"
	"unicode/utf8"
)

// TextLength returns roughly how many characters of text HTML holds.
func TextLength(s string) int {
	n, inTag := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '<':
			inTag = true
		case c == '>':
			inTag = false
		case !inTag && utf8.RuneStart(c):
			n++
		}
	}
	return n
}

// AsHTML returns the text of an Atom element as HTML.
func AsHTML(s string, kind Wording) string {
	if kind == Text && !LooksLikeHTML(s) {
		return FromText(s)
	}
	return s
}

// LooksLikeHTML reports whether text that is declared plain holds HTML after
// all: it has an end tag or a line break of HTML.
func LooksLikeHTML(s string) bool {
	b := []byte(s)
	var t Tag
	for i := 0; ; i = t.End {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		if ReadTag(b, i, &t) && IsHTML(t.Name) && (t.Closing || IsVoid(t.Name) || EqualFold(t.Name, "p")) {
			return true
		}
	}
}

// UnescapeTwice decodes HTML that was escaped once too often: no tag in it, but
// escaped ones.
func UnescapeTwice(s string) string {
	if !strings.Contains(s, "&lt;") || looksLikeTags(s) {
		return s
	}
	decoded, _ := AppendDecoded(nil, []byte(s))
	if LooksLikeHTML(string(decoded)) {
		return string(decoded)
	}
	return s
}

// looksLikeTags reports whether s holds a tag of HTML.
func looksLikeTags(s string) bool {
	b := []byte(s)
	var t Tag
	for i := 0; ; i = t.End {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		if ReadTag(b, i, &t) && IsHTML(t.Name) {
			return true
		}
	}
}

// IsHTML reports whether HTML has an element of that name.
func IsHTML(name []byte) bool {
	if isPhrase(name) {
		return true
	}
	_, local := SplitName(name)
	switch LowerName(local) {
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
	_, local := SplitName(name)
	switch LowerName(local) {
	case "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "blockquote", "br", "center", "cite", "code", "del", "dfn", "div", "em", "font",
		"h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "marquee", "nobr", "ol", "p", "q", "rp", "rt", "ruby",
		"s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "ul", "var", "wbr":
		return true
	}
	return false
}

func breaksLine(name []byte) bool {
	switch LowerName(name) {
	case "br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "blockquote", "hr":
		return true
	}
	return false
}

// FromText returns plain text as HTML: escaped, with paragraphs and line
// breaks.
func FromText(s string) string {
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

// IsVoid reports whether HTML's element of that name never has an end tag.
func IsVoid(name []byte) bool {
	switch strings.ToLower(string(name)) {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}
