// Package charset turns the bytes of a feed into text: it finds out in which
// encoding they are, decodes them, and mends what is broken in them.
package charset

import (
	"bytes"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	whatwg "golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// Decode returns body as valid UTF-8 that holds only characters XML allows,
// and what had to be assumed or replaced. The encoding is taken from, in this
// order, a byte order mark, the HTTP header, the XML declaration, the bytes
// being valid UTF-8; windows-1252 is the last resort. A label that the bytes
// contradict does not count, and UTF-7 is never decoded.
func Decode(body []byte, contentType string) (text []byte, notes []string) {
	if enc, name := wideEncoding(body); enc != nil {
		text, err := enc.NewDecoder().Bytes(body)
		if err == nil {
			return cleanText(text, []string{"decoded from " + name})
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	labels := declaredLabels(body, contentType)
	if escaped2022(body, labels) {
		if text, err := japanese.ISO2022JP.NewDecoder().Bytes(body); err == nil {
			return cleanText(text, []string{"decoded from ISO-2022-JP"})
		}
	}
	text, notes = decodeNarrow(body, labels)
	return cleanText(text, notes)
}

// wideEncoding recognises UTF-16 and UTF-32 by a byte order mark or by where
// the zero bytes of the first characters stand.
func wideEncoding(b []byte) (encoding.Encoding, string) {
	has := func(prefix string) bool { return bytes.HasPrefix(b, []byte(prefix)) }
	switch {
	case has("\xFF\xFE\x00\x00"), len(b) > 7 && b[0] != 0 && b[1] == 0 && b[2] == 0 && b[3] == 0 && b[5] == 0 && b[6] == 0:
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "UTF-32"
	case has("\x00\x00\xFE\xFF"), len(b) > 7 && b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] != 0 && b[4] == 0 && b[5] == 0:
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM), "UTF-32"
	case has("\xFF\xFE"), len(b) > 7 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16"
	case has("\xFE\xFF"), len(b) > 7 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "UTF-16"
	}
	return nil, ""
}

// escaped2022 reports whether b is ISO-2022-JP: seven bits only, with its
// escape sequences, and nothing declared that contradicts it.
func escaped2022(b []byte, labels []string) bool {
	if !bytes.Contains(b, []byte("\x1b$")) {
		return false
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return len(labels) == 0 || strings.HasPrefix(labels[0], "iso-2022-jp") || strings.HasPrefix(labels[len(labels)-1], "iso-2022-jp") || labels[0] == "us-ascii"
}

// declaredLabels returns the encodings that the HTTP header and the XML
// declaration name, in lower case, in this order.
func declaredLabels(b []byte, contentType string) []string {
	var labels []string
	add := func(label string) {
		label = strings.ToLower(strings.Trim(label, " \t\r\n\"'"))
		if label != "" && len(label) <= 40 {
			labels = append(labels, label)
		}
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		add(params["charset"])
	} else if _, after, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		label, _, _ := strings.Cut(after, ";")
		add(label)
	}
	head := b[:min(len(b), 2048)]
	start := bytes.Index(head, []byte("?xml"))
	if start < 0 {
		return labels
	}
	head = head[start:]
	if end := bytes.IndexByte(head, '>'); end >= 0 {
		head = head[:end]
	}
	if i := bytes.Index(head, []byte("encoding")); i >= 0 {
		value := bytes.TrimLeft(head[i+len("encoding"):], " \t\r\n=")
		if n := bytes.IndexAny(value[min(1, len(value)):], "\"' ?"); n >= 0 {
			add(string(value[:n+1]))
		}
	}
	return labels
}

// decodeNarrow decodes everything but UTF-16 and UTF-32.
func decodeNarrow(b []byte, labels []string) (text []byte, notes []string) {
	if utf8.Valid(b) {
		return contradicted(b, labels)
	}
	multi, invalid := countUTF8(b)
	for _, label := range labels {
		enc := lookupEncoding(label)
		if enc == nil {
			continue
		}
		text, notes := decodeWith(enc, label, b)
		if 20*bytes.Count(text, []byte("\uFFFD")) <= invalid+multi {
			return text, notes
		}
	}
	if multi > invalid || multi > 0 && isUTF8Label(labels) {
		return repairUTF8(b, invalid)
	}
	label := usualEncoding(b)
	text, _ = decodeWith(lookupEncoding(label), label, b)
	return text, []string{"not valid UTF-8, read as " + label}
}

// usualEncoding returns the encoding that pages in the language a feed declares
// usually had before UTF-8; for most languages that is windows-1252.
func usualEncoding(b []byte) string {
	head := string(bytes.ToLower(b[:min(len(b), 4096)]))
	language := ""
	for _, mark := range []string{"<language>", "<dc:language>", `xml:lang="`, "xml:lang='"} {
		if _, rest, ok := strings.Cut(head, mark); ok && len(rest) > 2 {
			language = strings.TrimSpace(rest[:min(len(rest), 5)])
			break
		}
	}
	switch language[:min(len(language), 2)] {
	case "ru", "uk", "bg", "sr", "be", "mk":
		return "windows-1251"
	case "pl", "cs", "sk", "hu", "hr", "sl", "ro":
		return "windows-1250"
	case "el":
		return "windows-1253"
	case "tr":
		return "windows-1254"
	case "he", "iw":
		return "windows-1255"
	case "ar", "fa", "ur":
		return "windows-1256"
	case "ja":
		return "shift_jis"
	case "ko":
		return "euc-kr"
	case "zh":
		return "gb18030"
	}
	return "windows-1252"
}

// contradicted returns valid UTF-8 as it is, whatever its labels say: text in
// another encoding is not valid UTF-8 by chance, unless it is very short.
func contradicted(b []byte, labels []string) (text []byte, notes []string) {
	for _, label := range labels {
		enc := lookupEncoding(label)
		if enc == nil {
			continue
		}
		multi, _ := countUTF8(b)
		if multi > 0 && multi < 8 && isMultiByte(label) {
			return decodeWith(enc, label, b)
		}
		if multi > 0 {
			notes = []string{fmt.Sprintf("declared %s, but is UTF-8", label)}
		}
		return b, notes
	}
	return b, nil
}

func isUTF8Label(labels []string) bool {
	return len(labels) > 0 && (labels[0] == "utf-8" || labels[0] == "utf8")
}

// decodeWith decodes b; what enc does not know becomes U+FFFD.
func decodeWith(enc encoding.Encoding, label string, b []byte) ([]byte, []string) {
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return repairUTF8(b, 0)
	}
	if bytes.Contains(text, []byte("\uFFFD")) {
		return text, []string{fmt.Sprintf("bytes that %s does not know were replaced", label)}
	}
	return text, nil
}

