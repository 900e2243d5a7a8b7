package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"caravan"
)

// hubbed is a world with one source that has been polled and whose hub has
// confirmed a subscription.
func hubbed(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.sync(folder("A", "Blog https://blog.example/feed"))
	w.restingPoll(post("1", "One", "Words of the first post.", start))
	if err := w.AddSubscription(t.Context(), caravan.Subscription{
		Token: "tok", Source: "blog", Hub: "https://hub.example/", Topic: "https://blog.example/feed", Callback: "https://planet.example/push/tok", Secret: "s3",
		AskedAt: w.clock(), NextTry: w.clock().Add(time.Hour), Since: w.clock(), Until: w.clock().Add(10 * 24 * time.Hour), Trusted: true,
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// restingPoll stores a poll as the poller does: the next one in an hour, or in
// a day while a hub sends what is new.
func (w *world) restingPoll(items ...caravan.Item) caravan.PollReport {
	w.t.Helper()
	r := w.result("blog", items...)
	r.State.LastNew = must(w.Source(context.Background(), "blog"))(w.t).State.LastNew
	now := w.clock()
	r.Document.Feed.HubURL, r.Document.Feed.OtherHubs = "https://hub.example/", []string{"https://second.example/"}
	r.State.Usual, r.State.Earliest = r.State.NextPoll, now.Add(30*time.Minute)
	r.State.Validators = caravan.Validators{ETag: `"1"`}
	r.Rest = caravan.Rest{Next: now.Add(24 * time.Hour), Decision: "once a day"}
	return must(w.SavePoll(context.Background(), r))(w.t)
}

// next is how far away the next poll is.
func (w *world) next() time.Duration {
	w.t.Helper()
	return must(w.Source(context.Background(), "blog"))(w.t).State.NextPoll.Sub(w.clock())
}

// deliver stores what the hub sends; no items make a message of no use.
func (w *world) deliver(digest string, items ...caravan.Item) caravan.PollReport {
	w.t.Helper()
	d := caravan.Delivery{Token: "tok", At: w.clock(), Bytes: 9, Digest: digest}
	if len(items) > 0 {
		d.Document = &caravan.Document{Items: items, Partial: true, Feed: caravan.FeedInfo{Title: "As the hub says"}}
	} else {
		d.Trouble = "it cannot be read"
	}
	return must(w.SaveDelivery(context.Background(), d))(w.t)
}

func (w *world) alter(change func(*caravan.Subscription)) {
	w.t.Helper()
	err := w.AlterSubscription(context.Background(), "tok", func(s *caravan.Subscription) (bool, error) { change(s); return true, nil })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestHubbedSourcesAreThoseThatArePolled(t *testing.T) {
	w := hubbed(t)
	w.sync(folder("A", "Blog https://blog.example/feed", "Plain https://plain.example/feed"))
	w.poll("plain", post("p", "Plain", `Words with "HubURL":"x" in them.`, start))
	got := must(w.Hubbed(t.Context()))(t)
	if len(got) != 1 || got[0].Slug != "blog" || got[0].Feed.HubURL != "https://hub.example/" || got[0].Feed.OtherHubs[0] != "https://second.example/" {
		t.Errorf("Hubbed = %+v", got)
	}
	paused := folder("A", "Blog https://blog.example/feed", "Plain https://plain.example/feed")
	paused.Sources[0].Settings.Paused = true
	w.sync(paused)
	if got := must(w.Hubbed(t.Context()))(t); len(got) != 0 {
		t.Errorf("Hubbed with a paused source = %+v", got)
	}
	if _, err := w.SaveDelivery(t.Context(), caravan.Delivery{Token: "tok"}); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("delivery for a paused source: %v", err)
	}
	w.sync(folder("A", "Plain https://plain.example/feed"))
	if got := must(w.Hubbed(t.Context()))(t); len(got) != 0 {
		t.Errorf("Hubbed with a removed source = %+v", got)
	}
}

// E25: subscriptions, secrets and all, survive a restart.
func TestSubscriptionsSurviveARestart(t *testing.T) {
	w := hubbed(t)
	before := must(w.Subscriptions(t.Context()))(t)
	w.reopen()
	after := must(w.Subscriptions(t.Context()))(t)
	if len(before) != 1 || fmt.Sprint(after) != fmt.Sprint(before) || after[0].Secret != "s3" {
		t.Errorf("after a restart %+v, was %+v", after, before)
	}
	one := must(w.Subscription(t.Context(), "tok"))(t)
	if fmt.Sprint(one) != fmt.Sprint(before[0]) {
		t.Errorf("Subscription = %+v", one)
	}
	if _, err := w.Subscription(t.Context(), "other"); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("Subscription of an unknown token: %v", err)
	}
	src := must(w.Source(t.Context(), "blog"))(t)
	if src.Push.Hub != "https://hub.example/" || !src.Push.Trusted || !src.Push.Until.Equal(start.Add(240*time.Hour)) {
		t.Errorf("Source.Push = %+v", src.Push)
	}
}

func TestChangeOfASubscriptionIsWholeOrAbsent(t *testing.T) {
	w := hubbed(t)
	refused := errors.New("no")
	err := w.AlterSubscription(t.Context(), "tok", func(s *caravan.Subscription) (bool, error) { s.Trouble = "x"; return true, refused })
	if !errors.Is(err, refused) || must(w.Subscription(t.Context(), "tok"))(t).Trouble != "" {
		t.Errorf("a refused change was made: %v", err)
	}
	if err := w.AlterSubscription(t.Context(), "gone", func(*caravan.Subscription) (bool, error) { return true, nil }); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("change of an unknown one: %v", err)
	}
	if err := w.AlterSubscription(t.Context(), "tok", func(*caravan.Subscription) (bool, error) { return false, nil }); err != nil || len(must(w.Subscriptions(t.Context()))(t)) != 0 {
		t.Errorf("it was not dropped: %v", err)
	}
}

// A hub that renews for less than it had promised shortens the rest with it.
func TestRestEndsWithAShorterLease(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Hour)
	w.restingPoll()
	for _, lease := range []struct{ until, next time.Duration }{{48 * time.Hour, 24 * time.Hour}, {5 * time.Hour, 5 * time.Hour}, {5 * time.Minute, time.Hour}} {
		w.alter(func(s *caravan.Subscription) { s.Until = w.clock().Add(lease.until) })
		if w.next() != lease.next {
			t.Errorf("a lease of %v: next poll in %v, want %v", lease.until, w.next(), lease.next)
		}
	}
}

