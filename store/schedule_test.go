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

func claimed(claims []caravan.Claim) []string {
	var out []string
	for _, c := range claims {
		out = append(out, c.Source.Slug)
	}
	return out
}

func (w *world) claim(n int) []caravan.Claim {
	w.t.Helper()
	return must(w.Claim(context.Background(), n))(w.t)
}

func TestClaimIsWrittenBeforeTheRequest(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f"))
	c := w.claim(10)[0]
	if !c.Due.Equal(start) || !c.Claimed.Equal(start) || !c.Lease.Equal(start.Add(time.Hour)) || c.Host != "one.example" {
		t.Errorf("claim = %+v", c)
	}
	w.reopen() // a crash: the claim costs one interval, never a second request
	if got := w.claim(10); len(got) != 0 {
		t.Errorf("claimed again after a restart: %q", claimed(got))
	}
	if next := must(w.NextDue(ctx))(t); !next.Equal(start.Add(time.Hour)) {
		t.Errorf("NextDue = %v", next)
	}
	w.advance(time.Hour)
	if got := w.claim(10); len(got) != 1 {
		t.Error("not due after the floor")
	}
}

func TestClaimTakesOneOfEachFreeHost(t *testing.T) { // E20
	ctx := context.Background()
	w := newWorld(t)
	paused := folder("P", "Paused https://p.example/f")
	paused.Sources[0].Settings.Paused = true
	w.sync(folder("A", "One https://a.example/1", "Two https://a.example/2", "Three https://b.example/3", "Four https://c.example/4"), paused)
	if got := claimed(w.claim(2)); !slices.Equal(got, []string{"one", "three"}) {
		t.Errorf("first claims = %q", got)
	}
	if got := claimed(w.claim(10)); !slices.Equal(got, []string{"four"}) {
		t.Errorf("next claims = %q, want the one whose host is free", got)
	}
	r := w.result("one")
	r.HostSpacing = 5 * time.Second
	must(w.SavePoll(ctx, r))(t)
	if got := w.claim(10); len(got) != 0 {
		t.Errorf("claimed at once after a poll of the host: %q", claimed(got))
	}
	if next := must(w.NextDue(ctx))(t); !next.Equal(start.Add(5 * time.Second)) {
		t.Errorf("NextDue = %v, want when the host may be asked", next)
	}
	w.advance(5 * time.Second)
	if got := claimed(w.claim(10)); !slices.Equal(got, []string{"two"}) {
		t.Errorf("after the spacing = %q", got)
	}
	r = w.result("two")
	r.HoldHost = w.clock().Add(3 * time.Hour)
	must(w.SavePoll(ctx, r))(t)
	w.advance(2 * time.Hour)
	if got := claimed(w.claim(10)); slices.Contains(got, "one") || slices.Contains(got, "two") {
		t.Errorf("claimed of a host on hold: %q", got)
	}
	if err := w.MakeDue(ctx, []string{"one"}); err != nil {
		t.Fatal(err)
	}
	if got := claimed(w.claim(10)); slices.Contains(got, "one") {
		t.Error("MakeDue overrides the hold of a host")
	}
	w.advance(time.Hour + time.Second)
	if got := claimed(w.claim(10)); !slices.Contains(got, "two") && !slices.Contains(got, "one") {
		t.Errorf("after the hold = %q", got)
	}
}

func TestReleaseGivesTheClaimBack(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f"))
	w.advance(time.Minute)
	c := w.claim(1)[0]
	if err := w.Release(ctx, c); err != nil {
		t.Fatal(err)
	}
	if src := must(w.Source(ctx, "one"))(t); !src.State.NextPoll.Equal(start) {
		t.Errorf("next poll = %v, want as before the claim", src.State.NextPoll)
	}
	w.advance(time.Second)
	if got := w.claim(1); len(got) != 1 {
		t.Error("not due after its claim was given back")
	}
	if err := w.Release(ctx, c); err != nil { // an old claim
		t.Fatal(err)
	}
	if got := w.claim(1); len(got) != 0 {
		t.Error("an old claim given back frees the new one")
	}
}

