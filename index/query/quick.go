package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan/index/words"
)

// A verdict is what a glance at a text tells of a phrase.
type verdict int

const (
	unclear verdict = iota
	there
	absent
)

// glance reports whether a text has words side by side in their very form, as
// far as that can be told without taking the whole text apart: it looks for
// where the first of them may begin, and takes apart only what follows. Most
// texts are told at a fraction of the cost; what stands in a compound, behind an
// apostrophe or beside a letter with an accent may be unclear.
func glance(s string, parts []words.Term, joined string) verdict {
	if len(parts) < 2 || joined != "" || words.Dense(parts[0].Text) {
		return unclear
	}
	first, room := parts[0].Text, 0
	for _, p := range parts {
		room += 2*len(p.Text) + 8
	}
	clear := absent
	for at := range len(s) {
		if !mayBegin(s, at, first) {
			continue
		}
		if at > 0 && !partsWords(s[at-1]) {
			if !insideWord(s, at) {
				clear = unclear
			}
			continue
		}
		switch startsWith(s[at:], room, parts) {
		case there:
			return there
		case unclear:
			clear = unclear
		}
	}
	return clear
}

// partsWords reports whether a byte parts the word behind it from all before it.
func partsWords(c byte) bool {
	return c <= ' ' || strings.IndexByte(`"(),:;!?/[]<>{}=*_`, c) >= 0
}

// insideWord reports whether what stands at a byte goes on with a word, whose
// letter in front has an accent.
func insideWord(s string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:at])
	return unicode.IsLetter(r) && !words.Dense(string(r))
}

// mayBegin reports whether a folded word may begin at a byte of a text, by what
// stands there up to the first letter with an accent or the first sign that may
// stand in a word.
func mayBegin(s string, at int, word string) bool {
	if at > 0 && isAlnum(s[at-1]) || !utf8.RuneStart(s[at]) {
		return false
	}
	for i := range len(word) {
		if at+i >= len(s) {
			return false
		}
		c := s[at+i]
		if c >= 0x80 || i > 0 && strings.IndexByte("'`.-&", c) >= 0 {
			return true
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return at+len(word) >= len(s) || !isAlnum(s[at+len(word)])
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// startsWith reports whether the words stand at the beginning of a text, by its
// first room bytes and what follows up to a blank, which no word reaches over.
func startsWith(s string, room int, parts []words.Term) verdict {
	whole := true
	if len(s) > room {
		if blank := strings.IndexByte(s[room:], ' '); blank >= 0 {
			s, whole = s[:room+blank], false
		}
	}
	tokens := words.Tokens(s)
	i, base := 0, 1-parts[0].Pos
	for _, p := range parts {
		for i < len(tokens) && (tokens[i].Pos < base+p.Pos || tokens[i].Pos == base+p.Pos && tokens[i].Text != p.Text) {
			i++
		}
		switch {
		case i >= len(tokens) && !whole:
			return unclear
		case i >= len(tokens) || tokens[i].Pos != base+p.Pos:
			return absent
		}
	}
	return there
}
