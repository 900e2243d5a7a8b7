package server

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// flights share work among those who ask for the same at the same time. The zero
// value is ready; it is safe for concurrent use.
type flights[T any] struct {
	mu    sync.Mutex
	under map[string]*flight[T] // under way, by key
}

// A flight is work under way.
type flight[T any] struct {
	waiting int // how many wait for it
	cancel  context.CancelFunc
	done    chan struct{} // closed when the fields below are set
	value   T
	err     error
}

// do returns what work makes. Those who ask for the same key while it is being
// made wait for it, each as long as its own ctx lasts. The work's context has the
// values of the first one's and ends when nobody waits any more. Work that
// panics has failed.
func (f *flights[T]) do(ctx context.Context, key string, work func(context.Context) (T, error)) (T, error) {
	fl := f.board(ctx, key, work)
	select {
	case <-fl.done:
	case <-ctx.Done():
		f.leave(key, fl)
		var none T
		return none, ctx.Err()
	}
	return fl.value, fl.err
}

// board returns the flight of key with one more waiting, which starts when there
// is none.
func (f *flights[T]) board(ctx context.Context, key string, work func(context.Context) (T, error)) *flight[T] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl, ok := f.under[key]; ok {
		fl.waiting++
		return fl
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	fl := &flight[T]{waiting: 1, cancel: cancel, done: make(chan struct{})}
	if f.under == nil {
		f.under = map[string]*flight[T]{}
	}
	f.under[key] = fl
	go func() {
		defer f.land(key, fl)
		fl.value, fl.err = work(ctx)
	}()
	return fl
}

// land ends a flight, be it by a panic. It is deferred by the work itself.
func (f *flights[T]) land(key string, fl *flight[T]) {
	if p := recover(); p != nil {
		fl.err = fmt.Errorf("panic: %v\n\n%s", p, debug.Stack())
	}
	f.mu.Lock()
	f.forget(key, fl)
	f.mu.Unlock()
	close(fl.done)
	fl.cancel()
}

// leave takes one away from those who wait; the last ends the work.
func (f *flights[T]) leave(key string, fl *flight[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if fl.waiting--; fl.waiting == 0 {
		f.forget(key, fl) // who comes now must not get what was given up
		fl.cancel()
	}
}

// forget lets the next one who asks for key start anew. The lock is held.
func (f *flights[T]) forget(key string, fl *flight[T]) {
	if f.under[key] == fl {
		delete(f.under, key)
	}
}
