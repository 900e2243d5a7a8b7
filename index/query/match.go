package query

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"caravan"
	"caravan/index/words"
)

// Match reports whether item satisfies q. See [MatchItem].
func (q Query) Match(item caravan.Item) bool {
	return q.MatchWith(item, func(leaf Node) (has, known bool) {
		if _, isText := leaf.(Text); isText {
			return false, false
		}
		return holds(leaf, item), true
	})
}

// MatchWith reports whether item satisfies q, where known tells of a leaf
// whether it holds; it must know that of properties ([Is] and [When]). The
// others are looked for in the item's title, text, authors and tags. It is how
// quoted phrases, which the index finds in every inflection, are checked.
func (q Query) MatchWith(item caravan.Item, known func(leaf Node) (has, known bool)) bool {
	if q.Root == nil {
		return true
	}
	m := matcher{item: item, analyzer: words.For(words.Group(item.Language)), known: known, texts: make(map[part][]text)}
	return m.eval(q.Root)
}

// A matcher holds what is asked of one item, and takes its texts apart as they
// are needed.
type matcher struct {
	item     caravan.Item
	analyzer *words.Analyzer
	known    func(leaf Node) (has, known bool)
	texts    map[part][]text
}

// A part is a part of an item, stemmed or not.
type part struct {
	name    partName
	stemmed bool
}

type partName int

const (
	titlePart partName = iota
	bodyPart
	authorPart
	tagPart
)

// part returns a part, taken apart by the item's own language when stemmed.
func (m *matcher) part(p part) []text {
	if t, ok := m.texts[p]; ok {
		return t
	}
	of := m.strings(p.name)
	a := words.For(words.Other)
	if p.stemmed {
		a = m.analyzer
	}
	texts := make([]text, len(of))
	for i, s := range of {
		texts[i] = text{terms: a.Terms(s)}
	}
	m.texts[p] = texts
	return texts
}

// strings returns what a part of the item is made of.
func (m *matcher) strings(p partName) []string {
	switch p {
	case titlePart:
		return []string{m.item.Title}
	case bodyPart:
		return []string{m.item.Text}
	case authorPart:
		return m.item.Authors
	}
	return m.item.Tags
}

func (m *matcher) eval(n Node) bool {
	switch n := n.(type) {
	case And:
		return !slices.ContainsFunc(n, func(c Node) bool { return !m.ignored(c, n) && !m.eval(c) })
	case Or:
		return slices.ContainsFunc(n, m.eval)
	case Not:
		return !m.eval(n.Node)
	case Text:
		if has, known := m.known(n); known {
			return has
		}
		return m.text(n)
	}
	has, _ := m.known(n)
	return has
}

// ignored reports whether a condition among others asks for nothing but words
// too common to count.
func (m *matcher) ignored(c Node, among And) bool {
	if n, ok := c.(Not); ok {
		c = n.Node
	}
	return Ignorable(c, m.analyzer) && slices.ContainsFunc(among, func(other Node) bool {
		_, not := other.(Not)
		return !not && !Ignorable(other, m.analyzer)
	})
}

// Ignorable reports whether a condition is a word that a language's bodies are
// indexed without: it decides nothing beside other conditions that must hold
// too, and is looked for in titles and names when it stands alone.
func Ignorable(n Node, a *words.Analyzer) bool {
	t, ok := n.(Text)
	if !ok || t.Quoted || t.Prefix || t.In != Anywhere {
		return false
	}
	return !slices.ContainsFunc(a.Terms(t.Words), func(t words.Term) bool { return !t.Stop })
}

// text reports whether the words of t stand in the parts it asks for.
func (m *matcher) text(t Text) bool {
	stemmed := !t.Quoted && !t.Prefix
	switch t.In {
	case Title:
		return m.inPart(t, part{titlePart, stemmed})
	case Author:
		return m.inPart(t, part{authorPart, false})
	}
	return m.inPart(t, part{titlePart, stemmed}) || m.inPart(t, part{bodyPart, stemmed}) ||
		m.inPart(t, part{authorPart, false}) || m.inPart(t, part{tagPart, false})
}

// glance reports what can be told of a quotation in a part without taking it
// apart.
func (m *matcher) glance(t Text, p partName) verdict {
	parts, joined := Split(words.For(words.Other).Terms(t.Words))
	all := absent
	for _, s := range m.strings(p) {
		switch glance(s, parts, joined) {
		case there:
			return there
		case unclear:
			all = unclear
		}
	}
	return all
}

func (m *matcher) inPart(t Text, p part) bool {
	a := words.For(words.Other)
	if p.stemmed {
		a = m.analyzer
	}
	if t.Quoted {
		switch m.glance(t, p.name) {
		case there:
			return true
		case absent:
			return false
		}
	}
	texts := m.part(p)
	for i := range texts {
		if texts[i].has(t, a, p.name == bodyPart) {
			return true
		}
	}
	return false
}

// A text is one field of an item, ready to be searched.
type text struct {
	terms []words.Term
	at    map[string][]int // places in terms, by stem; made when first needed
}

// places returns where a stem stands in the text.
func (x *text) places(stem string) []int {
	if x.at == nil {
		x.at = make(map[string][]int, len(x.terms))
		for i, t := range x.terms {
			x.at[t.Stem] = append(x.at[t.Stem], i)
		}
	}
	return x.at[stem]
}

