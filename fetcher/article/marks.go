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
	wide   int // characters of scripts that are written without spaces
}

// takeMarks reads the words of a body. All count as words; what changes by
// itself, and what publishing systems add, is left out of the marks by which
// the text is recognised.
func takeMarks(b body) marks {
	s := scanner{}
	s.folded = make([]byte, 0, len(b.text))
	s.hashes = make([]uint64, 0, min(len(b.text)/6+1, mostWords))
	quiet := b.noise
	for from := 0; from < len(b.text); {
		end := strings.IndexByte(b.text[from:], '\n')
		if end < 0 {
			end = len(b.text)
		} else {
			end += from
		}
		for len(quiet) > 0 && quiet[0].to <= from {
			quiet = quiet[1:]
		}
		s.line(b.text[from:end], from, quiet)
		from = end + 1
	}
	s.words += (s.wide + 1) / 2
	s.minHash = minHash(s.hashes)
	return s.marks
}

// line reads one line of text, which begins at offset in the whole; quiet are
// the noisy parts of the whole that end after it begins.
func (s *scanner) line(line string, offset int, quiet []span) {
	skip := isNoiseLine(line)
	words := splitWords(line)
	for i := range words {
		w := &words[i]
		if w.wide {
			s.wide++
		} else {
			s.words++
		}
		at := offset + w.from
		if skip || len(quiet) > 0 && at >= quiet[0].from && at < quiet[0].to {
			continue
		}
		if isCounter(words, i) {
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
	from   int
	number bool
	wide   bool
}

// splitWords returns the words of line: runs of letters, marks and digits.
// Characters of scripts without spaces are words of their own.
func splitWords(line string) []word {
	words := make([]word, 0, len(line)/5+1)
	for i := 0; i < len(line); {
		r, size := rune(line[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(line[i:])
		}
		if !isWordRune(r) {
			i += size
			continue
		}
		if isIdeograph(r) {
			words = append(words, word{text: line[i : i+size], from: i, wide: true})
			i += size
			continue
		}
		from, number := i, true
		for i < len(line) {
			r, size = rune(line[i]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(line[i:])
			}
			if !isWordRune(r) || r >= utf8.RuneSelf && isIdeograph(r) {
				break
			}
			number = number && r >= '0' && r <= '9'
			i += size
		}
		words = append(words, word{text: strings.ToLower(line[from:i]), from: from, number: number})
	}
	return words
}

// isWordRune reports whether r is part of a word.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isAlnum(byte(r))
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
