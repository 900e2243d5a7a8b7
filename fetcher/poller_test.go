package fetcher

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
)

func TestPassPollsEachSourceOnce(t *testing.T) { // E01, E19
	s := newSite(t, feed)
	r := newRig(t)
	r.add("a", s.URL+"/a")
	r.add("b", s.URL+"/b")
	sum := r.pass(t)
	if sum.Polled != 2 || sum.New != 4 || sum.Failed != 0 {
		t.Errorf("summary %+v, want 2 polled, 4 new", sum)
	}
	for _, request := range s.requests {
		if request.Method != http.MethodGet || request.URL.Path != "/a" && request.URL.Path != "/b" {
			t.Errorf("asked for %s %s", request.Method, request.URL)
		}
	}
	if sum := r.pass(t); sum.Polled != 0 {
		t.Errorf("second pass %+v, want nothing due", sum)
	}
	if all, _ := s.count(); all != 2 {
		t.Errorf("%d requests, want 2", all)
	}
	if got := r.store.of("a")[0]; got.Document.Items[0].Source != "a" || got.State.NextPoll.Sub(r.clock.Now()) < time.Hour {
		t.Errorf("stored %+v", got)
	}
}

func TestPollSendsValidators(t *testing.T) { // E02, E06
	s := newSite(t, feed)
	r := newRig(t)
	r.add("a", s.URL)
	for range 3 {
		r.pass(t)
		r.later(25 * time.Hour)
	}
	if all, conditional := s.count(); all != 3 || conditional != 2 {
		t.Errorf("%d requests, %d conditional; want 3 and 2", all, conditional)
	}
	if sum := r.pass(t); sum.NotModified != 1 {
		t.Errorf("summary %+v, want 1 not modified", sum)
	}
}

func TestBadBodiesLeaveTheStateAlone(t *testing.T) { // E07, R24
	body := "item one"
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", fmt.Sprintf("%q", body))
		_, _ = w.Write([]byte(body))
	})
	r := newRig(t)
	r.add("a", s.URL)
	r.pass(t)
	good := r.store.sources["a"].State.Validators
	for _, bad := range []string{"broken xml", "panic at the disco"} {
		body = bad
		r.later(25 * time.Hour)
		r.pass(t)
		st := r.store.sources["a"].State
		if st.Validators != good || st.Failure.Class != caravan.FailBroken || st.Failures == 0 {
			t.Errorf("after %q: %+v", bad, st)
		}
	}
	if !strings.Contains(r.log.String(), "panic while reading a document") { // S16
		t.Error("the panic is not logged")
	}
}

func TestTruncatedBodyVouchesForNothing(t *testing.T) { // R25
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"cut"`)
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("item one\nite"))
	})
	r := newRig(t)
	r.add("a", s.URL)
	r.pass(t)
	got := r.store.of("a")[0]
	if got.Document == nil || !got.Document.Damaged || len(got.Document.Items) != 1 || !got.State.Validators.None() {
		t.Errorf("stored %+v", got)
	}
}

func TestDeltaIsPartial(t *testing.T) { // E23
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v"`)
		if r.Header.Get("A-IM") == "feed" {
			w.Header().Set("IM", "feed")
			w.WriteHeader(http.StatusIMUsed)
		}
		_, _ = w.Write([]byte("item one"))
	})
	r := newRig(t)
	r.add("a", s.URL)
	r.pass(t)
	r.later(25 * time.Hour)
	r.pass(t)
	got := r.store.of("a")
	if got[0].Document.Partial || !got[1].Document.Partial || got[1].Status != http.StatusIMUsed || got[1].State.Validators.None() {
		t.Errorf("stored %+v", got)
	}
}

func TestBusyHostIsLeftAlone(t *testing.T) { // E12, E13
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	r := newRig(t)
	r.add("a", s.URL+"/a")
	r.add("b", s.URL+"/b")
	if sum := r.pass(t); sum.Polled != 1 {
		t.Errorf("summary %+v, want the second source to wait", sum)
	}
	r.later(2*time.Hour - time.Minute)
	if sum := r.pass(t); sum.Polled != 0 {
		t.Errorf("asked again before its time: %+v", sum)
	}
	r.later(time.Minute)
	if sum := r.pass(t); sum.Polled != 1 {
		t.Errorf("not asked when the time had come: %+v", sum)
	}
}

