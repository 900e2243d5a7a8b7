package caravan

import "time"

// A StoryPage is one page of a list of stories, newest first by sort time.
type StoryPage struct {
	Stories []Story
	Next    string // cursor of the following page; empty on the last
	Prev    string // cursor of the page before; empty on the first
}

// An ItemPage is one page of a list of items, newest first by sort time.
type ItemPage struct {
	Items []Item
	Next  string // cursor of the following page; empty on the last
}

// A Scope is a set of stories with an order of its own in feeds: all of them,
// a community's or a source's, or those of one language. At most one of
// Community and Source is set.
type Scope struct {
	Community string // slug
	Source    string // slug
	Language  string // primary subtag
}

// Touched are the scopes in which changes may show.
type Touched struct {
	Scopes []Scope // of one field each; that of everything is not among them
	All    bool    // a change was none of an item's: it may show anywhere
	Last   int64   // the newest change looked at
}

// A FeedQuery asks for the stories of a scope by place, newest first.
type FeedQuery struct {
	Scope
	From    int64 // inclusive lower bound of place; 0 for none
	To      int64 // exclusive upper bound of place; 0 for none
	Limit   int
	Fair    bool // no source takes more than a quarter of Limit while others fill it
	Content bool // load Head.Content
}

// A Tombstone is a story whose last shown member in a scope went (RFC 6721).
type Tombstone struct {
	FeedID string
	When   time.Time
}

// ListState is what is known of the source list in use.
type ListState struct {
	Title      string
	OwnerName  string
	OwnerEmail string
	OwnerID    string
	Hash       string    // of the bytes of the list in use
	AppliedAt  time.Time // when it was taken over
	Problems   []Problem // of the file as last read, also when that one was not taken over
	Broken     bool      // the file as last read could not be used; an older list is
	ReadAt     time.Time // when the file was last read
	Pending    []string  // addresses whose removal waits to be accepted
}

// A DayCount is how many stories a day brought.
type DayCount struct {
	Day   time.Time // its start, UTC
	Count int
}
