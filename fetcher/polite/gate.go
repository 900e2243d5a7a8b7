package polite

import (
	"context"
	"sync"
	"time"
)

// A gate lets one request at a time through to each host, and keeps a distance
// between the end of one and the start of the next. The store's claims do the
// same for the hosts of sources; the gate adds the hosts that redirects lead to.
type gate struct {
	spacing time.Duration
	now     func() time.Time
	wait    func(context.Context, time.Duration) error

	mu    sync.Mutex
	lanes map[string]*lane
}

// A lane is one host's turn. Whoever holds the token in turn may send.
type lane struct {
	turn  chan struct{}
	users int       // those who hold or want the turn; guarded by the gate
	free  time.Time // the next request may start then; guarded by the turn
}

func newGate(spacing time.Duration, now func() time.Time, wait func(context.Context, time.Duration) error) *gate {
	return &gate{spacing: spacing, now: now, wait: wait, lanes: map[string]*lane{}}
}

// enter waits for the host's turn and its distance. Without an error the caller
// must call leave.
func (g *gate) enter(ctx context.Context, host string) (leave func(), err error) {
	l := g.join(host)
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		g.part(l)
		return nil, ctx.Err()
	}
	leave = func() {
		l.free = g.now().Add(g.spacing)
		<-l.turn
		g.part(l)
	}
	// A distance longer than the spacing itself means that the clock was set
	// back: it is not waited out.
	if d := min(l.free.Sub(g.now()), g.spacing); d > 0 {
		if err := g.wait(ctx, d); err != nil {
			<-l.turn
			g.part(l)
			return nil, err
		}
	}
	return leave, nil
}

// join returns the host's lane and counts the caller in.
func (g *gate) join(host string) *lane {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.lanes[host]
	if l == nil {
		g.sweep()
		l = &lane{turn: make(chan struct{}, 1)}
		g.lanes[host] = l
	}
	l.users++
	return l
}

// part counts the caller out.
func (g *gate) part(l *lane) {
	g.mu.Lock()
	l.users--
	g.mu.Unlock()
}

// sweep forgets the lanes nobody uses or need wait for. Lanes without users are
// not written to by anyone else.
func (g *gate) sweep() {
	if len(g.lanes) < 1024 {
		return
	}
	now := g.now()
	for host, l := range g.lanes {
		if l.users == 0 && !l.free.After(now) {
			delete(g.lanes, host)
		}
	}
}
