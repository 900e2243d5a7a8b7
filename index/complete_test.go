package index

import (
	"fmt"
	"strings"
	"testing"

	"caravan"
)

func TestComplete(t *testing.T) {
	i := open(t,
		story("en", "Open data for cities", "x", tagged("Open Data", "cities"), by("Geoff Mulgan"), from("open-blog", "one-team-gov"), dated("2024-01-01")),
		story("en", "Opening up government", "x", tagged("open data"), by("Zoë O’Neill"), from("nesta", "states-of-change"), dated("2025-01-01")),
		story("fr", "Données ouvertes", "x", tagged("données"), by("Geoff Mulgan"), from("lab", "one-team-gov"), dated("2023-01-01")),
		story("zh", "公共创新", "x", from("lab", "one-team-gov")),
	)
	tests := []struct {
		typed string
		want  string
	}{
		{"ope", "source open-blog 1, tag open data 2, title Opening up government 1, title Open data for cities 1"},
		{"open da", "tag open data 2, title Open data for cities 1"},
		{"data o", "title Open data for cities 1"},
		{"open u", "title Opening up government 1"},
		{"open x", ""},
		{"mulg", "author Geoff Mulgan 2"},
		{"geoff mul", "author Geoff Mulgan 2"},
		{"oneil", "author Zoë O’Neill 1"},
		{"team", "community one-team-gov 3"},
		{"donnees", "tag données 1, title Données ouvertes 1"},
		{"创", "title 公共创新 1"},
		{"governmen", "title Opening up government 1"},
		{"government", "title Opening up government 1"},
		{"o", ""},
		{"", ""},
		{"nothing", ""},
		{strings.Repeat("x", 300), ""},
	}
	for _, tt := range tests {
		got, err := i.Complete(t.Context(), tt.typed, 10)
		var out []string
		for _, c := range got {
			out = append(out, fmt.Sprint(c.Kind, " ", c.Text, " ", c.Count))
		}
		if joined := strings.Join(out, ", "); err != nil || joined != tt.want {
			t.Errorf("Complete(%q) = %s, %v, want %s", tt.typed, joined, err, tt.want)
		}
	}
	if got, err := i.Complete(t.Context(), "ope", 1); err != nil || len(got) != 1 || got[0].Kind != caravan.CompleteSource {
		t.Errorf("Complete with limit 1 = %v, %v", got, err)
	}
}

// offersFor returns what is offered for letters typed, but for titles.
func offersFor(t *testing.T, i *Index, typed string) string {
	t.Helper()
	got, err := i.Complete(t.Context(), typed, 20)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range got {
		if c.Kind != caravan.CompleteTitle {
			out = append(out, fmt.Sprint(c.Kind, " ", c.Text, " ", c.Count))
		}
	}
	return strings.Join(out, ", ")
}

func TestCompleteOffersNothingOfArticlesThatWent(t *testing.T) {
	gone := story("en", "Zebra", "x", tagged("zebra crossing"), by("Zebedee Zeta"), from("zebra-blog", "zebra-friends"))
	kept := story("en", "Zest", "x", tagged("zest"), by("Zelda Zeal"), from("zest-blog", "zest-friends"))
	m := newMemory(gone, kept)
	i := openWith(t, config(t, m))
	all := "community zebra-friends 1, community zest-friends 1, source zebra-blog 1, source zest-blog 1, tag zebra crossing 1, tag zest 1, author Zebedee Zeta 1, author Zelda Zeal 1"
	if got := offersFor(t, i, "ze"); got != all {
		t.Fatalf("Complete(ze) = %s, want %s", got, all)
	}
	for n := range 4 { // each a new state of the same article
		kept.Members[0].Text = strings.Repeat("y", n)
		m.put(kept)
		if err := i.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone.Members = nil
	m.put(gone)
	if err := i.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "community zest-friends 1, source zest-blog 1, tag zest 1, author Zelda Zeal 1"
	if got := offersFor(t, i, "ze"); got != want {
		t.Errorf("Complete(ze) = %s, want %s", got, want)
	}
	if got := offersFor(t, i, "zeb"); got != "" {
		t.Errorf("Complete(zeb) = %s, want nothing", got)
	}
}

func TestCompleteRanksByArticlesThereAre(t *testing.T) {
	var stories []caravan.StoryDoc
	for n := range 7 { // tag 6 has most articles
		for k := range n + 1 {
			stories = append(stories, story("en", fmt.Sprint("Story ", n, k), "x", tagged(fmt.Sprint("tag ", n))))
		}
	}
	m := newMemory(stories...)
	i := openWith(t, config(t, m))
	for k := 21; k < 27; k++ { // all but one of tag 6
		stories[k].Members = nil
		m.put(stories[k])
	}
	if err := i.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := "tag tag 5 6, tag tag 4 5, tag tag 3 4, tag tag 2 3, tag tag 1 2"
	if got := offersFor(t, i, "tag"); got != want {
		t.Errorf("Complete(tag) = %s, want %s", got, want)
	}
}

// A guide as long as a book has every word of every article in it.
func TestSimilarIsNotTheLongestStory(t *testing.T) {
	filler := strings.Fields("river museum teacher harvest engine letter bridge school forest island market summer garden winter station hospital")
	var guide []string
	for n := range 3000 {
		guide = append(guide, filler[n%len(filler)], fmt.Sprint("page", n))
	}
	self := story("en", "Ferries and harbours", "The ferry pilots met the harbour dredgers.")
	near := story("en", "Dredgers", "What dredgers do for pilots in a harbour.")
	stories := []caravan.StoryDoc{self, near, story("en", "The guide", strings.Join(guide, " ")+" ferry pilots harbour dredgers met")}
	for n := range 60 {
		stories = append(stories, story("en", fmt.Sprint("Other ", n), strings.Join(filler[n%8:n%8+8], " ")))
	}
	hits, err := open(t, stories...).Similar(t.Context(), self.ID, 2)
	if err != nil || len(hits) == 0 || hits[0].Story != near.ID {
		t.Errorf("Similar = %+v, %v, want the short article first", hits, err)
	}
}

func TestSimilarFollowsSharedWords(t *testing.T) {
	noise := make([]caravan.StoryDoc, 0, 40)
	for n := range 40 {
		noise = append(noise, story("en", fmt.Sprint("Weeknote ", n), "We met and wrote about our work this week."))
	}
	self := story("en", "Participatory budgeting in Recife", "Residents of Recife decide on the budget with Decidim. Assemblies vote on proposals.")
	i := open(t, append(noise, self,
		story("en", "Budgets by residents", "Decidim lets residents vote on budget proposals in assemblies."),
		story("pt", "Orçamento participativo no Recife", "Os moradores do Recife decidem no Decidim, por budgeting."),
		story("en", "Recife in the rain", "It rained."),
	)...)
	hits, err := i.Similar(t.Context(), self.ID, 5)
	if err != nil {
		t.Fatal(err)
	}
	got := titles(caravan.SearchResult{Hits: hits})
	if want := "Budgets by residents | Orçamento participativo no Recife"; got != want {
		t.Errorf("Similar = %q, want %q", got, want)
	}
	if hits, err := i.Similar(t.Context(), "unknown", 5); err != nil || len(hits) != 0 {
		t.Errorf("Similar of an unknown story = %v, %v, want none", hits, err)
	}
}
