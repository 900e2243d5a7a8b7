package index

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"caravan"
	"caravan/index/thesaurus"
)

func TestMisspeltWordsAreCorrected(t *testing.T) {
	stories := []caravan.StoryDoc{
		story("en", "Innovation", "public innovation in government"),
		story("pt", "Inovação", "a inovação pública"),
		story("en", "Offices", "the langage of administration"),
	}
	for n := range 60 {
		stories = append(stories, story("en", fmt.Sprint("Plain ", n), "plain language in letters"))
	}
	i := open(t, stories...)
	tests := []struct {
		query, suggestion string
		corrected         bool
	}{
		{"inovation", "innovation", true},
		{"innovatoin government", "innovation government", true},
		{"inovacoa", "inovação", true},
		{"goverment -tax language:en", "government -tax language:en", true},
		{"innovation", "", false},
		{"innovate", "", false},
		{"langage", "language", false}, // known, but hardly
		{"plain", "", false},
		{"xyzzyxyzzy", "", false},
		{"gov", "", false},
		{`"inovation"`, "", false}, // quoted: meant so
	}
	for _, tt := range tests {
		r := search(t, i, tt.query)
		if r.Suggestion != tt.suggestion || r.Corrected != tt.corrected || tt.corrected != (r.Corrected && r.Total > 0) {
			t.Errorf("Search(%q): suggestion %q, corrected %v, total %d, want %q, %v", tt.query, r.Suggestion, r.Corrected, r.Total, tt.suggestion, tt.corrected)
		}
		if r.Query != tt.query {
			t.Errorf("Search(%q): query %q", tt.query, r.Query)
		}
	}
}

func TestCorrectionsGoByTheOtherWords(t *testing.T) {
	stories := []caravan.StoryDoc{
		story("pt", "A vida do espanhol", "que tentou matar o papa"),
		story("pt", "Pessoas presas", "por tráfico em Porto Velho"),
		story("en", "Pesos", "a rise of the pesoas"), // a slip that is in the archive
	}
	for n := range 30 {
		stories = append(stories, story("es", fmt.Sprint("El español ", n), "un idioma"))
	}
	i := open(t, stories...)
	tests := []struct{ query, suggestion string }{
		{"vida espahol papa", "vida espanhol papa"}, // though "español" is far more frequent
		{"espahol idioma", "español idioma"},
		{"espahol", "español"},
		{"pesoas tráfico porto", "pessoas tráfico porto"}, // each word is known, but not together
		{"vida pesoas", ""},
		{"viida espahol papa -idioma", "vida espanhol papa -idioma"},
		{"tentoou-matar espanhol", "tentou-matar espanhol"},
	}
	for _, tt := range tests {
		if r := search(t, i, tt.query); r.Suggestion != tt.suggestion || r.Corrected != (tt.suggestion != "") || r.Corrected != (r.Total > 0) {
			t.Errorf("Search(%q): suggestion %q, corrected %v, total %d, want %q", tt.query, r.Suggestion, r.Corrected, r.Total, tt.suggestion)
		}
	}
	r := search(t, i, "vida espahol", func(r *caravan.SearchRequest) { r.Filter.Languages = []string{"es"} })
	if r.Corrected {
		t.Errorf("a correction that finds nothing under the filter is offered: %q", r.Suggestion)
	}
	typed := func(r *caravan.SearchRequest) { r.Typed = true }
	if r := search(t, i, "espahol", typed); r.Total != 0 || r.Corrected || r.Suggestion != "español" {
		t.Errorf("as it was typed: %d hits, corrected %v, suggestion %q, want none, and español only offered", r.Total, r.Corrected, r.Suggestion)
	}
	r = search(t, i, "vida espahol", typed, func(r *caravan.SearchRequest) { r.Filter.Languages = []string{"es"} })
	if r.Suggestion != "" {
		t.Errorf("a correction that finds nothing is offered for what was typed: %q", r.Suggestion)
	}
}

