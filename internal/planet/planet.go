// Package planet is a small planet in memory: a store and an index over the
// demo's sample articles and a few awkward ones, for tests of the pages. Its
// sources stand in every state there is. It follows the rules of order of the
// real store, and none of its speed; whole ways are tested with the real ones.
package planet

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/mmcdole/gofeed"

	"caravan"
	"caravan/internal/publisher"
)

// A Planet is the store and the index. It is safe for concurrent use; change
// its exported fields before it is asked anything.
type Planet struct {
	List    caravan.ListState
	Folders []caravan.Community
	Feeds   []caravan.Source
	Err     error // what every call fails with

	mu      sync.Mutex
	stories []caravan.Story // newest first
	version int64
}

// Empty returns a planet whose sources have not been read yet.
func Empty(now time.Time) (*Planet, error) {
	p, err := New(now)
	if err != nil {
		return nil, err
	}
	p.stories = nil
	for i := range p.Feeds {
		s := &p.Feeds[i]
		s.Items, s.Newest, s.State = 0, time.Time{}, caravan.PollState{NextPoll: now}
	}
	for i := range p.Folders {
		p.Folders[i].Items, p.Folders[i].Newest = 0, time.Time{}
	}
	return p, nil
}

// New returns the planet as it stands at now.
func New(now time.Time) (*Planet, error) {
	p, err := read(now)
	if err != nil {
		return nil, err
	}
	p.awkward(now)
	p.finish(now)
	return p, nil
}

// Sample returns the planet without its awkward articles: what the demo shows,
// with sources in every state.
func Sample(now time.Time) (*Planet, error) {
	p, err := read(now)
	if err != nil {
		return nil, err
	}
	p.finish(now)
	return p, nil
}

