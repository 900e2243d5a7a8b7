package retrieval

import (
	"context"
	"slices"

	"caravan"
	"caravan/index/query"
	"caravan/index/words"
)

// Common reports whether a query is of words alone that are too common in some
// language of the archive to be looked for in texts, and returns them as a phrase,
// which is.
func (e *Evaluator) Common(q query.Query) (phrase query.Query, ok bool) {
	text := phraseOf(q)
	if text == "" || slices.ContainsFunc(q.Conditions(), func(n query.Node) bool { return n.(query.Text).Quoted }) {
		return q, false
	}
	phrase = query.Query{Root: query.Text{Words: text, Quoted: true}}
	return phrase, slices.ContainsFunc(e.groups, func(g string) bool {
		return !slices.ContainsFunc(q.Conditions(), func(n query.Node) bool { return !query.Ignorable(n, words.For(g)) })
	})
}

// Unknown returns the properties that a query or its filter asks for and nothing
// in the archive has, as conditions.
func (e *Evaluator) Unknown(ctx context.Context, q query.Query, f caravan.Filter) ([]string, error) {
	var asked []query.Is
	q.Walk(func(leaf query.Node, negated bool) {
		if is, ok := leaf.(query.Is); ok && !negated {
			asked = append(asked, is)
		}
	})
	for _, chosen := range []struct {
		field  query.Field
		values []string
	}{{query.Community, f.Communities}, {query.Source, f.Sources}, {query.Language, f.Languages}, {query.Tag, f.Tags}} {
		for _, v := range chosen.values {
			asked = append(asked, query.Is{Field: chosen.field, Value: v})
		}
	}
	var unknown []string
	for _, is := range asked {
		docs, err := e.is(ctx, is)
		if err != nil {
			return nil, err
		}
		if said := (query.Query{Root: is}).String(); docs.IsEmpty() && !slices.Contains(unknown, said) {
			unknown = append(unknown, said)
		}
	}
	return unknown, nil
}
