package server

import (
	"context"

	"caravan"
)

// An Admin carries out what the administration asks for. Progress is called
// with values that marshal to JSON objects, from one goroutine at a time.
type Admin interface {
	// Poll makes one pass over the due sources, or over the named ones; again
	// ignores due times as far as the policy allows.
	Poll(ctx context.Context, sources []string, again bool, progress func(event any)) error
	// Reindex rebuilds the search index.
	Reindex(ctx context.Context, progress func(event any)) error
	// Verify compares the search index with the store, and with repair rebuilds
	// one that differs and compares again. The last progress tells what is left.
	Verify(ctx context.Context, repair bool, progress func(event any)) error
	// Accept takes over a list whose mass removal waits.
	Accept(ctx context.Context) (caravan.ListReport, error)
	// Hide takes an item down for everybody; erase also empties its row.
	Hide(ctx context.Context, id string, erase bool) error
	// Show takes that back.
	Show(ctx context.Context, id string) error
	// Explain says where a post is, by its address, GUID or public id.
	Explain(ctx context.Context, address string) (caravan.Explanation, error)
}
