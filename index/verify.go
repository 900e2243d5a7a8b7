package index

import (
	"context"
	"errors"

	"caravan"
	"caravan/index/retrieval"
	"caravan/index/schema"
)

// A Difference says how index and store disagree.
type Difference struct {
	Stories  int      // in the store
	Indexed  int      // in the index
	Missing  []string // stories that the index lacks
	Surplus  []string // stories that the store does not show
	Outdated []string // stories that the index has in another state
	Lost     []string // stories that are there and that their own words do not find
	Probed   int      // stories that were looked for by their words
	Damage   string   // what the comparison ended with when the index could not be read; else empty
}

// OK reports whether index and store agree.
func (d Difference) OK() bool {
	return len(d.Missing)+len(d.Surplus)+len(d.Outdated)+len(d.Lost) == 0 && d.Damage == ""
}

// probeEvery is of how many stories one is looked for by its words: damage
// inside a segment shows nowhere else.
const probeEvery = 50

// Verify compares the index with the store, story by story, after applying what
// there is to apply. It changes nothing else; [Index.Rebuild] repairs. An index
// that cannot be read is a difference, not an error.
func (i *Index) Verify(ctx context.Context) (Difference, error) {
	d, err := i.verifyOnce(ctx)
	if g := i.current(); err != nil && ctx.Err() == nil && (errors.Is(err, errDamaged) || g.isBroken()) {
		d.Damage = err.Error()
		return d, nil
	}
	return d, err
}

func (i *Index) verifyOnce(ctx context.Context) (Difference, error) {
	if err := i.CatchUp(ctx); err != nil {
		return Difference{}, err
	}
	i.writing.Lock() // so that neither side moves on meanwhile
	defer i.writing.Unlock()
	g, release := i.hold()
	defer release()
	d, err := i.compare(ctx, g)
	if errors.Is(err, errDamaged) {
		g.breakDown(err)
	}
	return d, err
}

func (i *Index) compare(ctx context.Context, g *generation) (d Difference, err error) {
	defer guardFaults()()
	defer recoverTo(&err)
	v, err := g.view(ctx)
	if err != nil {
		return d, err
	}
	defer v.Close()
	e := retrieval.New(v)
	indexed, err := v.Hashes(ctx)
	if err != nil {
		return d, err
	}
	d.Indexed = len(indexed)
	known := make(map[string]bool, len(indexed))
	for after := int64(0); ; {
		batch, err := i.changes(ctx, after)
		if err != nil {
			return d, err
		}
		if batch.Last <= after {
			break
		}
		after = batch.Last
		for _, doc := range batch.Docs {
			if len(doc.Members) == 0 || known[doc.ID] {
				continue
			}
			known[doc.ID] = true
			d.Stories++
			if err := compareOne(ctx, e, doc, indexed, &d); err != nil {
				return d, err
			}
		}
	}
	for id := range indexed {
		if !known[id] {
			d.Surplus = append(d.Surplus, id)
		}
	}
	return d, nil
}

// compareOne notes how the index has a story.
func compareOne(ctx context.Context, e *retrieval.Evaluator, doc caravan.StoryDoc, indexed map[string]string, d *Difference) error {
	hash, ok := indexed[doc.ID]
	switch {
	case !ok:
		d.Missing = append(d.Missing, doc.ID)
		return nil
	case hash != schema.Hash(doc):
		d.Outdated = append(d.Outdated, doc.ID)
		return nil
	case d.Stories%probeEvery != 1:
		return nil
	}
	d.Probed++
	found, err := e.FindsItself(ctx, doc)
	if err == nil && !found {
		d.Lost = append(d.Lost, doc.ID)
	}
	return err
}
