package retrieval

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan"
	"caravan/index/query"
	"caravan/index/schema"
	"caravan/index/words"
)

// Constants of the ranking: BM25F, that is BM25 over one weighted length and
// frequency of all fields of a document. LIBRARIES.md, 2.4, says why bleve's own
// scores are not used.
const (
	bm25K1      = 1.2
	bm25B       = 0.75
	titleB      = 0.3 // titles are short by nature; length says less
	titleWeight = 3.0

	recencyBoost = 0.6
	recencyDays  = 180.0
	recencyEnd   = 1500.0 // days after which nothing of it is left to see

	nearBoost  = 0.5 // for words that stand side by side as in the query
	titleBoost = 9.0 // for a title that is the query
	nearest    = 100 // how many of the best are looked at for these two

	equivalentWeight = 0.3 // of what the thesaurus added, which never tells more than what it stands for

	atOnce = 1 << 13 // documents are scored between two looks at the time
)

// Deepest is how many documents are ranked at most.
const Deepest = 1000

// idf returns how much a word that docs of all documents have tells.
func idf(docs, all int) float64 {
	return math.Log(1 + (float64(all)-float64(docs)+0.5)/(float64(docs)+0.5))
}

// A norm says how much the occurrences of a word in a field count: less in a
// field longer than usual.
type norm struct {
	weight, b float64
	slope     float64 // b by the usual length
}

func newNorm(field string, average float64) norm {
	weight, b := weightOf(field)
	return norm{weight, b, b / average}
}

// of returns the field's share in the frequency of a word.
func (n norm) of(freq, length float64) float64 {
	return n.weight * freq / (1 - n.b + n.slope*length)
}

// saturated returns the gain of a frequency: each further occurrence adds less.
func saturated(freq float64) float64 { return freq * (bm25K1 + 1) / (freq + bm25K1) }

// fresh returns the factor for a story's age: news first among equals.
func freshness(age time.Duration) float64 {
	days := max(age.Hours()/24, 0)
	if days > recencyEnd {
		return 1
	}
	return 1 + recencyBoost*math.Exp(-days/recencyDays)
}

// A unit is a condition on text, made of one or more words.
type unit struct {
	text   query.Text
	weight float64 // 1 for the reader's own
	words  []wordRefs
	docs   *roaring.Bitmap // documents in which it was found
}

// A wordRefs is one word of a unit, in all fields and languages it is looked
// for in.
type wordRefs struct {
	idf  float64
	refs []ref
}

// A ref is a term in a field.
type ref struct {
	field, term string
}

// weightOf returns what a field counts, and how much its length does.
func weightOf(field string) (weight, b float64) {
	if len(field) > 6 && field[:6] == "title_" {
		return titleWeight, titleB
	}
	return 1, bm25B
}

// units returns what a query's documents are ranked by: its words, other than
// those it must not have. added names those that count less, and the words they
// stand for.
func (e *Evaluator) units(ctx context.Context, q query.Query, added map[query.Text][]query.Text) ([]unit, error) {
	var units []unit
	var err error
	q.Walk(func(leaf query.Node, negated bool) {
		t, ok := leaf.(query.Text)
		if !ok || negated || err != nil {
			return
		}
		var u unit
		if u, err = e.unit(ctx, t); err == nil && !u.docs.IsEmpty() {
			units = append(units, u)
		}
	})
	weigh(units, added)
	return units, err
}

// weigh lowers the weight of units that were added. Words of another language
// are often rarer in an archive than those they stand for; that makes them no
// better matches.
func weigh(units []unit, added map[query.Text][]query.Text) {
	tells := make(map[query.Text]float64, len(units))
	for _, u := range units {
		sum := 0.0
		for _, w := range u.words {
			sum += w.idf
		}
		tells[u.text] = sum
	}
	for i, u := range units {
		own, ok := added[u.text]
		if !ok {
			continue
		}
		most := 0.0
		for _, t := range own {
			most += tells[t]
		}
		units[i].weight = equivalentWeight
		if mine := tells[u.text]; most > 0 && mine > most {
			units[i].weight *= most / mine
		}
	}
}

