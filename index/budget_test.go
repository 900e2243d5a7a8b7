package index

import (
	"testing"
	"time"
)

func TestBudgetIsOfWorkDone(t *testing.T) { // S31
	ctx, cancel := withBudget(t.Context(), 20*time.Millisecond)
	defer cancel()
	n := 0
	for ctx.Err() == nil {
		n++
	}
	if used := worked(); used < 20*time.Millisecond {
		t.Errorf("ended after %s of work and %d rounds, want at least 20 ms", used, n)
	}
}

func TestBudgetEndsInTheEnd(t *testing.T) {
	began := time.Now()
	ctx, cancel := withBudget(t.Context(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if since := time.Since(began); since > 5*time.Second {
		t.Errorf("a search that does nothing lasted %s", since)
	}
}
