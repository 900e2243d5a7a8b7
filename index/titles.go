package index

import (
	"context"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan/index/words"
)

// titles returns the documents with a title in which every word typed begins a
// word, those of one letter aside; those before the last are meant whole when
// the title has them so.
func (e *evaluator) titles(ctx context.Context, typed string) (*roaring.Bitmap, error) {
	var set *roaring.Bitmap
	for _, t := range words.Tokens(typed) {
		n := utf8.RuneCountInString(t.Text)
		if t.Joined || n < shortestEdge && !words.Dense(t.Text) {
			continue
		}
		b, err := e.v.term(ctx, fieldEdges, edgeOf(t.Text))
		if n > longestEdge {
			b, err = e.v.beginning(ctx, fieldEdges, t.Text)
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