// unit looks up what a condition on text is ranked by.
func (e *Evaluator) unit(ctx context.Context, t query.Text) (unit, error) {
	u := unit{text: t, weight: 1, docs: roaring.New()}
	byPart := make(map[int][]ref) // place of the part -> where it is looked for
	for _, g := range e.groups {
		b, err := e.text(ctx, t, g)
		if err != nil {
			return u, err
		}
		u.docs = either(u.docs, b)
		if b.IsEmpty() {
			continue
		}
		text, names := fieldsOf(t.In, g)
		addRefs(byPart, text, words.For(g).Terms(t.Words))
		addRefs(byPart, names, words.For(words.Other).Terms(t.Words))
	}
	if t.Prefix {
		u.words = []wordRefs{{idf: idf(int(u.docs.GetCardinality()), e.v.Docs())}}
		return u, nil
	}
	for _, pos := range slices.Sorted(keysOf(byPart)) {
		w := wordRefs{refs: byPart[pos]}
		docs := u.docs
		if len(byPart) > 1 {
			docs = roaring.New()
			for _, r := range w.refs {
				b, err := e.v.Term(ctx, r.field, r.term)
				if err != nil {
					return u, err
				}
				docs.Or(b)
			}
		}
		w.idf = idf(int(docs.GetCardinality()), e.v.Docs())
		u.words = append(u.words, w)
	}
	return u, nil
}

// addRefs notes where the words of a condition are looked for; both spellings
// of a compound count as its first word.
func addRefs(byPart map[int][]ref, fields []string, terms []words.Term) {
	for _, t := range terms {
		for _, f := range fields {
			if t.Stop && len(terms) > 1 && f[:2] == "bo" || t.Joined && words.Dense(t.Text) {
				continue
			}
			if r := (ref{f, t.Stem}); !slices.Contains(byPart[t.Pos], r) {
				byPart[t.Pos] = append(byPart[t.Pos], r)
			}
		}
	}
}

func keysOf(m map[int][]ref) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// score returns how well each document of set matches; docs are those of set.
func (e *Evaluator) score(ctx context.Context, units []unit, set *roaring.Bitmap, docs []uint32) ([]float32, error) {
	total := make([]float32, len(docs))
	sum := make([]float32, len(docs))
	freq := make([]float32, len(docs))
	for _, u := range units {
		clear(sum)
		for _, w := range u.words {
			if err := e.addWord(ctx, w, docs, freq, sum); err != nil {
				return nil, err
			}
		}
		if u.docs.AndCardinality(set) == uint64(len(docs)) {
			u.addToAll(total, sum)
		} else {
			u.addTo(total, sum, docs)
		}
	}
	return total, nil
}

// addTo adds a unit's scores to the total of the documents it was found in.
func (u unit) addTo(total, sum []float32, set []uint32) {
	it := u.docs.Iterator()
	for i, doc := range set {
		it.AdvanceIfNeeded(doc)
		if !it.HasNext() {
			return
		}
		if it.PeekNext() == doc {
			total[i] += float32(u.weight) * sum[i]
		}
	}
}

// addToAll adds a unit's scores to the total when it was found in all documents.
func (u unit) addToAll(total, sum []float32) {
	for i := range total {
		total[i] += float32(u.weight) * sum[i]
	}
}

// addWord adds a word's gain to sum for each document of set.
func (e *Evaluator) addWord(ctx context.Context, w wordRefs, set []uint32, freq, sum []float32) error {
	if len(w.refs) == 0 { // the beginning of a word: it counts the same everywhere
		for i := range sum {
			sum[i] += float32(w.idf)
		}
		return nil
	}
	clear(freq)
	for _, r := range w.refs {
		if err := e.addFrequencies(ctx, r, set, freq); err != nil {
			return err
		}
	}
	for i, f := range freq {
		if f > 0 {
			sum[i] += float32(w.idf * saturated(float64(f)))
		}
	}
	return nil
}