// lookupEncoding returns the encoding that a label means, or nil when it is
// unknown, UTF-8, or one that the bytes at hand cannot be in (UTF-16, UTF-32)
// or must not be read in (UTF-7).
func lookupEncoding(label string) encoding.Encoding {
	enc, name := whatwg.Lookup(label)
	if enc == nil {
		var err error
		if enc, err = ianaindex.IANA.Encoding(label); err != nil || enc == nil {
			return nil
		}
		name = label
	}
	if name == "replacement" || name == "x-user-defined" || enc == encoding.Nop || strings.HasPrefix(name, "utf") {
		return nil
	}
	return enc
}

// isMultiByte reports whether a label means one of the encodings of East Asia,
// of which a few characters can be valid UTF-8 by chance.
func isMultiByte(label string) bool {
	_, name := whatwg.Lookup(label)
	switch name {
	case "gbk", "gb18030", "big5", "euc-jp", "shift_jis", "iso-2022-jp", "euc-kr":
		return true
	}
	return false
}

// countUTF8 counts the valid sequences of several bytes in b, and the bytes
// that belong to no valid sequence.
func countUTF8(b []byte) (multi, invalid int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			invalid++
		} else {
			multi++
		}
		i += n
	}
	return multi, invalid
}

// repairUTF8 replaces what is not UTF-8 in b: a single windows-1252 character
// that somebody pasted in by that character, everything else by U+FFFD.
func repairUTF8(b []byte, invalid int) ([]byte, []string) {
	out := make([]byte, 0, len(b)+2*invalid)
	replaced, guessed := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError || n > 1 {
			out = append(out, b[i:i+n]...)
			i += n
			continue
		}
		run := invalidRun(b[i:])
		for _, c := range b[i : i+run] {
			r := charmap.Windows1252.DecodeByte(c)
			if run > 3 || c >= 0xFE || !pasted(b, i, run) || r == utf8.RuneError || r >= 0x80 && r < 0xA0 {
				out = append(out, "\uFFFD"...)
				replaced++
			} else {
				out = utf8.AppendRune(out, r)
				guessed++
			}
		}
		i += run
	}
	var notes []string
	if guessed > 0 {
		notes = append(notes, fmt.Sprintf("%d bytes that are not UTF-8 were read as windows-1252", guessed))
	}
	if replaced > 0 {
		notes = append(notes, fmt.Sprintf("%d bytes that are not UTF-8 were replaced", replaced))
	}
	return out, notes
}

