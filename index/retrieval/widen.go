package retrieval

import (
	"slices"
	"strings"

	"caravan/index/query"
	"caravan/index/thesaurus"
)

// An Asked is a query as understood: parsed, and widened by the thesaurus.
type Asked struct {
	Own    query.Query
	Wide   query.Query                 // Own with equivalents
	Also   []string                    // what was added, for the reader
	added  map[query.Text][]query.Text // what was added, and the words it stands for
	phrase string                      // Own as a title would have it; empty when it is not words alone
}

// Quotes reports whether the exact form of something is asked for that only the
// text of an article shows.
func (a Asked) Quotes() bool { return a.Wide.Root != nil && hasQuotation(a.Wide.Root) }

// Widen adds the thesaurus's equivalents to a query, unless exact forbids it.
func Widen(t *thesaurus.Thesaurus, own query.Query, exact bool) Asked {
	a := Asked{Own: own, Wide: own, phrase: phraseOf(own)}
	if exact {
		return a
	}
	w := widener{t: t, added: make(map[query.Text][]query.Text)}
	a.Wide = query.Query{Root: w.node(own.Root)}
	a.added, a.Also = w.added, w.also
	return a
}

// phraseOf returns a query of words alone as one text; empty for any other.
func phraseOf(q query.Query) string {
	var parts []string
	for _, c := range q.Conditions() {
		t, ok := c.(query.Text)
		if !ok || t.In != query.Anywhere || t.Prefix {
			return ""
		}
		parts = append(parts, t.Words)
	}
	return strings.Join(parts, " ")
}

// A widener puts equivalents beside the words of a query.
type widener struct {
	t     *thesaurus.Thesaurus
	added map[query.Text][]query.Text
	also  []string
}

func (w *widener) node(n query.Node) query.Node {
	switch n := n.(type) {
	case query.And:
		return w.and(n)
	case query.Or:
		wide := make(query.Or, 0, len(n))
		for _, c := range n {
			if inner, ok := w.node(c).(query.Or); ok {
				wide = append(wide, inner...)
				continue
			}
			wide = append(wide, w.node(c))
		}
		return wide
	case query.Text:
		return w.and(query.And{n})
	}
	return n // what must not be there is not widened
}

// and looks for the longest terms among words side by side.
func (w *widener) and(nodes query.And) query.Node {
	var wide query.And
	for i := 0; i < len(nodes); {
		run, others := w.longest(nodes[i:])
		if run == 0 {
			if t, ok := nodes[i].(query.Text); ok {
				wide = append(wide, t)
			} else {
				wide = append(wide, w.node(nodes[i]))
			}
			i++
			continue
		}
		wide = append(wide, w.alternatives(nodes[i:i+run], others))
		i += run
	}
	if len(wide) == 1 {
		return wide[0]
	}
	return wide
}

// longest returns how many of the words at the beginning of nodes make a term
// of the thesaurus, and what stands for it; 0 when none do.
func (w *widener) longest(nodes []query.Node) (int, []string) {
	var plain []string
	for _, n := range nodes[:min(len(nodes), w.t.Longest())] {
		t, ok := n.(query.Text)
		if !ok || t.In != query.Anywhere || t.Quoted || t.Prefix {
			break
		}
		plain = append(plain, t.Words)
	}
	for n := len(plain); n > 0; n-- {
		if others := w.t.Equivalents(strings.Join(plain[:n], " ")); len(others) > 0 {
			return n, others
		}
	}
	return 0, nil
}

// alternatives returns the condition that the words or one of their equivalents
// stand in an item. An equivalent of several words is one text: they must stand
// side by side.
func (w *widener) alternatives(own []query.Node, others []string) query.Node {
	or := make(query.Or, 0, len(others)+1)
	if len(own) == 1 {
		or = append(or, own[0])
	} else {
		or = append(or, query.And(slices.Clone(own)))
	}
	var texts []query.Text
	for _, n := range own {
		texts = append(texts, n.(query.Text))
	}
	for _, o := range others {
		t := query.Text{Words: o}
		if !slices.Contains(texts, t) {
			w.added[t] = texts
		}
		or = append(or, t)
		if !slices.Contains(w.also, o) {
			w.also = append(w.also, o)
		}
	}
	return or
}
