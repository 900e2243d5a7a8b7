package schema

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
)

// Hash returns what tells two states of a story apart, for comparing store and
// index.
func Hash(d caravan.StoryDoc) string {
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

// Document returns the fields of a story, each distinct text once, for bleve to
// index under [Mapping].
func Document(d caravan.StoryDoc) (map[string]any, error) {
	sets := make(fieldSets)
	var stored Members
	lengths := make(map[string]*Length)
	for _, m := range d.Members {
		stored.Items = append(stored.Items, m.Item)
		stored.Authors = appendNew(stored.Authors, m.Authors...)
		stored.Tags = appendNew(stored.Tags, m.Tags...)
		sets.addMember(m, lengths)
	}
	sets.add(FieldAuthor, stored.Authors...)
	sets.add(FieldTagText, stored.Tags...)
	sets.add(FieldWords, stored.Authors...)
	sets.add(FieldWords, stored.Tags...)
	for _, a := range stored.Authors {
		sets.add(FieldOffers, offers(KindAuthor, a)...)
	}
	for _, t := range stored.Tags {
		sets.addTag(t)
	}
	day := d.SortAt.UTC().Format(time.DateOnly)
	sets.add(FieldDate, day[:4], day[:7], day)
	sets.add(FieldValues, string(KindYear)+day[:4])

	doc := make(map[string]any, len(sets)+2)
	for name, values := range sets {
		doc[name] = values
	}
	meta := Meta{SortAt: d.SortAt.UnixMilli(), Hash: Hash(d)}
	for _, g := range slices.Sorted(maps.Keys(lengths)) {
		meta.Lengths = append(meta.Lengths, *lengths[g])
	}
	doc[FieldMeta] = meta.String()
	names, err := json.Marshal(stored)
	if err != nil {
		return nil, fmt.Errorf("encode members of %s: %w", d.ID, err)
	}
	doc[FieldMembers] = string(names)
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

func (s fieldSets) addMember(m caravan.DocMember, lengths map[string]*Length) {
	g := words.Group(m.Language)
	l := lengths[g]
	if l == nil {
		l = &Length{Group: g}
		lengths[g] = l
	}
	if s.add(TitleField(g), m.Title) {
		all, _ := words.For(g).Count(m.Title)
		l.Title += all
	}
	if s.add(BodyField(g), m.Text) {
		_, content := words.For(g).Count(m.Text)
		l.Body += content
	}
	s.add(FieldGroup, g)
	s.add(FieldWords, m.Title, m.Text)
	s.add(FieldEdges, m.Title)
	s.add(FieldTitleKey, TitleKey(m.Title))
	s.add(FieldSite, query.Sites(m.Link)...)
	s.add(FieldValues, string(KindSource)+m.Source)
	for _, c := range m.Communities {
		s.add(FieldValues, string(KindCommunity)+c)
	}
	if p := words.Primary(m.Language); p != "" {
		s.add(FieldValues, string(KindLanguage)+p)
	}
}

func (s fieldSets) addTag(tag string) {
	key := words.TagKey(tag)
	if key == "" || !s.add(FieldTag, key) {
		return // one story counts once, however often it has a tag
	}
	s.add(FieldValues, string(KindTag)+DisplayTag(tag))
	s.add(FieldOffers, offers(KindTag, DisplayTag(tag))...)
}

// DisplayTag returns the form of a tag that facets show: lower case, words
// parted by single spaces.
func DisplayTag(tag string) string {
	tag = strings.Map(func(r rune) rune {
		if r == '_' || r == 0xff {
			return ' '
		}
		return r
	}, strings.ToLower(tag))
	return strings.Join(strings.Fields(tag), " ")
}

// LongestKey bounds the terms made of whole titles and names, in bytes.
const LongestKey = 200

// TitleKey returns the form in which a whole title is looked up; empty when it
// has no words.
func TitleKey(title string) string {
	key := words.Key(title)
	if len(key) > LongestKey {
		sum := sha256.Sum256([]byte(key))
		return hex.EncodeToString(sum[:16])
	}
	return key
}

// offerMark stands between the key of a name and the name in FieldOffers.
const offerMark = "\x1f"

// OfferedName returns the name that a term of [FieldOffers] stands for, as it is
// written.
func OfferedName(term string) string {
	_, name, _ := strings.Cut(term, offerMark)
	return name
}

// mostBeginnings bounds the words of a name by which it is offered.
const mostBeginnings = 5

// offers returns the terms under which a name is offered while it is typed: one
// for each of its words, so that a surname is enough, and for each compound as
// one word.
func offers(kind rune, name string) []string {
	key := words.Key(name)
	if key == "" || len(key) > LongestKey {
		return nil
	}
	var terms []string
	for n := 0; n < mostBeginnings && key != ""; n++ {
		terms = append(terms, string(kind)+key+offerMark+name)
		_, key, _ = strings.Cut(key, " ")
	}
	for _, t := range words.Tokens(name) {
		if t.Joined && !words.Dense(t.Text) && len(terms) < 2*mostBeginnings {
			key := strings.TrimSuffix(t.Text+" "+words.Key(name[t.End:]), " ")
			terms = append(terms, string(kind)+key+offerMark+name)
		}
	}
	return terms
}
