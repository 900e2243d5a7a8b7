package canonical

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
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
	markup.Seeker
	pos    int
	tag    markup.Tag // the tag of the structure at hand
	inner  markup.Tag // the tag inside a field at hand
	doc    Document
	open   []element
	spaces []binding
	in     *Entry            // the item being written, or nil
	nested []int             // where items start that stand inside others
	names  map[string]string // canonical names, as long as the bindings stay
	buf    []byte            // text of the field being read
	mixed  bool              // buf holds markup, so its text is escaped
	frozen bool              // buf holds all that counts
	*Problems
}

// Rewrite reads the feed whose root element starts at src[root].
func Rewrite(src []byte, root int, p *Problems) (*Document, error) {
	r := &rewriter{Seeker: markup.Seeker{Src: src}, pos: root, Problems: p, names: map[string]string{}}
	if !markup.ReadTag(src, root, &r.tag) {
		return nil, fmt.Errorf("the document ends in its first tag: %w", ErrBroken)
	}
	r.doc.head = make([]byte, 0, 4096)
	r.doc.Body = make([]byte, 0, min(len(src)-root, 1<<20))
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
	if len(r.nested) > 0 && !r.doc.Truncated {
		err := r.readNested()
		return &r.doc, err
	}
	return &r.doc, nil
}

// readNested reads the items that stand inside an extension of another item,
// as if they stood behind it. One that is never closed is left out.
func (r *rewriter) readNested() error {
	root := element{name: []byte("?"), how: through}
	for i := 0; i < min(len(r.nested), limits.Items); i++ {
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
			r.doc.Entries = r.doc.Entries[:len(r.doc.Entries)-1]
			r.in = nil
		}
	}
	slices.SortStableFunc(r.doc.Entries, func(a, b Entry) int { return a.Source.Start - b.Source.Start })
	return nil
}

// openRoot opens the root element, which the tag at hand is.
func (r *rewriter) openRoot() {
	r.pos = r.tag.End
	_, local := markup.SplitName(r.tag.Name)
	r.doc.Atom = markup.EqualFold(local, "feed") || markup.EqualFold(local, "entry")
	e := element{name: r.tag.Name, pos: r.tag.Start, how: through}
	r.declare(&e)
	r.doc.Format = r.rootFormat(strings.ToLower(string(local)))
	r.doc.Lang = e.lang
	if markup.EqualFold(local, "entry") {
		e.how = post
		r.beginEntry(&e)
	}
	switch {
	case !r.tag.Empty:
		r.open = append(r.open, e)
	case r.in != nil:
		r.endEntry(r.pos)
	}
}

// rootFormat names the format by the root element and its declarations.
func (r *rewriter) rootFormat(local string) string {
	version := strings.TrimSpace(string(r.tag.Get("version")))
	declares := func(part string) bool {
		for _, a := range r.tag.Attrs {
			if bytes.HasPrefix(a.Name, []byte("xmlns")) && strings.Contains(strings.ToLower(string(a.Value)), part) {
				return true
			}
		}
		return false
	}
	switch {
	case local == "rss" && version != "":
		return "rss " + limits.Clip(version, 10)
	case local == "rss":
		return "rss"
	case local == "rdf" && declares("netscape.com"):
		return "rdf 0.90"
	case local == "rdf":
		return "rdf 1.0"
	case r.doc.Atom && (version == "0.3" || declares("purl.org/atom")):
		return "atom 0.3"
	case r.doc.Atom:
		return "atom 1.0"
	case declares("rss1.1"):
		return "rdf 1.1"
	case r.tag.Get("href") != nil || r.tag.Get("base") != nil:
		return "cdf"
	}
	return "rss"
}

// step reads up to the next tag and treats it. It reports false at the end of
// the source.
func (r *rewriter) step() (bool, error) {
	i := bytes.IndexByte(r.Src[r.pos:], '<')
	if i < 0 {
		r.pos = len(r.Src)
		return false, nil
	}
	r.pos += i
	if bytes.HasPrefix(r.Src[r.pos:], []byte("<![CDATA[")) {
		r.takeCDATA(&r.open[len(r.open)-1])
		return true, nil
	}
	if next, closed, ok := r.Skip(r.pos); ok {
		if !closed {
			r.Note(r.pos, "a comment or declaration is not closed")
		}
		r.pos = next
		return true, nil
	}
	isTag := markup.ReadTag(r.Src, r.pos, &r.tag)
	r.pos = r.tag.End
	if !isTag {
		return true, nil
	}
	if r.tag.Closing {
		r.closeTag()
		return true, nil
	}
	return true, r.openTag()
}

// openTag treats the start tag at hand.
func (r *rewriter) openTag() error {
	if len(r.open) >= limits.Depth {
		return fmt.Errorf("line %d: elements nested more than %d deep: %w", r.Line(r.tag.Start), limits.Depth, ErrBroken)
	}
	parent := &r.open[len(r.open)-1]
	e := element{name: r.tag.Name, pos: r.tag.Start, spaces: len(r.spaces), base: parent.base}
	if parent.how != through {
		e.lang = parent.lang // a feed's own language is no item's statement
	}
	r.declare(&e)
	e.key = r.canonicalName(r.tag.Name)
	e.how = r.treat(parent, e.key)
	if e.how == post && r.in != nil {
		if r.tag.Empty {
			return nil // <item/> inside an item
		}
		r.Note(e.pos, "an item is not closed before the next one")
		r.closeEntry()
	}
	r.apply(&e)
	return nil
}

