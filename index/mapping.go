package index

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
	fieldAuthor   = "author"   // names, as text
	fieldTagText  = "tagtext"  // tags, as text
	fieldWords    = "words"    // every word once, unstemmed
	fieldEdges    = "edges"    // beginnings of the titles' words
	fieldTitleKey = "titlekey" // whole titles, folded
	fieldValues   = "values"   // what facets count, each value with its kind before it
	fieldTag      = "tag"      // tags, folded
	fieldSite     = "site"     // hosts and the domains above them
	fieldDate     = "date"     // year, month and day
	fieldGroup    = "group"    // language groups
	fieldOffers   = "offers"   // what is offered while typing: key, separator, as written
	fieldMeta     = "meta"     // see [meta]
	fieldMembers  = "members"  // stored: see [members]
)

// Kinds of values in fieldValues and fieldOffers.
const (
	kindCommunity = 'c'
	kindSource    = 's'
	kindLanguage  = 'l'
	kindTag       = 't'
	kindYear      = 'y'
	kindAuthor    = 'a'
)

func titleField(group string) string { return "title_" + group }
func bodyField(group string) string  { return "body_" + group }

// shape changes when the fields change so that an older index cannot answer
// today's queries at all; [version] when the same articles would give another
// index.
const shape = 1

// newMapping returns how documents are indexed.
func newMapping() *mapping.IndexMappingImpl {
	doc := mapping.NewDocumentStaticMapping()
	for _, g := range words.Groups() {
		doc.AddFieldMappingsAt(titleField(g), textMapping("caravan_title_"+g))
		doc.AddFieldMappingsAt(bodyField(g), textMapping("caravan_body_"+g))
	}
	for _, name := range []string{fieldAuthor, fieldTagText} {
		doc.AddFieldMappingsAt(name, textMapping("caravan_title_"+words.Other))
	}
	for name, analyzer := range map[string]string{fieldWords: "caravan_set", fieldEdges: "caravan_edge"} {
		doc.AddFieldMappingsAt(name, setMapping(analyzer))
	}
	for _, name := range []string{fieldTitleKey, fieldTag, fieldSite, fieldDate, fieldGroup, fieldOffers} {
		doc.AddFieldMappingsAt(name, setMapping("keyword"))
	}
	for _, name := range []string{fieldValues, fieldMeta} {
		m := setMapping("keyword")
		m.DocValues = true // and Index, without which bleve writes none
		doc.AddFieldMappingsAt(name, m)
	}
	stored := mapping.NewTextFieldMapping()
	stored.Index, stored.Store, stored.IncludeInAll, stored.IncludeTermVectors, stored.DocValues = false, true, false, false, false
	doc.AddFieldMappingsAt(fieldMembers, stored)

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

// version names the mapping and the analysis; an index made under another is
// outdated.
func version() (string, error) {
	m, err := json.Marshal(newMapping())
	if err != nil {
		return "", fmt.Errorf("encode mapping: %w", err)
	}
	sum := sha256.Sum256(m)
	return fmt.Sprintf("%d.%d.%s", shape, words.Version, hex.EncodeToString(sum[:6])), nil
}

// sameSchema reports whether an index made under a version can answer queries.
func sameSchema(v string) bool { return strings.HasPrefix(v, strconv.Itoa(shape)+".") }
