package retrieval

import (
	"context"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan/index/schema"
	"caravan/index/words"
)

// Titles returns the documents with a title in which every word typed begins a
// word; those before the last are meant whole when the title has them so, and of
// one letter only the last counts.
func (e *Evaluator) Titles(ctx context.Context, typed string) (*roaring.Bitmap, error) {
	var set *roaring.Bitmap
	for _, t := range words.Tokens(typed) {
		n := utf8.RuneCountInString(t.Text)
		short := n < schema.ShortestEdge && !words.Dense(t.Text)
		if t.Joined || short && t.End < len(typed) {
			continue
		}
		look := e.v.Term
		switch {
		case short:
			look = e.v.Initial
		case n > schema.LongestEdge:
			look = e.v.Beginning
		}
		word := t.Text
		if n <= schema.LongestEdge {
			word = schema.Edge(t.Text)
		}
		b, err := look(ctx, schema.FieldEdges, word)
		if err != nil {
			return nil, err
		}
		if set == nil {
			set = b.Clone()
		} else {
			set.And(b)
		}
	}
	if set == nil {
		set = roaring.New()
	}
	return set, nil
}
