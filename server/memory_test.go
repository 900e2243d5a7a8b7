package server

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
)

// testNow is when the tests of this package take place.
var testNow = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// A memory is a Store and an Index in memory: small, and with the same rules of
// order. The tests of whole ways use the real ones.
type memory struct {
	mu          sync.Mutex
	change      int64
	list        caravan.ListState
	communities []caravan.Community
	sources     []caravan.Source
	stories     []caravan.Story
	gone        []caravan.Tombstone
	moved       map[string]string // old slugs
	takenDown   map[string]bool
	searched    []caravan.SearchRequest
	err         error // what every call fails with
}

// newMemory returns a planet of two communities with three sources and n
// stories, an hour apart, the newest one hour old.
func newMemory(n int) *memory {
	m := &memory{
		change: 1, moved: map[string]string{}, takenDown: map[string]bool{},
		list: caravan.ListState{Title: "Public innovators", AppliedAt: testNow.AddDate(0, -1, 0)},
	}
	labs := caravan.CommunityRef{Slug: "labs", Title: "Labs & more"}
	cities := caravan.CommunityRef{Slug: "cities", Title: "Cities"}
	m.communities = []caravan.Community{
		{Slug: "labs", Title: "Labs & more", SiteURL: "https://labs.example/", Sources: 2},
		{Slug: "cities", Title: "Cities", Sources: 2, Publications: []caravan.Publication{{Title: "Gazette", SiteURL: "https://gazette.example/"}}},
	}
	for i, name := range []string{"alpha", "beta", "gamma"} {
		src := caravan.Source{
			Slug: name, Title: strings.ToUpper(name[:1]) + name[1:], URL: "https://" + name + ".example/feed", ListURL: "https://" + name + ".example/feed",
			SiteURL: "https://" + name + ".example/", Language: "en", Listed: true, FirstSeen: testNow.AddDate(0, -1, 0),
			Communities: [][]caravan.CommunityRef{{labs}, {labs, cities}, {cities}}[i],
		}
		m.sources = append(m.sources, src)
	}
	for i := range n {
		m.add(m.sources[i%len(m.sources)], testNow.Add(-time.Duration(n-i)*time.Hour))
	}
	return m
}

// add stores a story that source published at a moment, as a poll brought it
// ten minutes later.
func (m *memory) add(source caravan.Source, at time.Time) caravan.Story {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.stories) + 1
	link := fmt.Sprintf("https://%s.example/posts/%d", source.Slug, n)
	item := caravan.Item{
		ID: caravan.PublicID(source.URL, link), FeedID: link, Source: source.Slug, GUID: link, Link: link,
		Title: fmt.Sprintf("Post %d of %s", n, source.Title), Authors: []string{"Ada Núñez"}, Tags: []string{"labs"},
		Language: []string{"en", "fr"}[n%2], Summary: "What post " + fmt.Sprint(n) + " is about.",
		Content: fmt.Sprintf("<p>The words of post %d &amp; more.</p>", n), Visibility: caravan.Shown,
		Published: at, FirstSeen: at.Add(10 * time.Minute), SortAt: at, Changed: at.Add(10 * time.Minute), Place: at.Add(10 * time.Minute).UnixMicro(),
	}
	st := caravan.Story{
		ID: item.ID, FeedID: item.FeedID, Place: item.Place, SortAt: at, Head: item, Source: source,
		Communities: source.Communities, Updated: item.Changed,
	}
	m.stories = append(m.stories, st)
	m.change++
	return st
}

// edit changes the story at an index.
func (m *memory) edit(i int, change func(*caravan.Story)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.stories[i])
	m.change++
}

// remove hides a story and leaves a tombstone.
func (m *memory) remove(i int) caravan.Story {
	m.mu.Lock()
	defer m.mu.Unlock()
	st := m.stories[i]
	m.stories = slices.Delete(m.stories, i, i+1)
	m.gone = append(m.gone, caravan.Tombstone{FeedID: st.FeedID, When: testNow})
	m.takenDown[st.ID] = true
	m.change++
	return st
}

func (m *memory) ListState(context.Context) (caravan.ListState, error) { return m.list, m.err }
func (m *memory) Communities(context.Context) ([]caravan.Community, error) {
	return m.communities, m.err
}
func (m *memory) Sources(context.Context) ([]caravan.Source, error)                 { return m.sources, m.err }
func (m *memory) Recoveries(context.Context, time.Time) ([]caravan.Recovery, error) { return nil, nil }

