package canonical

import "errors"

// The two ways in which a document can be of no use. Test with [errors.Is]; the
// text around them says what was found instead, and where.
var (
	ErrNotFeed = errors.New("not a feed")  // a web page, an empty body, other XML or JSON
	ErrBroken  = errors.New("broken feed") // a feed of which nothing can be read
)