// E25: polling slows to daily while what is new is sent, and never stops.
func TestSourceRestsWhileItsHubSendsWhatIsNew(t *testing.T) {
	w := hubbed(t)
	if w.next() != time.Hour {
		t.Fatalf("before: next poll in %v", w.next())
	}
	w.advance(time.Hour)
	report := w.restingPoll(post("1", "One", "Words of the first post.", start))
	if w.next() != 24*time.Hour || report.Decision != "once a day" || !report.Next.Equal(w.clock().Add(24*time.Hour)) {
		t.Errorf("next poll in %v, %+v", w.next(), report)
	}
	if polls := must(w.Polls(t.Context(), "blog", 1))(t); polls[0].Decision != "once a day" {
		t.Errorf("decision kept: %q", polls[0].Decision)
	}
	w.advance(2 * time.Hour)
	w.deliver("d1", post("2", "Two", "Words of the second post.", w.clock()))
	w.advance(22 * time.Hour)
	w.restingPoll(post("2", "Two", "Words of the second post.", start.Add(3*time.Hour)), post("1", "One", "Words of the first post.", start))
	if w.next() != 24*time.Hour {
		t.Errorf("after a poll that found nothing new: next in %v", w.next())
	}
}

// E25: a hub that has let something new slip is not relied on until it is first
// with something again.
func TestHubThatMissesSomethingIsNotTrusted(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Hour)
	w.restingPoll()
	w.advance(24 * time.Hour)
	report := w.restingPoll(post("2", "Two", "Words of the second post.", w.clock()))
	if w.next() != time.Hour || !report.Next.IsZero() {
		t.Errorf("after a miss: next poll in %v", w.next())
	}
	if polls := must(w.Polls(t.Context(), "blog", 1))(t); !strings.Contains(polls[0].Decision, "had not sent what is new") {
		t.Errorf("decision kept: %q", polls[0].Decision)
	}
	w.deliver("late", post("2", "Two", "Words of the second post.", w.clock()))
	w.advance(time.Hour)
	if w.restingPoll(); w.next() != time.Hour {
		t.Errorf("what came late is taken for proof: next poll in %v", w.next())
	}
	w.deliver("first", post("3", "Three", "Words of the third post.", w.clock()))
	w.advance(time.Hour)
	if w.restingPoll(); w.next() != 24*time.Hour {
		t.Errorf("after proof: next poll in %v", w.next())
	}
}