// apply does what the treatment of a started element asks for.
func (r *rewriter) apply(e *element) {
	if r.in != nil && e.how != drop && e.how != post {
		if r.in.elements++; r.in.elements > limits.Elements {
			e.how = drop
		}
	}
	empty := r.tag.Empty
	switch e.how {
	case post:
		r.beginEntry(e)
	case through:
		if r.doc.About == "" {
			r.doc.About = string(r.decoded(r.tag.Get("about")))
		}
		if r.doc.Lang == "" {
			r.doc.Lang = e.lang
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
		if r.doc.Atom {
			how = treatAtom(key)
		} else {
			how = treatRSS(key)
		}
	case group:
		return treatGroup(!r.doc.Atom, key)
	case drop:
		if key == "item" || key == "entry" {
			how = post // an item in an odd place, such as <items>
		}
	}
	if how == post && r.in != nil && parent.how == drop {
		r.nested = append(r.nested, r.tag.Start)
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
	for _, a := range r.tag.Attrs {
		prefix, local := markup.SplitName(a.Name)
		switch {
		case markup.EqualFold(a.Name, "xmlns"):
			r.bind("", a.Value)
		case markup.EqualFold(prefix, "xmlns"):
			r.bind(string(local), a.Value)
		case markup.EqualFold(a.Name, "xml:base"):
			e.base = cmp.Or(href.Resolve(e.base, string(r.decoded(a.Value))), e.base)
		case markup.EqualFold(a.Name, "xml:lang"):
			e.lang = limits.Clip(strings.TrimSpace(string(a.Value)), limits.Name)
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
	p, l := markup.SplitName(name)
	local := markup.LowerName(l)
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
	prefix, local := markup.SplitName(r.open[0].name)
	if markup.EqualFold(local, "rdf") {
		return ""
	}
	return string(prefix)
}

func (r *rewriter) qualify(prefix, local string) string {
	if prefix == "" || prefix == "atom" && r.doc.Atom {
		return local
	}
	return prefix + ":" + local
}

// closeTag treats the end tag at hand: it closes the innermost open element of
// that name and all that was left open inside it. One that closes nothing is
// ignored.
func (r *rewriter) closeTag() {
	for i := len(r.open) - 1; i >= 0; i-- {
		if !bytes.EqualFold(r.open[i].name, r.tag.Name) {
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
		end := r.tag.Start
		if proper {
			end = r.tag.End
		} else {
			r.Note(e.pos, "an item is not closed")
		}
		r.endEntry(end)
	}
}

// closeEntry closes the item being written and what is open inside it.
func (r *rewriter) closeEntry() {
	for r.in != nil {
		r.pop(false)
	}
}

// beginEntry starts to write the item whose start tag is at hand.
func (r *rewriter) beginEntry(e *element) {
	if len(r.doc.Entries) >= 4*limits.Items {
		r.doc.prune(limits.Items)
	}
	n := len(r.doc.Body)
	r.doc.Entries = append(r.doc.Entries, Entry{
		Body:   Span{n, n},
		Source: Span{Start: r.tag.Start},
		About:  string(r.decoded(r.tag.Get("about"))),
		Lang:   e.lang,
		Base:   e.base,
	})
	r.in = &r.doc.Entries[len(r.doc.Entries)-1]
	e.key = "item"
	if r.doc.Atom {
		e.key = "entry"
	}
	r.writeStart(e.key)
	if href := r.tag.Get("href"); href != nil && !r.doc.Atom { // CDF
		r.writeText("link", r.decoded(href))
	}
	if modified := r.tag.Get("lastmod"); modified != nil && !r.doc.Atom {
		r.writeDate("pubdate", string(modified))
	}
}

// endEntry finishes the item being written; its source ends before end.
func (r *rewriter) endEntry(end int) {
	key := "item"
	if r.doc.Atom {
		key = "entry"
	}
	r.writeEnd(key)
	r.in.Source.End = end
	r.in.Body.End = len(r.doc.Body)
	r.in = nil
}

// finish closes what the end of the source left open.
func (r *rewriter) finish() {
	r.doc.Truncated = len(r.open) > 0
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
			r.endEntry(len(r.Src))
		}
	}
}

// onlyEndMissing reports whether the source ends inside the end tag of the item
// being written.
func (r *rewriter) onlyEndMissing() bool {
	top := r.open[len(r.open)-1]
	i := bytes.LastIndex(r.Src, []byte("</"))
	if top.how != post || i < top.pos {
		return false
	}
	rest := bytes.TrimRight(r.Src[i+2:], " \r\n\t")
	return len(rest) <= len(top.name) && bytes.EqualFold(rest, top.name[:len(rest)])
}
