package index

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"caravan"
)

var (
	storiesFlag = flag.Int("stories", 3000, "synthetic stories in benchmarks")
	pollsFlag   = flag.Bool("polls", false, "index stories while benchmarks search")
	dirFlag     = flag.String("index-dir", "", "directory of the benchmarks' index, kept between runs")
)

// A synthetic store makes stories from their numbers: as many as wanted, always
// the same, in four languages, with words as unevenly used as real ones, over
// eleven years, 200 sources, twelve communities and 300 tags.
type synthetic struct {
	stories int
	vocab   map[string][]string
	texts   []caravan.DocMember // for Texts
}

func newSynthetic(stories int) *synthetic {
	s := &synthetic{stories: stories, vocab: make(map[string][]string)}
	for n, language := range []string{"en", "fr", "es", "pt"} {
		s.vocab[language] = vocabulary(uint64(n), min(60_000, 20*stories))
	}
	for n := range 50 {
		s.texts = append(s.texts, s.member(n))
	}
	return s
}

var common = map[string][]string{
	"en": strings.Fields("the of and to in a is that for it on with as was by be are this from or at an have not"),
	"fr": strings.Fields("de la le et les des en un une du que pour dans est qui sur par au pas plus ne ce avec il"),
	"es": strings.Fields("de la que el en y a los se del las un por con una su para es al lo como más o pero"),
	"pt": strings.Fields("de a o que e do da em um para com não uma os no se na por mais as dos como mas ao"),
}

// vocabulary makes n words that can be spoken.
func vocabulary(seed uint64, n int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	onsets := strings.Fields("b c d f g l m n p r s t v br cr pr tr pl st qu ch")
	vowels := strings.Fields("a e i o u a e i o é ã ia io")
	codas := []string{"", "", "", "n", "r", "s", "l", "m"}
	seen := make(map[string]bool, n)
	words := make([]string, 0, n)
	for len(words) < n {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString(onsets[r.IntN(len(onsets))] + vowels[r.IntN(len(vowels))] + codas[r.IntN(len(codas))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}

// language returns the language of a story: half are English.
func (s *synthetic) language(n int) string {
	return []string{"en", "en", "fr", "en", "es", "en", "pt", "en", "fr", "en"}[n%10]
}

// word draws a word: a common one in five of twelve, else by Zipf's law.
func (s *synthetic) word(r *rand.Rand, language string) string {
	if r.IntN(12) < 5 {
		return common[language][r.IntN(len(common[language]))]
	}
	v := s.vocab[language]
	return v[int(math.Pow(float64(len(v)), r.Float64()))-1]
}

func (s *synthetic) member(n int) caravan.DocMember {
	r := rand.New(rand.NewPCG(uint64(n), 2))
	language := s.language(n)
	var title []string
	for range 4 + r.IntN(8) {
		title = append(title, s.word(r, language))
	}
	var text strings.Builder
	for length := int(math.Exp(7.6 + 0.8*r.NormFloat64())); text.Len() < length; {
		for k := range 6 + r.IntN(20) {
			if k > 0 {
				text.WriteByte(' ')
			}
			text.WriteString(s.word(r, language))
		}
		text.WriteString(". ")
	}
	id := caravan.PublicID("synthetic", fmt.Sprint(n))
	m := caravan.DocMember{
		Item: id, Source: fmt.Sprintf("source-%d", r.IntN(200)), Communities: []string{fmt.Sprintf("community-%d", r.IntN(12))},
		Language: language, Title: strings.Join(title, " "), Text: text.String(), Link: "https://example.org/" + id,
		Authors: []string{s.vocab["en"][r.IntN(500)] + " " + s.vocab["fr"][r.IntN(500)]},
	}
	for range r.IntN(4) {
		m.Tags = append(m.Tags, s.vocab[language][100+r.IntN(75)])
	}
	return m
}

func (s *synthetic) doc(n int) caravan.StoryDoc {
	m := s.member(n)
	r := rand.New(rand.NewPCG(uint64(n), 3))
	return caravan.StoryDoc{ID: m.Item, SortAt: today.Add(-time.Duration(r.IntN(11*365*24)) * time.Hour), Members: []caravan.DocMember{m}}
}

func (s *synthetic) Changes(_ context.Context, after int64, limit int) (caravan.ChangeBatch, error) {
	b := caravan.ChangeBatch{Last: after, Head: int64(s.stories)}
	for int(b.Last) < s.stories && len(b.Docs) < limit {
		b.Docs = append(b.Docs, s.doc(int(b.Last)))
		b.Last++
	}
	return b, nil
}

func (s *synthetic) WaitChange(ctx context.Context, after int64) (int64, error) {
	if after < int64(s.stories) {
		return int64(s.stories), nil
	}
	<-ctx.Done()
	return after, ctx.Err()
}

func (s *synthetic) LastChange(context.Context) (int64, error) { return int64(s.stories), nil }

// Members knows nothing: every story has one member.
func (s *synthetic) Members(context.Context, []string) (map[string]caravan.DocMember, error) {
	return nil, nil
}

// Texts cannot lead from an id to a number, and gives every item the text of
// some story: as long, and as costly to cut snippets from.
func (s *synthetic) Texts(_ context.Context, ids []string) (map[string]caravan.Item, error) {
	items := make(map[string]caravan.Item, len(ids))
	for n, id := range ids {
		m := s.texts[n%len(s.texts)]
		items[id] = caravan.Item{ID: id, Title: m.Title, Text: m.Text, Language: m.Language}
	}
	return items, nil
}
