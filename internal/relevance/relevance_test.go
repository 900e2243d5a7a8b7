package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"caravan"
	"caravan/index/thesaurus"
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

func TestQueriesAreChangedByTheRules(t *testing.T) {
	tests := []struct{ word, language, want string }{
		{"city", "en", "cities"}, {"labs", "en", "lab"}, {"local", "fr", "locaux"}, {"innovación", "es", "innovaciones"},
		{"luz", "es", "luces"}, {"inovações", "pt", "inovação"}, {"digital", "pt", "digitais"},
	}
	for _, tt := range tests {
		if got := numbered(tt.word, tt.language); got != tt.want {
			t.Errorf("numbered(%q, %s) = %q, want %q", tt.word, tt.language, got, tt.want)
		}
	}
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