// read returns a planet of the sample's articles.
func read(now time.Time) (*Planet, error) {
	p := &Planet{version: 1}
	p.List = caravan.ListState{Title: "A sample of caravan", AppliedAt: now.Add(-26 * time.Hour), ReadAt: now.Add(-26 * time.Hour)}
	feeds, err := publisher.Sample(now)
	if err != nil {
		return nil, err
	}
	for _, feed := range feeds {
		if err := p.read(feed, now); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// finish puts everything in its order and state.
func (p *Planet) finish(now time.Time) {
	slices.SortStableFunc(p.stories, func(a, b caravan.Story) int {
		return cmp.Or(b.SortAt.Compare(a.SortAt), cmp.Compare(b.ID, a.ID))
	})
	p.states(now)
	p.count()
	p.link()
}

// source adds a source to a community, which it makes if it is not there.
func (p *Planet) source(community, title, language, site string, now time.Time) *caravan.Source {
	ref := caravan.CommunityRef{Slug: caravan.Slug(community, "c"), Title: community}
	if !slices.ContainsFunc(p.Folders, func(c caravan.Community) bool { return c.Slug == ref.Slug }) {
		n := len(p.Folders)
		p.Folders = append(p.Folders, caravan.Community{
			Slug: ref.Slug, Title: community, SiteURL: site, Glyph: (n*7 + 3) % 24, Hue: (n*3 + 1) % 10, Order: n,
		})
	}
	address := strings.TrimSuffix(site, "/") + "/" + caravan.Slug(title, "s") + "/feed"
	p.Feeds = append(p.Feeds, caravan.Source{
		Slug: caravan.Slug(title, "s"), URL: address, ListURL: address, FirstURL: address, Title: title, SiteURL: site,
		Language: language, Communities: []caravan.CommunityRef{ref}, Listed: true, FirstSeen: now.AddDate(-1, 0, 0),
		Feed: caravan.FeedInfo{Format: "rss 2.0", Link: site},
		State: caravan.PollState{
			FirstPoll: now.AddDate(-1, 0, 0), LastPoll: now.Add(-3 * time.Minute), LastSuccess: now.Add(-3 * time.Minute),
			NextPoll: now.Add(57 * time.Minute), Status: 200, Rhythm: 5 * 24 * time.Hour,
		},
	})
	return &p.Feeds[len(p.Feeds)-1]
}

// read adds the articles of one feed of the sample; one that gofeed cannot read
// gives a source without articles.
func (p *Planet) read(feed publisher.Feed, now time.Time) error {
	s := *p.source(feed.Community, feed.Title, feed.Language, feed.SiteURL, now)
	if feed.Body == nil {
		return nil // missing on purpose
	}
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(bytes.ToValidUTF8(feed.Body(), []byte("?"))))
	if err != nil {
		return nil // spoiled on purpose
	}
	for _, entry := range parsed.Items {
		if entry.PublishedParsed == nil {
			return fmt.Errorf("sample article %q has no date", entry.Title)
		}
		html := cmp.Or(entry.Content, entry.Description)
		item := caravan.Item{
			Title: entry.Title, Link: entry.Link, Content: html, Language: feed.Language, Tags: entry.Categories,
			Published: *entry.PublishedParsed, Full: true,
		}
		for _, a := range entry.Authors {
			item.Authors = append(item.Authors, a.Name)
		}
		p.add(s, item)
	}
	return nil
}

// plainText takes the tags off simple HTML.
func plainText(html string) string {
	var b strings.Builder
	for len(html) > 0 {
		before, after, found := strings.Cut(html, "<")
		b.WriteString(before)
		if !found {
			break
		}
		_, html, _ = strings.Cut(after, ">")
		b.WriteByte(' ')
	}
	text := strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(b.String())
	return strings.Join(strings.Fields(text), " ")
}

// add stores an item of a source; one whose link is there already becomes a
// further place of that story.
func (p *Planet) add(s caravan.Source, item caravan.Item) {
	item.Source = s.Slug
	item.Text = plainText(item.Content)
	item.Words = len(strings.Fields(item.Text))
	if item.Summary == "" {
		item.Summary = cut(item.Text, 300)
	}
	item.ID = caravan.PublicID(s.FirstURL, cmp.Or(item.Link, item.Title, item.Text))
	item.FeedID, item.Visibility = cmp.Or(item.Link, "urn:x-test:"+item.ID), caravan.Shown
	if item.FirstSeen.IsZero() {
		item.FirstSeen = item.Published.Add(6 * time.Minute)
	}
	item.SortAt = item.Published
	if item.Changed.IsZero() {
		item.Changed = item.FirstSeen
	}
	if item.SortAt.IsZero() || item.FirstSeen.Before(item.SortAt) {
		item.SortAt = item.FirstSeen
	}
	if item.Undated {
		item.SortAt = time.Unix(0, 0).UTC()
	}
	item.Place = item.FirstSeen.UnixMicro()
	for i := range p.stories {
		story := &p.stories[i]
		if item.Link != "" && story.Head.Link == item.Link {
			story.AlsoAt = append(story.AlsoAt, caravan.Appearance{
				ItemID: item.ID, Source: s.Slug, Title: s.Title, URL: item.Link + "?again", Language: item.Language, Community: s.Communities[0],
			})
			story.Communities = append(story.Communities, s.Communities...)
			return
		}
	}
	p.stories = append(p.stories, caravan.Story{
		ID: item.ID, FeedID: item.FeedID, Place: item.Place, SortAt: item.SortAt, Head: item, Source: s,
		Communities: slices.Clone(s.Communities), Updated: item.Changed,
	})
}

// cut shortens a text to about n bytes at the end of a word.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return text[:strings.LastIndexByte(text[:n], ' ')] + " …"
}

