package zapfile

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
)

// Postings are the documents of a segment with a term in a field. The zero value
// has none. They serve one goroutine, and go forward only.
type Postings struct {
	set      []uint64 // a bit for each document
	perChunk uint32
	freqs    stream
	places   stream
	one      posting // of the only document, when it stands in the dictionary
	oneDoc   uint32
	hasOne   bool

	word  int // of set
	rank  int // postings before that word
	chunk int
	first int // postings before the chunk
	doc   int64
	nth   int // place of the present posting in its chunk
	now   posting
}

// A posting is what is kept of a document.
type posting struct {
	frequency, length uint64
	placed            bool // whether places are kept
}

func (p *Postings) clear() {
	*p = Postings{set: p.set[:0], freqs: stream{ends: p.freqs.ends}, places: stream{ends: p.places.ends}, chunk: -1, doc: -1}
}

func (p *Postings) single(doc uint32, length uint64) {
	p.one, p.oneDoc, p.hasOne = posting{frequency: 1, length: length}, doc, true
}

// setDocs spreads a set of documents out to a bit for each, in the memory that
// p has.
func (p *Postings) setDocs(docs *roaring.Bitmap) {
	words := int(docs.DenseSize())
	if cap(p.set) < words {
		p.set = make([]uint64, words)
	}
	p.set = p.set[:words]
	clear(p.set)
	docs.WriteDenseTo(p.set)
}

// Seek moves to a document, and reports whether it has the term. Documents must
// be sought in ascending order; the same one may be sought again.
func (p *Postings) Seek(doc uint32) (bool, error) {
	if p.hasOne {
		p.now = p.one
		return doc == p.oneDoc, nil
	}
	word := int(doc / 64)
	if word >= len(p.set) || p.set[word]>>(doc%64)&1 == 0 {
		return false, nil
	}
	if int64(doc) == p.doc {
		return true, nil
	}
	if chunk := int(doc / p.perChunk); chunk != p.chunk {
		if err := p.enter(chunk); err != nil {
			return false, err
		}
	}
	p.doc, p.nth = int64(doc), p.before(doc)-p.first
	return true, p.read()
}

// Each calls use for those of docs that have the term, with their place in docs.
// docs ascend; start is taken from each of them first.
func (p *Postings) Each(docs []uint32, start uint32, use func(i int, frequency, length uint64)) error {
	for i, doc := range docs {
		doc -= start
		if word := int(doc / 64); !p.hasOne && (word >= len(p.set) || p.set[word]>>(doc%64)&1 == 0) {
			continue // without a call: most words are in few documents
		}
		there, err := p.Seek(doc)
		if err != nil {
			return err
		}
		if there {
			use(i, p.now.frequency, p.now.length)
		}
	}
	return nil
}

// enter moves to a chunk behind the present one.
func (p *Postings) enter(chunk int) error {
	p.chunk, p.first = chunk, p.before(uint32(chunk)*p.perChunk)
	if err := p.freqs.enter(chunk); err != nil {
		return err
	}
	return p.places.enter(chunk)
}

// before returns how many postings there are before a document, which must not
// lie before the one asked for last.
func (p *Postings) before(doc uint32) int {
	for word := int(doc / 64); p.word < word; p.word++ {
		p.rank += bits.OnesCount64(p.set[p.word])
	}
	return p.rank + bits.OnesCount64(p.set[p.word]&(1<<(doc%64)-1))
}

// read reads the present posting: its frequency, with a bit that says whether
// there are places, and its length.
func (p *Postings) read() error {
	if err := p.freqs.skipNumbers(2 * (p.nth - p.freqs.next)); err != nil {
		return err
	}
	n, err := p.freqs.number()
	if err != nil {
		return err
	}
	p.now = posting{frequency: n >> 1, placed: n&1 == 1}
	p.now.length, err = p.freqs.number()
	p.freqs.next = p.nth + 1
	return err
}

// A Place is where a term stands in a field that may have several values.
type Place struct {
	Value uint64 // which of the field's values
	Pos   int
}

