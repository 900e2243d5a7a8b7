// Package markup takes the text of a file apart into tags, attributes and words,
// whatever its encoding and however carelessly it is written. It knows where in
// the file each of them stands, so that an edit can change it and nothing else.
//
// It does no I/O and keeps no state outside its values.
package markup

import (
	"strings"
	"unicode/utf8"

	"caravan"
)

// A Kind says what a token is.
type Kind int

// The kinds of tokens.
const (
	EndOfFile Kind = iota
	StartTag
	EndTag
	Words   // text between tags, raw
	Literal // the inside of a CDATA section
)

// A Token is one piece of markup.
type Token struct {
	Kind       Kind
	Name       string // of a tag: lower case, without a prefix
	Start, End int    // in the text
	Attrs      []Attr
	Empty      bool // <name/>
	Broken     bool // a start tag that could not be read to its end; Attrs are those before the break
}

// An Attr is one attribute as it stands in the file.
type Attr struct {
	Prefix, Name string // as written
	Value        string // what it says: references replaced, white space to blanks
	Start        int    // of the name, in the text
	From, To     int    // of the raw value, without its quotes
	Quote        byte   // 0 when there is none
}

// Full returns the name of a as written.
func (a Attr) Full() string {
	if a.Prefix == "" {
		return a.Name
	}
	return a.Prefix + ":" + a.Name
}

// A Scanner takes markup apart without insisting on it being well-formed. What
// it had to put up with is in Found.
//
// It expands no entities but those of XML and HTML and the numeric ones.
type Scanner struct {
	text  string
	pos   int
	Found []Finding
}

// NewScanner returns a scanner at the beginning of text.
func NewScanner(text string) *Scanner { return &Scanner{text: text} }

// note records a finding.
func (s *Scanner) note(offset int, message string) {
	s.Found = append(s.Found, Finding{Offset: offset, Severity: caravan.SeverityWarning, Message: message})
}

// breakAt records that the file is not whole.
func (s *Scanner) breakAt(offset int, message string) {
	s.Found = append(s.Found, Finding{Offset: offset, Severity: caravan.SeverityError, Message: message, Broken: true})
}

// Next returns the next tag or text. Comments, instructions and document types
// are passed over.
func (s *Scanner) Next() Token {
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
	return Token{Kind: EndOfFile, Start: len(s.text), End: len(s.text)}
}

// nameStart reports whether a name begins here.
func nameStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && nameRune(r) && r != '-' && r != '.' && r != ':' && (r < '0' || r > '9')
}

// scanWords reads text up to the next tag. A "<" that begins no tag is text.
func (s *Scanner) scanWords() Token {
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
	return Token{Kind: Words, Start: start, End: s.pos}
}

// scanLiteral reads a CDATA section.
func (s *Scanner) scanLiteral() Token {
	start := s.pos + len("<![CDATA[")
	s.skip(len("<![CDATA["), "]]>", "This CDATA section")
	return Token{Kind: Literal, Start: start, End: max(start, s.pos-len("]]>"))}
}

// skip passes over what begins here and ends with end; open is how long its
// beginning is.
func (s *Scanner) skip(open int, end, what string) {
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
func (s *Scanner) skipDoctype() {
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
func (s *Scanner) scanName() string {
	name := NameAt(s.text, s.pos)
	s.pos += len(name)
	return name
}

// NameAt returns the name that begins at offset, as written.
func NameAt(text string, offset int) string {
	end := strings.IndexFunc(text[offset:], func(r rune) bool { return !nameRune(r) })
	if end < 0 {
		return text[offset:]
	}
	return text[offset : offset+end]
}

// local returns a tag's name as we compare it.
func local(name string) string {
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.ToLower(name)
}

// scanEndTag reads </name>.
func (s *Scanner) scanEndTag() Token {
	t := Token{Kind: EndTag, Start: s.pos}
	s.pos += len("</")
	t.Name = local(s.scanName())
	i := strings.IndexAny(s.text[s.pos:], "<>")
	switch {
	case i < 0:
		s.pos = len(s.text)
		s.breakAt(t.Start, "The file ends inside this tag. Save it whole.")
	case s.text[s.pos+i] == '<':
		s.pos += i
		s.breakAt(t.Start, "This tag does not end. Write > after it.")
	default:
		s.pos += i + 1
	}
	t.End = s.pos
	return t
}

// scanStartTag reads <name attributes>.
func (s *Scanner) scanStartTag() Token {
	t := Token{Kind: StartTag, Start: s.pos}
	s.pos++
	t.Name = local(s.scanName())
	for {
		s.space()
		rest := s.text[s.pos:]
		switch {
		case rest == "":
			return s.breakTag(t, t.Start, "The file ends inside this tag, and it is left out. Save the file whole.")
		case rest[0] == '>':
			s.pos++
			t.End = s.pos
			return t
		case strings.HasPrefix(rest, "/>"):
			s.pos += 2
			t.End, t.Empty = s.pos, true
			return t
		case rest[0] == '<':
			return s.breakTag(t, t.Start, "This tag does not end, and it is left out. Write /> or > after it.")
		}
		a, problem := s.scanAttr()
		if problem != "" {
			return s.breakTag(t, a.Start, problem)
		}
		if t.Attrs == nil {
			t.Attrs = make([]Attr, 0, 6) // what a row usually has
		}
		if a.Name != "" {
			t.Attrs = append(t.Attrs, a)
		}
	}
}

// space passes over white space.
func (s *Scanner) space() {
	for s.pos < len(s.text) && IsSpace(s.text[s.pos]) {
		s.pos++
	}
}

// IsSpace reports XML's white space.
func IsSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// breakTag gives a tag up: it ends where the next one begins.
func (s *Scanner) breakTag(t Token, offset int, message string) Token {
	s.breakAt(offset, message)
	end := nextTag(s.text, t.Start+1)
	given := strings.TrimRight(s.text[t.Start:end], " \t\r\n")
	s.pos = end
	t.End, t.Broken = end, true
	t.Empty = !strings.HasSuffix(given, ">") || strings.HasSuffix(given, "/>")
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
