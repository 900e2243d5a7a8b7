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

// telling returns the words that a story is known by, frequent in it and rare
// elsewhere, as units to rank by. Each is looked for in every language: names and
// technical terms lead across.
func (e *Evaluator) telling(ctx context.Context, items []caravan.Item) ([]unit, error) {
	freq := make(map[string]int) // by the word as it is written
	for _, item := range items {
		terms := words.For(words.Group(item.Language)).Terms(item.Title + "\n" + item.Title + "\n" + item.Text) // the title counts more
		for _, t := range terms[:min(readWords, len(terms))] {
			if !t.Stop && !t.Joined && (utf8.RuneCountInString(t.Text) > 2 || words.Dense(t.Text)) {
				freq[t.Text]++
			}
		}
	}
	type word struct {
		text        string
		weight, idf float64
	}
	telling := make([]word, 0, len(freq))
	for text, n := range freq {
		docs, err := e.v.Count(ctx, schema.FieldWords, text)
		if err != nil {
			return nil, err
		}
		if docs >= 2 && docs <= max(sharedWords, e.v.Docs()/tooCommon) {
			telling = append(telling, word{text, saturated(float64(n)), idf(docs, e.v.Docs())})
		}
	}
	slices.SortFunc(telling, func(a, b word) int {
		return cmp.Or(cmp.Compare(b.weight*b.idf, a.weight*a.idf), cmp.Compare(a.text, b.text))
	})
	units := make([]unit, 0, tellingWords)
	for _, w := range telling[:min(tellingWords, len(telling))] {
		u, err := e.inAnyLanguage(ctx, w.text)
		if err != nil {
			return nil, err
		}
		u.weight, u.words[0].idf = w.weight, w.idf
		units = append(units, u)
	}
	return units, ctx.Err()
}

// inAnyLanguage returns a unit of one word by its stems in all languages.
func (e *Evaluator) inAnyLanguage(ctx context.Context, word string) (unit, error) {
	u := unit{docs: roaring.New(), words: make([]wordRefs, 1)}
	for _, g := range e.groups {
		terms := words.For(g).Terms(word)
		if len(terms) == 0 {
			continue
		}
		for _, field := range []string{schema.TitleField(g), schema.BodyField(g)} {
			docs, err := e.v.Term(ctx, field, terms[0].Stem)
			if err != nil {
				return u, err
			}
			if !docs.IsEmpty() {
				u.words[0].refs = append(u.words[0].refs, ref{field, terms[0].Stem})
				u.docs.Or(docs)
			}
		}
	}
	return u, nil
}

// sharing returns the documents that share most of the words, other than self. A
// long text shares words with every other; it counts by how much it says of them.
func (e *Evaluator) sharing(ctx context.Context, telling []unit, self uint32, limit int) ([]Ranked, error) {
	shared := make([]uint8, e.v.Size()) // faster than a map by far: most stories share some word
	for _, u := range telling {
		for it := u.docs.Iterator(); it.HasNext(); {
			shared[it.Next()]++
		}
	}
	set := roaring.New()
	need := max(1, min(sharedWords, (len(telling)+1)/2))
	for doc, n := range shared {
		if uint32(doc) != self && int(n) >= need {
			set.Add(uint32(doc))
		}
	}
	docs := set.ToArray()
	scores, err := e.score(ctx, telling, set, docs)
	if err != nil {
		return nil, err
	}
	h := heap{size: limit}
	for i, doc := range docs {
		h.offer(Ranked{Doc: doc, Score: float64(scores[i]), At: -int64(doc)})
	}
	slices.SortFunc(h.docs, better)
	return h.docs, nil
}
