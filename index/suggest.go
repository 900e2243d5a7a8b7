package index

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"caravan"
	"caravan/index/query"
	"caravan/index/words"
)

// Bounds of corrections.
const (
	correctFrom  = 5  // letters: shorter words have too many neighbours
	fewHits      = 20 // a word that is known is questioned only where little was found
	muchMore     = 50 // and only for a neighbour this many times as frequent
	mostMistakes = 4  // words of one query that are corrected
)

// correct returns q with the words that the archive does not know, or hardly,
// replaced by what it has most of among the words one letter away; ok is false
// when there is nothing to suggest.
func (e *evaluator) correct(ctx context.Context, q query.Query, total int) (corrected query.Query, ok bool, err error) {
	replaced := make(map[query.Text]string)
	q.Walk(func(leaf query.Node, negated bool) {
		t, isText := leaf.(query.Text)
		if err != nil || !isText || negated || t.Prefix || t.Quoted || len(replaced) >= mostMistakes {
			return
		}
		var better string
		if better, err = e.betterText(ctx, t, total); better != "" {
			replaced[t] = better
		}
	})
	if err != nil || len(replaced) == 0 {
		return q, false, err
	}
	return q.Map(func(t query.Text) query.Node {
		if better, ok := replaced[t]; ok {
			t.Words = better
		}
		return t
	}), true, nil
}

// betterText returns a condition's words with the misspelt ones corrected;
// empty when there are none.
func (e *evaluator) betterText(ctx context.Context, t query.Text, total int) (string, error) {
	better := t.Words
	tokens := words.Tokens(t.Words)
	for _, token := range slices.Backward(tokens) {
		if token.Joined || letters(token.Text) < correctFrom || words.Dense(token.Text) {
			continue
		}
		w, err := e.betterWord(ctx, token.Text, total)
		if err != nil {
			return "", err
		}
		if w != "" {
			better = better[:token.Start] + w + better[token.End:]
		}
	}
	if better == t.Words {
		return "", nil
	}
	return better, nil
}

// betterWord returns the most frequent word one letter away from w, if w is
// unknown or far less frequent.
func (e *evaluator) betterWord(ctx context.Context, w string, total int) (string, error) {
	own, err := e.v.count(ctx, fieldWords, w)
	if err != nil || own > 0 && total > fewHits {
		return "", err
	}
	if own == 0 && total > 0 { // another spelling of the word is known
		return "", nil
	}
	dict, err := e.v.r.FieldDictFuzzy(fieldWords, w, 1, "")
	if err != nil {
		return "", fmt.Errorf("look up words like %s: %w", w, err)
	}
	defer dict.Close()
	best, most := "", 0.0
	for {
		entry, err := dict.Next()
		if err != nil {
			return "", fmt.Errorf("look up words like %s: %w", w, err)
		}
		if entry == nil || ctx.Err() != nil {
			break
		}
		if entry.Term == w {
			continue
		}
		n, err := e.v.count(ctx, fieldWords, entry.Term) // the entry's own count is not filled in
		if err != nil {
			return "", err
		}
		if weight := float64(n) * plausible(w, entry.Term); weight > most {
			best, most = entry.Term, weight
		}
	}
	if own > 0 && most < float64(own*muchMore) {
		return "", nil
	}
	return best, ctx.Err()
}

// plausible weighs a correction by how people err: the first letter is seldom
// wrong, and two letters swapped are the commonest slip.
func plausible(typed, meant string) float64 {
	p := 1.0
	if typed[0] != meant[0] {
		p /= 4
	}
	if len(typed) == len(meant) && sortedLetters(typed) == sortedLetters(meant) {
		p *= 4
	}
	return p
}

func sortedLetters(s string) string {
	r := []rune(s)
	slices.Sort(r)
	return string(r)
}

// spelled returns a corrected query as the archive would write it: with the
// accents that its words have in an article.
func (i *Index) spelled(ctx context.Context, e *evaluator, q query.Query) (string, error) {
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
func (i *Index) surface(ctx context.Context, e *evaluator, folded string) (string, error) {
	docs, err := e.v.term(ctx, fieldWords, folded)
	if err != nil || docs.IsEmpty() {
		return "", err
	}
	m, err := e.v.members(docs.Minimum())
	if err != nil {
		return "", err
	}
	texts, err := i.cfg.Store.Texts(ctx, m.Items)
	if err != nil {
		return "", fmt.Errorf("read texts: %w", err)
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

// mostRelaxed bounds how many weaker queries are counted.
const mostRelaxed = 12

// relax returns the queries that are left when one condition of a query without
// hits is taken away, and how much each finds; those that find nothing are left
// out. The last asks for any of the words, its Dropped is empty.
func (e *evaluator) relax(ctx context.Context, q query.Query, f caravan.Filter) ([]caravan.Relaxed, error) {
	var tried []caravan.Relaxed
	queries := make(map[string]query.Query)
	try := func(q query.Query, f caravan.Filter, dropped string) {
		if len(tried) < mostRelaxed && (q.Root != nil || !f.Empty()) {
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
		try(any, f, "")
	}
	var found []caravan.Relaxed
	for _, r := range tried {
		set, err := e.query(ctx, queries[r.Query])
		if err != nil {
			return nil, err
		}
		n, err := e.narrow(ctx, r.Filter, set)
		if err != nil {
			return nil, err
		}
		if r.Total = int(n.passing(set, dimensions).GetCardinality()); r.Total > 0 {
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
