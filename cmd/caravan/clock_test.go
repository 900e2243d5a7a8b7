package main

import (
	"testing"
	"time"

	"caravan"
)

func TestClockRunsFastAndSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	real := func() time.Time { return now }
	first, err := openClock(dir, 3600, real)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Second)
	if got, want := first.now(), time.Date(2026, 1, 1, 2, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("after 2 s at 3600 the clock shows %s, want %s", got, want)
	}
	again, err := openClock(dir, 3600, real)
	if err != nil {
		t.Fatal(err)
	}
	if !again.now().Equal(first.now()) {
		t.Errorf("after a restart the clock shows %s, want %s", again.now(), first.now())
	}
	if !steady(real).now().Equal(now) {
		t.Error("a steady clock does not show the time")
	}
	if _, err := openClock(dir, 0.5, real); err == nil {
		t.Error("a clock slower than time was opened")
	}
}

func TestFastClockIsRefusedForPublicSources(t *testing.T) {
	list := caravan.List{Communities: []caravan.ListCommunity{{Sources: []caravan.ListSource{{URL: "http://127.0.0.1:9000/a"}, {URL: "https://example.org/feed"}}}}}
	allowed := func(url string) bool { return url == "http://127.0.0.1:9000/a" }
	if err := fastOnlyInPrivate(60, allowed)(list); err == nil {
		t.Error("a public source was accepted by a fast clock")
	}
	if err := fastOnlyInPrivate(1, allowed)(list); err != nil {
		t.Errorf("a steady clock refuses: %v", err)
	}
}
