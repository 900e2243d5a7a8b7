package document

import "bytes"

// A tag is one start or end tag as it stands in the source. Names and values
// are slices of the source; values still hold their references.
type tag struct {
	start, end int // of the whole tag: source[start:end]
	name       []byte
	closing    bool // </name>
	empty      bool // <name/>
	attrs      []attr
}

type attr struct {
	name, value []byte
}

// get returns the raw value of the attribute called name, of any prefix, an
// unprefixed one first. Case is ignored.
func (t *tag) get(name string) []byte {
	var found []byte
	for _, a := range t.attrs {
		prefix, local := splitName(a.name)
		if !equalFold(local, name) {
			continue
		}
		if len(prefix) == 0 {
			return a.value
		}
		if found == nil {
			found = a.value
		}
	}
	return found
}

// splitName takes a qualified name apart.
func splitName(name []byte) (prefix, local []byte) {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return nil, name
}

// equalFold reports whether b equals s, which is in lower case, ASCII case ignored.
func equalFold(b []byte, s string) bool {
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

// readTag reads the tag that starts with the '<' at b[i] into t, whose
// attribute slice is used again. It reports false when there is no tag: what
// stands from i to t.end is then text. Reading goes on at t.end in both cases,
// so no part of a document is looked at more than once.
func readTag(b []byte, i int, t *tag) bool {
	t.start, t.attrs = i, t.attrs[:0]
	t.closing, t.empty = false, false
	i++
	if i < len(b) && b[i] == '/' {
		t.closing = true
		i++
	}
	t.end = i
	if i >= len(b) || !isNameStart(b[i]) {
		return false
	}
	t.end = skipName(b, i)
	t.name = b[i:t.end]
	i = t.end
	if i >= len(b) || !isSpace(b[i]) && b[i] != '>' && b[i] != '/' && b[i] != '<' {
		return false
	}
	if t.closing {
		return readClosing(b, i, t)
	}
	return readAttributes(b, i, t)
}

// readClosing finishes an end tag; one without its '>' ends before the next '<'.
func readClosing(b []byte, i int, t *tag) bool {
	n := bytes.IndexAny(b[i:], "<>")
	if n < 0 {
		t.end = len(b)
		return false
	}
	t.end = i + n
	if b[t.end] == '>' {
		t.end++
	}
	return true
}

// readAttributes reads from the end of a start tag's name to its '>'.
func readAttributes(b []byte, i int, t *tag) bool {
	for i = skipSpace(b, i); i < len(b); i = skipSpace(b, i) {
		switch c := b[i]; {
		case c == '>':
			t.end = i + 1
			return true
		case c == '<':
			t.end = i
			return false
		case c == '/':
			i++
			t.empty = i < len(b) && b[i] == '>'
		case c == '"' || c == '\'' || c == '=':
			i++ // left over from a broken attribute
		default:
			next, ok := readAttribute(b, i, t)
			if !ok {
				t.end = next
				return false
			}
			i = next
		}
	}
	t.end = len(b)
	return false
}

// readAttribute reads one attribute and returns the position after it, or where
// it broke. One without a value counts as empty; of several with one name the
// first counts.
func readAttribute(b []byte, i int, t *tag) (int, bool) {
	start := i
	for i < len(b) && !isSpace(b[i]) && b[i] != '=' && b[i] != '>' && b[i] != '<' && b[i] != '/' {
		i++
	}
	a := attr{name: b[start:i]}
	after := skipSpace(b, i)
	if after < len(b) && b[after] == '=' {
		var ok bool
		i = skipSpace(b, after+1)
		if a.value, i, ok = readValue(b, i); !ok {
			return i, false
		}
	}
	if len(t.attrs) >= maxAttributes {
		return i, true
	}
	for _, have := range t.attrs {
		if bytes.Equal(have.name, a.name) {
			return i, true
		}
	}
	t.attrs = append(t.attrs, a)
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
	return bytes.TrimSuffix(b[i:i+end], []byte("/")), i + end, true
}

// endsValue reports whether what stands at b[i] may follow a quoted value: it
// tells a value with a raw '<' in it from a quote that was never closed.
func endsValue(b []byte, i int) bool {
	return i < len(b) && (isSpace(b[i]) || b[i] == '>' || b[i] == '/')
}

// A seeker passes over what is neither text nor a tag. It remembers where the
// next end of each kind stands, so that many that are never closed cost no more
// than one.
type seeker struct {
	src  []byte
	next [3]struct{ from, at int } // the first end at or after from
}

const (
	comment = iota
	instruction
	section
)

// ends returns how a comment, an instruction and a CDATA section end.
func ends(kind int) string { return [...]string{"-->", "?>", "]]>"}[kind] }

// index returns the position of the next end of that kind at or after i, or -1.
func (s *seeker) index(kind, i int) int {
	n := &s.next[kind]
	if n.from > 0 && n.from <= i && (i <= n.at || n.at < 0) {
		return n.at
	}
	at := bytes.Index(s.src[i:], []byte(ends(kind)))
	if at >= 0 {
		at += i
	}
	n.from, n.at = max(i, 1), at
	return at
}

// skip returns the position after the comment, processing instruction, document
// type or CDATA section that starts with the '<' at i, and whether it was
// closed; ok is false when something else starts there. What is not closed goes
// up to the next '>', so that the rest is not lost. Nothing in a document type
// is ever expanded or fetched.
func (s *seeker) skip(i int) (next int, closed, ok bool) {
	rest := s.src[i:]
	switch {
	case len(rest) < 2 || rest[1] != '!' && rest[1] != '?':
		return i, false, false
	case rest[1] == '?':
		next, closed = s.skipPast(instruction, i+2)
	case bytes.HasPrefix(rest, []byte("<!--")):
		next, closed = s.skipPast(comment, i+4)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		next, closed = s.skipPast(section, i+9)
	case len(rest) > 9 && equalFold(rest[2:9], "doctype"):
		next, closed = skipDoctype(s.src, i+9)
	default:
		n := bytes.IndexAny(rest[1:], "<>")
		if n < 0 || rest[1+n] == '<' {
			return i, false, false
		}
		next, closed = i+n+2, true
	}
	return next, closed, true
}

func (s *seeker) skipPast(kind, i int) (next int, closed bool) {
	if at := s.index(kind, i); at >= 0 {
		return at + len(ends(kind)), true
	}
	if n := bytes.IndexByte(s.src[i:], '>'); n >= 0 {
		return i + n + 1, false
	}
	return len(s.src), false
}

// skipDoctype skips a document type declaration with its internal subset, where
// quoted strings and comments may hold anything.
func skipDoctype(b []byte, i int) (next int, closed bool) {
	depth := 0
	start := i
	for i < len(b) {
		switch c := b[i]; c {
		case '>':
			if depth == 0 {
				return i + 1, true
			}
			depth--
		case '<':
			if bytes.HasPrefix(b[i:], []byte("<!--")) {
				if n := bytes.Index(b[i:], []byte("-->")); n >= 0 {
					i += n + 2
					break
				}
			}
			depth++
		case '"', '\'':
			if n := bytes.IndexByte(b[i+1:], c); n >= 0 {
				i += n + 1
			}
		}
		i++
	}
	if n := bytes.IndexByte(b[start:], '>'); n >= 0 {
		return start + n + 1, false
	}
	return len(b), false
}