// What was published before the hub had agreed to anything is not its fault.
func TestNewsFromBeforeTheLeaseAreNoMiss(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Minute)
	w.alter(func(s *caravan.Subscription) { s.Since = w.clock() })
	w.advance(time.Hour)
	w.restingPoll(post("2", "Two", "Words of the second post.", w.clock()))
	if w.next() != 24*time.Hour {
		t.Errorf("next poll in %v", w.next())
	}
}

// E25: once a lease ends, or the hub is given up, polling is as it always was.
func TestRestEndsWithTheLease(t *testing.T) {
	w := hubbed(t)
	w.alter(func(s *caravan.Subscription) { s.Until = w.clock().Add(8 * time.Hour) })
	w.advance(time.Hour)
	w.restingPoll()
	if w.next() != 7*time.Hour {
		t.Errorf("next poll in %v, want the end of the lease", w.next())
	}
	w.alter(func(s *caravan.Subscription) { s.Until = w.clock().Add(time.Minute) })
	if w.restingPoll(); w.next() != time.Hour {
		t.Errorf("next poll in %v, want the usual", w.next())
	}
	for name, end := range map[string]func(*caravan.Subscription){
		"denied": func(s *caravan.Subscription) { s.Until, s.Denied = time.Time{}, true }, "left": func(s *caravan.Subscription) { s.Leaving = true },
	} {
		w.alter(func(s *caravan.Subscription) {
			s.Until, s.Leaving, s.Denied = w.clock().Add(100*time.Hour), false, false
		})
		if w.restingPoll(); w.next() != 24*time.Hour {
			t.Fatalf("%s: does not rest", name)
		}
		w.advance(10 * time.Minute)
		if w.alter(end); w.next() != 50*time.Minute {
			t.Errorf("%s: next poll in %v, want when it would have been", name, w.next())
		}
	}
	w.alter(func(s *caravan.Subscription) { s.Until, s.Leaving = w.clock().Add(100*time.Hour), false })
	w.restingPoll()
	w.advance(5 * time.Hour)
	if err := w.AlterSubscription(t.Context(), "tok", func(*caravan.Subscription) (bool, error) { return false, nil }); err != nil || w.next() != 0 {
		t.Errorf("dropped long after: next poll in %v, %v, want now", w.next(), err)
	}
}

// E25: a delivery brings items and nothing else: a part of a feed is not the
// feed, and vouches for no validators.
func TestDeliveryBringsItemsAndNothingElse(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Hour)
	w.restingPoll(post("1", "One", "Words of the first post.", start))
	before := must(w.Source(t.Context(), "blog"))(t)
	w.advance(time.Hour)
	at := w.clock()
	report := w.deliver("d", post("2", "Two", "Words of the second post.", at))
	if report.New != 1 || report.Source != "blog" {
		t.Errorf("report %+v", report)
	}
	after := must(w.Source(t.Context(), "blog"))(t)
	if after.Items != 2 || after.Feed.Title != before.Feed.Title || after.Feed.HubURL != before.Feed.HubURL {
		t.Errorf("the source is now %+v", after)
	}
	if !after.State.LastNew.Equal(at) || !after.Push.LastPush.Equal(at) {
		t.Errorf("last news %v, last push %v, want %v", after.State.LastNew, after.Push.LastPush, at)
	}
	after.State.LastNew = before.State.LastNew
	if after.State != before.State {
		t.Errorf("polling state %+v, was %+v", after.State, before.State)
	}
	if polls := must(w.Polls(t.Context(), "blog", 0))(t); len(polls) != 2 {
		t.Errorf("%d polls, want 2", len(polls))
	}
	traces := must(w.Trace(t.Context(), caravan.ItemMark{GUID: "2"}))(t)
	if len(traces) != 1 || traces[0].Poll != nil || traces[0].Pushed == nil || traces[0].Pushed.Hub != "https://hub.example/" || traces[0].Pushed.New != 1 {
		t.Errorf("traced as %+v", traces)
	}
	if w.deliver("e", post("1", "One, edited", "Words of the first post, edited.", start)).Changed != 1 {
		t.Error("an edit was not taken")
	}
}

