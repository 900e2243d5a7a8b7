package main

import (
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestTallyTellsHowFarAPassIs(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var tally pollTally
	for _, e := range []pollEvent{
		{Kind: "due", Due: 3},
		{Kind: "begin", Source: "a", Title: "Alpha"},
		{Kind: "begin", Source: "b", Title: "Beta"},
		{Kind: "done", Source: "a", Title: "Alpha", New: 2, TookMS: 150},
	} {
		tally.note(e, start)
	}
	if got, want := tally.sentence(start.Add(time.Second)), "1 of 3 sources polled, 2 new, 0 changed"; got != want {
		t.Errorf("after 1 s: %q, want %q", got, want)
	}
	if got := tally.sentence(start.Add(5 * time.Second)); !strings.HasSuffix(got, "; waiting for Beta (5 s)") {
		t.Errorf("after 5 s: %q, want the slow source named", got)
	}
	tally.note(pollEvent{Kind: "done", Source: "b", Title: "Beta", Failure: caravan.FailTLS, Detail: "certificate expired"}, start)
	if got := tally.sentence(start.Add(6 * time.Second)); got != "2 of 3 sources polled, 2 new, 0 changed, 1 failed" {
		t.Errorf("with a failure: %q", got)
	}
	var b strings.Builder
	if err := tally.summary(&b, 1500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Alpha", "certificate expired", "2 sources polled in 1.5 s: 2 new articles, 0 changed; 0 unchanged, 1 failed"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("summary lacks %q:\n%s", want, b.String())
		}
	}
}

func TestTallyNamesThreeSlowSourcesAtMost(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var tally pollTally
	for i, name := range []string{"D", "C", "B", "A", "E"} {
		tally.note(pollEvent{Kind: "begin", Source: name, Title: name}, start.Add(time.Duration(i)*time.Second))
	}
	got := tally.slow(start.Add(30 * time.Second))
	if want := "waiting for D (30 s), C (29 s), B (28 s), and 2 more"; got != want {
		t.Errorf("slow = %q, want %q", got, want)
	}
}
