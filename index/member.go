package index

import (
	"context"
	"slices"

	"caravan"
	"caravan/index/query"
)

// An ask is what a search wants of where a story was published: alternatives of
// properties, each of which some member has.
type ask [][]query.Is

// askOf returns what a query and a filter want.
func askOf(q query.Query, f caravan.Filter) ask {
	var a ask
	q.Walk(func(leaf query.Node, negated bool) {
		if is, ok := leaf.(query.Is); ok && !negated {
			a = append(a, []query.Is{is})
		}
	})
	for _, chosen := range []struct {
		field  query.Field
		values []string
	}{{query.Community, f.Communities}, {query.Source, f.Sources}, {query.Language, f.Languages}, {query.Tag, f.Tags}} {
		var alternatives []query.Is
		for _, v := range chosen.values {
			alternatives = append(alternatives, query.Is{Field: chosen.field, Value: v})
		}
		if len(alternatives) > 0 {
			a = append(a, alternatives)
		}
	}
	return a
}

// met returns how much of it a member has.
func (a ask) met(m caravan.DocMember) int {
	n := 0
	for _, alternatives := range a {
		if slices.ContainsFunc(alternatives, func(is query.Is) bool { return is.HoldsOf(m) }) {
			n++
		}
	}
	return n
}

// choices returns how much of what is asked each item of a story with several has,
// by public id; nothing when it does not matter.
func (i *Index) choices(ctx context.Context, a ask, stories [][]string) (map[string]int, error) {
	var items []string
	for _, of := range stories {
		if len(of) > 1 {
			items = append(items, of...)
		}
	}
	if len(a) == 0 || len(items) == 0 {
		return nil, nil
	}
	members, err := i.members(ctx, items)
	if err != nil {
		return nil, err
	}
	met := make(map[string]int, len(members))
	for id, m := range members {
		met[id] = a.met(m)
	}
	return met, nil
}
