// Package clean turns HTML from anywhere into HTML that is safe to show, and
// into plain text.
//
// Two things hold whatever comes in. Clean HTML holds nothing that runs, and
// cleaning it again changes nothing. All takes time linear in the source.
package clean

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/plaintext"
)

// Bounds on what one item may ask of the cleaner.
const (
	maxDepth  = 100     // elements open at once; deeper tags are dropped, their text is kept
	maxSource = 2 << 20 // bytes of HTML read
	longTag   = 1 << 10 // bytes of a tag after which the tokenizer is begun anew
	maxWord   = 4 << 10 // bytes of an attribute that is text
	maxLinks  = 100     // links remembered
	maxProse  = 1500    // bytes of text remembered for the summary
)

// A Body is what cleaning makes of one piece of HTML.
type Body struct {
	HTML  string   // clean
	out   []byte   // what the gate is given
	Text  string   // NFC; blocks on lines of their own
	Prose string   // the beginning of text without headings, captions and descriptions of images
	Links []string // absolute, in order, each once
	Image string   // the first image's address
	Noise []Span   // parts of text that change by themselves: counters, advertisements
}

// A Span is a part of a text, in bytes.
type Span struct{ From, To int }

// HTML returns src, HTML from anywhere, as HTML that is safe to show: no
// script, style, form or frame, every tag closed, every address absolute with
// http, https or (in links) mailto, resolved by at. Cleaning its result again,
// whatever at resolves against, returns it unchanged.
//
// What the rewriting makes of it passes a policy of bluemonday that knows
// nothing of the code here and has the last word.
func HTML(src string, at *hyperlink.Resolver) Body {
	b := Words(src, at)
	b.HTML = gate(b.out)
	return b
}

// Words is [HTML] without the clean HTML itself, for those who want what it
// says alone. It writes src in a normal form on one pass over its tags: only
// elements that are known, properly nested by the rules that an HTML parser
// would enforce, so that a browser builds exactly the tree that was written.
func Words(src string, at *hyperlink.Resolver) Body {
	if strings.TrimSpace(src) == "" {
		return Body{}
	}
	src = trimSource(src)
	c := cleaner{src: src, at: at}
	c.out = make([]byte, 0, len(src)+len(src)/8)
	c.text = plaintext.NewBuilder(len(src)/2, 0)
	c.prose = plaintext.NewBuilder(0, maxProse)
	c.space = true
	c.run()
	text := c.text.String()
	if len(text) != c.text.Len() {
		c.noise = nil // characters composed across tags: the places are off
	}
	return Body{
		out:   c.out,
		Text:  text,
		Prose: c.prose.String(),
		Links: c.links,
		Image: c.image,
		Noise: c.noise,
	}
}

// trimSource bounds src, makes it valid UTF-8 and takes off a CDATA wrapping
// that was itself escaped.
func trimSource(src string) string {
	if len(src) > maxSource {
		src = src[:maxSource]
	}
	if !utf8.ValidString(src) {
		src = strings.ToValidUTF8(src, "\uFFFD")
	}
	if rest, ok := strings.CutPrefix(strings.TrimSpace(src), "<![CDATA["); ok {
		src = strings.TrimSuffix(rest, "]]>")
	}
	return src
}

// A frame is an open element.
type frame struct {
	element
	start   int    // where its start tag begins in the output
	inside  int    // where its content begins
	space   bool   // whether white space stood before its start tag
	visible bool   // whether it holds anything to see
	href    string // of a link
	noise   bool   // its text changes by itself
	text    int    // where its text begins
	prose   int    // where its prose begins
}

// A cleaner holds the state of one pass.
type cleaner struct {
	src string
	pos int // bytes of src read
	at  *hyperlink.Resolver

	out      []byte
	stack    []frame
	over     int  // start tags dropped for depth and not closed yet
	space    bool // further white space would add nothing
	pre      int  // open pre elements
	preStart int  // where the content of the last one begins
	quiet    int  // open elements whose text is no prose
	skip     skipping

	text     plaintext.Builder
	prose    plaintext.Builder
	links    []string
	seen     map[string]bool
	image    string
	noise    []Span
	attrs    attributes
	embedded string // the address of the last embed
	late     string // the address of the last image that a script would have loaded
	ends     map[string]int
}

