package store_test

import (
	"context"
	"testing"
	"time"

	"caravan"
)

// traced returns the one item that a mark fits.
func (w *world) traced(m caravan.ItemMark) caravan.ItemTrace {
	w.t.Helper()
	found := must(w.Trace(context.Background(), m))(w.t)
	if len(found) != 1 {
		w.t.Fatalf("Trace(%+v) found %d items, want 1", m, len(found))
	}
	return found[0]
}

func TestItemIsTracedByAllItWasEverCalled(t *testing.T) {
	w := one(t)
	it := post("1", "A", lorem, start)
	w.poll("blog", it, post("2", "B", lorem+" other words in it", start))
	id := w.shown("blog")[0].ID
	if w.shown("blog")[0].Title != "A" {
		id = w.shown("blog")[1].ID
	}
	w.advance(time.Hour)
	renamed := it
	renamed.GUID, renamed.Keys.GUID = "urn:new:1", "urn:new:1"
	w.poll("blog", renamed)
	for _, m := range []caravan.ItemMark{
		{ID: id}, {GUID: "1"}, {GUID: "urn:new:1"}, {Link: "posts.example/1"}, {Exact: []string{"https://posts.example/1"}},
		{ID: id, GUID: "1", Link: "posts.example/1", Exact: []string{"https://posts.example/2"}},
	} {
		if got := w.traced(m); got.ID != id || got.Title != "A" || got.Source != "blog" || got.SourceTitle != "Blog" {
			t.Errorf("Trace(%+v) = %+v, want %s", m, got, id)
		}
	}
	for _, m := range []caravan.ItemMark{{}, {GUID: "posts.example/1"}, {Link: "posts.example/"}, {ID: "1"}, {Exact: []string{"https://posts.example/"}}} {
		if found := must(w.Trace(context.Background(), m))(t); len(found) != 0 {
			t.Errorf("Trace(%+v) found %+v", m, found)
		}
	}
}

func TestTraceNamesThePollThatBroughtAnItem(t *testing.T) {
	w := one(t)
	seen := w.clock()
	w.poll("blog", post("1", "A", lorem, start))
	w.advance(time.Hour)
	w.poll("blog", post("1", "A", lorem, start), post("2", "B", lorem+" other words in it", start))
	got := w.traced(caravan.ItemMark{GUID: "1"})
	if got.Poll == nil || !got.Poll.At.Equal(seen) || !got.FirstSeen.Equal(seen) || got.Poll.Status != 200 || got.Poll.New != 1 || got.Poll.Decision != "every hour" {
		t.Errorf("traced to %+v", got.Poll)
	}
	w.advance(100 * 24 * time.Hour)
	w.poll("blog")
	if got := w.traced(caravan.ItemMark{GUID: "1"}); got.Poll != nil {
		t.Errorf("a poll of long ago is still known: %+v", got.Poll)
	}
}

func TestTraceSaysWhatHidesAnItem(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", post("1", "Jobs at the lab", lorem, start))
	mark := caravan.ItemMark{Link: "posts.example/1"}
	with := func(s caravan.Settings) caravan.ListCommunity {
		f := folder("Nesta", "Blog https://nesta.example/feed")
		f.Sources[0].Settings = s
		return f
	}
	if got := w.traced(mark); got.Visibility != caravan.Shown || got.Rule != "" || !got.HiddenAt.IsZero() || got.Story != got.ID {
		t.Errorf("shown item traced as %+v", got)
	}
	w.sync(with(caravan.Settings{Skip: "jobs"}))
	if got := w.traced(mark); got.Visibility != caravan.Skipped || got.Rule != "jobs" {
		t.Errorf("skipped item traced as %+v", got)
	}
	w.sync(with(caravan.Settings{Only: "policy"}))
	if got := w.traced(mark); got.Visibility != caravan.NotOnly || got.Rule != "policy" {
		t.Errorf("item outside the rule traced as %+v", got)
	}
	w.advance(time.Hour)
	w.sync()
	if got := w.traced(mark); got.Visibility != caravan.Unlisted || !got.HiddenAt.Equal(w.clock()) {
		t.Errorf("item of a source that left traced as %+v", got)
	}
	w.sync(with(caravan.Settings{}))
	w.advance(time.Hour)
	if err := w.Erase(ctx, w.traced(mark).ID); err != nil {
		t.Fatal(err)
	}
	if got := w.traced(mark); got.Visibility != caravan.Takedown || !got.HiddenAt.Equal(w.clock()) || !got.Emptied {
		t.Errorf("erased item traced as %+v", got)
	}
}

func TestTraceNamesTheOthersOfAStory(t *testing.T) {
	w := newWorld(t)
	w.sync(folder("Nesta", "Blog https://nesta.example/feed", "Copy https://copy.example/feed"))
	w.poll("blog", post("1", "A", lorem, start))
	w.advance(time.Hour)
	w.poll("copy", post("1", "A", lorem, start))
	found := must(w.Trace(context.Background(), caravan.ItemMark{Link: "posts.example/1"}))(t)
	if len(found) != 2 {
		t.Fatalf("found %d items, want 2", len(found))
	}
	for i, got := range found {
		other := found[1-i]
		want := caravan.Member{ID: other.ID, Source: other.Source, Visibility: caravan.Shown}
		if got.Story != found[0].ID || len(got.Others) != 1 || got.Others[0] != want {
			t.Errorf("item %d is of story %s with %+v, want %s with %+v", i, got.Story, got.Others, found[0].ID, want)
		}
	}
}
