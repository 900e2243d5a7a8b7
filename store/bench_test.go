package store_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"caravan"
)

// A press writes synthetic articles: words of Zipf's frequencies, markup, and
// what the article package would add.
type press struct {
	rand  *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newPress(seed uint64) *press {
	r := rand.New(rand.NewPCG(seed, 1))
	p := &press{rand: r, zipf: rand.NewZipf(r, 1.1, 4, 19999)}
	const vowels, consonants = "aeiou", "bcdfghlmnprstvz"
	for range 20000 {
		var b strings.Builder
		for range 1 + r.IntN(4) {
			b.WriteByte(consonants[r.IntN(len(consonants))])
			b.WriteByte(vowels[r.IntN(len(vowels))])
		}
		p.words = append(p.words, b.String())
	}
	return p
}

func (p *press) sentence(words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = p.words[p.zipf.Uint64()]
	}
	return strings.Join(out, " ")
}

// article writes one of about 3,000 characters that links to two others of the
// same press and to six pages elsewhere.
func (p *press) article(source string, n int, when time.Time) caravan.Item {
	var paragraphs []string
	for range 6 {
		paragraphs = append(paragraphs, p.sentence(80))
	}
	text := strings.Join(paragraphs, "\n\n")
	it := post(fmt.Sprintf("https://%s/?p=%d", source, n), p.sentence(8), text, when)
	it.Link = fmt.Sprintf("https://%s/2026/%d/%s", source, n, strings.ReplaceAll(it.Title, " ", "-"))
	it.Keys.Link = strings.TrimPrefix(it.Link, "https://")
	it.Content = "<p>" + strings.Join(paragraphs, "</p>\n<p>") + "</p>"
	it.Raw = []byte(`<div class="wp-block"><p style="margin:0">` + strings.Join(paragraphs, `</p><p style="margin:0">`) + `</p></div>`)
	it.Summary, it.Authors = text[:300], []string{p.sentence(2)}
	it.Language = []string{"en", "fr", "es", "pt"}[p.rand.IntN(4)]
	for range 3 {
		it.Tags = append(it.Tags, p.words[1000+p.rand.IntN(300)])
	}
	for range 2 {
		it.Links = append(it.Links, fmt.Sprintf("https://s%d.example/?p=%d", p.rand.IntN(100), p.rand.IntN(50)))
	}
	for range 6 {
		it.Links = append(it.Links, fmt.Sprintf("https://elsewhere.example/%s/%d", p.sentence(1), p.rand.IntN(1000)))
	}
	it.MinHash = minHash(text)
	return it
}

// minHash computes 64 values over the shingles of a text.
func minHash(text string) []uint64 {
	words := strings.Fields(text)
	out := make([]uint64, 64)
	for i := range out {
		out[i] = 1<<64 - 1
	}
	for i := 0; i+3 <= len(words); i++ {
		h := fnv.New64a()
		h.Write([]byte(strings.Join(words[i:i+3], " ")))
		x := h.Sum64()
		for j := range out {
			x = x*6364136223846793005 + uint64(j)*2 + 1442695040888963407
			out[j] = min(out[j], x^x>>29)
		}
	}
	return out
}

// fill stores sources × items articles over ten years and returns how much
// text that is.
func (w *world) fill(sources, items int) (text int64) {
	p := newPress(7)
	var folders []caravan.ListCommunity
	for c := range 12 {
		var lines []string
		for s := c; s < sources; s += 12 {
			lines = append(lines, fmt.Sprintf("Source%d https://s%d.example/feed", s, s))
		}
		folders = append(folders, folder(fmt.Sprintf("Community %d", c), lines...))
	}
	w.sync(folders...)
	for s := range sources {
		var list []caravan.Item
		for i := range items {
			it := p.article(fmt.Sprintf("s%d.example", s), i, start.Add(-time.Duration(p.rand.Int64N(int64(10*365*24*time.Hour)))))
			text += int64(len(it.Text))
			list = append(list, it)
		}
		w.poll(fmt.Sprintf("source%d", s), list...)
	}
	return text
}

func BenchmarkInsertItems(b *testing.B) {
	w := newWorld(b)
	p := newPress(7)
	w.sync(folder("A", "Source0 https://s0.example/feed", "Source1 https://s1.example/feed"))
	lists := make([][]caravan.Item, 0, b.N/20+1)
	for i := 0; i < b.N; i += 20 {
		var list []caravan.Item
		for j := range 20 {
			list = append(list, p.article("s0.example", i+j, start.Add(-time.Duration(p.rand.Int64N(int64(10*365*24*time.Hour))))))
		}
		lists = append(lists, list)
	}
	b.ResetTimer()
	for i, list := range lists {
		w.poll(fmt.Sprintf("source%d", i%2), list...)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
}

func BenchmarkUnchangedItems(b *testing.B) {
	w := newWorld(b)
	p := newPress(7)
	w.sync(folder("A", "Source0 https://s0.example/feed"))
	var list []caravan.Item
	for j := range 20 {
		list = append(list, p.article("s0.example", j, start.Add(-time.Hour)))
	}
	w.poll("source0", list...)
	b.ResetTimer()
	for i := 0; i < b.N; i += 20 {
		w.poll("source0", list...)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "items/s")
}

func BenchmarkPages(b *testing.B) {
	ctx := context.Background()
	w := newWorld(b)
	w.fill(100, 50)
	page := must(w.Stories(ctx, caravan.Filter{}, "", 50))(b)
	for name, call := range map[string]func() error{
		"river": func() error { _, err := w.Stories(ctx, caravan.Filter{}, "", 50); return err },
		"community and language": func() error {
			_, err := w.Stories(ctx, caravan.Filter{Communities: []string{"community-3"}, Languages: []string{"pt"}}, "", 50)
			return err
		},
		"feed with content": func() error {
			_, err := w.Feed(ctx, caravan.FeedQuery{Limit: 100, Fair: true, Content: true})
			return err
		},
		"communities": func() error { _, err := w.Communities(ctx); return err },
		"sources":     func() error { _, err := w.Sources(ctx); return err },
		"item":        func() error { _, err := w.Item(ctx, page.Stories[7].ID); return err },
		"changes":     func() error { _, err := w.Changes(ctx, 1000, 500); return err },
		"most linked": func() error {
			_, err := w.MostLinked(ctx, caravan.Filter{}, start.AddDate(0, -3, 0), time.Time{}, 5)
			return err
		},
		"links to": func() error { _, err := w.LinksTo(ctx, page.Stories[7].Head.ID, 20); return err },
		"activity": func() error { _, err := w.Activity(ctx, caravan.Filter{}, start.AddDate(-2, 0, 0)); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestDatabaseStaysSmall holds the file against the text it keeps: 2.5 is what
// the design allows.
func TestDatabaseStaysSmall(t *testing.T) {
	w := newWorld(t)
	text := w.fill(30, 20)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(w.path)
	if err != nil {
		t.Fatal(err)
	}
	ratio := float64(info.Size()) / float64(text)
	t.Logf("%d bytes for %d of text: %.2f", info.Size(), text, ratio)
	if ratio > 2.5 {
		t.Errorf("database is %.2f times its text, want at most 2.5", ratio)
	}
}
