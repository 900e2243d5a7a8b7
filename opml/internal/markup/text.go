package markup

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"caravan"
)

// Plain returns what raw markup text says: references replaced, characters that
// XML forbids dropped. Entities of the file's own making are never expanded.
// The findings' offsets count from the start of raw.
func Plain(raw string) (string, []Finding) {
	if strings.IndexFunc(raw, odd) < 0 {
		return raw, nil
	}
	var (
		b     strings.Builder
		found []Finding
	)
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRuneInString(raw[i:])
		switch {
		case r == '&':
			said, length, problem := reference(raw[i:])
			b.WriteString(said)
			if problem != "" {
				found = append(found, Finding{Offset: i, Severity: caravan.SeverityWarning, Message: problem})
			}
			size = length
		case !Legal(r):
			found = append(found, Finding{Offset: i, Severity: caravan.SeverityWarning,
				Message: "A character that XML does not allow is left out. Delete it."})
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String(), found
}

// odd reports a character that Plain has to look at.
func odd(r rune) bool { return r == '&' || !Legal(r) }

// Legal reports whether XML 1.0 allows r.
func Legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r < 0xFFFE || r >= 0x10000
}

// reference reads the reference that raw begins with: what it says, how many
// bytes it takes, and what is wrong with it. A bare ampersand stays one.
func reference(raw string) (said string, length int, problem string) {
	const bare = "An ampersand stands alone. Write &amp; for it."
	end := strings.IndexByte(raw[:min(len(raw), 40)], ';')
	if end < 2 {
		return "&", 1, bare
	}
	name := raw[1:end]
	if number, ok := strings.CutPrefix(name, "#"); ok {
		r, ok := codePoint(number)
		if !ok {
			return "", end + 1, "A reference to a character that XML does not allow is left out. Delete it."
		}
		return string(r), end + 1, ""
	}
	if !isName(name) {
		return "&", 1, bare
	}
	switch name {
	case "amp", "lt", "gt", "quot", "apos":
		return html.UnescapeString(raw[:end+1]), end + 1, ""
	}
	if said := html.UnescapeString(raw[:end+1]); !strings.Contains(said, ";") {
		return said, end + 1, "&" + name + "; is HTML, not XML. Write the character itself."
	}
	return raw[:end+1], end + 1, "&" + name + "; is not known and stands as it is. Write &amp; for an ampersand."
}

// codePoint reads the number of a character reference. The numbers 128 to 159
// mean what windows-1252 means by them, as in HTML.
func codePoint(number string) (rune, bool) {
	base := 10
	if rest, ok := strings.CutPrefix(strings.ToLower(number), "x"); ok {
		number, base = rest, 16
	}
	n, err := strconv.ParseUint(number, base, 31)
	if err != nil || n > utf8.MaxRune || !Legal(rune(n)) || !utf8.ValidRune(rune(n)) {
		return 0, false
	}
	if n >= 0x80 && n <= 0x9F {
		r, _ := utf8.DecodeRuneInString(html.UnescapeString("&#" + strconv.FormatUint(n, 10) + ";"))
		return r, Legal(r)
	}
	return rune(n), true
}

// isName reports whether s may be the name of an entity.
func isName(s string) bool {
	for _, r := range s {
		if !nameRune(r) {
			return false
		}
	}
	return s != ""
}

// nameRune reports whether r may stand in the name of an element or attribute.
func nameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
		r == '_' || r == '-' || r == '.' || r == ':' || r >= 0xB7 && r != utf8.RuneError
}
