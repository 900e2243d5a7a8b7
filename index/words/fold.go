package words

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"caravan"
)

// Fold returns the form of a word in which spellings with and without
// diacritics and in any case are equal. It goes further than [caravan.Fold] for
// scripts that write one letter in several ways.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	if folded, ok := foldLatin(s); ok {
		return folded
	}
	return scripts.Replace(caravan.Fold(s))
}

// Key returns the folded words of text, joined by single spaces: what two
// spellings of one title, tag or name have in common. Compounds count as their
// parts.
func Key(text string) string {
	var b strings.Builder
	for _, t := range Tokens(text) {
		if t.Joined {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Text)
	}
	return b.String()
}

// TagKey returns the form in which two spellings of one tag are equal: "Open
// Data", "open-data" and "opendata".
func TagKey(tag string) string { return strings.ReplaceAll(Key(tag), " ", "") }

// scripts joins letters that people type one for the other.
var scripts = strings.NewReplacer(
	"ـ", "", // the tatweel only stretches
	"ى", "ي", "ی", "ي", "ئ", "ي", "ک", "ك", "ة", "ه", "ٱ", "ا",
	"ς", "σ",
)

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldLatin folds the letters of Western Europe without taking them apart,
// which is most of the accented words there are; it gives up on any other.
func foldLatin(s string) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case r >= 'À' && r <= 'ÿ' && r != '×' && r != '÷':
			b.WriteString(latin1[r-'À'])
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		default:
			return "", false
		}
	}
	return b.String(), true
}

// latin1 has the folded form of each letter from À to ÿ.
var latin1 = [64]string{
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss",
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
}

// foldDense folds a piece of a script without spaces between words: one width
// and one case, and its marks kept, because they are letters there.
func foldDense(s string) string {
	return strings.ToLower(norm.NFKC.String(s))
}
