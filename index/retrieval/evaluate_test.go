package retrieval

import (
	"slices"
	"testing"
	"time"

	"caravan/index/query"
)

// Every day is on one side of a date, and on the side it belongs to.
func TestDateTermsPartTheDays(t *testing.T) {
	for _, at := range []string{"2024", "2024-01", "2024-03", "2024-12", "2024-02-29", "2024-03-05", "2023-12-31", "2024-01-01"} {
		var terms [2][]string // from the day on, and before it
		var start time.Time
		for k, name := range []string{"after:", "before:"} {
			q, err := query.Parse(name + at)
			if err != nil {
				t.Fatal(err)
			}
			w := q.Root.(query.When)
			terms[k], start = dateTerms(w), w.Start()
			for day := time.Date(2022, 12, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2026; day = day.AddDate(0, 0, 1) {
				has := slices.ContainsFunc(terms[k], func(term string) bool { return day.Format(time.DateOnly)[:len(term)] == term })
				if want := day.Before(start) == w.Before; has != want {
					t.Errorf("%s%s has %s: %v, want %v", name, at, day.Format(time.DateOnly), has, want)
				}
			}
		}
	}
}
