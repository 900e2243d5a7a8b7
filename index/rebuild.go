package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/blevesearch/bleve/v2"

	"caravan"
	"caravan/index/schema"
)

// Rebuild builds a new index from the store beside the one in use, which goes
// on answering, and puts it in its place. It ends early, changing nothing, when
// ctx ends.
func (i *Index) Rebuild(ctx context.Context) error {
	i.rebuilding.Lock()
	defer i.rebuilding.Unlock()
	return i.rebuild(ctx)
}

func (i *Index) rebuild(ctx context.Context) error {
	began := i.cfg.Now()
	if err := i.room(); err != nil {
		return fmt.Errorf("rebuild index: %w", err)
	}
	n, err := i.nextNumber()
	if err != nil {
		return err
	}
	i.building.Store(1)
	defer i.building.Store(0)
	g, err := i.build(ctx, i.dir(n))
	if err != nil {
		i.remove(i.buildingDir(i.dir(n)))
		i.remove(i.dir(n))
		return fmt.Errorf("rebuild index: %w", err)
	}
	old, err := i.putInUse(ctx, g)
	if err != nil {
		_ = g.close()
		i.remove(g.dir)
		return fmt.Errorf("rebuild index: %w", err)
	}
	if err := old.close(); err != nil {
		i.cfg.Log.Warn("old search index did not close", "err", err)
	}
	i.remove(old.dir)
	i.outdated = false
	i.cfg.Log.Info("search index rebuilt", "stories", i.Status().Stories, "took", i.cfg.Now().Sub(began))
	return nil
}

// putInUse brings g up to date while nothing else writes, and swaps it in.
func (i *Index) putInUse(ctx context.Context, g *generation) (old *generation, err error) {
	if err := i.tail(ctx, g); err != nil { // most of it while the old one is still written to
		return nil, err
	}
	i.writing.Lock()
	defer i.writing.Unlock()
	if err := i.tail(ctx, g); err != nil {
		return nil, err
	}
	return i.swap(g), nil
}

// tail applies to g the changes that came since it was begun.
func (i *Index) tail(ctx context.Context, g *generation) error {
	for {
		batch, err := i.changes(ctx, g.applied.Load())
		if err != nil {
			return err
		}
		if batch.Last <= g.applied.Load() {
			return nil
		}
		if err := i.apply(ctx, g, batch); err != nil {
			return err
		}
	}
}

func (i *Index) buildingDir(dir string) string {
	return filepath.Join(filepath.Dir(dir), buildingPrefix+filepath.Base(dir))
}

// build makes a generation at dir from all stories there are: in one segment,
// which is the smallest and fastest kind.
func (i *Index) build(ctx context.Context, dir string) (*generation, error) {
	building := i.buildingDir(dir)
	if err := os.RemoveAll(building); err != nil {
		return nil, fmt.Errorf("clear %s: %w", building, err)
	}
	size, err := i.builderBatch(ctx)
	if err != nil {
		return nil, err
	}
	builder, err := bleve.NewBuilder(building, schema.Mapping(), map[string]any{"batchSize": size, "buildPathPrefix": i.cfg.Dir})
	if err != nil {
		return nil, fmt.Errorf("begin index: %w", err)
	}
	later, last, err := i.feed(ctx, builder)
	if err := errors.Join(err, builder.Close()); err != nil {
		return nil, err
	}
	if err := os.Rename(building, dir); err != nil {
		return nil, fmt.Errorf("put index in place: %w", err)
	}
	g, _, err := openBuilt(dir, i.version)
	if err != nil {
		return nil, err
	}
	// What changed while the builder ran goes in as changes do. The checkpoint
	// comes with it.
	if err := i.apply(ctx, g, caravan.ChangeBatch{Docs: later, Last: last}); err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// builderBatch returns how many stories the builder takes at once, by how long
// the first of them are.
func (i *Index) builderBatch(ctx context.Context) (int, error) {
	first, err := i.changes(ctx, 0)
	if err != nil {
		return 0, err
	}
	text := 1
	for _, d := range first.Docs {
		text += textOf(d)
	}
	return max(10, min(batchDocs, batchText*len(first.Docs)/text)), nil
}

// openBuilt opens what a builder made, which has no checkpoint yet.
func openBuilt(dir, version string) (*generation, string, error) {
	idx, err := bleve.OpenUsing(dir, runtimeConfig())
	if err != nil {
		return nil, "", fmt.Errorf("open built index: %w", err)
	}
	err = errors.Join(idx.SetInternal(keyVersion, []byte(version)), idx.SetInternal(keyCheckpoint, []byte("0")), idx.Close())
	if err != nil {
		return nil, "", fmt.Errorf("mark built index: %w", err)
	}
	return openGeneration(dir)
}

// feed gives the builder every story once, as it is when it first comes up. It
// returns those that came up again and were different then, and the number of
// the last change seen.
func (i *Index) feed(ctx context.Context, builder bleve.Builder) (later []caravan.StoryDoc, last int64, err error) {
	seen := make(map[string]string) // story -> hash
	again := make(map[string]caravan.StoryDoc)
	head, err := i.cfg.Store.LastChange(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read last change: %w", err)
	}
	for last < head {
		batch, err := i.changes(ctx, last)
		if err != nil {
			return nil, 0, err
		}
		if batch.Last <= last {
			break
		}
		last = batch.Last
		for _, d := range batch.Docs {
			if err := i.skipping(d, feedOne(builder, d, seen, again)); err != nil {
				return nil, 0, err
			}
		}
		i.building.Store(max(1, min(999, last*1000/max(head, 1))))
	}
	for _, d := range again {
		later = append(later, d)
	}
	return later, last, ctx.Err()
}

// feedOne gives the builder a story that has not come up yet, and notes one
// that has and is different now: a builder cannot replace what it was given.
func feedOne(builder bleve.Builder, d caravan.StoryDoc, seen map[string]string, again map[string]caravan.StoryDoc) (err error) {
	defer recoverTo(&err)
	hash := schema.Hash(d)
	if before, ok := seen[d.ID]; ok {
		if before != hash {
			again[d.ID] = d
		} else {
			delete(again, d.ID)
		}
		return nil
	}
	if len(d.Members) == 0 {
		return nil
	}
	doc, err := schema.Document(d)
	if err != nil {
		return err
	}
	if err := builder.Index(d.ID, doc); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	seen[d.ID] = hash
	return nil
}

// checkpointOf formats a checkpoint as it is kept.
func checkpointOf(n int64) []byte { return []byte(strconv.FormatInt(n, 10)) }
