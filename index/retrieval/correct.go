package retrieval

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan"
	"caravan/index/query"
	"caravan/index/schema"
	"caravan/index/words"
)

// Bounds of corrections.
const (
	correctFrom    = 5  // letters: shorter words have too many neighbours
	fewHits        = 20 // a word that is known is questioned only where little was found
	muchMore       = 50 // and only for a neighbour this many times as frequent
	moreBeside     = 10 // and that finds this many times as much beside the other words
	mostMistakes   = 4  // words of one query that are corrected
	mostQuestioned = 12 // known words of a query without hits that are tried in turn
)

// A correction looks for what a query was meant to say.
type correction struct {
	e      *Evaluator
	q      query.Query
	filter caravan.Filter
}

// A suspect is a word of a query that may be misspelt.
type suspect struct {
	in   query.Text // the condition it stands in
	at   words.Token
	docs int // that have the word in this form
}

// put returns the suspect's condition with another word in its place.
func (s suspect) put(word string) query.Text {
	t := s.in
	t.Words = t.Words[:s.at.Start] + word + t.Words[s.at.End:]
	return t
}

// Correct returns q, which has total hits, with the words that the archive does not know, or
// hardly, replaced by what it has most of among the words one letter away; of a
// query without hits, by what it has most of beside the other words. ok is
// false when there is nothing to suggest.
func (e *Evaluator) Correct(ctx context.Context, q query.Query, f caravan.Filter, total int) (corrected query.Query, ok bool, err error) {
	if total > fewHits {
		return q, false, nil
	}
	c := correction{e: e, q: q, filter: f}
	unknown, known, err := c.suspects(ctx)
	switch {
	case err != nil:
		return q, false, err
	case len(unknown) > 0 && total == 0:
		return c.replaceUnknown(ctx, unknown[:min(mostMistakes, len(unknown))])
	case total == 0:
		return c.replaceOne(ctx, known[:min(mostQuestioned, len(known))])
	}
	return c.replaceRare(ctx, known[:min(mostMistakes, len(known))], total)
}

// suspects returns the words of the query that may be misspelt: those in no
// document, and the others. Of conditions that are alike it returns those of
// one, which stands for all: they are replaced together.
func (c correction) suspects(ctx context.Context) (unknown, known []suspect, err error) {
	seen := make(map[query.Text]bool)
	c.q.Walk(func(leaf query.Node, negated bool) {
		t, isText := leaf.(query.Text)
		if err != nil || !isText || negated || t.Prefix || t.Quoted || seen[t] {
			return
		}
		seen[t] = true
		for _, token := range words.Tokens(t.Words) {
			if token.Joined || utf8.RuneCountInString(token.Text) < correctFrom || words.Dense(token.Text) {
				continue
			}
			var n int
			if n, err = c.e.v.Count(ctx, schema.FieldWords, token.Text); err != nil {
				return
			}
			if s := (suspect{t, token, n}); n == 0 {
				unknown = append(unknown, s)
			} else {
				known = append(known, s)
			}
		}
	})
	return unknown, known, err
}

// replaceUnknown corrects words that no document has: each to what stands most
// often beside the words that are known and those corrected before it, and only
// where none does to the most frequent one.
func (c correction) replaceUnknown(ctx context.Context, unknown []suspect) (query.Query, bool, error) {
	beside, err := c.beside(ctx, unknown)
	if err != nil {
		return c.q, false, err
	}
	replaced := make(map[query.Text]query.Text)
	for _, s := range slices.Backward(unknown) { // so that the places in a condition stay true
		best, err := c.e.bestNeighbour(ctx, s, beside)
		if err != nil {
			return c.q, false, err
		}
		if best.beside > 0 {
			beside = roaring.And(beside, best.docs)
		}
		if best.word == "" {
			continue
		}
		was := s.in
		if t, ok := replaced[was]; ok {
			s.in = t
		}
		replaced[was] = s.put(best.word)
	}
	return c.replace(replaced)
}

