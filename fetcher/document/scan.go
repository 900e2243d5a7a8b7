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
// attribute slice is used again. It reports false when there is no tag: the '<'
// is then text, or the document ends inside the tag.
func readTag(b []byte, i int, t *tag) bool {
	t.start, t.attrs = i, t.attrs[:0]
	t.closing, t.empty = false, false
	i++
	if i < len(b) && b[i] == '/' {
		t.closing = true
		i++
	}
	if i >= len(b) || !isNameStart(b[i]) {
		return false
	}
	nameEnd := skipName(b, i)
	t.name = b[i:nameEnd]
	i = nameEnd
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
	for ; i < len(b); i++ {
		if b[i] == '>' {
			t.end = i + 1
			return true
		}
		if b[i] == '<' {
			t.end = i
			return true
		}
	}
	return false
}

// readAttributes reads from the end of a start tag's name to its '>'.
func readAttributes(b []byte, i int, t *tag) bool {
	for i < len(b) {
		i = skipSpace(b, i)
		if i >= len(b) {
			return false
		}
		switch c := b[i]; {
		case c == '>':
			t.end = i + 1
			return true
		case c == '<':
			return false
		case c == '/':
			i++
			t.empty = i < len(b) && b[i] == '>'
		case c == '"' || c == '\'' || c == '=':
			i++ // left over from a broken attribute
		default:
			next, ok := readAttribute(b, i, t)
			if !ok {
				return false
			}
			i = next
		}
	}
	return false
}

// readAttribute reads one attribute and returns the position after it. One
// without a value counts as empty; of several with one name the first counts.
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
			return 0, false
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
		return nil, 0, false
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
	if end < 0 || b[i+end] == '<' {
		return nil, 0, false
	}
	return bytes.TrimSuffix(b[i:i+end], []byte("/")), i + end, true
}

// endsValue reports whether what stands at b[i] may follow a quoted value: it
// tells a value with a raw '<' in it from a quote that was never closed.
func endsValue(b []byte, i int) bool {
	return i < len(b) && (isSpace(b[i]) || b[i] == '>' || b[i] == '/')
}

// skipMarkup returns the position after the comment, processing instruction,
// document type or CDATA section that starts with the '<' at b[i], and whether
// it was closed; ok is false when something else starts there. Nothing in a
// document type is ever expanded or fetched.
func skipMarkup(b []byte, i int) (next int, closed, ok bool) {
	rest := b[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return skipPast(b, i+4, "-->")
	case bytes.HasPrefix(rest, []byte("<?")):
		return skipPast(b, i+2, "?>")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return skipPast(b, i+9, "]]>")
	case bytes.HasPrefix(rest, []byte("<!")):
		next, closed = skipDirective(b, i+2)
		return next, closed, true
	}
	return i, false, false
}

// skipPast returns the position after the next occurrence of end. Without one
// it is the position after the next '>', so that the rest is not lost.
func skipPast(b []byte, i int, end string) (next int, closed, ok bool) {
	if n := bytes.Index(b[i:], []byte(end)); n >= 0 {
		return i + n + len(end), true, true
	}
	if n := bytes.IndexByte(b[i:], '>'); n >= 0 {
		return i + n + 1, false, true
	}
	return len(b), false, true
}

// skipDirective skips a document type declaration with its internal subset,
// where quoted strings and comments may hold anything.
func skipDirective(b []byte, i int) (next int, closed bool) {
	depth := 0
	for i < len(b) {
		switch c := b[i]; c {
		case '>':
			if depth == 0 {
				return i + 1, true
			}
			depth--
		case '<':
			if next, _, _ := skipPast(b, i, "-->"); bytes.HasPrefix(b[i:], []byte("<!--")) {
				i = next
				continue
			}
			depth++
		case '"', '\'':
			if n := bytes.IndexByte(b[i+1:], c); n >= 0 {
				i += n + 1
			}
		}
		i++
	}
	return len(b), false
}