// addFrequencies adds the normalized frequency of a term to freq for each
// document of set.
func (e *Evaluator) addFrequencies(ctx context.Context, r ref, set []uint32, freq []float32) error {
	norm := newNorm(r.field, e.v.Average(r.field))
	p := e.v.Frequencies(r.field, r.term)
	defer p.Release()
	for len(set) > 0 {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n, err := p.Each(set[:min(atOnce, len(set))], func(i int, frequency, length float64) { freq[i] += float32(norm.of(frequency, length)) })
		if err != nil {
			return err
		}
		set, freq = set[n:], freq[n:]
	}
	return nil
}

// best returns the best matches of set.
func (e *Evaluator) best(ctx context.Context, q ranking, set *roaring.Bitmap) ([]Ranked, error) {
	docs := set.ToArray()
	scores, err := e.score(ctx, q.units, set, docs)
	if err != nil {
		return nil, err
	}
	top := e.candidates(docs, scores)
	scores = scores[:len(top)]
	for i := range top {
		top[i].Score *= freshness(q.now.Sub(time.UnixMilli(top[i].At)))
		scores[i] = float32(top[i].Score)
	}
	least := nearNth(scores, Deepest)
	top = slices.DeleteFunc(top, func(r Ranked) bool { return float32(r.Score) < least })
	slices.SortFunc(top, better)
	top = top[:min(Deepest, len(top))]
	return top, e.refine(ctx, q, top)
}

// candidates returns those documents that may be among the best once their age
// counts as well: not even today's news would get the others in.
func (e *Evaluator) candidates(docs []uint32, scores []float32) []Ranked {
	least := nearNth(scores, Deepest) / (1 + recencyBoost)
	n := 0
	for _, s := range scores {
		if s >= least {
			n++
		}
	}
	found := make([]Ranked, 0, n)
	c := e.v.Cursor()
	for i, doc := range docs {
		if scores[i] < least {
			continue
		}
		found = append(found, Ranked{Doc: doc, At: c.Time(doc), Score: float64(scores[i])})
	}
	return found
}

// nearNth returns a score that at least n of scores reach, and hardly more than
// n; 0 when they are fewer.
func nearNth(scores []float32, n int) float32 {
	if len(scores) <= n {
		return 0
	}
	const steps = 1 << 10
	step := slices.Max(scores) / (steps - 1)
	if !(step > 0) {
		return 0
	}
	var at [steps]int
	for _, s := range scores {
		at[min(int(s/step), steps-1)]++
	}
	reached, k := 0, steps-1
	for ; k > 0 && reached+at[k] < n; k-- {
		reached += at[k]
	}
	return float32(max(k-1, 0)) * step // a step less, for what rounding does
}

// A ranking is what matches are ordered by.
type ranking struct {
	units  []unit
	phrase string // the query as a title; empty when it is not made of words alone
	now    time.Time
}

// refine looks closer at the best: those in which the words stand together, and
// those whose title is the query, move up.
func (e *Evaluator) refine(ctx context.Context, q ranking, docs []Ranked) error {
	top := docs[:min(nearest, len(docs))]
	if q.phrase != "" {
		titled, err := e.v.Term(ctx, schema.FieldTitleKey, schema.TitleKey(q.phrase))
		if err != nil {
			return err
		}
		for i := range docs { // all of them: a title may be made of common words
			if titled.Contains(docs[i].Doc) {
				docs[i].Score *= 1 + titleBoost
			}
		}
	}
	near, err := e.nearness(ctx, q.units, top)
	if err != nil {
		return err
	}
	for i := range top {
		top[i].Score *= 1 + nearBoost*near[i]
	}
	slices.SortFunc(docs, better)
	return nil
}

// Order returns the best of set, or the newest where the request asks for them
// or there is nothing to rank by.
func (e *Evaluator) Order(ctx context.Context, r caravan.SearchRequest, a Asked, set *roaring.Bitmap) ([]Ranked, error) {
	if r.Sort == caravan.SortNewest {
		return e.Newest(set, Deepest), nil
	}
	units, err := e.units(ctx, a.Wide, a.added)
	if err != nil {
		return nil, err
	}
	if len(units) == 0 {
		return e.Newest(set, Deepest), nil
	}
	return e.best(ctx, ranking{units: units, phrase: a.phrase, now: r.Now}, set)
}
