package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
)

func paged(page int, at string) func(*caravan.SearchRequest) {
	return func(r *caravan.SearchRequest) { r.Limit, r.Page, r.At = 10, page, at }
}

func TestPagesGoThroughOneList(t *testing.T) {
	var stories []caravan.StoryDoc
	for n := range 35 {
		stories = append(stories, story("en", fmt.Sprint("Story ", n), "data "+strings.Repeat("x ", n)))
	}
	m := newMemory(stories...)
	c := config(t, m)
	now := today
	c.Now = func() time.Time { return now }
	i := openWith(t, c)
	seen := make(map[string]bool)
	at := ""
	for page := 1; page <= 4; page++ {
		r := search(t, i, "data", paged(page, at))
		if page > 1 && (r.At != at || r.Reranked) {
			t.Errorf("page %d: at %q, reranked %v", page, r.At, r.Reranked)
		}
		at = r.At
		for _, h := range r.Hits {
			if seen[h.Story] {
				t.Errorf("page %d: %s comes twice", page, h.Story)
			}
			seen[h.Story] = true
		}
		m.put(story("en", fmt.Sprint("Late ", page), "data data data", dated("2026-11-24"))) // new stories come between
		if err := i.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 35 {
		t.Errorf("%d stories on four pages, want 35", len(seen))
	}
	if r := search(t, i, "data", paged(2, "nosuchlist")); !r.Reranked || r.Total != 39 || len(r.Hits) != 10 {
		t.Errorf("a list that is gone: reranked %v, total %d, hits %d", r.Reranked, r.Total, len(r.Hits))
	}
	if r := search(t, i, "story", paged(2, at)); !r.Reranked {
		t.Error("another query's list was used")
	}
	now = now.Add(listLife + time.Second)
	if r := search(t, i, "data", paged(2, at)); !r.Reranked {
		t.Error("a list was used after its time")
	}
	if r := search(t, i, "data", paged(9, at)); len(r.Hits) != 0 || r.Total != 39 {
		t.Errorf("past the last page: %d hits of %d", len(r.Hits), r.Total)
	}
}

func TestListsAreBounded(t *testing.T) {
	s := newLists()
	var first, last *rankedList
	for n := range mostLists + 10 {
		last = &rankedList{key: "k", made: today}
		s.put(last)
		if n == 0 {
			first = last
		}
	}
	if len(s.byName) != mostLists || s.recent.Len() != mostLists {
		t.Errorf("%d lists are kept, want %d", len(s.byName), mostLists)
	}
	if _, ok := s.get(first.name, "k", today); ok {
		t.Error("the oldest list is still there")
	}
	if _, ok := s.get(last.name, "k", today); !ok {
		t.Error("the newest list is gone")
	}
}

func TestBadRequestsAreRefused(t *testing.T) { // S32
	i := open(t, story("en", "A", "data"))
	for _, r := range []caravan.SearchRequest{
		{Query: "data", Limit: -1}, {Query: "data", Limit: 101}, {Query: "data", Limit: math.MaxInt},
		{Query: "data", Page: -5}, {Query: "data", Page: 51}, {Query: "data", Page: math.MaxInt}, {Query: "data", Page: math.MinInt},
		{Query: "data", Sort: "best"}, {Query: `"data`}, {Query: "???"}, {Query: "a*"},
	} {
		if _, err := i.Search(t.Context(), r); !errors.Is(err, caravan.ErrInvalid) {
			t.Errorf("Search(%+v) = %v, want it refused", r, err)
		}
	}
	for _, r := range []caravan.SearchRequest{{Query: "data", Limit: 100, Page: 10}, {Query: "data", Limit: 1, Page: 1000}, {}} {
		if _, err := i.Search(t.Context(), r); err != nil {
			t.Errorf("Search(%+v) = %v, want an answer", r, err)
		}
	}
}

// hostile queries cost as much as the language allows.
func hostile() []string {
	queries := []string{
		"http://x:80", "+", `"abc`, `\`, "/[/", "*", "*a*", "a*", ".*", "-a", "-(a OR b)", "((((((((((a))))))))))", // S33
		"co* pr* st*", `"de la"`, `"a a a a a a a a a a a a"`, "-x -y -z", "before:9999", "after:0001", "tag:a*", "site:.", "e", "de la que",
		strings.Repeat("a", 256), strings.Repeat("é", 128), strings.Repeat("(", 256), strings.Repeat("-", 256), strings.Repeat("a OR ", 20) + "b",
		strings.Repeat(`"`, 255), "\x00\xff\xfe", "水", strings.Repeat("水", 80), "title:a* title:b*", strings.Repeat("ab* ", 24), strings.Repeat("co* OR ", 23) + "pr*",
	}
	letters := "abcdefghijklmnopqrstuvwxyz"
	var many, rare, words, phrase []string
	for n := range 24 {
		many = append(many, letters[n:n+1]+"a*")
		rare = append(rare, strings.Repeat(letters[n:n+1], 9))
		words = append(words, []string{"de", "la", "que", "el", "en", "a"}[n%6])
		phrase = append(phrase, "the of and")
	}
	return append(queries, strings.Join(many, " OR "), strings.Join(rare, " "), strings.Join(rare, " OR ")[:250], strings.Join(words, " OR "),
		`"`+strings.Join(phrase, " ")[:200]+`"`, "-"+strings.Join(many, " -"), "("+strings.Join(many[:12], " OR ")+") -("+strings.Join(many[12:], " OR ")+")")
}

func TestHostileQueriesAreAnsweredOrRefused(t *testing.T) { // S31, S33
	s := newSynthetic(100)
	i := openWith(t, config(t, s))
	for _, q := range hostile() {
		for _, plain := range []bool{false, true} {
			_, err := i.Search(t.Context(), caravan.SearchRequest{Query: q, Plain: plain, Facets: true})
			if err != nil && !errors.Is(err, caravan.ErrInvalid) {
				t.Errorf("Search(%q, plain %v) = %v", q, plain, err)
			}
		}
	}
}

func TestTooCostlySearchesAreRefused(t *testing.T) { // S31
	c := config(t, newSynthetic(100))
	i := openWith(t, c)
	i.cfg.Budget = time.Nanosecond
	_, err := i.Search(t.Context(), caravan.SearchRequest{Query: "de*"})
	pub, ok := errors.AsType[*caravan.PublicError](err)
	if !ok || !errors.Is(err, caravan.ErrInvalid) || !strings.Contains(pub.Message, "too long") {
		t.Errorf("a search without time = %v, want it refused with a sentence", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := i.Search(ctx, caravan.SearchRequest{Query: "de*"}); !errors.Is(err, context.Canceled) {
		t.Errorf("a search given up = %v, want the context's error", err)
	}
}

func TestSearchesRunSideBySideWithChanges(t *testing.T) {
	m := newMemory(threeStories()...)
	i := openWith(t, config(t, m))
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for k := range 20 {
				if _, err := i.Search(t.Context(), caravan.SearchRequest{Query: "data OR dados", Facets: true}); err != nil {
					t.Error(err)
				}
				if n == 0 {
					m.put(story("en", fmt.Sprint("New ", k), "data"))
					if err := i.CatchUp(t.Context()); err != nil {
						t.Error(err)
					}
				}
				if n == 1 && k == 10 {
					if err := i.Rebuild(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	if r := search(t, i, "data"); r.Total != 21 {
		t.Errorf("total = %d, want 21", r.Total)
	}
}

func TestPhrasesAreCheckedInTheText(t *testing.T) {
	var stories []caravan.StoryDoc
	for n := range 1100 {
		text := "open data" // one in two has the other inflection as well
		if n%2 == 0 {
			text = "opened data of the open"
		}
		stories = append(stories, story("en", fmt.Sprint("Story ", n), text))
	}
	i := open(t, stories...)
	r := search(t, i, `"open data"`)
	if r.Total < 450 || r.Total > 650 || r.About != (r.Total != 550) {
		t.Errorf("total = %d, about %v, want about 550", r.Total, r.About)
	}
	r = search(t, i, `"open data" title:story`, func(r *caravan.SearchRequest) { r.Filter.Sources, r.Facets = []string{"nesta"}, true })
	if r.Total < 450 {
		t.Errorf("total = %d", r.Total)
	}
	r = search(t, i, `"opened data" title:"story 10"`, func(r *caravan.SearchRequest) { r.Facets = true })
	if r.Total != 1 || r.About || r.Facets.Source[0].Count != 1 {
		t.Errorf("total = %d, about %v, facets %v, want exactly 1", r.Total, r.About, r.Facets.Source)
	}
}
