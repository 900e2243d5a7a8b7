package index

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// memoryUsed returns a figure of /proc/self/status in megabytes: RssAnon is what
// the program itself holds in memory, without the mapped files of the index.
func memoryUsed(t testing.TB, name string) float64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var kb float64
			if _, err := fmt.Sscan(rest, &kb); err != nil {
				t.Fatal(err)
			}
			return kb / 1024
		}
	}
	t.Fatalf("no %s in /proc/self/status", name)
	return 0
}

// A peak watches how much memory the program holds at most.
type peak struct {
	t    testing.TB
	stop chan struct{}
	done sync.WaitGroup
	most float64
}

func watchMemory(t testing.TB) *peak {
	p := &peak{t: t, stop: make(chan struct{}), most: memoryUsed(t, "RssAnon")}
	p.done.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-p.stop:
				return
			case <-tick.C:
				p.most = max(p.most, memoryUsed(t, "RssAnon"))
			}
		}
	})
	return p
}

// end returns the most that was seen, in megabytes.
func (p *peak) end() float64 {
	close(p.stop)
	p.done.Wait()
	return max(p.most, memoryUsed(p.t, "RssAnon"))
}
