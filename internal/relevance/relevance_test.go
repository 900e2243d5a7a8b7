package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caravan"
	"caravan/index/thesaurus"
	"caravan/index/words"
)

func TestThesaurusRaisesTheRecall(t *testing.T) {
	articles := readArticles(articlesText)
	topics := make(map[string]string)
	docs := make([]caravan.StoryDoc, len(articles))
	for k, a := range articles {
		docs[k], topics[a.doc.ID] = a.doc, a.topic
	}
	if len(topics) != len(articles) {
		t.Errorf("%d articles have %d ids", len(articles), len(topics))
	}
	i, done, err := open(t.Context(), docs)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	data, err := os.ReadFile("../../thesaurus.txt")
	if err != nil {
		t.Fatal(err)
	}
	equivalents, _ := thesaurus.Parse("thesaurus.txt", data)
	i.SetThesaurus(equivalents)
	wide, err := judgeAll(t.Context(), i, topics, false)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := judgeAll(t.Context(), i, topics, true)
	if err != nil {
		t.Fatal(err)
	}
	n := float64(wide.queries)
	if n < 60 || wide.recall/n < 0.95 || wide.gain/n < 0.95 || wide.recall < 2*plain.recall || plain.precision/n < 0.95 {
		t.Errorf("with the thesaurus %+v, without %+v", wide, plain)
	}
}

// The bars of issue 5, over a part of the articles; testdata/figures.txt has the
// figures over all of them.
func TestKnownItemsAreFound(t *testing.T) {
	shared := os.Getenv("CARAVAN_SHARED")
	if shared == "" {
		t.Skip("CARAVAN_SHARED is not set")
	}
	docs, err := readCorpus(filepath.Join(shared, "corpus"))
	if err != nil {
		t.Fatal(err)
	}
	english := 0
	docs = slices.DeleteFunc(docs, func(d doc) bool { // most are English
		if words.Group(d.Language) == "en" {
			english++
		}
		return words.Group(d.Language) == "en" && english%6 != 0
	})
	figures, err := known(t.Context(), io.Discard, docs, options{most: 25})
	if err != nil {
		t.Fatal(err)
	}
	if len(figures) != 50 {
		t.Errorf("%d figures, want ten kinds in four languages and over all", len(figures))
	}
	for _, f := range figures {
		first, ten, mrr := 0.0, 0.90, 0.0
		switch {
		case f.language != "":
		case f.kind == "three telling words":
			mrr, ten = 0.80, 0.95
		case f.kind == "title":
			first, ten = 0.97, 0.97
		default:
			ten = 0.93
		}
		if f.n < 10 || f.share(f.first) < first || f.share(f.ten) < ten || f.mrr() < mrr {
			t.Errorf("%s %s: of %d first %.3f, recall@10 %.3f, MRR %.3f; want %.2f, %.2f, %.2f",
				f.kind, f.language, f.n, f.share(f.first), f.share(f.ten), f.mrr(), first, ten, mrr)
		}
	}
}

func TestQueriesAreChangedByTheRules(t *testing.T) {
	corpus := strings.Fields("cities lab crashes locaux réseau innovaciones lápices país países ingleses ciudades imagem digitais papel cidadãos aplica")
	tests := []struct{ query, language, want string }{
		{"smart City labs", "en", "smart Cities lab"},
		{"the evaluation", "en", "the evaluations"},
		{"says was boxed large box crash", "en", "says was boxed large box crashes"},
		{"acteur local des réseaux", "fr", "acteurs locaux des réseau"},
		{"Le Clash de Daniel Pennac", "fr", ""},
		{"innovación y lápiz del inglés", "es", "innovaciones y lápices del ingleses"},
		{"el país aumentó las ciudad", "es", "el países aumentó las ciudades"},
		{"inovações digital: imagens, papéis!", "pt", "inovação digital: imagens, papéis!"},
		{"imagens digital papéis cidadão", "pt", "imagem digitais papel cidadãos"},
		{"trocando Putin mais aplicou", "pt", ""},
	}
	for _, tt := range tests {
		f := inflector{language: tt.language, known: func(w string) bool { return slices.Contains(corpus, w) }}
		if got := f.inflect(tt.query); got != tt.want {
			t.Errorf("%s: inflect(%q) = %q, want %q", tt.language, tt.query, got, tt.want)
		}
	}
}

func TestSlipsAreOfOneLongWord(t *testing.T) {
	d := doc{}
	if got := slip("open innovation", d); got == "open innovation" || !strings.HasPrefix(got, "open ") {
		t.Errorf("slip = %q", got)
	}
	if got := slip("open lab", d); got != "" {
		t.Errorf("slip of short words = %q, want none", got)
	}
	if err := run(t.Context(), []string{"--nonsense"}, io.Discard); err == nil {
		t.Error("an unknown flag is taken")
	}
}
