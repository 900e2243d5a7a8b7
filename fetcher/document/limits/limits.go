// Package limits says what one document may cost.
package limits

import "unicode/utf8"

// What one document may cost. A publisher never comes near these; what does is
// an accident or an attack.
const (
	Bytes = 64 << 20 // of a document, decoded to UTF-8
	Depth = 256      // of elements or JSON values inside each other
	Items = 1000     // kept of one document, the newest

	Attributes = 128 // kept of one element
	Elements   = 400 // kept of one item: children that are handed to gofeed

	Title   = 2 << 10 // bytes, here and below
	Address = 8 << 10
	Name    = 512      // an author or a tag
	Meta    = 64 << 10 // a feed's description, an item's summary
	Content = 2 << 20
	List    = 100 // authors, tags or enclosures of one item
)

// Clip cuts s to at most limit bytes, at a character's border.
func Clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
