package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A canonical document is what a feed's XML is rewritten to before gofeed reads
// it: every element closed and of known depth, every name with its usual prefix
// and in lower case, text in one form, dates in one form, addresses resolved
// against xml:base, nothing that is of no use. No publisher's tag reaches
// gofeed's recursive parser as it stands, so what was counted here is what that
// parser sees.
type canonical struct {
	atom      bool
	format    string
	head      []byte  // the feed's own elements
	body      []byte  // all entries, one after the other
	entries   []entry // in the order of the source
	dropped   int     // entries left out already, as too many
	lang      string  // xml:lang of the root or channel
	about     string  // rdf:about of the channel
	truncated bool    // the source ends before the root element does
	unclosed  int     // entries that another one or the end cut off
}

// An entry is an item on its way to gofeed, and what gofeed would drop or bend.
type entry struct {
	body     span // in canonical.body
	source   span // in the document's text
	id       string
	about    string // rdf:about
	lang     string
	base     string // xml:base of its content, or of the item
	title    wording
	summary  wording
	content  wording
	src      string    // where out-of-line content is
	newest   time.Time // of its dates
	elements int
	cut      bool // the document ends inside it
	whole    bool // though cut, only its end tag is missing
}

type span struct{ start, end int }

// of returns the part of b that the span names.
func (s span) of(b []byte) []byte { return b[s.start:s.end] }

// A wording says how the text of an element is to be understood.
type wording uint8

const (
	loose  wording = iota // RSS: plain text or HTML, nobody knows
	text                  // plain text
	markup                // HTML
	opaque                // neither: base64, images, other XML
)

// An element is open in the source.
type element struct {
	name   []byte // as written
	key    string // canonical prefix and name
	how    treatment
	spaces int    // how many namespace bindings were in force before it
	base   string // xml:base in force
	lang   string // xml:lang in force
	pos    int
}

// A binding is a namespace declaration in force.
type binding struct {
	prefix    string
	canonical string
	known     bool
	depth     int
}

type rewriter struct {
	seeker
	pos    int
	tag    tag // the tag of the structure at hand
	inner  tag // the tag inside a field at hand
	doc    canonical
	open   []element
	spaces []binding
	in     *entry            // the item being written, or nil
	nested []int             // where items start that stand inside others
	names  map[string]string // canonical names, as long as the bindings stay
	buf    []byte            // text of the field being read
	mixed  bool              // buf holds markup, so its text is escaped
	frozen bool              // buf holds all that counts
	*problems
}

