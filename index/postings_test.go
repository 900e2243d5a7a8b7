package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"caravan/index/zapfile"
)

// What the reader of postings finds is what bleve's own finds, over several
// segments with deleted documents in them.
func TestPostingsAreReadAsBleveReadsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	m := newMemory()
	i := openWith(t, config(t, m))
	vocabulary := strings.Fields("alpha beta gamma delta epsilon zeta")
	for batch := range 6 {
		for n := range 40 {
			var text []string
			for range 1 + r.IntN(30) {
				text = append(text, vocabulary[r.IntN(1+r.IntN(len(vocabulary)))])
			}
			s := story("xx", "", strings.Join(text, " "))
			if s.ID = fmt.Sprintf("%016d", r.IntN(120)); batch == 0 {
				s.ID = fmt.Sprintf("%016d", n)
			}
			m.put(s)
		}
		if err := i.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	v, err := i.current().view(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	if len(v.segments) < 2 {
		t.Fatalf("the index has %d segments", len(v.segments))
	}
	for _, term := range append(vocabulary, "nowhere") {
		want := viaBleve(t, v, bodyField("xx"), term)
		p := v.places(bodyField("xx"), term)
		for it := v.all().Iterator(); it.HasNext(); {
			doc := it.Next()
			places, err := p.at(doc)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(places); len(places) > 0 && got != want[doc] || len(places) == 0 && want[doc] != "" {
				t.Errorf("%s in %d: %v, want %s", term, doc, got, want[doc])
			}
		}
		skipping := postingReader{v: v, field: bodyField("xx"), term: term}
		var docs, found, wanted []uint32
		for k, doc := range v.all().ToArray() {
			if k%7 != 0 {
				continue
			}
			if docs = append(docs, doc); want[doc] != "" {
				wanted = append(wanted, doc)
			}
		}
		for rest := docs; len(rest) > 0; {
			n, err := skipping.each(rest, func(i int, frequency, length float64) {
				found = append(found, rest[i])
				if places := strings.Count(want[rest[i]], "{"); int(frequency) != places || length < frequency {
					t.Errorf("%d has %v terms, %v of them %s; want %d", rest[i], length, frequency, term, places)
				}
			})
			if err != nil || n == 0 {
				t.Fatal(n, err)
			}
			rest = rest[n:]
		}
		if !slices.Equal(found, wanted) {
			t.Errorf("%s is in %v, want %v", term, found, wanted)
		}
	}
}

// viaBleve returns the places of a term by document, as bleve's reader has them.
func viaBleve(t *testing.T, v *view, field, term string) map[uint32]string {
	t.Helper()
	tfr, err := v.r.TermFieldReader(t.Context(), []byte(term), field, true, true, true)
	if err != nil {
		t.Fatal(err)
	}
	defer tfr.Close()
	found := make(map[uint32]string)
	for {
		d, err := tfr.Next(nil)
		if err != nil {
			t.Fatal(err)
		}
		if d == nil {
			return found
		}
		var places []zapfile.Place
		for _, l := range d.Vectors {
			places = append(places, zapfile.Place{Value: slices.Max(append(l.ArrayPositions, 0)), Pos: int(l.Pos)})
		}
		found[uint32(d.ID.Value())] = fmt.Sprint(places)
	}
}
