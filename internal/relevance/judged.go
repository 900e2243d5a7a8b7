package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"caravan"
	"caravan/index"
	"caravan/index/thesaurus"
)

// The articles were written for this measurement: each on a topic of public
// innovation, in one of four languages. A query's good answers are the articles
// on its topic, in whatever language.
//
//go:embed testdata/articles.txt
var articlesText string

//go:embed testdata/queries.txt
var queriesText string

// A topical is an article with its topic.
type topical struct {
	doc   caravan.StoryDoc
	topic string
}

// readArticles reads blocks of "== topic language", title and text.
func readArticles(text string) []topical {
	var all []topical
	for block := range strings.SplitSeq(strings.TrimPrefix(text, "== "), "\n== ") {
		lines := strings.SplitN(strings.TrimSpace(block), "\n", 3)
		topic, language, _ := strings.Cut(lines[0], " ")
		id := caravan.PublicID("judged", lines[1])
		all = append(all, topical{topic: topic, doc: caravan.StoryDoc{ID: id, SortAt: now.AddDate(-1, 0, 0), Members: []caravan.DocMember{{
			Item: id, Source: "judged", Language: language, Title: lines[1], Text: lines[2],
		}}}})
	}
	return all
}

// judged prints how well the judged queries are answered, with the thesaurus
// and without.
func judged(ctx context.Context, out io.Writer, thesaurusFile string) error {
	articles := readArticles(articlesText)
	docs := make([]caravan.StoryDoc, len(articles))
	topics := make(map[string]string)
	for k, a := range articles {
		docs[k] = a.doc
		topics[a.doc.ID] = a.topic
	}
	i, done, err := open(ctx, docs)
	if err != nil {
		return err
	}
	defer done()
	data, err := os.ReadFile(thesaurusFile)
	if err != nil {
		return fmt.Errorf("read thesaurus: %w", err)
	}
	t, problems := thesaurus.Parse(thesaurusFile, data)
	if len(problems) > 0 {
		return fmt.Errorf("read thesaurus: %s", problems[0])
	}
	i.SetThesaurus(t)
	fmt.Fprintf(out, "Judged queries over %d articles\n", len(docs))
	fmt.Fprintf(out, "%-18s %7s %8s %10s %10s\n", "", "queries", "nDCG@10", "recall@10", "precision")
	for _, exact := range []bool{false, true} {
		name := "with thesaurus"
		if exact {
			name = "without"
		}
		s, err := judgeAll(ctx, i, topics, exact)
		if err != nil {
			return err
		}
		n := float64(s.queries)
		fmt.Fprintf(out, "%-18s %7d %8.3f %9.1f%% %9.1f%%\n", name, s.queries, s.gain/n, 100*s.recall/n, 100*s.precision/n)
	}
	return nil
}

// scores sum up the answers to judged queries.
type scores struct {
	queries                 int
	gain, recall, precision float64
}

func judgeAll(ctx context.Context, i *index.Index, topics map[string]string, exact bool) (scores, error) {
	var s scores
	good := make(map[string]int)
	for _, topic := range topics {
		good[topic]++
	}
	for line := range strings.Lines(queriesText) {
		q, topic, ok := strings.Cut(strings.TrimSpace(line), " => ")
		if !ok || strings.HasPrefix(q, "#") {
			continue
		}
		r, err := i.Search(ctx, caravan.SearchRequest{Query: q, Limit: 10, Exact: exact, Now: now})
		if err != nil {
			return s, fmt.Errorf("search %q: %w", q, err)
		}
		gain, ideal, found := 0.0, 0.0, 0
		for k, h := range r.Hits {
			if topics[h.Story] == topic {
				found++
				gain += 1 / math.Log2(float64(k)+2)
			}
		}
		most := min(10, good[topic])
		for k := range most {
			ideal += 1 / math.Log2(float64(k)+2)
		}
		s.queries++
		s.gain += gain / ideal
		s.recall += float64(found) / float64(most)
		if len(r.Hits) > 0 {
			s.precision += float64(found) / float64(len(r.Hits))
		}
	}
	return s, nil
}
