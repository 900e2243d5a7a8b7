package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bolt "go.etcd.io/bbolt/errors"

	"caravan/index/schema"
	"caravan/index/view"
)

// Keys of what is recorded inside an index, in the same batch as documents.
var (
	keyCheckpoint = []byte("caravan:checkpoint") // the last change applied
	keyVersion    = []byte("caravan:version")    // of the mapping and analysis
)

// lockWait is how long another process may hold an index before that is an
// error: without it bleve would wait for ever.
const lockWait = "1s"

// errDamaged says that reading or writing failed in a way that only a new index
// cures.
var errDamaged = errors.New("index is damaged")

// errLocked says that another process has the index open.
var errLocked = errors.New("in use by another process")

// A generation is one bleve index on disk. A new one is made whenever the old
// one cannot be gone on with.
type generation struct {
	dir      string
	idx      bleve.Index
	broken   chan struct{} // closed once its background work has failed
	breaking sync.Once
	why      error        // read after broken
	held     sync.Once    // telling that it is not replaced yet
	use      sync.RWMutex // held by whoever reads; closing takes it
	applied  atomic.Int64 // the last change applied
	cures    *cures       // what was cured of late; nil for nothing
	columns  view.Columns
}

// runtimeConfig is how indexes are opened (LIBRARIES.md, 2.6).
func runtimeConfig() map[string]any {
	return map[string]any{
		"bolt_timeout":           lockWait,
		"asyncErrorCallbackName": callbackName,
		"scorchPersisterOptions": map[string]any{"NumPersisterWorkers": 2, "MaxSizeInMemoryMergePerWorker": 20_000_000},
		"scorchMergePlanOptions": map[string]any{"FloorSegmentFileSize": 3_300_000},
	}
}

// createGeneration makes an empty index at dir. It is made under another name
// first: a process that is killed while bleve creates an index leaves something
// that can be neither opened nor created. What could not be made is taken away
// again, since a full disk makes it be tried every few seconds.
func createGeneration(dir, version string) (err error) {
	building := filepath.Join(filepath.Dir(dir), buildingPrefix+filepath.Base(dir))
	if err := os.RemoveAll(building); err != nil {
		return fmt.Errorf("clear %s: %w", building, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(building))
		}
	}()
	idx, err := bleve.NewUsing(building, schema.Mapping(), scorch.Name, scorch.Name, runtimeConfig())
	if err != nil {
		return fmt.Errorf("create index: %w", err)
	}
	err = errors.Join(idx.SetInternal(keyVersion, []byte(version)), idx.SetInternal(keyCheckpoint, []byte("0")), idx.Close())
	if err != nil {
		return fmt.Errorf("create index: %w", err)
	}
	if err := os.Rename(building, dir); err != nil {
		return fmt.Errorf("put index in place: %w", err)
	}
	return nil
}

// openGeneration opens the index at dir. The error is errLocked when another
// process has it; any other means that it is of no use.
func openGeneration(dir string) (g *generation, version string, err error) {
	defer guardFaults()()
	defer recoverTo(&err)
	g = &generation{dir: dir, broken: make(chan struct{})}
	alarm.watch(storePath(dir), func(err error) {
		if breakOnPanic(err) {
			g.breakDown(err)
		}
	})
	g.idx, err = bleve.OpenUsing(dir, runtimeConfig())
	if err != nil {
		alarm.unwatch(storePath(dir))
		if errors.Is(err, bolt.ErrTimeout) || strings.HasSuffix(err.Error(), bolt.ErrTimeout.Error()) {
			return nil, "", errLocked
		}
		return nil, "", fmt.Errorf("open index: %w", err)
	}
	v, err := g.idx.GetInternal(keyVersion)
	if err == nil {
		err = g.readCheckpoint()
	}
	if err != nil {
		g.close()
		return nil, "", fmt.Errorf("read index: %w", err)
	}
	return g, string(v), nil
}

func (g *generation) readCheckpoint() error {
	c, err := g.idx.GetInternal(keyCheckpoint)
	if err != nil {
		return err
	}
	var n int64
	if _, err := fmt.Sscan(string(c), &n); err != nil {
		return fmt.Errorf("checkpoint %q: %w", c, err)
	}
	g.applied.Store(n)
	return nil
}

// storePath is the path that bleve's alarms name.
func storePath(dir string) string { return filepath.Join(dir, "store") }

// breakDown notes that the generation can no longer be written to or trusted.
// What a new generation has just failed to cure is borne instead.
func (g *generation) breakDown(err error) {
	if errors.Is(err, errDamaged) && !g.cures.allows(err) {
		return
	}
	g.breaking.Do(func() {
		g.why = err
		close(g.broken)
	})
}

// isBroken reports whether the generation is given up.
func (g *generation) isBroken() bool {
	select {
	case <-g.broken:
		return true
	default:
		return false
	}
}

// view returns a view of the documents as they are now; the caller closes it.
func (g *generation) view(ctx context.Context) (*view.View, error) {
	advanced, err := g.idx.Advanced()
	if err != nil {
		return nil, fmt.Errorf("open index reader: %w", err)
	}
	r, err := advanced.Reader()
	if err != nil {
		return nil, fmt.Errorf("open index reader: %w", err)
	}
	return view.Open(ctx, r, &g.columns)
}

// close waits for those who read and closes the index.
func (g *generation) close() error {
	g.use.Lock()
	defer g.use.Unlock()
	alarm.unwatch(storePath(g.dir))
	return g.idx.Close()
}

// abandon closes a generation that may never answer, without waiting for it.
// Its files go once it does; what is left is removed at the next start.
func (g *generation) abandon() {
	go func() {
		if g.close() == nil {
			_ = os.RemoveAll(g.dir)
		}
	}()
}
