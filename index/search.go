package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan"
	"caravan/index/query"
	"caravan/index/retrieval"
	"caravan/index/schema"
	"caravan/index/snippet"
	"caravan/index/words"
)

// Bounds of a request.
const (
	maxLimit  = 100
	verified  = 1000                   // hits whose text quotations are checked in
	usual     = 400 * time.Millisecond // how long a search may take at up to usualDocs
	usualDocs = 100_000
)

// Search answers a request. A request that cannot be understood, or that would
// take too long, is of class [caravan.ErrInvalid], and one that came at a bad
// moment of class [caravan.ErrUnavailable], both with a message for the reader.
func (i *Index) Search(ctx context.Context, r caravan.SearchRequest) (caravan.SearchResult, error) {
	began := i.cfg.Now()
	r, asked, err := i.understand(r)
	if err != nil {
		return caravan.SearchResult{}, err
	}
	var result caravan.SearchResult
	err = i.withView(ctx, func(ctx context.Context, e *retrieval.Evaluator) error {
		l, reranked, err := i.listFor(ctx, e, r, asked)
		if err != nil {
			return err
		}
		result = l.result
		result.At, result.Reranked = l.name, reranked && r.Page > 1
		if !r.Facets {
			result.Facets = caravan.Facets{}
		}
		result.Hits, err = i.page(ctx, e, r, l)
		return err
	})
	if err != nil {
		return caravan.SearchResult{}, err
	}
	result.Took = i.cfg.Now().Sub(began)
	return result, nil
}

// understand checks a request, fills its defaults in and parses its query.
func (i *Index) understand(r caravan.SearchRequest) (caravan.SearchRequest, retrieval.Asked, error) {
	if r.Limit == 0 {
		r.Limit = 20
	}
	if r.Page == 0 {
		r.Page = 1
	}
	if r.Sort == "" {
		r.Sort = caravan.SortRelevance
	}
	if r.Now.IsZero() {
		r.Now = i.cfg.Now()
	}
	switch {
	case r.Limit < 1 || r.Limit > maxLimit:
		return r, retrieval.Asked{}, refuse(caravan.SearchPageSize, "A page may have 1 to %d results.", maxLimit)
	case r.Page < 1 || r.Page-1 > (retrieval.Deepest-1)/r.Limit:
		return r, retrieval.Asked{}, refuse(caravan.SearchTooDeep, "Only the first %d results can be paged through. Narrow the search instead.", retrieval.Deepest)
	case r.Sort != caravan.SortRelevance && r.Sort != caravan.SortNewest:
		return r, retrieval.Asked{}, refuse(caravan.SearchSort, "Results can be sorted by relevance or newest.")
	}
	parse := query.Parse
	if r.Plain {
		parse = query.ParsePlain
	}
	own, err := parse(r.Query)
	if err != nil {
		return r, retrieval.Asked{}, err
	}
	return r, retrieval.Widen(i.thesaurus.Load(), own, r.Exact), nil
}

// refuse returns the error of a request that asks for too much.
func refuse(code caravan.Code, format string, args ...any) error {
	return &caravan.PublicError{Message: fmt.Sprintf(format, args...), Code: code, Args: args, Err: caravan.ErrInvalid}
}

// withView runs f on a view of the index when it is its turn, within the time
// that a search may take. A damaged index is noticed and replaced. f may be run
// twice (see [gate.run]).
func (i *Index) withView(ctx context.Context, f func(context.Context, *retrieval.Evaluator) error) error {
	return i.gate.run(ctx, func(ctx context.Context) error {
		g, release := i.hold()
		defer release()
		err := i.read(ctx, g, i.timed(f))
		if errors.Is(err, errDamaged) {
			i.cfg.Log.Error("search index is damaged", "dir", g.dir, "err", err)
			g.breakDown(err)
			return &caravan.PublicError{Message: "The search index is being repaired. Try again in a moment.", Code: caravan.SearchRepaired, Err: errors.Join(caravan.ErrUnavailable, err)}
		}
		return err
	})
}

// read opens a view and runs f on it.
func (i *Index) read(ctx context.Context, g *generation, f func(context.Context, *retrieval.Evaluator) error) (err error) {
	defer guardFaults()()
	defer recoverTo(&err)
	v, err := g.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	return f(ctx, retrieval.New(v))
}

