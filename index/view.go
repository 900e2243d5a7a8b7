package index

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
)

// A view is the index as one search sees it: nothing changes underneath. It
// remembers the postings it has read, because a search asks for the same ones
// in matching, ranking and counting. It serves one goroutine.
type view struct {
	r        index.IndexReader
	docs     int
	averages averages
	read     map[posting]*roaring.Bitmap
	everyone *roaring.Bitmap
}

// A posting names a list of documents: those with a term, or with a term that
// begins with it, in a field.
type posting struct {
	field, term string
	prefix      bool
}

// checkEvery is after how many documents a loop looks whether time is up.
const checkEvery = 1 << 13

// view opens a view; the caller closes its reader.
func (g *generation) view(ctx context.Context, now time.Time) (*view, error) {
	epoch := g.epoch.Load()
	r, err := g.reader()
	if err != nil {
		return nil, fmt.Errorf("open index reader: %w", err)
	}
	v := &view{r: r, read: make(map[posting]*roaring.Bitmap)}
	n, err := r.DocCount()
	if err == nil {
		v.docs = int(n)
		v.averages, err = g.lengths.get(ctx, v, epoch, now)
	}
	if err != nil {
		_ = r.Close()
		return nil, fmt.Errorf("read index statistics: %w", err)
	}
	return v, nil
}

func (v *view) close() { _ = v.r.Close() }

// all returns every document.
func (v *view) all(ctx context.Context) (*roaring.Bitmap, error) {
	if v.everyone != nil {
		return v.everyone, nil
	}
	ids, err := v.r.DocIDReaderAll()
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	defer ids.Close()
	c := collector{ctx: ctx, into: roaring.New()}
	for {
		id, err := ids.Next()
		if err != nil {
			return nil, fmt.Errorf("read documents: %w", err)
		}
		if id == nil {
			break
		}
		if err := c.add(id); err != nil {
			return nil, err
		}
	}
	v.everyone = c.finish()
	return v.everyone, nil
}

// term returns the documents with a term; nobody may change the result.
func (v *view) term(ctx context.Context, field, term string) (*roaring.Bitmap, error) {
	key := posting{field: field, term: term}
	if b, ok := v.read[key]; ok {
		return b, nil
	}
	c := collector{ctx: ctx, into: roaring.New()}
	if err := v.collect(&c, field, term); err != nil {
		return nil, err
	}
	v.read[key] = c.finish()
	return v.read[key], nil
}

// within returns those of set that have a term: by looking each of them up when
// they are few.
func (v *view) within(ctx context.Context, field, term string, set *roaring.Bitmap) (*roaring.Bitmap, error) {
	n, err := v.count(ctx, field, term)
	if err != nil {
		return nil, err
	}
	if uint64(n) < 8*set.GetCardinality() {
		b, err := v.term(ctx, field, term)
		if err != nil {
			return nil, err
		}
		return roaring.And(set, b), nil
	}
	tfr, err := v.r.TermFieldReader(ctx, []byte(term), field, false, false, false)
	if err != nil {
		return nil, fmt.Errorf("read postings of %s in %s: %w", term, field, err)
	}
	defer tfr.Close()
	found := roaring.New()
	id := index.NewIndexInternalID(nil, 0)
	var pre index.TermFieldDoc
	for it := set.Iterator(); it.HasNext(); {
		doc := it.Next()
		id.SetValue(uint64(doc))
		at, err := tfr.Advance(id, pre.Reset())
		if err != nil {
			return nil, fmt.Errorf("read postings of %s in %s: %w", term, field, err)
		}
		if at == nil {
			break
		}
		reached := uint32(at.ID.Value())
		if reached == doc {
			found.Add(doc)
		}
		it.AdvanceIfNeeded(reached)
		if reached != doc && it.HasNext() && it.PeekNext() == reached {
			found.Add(it.Next())
		}
	}
	return found, nil
}

// beginning returns the documents with a term that begins with prefix.
func (v *view) beginning(ctx context.Context, field, prefix string) (*roaring.Bitmap, error) {
	key := posting{field: field, term: prefix, prefix: true}
	if b, ok := v.read[key]; ok {
		return b, nil
	}
	dict, err := v.r.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return nil, fmt.Errorf("read words of %s: %w", field, err)
	}
	defer dict.Close()
	c := collector{ctx: ctx, into: roaring.New()}
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("read words of %s: %w", field, err)
		}
		if entry == nil {
			break
		}
		if err := v.collect(&c, field, entry.Term); err != nil {
			return nil, err
		}
	}
	v.read[key] = c.finish()
	return v.read[key], nil
}

