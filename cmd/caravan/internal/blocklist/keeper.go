package blocklist

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"caravan"
)

// lookEvery is how often the block list is looked at for a save.
const lookEvery = 2 * time.Second

// A Keeper keeps an operator's block list as last saved. Without a file
// nothing is blocked. Reason and Blocked are safe for concurrent use, Watch is
// for one goroutine.
type Keeper struct {
	path   string
	log    *slog.Logger
	seen   [sha256.Size]byte // what was taken over
	newest [sha256.Size]byte // what the last look saw
	list   atomic.Pointer[rules]
}

// Open reads the block list at path; none when that is empty. It fails when the file cannot be read, for
// without it caravan would ask those who asked to be left out.
func Open(ctx context.Context, path string, log *slog.Logger) (*Keeper, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	k := &Keeper{path: path, log: log}
	k.list.Store(&rules{})
	if path == "" {
		return k, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read block list: %w", err)
	}
	k.takeOver(ctx, data)
	return k, nil
}

// look takes over a save once two looks in a row saw it: an editor that empties
// the file before it writes shall not unblock anybody in between. A file that
// cannot be read leaves the list in use as it is.
func (k *Keeper) look(ctx context.Context) {
	data, err := os.ReadFile(k.path)
	if err != nil {
		k.log.WarnContext(ctx, "block list cannot be read, the last one stays", "file", k.path, "err", err)
		return
	}
	sum := sha256.Sum256(data)
	settled := sum == k.newest
	k.newest = sum
	if settled && sum != k.seen {
		k.takeOver(ctx, data)
	}
}

// takeOver makes data the list in use. Lines with problems are left out and
// logged.
func (k *Keeper) takeOver(ctx context.Context, data []byte) {
	list, problems := parse(k.path, data)
	k.seen = sha256.Sum256(data)
	k.newest = k.seen
	k.list.Store(&list)
	for _, p := range problems {
		k.log.WarnContext(ctx, "block list", "problem", p.String())
	}
	k.log.InfoContext(ctx, "block list taken over", "file", k.path, "entries", len(list))
}

// Reason returns why an address is not to be asked, or the empty string.
func (k *Keeper) Reason(address string) string { return k.list.Load().reason(address) }

// Blocked returns what the list in use names, in its order.
func (k *Keeper) Blocked() []caravan.Blocked { return k.list.Load().blocked() }

// Watch looks at the file until ctx ends.
func (k *Keeper) Watch(ctx context.Context) error {
	if k.path == "" {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			k.look(ctx)
		}
	}
}