func (m *memory) Polls(context.Context, string, int) ([]caravan.Poll, error) {
	return nil, m.err
}

func (m *memory) Community(_ context.Context, slug string) (caravan.Community, error) {
	for _, c := range m.communities {
		if c.Slug == slug {
			return c, m.err
		}
	}
	return caravan.Community{}, m.missing(slug)
}

func (m *memory) Source(_ context.Context, slug string) (caravan.Source, error) {
	for _, s := range m.sources {
		if s.Slug == slug {
			return s, m.err
		}
	}
	return caravan.Source{}, m.missing(slug)
}

// missing is the error for a slug that is not there.
func (m *memory) missing(slug string) error {
	if to := m.moved[slug]; to != "" {
		return fmt.Errorf("look up %s: %w", slug, &caravan.MovedError{Slug: to})
	}
	return fmt.Errorf("look up %s: %w", slug, caravan.ErrNotFound)
}

// in reports whether st lies in scope.
func in(st caravan.Story, s caravan.Scope) bool {
	community := s.Community == "" || slices.ContainsFunc(st.Communities, func(c caravan.CommunityRef) bool { return c.Slug == s.Community })
	return community && (s.Source == "" || st.Source.Slug == s.Source) && (s.Language == "" || st.Head.Language == s.Language)
}

// placed returns the stories of a scope by place, newest first.
func (m *memory) placed(s caravan.Scope, from, to int64) []caravan.Story {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []caravan.Story
	for _, st := range m.stories {
		if in(st, s) && st.Place >= from && (to == 0 || st.Place < to) {
			out = append(out, st)
		}
	}
	slices.SortFunc(out, func(a, b caravan.Story) int { return cmp.Compare(b.Place, a.Place) })
	return out
}

func (m *memory) Feed(_ context.Context, q caravan.FeedQuery) ([]caravan.Story, error) {
	all := m.placed(q.Scope, q.From, q.To)
	var out, left []caravan.Story
	count := map[string]int{}
	for _, st := range all {
		if !q.Content {
			st.Head.Content = ""
		}
		if q.Fair && count[st.Source.Slug] >= q.Limit/4 {
			left = append(left, st)
		} else if len(out) < q.Limit {
			out = append(out, st)
			count[st.Source.Slug]++
		}
	}
	out = append(out, left[:min(len(left), q.Limit-len(out))]...)
	slices.SortFunc(out, func(a, b caravan.Story) int { return cmp.Compare(b.Place, a.Place) })
	return out, m.err
}

func (m *memory) PlaceBefore(_ context.Context, s caravan.Scope, place int64) (int64, bool, error) {
	all := m.placed(s, 0, place)
	if len(all) == 0 {
		return 0, false, m.err
	}
	return all[0].Place, true, m.err
}

func (m *memory) PlaceAfter(_ context.Context, s caravan.Scope, place int64) (int64, bool, error) {
	all := m.placed(s, place+1, 0)
	if len(all) == 0 {
		return 0, false, m.err
	}
	return all[len(all)-1].Place, true, m.err
}

func (m *memory) Tombstones(_ context.Context, _ caravan.Scope, since time.Time) ([]caravan.Tombstone, error) {
	var out []caravan.Tombstone
	for _, t := range m.gone {
		if !t.When.Before(since) {
			out = append(out, t)
		}
	}
	return out, m.err
}

func (m *memory) LastChange(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.change, m.err
}

func (m *memory) WaitChange(ctx context.Context, after int64) (int64, error) {
	if n, err := m.LastChange(ctx); n > after || err != nil {
		return n, err
	}
	<-ctx.Done()
	return after, ctx.Err()
}

// filtered returns the stories that match f by date, newest first.
func (m *memory) filtered(f caravan.Filter) []caravan.Story {
	match := func(values []string, has func(string) bool) bool {
		return len(values) == 0 || slices.ContainsFunc(values, has)
	}
	var out []caravan.Story
	for _, st := range m.placed(caravan.Scope{}, 0, 0) {
		ok := match(f.Communities, func(v string) bool { return in(st, caravan.Scope{Community: v}) }) &&
			match(f.Sources, func(v string) bool { return st.Source.Slug == v }) &&
			match(f.Languages, func(v string) bool { return st.Head.Language == v }) &&
			match(f.Tags, func(v string) bool { return slices.Contains(st.Head.Tags, v) }) &&
			(f.After.IsZero() || !st.SortAt.Before(f.After)) && (f.Before.IsZero() || st.SortAt.Before(f.Before))
		if ok {
			out = append(out, st)
		}
	}
	slices.SortFunc(out, bySecond)
	return out
}

