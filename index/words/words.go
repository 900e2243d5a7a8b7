// Package words takes text apart for searching: tokens, folding, stop words
// and stems, for each language that the index knows and for all others.
//
// Text and query go through the same functions, so that accents, case,
// apostrophes and hyphens never decide whether an article is found. Everything
// here is a pure function over values and safe for concurrent use.
package words

import (
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
)

// Version changes whenever the same text gives other terms than before: an
// index made under another version must be rebuilt.
const Version = 3

// Other is the group of all languages without rules of their own: their words
// are folded and not stemmed.
const Other = "xx"

// Groups are the languages with rules of their own, by primary subtag, and
// [Other].
func Groups() []string {
	return []string{"en", "fr", "es", "pt", "de", "it", "nl", Other}
}

// Group returns the group whose rules apply to text in a language given as a
// BCP 47 tag.
func Group(language string) string {
	switch sub := Primary(language); sub {
	case "en", "fr", "es", "pt", "de", "it", "nl":
		return sub
	}
	return Other
}

// Primary returns the primary subtag of a BCP 47 tag in lower case: "pt" for
// "pt-BR".
func Primary(language string) string {
	sub, _, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	return strings.ToLower(sub)
}

// A Term is one word of a text as the index holds it.
type Term struct {
	Token
	Stem string // what is looked up
	Stop bool   // so common that bodies are indexed without it
}

// An Analyzer turns the text of one language group into terms.
type Analyzer struct {
	stop map[string]bool
	stem func([]Term)
}

// For returns the analyzer of a group; an unknown group is [Other].
func For(group string) *Analyzer {
	set := analyzers()
	if a, ok := set[group]; ok {
		return a
	}
	return set[Other]
}

// Terms returns the terms of text in reading order. Stop words are among them,
// marked, so that the distances between the others are known.
func (a *Analyzer) Terms(text string) []Term {
	tokens := Tokens(text)
	terms := make([]Term, len(tokens))
	for i, t := range tokens {
		terms[i] = Term{Token: t, Stem: t.Text, Stop: a.stop[t.Text]}
	}
	if a.stem != nil {
		a.stem(terms)
	}
	return terms
}

// analyzers holds what never changes once made: the stop words take a moment
// to read.
var analyzers = sync.OnceValue(func() map[string]*Analyzer {
	return map[string]*Analyzer{
		"en":  {stop: stopSet(en.EnglishStopWords), stem: apart(apartEnglish, filtered(eachToken(stemEnglish), en.NewEnglishStemmerFilter()))},
		"fr":  {stop: stopSet(fr.FrenchStopWords), stem: filtered(eachToken(stemFrench), fr.NewFrenchLightStemmerFilter())},
		"es":  {stop: stopSet(es.SpanishStopWords), stem: each(stemSpanish)},
		"pt":  {stop: stopSet(pt.PortugueseStopWords), stem: each(stemPortuguese)},
		"de":  {stop: stopSet(de.GermanStopWords), stem: filtered(eachToken(stemGerman), de.NewGermanNormalizeFilter(), de.NewGermanLightStemmerFilter())},
		"it":  {stop: stopSet(it.ItalianStopWords), stem: filtered(it.NewItalianLightStemmerFilterFilter())},
		"nl":  {stop: stopSet(nl.DutchStopWords), stem: filtered(nl.NewDutchStemmerFilter())},
		Other: {},
	}
})

// stopSet reads a list of stop words and folds them, because text is folded
// before it meets them: "tambem" must be as common a word as "também". Those that
// fall together with nouns people look for are left out.
func stopSet(list []byte) map[string]bool {
	read := analysis.NewTokenMap()
	_ = read.LoadBytes(list) // reading from memory does not fail
	set := make(map[string]bool, len(read))
	for word := range read {
		for _, t := range Tokens(word) {
			set[t.Text] = true
		}
	}
	for _, noun := range []string{
		"sao",               // "são" (they are), but São Paulo
		"ete",               // "été" (been), but the summer
		"estado", "estados", // been, but the state
		"hell", "id", "ill", "shed", "shell", "wed", // he'll, she'd and their like
	} {
		delete(set, noun)
	}
	return set
}

// each applies a stemmer to every term that is not a stop word.
func each(stem func(string) string) func([]Term) {
	return func(terms []Term) {
		for i, t := range terms {
			if !t.Stop {
				terms[i].Stem = stem(t.Text)
			}
		}
	}
}

// filtered applies bleve's token filters, which work on a whole stream.
func filtered(filters ...analysis.TokenFilter) func([]Term) {
	return func(terms []Term) {
		tokens := make([]analysis.Token, 0, len(terms))
		stream := make(analysis.TokenStream, 0, len(terms))
		for _, t := range terms {
			if t.Stop || !isWord(t.Text) {
				continue
			}
			tokens = append(tokens, analysis.Token{Term: []byte(t.Text)})
			stream = append(stream, &tokens[len(tokens)-1])
		}
		for _, f := range filters {
			stream = f.Filter(stream)
		}
		i := 0
		for n, t := range terms {
			if t.Stop || !isWord(t.Text) {
				continue
			}
			terms[n].Stem = string(stream[i].Term)
			i++
		}
	}
}

// An eachToken is a token filter that changes each term by itself.
type eachToken func(string) string

// Filter changes the terms of a stream in place.
func (f eachToken) Filter(stream analysis.TokenStream) analysis.TokenStream {
	for _, t := range stream {
		t.Term = []byte(f(string(t.Term)))
	}
	return stream
}

// apart applies a stemmer to all but the terms of a table, which has their stems.
func apart(stems map[string]string, stem func([]Term)) func([]Term) {
	return func(terms []Term) {
		stem(terms)
		for i, t := range terms {
			if s, ok := stems[t.Text]; ok {
				terms[i].Stem = s
			}
		}
	}
}

// isWord reports whether a stemmer has anything to do with s: one made for
// words must not touch "c++", a number or a pair of ideographs.
func isWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

// Count returns how many terms text gives: all of them, and those that are not
// stop words. It is what documents' lengths are measured in.
func (a *Analyzer) Count(text string) (all, content int) {
	for _, t := range Tokens(text) {
		all++
		if !a.stop[t.Text] {
			content++
		}
	}
	return all, content
}
