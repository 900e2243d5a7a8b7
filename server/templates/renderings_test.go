package templates_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"caravan"
	"caravan/internal/planet"
	"caravan/server/locale"
	"caravan/server/page"
	"caravan/server/templates"
)

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// rendering is one page of the sample.
type rendering struct {
	name string // of the template
	as   string // of the golden file; empty for none
	view func(page.Context) any
}

// parts are what the script asks for alone of a page, by its template.
var parts = map[string][]string{"search": {"search-part"}, "run": {"live"}}

// set is the parsed templates.
func set(t testing.TB) *templates.Set {
	t.Helper()
	s, err := templates.New(templates.Files(), asset)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asset(name string) (string, error) { return "/static/" + name, nil }

// pageContext is what the pages of the sample are made in.
func pageContext(t testing.TB, l locale.Lang) page.Context {
	t.Helper()
	return page.Context{
		Lang: l, Now: now, Zone: time.UTC, Path: "/", Query: url.Values{}, BaseURL: "https://planet.example",
		Site: page.Site{Name: "caravan", Title: "Sample"}, Communities: newPlanet(t).Folders,
	}
}

func newPlanet(t testing.TB) *planet.Planet {
	t.Helper()
	p, err := planet.New(now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// a sampler makes the pages of a planet; what the planet cannot give fails the
// test.
type sampler struct {
	testing.TB
	*planet.Planet
}

// must returns a value that has to be there.
func must[T any](t testing.TB, value T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func (s sampler) stories(f caravan.Filter, cursor string, limit int) caravan.StoryPage {
	page, err := s.Stories(context.Background(), f, cursor, limit)
	return must(s.TB, page, err)
}

func (s sampler) activity(f caravan.Filter, since time.Time) []caravan.DayCount {
	days, err := s.Activity(context.Background(), f, since)
	return must(s.TB, days, err)
}

func (s sampler) mostLinked(f caravan.Filter, since time.Time) []caravan.Story {
	stories, err := s.MostLinked(context.Background(), f, since, now, 5)
	return must(s.TB, stories, err)
}

// home is the home page; further communities make a long list of it.
func (s sampler) home(f caravan.Filter, cursor string, further int) func(page.Context) any {
	in := page.HomeInput{Page: s.stories(f, cursor, 12), Filter: f, Cursor: cursor, Sources: s.Feeds, Activity: map[string][]caravan.DayCount{}}
	in.Linked = s.mostLinked(f, now.AddDate(0, 0, -7))
	for _, c := range s.Folders {
		in.Activity[c.Slug] = s.activity(caravan.Filter{Communities: []string{c.Slug}}, now.AddDate(0, 0, -30))
	}
	return func(c page.Context) any {
		for i := range further {
			c.Communities = append(c.Communities, caravan.Community{Slug: fmt.Sprint("x", i), Title: fmt.Sprint("X", i)})
		}
		return c.Home(in)
	}
}

// search is the search page of a request, with all that can stand on it.
func (s sampler) search(r caravan.SearchRequest) func(page.Context) any {
	r.Limit, r.Page, r.Facets, r.Now = 10, 1, true, now
	result, err := s.Search(context.Background(), r)
	in := page.SearchInput{Request: r, Sources: s.Feeds, Result: must(s.TB, result, err), Stories: s.AllStories()}
	in.Result.Also, in.Result.Reranked = []string{"words"}, true
	if len(in.Result.Hits) > 0 {
		in.Similar = map[string][]caravan.Story{in.Result.Hits[0].Story: in.Stories[:2]}
	}
	return func(c page.Context) any { return c.Search(in) }
}

func (s sampler) community(slug string) func(page.Context) any {
	f := caravan.Filter{Communities: []string{slug}}
	community, err := s.Community(context.Background(), slug)
	in := page.CommunityInput{Community: must(s.TB, community, err), Page: s.stories(f, "", 3), Activity: s.activity(f, now.AddDate(-2, 0, 0))}
	for _, source := range s.Feeds {
		if source.Communities[0].Slug == slug {
			in.Sources = append(in.Sources, source)
		}
	}
	return func(c page.Context) any { return c.Community(in) }
}

// source is a source's page; with a post asked for it has left the list.
func (s sampler) source(slug, post string) func(page.Context) any {
	ctx := context.Background()
	source, err := s.Source(ctx, slug)
	in := page.SourceInput{Source: must(s.TB, source, err), Page: s.stories(caravan.Filter{Sources: []string{slug}}, "", 3), Post: post}
	polls, err := s.Polls(ctx, slug, 20)
	in.Polls = must(s.TB, polls, err)
	if post != "" {
		story := s.AllStories()[0]
		in.PostItem, in.PostStory = &story.Head, &story
		in.Source.Listed = false
	}
	return func(c page.Context) any { return c.Source(in) }
}

func (s sampler) item(link string) func(page.Context) any {
	for _, story := range s.AllStories() {
		if story.Head.Link == link {
			in := page.StoryInput{Item: story.Head, Story: story, Source: story.Source, Similar: s.AllStories()[:2]}
			links, err := s.LinksTo(context.Background(), story.ID, 12)
			in.LinksTo = must(s.TB, links, err)
			revisions, err := s.Revisions(context.Background(), story.ID)
			in.Revisions = must(s.TB, revisions, err)
			return func(c page.Context) any { return c.Story(in) }
		}
	}
	s.Fatalf("no article %s in the sample", link)
	return nil
}

func (s sampler) sources(in page.SourcesInput) func(page.Context) any {
	return func(c page.Context) any { return c.Sources(in) }
}

// digest is the digest of a period; quick makes it a quiet one.
func (s sampler) digest(name string, community string) func(page.Context) any {
	period, err := page.ParsePeriod(name, time.UTC)
	in := page.DigestInput{Period: must(s.TB, period, err), Sources: s.Feeds}
	var f caravan.Filter
	if community != "" {
		found, err := s.Community(context.Background(), community)
		found = must(s.TB, found, err)
		in.Community, f.Communities = &found, []string{community}
	} else {
		in.Sources[9].FirstSeen = in.Period.Start.Add(time.Hour)
	}
	in.Stories = s.stories(in.Period.Filter(f), "", 1000).Stories
	linked, err := s.MostLinked(context.Background(), f, in.Period.Start, in.Period.End, 5)
	in.Linked, in.Earlier = must(s.TB, linked, err), true
	in.LinkedIn = map[string]int{}
	for _, story := range in.Linked {
		links, err := s.LinksTo(context.Background(), story.ID, 50)
		in.LinkedIn[story.ID] = page.LinkedIn(story, must(s.TB, links, err), in.Period.Start, in.Period.End)
	}
	return func(c page.Context) any { return c.Digest(in) }
}

// far is a page as it is where everything is different.
func far(view func(page.Context) any) func(page.Context) any {
	return func(c page.Context) any {
		c.Offline, c.Demo, c.Chosen = now.Add(-time.Hour), true, true
		c.Site.Logo, c.Site.Theme, c.Site.Tagline = "/theme/logo.svg", "/theme/theme.css", "Slowly."
		return view(c)
	}
}

// renderings are pages that together run through every template.
func renderings(t testing.TB) []rendering {
	t.Helper()
	s := sampler{t, newPlanet(t)}
	bad := page.SearchInput{
		Request: caravan.SearchRequest{Query: `title:"open data`}, Counts: map[string]int{
			page.CountKey(caravan.SearchRequest{Query: `title:"open data"`}): 12, page.CountKey(caravan.SearchRequest{Query: `title:"open data`, Plain: true}): 88,
		},
		Err: &caravan.QueryError{Query: `title:"open data`, Position: 6, Message: "A quotation mark is never closed.", Repairs: []string{`title:"open data"`, "title:open data"}},
	}
	broken := s.List
	broken.Broken, broken.Pending = true, []string{"https://gone.example/feed"}
	many := append([]caravan.Source(nil), s.Feeds...)
	for i := range 120 {
		source := s.Feeds[0]
		source.Slug = fmt.Sprint("n", i)
		many = append(many, source)
	}
	empty, err := planet.Empty(now)
	reading := must(t, empty, err)
	reading.Feeds[0], reading.Feeds[1] = s.Feeds[0], s.Feeds[1]
	reading.Feeds[2].State.NextPoll = now.Add(time.Hour)
	run := page.RunInput{Sources: reading.Feeds, Stories: s.AllStories()[:2], Floor: time.Hour}
	about := page.AboutInput{List: caravan.ListState{OwnerName: "Ada"}, Sources: s.Feeds, Contact: "https://planet.example/contact", Agent: "caravan/1 (+https://planet.example/about)"}
	own := page.AboutInput{Text: "# Our own\n\nWords.", Contact: "ada@planet.example", Images: true}
	subscribe := page.SubscribeInput{Title: "Sample", Address: "/feed.rss", Home: "/", Newest: s.AllStories()[:3]}
	return []rendering{
		{"home", "home", s.home(caravan.Filter{}, "", 0)},
		{"home", "", s.home(caravan.Filter{}, "12", 30)},
		{"home", "", far(s.home(caravan.Filter{Communities: []string{"harbour-city-lab"}, Languages: []string{"ar"}}, "", 0))},
		{"search", "search", s.search(caravan.SearchRequest{Query: "the", Filter: caravan.Filter{Languages: []string{"en"}, After: now.AddDate(-2, 0, 0)}})},
		{"search", "search-empty", s.search(caravan.SearchRequest{Query: "forms zebra"})},
		{"search", "", s.search(caravan.SearchRequest{Query: "forrms"})},
		{"search", "search-error", func(c page.Context) any { return c.Search(bad) }},
		{"search", "", func(c page.Context) any { return c.Search(page.SearchInput{}) }},
		{"community", "community", s.community("harbour-city-lab")},
		{"community", "", s.community("paper-only")},
		{"source", "source", s.source("the-b-odd-b-notebook", "")},
		{"source", "", s.source("harbour-city-lab-log", "https://x.example/")},
		{"story", "item", s.item("https://odd.example/everything")},
		{"story", "item-linked", s.item("https://harbourlab.example/flood-maps-that-neighbours-can-argue-with")},
		{"story", "", s.item("https://mina.example/kharita")},
		{"story", "", s.item("https://mareaberta.example/missoes-pequenas-para-governos-cansados")},
		{"sources", "sources", s.sources(page.SourcesInput{Sources: s.Feeds, List: s.List})},
		{"sources", "", s.sources(page.SourcesInput{Sources: many, List: broken, State: "fresh", Progress: 0.5})},
		{"sources", "", s.sources(page.SourcesInput{})},
		{"run", "run", func(c page.Context) any { return c.Run(run) }},
		{"run", "", func(c page.Context) any { return c.Run(page.RunInput{}) }},
		{"error", "error", func(c page.Context) any { return c.Failure(404, "") }},
		{"digest", "digest", s.digest("2026-11", "")},
		{"digest", "", s.digest("2026-W47", "harbour-city-lab")},
		{"digest", "", s.digest("2019-01", "")},
		{"digest-email", "digest-email", s.digest("2026-11", "")},
		{"about", "about", func(c page.Context) any { return c.About(about) }},
		{"about", "", func(c page.Context) any { return c.About(own) }},
		{"about", "", func(c page.Context) any { return c.About(page.AboutInput{}) }},
		{"subscribe", "subscribe", func(c page.Context) any { return c.Subscribe(subscribe) }},
	}
}
