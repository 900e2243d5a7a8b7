package canonical

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"caravan/fetcher/document/charset"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// field reads the text of the element just started, whose start tag is at hand,
// and writes it in canonical form. An element that the document's end cuts off
// is left out.
func (r *rewriter) field(e *element) {
	kind := r.wordingOf(e)
	r.buf, r.frozen = r.buf[:0], false
	r.mixed = e.how == words && isXHTML(e, r.tag.Get("type"))
	if !r.tag.Empty && !r.readText(e, kind) {
		return
	}
	if r.mixed {
		kind = markup.HTML
	}
	value := bytes.TrimSpace(r.buf)
	if markup.EqualFold(r.tag.Get("mode"), "base64") {
		value, kind = decodeBase64(value), markup.HTML
	}
	switch e.how {
	case date:
		r.writeDate(e.key, string(value))
		return
	case address:
		value = []byte(href.Resolve(e.base, string(value)))
	}
	value = limitField(e, value)
	if r.in != nil && r.open[len(r.open)-1].how == post {
		r.remember(e, value, kind)
	}
	r.writeTag(e, false)
	r.writeCharacters(value)
	r.writeEnd(e.key)
}

// decodeBase64 decodes the text of an element of Atom 0.3 in that mode. What is
// no text in the end is nothing.
func decodeBase64(value []byte) []byte {
	value, err := base64.StdEncoding.AppendDecode(nil, bytes.Join(bytes.Fields(value), nil))
	if err != nil || !utf8.Valid(value) {
		return nil
	}
	return charset.Clean(value)
}

// wordingOf says how the text of the element at hand is to be understood, by
// the attributes that Atom 1.0 and 0.3 have for it.
func (r *rewriter) wordingOf(e *element) markup.Wording {
	if !r.doc.Atom || e.how != words || strings.Contains(e.key, ":") {
		return markup.Loose
	}
	kind := strings.ToLower(strings.TrimSpace(string(r.tag.Get("type"))))
	switch {
	case kind == "", kind == "text", kind == "text/plain", kind == "plain":
		return markup.Text
	case strings.Contains(kind, "html"):
		return markup.HTML
	case strings.HasPrefix(kind, "text/"), e.key != "content":
		return markup.Text
	}
	return markup.Opaque
}

// isXHTML reports whether the text of the element is markup of XML: what stands
// escaped in it is then text.
func isXHTML(e *element, kind []byte) bool {
	return bytes.Contains(bytes.ToLower(kind), []byte("xhtml")) || strings.HasPrefix(e.key, "xhtml:")
}

// limitField cuts a value to what such a field may hold. An address that is too
// long is no address.
func limitField(e *element, value []byte) []byte {
	limit := limits.Meta
	switch {
	case e.how == address && len(value) > limits.Address:
		return nil
	case e.how == plain:
		limit = limits.Address
	case strings.HasSuffix(e.key, "content"), strings.HasSuffix(e.key, "encoded"), e.key == "description", e.key == "summary", e.key == "xhtml:body":
		limit = limits.Content
	}
	if len(value) > limit {
		value = []byte(limits.Clip(string(value), limit))
	}
	return value
}

// remember keeps what gofeed does not carry of an item's own fields.
func (r *rewriter) remember(e *element, value []byte, kind markup.Wording) {
	switch e.key {
	case "id":
		r.in.ID = string(value)
		return
	case "title":
		r.in.Title = kind
		return
	case "summary":
		r.in.Summary = kind
	case "content":
		r.in.Content = kind
		r.in.Src = href.Resolve(e.base, string(r.decoded(r.tag.Get("src"))))
	case "description", "content:encoded", "xhtml:body":
	default:
		return
	}
	if e.base != "" {
		r.in.Base = e.base
	}
	if e.lang != "" {
		r.in.Lang = e.lang
	}
}

// readText reads up to the end of the element e into r.buf. It reports false
// when the document ends before the element does.
func (r *rewriter) readText(e *element, kind markup.Wording) bool {
	nested := 0
	for {
		i := bytes.IndexByte(r.Src[r.pos:], '<')
		if i < 0 {
			r.pos = len(r.Src)
			return false
		}
		r.addText(r.Src[r.pos : r.pos+i])
		r.pos += i
		if bytes.HasPrefix(r.Src[r.pos:], []byte("<![CDATA[")) {
			r.addCDATA(e)
			continue
		}
		if next, _, ok := r.Skip(r.pos); ok {
			r.pos = next
			continue
		}
		if !markup.ReadTag(r.Src, r.pos, &r.inner) {
			r.addLess(e, kind)
			continue
		}
		if r.endsField(e, &nested) {
			return true
		}
		r.pos = r.inner.End
		if e.how == words {
			r.addTag(kind)
		} else if e.key == "author" && markup.EqualFold(r.inner.Name, "name") {
			r.takeName()
		}
	}
}

// takeName makes the content of <name>, inside an author of RSS that is written
// as in Atom, the whole text.
func (r *rewriter) takeName() {
	if !r.inner.Closing {
		r.buf = r.buf[:0]
	}
	r.frozen = r.inner.Closing
}

// endsField reports whether the tag at hand inside the element e ends it. An
// own end tag is consumed; anything else that cannot stand inside e, because e
// was never closed, is left to be read again.
func (r *rewriter) endsField(e *element, nested *int) bool {
	same := bytes.EqualFold(r.inner.Name, e.name)
	if r.inner.Closing {
		if same && *nested == 0 {
			r.pos = r.inner.End
			return true
		}
		if same {
			*nested--
		}
		if same || !r.isOpen(r.inner.Name) {
			return false
		}
	} else if same && r.mixed {
		if !r.inner.Empty {
			*nested++
		}
		return false
	} else if !same && !r.cannotContain(e) {
		return false
	}
	r.Note(e.pos, "<"+limits.Clip(string(e.name), 40)+"> is not closed")
	return true
}

