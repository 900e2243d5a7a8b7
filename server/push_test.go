package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"caravan"
)

// A stubSubscriber knows one token and notes what it is told.
type stubSubscriber struct {
	asked    caravan.HubQuery
	received []caravan.PushMessage
	receipt  caravan.Receipt
	err      error
}

func (s *stubSubscriber) Expects(_ context.Context, token string) error {
	if token != "known" {
		return fmt.Errorf("callback: %w", caravan.ErrNotFound)
	}
	return s.err
}

func (s *stubSubscriber) Confirm(ctx context.Context, q caravan.HubQuery) error {
	s.asked = q
	return s.Expects(ctx, q.Token)
}

func (s *stubSubscriber) Receive(_ context.Context, m caravan.PushMessage) (caravan.Receipt, error) {
	s.received = append(s.received, m)
	return s.receipt, nil
}

// send posts a body to a path.
func send(h http.Handler, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// E25: the challenge comes back as it came, as text that no browser takes for
// anything else, and only where the question was expected.
func TestHubsQuestionIsAnswered(t *testing.T) {
	sub := &stubSubscriber{}
	h := serverOf(t, newMemory(1), func(c *Config) { c.Push = sub }).Handler()
	question := func(token string, change url.Values) *httptest.ResponseRecorder {
		q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"https://blog.example/?a=b&c"}, "hub.challenge": {"<script>1</script>\x00é"}, "hub.lease_seconds": {"864000"}}
		for name, values := range change {
			q[name] = values
		}
		return get(h, "/push/"+token+"?"+q.Encode())
	}
	w := question("known", nil)
	if w.Code != http.StatusOK || w.Body.String() != "<script>1</script>\x00é" {
		t.Errorf("answered with %d %q", w.Code, w.Body)
	}
	for name, want := range map[string]string{"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": rawPolicy} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if want := (caravan.HubQuery{Token: "known", Mode: "subscribe", Topic: "https://blog.example/?a=b&c", Lease: 240 * time.Hour}); sub.asked != want {
		t.Errorf("understood as %+v", sub.asked)
	}
	tests := []struct {
		name, token string
		change      url.Values
		status      int
		body        string
		lease       time.Duration
	}{
		{"unknown token", "other", nil, 404, "nothing", 240 * time.Hour},
		{"no challenge", "known", url.Values{"hub.challenge": {""}}, 400, "hub.challenge", 0},
		{"long challenge", "known", url.Values{"hub.challenge": {strings.Repeat("x", maxChallenge+1)}}, 400, "hub.challenge", 0},
		{"no lease", "known", url.Values{"hub.lease_seconds": {""}}, 200, "<script>", 0},
		{"negative lease", "known", url.Values{"hub.lease_seconds": {"-1"}}, 200, "<script>", 0},
		{"lease beyond counting", "known", url.Values{"hub.lease_seconds": {"9223372036854775807"}}, 200, "<script>", (1 << 32) * time.Second},
		{"lease in words", "known", url.Values{"hub.lease_seconds": {"a week"}}, 200, "<script>", 0},
		{"denied", "known", url.Values{"hub.mode": {"denied"}, "hub.challenge": {""}, "hub.lease_seconds": {""}}, 200, "", 0},
		{"denied with a challenge", "known", url.Values{"hub.mode": {"denied"}, "hub.lease_seconds": {""}}, 200, "", 0},
	}
	for _, test := range tests {
		sub.asked = caravan.HubQuery{}
		w := question(test.token, test.change)
		if w.Code != test.status || test.body == "" && w.Body.Len() > 0 || !strings.Contains(w.Body.String(), test.body) || sub.asked.Lease != test.lease {
			t.Errorf("%s: %d %q, lease %v", test.name, w.Code, w.Body, sub.asked.Lease)
		}
		if test.status != 200 && strings.Contains(w.Body.String(), "script") {
			t.Errorf("%s: the challenge is in %q", test.name, w.Body)
		}
	}
}

