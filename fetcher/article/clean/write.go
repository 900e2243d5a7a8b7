package clean

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"caravan/fetcher/article/boilerplate"
	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/plaintext"
)

// push writes e's start tag with the attributes just read and opens it.
func (c *cleaner) push(e element) {
	f := frame{element: e, start: len(c.out), space: c.space}
	f.noise = c.attrs.noisy()
	if e.kind != ghost {
		c.out = append(c.out, '<')
		c.out = append(c.out, e.name...)
		c.out = c.attrs.write(c.out, e.name, c.at)
		c.out = append(c.out, '>')
	}
	if e.name == "a" && e.kind != ghost {
		f.href = c.attrs.href
	}
	c.enter(f)
}

// pushPlain opens e without attributes.
func (c *cleaner) pushPlain(e element) {
	f := frame{element: e, start: len(c.out), space: c.space}
	c.out = append(c.out, '<')
	c.out = append(c.out, e.name...)
	c.out = append(c.out, '>')
	c.enter(f)
}

// enter puts f, whose start tag is written, on the stack.
func (c *cleaner) enter(f frame) {
	f.inside, f.text, f.prose = len(c.out), c.text.Len(), c.prose.Len()
	f.visible = f.kind == cell
	c.stack = append(c.stack, f)
	c.textBreak(f.element)
	if !inlineOnly(f) {
		c.space = true
	}
	if f.name == "pre" {
		c.pre++
		c.preStart = f.inside
	}
	if quietElement(f.element) {
		c.quiet++
	}
}

// quietElement reports whether text inside e is no running prose.
func quietElement(e element) bool {
	return e.kind == heading || e.kind == table || e.name == "figcaption" || e.name == "pre"
}

// pop closes the innermost element. An element with nothing in it to see is
// taken out again; the space that it stood for stays.
func (c *cleaner) pop() {
	f := c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
	c.leave(f)
	switch {
	case f.kind == ghost:
	case inlineOnly(f) && isSpace(c.out[f.inside:]):
		c.unwrite(f, len(c.out) > f.inside)
		return
	case !inlineOnly(f) && !f.visible:
		c.unwrite(f, true)
		return
	default:
		c.out = append(c.out, '<', '/')
		c.out = append(c.out, f.name...)
		c.out = append(c.out, '>')
		c.space = c.space || !inlineOnly(f)
	}
	if f.href != "" {
		c.addLink(f.href)
	}
	if f.visible {
		c.see()
	}
}

// leave ends what enter began for f, apart from the tag.
func (c *cleaner) leave(f frame) {
	if f.name == "pre" {
		c.pre--
	}
	if quietElement(f.element) {
		c.quiet--
	}
	if f.noise && c.text.Len() > f.text {
		c.addNoise(Span{f.text, c.text.Len()})
	}
	if f.href != "" {
		c.text.SetApart(f.text, boilerplate.IsInvitation)
		c.prose.SetApart(f.prose, boilerplate.IsInvitation)
	}
	c.textBreak(f.element)
}

// addNoise remembers a noisy part of the text; it takes the place of those
// inside of it, so that the parts stay in order.
func (c *cleaner) addNoise(part Span) {
	for n := len(c.noise); n > 0 && c.noise[n-1].From >= part.From; n-- {
		c.noise = c.noise[:n-1]
	}
	c.noise = append(c.noise, part)
}

// unwrite takes everything back that was written since f began, leaving a
// space in its place when spaced.
func (c *cleaner) unwrite(f frame, spaced bool) {
	c.out = c.out[:f.start]
	c.space = f.space
	if spaced && !c.space && !c.inTable() {
		c.out = append(c.out, ' ')
		c.space = true
	}
}

// see notes that the innermost element holds something to see.
func (c *cleaner) see() {
	if n := len(c.stack); n > 0 {
		c.stack[n-1].visible = true
	}
}

// textBreak separates the plain text where an element begins or ends.
func (c *cleaner) textBreak(e element) {
	switch e.kind {
	case inline, ghost, ruby, rubyText:
	case cell:
		c.text.Gap(plaintext.Space)
		c.prose.Gap(plaintext.Space)
	default:
		c.text.Gap(plaintext.Newline)
		c.prose.Gap(plaintext.Newline)
	}
}

