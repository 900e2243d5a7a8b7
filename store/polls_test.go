package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
	"caravan/store"
)

// TestPollIsWholeOrAbsent breaks one of several poll results that are stored
// together: of it nothing may be found, neither items nor validators nor the
// next poll, and of the others everything.
func TestPollIsWholeOrAbsent(t *testing.T) { // R00, I8
	ctx := context.Background()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "caravan.db"), now: start}
	config := w.config()
	config.Match = func(item caravan.Item, candidates []caravan.Item) (int, bool) {
		if item.Title == "bad" {
			panic("cannot decide about " + item.GUID)
		}
		return matchByKeys(item, candidates)
	}
	w.Store = must(store.Open(ctx, config))(t)
	t.Cleanup(func() { w.Store.Close() })
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("S%d https://s%d.example/f", i, i))
	}
	w.sync(folder("A", lines...))
	for i := range 20 {
		w.poll(fmt.Sprintf("s%d", i), post("1", "first", fmt.Sprintf("%s %d", lorem, i), start.Add(-time.Hour)))
	}
	w.advance(time.Hour)
	results := make([]caravan.PollResult, 20)
	for i := range results {
		title := "good"
		if i == 7 {
			title = "bad"
		}
		results[i] = w.result(fmt.Sprintf("s%d", i), post("2", "new", fmt.Sprintf("%s new %d", lorem, i), start), post("1", title, fmt.Sprintf("%s %d, edited", lorem, i), start))
		results[i].State.Validators = caravan.Validators{ETag: `"2"`}
	}
	var wg sync.WaitGroup
	errs := make([]error, len(results))
	for i := range results {
		wg.Go(func() { _, errs[i] = w.SavePoll(ctx, results[i]) })
	}
	wg.Wait()
	for i, err := range errs {
		slug := fmt.Sprintf("s%d", i)
		src := must(w.Source(ctx, slug))(t)
		if i == 7 {
			if err == nil || !strings.Contains(err.Error(), "cannot decide") {
				t.Errorf("broken poll: %v, want its panic as an error", err)
			}
			if src.State.Validators.ETag != "" || src.Items != 1 || !src.State.LastPoll.Equal(start) || len(must(w.Polls(ctx, slug, 0))(t)) != 1 {
				t.Errorf("something of the broken poll was stored: %+v", src)
			}
			continue
		}
		if err != nil || src.State.Validators.ETag != `"2"` || src.Items != 2 {
			t.Errorf("poll of %s: %v, with %d items and validator %q", slug, err, src.Items, src.State.Validators.ETag)
		}
	}
	if faults := must(w.Faults(ctx))(t); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestPollsAndReadsAtTheSameTime(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	var lines []string
	for i := range 12 {
		lines = append(lines, fmt.Sprintf("S%d https://s%d.example/f", i, i))
	}
	w.sync(folder("A", lines[:6]...), folder("B", lines[6:]...))
	results := map[string][]caravan.PollResult{}
	for i := range 12 {
		slug := fmt.Sprintf("s%d", i)
		for round := range 4 {
			results[slug] = append(results[slug], w.result(slug, series(fmt.Sprintf("r%d-", round), 5, start, time.Hour)...))
		}
	}
	done, stop := context.WithCancel(ctx)
	var readers, writers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for done.Err() == nil {
				page, err := w.Stories(ctx, caravan.Filter{Communities: []string{"a"}}, "", 50)
				if err != nil {
					t.Error(err)
					return
				}
				for _, st := range page.Stories {
					if st.Head.Title == "" || len(st.Communities) == 0 {
						t.Errorf("half a story: %+v", st)
					}
				}
			}
		})
	}
	for _, list := range results {
		writers.Go(func() {
			for _, r := range list {
				if _, err := w.SavePoll(ctx, r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	readers.Wait()
	if faults := must(w.Faults(ctx))(t); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestSaveAfterTheEnd(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	r := w.result("blog")
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := w.SavePoll(over, r); !errors.Is(err, context.Canceled) {
		t.Errorf("SavePoll with an ended context: %v", err)
	}
	r.Claim.Source.Slug, r.Claim.Source.URL = "none", "https://me:secret@none.example/"
	if _, err := w.SavePoll(ctx, r); !errors.Is(err, caravan.ErrNotFound) || strings.Contains(err.Error(), "secret") { // S07
		t.Errorf("SavePoll of an unknown source: %v, want ErrNotFound without credentials", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if _, err := w.SavePoll(ctx, r); !errors.Is(err, caravan.ErrUnavailable) {
		t.Errorf("SavePoll after Close: %v, want ErrUnavailable", err)
	}
	if _, err := w.Stories(ctx, caravan.Filter{}, "", 1); !errors.Is(err, caravan.ErrUnavailable) {
		t.Errorf("Stories after Close: %v, want ErrUnavailable", err)
	}
}