func TestDueTimesSurviveARestart(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f", "Two https://two.example/f"))
	for _, c := range w.claim(10) {
		w.poll(c.Source.Slug)
	}
	w.reopen()
	w.sync(folder("A", "One https://one.example/f", "Two https://two.example/f"))
	w.advance(59 * time.Minute)
	if got := w.claim(10); len(got) != 0 {
		t.Errorf("claimed %q before its time", claimed(got))
	}
	if err := w.MakeDue(ctx, []string{"two"}); err != nil {
		t.Fatal(err)
	}
	if got := claimed(w.claim(10)); !slices.Equal(got, []string{"two"}) {
		t.Errorf("made due = %q", got)
	}
	if err := w.MakeDue(ctx, []string{"none"}); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("MakeDue of an unknown source: %v, want ErrNotFound", err)
	}
}

func TestGoneSourceIsNeverDueAgainUntilItIsListedAnew(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	list := folder("A", "One https://one.example/f")
	w.sync(list)
	r := w.result("one")
	r.Document, r.Status, r.Failure = nil, 410, caravan.Failure{Class: caravan.FailGone, Detail: "gone"}
	r.State = caravan.PollState{LastPoll: start, Status: 410, Failures: 3, Gones: 3, Failure: r.Failure, FailingSince: start}
	must(w.SavePoll(ctx, r))(t)
	w.advance(1000 * time.Hour)
	if next := must(w.NextDue(ctx))(t); !next.IsZero() || len(w.claim(1)) != 0 {
		t.Errorf("a gone source is due at %v", next)
	}
	w.sync(list)
	if len(w.claim(1)) != 0 {
		t.Error("the same list makes a gone source due")
	}
	w.sync()
	w.sync(list)
	if len(w.claim(1)) != 1 {
		t.Error("a gone source that is listed anew is not due")
	}
}

func TestPollStateIsKeptWhole(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f"))
	w.poll("one", post("1", "A", lorem, start))
	w.advance(time.Hour)
	r := w.result("one")
	r.Document, r.Status, r.Bytes, r.Took = nil, 503, 17, 1500*time.Millisecond
	r.Failure = caravan.Failure{Class: caravan.FailBusy, Detail: "asked to come later"}
	r.State = caravan.PollState{
		LastPoll: start, LastSuccess: start.Add(-time.Hour), NextPoll: start.Add(6 * time.Hour), Status: 503, Failures: 2, Gones: 1, Failure: r.Failure,
		FailingSince: start.Add(-30 * time.Minute), Unlatched: start, Validators: caravan.Validators{ETag: "W/\"\xff\"", LastModified: "Mon", URL: "https://final.example/"}, Freshness: 90 * time.Minute,
		Rhythm: 26 * time.Hour, Redirect: caravan.Redirect{URL: "https://to.example/", Since: start, Polls: 1, Familiar: true},
	}
	must(w.SavePoll(ctx, r))(t)
	want := r.State
	want.FirstPoll, want.LastNew = start, start
	if got := must(w.Source(ctx, "one"))(t).State; got != want {
		t.Errorf("state\n%+v\nwant\n%+v", got, want)
	}
	polls := must(w.Polls(ctx, "one", 10))(t)
	if len(polls) != 2 || polls[0].Failure != r.Failure || polls[0].Bytes != 17 || polls[0].Took != r.Took || polls[0].Status != 503 ||
		polls[1].New != 1 || !polls[1].At.Equal(start) || polls[1].Decision != "every hour" {
		t.Errorf("polls = %+v", polls)
	}
}

