package caravan

import "errors"

// Classes of failure. Test for them with [errors.Is].
var (
	ErrInvalid     = errors.New("invalid")     // the caller sent something unusable
	ErrNotFound    = errors.New("not found")   // no such thing, or not shown
	ErrGone        = errors.New("gone")        // it was there and was taken down
	ErrUnavailable = errors.New("unavailable") // worth trying again later
)

// A PublicError is a failure with a message that may be shown to a reader. The
// text of any other error is for the operator's log only.
type PublicError struct {
	Message string // in English
	Code    Code   // names the sentence; empty for one that no page shows
	Args    []any  // what the sentence speaks of
	Err     error  // the class, and perhaps its cause
}

// Error returns the message and the cause, for the log.
func (e *PublicError) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the class.
func (e *PublicError) Unwrap() error { return e.Err }

// A MovedError says under which slug the thing asked for is known now. It is
// of class [ErrNotFound].
type MovedError struct {
	Slug string
}

// Error names the new slug.
func (e *MovedError) Error() string { return "moved to " + e.Slug }

// Unwrap returns [ErrNotFound].
func (e *MovedError) Unwrap() error { return ErrNotFound }

// A QueryError is a query that cannot be understood, and where. It is of class
// [ErrInvalid].
type QueryError struct {
	Query    string
	Position int      // in characters, from 0
	Message  string   // in English
	Code     Code     // names the sentence
	Args     []any    // what the sentence speaks of
	Repairs  []string // queries that would parse
}

// Error gives the message and the query.
func (e *QueryError) Error() string { return e.Message + " in query " + e.Query }

// Unwrap returns [ErrInvalid].
func (e *QueryError) Unwrap() error { return ErrInvalid }
