package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"caravan"
)

// places returns the places of a feed.
func places(stories []caravan.Story) []int64 {
	var out []int64
	for _, s := range stories {
		out = append(out, s.Place)
	}
	return out
}

// series makes n posts, the newest first, one each step before end.
func series(prefix string, n int, end time.Time, step time.Duration) []caravan.Item {
	var out []caravan.Item
	for i := range n {
		id := fmt.Sprintf("%s%d", prefix, n-i)
		out = append(out, post(id, id, fmt.Sprintf("%s about %s", lorem, id), end.Add(-time.Duration(i)*step)))
	}
	return out
}

func TestFirstPollTakesItsDatesAsPlaces(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed", "Two https://two.example/feed"))
	w.poll("one", series("a", 3, start.Add(-time.Hour), 24*time.Hour)...)
	w.advance(time.Hour)
	w.poll("two", series("b", 3, start.Add(-2*time.Hour), 24*time.Hour)...)
	got := must(w.Feed(ctx, caravan.FeedQuery{Limit: 4}))(t)
	if !slices.Equal(titles(got), []string{"a3", "b3", "a2", "b2"}) {
		t.Errorf("feed of a new planet = %q, want the newest of both", titles(got))
	}
	for _, st := range got {
		if st.Place != st.SortAt.UnixMicro() {
			t.Errorf("place of %s = %d, want its date %d", st.Head.Title, st.Place, st.SortAt.UnixMicro())
		}
	}
}

func TestLatePollIsNeverMissed(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", post("1", "One", lorem+" 1", start))
	newest := must(w.Feed(ctx, caravan.FeedQuery{}))(t)[0].Place
	late := w.result("blog", post("2", "Late", lorem+" 2", start.Add(-20*time.Hour)), post("3", "Later", lorem+" 3", start.Add(-19*time.Hour)))
	late.Started = late.Started.Add(-time.Minute) // it began before the other was stored
	if _, err := w.SavePoll(ctx, late); err != nil {
		t.Fatal(err)
	}
	got := must(w.Feed(ctx, caravan.FeedQuery{From: newest + 1}))(t)
	if !slices.Equal(titles(got), []string{"Later", "Late"}) {
		t.Errorf("feed above the last place = %q, want what came late", titles(got))
	}
}

func TestBackCatalogueDoesNotFloodTheFeed(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", post("now", "Now", lorem, start))
	newest := must(w.Feed(ctx, caravan.FeedQuery{}))(t)[0].Place
	w.advance(time.Hour)
	w.poll("blog", append(series("fresh", 2, w.clock(), time.Minute), series("old", 300, start.AddDate(0, -3, 0), time.Hour)...)...)
	if got := titles(must(w.Feed(ctx, caravan.FeedQuery{From: newest + 1}))(t)); !slices.Equal(got, []string{"fresh2", "fresh1"}) {
		t.Errorf("new in the feed = %q, want the fresh ones only", got)
	}
	w.advance(time.Hour)
	w.poll("blog", series("few", 5, start.AddDate(-1, 0, 0), time.Hour)...)
	if got := must(w.Feed(ctx, caravan.FeedQuery{From: newest + 1}))(t); len(got) != 7 {
		t.Errorf("%d new in the feed, want the five old ones too: they are no catalogue", len(got))
	}
}

func TestPlacesAreUniqueWhenManyItemsShareADate(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed", "Two https://two.example/feed"))
	day := start.Truncate(24 * time.Hour)
	w.poll("one", series("a", 700, day, 0)...)
	w.poll("two", series("b", 700, day, 0)...)
	got := places(must(w.Feed(ctx, caravan.FeedQuery{}))(t))
	if len(got) != 1400 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 1400 {
		t.Errorf("%d places, want 1400 different ones", len(got))
	}
}

func TestShowingAndMovingNeverChangeAPlace(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", series("a", 5, w.clock(), time.Minute)...)
	w.advance(time.Hour)
	rest := folder("Rest", "Other https://other.example/feed")
	w.sync(folder("Nesta", "Blog https://nesta.example/feed"), rest)
	w.poll("other", series("o", 5, w.clock(), time.Minute)...)
	before := must(w.Feed(ctx, caravan.FeedQuery{}))(t)
	ruled := folder("Nesta", "Blog https://nesta.example/feed")
	ruled.Sources[0].Settings.Skip = "a3"
	for _, list := range [][]caravan.ListCommunity{
		{rest}, {ruled, rest}, {folder("Moved", "Blog https://nesta.example/feed"), rest}, {folder("Nesta", "Blog https://nesta.example/feed"), rest},
	} {
		w.advance(time.Hour)
		w.sync(list...)
	}
	after := must(w.Feed(ctx, caravan.FeedQuery{}))(t)
	if !slices.Equal(places(after), places(before)) || !slices.Equal(titles(after), titles(before)) {
		t.Errorf("after hiding, ruling and moving: %q at %v, want %q at %v", titles(after), places(after), titles(before), places(before))
	}
	moved := must(w.Feed(ctx, caravan.FeedQuery{Scope: caravan.Scope{Community: "nesta"}}))(t)
	if len(moved) != 5 || moved[0].Place != before[5].Place {
		t.Errorf("community's feed = %v at %v", titles(moved), places(moved))
	}
}

