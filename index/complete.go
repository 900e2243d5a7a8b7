package index

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"caravan"
	"caravan/index/words"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Bounds of completions.
const (
	mostEach    = 5    // of one kind
	mostEntries = 5000 // names looked at
	mostCounted = 500  // of those, the documents are counted of
)

// Complete returns what may be meant by words that are still being typed:
// communities, sources, tags and authors with a word that begins so, and the
// newest titles with all the words, the last of which may be unfinished. Under
// two letters there is nothing to go by.
func (i *Index) Complete(ctx context.Context, typed string, limit int) ([]caravan.Completion, error) {
	key := words.Key(typed)
	if letters(key) < shortestEdge && !words.Dense(key) || len(typed) > longestKey || limit < 1 {
		return nil, nil
	}
	var out []caravan.Completion
	err := i.withView(ctx, func(ctx context.Context, e *evaluator) error {
		for _, kind := range []struct {
			mark  rune
			field string
			name  caravan.CompletionKind
		}{
			{kindCommunity, fieldValues, caravan.CompleteCommunity}, {kindSource, fieldValues, caravan.CompleteSource},
			{kindTag, fieldOffers, caravan.CompleteTag}, {kindAuthor, fieldOffers, caravan.CompleteAuthor},
		} {
			names := e.v.offered
			if kind.field == fieldValues {
				names = e.v.slugs
			}
			found, err := names(ctx, kind.mark, key)
			if err != nil {
				return err
			}
			for _, n := range found {
				out = append(out, caravan.Completion{Kind: kind.name, Text: n.Value, Count: n.Count})
			}
		}
		titles, err := i.titlesWith(ctx, e, typed, limit)
		out = append(out, titles...)
		return err
	})
	return out[:min(limit, len(out))], err
}

// slugs returns the communities or sources whose slug has words that begin as
// those of key, the most frequent first.
func (v *view) slugs(ctx context.Context, kind rune, key string) ([]caravan.FacetValue, error) {
	found := make(map[string]name)
	part := strings.ReplaceAll(key, " ", "-")
	err := v.terms(ctx, fieldValues, string(kind), func(term string, most int) {
		if slug := term[1:]; strings.HasPrefix(slug, part) || strings.Contains(slug, "-"+part) {
			found[slug] = name{slug, term, most}
		}
	})
	if err != nil {
		return nil, err
	}
	return v.frequent(ctx, fieldValues, found)
}

// standing returns how many documents have a term, without keeping which.
func (v *view) standing(ctx context.Context, field, term string) (int, error) {
	var list segment.PostingsList
	n := 0
	for _, s := range v.segments {
		d, err := s.dictionary(field)
		if err == nil {
			list, err = d.PostingsList([]byte(term), s.Deleted(), list)
		}
		if err != nil {
			return 0, fmt.Errorf("count documents with %s in %s: %w", term, field, err)
		}
		n += int(list.Count())
	}
	return n, ctx.Err()
}

// terms calls f for the terms of a field that begin with prefix, with how many
// documents have them, those included that are deleted; for not more than
// [mostEntries].
func (v *view) terms(ctx context.Context, field, prefix string, f func(term string, most int)) error {
	dict, err := v.r.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return fmt.Errorf("read terms of %s: %w", field, err)
	}
	defer dict.Close()
	for range mostEntries {
		entry, err := dict.Next()
		if err != nil {
			return fmt.Errorf("read terms of %s: %w", field, err)
		}
		if entry == nil {
			return nil
		}
		f(entry.Term, int(entry.Count))
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// titlesWith returns the newest titles in which every word typed begins a word;
// those before the last are meant whole when the title has them so.
func (i *Index) titlesWith(ctx context.Context, e *evaluator, typed string, limit int) ([]caravan.Completion, error) {
	var set *roaring.Bitmap
	for _, t := range words.Tokens(typed) {
		if t.Joined || letters(t.Text) < shortestEdge && !words.Dense(t.Text) {
			continue
		}
		b, err := e.v.term(ctx, fieldEdges, edgeOf(t.Text))
		if letters(t.Text) > longestEdge {
			b, err = e.v.beginning(ctx, fieldEdges, t.Text)
		}
		if err != nil {
			return nil, err
		}
		if set == nil {
			set = b.Clone()
		} else {
			set.And(b)
		}
	}
	if set == nil || set.IsEmpty() {
		return nil, nil
	}
	return i.titlesOf(ctx, e, e.v.newest(set, limit), typed)
}

// titlesOf returns the titles of documents, of each story the one that was
// looked for, each title once.
func (i *Index) titlesOf(ctx context.Context, e *evaluator, docs []ranked, typed string) ([]caravan.Completion, error) {
	stories := make([]string, len(docs))
	of := make([][]string, len(docs))
	var items []string
	for k, d := range docs {
		m, err := e.v.members(d.doc)
		if err != nil {
			return nil, err
		}
		stories[k], of[k] = e.v.external(d.doc), m.Items
		items = append(items, m.Items...)
	}
	texts, err := i.texts(ctx, items)
	if err != nil {
		return nil, err
	}
	var out []caravan.Completion
	seen := make(map[string]bool)
	for k, ids := range of {
		title := bestTitle(ids, texts, typed)
		if title != "" && !seen[title] {
			seen[title] = true
			out = append(out, caravan.Completion{Kind: caravan.CompleteTitle, Text: title, Story: stories[k], Count: 1})
		}
	}
	return out, nil
}

// bestTitle returns the title with most of the words typed.
func bestTitle(ids []string, texts map[string]caravan.Item, typed string) string {
	wanted := strings.Fields(words.Key(typed))
	return slices.MaxFunc(append(mapped(ids, func(id string) string { return texts[id].Title }), ""), func(a, b string) int {
		return cmp.Compare(begun(a, wanted), begun(b, wanted))
	})
}

// begun returns how many of wanted begin a word of title; less than none for an
// empty one.
func begun(title string, wanted []string) int {
	if title == "" {
		return -1
	}
	n := 0
	have := strings.FieldsFunc(words.Key(title), unicode.IsSpace)
	for _, w := range wanted {
		if slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			n++
		}
	}
	return n
}
