package document

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"caravan"
	"caravan/fetcher/document/limits"
)

// addSeeds adds the seeds, which are small documents of every kind that the
// package reads, and small files of the corpus where it is at hand.
func addSeeds(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "seeds", "*"))
	if err != nil || len(files) == 0 {
		f.Fatalf("%d seeds, %v", len(files), err)
	}
	if shared := os.Getenv("CARAVAN_SHARED"); shared != "" {
		more, _ := filepath.Glob(filepath.Join(shared, "corpus", "conformance", "*"))
		files = append(files, more...)
	}
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil && len(data) < 8<<10 {
			f.Add(data, "text/xml; charset=utf-8")
		}
	}
}

func FuzzParse(f *testing.F) { // S16
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := Parse(body, Options{ContentType: contentType, URL: "http://example.org/feed", CutItem: true})
		if err != nil {
			if !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrBroken) {
				t.Errorf("error of no class: %v", err)
			}
			return
		}
		for _, item := range doc.Items {
			checkItem(t, item)
		}
		if again, err := Parse(body, Options{ContentType: contentType, URL: "http://example.org/feed", CutItem: true}); err != nil || len(again.Items) != len(doc.Items) {
			t.Errorf("the second time: %d items, %v; the first: %d", len(again.Items), err, len(doc.Items))
		}
	})
}

// checkItem checks what holds of every item.
func checkItem(t *testing.T, item caravan.Item) {
	t.Helper()
	texts := append([]string{item.Title, item.GUID, item.Link, item.Content, item.Summary, item.Rights, item.Language}, item.Authors...)
	for _, s := range append(texts, item.Tags...) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x01\x1f") {
			t.Errorf("not clean text: %q", s)
		}
	}
	addresses := []string{item.Link, item.ImageURL, item.Comments, item.License, item.Origin.URL, item.Media.ImageURL}
	for _, e := range item.Enclosures {
		addresses = append(addresses, e.URL)
	}
	for _, address := range addresses {
		if address != "" && !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
			t.Errorf("no web address: %q", address)
		}
	}
	if item.Published.Year() > 2200 || len(item.Title) > limits.Title {
		t.Errorf("out of bounds: %v %d", item.Published, len(item.Title))
	}
}
