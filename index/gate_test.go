package index

import (
	"context"
	"testing"
)

func TestLongSearchesMakeRoomForShortOnes(t *testing.T) {
	g := newGate(2)
	end := make(chan struct{})
	began := make(chan struct{}, 16) // each may begin twice
	results := make(chan error, 4)
	for range 4 {
		go func() {
			results <- g.run(t.Context(), func(ctx context.Context) error {
				began <- struct{}{}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-end:
					return nil
				}
			})
		}()
	}
	<-began
	<-began // both places are taken, and two more wait
	if err := g.run(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("a short search among long ones: %v", err)
	}
	close(end)
	for range 4 {
		if err := <-results; err != nil {
			t.Errorf("a long search that made room: %v", err)
		}
	}
}

func TestSearchAloneKeepsItsPlace(t *testing.T) {
	g, runs := newGate(1), 0
	err := g.run(t.Context(), func(ctx context.Context) error {
		runs++
		work, cancel := context.WithTimeout(ctx, 2*turn)
		defer cancel()
		<-work.Done()
		return ctx.Err()
	})
	if err != nil || runs != 1 {
		t.Errorf("%d runs, %v, want one", runs, err)
	}
}
