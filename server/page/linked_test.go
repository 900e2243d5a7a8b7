package page

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/server/locale"
)

func TestAtMostOneStoryLeadsADay(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	stories := []caravan.Story{
		{ID: "two", SortAt: at(25, 9), LinkedBy: 2},
		{ID: "newest of equals", SortAt: at(24, 23), LinkedBy: 4},
		{ID: "older of equals", SortAt: at(24, 12), LinkedBy: 4},
		{ID: "three", SortAt: at(24, 11), LinkedBy: 3},
		{ID: "most", SortAt: at(23, 8), LinkedBy: 5},
		{ID: "first", SortAt: at(23, 7), LinkedBy: 3},
	}
	for _, tt := range []struct {
		zone *time.Location
		want []string
	}{
		{time.UTC, []string{"most", "newest of equals"}},
		{time.FixedZone("east", 2*3600), []string{"most", "newest of equals", "older of equals"}}, // 23:00 is the next day there
	} {
		var got []string
		for id := range leadsOf(stories, tt.zone) {
			got = append(got, id)
		}
		if slices.Sort(got); !slices.Equal(got, tt.want) {
			t.Errorf("in %s %v lead, want %v", tt.zone, got, tt.want)
		}
	}
}

func TestHomeShowsLeadsAndTheMostLinked(t *testing.T) {
	p, c := sample(t, locale.English)
	in := homeInput(t, p, caravan.Filter{}, "")
	if v := c.Home(in); v.Linked != nil {
		t.Errorf("most linked of none: %+v", v.Linked)
	}
	var err error
	if in.Linked, err = p.MostLinked(context.Background(), caravan.Filter{}, now.AddDate(0, 0, -7), now, 5); err != nil {
		t.Fatal(err)
	}
	in.Linked = append(in.Linked, caravan.Story{ID: "only its own community links to it"})
	v := c.Home(in)
	if len(v.Linked) != 3 || v.Linked[0].Text != "Flood maps that neighbours can argue with" || v.Linked[0].Community != "Harbour City Lab" || v.Linked[0].Href != "https://harbourlab.example/flood-maps-that-neighbours-can-argue-with" {
		t.Errorf("most linked = %+v", v.Linked)
	}
	leads := 0
	for _, d := range v.Days {
		for _, i := range d.Items {
			if i.LinkedBy != "" {
				leads++
			}
			if strings.HasPrefix(i.Title[0].Text, "Flood maps") && i.LinkedBy != "linked by 3 communities" {
				t.Errorf("the lead says %q", i.LinkedBy)
			}
		}
	}
	if leads != 2 {
		t.Errorf("%d leads, want 2", leads)
	}
}

// linked is the article of the sample that three communities link to.
func linked(t *testing.T) (StoryInput, Context) {
	t.Helper()
	p, c := sample(t, locale.English)
	for _, s := range p.AllStories() {
		if s.LinkedBy >= leadLinks {
			in := StoryInput{Item: s.Head, Story: s, Source: s.Source}
			var err error
			if in.LinksTo, err = p.LinksTo(context.Background(), s.ID, 12); err != nil {
				t.Fatal(err)
			}
			return in, c
		}
	}
	t.Fatal("no article is linked")
	return StoryInput{}, c
}

func TestItemPageSaysWhoLinksToIt(t *testing.T) {
	in, c := linked(t)
	v := c.Story(in)
	if len(v.LinksTo) != 3 {
		t.Fatalf("links = %+v", v.LinksTo)
	}
	if l := v.LinksTo[0]; l.Community.Href != "/c/oficina-do-bairro" || l.Source.Text != "Diário da oficina" || l.Badge != "PT" || !strings.HasPrefix(l.Href, "/item/") || !l.Quote[1].Hit || l.Quote[1].Text != "um mapa de enchentes que os vizinhos corrigem" {
		t.Errorf("link = %+v", l)
	}
	for _, show := range []caravan.Show{caravan.ShowExcerpt, caravan.ShowTitle} {
		in.LinksTo[0].Source.Settings.Show = show
		if l := c.Story(in).LinksTo[0]; l.Quote != nil || l.Text == "" {
			t.Errorf("of a source that shows %s is quoted %+v", show, l.Quote)
		}
	}
	in.LinksTo[1].Head.Content = `<p>It moved: <a href="https://elsewhere.example/">a short address</a>.</p>`
	if l := c.Story(in).LinksTo[1]; len(l.Quote) > 0 {
		t.Errorf("another link is quoted: %+v", l.Quote)
	}
}

func TestLinkedInCountsLanguagesOfOthersInThePeriod(t *testing.T) {
	in, _ := linked(t)
	since, until := now.AddDate(0, 0, -7), now
	if n := LinkedIn(in.Story, in.LinksTo, since, until); n != 3 {
		t.Errorf("%d languages, want 3", n)
	}
	for _, change := range []func(*caravan.Story){
		func(s *caravan.Story) { s.Head.Language = in.LinksTo[1].Head.Language },
		func(s *caravan.Story) { s.Head.Language = "" },
		func(s *caravan.Story) { s.Head.Undated = true },
		func(s *caravan.Story) { s.SortAt = since.Add(-time.Second) },
		func(s *caravan.Story) { s.SortAt = until },
		func(s *caravan.Story) { s.Communities = in.Story.Communities },
	} {
		stories := slices.Clone(in.LinksTo)
		change(&stories[0])
		if n := LinkedIn(in.Story, stories, since, until); n != 2 {
			t.Errorf("%d languages, want 2 of %+v", n, stories[0].Head)
		}
	}
}
