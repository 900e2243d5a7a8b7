package view

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"caravan"
	"caravan/index/schema"
	"caravan/index/schema/schematest"
	"caravan/index/zapfile"
)

// open opens a view of stories, each batch a segment.
func open(t *testing.T, batches ...[]caravan.StoryDoc) *View {
	t.Helper()
	v, err := Open(t.Context(), schematest.Reader(t, batches...), new(Columns))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// What the reader of postings finds is what bleve's own finds, over several
// segments with deleted documents in them, in files and not.
func TestPostingsAreReadAsBleveReadsThem(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	vocabulary := strings.Fields("alpha beta gamma delta epsilon zeta")
	batches := make([][]caravan.StoryDoc, 6)
	for b := range batches {
		for range 40 {
			var text []string
			for range 1 + r.IntN(30) {
				text = append(text, vocabulary[r.IntN(1+r.IntN(len(vocabulary)))])
			}
			batches[b] = append(batches[b], schematest.Story(fmt.Sprintf("%016d", r.IntN(120)), "xx", "", strings.Join(text, " ")))
		}
	}
	v := open(t, batches...)
	if len(v.segments) < 2 {
		t.Fatalf("the index has %d segments", len(v.segments))
	}
	for k := range v.segments {
		if v.segments[k].file == nil {
			t.Fatalf("segment %d is not read from its file", k)
		}
		if k%2 == 1 {
			v.segments[k].file = nil // as one that is not in a file yet
		}
	}
	for _, term := range append(vocabulary, "nowhere") {
		want := viaBleve(t, v, schema.BodyField("xx"), term)
		checkPlaces(t, v, term, want)
		checkFrequencies(t, v, term, want)
	}
}

// checkPlaces compares the places of a term in every document.
func checkPlaces(t *testing.T, v *View, term string, want map[uint32]string) {
	t.Helper()
	p := v.Places(schema.BodyField("xx"), term)
	defer p.Release()
	for _, doc := range v.All().ToArray() {
		places, err := p.At(doc)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(places); len(places) > 0 && got != want[doc] || len(places) == 0 && want[doc] != "" {
			t.Errorf("%s in %d: %v, want %s", term, doc, got, want[doc])
		}
	}
}

// checkFrequencies compares how often every seventh document has a term.
func checkFrequencies(t *testing.T, v *View, term string, want map[uint32]string) {
	t.Helper()
	p := v.Frequencies(schema.BodyField("xx"), term)
	defer p.Release()
	var docs, found, wanted []uint32
	for k, doc := range v.All().ToArray() {
		if k%7 != 0 {
			continue
		}
		if docs = append(docs, doc); want[doc] != "" {
			wanted = append(wanted, doc)
		}
	}
	for rest := docs; len(rest) > 0; {
		n, err := p.Each(rest, func(i int, frequency, length float64) {
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

// viaBleve returns the places of a term by document, as bleve's reader has them.
func viaBleve(t *testing.T, v *View, field, term string) map[uint32]string {
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

func TestAveragesAreOverTheDocumentsThatAreLeft(t *testing.T) {
	words := func(n int) string { return strings.Repeat("foresight ", n) }
	v := open(t,
		[]caravan.StoryDoc{schematest.Story("a", "en", "One", words(10)), schematest.Story("b", "en", "Two", words(1000))},
		[]caravan.StoryDoc{schematest.Story("b", "en", "Two of them", words(20))}, // in place of the first
	)
	for field, want := range map[string]float64{
		schema.BodyField("en"):  15,
		schema.TitleField("en"): 2,
		schema.BodyField("fr"):  1, // nothing is known
	} {
		if got := v.Average(field); math.Abs(got-want) > 1e-9 {
			t.Errorf("Average(%s) = %v, want %v", field, got, want)
		}
	}
	if got := v.Groups(); !slices.Equal(got, []string{"en"}) {
		t.Errorf("Groups = %q, want en alone", got)
	}
	if got := v.Docs(); got != 2 {
		t.Errorf("Docs = %d, want 2", got)
	}
}

func TestNamesReadAheadAreTheSame(t *testing.T) {
	var stories []caravan.StoryDoc
	for n := range manyDocs {
		s := schematest.Story(fmt.Sprintf("%016d", n), "en", "", "text")
		s.Members[0].Authors = []string{fmt.Sprintf("Za%d Person", n%(mostAlike*3))}
		stories = append(stories, s)
	}
	v := open(t, stories)
	offered := func() string {
		names, err := v.Offered(t.Context(), schema.KindAuthor, "za")
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(names)
	}
	before := offered()
	if err := v.ReadNames(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v.segments[0].column.offers.Load() == nil {
		t.Fatal("a large segment has no table of names")
	}
	if after := offered(); after != before || !strings.Contains(after, "Za0 Person 4") {
		t.Errorf("names read ahead are %s, before %s", after, before)
	}
}

func TestInitialIsAnyBeginning(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	batches := make([][]caravan.StoryDoc, 3)
	for b := range batches {
		for n := range 60 {
			title := make([]rune, 1+r.IntN(4))
			for i := range title {
				title[i] = []rune("aabéxyzñ7")[r.IntN(9)]
			}
			batches[b] = append(batches[b], schematest.Story(fmt.Sprintf("%016d", b*60+n), "xx", string(title), ""))
		}
	}
	v := open(t, batches...)
	for _, letter := range []string{"a", "b", "e", "n", "7", "q", "z"} {
		got, err := v.Initial(t.Context(), schema.FieldEdges, letter)
		if err != nil {
			t.Fatal(err)
		}
		want, err := v.Beginning(t.Context(), schema.FieldEdges, letter)
		if err != nil || !got.Equals(want) {
			t.Errorf("Initial(%s) = %s, want %s (%v)", letter, got, want, err)
		}
	}
}
