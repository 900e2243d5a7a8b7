package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"caravan"
	"caravan/index"
	"caravan/index/words"
)

// Sizes of the known-item measurement.
const (
	enoughWords = 50   // an article must have to be looked for
	english     = 1000 // English articles that are looked for; of other languages all
)

// options say what of a measurement is printed.
type options struct {
	show int    // failures of each kind
	only string // part of the kinds' names
	most int    // articles of one language that are looked for; 0 for all but of English
}

// A figure is how well articles of a language are found in one way; of all of
// them where it names none.
type figure struct {
	kind, language string
	tally
}

// known prints how well articles are found by what is known of them, and
// returns the figures.
func known(ctx context.Context, out io.Writer, docs []doc, o options) ([]figure, error) {
	stories := make([]caravan.StoryDoc, len(docs))
	for k, d := range docs {
		stories[k] = d.story()
	}
	i, done, err := open(ctx, stories)
	if err != nil {
		return nil, err
	}
	defer done()
	m := &measure{ctx: ctx, i: i, out: out, show: o.show, byID: make(map[string]doc, len(docs)), frequency: frequencies(docs)}
	for _, d := range docs {
		m.byID[d.id] = d
	}
	wanted := sample(docs, o.most)
	fmt.Fprintf(out, "\nKnown items among %d articles\n", len(docs))
	fmt.Fprintf(out, "%-34s %-6s %6s %8s %8s %10s\n", "looked for by", "lang", "n", "MRR", "first", "recall@10")
	for _, kind := range kinds() {
		if !strings.Contains(kind.name, o.only) {
			continue
		}
		if err := m.kind(kind, wanted); err != nil {
			return nil, err
		}
	}
	return m.figures, nil
}

