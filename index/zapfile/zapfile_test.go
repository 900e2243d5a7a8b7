package zapfile

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

const field = "text"

// segments returns the segments of an index on disk with as many documents: one
// word in all of them, one in half, one in a few and one in a single one, in
// texts of very different lengths and with two values each.
func segments(t testing.TB, docs int) []segment.Segment {
	t.Helper()
	m := bleve.NewIndexMapping()
	m.ScoringModel = "bm25"
	dir := t.TempDir() + "/index"
	idx, err := bleve.NewUsing(dir, m, scorch.Name, scorch.Name, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	b := idx.NewBatch()
	for n := range docs {
		words := []string{"everywhere"}
		for range r.IntN(120) {
			words = append(words, fmt.Sprintf("w%d", r.IntN(1+r.IntN(400))))
		}
		if n%2 == 0 {
			words = append(words, "half", "half")
		}
		if n%97 == 0 {
			words = append(words, "seldom")
		}
		if n == docs/2 {
			words = append(words, "single")
		}
		text := []string{strings.Join(words, " "), "everywhere twice"}
		if err := b.Index(fmt.Sprintf("%06d", n), map[string]any{field: text}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(idx.Batch(b), idx.Close()); err != nil {
		t.Fatal(err)
	}
	if idx, err = bleve.Open(dir); err != nil { // now all of it is in files
		t.Fatal(err)
	}
	advanced, err := idx.Advanced()
	if err != nil {
		t.Fatal(err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(reader.Close(), idx.Close()); err != nil {
			t.Error(err)
		}
	})
	var found []segment.Segment
	for _, s := range reader.(*scorch.IndexSnapshot).Segments() {
		found = append(found, s.Segment())
	}
	return found
}

func largest(all []segment.Segment) segment.Segment {
	return slices.MaxFunc(all, func(a, b segment.Segment) int { return cmp.Compare(a.Count(), b.Count()) })
}

// An entry is what zapx says of a document.
type entry struct {
	frequency, length uint64
	places            string
}

// viaZapx returns all of a term's postings as zapx reads them.
func viaZapx(t testing.TB, s segment.Segment, term string) map[uint32]entry {
	t.Helper()
	dict, err := s.Dictionary(field)
	if err != nil {
		t.Fatal(err)
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[uint32]entry)
	for it := list.Iterator(true, true, true, nil); ; {
		p, err := it.Next()
		if err != nil {
			t.Fatal(err)
		}
		if p == nil {
			return found
		}
		var places []Place
		for _, l := range p.Locations() {
			places = append(places, Place{Value: slices.Max(append(l.ArrayPositions(), 0)), Pos: int(l.Pos())})
		}
		found[uint32(p.Number())] = entry{p.Frequency(), p.(interface{ NormUint64() uint64 }).NormUint64(), fmt.Sprint(places)}
	}
}

func TestPostingsAreWhatZapxReads(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	seen := make(map[string]int)
	for _, s := range segments(t, 5000) { // more than one chunk
		f := Open(s)
		if f == nil || !f.Of(s) {
			t.Fatalf("a %T is not read", s)
		}
		p := new(Postings) // one for all, as searches use it
		for _, term := range []string{"everywhere", "half", "seldom", "single", "twice", "w0", "w7", "w399", "nowhere"} {
			want := viaZapx(t, s, term)
			seen[term] += len(want)
			docs := roaring.New()
			if err := f.Docs(field, term, docs); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(docs.ToArray(), slices.Sorted(maps.Keys(want))) {
				t.Errorf("Docs(%q) = %d documents, want %d", term, docs.GetCardinality(), len(want))
			}
			for _, step := range []int{1, 3, 40, 1500} { // from all documents to one of a few chunks
				there, err := f.Find(field, term, p)
				if err != nil {
					t.Fatal(err)
				}
				if there != (len(want) > 0) {
					t.Fatalf("Find(%q) = %v, want %d documents", term, there, len(want))
				}
				for doc := 0; there && doc < int(s.Count())+70; doc += 1 + r.IntN(step) {
					check(t, p, term, uint32(doc), want)
				}
			}
		}
		everyOther(t, f, p, viaZapx(t, s, "half"))
		if there, err := f.Find("no such field", "half", p); there || err != nil {
			t.Errorf("a field that is not there: %v, %v", there, err)
		}
	}
	if seen["everywhere"] != 5000 || seen["seldom"] != 52 || seen["single"] != 1 || seen["nowhere"] != 0 {
		t.Errorf("the segments have these words: %v", seen)
	}
}

// everyOther checks what Each gives for documents of which half have the word,
// as they are numbered behind other segments.
func everyOther(t *testing.T, f *File, p *Postings, want map[uint32]entry) {
	t.Helper()
	const start = 1000
	var docs []uint32
	for doc := range uint32(f.docs) {
		if doc%3 != 1 {
			docs = append(docs, start+doc)
		}
	}
	if _, err := f.Find(field, "half", p); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := p.Each(docs, start, func(i int, frequency, length uint64) {
		n++
		if w := want[docs[i]-start]; w.frequency != frequency || w.length != length {
			t.Errorf("document %d: %d of %d, want %d of %d", docs[i]-start, frequency, length, w.frequency, w.length)
		}
	}); err != nil {
		t.Fatal(err)
	}
	for doc := range want {
		if doc%3 != 1 {
			n--
		}
	}
	if n != 0 {
		t.Errorf("%d documents too many", n)
	}
}

func check(t *testing.T, p *Postings, term string, doc uint32, want map[uint32]entry) {
	t.Helper()
	w, wanted := want[doc]
	for range 2 { // the same document may be sought again
		there, err := p.Seek(doc)
		if err != nil {
			t.Fatal(err)
		}
		if there != wanted {
			t.Fatalf("Seek(%d) for %q = %v, want %v", doc, term, there, wanted)
		}
	}
	if !wanted {
		return
	}
	got := entry{p.now.frequency, p.now.length, w.places}
	if doc%3 != 0 { // places may be left out
		places, err := p.Places(nil)
		if err != nil {
			t.Fatal(err)
		}
		got.places = fmt.Sprint(places)
	}
	if got != w {
		t.Fatalf("%q in %d: %v, want %v", term, doc, got, w)
	}
}

func TestSegmentsInMemoryAreLeftToZapx(t *testing.T) {
	if f := Open(struct{}{}); f != nil || f.Of(struct{}{}) {
		t.Errorf("Open = %v, want nothing", f)
	}
}

// A spoilt segment is a real one whose bytes somebody changed.
type spoilt struct {
	source
	data []byte
}

func (s spoilt) Data() []byte { return s.data }

func TestDamageIsAnError(t *testing.T) {
	s := largest(segments(t, 3000)).(source)
	whole := s.Data()
	r := rand.New(rand.NewPCG(5, 6))
	damaged := 0
	for range 100 {
		data := slices.Clone(whole[:len(whole)-r.IntN(2)*r.IntN(len(whole))])
		at, err := s.DictAddr(field)
		if err != nil {
			t.Fatal(err)
		}
		for range 40 { // all but the dictionary, which vellum reads
			if n := r.IntN(len(data)); n < int(at)-8 {
				data[n] = byte(r.Uint32())
			}
		}
		err = readAll(Open(spoilt{s, data}))
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%v is not of class ErrDamaged", err)
		}
		if err != nil {
			damaged++
		}
	}
	if damaged == 0 {
		t.Error("no damage was noticed")
	}
}

// readAll reads the postings of some words whole.
func readAll(f *File) error {
	p := new(Postings)
	for _, term := range []string{"everywhere", "half", "seldom", "w3"} {
		there, err := f.Find(field, term, p)
		if err == nil {
			err = f.Docs(field, term, roaring.New())
		}
		if err != nil {
			return err
		}
		for doc := uint32(0); there && doc < uint32(f.docs); doc++ {
			ok, err := p.Seek(doc)
			if err == nil && ok {
				_, err = p.Places(nil)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// A set of documents that the segment does not have would lead readers astray.
func TestDocumentsBehindTheLastAreDamage(t *testing.T) {
	f := &File{docs: 100}
	for doc, damaged := range map[uint32]bool{0: false, 99: false, 100: true, 1 << 31: true} {
		list, err := roaring.BitmapOf(doc).ToBytes()
		if err != nil {
			t.Fatal(err)
		}
		used := false
		if err := f.set(list, func(*roaring.Bitmap) { used = true }); errors.Is(err, ErrDamaged) != damaged || used == damaged {
			t.Errorf("document %d of 100: %v", doc, err)
		}
	}
	s := stream{}
	if err := s.open(binary.AppendUvarint([]byte{0}, 1<<40), 1, 100); !errors.Is(err, ErrDamaged) {
		t.Errorf("a stream of 2^40 chunks: %v", err)
	}
}

func FuzzChunk(f *testing.F) {
	f.Add([]byte{3, 200, 1, 5, 9, 1, 2}, []byte{7, 0, 1, 0, 4, 1, 3, 7, 0, 1, 0, 4, 1, 3}, uint16(5))
	f.Add([]byte{0xff}, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, uint16(1))
	f.Fuzz(func(t *testing.T, freqs, places []byte, docs uint16) {
		p := new(Postings)
		p.clear()
		set := roaring.BitmapOf(uint32(docs)/3, uint32(docs)/2, uint32(docs))
		p.setDocs(set)
		p.perChunk = 1 << 16
		p.freqs.ends, p.freqs.data = []uint64{uint64(len(freqs))}, freqs
		p.places.ends, p.places.data = []uint64{uint64(len(places))}, places
		for it := set.Iterator(); it.HasNext(); {
			there, err := p.Seek(it.Next())
			if err == nil {
				_, err = p.Places(nil)
			}
			if err != nil && !errors.Is(err, ErrDamaged) || err == nil && !there {
				t.Fatalf("%v, %v", there, err)
			}
			if err != nil {
				return
			}
		}
	})
}

func FuzzSkipNumbers(f *testing.F) {
	f.Add([]byte{1, 0x80, 1, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 5, 6, 7, 8, 9, 10, 0x90, 2}, uint8(7))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		want := 0 // place behind the n-th byte that ends a number
		for left := int(n); left > 0; want++ {
			if want == len(data) {
				want = -1
				break
			}
			if data[want] < 0x80 {
				left--
			}
		}
		s := stream{chunk: data}
		if err := s.skipNumbers(int(n)); (err == nil) != (want >= 0) || err == nil && s.at != want {
			t.Errorf("skip %d numbers of %x: at %d, %v; want %d", n, data, s.at, err, want)
		}
	})
}

// BenchmarkRare reads the postings of a frequent word in the documents with a
// rare one, as a search for both does.
func BenchmarkRare(b *testing.B) {
	s := largest(segments(b, 20_000))
	docs := slices.Sorted(maps.Keys(viaZapx(b, s, "seldom")))
	b.Run("zapfile", func(b *testing.B) {
		f, p := Open(s), new(Postings)
		for b.Loop() {
			if _, err := f.Find(field, "everywhere", p); err != nil {
				b.Fatal(err)
			}
			for _, doc := range docs {
				if _, err := p.Seek(doc); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("zapx", func(b *testing.B) {
		dict, err := s.Dictionary(field)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			list, err := dict.PostingsList([]byte("everywhere"), nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			it := list.Iterator(true, true, false, nil)
			for _, doc := range docs {
				if _, err := it.Advance(uint64(doc)); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
