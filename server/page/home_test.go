package page

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/planet"
	"caravan/server/locale"
)

// sample is the planet in memory and a context to make its pages in.
func sample(t *testing.T, l locale.Lang) (*planet.Planet, Context) {
	t.Helper()
	p, err := planet.New(now)
	if err != nil {
		t.Fatal(err)
	}
	return p, Context{
		Lang: l, Now: now, Zone: time.UTC, Path: "/", Query: url.Values{}, BaseURL: "https://planet.example",
		Site: Site{Name: "caravan", Title: "Sample"}, Communities: p.Folders,
	}
}

// homeInput is what the store gives for a filter.
func homeInput(t *testing.T, p *planet.Planet, f caravan.Filter, cursor string) HomeInput {
	t.Helper()
	page, err := p.Stories(context.Background(), f, cursor, 24)
	if err != nil {
		t.Fatal(err)
	}
	activity := map[string][]caravan.DayCount{}
	for _, c := range p.Folders {
		if activity[c.Slug], err = p.Activity(context.Background(), caravan.Filter{Communities: []string{c.Slug}}, now.AddDate(0, 0, -30)); err != nil {
			t.Fatal(err)
		}
	}
	return HomeInput{Page: page, Filter: f, Cursor: cursor, Sources: p.Feeds, Activity: activity}
}

func TestHomeTalksInSentences(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	if v.Heading != "24 articles since 7 November, from 13 communities, in 6 languages" {
		t.Errorf("heading = %q", v.Heading)
	}
	if v.Look != "Last look around 3 minutes ago." || v.Well != "12 of 17 sources are well" || v.Care.Text != "4 need a curator" || v.Overdue != "" {
		t.Errorf("lede = %q %q %+v %q", v.Look, v.Well, v.Care, v.Overdue)
	}
	_, c = sample(t, locale.French)
	if v := c.Home(homeInput(t, p, caravan.Filter{}, "24")); !strings.HasPrefix(v.Heading, "Articles du ") || v.Newer == "" {
		t.Errorf("second page in French: %q %q", v.Heading, v.Newer)
	}
}

func TestHomeGroupsByDayInTheZone(t *testing.T) {
	p, c := sample(t, locale.English)
	c.Zone = time.FixedZone("east", 14*3600)
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	if d := v.Days[0]; d.Date != "25 November" || d.Weekday != "Wednesday" || d.Note != "Yesterday, 8 articles" {
		t.Errorf("first day = %s %s %s", d.Weekday, d.Date, d.Note)
	}
}

func TestHomeCountsWholeDaysOnly(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	if last := v.Days[len(v.Days)-1]; last.Note != "" {
		t.Errorf("the day that the page cuts says %q", last.Note)
	}
	v = c.Home(homeInput(t, p, caravan.Filter{}, "24"))
	if v.Days[0].Note != "" {
		t.Errorf("the day that the page before began says %q", v.Days[0].Note)
	}
	if n := len(v.Days); !strings.Contains(v.Days[1].Note, "article") || n < 3 {
		t.Errorf("a whole day says %q", v.Days[1].Note)
	}
}

func TestChipsToggleAndKeepTheRest(t *testing.T) {
	p, c := sample(t, locale.English)
	f := caravan.Filter{Communities: []string{"harbour-city-lab"}, Languages: []string{"en"}}
	v := c.Home(homeInput(t, p, f, ""))
	i := slices.IndexFunc(v.Chips, func(l Link) bool { return l.Text == "Harbour City Lab" })
	if i < 0 || !v.Chips[i].Current || v.Chips[i].Href != "/?language=en" {
		t.Errorf("chip = %+v", v.Chips[max(i, 0)])
	}
	i = slices.IndexFunc(v.LanguageChips, func(l Link) bool { return l.Text == "Français" })
	if i < 0 || v.LanguageChips[i].Href != "/?community=harbour-city-lab&language=en&language=fr" || v.LanguageChips[i].Lang != "fr" {
		t.Errorf("chip = %+v", v.LanguageChips[max(i, 0)])
	}
	if v.Subscribe[0].Href != "/c/harbour-city-lab/feed.atom?language=en" || v.Frame.Feeds[0].Href != v.Subscribe[0].Href { // O15
		t.Errorf("feed = %+v", v.Subscribe[0])
	}
}

func TestManyCommunitiesFoldAway(t *testing.T) {
	p, c := sample(t, locale.English)
	for i := range 20 {
		c.Communities = append(c.Communities, caravan.Community{Slug: "x" + itoa(i), Title: "X" + itoa(i)})
	}
	v := c.Home(homeInput(t, p, caravan.Filter{Communities: []string{"x19"}}, ""))
	if len(v.Chips) != 1+whoShown+1 || len(v.Chips)+len(v.MoreChips) != 1+len(c.Communities) {
		t.Errorf("%d chips, %d more", len(v.Chips), len(v.MoreChips))
	}
	if !slices.ContainsFunc(v.Chips, func(l Link) bool { return l.Text == "X19" && l.Current }) {
		t.Error("the chosen community is folded away")
	}
}

func TestEmptyFilterOffersToDropOneThing(t *testing.T) {
	p, c := sample(t, locale.English)
	f := caravan.Filter{Communities: []string{"harbour-city-lab"}, Languages: []string{"ar"}}
	v := c.Home(homeInput(t, p, f, ""))
	if v.Heading != "Nothing from Harbour City Lab, العربية yet" || v.Empty == nil || len(v.Empty.Drop) != 2 || len(v.Empty.Feeds) != 3 {
		t.Fatalf("empty = %q %+v", v.Heading, v.Empty)
	}
	if v.Empty.Drop[1].Text != "without العربية" || v.Empty.Drop[1].Href != "/?community=harbour-city-lab" {
		t.Errorf("drop = %+v", v.Empty.Drop[1])
	}
}

