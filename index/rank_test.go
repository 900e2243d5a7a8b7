package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan"
	"caravan/index/zapfile"
)

// With bleve's own statistics (distinct terms for lengths) length would count
// for far too much here, and the story that says it ten times would lose.
func TestRankingKnowsTrueLengths(t *testing.T) {
	filler := func(n int) string { return strings.Repeat("lorem ipsum dolor sit amet ", n) }
	stories := []caravan.StoryDoc{
		story("en", "A", filler(38)+strings.Repeat("foresight ", 10)),
		story("en", "B", filler(4)+"foresight"),
	}
	for n := range 60 {
		stories = append(stories, story("en", fmt.Sprint("Filler ", n), filler(40)))
	}
	i := open(t, stories...)
	if got := titles(search(t, i, "foresight")); got != "A | B" {
		t.Errorf("order = %q, want A | B", got)
	}
	g, release := i.hold()
	defer release()
	v, err := g.view(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	want := (200.0 + 21 + 60*200) / 62
	if got := v.average(bodyField("en")); math.Abs(got-want) > 1e-9 {
		t.Errorf("average length of a body = %v, want %v", got, want)
	}
	if got := v.average(bodyField("fr")); got != 1 {
		t.Errorf("average length where there is nothing = %v, want 1", got)
	}

	// The figures of one document by hand: ten times in 200 terms.
	docs, err := v.term(t.Context(), bodyField("en"), "foresight")
	if err != nil {
		t.Fatal(err)
	}
	scores, err := newEvaluator(v).score(t.Context(), []unit{{weight: 1, docs: docs, words: []wordRefs{{idf: 1, refs: []ref{{bodyField("en"), "foresight"}}}}}}, docs, docs.ToArray())
	if err != nil {
		t.Fatal(err)
	}
	freq := 10 / (1 - bm25B + bm25B*200/want)
	if got, by := float64(max(scores[0], scores[1])), freq*(bm25K1+1)/(freq+bm25K1); math.Abs(got-by) > 1e-5 {
		t.Errorf("score = %v, want %v", got, by)
	}
}

func TestRankingPrefers(t *testing.T) {
	old := dated("2015-01-01")
	tests := []struct {
		name, query   string
		first, second caravan.StoryDoc
	}{
		{"titles to bodies", "budget", story("en", "Budget", "on money", old), story("en", "Money", "on budget", old)},
		{"words side by side", "open data", story("en", "A", "the open data of the city and its people", old), story("en", "B", "the data of the city and its open people", old)},
		{"the title that is the query", "what is design",
			story("en", "What is design?", "An essay.", old), story("en", "Design", "Design is what design is: design, design.", old)},
		{"news to what is old", "budget", story("en", "A", "a budget", dated("2026-11-20")), story("en", "B", "a budget", old)},
		{"a rare word to a frequent one", "foresight OR filler", story("en", "A", "foresight", old), story("en", "B", "filler", old)},
		{"every language alike", "innovation", story("en", "Innovation", "innovation", dated("2016-01-01")), story("fr", "X", "innovation", old)},
	}
	for _, tt := range tests {
		stories := []caravan.StoryDoc{tt.second, tt.first}
		for n := range 20 {
			stories = append(stories, story("en", fmt.Sprint("Filler ", n), "filler innovation", old))
		}
		i := open(t, stories...)
		r := search(t, i, tt.query)
		if len(r.Hits) < 2 || r.Hits[0].Story != tt.first.ID {
			t.Errorf("%s: order = %q", tt.name, titles(r))
		}
	}
}

func TestFreshnessFades(t *testing.T) {
	tests := []struct {
		age  time.Duration
		want float64
	}{{-time.Hour, 1.6}, {0, 1.6}, {180 * 24 * time.Hour, 1 + 0.6/math.E}, {20 * 365 * 24 * time.Hour, 1}}
	for _, tt := range tests {
		if got := freshness(tt.age); math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("freshness(%s) = %v, want %v", tt.age, got, tt.want)
		}
	}
}

func TestClosenessCountsTheLeastDistance(t *testing.T) {
	at := func(pos ...int) (places []zapfile.Place) {
		for _, p := range pos {
			places = append(places, zapfile.Place{Pos: p})
		}
		return places
	}
	tests := []struct {
		a, b []zapfile.Place
		want float64
	}{
		{at(3), at(4), 1},
		{at(3), at(5), 0.5},
		{at(4), at(3), 0.5}, // the other way round
		{at(3), []zapfile.Place{{Value: 1, Pos: 4}}, 0}, // in another text
		{at(3), at(3), 0},
		{at(1, 90), at(40, 91), 1},
		{nil, at(1), 0},
	}
	for _, tt := range tests {
		if got := closeness(tt.a, tt.b); got != tt.want {
			t.Errorf("closeness(%v, %v) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestHeapKeepsTheBest(t *testing.T) {
	h := heap{size: 3}
	for doc, score := range []float64{4, 9, 1, 7, 7, 3, 8} {
		h.offer(ranked{doc: uint32(doc), score: score, at: int64(doc)})
	}
	kept := roaring.New()
	for _, d := range h.docs {
		kept.Add(d.doc)
	}
	if got := kept.String(); got != "{1,4,6}" { // of two sevens the newer
		t.Errorf("kept %s, want {1,4,6}", got)
	}
}

func TestNearNthLeavesEnoughAndHardlyMore(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{0, 1, 5, 1000, 1001, 5000} {
		scores := make([]float32, n)
		for i := range scores {
			scores[i] = r.Float32() * r.Float32() * 20
		}
		least, reached := nearNth(scores, 1000), 0
		for _, s := range scores {
			if s >= least {
				reached++
			}
		}
		if reached < min(n, 1000) || reached > 1000+n/50+10 {
			t.Errorf("of %d scores %d reach %v", n, reached, least)
		}
	}
	if same := nearNth(slices.Repeat([]float32{3}, 2000), 1000); same > 3 {
		t.Errorf("none of equal scores reaches %v", same)
	}
	if none := nearNth(make([]float32, 2000), 1000); none != 0 {
		t.Errorf("of scores of 0, nearNth = %v", none)
	}
}
