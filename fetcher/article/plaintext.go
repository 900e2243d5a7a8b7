package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What may separate two words of plain text, weakest first.
const (
	nothing = iota
	space
	newline
)

// A plainText builds plain text: runs of white space become one space, blocks
// stand on lines of their own.
type plainText struct {
	b     []byte
	next  int // what separates the next word
	limit int // no further word is begun beyond it; 0 means none

	mayCompose bool // it holds characters that NFC may change
}

// len returns how long the text is.
func (t *plainText) len() int { return len(t.b) }

// gap makes sure that what follows is separated at least by s.
func (t *plainText) gap(s int) { t.next = max(t.next, s) }

// setApart puts what was written from that place on, the text of a link, on a
// line of its own when it is an invitation to read on.
func (t *plainText) setApart(from int) {
	const longest = 120
	if from < len(t.b) && t.b[from] == ' ' && len(t.b)-from <= longest && isInvitation(t.b[from+1:]) {
		t.b[from] = '\n'
	}
}

// write appends s.
func (t *plainText) write(s []byte) {
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
			if isSpaceByte(b) {
				t.gap(space)
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
func (t *plainText) writeRune(r rune, s []byte) {
	switch {
	case unicode.IsSpace(r) || r == 0x200b:
		t.gap(space)
	case r == 0xad || r == 0x2060 || !keepRune(r):
	default:
		t.mayCompose = t.mayCompose || r >= 0x300 && !isComposed(r)
		t.flush()
		t.b = append(t.b, s...)
	}
}

// flush writes the separator that is due.
func (t *plainText) flush() {
	if t.next != nothing && len(t.b) > 0 {
		if t.next == newline {
			t.b = append(t.b, '\n')
		} else {
			t.b = append(t.b, ' ')
		}
	}
	t.next = nothing
}

// String returns the text in NFC.
func (t *plainText) String() string {
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

// tidyLine makes one line of plain text of s, at most limit characters: NFC,
// without control characters, white space made one. Characters that set the
// direction of text are kept when they come in pairs and left out when they
// would run on beyond the line.
func tidyLine(s string, limit int) string {
	if s == "" {
		return ""
	}
	const widest = 16 // bytes that a character takes at most, marks and white space around it included
	t := plainText{}
	t.write([]byte(strings.ToValidUTF8(cut(s, widest*limit), "\uFFFD")))
	s = t.String()
	if n := nthRune(s, limit); n < len(s) {
		s = strings.TrimRightFunc(s[:n], func(r rune) bool { return unicode.Is(unicode.M, r) || r == 0x200d }) + "…"
	}
	return closeDirections(s)
}

// closeDirections ends every bidirectional embedding, override and isolate
// that s leaves open, so that it cannot turn what stands after it, and leaves
// out ends of what was never begun.
func closeDirections(s string) string {
	if !strings.ContainsAny(s, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
		return s
	}
	var b strings.Builder
	var open []rune // the ends that are due
	for _, r := range s {
		switch r {
		case 0x202a, 0x202b, 0x202d, 0x202e:
			open = append(open, 0x202c)
		case 0x2066, 0x2067, 0x2068:
			open = append(open, 0x2069)
		case 0x202c, 0x2069:
			if len(open) == 0 || open[len(open)-1] != r {
				continue
			}
			open = open[:len(open)-1]
		}
		b.WriteRune(r)
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteRune(open[i])
	}
	return b.String()
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
