// Package schematest makes small indexes for tests of what reads them.
package schematest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"caravan"
	"caravan/index/schema"
)

// Reader indexes stories on disk and returns a reader of them all; each batch
// becomes a segment. What reads with it closes it, and the index goes with the
// test.
func Reader(t testing.TB, batches ...[]caravan.StoryDoc) index.IndexReader {
	t.Helper()
	r, err := read(t, batches)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t testing.TB, batches [][]caravan.StoryDoc) (index.IndexReader, error) {
	if err := schema.Register(); err != nil {
		return nil, err
	}
	idx, err := bleve.NewUsing(filepath.Join(t.TempDir(), "index"), schema.Mapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("create index: %w", err)
	}
	t.Cleanup(func() {
		if err := idx.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, stories := range batches {
		batch := idx.NewBatch()
		for _, s := range stories {
			doc, err := schema.Document(s)
			if err == nil {
				err = batch.Index(s.ID, doc)
			}
			if err != nil {
				return nil, err
			}
		}
		if err := idx.Batch(batch); err != nil {
			return nil, fmt.Errorf("index a batch: %w", err)
		}
	}
	advanced, err := idx.Advanced()
	if err != nil {
		return nil, err
	}
	return advanced.Reader()
}

// Story returns a story of one member in source "nesta" of 2025-11-25.
func Story(id, language, title, text string) caravan.StoryDoc {
	return caravan.StoryDoc{ID: id, SortAt: time.Date(2025, 11, 25, 0, 0, 0, 0, time.UTC), Members: []caravan.DocMember{{
		Item: id, Source: "nesta", Communities: []string{"nesta"}, Language: language, Title: title, Text: text,
	}}}
}
