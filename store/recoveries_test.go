package store_test

import (
	"testing"
	"time"

	"caravan"
)

func TestRecoveriesEndARowOfFailures(t *testing.T) {
	w := newWorld(t)
	w.sync(folder("A", "https://a.example/feed", "https://b.example/feed"))
	slugs := must(w.Sources(t.Context()))(t)
	a, b := slugs[0].Slug, slugs[1].Slug
	fail := func(slug string) {
		r := w.result(slug)
		r.Document, r.Failure = nil, caravan.Failure{Class: caravan.FailTimeout, Detail: "no answer"}
		must(w.SavePoll(t.Context(), r))(t)
		w.advance(time.Hour)
	}
	good := func(slug string) { w.poll(slug, post("1", "One", "Words of one.", start)); w.advance(time.Hour) }
	good(a)
	for range 3 {
		fail(a)
	}
	before := w.clock()
	good(a)
	good(a)
	good(b)
	fail(b) // has not recovered
	got := must(w.Recoveries(t.Context(), start))(t)
	if len(got) != 1 || got[0].Source != a || got[0].Failures != 3 || got[0].At.Before(before) {
		t.Errorf("recoveries %+v, want the one of %s after 3 failures", got, a)
	}
	if got := must(w.Recoveries(t.Context(), w.clock()))(t); len(got) != 0 {
		t.Errorf("recoveries since now: %+v", got)
	}
}
