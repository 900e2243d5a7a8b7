package retrieval

import (
	"context"
	"strings"
	"time"

	"caravan"
	"caravan/index/query"
)

// mostRelaxed bounds how many weaker queries are counted.
const mostRelaxed = 12

// Relax returns the queries that are left when one condition of a query without
// hits is taken away, and how much each finds; those that find nothing are left
// out. The last asks for any of the words, its Dropped is empty.
func (e *Evaluator) Relax(ctx context.Context, q query.Query, f caravan.Filter) ([]caravan.Relaxed, error) {
	var tried []caravan.Relaxed
	queries := make(map[string]query.Query)
	most := mostRelaxed - 1 // a place is kept for the last
	try := func(q query.Query, f caravan.Filter, dropped string) {
		if len(tried) < most && (q.Root != nil || !f.Empty()) {
			r := caravan.Relaxed{Query: q.String(), Filter: f, Dropped: dropped}
			queries[r.Query] = q
			tried = append(tried, r)
		}
	}
	for n := range q.Conditions() {
		if rest, dropped, ok := q.Without(n); ok {
			try(rest, f, dropped)
		}
	}
	for _, weaker := range weakerFilters(f) {
		try(q, weaker.filter, weaker.dropped)
	}
	if any, ok := anyWord(q); ok {
		most = mostRelaxed
		try(any, f, "")
	}
	var found []caravan.Relaxed
	for _, r := range tried {
		set, err := e.Query(ctx, queries[r.Query])
		if err != nil {
			return nil, err
		}
		n, err := e.Narrow(ctx, r.Filter, set)
		if err != nil {
			return nil, err
		}
		if r.Total = int(n.Passing(set).GetCardinality()); r.Total > 0 {
			found = append(found, r)
		}
	}
	return found, nil
}

// A weakerFilter is a filter without one of its dimensions.
type weakerFilter struct {
	filter  caravan.Filter
	dropped string
}

func weakerFilters(f caravan.Filter) []weakerFilter {
	var out []weakerFilter
	drop := func(name string, values []string, clear func(*caravan.Filter)) {
		if len(values) > 0 {
			w := weakerFilter{filter: f, dropped: name + ":" + strings.Join(values, ",")}
			clear(&w.filter)
			out = append(out, w)
		}
	}
	drop("community", f.Communities, func(f *caravan.Filter) { f.Communities = nil })
	drop("source", f.Sources, func(f *caravan.Filter) { f.Sources = nil })
	drop("language", f.Languages, func(f *caravan.Filter) { f.Languages = nil })
	drop("tag", f.Tags, func(f *caravan.Filter) { f.Tags = nil })
	if !f.After.IsZero() {
		drop("after", []string{f.After.Format(time.DateOnly)}, func(f *caravan.Filter) { f.After = time.Time{} })
	}
	if !f.Before.IsZero() {
		drop("before", []string{f.Before.Format(time.DateOnly)}, func(f *caravan.Filter) { f.Before = time.Time{} })
	}
	return out
}

// anyWord returns q with its words as alternatives; ok is false when it has
// fewer than two at the top.
func anyWord(q query.Query) (query.Query, bool) {
	var alternatives query.Or
	var rest query.And
	for _, c := range q.Conditions() {
		if t, ok := c.(query.Text); ok && t.In == query.Anywhere {
			alternatives = append(alternatives, t)
		} else {
			rest = append(rest, c)
		}
	}
	switch {
	case len(alternatives) < 2:
		return q, false
	case len(rest) == 0:
		return query.Query{Root: alternatives}, true
	}
	return query.Query{Root: append(query.And{alternatives}, rest...)}, true
}