// invalidRun returns how many bytes at the start of b belong to no valid sequence.
func invalidRun(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= utf8.RuneSelf {
		if r, size := utf8.DecodeRune(b[n:]); r != utf8.RuneError || size > 1 {
			break
		}
		n++
	}
	return n
}

// pasted reports whether the run of invalid bytes at b[i] looks like characters
// of windows-1252: it is not the remains of a longer UTF-8 sequence, and its
// neighbours are ASCII.
func pasted(b []byte, i, run int) bool {
	if i > 0 && b[i-1] >= utf8.RuneSelf || i+run < len(b) && b[i+run] >= utf8.RuneSelf {
		return false
	}
	for j := i; j+1 < i+run; j++ {
		lead, next := b[j], b[j+1]
		if lead >= 0xC2 && next < 0xC0 || lead < 0xC0 && next < 0xC0 {
			return false
		}
	}
	return true
}

// Clean returns valid UTF-8 without what XML 1.0 forbids and no JSON needs:
// control characters, U+FFFE, U+FFFF, and byte order marks at the start.
func Clean(text []byte) []byte {
	text, _ = cleanText(text, nil)
	return text
}

// cleanText removes from valid UTF-8 what XML 1.0 forbids and no JSON needs:
// control characters, U+FFFE, U+FFFF, and byte order marks at the start.
func cleanText(text []byte, notes []string) ([]byte, []string) {
	for {
		rest, marked := bytes.CutPrefix(bytes.TrimLeft(text, " \t\r\n\x00"), []byte("\uFEFF"))
		if !marked {
			break
		}
		text = rest
	}
	first := firstIllegal(text)
	if first == len(text) {
		return text, notes
	}
	out := append(make([]byte, 0, len(text)), text[:first]...)
	removed := 0
	for first < len(text) {
		if text[first] == 0xEF {
			first += 3
		} else {
			first++
		}
		removed++
		next := first + firstIllegal(text[first:])
		out = append(out, text[first:next]...)
		first = next
	}
	return out, append(notes, fmt.Sprintf("%d control characters removed", removed))
}

// firstIllegal returns the position of the first character in text that XML
// forbids, or its length.
func firstIllegal(text []byte) int {
	for i, c := range text {
		if c < 0x20 && c != '\n' && c != '\t' && c != '\r' {
			return i
		}
		if c == 0xEF && i+2 < len(text) && text[i+1] == 0xBF && text[i+2] >= 0xBE {
			return i
		}
	}
	return len(text)
}
