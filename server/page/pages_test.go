package page

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/planet"
	"caravan/server/locale"
)

// Templates find a field by its name, and the outermost wins: a view that had a
// field of the frame's name would take it away from the frame.
func TestNoViewHidesAFieldOfItsFrame(t *testing.T) {
	frame := reflect.TypeFor[Frame]()
	for _, view := range []any{Home{}, Search{}, Community{}, Source{}, Story{}, Sources{}, Run{}, Failure{}} {
		v := reflect.TypeOf(view)
		for i := range v.NumField() {
			f := v.Field(i)
			if _, clash := frame.FieldByName(f.Name); clash && !f.Anonymous && f.Name != "Heading" {
				t.Errorf("%s.%s hides Frame.%s", v.Name(), f.Name, f.Name)
			}
		}
	}
}

// communityInput is what the store gives for a community.
func communityInput(t *testing.T, p *planet.Planet, slug string) CommunityInput {
	t.Helper()
	ctx := context.Background()
	f := caravan.Filter{Communities: []string{slug}}
	var in CommunityInput
	var err error
	if in.Community, err = p.Community(ctx, slug); err != nil {
		t.Fatal(err)
	}
	if in.Page, err = p.Stories(ctx, f, "", 24); err != nil {
		t.Fatal(err)
	}
	if in.Activity, err = p.Activity(ctx, f, now.AddDate(-2, 0, 0)); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Feeds {
		if s.Communities[0].Slug == slug {
			in.Sources = append(in.Sources, s)
		}
	}
	return in
}

func TestCommunityPage(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Community(communityInput(t, p, "harbour-city-lab"))
	if v.Month == nil || v.Month.Href != "/c/harbour-city-lab/digest/2026-11" || v.Month.Text != "This month at Harbour City Lab" {
		t.Errorf("its digest is %+v", v.Month)
	}
	if v := c.Community(communityInput(t, p, "paper-only")); v.Month != nil {
		t.Errorf("a community without articles has the digest %+v", v.Month)
	}
	if v.Facts != "5 articles, 2 in the last 30 days." || v.Web.Text != "harbourlab.example" || len(v.Items) != 5 || v.Items[0].Community != nil || !v.Items[0].SourceBig {
		t.Errorf("%q %+v %+v", v.Facts, v.Web, v.Items[0])
	}
	if v.Chart == nil || v.Chart.Caption != "Articles per month over 12 months: between 0 and 2, most in November 2026" || len(v.Chart.Axis) != 2 {
		t.Errorf("chart = %+v", v.Chart)
	}
	if len(v.Subscribe) != 4 || v.Frame.Feeds[0].Href != "/c/harbour-city-lab/feed.atom" {
		t.Errorf("feeds = %+v", v.Frame.Feeds)
	}
	if v.Sources[0].State.Word != "failing" || strings.Contains(v.Sources[0].Sentence, "In detail") || v.Sources[1].State.Word != "new" {
		t.Errorf("sources = %+v", v.Sources)
	}
}

func TestCommunityWithoutAFeed(t *testing.T) {
	p, c := sample(t, locale.Portuguese)
	v := c.Community(communityInput(t, p, "paper-only"))
	if !strings.HasPrefix(v.Facts, "Não publica nenhum feed") || len(v.Publications) != 1 || v.Chart != nil || v.Subscribe != nil || v.Frame.Feeds[0].Href != "/feed.atom" {
		t.Errorf("%q %+v", v.Facts, v.Publications)
	}
}

func TestCommunityWhoseSourcesAreAllGone(t *testing.T) {
	p, c := sample(t, locale.English)
	in := communityInput(t, p, "atelier-des-communes")
	if v := c.Community(in); !strings.HasSuffix(v.Facts, "It stopped publishing here on 22 November 2026; the archive stays.") {
		t.Errorf("%q", v.Facts)
	}
	in.Page, in.Community.Items = caravan.StoryPage{}, 0
	if v := c.Community(in); v.Facts != "No article yet." {
		t.Errorf("%q", v.Facts)
	}
}

func TestMonthlyAndDailyBars(t *testing.T) {
	counts := []caravan.DayCount{
		{Day: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), Count: 2}, {Day: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Count: 1},
		{Day: time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), Count: 4}, {Day: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Count: 9},
		{Day: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Count: 9},
	}
	if got := monthly(counts, now, 12); got[11] != 3 || got[0] != 4 || sum(got) != 7 {
		t.Errorf("monthly = %v", got)
	}
	if got := daily(counts, now, 30); got[29] != 2 || got[5] != 1 || sum(got) != 3 {
		t.Errorf("daily = %v", got)
	}
	if got := spark([]int{0, 1, 4}); got != "M4 17v-4M7 17v-16" {
		t.Errorf("spark = %q", got)
	}
	if got := columns([]int{0, 2}); got != "M11 16v-16h8v16" {
		t.Errorf("columns = %q", got)
	}
}

