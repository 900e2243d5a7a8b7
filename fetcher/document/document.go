// Package document turns the bytes of one feed document into a
// [caravan.Document]: it decodes them, guards the parser against hostile
// nesting and size, repairs what publishers break, reads the result with gofeed
// and closes the gaps that gofeed leaves.
//
// It does no I/O, reads no clock and keeps no state; [Parse] is safe for
// concurrent use. What it returns is what the publisher said: content is not
// cleaned and no language is guessed (that is package article's work), but
// titles are plain text, every address is absolute as far as the document says
// enough, and no field is longer than its limit.
package document

import (
	"errors"
	"time"

	"caravan"
)

// The two ways in which a document can be of no use. Test with [errors.Is]; the
// text around them says what was found instead, and where.
var (
	ErrNotFeed = errors.New("not a feed")  // a web page, an empty body, other XML or JSON
	ErrBroken  = errors.New("broken feed") // a feed of which nothing can be read
)

// Options are what is known of a document apart from its bytes.
type Options struct {
	ContentType string    // the HTTP header, or empty
	URL         string    // where it was found, after redirects; relative addresses are resolved against it
	Now         time.Time // dates far after it are none; zero means that no date is too late
}

// Parse reads one feed document. Everything that could be saved of a damaged one
// is returned without an error, with Damaged set and the damage told in
// Problems; an error is of class [ErrNotFeed] or [ErrBroken] and comes with an
// empty document. Items are in the order of the document.
func Parse(body []byte, o Options) (caravan.Document, error) {
	return parse(body, o)
}