// count fills in how many items communities and sources have.
func (p *Planet) count() {
	for _, story := range p.stories {
		for i := range p.Feeds {
			if f := &p.Feeds[i]; f.Slug == story.Source.Slug {
				f.Items++
				f.Newest = later(f.Newest, story.SortAt)
			}
		}
		for i := range p.Folders {
			if c := &p.Folders[i]; hasCommunity(story, c.Slug) {
				c.Items++
				c.Newest = later(c.Newest, story.SortAt)
			}
		}
	}
	for i := range p.Folders {
		for _, s := range p.Feeds {
			if s.Communities[0].Slug == p.Folders[i].Slug {
				p.Folders[i].Sources++
			}
		}
	}
	for i := range p.stories {
		for _, s := range p.Feeds {
			if s.Slug == p.stories[i].Source.Slug {
				p.stories[i].Source = s
			}
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func hasCommunity(s caravan.Story, slug string) bool {
	return slices.ContainsFunc(s.Communities, func(c caravan.CommunityRef) bool { return c.Slug == slug })
}

// Touch changes the planet's version, as a write does.
func (p *Planet) Touch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.version++
}

// AllStories returns every story, newest first.
func (p *Planet) AllStories() []caravan.Story { return p.matching(caravan.Filter{}) }

// matching returns the stories that a filter leaves, newest first.
func (p *Planet) matching(f caravan.Filter) []caravan.Story {
	has := func(values []string, ok func(string) bool) bool {
		return len(values) == 0 || slices.ContainsFunc(values, ok)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []caravan.Story
	for _, s := range p.stories {
		if s.Head.Undated && len(f.Sources) == 0 {
			continue
		}
		if has(f.Communities, func(v string) bool { return hasCommunity(s, v) }) &&
			has(f.Sources, func(v string) bool { return s.Source.Slug == v }) &&
			has(f.Languages, func(v string) bool { return s.Head.Language == v }) &&
			has(f.Tags, func(v string) bool { return slices.Contains(s.Head.Tags, v) }) &&
			(f.After.IsZero() || !s.SortAt.Before(f.After)) && (f.Before.IsZero() || s.SortAt.Before(f.Before)) {
			out = append(out, s)
		}
	}
	return out
}

// Stories pages through the stories of a filter; cursors are positions.
func (p *Planet) Stories(_ context.Context, f caravan.Filter, cursor string, limit int) (caravan.StoryPage, error) {
	all, from := p.matching(f), 0
	if cursor != "" {
		if _, err := fmt.Sscan(cursor, &from); err != nil || from < 0 || from > len(all) {
			return caravan.StoryPage{}, fmt.Errorf("cursor %q: %w", cursor, caravan.ErrInvalid)
		}
	}
	to := min(len(all), from+limit)
	page := caravan.StoryPage{Stories: all[from:to]}
	if to < len(all) {
		page.Next = fmt.Sprint(to)
	}
	if from > 0 {
		page.Prev = fmt.Sprint(max(0, from-limit))
	}
	return page, p.Err
}

// StoriesByID returns stories in the order asked, missing ones left out.
func (p *Planet) StoriesByID(_ context.Context, ids []string) ([]caravan.Story, error) {
	var out []caravan.Story
	for _, id := range ids {
		if s, ok := p.story(id); ok {
			s.Head.Content, s.Head.Text = "", ""
			out = append(out, s)
		}
	}
	return out, p.Err
}

// story returns the story that has the item.
func (p *Planet) story(item string) (caravan.Story, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.stories {
		if s.ID == item || slices.ContainsFunc(s.AlsoAt, func(a caravan.Appearance) bool { return a.ItemID == item }) {
			return s, true
		}
	}
	return caravan.Story{}, false
}

// StoryOf returns the story of an item.
func (p *Planet) StoryOf(_ context.Context, id string) (caravan.Story, error) {
	s, ok := p.story(id)
	if !ok {
		return s, fmt.Errorf("story of %s: %w", id, caravan.ErrNotFound)
	}
	return s, p.Err
}

// Taken is the id of an item that was taken down.
const Taken = "aaaaaaaaaaaaaaaa"

// Item returns an item.
func (p *Planet) Item(_ context.Context, id string) (caravan.Item, error) {
	if id == Taken {
		return caravan.Item{}, &caravan.PublicError{Message: "This article was taken down at its author's wish.", Err: caravan.ErrGone}
	}
	s, ok := p.story(id)
	if !ok {
		return caravan.Item{}, fmt.Errorf("item %s: %w", id, caravan.ErrNotFound)
	}
	return s.Head, p.Err
}

// Items pages through items.
func (p *Planet) Items(ctx context.Context, f caravan.Filter, cursor string, limit int) (caravan.ItemPage, error) {
	stories, err := p.Stories(ctx, f, cursor, limit)
	page := caravan.ItemPage{Next: stories.Next}
	for _, s := range stories.Stories {
		page.Items = append(page.Items, s.Head)
	}
	return page, err
}

// Activity counts stories by day.
func (p *Planet) Activity(_ context.Context, f caravan.Filter, since time.Time) ([]caravan.DayCount, error) {
	count := map[time.Time]int{}
	for _, s := range p.matching(f) {
		if !s.SortAt.Before(since) {
			count[s.SortAt.UTC().Truncate(24*time.Hour)]++
		}
	}
	var out []caravan.DayCount
	for day, n := range count {
		out = append(out, caravan.DayCount{Day: day, Count: n})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Day.Before(out[j].Day) })
	return out, p.Err
}

// Oldest returns the date of the oldest story.
func (p *Planet) Oldest(context.Context) (time.Time, error) {
	var oldest time.Time
	for _, s := range p.matching(caravan.Filter{}) {
		if oldest.IsZero() || s.SortAt.Before(oldest) {
			oldest = s.SortAt
		}
	}
	return oldest, p.Err
}

// ListState returns the state of the list.
func (p *Planet) ListState(context.Context) (caravan.ListState, error) { return p.List, p.Err }

// Communities returns the communities.
func (p *Planet) Communities(context.Context) ([]caravan.Community, error) { return p.Folders, p.Err }

// Sources returns the sources.
func (p *Planet) Sources(context.Context) ([]caravan.Source, error) { return p.Feeds, p.Err }

// Community returns a community; "old-name" has moved to the first one.
func (p *Planet) Community(_ context.Context, slug string) (caravan.Community, error) {
	if slug == "old-name" {
		return caravan.Community{}, &caravan.MovedError{Slug: p.Folders[0].Slug}
	}
	for _, c := range p.Folders {
		if c.Slug == slug {
			return c, p.Err
		}
	}
	return caravan.Community{}, fmt.Errorf("community %s: %w", slug, caravan.ErrNotFound)
}

// Source returns a source.
func (p *Planet) Source(_ context.Context, slug string) (caravan.Source, error) {
	for _, s := range p.Feeds {
		if s.Slug == slug {
			return s, p.Err
		}
	}
	return caravan.Source{}, fmt.Errorf("source %s: %w", slug, caravan.ErrNotFound)
}

// Recoveries returns none: nothing of the planet was ever mended.
func (p *Planet) Recoveries(context.Context, time.Time) ([]caravan.Recovery, error) { return nil, nil }

// Polls returns the last polls of a source: the newest failed, the one before
// brought something, the others nothing.
func (p *Planet) Polls(ctx context.Context, slug string, limit int) ([]caravan.Poll, error) {
	s, err := p.Source(ctx, slug)
	if err != nil || s.State.LastPoll.IsZero() {
		return nil, err
	}
	polls := []caravan.Poll{{
		Source: slug, At: s.State.LastPoll, Took: 300 * time.Millisecond, Status: s.State.Status, Failure: s.State.Failure,
		Decision: "again in an hour: the usual wait",
	}}
	for i := 1; i < min(6, limit); i++ {
		poll := caravan.Poll{Source: slug, At: s.State.LastPoll.Add(-time.Duration(i) * time.Hour), Took: 200 * time.Millisecond, Status: 304, Decision: "again in an hour: the usual wait"}
		if i == 1 {
			poll.Status, poll.New, poll.Changed, poll.Bytes = 200, 2, 1, 40_000
		}
		polls = append(polls, poll)
	}
	return polls, p.Err
}

// LastChange returns the version.
func (p *Planet) LastChange(context.Context) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.version, p.Err
}

// WaitChange returns at once when the version is newer, else when ctx ends.
func (p *Planet) WaitChange(ctx context.Context, after int64) (int64, error) {
	if n, err := p.LastChange(ctx); n > after || err != nil {
		return n, err
	}
	<-ctx.Done()
	return after, ctx.Err()
}

// Feed returns stories by place.
func (p *Planet) Feed(_ context.Context, q caravan.FeedQuery) ([]caravan.Story, error) {
	var f caravan.Filter
	for value, to := range map[string]*[]string{q.Community: &f.Communities, q.Source: &f.Sources, q.Language: &f.Languages} {
		if value != "" {
			*to = []string{value}
		}
	}
	all := p.matching(f)
	return all[:min(len(all), q.Limit)], p.Err
}

// PlaceBefore finds nothing: this planet has no archive.
func (p *Planet) PlaceBefore(context.Context, caravan.Scope, int64) (int64, bool, error) {
	return 0, false, p.Err
}

// PlaceAfter finds nothing.
func (p *Planet) PlaceAfter(context.Context, caravan.Scope, int64) (int64, bool, error) {
	return 0, false, p.Err
}

// Tombstones returns none.
func (p *Planet) Tombstones(context.Context, caravan.Scope, time.Time) ([]caravan.Tombstone, error) {
	return nil, p.Err
}
