package caravan

import "time"

// A Filter narrows a list of stories. Values of one field are alternatives,
// fields add up; the zero Filter narrows nothing.
type Filter struct {
	Communities []string // slugs
	Sources     []string // slugs
	Languages   []string // primary language subtags: "pt"
	Tags        []string
	After       time.Time // inclusive
	Before      time.Time // exclusive
}

// Empty reports whether f narrows nothing.
func (f Filter) Empty() bool {
	return len(f.Communities)+len(f.Sources)+len(f.Languages)+len(f.Tags) == 0 && f.After.IsZero() && f.Before.IsZero()
}

// Sort orders search results.
type Sort string

// The orders of search results. They order the same set.
const (
	SortRelevance Sort = "relevance"
	SortNewest    Sort = "newest"
)

// A SearchRequest asks the index. Query is as the reader typed it.
type SearchRequest struct {
	Query  string
	Plain  bool // take Query as plain words, whatever signs it holds
	Filter Filter
	Sort   Sort
	Limit  int    // hits a page, 1 to 100
	Page   int    // from 1
	At     string // names the ranked list that paging goes through; empty for a new one
	Exact  bool   // without the thesaurus
	Typed  bool   // what Query itself finds, though it be nothing and a correction would find more
	Facets bool
	Count  bool      // only how many: no corrections, no relaxed queries, no ranked list kept
	Now    time.Time // for the recency boost
}

// A SearchResult is one page of hits and what is known of the whole set.
type SearchResult struct {
	Query      string // the canonical form of what was understood
	Total      int
	About      bool // Total is an estimate
	Took       time.Duration
	At         string
	Reranked   bool // At was asked for and is gone: the order may have changed
	Hits       []Hit
	Facets     Facets
	Suggestion string   // did you mean; empty when there is none
	Corrected  bool     // nothing matches the query itself; the hits are Suggestion's
	Also       []string // what the thesaurus searched for besides
	Relaxed    []Relaxed
	Common     bool     // nothing was found of words that are all too common to be looked for in texts
	Unknown    []string // of a query that finds nothing: conditions that nothing in the archive meets
	Progress   float64  // below 1 while the index is being rebuilt and results are partial
}

// A Hit is one story found.
type Hit struct {
	Story   string // public id
	Item    string // public id of the member that matched
	Score   float64
	Title   []Fragment
	Snippet []Fragment
}

// A Fragment is a piece of plain text; Hit marks what the query matched.
type Fragment struct {
	Text string
	Hit  bool
}

// Facets count the whole set by field.
type Facets struct {
	Community []FacetValue
	Source    []FacetValue
	Language  []FacetValue
	Tag       []FacetValue
	Year      []FacetValue
	Partial   bool // counted over the newest hits only
}

// A FacetValue is one value of a facet and how many stories have it.
type FacetValue struct {
	Value string // slug, language, tag or year
	Count int
}

// A Relaxed query is the reader's own with one condition taken away.
type Relaxed struct {
	Query   string
	Filter  Filter
	Dropped string // what was taken away, as it was written; empty when any of the words will do
	Quoted  bool   // nothing was taken away: the words are a phrase
	Total   int
}

// A Completion is something offered while a reader types.
type Completion struct {
	Kind  CompletionKind
	Text  string // as it is written; of a community or source its slug
	Story string // public id, of a title
	Count int    // how many stories have it; 1 for a title
}

// CompletionKind says what is offered.
type CompletionKind string

// The kinds of completions.
const (
	CompleteTitle     CompletionKind = "title"
	CompleteTag       CompletionKind = "tag"
	CompleteAuthor    CompletionKind = "author"
	CompleteCommunity CompletionKind = "community"
	CompleteSource    CompletionKind = "source"
)

// A StoryDoc is what the index needs of a story. With no Members it is to be
// deleted: nothing of it is shown.
type StoryDoc struct {
	ID      string // public id of the story
	SortAt  time.Time
	Members []DocMember // shown ones
}

// A DocMember is one shown item of a story, as the index needs it.
type DocMember struct {
	Item        string // public id
	Source      string
	Communities []string
	Language    string
	Title       string
	Text        string
	Authors     []string
	Tags        []string
	Link        string
}

// A ChangeBatch is a stretch of the change log: the documents of every story
// with a change after the number asked for, up to and including Last.
type ChangeBatch struct {
	Docs []StoryDoc
	Last int64 // the number to ask with next; equal to the one asked with when there is nothing new
	Head int64 // the newest number there is
}
