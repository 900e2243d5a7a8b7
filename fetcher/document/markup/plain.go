package markup

import (
	"html"
	"strings"
	"unicode"

	"caravan/fetcher/document/limits"
)

// Title returns a title as plain text: tags removed, references decoded (a
// second time where they were escaped twice), white space collapsed. Of a title
// that is not declared to be HTML, only tags that mark words up are removed: it
// may be about the <dialog> element, or about List<String>.
func Title(s string, kind Wording) string {
	isTag := isPhrase
	if kind == HTML {
		isTag = IsHTML
	}
	s = Strip(s, isTag)
	if strings.IndexByte(s, '&') >= 0 {
		decoded, _ := AppendDecoded(nil, []byte(s))
		s = string(decoded)
		if kind == Loose {
			s = Strip(s, isPhrase)
		}
		if strings.IndexByte(s, '&') >= 0 {
			decoded, _ = AppendDecoded(nil, []byte(s))
			s = string(decoded)
		}
	}
	return limits.Clip(Collapse(s), limits.Title)
}

// Strip removes comments and the tags that isTag knows from s, and puts a
// space where a block or a line ended.
func Strip(s string, isTag func(name []byte) bool) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	b := []byte(s)
	var out strings.Builder
	var t Tag
	seek := Seeker{Src: b}
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
		if next, closed, ok := seek.Skip(i); ok && closed {
			i = next
			continue
		}
		if !ReadTag(b, i, &t) || !isTag(t.Name) {
			out.WriteString(s[i:t.End])
			i = t.End
			continue
		}
		if breaksLine(t.Name) {
			out.WriteByte(' ')
		}
		i = t.End
	}
	return out.String()
}

// Collapse makes every run of white space one space and removes it at the ends;
// a zero-width space beside another one goes with it.
func Collapse(s string) string {
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

// Plain returns HTML or loose text of a feed's head as plain text.
func Plain(s string, limit int) string {
	s = Strip(s, IsHTML)
	return limits.Clip(Collapse(html.UnescapeString(s)), limit)
}

// A Wording says how the text of an element is to be understood.
type Wording uint8

const (
	Loose  Wording = iota // RSS: plain text or HTML, nobody knows
	Text                  // plain text
	HTML                  // HTML
	Opaque                // neither: base64, images, other XML
)
