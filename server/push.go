package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"caravan"
)

// A Subscriber answers for what caravan has asked of hubs (WebSub). Errors of
// class [caravan.ErrNotFound] mean that it has asked for no such thing.
type Subscriber interface {
	// Confirm answers a hub's question whether something was asked for.
	Confirm(ctx context.Context, q caravan.HubQuery) error
	// Expects reports whether a message may come under a token.
	Expects(ctx context.Context, token string) error
	// Receive takes a message over; what becomes of it is decided after the answer.
	Receive(ctx context.Context, m caravan.PushMessage) (caravan.Receipt, error)
}

// Bounds of what a hub may send.
const (
	usualPushBytes = 15 << 20 // of a message, as of a document that is polled
	maxChallenge   = 2048     // bytes
	pushesAtOnce   = 4        // messages that are received at the same time
)

// pushRoutes adds the callbacks, where there is somebody who subscribes.
func (s *Server) pushRoutes(r *mux.Router) {
	if s.Push != nil {
		r.Handle("/push/{token}", s.adaptMethods(s.answerHub, plainError, http.MethodGet, http.MethodPost))
	}
}

// answerHub serves the callback of a subscription: a hub asks with GET and sends
// with POST.
func (s *Server) answerHub(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Security-Policy", rawPolicy)
	h.Set("Cache-Control", "no-store")
	if r.Method == http.MethodGet {
		return s.confirmToHub(w, r)
	}
	return s.receivePush(w, r)
}

// confirmToHub answers GET /push/{token}: with the hub's own challenge where it
// was asked for what it says, else with 404.
func (s *Server) confirmToHub(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	q := caravan.HubQuery{Token: mux.Vars(r)["token"], Mode: v.Get("hub.mode"), Topic: v.Get("hub.topic"), Reason: v.Get("hub.reason")}
	if seconds, err := strconv.ParseInt(v.Get("hub.lease_seconds"), 10, 64); err == nil && seconds > 0 {
		q.Lease = time.Duration(min(seconds, 1<<32)) * time.Second
	}
	challenge := v.Get("hub.challenge")
	if len(challenge) > maxChallenge || challenge == "" && q.Mode != "denied" {
		return &caravan.PublicError{Message: fmt.Sprintf("hub.challenge has to be of 1 to %d bytes.", maxChallenge), Err: caravan.ErrInvalid}
	}
	if err := s.Push.Confirm(r.Context(), q); err != nil {
		return fmt.Errorf("hub's question: %w", err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if q.Mode == "denied" {
		challenge = ""
	}
	io.WriteString(w, challenge)
	return nil
}

// receivePush answers POST /push/{token}. Whatever the message is worth, the
// hub hears that it came: a wrong signature is not told to who tries one.
func (s *Server) receivePush(w http.ResponseWriter, r *http.Request) error {
	token := mux.Vars(r)["token"]
	if err := s.Push.Expects(r.Context(), token); err != nil {
		return err // before any of it is read
	}
	leave, err := s.receiving.enter(r.Context(), token)
	if err != nil {
		return err
	}
	defer leave()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.PushBytes))
	if err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			s.metrics.pushes.WithLabelValues("too large").Inc()
			return tooLarge
		}
		if errors.Is(err, os.ErrDeadlineExceeded) { // perhaps it waited for a place: let the hub send it again
			return fmt.Errorf("read message of a hub: %w: %w", caravan.ErrUnavailable, err)
		}
		return fmt.Errorf("read message of a hub: %w: %w", caravan.ErrInvalid, err)
	}
	receipt, err := s.Push.Receive(r.Context(), caravan.PushMessage{
		Token: token, ContentType: r.Header.Get("Content-Type"), Signature: r.Header.Get("X-Hub-Signature"), Body: body,
	})
	if err != nil {
		return err
	}
	s.metrics.pushes.WithLabelValues(string(receipt)).Inc()
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// An entrance lets in as many messages as it has places, and of one token one
// at a time, so that a hub that sends slowly keeps out nobody but itself. It is
// safe for concurrent use.
type entrance struct {
	places chan struct{}

	mu   sync.Mutex
	busy map[string]chan struct{} // closed when the one of the token leaves
}

func newEntrance(places int) *entrance {
	return &entrance{places: make(chan struct{}, places), busy: map[string]chan struct{}{}}
}

// enter waits until a message of token may come in. The caller leaves when it
// has been read. The error is that of ctx.
func (e *entrance) enter(ctx context.Context, token string) (leave func(), err error) {
	mine := make(chan struct{})
	for {
		e.mu.Lock()
		other, taken := e.busy[token]
		if !taken {
			e.busy[token] = mine
		}
		e.mu.Unlock()
		if !taken {
			break
		}
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	release := func() {
		e.mu.Lock()
		delete(e.busy, token)
		e.mu.Unlock()
		close(mine)
	}
	select {
	case e.places <- struct{}{}:
		return func() { <-e.places; release() }, nil
	case <-ctx.Done():
		release()
		return nil, ctx.Err()
	}
}
