package page

import (
	"sort"
	"time"

	"caravan"
)

// CommunityInput is what a community's page is made from.
type CommunityInput struct {
	Community caravan.Community
	Page      caravan.StoryPage
	Cursor    string
	Sources   []caravan.Source // its own
	Activity  []caravan.DayCount
}

// A Community is the page of a community.
type Community struct {
	Frame
	Name         string
	Mark         *Mark
	About        string
	Facts        string
	Web          *Link
	Chart        *Chart
	Heading      string
	Items        []Item
	Newer, Older string
	Sources      []SourceLine
	Publications []Link
	Subscribe    []Feed
	SubscribeTo  string
	Month        *Link // its digest of this month
	Tags         []Link
}

// A Chart is the activity of 24 months.
type Chart struct {
	Caption string
	Path    string
	Hue     string
	Axis    []string
	Months  []string
}

// A SourceLine is a source in a short list.
type SourceLine struct {
	Link
	State    State
	Sentence string
	Note     string
}

// A State is the state of a source as it is drawn: a shape, a class and a word.
type State struct {
	Shape string // symbol and class
	Word  string
}

// chartMonths is how far back the activity of a community is drawn.
const chartMonths = 24

// Community makes a community's page.
func (c Context) Community(in CommunityInput) Community {
	b := c.builder()
	l, path := c.Lang, "/c/"+in.Community.Slug
	v := Community{
		Name: in.Community.Title, Mark: b.mark(in.Community.Slug), Facts: b.communityFacts(in),
		Chart: b.chart(in.Activity, in.Community), Heading: l.T("community.newest"),
		SubscribeTo: l.T("community.subscribe", in.Community.Title),
	}
	if href := safeURL(in.Community.SiteURL); href != "" {
		v.Web = &Link{Text: host(href), Href: href}
	}
	if len(in.Sources) == 1 {
		v.About = in.Sources[0].Description
		if v.About == "" {
			v.About = in.Sources[0].Feed.Description
		}
	}
	how := listing{when: b.date, noName: true}
	for _, s := range in.Page.Stories {
		v.Items = append(v.Items, b.item(s, how))
	}
	v.Newer, v.Older = b.turn(path, in.Page, in.Cursor)
	for _, s := range in.Sources {
		v.Sources = append(v.Sources, b.sourceLine(s))
	}
	for _, p := range in.Community.Publications {
		v.Publications = append(v.Publications, Link{Text: p.Title, Href: safeURL(p.SiteURL)})
	}
	v.Tags = b.commonTags(in.Page.Stories, 8)
	if in.Community.Sources > 0 {
		v.Subscribe = b.feeds(path, nil, in.Community.Title)
		v.Subscribe = append(v.Subscribe, Feed{Name: "OPML", Href: c.Root + path + "/feeds.opml", Shown: c.shown(c.Root + path + "/feeds.opml"), CopyAlt: l.T("frame.copy-feed", "OPML")})
	}
	if len(in.Page.Stories) > 0 {
		v.Month = &Link{Text: l.T("digest.heading-month-at", in.Community.Title), Href: b.href(path+"/digest/"+Month(c.Now.In(c.Zone)).Name, nil)}
	}
	v.Frame = b.frame(in.Community.Title+", "+c.Site.Title, path)
	v.Description = l.T("community.description", in.Community.Title)
	if len(v.Subscribe) > 0 {
		v.Frame.Feeds = append(v.Subscribe[:3:3], v.Frame.Feeds...)
	}
	v.NoIndex = in.Cursor != ""
	return v
}

// turn are the addresses of the pages before and after one of a list under path.
func (b *builder) turn(path string, page caravan.StoryPage, cursor string) (newer, older string) {
	if page.Next != "" {
		older = b.href(path, with(nil, "cursor", page.Next))
	}
	switch {
	case page.Prev != "":
		newer = b.href(path, with(nil, "cursor", page.Prev))
	case cursor != "":
		newer = b.href(path, nil)
	}
	return newer, older
}

