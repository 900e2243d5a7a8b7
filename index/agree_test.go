package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"caravan"
	"caravan/index/query"
)

// The matcher decides caravan:only and caravan:skip, the index what a search
// finds: the same query must mean the same to both.
func TestMatcherAndIndexAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pieces := map[string][]string{
		"en": strings.Fields("o'neill sant'anna don't the of lab labs open data open-data city's cities co-creation cocreation C++ R&D innovate innovation u.s."),
		"fr": strings.Fields("le de la d'innovation l'innovation données ville villes laboratoire laboratoires public-privé et"),
		"es": strings.Fields("los de la datos ciudad ciudades innovación innovaciones casa casas y más"),
		"pt": strings.Fields("os de a dados inovação inovações cidade são paulo licitações também"),
		"zh": {"公共", "创新", "实验", "室", "lab", "。", "公共创新实验室", "2024年", "公", "年公布"},
		"":   strings.Fields("inovare publică lab the data"),
	}
	languages := []string{"en", "fr", "es", "pt", "zh", ""}
	say := func(language string, n int) string {
		var out []string
		for range n {
			out = append(out, pieces[language][r.IntN(len(pieces[language]))])
		}
		return strings.Join(out, " ")
	}
	var stories []caravan.StoryDoc
	items := make(map[string]caravan.Item)
	for n := range 120 {
		language := languages[n%len(languages)]
		s := story(language, fmt.Sprint(say(language, 1+r.IntN(3)), " ", n), say(language, r.IntN(12)),
			from([]string{"s-one", "s-two"}[r.IntN(2)], "c"), dated(fmt.Sprintf("%d-%02d-%02d", 2020+r.IntN(4), 1+r.IntN(12), 1+r.IntN(28))))
		if n%3 == 0 {
			tagged(say("en", 1), "Dados Abertos")(&s)
		}
		if n%4 == 0 {
			by("Zoë O’Neill", say("fr", 2))(&s)
		}
		m := s.Members[0]
		items[s.ID] = caravan.Item{ID: s.ID, Source: m.Source, Language: m.Language, Title: m.Title, Text: m.Text,
			Authors: m.Authors, Tags: m.Tags, Link: m.Link, SortAt: s.SortAt}
		stories = append(stories, s)
	}
	i := open(t, stories...)

	leaf := func() string {
		language := languages[r.IntN(len(languages))]
		w := say(language, 1)
		switch r.IntN(14) {
		case 0:
			return `"` + say(language, 1+r.IntN(3)) + `"`
		case 1:
			return "title:" + w
		case 2:
			return "author:" + []string{"zoe", "oneill", `"zoe o'neill"`, w}[r.IntN(4)]
		case 3:
			return []string{"tag:lab", `tag:"dados abertos"`, "tag:da*", "source:s-one", "language:" + []string{"en", "fr", "zh"}[r.IntN(3)], "site:nesta.org.uk"}[r.IntN(6)]
		case 4:
			return []string{"before:", "after:"}[r.IntN(2)] + []string{"2021", "2022-07", "2021-03-17"}[r.IntN(3)]
		case 5:
			if p := []rune(strings.Trim(w, "。")); len(p) > 2 {
				return string(p[:2]) + "*"
			}
		case 6:
			return `title:"` + say(language, 2) + `"`
		}
		return w
	}
	for range 400 {
		var ask string
		for n := range 1 + r.IntN(4) {
			if n > 0 {
				ask += []string{" ", " ", " OR ", " -"}[r.IntN(4)]
			}
			if r.IntN(5) == 0 {
				ask += "(" + leaf() + []string{" ", " OR ", " -"}[r.IntN(3)] + leaf() + ")"
			} else {
				ask += leaf()
			}
		}
		q, err := query.Parse(ask)
		if err != nil || q.Empty() {
			continue
		}
		var want, got []string
		for id, item := range items {
			if q.Match(item) {
				want = append(want, id)
			}
		}
		result, err := i.Search(t.Context(), caravan.SearchRequest{Query: ask, Limit: 100})
		if err != nil {
			t.Fatalf("Search(%q) = %v", ask, err)
		}
		more, err := i.Search(t.Context(), caravan.SearchRequest{Query: ask, Limit: 100, Page: 2, At: result.At})
		if err != nil {
			t.Fatal(err)
		}
		if !result.Corrected {
			for _, h := range append(result.Hits, more.Hits...) {
				got = append(got, h.Story)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the index finds %d, the matcher %d; for instance %s", ask, len(got), len(want), describe(items, got, want))
			if t.Failed() && len(ask) > 0 {
				return
			}
		}
	}
}

// describe names an item that only one of the two has.
func describe(items map[string]caravan.Item, got, want []string) string {
	for id, item := range items {
		if slices.Contains(got, id) != slices.Contains(want, id) {
			return fmt.Sprintf("%q %q (%s) by %q tags %q of %s, in the index: %v", item.Title, item.Text, item.Language, item.Authors, item.Tags,
				item.SortAt, slices.Contains(got, id))
		}
	}
	return "none"
}
