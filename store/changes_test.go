package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"caravan"
)

func TestChangesAreReadInStretches(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", series("a", 25, w.clock(), time.Hour)...)
	head := must(w.LastChange(ctx))(t)
	docs, calls := map[string]bool{}, 0
	for after := int64(0); ; calls++ {
		batch := must(w.Changes(ctx, after, 10))(t)
		if batch.Head != head || len(batch.Docs) > 10 {
			t.Errorf("batch after %d: %d documents, head %d, want %d", after, len(batch.Docs), batch.Head, head)
		}
		for _, d := range batch.Docs {
			docs[d.ID] = true
		}
		if batch.Last == after {
			break
		}
		after = batch.Last
	}
	if len(docs) != 25 || calls != 3 {
		t.Errorf("%d documents in %d calls, want 25 in 3", len(docs), calls)
	}
	ahead := must(w.Changes(ctx, head+100, 10))(t)
	if ahead.Last != head+100 || ahead.Head != head || len(ahead.Docs) != 0 {
		t.Errorf("Changes of one who is ahead = %+v", ahead)
	}
}

func TestEveryKindOfChangeTakesANumber(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := post("1", "A", lorem, start)
	nesta, moved := folder("Nesta", "Blog https://nesta.example/feed"), folder("Elsewhere", "Blog https://nesta.example/feed")
	stays := folder("Nesta", "Rest https://rest.example/feed")
	var id string
	steps := []struct {
		name    string
		do      func() error
		members int
	}{
		{"insert", func() error { w.poll("blog", it); id = w.shown("blog")[0].ID; return nil }, 1},
		{"edit", func() error { w.poll("blog", withText(it, "edited")); return nil }, 1},
		{"hide", func() error { return w.Hide(ctx, id) }, 0},
		{"show", func() error { return w.Unhide(ctx, id) }, 1},
		{"community move", func() error { w.sync(stays, moved); return nil }, 1},
		{"removal", func() error { w.sync(); return nil }, 0},
		{"return", func() error { w.sync(nesta); return nil }, 1},
	}
	for _, s := range steps {
		after := must(w.LastChange(ctx))(t)
		w.advance(time.Minute)
		if err := s.do(); err != nil {
			t.Fatal(err)
		}
		batch := must(w.Changes(ctx, after, 10))(t)
		if len(batch.Docs) != 1 || len(batch.Docs[0].Members) != s.members || batch.Last <= after {
			t.Errorf("%s: %+v after %d, want one document of %d", s.name, batch, after, s.members)
		}
	}
}

func TestWaitChangeWakesOnCommit(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	after := must(w.LastChange(ctx))(t)
	got := make(chan int64)
	go func() {
		head, err := w.WaitChange(ctx, after)
		if err != nil {
			t.Error(err)
		}
		got <- head
	}()
	w.poll("blog", post("1", "A", lorem, start))
	if head := <-got; head != after+1 {
		t.Errorf("WaitChange(%d) = %d", after, head)
	}
	if head := must(w.WaitChange(ctx, after))(t); head != after+1 {
		t.Errorf("WaitChange when there is something = %d", head)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := w.WaitChange(over, after+1); !errors.Is(err, context.Canceled) {
		t.Errorf("WaitChange with an ended context: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.WaitChange(ctx, after+1); !errors.Is(err, caravan.ErrUnavailable) {
		t.Errorf("WaitChange after Close: %v, want ErrUnavailable", err)
	}
}