// communityFacts says in a sentence or two what a community has here.
func (b *builder) communityFacts(in CommunityInput) string {
	l, n := b.Lang, in.Community.Items
	if n == 0 {
		if in.Community.Sources == 0 {
			return l.T("community.no-feed")
		}
		return l.T("community.none-yet")
	}
	facts := l.T("community.facts", n, sum(daily(in.Activity, b.Now, 30)))
	if gone, since := allGone(in.Sources, b.Now); gone {
		facts += " " + l.T("community.stopped", l.Date(since.In(b.Zone)))
	}
	return facts
}

// allGone reports whether every source is gone, and since when the last is.
func allGone(sources []caravan.Source, now time.Time) (gone bool, since time.Time) {
	for _, s := range sources {
		st := SourceStatus(s, now)
		if st.Code != StatusGone {
			return false, time.Time{}
		}
		if st.Since.After(since) {
			since = st.Since
		}
	}
	return len(sources) > 0, since
}

// chart draws the months, from the first that has something on.
func (b *builder) chart(counts []caravan.DayCount, community caravan.Community) *Chart {
	bars := monthly(counts, b.Now, chartMonths)
	start := 0
	for start < len(bars) && bars[start] == 0 {
		start++
	}
	if start >= len(bars)-1 {
		return nil
	}
	start = start / 6 * 6 // the axis has a label every six months
	bars = bars[start:]
	mark, _ := markOf(community)
	c := &Chart{Path: columns(bars), Hue: mark.Hue}
	n := b.Now.UTC()
	month := func(i int) time.Time {
		return time.Date(n.Year(), n.Month()-time.Month(len(bars)-1-i), 1, 0, 0, 0, 0, time.UTC)
	}
	least, best := bars[0], 0
	for i, count := range bars {
		if i%6 == 0 {
			c.Axis = append(c.Axis, b.Lang.ShortMonth(month(i)))
		}
		c.Months = append(c.Months, b.Lang.T("community.month-count", b.Lang.ShortMonth(month(i)), count))
		least = min(least, count)
		if count > bars[best] {
			best = i
		}
	}
	c.Caption = b.Lang.T("community.chart", len(bars), least, bars[best], b.Lang.Month(month(best)))
	return c
}

// Width is the width of the drawing in its own units.
func (c *Chart) Width() int { return 10 * len(c.Months) }

// Columns is how many labels the axis has.
func (c *Chart) Columns() int { return len(c.Axis) }

// state draws the state of a source.
func (b *builder) state(st Status) State {
	shape := st.Shape()
	b.use(Symbol{ID: "s-" + shape, Path: states[shape]})
	return State{Shape: shape, Word: st.Word(b.Lang)}
}

// sourceLine is a source as a community lists it.
func (b *builder) sourceLine(s caravan.Source) SourceLine {
	st := SourceStatus(s, b.Now)
	line := SourceLine{Link: b.sourceLink(s), State: b.state(st), Note: b.Lang.T("community.source-items", s.Items)}
	if st.Code == StatusFresh && !s.State.LastPoll.IsZero() {
		line.Sentence = b.Lang.T("community.polled", b.Lang.Ago(s.State.LastPoll, b.Now))
	} else {
		line.Sentence = st.Gist(b.Lang)
	}
	return line
}

// commonTags are the n tags that most of the stories have, by count, then in
// order of appearance.
func (b *builder) commonTags(stories []caravan.Story, n int) []Link {
	count := map[string]int{}
	language := map[string]string{}
	var order []string
	for _, s := range stories {
		for _, tag := range firstTags(s.Head.Tags, 20) {
			if count[tag] == 0 {
				order = append(order, tag)
				language[tag] = s.Head.Language
			}
			count[tag]++
		}
	}
	sort.SliceStable(order, func(i, j int) bool { return count[order[i]] > count[order[j]] })
	var links []Link
	for _, tag := range order[:min(n, len(order))] {
		lang, dir := attributes(language[tag], b.Lang)
		links = append(links, Link{Text: tag, Href: b.href("/search", with(nil, "tag", tag)), Lang: lang, Dir: dir})
	}
	return links
}
