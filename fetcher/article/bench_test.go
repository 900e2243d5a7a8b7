package article

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"caravan"
)

// BenchmarkCorpus compares the steps of this package with gofeed alone on the
// same feeds. They take turns, so that what else the machine does falls on all
// alike; each figure is processor time as a multiple of gofeed's.
func BenchmarkCorpus(b *testing.B) {
	all := corpus(b)
	bodies := map[string]body{}
	for _, s := range all {
		for _, i := range s.doc.Items {
			bodies[i.Content] = cleanHTML(i.Content, newResolver(i.Link, Options{}))
			bodies[i.Summary] = cleanHTML(i.Summary, newResolver(i.Link, Options{}))
		}
	}
	each := func(f func(i caravan.Item, content, excerpt body)) func() {
		return func() {
			for _, s := range all {
				for _, i := range s.doc.Items {
					if i.Content == "" {
						f(i, bodies[i.Summary], body{})
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
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(s.bytes)); err != nil {
					b.Fatal(err)
				}
			}
		}},
		{"prepare", func() {
			for _, s := range all {
				doc := s.doc
				doc.Items = slices.Clone(doc.Items)
				PrepareAll(&doc, Options{})
			}
		}},
		{"rewrite", each(func(i caravan.Item, _, _ body) {
			at := newResolver(i.Link, Options{})
			sink += len(rewrite(i.Content, at).out) + len(rewrite(i.Summary, at).out)
		})},
		{"gate", each(func(_ caravan.Item, c, e body) { sink += len(gate(c.out)) + len(gate(e.out)) })},
		{"marks", each(func(_ caravan.Item, c, _ body) { sink += takeMarks(c, len(c.text)).words })},
		{"language", each(func(i caravan.Item, c, _ body) { sink += len(detectLanguage(i.Title, c.text, prior{})) })},
		{"summary", each(func(i caravan.Item, c, e body) { sink += len(summarise(c, e, i.Title)) })},
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
