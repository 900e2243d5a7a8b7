package index

import (
	"context"
	"fmt"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan/index/zapfile"
)

// A view is the index as one search sees it: nothing changes underneath. It
// remembers the postings it has read, because a search asks for the same ones
// in matching, ranking and counting. It serves one goroutine, and what it
// returns is good until it is closed.
//
// It reads the segments of the index by themselves: whole lists of documents at
// once, where bleve's readers go document by document.
type view struct {
	r        *scorch.IndexSnapshot
	segments []viewSegment
	docs     int
	table    *valueTable
	averages averages
	read     map[posting]*roaring.Bitmap
	everyone *roaring.Bitmap
	postings *sync.Pool // of *zapfile.Postings
}

// A viewSegment is a part of the index whose documents are numbered from offset.
type viewSegment struct {
	*scorch.SegmentSnapshot
	offset uint32
	column *column
	file   *zapfile.File
	dicts  map[string]segment.TermDictionary
}

// A posting names a list of documents: those with a term, or with a term that
// begins with it, in a field.
type posting struct {
	field, term string
	prefix      bool
}

// checkEvery is after how many steps a loop looks whether time is up.
const checkEvery = 1 << 13

// openView opens a view of what r reads and closes r with it, with the columns
// that c has and that it lacks; the caller closes the view.
func openView(ctx context.Context, r index.IndexReader, c *columns) (*view, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		_ = r.Close()
		return nil, fmt.Errorf("open index reader: it is a %T", r)
	}
	v := &view{r: snapshot, table: &c.table, postings: &c.postings, read: make(map[posting]*roaring.Bitmap)}
	for _, s := range snapshot.Segments() {
		v.segments = append(v.segments, viewSegment{SegmentSnapshot: s, offset: v.size(), dicts: make(map[string]segment.TermDictionary)})
		v.docs += int(s.LiveSize())
	}
	if err := c.load(ctx, v); err != nil {
		v.close()
		return nil, fmt.Errorf("read index: %w", err)
	}
	return v, nil
}

// close gives back what the view holds.
func (v *view) close() { _ = v.r.Close() }

// Docs returns how many documents there are.
func (v *view) Docs() int { return v.docs }

// size returns one more than the highest number of a document.
func (v *view) size() uint32 {
	if len(v.segments) == 0 {
		return 0
	}
	last := v.segments[len(v.segments)-1]
	return last.offset + uint32(last.FullSize())
}

// all returns every document.
func (v *view) all() *roaring.Bitmap {
	if v.everyone == nil {
		v.everyone = roaring.New()
		v.everyone.AddRange(0, uint64(v.size()))
		for _, s := range v.segments {
			if d := s.Deleted(); d != nil {
				v.everyone.AndNot(roaring.AddOffset64(d, int64(s.offset)))
			}
		}
	}
	return v.everyone
}

// term returns the documents with a term; nobody may change the result.
func (v *view) term(ctx context.Context, field, term string) (*roaring.Bitmap, error) {
	key := posting{field: field, term: term}
	if b, ok := v.read[key]; ok {
		return b, nil
	}
	found, err := v.gather(ctx, func(s *viewSegment, into *roaring.Bitmap) error {
		if s.file != nil {
			return s.file.Docs(field, term, into)
		}
		d, err := s.dictionary(field)
		if err == nil {
			_, err = addPostings(d, term, into, nil)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read postings of %s in %s: %w", term, field, err)
	}
	v.read[key] = found
	return found, nil
}

// beginning returns the documents with a term that begins with prefix; nobody
// may change the result.
func (v *view) beginning(ctx context.Context, field, prefix string) (*roaring.Bitmap, error) {
	key := posting{field: field, term: prefix, prefix: true}
	if b, ok := v.read[key]; ok {
		return b, nil
	}
	found, err := v.gather(ctx, func(s *viewSegment, into *roaring.Bitmap) error {
		d, err := s.dictionary(field)
		if err != nil {
			return err
		}
		terms := d.AutomatonIterator(nil, []byte(prefix), after(prefix))
		var list segment.PostingsList
		for n := 0; ; n++ {
			entry, err := terms.Next()
			if err != nil || entry == nil {
				return err
			}
			if list, err = addPostings(d, entry.Term, into, list); err != nil {
				return err
			}
			if n%64 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read postings of %s* in %s: %w", prefix, field, err)
	}
	v.read[key] = found
	return found, nil
}

// after returns the first term behind all that begin with prefix.
func after(prefix string) []byte {
	next := []byte(prefix)
	for i := len(next) - 1; i >= 0; i-- {
		if next[i]++; next[i] != 0 {
			return next[:i+1]
		}
	}
	return nil
}

// gather joins what f adds for each segment, without deleted documents.
func (v *view) gather(ctx context.Context, f func(*viewSegment, *roaring.Bitmap) error) (*roaring.Bitmap, error) {
	found := roaring.New()
	for i := range v.segments {
		s := &v.segments[i]
		in := roaring.New()
		if err := f(s, in); err != nil {
			return nil, err
		}
		if in.IsEmpty() {
			continue // as in most small segments
		}
		if deleted := s.Deleted(); deleted != nil {
			in.AndNot(deleted)
		}
		if s.offset > 0 {
			in = roaring.AddOffset64(in, int64(s.offset))
		}
		if found.IsEmpty() {
			found = in
		} else {
			found.Or(in)
		}
	}
	return found, ctx.Err()
}

func (s *viewSegment) dictionary(field string) (segment.TermDictionary, error) {
	if d, ok := s.dicts[field]; ok {
		return d, nil
	}
	d, err := s.Segment().Dictionary(field)
	if err == nil {
		s.dicts[field] = d
	}
	return d, err
}

// addPostings adds the documents with a term to into. It returns the list it
// read, which the next call may read into.
func addPostings(d segment.TermDictionary, term string, into *roaring.Bitmap, list segment.PostingsList) (segment.PostingsList, error) {
	list, err := d.PostingsList([]byte(term), nil, list)
	if err != nil {
		return nil, err
	}
	if whole, ok := list.(interface{ OrInto(*roaring.Bitmap) }); ok {
		whole.OrInto(into)
		return list, nil
	}
	it := list.Iterator(false, false, false, nil)
	for {
		p, err := it.Next()
		if err != nil || p == nil {
			return list, err
		}
		into.Add(uint32(p.Number()))
	}
}

// count returns how many documents have a term.
func (v *view) count(ctx context.Context, field, term string) (int, error) {
	b, err := v.term(ctx, field, term)
	if err != nil {
		return 0, err
	}
	return int(b.GetCardinality()), nil
}

// story returns the public id of a document's story.
func (v *view) story(doc uint32) string {
	c := v.cursor()
	column, local := c.seek(doc)
	return column.id(local)
}
