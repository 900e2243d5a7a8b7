package retrieval

import (
	"context"

	"caravan"
	"caravan/index/query"
	"caravan/index/schema"
	"caravan/index/words"
)

// InForm reports whether the text of one member of a story has the quotations of
// a query in their form, as far as the rest of the query, which the index knows,
// makes that matter.
func (e *Evaluator) InForm(ctx context.Context, q query.Query, doc uint32, m schema.Members, texts map[string]caravan.Item) (bool, error) {
	var failed error
	for _, id := range m.Items {
		item, ok := texts[id]
		if !ok {
			continue
		}
		item.Authors, item.Tags = m.Authors, m.Tags
		group := words.Group(item.Language)
		if q.MatchWith(item, func(leaf query.Node) (has, known bool) {
			if hasQuotation(leaf) {
				return false, false
			}
			docs, err := e.in(ctx, leaf, group)
			if err != nil {
				failed = err
				return false, true
			}
			return docs.Contains(doc), true
		}) {
			return failed == nil, failed
		}
	}
	return false, failed
}
