package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan"
	"caravan/index/schema"
)

// A name is what may be offered: how it is written, and the term by which
// documents have it.
type name struct {
	text, term string
	most       int // documents that have it, and earlier states of theirs
}

// nameOf returns the name that a term of [schema.FieldOffers] stands for.
func nameOf(term string, most int) name {
	return name{schema.OfferedName(term), term, most}
}

// Offered returns the names of a kind with a word that begins with key, the
// most frequent first.
func (v *View) Offered(ctx context.Context, kind rune, key string) ([]caravan.FacetValue, error) {
	found := make(map[string]name)
	for i := range v.segments {
		names, err := v.segments[i].names(ctx, string(kind)+key)
		if err != nil {
			return nil, fmt.Errorf("read names that begin with %q: %w", key, err)
		}
		for _, n := range names {
			switch known, ok := found[n.text]; {
			case !ok:
				found[n.text] = n
			case known.term == n.term: // and not another word of the same name
				known.most += n.most
				found[n.text] = known
			}
		}
	}
	return v.frequent(ctx, schema.FieldOffers, found)
}

// An offerTable holds the most frequent names of a segment by the first two
// letters of their words, behind the mark of their kind. With so few letters
// thousands of names begin, more than can be read while somebody types; with
// more letters they are few. It is read ahead, beside the searches; until then
// all names that begin so are read, as far as that is done at all.
type offerTable map[string][]name

// How many names an offerTable keeps of those that begin alike, and from how
// many documents on a segment has one.
const (
	mostAlike = 100
	manyDocs  = 1000
)

// ReadNames reads the most frequent names of large segments ahead for [View.Offered],
// where that is not done yet. It takes seconds for a large index.
func (v *View) ReadNames(ctx context.Context) error {
	for i := range v.segments {
		s := &v.segments[i]
		if s.FullSize() < manyDocs || s.column.offers.Load() != nil {
			continue
		}
		table, err := s.readOffers(ctx)
		if err != nil {
			return fmt.Errorf("read names: %w", err)
		}
		s.column.offers.Store(&table)
	}
	return nil
}

// readOffers makes the table of a segment.
func (s *viewSegment) readOffers(ctx context.Context) (offerTable, error) {
	d, err := s.dictionary(schema.FieldOffers)
	if err != nil {
		return nil, err
	}
	table := make(offerTable)
	var alike []name
	beginning := ""
	put := func() {
		if len(alike) > 0 {
			table[beginning] = mostFrequent(alike, mostAlike)
		}
		alike = alike[:0]
	}
	err = eachTerm(ctx, d, "", 0, func(term string, most int) {
		if b := firstTwo(term); b != beginning {
			put()
			beginning = b
		}
		alike = append(alike, nameOf(term, most))
	})
	put()
	return table, err
}

// firstTwo returns the mark and the first two letters of a term.
func firstTwo(term string) string {
	end := 0
	for range 1 + schema.ShortestEdge {
		_, size := utf8.DecodeRuneInString(term[end:])
		end += size
	}
	return term[:end]
}

// mostFrequent returns a copy of the n most frequent of names.
func mostFrequent(names []name, n int) []name {
	slices.SortFunc(names, byFrequency)
	return slices.Clone(names[:min(n, len(names))])
}

func byFrequency(a, b name) int {
	return cmp.Or(cmp.Compare(b.most, a.most), cmp.Compare(a.text, b.text), cmp.Compare(a.term, b.term))
}

// names returns those of a segment that begin with a prefix: mark and letters.
// Of very many it has the most frequent.
func (s *viewSegment) names(ctx context.Context, prefix string) ([]name, error) {
	if table := s.column.offers.Load(); table != nil && utf8.RuneCountInString(prefix) == 1+schema.ShortestEdge {
		return (*table)[prefix], nil
	}
	d, err := s.dictionary(schema.FieldOffers)
	if err != nil {
		return nil, err
	}
	var found []name
	err = eachTerm(ctx, d, prefix, mostEntries, func(term string, most int) { found = append(found, nameOf(term, most)) })
	return found, err
}

// eachTerm calls f for the terms of a dictionary that begin with prefix, with
// how many documents have them, those included that are deleted; for not more
// than most of them when that is not 0.
func eachTerm(ctx context.Context, d segment.TermDictionary, prefix string, most int, f func(term string, docs int)) error {
	var from, to []byte
	if prefix != "" {
		from, to = []byte(prefix), after(prefix)
	}
	terms := d.AutomatonIterator(nil, from, to)
	for n := 0; most == 0 || n < most; n++ {
		entry, err := terms.Next()
		if err != nil {
			return fmt.Errorf("read terms: %w", err)
		}
		if entry == nil {
			return nil
		}
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		f(entry.Term, int(entry.Count))
	}
	return nil
}
