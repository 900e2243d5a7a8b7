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
)

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

// offeredName returns the name that a term of fieldOffers stands for, as it is
// written.
func offeredName(term string) string {
	_, name, _ := strings.Cut(term, offerMark)
	return name
}

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
