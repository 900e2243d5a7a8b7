package index

import (
	"context"
	"syscall"
	"time"
)

// patience is how many times its budget a search may last on a machine that is
// busy with other things.
const patience = 8

// withBudget returns a context that ends once budget has passed and the process
// has worked for as long, or patience times budget has passed. A search is refused for
// what it costs, not for what else the machine has to do.
func withBudget(ctx context.Context, budget time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, patience*budget)
	began, work := time.Now(), worked()
	go func() {
		tick := time.NewTicker(max(budget/10, time.Millisecond))
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if time.Since(began) >= budget && worked()-work >= budget {
					cancel()
					return
				}
			}
		}
	}()
	return ctx, cancel
}

// worked is the processor time that this process has used.
func worked() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
