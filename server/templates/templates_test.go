package templates_test

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"caravan"
	"caravan/internal/planet"
	"caravan/server/page"
	"caravan/server/templates"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// rendering is one page of the sample.
type rendering struct {
	name string // of the template
	as   string // of the golden file; empty for none
	view func(page.Context) any
}

// set parses the templates with each define made to call seen.
func set(t *testing.T) *templates.Set {
	t.Helper()
	s, err := templates.New(templates.Files(), asset)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asset(name string) (string, error) { return "/static/" + name, nil }

// renderings are pages that together run through every template.
func renderings(t *testing.T) []rendering {
	t.Helper()
	p, err := planet.New(now)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	home := func(f caravan.Filter, cursor string) func(page.Context) any {
		stories, err := p.Stories(ctx, f, cursor, 12)
		must(err)
		activity := map[string][]caravan.DayCount{}
		for _, c := range p.Folders {
			activity[c.Slug], err = p.Activity(ctx, caravan.Filter{Communities: []string{c.Slug}}, now.AddDate(0, 0, -30))
			must(err)
		}
		return func(c page.Context) any {
			for i := range 12 * len(cursor) {
				c.Communities = append(c.Communities, caravan.Community{Slug: fmt.Sprint("x", i), Title: fmt.Sprint("X", i)})
			}
			return c.Home(page.HomeInput{Page: stories, Filter: f, Cursor: cursor, Sources: p.Feeds, Activity: activity})
		}
	}
	search := func(r caravan.SearchRequest) func(page.Context) any {
		r.Limit, r.Page, r.Facets, r.Now = 10, 1, true, now
		in := page.SearchInput{Request: r, Sources: p.Feeds}
		in.Result, err = p.Search(ctx, r)
		must(err)
		in.Result.Also = []string{"words"}
		in.Result.Reranked = true
		all := p.AllStories()
		in.Stories = all
		if len(in.Result.Hits) > 0 {
			in.Similar = map[string][]caravan.Story{in.Result.Hits[0].Story: all[:2]}
		}
		return func(c page.Context) any { return c.Search(in) }
	}
	bad := page.SearchInput{
		Request: caravan.SearchRequest{Query: `title:"open data`}, Counts: map[string]int{`title:"open data"`: 12},
		Err: &caravan.QueryError{Query: `title:"open data`, Position: 6, Message: "A quotation mark is never closed.", Repairs: []string{`title:"open data"`, "title:open data"}},
	}
	community := func(slug string) func(page.Context) any {
		f := caravan.Filter{Communities: []string{slug}}
		var in page.CommunityInput
		in.Community, err = p.Community(ctx, slug)
		must(err)
		in.Page, err = p.Stories(ctx, f, "", 3)
		must(err)
		in.Activity, err = p.Activity(ctx, f, now.AddDate(-2, 0, 0))
		must(err)
		for _, s := range p.Feeds {
			if s.Communities[0].Slug == slug {
				in.Sources = append(in.Sources, s)
			}
		}
		return func(c page.Context) any { return c.Community(in) }
	}
	source := func(slug, post string) func(page.Context) any {
		var in page.SourceInput
		in.Source, err = p.Source(ctx, slug)
		must(err)
		in.Page, err = p.Stories(ctx, caravan.Filter{Sources: []string{slug}}, "", 3)
		must(err)
		in.Polls, err = p.Polls(ctx, slug, 20)
		must(err)
		if in.Post = post; post != "" {
			story := p.AllStories()[0]
			in.PostItem, in.PostStory = &story.Head, &story
			in.Source.Listed = false
		}
		return func(c page.Context) any { return c.Source(in) }
	}
	item := func(link string) func(page.Context) any {
		for _, s := range p.AllStories() {
			if s.Head.Link == link {
				in := page.StoryInput{Item: s.Head, Story: s, Source: s.Source, Similar: p.AllStories()[:2]}
				return func(c page.Context) any { return c.Story(in) }
			}
		}
		t.Fatalf("no article %s in the sample", link)
		return nil
	}
	broken := p.List
	broken.Broken, broken.Pending = true, []string{"https://gone.example/feed"}
	reading, err := planet.Empty(now)
	must(err)
	reading.Feeds[0] = p.Feeds[0]
	reading.Feeds[1] = p.Feeds[1]
	sources := func(in page.SourcesInput) func(page.Context) any {
		return func(c page.Context) any { return c.Sources(in) }
	}
	many := append([]caravan.Source(nil), p.Feeds...)
	for i := range 120 {
		s := p.Feeds[0]
		s.Slug = fmt.Sprint("n", i)
		many = append(many, s)
	}
	offline := func(view func(page.Context) any) func(page.Context) any {
		return func(c page.Context) any {
			c.Offline, c.Demo, c.Chosen = now.Add(-time.Hour), true, true
			c.Site.Logo, c.Site.Theme = "/theme/logo.svg", "/theme/theme.css"
			return view(c)
		}
	}
	return []rendering{
		{"home", "home", home(caravan.Filter{}, "")},
		{"home", "", home(caravan.Filter{}, "12")},
		{"home", "", offline(home(caravan.Filter{Communities: []string{"harbour-city-lab"}, Languages: []string{"ar"}}, ""))},
		{"search", "search", search(caravan.SearchRequest{Query: "the", Filter: caravan.Filter{Languages: []string{"en"}, After: now.AddDate(-2, 0, 0)}})},
		{"search", "search-empty", search(caravan.SearchRequest{Query: "forms zebra"})},
		{"search", "", search(caravan.SearchRequest{Query: "forrms"})},
		{"search", "search-error", func(c page.Context) any { return c.Search(bad) }},
		{"search", "", func(c page.Context) any { return c.Search(page.SearchInput{}) }},
		{"community", "community", community("harbour-city-lab")},
		{"community", "", community("paper-only")},
		{"source", "source", source("the-b-odd-b-notebook", "")},
		{"source", "", source("harbour-city-lab-log", "https://x.example/")},
		{"story", "item", item("https://odd.example/everything")},
		{"story", "", item("https://mina.example/kharita")},
		{"story", "", item("https://mareaberta.example/missoes-pequenas-para-governos-cansados")},
		{"sources", "sources", sources(page.SourcesInput{Sources: p.Feeds, List: p.List})},
		{"sources", "", sources(page.SourcesInput{Sources: many, List: broken, State: "fresh", Progress: 0.5})},
		{"sources", "", sources(page.SourcesInput{})},
		{"run", "run", func(c page.Context) any {
			return c.Run(page.RunInput{Sources: reading.Feeds, Stories: p.AllStories()[:2]})
		}},
		{"run", "", func(c page.Context) any { return c.Run(page.RunInput{}) }},
		{"error", "error", func(c page.Context) any { return c.Failure(404, "") }},
	}
}

// context is what the pages of the sample are made in.
func pageContext(t *testing.T, l page.Lang) page.Context {
	t.Helper()
	p, err := planet.New(now)
	if err != nil {
		t.Fatal(err)
	}
	return page.Context{
		Lang: l, Now: now, Zone: time.UTC, Path: "/", Query: url.Values{}, BaseURL: "https://planet.example",
		Site: page.Site{Name: "caravan", Title: "Sample"}, Communities: p.Folders,
	}
}

func TestPagesPrintInEveryLanguage(t *testing.T) {
	s := set(t)
	for _, l := range page.Langs() {
		c := pageContext(t, l)
		for i, r := range renderings(t) {
			html, err := s.Render(l, r.name, r.view(c))
			if err != nil {
				t.Errorf("%s %d in %s: %v", r.name, i, l, err)
				continue
			}
			text := string(html)
			if !strings.Contains(text, `<html lang="`+string(l)+`">`) || strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<no value>") || strings.Contains(text, "{0") {
				t.Errorf("%s %d in %s: a hole in the page", r.name, i, l)
			}
			if strings.Contains(text, "<script>alert") || strings.Contains(text, "<img src=x") || strings.Contains(text, "<svg onload") || strings.Contains(text, `href="javascript:`) { // S19, S20
				t.Errorf("%s %d in %s: markup where plain words belong", r.name, i, l)
			}
			if strings.Contains(text, " style=") || strings.Contains(text, "<style") || strings.Contains(text, " onclick=") { // S24
				t.Errorf("%s %d in %s: inline style or script", r.name, i, l)
			}
		}
	}
}

func TestMainPagesAreAsTheGoldenOnes(t *testing.T) {
	s, c := set(t), pageContext(t, page.English)
	for _, r := range renderings(t) {
		if r.as == "" {
			continue
		}
		html, err := s.Render(page.English, r.name, r.view(c))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", r.as+".html")
		if *update {
			if err := os.WriteFile(file, html, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(html) != string(want) {
			t.Errorf("%s differs from %s from line %d on; go test ./server/templates -update writes it anew", r.as, file, firstDifference(string(html), string(want)))
		}
	}
}

// firstDifference is the number of the first line in which two texts differ.
func firstDifference(a, b string) int {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range left {
		if i >= len(right) || left[i] != right[i] {
			return i + 1
		}
	}
	return len(left) + 1
}

func TestEveryTemplateIsExecuted(t *testing.T) {
	define := regexp.MustCompile(`\{\{define "([a-z-]+)"\}\}`)
	instrumented := fstest.MapFS{}
	waiting := map[string]bool{}
	err := fs.WalkDir(templates.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templates.Files(), name)
		if err != nil {
			return err
		}
		for _, m := range define.FindAllStringSubmatch(string(text), -1) {
			waiting[m[1]] = true
		}
		// asset is called by name with what stands in for it: the define's name.
		marked := define.ReplaceAllString(string(text), `{{define "$1"}}{{with asset "seen:$1"}}{{end}}`)
		instrumented[name] = &fstest.MapFile{Data: []byte(marked)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := templates.New(instrumented, func(name string) (string, error) {
		if seen, ok := strings.CutPrefix(name, "seen:"); ok {
			delete(waiting, seen)
			return "", nil
		}
		return "/" + name, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c := pageContext(t, page.English)
	for _, r := range renderings(t) {
		if _, err := s.Render(page.English, r.name, r.view(c)); err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
	}
	for name := range waiting {
		t.Errorf("template %s is never executed", name)
	}
}

func TestRenderFailsWhole(t *testing.T) {
	s := set(t)
	if _, err := s.Render(page.English, "home", struct{}{}); err == nil {
		t.Error("a view of the wrong type prints")
	}
	if _, err := s.Render("xx", "home", page.Home{}); err == nil {
		t.Error("an unknown language prints")
	}
	if _, err := templates.New(fstest.MapFS{"a.html": {Data: []byte("{{")}}, asset); err == nil {
		t.Error("a broken template parses")
	}
	broken, err := templates.New(fstest.MapFS{"a.html": {Data: []byte(`{{define "a"}}{{t "no.such"}}{{end}}{{define "b"}}{{th "no.such" nil}}{{end}}`)}}, asset)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		if _, err := broken.Render(page.English, name, nil); err == nil {
			t.Errorf("%s: an unknown message prints", name)
		}
	}
}

// TestPagesAreLight keeps a page of 24 items within its weight.
func TestPagesAreLight(t *testing.T) {
	p, err := planet.New(now)
	if err != nil {
		t.Fatal(err)
	}
	c := pageContext(t, page.English)
	stories, err := p.Stories(context.Background(), caravan.Filter{}, "", 24)
	if err != nil || len(stories.Stories) != 24 {
		t.Fatalf("%d stories, %v", len(stories.Stories), err)
	}
	html, err := set(t).Render(page.English, "home", c.Home(page.HomeInput{Page: stories, Sources: p.Feeds}))
	if err != nil {
		t.Fatal(err)
	}
	total := len(html)
	for _, name := range []string{"../static/caravan.css", "../static/caravan.js"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		total += int(info.Size())
	}
	if total > 100_000 {
		t.Errorf("the home page with its stylesheet and script is %d bytes", total)
	}
	t.Logf("home page: %d bytes of HTML, %d with stylesheet and script", len(html), total)
}

func BenchmarkRenderHome(b *testing.B) {
	p, err := planet.New(now)
	if err != nil {
		b.Fatal(err)
	}
	s, err := templates.New(templates.Files(), asset)
	if err != nil {
		b.Fatal(err)
	}
	stories, err := p.Stories(context.Background(), caravan.Filter{}, "", 24)
	if err != nil {
		b.Fatal(err)
	}
	c := page.Context{Lang: page.English, Now: now, Zone: time.UTC, BaseURL: "https://planet.example", Communities: p.Folders}
	for b.Loop() {
		if _, err := s.Render(page.English, "home", c.Home(page.HomeInput{Page: stories, Sources: p.Feeds})); err != nil {
			b.Fatal(err)
		}
	}
}
