package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// planted returns the stored item of the load's first post.
func planted(t *testing.T, p *planet) caravan.ItemTrace {
	t.Helper()
	var found struct{ Items []caravan.ItemTrace }
	if err := json.Unmarshal([]byte(p.must("search", "--json", p.load.Posts(0)[0].Planted)), &found); err != nil || len(found.Items) != 1 {
		t.Fatalf("search: %v", err)
	}
	return found.Items[0]
}

func TestExplainTellsHowAPostCameAndWhereItIs(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	var found struct {
		Items []struct{ ID, URL, Title, Source string }
	}
	if err := json.Unmarshal([]byte(p.must("search", "--json", p.load.Posts(0)[0].Planted)), &found); err != nil || len(found.Items) != 1 {
		t.Fatalf("search: %v", err)
	}
	item := found.Items[0]
	twin := strings.Replace(item.URL, "http://", "https://www.", 1) + "?utm_source=mail#top"
	for _, name := range []string{item.URL, twin, item.ID, "https://planet.example/item/" + item.ID} {
		out := p.must("explain", name)
		for _, want := range []string{item.Title, "Source: ", "(" + item.Source + ")", "status 200", "5 new", "a story of its own", "Shown, on /item/" + item.ID} {
			if !strings.Contains(out, want) {
				t.Errorf("explain %s printed no %q:\n%s", name, want, out)
			}
		}
	}
	p.must("hide", item.ID)
	p.serveAnd(func(string) {
		if out := p.must("explain", item.URL); !strings.Contains(out, "Taken down at ") || !strings.Contains(out, "caravan show "+item.ID) {
			t.Errorf("explain of a hidden item printed\n%s", out)
		}
	})
	var answer caravan.Explanation
	if err := json.Unmarshal([]byte(p.must("explain", "--json", item.ID)), &answer); err != nil || len(answer.Items) != 1 || answer.Items[0].Visibility != caravan.Takedown {
		t.Errorf("explain --json gave %+v, %v", answer, err)
	}
}

func TestExplainNamesTheRuleThatHides(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	post, item := p.load.Posts(0)[0], planted(t, p)
	list, err := os.ReadFile(p.feeds)
	if err != nil {
		t.Fatal(err)
	}
	ruled := strings.ReplaceAll(string(list), "xmlUrl=", `caravan:skip="`+post.Planted+`" xmlUrl=`)
	ruled = strings.Replace(ruled, "<opml ", `<opml xmlns:caravan="urn:caravan:opml" `, 1)
	if err := os.WriteFile(p.feeds, []byte(ruled), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.must("explain", item.URL); !strings.Contains(out, `caravan:skip="`+post.Planted+`"`) {
		t.Errorf("explain printed\n%s", out)
	}
}

func TestExplainNamesWhosePostMayBeMissing(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	out := p.must("explain", p.pub.Feeds[0].URL+"/no-such-post")
	if !strings.Contains(out, "No source has ever offered") || !strings.Contains(out, "It looks like a post of") || !strings.Contains(out, "Next poll: ") {
		t.Errorf("explain of a missing post printed\n%s", out)
	}
	if out := p.must("explain", "https://elsewhere.example/x"); !strings.Contains(out, "No listed source has its site there") {
		t.Errorf("explain of a stranger printed\n%s", out)
	}
}

func TestSitesAreFoundByHostAndPath(t *testing.T) {
	sources := []caravan.Source{
		{Slug: "root", SiteURL: "https://www.e.org/"}, {Slug: "blog", SiteURL: "https://e.org/blog/"}, {Slug: "feed", URL: "http://f.org/rss"},
		{Slug: "ines", SiteURL: "https://medium.com/@ines"}, {Slug: "none"},
	}
	for address, want := range map[string][]string{
		"https://e.org/blog/2026/x":   {"blog"},
		"http://www.e.org/news/x":     {"root", "blog"},
		"https://f.org/2026/x":        {"feed"},
		"https://medium.com/@ines/x":  {"ines"},
		"https://medium.com/@other/x": nil,
		"https://g.org/":              nil,
		"tag:e.org,2026:1":            nil,
		"":                            nil,
	} {
		var got []string
		for _, s := range sitesOf(address, sources) {
			got = append(got, s.Slug)
		}
		if !slices.Equal(got, want) {
			t.Errorf("sitesOf(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestExplanationsAreSentences(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		e    caravan.Explanation
		want string
	}{
		{"left", caravan.Explanation{Items: []caravan.ItemTrace{{Visibility: caravan.Unlisted, HiddenAt: at}}}, "its source left the list at 2026-03-01 12:00 UTC"},
		{"not only", caravan.Explanation{Items: []caravan.ItemTrace{{Visibility: caravan.NotOnly, Rule: "lab"}}}, `does not match its source's caravan:only="lab"`},
		{"erased", caravan.Explanation{Items: []caravan.ItemTrace{{Visibility: caravan.Takedown, HiddenAt: at, Emptied: true}}}, "and erased"},
		{"old", caravan.Explanation{Items: []caravan.ItemTrace{{FirstSeen: at}}}, "not remembered any more"},
		{"edited", caravan.Explanation{Items: []caravan.ItemTrace{{Revisions: 2, Changed: at}}}, "Changed 2 times since, last at 2026-03-01"},
		{"story", caravan.Explanation{Items: []caravan.ItemTrace{{Story: "s", Others: []caravan.Member{{ID: "i", Source: "o", Visibility: caravan.Skipped}}}}},
			"part of the story s, with what appeared in o (i, hidden)"},
		{"new source", caravan.Explanation{Sources: []caravan.SourceTrace{{Title: "T", Source: "t"}}}, "never polled yet"},
		{"failing source", caravan.Explanation{Sources: []caravan.SourceTrace{{LastPoll: at, Failure: "no answer"}}}, "failed: no answer.\n  It is polled no more."},
		{"paused source", caravan.Explanation{Sources: []caravan.SourceTrace{{LastPoll: at, Paused: true}}}, "It is paused in the list."},
		{"pushed", caravan.Explanation{Items: []caravan.ItemTrace{{Pushed: &caravan.PushTrace{Hub: "https://hub.example/", New: 1}}}}, "pushed by https://hub.example/ with 1 new and 0 changed."},
		{"by its slug", caravan.Explanation{Address: "t", Sources: []caravan.SourceTrace{{Title: "T", Source: "t", URL: "https://t.example/"}}}, "T, https://t.example/\n  which was never polled yet."},
		{"pushed source", caravan.Explanation{Sources: []caravan.SourceTrace{{Source: "t", Push: &caravan.Push{Hub: "https://hub.example/", Until: at.Add(time.Hour), Trusted: true}}}},
			"Pushed by hub.example, lease until 2026-03-01 13:00 UTC"},
		{"control characters", caravan.Explanation{Items: []caravan.ItemTrace{{Title: "a\x1b[2Jb"}}}, "a[2Jb"},
	} {
		if got := explanation(c.e, console{Now: func() time.Time { return at }}); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q holds no %q", c.name, got, c.want)
		}
	}
}
