package article

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"caravan"
	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/language"
	"caravan/internal/corpus"
)

// BenchmarkCorpus compares the steps of this package with gofeed alone on the
// same feeds. They take turns, so that what else the machine does falls on all
// alike; each figure is processor time as a multiple of gofeed's.
func BenchmarkCorpus(b *testing.B) {
	all := corpus.Feeds(b)
	bodies := map[string]clean.Body{}
	for _, s := range all {
		for _, i := range s.Document.Items {
			bodies[i.Content] = clean.HTML(i.Content, hyperlink.New(i.Link, "", ""))
			bodies[i.Summary] = clean.HTML(i.Summary, hyperlink.New(i.Link, "", ""))
		}
	}
	each := func(f func(i caravan.Item, content, excerpt clean.Body)) func() {
		return func() {
			for _, s := range all {
				for _, i := range s.Document.Items {
					if i.Content == "" {
						f(i, bodies[i.Summary], clean.Body{})
					} else {
						f(i, bodies[i.Content], bodies[i.Summary])
					}
				}
			}
		}
	}
	var sink int
	steps := []struct {
		name string
		run  func()
	}{
		{"gofeed", func() {
			for _, s := range all {
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(s.Bytes)); err != nil {
					b.Fatal(err)
				}
			}
		}},
		{"prepare", func() {
			for _, s := range all {
				doc := s.Document
				doc.Items = slices.Clone(doc.Items)
				PrepareAll(&doc, Options{})
			}
		}},
		{"rewrite", each(func(i caravan.Item, _, _ clean.Body) {
			at := hyperlink.New(i.Link, "", "")
			sink += len(clean.Words(i.Content, at).Text) + len(clean.Words(i.Summary, at).Text)
		})},
		{"clean", each(func(i caravan.Item, _, _ clean.Body) {
			sink += len(clean.HTML(i.Content, hyperlink.New(i.Link, "", "")).HTML)
		})},
		{"marks", each(func(_ caravan.Item, c, _ clean.Body) { sink += takeMarks(c, len(c.Text)).words })},
		{"language", each(func(i caravan.Item, c, _ clean.Body) { sink += len(language.Detect(i.Title, c.Text, language.Prior{})) })},
		{"summary", each(func(i caravan.Item, c, e clean.Body) { sink += len(summarise(c, e, i.Title)) })},
	}
	spent := make([]time.Duration, len(steps))
	for b.Loop() {
		for n, step := range steps {
			before := cpu(b)
			step.run()
			spent[n] += cpu(b) - before
		}
	}
	for n, step := range steps {
		b.ReportMetric(float64(spent[n])/float64(spent[0]), step.name+"/gofeed")
	}
}