// timed gives f no more time than a search may take.
func (i *Index) timed(f func(context.Context, *retrieval.Evaluator) error) func(context.Context, *retrieval.Evaluator) error {
	return func(ctx context.Context, e *retrieval.Evaluator) error {
		budget := i.budget(e.View().Docs())
		timed, cancel := withBudget(ctx, budget)
		defer cancel()
		err := f(timed, e)
		if err == nil || timed.Err() == nil || ctx.Err() != nil {
			return err
		}
		return &caravan.PublicError{
			Message: fmt.Sprintf("This search would take too long: more than %d ms. Use fewer or longer words, or fewer stars.", budget.Milliseconds()),
			Code:    caravan.SearchTooSlow, Args: []any{int(budget.Milliseconds())},
			Err: errors.Join(caravan.ErrInvalid, err),
		}
	}
}

// budget returns how long a search may take among so many stories.
func (i *Index) budget(docs int) time.Duration {
	if i.cfg.Budget > 0 {
		return i.cfg.Budget
	}
	return max(usual, usual*time.Duration(docs)/usualDocs)
}

// listFor returns the ranked list that the request pages through, or makes it;
// reranked says that the one asked for is gone.
func (i *Index) listFor(ctx context.Context, e *retrieval.Evaluator, r caravan.SearchRequest, a retrieval.Asked) (l *rankedList, reranked bool, err error) {
	key := keyOf(r)
	if r.At != "" {
		if l, ok := i.lists.get(r.At, key, i.cfg.Now()); ok && (l.facets || !r.Facets) {
			return l, false, nil
		}
	}
	l, err = i.rank(ctx, e, r, a)
	if err != nil {
		return nil, false, err
	}
	l.key, l.made = key, i.cfg.Now()
	if !r.Count { // a list that nobody pages through must not push out others
		i.lists.put(l)
	}
	return l, r.At != "", nil
}

// rank matches, narrows, ranks and counts; where nothing matches it looks for
// what the reader may have meant.
func (i *Index) rank(ctx context.Context, e *retrieval.Evaluator, r caravan.SearchRequest, a retrieval.Asked) (*rankedList, error) {
	l, err := i.rankOnce(ctx, e, r, a)
	if err != nil {
		return nil, err
	}
	l.result.Query = a.Own.String()
	if r.Count {
		return l, nil
	}
	corrected, ok, err := e.Correct(ctx, a.Own, r.Filter, l.result.Total)
	if err != nil {
		return nil, err
	}
	if l.result.Total == 0 {
		if err := i.explain(ctx, e, r, a, &l.result); err != nil {
			return nil, err
		}
	}
	if !ok {
		return l, nil
	}
	if l.result.Total > 0 {
		l.result.Suggestion, err = i.spelled(ctx, e, corrected)
		return l, err
	}
	instead, err := i.rankOnce(ctx, e, r, retrieval.Widen(i.thesaurus.Load(), corrected, r.Exact))
	if err != nil {
		return nil, err
	}
	instead.result.Query, instead.result.Relaxed = l.result.Query, l.result.Relaxed
	instead.result.Common, instead.result.Unknown = l.result.Common, l.result.Unknown
	if instead.result.Corrected = instead.result.Total > 0; instead.result.Corrected {
		instead.result.Suggestion, err = i.spelled(ctx, e, corrected)
	}
	if r.Typed {
		l.result.Suggestion = instead.result.Suggestion
		return l, err
	}
	return instead, err
}

// explain says why a query finds nothing, and what weaker ones find.
func (i *Index) explain(ctx context.Context, e *retrieval.Evaluator, r caravan.SearchRequest, a retrieval.Asked, result *caravan.SearchResult) (err error) {
	if result.Relaxed, err = e.Relax(ctx, a.Own, r.Filter); err != nil {
		return err
	}
	if result.Unknown, err = e.Unknown(ctx, a.Own, r.Filter); err != nil {
		return err
	}
	phrase, ok := e.Common(a.Own)
	if result.Common = ok; !ok {
		return nil
	}
	quoted, err := i.rankOnce(ctx, e, r, retrieval.Asked{Own: phrase, Wide: phrase})
	if err == nil && quoted.result.Total > 0 {
		result.Relaxed = append(result.Relaxed, caravan.Relaxed{Query: phrase.String(), Filter: r.Filter, Quoted: true, Total: quoted.result.Total})
	}
	return err
}