func (m *memory) Stories(_ context.Context, f caravan.Filter, _ string, limit int) (caravan.StoryPage, error) {
	all := m.filtered(f)
	return caravan.StoryPage{Stories: all[:min(limit, len(all))]}, m.err
}

func (m *memory) StoriesByID(_ context.Context, ids []string) ([]caravan.Story, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	byID := map[string]caravan.Story{}
	for _, st := range m.stories {
		st.Head.Content = ""
		byID[st.ID] = st
	}
	var out []caravan.Story
	for _, id := range ids {
		if st, ok := byID[id]; ok {
			out = append(out, st)
		}
	}
	return out, m.err
}

func (m *memory) StoryOf(_ context.Context, id string) (caravan.Story, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.stories, func(st caravan.Story) bool { return st.Head.ID == id })
	if i < 0 {
		return caravan.Story{}, caravan.ErrNotFound
	}
	return m.stories[i], m.err
}

func (m *memory) Items(_ context.Context, f caravan.Filter, cursor string, limit int) (caravan.ItemPage, error) {
	all, start := m.filtered(f), 0
	if cursor != "" {
		fmt.Sscan(cursor, &start)
	}
	var page caravan.ItemPage
	for _, st := range all[min(start, len(all)):min(start+limit, len(all))] {
		page.Items = append(page.Items, st.Head)
	}
	if start+limit < len(all) {
		page.Next = fmt.Sprint(start + limit)
	}
	return page, m.err
}

func (m *memory) Item(ctx context.Context, id string) (caravan.Item, error) {
	if st, err := m.StoryOf(ctx, id); err == nil {
		return st.Head, m.err
	}
	if m.takenDown[id] {
		return caravan.Item{}, &caravan.PublicError{Message: "This article was taken down.", Err: caravan.ErrGone}
	}
	return caravan.Item{}, caravan.ErrNotFound
}

func (m *memory) Activity(context.Context, caravan.Filter, time.Time) ([]caravan.DayCount, error) {
	return nil, m.err
}

func (m *memory) Oldest(context.Context) (time.Time, error) { return time.Time{}, m.err }

func (m *memory) MostLinked(context.Context, caravan.Filter, time.Time, time.Time, int) ([]caravan.Story, error) {
	return nil, m.err
}

func (m *memory) LinksTo(context.Context, string, int) ([]caravan.Story, error) { return nil, m.err }

func (m *memory) Revisions(context.Context, string) ([]caravan.Revision, error) { return nil, m.err }

// Search finds the stories whose title or content has every word of the query.
func (m *memory) Search(_ context.Context, r caravan.SearchRequest) (caravan.SearchResult, error) {
	m.mu.Lock()
	m.searched = append(m.searched, r)
	m.mu.Unlock()
	if r.Query == `"open` {
		return caravan.SearchResult{}, fmt.Errorf("parse: %w", &caravan.QueryError{Query: r.Query, Position: 0, Message: "This quote is not closed.", Repairs: []string{"open"}})
	}
	var hits []caravan.Hit
	for _, st := range m.filtered(r.Filter) {
		text := strings.ToLower(st.Head.Title + " " + st.Head.Content)
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(r.Query)), func(w string) bool { return !strings.Contains(text, w) }) {
			hits = append(hits, caravan.Hit{Story: st.ID, Item: st.Head.ID, Score: 1, Snippet: []caravan.Fragment{{Text: "The "}, {Text: "words", Hit: true}}})
		}
	}
	from := min((r.Page-1)*r.Limit, len(hits))
	return caravan.SearchResult{
		Query: r.Query, Total: len(hits), Hits: hits[from:min(from+r.Limit, len(hits))], At: "list1",
		Facets: caravan.Facets{Community: []caravan.FacetValue{{Value: "labs", Count: len(hits)}}, Language: []caravan.FacetValue{{Value: "fr", Count: 1}}},
	}, m.err
}

// serverOf returns a server of m with a fixed clock.
func serverOf(t testing.TB, m *memory, change ...func(*Config)) *Server {
	t.Helper()
	c := Config{
		Store: m, Index: m, BaseURL: "https://planet.example", Version: "1.2.3",
		Now: func() time.Time { return testNow },
	}
	for _, f := range change {
		f(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
