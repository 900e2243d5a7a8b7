package view

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan"
	"caravan/index/schema"
)

// Bounds of completions.
const (
	mostEach    = 5    // of one kind
	mostEntries = 5000 // names looked at
	mostCounted = 500  // of those, the documents are counted of
)

// Slugs returns the communities or sources whose slug has words that begin as
// those of key, the most frequent first.
func (v *View) Slugs(ctx context.Context, kind rune, key string) ([]caravan.FacetValue, error) {
	found := make(map[string]name)
	part := strings.ReplaceAll(key, " ", "-")
	err := v.terms(ctx, schema.FieldValues, string(kind), func(term string, most int) {
		if slug := term[1:]; strings.HasPrefix(slug, part) || strings.Contains(slug, "-"+part) {
			found[slug] = name{slug, term, most}
		}
	})
	if err != nil {
		return nil, err
	}
	return v.frequent(ctx, schema.FieldValues, found)
}

// standing returns how many documents have a term, without keeping which.
func (v *View) standing(ctx context.Context, field, term string) (int, error) {
	var list segment.PostingsList
	n := 0
	for _, s := range v.segments {
		d, err := s.dictionary(field)
		if err == nil {
			list, err = d.PostingsList([]byte(term), s.Deleted(), list)
		}
		if err != nil {
			return 0, fmt.Errorf("count documents with %s in %s: %w", term, field, err)
		}
		n += int(list.Count())
	}
	return n, ctx.Err()
}

// terms calls f for the terms of a field that begin with prefix, with how many
// documents have them, those included that are deleted; for not more than
// [mostEntries].
func (v *View) terms(ctx context.Context, field, prefix string, f func(term string, most int)) error {
	dict, err := v.r.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return fmt.Errorf("read terms of %s: %w", field, err)
	}
	defer dict.Close()
	for range mostEntries {
		entry, err := dict.Next()
		if err != nil {
			return fmt.Errorf("read terms of %s: %w", field, err)
		}
		if entry == nil {
			return nil
		}
		f(entry.Term, int(entry.Count))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// Alike returns the words of a field that are one letter away from word.
func (v *View) Alike(ctx context.Context, field, word string) ([]string, error) {
	dict, err := v.r.FieldDictFuzzy(field, word, 1, "")
	if err != nil {
		return nil, fmt.Errorf("look up words like %s: %w", word, err)
	}
	defer dict.Close()
	var alike []string
	for {
		entry, err := dict.Next() // its count is not filled in
		if err != nil {
			return nil, fmt.Errorf("look up words like %s: %w", word, err)
		}
		if entry == nil || ctx.Err() != nil {
			return alike, ctx.Err()
		}
		if entry.Term != word {
			alike = append(alike, entry.Term)
		}
	}
}

// frequent returns the [mostEach] most frequent of names, counted over the
// documents there are: what a dictionary has may belong to none any more.
func (v *View) frequent(ctx context.Context, field string, found map[string]name) ([]caravan.FacetValue, error) {
	names := slices.SortedFunc(maps.Values(found), byFrequency)
	var top []caravan.FacetValue
	for _, n := range names[:min(mostCounted, len(names))] {
		if len(top) >= mostEach && n.most <= top[mostEach-1].Count {
			break // none that follows can have more
		}
		docs, err := v.standing(ctx, field, n.term)
		if err != nil {
			return nil, err
		}
		if docs > 0 {
			top = append(top, caravan.FacetValue{Value: n.text, Count: docs})
			slices.SortFunc(top, func(a, b caravan.FacetValue) int {
				return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
			})
		}
	}
	return top[:min(mostEach, len(top))], nil
}