func TestRequestsToOneHostKeepTheirDistance(t *testing.T) { // E17
	var mu sync.Mutex
	var at []time.Time
	inFlight, worst := 0, 0
	r := newRig(t)
	s := newSite(t, func(w http.ResponseWriter, request *http.Request) {
		mu.Lock()
		at = append(at, r.clock.Now())
		inFlight++
		worst = max(worst, inFlight)
		mu.Unlock()
		feed(w, request)
		mu.Lock()
		inFlight--
		mu.Unlock()
	})
	for i := range 40 {
		r.add(fmt.Sprintf("s%02d", i), fmt.Sprintf("%s/%d", s.URL, i))
	}
	if sum := r.pass(t); sum.Polled != 40 {
		t.Fatalf("summary %+v, want 40 polled", sum)
	}
	for i := 1; i < len(at); i++ {
		if d := at[i].Sub(at[i-1]); d < time.Second {
			t.Errorf("request %d comes %v after the one before", i, d)
		}
	}
	if worst != 1 {
		t.Errorf("%d requests in flight at once", worst)
	}
}

func TestRedirectIsAdoptedAfterAWeek(t *testing.T) { // E16
	target := newSite(t, feed)
	old := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target.URL+"/feed", http.StatusMovedPermanently)
	})
	r := newRig(t)
	r.add("a", old.URL)
	r.pass(t)
	for range 4 {
		r.later(60 * time.Hour)
		r.pass(t)
	}
	if got := r.store.sources["a"].URL; got != target.URL+"/feed" {
		t.Fatalf("polled at %s, want %s", got, target.URL+"/feed")
	}
	before, _ := old.count()
	r.later(60 * time.Hour)
	r.pass(t)
	if after, _ := old.count(); after != before {
		t.Error("the old address is still asked")
	}
	all, conditional := target.count()
	if all != conditional+1 {
		t.Errorf("%d of %d requests to the new address were conditional", conditional, all)
	}
}

func TestRedirectToStrangersIsNotAdopted(t *testing.T) { // R26
	strangers := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "item casino %s", r.Header.Get("Date"))
	})
	lapsed := false
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		if lapsed {
			http.Redirect(w, r, strangers.URL, http.StatusMovedPermanently)
			return
		}
		feed(w, r)
	})
	r := newRig(t)
	r.add("a", s.URL)
	r.pass(t)
	lapsed = true
	for range 20 {
		r.later(49 * time.Hour)
		r.pass(t)
	}
	if got := r.store.sources["a"].URL; got != s.URL {
		t.Errorf("moved to %s", got)
	}
	if polls := r.store.of("a"); !strings.Contains(polls[len(polls)-1].Decision, "nothing it published before") {
		t.Errorf("decision %q does not warn", polls[len(polls)-1].Decision)
	}
}

func TestTemporaryRedirectIsAlwaysAskedAnew(t *testing.T) { // E16, E08
	target := newSite(t, feed)
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target.URL+"/feed", http.StatusFound)
	})
	r := newRig(t)
	r.add("a", s.URL)
	for range 15 {
		r.pass(t)
		r.later(25 * time.Hour)
	}
	if all, conditional := s.count(); all != 15 || conditional != 0 {
		t.Errorf("%d requests to the address, %d with another address's validators; want 15 and 0", all, conditional)
	}
	if all, conditional := target.count(); all != 15 || conditional != 14 {
		t.Errorf("%d requests to the target, %d conditional; want 15 and 14", all, conditional)
	}
}

