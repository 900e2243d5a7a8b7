package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"caravan"
)

// names writes scopes as short as they are told apart.
func names(scopes []caravan.Scope) (out []string) {
	for _, sc := range scopes {
		out = append(out, "/"+sc.Community+"/"+sc.Source+"/"+sc.Language)
	}
	slices.Sort(out)
	return out
}

func TestTouchedNamesEveryScopeAChangeMayShowIn(t *testing.T) { // O18
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed"), folder("B", "Two https://two.example/feed"))
	a := post("https://one.example/1", "Shared", lorem+" and forty more words that make it long enough to be told from others", start)
	b := a
	b.GUID, b.Keys.GUID = "https://two.example/1", "https://two.example/1"
	w.poll("one", a, post("https://one.example/2", "Alone", "text of its own", start))
	w.poll("two", b)
	mine := []string{"///en", "//one/", "/a//"}
	all := []string{"///en", "//one/", "//two/", "/a//", "/b//"}
	for _, step := range []struct {
		name   string
		change func() error
		want   []string
		all    bool
	}{
		{"nothing", func() error { return nil }, nil, false},
		{"a poll without news", func() error { w.poll("one", a); return nil }, nil, false},
		{"an item hidden", func() error { return w.Hide(ctx, w.shown("one")[1].ID) }, mine, false},
		{"a member of a story hidden", func() error { return w.Hide(ctx, w.shown("two")[0].ID) }, all, false},
		{"the list", func() error {
			w.sync(folder("A", "Renamed https://one.example/feed", "Two https://two.example/feed"))
			return nil
		}, nil, true},
	} {
		w.advance(time.Hour)
		before := must(w.LastChange(ctx))(t)
		if err := step.change(); err != nil {
			t.Fatal(err)
		}
		got := must(w.Touched(ctx, before))(t)
		if head := must(w.LastChange(ctx))(t); got.Last != head || got.All != step.all {
			t.Errorf("%s: Touched = %+v, want up to %d, all %t", step.name, got, head, step.all)
		}
		if !step.all && fmt.Sprint(names(got.Scopes)) != fmt.Sprint(step.want) {
			t.Errorf("%s: touched %v, want %v", step.name, names(got.Scopes), step.want)
		}
	}
}

func TestWhatASourceSaysOfItselfIsAChange(t *testing.T) { // O27
	ctx := context.Background()
	w := one(t)
	said := caravan.FeedInfo{Title: "Blog", Rights: "2026"}
	poll := func() int64 {
		w.advance(time.Hour)
		before := must(w.LastChange(ctx))(t)
		r := w.result("blog")
		r.Document = &caravan.Document{Feed: said}
		must(w.SavePoll(ctx, r))(t)
		return must(w.LastChange(ctx))(t) - before
	}
	for i, step := range []struct {
		change func()
		want   int64
	}{
		{func() {}, 1}, {func() {}, 0}, {func() { said.Rights = "2027" }, 1}, {func() { said.License = "https://a.example/l" }, 1},
		{func() { said.Updated = w.clock() }, 0}, {func() { said.Title = "Other" }, 1},
	} {
		step.change()
		if got := poll(); got != step.want {
			t.Errorf("poll %d gave %d change numbers, want %d", i, got, step.want)
		}
	}
}
