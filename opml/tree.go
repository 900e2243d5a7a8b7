package opml

import (
	"fmt"
	"strings"

	"caravan/opml/internal/markup"
)

// The bounds of a list. What lies beyond is left out, and said so.
const (
	maxBytes    = 64 << 20 // of a file
	maxOutlines = 100_000
	maxDepth    = 32 // of outlines in outlines
)

// afterEnd is what is said of anything after the list.
const afterEnd = "Something stands after </opml>. Delete it, or move </opml> to the end."

// A node is an element of the file.
type node struct {
	markup.Token         // its start tag
	children     []*node // outlines only
	parent       *node
	depth        int // of outlines around an outline
	closing      int // where its end tag begins; with empty, where its tag ends
	finish       int // where the element ends
	unread       bool
}

// A tree is a file taken apart.
type tree struct {
	markup.Document
	root   *node             // <opml>, nil when there is none
	first  string            // the name of the first element
	body   *node             // the first <body>, nil when there is none
	head   map[string]string // what the head's elements say
	prefix map[string]string // name space prefixes and what they stand for
	found  []markup.Finding
}

// A builder makes a tree from tokens.
type builder struct {
	*tree
	scanner  *markup.Scanner
	stack    []*node
	open     map[string]int // open elements of each name
	outlines int
	limit    int // of outlines
	over     int // outlines beyond it
	overAt   int // where the first of these is
	ended    bool
}

// build takes text apart. It always returns a tree; what is wrong with the text
// is in found.
func build(d markup.Document, limit int) *tree {
	b := builder{
		tree:    &tree{Document: d, head: map[string]string{}, prefix: map[string]string{}},
		scanner: markup.NewScanner(d.Text),
		open:    map[string]int{},
		limit:   limit,
	}
	for {
		t := b.scanner.Next()
		if t.Kind == markup.EndOfFile {
			break
		}
		b.take(t)
	}
	b.finish()
	b.found = limited(append(b.found, b.scanner.Found...))
	return b.tree
}

// take places one token.
func (b *builder) take(t markup.Token) {
	if b.ended && t.Kind != markup.Words {
		b.ended = false
		b.breakAt(t.Start, afterEnd)
	}
	switch t.Kind {
	case markup.StartTag:
		b.start(t)
	case markup.EndTag:
		b.end(t)
	case markup.Words, markup.Literal:
		b.say(t)
	}
}

// breakAt records that the file is not whole.
func (b *builder) breakAt(offset int, message string) {
	b.found = append(b.found, markup.Finding{Offset: offset, Severity: failure, Message: message, Broken: true})
}

// top returns the innermost open element, or nil.
func (b *builder) top() *node {
	if len(b.stack) == 0 {
		return nil
	}
	return b.stack[len(b.stack)-1]
}

// start opens an element.
func (b *builder) start(t markup.Token) {
	if b.first == "" {
		b.first = t.Name
	}
	for _, a := range t.Attrs {
		if a.Prefix == "xmlns" {
			b.prefix[a.Name] = a.Value
		}
	}
	n := &node{Token: t, parent: b.top(), closing: t.End, finish: t.End}
	switch t.Name {
	case "opml":
		if b.root == nil {
			b.root = n
		}
	case "body":
		if b.body == nil && b.root != nil {
			b.body = n
		}
	case "outline":
		b.placeOutline(n)
	default:
		b.refuse(n)
	}
	if !t.Empty {
		b.stack = append(b.stack, n)
		b.open[t.Name]++
	}
}

// refuse reports an element that has a row's addresses and is no outline.
func (b *builder) refuse(n *node) {
	for _, a := range n.Attrs {
		if name := strings.ToLower(a.Name); a.Prefix == "" && (name == "xmlurl" || name == "htmlurl") {
			b.found = append(b.found, markup.Finding{Offset: n.Start, Severity: failure,
				Message: fmt.Sprintf("<%s> is not read. Write <outline for <%s.", n.Name, n.Name)})
			return
		}
	}
}