// rankOnce makes the ranked list of one query.
func (i *Index) rankOnce(ctx context.Context, e *retrieval.Evaluator, r caravan.SearchRequest, a retrieval.Asked) (*rankedList, error) {
	matched, err := e.Query(ctx, a.Wide)
	if err != nil {
		return nil, err
	}
	narrow, err := e.Narrow(ctx, r.Filter, matched)
	if err != nil {
		return nil, err
	}
	set := narrow.Passing(matched)
	top, err := e.Order(ctx, r, a, set)
	if err != nil {
		return nil, err
	}
	l := &rankedList{asked: a}
	l.result = caravan.SearchResult{Total: int(set.GetCardinality()), Also: a.Also, Progress: i.progress(i.current())}
	if a.Quotes() {
		if top, err = i.verify(ctx, e, a.Wide, top, &l.result); err != nil {
			return nil, err
		}
		if !l.result.About {
			matched = bitmapOf(top)
		}
	}
	if r.Facets {
		l.facets = true
		l.result.Facets = e.Facets(matched, narrow, r.Filter)
	}
	for _, d := range top {
		score := d.Score
		if r.Sort == caravan.SortNewest {
			score = 0
		}
		l.hits = append(l.hits, listed{e.View().Story(d.Doc), score})
	}
	return l, nil
}

func bitmapOf(docs []retrieval.Ranked) *roaring.Bitmap {
	b := roaring.New()
	for _, d := range docs {
		b.Add(d.Doc)
	}
	return b
}

// verify keeps those of the first hits whose text has the quotations in their
// exact form. Where there are more hits than are looked at, the total becomes an
// estimate.
func (i *Index) verify(ctx context.Context, e *retrieval.Evaluator, q query.Query, top []retrieval.Ranked, result *caravan.SearchResult) ([]retrieval.Ranked, error) {
	const atOnce = 200
	var kept []retrieval.Ranked
	for start := 0; start < len(top); start += atOnce {
		some := top[start:min(start+atOnce, len(top))]
		of := make([]schema.Members, len(some))
		var items []string
		for k, d := range some {
			m, err := e.View().Members(d.Doc)
			if err != nil {
				return nil, err
			}
			of[k] = m
			items = append(items, m.Items...)
		}
		texts, err := i.texts(ctx, items)
		if err != nil {
			return nil, err
		}
		for k, m := range of {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			ok, err := e.InForm(ctx, q, some[k].Doc, m, texts)
			if err != nil {
				return nil, err
			}
			if ok {
				kept = append(kept, some[k])
			}
		}
	}
	if result.Total > len(top) {
		result.About = true
		result.Total = int(math.Round(float64(result.Total) * float64(len(kept)) / float64(len(top))))
		return kept, nil
	}
	result.Total = len(kept)
	return kept, nil
}

// page cuts the request's page from a ranked list and shows its hits.
func (i *Index) page(ctx context.Context, e *retrieval.Evaluator, r caravan.SearchRequest, l *rankedList) ([]caravan.Hit, error) {
	from := min((r.Page-1)*r.Limit, len(l.hits))
	return i.hits(ctx, e, l.asked.Wide, r.Filter, l.hits[from:min(from+r.Limit, len(l.hits))])
}

// hits shows stories: of each the member that has most of what is asked for, and
// among those the one in which most of the query stands.
func (i *Index) hits(ctx context.Context, e *retrieval.Evaluator, q query.Query, f caravan.Filter, stories []listed) ([]caravan.Hit, error) {
	of := make([][]string, len(stories))
	var items []string
	for k, s := range stories {
		m, err := e.View().MembersOf(s.story)
		if err != nil {
			return nil, err
		}
		of[k] = m.Items
		items = append(items, m.Items...)
	}
	texts, err := i.texts(ctx, items)
	if err != nil {
		return nil, err
	}
	met, err := i.choices(ctx, askOf(q, f), of)
	if err != nil {
		return nil, err
	}
	markers := make(map[string]snippet.Marker)
	hits := make([]caravan.Hit, 0, len(stories))
	for k, s := range stories {
		hit := caravan.Hit{Story: s.story, Score: s.score}
		most, best := -1, 0
		for _, id := range of[k] {
			item, ok := texts[id]
			if !ok || most >= 0 && met[id] < best {
				continue
			}
			g := words.Group(item.Language)
			if _, ok := markers[g]; !ok {
				markers[g] = snippet.New(q, g)
			}
			if c := markers[g].Cut(item.Title, item.Text); met[id] > best || c.Matched > most {
				most, best = c.Matched, met[id]
				hit.Item, hit.Title, hit.Snippet = id, c.Title, c.Text
			}
		}
		if most >= 0 { // else all of it went since it was indexed
			hits = append(hits, hit)
		}
	}
	return hits, nil
}
