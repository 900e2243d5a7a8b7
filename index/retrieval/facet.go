package retrieval

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan"
	"caravan/index/schema"
	"caravan/index/words"
)

// How many values of a facet are given, other than those chosen.
const (
	mostSources = 50
	mostTags    = 30
)

// A dimension is one way to narrow results. Values of one dimension are
// alternatives, dimensions add up.
type dimension int

const (
	byCommunity dimension = iota
	bySource
	byLanguage
	byTag
	byDate
	dimensions
)

// A Narrowing is a filter looked up: for each dimension the documents that pass,
// nil where nothing is chosen.
type Narrowing [dimensions]*roaring.Bitmap

// Narrow looks a filter up for the documents of set: on others the date is not
// checked.
func (e *Evaluator) Narrow(ctx context.Context, f caravan.Filter, set *roaring.Bitmap) (Narrowing, error) {
	var n Narrowing
	for d, chosen := range map[dimension]struct {
		field  string
		values []string
	}{
		byCommunity: {schema.FieldValues, prefixed(schema.KindCommunity, f.Communities)},
		bySource:    {schema.FieldValues, prefixed(schema.KindSource, f.Sources)},
		byLanguage:  {schema.FieldValues, prefixed(schema.KindLanguage, mapped(f.Languages, words.Primary))},
		byTag:       {schema.FieldTag, mapped(f.Tags, words.TagKey)},
	} {
		if len(chosen.values) == 0 {
			continue
		}
		n[d] = roaring.New()
		for _, v := range chosen.values {
			b, err := e.v.Term(ctx, chosen.field, v)
			if err != nil {
				return n, err
			}
			n[d].Or(b)
		}
	}
	if f.After.IsZero() && f.Before.IsZero() {
		return n, nil
	}
	n[byDate] = roaring.New()
	c := e.v.Cursor()
	for it := set.Iterator(); it.HasNext(); {
		doc := it.Next()
		at := time.UnixMilli(c.Time(doc))
		if !at.Before(f.After) && (f.Before.IsZero() || at.Before(f.Before)) {
			n[byDate].Add(doc)
		}
	}
	return n, nil
}

func prefixed(kind rune, values []string) []string {
	return mapped(values, func(v string) string { return string(kind) + v })
}

func mapped(values []string, f func(string) string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = f(v)
	}
	return out
}

// Passing returns the documents of set that pass.
func (n Narrowing) Passing(set *roaring.Bitmap) *roaring.Bitmap {
	return n.passingBut(set, dimensions)
}

// passingBut returns the documents of set that pass every dimension but one;
// none is left out when except is dimensions.
func (n Narrowing) passingBut(set *roaring.Bitmap, except dimension) *roaring.Bitmap {
	passed := set
	for d, b := range n {
		if b != nil && dimension(d) != except {
			passed = roaring.And(passed, b)
		}
	}
	return passed
}

// counts maps the values of a dimension to how many documents have them.
type counts map[string]int

// dimensionOf returns which dimension a kind of value belongs to.
func dimensionOf(kind byte) (dimension, bool) {
	switch kind {
	case schema.KindCommunity:
		return byCommunity, true
	case schema.KindSource:
		return bySource, true
	case schema.KindLanguage:
		return byLanguage, true
	case schema.KindTag:
		return byTag, true
	case schema.KindYear:
		return byDate, true
	}
	return 0, false
}

// Facets counts the values of the documents of set. What is chosen in one
// dimension narrows the counts of the others, not its own: its other values
// stay there to be chosen as well.
func (e *Evaluator) Facets(set *roaring.Bitmap, n Narrowing, f caravan.Filter) caravan.Facets {
	var counted [dimensions]counts
	whole := e.tally(n.Passing(set))
	for d := range dimensions {
		numbers := whole
		if n[d] != nil {
			numbers = e.tally(n.passingBut(set, d))
		}
		counted[d] = e.named(numbers, d)
	}
	tags, chosen := counted[byTag].spelled(f.Tags)
	return caravan.Facets{
		Community: counted[byCommunity].list(0, f.Communities),
		Source:    counted[bySource].list(mostSources, f.Sources),
		Language:  counted[byLanguage].list(0, mapped(f.Languages, words.Primary)),
		Tag:       tags.list(mostTags, chosen),
		Year:      counted[byDate].years(),
	}
}

// tally counts the values of the documents of set, by number.
func (e *Evaluator) tally(set *roaring.Bitmap) []int32 {
	numbers := make([]int32, len(e.v.Values()))
	c := e.v.Cursor()
	for it := set.Iterator(); it.HasNext(); {
		for _, value := range c.Values(it.Next()) {
			numbers[value]++
		}
	}
	return numbers
}

// named returns the counts of one dimension by value.
func (e *Evaluator) named(numbers []int32, d dimension) counts {
	named := make(counts)
	names := e.v.Values()
	for value, n := range numbers {
		if n == 0 {
			continue
		}
		if of, ok := dimensionOf(names[value][0]); ok && of == d {
			named[names[value][1:]] = int(n)
		}
	}
	return named
}

// list returns the values by count, the most frequent first; at most most, when
// that is not 0, and what is chosen in any case.
func (c counts) list(most int, chosen []string) []caravan.FacetValue {
	for _, v := range chosen {
		c[v] += 0 // it stays there to be let go of, also at nothing
	}
	values := make([]caravan.FacetValue, 0, len(c))
	for v, n := range c {
		values = append(values, caravan.FacetValue{Value: v, Count: n})
	}
	slices.SortFunc(values, func(a, b caravan.FacetValue) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	if most == 0 || len(values) <= most {
		return values
	}
	return slices.DeleteFunc(values[:len(values):len(values)], func(v caravan.FacetValue) bool {
		i, _ := slices.BinarySearchFunc(values, v, func(a, b caravan.FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		return i >= most && !slices.Contains(chosen, v.Value)
	})
}

// spelled joins the spellings of one tag under the most frequent, and returns
// those that are chosen in that spelling.
func (c counts) spelled(chosen []string) (joined counts, spelled []string) {
	type spelling struct {
		value    string
		best, of int
	}
	byKey := make(map[string]*spelling, len(c))
	for v, n := range c {
		k := words.TagKey(v)
		s := byKey[k]
		if s == nil {
			s = &spelling{}
			byKey[k] = s
		}
		s.of += n
		if n > s.best || n == s.best && v < s.value {
			s.value, s.best = v, n
		}
	}
	joined = make(counts, len(byKey))
	for _, s := range byKey {
		joined[s.value] = s.of
	}
	for _, tag := range chosen {
		if s := byKey[words.TagKey(tag)]; s != nil {
			spelled = append(spelled, s.value)
		} else {
			spelled = append(spelled, schema.DisplayTag(tag))
		}
	}
	return joined, spelled
}

// years returns the counts of all years from the first to the last.
func (c counts) years() []caravan.FacetValue {
	values := make([]caravan.FacetValue, 0, len(c))
	for v, n := range c {
		values = append(values, caravan.FacetValue{Value: v, Count: n})
	}
	slices.SortFunc(values, func(a, b caravan.FacetValue) int { return cmp.Compare(a.Value, b.Value) })
	return values
}
