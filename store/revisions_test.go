package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"caravan"
)

func TestRevisionsAreWhatAnItemSaidBefore(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := post("1", "First title", "the first text of this item as it came", start)
	first := w.clock()
	w.poll("blog", it)
	id := w.shown("blog")[0].ID
	if got := must(w.Revisions(ctx, id))(t); len(got) != 0 {
		t.Errorf("revisions of an item that never changed = %+v", got)
	}
	w.advance(time.Hour)
	it.Title = "Second title"
	w.poll("blog", it)
	w.advance(time.Hour)
	w.poll("blog", withText(it, it.Text+" and was edited"))
	got := must(w.Revisions(ctx, id))(t)
	want := []caravan.Revision{
		{Number: 2, At: first.Add(time.Hour), Title: "Second title", Text: it.Text, HTML: it.Content},
		{Number: 1, At: first, Title: "First title", Text: it.Text, HTML: it.Content},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Revisions = %+v, want %+v", got, want)
	}
	if n := must(w.Item(ctx, id))(t).Revisions; n != 2 {
		t.Errorf("the item itself is number %d, want 3", n+1)
	}
}

func TestNoMoreThanTwentyRevisionsAreKept(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := post("1", "A", lorem, start)
	for i := range 25 {
		w.poll("blog", withText(it, fmt.Sprint(lorem, i)))
		w.advance(time.Hour)
	}
	got := must(w.Revisions(ctx, w.shown("blog")[0].ID))(t)
	if len(got) != 20 || got[0].Number != 24 || got[19].Number != 5 {
		t.Errorf("%d revisions of 24, from %d to %d", len(got), got[0].Number, got[len(got)-1].Number)
	}
}

func TestRevisionsOfWhatIsHiddenAreNotGiven(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := post("1", "A", lorem, start)
	w.poll("blog", it)
	w.poll("blog", withText(it, lorem+" edited"))
	id := w.shown("blog")[0].ID
	if err := w.Hide(ctx, id); err != nil {
		t.Fatal(err)
	}
	if err := errOf(w.Revisions(ctx, id)); !errors.Is(err, caravan.ErrGone) {
		t.Errorf("Revisions of an item taken down: %v, want ErrGone", err)
	}
	if err := w.Unhide(ctx, id); err != nil {
		t.Fatal(err)
	}
	w.sync()
	for _, unknown := range []string{id, "aaaaaaaaaaaaaaaa", "no id"} {
		if err := errOf(w.Revisions(ctx, unknown)); !errors.Is(err, caravan.ErrNotFound) {
			t.Errorf("Revisions of %s: %v, want ErrNotFound", unknown, err)
		}
	}
}
