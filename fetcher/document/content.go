package document

import (
	"strings"
	"unicode/utf8"

	"caravan"
)

// setContent chooses between the full text and the excerpt of an item, both as
// loose HTML. The longer one is the content; the other one is the summary when
// it says something else. It is full when it came as such; a description may be
// the article or its beginning, which settleFull decides.
func setContent(it *caravan.Item, full, excerpt string) {
	full, excerpt = unescapeTwice(strings.TrimSpace(full)), unescapeTwice(strings.TrimSpace(excerpt))
	it.Full = full != ""
	if full == "" || len(excerpt) > 2*len(full) && textLength(excerpt) > textLength(full) {
		full, excerpt = excerpt, full
		it.Full = false
	}
	it.Content, it.Summary = full, excerpt
	if it.Summary == it.Content {
		it.Summary = ""
	}
	if endsCut(it.Content) {
		it.Full = false
	} else if it.Title == "" && it.Content != "" {
		it.Full = true // a note
	}
}

// settleFull decides for the items of a feed that came with a description alone
// whether they are whole: a publisher gives either articles or their beginnings.
// Beginnings are short, and end with dots or an invitation to read on.
func settleFull(items []caravan.Item) {
	const article = 600
	open, long := 0, 0
	for i := range items {
		if it := &items[i]; !it.Full && it.Content != "" {
			open++
			if !endsCut(it.Content) && textLength(it.Content) >= article {
				long++
			}
		}
	}
	if 2*long < open {
		return
	}
	for i := range items {
		if it := &items[i]; it.Content != "" && !endsCut(it.Content) {
			it.Full = true
		}
	}
}

// endsCut reports whether HTML ends as excerpts do.
func endsCut(content string) bool {
	tail := stripTags(content[max(0, len(content)-300):], isHTML)
	tail = strings.ToLower(strings.TrimRight(tail, " \u00a0\n\t>»→"))
	for _, end := range []string{"…", "...", "[…]", "[...]", "(...)", "&hellip;", "&#8230;", "[&hellip;]", "[&#8230;]", "read more", "continue reading",
		"lire la suite", "en savoir plus", "leer más", "seguir leyendo", "leia mais", "continue lendo", "weiterlesen", "mehr lesen", "leggi tutto"} {
		if strings.HasSuffix(tail, end) {
			return true
		}
	}
	return false
}

// textLength returns roughly how many characters of text HTML holds.
func textLength(s string) int {
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

// asHTML returns the text of an Atom element as HTML.
func asHTML(s string, kind wording) string {
	if kind == text && !looksLikeHTML(s) {
		return textToHTML(s)
	}
	return s
}

// looksLikeHTML reports whether text that is declared plain holds HTML after
// all: it has an end tag or a line break of HTML.
func looksLikeHTML(s string) bool {
	b := []byte(s)
	var t tag
	for i := 0; ; i = t.end {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		if readTag(b, i, &t) && isHTML(t.name) && (t.closing || isVoid(t.name) || equalFold(t.name, "p")) {
			return true
		}
	}
}

// unescapeTwice decodes HTML that was escaped once too often: no tag in it, but
// escaped ones.
func unescapeTwice(s string) string {
	if !strings.Contains(s, "&lt;") || looksLikeTags(s) {
		return s
	}
	decoded, _ := appendDecoded(nil, []byte(s))
	if looksLikeHTML(string(decoded)) {
		return string(decoded)
	}
	return s
}

// looksLikeTags reports whether s holds a tag of HTML.
func looksLikeTags(s string) bool {
	b := []byte(s)
	var t tag
	for i := 0; ; i = t.end {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n
		if readTag(b, i, &t) && isHTML(t.name) {
			return true
		}
	}
}