// sourceInput is what the store gives for a source.
func sourceInput(t *testing.T, p *planet.Planet, slug string) SourceInput {
	t.Helper()
	ctx := context.Background()
	var in SourceInput
	var err error
	if in.Source, err = p.Source(ctx, slug); err != nil {
		t.Fatal(err)
	}
	if in.Page, err = p.Stories(ctx, caravan.Filter{Sources: []string{slug}}, "", 24); err != nil {
		t.Fatal(err)
	}
	if in.Polls, err = p.Polls(ctx, slug, 20); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestSourcePageShowsItsPolls(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Source(sourceInput(t, p, "harbour-city-lab-log"))
	if v.State.Word != "failing" || v.Advice == "" || len(v.Polls) != 6 || !v.Polls[0].Bad || v.Polls[0].Answer != "failed" || v.Polls[1].Answer != "read (200)" || v.Polls[1].Brought != "2 new, 1 changed" || v.Polls[2].Answer != "nothing new (304)" {
		t.Errorf("%+v", v.Polls)
	}
	facts := map[string]string{}
	for _, f := range v.Facts {
		facts[f.Name] = f.Text
	}
	if facts["Format"] != "RSS" || facts["Rhythm"] != "an article about every 5 days" || facts["Next poll"] != "in 5 hours" || facts["Feed"] != "harbourlab.example/harbour-city-lab-log/feed" {
		t.Errorf("facts = %v", facts)
	}
	if v := c.Source(sourceInput(t, p, "the-b-odd-b-notebook")); !slices.ContainsFunc(v.Items, func(i Item) bool { return i.When == "no date" }) {
		t.Error("the undated article is not on its source's page")
	}
}

func TestWhereIsMyPost(t *testing.T) {
	p, c := sample(t, locale.English)
	in := sourceInput(t, p, "open-desk-dispatches")
	in.Post = "https://x.example/post"
	if v := c.Source(in); v.Where.Answer != "It is not here. The feed was last read 3 minutes ago and is read again in 57 minutes." || v.Where.Found != nil {
		t.Errorf("not seen yet: %+v", v.Where)
	}
	in.Source.Settings.Skip = "tag:jobs"
	if v := c.Source(in); !strings.Contains(v.Where.Answer, "rules that leave some articles out") {
		t.Errorf("rules: %+v", v.Where)
	}
	story := p.AllStories()[0]
	story.Head.Source = in.Source.Slug
	in.PostItem, in.PostStory = &story.Head, &story
	if v := c.Source(in); v.Where.Found == nil || v.Where.Found.Href != "/item/"+story.ID || v.Where.Answer != "It is here, seen first 08:06:" {
		t.Errorf("here: %+v", v.Where)
	}
	other := story.Head
	other.ID = "other"
	in.PostItem = &other
	if v := c.Source(in); !strings.Contains(v.Where.Answer, "another article’s story") || v.Where.Found.Href != "/item/"+story.ID {
		t.Errorf("in another story: %+v", v.Where)
	}
	for visibility, want := range map[caravan.Visibility]string{
		caravan.Unlisted: "left the list", caravan.Skipped: "caravan:skip", caravan.NotOnly: "caravan:only", caravan.Takedown: "taken down",
	} {
		other.Visibility = visibility
		if v := c.Source(in); !strings.Contains(v.Where.Answer, want) || v.Where.Found != nil {
			t.Errorf("%s: %+v", visibility, v.Where)
		}
	}
	elsewhere := story.Head
	elsewhere.Source = "another"
	in.PostItem = &elsewhere
	if v := c.Source(in); !strings.Contains(v.Where.Answer, "another source") || v.Where.Found == nil {
		t.Errorf("elsewhere: %+v", v.Where)
	}
	in = sourceInput(t, p, "harbour-city-lab-log")
	in.Post = "https://x.example/post"
	if v := c.Source(in); !strings.Contains(v.Where.Answer, "cannot be read at present") {
		t.Errorf("failing: %+v", v.Where)
	}
	in = sourceInput(t, p, "old-pier-notices")
	in.Post = "https://x.example/post"
	if v := c.Source(in); !strings.Contains(v.Where.Answer, "has not been read yet") {
		t.Errorf("new: %+v", v.Where)
	}
}

func TestSourcesPage(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Sources(SourcesInput{Sources: p.Feeds, List: p.List})
	if v.Heading != "12 of 17 sources are well. 4 need a curator." || len(v.Care) != 4 || len(v.Rows) != 17 || len(v.Problems) != 2 || v.Mistakes.Text != "The list itself has 2 mistakes." {
		t.Errorf("%q care %d rows %d problems %d", v.Heading, len(v.Care), len(v.Rows), len(v.Problems))
	}
	if v.Problems[1].Where != "Line 52, column 31" || !v.Problems[1].Error || v.Problems[0].Error {
		t.Errorf("problems = %+v", v.Problems)
	}
	if v.Care[0].State.Word != "failing" || v.Care[0].Since != "since 20 November" || v.Care[3].Old == "" || v.Care[3].New != "https://passerelle.example/nouveau/feed" {
		t.Errorf("care = %+v", v.Care)
	}
	if v.Frame.Feeds[0].Href != "/sources.atom" {
		t.Errorf("feeds = %+v", v.Frame.Feeds)
	}
}

func TestSourcesHeadings(t *testing.T) {
	_, c := sample(t, locale.English)
	source := func(change func(*caravan.Source)) []caravan.Source {
		s := well()
		change(&s)
		return []caravan.Source{well(), s}
	}
	for _, test := range []struct {
		in   SourcesInput
		want string
	}{
		{SourcesInput{}, "No source yet."},
		{SourcesInput{Sources: source(func(*caravan.Source) {})}, "All 2 sources are well."},
		{SourcesInput{Sources: source(failing(caravan.FailTimeout, 0, 1))}, "1 of 2 sources are well. 1 is being tried again."},
		{SourcesInput{Sources: source(failing(caravan.FailTimeout, 0, 9))}, "1 of 2 sources are well. 1 needs a curator."},
		{SourcesInput{Sources: source(failing(caravan.FailOffline, 0, 9))}, "All 2 sources are well."},
		{SourcesInput{List: caravan.ListState{Broken: true, AppliedAt: now}}, "feeds.opml cannot be read."},
	} {
		if v := c.Sources(test.in); v.Heading != test.want {
			t.Errorf("heading = %q, want %q", v.Heading, test.want)
		}
	}
}

func TestSourcesTableSortsFiltersAndPages(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Sources(SourcesInput{Sources: p.Feeds, Sort: "name", State: "fresh"})
	if len(v.Rows) != 9 || v.Rows[0].Source.Text > v.Rows[1].Source.Text || v.Filtered == nil || v.Columns[0].Sort != "ascending" || v.Columns[2].Sort != "" {
		t.Errorf("%d rows, %+v", len(v.Rows), v.Columns)
	}
	var many []caravan.Source
	for i := range 250 {
		s := well()
		s.Slug, s.Items = "s"+itoa(i), i
		many = append(many, s)
	}
	for _, by := range []string{"items", "last", "next", "community", "state", "nonsense"} {
		v = c.Sources(SourcesInput{Sources: many, Sort: by, Page: 3})
		if len(v.Rows) != 50 || len(v.Pages) != 3 || !v.Pages[2].Current {
			t.Errorf("%s: %d rows, pages %+v", by, len(v.Rows), v.Pages)
		}
	}
	if v = c.Sources(SourcesInput{Sources: many, Sort: "items", Page: 1}); v.Rows[0].Items != "249" {
		t.Errorf("first by items has %s", v.Rows[0].Items)
	}
	if v = c.Sources(SourcesInput{Sources: many, Page: 99}); len(v.Rows) != 50 {
		t.Errorf("beyond the end: %d rows", len(v.Rows))
	}
}

func TestSourcesShowNoCredentials(t *testing.T) { // S07
	_, c := sample(t, locale.English)
	s := well()
	s.ListURL, s.URL = "https://me:secret@a.example/feed", "https://me:secret@b.example/feed"
	v := c.Sources(SourcesInput{Sources: []caravan.Source{s}, List: caravan.ListState{Pending: []string{s.ListURL}}})
	if strings.Contains(v.Care[0].Old+v.Care[0].New+v.Care[0].Sentence+v.Pending[0], "secret") {
		t.Errorf("%+v %v", v.Care, v.Pending)
	}
	if facts := c.builder().sourceFacts(s); strings.Contains(facts[0].Text+facts[0].Href, "secret") {
		t.Errorf("%+v", facts[0])
	}
}

func TestFirstRun(t *testing.T) {
	unread := func(n int) []caravan.Source {
		sources := []caravan.Source{well(), well(), well(), well()}
		for i := range n {
			sources[i].State = caravan.PollState{NextPoll: now}
		}
		return sources
	}
	paused := well()
	paused.State, paused.Settings.Paused = caravan.PollState{}, true
	for _, test := range []struct {
		name    string
		sources []caravan.Source
		stories int
		want    bool
	}{
		{"no sources", nil, 0, true},
		{"no sources, and an archive", nil, 5, false},
		{"nothing read", unread(4), 0, true},
		{"most are waiting", unread(3), 7, true},
		{"half are read", unread(2), 7, false},
		{"all read, nothing found", unread(0), 0, false},
		{"one new line in an old list", unread(1), 7, false},
		{"paused ones do not count", append(unread(0), paused), 0, false},
	} {
		if got := FirstRun(test.sources, test.stories); got != test.want {
			t.Errorf("%s: FirstRun = %v, want %v", test.name, got, test.want)
		}
	}
}

func TestRunTellsHowFarItIs(t *testing.T) {
	p, c := sample(t, locale.English)
	for i := range p.Feeds {
		if i%2 == 0 {
			p.Feeds[i].State, p.Feeds[i].Items = caravan.PollState{NextPoll: now}, 0
		}
	}
	v := c.Run(RunInput{Sources: p.Feeds, Stories: p.AllStories()[:3]})
	if !v.Poll || v.All != 16 || v.Done != 7 || v.Progress != "7 of 16 sources, 26 articles so far." || v.Left != "About 3 minutes more." || v.Failed.Text != "3 failed." || len(v.Items) != 3 {
		t.Errorf("%v %d of %d %q %q %+v", v.Poll, v.Done, v.All, v.Progress, v.Left, v.Failed)
	}
	if empty := c.Run(RunInput{}); !empty.Empty || !empty.Poll {
		t.Errorf("%+v", empty)
	}
}

func TestWalkersAreSizedByTheRootOfTheirOutput(t *testing.T) {
	for n, want := range map[int]int{0: 2, 1: 2, 6: 3, 8: 4, 14: 5, 21: 6, 38: 8, 43: 8, 60: 9, 10000: 9} {
		if got := walkerSize(n); got != want {
			t.Errorf("walkerSize(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestFailurePages(t *testing.T) {
	_, c := sample(t, locale.Spanish)
	for status, want := range map[int]string{404: "No está aquí", 410: "Retirado", 429: "Demasiadas peticiones", 500: "Algo ha salido mal aquí", 502: "Algo ha salido mal aquí", 503: "Aún no está listo", 400: "Esta dirección no sirve", 418: "Esta dirección no sirve"} {
		if v := c.Failure(status, ""); v.Heading != want || v.Text == "" || !v.NoIndex {
			t.Errorf("%d: %q %q", status, v.Heading, v.Text)
		}
	}
	if v := c.Failure(410, "It was withdrawn."); v.Text != "It was withdrawn." {
		t.Errorf("text = %q", v.Text)
	}
}

func TestEventsOfTheSources(t *testing.T) {
	p, c := sample(t, locale.English)
	p.Feeds[8].FirstSeen = now.AddDate(0, 0, -3)
	titles := map[string]Event{}
	recoveries := []caravan.Recovery{
		{Source: p.Feeds[0].Slug, At: now.Add(-2 * time.Hour), Failures: 5},
		{Source: p.Feeds[1].Slug, At: now.Add(-2 * time.Hour), Failures: 1}, // a bad hour
		{Source: "nobody", At: now.Add(-2 * time.Hour), Failures: 5},        // left the list
	}
	events := c.Events(p.Feeds, p.List, recoveries)
	for i, e := range events {
		titles[e.Title] = e
		if i > 0 && e.When.After(events[i-1].When) {
			t.Errorf("%s stands after %s", e.Title, events[i-1].Title)
		}
	}
	for _, want := range []string{
		"Harbour City Lab log: failing", "Policy Kitchen letters: blocked", "Carnet de l’Atelier: gone", "Passerelle, le journal: moved",
		"Boletim da escuta: quiet", "Maré Aberta, cartas has joined", "The list itself has 2 mistakes.",
		p.Feeds[0].Title + " answers again",
	} {
		if titles[want].Title == "" {
			t.Errorf("nothing says %q", want)
		}
	}
	if len(events) != 8 { // one failure is no event, nor is a source not read yet
		t.Errorf("%d events", len(events))
	}
	c.Now = now.Add(time.Hour)
	if again := c.Events(p.Feeds, p.List, recoveries); again[0].Key != events[0].Key {
		t.Errorf("an event changes its key: %s, %s", events[0].Key, again[0].Key)
	}
}