func TestGoneIsAskedThreeTimes(t *testing.T) { // E15
	s := newSite(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	r := newRig(t)
	r.add("a", s.URL)
	for range 10 {
		r.pass(t)
		r.later(25 * time.Hour)
	}
	if all, _ := s.count(); all != 3 {
		t.Errorf("%d requests, want 3", all)
	}
}

func TestNoNetworkIsNobodysFailure(t *testing.T) { // E14, R22
	r := newRig(t)
	var sites []*site
	for i := range 5 {
		s := newSite(t, feed)
		sites = append(sites, s)
		r.add(fmt.Sprintf("s%d", i), s.URL)
	}
	r.pass(t)
	r.later(25 * time.Hour)
	var addresses []string
	for _, s := range sites {
		addresses = append(addresses, s.Listener.Addr().String())
		s.Close()
	}
	lost := r.clock.Now()
	sum := r.pass(t)
	if !sum.Offline || sum.Failed != 0 || sum.GivenBack != 5 {
		t.Errorf("summary %+v, want offline, 5 given back", sum)
	}
	if since, off := r.Offline(); !off || !since.Equal(lost) {
		t.Errorf("Offline = %v, %v", since, off)
	}
	for slug, s := range r.store.sources {
		if s.State.Failures != 0 || s.State.NextPoll.After(r.clock.Now()) {
			t.Errorf("%s was made to pay: %+v", slug, s.State)
		}
	}
	r.later(6 * time.Hour)
	for _, address := range addresses {
		revive(t, address)
	}
	if sum := r.pass(t); sum.Offline || sum.NotModified != 5 {
		t.Errorf("summary %+v, want 5 not modified", sum)
	}
	if _, off := r.Offline(); off {
		t.Error("still offline")
	}
}

// revive serves a site again at the address that it had.
func revive(t *testing.T, address string) {
	t.Helper()
	again := &httptest.Server{Listener: listen(t, address), Config: &http.Server{Handler: http.HandlerFunc(feed)}}
	again.Start()
	t.Cleanup(again.Close)
}

func TestOneDeadHostIsItsOwnFailure(t *testing.T) { // E14
	dead := newSite(t, feed)
	r := newRig(t)
	r.add("dead", dead.URL)
	dead.Close()
	if sum := r.pass(t); sum.Failed != 1 || sum.Offline {
		t.Errorf("summary %+v, want one failure", sum)
	}
	if st := r.store.sources["dead"].State; st.Failure.Class != caravan.FailConnect || st.NextPoll.Sub(r.clock.Now()) < 59*time.Minute {
		t.Errorf("state %+v", st)
	}
}

// Whichever of them end first: the others answer only when the dead have been
// begun with, at a later time, so that they speak for the network then.
func TestManyDeadHostsAmongOthersAreTheirOwnFailure(t *testing.T) { // E14
	var begun sync.WaitGroup
	begun.Add(5)
	r := newRig(t, func(c *Config) {
		c.Progress = func(e Event) {
			if e.Kind == Started && strings.HasPrefix(e.Source, "dead") {
				begun.Done()
			}
		}
	})
	for i := range 8 {
		r.add(fmt.Sprintf("alive%d", i), newSite(t, func(w http.ResponseWriter, req *http.Request) {
			begun.Wait()
			r.later(time.Millisecond)
			feed(w, req)
		}).URL)
	}
	for i := range 5 {
		dead := listen(t, "127.0.0.2:0") // where no other test listens
		r.add(fmt.Sprintf("dead%d", i), "http://"+dead.Addr().String())
		dead.Close()
	}
	if sum := r.pass(t); sum.Failed != 5 || sum.Polled != 13 || sum.Offline {
		t.Errorf("summary %+v, want 5 of 13 failed", sum)
	}
}

func TestPassEndsWithTheStoresError(t *testing.T) {
	r := newRig(t)
	r.add("a", "http://127.0.0.1:1/")
	r.store.fail = errors.New("disk full")
	if _, err := r.Pass(t.Context()); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("Pass: %v, want the store's error", err)
	}
}

func TestEachPollIsToldAndLogged(t *testing.T) {
	var mu sync.Mutex
	var events []Event
	s := newSite(t, feed)
	r := newRig(t, func(c *Config) {
		c.Progress = func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, e)
		}
	})
	r.add("a", strings.Replace(s.URL, "http://", "http://me:secret@", 1)+"/feed")
	r.pass(t)
	if len(events) != 2 || events[0].Kind != Started || events[1].Kind != Done || events[1].Report.New != 2 || events[1].Status != 200 {
		t.Errorf("events %+v", events)
	}
	if lines := strings.Count(r.log.String(), "msg=poll "); lines != 1 {
		t.Errorf("%d log lines for one poll:\n%s", lines, r.log)
	}
	if strings.Contains(r.log.String(), "secret") { // S07
		t.Errorf("the log shows a password:\n%s", r.log)
	}
	if user, password, _ := s.requests[0].BasicAuth(); user != "me" || password != "secret" {
		t.Errorf("asked as %q %q", user, password)
	}
}