// isOpen reports whether an element of that name is open around the field.
func (r *rewriter) isOpen(name []byte) bool {
	for i := range r.open {
		if bytes.EqualFold(r.open[i].name, name) {
			return true
		}
	}
	return false
}

// cannotContain reports whether the start tag at hand shows that the element e
// was not closed: an item starts, or a sibling that is no HTML.
func (r *rewriter) cannotContain(e *element) bool {
	if markup.EqualFold(r.inner.Name, "item") || markup.EqualFold(r.inner.Name, "entry") {
		return true
	}
	if r.mixed {
		return false
	}
	key := r.canonicalName(r.inner.Name)
	how := r.treat(&r.open[len(r.open)-1], key)
	switch {
	case how == drop:
		return false
	case how == post:
		return true
	case e.key == "author":
		return key == "guid" || key == "pubdate" || key == "link"
	case e.how != words:
		return true
	case e.key == "title":
		return key != "source" && key != "content"
	}
	switch key {
	case "pubdate", "guid", "updated", "published", "id", "issued", "modified", "enclosure", "lastbuilddate", "managingeditor":
		return true
	}
	return strings.Contains(key, ":")
}

// addText adds a piece of text of the source, its references decoded.
func (r *rewriter) addText(piece []byte) {
	if r.frozen || len(r.buf) > limits.Content {
		return
	}
	start := len(r.buf)
	var illegal int
	r.buf, illegal = markup.AppendDecoded(r.buf, piece)
	if illegal > 0 {
		r.Note(r.pos, "a reference to a character that no text may contain")
	}
	if r.mixed {
		r.escapeFrom(start)
	}
}

// escapeFrom escapes the end of the text read so far.
func (r *rewriter) escapeFrom(start int) {
	if !bytes.ContainsAny(r.buf[start:], "&<>") {
		return
	}
	piece := append([]byte(nil), r.buf[start:]...)
	r.buf = markup.AppendEscaped(r.buf[:start], piece)
}

// addLess adds a '<' that starts no tag, and the text behind it that was looked
// at in vain.
func (r *rewriter) addLess(e *element, kind markup.Wording) {
	r.Note(r.pos, "a < that starts no tag")
	rest := r.Src[r.pos+1 : r.inner.End]
	r.pos = r.inner.End
	if r.mixed || e.how == words && kind != markup.Text {
		r.buf = append(r.buf, "&lt;"...)
	} else {
		r.buf = append(r.buf, '<')
	}
	r.addText(rest)
}

// addTag adds the tag at hand as HTML: without prefix, and with an end tag where
// HTML knows no short form. The first tag in text that is not HTML by
// declaration makes the whole of it markup.
func (r *rewriter) addTag(kind markup.Wording) {
	if len(r.buf) > limits.Content {
		return
	}
	if kind == markup.Text && !r.mixed {
		r.mixed = true
		r.escapeFrom(0)
	}
	t := &r.inner
	_, local := markup.SplitName(t.Name)
	if t.Closing {
		r.buf = append(append(append(r.buf, "</"...), local...), '>')
		return
	}
	r.buf = append(append(r.buf, '<'), local...)
	attributes := r.Src[t.Start+1+len(t.Name) : t.End]
	if !t.Empty || markup.IsVoid(local) {
		r.buf = append(r.buf, attributes...)
		return
	}
	attributes = bytes.TrimRight(attributes, "/> \n")
	r.buf = append(append(r.buf, attributes...), "></"...)
	r.buf = append(append(r.buf, local...), '>')
}

// addCDATA adds the CDATA section at r.pos.
func (r *rewriter) addCDATA(e *element) {
	content := r.takeCDATA(e)
	if r.frozen || len(r.buf) > limits.Content {
		return
	}
	start := len(r.buf)
	r.buf = append(r.buf, content...)
	if r.mixed {
		r.escapeFrom(start)
	}
}

// takeCDATA passes over the CDATA section at r.pos and returns what is in it.
// One that was never closed ends with the element e that it stands in.
func (r *rewriter) takeCDATA(e *element) []byte {
	const open = len("<![CDATA[")
	start := r.pos + open
	body := r.Src[start:]
	n := r.Index(markup.Section, start)
	if n >= 0 {
		n -= start
	}
	if end := unclosedCDATA(body, n, e.name); end >= 0 {
		r.Note(r.pos, "a CDATA section is not closed")
		r.pos = start + end
		return body[:end]
	}
	if n < 0 {
		r.pos = len(r.Src)
		return body
	}
	r.pos = start + n + len("]]>")
	return body[:n]
}

// unclosedCDATA returns where the CDATA section that body starts with ends,
// when its own end is missing and the next "]]>", at body[n], belongs to a later
// section; else -1. That is so when the element's end tag comes before, and
// either another section starts after that or another element ends behind n.
func unclosedCDATA(body []byte, n int, name []byte) int {
	if n < 0 {
		return markup.IndexEndTag(body, name)
	}
	end := markup.IndexEndTag(body[:n], name)
	if end < 0 {
		return -1
	}
	if bytes.Contains(body[end:n], []byte("<![CDATA[")) {
		return end
	}
	after := body[n+len("]]>"):]
	i := bytes.IndexByte(after, '<')
	var t markup.Tag
	if i < 0 || !markup.ReadTag(after, i, &t) || t.Closing && !bytes.EqualFold(t.Name, name) {
		return end
	}
	return -1
}