// has reports whether the words of t stand in the text. Without stops, words
// that are too common do not count as standing there.
func (x *text) has(t Text, a *words.Analyzer, withoutStops bool) bool {
	wanted := a.Terms(t.Words)
	switch {
	case len(wanted) == 0:
		return false
	case t.Quoted:
		return x.hasExactly(wanted)
	}
	parts, joined := Split(wanted)
	if t.Prefix {
		return x.hasBeginning(parts)
	}
	if joined != "" && len(x.places(joined)) > 0 {
		return true
	}
	return x.hasRun(parts, withoutStops)
}

// Split returns the words of a condition without second readings, and the joined
// spelling of a word that is one compound.
func Split(terms []words.Term) (parts []words.Term, joined string) {
	for i, t := range terms {
		switch {
		case t.Joined && i == 1 && t.End == terms[len(terms)-1].End && !words.Dense(t.Text):
			joined = t.Stem
		case t.Joined:
		default:
			parts = append(parts, t)
		}
	}
	return parts, joined
}

// hasRun reports whether the stems stand side by side. Stop words among them
// stand for any word where bodies do not have them.
func (x *text) hasRun(parts []words.Term, withoutStops bool) bool {
	anchor := slices.IndexFunc(parts, func(t words.Term) bool { return !withoutStops || !t.Stop })
	if anchor < 0 {
		return false
	}
	for _, i := range x.places(parts[anchor].Stem) {
		base := x.terms[i].Pos - parts[anchor].Pos
		if x.runAt(base, parts, withoutStops) {
			return true
		}
	}
	return false
}

func (x *text) runAt(base int, parts []words.Term, withoutStops bool) bool {
	for _, p := range parts {
		if withoutStops && p.Stop {
			continue
		}
		if !slices.ContainsFunc(x.places(p.Stem), func(i int) bool { return x.terms[i].Pos == base+p.Pos }) {
			return false
		}
	}
	return true
}

// hasExactly reports whether the words stand side by side in this very form,
// case and accents aside.
func (x *text) hasExactly(wanted []words.Term) bool {
	parts, joined := Split(wanted)
	for i, t := range x.terms {
		if joined != "" && t.Text == joined {
			return true
		}
		if t.Text == parts[0].Text && x.exactAt(i, parts) {
			return true
		}
	}
	return false
}

// exactAt reports whether parts stand where the first of them is the i-th term.
func (x *text) exactAt(i int, parts []words.Term) bool {
	base := x.terms[i].Pos - parts[0].Pos
	for _, p := range parts[1:] {
		for i < len(x.terms) && (x.terms[i].Pos < base+p.Pos || x.terms[i].Pos == base+p.Pos && x.terms[i].Text != p.Text) {
			i++
		}
		if i >= len(x.terms) || x.terms[i].Pos != base+p.Pos {
			return false
		}
	}
	return true
}

// hasBeginning reports whether a word of the text begins with the last of
// parts, and the others stand anywhere in it in this form.
func (x *text) hasBeginning(parts []words.Term) bool {
	last := len(parts) - 1
	for i, p := range parts {
		if !slices.ContainsFunc(x.terms, func(t words.Term) bool {
			return t.Text == p.Text || i == last && strings.HasPrefix(t.Text, p.Text)
		}) {
			return false
		}
	}
	return true
}

// holds reports whether an item has a property, as far as it knows itself.
func holds(property Node, item caravan.Item) bool {
	switch p := property.(type) {
	case When:
		at := item.SortAt
		if at.IsZero() {
			at = item.Published
		}
		return p.Holds(at)
	case Is:
		return p.HoldsOf(caravan.DocMember{Source: item.Source, Language: item.Language, Tags: item.Tags, Link: item.Link})
	}
	return false
}

// HoldsOf reports whether a member of a story has the property.
func (n Is) HoldsOf(m caravan.DocMember) bool {
	switch n.Field {
	case Community:
		return slices.ContainsFunc(m.Communities, n.holds)
	case Source:
		return n.holds(m.Source)
	case Language:
		return n.holds(m.Language)
	case Tag:
		return slices.ContainsFunc(m.Tags, n.holds)
	case Site:
		return slices.ContainsFunc(Sites(m.Link), n.holds)
	}
	return false
}

// Key returns the form in which a value is compared with those of items.
func (n Is) Key() string { return n.Field.Key(n.Value) }

// Key returns the form in which two spellings of a value of f are equal: slugs
// for communities and sources, folded words for tags, hosts for sites.
func (f Field) Key(value string) string {
	switch f {
	case Community:
		return caravan.Slug(value, "c")
	case Source:
		return caravan.Slug(value, "s")
	case Tag:
		return words.TagKey(value)
	case Site:
		return siteKey(value)
	}
	return words.Primary(value)
}

// holds reports whether a value of an item is the one asked for.
func (n Is) holds(value string) bool {
	if n.Prefix {
		return strings.HasPrefix(n.Field.Key(value), n.Key())
	}
	return n.Field.Key(value) == n.Key()
}

// siteKey returns the host that a person means by a site, written with or
// without scheme, path or "www.".
func siteKey(value string) string {
	value = strings.ToLower(value)
	if _, rest, ok := strings.Cut(value, "://"); ok {
		value = rest
	}
	value, _, _ = strings.Cut(value, "/")
	return strings.TrimPrefix(value, "www.")
}

// Sites returns the sites that an address belongs to: its host, and each domain
// above it that has a dot.
func Sites(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	host := siteKey(u.Hostname())
	sites := []string{host}
	for {
		_, above, ok := strings.Cut(host, ".")
		if !ok || !strings.Contains(above, ".") {
			return sites
		}
		sites = append(sites, above)
		host = above
	}
}

// Holds reports whether a moment satisfies the condition.
func (w When) Holds(at time.Time) bool {
	return at.Before(w.Start()) == w.Before
}
