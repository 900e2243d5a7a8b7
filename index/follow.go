package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"caravan"
	"caravan/index/retrieval"
	"caravan/index/schema"
	"caravan/internal/wait"
)

// How much goes to bleve at once: more costs memory, some 200 times the text
// while it is taken apart, and less costs time.
const (
	readAtOnce = 500     // changes
	batchText  = 3 << 18 // bytes of text, some 250 articles
	batchDocs  = 500
)

// retryWait is how long the index waits after the store or the disk has failed.
const retryWait = 5 * time.Second

// Run follows the store until ctx ends: it applies changes in batches, replaces
// an index that is outdated or has failed, and carries on after failures of the
// store and the disk. It returns nil when ctx ends.
func (i *Index) Run(ctx context.Context) error {
	if err := i.warm(ctx, i.current()); err != nil && ctx.Err() == nil {
		i.cfg.Log.Warn("search index could not be read ahead", "err", err)
	}
	if i.outdated {
		i.cfg.Log.Info("search index was made by another version; it is being rebuilt beside the one in use")
		i.background(ctx)
	}
	for ctx.Err() == nil {
		err := i.step(ctx)
		if err == nil || ctx.Err() != nil {
			continue
		}
		i.cfg.Log.Error("indexing stopped; it is tried again", "err", err, "in", retryWait)
		if err := wait.For(ctx, retryWait); err != nil {
			break
		}
	}
	i.rebuilding.Lock() // a rebuild under way sees ctx end
	defer i.rebuilding.Unlock()
	return nil
}

// background rebuilds beside the generation in use and logs what comes of it.
func (i *Index) background(ctx context.Context) {
	started := make(chan struct{})
	go func() {
		i.rebuilding.Lock()
		defer i.rebuilding.Unlock()
		close(started)
		if err := i.rebuild(ctx); err != nil && ctx.Err() == nil {
			i.cfg.Log.Error("rebuild of the search index failed; the old one stays in use", "err", err)
		}
	}()
	<-started
}

// step waits for changes and applies them, or replaces a generation that broke.
func (i *Index) step(ctx context.Context) error {
	g := i.current()
	if g.isBroken() {
		if !i.cures.allows(g.why) {
			g.held.Do(func() {
				i.cfg.Log.Error("search index failed again for the same reason; nothing new is found until it is made anew, within an hour or by 'caravan reindex'", "dir", g.dir, "err", g.why)
			})
			return wait.For(ctx, retryWait)
		}
		return i.replace(g)
	}
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-g.broken:
			stop()
		case <-waiting.Done():
		}
	}()
	if _, err := i.cfg.Store.WaitChange(waiting, g.applied.Load()); err != nil {
		if g.isBroken() {
			return nil // the next step sees to it
		}
		return fmt.Errorf("wait for changes: %w", err)
	}
	if i.progress(g) == 1 {
		if err := wait.For(ctx, i.cfg.Coalesce); err != nil {
			return err
		}
	}
	return i.CatchUp(ctx)
}

