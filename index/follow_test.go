package index

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"caravan"
	"caravan/index/schema"
)

func TestRunFollowsTheStore(t *testing.T) { // R02
	m := newMemory(story("en", "First", "data"))
	i := openWith(t, config(t, m))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Run(ctx) }()

	second := story("en", "Second", "data")
	m.put(second)
	eventually(t, func() bool { return i.Status().Stories == 2 })
	second.Members[0].Text = "facts"
	m.put(second)
	eventually(t, func() bool { return i.Status().Applied == 3 })
	if r := search(t, i, "data"); r.Total != 1 {
		t.Errorf("after an edit: total = %d, want 1", r.Total)
	}
	second.Members = nil
	m.put(second)
	eventually(t, func() bool { return i.Status().Stories == 1 })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestIndexGoesOnWhereItStopped(t *testing.T) { // R02
	c, m := filled(t)
	m.put(story("en", "Four", "more data"))
	i := openWith(t, c)
	if s := i.Status(); s.Stories != 4 || s.Applied != 4 || s.Progress != 1 {
		t.Errorf("status = %+v, want 4 stories up to change 4", s)
	}
}

func TestLongTextsGoInSmallPortions(t *testing.T) {
	of := func(lengths ...int) []caravan.StoryDoc {
		var docs []caravan.StoryDoc
		for _, n := range lengths {
			docs = append(docs, story("en", "", strings.Repeat("x", n)))
		}
		return docs
	}
	many := make([]int, batchDocs+1)
	for _, tt := range []struct {
		name string
		docs []caravan.StoryDoc
		want int
	}{
		{"none", nil, 0},
		{"short", of(10, 10, 10), 3},
		{"one too long by itself", of(2*batchText, 10), 1},
		{"together too long", of(10, batchText-20, 20, 10), 2},
		{"many", of(many...), batchDocs},
	} {
		if got := portion(tt.docs); got != tt.want {
			t.Errorf("%s: portion = %d, want %d", tt.name, got, tt.want)
		}
	}
	long := of(batchText, batchText+1, batchText+2)
	i := openWith(t, config(t, newMemory(long...)))
	if s := i.Status(); s.Stories != 3 || s.Applied != 3 {
		t.Errorf("status = %+v, want three stories up to change 3", s)
	}
	if n, err := i.builderBatch(t.Context()); err != nil || n != 10 {
		t.Errorf("builderBatch = %d, %v, want the least", n, err)
	}
	if n, err := open(t, threeStories()...).builderBatch(t.Context()); err != nil || n != batchDocs {
		t.Errorf("builderBatch = %d, %v, want the most", n, err)
	}
}

func TestFailingStoreIsReported(t *testing.T) {
	m := newMemory()
	i := openWith(t, config(t, m))
	m.fail = caravan.ErrUnavailable
	if err := i.CatchUp(t.Context()); !errors.Is(err, caravan.ErrUnavailable) {
		t.Errorf("CatchUp = %v, want the store's failure", err)
	}
}

func TestOnlyPanicsEndAGeneration(t *testing.T) {
	c, _ := filled(t)
	i := openWith(t, c)
	g := i.current()
	alarm.ring(scorch.NewScorchError("persister", "disk full", scorch.ErrPersist), storePath(g.dir))
	if g.isBroken() {
		t.Fatal("a full disk ended the generation")
	}
	alarm.ring(scorch.NewScorchError("merger", "panic: index out of range", scorch.ErrAsyncPanic), storePath(g.dir))
	if !g.isBroken() {
		t.Fatal("a panic did not end the generation")
	}
	b := g.idx.NewBatch()
	if err := i.write(g, b); err != nil && !g.isBroken() {
		t.Errorf("write to a broken generation = %v", err)
	}
	if err := i.step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := i.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := search(t, i, "data"); r.Total != 1 {
		t.Errorf("after the replacement: total = %d, want 1", r.Total)
	}
}

func TestWedgedBatchIsNoticed(t *testing.T) {
	c, _ := filled(t)
	c.Stall = time.Nanosecond
	i, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	g := i.current()
	b := g.idx.NewBatch()
	for _, s := range threeStories() {
		doc, err := schema.Document(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Index(s.ID, doc); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.write(g, b); err == nil || !g.isBroken() {
		t.Errorf("write = %v, broken %v, want a broken generation", err, g.isBroken())
	}
	if err := i.replace(g); err != nil {
		t.Fatal(err)
	}
	if i.current().isBroken() {
		t.Error("the new generation is broken")
	}
	if err := i.Close(); err != nil {
		t.Error(err)
	}
	eventually(t, func() bool { n, err := i.generations(); return err == nil && len(n) == 1 })
}