// Places appends where the present document has the term. It may be asked once
// for each document; none are kept for fields without them.
func (p *Postings) Places(to []Place) ([]Place, error) {
	if !p.now.placed {
		return to, nil
	}
	for ; p.places.next < p.nth; p.places.next++ {
		n, err := p.places.number()
		if err != nil {
			return to, err
		}
		if err := p.places.skipBytes(n); err != nil {
			return to, err
		}
	}
	size, err := p.places.number()
	if err != nil {
		return to, err
	}
	p.places.next++
	for end := p.places.at + int(size); p.places.at < end; {
		place, err := p.places.place()
		if err != nil {
			return to, err
		}
		to = append(to, place)
	}
	return to, nil
}

// A stream is a list of numbers cut in chunks.
type stream struct {
	data []byte
	ends []uint64 // of each chunk in data

	chunk []byte
	at    int // in chunk
	next  int // the posting that begins there
}

// notThere is the place of a stream that was left out.
const notThere = 0

// open reads where each chunk of the stream at a place ends; they are at most
// most.
func (s *stream) open(data []byte, at, most uint64) error {
	s.data, s.ends = nil, s.ends[:0]
	if at == notThere {
		return nil
	}
	n, at, err := uvarint(data, at)
	if err != nil {
		return err
	}
	if n > most {
		return fmt.Errorf("%w: %d chunks of at most %d", ErrDamaged, n, most)
	}
	for range n {
		var end uint64
		if end, at, err = uvarint(data, at); err != nil {
			return err
		}
		s.ends = append(s.ends, end)
	}
	s.data = data[at:]
	return nil
}

// enter goes to the beginning of a chunk.
func (s *stream) enter(chunk int) error {
	s.at, s.next, s.chunk = 0, 0, nil
	if len(s.ends) == 0 {
		return nil
	}
	if chunk >= len(s.ends) {
		return fmt.Errorf("%w: chunk %d of %d", ErrDamaged, chunk, len(s.ends))
	}
	from, to := uint64(0), s.ends[chunk]
	if chunk > 0 {
		from = s.ends[chunk-1]
	}
	if from > to || to > uint64(len(s.data)) {
		return fmt.Errorf("%w: chunk from %d to %d of %d", ErrDamaged, from, to, len(s.data))
	}
	s.chunk = s.data[from:to]
	return nil
}

// number reads a number.
func (s *stream) number() (uint64, error) {
	if rest := s.chunk[s.at:]; len(rest) > 1 { // what most are like needs no loop
		if rest[0] < 0x80 {
			s.at++
			return uint64(rest[0]), nil
		}
		if rest[1] < 0x80 {
			s.at += 2
			return uint64(rest[0]&0x7f) | uint64(rest[1])<<7, nil
		}
	}
	v, n := binary.Uvarint(s.chunk[s.at:])
	if n <= 0 {
		return 0, s.ended()
	}
	s.at += n
	return v, nil
}

func (s *stream) ended() error {
	return fmt.Errorf("%w: chunk of %d bytes ends at %d", ErrDamaged, len(s.chunk), s.at)
}

// lasts has the bits that are clear in the last byte of a number.
const lasts = 0x8080808080808080

// skipNumbers skips n numbers. It counts their last bytes, eight bytes at once.
func (s *stream) skipNumbers(n int) error {
	at := s.at
	for ; n > 0 && at+8 <= len(s.chunk); at += 8 {
		ends := ^binary.LittleEndian.Uint64(s.chunk[at:]) & lasts
		if here := bits.OnesCount64(ends); here < n {
			n -= here
			continue
		}
		for ; n > 1; n-- {
			ends &= ends - 1 // without its lowest bit
		}
		s.at = at + bits.TrailingZeros64(ends)/8 + 1
		return nil
	}
	for ; n > 0 && at < len(s.chunk); at++ {
		if s.chunk[at] < 0x80 {
			n--
		}
	}
	s.at = at
	if n > 0 {
		return s.ended()
	}
	return nil
}

func (s *stream) skipBytes(n uint64) error {
	if n > uint64(len(s.chunk)-s.at) {
		return s.ended()
	}
	s.at += int(n)
	return nil
}

// place reads one place: the field, the position, where it begins and ends in
// the text, and the numbers of the value in values of values.
func (s *stream) place() (Place, error) {
	var n [5]uint64
	for i := range n {
		var err error
		if n[i], err = s.number(); err != nil {
			return Place{}, err
		}
	}
	place := Place{Pos: int(n[1])}
	for i := range n[4] {
		v, err := s.number()
		if err != nil {
			return Place{}, err
		}
		if i == 0 {
			place.Value = v
		}
	}
	return place, nil
}
