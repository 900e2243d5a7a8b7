package opml

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of a line an excerpt shows, in characters, before and after its place.
const (
	excerptBefore = 60
	excerptAfter  = 100

	windowBefore, windowAfter = 8 * excerptBefore, 8 * excerptAfter // bytes
)

// credentials are what stands before the host of an address.
var credentials = regexp.MustCompile(`://[^/?#\s"'<>]*@`)

// place stands for the place in an excerpt while it is made.
const place = "\x00"

// excerpt returns the line of text that offset lies on, or the part around it,
// without indentation and without credentials, and the place of offset in it, in
// characters from 1; nothing where the line is empty.
func excerpt(text string, offset int) (line string, at int) {
	offset = min(max(0, offset), len(text))
	// A line may be the whole of a large file, and have a problem at every word:
	// no more of it is looked at than is shown.
	from, to := max(0, offset-windowBefore), min(len(text), offset+windowAfter)
	cutBefore, cutAfter := from > 0, to < len(text)
	if start := strings.LastIndexAny(text[from:offset], "\r\n"); start >= 0 {
		from, cutBefore = from+start+1, false
	}
	if end := strings.IndexAny(text[offset:to], "\r\n"); end >= 0 {
		to, cutAfter = offset+end, false
	}
	whole := withoutCredentials(printed(text[from:offset]) + place + printed(text[offset:to]))
	before, after, _ := strings.Cut(whole, place)
	before = strings.TrimLeft(before, " ")
	if before == "" {
		after = strings.TrimLeft(after, " ")
	}
	after = strings.TrimRight(after, " ")
	if n := utf8.RuneCountInString(before); n > excerptBefore || cutBefore {
		before = "…" + string([]rune(before)[max(0, n-excerptBefore+1):])
	}
	if n := utf8.RuneCountInString(after); n > excerptAfter || cutAfter {
		after = string([]rune(after)[:min(n, excerptAfter-1)]) + "…"
	}
	if before+after == "" {
		return "", 0
	}
	return before + after, utf8.RuneCountInString(before) + 1
}

// printed makes text one that can be shown on a line.
func printed(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) && !unicode.Is(unicode.Cf, r) {
			return '\uFFFD'
		}
		if r == '\t' {
			return ' '
		}
		return r
	}, text)
}

// withoutCredentials hides the names and passwords of addresses. A place inside
// of one moves before it.
func withoutCredentials(text string) string {
	return credentials.ReplaceAllStringFunc(text, func(found string) string {
		if strings.Contains(found, place) {
			return "://" + place + "…@"
		}
		return "://…@"
	})
}
