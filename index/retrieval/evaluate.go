// Package retrieval answers queries from a view of the index: which documents
// match, in what order, how they can be narrowed, and what else may have been
// meant.
//
// What a document scores and which query is tried instead is decided by
// functions over values; the view is asked only for terms and places.
package retrieval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"caravan/index/query"
	"caravan/index/schema"
	"caravan/index/view"
	"caravan/index/words"
)

// An Evaluator finds the documents that satisfy a query in a view.
//
// A query is analysed in each language that the index holds, and a document
// must satisfy it in one of them: only so can a word that is a stop word in one
// language be looked for in the others. Quoted phrases are found in every
// inflection here; [query.Query.MatchWith] checks them in the stored text.
type Evaluator struct {
	v      *view.View
	groups []string
	texts  map[textIn]*roaring.Bitmap
}

// A textIn is a condition on text in a language group.
type textIn struct {
	text  query.Text
	group string
}

// New returns an evaluator over v; it serves one goroutine, as v does, and is good
// until v is closed.
func New(v *view.View) *Evaluator {
	return &Evaluator{v: v, groups: v.Groups(), texts: make(map[textIn]*roaring.Bitmap)}
}

// View returns what the evaluator finds documents in.
func (e *Evaluator) View() *view.View { return e.v }

// Query returns the documents that satisfy q. Nobody may change the result.
func (e *Evaluator) Query(ctx context.Context, q query.Query) (*roaring.Bitmap, error) {
	if q.Root == nil {
		return e.v.All(), nil
	}
	return e.anywhere(ctx, q.Root)
}

// anywhere returns the documents that satisfy n in some language. Nobody may
// change the result.
func (e *Evaluator) anywhere(ctx context.Context, n query.Node) (*roaring.Bitmap, error) {
	groups := e.groups
	if !hasText(n) {
		groups = []string{words.Other} // the same in all
	}
	found := roaring.New()
	for _, g := range groups {
		b, err := e.in(ctx, n, g)
		if err != nil {
			return nil, err
		}
		found = either(found, b)
	}
	return found, nil
}

// either returns the documents of both sets: one of the two itself when the
// other is empty, which most sets are that one query needs.
func either(a, b *roaring.Bitmap) *roaring.Bitmap {
	switch {
	case a.IsEmpty():
		return b
	case b.IsEmpty():
		return a
	}
	return roaring.Or(a, b)
}

func hasText(n query.Node) bool {
	found := false
	query.Query{Root: n}.Walk(func(leaf query.Node, _ bool) {
		_, ok := leaf.(query.Text)
		found = found || ok
	})
	return found
}

// in returns the documents that satisfy n in one language. Nobody may change
// the result.
func (e *Evaluator) in(ctx context.Context, n query.Node, group string) (*roaring.Bitmap, error) {
	switch n := n.(type) {
	case query.And:
		return e.and(ctx, n, group)
	case query.Or:
		found := roaring.New()
		for _, c := range n {
			b, err := e.in(ctx, c, group)
			if err != nil {
				return nil, err
			}
			found.Or(b)
		}
		return found, nil
	case query.Not:
		return e.and(ctx, query.And{n}, group)
	case query.Text:
		return e.text(ctx, n, group)
	case query.Is:
		return e.is(ctx, n)
	case query.When:
		return e.when(ctx, n)
	}
	return nil, fmt.Errorf("evaluate a condition of type %T", n)
}

// and intersects what must hold and takes away what must not.
func (e *Evaluator) and(ctx context.Context, nodes query.And, group string) (*roaring.Bitmap, error) {
	positive, negative, ignored := significant(nodes, words.For(group))
	var found *roaring.Bitmap
	for i, n := range positive {
		b, err := e.in(ctx, n, group)
		if err != nil {
			return nil, err
		}
		switch i {
		case 0:
			found = b
		case 1:
			found = roaring.And(found, b)
		default:
			found.And(b)
		}
		if found.IsEmpty() {
			return found, nil
		}
	}
	if found == nil {
		found = e.v.All()
	}
	if len(positive) < 2 && (len(negative) > 0 || ignored) {
		found = found.Clone() // it is not ours yet
	}
	for _, n := range negative {
		if hasQuotation(n) {
			continue // other inflections must stay; the check of the text takes the rest away
		}
		b, err := e.anywhere(ctx, n)
		if err != nil {
			return nil, err
		}
		found.AndNot(b)
	}
	if ignored { // what is common in one language must be there in the others
		b, err := e.v.Term(ctx, schema.FieldGroup, group)
		if err != nil {
			return nil, err
		}
		found.And(b)
	}
	return found, nil
}