// sample returns the articles that are looked for, of each language not more
// than most when that is not 0.
func sample(docs []doc, most int) map[string][]doc {
	byLanguage := make(map[string][]doc)
	for _, d := range docs {
		if g := words.Group(d.Language); d.Words >= enoughWords && slices.Contains([]string{"en", "fr", "es", "pt"}, g) {
			byLanguage[g] = append(byLanguage[g], d)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := byLanguage["en"]
	r.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
	byLanguage["en"] = all[:min(english, len(all))]
	for language, all := range byLanguage {
		if most > 0 && len(all) > most {
			byLanguage[language] = all[:most]
		}
	}
	return byLanguage
}

// A kind is a way to look for an article; an empty query passes it over.
type kind struct {
	name string
	ask  func(m *measure, d doc) string
}

func kinds() []kind {
	title := func(_ *measure, d doc) string { return d.Title }
	three := func(m *measure, d doc) string { return strings.Join(m.telling(d), " ") }
	changed := func(ask func(*measure, doc) string, change func(string, doc) string) func(*measure, doc) string {
		return func(m *measure, d doc) string { return change(ask(m, d), d) }
	}
	otherNumber := func(ask func(*measure, doc) string) func(*measure, doc) string {
		return func(m *measure, d doc) string { return m.inflector(d).inflect(ask(m, d)) }
	}
	var all []kind
	for _, base := range []kind{{"three telling words", three}, {"title", title}} {
		all = append(all, base,
			kind{base.name + ", no accents", changed(base.ask, func(q string, _ doc) string { return caravan.Fold(q) })},
			kind{base.name + ", lower case", changed(base.ask, func(q string, _ doc) string { return strings.ToLower(q) })},
			kind{base.name + ", one slip", changed(base.ask, slip)},
			kind{base.name + ", other number", otherNumber(base.ask)})
	}
	return all
}

// A measure asks an index.
type measure struct {
	ctx       context.Context
	i         *index.Index
	out       io.Writer
	show      int
	byID      map[string]doc
	frequency map[string]map[string]int // language group -> word -> articles that have it
	figures   []figure
}

// A tally sums up ranks.
type tally struct {
	n, first, ten int
	reciprocal    float64
}

func (t *tally) add(rank int) {
	t.n++
	if rank == 0 {
		return
	}
	t.reciprocal += 1 / float64(rank)
	t.ten++
	if rank == 1 {
		t.first++
	}
}

// share returns n of those that were looked for, from 0 to 1.
func (t tally) share(n int) float64 { return float64(n) / float64(max(t.n, 1)) }

// mrr returns the mean of one by the rank.
func (t tally) mrr() float64 { return t.reciprocal / float64(max(t.n, 1)) }

func (m *measure) kind(k kind, wanted map[string][]doc) error {
	var total tally
	for _, language := range []string{"en", "fr", "es", "pt"} {
		var t tally
		shown := 0
		for _, d := range wanted[language] {
			q := k.ask(m, d)
			rank, ok, err := m.rank(q, d)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			t.add(rank)
			total.add(rank)
			if rank != 1 && shown < m.show {
				shown++
				fmt.Fprintf(m.out, "    %s: %q ranks %d: %s\n", language, q, rank, d.Title)
			}
		}
		m.print(figure{k.name, language, t})
	}
	m.print(figure{kind: k.name, tally: total})
	return nil
}

func (m *measure) print(f figure) {
	m.figures = append(m.figures, f)
	fmt.Fprintf(m.out, "%-34s %-6s %6d %8.3f %7.1f%% %9.1f%%\n", f.kind, cmp.Or(f.language, "all"), f.n, f.mrr(), 100*f.share(f.first), 100*f.share(f.ten))
}

// rank returns the place of an article among the first ten hits, 0 when it is
// not there; ok is false when the query is empty or over the limits.
func (m *measure) rank(q string, d doc) (rank int, ok bool, err error) {
	if strings.TrimSpace(q) == "" {
		return 0, false, nil
	}
	r, err := m.i.Search(m.ctx, caravan.SearchRequest{Query: q, Plain: true, Limit: 10, Now: now})
	if bad, isBad := errors.AsType[*caravan.QueryError](err); isBad && len(bad.Repairs) > 0 {
		r, err = m.i.Search(m.ctx, caravan.SearchRequest{Query: bad.Repairs[0], Plain: true, Limit: 10, Now: now})
	}
	if errors.Is(err, caravan.ErrInvalid) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	for k, h := range r.Hits {
		if d.same(m.byID[h.Story]) {
			return k + 1, true, nil
		}
	}
	return 0, true, nil
}

// frequencies returns in how many articles of each language each word stands;
// the empty word stands in all.
func frequencies(docs []doc) map[string]map[string]int {
	all := make(map[string]map[string]int)
	for _, d := range docs {
		g := words.Group(d.Language)
		if all[g] == nil {
			all[g] = make(map[string]int)
		}
		all[g][""]++
		for w := range counted(d) {
			all[g][w]++
		}
	}
	return all
}

// counted returns the words of an article as written, lower case, and how often
// they stand there.
func counted(d doc) map[string]int {
	n := make(map[string]int)
	for _, text := range []string{d.Title, d.Text} {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len([]rune(w)) > 2 {
				n[w]++
			}
		}
	}
	return n
}

// telling returns the three words that tell most of an article among those of
// its language, of those that stand in another one too.
func (m *measure) telling(d doc) []string {
	type word struct {
		text   string
		weight float64
	}
	var all []word
	frequency := m.frequency[words.Group(d.Language)]
	for w, n := range counted(d) {
		if frequency[w] >= 2 {
			all = append(all, word{w, float64(n) * math.Log(float64(frequency[""])/float64(frequency[w]))})
		}
	}
	slices.SortFunc(all, func(a, b word) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.text, b.text)) })
	var three []string
	for _, w := range all[:min(3, len(all))] {
		three = append(three, w.text)
	}
	return three
}

// inflector returns what puts an article's words into the other number.
func (m *measure) inflector(d doc) inflector {
	g := words.Group(d.Language)
	return inflector{language: g, known: func(w string) bool { return m.frequency[g][w] > 0 }}
}

// slip makes one slip of the keyboard in the longest word of a query, if it is
// long enough to be recognised; else the query is empty.
func slip(q string, d doc) string {
	fields := strings.Fields(q)
	if len(fields) == 0 {
		return ""
	}
	longest := 0
	for k, w := range fields {
		if len([]rune(w)) > len([]rune(fields[longest])) {
			longest = k
		}
	}
	w := []rune(fields[longest])
	if len(w) < 7 || slices.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return ""
	}
	r := rand.New(rand.NewPCG(uint64(len(d.Text)), uint64(len(w))))
	at := 1 + r.IntN(len(w)-2)
	switch r.IntN(4) {
	case 0:
		w = slices.Delete(w, at, at+1)
	case 1:
		w = slices.Insert(w, at, 'a'+rune(r.IntN(26)))
	case 2:
		w[at] = 'a' + rune(r.IntN(26))
	default:
		w[at], w[at+1] = w[at+1], w[at]
	}
	fields[longest] = string(w)
	return strings.Join(fields, " ")
}
