package retrieval

import (
	"context"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan/index/schema"
	"caravan/index/words"
)

// Titles returns the documents with a title in which every word typed begins a
// word, those of one letter aside; those before the last are meant whole when
// the title has them so.
func (e *Evaluator) Titles(ctx context.Context, typed string) (*roaring.Bitmap, error) {
	var set *roaring.Bitmap
	for _, t := range words.Tokens(typed) {
		n := utf8.RuneCountInString(t.Text)
		if t.Joined || n < schema.ShortestEdge && !words.Dense(t.Text) {
			continue
		}
		b, err := e.v.Term(ctx, schema.FieldEdges, schema.Edge(t.Text))
		if n > schema.LongestEdge {
			b, err = e.v.Beginning(ctx, schema.FieldEdges, t.Text)
		}
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