func (v *view) collect(c *collector, field, term string) error {
	tfr, err := v.r.TermFieldReader(c.ctx, []byte(term), field, false, false, false)
	if err != nil {
		return fmt.Errorf("read postings of %s in %s: %w", term, field, err)
	}
	defer tfr.Close()
	for {
		doc, err := tfr.Next(&c.doc)
		if err != nil {
			return fmt.Errorf("read postings of %s in %s: %w", term, field, err)
		}
		if doc == nil {
			return c.spend()
		}
		if err := c.add(doc.ID); err != nil {
			return err
		}
	}
}

// count returns how many documents have a term, without reading them.
func (v *view) count(ctx context.Context, field, term string) (int, error) {
	if b, ok := v.read[posting{field: field, term: term}]; ok {
		return int(b.GetCardinality()), nil
	}
	tfr, err := v.r.TermFieldReader(ctx, []byte(term), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("count %s in %s: %w", term, field, err)
	}
	defer tfr.Close()
	return int(tfr.Count()), nil
}

// A collector gathers documents and notices when time is up.
type collector struct {
	ctx     context.Context
	into    *roaring.Bitmap
	pending []uint32
	spent   int
	doc     index.TermFieldDoc
}

func (c *collector) add(id index.IndexInternalID) error {
	c.pending = append(c.pending, uint32(id.Value()))
	if len(c.pending) < checkEvery {
		return nil
	}
	c.into.AddMany(c.pending)
	c.pending = c.pending[:0]
	return c.ctx.Err()
}

// spend looks at the clock once in a while also when lists are short.
func (c *collector) spend() error {
	if c.spent++; c.spent%64 == 0 {
		return c.ctx.Err()
	}
	return nil
}

func (c *collector) finish() *roaring.Bitmap {
	c.into.AddMany(c.pending)
	return c.into
}

// visit calls f with the doc values of a field for each document of set, in
// order. The bytes are f's only until it returns.
func (v *view) visit(ctx context.Context, field string, set *roaring.Bitmap, f func(doc uint32, term []byte)) error {
	values, err := v.r.DocValueReader([]string{field})
	if err != nil {
		return fmt.Errorf("read %s: %w", field, err)
	}
	var doc uint32
	visitor := func(_ string, term []byte) { f(doc, term) }
	id := index.NewIndexInternalID(nil, 0)
	n := 0
	for it := set.Iterator(); it.HasNext(); n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		doc = it.Next()
		id.SetValue(uint64(doc))
		if err := values.VisitDocValues(id, visitor); err != nil {
			return fmt.Errorf("read %s: %w", field, err)
		}
	}
	return nil
}

// external returns the public id of a document.
func (v *view) external(doc uint32) (string, error) {
	id, err := v.r.ExternalID(index.NewIndexInternalID(nil, uint64(doc)))
	if err != nil {
		return "", fmt.Errorf("read story id: %w", err)
	}
	return id, nil
}

// averages are the true mean lengths of fields, in terms, over the documents
// that have the field. bleve's own statistic counts distinct terms, which makes
// length matter far too much and scores move with every merge.
type averages map[string]float64

// of returns the mean length of a field; 1 where nothing is known.
func (a averages) of(field string) float64 {
	if n, ok := a[field]; ok && n > 0 {
		return n
	}
	return 1
}

// lengthCache keeps the averages: to have them right to the last document
// would cost a pass over all of them at every search.
type lengthCache struct {
	mu    sync.Mutex
	value averages
	epoch int64
	docs  int
	at    time.Time
}

// staleAfter is how long averages are used after documents have changed.
const staleAfter = 30 * time.Second

func (c *lengthCache) get(ctx context.Context, v *view, epoch int64, now time.Time) (averages, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	moved := v.docs - c.docs
	grown := moved*moved*400 > c.docs*c.docs // by more than a twentieth
	if c.value != nil && (c.epoch == epoch || !grown && now.Sub(c.at) < staleAfter) {
		return c.value, nil
	}
	all, err := v.all(ctx)
	if err != nil {
		return nil, err
	}
	type sum struct{ terms, docs int }
	sums := make(map[string]sum)
	add := func(field string, n int) {
		if n > 0 {
			s := sums[field]
			sums[field] = sum{s.terms + n, s.docs + 1}
		}
	}
	err = v.visit(ctx, fieldMeta, all, func(_ uint32, term []byte) {
		for _, l := range parseMeta(string(term)).lengths {
			add(titleField(l.group), l.title)
			add(bodyField(l.group), l.body)
		}
	})
	if err != nil {
		return nil, err
	}
	value := make(averages, len(sums))
	for field, s := range sums {
		value[field] = float64(s.terms) / float64(s.docs)
	}
	c.value, c.epoch, c.docs, c.at = value, epoch, v.docs, now
	return value, nil
}

// groups returns the language groups that hold documents.
func (a averages) groups(all []string) []string {
	var held []string
	for _, g := range all {
		if a[titleField(g)] > 0 || a[bodyField(g)] > 0 {
			held = append(held, g)
		}
	}
	return held
}
