package schema

import (
	"fmt"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"

	"caravan/index/words"
)

// An analyzeFunc makes a function an analyzer of bleve's.
type analyzeFunc func(text string) analysis.TokenStream

// Analyze calls f.
func (f analyzeFunc) Analyze(text []byte) analysis.TokenStream { return f(string(text)) }

// analyzers returns every analyzer of the mapping, by name.
func analyzers() map[string]analysis.Analyzer {
	all := map[string]analysis.Analyzer{
		"caravan_set":  analyzeFunc(setOf),
		"caravan_edge": analyzeFunc(edgesOf),
	}
	for _, g := range words.Groups() {
		a := words.For(g)
		all["caravan_title_"+g] = analyzeFunc(func(text string) analysis.TokenStream { return stemsOf(a, text, true) })
		all["caravan_body_"+g] = analyzeFunc(func(text string) analysis.TokenStream { return stemsOf(a, text, false) })
	}
	return all
}

// Register gives bleve the analyzers of the mapping, which it finds by name in a
// registry of its own. That must be done before an index is made or opened; the
// first call does it.
func Register() error { return register() }

var register = sync.OnceValue(func() error {
	for name, analyze := range analyzers() {
		err := registry.RegisterAnalyzer(name, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
			return analyze, nil
		})
		if err != nil {
			return fmt.Errorf("register analyzer %s: %w", name, err)
		}
	}
	return nil
})

// stemsOf returns the stems of text with their places, with or without the
// stop words.
func stemsOf(a *words.Analyzer, text string, stops bool) analysis.TokenStream {
	terms := a.Terms(text)
	tokens := make([]analysis.Token, len(terms))
	stream := make(analysis.TokenStream, 0, len(terms))
	for i, t := range terms {
		if t.Stop && !stops {
			continue
		}
		tokens[i] = analysis.Token{Term: []byte(t.Stem), Start: t.Start, End: t.End, Position: t.Pos}
		stream = append(stream, &tokens[i])
	}
	return stream
}

// setOf returns each word of text once, unstemmed: the words that beginnings
// and misspellings are compared with.
func setOf(text string) analysis.TokenStream {
	seen := make(map[string]bool)
	var stream analysis.TokenStream
	for _, t := range words.Tokens(text) {
		if !seen[t.Text] {
			seen[t.Text] = true
			stream = append(stream, &analysis.Token{Term: []byte(t.Text), Start: t.Start, End: t.End, Position: t.Pos})
		}
	}
	return stream
}

// Lengths of the beginnings of a title's words that are looked up as the reader
// types; longer ones are found among the whole words.
const (
	ShortestEdge = 2
	LongestEdge  = 12
)

// edgesOf returns the beginnings of the words of text, and the words.
func edgesOf(text string) analysis.TokenStream {
	seen := make(map[string]bool)
	var stream analysis.TokenStream
	for _, t := range words.Tokens(text) {
		n := 0
		for i := range t.Text + "." { // every boundary between characters
			end := min(i, len(t.Text))
			long := n > LongestEdge && end < len(t.Text)
			short := n < ShortestEdge && !(end == len(t.Text) || n == 1 && words.Dense(t.Text))
			n++
			if end == 0 || long || short || seen[t.Text[:end]] {
				continue
			}
			seen[t.Text[:end]] = true
			stream = append(stream, &analysis.Token{Term: []byte(t.Text[:end]), Start: t.Start, End: t.End, Position: t.Pos})
		}
	}
	return stream
}

// Edge returns the beginning, a term of [FieldEdges], under which a word being typed is looked up.
func Edge(beginning string) string {
	n := 0
	for i := range beginning {
		if n == LongestEdge {
			return beginning[:i]
		}
		n++
	}
	return beginning
}
