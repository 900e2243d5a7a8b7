package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// library makes a world of three sources in three communities, with languages
// and tags, an item a day.
func library(t *testing.T) *world {
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f", "Two https://two.example/f"), folder("B", "Two https://two.example/f", "Three https://three.example/f"), folder("C"))
	for s, slug := range []string{"one", "two", "three"} {
		var items []caravan.Item
		for d := range 20 {
			it := post(fmt.Sprintf("%s-%02d", slug, d), fmt.Sprintf("%s %02d", slug, d), fmt.Sprintf("%s of %s on day %d", lorem, slug, d),
				start.Add(-time.Duration(24*d+s)*time.Hour))
			it.Language = []string{"en", "pt-BR", "fr", "pt"}[d%4]
			it.Tags = []string{[]string{"Saúde", "Cities"}[d%2]}
			items = append(items, it)
		}
		w.poll(slug, items...)
	}
	return w
}

func TestFiltersAddUp(t *testing.T) {
	ctx := context.Background()
	w := library(t)
	day := func(n int) time.Time { return start.Add(-time.Duration(n) * 24 * time.Hour) }
	tests := []struct {
		name    string
		filter  caravan.Filter
		stories int
	}{
		{"nothing", caravan.Filter{}, 60},
		{"community", caravan.Filter{Communities: []string{"a"}}, 40},
		{"two communities that share a source", caravan.Filter{Communities: []string{"a", "b"}}, 60},
		{"empty community", caravan.Filter{Communities: []string{"c"}}, 0},
		{"unknown community", caravan.Filter{Communities: []string{"none"}}, 0},
		{"known and unknown", caravan.Filter{Communities: []string{"none", "a"}}, 40},
		{"source", caravan.Filter{Sources: []string{"two"}}, 20},
		{"source outside the community", caravan.Filter{Sources: []string{"three"}, Communities: []string{"a"}}, 0},
		{"language, with its regions", caravan.Filter{Languages: []string{"pt"}}, 30},
		{"region asks for the language", caravan.Filter{Languages: []string{"pt-PT"}}, 30},
		{"two languages", caravan.Filter{Languages: []string{"pt", "fr"}}, 45},
		{"community and language", caravan.Filter{Communities: []string{"b"}, Languages: []string{"fr"}}, 10},
		{"tag, folded", caravan.Filter{Tags: []string{"saude"}}, 30},
		{"tag and source", caravan.Filter{Tags: []string{"CITIES"}, Sources: []string{"one", "two"}}, 20},
		{"after", caravan.Filter{After: day(4)}, 13},
		{"before", caravan.Filter{Before: day(4)}, 47},
		{"span and source", caravan.Filter{After: day(4), Before: day(1), Sources: []string{"one"}}, 3},
		{"strange signs", caravan.Filter{Communities: []string{"a\x00%"}, Languages: []string{"\xff"}}, 0},
	}
	for _, tt := range tests {
		var got []string
		for cursor := ""; ; {
			page := must(w.Stories(ctx, tt.filter, cursor, 7))(t)
			for i, st := range page.Stories {
				got = append(got, st.ID)
				if i > 0 && st.SortAt.After(page.Stories[i-1].SortAt) {
					t.Errorf("%s: out of order", tt.name)
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if n := len(slices.Compact(slices.Sorted(slices.Values(got)))); n != tt.stories || len(got) != n {
			t.Errorf("%s: %d stories, %d different, want %d", tt.name, len(got), n, tt.stories)
		}
		items := 0
		for cursor := ""; ; {
			page := must(w.Items(ctx, tt.filter, cursor, 9))(t)
			items += len(page.Items)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if items != tt.stories {
			t.Errorf("%s: %d items, want %d", tt.name, items, tt.stories)
		}
		counted := 0
		for _, c := range must(w.Activity(ctx, tt.filter, day(365)))(t) {
			counted += c.Count
		}
		if counted != tt.stories {
			t.Errorf("%s: Activity counts %d, want %d", tt.name, counted, tt.stories)
		}
	}
}

func TestPagesStayWholeWhileItemsArrive(t *testing.T) {
	ctx := context.Background()
	w := library(t)
	seen := map[string]int{}
	for cursor, n := "", 0; ; n++ {
		page := must(w.Stories(ctx, caravan.Filter{}, cursor, 7))(t)
		for _, st := range page.Stories {
			seen[st.Head.Title]++
		}
		w.advance(time.Hour)
		w.poll("one", post(fmt.Sprint(n), "new", fmt.Sprintf("%s new %d", lorem, n), w.clock()))
		if n == 3 { // the story that the cursor stands at is hidden
			if err := w.Hide(ctx, page.Stories[len(page.Stories)-1].ID); err != nil {
				t.Fatal(err)
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 60 {
		t.Errorf("%d stories were met, want the 60 that were there", len(seen))
	}
	for title, n := range seen {
		if n != 1 {
			t.Errorf("%s was met %d times", title, n)
		}
	}
}

func TestBadCursorsAreTheReadersMistake(t *testing.T) {
	ctx := context.Background()
	w := library(t)
	next := must(w.Stories(ctx, caravan.Filter{}, "", 7))(t).Next
	for _, cursor := range []string{"x", "!!!", "bm8", strings.Repeat("A", 100), next[:len(next)-2], "bjEuYWFhYWFhYWFhYWFhYWFhYQ"} {
		if _, err := w.Stories(ctx, caravan.Filter{}, cursor, 7); !errors.Is(err, caravan.ErrInvalid) {
			t.Errorf("Stories(%q): %v, want ErrInvalid", cursor, err)
		}
		if _, err := w.Items(ctx, caravan.Filter{}, cursor, 7); !errors.Is(err, caravan.ErrInvalid) {
			t.Errorf("Items(%q): %v, want ErrInvalid", cursor, err)
		}
	}
}

func TestActivityCountsByDay(t *testing.T) {
	ctx := context.Background()
	w := library(t)
	got := must(w.Activity(ctx, caravan.Filter{}, start.Add(-36*time.Hour)))(t)
	want := []caravan.DayCount{{Day: start.Truncate(24 * time.Hour).Add(-24 * time.Hour), Count: 3}, {Day: start.Truncate(24 * time.Hour), Count: 3}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Activity = %v, want %v", got, want)
	}
}

func TestOldestIsOfWhatIsShownAndDated(t *testing.T) {
	w := newWorld(t)
	w.sync(folder("A", "Blog https://blog.example/feed"))
	if got := must(w.Oldest(t.Context()))(t); !got.IsZero() {
		t.Errorf("the oldest of nothing is of %s", got)
	}
	year := 365 * 24 * time.Hour
	undated := post("3", "Three", "Words of no date.", time.Time{})
	w.poll("blog", post("1", "One", "Words of the first.", start.Add(-year)), post("2", "Two", "Words of another.", start.Add(-2*year)), undated)
	if got := must(w.Oldest(t.Context()))(t); !got.Equal(start.Add(-2 * year)) {
		t.Errorf("the oldest is of %s", got)
	}
}

func TestPagesHaveASaneLength(t *testing.T) {
	ctx := context.Background()
	w := library(t)
	for limit, want := range map[int]int{-1: 50, 0: 50, 3: 3, 100000: 60} {
		if got := len(must(w.Stories(ctx, caravan.Filter{}, "", limit))(t).Stories); got != want {
			t.Errorf("a page of %d has %d stories, want %d", limit, got, want)
		}
	}
}
