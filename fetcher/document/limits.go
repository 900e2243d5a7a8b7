package document

import "unicode/utf8"

// What one document may cost. A publisher never comes near these; what does is
// an accident or an attack.
const (
	maxBytes = 64 << 20 // of a document, decoded to UTF-8
	maxDepth = 256      // of elements or JSON values inside each other
	maxItems = 1000     // kept of one document, the newest

	maxAttributes = 128 // kept of one element
	maxElements   = 400 // kept of one item: children that are handed to gofeed

	maxTitle   = 2 << 10 // bytes, here and below
	maxAddress = 8 << 10
	maxName    = 512      // an author or a tag
	maxMeta    = 64 << 10 // a feed's description, an item's summary
	maxContent = 2 << 20
	maxList    = 100 // authors, tags or enclosures of one item
)

// clip cuts s to at most limit bytes, at a character's border.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}
