package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestTakenDownItemIsGoneUntilItIsShownAgain(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := post("1", "A", lorem, start)
	w.poll("blog", it)
	stored := w.shown("blog")[0]
	for range 2 { // hiding twice is hiding once
		if err := w.Hide(ctx, stored.ID); err != nil {
			t.Fatal(err)
		}
	}
	err := errOf(w.Item(ctx, stored.ID))
	if pub, ok := errors.AsType[*caravan.PublicError](err); !errors.Is(err, caravan.ErrGone) || !ok || pub.Message == "" {
		t.Errorf("Item taken down: %v, want ErrGone with a sentence", err)
	}
	if _, err := w.StoryOf(ctx, stored.ID); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("StoryOf an item taken down: %v", err)
	}
	if texts := must(w.Texts(ctx, []string{stored.ID}))(t); len(texts) != 0 {
		t.Error("its text is still given out")
	}
	if docs := must(w.Changes(ctx, 0, 10))(t).Docs; len(docs) != 1 || len(docs[0].Members) != 0 {
		t.Errorf("the index is told %+v, want a deletion", docs)
	}
	w.advance(time.Hour)
	if report := w.poll("blog", withText(it, lorem+" edited")); report.New != 0 || report.Changed != 1 {
		t.Errorf("an edit while hidden = %+v", report)
	}
	if len(w.shown("blog")) != 0 {
		t.Error("an edit brought it back")
	}
	w.sync()
	w.sync(folder("Nesta", "Blog https://nesta.example/feed"))
	if !errors.Is(errOf(w.Item(ctx, stored.ID)), caravan.ErrGone) {
		t.Error("the return of its source brought it back")
	}
	if err := w.Unhide(ctx, stored.ID); err != nil {
		t.Fatal(err)
	}
	if got := must(w.Item(ctx, stored.ID))(t); got.Text != lorem+" edited" || got.Place != stored.Place || got.FeedID != stored.FeedID {
		t.Errorf("shown again = %+v", got)
	}
	for _, do := range []func(context.Context, string) error{w.Hide, w.Unhide, w.Erase} {
		if err := do(ctx, "aaaaaaaaaaaaaaaa"); !errors.Is(err, caravan.ErrNotFound) {
			t.Errorf("takedown of an unknown item: %v, want ErrNotFound", err)
		}
	}
}

func TestErasedItemIsEmptiedAndNeverComesBack(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := withText(post("1", "Secretive", "", start), "the unmentionable words of a person who wants to be left out")
	it.Authors = []string{"Unmentionable Author"}
	w.poll("blog", it)
	w.advance(time.Hour)
	w.poll("blog", withText(it, it.Text+", edited"))
	stored := w.shown("blog")[0]
	if err := w.Erase(ctx, stored.ID); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"items", "revisions"} {
		if dump := must(w.Dump(ctx, table))(t); strings.Contains(strings.ToLower(dump), "unmentionable") || strings.Contains(dump, "Secretive") {
			t.Errorf("%s still holds words: %s", table, dump)
		}
	}
	if !errors.Is(errOf(w.Item(ctx, stored.ID)), caravan.ErrGone) {
		t.Error("an erased item is not gone")
	}
	if err := w.Unhide(ctx, stored.ID); !errors.Is(err, caravan.ErrInvalid) {
		t.Errorf("Unhide of an erased item: %v, want ErrInvalid", err)
	}
	moved := it
	moved.GUID, moved.Keys.GUID = "urn:new:1", "urn:new:1"
	for i, offered := range []caravan.Item{it, withText(it, "quite another text under the same GUID"), moved} {
		w.advance(time.Hour)
		if report := w.poll("blog", offered); report.New+report.Changed != 0 {
			t.Errorf("%d: the erased item offered again = %+v", i, report)
		}
	}
	if len(w.shown("blog")) != 0 {
		t.Error("an erased item came back")
	}
}
