// Package markup reads tags, references and text of XML and HTML as publishers
// write them. It builds no tree and rejects nothing: what is not a tag is text.
// Every function takes time in proportion to its input.
package markup

import (
	"bytes"
	"strings"

	"caravan/fetcher/document/limits"
)

// A Tag is one start or end tag as it stands in the source. Names and values
// are slices of the source; values still hold their references.
type Tag struct {
	Start, End int // of the whole tag: source[start:end]
	Name       []byte
	Closing    bool // </name>
	Empty      bool // <name/>
	Attrs      []Attr
}

type Attr struct {
	Name, Value []byte
}

// Get returns the raw value of the attribute called name, of any prefix, an
// unprefixed one first. Case is ignored.
func (t *Tag) Get(name string) []byte {
	var found []byte
	for _, a := range t.Attrs {
		prefix, local := SplitName(a.Name)
		if !EqualFold(local, name) {
			continue
		}
		if len(prefix) == 0 {
			return a.Value
		}
		if found == nil {
			found = a.Value
		}
	}
	return found
}

// SplitName takes a qualified name apart.
func SplitName(name []byte) (prefix, local []byte) {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return nil, name
}

// EqualFold reports whether b equals s, which is in lower case, ASCII case ignored.
func EqualFold(b []byte, s string) bool {
	if len(b) != len(s) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != s[i] {
			return false
		}
	}
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isNameStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

func isNameByte(c byte) bool {
	return isNameStart(c) || '0' <= c && c <= '9' || c == ':' || c == '-' || c == '.'
}

// skipSpace returns the first position from i on that holds no white space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// skipName returns the position after the name that starts at i.
func skipName(b []byte, i int) int {
	for i < len(b) && isNameByte(b[i]) {
		i++
	}
	return i
}

// ReadTag reads the tag that starts with the '<' at b[i] into t, whose
// attribute slice is used again. It reports false when there is no tag: what
// stands from i to t.End is then text. Reading goes on at t.End in both cases,
// so no part of a document is looked at more than once.
func ReadTag(b []byte, i int, t *Tag) bool {
	t.Start, t.Attrs = i, t.Attrs[:0]
	t.Closing, t.Empty = false, false
	i++
	if i < len(b) && b[i] == '/' {
		t.Closing = true
		i++
	}
	t.End = i
	if i >= len(b) || !isNameStart(b[i]) {
		return false
	}
	t.End = skipName(b, i)
	t.Name = b[i:t.End]
	i = t.End
	if i >= len(b) || !isSpace(b[i]) && b[i] != '>' && b[i] != '/' && b[i] != '<' {
		return false
	}
	if t.Closing {
		return readClosing(b, i, t)
	}
	return readAttributes(b, i, t)
}

// readClosing finishes an end tag; one without its '>' ends before the next '<'.
func readClosing(b []byte, i int, t *Tag) bool {
	n := bytes.IndexAny(b[i:], "<>")
	if n < 0 {
		t.End = len(b)
		return false
	}
	t.End = i + n
	if b[t.End] == '>' {
		t.End++
	}
	return true
}

// readAttributes reads from the end of a start tag's name to its '>'.
func readAttributes(b []byte, i int, t *Tag) bool {
	for i = skipSpace(b, i); i < len(b); i = skipSpace(b, i) {
		switch c := b[i]; {
		case c == '>':
			t.End = i + 1
			return true
		case c == '<':
			t.End = i
			return false
		case c == '/':
			i++
			t.Empty = i < len(b) && b[i] == '>'
		case c == '"' || c == '\'' || c == '=':
			i++ // left over from a broken attribute
		default:
			next, ok := readAttribute(b, i, t)
			if !ok {
				t.End = next
				return false
			}
			i = next
		}
	}
	t.End = len(b)
	return false
}

// readAttribute reads one attribute and returns the position after it, or where
// it broke. One without a value counts as empty; of several with one name the
// first counts.
func readAttribute(b []byte, i int, t *Tag) (int, bool) {
	start := i
	for i < len(b) && !isSpace(b[i]) && b[i] != '=' && b[i] != '>' && b[i] != '<' && b[i] != '/' {
		i++
	}
	a := Attr{Name: b[start:i]}
	after := skipSpace(b, i)
	if after < len(b) && b[after] == '=' {
		var ok bool
		i = skipSpace(b, after+1)
		if a.Value, i, ok = readValue(b, i); !ok {
			return i, false
		}
	}
	if len(t.Attrs) >= limits.Attributes {
		return i, true
	}
	for _, have := range t.Attrs {
		if bytes.Equal(have.Name, a.Name) {
			return i, true
		}
	}
	t.Attrs = append(t.Attrs, a)
	return i, true
}

