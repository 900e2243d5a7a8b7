// Package query is the language that readers search in: its parser, its printed
// form, and the matcher that decides whether one item satisfies a query.
//
// Every string is answered, with a query or with a [caravan.QueryError] that
// says where it went wrong and offers queries that would parse. The printed form
// of a query parses to the same query again. doc/query.md describes the language
// for readers; nothing here does I/O, and all of it is safe for concurrent use.
package query

import (
	"strings"

	"caravan"
	"caravan/index/words"
)

// Bounds of a query. Beyond them it is an error that says which.
const (
	MaxBytes  = 256
	MaxWords  = 24
	MinPrefix = 2 // letters before the star
)

// A Query is a parsed query. The zero Query has no conditions: everything
// matches it.
type Query struct {
	Root Node // nil when there are no conditions
}

// Empty reports whether q has no conditions.
func (q Query) Empty() bool { return q.Root == nil }

// A Node is a condition: [And], [Or], [Not], [Text], [Is] or [When].
type Node interface{ node() }

// And holds when all of its conditions hold; there are at least two, and none
// is an And.
type And []Node

// Or holds when one of its conditions holds; there are at least two, and none
// is an Or.
type Or []Node

// Not holds when its condition does not.
type Not struct{ Node Node }

// Text holds when the words stand in the item, or in the part of it that In
// names: anywhere, [Title] or [Author]. Unquoted, Words is one word as typed,
// which may be a compound of several ("public-sector"), found in every
// inflection; quoted, the words must stand there in this form and order.
type Text struct {
	In     Field
	Words  string
	Quoted bool
	Prefix bool // the last word is the beginning of one
}

// Is holds when a property has the value: [Community], [Source], [Tag],
// [Language] or [Site].
type Is struct {
	Field  Field
	Value  string
	Prefix bool // the value is the beginning of one
}

// When holds when the item is dated before the beginning of Day, or from it on.
type When struct {
	Before bool
	Day    string // a year, a month or a day: 2024, 2024-03, 2024-03-05
}

func (And) node()  {}
func (Or) node()   {}
func (Not) node()  {}
func (Text) node() {}
func (Is) node()   {}
func (When) node() {}

// A Field is what stands before a colon.
type Field string

// The fields. Before and after are [When].
const (
	Anywhere  Field = ""
	Title     Field = "title"
	Author    Field = "author"
	Community Field = "community"
	Source    Field = "source"
	Tag       Field = "tag"
	Language  Field = "language"
	Site      Field = "site"
	before    Field = "before"
	after     Field = "after"
)

// fieldNamed returns the field that people call name.
func fieldNamed(name string) (Field, bool) {
	switch f := Field(strings.ToLower(name)); f {
	case Title, Author, Community, Source, Tag, Language, Site, before, after:
		return f, true
	case "lang":
		return Language, true
	}
	return "", false
}

// all returns the condition that all of nodes hold: nil for none, the node
// itself for one.
func all(nodes []Node) Node {
	var flat And
	for _, n := range nodes {
		switch n := n.(type) {
		case nil:
		case And:
			flat = append(flat, n...)
		default:
			flat = append(flat, n)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return flat
}

// oneOf returns the condition that one of nodes holds, likewise.
func oneOf(nodes []Node) Node {
	var flat Or
	for _, n := range nodes {
		switch n := n.(type) {
		case nil:
		case Or:
			flat = append(flat, n...)
		default:
			flat = append(flat, n)
		}
	}
	switch len(flat) {
	case 0:
		return nil
	case 1:
		return flat[0]
	}
	return flat
}

// negate returns the condition that n does not hold.
func negate(n Node) Node {
	switch n := n.(type) {
	case nil:
		return nil
	case Not:
		return n.Node
	}
	return Not{n}
}

// Without returns q without one of its conditions at the top, and that
// condition as it is written; i counts from 0. ok is false past the last.
func (q Query) Without(i int) (rest Query, dropped string, ok bool) {
	conditions := q.Conditions()
	if i < 0 || i >= len(conditions) {
		return q, "", false
	}
	var left []Node
	left = append(append(left, conditions[:i]...), conditions[i+1:]...)
	return Query{all(left)}, Query{conditions[i]}.String(), true
}

// Conditions returns the conditions at the top that must all hold.
func (q Query) Conditions() []Node {
	switch n := q.Root.(type) {
	case nil:
		return nil
	case And:
		return n
	}
	return []Node{q.Root}
}

// Walk calls f for q's leaves ([Text], [Is] and [When]) in reading order, and
// says whether each stands under a negation.
func (q Query) Walk(f func(leaf Node, negated bool)) { walk(q.Root, false, f) }

func walk(n Node, negated bool, f func(Node, bool)) {
	switch n := n.(type) {
	case nil:
	case And:
		for _, c := range n {
			walk(c, negated, f)
		}
	case Or:
		for _, c := range n {
			walk(c, negated, f)
		}
	case Not:
		walk(n.Node, !negated, f)
	default:
		f(n, negated)
	}
}

// Map returns q with each [Text] leaf replaced by what f returns.
func (q Query) Map(f func(Text) Node) Query { return Query{mapText(q.Root, f)} }

func mapText(n Node, f func(Text) Node) Node {
	switch n := n.(type) {
	case And:
		nodes := make([]Node, 0, len(n))
		for _, c := range n {
			nodes = append(nodes, mapText(c, f))
		}
		return all(nodes)
	case Or:
		nodes := make([]Node, 0, len(n))
		for _, c := range n {
			nodes = append(nodes, mapText(c, f))
		}
		return oneOf(nodes)
	case Not:
		return negate(mapText(n.Node, f))
	case Text:
		return f(n)
	}
	return n
}

// count returns how many words a query has: what [MaxWords] bounds.
func (q Query) count() int {
	n := 0
	q.Walk(func(leaf Node, _ bool) {
		if t, ok := leaf.(Text); ok {
			n += wordCount(t.Words)
		} else {
			n++
		}
	})
	return n
}

func wordCount(text string) int {
	n := 0
	for _, t := range words.Tokens(text) {
		if !t.Joined && !(words.Dense(t.Text)) {
			n++
		}
	}
	return max(n, 1)
}

// MatchItem reports whether item satisfies the query, by the rules that the
// index follows: words in the item's own language. It is what caravan:only and
// caravan:skip ask. An item does not know its communities, so that a condition
// on them does not hold.
func MatchItem(q string, item caravan.Item) (bool, error) {
	parsed, err := Parse(q)
	if err != nil {
		return false, err
	}
	return parsed.Match(item), nil
}