func TestRareWordsAreNotTakenForMistakes(t *testing.T) {
	stories := []caravan.StoryDoc{
		story("en", "spaCy in production", "a library"),
		story("fr", "Une correspondance", "une lettre d’amour"),
		story("de", "Ein Haus", "grünes Licht für den Bau"),
	}
	for n := range 80 {
		stories = append(stories, story("en", fmt.Sprint("Letter ", n), "a green light in the space of a letter"))
	}
	i := open(t, stories...)
	for _, q := range []string{"spacy", "lettre amour", "grünes Licht"} {
		if r := search(t, i, q); r.Total == 0 || r.Suggestion != "" {
			t.Errorf("Search(%q): %d hits, suggestion %q, want none", q, r.Total, r.Suggestion)
		}
	}
}

func TestOneMistakeMadeTwiceIsCorrectedInBothPlaces(t *testing.T) {
	stories := []caravan.StoryDoc{
		story("en", "Offices", "the langage of administration"),
		story("en", "Papers", "of a pubilc kind", by("Marie Librarian")),
	}
	for n := range 60 {
		stories = append(stories, story("en", fmt.Sprint("Library ", n), "a public library-card in plain language"))
	}
	i := open(t, stories...)
	tests := []struct{ query, suggestion string }{
		{"librrary librrary", "library library"},
		{"libary libary", "library library"},
		{"librrary librrary librrary", "library library library"},
		{"librrary plain librrary", "library plain library"},
		{"librrary-librrary librrary-librrary", ""}, // corrected, it still finds nothing
		{"librrary-card librrary-card", "library-card library-card"},
		{"librrary OR librrary", "library OR library"},
		{"title:librrary title:librrary librrary", "title:library title:library library"},
		{"author:librarain author:librarain", "author:librarian author:librarian"},
		{`librrary "library" librrary`, `library "library" library`},
		{`"librrary" "librrary" librrary`, ""},
		{"librrary librrary publlic publlic languagee languagee", "library library public public language language"},
		{"pubilc plain pubilc", "public plain public"}, // known, but not together
		{"langage langage", "language language"},       // known, but hardly
	}
	for _, tt := range tests {
		if r := search(t, i, tt.query); r.Suggestion != tt.suggestion {
			t.Errorf("Search(%q): suggestion %q, total %d, want %q", tt.query, r.Suggestion, r.Total, tt.suggestion)
		}
	}
	if i.current().isBroken() {
		t.Error("a query has ended the index")
	}
}

func TestNoResultOffersWeakerQueries(t *testing.T) {
	i := open(t,
		story("pt", "Orçamento participativo", "digital", dated("2020-01-01"), from("a", "x")),
		story("pt", "Orçamento", "participativo", dated("2021-01-01")),
		story("es", "Presupuesto", "participativo digital", dated("2017-01-01")),
	)
	r := search(t, i, "orçamento participativo digital before:2018", func(r *caravan.SearchRequest) { r.Filter.Communities = []string{"x"} })
	var got []string
	for _, w := range r.Relaxed {
		got = append(got, fmt.Sprintf("%s [%s] %d", w.Query, w.Dropped, w.Total))
	}
	want := "orçamento participativo digital [before:2018] 1"
	if r.Total != 0 || strings.Join(got, "; ") != want {
		t.Errorf("relaxed = %q, want %q", got, want)
	}
	r = search(t, i, "orçamento digital before:2018")
	got = nil
	for _, w := range r.Relaxed {
		got = append(got, fmt.Sprintf("%s [%s] %d", w.Query, w.Dropped, w.Total))
	}
	want = "digital before:2018 [orçamento] 1; orçamento digital [before:2018] 1; (orçamento OR digital) before:2018 [] 1"
	if strings.Join(got, "; ") != want {
		t.Errorf("relaxed = %q, want %q", got, want)
	}
}

