package fetcher

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"caravan"
	"caravan/fetcher/polite"
	"caravan/internal/wait"
)

// A wire is a Getter without a network: it takes a while and answers. In a
// synctest bubble the while passes at once.
type wire struct {
	takes  time.Duration
	answer func(ctx context.Context, r polite.Request) (*polite.Response, error)

	mu     sync.Mutex
	asked  []time.Time
	flight int
	worst  int // most requests in flight at once
}

func (w *wire) Get(ctx context.Context, r polite.Request) (*polite.Response, error) {
	w.mu.Lock()
	w.asked = append(w.asked, time.Now())
	w.flight++
	w.worst = max(w.worst, w.flight)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.flight--
		w.mu.Unlock()
	}()
	if err := wait.For(ctx, w.takes); err != nil {
		return nil, &polite.Error{Class: caravan.FailTimeout, Detail: "interrupted", Sent: true, Err: err}
	}
	if w.answer != nil {
		return w.answer(ctx, r)
	}
	return ok(r), nil
}

// ok is an answer of 200 with a validator and an item.
func ok(r polite.Request) *polite.Response {
	return &polite.Response{Status: 200, FinalURL: r.URL, Conditional: !r.Validators.None(), Header: polite.Header{ETag: `"1"`}, Body: []byte("item x")}
}

// unreached is the error of a host that cannot be connected to.
func unreached() error {
	return &polite.Error{Class: caravan.FailConnect, Detail: "the server refuses connections", Err: errors.New("refused")}
}

// newBubble returns a rig that lives on the bubble's clock and the wire.
func newBubble(w *wire, change ...func(*Config)) *rig {
	r := &rig{clock: &clock{now: received}, log: &strings.Builder{}}
	r.store = &memory{clock: r.clock, sources: map[string]*caravan.Source{}, hosts: map[string]*hostRow{}}
	r.store.now = time.Now
	r.store.host = func(address string) string {
		u, _ := url.Parse(address)
		return u.Host
	}
	c := Config{Store: r.store, Client: w, Read: readLines}
	for _, f := range change {
		f(&c)
	}
	r.Poller = New(c)
	return r
}

// addMany lists n sources on hosts of their own, due now; old ones have been
// polled before.
func (r *rig) addMany(n int, old bool) {
	for i := range n {
		s := &caravan.Source{Slug: fmt.Sprintf("s%04d", i), URL: fmt.Sprintf("http://h%04d.example/", i)}
		s.State.NextPoll = time.Now()
		if old {
			s.State.LastPoll, s.State.FirstPoll = time.Now().Add(-48*time.Hour), time.Now().Add(-48*time.Hour)
			s.State.Validators = caravan.Validators{ETag: `"0"`}
		}
		r.store.sources[s.Slug] = s
	}
}

// start runs the poller until stop is called; stop returns how long it took to
// come to an end.
func (r *rig) start(t *testing.T) (stop func() time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	return func() time.Duration {
		from := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		return time.Since(from)
	}
}

func TestRunPollsForDaysWithinTheFloor(t *testing.T) { // E10, E17
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 200 * time.Millisecond}
		r := newBubble(w)
		r.addMany(100, false)
		stop := r.start(t)
		time.Sleep(72 * time.Hour)
		stop()
		for slug := range r.store.sources {
			polls := r.store.of(slug)
			if len(polls) < 3 {
				t.Fatalf("%s was polled %d times in three days", slug, len(polls))
			}
			for i := 1; i < len(polls); i++ {
				if gap := polls[i].Started.Sub(polls[i-1].Started); gap < time.Hour {
					t.Errorf("%s polled %v after the poll before", slug, gap)
				}
			}
		}
		if w.worst > 16 {
			t.Errorf("%d requests in flight at once", w.worst)
		}
	})
}

func TestRunStartsNewSourcesAtOnceAndOthersInTurn(t *testing.T) { // E17, E18, R22
	tests := []struct {
		name      string
		old       bool
		soon, end time.Duration // all polled not before and not after
	}{
		{"new", false, 0, 10 * time.Second},
		{"piled up", true, 20 * time.Second, 30 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{takes: 100 * time.Millisecond}
				r := newBubble(w)
				r.addMany(500, test.old)
				from := time.Now()
				stop := r.start(t)
				time.Sleep(time.Minute)
				stop()
				if len(w.asked) != 500 {
					t.Fatalf("%d requests, want 500", len(w.asked))
				}
				if d := w.asked[499].Sub(from); d < test.soon || d > test.end {
					t.Errorf("the last of 500 was asked after %v, want %v to %v", d, test.soon, test.end)
				}
			})
		})
	}
}

func TestRunRestartedOftenPollsOnce(t *testing.T) { // E06, E18
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 50 * time.Millisecond}
		r := newBubble(w)
		r.addMany(50, false)
		for range 20 {
			stop := r.start(t)
			time.Sleep(30 * time.Second)
			stop()
		}
		if len(w.asked) != 50 {
			t.Errorf("20 restarts in 10 minutes make %d requests to 50 sources", len(w.asked))
		}
	})
}

func TestRunLooksAtTheScheduleWhenWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		r := newBubble(w)
		stop := r.start(t)
		time.Sleep(30 * time.Second)
		r.store.mu.Lock()
		r.addMany(1, false)
		r.store.mu.Unlock()
		r.Wake()
		r.Wake()
		synctest.Wait()
		if len(w.asked) != 1 {
			t.Errorf("%d requests right after Wake, want 1", len(w.asked))
		}
		stop()
	})
}