// significant parts the conditions of an And into those that must hold and those
// that must not, without the words too common to count beside others.
func significant(nodes query.And, a *words.Analyzer) (positive, negative []query.Node, ignored bool) {
	kept := false
	for _, n := range nodes {
		if _, not := n.(query.Not); !not && !query.Ignorable(n, a) {
			kept = true
		}
	}
	for _, n := range nodes {
		inner, not := n.(query.Not)
		switch {
		case !not && !(kept && query.Ignorable(n, a)):
			positive = append(positive, n)
		case not && !(kept && query.Ignorable(inner.Node, a)):
			negative = append(negative, inner.Node)
		default:
			ignored = true
		}
	}
	return positive, negative, ignored
}

// hasQuotation reports whether a condition holds a phrase whose exact form only
// the text shows. One word anywhere is not: it is looked up in its form.
func hasQuotation(n query.Node) bool {
	found := false
	query.Query{Root: n}.Walk(func(leaf query.Node, _ bool) {
		if t, ok := leaf.(query.Text); ok && t.Quoted {
			parts, _ := query.Split(words.For(words.Other).Terms(t.Words))
			found = found || t.In != query.Anywhere || len(parts) > 1
		}
	})
	return found
}

// fieldsOf returns the fields in which a condition on text is looked for. In
// bodies there are no stop words.
func fieldsOf(in query.Field, group string) (text, names []string) {
	switch in {
	case query.Title:
		return []string{schema.TitleField(group)}, nil
	case query.Author:
		return nil, []string{schema.FieldAuthor}
	}
	return []string{schema.TitleField(group), schema.BodyField(group)}, []string{schema.FieldAuthor, schema.FieldTagText}
}

func (e *Evaluator) text(ctx context.Context, t query.Text, group string) (*roaring.Bitmap, error) {
	key := textIn{t, group}
	if b, ok := e.texts[key]; ok {
		return b, nil
	}
	b, err := e.lookUp(ctx, t, group)
	if err != nil {
		return nil, err
	}
	e.texts[key] = b
	return b, nil
}

func (e *Evaluator) lookUp(ctx context.Context, t query.Text, group string) (*roaring.Bitmap, error) {
	parts, joined := query.Split(words.For(group).Terms(t.Words))
	plain, plainJoined := query.Split(words.For(words.Other).Terms(t.Words))
	if len(parts) == 0 {
		return roaring.New(), nil
	}
	if t.Prefix {
		return e.beginning(ctx, t, plain)
	}
	if t.Quoted && len(parts) == 1 && t.In == query.Anywhere {
		return e.v.Term(ctx, schema.FieldWords, parts[0].Text)
	}
	if t.Quoted && t.In == query.Anywhere && !slices.ContainsFunc(parts, func(p words.Term) bool { return !p.Stop }) {
		all, err := e.v.Term(ctx, schema.FieldGroup, group) // bodies are not indexed by these words
		if err != nil {
			return nil, err
		}
		return e.withAllForms(ctx, all, plain, plainJoined)
	}
	text, names := fieldsOf(t.In, group)
	found := roaring.New()
	for _, field := range text {
		b, err := e.run(ctx, field, parts, joined)
		if err != nil {
			return nil, err
		}
		found = either(found, b)
	}
	for _, field := range names {
		b, err := e.run(ctx, field, plain, plainJoined)
		if err != nil {
			return nil, err
		}
		found = either(found, b)
	}
	if t.Quoted && t.In == query.Anywhere {
		return e.withAllForms(ctx, found, plain, plainJoined)
	}
	return found, nil
}

// withAllForms keeps those documents that have each word of a quotation in its
// very form, which spares most of the checking of texts.
func (e *Evaluator) withAllForms(ctx context.Context, found *roaring.Bitmap, plain []words.Term, joined string) (*roaring.Bitmap, error) {
	forms := found.Clone()
	for _, p := range plain {
		b, err := e.v.Term(ctx, schema.FieldWords, p.Text)
		if err != nil {
			return nil, err
		}
		forms.And(b)
	}
	if joined != "" {
		b, err := e.v.Term(ctx, schema.FieldWords, joined)
		if err != nil {
			return nil, err
		}
		forms.Or(roaring.And(b, found))
	}
	return forms, nil
}

