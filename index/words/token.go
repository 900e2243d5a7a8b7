package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Token is a word of a text, folded.
type Token struct {
	Text       string
	Start, End int  // its bytes in the text
	Pos        int  // its place among the words, from 1
	Joined     bool // a second reading of what starts at Pos: "cocreation" of "co-creation", one character of a run
}

// Longest is how many bytes a word may have when folded; longer ones are no
// tokens. It keeps garbage (encoded pictures, spam) out of the index.
const Longest = 80

// Bounds of the spellings that are added to compounds.
const (
	longestJoin  = 40 // bytes
	mostPartJoin = 5
)

// Tokens takes text apart into folded words. A compound with hyphens or
// apostrophes gives its parts and, beside the first, the joined spelling; an
// elided article ("l'", "d'") and a possessive "'s" give nothing, and a
// contraction ("don't") is one word; scripts without spaces give overlapping
// pairs, and each character of a run once more by itself.
func Tokens(text string) []Token { return scan(text).tokens }

// Overlong reports whether text has a word of more than [Longest] bytes, of
// which [Tokens] tells nothing.
func Overlong(text string) bool { return scan(text).overlong }

func scan(text string) *scanner {
	s := &scanner{text: text, tokens: make([]Token, 0, len(text)/6+1)}
	for s.at < len(text) {
		r, size := s.peek(s.at)
		switch classOf(r) {
		case word:
			s.compound()
		case dense:
			s.run()
		default:
			s.at += size
		}
	}
	return s
}

// A class says what a character is to the scanner.
type class int

const (
	gap class = iota
	word
	dense // of a script without spaces between words
	mark  // belongs to the character before it
)

// firstDense is where the scripts without spaces begin, with Thai.
const firstDense = 'ก'

func classOf(r rune) class {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return word
	case r < utf8.RuneSelf:
		return gap
	case r == 'ﾞ' || r == 'ﾟ': // the voicing of a half-width kana
		return mark
	case r >= firstDense && (r == 'ー' || r == 'ｰ' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && !unicode.IsPunct(r)):
		return dense
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return word
	case unicode.IsMark(r) || r == '\u00ad' || r == '\u200c' || r == '\u200d':
		return mark // soft hyphens and joiners do not part a word either
	}
	return gap
}

// A part is a stretch of a compound between two connectors.
type part struct {
	text       string // folded
	start, end int
	link       rune // the connector after it; 0 after the last
}

// A scanner is the state of [Tokens].
type scanner struct {
	overlong bool // a word was too long to be kept
	text     string
	at       int
	pos      int
	tokens   []Token
	parts    []part
}

func (s *scanner) peek(at int) (rune, int) {
	if at < len(s.text) && s.text[at] < utf8.RuneSelf {
		return rune(s.text[at]), 1
	}
	return utf8.DecodeRuneInString(s.text[at:])
}

// word returns the end of the word that starts at from.
func (s *scanner) word(from int) int {
	at := from
	for at < len(s.text) {
		r, size := s.peek(at)
		if c := classOf(r); c != word && c != mark {
			break
		}
		at += size
	}
	if at-from == 1 { // C++, C#, F#
		switch rest := s.text[at:]; {
		case strings.HasPrefix(rest, "++"):
			return at + 2
		case strings.HasPrefix(rest, "#"):
			return at + 1
		}
	}
	return at
}

// compound reads words up to the next gap and emits what they give.
func (s *scanner) compound() {
	s.parts = s.parts[:0]
	for {
		start, end := s.at, s.word(s.at)
		s.at = end
		s.parts = append(s.parts, part{text: foldWord(s.text[start:end]), start: start, end: end})
		if end >= len(s.text) {
			break
		}
		link, size := s.peek(end)
		kind := connector(link)
		if kind == 0 || end+size >= len(s.text) {
			break
		}
		if next, _ := s.peek(end + size); classOf(next) != word {
			break
		}
		s.parts[len(s.parts)-1].link = kind
		s.at = end + size
	}
	s.elide()
	s.emit()
}

// connector returns the kind of a character that joins words into a compound,
// or 0.
func connector(r rune) rune {
	switch r {
	case '\'', '’', 'ʼ', '‘', '′', '`':
		return '\''
	case '-', '‐', '‑', '&', '·':
		return '-'
	case '.':
		return '.'
	}
	return 0
}

