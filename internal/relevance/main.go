// Relevance measures how well the search finds what it should, and prints
// figures.
//
//	go run ./internal/relevance [--corpus ../shared/corpus] [--show N]
//
// With a corpus of real feeds it measures known-item search: each article is
// looked for by its own telling words, by its title, and by both as people
// write them (without accents, in lower case, with a slip, in the plural).
// The figures of the whole corpus are kept in testdata/figures.txt.
// Without one it measures only the judged queries over the articles in
// testdata, which were written for the purpose.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"caravan"
	"caravan/index"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "relevance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("relevance", flag.ContinueOnError)
	corpus := flags.String("corpus", "", "folder with manifest.tsv and feeds/")
	thesaurusFile := flags.String("thesaurus", "thesaurus.txt", "the thesaurus that judged queries are widened by")
	show := flags.Int("show", 0, "how many failures of each kind to show")
	only := flags.String("only", "", "measure only the kinds whose name contains this")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := judged(ctx, out, *thesaurusFile); err != nil {
		return err
	}
	if *corpus == "" {
		return nil
	}
	docs, err := readCorpus(*corpus)
	if err != nil {
		return err
	}
	_, err = known(ctx, out, docs, options{show: *show, only: *only})
	return err
}

// now is the fixed present of all measurements.
var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// open indexes documents in a temporary directory; the caller calls done.
func open(ctx context.Context, docs []caravan.StoryDoc) (i *index.Index, done func(), err error) {
	dir, err := os.MkdirTemp("", "relevance")
	if err != nil {
		return nil, nil, err
	}
	i, err = index.Open(ctx, index.Config{
		Dir: dir, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: func() time.Time { return now },
		Store: newMemory(docs), Budget: time.Minute,
	})
	if err != nil {
		return nil, nil, err
	}
	done = func() {
		_ = i.Close()
		_ = os.RemoveAll(dir)
	}
	if err := i.Rebuild(ctx); err != nil {
		done()
		return nil, nil, err
	}
	return i, done, nil
}

// memory is a store of documents that never change.
type memory struct {
	docs  []caravan.StoryDoc
	items map[string]caravan.Item
}

func newMemory(docs []caravan.StoryDoc) *memory {
	m := &memory{docs: docs, items: make(map[string]caravan.Item, len(docs))}
	for _, d := range docs {
		for _, x := range d.Members {
			m.items[x.Item] = caravan.Item{ID: x.Item, Title: x.Title, Text: x.Text, Language: x.Language}
		}
	}
	return m
}

func (m *memory) Changes(_ context.Context, after int64, limit int) (caravan.ChangeBatch, error) {
	to := min(int(after)+limit, len(m.docs))
	return caravan.ChangeBatch{Docs: m.docs[after:to], Last: int64(to), Head: int64(len(m.docs))}, nil
}

func (m *memory) LastChange(context.Context) (int64, error) { return int64(len(m.docs)), nil }

func (m *memory) WaitChange(ctx context.Context, after int64) (int64, error) {
	<-ctx.Done()
	return after, ctx.Err()
}

func (m *memory) Members(context.Context, []string) (map[string]caravan.DocMember, error) {
	return nil, nil
}

func (m *memory) Texts(_ context.Context, ids []string) (map[string]caravan.Item, error) {
	found := make(map[string]caravan.Item, len(ids))
	for _, id := range ids {
		if item, ok := m.items[id]; ok {
			found[id] = item
		}
	}
	return found, nil
}
