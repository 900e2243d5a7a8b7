package index

import (
	"cmp"
	"context"
	"slices"
	"time"

	"caravan"
	"caravan/index/words"

	"github.com/RoaringBitmap/roaring/v2"
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

// narrowing is a filter looked up: for each dimension the documents that pass,
// nil where nothing is chosen.
type narrowing [dimensions]*roaring.Bitmap

// narrow looks a filter up. The date is checked on the documents of set only.
func (e *evaluator) narrow(ctx context.Context, f caravan.Filter, set *roaring.Bitmap) (narrowing, error) {
	var n narrowing
	for d, chosen := range map[dimension]struct {
		field  string
		values []string
	}{
		byCommunity: {fieldValues, prefixed(kindCommunity, f.Communities)},
		bySource:    {fieldValues, prefixed(kindSource, f.Sources)},
		byLanguage:  {fieldValues, prefixed(kindLanguage, mapped(f.Languages, words.Primary))},
		byTag:       {fieldTag, mapped(f.Tags, words.Key)},
	} {
		if len(chosen.values) == 0 {
			continue
		}
		n[d] = roaring.New()
		for _, v := range chosen.values {
			b, err := e.v.term(ctx, chosen.field, v)
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
	return n, e.v.visit(ctx, fieldMeta, set, func(doc uint32, term []byte) {
		at := time.UnixMilli(parseTime(term))
		if !at.Before(f.After) && (f.Before.IsZero() || at.Before(f.Before)) {
			n[byDate].Add(doc)
		}
	})
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

// passing returns the documents of set that pass every dimension but one; none
// is left out when except is dimensions.
func (n narrowing) passing(set *roaring.Bitmap, except dimension) *roaring.Bitmap {
	passed := set
	for d, b := range n {
		if b != nil && dimension(d) != except {
			passed = roaring.And(passed, b)
		}
	}
	return passed
}

// counts maps the values of a dimension to how many documents have them.
type counts map[string]*int

func (c counts) add(value []byte) {
	if n, ok := c[string(value)]; ok {
		*n++
		return
	}
	n := 1
	c[string(value)] = &n
}

// facets counts the values of the documents of set. What is chosen in one
// dimension narrows the counts of the others, not its own: its other values
// stay there to be chosen as well.
func (e *evaluator) facets(ctx context.Context, set *roaring.Bitmap, n narrowing, f caravan.Filter) (caravan.Facets, error) {
	kinds := map[byte]dimension{kindCommunity: byCommunity, kindSource: bySource, kindLanguage: byLanguage, kindTag: byTag, kindYear: byDate}
	var counted [dimensions]counts
	for d := range counted {
		counted[d] = make(counts)
	}
	var sets [dimensions]*roaring.Bitmap // nil where the dimension counts the whole of what is visited
	visited := n.passing(set, dimensions)
	for d, b := range n {
		if b != nil {
			visited = roaring.Or(visited, n.passing(set, dimension(d)))
		}
	}
	for d := range sets {
		if own := n.passing(set, dimension(d)); own.GetCardinality() != visited.GetCardinality() {
			sets[d] = own
		}
	}
	err := e.v.visit(ctx, fieldValues, visited, func(doc uint32, term []byte) {
		d, ok := kinds[term[0]]
		if ok && (sets[d] == nil || sets[d].Contains(doc)) {
			counted[d].add(term[1:])
		}
	})
	return caravan.Facets{
		Community: counted[byCommunity].list(0, f.Communities),
		Source:    counted[bySource].list(mostSources, f.Sources),
		Language:  counted[byLanguage].list(0, mapped(f.Languages, words.Primary)),
		Tag:       counted[byTag].spelled().list(mostTags, mapped(f.Tags, displayTag)),
		Year:      counted[byDate].years(),
	}, err
}

// list returns the values by count, the most frequent first; at most most, when
// that is not 0, and what is chosen in any case.
func (c counts) list(most int, chosen []string) []caravan.FacetValue {
	for _, v := range chosen {
		if _, ok := c[v]; !ok {
			c[v] = new(int)
		}
	}
	values := make([]caravan.FacetValue, 0, len(c))
	for v, n := range c {
		values = append(values, caravan.FacetValue{Value: v, Count: *n})
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

// spelled joins the spellings of one tag under the most frequent.
func (c counts) spelled() counts {
	type spelling struct {
		value    string
		best, of int
	}
	byKey := make(map[string]*spelling, len(c))
	for v, n := range c {
		k := words.Key(v)
		s := byKey[k]
		if s == nil {
			s = &spelling{}
			byKey[k] = s
		}
		s.of += *n
		if *n > s.best || *n == s.best && v < s.value {
			s.value, s.best = v, *n
		}
	}
	joined := make(counts, len(byKey))
	for _, s := range byKey {
		joined[s.value] = &s.of
	}
	return joined
}

// years returns the counts of all years from the first to the last.
func (c counts) years() []caravan.FacetValue {
	values := make([]caravan.FacetValue, 0, len(c))
	for v, n := range c {
		values = append(values, caravan.FacetValue{Value: v, Count: *n})
	}
	slices.SortFunc(values, func(a, b caravan.FacetValue) int { return cmp.Compare(a.Value, b.Value) })
	return values
}
