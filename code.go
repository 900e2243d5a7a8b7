package caravan

// A Code names a sentence that a reader may see, so that a page can say it in
// their language. The English one stands in the error itself; what it speaks of
// (a number, a name, a piece of the query) stands in the error's Args, in the
// order given here.
type Code string

// What is wrong with a query.
const (
	QueryTooLong        Code = "query-too-long"        // bytes allowed, bytes given
	QueryTooManyWords   Code = "query-too-many-words"  // words allowed, words given
	QueryLongWord       Code = "query-long-word"       // bytes that a word may have
	QueryEmpty          Code = "query-empty"           // it holds no letter and no digit
	QueryBracketClosing Code = "query-bracket-closing" // no bracket was opened
	QueryBracketOpen    Code = "query-bracket-open"    // it is never closed
	QueryQuotationOpen  Code = "query-quotation-open"  // it is never closed
	QueryShortWord      Code = "query-short-word"      // letters needed before the star
	QueryShortValue     Code = "query-short-value"     // letters needed before the star
	QueryNoDate         Code = "query-no-date"         // what stands in its place
	SearchPageSize      Code = "search-page-size"      // most results a page
	SearchTooDeep       Code = "search-too-deep"       // results that can be paged through
	SearchSort          Code = "search-sort"           // no such order
	SearchTooSlow       Code = "search-too-slow"       // milliseconds that a search may take
	SearchBusy          Code = "search-busy"           // too many at once
	SearchRepaired      Code = "search-being-repaired" // the index is damaged
)

// What is not to be had.
const (
	NotThere       Code = "not-there"       // nothing at this address, no item of this name
	TakenDown      Code = "taken-down"      // it was, and whoever runs this took it down
	SourceUnlisted Code = "source-unlisted" // its source is not in the list any more
	RuledOut       Code = "ruled-out"       // the rules of its source leave it out
	NoSuchSource   Code = "no-such-source"
	NoSuchGroup    Code = "no-such-community"
	EmptySpan      Code = "empty-span" // of the archive
	PlaceLost      Code = "place-lost" // a cursor that is none
)

// What is wrong with an address.
const (
	WrongSort     Code = "wrong-sort"       // what was asked for
	WrongCursor   Code = "wrong-cursor"     // name of the parameter
	TooManyValues Code = "too-many-values"  // name, times allowed, times given
	LongValue     Code = "long-value"       // name, bytes allowed
	WrongDay      Code = "wrong-day"        // name, what was given
	WrongNumber   Code = "wrong-number"     // name, largest, what was given
	WrongShow     Code = "wrong-show"       // what was given
	WrongFormat   Code = "wrong-format"     // what was given
	OneLanguage   Code = "one-language"     // a digest is of one or of all
	WrongSpan     Code = "wrong-span"       // an example, what was given
	WrongItem     Code = "wrong-item"       // what was given
	NothingToFind Code = "nothing-to-find"  // an explanation of nothing
	TooManyAtOnce Code = "too-many-at-once" // seconds to wait
	WrongMethod   Code = "wrong-method"     // methods that are answered
)

// Codes lists every code.
func Codes() []Code {
	return []Code{
		QueryTooLong, QueryTooManyWords, QueryLongWord, QueryEmpty, QueryBracketClosing, QueryBracketOpen, QueryQuotationOpen,
		QueryShortWord, QueryShortValue, QueryNoDate, SearchPageSize, SearchTooDeep, SearchSort, SearchTooSlow, SearchBusy, SearchRepaired,
		NotThere, TakenDown, SourceUnlisted, RuledOut, NoSuchSource, NoSuchGroup, EmptySpan, PlaceLost,
		WrongSort, WrongCursor, TooManyValues, LongValue, WrongDay, WrongNumber, WrongShow, WrongFormat, OneLanguage,
		WrongSpan, WrongItem, NothingToFind, TooManyAtOnce, WrongMethod,
	}
}
