package article

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/plaintext"
)

// marks are what one pass over the words of a text gives.
type marks struct {
	words   int
	folded  []byte // letters and digits in lower case, without noise
	minHash []uint64
}

// A scanner passes over the words of a text.
type scanner struct {
	marks
	text   string
	hashes []uint64
	wide   int    // characters of scripts that are written without spaces
	line   []word // the words of the line at hand
}

// A word is one word of a text: its place and whether it is a number.
type word struct {
	from, to int32
	number   bool
}

// takeMarks reads the words of a body, of which the first own bytes are the
// publisher's. All words count; what changes by itself, and what publishing
// systems add, is left out of the marks by which the text is recognised.
func takeMarks(b clean.Body, own int) marks {
	s := scanner{text: b.Text}
	s.folded = make([]byte, 0, len(b.Text))
	s.hashes = make([]uint64, 0, min(len(b.Text)/5+1, mostWords))
	quiet := b.Noise
	for from := 0; from < len(b.Text); {
		end := strings.IndexByte(b.Text[from:], '\n')
		if end < 0 {
			end = len(b.Text)
		} else {
			end += from
		}
		numbers := s.split(from, end)
		for len(quiet) > 0 && quiet[0].To <= from {
			quiet = quiet[1:]
		}
		if from < own && !isNoiseLine(b.Text[from:end]) {
			s.take(numbers, quiet)
		}
		from = end + 1
	}
	s.words += (s.wide + 1) / 2
	s.minHash = minHash(s.hashes)
	return s.marks
}

// split reads the words of text[from:end], a line: runs of letters, marks and
// digits. Characters of scripts without spaces are words of their own. It
// reports whether one of them is a number.
func (s *scanner) split(from, end int) (numbers bool) {
	s.line = s.line[:0]
	for i := from; i < end; {
		r, size := rune(s.text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s.text[i:end])
		}
		switch {
		case !isWordRune(r):
		case r >= utf8.RuneSelf && isIdeograph(r):
			s.wide++
			s.line = append(s.line, word{from: int32(i), to: int32(i + size)})
		default:
			var number bool
			size, number = readWord(s.text[i:end])
			numbers = numbers || number
			s.words++
			s.line = append(s.line, word{from: int32(i), to: int32(i + size), number: number})
		}
		i += size
	}
	return numbers
}

// readWord returns how long the word is that s begins with, and whether it is
// a number.
func readWord(s string) (size int, number bool) {
	i, digits := 0, 0
	for i < len(s) {
		b := s[i]
		if b < utf8.RuneSelf {
			if !plaintext.IsAlnum(b) {
				break
			}
			if b <= '9' && digits == i {
				digits++
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) || isIdeograph(r) {
			break
		}
		i += n
	}
	// "12k" is a number too.
	return i, digits > 0 && (digits == i || digits == i-1 && strings.IndexByte("kKmM", s[digits]) >= 0)
}

// take adds the words of the line at hand to the marks. Counts are looked for
// where there are numbers; quiet are the noisy parts that end after the line
// begins.
func (s *scanner) take(numbers bool, quiet []clean.Span) {
	for i, w := range s.line {
		for len(quiet) > 0 && quiet[0].To <= int(w.from) {
			quiet = quiet[1:]
		}
		if len(quiet) > 0 && int(w.from) >= quiet[0].From || numbers && s.isCounter(i) {
			continue
		}
		before := len(s.folded)
		s.folded = appendLower(s.folded, s.text[w.from:w.to])
		if len(s.hashes) < mostWords {
			s.hashes = append(s.hashes, hashWord(s.folded[before:]))
		}
	}
}

// appendLower appends the lower case of s.
func appendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b >= utf8.RuneSelf:
			return append(dst, strings.ToLower(s[i:])...)
		case b >= 'A' && b <= 'Z':
			dst = append(dst, b+'a'-'A')
		default:
			dst = append(dst, b)
		}
	}
	return dst
}

// isWordRune reports whether r is part of a word.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return plaintext.IsAlnum(byte(r))
	}
	if r < 0x250 {
		return r >= 0xc0 && r != 0xd7 && r != 0xf7 || r == 0xaa || r == 0xb5 || r == 0xba
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// hashWord returns the FNV-1a hash of a word.
func hashWord(s []byte) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 0x100000001b3
	}
	return h
}

// digest returns the first 128 bits of the SHA-256 of parts, in hex.
func digest(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
