package markup

import (
	"strings"
	"unicode/utf8"
)

// scanAttr reads one attribute. A problem means that the tag cannot be read on.
func (s *Scanner) scanAttr() (Attr, string) {
	a := Attr{Start: s.pos}
	name := s.scanName()
	if name == "" {
		s.note(s.pos, "Something stands here that is no attribute, and is passed over. Delete it.")
		_, size := utf8.DecodeRuneInString(s.text[s.pos:])
		s.pos += size
		return a, ""
	}
	a.Name = name
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		a.Prefix, a.Name = prefix, local
	}
	s.space()
	if !strings.HasPrefix(s.text[s.pos:], "=") {
		s.note(a.Start, "The attribute "+name+" has no value. Write "+name+"=\"…\" or delete it.")
		return a, ""
	}
	s.pos++
	s.space()
	if s.pos == len(s.text) {
		return a, "The file ends inside this tag, and it is left out. Save the file whole."
	}
	if c := s.text[s.pos]; c != '"' && c != '\'' {
		return s.scanUnquoted(a, name)
	}
	a.Quote = s.text[s.pos]
	s.pos++
	return s.scanQuoted(a, name)
}

// scanUnquoted reads a value without quotes: up to white space or the end of
// the tag.
func (s *Scanner) scanUnquoted(a Attr, name string) (Attr, string) {
	s.note(a.Start, "The value of "+name+" has no quotes. Write "+name+"=\"…\".")
	a.From = s.pos
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		if IsSpace(c) || c == '>' || c == '<' || c == '/' && strings.HasPrefix(s.text[s.pos:], "/>") {
			break
		}
		s.pos++
	}
	a.To = s.pos
	a.Value = s.say(a)
	return a, ""
}

// scanQuoted reads a value up to its closing quote: the first one after which
// the tag goes on as tags do. Quotes before that one were meant to be read.
func (s *Scanner) scanQuoted(a Attr, name string) (Attr, string) {
	a.From = s.pos
	end, inner := s.closingQuote(a)
	if end < 0 {
		return a, missing(name)
	}
	a.To = end
	raw := s.text[a.From:a.To]
	if i := strings.IndexByte(raw, '<'); i >= 0 {
		if nextTag(raw, i) < len(raw) || strings.HasSuffix(raw, "=") {
			return a, missing(name) // it runs into the next tag, or is markup with quotes of its own
		}
		s.note(a.From+i, "A < stands inside the value of "+name+". Write &lt; for it.")
	}
	if inner >= 0 {
		if assignment(raw) {
			return a, missing(name)
		}
		s.note(inner, "A quote stands inside the value of "+name+". Write &quot; for it.")
	}
	s.pos = a.To + 1
	a.Value = s.say(a)
	return a, ""
}

// missing says that the quotes of the attribute called name do not pair.
func missing(name string) string {
	return name + ": a quote is missing in this tag or stands where it should not, and the tag is left out. " +
		"Write \" at both ends of each value, and &quot; inside it."
}

// closingQuote returns the offset of the quote that ends a's value, or -1, and
// the offset of the first one that does not, or -1.
func (s *Scanner) closingQuote(a Attr) (end, inner int) {
	inner = -1
	limit := len(s.text)
	for at := s.pos; ; at++ {
		i := strings.IndexByte(s.text[at:limit], a.Quote)
		if i < 0 {
			return -1, inner
		}
		at += i
		if goesOn(s.text[at+1:]) {
			return at, inner
		}
		if inner < 0 {
			inner = at
			limit = nextTag(s.text, a.From)
		}
		if at >= limit {
			return -1, inner
		}
	}
}

// goesOn reports whether what follows a quote is what follows an attribute: the
// end of the tag, or a further attribute.
func goesOn(rest string) bool {
	trimmed := strings.TrimLeft(rest, " \t\r\n")
	if trimmed == "" || trimmed[0] == '>' || trimmed[0] == '<' || strings.HasPrefix(trimmed, "/>") {
		return true
	}
	end := strings.IndexFunc(trimmed, func(r rune) bool { return !nameRune(r) })
	if end < 0 {
		return len(trimmed) < len(rest) // the file ends inside a name
	}
	return end > 0 && strings.HasPrefix(strings.TrimLeft(trimmed[end:], " \t\r\n"), "=")
}

// assignment reports whether raw holds a further attribute: name="…
func assignment(raw string) bool {
	for at := 0; ; {
		i := strings.IndexByte(raw[at:], '=')
		if i < 0 {
			return false
		}
		at += i
		if at > 0 && at+1 < len(raw) && (raw[at+1] == '"' || raw[at+1] == '\'') {
			r, _ := utf8.DecodeLastRuneInString(raw[:at])
			if nameRune(r) {
				return true
			}
		}
		at++
	}
}

// say returns what the raw value of a says.
func (s *Scanner) say(a Attr) string {
	value, found := Plain(s.text[a.From:a.To])
	for _, f := range found {
		f.Offset += a.From
		s.Found = append(s.Found, f)
	}
	if !strings.ContainsAny(value, "\t\r\n") {
		return value
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, value)
}
