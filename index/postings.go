package index

import (
	"context"
	"fmt"
	"slices"

	"caravan/index/words"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// A postingReader goes through the documents with a term, ascending, segment by
// segment. It reads what bleve's own reader does, without the copies that one
// makes for each document, which is half of the cost.
type postingReader struct {
	v           *view
	field, term string
	places      bool // whether to read where in a document the term stands

	next       int // the segment to open next
	start, end uint32
	list       segment.PostingsList
	it         segment.PostingsIterator
	now        segment.Posting // nil when there is none left
}

// seek moves to the first document from doc on that has the term, and reports
// whether it is doc itself. Documents must be sought in ascending order.
func (p *postingReader) seek(doc uint32) (bool, error) {
	for {
		if p.now != nil {
			if at := p.start + uint32(p.now.Number()); at >= doc {
				return at == doc, nil
			}
		}
		if p.it == nil || doc >= p.end {
			if opened, err := p.open(doc); err != nil || !opened {
				return false, err
			}
		}
		now, err := p.it.Advance(uint64(doc - min(doc, p.start)))
		if err != nil {
			return false, fmt.Errorf("read postings of %s in %s: %w", p.term, p.field, err)
		}
		if p.now = now; now == nil {
			p.it = nil
		}
	}
}

// open opens the segment with doc, or the next one that has the term; false
// when there is none.
func (p *postingReader) open(doc uint32) (bool, error) {
	p.it, p.now = nil, nil
	for ; p.next < len(p.v.segments); p.next++ {
		s := &p.v.segments[p.next]
		p.start, p.end = s.offset, s.offset+uint32(s.FullSize())
		if p.end <= doc {
			continue
		}
		d, err := s.dictionary(p.field)
		if err == nil {
			p.list, err = d.PostingsList([]byte(p.term), nil, p.list)
		}
		if err != nil {
			return false, fmt.Errorf("read postings of %s in %s: %w", p.term, p.field, err)
		}
		if p.list.Count() > 0 {
			p.it = p.list.Iterator(true, true, p.places, nil)
			p.next++
			return true, nil
		}
	}
	return false, nil
}

// length returns how many terms the field of the present document has.
func (p *postingReader) length() float64 {
	if n, ok := p.now.(interface{ NormUint64() uint64 }); ok {
		return float64(n.NormUint64())
	}
	norm := p.now.Norm()
	return 1 / (norm * norm)
}

// A place is where a term stands in a field that may have several values.
type place struct {
	value uint64 // which of the field's values
	pos   int
}

// A placeReader reads the places of a term document by document, ascending.
type placeReader struct {
	postingReader
	read []place
}

func (v *view) places(field, term string) *placeReader {
	return &placeReader{postingReader: postingReader{v: v, field: field, term: term, places: true}}
}

// at returns the places in a document, which must come in ascending order; the
// slice is good until the next call.
func (p *placeReader) at(doc uint32) ([]place, error) {
	p.read = p.read[:0]
	there, err := p.seek(doc)
	if err != nil || !there {
		return p.read, err
	}
	for _, l := range p.now.Locations() {
		pl := place{pos: int(l.Pos())}
		if values := l.ArrayPositions(); len(values) > 0 {
			pl.value = values[0]
		}
		p.read = append(p.read, pl)
	}
	return p.read, nil
}

// sideBySide keeps those of candidates in which the stems stand at the distances
// they have in wanted.
func (v *view) sideBySide(ctx context.Context, field string, wanted []words.Term, candidates *roaring.Bitmap) (*roaring.Bitmap, error) {
	readers := make([]*placeReader, len(wanted))
	for i, w := range wanted {
		readers[i] = v.places(field, w.Stem)
	}
	var starts []place
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
func standTogether(readers []*placeReader, wanted []words.Term, doc uint32, starts []place) ([]place, error) {
	for i, r := range readers {
		places, err := r.at(doc)
		if err != nil {
			return nil, err
		}
		for k := range places {
			places[k].pos -= wanted[i].Pos
		}
		if i == 0 {
			starts = append(starts, places...)
			continue
		}
		starts = slices.DeleteFunc(starts, func(p place) bool { return !slices.Contains(places, p) })
		if len(starts) == 0 {
			break
		}
	}
	return starts, nil
}