func TestStopLetsRequestsInFlightFinish(t *testing.T) { // R03
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: 3 * time.Second}
		r := newBubble(w)
		r.addMany(40, false)
		stop := r.start(t)
		time.Sleep(time.Second)
		if took := stop(); took != 2*time.Second {
			t.Errorf("the stop took %v, want the 2s that were left", took)
		}
		if len(r.store.results) != 16 || len(w.asked) != 16 {
			t.Errorf("%d requests, %d saved; want 16 of both", len(w.asked), len(r.store.results))
		}
	})
}

func TestStopBreaksOffWhatHangs(t *testing.T) { // R03
	synctest.Test(t, func(t *testing.T) {
		w := &wire{takes: time.Hour}
		r := newBubble(w)
		r.addMany(1, false)
		stop := r.start(t)
		time.Sleep(time.Second)
		if took := stop(); took != 8*time.Second {
			t.Errorf("the stop took %v, want the grace of 8s", took)
		}
		// The request left: the source keeps the interval that its claim cost.
		if st := r.store.sources["s0000"].State; time.Until(st.NextPoll) < 50*time.Minute || len(r.store.released) != 0 {
			t.Errorf("the claim was given back: %+v", st)
		}
	})
}

func TestStopGivesBackWhatWasNotAsked(t *testing.T) { // DESIGN.md, Claims
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(ctx context.Context, _ polite.Request) (*polite.Response, error) {
			<-ctx.Done()
			return nil, &polite.Error{Class: caravan.FailTimeout, Detail: "interrupted", Err: ctx.Err()}
		}}
		r := newBubble(w)
		r.addMany(3, false)
		due := time.Now()
		stop := r.start(t)
		time.Sleep(time.Second)
		stop()
		for slug, s := range r.store.sources {
			if !s.State.NextPoll.Equal(due) {
				t.Errorf("%s: next poll %v, want the old %v", slug, s.State.NextPoll, due)
			}
		}
	})
}

func TestRunFindsTheNetworkAgain(t *testing.T) { // E14, R22
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		down := true
		w := &wire{takes: 10 * time.Millisecond, answer: func(_ context.Context, r polite.Request) (*polite.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			if down {
				return nil, unreached()
			}
			return ok(r), nil
		}}
		r := newBubble(w)
		r.addMany(200, true)
		stop := r.start(t)
		time.Sleep(6 * time.Hour)
		if since, off := r.Offline(); !off || time.Since(since) < 5*time.Hour {
			t.Errorf("Offline = %v, %v", since, off)
		}
		w.mu.Lock()
		tried := len(w.asked) // some requests may be under way
		w.mu.Unlock()
		if tried < 3*180 || tried > 16*200 {
			t.Errorf("%d tries in six hours", tried)
		}
		mu.Lock()
		down = false
		mu.Unlock()
		back := time.Now()
		time.Sleep(5 * time.Minute)
		if _, off := r.Offline(); off {
			t.Error("still offline")
		}
		stop()
		for slug, s := range r.store.sources {
			if s.State.Failures != 0 || s.State.LastSuccess.Before(back) {
				t.Fatalf("%s after the network came back: %+v", slug, s.State)
			}
		}
		perSecond := map[int64]int{}
		for _, at := range w.asked[tried:] {
			perSecond[at.Unix()]++
		}
		for second, n := range perSecond {
			if n > 40 {
				t.Errorf("%d requests in second %d of the recovery", n, second-back.Unix())
			}
		}
	})
}

func TestHangingSourcesDelayNobody(t *testing.T) { // R30
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(ctx context.Context, r polite.Request) (*polite.Response, error) {
			takes := 200 * time.Millisecond
			if strings.HasPrefix(r.URL, "http://h000") { // ten of them
				takes = time.Minute
			}
			if err := wait.For(ctx, takes); err != nil {
				return nil, err
			}
			if takes == time.Minute {
				return nil, &polite.Error{Class: caravan.FailTimeout, Detail: "too slow", Sent: true, Reached: true, Err: errors.New("slow")}
			}
			return ok(r), nil
		}}
		r := newBubble(w)
		r.addMany(500, false)
		stop := r.start(t)
		time.Sleep(24 * time.Hour)
		stop()
		for _, p := range r.store.results {
			if strings.HasPrefix(p.Claim.Source.URL, "http://h000") || p.Claim.Source.State.LastPoll.IsZero() {
				continue
			}
			interval := p.Claim.Due.Sub(p.Claim.Source.State.LastPoll)
			if late := p.Started.Sub(p.Claim.Due); late > interval/10 {
				t.Errorf("%s is %v late, its interval being %v", p.Claim.Source.Slug, late, interval)
			}
		}
	})
}

func TestPanicStaysWithItsSource(t *testing.T) { // S16
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ context.Context, r polite.Request) (*polite.Response, error) {
			if r.URL == "http://h0001.example/" {
				panic("no such luck")
			}
			return ok(r), nil
		}}
		r := newBubble(w)
		r.addMany(3, false)
		sum, err := r.Pass(t.Context())
		if err == nil || sum.Polled != 2 {
			t.Errorf("Pass = %+v, %v; want two polled and an error", sum, err)
		}
	})
}

func TestStoreTroubleIsWaitedOut(t *testing.T) { // R04
	synctest.Test(t, func(t *testing.T) {
		w := &wire{}
		r := newBubble(w)
		r.addMany(5, false)
		r.store.fail = errors.New("disk full")
		stop := r.start(t)
		time.Sleep(10 * time.Minute)
		r.store.mu.Lock()
		claimed := r.store.claims
		r.store.fail = nil
		r.store.mu.Unlock()
		if claimed > 20 {
			t.Errorf("%d tries at a store that fails, in ten minutes", claimed)
		}
		time.Sleep(time.Hour + 5*time.Minute)
		stop()
		if len(r.store.results) < 5 {
			t.Errorf("%d polls saved once the store works again", len(r.store.results))
		}
	})
}
