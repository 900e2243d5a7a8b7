package server

import (
	"testing"
	"time"

	"caravan"
)

func TestFeedsOfSearchesAreToldApart(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	labels := map[string]string{"community nesta": "Nesta", "source nesta-blog": "The Nesta blog"}
	tests := []struct {
		query  string
		filter caravan.Filter
		want   string
	}{
		{"kumquat", caravan.Filter{}, "kumquat"},
		{"kumquat", caravan.Filter{Languages: []string{"fr"}}, "kumquat · français"},
		{"", caravan.Filter{Communities: []string{"nesta", "gone"}, Sources: []string{"nesta-blog"}, Tags: []string{"open data"}}, "Nesta · gone · The Nesta blog · #open data"},
		{"", caravan.Filter{After: day("2024-01-01")}, "from 2024-01-01"},
		{"a", caravan.Filter{After: day("2024-01-01"), Before: day("2025-01-01")}, "a · 2024-01-01/2025-01-01"},
	}
	for _, tt := range tests {
		if got := choiceOf(tt.query, tt.filter, labels); got != tt.want {
			t.Errorf("choiceOf(%q, %+v) = %q, want %q", tt.query, tt.filter, got, tt.want)
		}
	}
}
