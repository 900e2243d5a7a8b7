package push

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"caravan"
)

// E25: the whole way, as the program goes it.
func TestRunSubscribesAndTakesIn(t *testing.T) {
	asked := make(chan struct{}, 1)
	r := newRig(t, func(c *Config) {
		c.Wait = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	})
	r.hub.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		asked <- struct{}{}
	}
	r.poll()
	last, err := r.store.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	<-asked
	form := r.hub.last()
	r.hub.ask(form, 24*time.Hour)
	body := rss("two")
	r.hub.send(form, body, sign("sha1", form.Get("hub.secret"), body))
	if _, err := r.store.WaitChange(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	if _, feed := r.get("/feed.atom"); !strings.Contains(feed, "Post two") {
		t.Error("what was sent is not served")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// What a hub was thanked for is stored, also when the program ends; what comes
// after that leads to a poll.
func TestRunStoresWhatItHasTakenBeforeItEnds(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	for _, post := range []string{"two", "three", "four"} {
		body := rss(post)
		r.hub.send(form, body, sign("sha1", form.Get("hub.secret"), body))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Run(ended); err != nil || r.source().Items != 4 {
		t.Errorf("%d items, %v", r.source().Items, err)
	}
	if status := r.hub.deliver(form, rss("five")); status != http.StatusAccepted || r.source().Items != 4 {
		t.Errorf("a late message is answered with %d", status)
	}
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait > time.Hour {
		t.Errorf("next poll in %v", wait)
	}
}

func TestStoreInTroubleIsTriedAgain(t *testing.T) {
	var waited []time.Duration
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, func(c *Config) {
		c.Wait = func(_ context.Context, d time.Duration) error {
			if waited = append(waited, d); len(waited) == 3 {
				cancel()
			}
			return nil
		}
	})
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Run(ctx); err != nil || len(waited) != 3 || waited[0] != time.Minute {
		t.Errorf("waited %v, %v", waited, err)
	}
	if status := r.hub.send(map[string][]string{"hub.callback": {"https://planet.example/push/x"}}, "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("a message meanwhile is answered with %d, want one that makes the hub try again", status)
	}
}

// A stubbornStore refuses a number of deliveries.
type stubbornStore struct {
	Store
	refuse int
}

func (s *stubbornStore) SaveDelivery(ctx context.Context, d caravan.Delivery) (caravan.PollReport, error) {
	if s.refuse > 0 {
		s.refuse--
		return caravan.PollReport{}, caravan.ErrUnavailable
	}
	return s.Store.SaveDelivery(ctx, d)
}

// E25: what a hub was thanked for outlives a store that fails for a while.
func TestDeliveryThatIsNotStoredIsTriedAgain(t *testing.T) {
	for _, test := range []struct {
		refusals, items int
		next            time.Duration // the longest wait for the next poll
	}{{storeTries - 1, 2, 25 * time.Hour}, {storeTries, 1, time.Hour}} {
		r := newRig(t, func(c *Config) { c.Store = &stubbornStore{Store: c.Store, refuse: test.refusals} })
		form := r.subscribed()
		r.later(24 * time.Hour)
		r.poll()
		r.hub.deliver(form, rss("two"))
		if err := r.catchUp(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		wait := r.source().State.NextPoll.Sub(r.clock())
		if r.source().Items != test.items || wait > test.next || len(r.missed) != 0 || r.bytes != 0 {
			t.Errorf("%d refusals: %d items, next poll in %v, %d missed, %d bytes", test.refusals, r.source().Items, wait, len(r.missed), r.bytes)
		}
	}
}

// E25: a crash may have lost what a hub was thanked for, so after a start the
// sources that rest are polled soon.
func TestRestingSourceIsPolledSoonAfterAStart(t *testing.T) {
	stop := func() {}
	r := newRig(t, func(c *Config) {
		wait := c.Wait
		c.Wait = func(ctx context.Context, d time.Duration) error {
			stop()
			return wait(ctx, d)
		}
	})
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	r.site.publish("two")
	body := rss("two")
	r.hub.send(form, body, sign("sha1", form.Get("hub.secret"), body)) // never read: the program ends here
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait < 20*time.Hour {
		t.Fatalf("the source does not rest: next poll in %v", wait)
	}
	r.restart()
	ctx, cancel := context.WithCancel(t.Context())
	stop = cancel // when there is nothing more to do for now
	if err := r.Run(ctx); err != nil {
		t.Fatal(err)
	}
	r.later(time.Hour)
	r.poll()
	if got := r.source().Items; got != 2 {
		t.Errorf("%d items an hour after the crash, want 2", got)
	}
}

// E25: a hub of which nothing genuine comes does not keep its source from being
// polled as usual, until it sends something genuine and new.
func TestHubThatSignsNothingIsNotReliedOn(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	good := func(post string) string { return sign("sha256", form.Get("hub.secret"), rss(post)) }
	for i, step := range []struct {
		post, signature string
		trusted         bool
	}{
		{"two", "", true}, {"two", "sha256=00", true},
		{"two", good("two"), true}, // what was bad before does not count any more
		{"three", "", true}, {"three", "", true}, {"three", "sha256=00", false}, {"three", "", false},
		{"three", good("three"), true},
	} {
		if status := r.hub.send(form, rss(step.post), step.signature); status != http.StatusAccepted {
			t.Errorf("message %d is answered with %d", i+1, status)
		}
		r.settle()
		if sub := r.subs()[0]; sub.Trusted != step.trusted {
			t.Errorf("message %d: trusted = %v, want %v", i+1, sub.Trusted, step.trusted)
		}
		wait := r.source().State.NextPoll.Sub(r.clock())
		if soon := wait < 20*time.Hour; !step.trusted && !soon || i < 5 && soon {
			t.Errorf("message %d: next poll in %v", i+1, wait)
		}
	}
}

func TestOtherTopic(t *testing.T) {
	source := caravan.Source{
		URL: "http://blog.example/feed/", ListURL: "http://old.example/feed", Feed: caravan.FeedInfo{SelfURL: "https://blog.example/atom", TopicURL: "https://blog.example/topic", ID: "tag:blog", Link: "https://blog.example/"},
		State: caravan.PollState{Validators: caravan.Validators{URL: "https://cdn.example/blog"}},
	}
	nameless := source
	nameless.Feed.ID = ""
	tests := []struct {
		name   string
		source caravan.Source
		info   caravan.FeedInfo
		other  bool
	}{
		{"itself", source, caravan.FeedInfo{SelfURL: "https://blog.example/atom"}, false},
		{"as hubs know it", source, caravan.FeedInfo{SelfURL: "https://blog.example/topic"}, false},
		{"spelled otherwise", source, caravan.FeedInfo{SelfURL: "http://WWW.blog.example/feed"}, false},
		{"where it is found", source, caravan.FeedInfo{SelfURL: "https://cdn.example/blog"}, false},
		{"in the list", source, caravan.FeedInfo{SelfURL: "http://old.example/feed"}, false},
		{"another", source, caravan.FeedInfo{SelfURL: "https://blog.example/comments", ID: "tag:blog"}, true},
		{"says nothing", source, caravan.FeedInfo{}, false},
		{"its id", source, caravan.FeedInfo{ID: "tag:blog", Link: "https://elsewhere.example/"}, false},
		{"another id", source, caravan.FeedInfo{ID: "tag:other", Link: "https://blog.example/"}, true},
		{"its site", nameless, caravan.FeedInfo{ID: "tag:x", Link: "https://www.blog.example/news"}, false},
		{"another site", nameless, caravan.FeedInfo{Link: "https://other.example/"}, true},
	}
	for _, test := range tests {
		if got := otherTopic(test.info, test.source); (got != "") != test.other {
			t.Errorf("%s: %q", test.name, got)
		}
	}
}
