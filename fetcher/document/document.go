// Package document turns the bytes of one feed document into a
// [caravan.Document]: it decodes them, guards the parser against hostile
// nesting and size, repairs what publishers break, reads the result with gofeed
// and closes the gaps that gofeed leaves.
//
// XML is rewritten before gofeed sees it: a tolerant scanner reads what the
// publisher sent and writes a canonical document, in which every element is
// closed, its depth known and its name in one form. gofeed's recursive parser
// only ever reads that. JSON goes the same way, field by field.
//
// The package does no I/O, reads no clock and keeps no state; [Parse] is safe
// for concurrent use. What it returns is what the publisher said: content is not
// cleaned and no language is guessed (that is package article's work), but
// titles are plain text, addresses of items and media are absolute, and no field
// is longer than its limit.
package document

import (
	"bytes"
	"fmt"
	"time"
	"unicode/utf8"

	"caravan"
	"caravan/fetcher/document/canonical"
	"caravan/fetcher/document/charset"
	"caravan/fetcher/document/limits"
)

// The two ways in which a document can be of no use. Test with [errors.Is]; the
// text around them says what was found instead, and where.
var (
	ErrNotFeed = canonical.ErrNotFeed // a web page, an empty body, other XML or JSON
	ErrBroken  = canonical.ErrBroken  // a feed of which nothing can be read
)

// Options are what is known of a document apart from its bytes.
type Options struct {
	ContentType string    // the HTTP header, or empty
	URL         string    // where it was found, after redirects; relative addresses are resolved against it
	Now         time.Time // dates years after it are none; zero means that no date is too late
	CutItem     bool      // also return the item that a document's end cuts off, with what it has; to look at, not to store
}

// Parse reads one feed document. Everything that could be saved of a damaged one
// is returned without an error, with Damaged set when items may be missing and
// every repair told in Problems; an error is of class [ErrNotFeed] or
// [ErrBroken] and comes with an empty document. Items are in the order of the
// source. An item's Content is its best full text as HTML, uncleaned, Summary
// the publisher's own excerpt where that is something else, Raw the bytes of the
// item in the source, in UTF-8. Text that was certainly encoded to UTF-8 twice,
// all over a document, is read as it was meant.
func Parse(body []byte, o Options) (caravan.Document, error) {
	if len(body) > limits.Bytes {
		return caravan.Document{}, fmt.Errorf("%d MB, more than %d: %w", len(body)>>20, limits.Bytes>>20, ErrBroken)
	}
	src, notes := charset.Decode(body, o.ContentType)
	doc, err := parse(src, o, notes)
	if err == nil && charset.EncodedTwice(src) && placesBeyondASCII(doc) > 1 {
		return parse(charset.DecodeTwice(src), o, append(notes, "text that was encoded to UTF-8 twice"))
	}
	return doc, err
}

// placesBeyondASCII returns how many items hold a character beyond ASCII, the
// feed's own words counting as one more. A single item may be about characters
// that went wrong.
func placesBeyondASCII(doc caravan.Document) int {
	n := 0
	if beyondASCII(doc.Feed.Title) || beyondASCII(doc.Feed.Description) {
		n++
	}
	for i := range doc.Items {
		if beyondASCII(doc.Items[i].Raw) {
			n++
		}
	}
	return n
}

func beyondASCII[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// parse reads the text of a document, of whose decoding there are notes.
func parse(src []byte, o Options, notes []string) (caravan.Document, error) {
	p := &canonical.Problems{Text: src}
	for _, note := range notes {
		p.Note(-1, note)
	}
	var doc caravan.Document
	var err error
	if start := jsonStart(src); start >= 0 {
		doc, err = parseJSON(src[start:], o, p)
	} else {
		doc, err = parseXML(canonical.RestoreLess(src, p), o, p)
	}
	if err != nil {
		return caravan.Document{}, err
	}
	if len(doc.Items) == 0 {
		p.Note(-1, "the feed holds no items")
	}
	doc.Problems = p.Texts()
	return doc, nil
}

// parseXML reads a feed of the RSS or Atom family.
func parseXML(src []byte, o Options, p *canonical.Problems) (caravan.Document, error) {
	p.Text = src
	root, err := canonical.FindRoot(src, p)
	if err != nil {
		return caravan.Document{}, err
	}
	c, err := canonical.Rewrite(src, root, p)
	if err != nil {
		return caravan.Document{}, err
	}
	if c.Empty() {
		return caravan.Document{}, fmt.Errorf("a feed's root element without a feed: %w", ErrNotFeed)
	}
	whole := c.Dropped + len(c.Entries)
	c.DropCut(o.CutItem, p)
	c.KeepNewest(limits.Items, p)
	doc := rendering{Document: c, src: src, options: o}.read(p)
	doc.Damaged = doc.Damaged || c.Truncated
	if c.Truncated {
		p.Note(len(src), fmt.Sprintf("the document ends too early: read %d of at least %d items", len(doc.Items), whole))
		if len(doc.Items) == 0 && whole > 0 {
			return doc, fmt.Errorf("the document ends in line %d, before its first item does: %w", p.Line(len(src)), ErrBroken)
		}
	}
	return doc, nil
}

// jsonStart returns where a JSON document starts in src, or -1 when it is none.
// A guard against script inclusion before it does not count.
func jsonStart(src []byte) int {
	i := skipBlank(src, 0)
	rest := src[i:]
	for _, guard := range []string{")]}',", ")]}'", "while(1);", "for(;;);"} {
		if bytes.HasPrefix(rest, []byte(guard)) {
			i = skipBlank(src, i+len(guard))
			break
		}
	}
	if i < len(src) && (src[i] == '{' || src[i] == '[') {
		return i
	}
	return -1
}
