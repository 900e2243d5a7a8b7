package opml

import (
	"strings"
	"unicode/utf8"
)

// A kind says what a token is.
type kind int

const (
	endOfFile kind = iota
	startTag
	endTag
	words   // text between tags, raw
	literal // the inside of a CDATA section
)

// A token is one piece of markup.
type token struct {
	kind       kind
	name       string // of a tag: lower case, without a prefix
	start, end int    // in the text
	attrs      []attr
	empty      bool // <name/>
	broken     bool // a start tag that could not be read to its end
}

// An attr is one attribute as it stands in the file.
type attr struct {
	prefix, name string // as written
	value        string // what it says: references replaced, white space to blanks
	start        int    // of the name, in the text
	from, to     int    // of the raw value, without its quotes
	quote        byte   // 0 when there is none
}

// A scanner takes markup apart without insisting on it being well-formed. What
// it had to put up with is in found.
//
// It expands no entities but those of XML and HTML and the numeric ones.
type scanner struct {
	text  string
	pos   int
	found []finding
}

// note records a finding.
func (s *scanner) note(offset int, message string) {
	s.found = append(s.found, finding{offset: offset, severity: warning, message: message})
}

// breakAt records that the file is not whole.
func (s *scanner) breakAt(offset int, message string) {
	s.found = append(s.found, finding{offset: offset, severity: failure, message: message, broken: true})
}

// next returns the next tag or text. Comments, instructions and document types
// are passed over.
func (s *scanner) next() token {
	for s.pos < len(s.text) {
		rest := s.text[s.pos:]
		switch {
		case rest[0] != '<':
			return s.scanWords()
		case strings.HasPrefix(rest, "<!--"):
			s.skip(len("<!--"), "-->", "This comment")
		case strings.HasPrefix(rest, "<![CDATA["):
			return s.scanLiteral()
		case strings.HasPrefix(rest, "<?"):
			s.skip(len("<?"), "?>", "This instruction")
		case strings.HasPrefix(rest, "<!"):
			s.skipDoctype()
		case strings.HasPrefix(rest, "</") && len(rest) > 2 && nameStart(rest[2:]):
			return s.scanEndTag()
		case nameStart(rest[1:]):
			return s.scanStartTag()
		default:
			return s.scanWords()
		}
	}
	return token{kind: endOfFile, start: len(s.text), end: len(s.text)}
}

// nameStart reports whether a name begins here.
func nameStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && nameRune(r) && r != '-' && r != '.' && r != ':' && (r < '0' || r > '9')
}

// scanWords reads text up to the next tag. A "<" that begins no tag is text.
func (s *scanner) scanWords() token {
	start := s.pos
	if s.text[start] == '<' {
		s.note(start, "A < stands alone. Write &lt; for it.")
		s.pos++
	}
	if i := strings.IndexByte(s.text[s.pos:], '<'); i >= 0 {
		s.pos += i
	} else {
		s.pos = len(s.text)
	}
	return token{kind: words, start: start, end: s.pos}
}

// scanLiteral reads a CDATA section.
func (s *scanner) scanLiteral() token {
	start := s.pos + len("<![CDATA[")
	s.skip(len("<![CDATA["), "]]>", "This CDATA section")
	return token{kind: literal, start: start, end: max(start, s.pos-len("]]>"))}
}

// skip passes over what begins here and ends with end; open is how long its
// beginning is.
func (s *scanner) skip(open int, end, what string) {
	start := s.pos
	i := strings.Index(s.text[min(start+open, len(s.text)):], end)
	if i < 0 {
		s.breakAt(start, what+" does not end, and nothing after it is read. Write "+end+" where it should end.")
		s.pos = len(s.text)
		return
	}
	s.pos = start + open + i + len(end)
}

// skipDoctype passes over a document type. What it declares is not looked at.
func (s *scanner) skipDoctype() {
	start, depth := s.pos, 0
	var quote byte
	for ; s.pos < len(s.text); s.pos++ {
		switch c := s.text[s.pos]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>':
			depth--
		case c == '[':
			s.note(start, "The document type declares things of its own, which are not used. Delete it.")
		}
		if depth == 0 {
			s.pos++
			return
		}
	}
	s.breakAt(start, "The document type does not end, and nothing after it is read. Delete it.")
}

// scanName reads a name and returns it as written.
func (s *scanner) scanName() string {
	start := s.pos
	for s.pos < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[s.pos:])
		if !nameRune(r) {
			break
		}
		s.pos += size
	}
	return s.text[start:s.pos]
}

// local returns a tag's name as we compare it.
func local(name string) string {
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.ToLower(name)
}

// scanEndTag reads </name>.
func (s *scanner) scanEndTag() token {
	t := token{kind: endTag, start: s.pos}
	s.pos += len("</")
	t.name = local(s.scanName())
	i := strings.IndexAny(s.text[s.pos:], "<>")
	switch {
	case i < 0:
		s.pos = len(s.text)
		s.breakAt(t.start, "The file ends inside this tag. Save it whole.")
	case s.text[s.pos+i] == '<':
		s.pos += i
		s.breakAt(t.start, "This tag does not end. Write > after it.")
	default:
		s.pos += i + 1
	}
	t.end = s.pos
	return t
}

// scanStartTag reads <name attributes>.
func (s *scanner) scanStartTag() token {
	t := token{kind: startTag, start: s.pos}
	s.pos++
	t.name = local(s.scanName())
	for {
		s.space()
		rest := s.text[s.pos:]
		switch {
		case rest == "":
			return s.breakTag(t, t.start, "The file ends inside this tag, and it is left out. Save the file whole.")
		case rest[0] == '>':
			s.pos++
			t.end = s.pos
			return t
		case strings.HasPrefix(rest, "/>"):
			s.pos += 2
			t.end, t.empty = s.pos, true
			return t
		case rest[0] == '<':
			return s.breakTag(t, t.start, "This tag does not end, and it is left out. Write /> or > after it.")
		}
		a, problem := s.scanAttr()
		if problem != "" {
			return s.breakTag(t, a.start, problem)
		}
		if a.name != "" {
			t.attrs = append(t.attrs, a)
		}
	}
}

// space passes over white space.
func (s *scanner) space() {
	for s.pos < len(s.text) && isSpace(s.text[s.pos]) {
		s.pos++
	}
}

// isSpace reports XML's white space.
func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// breakTag gives a tag up: it ends where the next one begins.
func (s *scanner) breakTag(t token, offset int, message string) token {
	s.breakAt(offset, message)
	end := nextTag(s.text, t.start+1)
	given := strings.TrimRight(s.text[t.start:end], " \t\r\n")
	s.pos = end
	t.end, t.broken = end, true
	t.empty = !strings.HasSuffix(given, ">") || strings.HasSuffix(given, "/>")
	return t
}

// stoppers returns the beginnings of what never stands inside a tag.
func stoppers() [8]string {
	return [...]string{"<outline", "</outline", "<body", "</body", "</opml", "<head", "</head", "<!--"}
}

// nextTag returns where, from offset from on, something begins that never
// stands inside a tag, or else the end of text.
func nextTag(text string, from int) int {
	for at := from; ; at++ {
		i := strings.IndexByte(text[at:], '<')
		if i < 0 {
			return len(text)
		}
		at += i
		for _, stop := range stoppers() {
			if len(text)-at >= len(stop) && strings.EqualFold(text[at:at+len(stop)], stop) {
				return at
			}
		}
	}
}
