package index

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/index/query"
	"caravan/index/words"

	"github.com/blevesearch/bleve/v2/mapping"
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

// schema changes when the fields change so that an older index cannot answer
// today's queries at all; [version] when the same articles would give another
// index.
const schema = 1

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
	return fmt.Sprintf("%d.%d.%s", schema, words.Version, hex.EncodeToString(sum[:6])), nil
}

// sameSchema reports whether an index made under a version can answer queries.
func sameSchema(v string) bool { return strings.HasPrefix(v, strconv.Itoa(schema)+".") }

// A meta is what ranking reads of a document: the time, and the lengths of its
// fields in terms. It is one term, "0192f3c4e5a6;en,12,340;fr,9,210;#1f2e3d4c".
type meta struct {
	sortAt  int64 // milliseconds
	hash    string
	lengths []length
}

// A length is how many terms a document has in the fields of a language group.
type length struct {
	group       string
	title, body int
}

func (m meta) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%012x", max(m.sortAt, 0))
	for _, l := range m.lengths {
		fmt.Fprintf(&b, ";%s,%d,%d", l.group, l.title, l.body)
	}
	b.WriteString(";#" + m.hash)
	return b.String()
}

// parseTime reads the time of a meta term without the rest.
func parseTime(term []byte) int64 {
	var ms int64
	for _, c := range term[:min(12, len(term))] {
		switch {
		case c >= '0' && c <= '9':
			ms = ms<<4 | int64(c-'0')
		case c >= 'a' && c <= 'f':
			ms = ms<<4 | int64(c-'a'+10)
		}
	}
	return ms
}

func parseMeta(term string) meta {
	m := meta{sortAt: parseTime([]byte(term))}
	for i, part := range strings.Split(term, ";") {
		fields := strings.Split(part, ",")
		switch {
		case i == 0:
		case strings.HasPrefix(part, "#"):
			m.hash = part[1:]
		case len(fields) == 3:
			title, _ := strconv.Atoi(fields[1])
			body, _ := strconv.Atoi(fields[2])
			m.lengths = append(m.lengths, length{fields[0], title, body})
		}
	}
	return m
}

// A members value is what is stored of a document: whose text it is, and the
// names that quoted phrases are compared with.
type members struct {
	Items   []string `json:"i"`
	Authors []string `json:"a,omitempty"`
	Tags    []string `json:"t,omitempty"`
}

// hashOf tells two states of a story apart, for comparing store and index.
func hashOf(d caravan.StoryDoc) string {
	h := fnv.New64a()
	write := func(values ...string) {
		fmt.Fprintf(h, "%d ", len(values))
		for _, v := range values {
			fmt.Fprintf(h, "%d ", len(v))
			_, _ = io.WriteString(h, v) // a hash takes everything
		}
	}
	write(d.ID, strconv.FormatInt(d.SortAt.UnixMilli(), 10))
	for _, m := range d.Members {
		write(m.Item, m.Source, m.Language, m.Title, m.Text, m.Link)
		write(m.Communities...)
		write(m.Authors...)
		write(m.Tags...)
	}
	return strconv.FormatUint(h.Sum64(), 16)
}

