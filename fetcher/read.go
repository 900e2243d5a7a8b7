package fetcher

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"caravan"
	"caravan/fetcher/article"
	"caravan/fetcher/document"
)

// Raw is the body of an answer and what is known of it.
type Raw struct {
	Body           []byte
	ContentType    string
	URL            string // where it was found, after redirects
	SourceLanguage string // what the source list says
	Now            time.Time
	CutItem        bool // also return the item that the document's end cuts off; to look at, not to store
}

// Read turns the body of an answer into a document whose items are ready to be
// stored. Errors are of the classes of package document; a panic of a parser is
// one of them.
func Read(r Raw) (caravan.Document, error) { return contained(read, r) }

// read is Read without containment.
func read(r Raw) (caravan.Document, error) {
	doc, err := document.Parse(r.Body, document.Options{ContentType: r.ContentType, URL: r.URL, Now: r.Now, CutItem: r.CutItem})
	if err != nil {
		return caravan.Document{}, err
	}
	article.PrepareAll(&doc, article.Options{FeedURL: r.URL, SourceLanguage: r.SourceLanguage})
	return doc, nil
}

// A panicError is a panic while one document was read, contained to its feed.
type panicError struct {
	value any
	stack []byte
}

// Error says what the panic was.
func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// contained calls read and turns a panic into an error: no document may take
// the program down.
func contained(read func(Raw) (caravan.Document, error), r Raw) (doc caravan.Document, err error) {
	defer func() {
		if v := recover(); v != nil {
			doc, err = caravan.Document{}, fmt.Errorf("%w: %w", &panicError{value: v, stack: debug.Stack()}, document.ErrBroken)
		}
	}()
	return read(r)
}

// readFailure is the failure that an error of reading stands for.
func readFailure(err error) caravan.Failure {
	detail := err.Error()
	for _, class := range []error{document.ErrNotFeed, document.ErrBroken} {
		detail = strings.TrimSuffix(detail, ": "+class.Error())
	}
	switch _, panicked := errors.AsType[*panicError](err); {
	case panicked:
		return caravan.Failure{Class: caravan.FailBroken, Detail: "caravan stumbled over this document; that is a mistake of caravan's"}
	case errors.Is(err, document.ErrNotFeed):
		return caravan.Failure{Class: caravan.FailNotFeed, Detail: "not a feed: " + detail}
	default:
		return caravan.Failure{Class: caravan.FailBroken, Detail: "the feed is broken: " + detail}
	}
}
