package index

import (
	"context"
	"maps"
	"slices"

	"caravan"
	"caravan/index/query"
	"caravan/index/retrieval"
)

// Similar returns the stories that share most of a story's telling words, in
// whatever language; names and technical terms lead across. None is returned
// for a story that is not in the index.
func (i *Index) Similar(ctx context.Context, story string, limit int) ([]caravan.Hit, error) {
	var hits []caravan.Hit
	err := i.withView(ctx, func(ctx context.Context, e *retrieval.Evaluator) error {
		self, ok, err := e.View().Document(story)
		if err != nil || !ok || limit < 1 {
			return err
		}
		m, err := e.View().Members(self)
		if err != nil {
			return err
		}
		texts, err := i.texts(ctx, m.Items)
		if err != nil {
			return err
		}
		top, err := e.Like(ctx, self, slices.Collect(maps.Values(texts)), min(limit, maxLimit))
		if err != nil {
			return err
		}
		hits, err = i.hits(ctx, e, query.Query{}, caravan.Filter{}, listOf(e, top))
		return err
	})
	return hits, err
}
