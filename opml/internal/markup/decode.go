package markup

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"caravan"
)

// A Document is a file's words as UTF-8, with the way back to its bytes.
type Document struct {
	Text string // valid UTF-8, without a byte order mark
	Data []byte // as they were
	mark int    // how many bytes the byte order mark takes
	form form
}

// A form is how a file writes characters as bytes. The zero form is UTF-8.
type form struct {
	name  string
	codec encoding.Encoding // nil for UTF-8
	mixed bool              // UTF-8 with stray bytes of windows-1252 in it
}

// declaration finds the encoding that an XML declaration names.
var declaration = regexp.MustCompile(`^\s*<\?xml\s[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]+)`)

// Decode turns the bytes of a file into text. A byte order mark decides, then
// the XML declaration where it can be true, then UTF-8; bytes that are not
// UTF-8 are read as windows-1252, one by one.
func Decode(data []byte) (Document, []Finding) {
	d := Document{Data: data}
	d.form, d.mark = marked(data)
	var found []Finding
	if d.mark == 0 && d.form.codec == nil {
		var note string
		d.form, note = declared(data)
		if note != "" {
			found = append(found, Finding{Severity: caravan.SeverityWarning, Message: note})
		}
	}
	body := data[d.mark:]
	if d.form.codec != nil {
		text, err := d.form.codec.NewDecoder().Bytes(body)
		if err == nil {
			d.Text = strings.ToValidUTF8(string(text), "\uFFFD")
			return d, append(found, replaced(d)...)
		}
		d.form = form{}
	}
	if utf8.Valid(body) {
		d.Text = string(body)
		return d, found
	}
	d.form.mixed = true
	text, first, count := mix(body)
	d.Text = text
	return d, append(found, Finding{
		Offset:   first,
		Severity: caravan.SeverityWarning,
		Message: fmt.Sprintf("%d bytes from here on are not UTF-8 and are read as windows-1252. "+
			"Save the file as UTF-8.", count),
	})
}

// marked reads a byte order mark, or guesses the form of a file whose first
// characters take more than one byte each.
func marked(data []byte) (form, int) {
	utf16 := func(order unicode.Endianness) encoding.Encoding {
		return unicode.UTF16(order, unicode.IgnoreBOM)
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return form{name: "utf-8"}, 3
	case bytes.HasPrefix(data, []byte("\xFF\xFE\x00\x00")):
		return form{name: "utf-32le", codec: utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)}, 4
	case bytes.HasPrefix(data, []byte("\x00\x00\xFE\xFF")):
		return form{name: "utf-32be", codec: utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)}, 4
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		return form{name: "utf-16le", codec: utf16(unicode.LittleEndian)}, 2
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return form{name: "utf-16be", codec: utf16(unicode.BigEndian)}, 2
	case bytes.HasPrefix(data, []byte("<\x00")):
		return form{name: "utf-16le", codec: utf16(unicode.LittleEndian)}, 0
	case bytes.HasPrefix(data, []byte("\x00<")):
		return form{name: "utf-16be", codec: utf16(unicode.BigEndian)}, 0
	}
	return form{}, 0
}

// declared returns the form that the XML declaration names, and a note where it
// cannot be believed.
func declared(data []byte) (form, string) {
	m := declaration.FindSubmatch(data[:min(len(data), 1024)])
	if m == nil {
		return form{}, ""
	}
	label := strings.ToLower(string(m[1]))
	codec, name := charset.Lookup(label)
	switch {
	case codec == nil:
		return form{}, fmt.Sprintf("The XML declaration names an unknown encoding, %q. "+
			"Save the file as UTF-8 and write encoding=\"UTF-8\".", label)
	case strings.HasPrefix(name, "utf-16") || name == "replacement":
		return form{}, fmt.Sprintf("The XML declaration says %s, but the file is not written so. "+
			"Write encoding=\"UTF-8\".", label)
	case name == "utf-8":
		return form{name: name}, ""
	}
	return form{name: name, codec: codec}, ""
}

// replaced reports characters that a declared encoding could not read.
func replaced(d Document) []Finding {
	first := strings.IndexRune(d.Text, utf8.RuneError)
	if first < 0 {
		return nil
	}
	return []Finding{{
		Offset:   first,
		Severity: caravan.SeverityWarning,
		Message: fmt.Sprintf("Some bytes from here on are not %s and cannot be read. "+
			"Save the file as UTF-8 and write encoding=\"UTF-8\".", d.form.name),
	}}
}

// mix reads UTF-8 and takes each byte that is none as windows-1252. It returns
// the offset in the text of the first such byte, and how many there are.
func mix(data []byte) (text string, first, count int) {
	var b strings.Builder
	b.Grow(len(data) + len(data)/16)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			if count == 0 {
				first = b.Len()
			}
			count++
			r = charmap.Windows1252.DecodeByte(data[0])
		}
		b.WriteRune(r)
		data = data[size:]
	}
	return b.String(), first, count
}

// Position returns where in the bytes of the file the text's offset stands. It
// fails where the way back is not unique.
func (d Document) Position(offset int) (int, error) {
	body := d.Data[d.mark:]
	switch {
	case d.form.codec != nil:
		before, err := d.form.codec.NewEncoder().Bytes([]byte(d.Text[:offset]))
		if err != nil || !bytes.HasPrefix(body, before) {
			return 0, fmt.Errorf("find the place in a file of encoding %s", d.form.name)
		}
		return d.mark + len(before), nil
	case d.form.mixed:
		at, seen := 0, 0
		for seen < offset {
			r, size := utf8.DecodeRune(body[at:])
			if r == utf8.RuneError && size == 1 {
				r = charmap.Windows1252.DecodeByte(body[at])
			}
			at, seen = at+size, seen+utf8.RuneLen(r)
		}
		return d.mark + at, nil
	}
	return d.mark + offset, nil
}

// Encode writes markup as the file writes its own; a character that its
// encoding lacks becomes a numeric reference.
func (d Document) Encode(words string) ([]byte, error) {
	if d.form.codec == nil {
		return []byte(words), nil
	}
	return encoding.HTMLEscapeUnsupported(d.form.codec.NewEncoder()).Bytes([]byte(words))
}
