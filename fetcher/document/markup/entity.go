package markup

import (
	"bytes"
	"html"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxReference is the longest reference in bytes, "&" and ";" included:
// HTML's longest name has 33.
const maxReference = 40

// AppendDecoded appends src to dst with its references replaced by what they
// stand for, once: XML's five, HTML's names and numbers. What is no reference
// stays as it is, and a number that no text may contain is left out. It reports
// how many were left out.
func AppendDecoded(dst, src []byte) (out []byte, illegal int) {
	for {
		i := bytes.IndexByte(src, '&')
		if i < 0 {
			return append(dst, src...), illegal
		}
		dst = append(dst, src[:i]...)
		src = src[i:]
		n, bad := 0, false
		dst, n, bad = appendReference(dst, src)
		if bad {
			illegal++
		}
		if n == 0 {
			dst, n = append(dst, '&'), 1
		}
		src = src[n:]
	}
}

// appendReference appends what the reference at the start of src stands for and
// returns its length, or 0 when there is none.
func appendReference(dst, src []byte) (out []byte, n int, illegal bool) {
	end := bytes.IndexByte(src[:min(len(src), maxReference)], ';')
	if end < 2 {
		return dst, 0, false
	}
	name := src[1:end]
	switch string(name) {
	case "lt":
		return append(dst, '<'), end + 1, false
	case "gt":
		return append(dst, '>'), end + 1, false
	case "amp":
		return append(dst, '&'), end + 1, false
	case "quot":
		return append(dst, '"'), end + 1, false
	case "apos":
		return append(dst, '\''), end + 1, false
	case "nbsp":
		return append(dst, 0xC2, 0xA0), end + 1, false
	}
	if name[0] == '#' {
		return appendNumber(dst, name[1:], end+1)
	}
	for _, c := range name {
		if c >= 0x80 || !isNameByte(c) {
			return dst, 0, false
		}
	}
	// html knows names without ';' and prefixes of names; only a whole name counts.
	ref := string(src[:end+1])
	text := html.UnescapeString(ref)
	if text == ref || text[len(text)-1] == ';' {
		return dst, 0, false
	}
	return append(dst, text...), end + 1, false
}

// appendNumber appends the character with the number in digits, decimal or
// "x" and hexadecimal. Numbers 128 to 159 mean windows-1252, as in browsers.
func appendNumber(dst, digits []byte, n int) (out []byte, length int, illegal bool) {
	base := 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil {
		return dst, 0, false
	}
	r := rune(min(code, utf8.MaxRune+1))
	if 0x80 <= r && r <= 0x9F {
		r = charmap.Windows1252.DecodeByte(byte(r))
	}
	if !legalRune(r) {
		return dst, n, true
	}
	return utf8.AppendRune(dst, r), n, false
}

// legalRune reports whether XML 1.0 allows r in a document.
func legalRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// AppendEscaped appends text as XML character data.
func AppendEscaped(dst, text []byte) []byte {
	for {
		i := bytes.IndexAny(text, "&<>\"")
		if i < 0 {
			return append(dst, text...)
		}
		dst = append(dst, text[:i]...)
		switch text[i] {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&#34;"...)
		}
		text = text[i+1:]
	}
}