func TestFeedPlace(t *testing.T) {
	after := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		f           caravan.Filter
		path, query string
	}{
		{caravan.Filter{}, "", ""},
		{caravan.Filter{Languages: []string{"pt"}}, "", "language=pt"},
		{caravan.Filter{Communities: []string{"a"}, Languages: []string{"pt"}}, "/c/a", "language=pt"},
		{caravan.Filter{Sources: []string{"s"}}, "/s/s", ""},
		{caravan.Filter{Communities: []string{"a", "b"}}, "/search", "community=a&community=b"},
		{caravan.Filter{Languages: []string{"pt", "es"}}, "/search", "language=pt&language=es"},
		{caravan.Filter{Communities: []string{"a"}, Tags: []string{"t"}}, "/search", "community=a&tag=t"},
		{caravan.Filter{After: after}, "/search", "after=2026-01-01"},
	} {
		if path, query := feedPlace(test.f); path != test.path || query.Encode() != test.query {
			t.Errorf("feedPlace(%+v) = %q, %q, want %q, %q", test.f, path, query.Encode(), test.path, test.query)
		}
	}
}

func TestChosenLanguageIsKeptInLinks(t *testing.T) {
	p, c := sample(t, locale.Spanish)
	c.Chosen = true
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	for _, href := range []string{v.Home, v.Nav[3].Href, v.Older, v.Chips[1].Href, v.Days[0].Items[0].Details, v.AboutHref} {
		if !strings.Contains(href, "lang=es") {
			t.Errorf("%s loses the language", href)
		}
	}
	if strings.Contains(v.Subscribe[0].Href, "lang=") || v.KeepLang != "es" {
		t.Errorf("feed %s, hidden field %q", v.Subscribe[0].Href, v.KeepLang)
	}
}

func TestSiteBelowAPathKeepsItsRoot(t *testing.T) {
	p, c := sample(t, locale.English)
	c.Root, c.BaseURL = "/far", "https://planet.example/far"
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	if v.Older == "" || !strings.HasPrefix(v.Older, "/far/?") || v.Subscribe[0].Href != "/far/feed.atom" || v.Subscribe[0].Shown != "planet.example/far/feed.atom" {
		t.Errorf("older %s, feed %+v", v.Older, v.Subscribe[0])
	}
}

func TestOverdueIsSaid(t *testing.T) {
	p, c := sample(t, locale.English)
	c.Now = now.Add(7 * time.Hour)
	if v := c.Home(homeInput(t, p, caravan.Filter{}, "")); v.Overdue != "Polling is 6 hours behind." {
		t.Errorf("overdue = %q", v.Overdue)
	}
	c.Offline = now
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	if v.Overdue != "" || !strings.HasPrefix(v.Offline, "Caravan itself has no network since 12:00.") {
		t.Errorf("offline = %q, overdue = %q", v.Offline, v.Overdue)
	}
}

func TestWhoIsRankedByTheLast30Days(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Home(homeInput(t, p, caravan.Filter{}, ""))
	for i := 1; i < len(v.Who); i++ {
		if v.Who[i].Count > v.Who[i-1].Count {
			t.Errorf("%s before %s", v.Who[i-1].Text, v.Who[i].Text)
		}
	}
	if !strings.HasPrefix(v.Who[0].Spark, "M") {
		t.Errorf("spark = %q", v.Who[0].Spark)
	}
}

func TestAwkwardItems(t *testing.T) {
	p, c := sample(t, locale.English)
	items := map[string]Item{}
	for _, s := range p.AllStories() {
		items[s.Head.Link] = c.builder().item(s, listing{when: locale.Clock})
	}
	if v := items["javascript:alert(1)"]; v.Href != v.Details || v.Excerpt != nil { // S20
		t.Errorf("javascript link = %+v", v)
	}
	if v := items["https://odd.example/untitled"]; v.Title[0].Text != "A note without a title, whose first words have to serve as …" || v.Dir != "auto" || v.Badge != "" {
		t.Errorf("untitled = %+v", v)
	}
	if v := items["https://mina.example/kharita"]; v.Lang != "ar" || v.Dir != "rtl" || v.Badge != "AR" || v.BadgeName != "العربية" {
		t.Errorf("Arabic = %+v", v)
	}
	if got := c.title(caravan.Item{SortAt: now}); got != "Untitled, 25 November" {
		t.Errorf("title of nothing = %q", got)
	}
}

func TestStoryInTwoPlacesShowsBoth(t *testing.T) {
	p, c := sample(t, locale.English)
	for _, s := range p.AllStories() {
		if s.Head.Link != "https://lantern.example/forty-one-forms" {
			continue
		}
		v := c.builder().item(s, listing{when: locale.Clock})
		if len(v.Marks) != 2 || len(v.Also) != 1 || v.Also[0].Text != "Open Desk" {
			t.Errorf("marks %v, also %+v", v.Marks, v.Also)
		}
		return
	}
	t.Error("the story is not in the sample")
}

func TestShowPolicyKeepsTheExcerptBack(t *testing.T) {
	s := caravan.Story{Head: caravan.Item{Title: "T", Summary: "Words."}}
	if excerpt(s) != "Words." {
		t.Error("no excerpt")
	}
	s.Source.Settings.Show = caravan.ShowTitle
	if excerpt(s) != "" {
		t.Error("an excerpt where only titles may be shown")
	}
}