func TestTheSameDeliveryIsTakenOnce(t *testing.T) {
	w := hubbed(t)
	first := post("1", "One", "Words of the first post.", start)
	edited := post("1", "One", "Words of the first post, edited.", start)
	w.advance(time.Hour)
	w.restingPoll()
	for i, step := range []struct {
		polled  bool // before it
		digest  string
		item    caravan.Item
		changed int
		due     bool // whether the source is polled for it
	}{
		{digest: "A", item: first},
		{digest: "B", item: edited, changed: 1},
		{digest: "B", item: first},            // sent twice
		{digest: "A", item: first, due: true}, // old, or taken back by its author
		{polled: true, digest: "A", item: first, due: true},
		{polled: true, digest: "B", item: edited, due: true}, // the poll may have found what is later
		{polled: true, digest: "C", item: first, changed: 1},
	} {
		if w.advance(time.Hour); step.polled {
			w.restingPoll()
			w.advance(time.Hour)
		}
		report := w.deliver(step.digest, step.item)
		if due := w.next() < 12*time.Hour; report.Changed != step.changed || due != step.due {
			t.Errorf("delivery %d, %s: %d changed, want %d; next poll in %v, soon: want %v", i+1, step.digest, report.Changed, step.changed, w.next(), step.due)
		}
	}
}

// What may have been lost is polled for one source after the other, none before
// it may be asked.
func TestHastenSpreadsAndKeepsTheFloor(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Hour)
	w.restingPoll()
	for _, step := range []struct {
		later   time.Duration
		sources []string
		next    time.Duration
	}{
		{0, []string{"gone"}, 24 * time.Hour},
		{time.Hour, []string{"gone", "blog"}, 30 * time.Minute},
		{0, []string{"gone", "gone", "gone", "blog"}, 30 * time.Minute}, // due before
	} {
		w.advance(step.later)
		if err := w.Hasten(t.Context(), step.sources, time.Hour); err != nil || w.next() != step.next {
			t.Errorf("hasten %v: next poll in %v, want %v (%v)", step.sources, w.next(), step.next, err)
		}
	}
	w.restingPoll()
	if err := w.Hasten(t.Context(), []string{"blog"}, time.Hour); err != nil || w.next() != 30*time.Minute {
		t.Errorf("right after a poll: next in %v, want the floor (%v)", w.next(), err)
	}
}

// A message of no use makes the source due, as soon as it may be asked.
func TestUselessDeliveryMakesTheSourceDue(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Hour)
	w.restingPoll()
	w.advance(10 * time.Minute)
	if w.deliver("x"); w.next() != 20*time.Minute {
		t.Errorf("next poll in %v, want when it may be asked", w.next())
	}
	w.advance(15 * time.Minute)
	if w.deliver("x"); w.next() != 5*time.Minute {
		t.Errorf("the same again: next poll in %v", w.next())
	}
	w.advance(25 * time.Minute)
	if w.next() > 0 || len(w.claim(5)) != 1 {
		t.Fatal("not due")
	}
	w.deliver("y") // while it is being asked: a crash must not ask again at once
	if w.next() != time.Hour {
		t.Errorf("next poll in %v while its host is asked, want a floor", w.next())
	}
}

func TestPollInFlightDoesNotForgetWhatWasSentMeanwhile(t *testing.T) {
	w := hubbed(t)
	w.advance(time.Hour)
	r := w.result("blog")
	w.advance(time.Second)
	w.deliver("d", post("2", "Two", "Words of the second post.", w.clock()))
	must(w.SavePoll(t.Context(), r))(t)
	if got := must(w.Source(t.Context(), "blog"))(t).State.LastNew; !got.Equal(w.clock()) {
		t.Errorf("last news %v, want %v", got, w.clock())
	}
}

func TestOldDeliveriesAreForgotten(t *testing.T) {
	w := hubbed(t)
	for i := range 520 {
		w.deliver(fmt.Sprint("d", i))
	}
	count := func() int {
		t.Helper()
		return strings.Count(must(w.Dump(t.Context(), "deliveries"))(t), "\n")
	}
	if n := count(); n != 500 {
		t.Errorf("%d deliveries kept of one source, want 500", n)
	}
	w.advance(91 * 24 * time.Hour)
	w.restingPoll()
	if n := count(); n != 480 {
		t.Errorf("%d deliveries after 91 days and a poll, want 20 fewer", n)
	}
}