// A skipping is an element whose content is being dropped, and what of it will
// be shown instead.
type skipping struct {
	name  string // as in the source; empty when nothing is skipped
	depth int
	shown bool // embed will be shown in its place
	embed embed
}

// run reads the source to its end.
func (c *cleaner) run() {
	z := html.NewTokenizer(strings.NewReader(c.src))
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			break
		}
		size := len(z.Raw())
		c.pos += size
		switch tt {
		case html.TextToken:
			if c.skip.name == "" {
				c.writeText(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			c.tag(z, tt == html.SelfClosingTagToken)
			if size > longTag {
				// The tokenizer keeps a table of the attributes it has seen
				// and clears it for every tag, at the cost of the largest tag
				// so far. Begun anew, it forgets how large that was.
				z = html.NewTokenizer(strings.NewReader(c.src[c.pos:]))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			c.endTag(string(name))
		}
	}
	if c.skip.name != "" {
		c.writeEmbed(c.skip.embed)
	}
	for len(c.stack) > 0 {
		c.pop()
	}
	c.out = trimSpaceRight(c.out)
	if c.text.Composes() && !norm.NFC.IsNormal(c.out) {
		c.out = norm.NFC.Bytes(c.out)
	}
}

// tag handles a start tag.
func (c *cleaner) tag(z *html.Tokenizer, closed bool) {
	raw, more := z.TagName()
	e, known := elements[string(raw)]
	name := e.name
	if name != string(raw) {
		name = string(raw)
	}
	if rawText[name] && (closed || name == "noscript" || !c.endsLater(name)) {
		z.NextIsNotRawText()
	}
	if c.skip.name == name && endsItself(e.kind) {
		c.skip = skipping{} // its end tag was left out
	}
	if c.skip.name != "" {
		c.skipTag(z, name, more, closed)
		return
	}
	if !known {
		return
	}
	c.attrs.read(z, more)
	if e.kind == skipped || e.kind != void && c.attrs.unseen() {
		if !closed && c.endsLater(name) {
			c.skip = skipping{name: name, depth: 1}
		}
		if e.kind != inline && e.kind != ghost && !c.inTable() {
			c.textBreak(e)
			c.writeSpace(' ')
		}
		return
	}
	c.begin(e, name, closed)
}

// endsItself reports whether elements of kind k end where the next one begins.
func endsItself(k kind) bool {
	switch k {
	case paragraph, listItem, rowGroup, row, cell:
		return true
	}
	return false
}

// skipTag handles a start tag inside of an element that is dropped.
func (c *cleaner) skipTag(z *html.Tokenizer, name string, more, closed bool) {
	if !closed && name == c.skip.name {
		c.skip.depth++
	}
	if c.skip.shown && embeds(name) {
		c.attrs.read(z, more)
		c.skip.embed.add(name, &c.attrs, c.at)
	}
}

// begin handles the start tag of an element that is kept or replaced, by the
// name that the publisher used. One that is closed at once stays empty.
func (c *cleaner) begin(e element, name string, closed bool) {
	switch e.kind {
	case embedded:
		c.beginEmbed(name, closed)
	case void:
		c.writeVoid(e)
	default:
		depth := len(c.stack)
		c.open(e)
		if closed && len(c.stack) > depth {
			c.pop()
		}
	}
}

// endTag handles an end tag.
func (c *cleaner) endTag(name string) {
	if c.skip.name != "" {
		if name == c.skip.name {
			if c.skip.depth--; c.skip.depth == 0 {
				e := c.skip.embed
				c.skip = skipping{}
				c.writeEmbed(e)
			}
		}
		return
	}
	e, known := elements[name]
	switch {
	case !known || e.kind == skipped || e.kind == embedded:
	case e.kind == void:
		if name == "br" { // HTML reads </br> as <br>
			c.attrs = attributes{}
			c.writeVoid(e)
		}
	case c.over > 0 && e.kind != paragraph && e.kind != listItem:
		c.over--
	default:
		c.close(e)
	}
}

// endsLater reports whether an end tag of that name stands in the rest of the
// source, so that dropping up to it does not drop the rest of the article.
func (c *cleaner) endsLater(name string) bool {
	last, ok := c.ends[name]
	if !ok {
		last = max(strings.LastIndex(c.src, "</"+name), strings.LastIndex(c.src, "</"+strings.ToUpper(name)))
		if c.ends == nil {
			c.ends = map[string]int{}
		}
		c.ends[name] = last
	}
	return last >= c.pos
}
