// Package index finds stories: it follows the store's change log into a bleve
// index, and answers searches from it.
//
// The index holds nothing that the store does not. It may be deleted, damaged
// or outdated at any time: Open never fails for that, and [Index.Run] makes it
// anew while whatever there is answers. One document stands for one story.
//
// This package keeps the index and gives the answers. What a document has in it
// is in schema, how it is read in view, what matches and in which order in
// retrieval, what a query means in query, and where snippets are cut in snippet.
package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"caravan"
	"caravan/index/schema"
	"caravan/index/thesaurus"
)

// A Source is the store, as far as the index needs it. Its methods may be
// called from several goroutines.
type Source interface {
	// Changes returns a stretch of the change log after a number.
	Changes(ctx context.Context, after int64, limit int) (caravan.ChangeBatch, error)
	// WaitChange returns once there is a change after a number.
	WaitChange(ctx context.Context, after int64) (int64, error)
	// LastChange returns the number of the newest change.
	LastChange(ctx context.Context) (int64, error)
	// Texts returns the title, text and language of items, by public id.
	Texts(ctx context.Context, itemIDs []string) (map[string]caravan.Item, error)
	// Members returns where items were published, by public id, without texts.
	Members(ctx context.Context, itemIDs []string) (map[string]caravan.DocMember, error)
}

// A Config says what an Index works on. Dir, Log, Now and Store are needed; the
// zero value of the others stands for the usual.
type Config struct {
	Dir   string // of the index alone; made when it is not there
	Log   *slog.Logger
	Now   func() time.Time
	Store Source

	Coalesce time.Duration // how long changes are gathered before they are indexed; one second
	Stall    time.Duration // how long a batch may take before the index counts as wedged; two minutes
	Budget   time.Duration // how long a search may take; 400 ms, more over 100,000 stories

	Room func(dir string) (bytes int64, err error) // what the disk of a directory has left; asked of the system
}

// An Index answers searches and follows the store. Its methods may be called
// from several goroutines, [Index.Run] from one.
type Index struct {
	cfg       Config
	version   string
	thesaurus atomic.Pointer[thesaurus.Thesaurus]

	mu  sync.RWMutex // guards gen
	gen *generation

	writing    sync.Mutex   // held while a batch is applied or a generation put in place
	rebuilding sync.Mutex   // held while a new generation is built beside
	wake       chan error   // why the generation in use is to be replaced
	outdated   bool         // the index found was made by another version
	numbered   atomic.Int64 // the highest number given to a generation
	goal       atomic.Int64
	building   atomic.Int64 // thousandths of a rebuild done; 0 when there is none
	gate       *gate
	lists      *lists
	cures      *cures
}

// Names in Config.Dir.
const (
	generationPrefix = "index-"
	buildingPrefix   = "building-"
	damagedPrefix    = "damaged-"
	builderPrefix    = "scorch-offline-build" // bleve's own, while it builds
)

// Open opens the index in c.Dir. What is missing or damaged is replaced by an
// empty index, and what another version made is used until it is replaced;
// [Index.Run] fills it. The one failure that cannot be helped is an index that
// another process has open.
func Open(ctx context.Context, c Config) (*Index, error) {
	if err := register(); err != nil {
		return nil, err
	}
	v, err := schema.Version()
	if err != nil {
		return nil, err
	}
	if c.Coalesce == 0 {
		c.Coalesce = time.Second
	}
	if c.Room == nil {
		c.Room = diskRoom
	}
	if c.Stall == 0 {
		c.Stall = 2 * time.Minute
	}
	i := &Index{cfg: c, version: v, wake: make(chan error, 1), gate: newGate(max(2, runtime.GOMAXPROCS(0))), lists: newLists(), cures: newCures(c.Now)}
	i.thesaurus.Store(&thesaurus.Thesaurus{})
	if err := i.prepareDir(); err != nil {
		return nil, err
	}
	if err := i.openNewest(ctx); err != nil {
		return nil, err
	}
	return i, nil
}

// prepareDir makes the directory; a file in its place is moved aside.
func (i *Index) prepareDir() error {
	if info, err := os.Lstat(i.cfg.Dir); err == nil && !info.IsDir() {
		if target, err := os.Stat(i.cfg.Dir); err != nil || !target.IsDir() {
			aside := i.cfg.Dir + ".damaged"
			i.cfg.Log.Warn("index directory is a file; moved aside", "to", aside)
			if err := os.Rename(i.cfg.Dir, aside); err != nil {
				return fmt.Errorf("move %s aside: %w", i.cfg.Dir, err)
			}
		}
	}
	if err := os.MkdirAll(i.cfg.Dir, 0o700); err != nil {
		return fmt.Errorf("make index directory: %w", err)
	}
	return nil
}

// openNewest puts the newest generation in use that can be opened, or an empty
// one.
func (i *Index) openNewest(ctx context.Context) error {
	numbers, err := i.generations()
	if err != nil {
		return err
	}
	for _, n := range slices.Backward(numbers) {
		g, v, err := openGeneration(i.dir(n))
		if errors.Is(err, errLocked) {
			return &caravan.PublicError{
				Message: fmt.Sprintf("The search index in %s is open in another process. Stop that one (data/lock names it), or use another data directory.", i.cfg.Dir),
				Err:     caravan.ErrUnavailable,
			}
		}
		if err == nil && i.usable(ctx, g, v) {
			i.gen = g
			break
		}
		if err == nil {
			err = g.close()
		}
		i.cfg.Log.Warn("search index cannot be used; it is made anew", "dir", i.dir(n), "err", err)
		if err := i.moveAside(n); err != nil {
			return err
		}
	}
	if i.gen == nil {
		next := 1
		if len(numbers) > 0 {
			next = numbers[len(numbers)-1] + 1
		}
		if i.gen, err = i.fresh(next); err != nil {
			return err
		}
	}
	i.gen.cures = i.cures
	i.sweep()
	return nil
}

