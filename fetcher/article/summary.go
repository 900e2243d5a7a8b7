package article

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan/fetcher/article/boilerplate"
	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/plaintext"
)

// Lengths of a summary, in columns: a wide character, as of Chinese, Japanese
// and Korean, takes two.
const (
	summaryAim   = 300 // it is not cut below that
	summaryMost  = 340 // it may be that long when that saves a sentence
	summaryLeast = 140 // a sentence may end it from here on
	excerptLeast = 40  // a shorter excerpt by the publisher says too little
)

// summarise returns one paragraph of plain text that says what the article is
// about: the publisher's own excerpt where there is a real one, else the
// beginning of the text. It never ends within a word.
func summarise(content, excerpt clean.Body, title string) string {
	text := boilerplate.OwnWords(cmp.Or(content.Prose, content.Text))
	if own := boilerplate.OwnWords(cmp.Or(excerpt.Prose, excerpt.Text)); isRealExcerpt(own, text, title) {
		return shorten(own)
	}
	return shorten(text)
}

// isRealExcerpt reports whether the publisher wrote own to stand for the text:
// it says enough, it is not the title again, and it is not what the text
// begins with anyway, cut wherever a program happened to cut it.
func isRealExcerpt(own, text, title string) bool {
	if own == "" {
		return false
	}
	if text == "" {
		return true
	}
	folded := foldWords(strings.TrimRight(own, "….[]"), 400)
	return columns(own) >= excerptLeast && folded != foldWords(title, 400) &&
		!strings.HasPrefix(foldWords(text, len(folded)), folded)
}

// foldWords returns the letters and digits of s in lower case, at most limit
// bytes or little more.
func foldWords(s string, limit int) string {
	var b strings.Builder
	for _, r := range s {
		if b.Len() >= limit {
			break
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// shorten cuts s, plain text, to the length of a summary: at the end of a
// sentence where one is near, else after a whole word, with an ellipsis.
func shorten(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	var (
		width    int
		sentence int // where the last sentence that may end it ends
		word     int // where the last whole word ends
		prev     rune
	)
	for i, r := range s {
		if width >= summaryLeast && mayEndSentence(prev) && endsSentence(s[:i], r) {
			sentence = i
		}
		if width <= summaryAim && i > 0 && mayBreak(prev, r) {
			word = i
		}
		if width += runeColumns(r); width > summaryMost {
			break
		}
		prev = r
	}
	if width <= summaryMost {
		return s
	}
	if sentence > 0 {
		return strings.TrimSpace(s[:sentence])
	}
	if word == 0 {
		// One word longer than a summary: an address, or a script whose
		// words are not told apart by spaces.
		word = breakAnywhere(s)
	}
	return strings.TrimRightFunc(s[:word], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-([{«“‘，、；：", r)
	}) + "…"
}

// mayEndSentence reports whether a sentence can end with r at all.
func mayEndSentence(r rune) bool {
	return r >= 0x80 || strings.IndexByte(".!?\"')]", byte(r)) >= 0
}

// endsSentence reports whether a sentence ends with before, next being the
// character after it.
func endsSentence(before string, next rune) bool {
	last, size := utf8.DecodeLastRuneInString(before)
	for strings.ContainsRune("\"'”’»)]」』）", last) && size < len(before) {
		before = before[:len(before)-size]
		last, size = utf8.DecodeLastRuneInString(before)
	}
	switch {
	case strings.ContainsRune("。！？｡।॥።", last):
		return !strings.ContainsRune("。！？」』）”’", next)
	case strings.ContainsRune("!?؟۔…", last):
		return next == ' '
	case last == '.':
		return next == ' ' && !endsAbbreviation(before[:len(before)-1])
	}
	return false
}

// endsAbbreviation reports whether the full stop after s more likely shortens
// a word than ends a sentence: after a single letter or a usual title.
func endsAbbreviation(s string) bool {
	word := s[strings.LastIndexAny(s, " .(\u00a0")+1:]
	if utf8.RuneCountInString(word) <= 1 {
		r, _ := utf8.DecodeRuneInString(word)
		return unicode.IsLetter(r) || word == ""
	}
	return abbreviations[strings.ToLower(word)]
}

// abbreviations are words that are usually written short before a name or
// number, in the languages that caravan reads most.
var abbreviations = plaintext.WordSet(`mr mrs ms dr prof st vs etc approx no fig art sr sra jr mme mlle ex pág núm nr bzw ca vgl hr inc ltd gov sen
	rep jan feb aug sept oct nov dec av avda`)

// mayBreak reports whether a line may end between a and b without cutting a
// word.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ':
		return a != ' '
	case isIdeograph(a) || isIdeograph(b):
		return !unicode.Is(unicode.M, b) && !strings.ContainsRune("。、，．！？；：」』）】》〉…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ", b) &&
			!strings.ContainsRune("「『（【《〈", a) && (isIdeograph(a) && isIdeograph(b) || !unicode.IsMark(b))
	}
	return false
}

// breakAnywhere returns where to cut a text without places to break: between
// two characters as people see them.
func breakAnywhere(s string) int {
	width, at := 0, 0
	for i, r := range s {
		if !unicode.Is(unicode.M, r) && r != 0x200d {
			at = i
		}
		if width += runeColumns(r); width > summaryAim {
			break
		}
	}
	return at
}

// isIdeograph reports whether r belongs to a script that is written without
// spaces and may be cut between any two characters.
func isIdeograph(r rune) bool {
	return r >= 0x2e80 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f)
}

// runeColumns returns how many columns r takes.
func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.Is(unicode.M, r), r == 0x200d, r == 0x200c:
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60, r >= 0x1f300 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// columns returns how many columns s takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}