func TestNoResultIsExplained(t *testing.T) {
	i := open(t,
		story("en", "Hamlet", "To be or not to be, that is the question", from("globe", "theatre"), tagged("plays")),
		story("fr", "Un été", "des plages"),
	)
	tests := []struct {
		query   string
		common  bool
		quoted  string
		unknown []string
	}{
		{"to be or not to be", true, `"to be or not to be" 1`, nil},
		{"been", true, "", nil},
		{"be or to", true, "", nil}, // not in this order
		{"language:french hamlet", false, "", []string{"language:french"}},
		{"community:anglo tag:plays -source:none", false, "", []string{"community:anglo"}},
		{"zebra", false, "", nil},
	}
	for _, tt := range tests {
		r := search(t, i, tt.query)
		quoted := ""
		for _, w := range r.Relaxed {
			if w.Quoted {
				quoted = fmt.Sprint(w.Query, " ", w.Total)
			}
		}
		if r.Total != 0 || r.Common != tt.common || quoted != tt.quoted || !slices.Equal(r.Unknown, tt.unknown) {
			t.Errorf("Search(%q): total %d, common %v, quoted %q, unknown %q", tt.query, r.Total, r.Common, quoted, r.Unknown)
		}
	}
	r := search(t, i, "hamlet", func(r *caravan.SearchRequest) { r.Filter.Tags = []string{"ballet"} })
	if !slices.Equal(r.Unknown, []string{"tag:ballet"}) {
		t.Errorf("unknown of a filter: %q", r.Unknown)
	}
}

func TestThesaurusWidensSearches(t *testing.T) {
	th, problems := thesaurus.Parse("t", []byte("innovation lab = laboratoire d'innovation = laboratorio de innovación\nUNDP = PNUD\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	i := open(t,
		story("en", "Innovation labs", "how cities fund them"),
		story("fr", "Les laboratoires d’innovation", "et leur financement"),
		story("es", "Laboratorios de innovación", "su presupuesto"),
		story("fr", "Innovation", "sans laboratoire"),
		story("es", "El PNUD", "acelera"),
	)
	i.SetThesaurus(th)
	tests := []struct{ query, want, also string }{
		{"innovation lab", "Innovation labs | Laboratorios de innovación | Les laboratoires d’innovation", "laboratoire d'innovation, laboratorio de innovación"},
		{"innovation-labs cities", "Innovation labs", "laboratoire d'innovation, laboratorio de innovación"},
		{"laboratorios de innovacion", "", "innovation lab, laboratoire d'innovation"},
		{"undp", "El PNUD", "PNUD"},
		{`"innovation lab"`, "", ""},
		{"title:undp", "", ""},
		{"-undp acelera", "El PNUD", ""},
		{"undp OR cities", "El PNUD | Innovation labs", "PNUD"},
	}
	for _, tt := range tests {
		r := search(t, i, tt.query)
		if also := strings.Join(r.Also, ", "); also != tt.also {
			t.Errorf("Search(%q): also %q, want %q", tt.query, also, tt.also)
		}
		if got := titles(r); tt.want != "" && sorted(got) != tt.want {
			t.Errorf("Search(%q) = %q, want %q", tt.query, sorted(got), tt.want)
		}
	}
	if r := search(t, i, "innovation lab"); !strings.HasPrefix(titles(r), "Innovation labs") {
		t.Errorf("the reader's own words do not come first: %q", titles(r))
	}
	if r := search(t, i, "undp", func(r *caravan.SearchRequest) { r.Exact = true }); r.Total != 0 || r.Also != nil {
		t.Errorf("without the thesaurus: %d, also %q", r.Total, r.Also)
	}
	if got := search(t, i, "innovation lab").Hits[2].Title; !slices.ContainsFunc(got, func(f caravan.Fragment) bool { return f.Hit }) {
		t.Errorf("equivalents are not marked: %v", got)
	}
}

func TestEquivalentsAreNoBetterForBeingRare(t *testing.T) {
	th, _ := thesaurus.Parse("t", []byte("UNDP = PNUD\n"))
	stories := []caravan.StoryDoc{story("es", "El PNUD acelera", "PNUD")}
	for n := range 30 {
		stories = append(stories, story("en", fmt.Sprint("Report ", n), "of UNDP and its labs"))
	}
	i := open(t, stories...)
	i.SetThesaurus(th)
	r := search(t, i, "undp")
	if last := r.Hits[len(r.Hits)-1]; r.Total != 31 || last.Story != stories[0].ID {
		t.Errorf("of %d hits the equivalent is not the last: %q", r.Total, titles(r))
	}
}

func sorted(joined string) string {
	parts := strings.Split(joined, " | ")
	slices.Sort(parts)
	return strings.Join(parts, " | ")
}