// rewrite reads the feed whose root element starts at src[root].
func rewrite(src []byte, root int, p *problems) (*canonical, error) {
	r := &rewriter{seeker: seeker{src: src}, pos: root, problems: p, names: map[string]string{}}
	if !readTag(src, root, &r.tag) {
		return nil, fmt.Errorf("the document ends in its first tag: %w", ErrBroken)
	}
	r.doc.head = make([]byte, 0, 4096)
	r.doc.body = make([]byte, 0, min(len(src)-root, 1<<20))
	r.openRoot()
	for len(r.open) > 0 {
		more, err := r.step()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	r.finish()
	if len(r.nested) > 0 && !r.doc.truncated {
		err := r.readNested()
		return &r.doc, err
	}
	return &r.doc, nil
}

// readNested reads the items that stand inside an extension of another item,
// as if they stood behind it. One that is never closed is left out.
func (r *rewriter) readNested() error {
	root := element{name: []byte("?"), how: through}
	for i := 0; i < min(len(r.nested), maxItems); i++ {
		r.pos, r.open = r.nested[i], append(r.open[:0], root)
		for more := true; more; {
			var err error
			if more, err = r.step(); err != nil {
				return err
			}
			if r.in == nil {
				break
			}
		}
		if r.in != nil {
			r.doc.entries = r.doc.entries[:len(r.doc.entries)-1]
			r.in = nil
		}
	}
	slices.SortStableFunc(r.doc.entries, func(a, b entry) int { return a.source.start - b.source.start })
	return nil
}

// openRoot opens the root element, which the tag at hand is.
func (r *rewriter) openRoot() {
	r.pos = r.tag.end
	_, local := splitName(r.tag.name)
	r.doc.atom = equalFold(local, "feed") || equalFold(local, "entry")
	e := element{name: r.tag.name, pos: r.tag.start, how: through}
	r.declare(&e)
	r.doc.format = r.rootFormat(strings.ToLower(string(local)))
	r.doc.lang = e.lang
	if equalFold(local, "entry") {
		e.how = post
		r.beginEntry(&e)
	}
	if !r.tag.empty {
		r.open = append(r.open, e)
	}
}

// rootFormat names the format by the root element and its declarations.
func (r *rewriter) rootFormat(local string) string {
	version := strings.TrimSpace(string(r.tag.get("version")))
	declares := func(part string) bool {
		for _, a := range r.tag.attrs {
			if bytes.HasPrefix(a.name, []byte("xmlns")) && strings.Contains(strings.ToLower(string(a.value)), part) {
				return true
			}
		}
		return false
	}
	switch {
	case local == "rss" && version != "":
		return "rss " + clip(version, 10)
	case local == "rss":
		return "rss"
	case local == "rdf" && declares("netscape.com"):
		return "rdf 0.90"
	case local == "rdf":
		return "rdf 1.0"
	case r.doc.atom && (version == "0.3" || declares("purl.org/atom")):
		return "atom 0.3"
	case r.doc.atom:
		return "atom 1.0"
	case declares("rss1.1"):
		return "rdf 1.1"
	case r.tag.get("href") != nil || r.tag.get("base") != nil:
		return "cdf"
	}
	return "rss"
}

// step reads up to the next tag and treats it. It reports false at the end of
// the source.
func (r *rewriter) step() (bool, error) {
	i := bytes.IndexByte(r.src[r.pos:], '<')
	if i < 0 {
		r.pos = len(r.src)
		return false, nil
	}
	r.pos += i
	if bytes.HasPrefix(r.src[r.pos:], []byte("<![CDATA[")) {
		r.takeCDATA(&r.open[len(r.open)-1])
		return true, nil
	}
	if next, closed, ok := r.skip(r.pos); ok {
		if !closed {
			r.note(r.pos, "a comment or declaration is not closed")
		}
		r.pos = next
		return true, nil
	}
	isTag := readTag(r.src, r.pos, &r.tag)
	r.pos = r.tag.end
	if !isTag {
		return true, nil
	}
	if r.tag.closing {
		r.closeTag()
		return true, nil
	}
	return true, r.openTag()
}

// openTag treats the start tag at hand.
func (r *rewriter) openTag() error {
	if len(r.open) >= maxDepth {
		return fmt.Errorf("line %d: elements nested more than %d deep: %w", r.line(r.tag.start), maxDepth, ErrBroken)
	}
	parent := &r.open[len(r.open)-1]
	e := element{name: r.tag.name, pos: r.tag.start, spaces: len(r.spaces), base: parent.base}
	if parent.how != through {
		e.lang = parent.lang // a feed's own language is no item's statement
	}
	r.declare(&e)
	e.key = r.canonicalName(r.tag.name)
	e.how = r.treat(parent, e.key)
	if e.how == post && r.in != nil {
		if r.tag.empty {
			return nil // <item/> inside an item
		}
		r.note(e.pos, "an item is not closed before the next one")
		r.closeEntry()
	}
	r.apply(&e)
	return nil
}

// apply does what the treatment of a started element asks for.
func (r *rewriter) apply(e *element) {
	if r.in != nil && e.how != drop && e.how != post {
		if r.in.elements++; r.in.elements > maxElements {
			e.how = drop
		}
	}
	empty := r.tag.empty
	switch e.how {
	case post:
		r.beginEntry(e)
	case through:
		if r.doc.about == "" {
			r.doc.about = string(r.decoded(r.tag.get("about")))
		}
		if r.doc.lang == "" {
			r.doc.lang = e.lang
		}
	case plain, address, date, words:
		r.field(e)
		r.unbind(e.spaces)
		return
	case bare:
		r.writeTag(e, true)
		e.how = drop
	case group:
		r.writeTag(e, empty)
	}
	if !empty {
		r.open = append(r.open, *e)
		return
	}
	r.unbind(e.spaces)
	if e.how == post {
		r.endEntry(r.pos)
	}
}

// treat returns the treatment of an element called key inside parent.
func (r *rewriter) treat(parent *element, key string) treatment {
	how := drop
	switch parent.how {
	case through, post:
		if r.doc.atom {
			how = treatAtom(key)
		} else {
			how = treatRSS(key)
		}
	case group:
		return treatGroup(!r.doc.atom, key)
	case drop:
		if key == "item" || key == "entry" {
			how = post // an item in an odd place, such as <items>
		}
	}
	if how == post && r.in != nil && parent.how == drop {
		r.nested = append(r.nested, r.tag.start)
		return drop
	}
	if how == through && parent.how == post || how == post && len(r.open) == 1 && parent.how == post {
		return drop // the second: inside an entry that is the whole document
	}
	return how
}

// declare takes over the namespace declarations, xml:base and xml:lang of the
// start tag at hand.
func (r *rewriter) declare(e *element) {
	for _, a := range r.tag.attrs {
		prefix, local := splitName(a.name)
		switch {
		case equalFold(a.name, "xmlns"):
			r.bind("", a.value)
		case equalFold(prefix, "xmlns"):
			r.bind(string(local), a.value)
		case equalFold(a.name, "xml:base"):
			e.base = firstOf(resolve(e.base, string(r.decoded(a.value))), e.base)
		case equalFold(a.name, "xml:lang"):
			e.lang = clip(strings.TrimSpace(string(a.value)), maxName)
		}
	}
}

func (r *rewriter) bind(prefix string, uri []byte) {
	canonical, known := canonicalPrefix(string(r.decoded(uri)))
	clear(r.names)
	r.spaces = append(r.spaces, binding{prefix: prefix, canonical: canonical, known: known, depth: len(r.open)})
}

// unbind ends all but the first n namespace declarations.
func (r *rewriter) unbind(n int) {
	if len(r.spaces) > n {
		r.spaces = r.spaces[:n]
		clear(r.names)
	}
}

// canonicalName returns the name of an element with its usual prefix, in lower
// case. The document's own vocabulary has none: whatever namespace the root and
// the channel have, their unprefixed children are in it.
func (r *rewriter) canonicalName(name []byte) string {
	if known, ok := r.names[string(name)]; ok {
		return known
	}
	canonical := r.nameInScope(name)
	if len(r.names) < 1000 {
		r.names[string(name)] = canonical
	}
	return canonical
}

func (r *rewriter) nameInScope(name []byte) string {
	p, l := splitName(name)
	local := lowerName(l)
	prefix := string(p)
	for i := len(r.spaces) - 1; i >= 0; i-- {
		b := r.spaces[i]
		if b.prefix != prefix {
			continue
		}
		if prefix == "" && b.depth < 2 {
			return local
		}
		if b.known {
			return r.qualify(b.canonical, local)
		}
		break
	}
	if prefix == "" {
		return local
	}
	if prefix == r.rootPrefix() {
		return local
	}
	if canonical, ok := usualPrefix(prefix); ok {
		return r.qualify(canonical, local)
	}
	return "?:" + local
}

// rootPrefix is the prefix of the root element; its vocabulary is the
// document's own, whatever its address.
func (r *rewriter) rootPrefix() string {
	if len(r.open) == 0 {
		return ""
	}
	prefix, local := splitName(r.open[0].name)
	if equalFold(local, "rdf") {
		return ""
	}
	return string(prefix)
}

func (r *rewriter) qualify(prefix, local string) string {
	if prefix == "" || prefix == "atom" && r.doc.atom {
		return local
	}
	return prefix + ":" + local
}

// closeTag treats the end tag at hand: it closes the innermost open element of
// that name and all that was left open inside it. One that closes nothing is
// ignored.
func (r *rewriter) closeTag() {
	for i := len(r.open) - 1; i >= 0; i-- {
		if !bytes.EqualFold(r.open[i].name, r.tag.name) {
			continue
		}
		for len(r.open) > i {
			r.pop(len(r.open) == i+1)
		}
		return
	}
}

// pop closes the innermost open element; proper says that its own end tag did.
func (r *rewriter) pop(proper bool) {
	e := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	r.unbind(e.spaces)
	switch e.how {
	case group:
		r.writeEnd(e.key)
	case post:
		end := r.tag.start
		if proper {
			end = r.tag.end
		} else {
			r.note(e.pos, "an item is not closed")
		}
		r.endEntry(end)
	}
}

// closeEntry closes the item being written and what is open inside it.
func (r *rewriter) closeEntry() {
	r.doc.unclosed++
	for r.in != nil {
		r.pop(false)
	}
}

// beginEntry starts to write the item whose start tag is at hand.
func (r *rewriter) beginEntry(e *element) {
	if len(r.doc.entries) >= 4*maxItems {
		r.doc.prune(maxItems)
	}
	n := len(r.doc.body)
	r.doc.entries = append(r.doc.entries, entry{
		body:   span{n, n},
		source: span{start: r.tag.start},
		about:  string(r.decoded(r.tag.get("about"))),
		lang:   e.lang,
		base:   e.base,
	})
	r.in = &r.doc.entries[len(r.doc.entries)-1]
	e.key = "item"
	if r.doc.atom {
		e.key = "entry"
	}
	r.writeStart(e.key)
	if href := r.tag.get("href"); href != nil && !r.doc.atom { // CDF
		r.writeText("link", r.decoded(href))
	}
	if modified := r.tag.get("lastmod"); modified != nil && !r.doc.atom {
		r.writeDate("pubdate", string(modified))
	}
}

// endEntry finishes the item being written; its source ends before end.
func (r *rewriter) endEntry(end int) {
	key := "item"
	if r.doc.atom {
		key = "entry"
	}
	r.writeEnd(key)
	r.in.source.end = end
	r.in.body.end = len(r.doc.body)
	r.in = nil
}

// finish closes what the end of the source left open.
func (r *rewriter) finish() {
	r.doc.truncated = len(r.open) > 0
	if r.in != nil {
		r.in.cut, r.in.whole = true, r.onlyEndMissing()
	}
	for len(r.open) > 0 {
		e := r.open[len(r.open)-1]
		r.open = r.open[:len(r.open)-1]
		switch e.how {
		case group:
			r.writeEnd(e.key)
		case post:
			r.endEntry(len(r.src))
		}
	}
}

// onlyEndMissing reports whether the source ends inside the end tag of the item
// being written.
func (r *rewriter) onlyEndMissing() bool {
	top := r.open[len(r.open)-1]
	i := bytes.LastIndex(r.src, []byte("</"))
	if top.how != post || i < top.pos {
		return false
	}
	rest := bytes.TrimRight(r.src[i+2:], " \r\n\t")
	return len(rest) <= len(top.name) && bytes.EqualFold(rest, top.name[:len(rest)])
}
