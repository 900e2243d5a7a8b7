// Package zapfile reads frequencies, lengths and places of terms straight from
// the segment files of bleve's index, in the format that zapx describes in its
// zap.md, version 17.
//
// zapx itself goes through a list of postings one by one, because what it keeps
// of a document can only be found behind what it keeps of those before. That
// makes the rarer of two words cost as much as the more frequent. Here the
// postings between are skipped eight bytes at a time, which is what makes two
// words searched for in half a million articles a matter of a few milliseconds.
// What this package cannot read, other versions and segments that are not in a
// file yet, it says so, and zapx reads it.
package zapfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/blevesearch/vellum"
)

// ErrDamaged is the class of errors about files that break the format.
var ErrDamaged = errors.New("segment file is damaged")

// version is the one version of the format that is read here.
const version = 17

// A source is what zapx tells of a segment in a file.
type source interface {
	Data() []byte
	Version() uint32
	ChunkMode() uint32
	NumDocs() uint64
	DictAddr(field string) (uint64, error)
}

// A File is a segment in a file. It may be read only as long as its segment is
// open. It is safe for concurrent use.
type File struct {
	segment   source
	data      []byte
	docs      uint64
	chunkMode uint32

	mu    sync.Mutex
	dicts map[string]*vellum.FST // by field; nil for a field that is not there
}

// Open returns the file of a segment, nil when it has none that can be read
// here.
func Open(segment any) *File {
	s, ok := segment.(source)
	if !ok || s.Version() != version || index.ReaderHook != nil {
		return nil
	}
	return &File{segment: s, data: s.Data(), docs: s.NumDocs(), chunkMode: s.ChunkMode(), dicts: make(map[string]*vellum.FST)}
}

// Of reports whether f is the file of a segment.
func (f *File) Of(segment any) bool {
	s, ok := segment.(source)
	return f != nil && ok && f.segment == s
}

// Docs adds the documents with a term in a field to a set, with those that were
// deleted since. The set may use the file's memory from then on.
func (f *File) Docs(field, term string, to *roaring.Bitmap) error {
	value, there, err := f.lookUp(field, term)
	if err != nil || !there {
		return err
	}
	if value&encoding == oneHit {
		doc := value & mask31Bit
		if doc >= f.docs {
			return fmt.Errorf("read documents with %q in %s: %w: document %d of %d", term, field, ErrDamaged, doc, f.docs)
		}
		to.Add(uint32(doc))
		return nil
	}
	_, _, list, err := f.parts(value)
	if err == nil {
		err = f.set(list, func(docs *roaring.Bitmap) { to.Or(docs) })
	}
	if err != nil {
		return fmt.Errorf("read documents with %q in %s: %w", term, field, err)
	}
	return nil
}

// set reads a set of documents as it is kept, and lets use have it. roaring
// trusts what it reads: its panics are damage as well.
func (f *File) set(list []byte, use func(*roaring.Bitmap)) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, fault)
		}
	}()
	docs := roaring.New()
	if _, err := docs.FromBuffer(list); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if !docs.IsEmpty() && uint64(docs.Maximum()) >= f.docs {
		return fmt.Errorf("%w: document %d of %d", ErrDamaged, docs.Maximum(), f.docs)
	}
	use(docs)
	return nil
}

// Find makes p the documents with a term in a field; it reports whether there
// are any. What p held before is gone, its memory used again. The field must be
// indexed with frequencies.
func (f *File) Find(field, term string, p *Postings) (bool, error) {
	value, there, err := f.lookUp(field, term)
	if err != nil || !there {
		return false, err
	}
	if err := f.open(value, p); err != nil {
		return false, fmt.Errorf("open postings of %q in %s: %w", term, field, err)
	}
	return true, nil
}

