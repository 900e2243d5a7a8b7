package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/planet"
	"caravan/server/locale"
)

// undatedStory is a story without a date, in the sample.
func undatedStory(t *testing.T, p *planet.Planet) caravan.Story {
	t.Helper()
	stories, err := p.Stories(t.Context(), caravan.Filter{Sources: []string{"the-b-odd-b-notebook"}}, "", 50)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(stories.Stories, undated)
	if i < 0 {
		t.Fatal("no undated story in the sample")
	}
	return stories.Stories[i]
}

func TestListsSayThatAStoryHasNoDate(t *testing.T) {
	p, c := sample(t, locale.English)
	none := undatedStory(t, p)
	other := p.AllStories()[0]
	search := SearchInput{
		Request: caravan.SearchRequest{Query: "date", Limit: 20, Page: 1}, Stories: []caravan.Story{none},
		Result: caravan.SearchResult{Total: 1, Hits: []caravan.Hit{{Story: none.ID, Item: none.Head.ID}}},
	}
	listed := caravan.StoryPage{Stories: []caravan.Story{other, none}}
	for name, item := range map[string]Item{
		"search":    c.Search(search).Hits[0],
		"source":    c.Source(SourceInput{Source: none.Source, Page: listed}).Items[1],
		"community": c.Community(CommunityInput{Community: c.Communities[0], Page: listed}).Items[1],
		"first run": c.Run(RunInput{Stories: listed.Stories}).Items[1],
	} {
		if item.When != "no date" || item.Stamp != "" {
			t.Errorf("%s: %q %q", name, item.When, item.Stamp)
		}
	}
}

func TestHomePutsWhatHasNoDateLast(t *testing.T) {
	p, c := sample(t, locale.English)
	none := undatedStory(t, p)
	dated := p.AllStories()[:3]
	none.LinkedBy = 9
	in := HomeInput{Page: caravan.StoryPage{Stories: append([]caravan.Story{none}, dated...)}, Filter: caravan.Filter{Sources: []string{none.Source.Slug}}}
	v := c.Home(in)
	last := v.Days[len(v.Days)-1]
	if last.Weekday != "No date" || last.Date != "" || len(last.Items) != 1 || last.Items[0].When != "no date" || last.Items[0].LinkedBy != "" {
		t.Errorf("the last group is %+v", last)
	}
	if !strings.HasPrefix(v.Heading, "3 articles since ") {
		t.Errorf("heading %q", v.Heading)
	}
	in.Page.Stories = []caravan.Story{none}
	if v := c.Home(in); v.Heading != "1 article" || len(v.Days) != 1 {
		t.Errorf("with nothing else: %q, %d groups", v.Heading, len(v.Days))
	}
}

func TestItemPageSaysNoDateThatIsAGuess(t *testing.T) {
	p, c := sample(t, locale.French)
	none := undatedStory(t, p)
	in := StoryInput{Item: none.Head, Story: none, Source: none.Source, LinksTo: []caravan.Story{none}}
	v := c.Story(in)
	if v.When != "" || v.Graph.Published != "" || v.LinksTo[0].When != "sans date" {
		t.Errorf("when %q, published %q, linked to %q", v.When, v.Graph.Published, v.LinksTo[0].When)
	}
	dated := p.AllStories()[0]
	in = StoryInput{Item: dated.Head, Story: dated, Source: dated.Source, Similar: []caravan.Story{none}}
	if got := c.Story(in).Similar[0].Where; !strings.HasSuffix(got, ", sans date") {
		t.Errorf("a similar article is of %q", got)
	}
	if got := c.title(caravan.Item{Undated: true, SortAt: time.Unix(0, 0)}); got != "Sans titre, sans date" {
		t.Errorf("titled %q", got)
	}
}