func TestFairShareLeavesRoomForOthers(t *testing.T) {
	ctx := context.Background()
	w := three(t)
	w.poll("one", series("a", 40, w.clock(), time.Second)...)
	w.advance(-time.Minute)
	w.poll("two", series("b", 2, start.Add(-time.Hour), time.Hour)...)
	w.poll("three", series("c", 20, start.Add(-time.Hour), time.Hour)...)
	w.advance(time.Hour)
	w.poll("one", series("d", 30, w.clock(), time.Second)...)
	count := map[string]int{}
	got := must(w.Feed(ctx, caravan.FeedQuery{Limit: 20, Fair: true}))(t)
	for i, st := range got {
		count[st.Head.Source]++
		if i > 0 && st.Place >= got[i-1].Place {
			t.Error("places out of order")
		}
	}
	if len(got) != 20 || count["two"] != 2 || count["three"] != 5 || count["one"] != 13 {
		t.Errorf("shares = %v, want all of two, a quarter of three, the rest of one", count)
	}
	if got := must(w.Feed(ctx, caravan.FeedQuery{Limit: 20}))(t); got[19].Head.Source != "one" {
		t.Errorf("without fair share the feed ends with %s", got[19].Head.Source)
	}
}

// TestWalkingSpansGivesEveryStoryOnce walks a scope's archive by days from the
// newest place down, while items arrive and others are hidden.
func TestWalkingSpansGivesEveryStoryOnce(t *testing.T) { // O13
	ctx := context.Background()
	w := three(t)
	w.poll("one", series("a", 60, w.clock(), 7*time.Hour)...)
	w.poll("two", series("b", 30, w.clock(), 11*time.Hour)...)
	const day = int64(24 * time.Hour / time.Microsecond)
	for _, scope := range []caravan.Scope{{}, {Community: "a"}, {Source: "two"}, {Language: "en"}} {
		all := must(w.Feed(ctx, caravan.FeedQuery{Scope: scope}))(t)
		seen := map[string]int{}
		place, ok := int64(1<<62), true
		for n := 0; ; n++ {
			if place, ok, _ = w.PlaceBefore(ctx, scope, place); !ok {
				break
			}
			from := place / day * day
			span := must(w.Feed(ctx, caravan.FeedQuery{Scope: scope, From: from, To: from + day}))(t)
			if len(span) == 0 {
				t.Errorf("%+v: an empty span at %d", scope, from)
			}
			for _, st := range span {
				seen[st.FeedID]++
			}
			if n == 2 {
				w.advance(time.Minute)
				w.poll("three", post(fmt.Sprintf("new%+v", scope), "New", lorem+fmt.Sprint(scope), w.clock()))
			}
			place = from
		}
		for _, st := range all {
			if seen[st.FeedID] != 1 {
				t.Errorf("%+v: %s was met %d times", scope, st.Head.Title, seen[st.FeedID])
			}
		}
	}
	last := must(w.Feed(ctx, caravan.FeedQuery{}))(t)
	oldest := last[len(last)-1].Place
	if next, ok, err := w.PlaceAfter(ctx, caravan.Scope{}, oldest); err != nil || !ok || next != last[len(last)-2].Place {
		t.Errorf("PlaceAfter(%d) = %d, %v, %v, want %d", oldest, next, ok, err, last[len(last)-2].Place)
	}
}

func TestFeedOfAnUnknownScope(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	for _, scope := range []caravan.Scope{{Community: "none"}, {Source: "none"}} {
		if _, err := w.Feed(ctx, caravan.FeedQuery{Scope: scope}); !errors.Is(err, caravan.ErrNotFound) {
			t.Errorf("Feed(%+v) = %v, want ErrNotFound", scope, err)
		}
	}
	if got, err := w.Feed(ctx, caravan.FeedQuery{Fair: true, Limit: 10}); err != nil || len(got) != 0 {
		t.Errorf("Feed of nothing = %v, %v", got, err)
	}
}