func TestOldPollsAreForgottenInSmallBites(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f"))
	for range 30 {
		w.poll("one")
	}
	w.advance(91 * 24 * time.Hour)
	for i, want := range []int{11, 2, 3} {
		w.poll("one")
		if got := must(w.Polls(ctx, "one", 0))(t); len(got) != want {
			t.Errorf("after poll %d: %d polls kept, want %d", i, len(got), want)
		}
	}
}

func TestHostsFollowTheAddressRangesOfToday(t *testing.T) {
	w := newWorld(t)
	w.sync(folder("A", "One http://127.0.0.1:9001/f", "Two http://127.0.0.1:9002/f"))
	if got := w.claim(10); len(got) != 2 || got[0].Host != "127.0.0.1:9001" {
		t.Fatalf("claims = %+v", got)
	}
	if err := w.Exec(context.Background(), `UPDATE sources SET host = 'stale'`); err != nil {
		t.Fatal(err)
	}
	w.reopen()
	w.advance(2 * time.Hour)
	if got := w.claim(10); len(got) != 2 || got[1].Host != "127.0.0.1:9002" {
		t.Errorf("claims after a restart = %s", fmt.Sprint(claimed(got)))
	}
}

func TestScheduleOfSomeSourcesOnly(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f", "Two https://two.example/f", "Three https://three.example/f"))
	two := []string{"two", "none"}
	for want, slugs := range map[int][]string{3: nil, 1: two} {
		if got := must(w.CountDue(ctx, slugs))(t); got != want {
			t.Errorf("CountDue(%q) = %d, want %d", slugs, got, want)
		}
	}
	if got := claimed(must(w.ClaimAmong(ctx, 10, two))(t)); !slices.Equal(got, []string{"two"}) {
		t.Errorf("ClaimAmong(%q) = %q", two, got)
	}
	if next := must(w.NextDueAmong(ctx, two))(t); !next.Equal(start.Add(time.Hour)) {
		t.Errorf("NextDueAmong(%q) = %v", two, next)
	}
	if next := must(w.NextDue(ctx))(t); !next.Equal(start) {
		t.Errorf("NextDue = %v", next)
	}
	if got := must(w.CountDue(ctx, nil))(t); got != 2 {
		t.Errorf("CountDue after a claim = %d, want 2", got)
	}
}

func TestClockThatIsPutBackLeavesNothingStuck(t *testing.T) { // R06
	ctx := context.Background()
	w := newWorld(t)
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("S%d https://h%d.example/%d", i, i%10, i))
	}
	w.sync(folder("A", lines...))
	w.advance(10 * 365 * 24 * time.Hour)
	for _, c := range w.claim(100) {
		w.poll(c.Source.Slug, post(c.Source.Slug, c.Source.Slug, lorem+c.Source.Slug, time.Time{}))
	}
	w.advance(-10 * 365 * 24 * time.Hour)
	w.claim(100) // finds what is wrong
	w.advance(2 * time.Second)
	if got := w.claim(100); len(got) != 10 { // those that were not polled in the future
		t.Errorf("%d claimed, want the ten that are still due", len(got))
	}
	minutes := map[int]int{}
	for _, s := range must(w.Sources(ctx))(t) {
		wait := s.State.NextPoll.Sub(w.clock())
		if wait < time.Hour-2*time.Second || wait > 2*time.Hour {
			t.Errorf("%s is next polled in %v", s.Slug, wait)
		}
		minutes[int(wait.Minutes())]++
	}
	if len(minutes) < 8 {
		t.Errorf("polls are set to the same minutes: %v", minutes)
	}
	w.advance(time.Hour)
	w.poll("s1", post("later", "Later", lorem+" later", w.clock()))
	feed := must(w.Feed(ctx, caravan.FeedQuery{}))(t)
	if feed[0].Head.Title != "Later" || feed[0].SortAt.After(w.clock()) {
		t.Errorf("feed begins with %q at %v", feed[0].Head.Title, feed[0].SortAt)
	}
}
