package retrieval

import (
	"context"

	"caravan"
	"caravan/index/query"
	"caravan/index/words"
)

// FindsItself reports whether a story is among the hits of its own first words.
func (e *Evaluator) FindsItself(ctx context.Context, doc caravan.StoryDoc) (bool, error) {
	self, ok, err := e.v.Document(doc.ID)
	if err != nil || !ok {
		return false, err
	}
	m := doc.Members[0]
	var ask query.And
	analyzer := words.For(words.Group(m.Language))
	for _, t := range words.Tokens(m.Title + " " + m.Text) {
		word := query.Text{Words: t.Text}
		if !t.Joined && len(ask) < 12 && !query.Ignorable(word, analyzer) { // bodies hold no stop words
			ask = append(ask, word)
		}
	}
	if len(ask) < 2 {
		return true, nil
	}
	set, err := e.in(ctx, ask, words.Group(m.Language))
	if err != nil {
		return false, err
	}
	return set.Contains(self), nil
}
