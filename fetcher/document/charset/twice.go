package charset

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// fewestTwice is how many characters beyond ASCII a text must have before they
// tell that all of it was encoded twice.
const fewestTwice = 3

// EncodedTwice reports whether everything in text, valid UTF-8, was encoded to
// UTF-8 twice, by a program that took UTF-8 for Latin-1 or windows-1252: "Ã©"
// stands where "é" was meant. It is so only when there are several characters
// beyond ASCII and every run of them, in that older encoding, is UTF-8 again:
// one "é" or "’" that stands as it should speaks against it.
func EncodedTwice(text []byte) bool {
	n := 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		size, ok := onceMore(text[i:], nil)
		if !ok {
			return false
		}
		i += size
		n++
	}
	return n >= fewestTwice
}

// DecodeTwice returns a text of which [EncodedTwice] is true as it was meant,
// cleaned as by [Clean]. A character that was encoded once stays.
func DecodeTwice(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			out = append(out, text[i])
			i++
			continue
		}
		var meant rune
		size, ok := onceMore(text[i:], &meant)
		if !ok {
			meant, size = utf8.DecodeRune(text[i:])
		}
		out = utf8.AppendRune(out, meant)
		i += size
	}
	return Clean(out)
}

// onceMore reads the characters at the start of text that, as bytes of
// windows-1252 or Latin-1, are one character of UTF-8, and returns how many
// bytes of text they take. What no text holds, such as a control character, is
// no character here.
func onceMore(text []byte, meant *rune) (size int, ok bool) {
	var inner [utf8.UTFMax]byte
	for n := range inner {
		r, width := utf8.DecodeRune(text[size:])
		b, known := narrow(r)
		if !known {
			return 0, false
		}
		inner[n] = b
		size += width
		if !utf8.FullRune(inner[:n+1]) {
			continue
		}
		r, width = utf8.DecodeRune(inner[:n+1])
		if width != n+1 || r < 0xA0 || r == utf8.RuneError {
			return 0, false
		}
		if meant != nil {
			*meant = r
		}
		return size, true
	}
	return 0, false
}

// narrow returns the byte that a character beyond ASCII has in windows-1252, or
// in Latin-1 where that gives one.
func narrow(r rune) (byte, bool) {
	if r >= 0x80 && r <= 0xFF {
		return byte(r), true
	}
	if r < 0x80 || r == utf8.RuneError {
		return 0, false
	}
	return charmap.Windows1252.EncodeRune(r)
}