// addLink remembers an address that the content links to.
func (c *cleaner) addLink(address string) {
	if c.seen[address] || len(c.links) >= maxLinks || !hyperlink.IsWeb(address) {
		return
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[address] = true
	c.links = append(c.links, address)
}

// writeText writes the text s, whose references are already decoded.
func (c *cleaner) writeText(s []byte) {
	if c.inTable() || len(c.stack) > 0 && c.stack[len(c.stack)-1].kind == list {
		if isSpace(s) {
			return
		}
		c.ensureFlow()
	}
	if s = c.withoutStroke(s); !isBlank(s) {
		c.see()
	}
	if c.pre > 0 {
		c.writePre(s)
	} else {
		c.writeFlow(s)
	}
	c.text.Write(s)
	if c.quiet == 0 {
		c.prose.Write(s)
	}
}

// writeFlow writes s with each run of white space made one, and without what
// no reader sees.
func (c *cleaner) writeFlow(s []byte) {
	for len(s) > 0 {
		n := plainRun(s)
		c.out = append(c.out, s[:n]...)
		switch {
		case n > 0:
			c.space = false
		case plaintext.IsSpace(s[0]):
			n = 1
			c.writeSpace(s[0])
		case s[0] < utf8.RuneSelf:
			n = 1
			before := len(c.out)
			c.out = appendEscaped(c.out, s[0])
			c.space = c.space && len(c.out) == before
		default:
			var written bool
			n, written = c.writeRune(s)
			c.space = c.space && !written
		}
		s = s[n:]
	}
}

// writeSpace writes white space unless there is some already.
func (c *cleaner) writeSpace(b byte) {
	if c.space {
		return
	}
	if b != '\n' {
		b = ' '
	}
	c.out = append(c.out, b)
	c.space = true
}

// writePre writes s with its white space as it is.
func (c *cleaner) writePre(s []byte) {
	for len(s) > 0 {
		n := plainRun(s)
		c.out = append(c.out, s[:n]...)
		switch {
		case n > 0:
		case s[0] < utf8.RuneSelf:
			n = 1
			c.writePreByte(s[0])
		default:
			n, _ = c.writeRune(s)
		}
		s = s[n:]
	}
	c.space = false
}

// writePreByte writes a byte of ASCII inside of a pre element.
func (c *cleaner) writePreByte(b byte) {
	switch b {
	case '\n', '\r', '\f':
		// A parser takes a line break right after <pre> for layout.
		if len(c.out) != c.preStart {
			c.out = append(c.out, '\n')
		}
	case '\t':
		c.out = append(c.out, b)
	default:
		c.out = appendEscaped(c.out, b)
	}
}

// writeRune writes the character beyond ASCII that s begins with, if it may be
// stored; it returns its size and whether it was written.
func (c *cleaner) writeRune(s []byte) (int, bool) {
	r, size := utf8.DecodeRune(s)
	if !plaintext.Keep(r) {
		return size, false
	}
	c.out = append(c.out, s[:size]...)
	return size, true
}

// withoutStroke returns s without a U+0338 among the combining marks that it
// begins with, when nothing but such marks stands between the last tag and
// here: U+0338 would become one character with the ">" of the tag, and the tag
// lose its end, as soon as the page is brought into NFC.
func (c *cleaner) withoutStroke(s []byte) []byte {
	end := 0
	for end < len(s) {
		r, size := utf8.DecodeRune(s[end:])
		if r > ' ' && r != 0x7f && (r < 0x80 || plaintext.Keep(r) && norm.NFC.Properties(s[end:]).CCC() == 0) || plaintext.IsSpace(s[end]) {
			break
		}
		end += size
	}
	if end == 0 || !bytes.Contains(s[:end], []byte("\u0338")) || !c.afterTag() {
		return s
	}
	return append(bytes.ReplaceAll(s[:end], []byte("\u0338"), nil), s[end:]...)
}

// afterTag reports whether nothing but combining marks stands between the last
// tag and here.
func (c *cleaner) afterTag() bool {
	b := c.out
	for range 16 {
		r, size := utf8.DecodeLastRune(b)
		if r == '>' {
			return true
		}
		if size == 0 || norm.NFC.Properties(b[len(b)-size:]).CCC() == 0 {
			return false
		}
		b = b[:len(b)-size]
	}
	return true
}

// plainByte marks the bytes of ASCII that are written as they are.
var plainByte = func() (t [256]bool) {
	for b := '!'; b < 0x7f; b++ {
		t[b] = b != '<' && b != '>' && b != '&'
	}
	return t
}()

// plainRun returns how many bytes at the beginning of s are written as they
// are.
func plainRun(s []byte) int {
	n := 0
	for n < len(s) && plainByte[s[n]] {
		n++
	}
	return n
}

// appendEscaped appends one byte of ASCII text as HTML; control characters are
// left out.
func appendEscaped(dst []byte, b byte) []byte {
	switch {
	case b == '&':
		return append(dst, "&amp;"...)
	case b == '<':
		return append(dst, "&lt;"...)
	case b == '>':
		return append(dst, "&gt;"...)
	case b < ' ' || b == 0x7f:
		return dst
	}
	return append(dst, b)
}

// isSpace reports whether s is nothing but white space in HTML.
func isSpace(s []byte) bool {
	for _, b := range s {
		if !plaintext.IsSpace(b) {
			return false
		}
	}
	return true
}

// isBlank reports whether s shows nothing: white space, no-break spaces and
// what is not written at all.
func isBlank(s []byte) bool {
	for _, r := range string(s) {
		switch {
		case r < 0x80 && (r <= ' ' || r == 0x7f):
		case r == 0xa0, r == 0x200b, r == 0x2060, r == 0xad:
		case r >= 0x80 && !plaintext.Keep(r):
		default:
			return false
		}
	}
	return true
}

// trimSpaceRight takes white space off the end of b.
func trimSpaceRight(b []byte) []byte {
	for len(b) > 0 && plaintext.IsSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