// usable decides whether an index that could be opened may answer, and whether
// it must be replaced all the same.
func (i *Index) usable(ctx context.Context, g *generation, v string) bool {
	if last, err := i.cfg.Store.LastChange(ctx); err == nil && last < g.applied.Load() {
		i.cfg.Log.Warn("search index is ahead of the store", "index", g.applied.Load(), "store", last)
		return false
	}
	i.outdated = v != i.version
	return !i.outdated || schema.Compatible(v)
}

// fresh makes and opens an empty generation.
func (i *Index) fresh(n int) (*generation, error) {
	if err := createGeneration(i.dir(n), i.version); err != nil {
		return nil, err
	}
	g, _, err := openGeneration(i.dir(n))
	return g, err
}

func (i *Index) dir(n int) string {
	return filepath.Join(i.cfg.Dir, fmt.Sprintf("%s%06d", generationPrefix, n))
}

// generations returns the numbers of those that are there, ascending.
func (i *Index) generations() ([]int, error) {
	entries, err := os.ReadDir(i.cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("read index directory: %w", err)
	}
	var numbers []int
	for _, e := range entries {
		if rest, ok := strings.CutPrefix(e.Name(), generationPrefix); ok {
			if n, err := strconv.Atoi(rest); err == nil {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

// moveAside keeps the files of a damaged generation for whoever wants to know
// why, until the next one.
func (i *Index) moveAside(n int) error {
	to := filepath.Join(i.cfg.Dir, damagedPrefix+filepath.Base(i.dir(n)))
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("clear %s: %w", to, err)
	}
	if err := os.Rename(i.dir(n), to); err != nil {
		return fmt.Errorf("move damaged index aside: %w", err)
	}
	return nil
}

// sweep removes what earlier runs left: half-built generations, and damaged
// ones other than the newest.
func (i *Index) sweep() {
	entries, err := os.ReadDir(i.cfg.Dir)
	if err != nil {
		return
	}
	var damaged []string
	for _, e := range entries {
		path := filepath.Join(i.cfg.Dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), damagedPrefix):
			damaged = append(damaged, path)
		case strings.HasPrefix(e.Name(), buildingPrefix), strings.HasPrefix(e.Name(), builderPrefix), strings.HasPrefix(e.Name(), generationPrefix) && path != i.gen.dir:
			i.remove(path)
		}
	}
	for k, path := range damaged {
		if k < len(damaged)-1 {
			i.remove(path)
		}
	}
}

func (i *Index) remove(path string) {
	if err := os.RemoveAll(path); err != nil {
		i.cfg.Log.Warn("leftover of the search index stays", "path", path, "err", err)
	}
}

// SetThesaurus makes t the equivalents that searches are widened with from now
// on.
func (i *Index) SetThesaurus(t *thesaurus.Thesaurus) { i.thesaurus.Store(t) }

// Close waits for searches under way and closes the index. Run must have
// returned.
func (i *Index) Close() error {
	i.rebuilding.Lock()
	defer i.rebuilding.Unlock()
	i.writing.Lock()
	defer i.writing.Unlock()
	g := i.current()
	if g.isBroken() {
		g.abandon()
		return nil
	}
	if err := g.close(); err != nil {
		return fmt.Errorf("close index: %w", err)
	}
	return nil
}

func (i *Index) current() *generation {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return i.gen
}

// hold returns the generation in use, which stays open until release.
func (i *Index) hold() (g *generation, release func()) {
	i.mu.RLock()
	defer i.mu.RUnlock()
	i.gen.use.RLock()
	return i.gen, i.gen.use.RUnlock
}

// A Status says how far the index is.
type Status struct {
	Stories    int     // documents
	Applied    int64   // the last change applied
	Head       int64   // the newest change known of
	Progress   float64 // of filling a new index: below 1 while searches may miss stories
	Rebuilding bool    // a new index is being built beside the one in use
	Rebuilt    float64 // how far that is, 0 to 1
}

// Applied returns the number of the last change of the store that searches know
// of.
func (i *Index) Applied() int64 {
	g, release := i.hold()
	defer release()
	return g.applied.Load()
}

// Status returns how far the index is.
func (i *Index) Status() Status {
	g, release := i.hold()
	defer release()
	s := Status{Applied: g.applied.Load(), Progress: i.progress(g)}
	s.Head = max(i.goal.Load(), s.Applied)
	if n, err := g.idx.DocCount(); err == nil {
		s.Stories = int(n)
	}
	if b := i.building.Load(); b > 0 {
		s.Rebuilding, s.Rebuilt = true, float64(b)/1000
	}
	return s
}

// farBehind is how many changes the index may lack before results are called
// partial.
const farBehind = 2000

// progress returns how much of the change log g has, 1 unless it is far behind.
func (i *Index) progress(g *generation) float64 {
	applied, goal := g.applied.Load(), i.goal.Load()
	if goal-applied <= farBehind {
		return 1
	}
	return float64(applied) / float64(goal)
}
