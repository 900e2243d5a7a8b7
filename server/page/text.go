package page

import (
	"strings"
	"unicode"

	"caravan"
	"caravan/server/locale"
)

// plain returns a text for places without markup, such as a document's title:
// on one line and without the characters that turn the direction of what stands
// beside it.
func plain(s string) string { // S39
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f':
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// frenchSpaces replaces the spaces that French puts before tall punctuation and
// inside guillemets by narrow ones at which no line breaks.
var frenchSpaces = strings.NewReplacer(
	" :", "\u202f:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!", " »", "\u202f»", "« ", "«\u202f",
	"\u00a0:", "\u202f:", "\u00a0;", "\u202f;", "\u00a0?", "\u202f?", "\u00a0!", "\u202f!", "\u00a0»", "\u202f»", "«\u00a0", "«\u202f",
)

// typeset prepares a publisher's text in a language for print.
func typeset(s, language string) string {
	if locale.Primary(language) == "fr" {
		return frenchSpaces.Replace(s)
	}
	return s
}

// typesetFragments does the same for highlighted text.
func typesetFragments(fragments []caravan.Fragment, language string) []caravan.Fragment {
	out := make([]caravan.Fragment, len(fragments))
	for i, f := range fragments {
		out[i] = caravan.Fragment{Text: typeset(f.Text, language), Hit: f.Hit}
	}
	return out
}

// firstWords returns the first n words of s, with an ellipsis when there are
// more.
func firstWords(s string, n int) string {
	words := strings.Fields(s)
	if len(words) <= n {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:n], " ") + " …"
}

// minutes is how long a text of so many words takes to read.
func minutes(words int) int { return max(1, (words+110)/220) }

// attributes returns the lang and dir attributes of a text in a language on a
// page in another: empty where they would repeat the page's own.
func attributes(language string, page locale.Lang) (lang, dir string) {
	p := locale.Primary(language)
	switch {
	case p == "":
		return "", "auto"
	case p == string(page):
		return "", ""
	}
	if d := locale.Direction(p); d != locale.Direction(string(page)) {
		dir = d
	}
	return strings.ToLower(p), dir
}