// document returns the fields of a story, each distinct text once.
func document(d caravan.StoryDoc) (map[string]any, error) {
	sets := make(fieldSets)
	var stored members
	lengths := make(map[string]*length)
	for _, m := range d.Members {
		stored.Items = append(stored.Items, m.Item)
		stored.Authors = appendNew(stored.Authors, m.Authors...)
		stored.Tags = appendNew(stored.Tags, m.Tags...)
		sets.addMember(m, lengths)
	}
	sets.add(fieldAuthor, stored.Authors...)
	sets.add(fieldTagText, stored.Tags...)
	sets.add(fieldWords, stored.Authors...)
	sets.add(fieldWords, stored.Tags...)
	for _, a := range stored.Authors {
		sets.add(fieldOffers, offers(kindAuthor, a)...)
	}
	for _, t := range stored.Tags {
		sets.addTag(t)
	}
	day := d.SortAt.UTC().Format(time.DateOnly)
	sets.add(fieldDate, day[:4], day[:7], day)
	sets.add(fieldValues, string(kindYear)+day[:4])

	doc := make(map[string]any, len(sets)+2)
	for name, values := range sets {
		doc[name] = values
	}
	meta := meta{sortAt: d.SortAt.UnixMilli(), hash: hashOf(d)}
	for _, g := range slices.Sorted(maps.Keys(lengths)) {
		meta.lengths = append(meta.lengths, *lengths[g])
	}
	doc[fieldMeta] = meta.String()
	names, err := json.Marshal(stored)
	if err != nil {
		return nil, fmt.Errorf("encode members of %s: %w", d.ID, err)
	}
	doc[fieldMembers] = string(names)
	return doc, nil
}

// fieldSets collects the distinct values of each field.
type fieldSets map[string][]string

// add appends those values that are new, and reports whether there were any.
func (s fieldSets) add(field string, values ...string) bool {
	before := len(s[field])
	s[field] = appendNew(s[field], values...)
	return len(s[field]) > before
}

func appendNew(list []string, values ...string) []string {
	for _, v := range values {
		if v != "" && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

func (s fieldSets) addMember(m caravan.DocMember, lengths map[string]*length) {
	g := words.Group(m.Language)
	l := lengths[g]
	if l == nil {
		l = &length{group: g}
		lengths[g] = l
	}
	if s.add(titleField(g), m.Title) {
		all, _ := words.For(g).Count(m.Title)
		l.title += all
	}
	if s.add(bodyField(g), m.Text) {
		_, content := words.For(g).Count(m.Text)
		l.body += content
	}
	s.add(fieldGroup, g)
	s.add(fieldWords, m.Title, m.Text)
	s.add(fieldEdges, m.Title)
	s.add(fieldTitleKey, titleKey(m.Title))
	s.add(fieldSite, query.Sites(m.Link)...)
	s.add(fieldValues, string(kindSource)+m.Source)
	for _, c := range m.Communities {
		s.add(fieldValues, string(kindCommunity)+c)
	}
	if p := words.Primary(m.Language); p != "" {
		s.add(fieldValues, string(kindLanguage)+p)
	}
}

func (s fieldSets) addTag(tag string) {
	key := words.Key(tag)
	if key == "" {
		return
	}
	s.add(fieldTag, key)
	s.add(fieldValues, string(kindTag)+displayTag(tag))
	s.add(fieldOffers, offers(kindTag, displayTag(tag))...)
}

// displayTag returns the form of a tag that facets show: lower case, words
// parted by single spaces.
func displayTag(tag string) string {
	tag = strings.Map(func(r rune) rune {
		if r == '_' || r == 0xff {
			return ' '
		}
		return r
	}, strings.ToLower(tag))
	return strings.Join(strings.Fields(tag), " ")
}

// longestKey bounds the terms made of whole titles and names, in bytes.
const longestKey = 200

// titleKey returns the form in which a whole title is looked up; empty when it
// has no words.
func titleKey(title string) string {
	key := words.Key(title)
	if len(key) > longestKey {
		sum := sha256.Sum256([]byte(key))
		return hex.EncodeToString(sum[:16])
	}
	return key
}

// offerMark stands between the key of a name and the name in fieldOffers.
const offerMark = "\x1f"

// offers returns the terms under which a name is offered while it is typed: one
// for each of its words, so that a surname is enough.
func offers(kind rune, name string) []string {
	key := words.Key(name)
	if key == "" || len(key) > longestKey {
		return nil
	}
	var terms []string
	for n := 0; n < 5 && key != ""; n++ {
		terms = append(terms, string(kind)+key+offerMark+name)
		_, key, _ = strings.Cut(key, " ")
	}
	return terms
}