// CatchUp applies all changes there are now.
func (i *Index) CatchUp(ctx context.Context) error {
	for {
		more, err := i.applyNext(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// applyNext applies one batch of changes and reports whether there was one.
func (i *Index) applyNext(ctx context.Context) (bool, error) {
	i.writing.Lock()
	defer i.writing.Unlock()
	g := i.current()
	batch, err := i.changes(ctx, g.applied.Load())
	if err != nil {
		return false, err
	}
	i.goal.Store(max(batch.Head, batch.Last))
	if batch.Last <= g.applied.Load() {
		return false, nil
	}
	if err := i.room(); err != nil {
		return false, err
	}
	return true, i.apply(ctx, g, batch)
}

// apply writes changes, and with the last of them their checkpoint. Where it
// ends before, what it has written is written again.
func (i *Index) apply(ctx context.Context, g *generation, batch caravan.ChangeBatch) error {
	began := i.cfg.Now()
	for docs := batch.Docs; ; {
		n := portion(docs)
		b := g.idx.NewBatch()
		for _, d := range docs[:n] {
			if err := i.putOrSkip(b, d); err != nil {
				return err
			}
		}
		docs = docs[n:]
		if len(docs) == 0 {
			b.SetInternal(keyCheckpoint, checkpointOf(batch.Last))
		}
		if err := i.write(g, b); err != nil {
			return fmt.Errorf("index changes up to %d: %w", batch.Last, err)
		}
		if len(docs) == 0 {
			break
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	g.applied.Store(batch.Last)
	if err := i.warm(ctx, g); err != nil && ctx.Err() == nil {
		return fmt.Errorf("read index after change %d: %w", batch.Last, err)
	}
	i.cfg.Log.DebugContext(ctx, "indexed", "stories", len(batch.Docs), "change", batch.Last, "took", i.cfg.Now().Sub(began))
	return nil
}

// portion returns how many of docs go to bleve at once.
func portion(docs []caravan.StoryDoc) int {
	text := 0
	for n, d := range docs {
		if text += textOf(d); n > 0 && text > batchText || n == batchDocs {
			return n
		}
	}
	return len(docs)
}

// textOf returns how long a story's texts are.
func textOf(d caravan.StoryDoc) int {
	n := 0
	for _, m := range d.Members {
		n += len(m.Title) + len(m.Text)
	}
	return n
}

// put adds a story to a batch, or its deletion.
func put(b *bleve.Batch, d caravan.StoryDoc) (err error) {
	defer recoverTo(&err)
	if len(d.Members) == 0 {
		b.Delete(d.ID)
		return nil
	}
	doc, err := schema.Document(d)
	if err != nil {
		return err
	}
	if err := b.Index(d.ID, doc); err != nil {
		return fmt.Errorf("map story %s: %w", d.ID, err)
	}
	return nil
}

// putOrSkip adds a story to a batch. One that makes the program panic is left
// out, so that it holds up no other; [Index.Verify] counts it.
func (i *Index) putOrSkip(b *bleve.Batch, d caravan.StoryDoc) error {
	return i.skipping(d, put(b, d))
}

// skipping logs a panic over one story and forgets it; other errors stay.
func (i *Index) skipping(d caravan.StoryDoc, err error) error {
	if _, ok := errors.AsType[*fault](err); !ok {
		return err
	}
	i.cfg.Log.Error("story cannot be indexed and is left out; 'caravan verify' counts it", "story", d.ID, "err", err)
	return nil
}

// write hands a batch to bleve and does not wait for ever: after a panic of its
// merger, bleve never answers.
func (i *Index) write(g *generation, b *bleve.Batch) error {
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() { done <- err }()
		defer recoverTo(&err)
		defer guardFaults()()
		err = g.idx.Batch(b)
	}()
	stalled := time.NewTimer(i.cfg.Stall)
	defer stalled.Stop()
	select {
	case err := <-done:
		if errors.Is(err, errDamaged) {
			g.breakDown(err)
		}
		return err
	case <-g.broken:
		return fmt.Errorf("index failed: %w", g.why)
	case <-stalled.C:
		g.breakDown(fmt.Errorf("a batch took longer than %s", i.cfg.Stall))
		return g.why
	}
}

// warm reads ahead what searches will need.
func (i *Index) warm(ctx context.Context, g *generation) error {
	err := i.read(ctx, g, func(ctx context.Context, e *retrieval.Evaluator) error { return e.View().ReadNames(ctx) })
	if errors.Is(err, errDamaged) {
		g.breakDown(err)
	}
	return err
}

// replace puts an empty generation in the place of one that broke; following
// the store fills it.
func (i *Index) replace(old *generation) error {
	i.cfg.Log.Error("search index failed; it is being made anew", "dir", old.dir, "err", old.why)
	i.writing.Lock()
	defer i.writing.Unlock()
	n, err := i.nextNumber()
	if err != nil {
		return err
	}
	g, err := i.fresh(n)
	if err != nil {
		return fmt.Errorf("replace index: %w", err)
	}
	i.cures.note(old.why)
	i.swap(g)
	old.abandon()
	return nil
}

// swap puts g in use and returns what was.
func (i *Index) swap(g *generation) (old *generation) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g.cures = i.cures
	old, i.gen = i.gen, g
	return old
}

// nextNumber returns a number that no generation has or was given: one may
// break and be replaced while another is being built beside.
func (i *Index) nextNumber() (int, error) {
	numbers, err := i.generations()
	if err != nil {
		return 0, err
	}
	highest := int64(0)
	if len(numbers) > 0 {
		highest = int64(numbers[len(numbers)-1])
	}
	for {
		given := i.numbered.Load()
		if n := max(given, highest) + 1; i.numbered.CompareAndSwap(given, n) {
			return int(n), nil
		}
	}
}

// breakOnPanic makes a panic of bleve's background work the end of a
// generation; its other errors (a full disk) it retries by itself.
func breakOnPanic(err error) bool {
	bad, ok := errors.AsType[*scorch.ScorchError](err)
	return ok && bad.ErrType == scorch.ErrAsyncPanic
}