// lookUp returns what the dictionary of a field has for a term.
func (f *File) lookUp(field, term string) (value uint64, there bool, err error) {
	dict, err := f.dictionary(field)
	if err != nil || dict == nil {
		return 0, false, err
	}
	value, there, err = dict.Get([]byte(term))
	if err != nil {
		return 0, false, fmt.Errorf("look %q up in the dictionary of %s: %w: %w", term, field, ErrDamaged, err)
	}
	return value, there, nil
}

// dictionary returns the terms of a field, nil when no document has the field.
func (f *File) dictionary(field string) (*vellum.FST, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d, ok := f.dicts[field]; ok {
		return d, nil
	}
	at, err := f.segment.DictAddr(field)
	if err != nil { // the only one it knows: there is no such field
		f.dicts[field] = nil
		return nil, nil
	}
	data, err := sized(f.data, at)
	if err != nil {
		return nil, fmt.Errorf("read dictionary of %s: %w", field, err)
	}
	d, err := vellum.Load(data)
	if err != nil {
		return nil, fmt.Errorf("read dictionary of %s: %w: %w", field, ErrDamaged, err)
	}
	f.dicts[field] = d
	return d, nil
}

// How a dictionary's values are to be understood: as the place of a list, or as
// the one document itself.
const (
	encoding  = uint64(0xc000000000000000)
	oneHit    = uint64(0x8000000000000000)
	mask31Bit = uint64(0x7fffffff)
)

// open makes p the postings that a dictionary's value leads to.
func (f *File) open(value uint64, p *Postings) error {
	p.clear()
	if value&encoding == oneHit {
		p.single(uint32(value&mask31Bit), value>>31&mask31Bit)
		return nil
	}
	freqs, places, list, err := f.parts(value)
	if err != nil {
		return err
	}
	if err := f.set(list, func(docs *roaring.Bitmap) {
		p.setDocs(docs)
		p.perChunk = chunkSize(f.chunkMode, docs.GetCardinality(), f.docs)
	}); err != nil {
		return err
	}
	if p.perChunk == 0 {
		return fmt.Errorf("%w: chunk mode %d with %d documents", ErrDamaged, f.chunkMode, f.docs)
	}
	most := f.docs/uint64(p.perChunk) + 1
	if err := p.freqs.open(f.data, freqs, most); err != nil {
		return err
	}
	return p.places.open(f.data, places, most)
}

// parts returns where a list of postings has its frequencies and its places, and
// the set of its documents.
func (f *File) parts(at uint64) (freqs, places uint64, docs []byte, err error) {
	if freqs, at, err = uvarint(f.data, at); err != nil {
		return 0, 0, nil, err
	}
	if places, at, err = uvarint(f.data, at); err != nil {
		return 0, 0, nil, err
	}
	docs, err = sized(f.data, at)
	return freqs, places, docs, err
}

// chunkSize returns how many document numbers are in one chunk; see getChunkSize
// in zapx. It is 0 for what cannot be.
func chunkSize(mode uint32, postings, docs uint64) uint32 {
	switch {
	case mode <= 1024:
		return mode
	case mode == 1025 && postings > 1024:
		return 1024
	case mode == 1025:
		return uint32(docs)
	case mode == 1026:
		return uint32(docs / (postings/1024 + 1))
	}
	return 0
}

// uvarint reads a number, and returns where the next one begins.
func uvarint(data []byte, at uint64) (value, next uint64, err error) {
	if at >= uint64(len(data)) {
		return 0, 0, fmt.Errorf("%w: place %d of %d", ErrDamaged, at, len(data))
	}
	v, n := binary.Uvarint(data[at:])
	if n <= 0 {
		return 0, 0, fmt.Errorf("%w: no number at %d", ErrDamaged, at)
	}
	return v, at + uint64(n), nil
}

// sized returns the bytes behind a number that says how many they are.
func sized(data []byte, at uint64) ([]byte, error) {
	n, at, err := uvarint(data, at)
	if err != nil {
		return nil, err
	}
	if n > uint64(len(data))-at {
		return nil, fmt.Errorf("%w: %d bytes at %d of %d", ErrDamaged, n, at, len(data))
	}
	return data[at : at+n], nil
}