// elide joins or drops the parts around apostrophes: articles in front and a
// possessive s behind carry nothing, and a contraction is one word; all else is a
// compound as with hyphens (O'Reilly, sant'Anna, İstanbul'da).
func (s *scanner) elide() {
	out := s.parts[:0]
	inner := false // the part stands behind an apostrophe of the compound: it is no article
	for i := 0; i < len(s.parts); i++ {
		p, first := s.parts[i], !inner
		inner = false
		for p.link == '\'' && i+1 < len(s.parts) {
			next := s.parts[i+1]
			switch {
			case elided[p.text] && len(next.text) > 1 && first:
				p = next
			case next.text == "s":
				p.link = next.link
			case contracted[next.text]:
				p = part{text: p.text + next.text, start: p.start, end: next.end, link: next.link}
			default:
				p.link, inner = '-', true
				continue // the next part stands by itself
			}
			i++
		}
		out = append(out, p)
	}
	s.parts = out
}

// contracted are the ends of English contractions.
var contracted = map[string]bool{"t": true, "re": true, "ve": true, "ll": true, "m": true, "d": true, "em": true}

// elided are the articles, prepositions and pronouns that French, Italian and
// Catalan write before an apostrophe.
var elided = map[string]bool{
	"l": true, "d": true, "j": true, "m": true, "t": true, "s": true, "n": true, "c": true, "qu": true,
	"jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true,
	"dell": true, "dall": true, "nell": true, "sull": true, "all": true, "un": true, "quell": true, "quest": true, "gl": true,
}

// emit writes the tokens of the parts.
func (s *scanner) emit() {
	if joined, ok := s.acronym(); ok {
		s.add(joined, s.parts[0].start, s.parts[len(s.parts)-1].end)
		return
	}
	first := len(s.tokens)
	for _, p := range s.parts {
		s.add(p.text, p.start, p.end)
	}
	if joined, ok := s.joined(); ok && len(s.tokens) > first {
		t := s.tokens[first]
		s.tokens = append(s.tokens, Token{})
		copy(s.tokens[first+2:], s.tokens[first+1:])
		s.tokens[first+1] = Token{Text: joined, Start: t.Start, End: s.parts[len(s.parts)-1].end, Pos: t.Pos, Joined: true}
	}
}

func (s *scanner) add(text string, start, end int) {
	if text == "" || len(text) > Longest {
		s.overlong = s.overlong || text != ""
		return
	}
	s.pos++
	s.tokens = append(s.tokens, Token{Text: text, Start: start, End: end, Pos: s.pos})
}

// acronym returns the letters of "U.N.D.P." as one word.
func (s *scanner) acronym() (string, bool) {
	if len(s.parts) < 2 {
		return "", false
	}
	var b strings.Builder
	for i, p := range s.parts {
		if len(p.text) != 1 || p.text[0] < 'a' || p.text[0] > 'z' || i < len(s.parts)-1 && p.link != '.' {
			return "", false
		}
		b.WriteString(p.text)
	}
	return b.String(), true
}

// joined returns the compound written as one word, for those written with
// hyphens only.
func (s *scanner) joined() (string, bool) {
	if len(s.parts) < 2 || len(s.parts) > mostPartJoin {
		return "", false
	}
	var b strings.Builder
	for i, p := range s.parts {
		if i < len(s.parts)-1 && p.link != '-' {
			return "", false
		}
		b.WriteString(p.text)
	}
	return b.String(), b.Len() <= longestJoin
}

// foldWord folds a word and takes out what only guides its display.
func foldWord(w string) string {
	if isASCII(w) {
		return strings.ToLower(w)
	}
	if strings.ContainsAny(w, "\u00ad\u200c\u200d") {
		w = strings.NewReplacer("\u00ad", "", "\u200c", "", "\u200d", "").Replace(w)
	}
	return Fold(w)
}

// run reads a stretch of a script without spaces: each pair of neighbours is a
// token, and so is each character for those who search for it alone.
func (s *scanner) run() {
	starts := make([]int, 0, 16)
	for s.at < len(s.text) {
		r, size := s.peek(s.at)
		c := classOf(r)
		if c != dense && c != mark {
			break
		}
		if c == dense {
			starts = append(starts, s.at)
		}
		s.at += size
	}
	starts = append(starts, s.at)
	n := len(starts) - 1
	for i, start := range starts[:n] {
		if i+1 < n {
			s.add(foldDense(s.text[start:starts[i+2]]), start, starts[i+2])
		} else {
			s.pos++
		}
		if single := foldDense(s.text[start:starts[i+1]]); len(single) <= Longest {
			s.tokens = append(s.tokens, Token{Text: single, Start: start, End: starts[i+1], Pos: s.pos, Joined: n > 1})
		}
	}
}

// Dense reports whether a token is of a script without spaces between words.
func Dense(token string) bool {
	r, _ := utf8.DecodeRuneInString(token)
	return classOf(r) == dense
}