// beginning returns the documents with a word that begins with the last of
// parts, and with the others in this form.
func (e *Evaluator) beginning(ctx context.Context, t query.Text, parts []words.Term) (*roaring.Bitmap, error) {
	field := map[query.Field]string{query.Anywhere: schema.FieldWords, query.Title: schema.FieldEdges, query.Author: schema.FieldAuthor}[t.In]
	var found *roaring.Bitmap
	for i, p := range parts {
		look := e.v.Term
		if i == len(parts)-1 {
			look = e.v.Beginning
		}
		b, err := look(ctx, field, p.Text)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = b.Clone()
		} else {
			found.And(b)
		}
	}
	return found, nil
}

// run returns the documents in whose field the stems of parts stand side by
// side, or the joined spelling stands.
func (e *Evaluator) run(ctx context.Context, field string, parts []words.Term, joined string) (*roaring.Bitmap, error) {
	found := roaring.New()
	if joined != "" {
		b, err := e.v.Term(ctx, field, joined)
		if err != nil {
			return nil, err
		}
		found = b
	}
	body := strings.HasPrefix(field, "body_")
	var wanted []words.Term
	for _, p := range parts {
		if !body || !p.Stop {
			wanted = append(wanted, p)
		}
	}
	if len(wanted) == 0 {
		return found, nil
	}
	candidates, err := e.haveAll(ctx, field, wanted)
	if err != nil {
		return nil, err
	}
	if len(wanted) > 1 {
		if candidates, err = e.v.SideBySide(ctx, field, wanted, candidates); err != nil {
			return nil, err
		}
	}
	return either(found, candidates), nil
}

// haveAll returns the documents whose field has all stems.
func (e *Evaluator) haveAll(ctx context.Context, field string, wanted []words.Term) (*roaring.Bitmap, error) {
	var found *roaring.Bitmap
	for _, w := range wanted {
		b, err := e.v.Term(ctx, field, w.Stem)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = b
		} else {
			found = roaring.And(found, b)
		}
		if found.IsEmpty() {
			break
		}
	}
	return found, nil
}

// is returns the documents with a property.
func (e *Evaluator) is(ctx context.Context, n query.Is) (*roaring.Bitmap, error) {
	field, key := schema.FieldValues, n.Key()
	switch n.Field {
	case query.Community:
		key = string(schema.KindCommunity) + key
	case query.Source:
		key = string(schema.KindSource) + key
	case query.Language:
		key = string(schema.KindLanguage) + key
	case query.Tag:
		field = schema.FieldTag
	case query.Site:
		field = schema.FieldSite
	}
	if n.Prefix {
		return e.v.Beginning(ctx, field, key)
	}
	return e.v.Term(ctx, field, key)
}

// firstYear and lastYear bound what dates are looked up.
const (
	firstYear = 1970
	lastYear  = 2200
)

// when returns the documents before a day, or from it on: as whole years, whole
// months and days.
func (e *Evaluator) when(ctx context.Context, w query.When) (*roaring.Bitmap, error) {
	found := roaring.New()
	for _, term := range dateTerms(w) {
		b, err := e.v.Term(ctx, schema.FieldDate, term)
		if err != nil {
			return nil, err
		}
		found.Or(b)
	}
	return found, nil
}

// dateTerms returns the years, months and days that make up a condition.
func dateTerms(w query.When) []string {
	at := w.Start()
	var terms []string
	if w.Before {
		for y := firstYear; y < at.Year(); y++ {
			terms = append(terms, fmt.Sprintf("%04d", y))
		}
		for m := 1; m < int(at.Month()); m++ {
			terms = append(terms, fmt.Sprintf("%04d-%02d", at.Year(), m))
		}
		for d := 1; d < at.Day(); d++ {
			terms = append(terms, fmt.Sprintf("%04d-%02d-%02d", at.Year(), at.Month(), d))
		}
		return terms
	}
	if at.Day() > 1 {
		last := time.Date(at.Year(), at.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		for d := at.Day(); d <= last; d++ {
			terms = append(terms, fmt.Sprintf("%04d-%02d-%02d", at.Year(), at.Month(), d))
		}
		at = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	}
	for ; at.Month() > 1; at = at.AddDate(0, 1, 0) {
		terms = append(terms, at.Format("2006-01"))
	}
	for y := at.Year(); y <= lastYear; y++ {
		terms = append(terms, fmt.Sprintf("%04d", y))
	}
	return terms
}
