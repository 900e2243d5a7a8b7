package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"caravan"
	"caravan/fetcher/article"
	"caravan/fetcher/document"
)

// A doc is an article of the corpus.
type doc struct {
	caravan.Item
	id string
}

// story returns what the index needs of d.
func (d doc) story() caravan.StoryDoc {
	return caravan.StoryDoc{ID: d.id, SortAt: d.Published, Members: []caravan.DocMember{{
		Item: d.id, Source: d.Source, Language: d.Language, Title: d.Title, Text: d.Text, Authors: d.Authors, Tags: d.Tags, Link: d.Link,
	}}}
}

// same reports whether another article would do as well: the corpus has many
// feeds more than once, of different days.
func (d doc) same(other doc) bool {
	return d.id == other.id || d.Keys.Link != "" && d.Keys.Link == other.Keys.Link ||
		d.Title != "" && caravan.Fold(d.Title) == caravan.Fold(other.Title)
}

// readCorpus reads the articles of all feeds of the corpus, each text once.
func readCorpus(dir string) ([]doc, error) {
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		return nil, fmt.Errorf("read corpus: %w", err)
	}
	var docs []doc
	seen := make(map[string]bool)
	for line := range strings.Lines(string(manifest)) {
		columns := strings.Split(line, "\t")
		if len(columns) < 2 || !strings.HasPrefix(columns[1], "feeds/") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, columns[1]))
		if err != nil {
			return nil, fmt.Errorf("read corpus: %w", err)
		}
		address := "https://corpus.example/" + columns[0]
		parsed, err := document.Parse(body, document.Options{URL: address, Now: now})
		if err != nil {
			continue // some files are no feeds
		}
		article.PrepareAll(&parsed, article.Options{FeedURL: address, SiteURL: parsed.Feed.Link, FeedLanguage: parsed.Feed.Language})
		for _, item := range parsed.Items {
			item.Source = columns[0]
			if key := item.Keys.Fingerprint; !seen[key] {
				seen[key] = true
				docs = append(docs, doc{item, caravan.PublicID(address, item.Keys.IdentityKey()+item.Keys.Fingerprint)})
			}
		}
	}
	return docs, nil
}
