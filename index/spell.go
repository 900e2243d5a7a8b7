package index

import (
	"context"
	"strings"

	"caravan/index/query"
	"caravan/index/retrieval"
	"caravan/index/schema"
	"caravan/index/words"
)

// spelled returns a corrected query as the archive would write it: with the
// accents that its words have in an article.
func (i *Index) spelled(ctx context.Context, e *retrieval.Evaluator, q query.Query) (string, error) {
	var err error
	accented := q.Map(func(t query.Text) query.Node {
		if err != nil || t.Quoted || t.Prefix {
			return t
		}
		var w string
		if w, err = i.surface(ctx, e, t.Words); w != "" {
			t.Words = w
		}
		return t
	})
	if _, bad := query.Parse(accented.String()); err != nil || bad != nil {
		return q.String(), err
	}
	return accented.String(), nil
}

// surface returns how an article writes a word; empty when none is found.
func (i *Index) surface(ctx context.Context, e *retrieval.Evaluator, folded string) (string, error) {
	docs, err := e.View().Term(ctx, schema.FieldWords, folded)
	if err != nil || docs.IsEmpty() {
		return "", err
	}
	m, err := e.View().Members(docs.Minimum())
	if err != nil {
		return "", err
	}
	texts, err := i.texts(ctx, m.Items)
	if err != nil {
		return "", err
	}
	for _, id := range m.Items {
		for _, text := range []string{texts[id].Text, texts[id].Title} {
			for _, t := range words.Tokens(text) {
				if t.Text == folded {
					return strings.ToLower(text[t.Start:t.End]), nil
				}
			}
		}
	}
	return "", nil
}
