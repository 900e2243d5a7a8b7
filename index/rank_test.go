package index

import (
	"fmt"
	"strings"
	"testing"

	"caravan"
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
