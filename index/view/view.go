// Package view reads an index for the length of one search: which documents have
// a term, how often and where, and what ranking, facets and completion need of
// each document. It decides nothing about queries.
//
// Documents go by numbers that are good within one [View]. An error of reading
// says what was read; damage shows as [zapfile.ErrDamaged], as an early end of a
// file or as a panic in the engine, and is for the caller to tell.
package view

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan/index/zapfile"
)

// A View is the index as one search sees it: nothing changes underneath. It
// remembers the postings it has read, because a search asks for the same ones
// in matching, ranking and counting. It serves one goroutine, and what it
// returns is good until it is closed.
//
// It reads the segments of the index by themselves: whole lists of documents at
// once, where bleve's readers go document by document.
type View struct {
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

// Open opens a view of what r, which must be a reader of scorch's, reads. What c
// lacks of columns is read first. The view closes r; the caller closes the view.
func Open(ctx context.Context, r index.IndexReader, c *Columns) (*View, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		_ = r.Close()
		return nil, fmt.Errorf("open index reader: it is a %T", r)
	}
	v := &View{r: snapshot, table: &c.table, postings: &c.postings, read: make(map[posting]*roaring.Bitmap)}
	for _, s := range snapshot.Segments() {
		v.segments = append(v.segments, viewSegment{SegmentSnapshot: s, offset: v.Size(), dicts: make(map[string]segment.TermDictionary)})
		v.docs += int(s.LiveSize())
	}
	if err := c.load(ctx, v); err != nil {
		v.Close()
		return nil, fmt.Errorf("read index: %w", err)
	}
	return v, nil
}

// Close gives back what the view holds.
func (v *View) Close() { _ = v.r.Close() }

// Docs returns how many documents there are.
func (v *View) Docs() int { return v.docs }

// Size returns one more than the highest number of a document.
func (v *View) Size() uint32 {
	if len(v.segments) == 0 {
		return 0
	}
	last := v.segments[len(v.segments)-1]
	return last.offset + uint32(last.FullSize())
}

// All returns every document; nobody may change the result.
func (v *View) All() *roaring.Bitmap {
	if v.everyone == nil {
		v.everyone = roaring.New()
		v.everyone.AddRange(0, uint64(v.Size()))
		for _, s := range v.segments {
			if d := s.Deleted(); d != nil {
				v.everyone.AndNot(roaring.AddOffset64(d, int64(s.offset)))
			}
		}
	}
	return v.everyone
}

// Term returns the documents with a term; nobody may change the result.
func (v *View) Term(ctx context.Context, field, term string) (*roaring.Bitmap, error) {
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

// Beginning returns the documents with a term that begins with prefix; nobody
// may change the result.
func (v *View) Beginning(ctx context.Context, field, prefix string) (*roaring.Bitmap, error) {
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

// Initial returns the documents with a term that begins with a letter, of a field
// that holds the beginnings of its words from two letters on, as
// [schema.FieldEdges] does: only those of two letters are read.
func (v *View) Initial(ctx context.Context, field, letter string) (*roaring.Bitmap, error) {
	found, err := v.gather(ctx, func(s *viewSegment, into *roaring.Bitmap) error {
		d, err := s.dictionary(field)
		if err != nil {
			return err
		}
		var list segment.PostingsList
		for from, end := []byte(letter), after(letter); ; {
			entry, err := d.AutomatonIterator(nil, from, end).Next()
			if err != nil || entry == nil {
				return err
			}
			_, size := utf8.DecodeRuneInString(entry.Term[len(letter):])
			edge := entry.Term[:len(letter)+size]
			if list, err = addPostings(d, edge, into, list); err != nil {
				return err
			}
			if from = after(edge); size == 0 { // the letter is a word itself
				from = []byte(letter + "\x00")
			}
			if bytes.Compare(from, end) >= 0 {
				return nil
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("read postings of %s* in %s: %w", letter, field, err)
	}
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
func (v *View) gather(ctx context.Context, f func(*viewSegment, *roaring.Bitmap) error) (*roaring.Bitmap, error) {
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

// Count returns how many documents have a term.
func (v *View) Count(ctx context.Context, field, term string) (int, error) {
	b, err := v.Term(ctx, field, term)
	if err != nil {
		return 0, err
	}
	return int(b.GetCardinality()), nil
}

// Story returns the public id of a document's story.
func (v *View) Story(doc uint32) string {
	c := v.Cursor()
	column, local := c.seek(doc)
	return column.id(local)
}
