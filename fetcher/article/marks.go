package article

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
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
	hashes []uint64
	wide   int    // characters of scripts that are written without spaces
	line   []word // the words of the line at hand
}

// takeMarks reads the words of a body, of which the first own bytes are the
// publisher's. All words count; what changes by itself, and what publishing
// systems add, is left out of the marks by which the text is recognised.
func takeMarks(b body, own int) marks {
	s := scanner{}
	s.folded = make([]byte, 0, len(b.text))
	s.hashes = make([]uint64, 0, min(len(b.text)/5+1, mostWords))
	quiet := b.noise
	for from := 0; from < len(b.text); {
		end := strings.IndexByte(b.text[from:], '\n')
		if end < 0 {
			end = len(b.text)
		} else {
			end += from
		}
		numbers := s.split(b.text, from, end)
		for len(quiet) > 0 && quiet[0].to <= from {
			quiet = quiet[1:]
		}
		if from < own && !isNoiseLine(b.text[from:end]) {
			s.take(numbers, quiet)
		}
		from = end + 1
	}
	s.words += (s.wide + 1) / 2
	s.minHash = minHash(s.hashes)
	return s.marks
}

// take adds the words of the line at hand to the marks. Counts are looked for
// where there are numbers; quiet are the noisy parts that end after the line
// begins.
func (s *scanner) take(numbers bool, quiet []span) {
	for i := range s.line {
		w := &s.line[i]
		for len(quiet) > 0 && quiet[0].to <= w.from {
			quiet = quiet[1:]
		}
		if len(quiet) > 0 && w.from >= quiet[0].from || numbers && isCounter(s.line, i) {
			continue
		}
		s.folded = append(s.folded, w.text...)
		if len(s.hashes) < mostWords {
			s.hashes = append(s.hashes, hashWord(w.text))
		}
	}
}

// A word is one word of a line, in lower case.
type word struct {
	text   string
	from   int // where it stands in the whole text
	number bool
}

// split reads the words of text[from:end], a line: runs of letters, marks and
// digits. Characters of scripts without spaces are words of their own. It
// reports whether one of them is a number.
func (s *scanner) split(text string, from, end int) (numbers bool) {
	s.line = s.line[:0]
	for i := from; i < end; {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:end])
		}
		switch {
		case !isWordRune(r):
			i += size
			continue
		case r >= utf8.RuneSelf && isIdeograph(r):
			s.wide++
			s.line = append(s.line, word{text: text[i : i+size], from: i})
			i += size
			continue
		}
		w := readWord(text[i:end])
		w.from = i
		i += len(w.text)
		w.text = strings.ToLower(w.text)
		numbers = numbers || w.number
		s.words++
		s.line = append(s.line, w)
	}
	return numbers
}

// readWord returns the word that s begins with.
func readWord(s string) word {
	i, digits := 0, 0
	for i < len(s) {
		b := s[i]
		if b < utf8.RuneSelf {
			if !isAlnum(b) {
				break
			}
			if b <= '9' && digits == i {
				digits++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !isWordRune(r) || isIdeograph(r) {
			break
		}
		i += size
	}
	// "12k" is a number too.
	number := digits > 0 && (digits == i || digits == i-1 && strings.IndexByte("kKmM", s[digits]) >= 0)
	return word{text: s[:i], number: number}
}

// isWordRune reports whether r is part of a word.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isAlnum(byte(r))
	}
	if r < 0x250 {
		return r >= 0xc0 && r != 0xd7 && r != 0xf7 || r == 0xaa || r == 0xb5 || r == 0xba
	}
	return unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// hashWord returns the FNV-1a hash of a word.
func hashWord(s string) uint64 {
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
