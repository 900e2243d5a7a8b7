package fetcher

import (
	"context"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/index/query"
	"caravan/store"
)

// A shelf is a real store, filled with what Read makes of documents.
type shelf struct {
	*store.Store
	t    testing.TB
	now  time.Time
	home map[string]string // addresses of feeds by slug
}

// newShelf opens a store that lists these sources, in one community.
func newShelf(t testing.TB, sources ...string) *shelf {
	t.Helper()
	s := &shelf{t: t, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), home: map[string]string{}}
	var err error
	s.Store, err = store.Open(t.Context(), store.Config{
		Path: filepath.Join(t.TempDir(), "caravan.db"), Now: func() time.Time { return s.now }, Floor: time.Hour,
		HostKey: func(address string) string { return address },
		Match:   Match, SameStory: SameStory, Rule: query.MatchItem,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	community := caravan.ListCommunity{Path: []string{"Planet"}}
	for i, name := range sources {
		s.home[name] = "https://" + name + ".example/feed.xml"
		community.Sources = append(community.Sources, caravan.ListSource{URL: s.home[name], Title: name, Line: i + 1, Settings: caravan.Settings{Slug: name}})
	}
	if _, err := s.SyncList(t.Context(), caravan.List{Title: "Planet", Hash: "1", Communities: []caravan.ListCommunity{community}}, true); err != nil {
		t.Fatal(err)
	}
	return s
}

// An entry is an item as a publisher writes it.
type entry struct {
	guid, link, title string
	html              string
	date              time.Time
}

// feedOf writes an RSS document. Links that are paths belong to the source.
func feedOf(host string, entries []entry) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0"><channel><title>%s</title><link>https://%[1]s/</link>`, host)
	for _, e := range entries {
		b.WriteString("<item>")
		for _, field := range [][2]string{{"title", e.title}, {"link", e.link}, {"description", e.html}} {
			if field[1] != "" {
				fmt.Fprintf(&b, "<%s>%s</%[1]s>", field[0], html.EscapeString(field[1]))
			}
		}
		if e.guid != "" {
			fmt.Fprintf(&b, `<guid isPermaLink="false">%s</guid>`, html.EscapeString(e.guid))
		}
		if !e.date.IsZero() {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", e.date.Format(time.RFC1123Z))
		}
		b.WriteString("</item>")
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

// read makes of entries what a poll makes of their document.
func (s *shelf) read(slug string, entries ...entry) caravan.Document {
	s.t.Helper()
	u, err := url.Parse(s.home[slug])
	if err != nil {
		s.t.Fatal(err)
	}
	doc, err := Read(Raw{Body: feedOf(u.Host, entries), ContentType: "application/rss+xml", URL: s.home[slug], Now: s.now})
	if err != nil {
		s.t.Fatalf("read %s: %v", slug, err)
	}
	for i := range doc.Items {
		doc.Items[i].Source = slug
	}
	return doc
}

// poll stores what a poll an hour later finds.
func (s *shelf) poll(slug string, entries ...entry) caravan.PollReport {
	s.t.Helper()
	s.now = s.now.Add(time.Hour)
	doc := s.read(slug, entries...)
	source, err := s.Source(s.t.Context(), slug)
	if err != nil {
		s.t.Fatal(err)
	}
	state := source.State
	if state.FirstPoll.IsZero() {
		state.FirstPoll = s.now
	}
	report, err := s.SavePoll(s.t.Context(), caravan.PollResult{
		Claim: caravan.Claim{Source: source, Host: source.URL}, Started: s.now, Status: 200, FinalURL: source.URL, Document: &doc, State: state,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

// expect polls and compares what the poll changed.
func (s *shelf) expect(what string, fresh, changed int, slug string, entries ...entry) {
	s.t.Helper()
	r := s.poll(slug, entries...)
	if r.New != fresh || r.Changed != changed {
		s.t.Errorf("%s: %d new, %d changed; want %d new, %d changed", what, r.New, r.Changed, fresh, changed)
	}
}

// all returns every item that is shown.
func (s *shelf) all() []caravan.Item {
	s.t.Helper()
	var list []caravan.Item
	for cursor := ""; ; {
		page, err := s.Items(context.Background(), caravan.Filter{}, cursor, 100)
		if err != nil {
			s.t.Fatal(err)
		}
		list = append(list, page.Items...)
		if cursor = page.Next; cursor == "" {
			return list
		}
	}
}

// stories returns the ids of the stories of all items, with their members.
func (s *shelf) stories() map[string][]string {
	s.t.Helper()
	members := map[string][]string{}
	for _, item := range s.all() {
		st, err := s.StoryOf(context.Background(), item.ID)
		if err != nil {
			s.t.Fatalf("story of %q: %v", item.Title, err)
		}
		members[st.ID] = append(members[st.ID], item.ID)
	}
	return members
}

// prose returns n words that say nothing, others for another seed.
func prose(seed uint64, n int) string {
	vocabulary := strings.Fields(`city people service river garden council library budget question answer morning neighbours
		children school street market hospital teacher letter window water bridge forest harbour winter bread paper
		work team meeting plan idea change test learn build write read open share visit listen reply simple public
		small large new old quiet early often never always together around between after before without against`)
	random := rand.New(rand.NewPCG(seed, 7))
	list := make([]string, n)
	for i := range list {
		list[i] = vocabulary[random.IntN(len(vocabulary))]
	}
	return strings.Join(list, " ")
}

// posts returns n unlike posts, one a day, under GUIDs and links of their own.
func posts(n int) []entry {
	list := make([]entry, n)
	for i := range list {
		list[i] = entry{
			guid: fmt.Sprintf("tag:old,%d", i), link: fmt.Sprintf("https://old.example/post/%d", i),
			title: "On " + prose(uint64(100+i), 4), html: "<p>" + prose(uint64(i), 90) + "</p>",
			date: time.Date(2026, 11, 1+i, 9, 0, 0, 0, time.UTC),
		}
	}
	return list
}

// each returns entries changed by change.
func each(entries []entry, change func(i int, e *entry)) []entry {
	list := append([]entry(nil), entries...)
	for i := range list {
		change(i, &list[i])
	}
	return list
}
