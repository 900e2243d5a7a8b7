package retrieval

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan"
	"caravan/index/schema"
	"caravan/index/words"
)

// Bounds of what makes stories similar.
const (
	tellingWords = 25   // that a story is known by
	readWords    = 4000 // of its text that are looked at
	sharedWords  = 3    // that a similar story must have
	tooCommon    = 10   // a word in more than one story of ten tells nothing
)

// Like returns the documents that share most of the telling words of another,
// whose texts these are.
func (e *Evaluator) Like(ctx context.Context, self uint32, texts []caravan.Item, limit int) ([]Ranked, error) {
	telling, err := e.telling(ctx, texts)
	if err != nil {
		return nil, err
	}
	return e.sharing(ctx, telling, self, limit)
}

// A tellingWord is a word of a story that few others have.
type tellingWord struct {
	wordRefs
	weight float64
}

// telling returns the words that a story is known by: frequent in it, rare
// elsewhere.
func (e *Evaluator) telling(ctx context.Context, items []caravan.Item) ([]tellingWord, error) {
	type seen struct {
		group, stem, text string
	}
	freq := make(map[seen]int)
	for _, item := range items {
		g := words.Group(item.Language)
		terms := words.For(g).Terms(item.Title + "\n" + item.Title + "\n" + item.Text) // the title counts more
		for _, t := range terms[:min(readWords, len(terms))] {
			if !t.Stop && !t.Joined && (utf8.RuneCountInString(t.Text) > 2 || words.Dense(t.Text)) {
				freq[seen{g, t.Stem, t.Text}]++
			}
		}
	}
	telling := make([]tellingWord, 0, len(freq))
	for s, n := range freq {
		docs, err := e.v.Count(ctx, schema.FieldWords, s.text)
		if err != nil {
			return nil, err
		}
		if docs < 2 || docs > max(sharedWords, e.v.Docs()/tooCommon) {
			continue
		}
		w := tellingWord{weight: saturated(float64(n))}
		w.idf = idf(docs, e.v.Docs())
		w.refs = []ref{{schema.TitleField(s.group), s.stem}, {schema.BodyField(s.group), s.stem}, {schema.FieldWords, s.text}}
		telling = append(telling, w)
	}
	slices.SortFunc(telling, func(a, b tellingWord) int {
		return cmp.Or(cmp.Compare(b.weight*b.idf, a.weight*a.idf), cmp.Compare(a.refs[2].term, b.refs[2].term))
	})
	return telling[:min(tellingWords, len(telling))], ctx.Err()
}

// sharing returns the documents with most of the words, other than self.
func (e *Evaluator) sharing(ctx context.Context, telling []tellingWord, self uint32, limit int) ([]Ranked, error) {
	scores := make([]float32, e.v.Size()) // faster than a map by far: most stories share some word
	shared := make([]uint8, e.v.Size())
	for _, w := range telling {
		docs := roaring.New()
		for _, r := range w.refs {
			b, err := e.v.Term(ctx, r.field, r.term)
			if err != nil {
				return nil, err
			}
			docs.Or(b)
		}
		for it := docs.Iterator(); it.HasNext(); {
			doc := it.Next()
			scores[doc] += float32(w.weight * w.idf)
			shared[doc]++
		}
	}
	h := heap{size: limit}
	need := min(sharedWords, (len(telling)+1)/2)
	for n, s := range scores {
		if doc := uint32(n); doc != self && shared[doc] > 0 && int(shared[doc]) >= need {
			h.offer(Ranked{Doc: doc, Score: float64(s), At: -int64(doc)})
		}
	}
	slices.SortFunc(h.docs, better)
	return h.docs, nil
}
