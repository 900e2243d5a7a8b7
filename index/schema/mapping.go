// Package schema says what the index holds of a story: the fields of its
// document, how text becomes terms, and what is stored or can be read back.
//
// Its functions are safe for concurrent use.
package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/mapping"

	"caravan/index/words"
)

// The fields of a document. Titles and bodies have one field for each language
// group; nothing of the text is stored, because the store has it.
const (
	FieldAuthor   = "author"   // names, as text
	FieldTagText  = "tagtext"  // tags, as text
	FieldWords    = "words"    // every word once, unstemmed
	FieldEdges    = "edges"    // beginnings of the titles' words
	FieldTitleKey = "titlekey" // whole titles, folded
	FieldValues   = "values"   // what facets count, each value with its kind before it
	FieldTag      = "tag"      // tags, folded
	FieldSite     = "site"     // hosts and the domains above them
	FieldDate     = "date"     // year, month and day
	FieldGroup    = "group"    // language groups
	FieldOffers   = "offers"   // what is offered while typing: key, separator, as written
	FieldMeta     = "meta"     // see [Meta]
	FieldMembers  = "members"  // stored: see [Members]
)

// Kinds of values in [FieldValues] and [FieldOffers]: the first letter of each.
const (
	KindCommunity = 'c'
	KindSource    = 's'
	KindLanguage  = 'l'
	KindTag       = 't'
	KindYear      = 'y'
	KindAuthor    = 'a'
)

// TitleField returns the field of the titles in a language group; they hold
// every word.
func TitleField(group string) string { return "title_" + group }

// BodyField returns the field of the texts in a language group; they hold no stop
// words.
func BodyField(group string) string { return "body_" + group }

// shape changes when the fields change so that an older index cannot answer
// today's queries at all; [Version] when the same articles would give another
// index.
const shape = 1

// Mapping returns how documents are indexed.
func Mapping() *mapping.IndexMappingImpl {
	doc := mapping.NewDocumentStaticMapping()
	for _, g := range words.Groups() {
		doc.AddFieldMappingsAt(TitleField(g), textMapping("caravan_title_"+g))
		doc.AddFieldMappingsAt(BodyField(g), textMapping("caravan_body_"+g))
	}
	for _, name := range []string{FieldAuthor, FieldTagText} {
		doc.AddFieldMappingsAt(name, textMapping("caravan_title_"+words.Other))
	}
	for name, analyzer := range map[string]string{FieldWords: "caravan_set", FieldEdges: "caravan_edge"} {
		doc.AddFieldMappingsAt(name, setMapping(analyzer))
	}
	for _, name := range []string{FieldTitleKey, FieldTag, FieldSite, FieldDate, FieldGroup, FieldOffers} {
		doc.AddFieldMappingsAt(name, setMapping("keyword"))
	}
	for _, name := range []string{FieldValues, FieldMeta} {
		m := setMapping("keyword")
		m.DocValues = true // and Index, without which bleve writes none
		doc.AddFieldMappingsAt(name, m)
	}
	stored := mapping.NewTextFieldMapping()
	stored.Index, stored.Store, stored.IncludeInAll, stored.IncludeTermVectors, stored.DocValues = false, true, false, false, false
	doc.AddFieldMappingsAt(FieldMembers, stored)

	// bleve would otherwise make a field of all fields.
	doc.AddSubDocumentMapping("_all", mapping.NewDocumentDisabledMapping())

	im := mapping.NewIndexMapping()
	im.DefaultMapping = doc
	im.DefaultAnalyzer = "keyword"
	im.StoreDynamic, im.IndexDynamic, im.DocValuesDynamic = false, false, false
	im.ScoringModel = "bm25"
	return im
}

// textMapping is for text in which words have places.
func textMapping(analyzer string) *mapping.FieldMapping {
	m := mapping.NewTextFieldMapping()
	m.Analyzer = analyzer
	m.Store, m.IncludeInAll, m.DocValues = false, false, false
	m.IncludeTermVectors = true
	return m
}

// setMapping is for terms that a document has or has not.
func setMapping(analyzer string) *mapping.FieldMapping {
	m := textMapping(analyzer)
	m.IncludeTermVectors, m.SkipFreqNorm = false, true
	return m
}

// Version names the mapping and the analysis; an index made under another is
// outdated.
func Version() (string, error) {
	m, err := json.Marshal(Mapping())
	if err != nil {
		return "", fmt.Errorf("encode mapping: %w", err)
	}
	sum := sha256.Sum256(m)
	return fmt.Sprintf("%d.%d.%s", shape, words.Version, hex.EncodeToString(sum[:6])), nil
}

// Compatible reports whether an index made under a version can answer queries.
func Compatible(v string) bool { return strings.HasPrefix(v, strconv.Itoa(shape)+".") }