// readValue reads an attribute's value, quoted or not. A quote that is not
// closed inside the tag ends with the tag.
func readValue(b []byte, i int) (value []byte, next int, ok bool) {
	if i >= len(b) {
		return nil, i, false
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		start := i
		for i < len(b) && !isSpace(b[i]) && b[i] != '>' && b[i] != '<' {
			i++
		}
		if i < len(b) && b[i] == '>' && i > start && b[i-1] == '/' {
			i-- // <link href=http://example.org/>: the slash closes the element
		}
		return b[start:i], i, i < len(b)
	}
	i++
	n := bytes.IndexByte(b[i:], quote)
	if n >= 0 && bytes.IndexByte(b[i:i+n], '<') < 0 {
		return b[i : i+n], i + n + 1, true
	}
	if n >= 0 && endsValue(b, i+n+1) {
		return b[i : i+n], i + n + 1, true
	}
	end := bytes.IndexAny(b[i:], "<>")
	if end < 0 {
		return nil, len(b), false
	}
	if b[i+end] == '<' {
		return nil, i + end, false
	}
	if end > 0 && b[i+end-1] == '/' {
		end-- // <link href="http://example.org/a/>: the slash closes the element
	}
	return b[i : i+end], i + end, true
}

// endsValue reports whether what stands at b[i] may follow a quoted value: it
// tells a value with a raw '<' in it from a quote that was never closed.
func endsValue(b []byte, i int) bool {
	return i < len(b) && (isSpace(b[i]) || b[i] == '>' || b[i] == '/')
}

// A Seeker passes over what is neither text nor a tag. It remembers where the
// next end of each kind stands, so that many that are never closed cost no more
// than one.
type Seeker struct {
	Src  []byte
	next [3]struct{ from, at int } // the first end at or after from
	open bool                      // a document type was never closed
}

const (
	Comment = iota
	Instruction
	Section
)

// ends returns how a comment, an instruction and a CDATA section end.
func ends(kind int) string { return [...]string{"-->", "?>", "]]>"}[kind] }

// Index returns the position of the next end of that kind at or after i, or -1.
func (s *Seeker) Index(kind, i int) int {
	n := &s.next[kind]
	if n.from > 0 && n.from <= i && (i <= n.at || n.at < 0) {
		return n.at
	}
	at := bytes.Index(s.Src[i:], []byte(ends(kind)))
	if at >= 0 {
		at += i
	}
	n.from, n.at = max(i, 1), at
	return at
}

// Skip returns the position after the comment, processing instruction, document
// type or CDATA section that starts with the '<' at i, and whether it was
// closed; ok is false when something else starts there. What is not closed goes
// up to the next '>', so that the rest is not lost. Nothing in a document type
// is ever expanded or fetched.
func (s *Seeker) Skip(i int) (next int, closed, ok bool) {
	rest := s.Src[i:]
	switch {
	case len(rest) < 2 || rest[1] != '!' && rest[1] != '?':
		return i, false, false
	case rest[1] == '?':
		next, closed = s.skipPast(Instruction, i+2)
	case bytes.HasPrefix(rest, []byte("<!--")):
		next, closed = s.skipPast(Comment, i+4)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		next, closed = s.skipPast(Section, i+9)
	case len(rest) > 9 && EqualFold(rest[2:9], "doctype"):
		next, closed = s.skipDoctype(i + 9)
	default:
		n := bytes.IndexAny(rest[1:], "<>")
		if n < 0 || rest[1+n] == '<' {
			return i, false, false
		}
		next, closed = i+n+2, true
	}
	return next, closed, true
}

func (s *Seeker) skipPast(kind, i int) (next int, closed bool) {
	if at := s.Index(kind, i); at >= 0 {
		return at + len(ends(kind)), true
	}
	return s.nextEnd(i), false
}

// nextEnd returns the position after the next '>'.
func (s *Seeker) nextEnd(i int) int {
	if n := bytes.IndexByte(s.Src[i:], '>'); n >= 0 {
		return i + n + 1
	}
	return len(s.Src)
}

// commentEnd returns the position after the comment that starts at i, or i when
// none starts there or it is never closed.
func (s *Seeker) commentEnd(i int) int {
	if !bytes.HasPrefix(s.Src[i:], []byte("<!--")) {
		return i
	}
	if at := s.Index(Comment, i); at >= 0 {
		return at + len(ends(Comment))
	}
	return i
}

// skipDoctype skips a document type declaration with its internal subset, where
// quoted strings and comments may hold anything. When one was never closed, no
// further one is looked through.
func (s *Seeker) skipDoctype(start int) (next int, closed bool) {
	depth := 0
	for i := start; i < len(s.Src) && !s.open; i++ {
		switch c := s.Src[i]; c {
		case '>':
			if depth == 0 {
				return i + 1, true
			}
			depth--
		case '<':
			if end := s.commentEnd(i); end > i {
				i = end - 1
				continue
			}
			depth++
		case '"', '\'':
			if n := bytes.IndexByte(s.Src[i+1:], c); n >= 0 {
				i += n + 1
			}
		}
	}
	s.open = true
	return s.nextEnd(start), false
}

// LowerName returns a local name in lower case.
func LowerName(name []byte) string { return strings.ToLower(string(name)) }

// IndexEndTag returns the position of the first end tag of that name in b.
func IndexEndTag(b, name []byte) int {
	for i := 0; ; i += 2 {
		n := bytes.Index(b[i:], []byte("</"))
		if n < 0 {
			return -1
		}
		i += n
		rest := b[i+2:]
		if len(rest) > len(name) && bytes.EqualFold(rest[:len(name)], name) && !isNameByte(rest[len(name)]) {
			return i
		}
	}
}