// E25, S40: a message is taken as it is, within bounds, from those who know
// where to send it.
func TestHubsMessageIsReceived(t *testing.T) {
	sub := &stubSubscriber{receipt: caravan.PushForged}
	s := serverOf(t, newMemory(1), func(c *Config) { c.Push, c.PushBytes = sub, 100 })
	h := s.Handler()
	w := send(h, "/push/known", "<rss/>", "Content-Type: application/rss+xml", "X-Hub-Signature: sha1=00")
	if w.Code != http.StatusAccepted || w.Body.Len() > 0 || len(sub.received) != 1 {
		t.Fatalf("answered with %d %q", w.Code, w.Body)
	}
	if m := sub.received[0]; m.Token != "known" || m.ContentType != "application/rss+xml" || m.Signature != "sha1=00" || string(m.Body) != "<rss/>" {
		t.Errorf("received %+v", m)
	}
	for _, test := range []struct {
		path, body string
		status     int
	}{
		{"/push/known", strings.Repeat("x", 100), 202},
		{"/push/known", strings.Repeat("x", 101), 413},
		{"/push/other", strings.Repeat("x", 101), 404},
		{"/push/", "x", 404},
		{"/push/known/more", "x", 404},
	} {
		if w := send(h, test.path, test.body); w.Code != test.status {
			t.Errorf("%d bytes to %s: %d, want %d", len(test.body), test.path, w.Code, test.status)
		}
	}
	if len(sub.received) != 2 {
		t.Errorf("%d messages received, want 2", len(sub.received))
	}
	for status, err := range map[int]error{410: caravan.ErrGone, 503: caravan.ErrUnavailable, 500: errors.New("disk on fire")} {
		sub.err = err
		if w := send(h, "/push/known", "x"); w.Code != status || strings.Contains(w.Body.String(), "fire") {
			t.Errorf("%v: answered with %d %q", err, w.Code, w.Body)
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodHead} {
		if w := ask(h, method, "/push/known"); w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Header().Get("Allow"), "POST") {
			t.Errorf("%s: %d, allowed are %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
	metrics := get(h, "/metrics").Body.String()
	if !strings.Contains(metrics, `caravan_push_messages_total{receipt="forged"} 2`) || !strings.Contains(metrics, `{receipt="too large"} 1`) || !strings.Contains(metrics, `route="/push/{token}"`) || strings.Contains(metrics, "/push/known") {
		t.Error("not counted, or the callback is told in the metrics")
	}
}

func TestCallbacksAreNoMatterForTheLog(t *testing.T) {
	var log bytes.Buffer
	sub := &stubSubscriber{err: errors.New("disk on fire")}
	s := serverOf(t, newMemory(1), func(c *Config) { c.Push, c.Log = sub, slog.New(slog.NewTextHandler(&log, nil)) })
	send(s.Handler(), "/push/known", "x")
	if got := log.String(); !strings.Contains(got, "disk on fire") || !strings.Contains(got, "path=/push/{token}") || strings.Contains(got, "known") {
		t.Errorf("logged %q", got)
	}
}

// S40: a hub that holds its message back keeps out nobody else, and what waits
// in vain may be sent again.
func TestSlowHubKeepsOutOnlyItself(t *testing.T) {
	e := newEntrance(2)
	leave, err := e.enter(t.Context(), "slow")
	if err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.enter(over, "slow"); !errors.Is(err, context.Canceled) {
		t.Errorf("a second message of the token: %v", err)
	}
	other, err := e.enter(t.Context(), "other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.enter(over, "third"); !errors.Is(err, context.Canceled) {
		t.Errorf("a message where all places are taken: %v", err)
	}
	came := make(chan func())
	go func() {
		next, err := e.enter(t.Context(), "slow")
		if err != nil {
			t.Error(err)
		}
		came <- next
	}()
	leave()
	(<-came)()
	other()
	if len(e.busy) != 0 || len(e.places) != 0 {
		t.Errorf("left behind: %v, %d places", e.busy, len(e.places))
	}

	sub := &stubSubscriber{}
	h := serverOf(t, newMemory(1), func(c *Config) { c.Push = sub }).Handler()
	r := httptest.NewRequest(http.MethodPost, "/push/known", iotest.ErrReader(os.ErrDeadlineExceeded))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || len(sub.received) != 0 {
		t.Errorf("a message that came too slowly is answered with %d", w.Code)
	}
}

func TestWithoutSubscriberThereAreNoCallbacks(t *testing.T) {
	h := serverOf(t, newMemory(1)).Handler()
	if w := get(h, "/push/known?hub.mode=subscribe&hub.challenge=x"); w.Code != http.StatusNotFound {
		t.Errorf("GET: %d", w.Code)
	}
	if w := send(h, "/push/known", "x"); w.Code != http.StatusNotFound {
		t.Errorf("POST: %d", w.Code)
	}
}
