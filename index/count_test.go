package index

import (
	"strings"
	"testing"

	"caravan"
)

// counting asks only how many there are.
func counting(r *caravan.SearchRequest) { r.Count, r.Limit = true, 1 }

func TestCountingKeepsNoListAndGuessesNothing(t *testing.T) {
	i := open(t, story("en", "Ferries", "boats and harbours"), story("en", "Trams", "rails and harbours"))
	for q, want := range map[string]int{"harbours": 2, "harbuors": 0, "boats zebra": 0} {
		r := search(t, i, q, counting)
		if r.Total != want || r.Suggestion != "" || len(r.Relaxed) > 0 {
			t.Errorf("%s: %d, suggestion %q, relaxed %v, want %d and nothing else", q, r.Total, r.Suggestion, r.Relaxed, want)
		}
		if _, kept := i.lists.get(r.At, keyOf(caravan.SearchRequest{Query: q, Limit: 1, Now: today, Count: true}), today); kept {
			t.Errorf("%s: a list was kept", q)
		}
	}
}

func TestAnyOfManyWordsIsAlwaysOffered(t *testing.T) {
	i := open(t, story("en", "Ferries", "boats and harbours"))
	many := "boats one2 two2 three2 four2 five2 six2 seven2 eight2 nine2 ten2 eleven2 twelve2 thirteen2"
	relaxed := search(t, i, many).Relaxed
	if len(relaxed) == 0 || relaxed[len(relaxed)-1].Dropped != "" || !strings.Contains(relaxed[len(relaxed)-1].Query, " OR ") {
		t.Errorf("relaxed to %+v, want any of the words at the end", relaxed)
	}
}

func TestVerifyAsksNothingOfStopWordsAlone(t *testing.T) {
	i := open(t, story("en", "", "We are who we are, and so it was then"))
	d, err := i.Verify(t.Context())
	if err != nil || len(d.Lost) > 0 {
		t.Errorf("Verify = %+v, %v", d, err)
	}
}
