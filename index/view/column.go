package view

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan/index/schema"
	"caravan/index/words"
	"caravan/index/zapfile"
)

// A column holds in memory what ranking and counting ask of the documents of
// one segment: about fifty bytes each. Segments never change, so that only new
// ones have to be read.
type column struct {
	file    *zapfile.File // nil for a segment that is not in a file yet
	ids     []byte        // of the stories, one behind the other
	idWidth int           // how long each is; 0 when they differ
	idEnds  []uint32      // where each ends in ids when they differ
	times   []int64       // when each story was published, milliseconds
	lengths []docLength
	sums    lengthSums                 // of lengths
	offers  atomic.Pointer[offerTable] // nil until read ahead, and for a small segment
	starts  []uint32                   // where the values of each document begin; one more at the end
	values  []uint32                   // numbers in the [valueTable]
}

// A docLength is how many terms a document has in the fields of a language
// group. Most documents have one.
type docLength struct {
	doc         uint32
	group       uint8
	title, body uint32
}

// Columns are those of the segments in use of one index. The zero value is
// ready. It is safe for concurrent use.
type Columns struct {
	mu       sync.Mutex
	byID     map[uint64]*column
	table    valueTable
	averages averages
	of       string    // which segments and deletions the averages are of
	postings sync.Pool // of *zapfile.Postings, for their memory
}

// load gives every segment of v its column, and v its averages.
func (c *Columns) load(ctx context.Context, v *View) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	inUse := make(map[uint64]*column, len(v.segments))
	var of strings.Builder
	for i := range v.segments {
		s := &v.segments[i]
		column, ok := c.byID[s.Id()]
		if !ok {
			var err error
			if column, err = c.table.read(ctx, s); err != nil {
				return err
			}
		}
		if !column.file.Of(s.Segment()) { // the same segment moves from memory into a file
			column.file = zapfile.Open(s.Segment())
		}
		s.column, s.file = column, column.file
		if column.sums.titles == nil || column.sums.live != s.LiveSize() {
			column.sums = s.sum()
		}
		inUse[s.Id()] = column
		fmt.Fprintf(&of, "%d-%d ", s.Id(), s.LiveSize())
	}
	c.byID = inUse
	if c.of != of.String() {
		c.averages, c.of = averagesOf(v), of.String()
	}
	v.averages = c.averages
	return nil
}

// read reads the column of a segment.
func (t *valueTable) read(ctx context.Context, s *viewSegment) (*column, error) {
	n := int(s.FullSize())
	c := &column{times: make([]int64, n), starts: make([]uint32, n+1)}
	values, ok := s.Segment().(segment.DocValueVisitable)
	if !ok {
		return nil, fmt.Errorf("segment %d is a %T", s.Id(), s.Segment())
	}
	groups := words.Groups()
	var doc int
	visitMeta := func(_ string, term []byte) {
		m := schema.ParseMeta(string(term))
		c.times[doc] = m.SortAt
		for _, l := range m.Lengths {
			c.lengths = append(c.lengths, docLength{uint32(doc), uint8(max(slices.Index(groups, l.Group), 0)), uint32(l.Title), uint32(l.Body)})
		}
	}
	visitValue := func(_ string, term []byte) { c.values = append(c.values, t.number(term)) }
	var metaState, valueState segment.DocVisitState
	var err error
	for doc = range n {
		if doc%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if metaState, err = values.VisitDocValues(uint64(doc), []string{schema.FieldMeta}, visitMeta, metaState); err != nil {
			return nil, err
		}
		if valueState, err = values.VisitDocValues(uint64(doc), []string{schema.FieldValues}, visitValue, valueState); err != nil {
			return nil, err
		}
		c.starts[doc+1] = uint32(len(c.values))
	}
	if err := c.readIDs(s.Segment(), n); err != nil {
		return nil, err
	}
	return c, nil
}

// readIDs reads the ids of n stories. They are all as long in practice, and then
// need no list of where they end: every look there would cost as much again.
func (c *column) readIDs(s segment.Segment, n int) error {
	c.idEnds = make([]uint32, n)
	for doc := range n {
		id, err := s.DocID(uint64(doc))
		if err != nil {
			return err
		}
		if doc == 0 {
			c.idWidth, c.ids = len(id), make([]byte, 0, n*len(id))
		} else if len(id) != c.idWidth {
			c.idWidth = 0
		}
		c.ids = append(c.ids, id...)
		c.idEnds[doc] = uint32(len(c.ids))
	}
	if c.idWidth > 0 {
		c.idEnds = nil
	}
	return nil
}

