package polite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"caravan"
	"caravan/internal/wait"
)

// containsSecret reports whether a failure shows the tests' password.
func containsSecret(e *Error) bool {
	return strings.Contains(e.Error()+e.Failure().Detail, "sesame")
}

func TestGateKeepsADistanceToEachHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, time.Now, wait.For)
		begin := time.Now()
		var mu sync.Mutex
		starts := map[string][]time.Duration{}
		var all sync.WaitGroup
		for i := range 6 {
			host := []string{"a", "b"}[i%2]
			all.Go(func() {
				leave, err := g.enter(t.Context(), host)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				starts[host] = append(starts[host], time.Since(begin))
				mu.Unlock()
				time.Sleep(500 * time.Millisecond) // the request, on the bubble's clock
				leave()
			})
		}
		all.Wait()
		for host, got := range starts {
			if want := []time.Duration{0, 1500 * time.Millisecond, 3 * time.Second}; !slices.Equal(got, want) {
				t.Errorf("requests to %s began at %v, want %v", host, got, want)
			}
		}
	})
}

func TestGateLetsGoOfThoseWhoLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(time.Second, time.Now, wait.For)
		leave, err := g.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.enter(short, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("in the queue: %v", err)
		}
		leave()
		gone, stop := context.WithCancel(t.Context())
		stop()
		if leave, err := g.enter(gone, "a"); err == nil {
			leave()
			t.Error("someone who has left was let through")
		}
		if leave, err = g.enter(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		leave()
		for i := range 2000 {
			leave, err := g.enter(t.Context(), fmt.Sprint(i))
			if err != nil {
				t.Fatal(err)
			}
			leave()
			time.Sleep(time.Second) // on the bubble's clock
		}
		if n := len(g.lanes); n > 1024 {
			t.Errorf("%d lanes are kept", n)
		}
	})
}

func TestCallerMayLeave(t *testing.T) {
	arrived := make(chan struct{})
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { close(arrived); <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := newClient(t).Get(ctx, Request{URL: server.URL})
	if e := failed(t, err, caravan.FailTimeout); !errors.Is(err, context.Canceled) || e.Detail != "interrupted" {
		t.Errorf("failure = %+v", e)
	}
}

func TestRedirectThatAsksToWaitIsNotFollowedAtOnce(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			w.Header().Set("Retry-After", "10")
			http.Redirect(w, r, "/next", http.StatusFound)
		}
	})
	client := newClient(t)
	for patient, status := range map[bool]int{false: http.StatusFound, true: http.StatusOK} {
		if answer, err := client.Get(t.Context(), Request{URL: server.URL, Patient: patient}); err != nil || answer.Status != status {
			t.Errorf("patient %t: %+v, %v, want %d", patient, answer, err, status)
		}
	}
}
