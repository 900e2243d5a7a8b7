package retrieval

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
	"caravan/index/schema"
	"caravan/index/schema/schematest"
	"caravan/index/view"
	"caravan/index/zapfile"
)

// With bleve's own statistics (distinct terms for lengths) length would count
// for far too much here.
func TestScoreIsBM25OverTrueLengths(t *testing.T) {
	filler := func(n int) string { return strings.Repeat("lorem ipsum dolor sit amet ", n) }
	stories := []caravan.StoryDoc{schematest.Story("a", "en", "A", filler(38)+strings.Repeat("foresight ", 10))}
	for n := range 60 {
		stories = append(stories, schematest.Story(fmt.Sprint("filler", n), "en", "", filler(41)))
	}
	v, err := view.Open(t.Context(), schematest.Reader(t, stories), new(view.Columns))
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	field := schema.BodyField("en")
	docs, err := v.Term(t.Context(), field, "foresight")
	if err != nil {
		t.Fatal(err)
	}
	u := unit{weight: 1, docs: docs, words: []wordRefs{{idf: 1, refs: []ref{{field, "foresight"}}}}}
	scores, err := New(v).score(t.Context(), []unit{u}, docs, docs.ToArray())
	if err != nil || len(scores) != 1 {
		t.Fatal(scores, err)
	}
	average := (200.0 + 60*205) / 61
	freq := 10 / (1 - bm25B + bm25B*200/average)
	if got, want := float64(scores[0]), freq*(bm25K1+1)/(freq+bm25K1); math.Abs(got-want) > 1e-5 {
		t.Errorf("score = %v, want %v", got, want)
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
		h.offer(Ranked{Doc: uint32(doc), Score: score, At: int64(doc)})
	}
	kept := roaring.New()
	for _, d := range h.docs {
		kept.Add(d.Doc)
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
