package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestWorkIsSharedAndOutlivesTheFirstWhoAsked(t *testing.T) {
	var f flights[string]
	land := make(chan struct{})
	work := func(ctx context.Context) (string, error) {
		<-land
		return fmt.Sprint("made for ", ctx.Value(t)), ctx.Err()
	}
	first, leave := context.WithCancel(context.WithValue(t.Context(), t, "the first"))
	fl := f.board(first, "page", work)
	if again := f.board(t.Context(), "page", nil); again != fl || fl.waiting != 2 {
		t.Fatalf("%d wait for the same", fl.waiting)
	}
	leave()
	if _, err := f.do(first, "page", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("one who has left gets %v", err)
	}
	f.leave("page", fl)
	close(land)
	got, err := f.do(t.Context(), "page", func(context.Context) (string, error) { return "made anew", nil })
	if <-fl.done; fl.value != "made for the first" || fl.err != nil {
		t.Errorf("the second gets %q, %v", fl.value, fl.err)
	}
	if err != nil || got != "made for the first" && got != "made anew" { // as it lands before or after
		t.Errorf("the third gets %q, %v", got, err)
	}
}

func TestWorkEndsWithTheLastWhoWaits(t *testing.T) {
	var f flights[string]
	begun, ended := make(chan struct{}), make(chan error, 1)
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-begun
		leave()
	}()
	_, err := f.do(ctx, "page", func(ctx context.Context) (string, error) {
		close(begun)
		<-ctx.Done()
		ended <- ctx.Err()
		return "", ctx.Err()
	})
	if !errors.Is(err, context.Canceled) || !errors.Is(<-ended, context.Canceled) {
		t.Errorf("who left gets %v", err)
	}
	if got, err := f.do(t.Context(), "page", func(context.Context) (string, error) { return "anew", nil }); got != "anew" || err != nil {
		t.Errorf("who comes then gets %q, %v", got, err)
	}
	if len(f.under) != 0 {
		t.Errorf("%d flights are kept", len(f.under))
	}
}

func TestPanicOfWorkIsAnError(t *testing.T) {
	var f flights[string]
	for range 2 {
		_, err := f.do(t.Context(), "page", func(context.Context) (string, error) { panic("no page") })
		if err == nil || !strings.HasPrefix(err.Error(), "panic: no page") || !strings.Contains(err.Error(), "flights_test.go") {
			t.Errorf("error: %v", err)
		}
	}
}