// replaceOne corrects one word of a query whose words are all known but stand
// nowhere together: the one that has a more frequent neighbour beside all the
// others.
func (c correction) replaceOne(ctx context.Context, known []suspect) (query.Query, bool, error) {
	replaced := make(map[query.Text]query.Text)
	most := 0.0
	for _, s := range known {
		beside, err := c.beside(ctx, []suspect{s})
		if err != nil {
			return c.q, false, err
		}
		if beside.IsEmpty() {
			continue
		}
		best, err := c.e.bestNeighbour(ctx, s, beside)
		if err != nil {
			return c.q, false, err
		}
		if best.beside > most && int(best.docs.GetCardinality()) >= s.docs {
			most = best.beside
			clear(replaced)
			replaced[s.in] = s.put(best.word)
		}
	}
	return c.replace(replaced)
}

// replaceRare corrects words of a query with a few hits that are known, but far
// less than a neighbour. A word that some title has is meant as it is written.
func (c correction) replaceRare(ctx context.Context, known []suspect, total int) (query.Query, bool, error) {
	replaced := make(map[query.Text]query.Text)
	for _, s := range slices.Backward(known) {
		titled, err := c.e.v.Term(ctx, schema.FieldEdges, s.at.Text)
		if err != nil {
			return c.q, false, err
		}
		if !titled.IsEmpty() {
			continue
		}
		beside, err := c.beside(ctx, []suspect{s})
		if err != nil {
			return c.q, false, err
		}
		best, err := c.e.bestNeighbour(ctx, s, beside)
		if err != nil {
			return c.q, false, err
		}
		if best.word == "" || best.anywhere < float64(s.docs*muchMore) || best.beside < float64(total*moreBeside) {
			continue
		}
		was := s.in
		if t, ok := replaced[was]; ok {
			s.in = t
		}
		replaced[was] = s.put(best.word)
	}
	return c.replace(replaced)
}

// replace returns the query with conditions replaced.
func (c correction) replace(replaced map[query.Text]query.Text) (query.Query, bool, error) {
	return c.q.Map(func(t query.Text) query.Node {
		if better, ok := replaced[t]; ok {
			return better
		}
		return t
	}), len(replaced) > 0, nil
}

// beside returns the documents that satisfy the query, and the filter, but for
// the conditions with suspects; all of them when nothing else is asked for.
func (c correction) beside(ctx context.Context, suspects []suspect) (*roaring.Bitmap, error) {
	var rest query.And
	for _, n := range c.q.Conditions() {
		doubted := false
		query.Query{Root: n}.Walk(func(leaf query.Node, _ bool) {
			doubted = doubted || slices.ContainsFunc(suspects, func(s suspect) bool { return leaf == query.Node(s.in) })
		})
		if !doubted {
			rest = append(rest, n)
		}
	}
	var q query.Query
	if len(rest) > 0 {
		q.Root = rest
	}
	set, err := c.e.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	narrow, err := c.e.Narrow(ctx, c.filter, set)
	if err != nil {
		return nil, err
	}
	return narrow.Passing(set), nil
}

// A neighbour is a word one letter away from another.
type neighbour struct {
	word     string
	docs     *roaring.Bitmap
	beside   float64 // how much it is found beside the rest of the query
	anywhere float64 // and at all
}

// bestNeighbour returns the likeliest word one letter away from a suspect:
// first by where it stands beside the rest of the query, then by where it
// stands at all. Its word is empty when there is none.
func (e *Evaluator) bestNeighbour(ctx context.Context, s suspect, beside *roaring.Bitmap) (neighbour, error) {
	var best neighbour
	alike, err := e.v.Alike(ctx, schema.FieldWords, s.at.Text)
	if err != nil {
		return best, err
	}
	for _, word := range alike {
		docs, err := e.v.Term(ctx, schema.FieldWords, word)
		if err != nil {
			return best, err
		}
		likely := plausible(s.at.Text, word)
		n := neighbour{word: word, docs: docs, anywhere: likely * float64(docs.GetCardinality())}
		if beside != nil {
			n.beside = likely * float64(docs.AndCardinality(beside))
		}
		if n.anywhere > 0 && (n.beside > best.beside || n.beside == best.beside && n.anywhere > best.anywhere) {
			best = n
		}
	}
	return best, nil
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
