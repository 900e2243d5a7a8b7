package planet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/index/query"
)

// Search finds the stories that have every word of the query in their title or
// text, whatever the case and the accents; quotation marks change nothing.
// "forrms" is a misspelling.
func (p *Planet) Search(_ context.Context, r caravan.SearchRequest) (caravan.SearchResult, error) {
	parse := query.Parse
	if r.Plain {
		parse = query.ParsePlain
	}
	if _, err := parse(r.Query); err != nil {
		return caravan.SearchResult{}, fmt.Errorf("parse: %w", err)
	}
	words := strings.Fields(caravan.Fold(strings.ReplaceAll(r.Query, `"`, "")))
	found := p.found(words, r.Filter)
	if r.Sort == caravan.SortRelevance {
		slices.SortStableFunc(found, func(a, b caravan.Story) int {
			return cmp.Compare(score(b, words), score(a, words))
		})
	}
	result := caravan.SearchResult{Query: r.Query, Total: len(found), Took: 4 * time.Millisecond, At: "list-1", Progress: 1}
	result.Reranked = r.At != "" && r.At != "list-1"
	for _, s := range found[min(len(found), (r.Page-1)*r.Limit):min(len(found), r.Page*r.Limit)] {
		result.Hits = append(result.Hits, hit(s, words))
	}
	result.Facets = facets(found)
	if slices.Contains(words, "forrms") {
		result.Suggestion = strings.ReplaceAll(r.Query, "forrms", "forms")
	}
	for i := range words {
		rest := slices.Delete(slices.Clone(words), i, i+1)
		if len(found) == 0 && len(rest) > 0 {
			result.Relaxed = append(result.Relaxed, caravan.Relaxed{
				Query: strings.Join(rest, " "), Filter: r.Filter, Dropped: words[i], Total: len(p.found(rest, r.Filter)),
			})
		}
	}
	return result, p.Err
}

func (p *Planet) found(words []string, f caravan.Filter) []caravan.Story {
	var out []caravan.Story
	for _, s := range p.matching(f) {
		text := caravan.Fold(s.Head.Title + " " + s.Head.Text)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, s)
		}
	}
	return out
}

// score counts words in the title.
func score(s caravan.Story, words []string) int {
	n := 0
	for _, w := range words {
		if strings.Contains(caravan.Fold(s.Head.Title), w) {
			n++
		}
	}
	return n
}

func hit(s caravan.Story, words []string) caravan.Hit {
	text := strings.Fields(s.Head.Text)
	from := 0
	for i, word := range text {
		if marks(word, words) {
			from = max(0, i-8)
			break
		}
	}
	snippet := fragments(text[from:min(len(text), from+40)], words)
	if from > 0 {
		snippet = append([]caravan.Fragment{{Text: "… "}}, snippet...)
	}
	return caravan.Hit{Story: s.ID, Item: s.Head.ID, Score: 1, Title: fragments(strings.Fields(s.Head.Title), words), Snippet: snippet}
}

func marks(word string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(caravan.Fold(word), w) })
}

// fragments marks the words that were asked for.
func fragments(text, words []string) []caravan.Fragment {
	var out []caravan.Fragment
	for i, word := range text {
		if i > 0 {
			out = append(out, caravan.Fragment{Text: " "})
		}
		out = append(out, caravan.Fragment{Text: word, Hit: marks(word, words)})
	}
	return out
}

func facets(stories []caravan.Story) caravan.Facets {
	count := map[string]map[string]int{}
	add := func(field, value string) {
		if count[field] == nil {
			count[field] = map[string]int{}
		}
		count[field][value]++
	}
	for _, s := range stories {
		for _, c := range s.Communities {
			add("community", c.Slug)
		}
		add("source", s.Source.Slug)
		if s.Head.Language != "" {
			add("language", s.Head.Language)
		}
		for _, tag := range s.Head.Tags {
			add("tag", tag)
		}
		add("year", strconv.Itoa(s.SortAt.Year()))
	}
	list := func(field string) []caravan.FacetValue {
		var out []caravan.FacetValue
		for value, n := range count[field] {
			out = append(out, caravan.FacetValue{Value: value, Count: n})
		}
		slices.SortFunc(out, func(a, b caravan.FacetValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		return out
	}
	return caravan.Facets{
		Community: list("community"), Source: list("source"), Language: list("language"), Tag: list("tag"), Year: list("year"),
	}
}

// Complete offers the communities, sources, tags, authors and titles with a word
// that begins so.
func (p *Planet) Complete(_ context.Context, typed string, limit int) ([]caravan.Completion, error) {
	plain := func(s string) string { return " " + strings.ReplaceAll(caravan.Fold(s), "-", " ") }
	var out []caravan.Completion
	offer := func(kind caravan.CompletionKind, text, story string) {
		if !strings.Contains(plain(text), plain(typed)) {
			return
		}
		same := func(c caravan.Completion) bool { return c.Kind == kind && c.Text == text && c.Story == story }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Count++
			return
		}
		out = append(out, caravan.Completion{Kind: kind, Text: text, Story: story, Count: 1})
	}
	stories := p.AllStories()
	for _, s := range stories {
		for _, c := range s.Communities {
			offer(caravan.CompleteCommunity, c.Slug, "")
		}
		offer(caravan.CompleteSource, s.Source.Slug, "")
		for _, tag := range s.Head.Tags {
			offer(caravan.CompleteTag, tag, "")
		}
		for _, author := range s.Head.Authors {
			offer(caravan.CompleteAuthor, author, "")
		}
	}
	out = out[:min(len(out), limit/2)]
	for _, s := range stories {
		offer(caravan.CompleteTitle, s.Head.Title, s.ID)
	}
	return out[:min(len(out), limit)], p.Err
}

// Similar returns the stories that share a tag with one.
func (p *Planet) Similar(_ context.Context, story string, limit int) ([]caravan.Hit, error) {
	s, ok := p.story(story)
	if !ok {
		return nil, fmt.Errorf("similar to %s: %w", story, caravan.ErrNotFound)
	}
	var hits []caravan.Hit
	for _, other := range p.matching(caravan.Filter{Tags: s.Head.Tags}) {
		if len(hits) < limit && len(s.Head.Tags) > 0 {
			hits = append(hits, caravan.Hit{Story: other.ID, Item: other.Head.ID})
		}
	}
	return hits, p.Err
}

// Find returns the items of an address; one that ends in "/hidden" is hidden.
func (p *Planet) Find(_ context.Context, address string) ([]caravan.Item, error) {
	if strings.HasSuffix(address, "/hidden") {
		return []caravan.Item{{ID: Taken, Source: p.Feeds[0].Slug, Visibility: caravan.Skipped, FirstSeen: p.List.AppliedAt}}, p.Err
	}
	var out []caravan.Item
	for _, s := range p.AllStories() {
		if s.Head.Link == address {
			out = append(out, s.Head)
		}
	}
	return out, p.Err
}
