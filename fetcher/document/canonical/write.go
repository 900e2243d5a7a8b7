package canonical

import (
	"bytes"
	"time"

	"caravan/fetcher/document/dates"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// target returns the part of the canonical document that is being written.
func (r *rewriter) target() *[]byte {
	if r.in != nil {
		return &r.doc.Body
	}
	return &r.doc.head
}

// writeStart writes a start tag without attributes.
func (r *rewriter) writeStart(key string) {
	out := r.target()
	*out = append(append(append(*out, '<'), key...), '>')
}

func (r *rewriter) writeEnd(key string) {
	out := r.target()
	*out = append(append(append(*out, "</"...), key...), '>')
}

// writeTag writes the start tag at hand under its canonical name. Addresses in
// its attributes are resolved against xml:base.
func (r *rewriter) writeTag(e *element, empty bool) {
	out := r.target()
	*out = append(append(*out, '<'), e.key...)
	for _, a := range r.tag.Attrs {
		r.writeAttribute(out, e, a)
	}
	if empty {
		*out = append(*out, '/')
	}
	*out = append(*out, '>')
}

// writeAttribute writes one attribute of those that gofeed or the mapping read.
func (r *rewriter) writeAttribute(out *[]byte, e *element, a markup.Attr) {
	_, local := markup.SplitName(a.Name)
	name := markup.LowerName(local)
	switch name {
	case "href", "url", "resource", "src":
	case "rel", "type", "length", "title", "term", "label", "scheme", "domain", "medium", "duration", "ref", "filesize",
		"role", "width", "height", "isdefault", "text", "hreflang", "expression", "lang":
	case "ispermalink":
		name = "isPermaLink"
	default:
		return
	}
	value := bytes.TrimSpace(r.decoded(a.Value))
	if e.base != "" && (name == "href" || name == "url" || name == "resource") {
		value = []byte(href.Resolve(e.base, string(value)))
	}
	*out = append(append(append(*out, ' '), name...), `="`...)
	*out = markup.AppendEscaped(*out, []byte(limits.Clip(string(value), limits.Address)))
	*out = append(*out, '"')
}

// writeCharacters writes text in one of two forms: as it is, or as CDATA.
func (r *rewriter) writeCharacters(text []byte) {
	out := r.target()
	if !bytes.ContainsAny(text, "&<>") {
		*out = append(*out, text...)
		return
	}
	*out = append(*out, "<![CDATA["...)
	for {
		i := bytes.Index(text, []byte("]]>"))
		if i < 0 {
			break
		}
		*out = append(append(*out, text[:i+2]...), "]]><![CDATA["...)
		text = text[i+2:]
	}
	*out = append(append(*out, text...), "]]>"...)
}

// writeText writes an element that holds only text.
func (r *rewriter) writeText(key string, text []byte) {
	r.writeStart(key)
	r.writeCharacters(text)
	r.writeEnd(key)
}

// writeDate writes a date in one form, or nothing when value is none. An item
// remembers the first of each kind, to know the newest items of a long document.
func (r *rewriter) writeDate(key, value string) {
	when, ok := dates.Parse(value)
	if !ok {
		if value != "" {
			r.Note(r.tag.Start, "a date that cannot be read: "+limits.Clip(value, 40))
		}
		return
	}
	if r.in != nil && when.After(r.in.Newest) {
		r.in.Newest = when
	}
	r.writeText(key, when.UTC().AppendFormat(nil, time.RFC3339))
}

// decoded returns an attribute's value with its references decoded.
func (r *rewriter) decoded(value []byte) []byte {
	if bytes.IndexByte(value, '&') < 0 {
		return value
	}
	out, _ := markup.AppendDecoded(nil, value)
	return out
}
