package index

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"caravan"
)

// How long a search waits to be let in, and runs before it makes room for others
// that wait.
const (
	queueLimit = 2 * time.Second
	turn       = 25 * time.Millisecond
)

// errTurn ends a search whose turn is over.
var errTurn = errors.New("others wait")

// A gate lets a few searches run at once. Long ones do not starve short ones:
// when others wait, a search whose turn is over begins again among the long ones,
// of which fewer run.
type gate struct {
	short, long chan struct{} // with a value for each that runs
	waiting     atomic.Int64  // to be let in among the short ones
}

// newGate returns a gate that lets n searches run, and half as many long ones.
func newGate(n int) *gate {
	return &gate{short: make(chan struct{}, n), long: make(chan struct{}, max(1, n/2))}
}

// run runs f when it is its turn. f is run a second time when the first was ended
// before it was done, so that nothing of that may be left.
func (g *gate) run(ctx context.Context, f func(context.Context) error) error {
	g.waiting.Add(1)
	leave, err := enter(ctx, g.short)
	g.waiting.Add(-1)
	if err != nil {
		return err
	}
	done, err := g.turn(ctx, f)
	leave()
	if done {
		return err
	}
	if leave, err = enter(ctx, g.long); err != nil {
		return err
	}
	defer leave()
	return f(ctx)
}

// turn runs f until its turn is over and others wait.
func (g *gate) turn(ctx context.Context, f func(context.Context) error) (done bool, err error) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	go func() {
		tick := time.NewTicker(turn)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if g.waiting.Load() > 0 {
					end(errTurn)
					return
				}
			}
		}
	}()
	err = f(ctx)
	return err == nil || !errors.Is(context.Cause(ctx), errTurn), err
}

// enter waits for a place; leave gives it back.
func enter(ctx context.Context, places chan struct{}) (leave func(), err error) {
	wait, cancel := context.WithTimeout(ctx, queueLimit)
	defer cancel()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-wait.Done():
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &caravan.PublicError{Message: "Too many searches at once. Try again in a moment.", Code: caravan.SearchBusy, Err: caravan.ErrUnavailable}
	}
}
