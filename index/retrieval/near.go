package retrieval

import (
	"cmp"
	"context"
	"slices"

	"caravan/index/schema"
	"caravan/index/view"
	"caravan/index/zapfile"
)

// mostNear bounds how many words are compared with their neighbours.
const mostNear = 8

// nearness returns for each document how close together it has the words of the
// query, from 0 to 1: the mean over neighbours of one by their distance.
func (e *Evaluator) nearness(ctx context.Context, units []unit, docs []Ranked) ([]float64, error) {
	near := make([]float64, len(docs))
	own := slices.DeleteFunc(slices.Clone(units), func(u unit) bool { return u.weight != 1 })
	own = own[:min(mostNear, len(own))]
	if len(own) < 2 || len(docs) == 0 {
		return near, nil
	}
	order := make([]int, len(docs)) // documents must be asked for in ascending order
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(docs[a].Doc, docs[b].Doc) })
	for _, g := range e.groups {
		for _, field := range []string{schema.TitleField(g), schema.BodyField(g)} {
			if err := e.nearer(field, own, docs, order, near); err != nil {
				return nil, err
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		}
	}
	return near, nil
}

// nearer raises near to how close together the documents have the units in a
// field; order has them ascending.
func (e *Evaluator) nearer(field string, units []unit, docs []Ranked, order []int, near []float64) error {
	readers := e.placesOf(field, units)
	for _, r := range readers {
		defer r.Release()
	}
	for _, k := range order {
		n, err := nearIn(readers, docs[k].Doc)
		if err != nil {
			return err
		}
		near[k] = max(near[k], n)
	}
	return nil
}

// placesOf returns a reader for each unit that is looked for in a field, in
// their order, nil for the others; none at all when fewer than two are.
func (e *Evaluator) placesOf(field string, units []unit) []*view.PlaceReader {
	readers := make([]*view.PlaceReader, len(units))
	found := 0
	for i, u := range units {
		if term, ok := u.termIn(field); ok {
			readers[i] = e.v.Places(field, term)
			found++
		}
	}
	if found < 2 {
		return nil
	}
	return readers
}

// nearIn returns how close together a document has the words of the readers.
func nearIn(readers []*view.PlaceReader, doc uint32) (float64, error) {
	sum := 0.0
	var before []zapfile.Place
	for i, r := range readers {
		var here []zapfile.Place
		if r != nil {
			places, err := r.At(doc)
			if err != nil {
				return 0, err
			}
			here = places
		}
		if i > 0 {
			sum += closeness(before, here)
		}
		before = here
	}
	return sum / float64(max(len(readers)-1, 1)), nil
}

// termIn returns the term by which a unit is found in a field: its first
// word's.
func (u unit) termIn(field string) (string, bool) {
	for _, w := range u.words {
		for _, r := range w.refs {
			if r.field == field {
				return r.term, true
			}
		}
	}
	return "", false
}

// mostPlaces bounds how many occurrences of a word are looked at.
const mostPlaces = 64

// closeness returns one by the least distance from a place of a to one of b
// behind it; before it, half of that.
func closeness(a, b []zapfile.Place) float64 {
	best := 0.0
	a, b = a[:min(mostPlaces, len(a))], b[:min(mostPlaces, len(b))]
	for _, p := range a {
		for _, q := range b {
			if p.Value != q.Value || p.Pos == q.Pos {
				continue
			}
			c := 1 / float64(q.Pos-p.Pos)
			if c < 0 {
				c = -c / 2
			}
			best = max(best, c)
		}
	}
	return best
}
