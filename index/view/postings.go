package view

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan/index/words"
	"caravan/index/zapfile"
)

// A PostingReader goes through the documents with a term, ascending, segment by
// segment: in the segment's file where there is one, else as zapx reads it.
type PostingReader struct {
	v           *View
	field, term string
	places      bool // whether to read where in a document the term stands

	next       int // the segment to open next
	start, end uint32
	file       *zapfile.Postings // lent by the view
	inFile     bool
	list       segment.PostingsList
	it         segment.PostingsIterator // nil when there is none left
	now        segment.Posting
}

// Release gives back what the reader was lent. It may be left out; the memory is
// not used again then.
func (p *PostingReader) Release() {
	if p.file != nil {
		p.v.postings.Put(p.file)
		p.file, p.inFile = nil, false
	}
}

// lend returns postings to find some in, with memory of earlier searches.
func (v *View) lend() *zapfile.Postings {
	if p, ok := v.postings.Get().(*zapfile.Postings); ok {
		return p
	}
	return new(zapfile.Postings)
}

// seek moves to a document and reports whether it has the term. Documents must
// be sought in ascending order.
func (p *PostingReader) seek(doc uint32) (bool, error) {
	if doc >= p.end {
		if err := p.open(doc); err != nil {
			return false, p.failed(err)
		}
	}
	there, err := p.advance(doc)
	if err != nil {
		return false, p.failed(err)
	}
	return there, nil
}

// failed says what could not be read.
func (p *PostingReader) failed(err error) error {
	return fmt.Errorf("read postings of %s in %s: %w", p.term, p.field, err)
}

// open opens the segment with a document.
func (p *PostingReader) open(doc uint32) error {
	for ; p.end <= doc && p.next < len(p.v.segments); p.next++ {
		s := &p.v.segments[p.next]
		p.start, p.end = s.offset, s.offset+uint32(s.FullSize())
	}
	p.it, p.now, p.inFile = nil, nil, false
	if doc >= p.end || p.next == 0 {
		return nil
	}
	s := &p.v.segments[p.next-1]
	if docs, ok := p.v.read[posting{field: p.field, term: p.term}]; ok && !docs.IntersectsWithInterval(uint64(p.start), uint64(p.end)) {
		return nil // matching has looked already
	}
	if s.file != nil {
		if p.file == nil {
			p.file = p.v.lend()
		}
		var err error
		p.inFile, err = s.file.Find(p.field, p.term, p.file)
		return err
	}
	d, err := s.dictionary(p.field)
	if err != nil {
		return err
	}
	if p.list, err = d.PostingsList([]byte(p.term), nil, p.list); err != nil {
		return err
	}
	if p.list.Count() > 0 {
		p.it = p.list.Iterator(true, true, p.places, nil)
	}
	return nil
}

// advance moves to a document of the open segment.
func (p *PostingReader) advance(doc uint32) (bool, error) {
	if p.inFile {
		return p.file.Seek(doc - p.start)
	}
	if p.it == nil {
		return false, nil
	}
	if local := uint64(doc - p.start); p.now == nil || p.now.Number() < local {
		now, err := p.it.Advance(local)
		if err != nil {
			return false, err
		}
		if p.now = now; now == nil {
			p.it = nil
			return false, nil
		}
	}
	return p.now.Number() == uint64(doc-p.start), nil
}

// Each calls use for those of docs that have the term, as far as they are in the
// segment of the first one, and returns how many those are.
func (p *PostingReader) Each(docs []uint32, use func(i int, frequency, length float64)) (int, error) {
	if _, err := p.seek(docs[0]); err != nil { // opens the segment
		return 0, err
	}
	n, _ := slices.BinarySearch(docs, p.end)
	if p.inFile {
		err := p.file.Each(docs[:n], p.start, func(i int, frequency, length uint64) { use(i, float64(frequency), float64(length)) })
		if err != nil {
			return 0, p.failed(err)
		}
		return n, nil
	}
	for i := 0; i < n && p.it != nil; i++ {
		there, err := p.seek(docs[i])
		if err != nil {
			return 0, err
		}
		if there {
			use(i, float64(p.now.Frequency()), p.length())
		}
	}
	return n, nil
}

// length returns how many terms the field of the present document has, where
// zapx reads it.
func (p *PostingReader) length() float64 {
	if n, ok := p.now.(interface{ NormUint64() uint64 }); ok {
		return float64(n.NormUint64())
	}
	norm := p.now.Norm()
	return 1 / (norm * norm)
}

// A PlaceReader reads the places of a term document by document, ascending.
type PlaceReader struct {
	PostingReader
	read []zapfile.Place
}

// Release is [PostingReader.Release] for a reader that may be nil.
func (p *PlaceReader) Release() {
	if p != nil {
		p.PostingReader.Release()
	}
}

// Frequencies returns a reader of how often documents have a term.
func (v *View) Frequencies(field, term string) *PostingReader {
	return &PostingReader{v: v, field: field, term: term}
}

// Places returns a reader of where documents have a term.
func (v *View) Places(field, term string) *PlaceReader {
	return &PlaceReader{PostingReader: PostingReader{v: v, field: field, term: term, places: true}}
}

// At returns the places in a document, which must come in ascending order; the
// slice is good until the next call.
func (p *PlaceReader) At(doc uint32) ([]zapfile.Place, error) {
	p.read = p.read[:0]
	there, err := p.seek(doc)
	if err != nil || !there {
		return p.read, err
	}
	if p.inFile {
		if p.read, err = p.file.Places(p.read); err != nil {
			return nil, p.failed(err)
		}
		return p.read, nil
	}
	for _, l := range p.now.Locations() {
		place := zapfile.Place{Pos: int(l.Pos())}
		if values := l.ArrayPositions(); len(values) > 0 {
			place.Value = values[0]
		}
		p.read = append(p.read, place)
	}
	return p.read, nil
}

// SideBySide keeps those of candidates in which the stems stand at the distances
// they have in wanted.
func (v *View) SideBySide(ctx context.Context, field string, wanted []words.Term, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	readers := make([]*PlaceReader, len(wanted))
	for i, w := range wanted {
		readers[i] = v.Places(field, w.Stem)
		defer readers[i].Release()
	}
	var starts []zapfile.Place
	found := roaring.New()
	n := 0
	for it := candidates.Iterator(); it.HasNext(); n++ {
		if n%256 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		doc := it.Next()
		var err error
		if starts, err = standTogether(readers, wanted, doc, starts[:0]); err != nil {
			return nil, err
		}
		if len(starts) > 0 {
			found.Add(doc)
		}
	}
	return found, nil
}

// standTogether appends to starts where in a document the stems stand at the
// distances they have in wanted.
func standTogether(readers []*PlaceReader, wanted []words.Term, doc uint32, starts []zapfile.Place) ([]zapfile.Place, error) {
	for i, r := range readers {
		places, err := r.At(doc)
		if err != nil {
			return nil, err
		}
		for k := range places {
			places[k].Pos -= wanted[i].Pos
		}
		if i == 0 {
			starts = append(starts, places...)
			continue
		}
		starts = slices.DeleteFunc(starts, func(p zapfile.Place) bool { return !slices.Contains(places, p) })
		if len(starts) == 0 {
			break
		}
	}
	return starts, nil
}
