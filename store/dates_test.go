package store

import (
	"testing"
	"time"

	"caravan"
)

var seen = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestSortTime(t *testing.T) { // R15, R16
	oldest := seen.AddDate(-3, 0, 0)
	tests := []struct {
		name      string
		published time.Time
		firstPoll bool
		want      time.Time
		undated   bool
	}{
		{name: "its date", published: seen.Add(-time.Hour), want: seen.Add(-time.Hour)},
		{name: "future date never climbs", published: seen.AddDate(5, 0, 0), want: seen},
		{name: "undated and new is news", want: seen},
		{name: "undated in a first poll takes the oldest date", firstPoll: true, want: oldest, undated: true},
		{name: "dated in a first poll", published: seen.Add(-time.Hour), firstPoll: true, want: seen.Add(-time.Hour)},
		{name: "before 1970", published: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC), want: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	for _, tt := range tests {
		got, undated := sortTime(tt.published, seen, oldest, tt.firstPoll)
		if !got.Equal(tt.want) || undated != tt.undated {
			t.Errorf("%s: sortTime = %v, %v, want %v, %v", tt.name, got, undated, tt.want, tt.undated)
		}
	}
}

func dated(times ...time.Time) []caravan.Item {
	var out []caravan.Item
	for _, t := range times {
		out = append(out, caravan.Item{Published: t})
	}
	return out
}

func TestOldestDate(t *testing.T) {
	tests := []struct {
		items []caravan.Item
		want  time.Time
	}{
		{nil, time.Unix(0, 0)},
		{dated(time.Time{}, time.Time{}), time.Unix(0, 0)},
		{dated(time.Time{}, seen.Add(-time.Hour), seen.Add(-3*time.Hour)), seen.Add(-3 * time.Hour)},
		{dated(seen.Add(time.Hour)), time.Unix(0, 0)},
	}
	for _, tt := range tests {
		if got := oldestDate(tt.items, seen); !got.Equal(tt.want) {
			t.Errorf("oldestDate(%v) = %v, want %v", tt.items, got, tt.want)
		}
	}
}

func TestBackCatalogueTakesMoreThanFiveOldItems(t *testing.T) {
	old := seen.AddDate(0, 0, -31)
	if bringsBackCatalogue(dated(old, old, old, old, old, seen, time.Time{}), seen) {
		t.Error("five old items are a back catalogue, want more than five")
	}
	if !bringsBackCatalogue(dated(old, old, old, old, old, old), seen) {
		t.Error("six old items are no back catalogue")
	}
}

func TestStoringOrderIsOldestFirst(t *testing.T) {
	items := []caravan.Item{
		{Title: "future", Published: seen.AddDate(1, 0, 0)}, {Title: "undated"}, {Title: "new", Published: seen.Add(-time.Hour)},
		{Title: "same, above", Published: seen.Add(-2 * time.Hour)}, {Title: "same, below", Published: seen.Add(-2 * time.Hour)},
	}
	want := []string{"same, below", "same, above", "new", "undated", "future"}
	for i, it := range storingOrder(items, seen) {
		if it.Title != want[i] {
			t.Errorf("storingOrder[%d] = %q, want %q", i, it.Title, want[i])
		}
	}
}