// id returns the public id of a document's story.
func (c *column) id(doc uint32) string {
	if w := uint32(c.idWidth); w > 0 {
		return string(c.ids[doc*w : doc*w+w])
	}
	from := uint32(0)
	if doc > 0 {
		from = c.idEnds[doc-1]
	}
	return string(c.ids[from:c.idEnds[doc]])
}

// A valueTable numbers the values of [schema.FieldValues].
type valueTable struct {
	mu      sync.RWMutex
	numbers map[string]uint32
	names   []string
}

func (t *valueTable) number(value []byte) uint32 {
	t.mu.RLock()
	n, ok := t.numbers[string(value)]
	t.mu.RUnlock()
	if ok {
		return n
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.numbers == nil {
		t.numbers = make(map[string]uint32)
	}
	n = uint32(len(t.names))
	t.numbers[string(value)] = n
	t.names = append(t.names, string(value))
	return n
}

// all returns the values by their numbers; those that come later are not in it.
func (t *valueTable) all() []string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.names
}

// Values returns the values of [schema.FieldValues] by their numbers; nobody may
// change the result.
func (v *View) Values() []string { return v.table.all() }

// A Cursor reads what the columns have of documents that come in ascending
// order.
type Cursor struct {
	v  *View
	at int
}

// Cursor returns a cursor over the documents of v.
func (v *View) Cursor() Cursor { return Cursor{v: v} }

// Time returns when a document's story was published, in milliseconds.
func (c *Cursor) Time(doc uint32) int64 {
	column, local := c.seek(doc)
	return column.times[local]
}

// Values returns the numbers of a document's values, as [View.Values] has them.
func (c *Cursor) Values(doc uint32) []uint32 {
	column, local := c.seek(doc)
	return column.values[column.starts[local]:column.starts[local+1]]
}

// seek returns the column of a document and its place there.
func (c *Cursor) seek(doc uint32) (*column, uint32) {
	s := &c.v.segments[c.at]
	if doc < s.offset || doc-s.offset >= uint32(s.FullSize()) {
		c.at = sort.Search(len(c.v.segments), func(i int) bool { return c.v.segments[i].offset > doc }) - 1
		s = &c.v.segments[c.at]
	}
	return s.column, doc - s.offset
}

// averages are the true mean lengths of fields, in terms, over the documents
// that have the field. bleve's own statistic counts distinct terms, which makes
// length matter far too much and scores move with every merge.
type averages map[string]float64

// Average returns the mean length of a field in terms, over the documents that
// have it; 1 where nothing is known.
func (v *View) Average(field string) float64 {
	if n, ok := v.averages[field]; ok && n > 0 {
		return n
	}
	return 1
}

// Groups returns the language groups that hold documents.
func (v *View) Groups() []string {
	var held []string
	for _, g := range words.Groups() {
		if v.averages[schema.TitleField(g)] > 0 || v.averages[schema.BodyField(g)] > 0 {
			held = append(held, g)
		}
	}
	return held
}

// A lengthSum adds the lengths of a field up, over the documents that have it.
type lengthSum struct{ terms, docs int }

func (s *lengthSum) add(terms int) {
	if terms > 0 {
		s.terms += terms
		s.docs++
	}
}

// A lengthSums holds the sums of a segment by language group, as they are
// without its deleted documents.
type lengthSums struct {
	live           int64 // how many documents are not deleted
	titles, bodies []lengthSum
}

// sum adds up the lengths of a segment. Documents are only ever deleted, so that
// sums over as many are the same sums.
func (s *viewSegment) sum() lengthSums {
	groups := len(words.Groups())
	sums := lengthSums{s.LiveSize(), make([]lengthSum, groups), make([]lengthSum, groups)}
	deleted := s.Deleted()
	for _, l := range s.column.lengths {
		if deleted == nil || !deleted.Contains(l.doc) {
			sums.titles[l.group].add(int(l.title))
			sums.bodies[l.group].add(int(l.body))
		}
	}
	return sums
}

// averagesOf computes the averages over the documents of v.
func averagesOf(v *View) averages {
	a := make(averages)
	for i, g := range words.Groups() {
		var titles, bodies lengthSum
		for _, s := range v.segments {
			titles.terms += s.column.sums.titles[i].terms
			titles.docs += s.column.sums.titles[i].docs
			bodies.terms += s.column.sums.bodies[i].terms
			bodies.docs += s.column.sums.bodies[i].docs
		}
		if titles.docs > 0 {
			a[schema.TitleField(g)] = float64(titles.terms) / float64(titles.docs)
		}
		if bodies.docs > 0 {
			a[schema.BodyField(g)] = float64(bodies.terms) / float64(bodies.docs)
		}
	}
	return a
}
