// Package plaintext builds and tidies plain text: NFC, without control
// characters, white space made one, direction marks in pairs.
package plaintext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What may separate two words of plain text, weakest first.
const (
	nothing = iota
	Space   // two words of one line
	Newline // two blocks
)

// A Builder builds plain text: runs of white space become one space, blocks
// stand on lines of their own.
type Builder struct {
	b     []byte
	next  int // what separates the next word
	limit int // no further word is begun beyond it; 0 means none

	mayCompose bool // it holds characters that NFC may change
}

// NewBuilder returns a builder with room for size bytes that begins no further
// word beyond limit; 0 means no limit.
func NewBuilder(size, limit int) Builder {
	return Builder{b: make([]byte, 0, size), limit: limit}
}

// Composes reports whether the text holds characters that NFC may change.
func (t *Builder) Composes() bool { return t.mayCompose }

// Len returns how long the text is.
func (t *Builder) Len() int { return len(t.b) }

// Gap makes sure that what follows is separated at least by s.
func (t *Builder) Gap(s int) { t.next = max(t.next, s) }

// SetApart puts what was written from that place on, where it is words that
// wanted reports true for, on a line of its own.
func (t *Builder) SetApart(from int, wanted func(words []byte) bool) {
	if from < len(t.b) && t.b[from] == ' ' && wanted(t.b[from+1:]) {
		t.b[from] = '\n'
	}
}

// Write appends s.
func (t *Builder) Write(s []byte) {
	if t.limit > 0 && len(t.b) > t.limit {
		return
	}
	for i := 0; i < len(s); {
		b := s[i]
		switch {
		case b > ' ' && b < 0x7f:
			from := i
			for i++; i < len(s) && s[i] > ' ' && s[i] < 0x7f; i++ {
			}
			t.flush()
			t.b = append(t.b, s[from:i]...)
		case b < utf8.RuneSelf:
			if IsSpace(b) {
				t.Gap(Space)
			}
			i++
		default:
			r, size := utf8.DecodeRune(s[i:])
			t.writeRune(r, s[i:i+size])
			i += size
		}
	}
}

// writeRune appends a character beyond ASCII. White space of every kind is
// white space; what has no width and no meaning is left out.
func (t *Builder) writeRune(r rune, s []byte) {
	switch {
	case unicode.IsSpace(r) || r == 0x200b:
		t.Gap(Space)
	case r == 0xad || r == 0x2060 || !Keep(r):
	default:
		t.mayCompose = t.mayCompose || r >= 0x300 && !isComposed(r)
		t.flush()
		t.b = append(t.b, s...)
	}
}

// flush writes the separator that is due.
func (t *Builder) flush() {
	if t.next != nothing && len(t.b) > 0 {
		if t.next == Newline {
			t.b = append(t.b, '\n')
		} else {
			t.b = append(t.b, ' ')
		}
	}
	t.next = nothing
}

// String returns the text in NFC.
func (t *Builder) String() string {
	if !t.mayCompose || norm.NFC.IsNormal(t.b) {
		return string(t.b)
	}
	return string(norm.NFC.Bytes(t.b))
}

// isComposed reports whether NFC certainly leaves r, from U+0300 on, as it is,
// whatever stands beside it but a combining mark.
func isComposed(r rune) bool {
	for _, c := range composed {
		if r <= c[1] {
			return r >= c[0]
		}
	}
	return false
}

// composed are the letters, ideographs and marks of punctuation of the usual
// scripts that NFC leaves as they are, in order.
var composed = [...][2]rune{
	{0x388, 0x482}, {0x5d0, 0x5ea}, {0x621, 0x64a}, {0x2010, 0x2060}, {0x3001, 0x3029}, {0x3041, 0x3098}, {0x309b, 0x30ff},
	{0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0x1f300, 0x1faff},
}

// Line makes one line of plain text of s, at most limit characters: NFC,
// without control characters, white space made one. Characters that set the
// direction of text are kept when they come in pairs and left out when they
// would run on beyond the line.
func Line(s string, limit int) string {
	if s == "" {
		return ""
	}
	const widest = 16 // bytes that a character takes at most, marks and white space around it included
	s, _ = directions(strings.ToValidUTF8(Cut(s, widest*limit), "\uFFFD"))
	t := Builder{}
	t.Write([]byte(s))
	s = t.String()
	if n := nthRune(s, limit); n < len(s) {
		s = strings.TrimRightFunc(s[:n], func(r rune) bool { return unicode.Is(unicode.M, r) || r == 0x200d }) + "…"
	}
	_, ends := directions(s)
	return s + ends
}

// directions returns s without the ends of bidirectional embeddings, overrides
// and isolates that were never begun, and the ends of those that it leaves
// open, without which they would turn what stands after it. It comes before
// white space and NFC are looked at, since it brings together what an end
// stood between.
func directions(s string) (kept, ends string) {
	if !strings.ContainsAny(s, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
		return s, ""
	}
	var b strings.Builder
	var due []rune // in the order of what they end
	for _, r := range s {
		switch r {
		case 0x202a, 0x202b, 0x202d, 0x202e:
			due = append(due, 0x202c)
		case 0x2066, 0x2067, 0x2068:
			due = append(due, 0x2069)
		case 0x202c, 0x2069:
			if len(due) == 0 || due[len(due)-1] != r {
				continue
			}
			due = due[:len(due)-1]
		}
		b.WriteRune(r)
	}
	slices.Reverse(due)
	return b.String(), string(due)
}

// nthRune returns where character n of s begins, or the length of s when it
// has no more than n.
func nthRune(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// Keep reports whether r, beyond ASCII, may stand in stored text: no C1
// control, no noncharacter, no byte order mark.
func Keep(r rune) bool {
	return r >= 0xa0 && r != 0xfeff && r&0xfffe != 0xfffe && (r < 0xfdd0 || r > 0xfdef)
}

// IsSpace reports whether b is white space in HTML.
func IsSpace(b byte) bool {
	return b == ' ' || b == '\n' || b == '\t' || b == '\r' || b == '\f'
}

// Cut returns at most n bytes of s, whole characters.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// ConsistsOf reports whether every byte of s is allowed.
func ConsistsOf(s string, allowed func(byte) bool) bool {
	for i := 0; i < len(s); i++ {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

// IsAlnum reports whether b is an ASCII letter or digit.
func IsAlnum(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}

// WordSet returns the words of s as a set.
func WordSet(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

// AppendLower appends the lower case of s, with the accented capitals of Latin-1.
func AppendLower(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b >= 'A' && b <= 'Z':
			dst = append(dst, b+'a'-'A')
		case b >= 0x80 && b <= 0x9e && b != 0x97 && i > 0 && s[i-1] == 0xc3:
			dst = append(dst, b+0x20)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