// placeOutline hangs an outline below the body or another outline, or says why
// it has to be left out.
func (b *builder) placeOutline(n *node) {
	b.outlines++
	if b.outlines > b.limit {
		if b.over == 0 {
			b.overAt = n.Start
		}
		b.over++
		n.unread = true
		return
	}
	switch {
	case n.parent != nil && n.parent == b.body:
	case n.parent != nil && n.parent.Name == "outline":
		n.depth = n.parent.depth + 1
		n.unread = n.parent.unread
	default:
		b.found = append(b.found, markup.Finding{Offset: n.Start, Severity: failure,
			Message: "This outline stands neither in <body> nor in another outline and is left out, with all in it. Move it inside."})
		n.unread = true
		return
	}
	if n.unread {
		return
	}
	if n.depth >= maxDepth {
		b.found = append(b.found, markup.Finding{Offset: n.Start, Severity: failure, Message: fmt.Sprintf(
			"This outline lies deeper than %d folders and is left out, with all in it. Move it up.", maxDepth)})
		n.unread = true
		return
	}
	n.parent.children = append(n.parent.children, n)
}

// end closes the innermost open element of that name, and those inside it that
// were forgotten.
func (b *builder) end(t markup.Token) {
	if b.open[t.Name] == 0 {
		b.breakAt(t.Start, fmt.Sprintf("</%s> closes nothing. Delete it.", t.Name))
		return
	}
	for {
		n := b.pop(t.Start)
		if n.Name == t.Name {
			n.finish = t.End
			break
		}
		b.breakAt(n.Start, fmt.Sprintf("This <%s> is not closed. Write </%s> where it ends.", n.Name, n.Name))
	}
	b.ended = t.Name == "opml"
}

// pop takes the innermost element off the stack, as ending at offset.
func (b *builder) pop(offset int) *node {
	n := b.top()
	b.stack = b.stack[:len(b.stack)-1]
	b.open[n.Name]--
	n.closing, n.finish = offset, offset
	return n
}

// say takes text: what a head's element says is kept, and text where none
// belongs is reported.
func (b *builder) say(t markup.Token) {
	n := b.top()
	if n == nil || n.Name == "opml" || n.Name == "body" || n.Name == "outline" {
		b.sayOutside(t)
		return
	}
	if n.parent == nil || n.parent.Name != "head" {
		return
	}
	value := b.Text[t.Start:t.End]
	if t.Kind == markup.Words {
		said, found := markup.Plain(value)
		value = said
		for _, f := range found {
			f.Offset += t.Start
			b.found = append(b.found, f)
		}
	}
	b.head[n.Name] = tidy(b.head[n.Name] + " " + value)
}

// sayOutside reports text after the list, and text between outlines: a row
// whose beginning was lost, perhaps.
func (b *builder) sayOutside(t markup.Token) {
	text := b.Text[t.Start:t.End]
	said := strings.TrimLeft(text, " \t\r\n")
	at := t.End - len(said)
	switch {
	case said == "" || b.root == nil:
	case b.ended:
		b.ended = false
		b.breakAt(at, afterEnd)
	case strings.Contains(strings.ToLower(said), "xmlurl"):
		b.found = append(b.found, markup.Finding{Offset: at, Severity: failure,
			Message: "This source is text and no outline, and is left out. Write <outline before it."})
	default:
		b.found = append(b.found, markup.Finding{Offset: at, Severity: warning,
			Message: "Text between outlines is not read. Delete it."})
	}
}

// finish closes what is still open at the end of the file.
func (b *builder) finish() {
	if b.over > 0 {
		b.found = append(b.found, markup.Finding{Offset: b.overAt, Severity: failure, Message: fmt.Sprintf(
			"The list has more than %d outlines: this one and %d after it are left out. Divide the list.",
			b.limit, b.over-1)})
	}
	if b.root == nil {
		return
	}
	cut := len(b.stack) > 0
	for len(b.stack) > 0 {
		b.pop(len(b.Text))
	}
	if cut {
		b.breakAt(len(b.Text), "The file ends before </opml>: its end is missing. Save it whole.")
	}
}
