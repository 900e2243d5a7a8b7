package index

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"caravan"
	"caravan/index/retrieval"
	"caravan/index/zapfile"
)

type addressed struct{ error }

func (addressed) RuntimeError() {}
func (addressed) Addr() uintptr { return 1 }

func TestOnlyTheEnginesPanicsAreDamage(t *testing.T) {
	const zapx, bitmap, zap, our = "github.com/blevesearch/zapx/v16.(*x).y", "github.com/RoaringBitmap/roaring/v2.z", "caravan/index/zapfile.(*File).Open", "caravan/index.(*view).f"
	tests := []struct {
		name   string
		p      any
		frames []string
		want   bool
	}{
		{"an address", addressed{}, []string{"runtime.gopanic", our}, true},
		{"engine", "x", []string{"caravan/index.recoverTo", "runtime.gopanic", "runtime.goPanicIndex", zapx, our}, true},
		{"bitmap under the library", "x", []string{"runtime.gopanic", "encoding/binary.Uvarint", bitmap, our}, true},
		{"our reader", "x", []string{"runtime.gopanic", zap, our}, true},
		{"ours", "x", []string{"runtime.gopanic", "runtime.panicmem", our, zapx}, false},
		{"ours under the library", "x", []string{"runtime.gopanic", "slices.SortFunc", our, zapx}, false},
		{"panic again while unwinding", "x", []string{"runtime.gopanic", our, "runtime.gopanic", zapx}, true},
		{"nobody's", "x", []string{"runtime.gopanic", "main.main"}, false},
		{"nothing", "x", nil, false},
	}
	for _, tt := range tests {
		if got := damaging(tt.p, tt.frames); got != tt.want {
			t.Errorf("%s: damaging = %t, want %t", tt.name, got, tt.want)
		}
	}
}

func TestOwnPanicLeavesTheIndex(t *testing.T) {
	i := openWith(t, config(t, newMemory(threeStories()...)))
	g := i.current()
	err := i.read(t.Context(), g, func(context.Context, *retrieval.Evaluator) error {
		var none []int
		_ = none[len(g.dir)]
		return nil
	})
	if err == nil || errors.Is(err, errDamaged) || !strings.Contains(err.Error(), "TestOwnPanicLeavesTheIndex") {
		t.Errorf("read = %v, want a plain error with its stack", err)
	}
	if g.isBroken() {
		t.Error("the index was given up")
	}
	if r := search(t, i, "data"); r.Total != 1 {
		t.Errorf("after it: total = %d, want 1", r.Total)
	}
}

func TestOneCauseMakesTheIndexAnewOnceAnHour(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	c := newCures(func() time.Time { return now })
	at := func(place string, value any) error {
		return &fault{value: value, frames: []string{"encoding/binary.Uvarint", place}, damage: true}
	}
	const place = "github.com/blevesearch/vellum.a"
	c.note(at(place, "address 1"))
	steps := []struct {
		name string
		add  time.Duration
		err  error
		want bool
	}{
		{"at once", 0, at(place, "address 2"), false},
		{"elsewhere", 0, at("github.com/blevesearch/vellum.b", "address 1"), true},
		{"in the hour", cureEvery - 1, at(place, "x"), false},
		{"after it", 1, at(place, "x"), true},
		{"clock set back", -2 * cureEvery, at(place, "x"), true},
	}
	for _, s := range steps {
		now = now.Add(s.add)
		if got := c.allows(s.err); got != s.want {
			t.Errorf("%s: allows = %t, want %t", s.name, got, s.want)
		}
	}
}

func TestStoryThatPanicsIsLeftOut(t *testing.T) {
	i := openWith(t, config(t, newMemory(threeStories()...)))
	err := func() (err error) {
		defer recoverTo(&err)
		panic("a mistake")
	}()
	if got := i.skipping(caravan.StoryDoc{ID: "s"}, err); got != nil {
		t.Errorf("skipping a panic = %v, want nil", got)
	}
	if got := i.skipping(caravan.StoryDoc{ID: "s"}, os.ErrClosed); !errors.Is(got, os.ErrClosed) {
		t.Errorf("skipping another error = %v, want it", got)
	}
}

func TestReadersTellOfDamage(t *testing.T) {
	tests := []struct {
		err  error
		want bool
	}{
		{nil, false}, {context.Canceled, false}, {syscall.ENOSPC, false}, {caravan.ErrInvalid, false},
		{fmt.Errorf("read index: %w", io.EOF), true}, {io.ErrUnexpectedEOF, true}, {zapfile.ErrDamaged, true},
		{errors.New("dictionary for field f err: vellum err: no decoder for version 7 registered"), true},
		{errors.New("error loading roaring bitmap: did not find expected serialCookie in header"), true},
	}
	for _, tt := range tests {
		got := func() (err error) {
			defer recoverTo(&err)
			return tt.err
		}()
		if errors.Is(got, errDamaged) != tt.want || !errors.Is(got, tt.err) {
			t.Errorf("%v became %v; damage: want %t", tt.err, got, tt.want)
		}
	}
}

// A wordless store has stories whose texts cannot be read.
type wordless struct{ *memory }

func (wordless) Texts(context.Context, []string) (map[string]caravan.Item, error) {
	return nil, io.ErrUnexpectedEOF
}

func TestFailureOfTheStoreIsNoDamageOfTheIndex(t *testing.T) {
	c := config(t, newMemory(threeStories()...))
	c.Store = wordless{c.Store.(*memory)}
	i := openWith(t, c)
	_, err := i.Search(t.Context(), caravan.SearchRequest{Query: "data", Now: today})
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errDamaged) {
		t.Errorf("Search = %v, want the store's error alone", err)
	}
	if i.current().isBroken() {
		t.Error("the index was given up")
	}
}

func TestIndexThatFailsAgainWaitsAndSaysSoOnce(t *testing.T) {
	var log strings.Builder
	now := today
	c := config(t, newMemory(threeStories()...))
	c.Now, c.Log = func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil))
	i := openWith(t, c)
	ended, end := context.WithCancel(t.Context())
	end()
	for n, step := range []struct {
		ctx      context.Context
		later    time.Duration
		replaced bool
	}{
		{t.Context(), 0, true}, {ended, 0, false}, {ended, time.Minute, false}, {t.Context(), cureEvery, true},
	} {
		now = now.Add(step.later)
		before := i.current()
		before.breakDown(errors.New("a batch took too long"))
		err := i.step(step.ctx)
		if replaced := i.current() != before; replaced != step.replaced || replaced != (err == nil) {
			t.Errorf("step %d: replaced = %t, want %t (%v)", n+1, replaced, step.replaced, err)
		}
	}
	if n := strings.Count(log.String(), "failed again for the same reason"); n != 1 {
		t.Errorf("said %d times, want once:\n%s", n, log.String())
	}
}
