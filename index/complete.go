package index

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan"
	"caravan/index/retrieval"
	"caravan/index/schema"
	"caravan/index/words"
)

// Complete returns what may be meant by words that are still being typed:
// communities, sources, tags and authors with a word that begins so, and the
// newest titles with all the words, the last of which may be unfinished. Under
// two letters there is nothing to go by.
func (i *Index) Complete(ctx context.Context, typed string, limit int) ([]caravan.Completion, error) {
	key := words.Key(typed)
	if utf8.RuneCountInString(key) < schema.ShortestEdge && !words.Dense(key) || len(typed) > schema.LongestKey || limit < 1 {
		return nil, nil
	}
	var out []caravan.Completion
	err := i.withView(ctx, func(ctx context.Context, e *retrieval.Evaluator) error {
		out = nil
		for _, kind := range []struct {
			mark  rune
			field string
			name  caravan.CompletionKind
		}{
			{schema.KindCommunity, schema.FieldValues, caravan.CompleteCommunity}, {schema.KindSource, schema.FieldValues, caravan.CompleteSource},
			{schema.KindTag, schema.FieldOffers, caravan.CompleteTag}, {schema.KindAuthor, schema.FieldOffers, caravan.CompleteAuthor},
		} {
			names := e.View().Offered
			if kind.field == schema.FieldValues {
				names = e.View().Slugs
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

// titlesWith returns the newest titles with the words typed.
func (i *Index) titlesWith(ctx context.Context, e *retrieval.Evaluator, typed string, limit int) ([]caravan.Completion, error) {
	set, err := e.Titles(ctx, typed)
	if err != nil || set.IsEmpty() {
		return nil, err
	}
	return i.titlesOf(ctx, e, e.Newest(set, limit), typed)
}

// titlesOf returns the titles of documents, of each story the one that was
// looked for, each title once.
func (i *Index) titlesOf(ctx context.Context, e *retrieval.Evaluator, docs []retrieval.Ranked, typed string) ([]caravan.Completion, error) {
	stories := make([]string, len(docs))
	of := make([][]string, len(docs))
	var items []string
	for k, d := range docs {
		m, err := e.View().Members(d.Doc)
		if err != nil {
			return nil, err
		}
		stories[k], of[k] = e.View().Story(d.Doc), m.Items
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
	best, most := "", -1
	for _, id := range ids {
		if n := begun(texts[id].Title, wanted); n > most {
			best, most = texts[id].Title, n
		}
	}
	return best
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
