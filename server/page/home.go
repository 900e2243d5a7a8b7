package page

import (
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// HomeInput is what the home page is made from.
type HomeInput struct {
	Page     caravan.StoryPage
	Filter   caravan.Filter
	Cursor   string // as asked for; empty on the newest page
	Sources  []caravan.Source
	Activity map[string][]caravan.DayCount // by community, the last 30 days
	Linked   []caravan.Story               // most linked of the last seven days
}

// A Home is the page of the newest stories by day.
type Home struct {
	Frame
	Heading       string
	Look          string // when sources were last polled
	Well          string // how many are well
	Care          *Link  // to those that are not
	Reading       string // sources still to be read for the first time
	Overdue       string // the schedule has fallen behind
	Chips         []Link
	MoreChips     []Link // communities beyond the most active
	AllChips      string // words that open them
	LanguageChips []Link
	Days          []Day
	Empty         *Empty
	Newer         string
	Older         string
	Subscribe     []Feed
	Who           []Who
	WhoMore       *Link
	Linked        []LinkedLine // most linked this week
}

// A Day is a day's stories.
type Day struct {
	ID      string
	Weekday string
	Date    string
	Note    string
	Items   []Item
}

// An Empty says that a filter leaves nothing, and what to do about it.
type Empty struct {
	Text  string
	Drop  []Link // the filter without one of its conditions
	Feeds []Feed
}

// A Who is a community in a list, with its last 30 days.
type Who struct {
	Link
	Spark string
	Hue   string
}

// chipsShown is how many communities stand as chips before the rest are folded
// away.
const chipsShown = 24

// whoShown is how many communities the side column lists.
const whoShown = 12

// Home makes the home page.
func (c Context) Home(in HomeInput) Home {
	b := c.builder()
	v := Home{Days: b.days(in.Page.Stories, in.Cursor != "", in.Page.Next != "")}
	query := values(in.Filter)
	v.Heading = b.homeHeading(in)
	b.health(&v, in.Sources)
	ranked := b.ranked(in.Activity)
	v.Chips, v.MoreChips = b.communityChips(query, ranked)
	v.AllChips = c.Lang.T("home.all-communities-n", len(c.Communities))
	v.LanguageChips = b.languageChips(query, in)
	if in.Page.Next != "" {
		v.Older = b.href("/", with(query, "cursor", in.Page.Next))
	}
	if in.Page.Prev != "" {
		v.Newer = b.href("/", with(query, "cursor", in.Page.Prev))
	} else if in.Cursor != "" {
		v.Newer = b.href("/", query)
	}
	path, feedQuery := feedPlace(in.Filter)
	title := b.filterTitle(in.Filter)
	v.Subscribe = b.feeds(path, feedQuery, title)
	opml := "/feeds.opml"
	if path != "" && !strings.HasPrefix(path, "/search") && !strings.HasPrefix(path, "/s/") {
		opml = path + opml
	}
	v.Subscribe = append(v.Subscribe, Feed{Name: "OPML", Href: b.Root + opml, Shown: c.Lang.T("home.opml"), CopyAlt: c.Lang.T("frame.copy-feed", "OPML")})
	v.Who = b.who(ranked, in.Activity)
	v.Linked = b.linkedLines(in.Linked)
	if len(ranked) > whoShown {
		v.WhoMore = &Link{Text: c.Lang.T("home.all-communities-n", len(c.Communities)), Href: b.href("/sources", nil) + "#communities"}
	}
	if len(in.Page.Stories) == 0 {
		v.Empty = b.emptyHome(in.Filter, path, feedQuery, title)
	}
	v.Frame = b.frame(c.Site.Title, "/")
	v.Frame.Title = plain(title)
	if c.Site.Title == c.Site.Name && in.Filter.Empty() {
		v.Frame.Title = plain(c.Lang.T("home.title", c.Site.Title))
	}
	v.Description = c.Lang.T("home.description")
	v.Frame.Feeds = append(v.Subscribe[:3:3], without(v.Frame.Feeds, v.Subscribe)...)
	v.NoIndex = in.Cursor != ""
	return v
}

// without leaves out the feeds that are in other already.
func without(feeds, other []Feed) []Feed {
	return slices.DeleteFunc(slices.Clone(feeds), func(f Feed) bool {
		return slices.ContainsFunc(other, func(o Feed) bool { return o.Href == f.Href })
	})
}

// feedPlace says under which path the feeds of a filter stand and with which
// query. One community or one source has feeds of its own; anything narrower is
// a search.
func feedPlace(f caravan.Filter) (path string, query url.Values) {
	rest := f
	switch {
	case len(f.Communities) == 1 && len(f.Sources) == 0:
		path, rest.Communities = "/c/"+url.PathEscape(f.Communities[0]), nil
	case len(f.Sources) == 1 && len(f.Communities) == 0:
		path, rest.Sources = "/s/"+url.PathEscape(f.Sources[0]), nil
	}
	languages := rest.Languages
	rest.Languages = nil
	if !rest.Empty() || len(languages) > 1 {
		return "/search", values(f)
	}
	rest.Languages = languages
	return path, values(rest)
}

// filterTitle names what a filter leaves: "Nesta, Português", or the planet.
func (b *builder) filterTitle(f caravan.Filter) string {
	if f.Empty() {
		return b.Site.Title
	}
	return strings.Join(b.filterNames(f), ", ") + ", " + b.Site.Title
}

// filterNames are the conditions of a filter as people name them.
func (b *builder) filterNames(f caravan.Filter) []string {
	var names []string
	for _, slug := range f.Communities {
		names = append(names, b.communityTitle(slug))
	}
	names = append(names, f.Sources...)
	for _, tag := range f.Languages {
		names = append(names, locale.Endonym(tag))
	}
	for _, tag := range f.Tags {
		names = append(names, "#"+tag)
	}
	if !f.After.IsZero() {
		names = append(names, b.Lang.T("home.after", b.Lang.Date(f.After)))
	}
	if !f.Before.IsZero() {
		names = append(names, b.Lang.T("home.before", b.Lang.Date(f.Before)))
	}
	return names
}

func (b *builder) communityTitle(slug string) string {
	if c, ok := b.bySlug[slug]; ok {
		return c.Title
	}
	return slug
}

// homeHeading is the sentence at the top: how much came, since when, from where.
func (b *builder) homeHeading(in HomeInput) string {
	stories, l := in.Page.Stories, b.Lang
	if len(stories) == 0 {
		if in.Filter.Empty() {
			return l.T("home.heading-none")
		}
		return l.T("home.heading-filter-none", strings.Join(b.filterNames(in.Filter), ", "))
	}
	dated := slices.DeleteFunc(slices.Clone(stories), undated)
	if len(dated) == 0 {
		return l.T("home.day-count", len(stories))
	}
	stories = dated
	last, first := stories[0].SortAt.In(b.Zone), stories[len(stories)-1].SortAt.In(b.Zone)
	if in.Cursor != "" {
		if day(last).Equal(day(first)) {
			return l.T("home.heading-day", b.date(last))
		}
		return l.T("home.heading-range", b.date(first), b.date(last))
	}
	communities, languages := map[string]bool{}, map[string]bool{}
	for _, s := range stories {
		if len(s.Communities) > 0 {
			communities[s.Communities[0].Slug] = true
		}
		if p := locale.Primary(s.Head.Language); p != "" {
			languages[p] = true
		}
	}
	since := b.since(first)
	if len(communities) < 2 || len(languages) < 2 {
		return l.T("home.heading-short", len(stories), since)
	}
	return l.T("home.heading", len(stories), since, len(communities), len(languages))
}

// since names the day of t so that a sentence can go on with it: the weekday
// within a week, else the date.
func (b *builder) since(t time.Time) string {
	now := b.Now.In(b.Zone)
	switch days := daysBetween(t, now); {
	case days <= 0:
		return b.Lang.T("time.today")
	case days == 1:
		return b.Lang.T("time.yesterday")
	case days < 7:
		return b.Lang.T("time.since-weekday", b.Lang.Weekday(t))
	}
	return b.Lang.T("time.since-date", b.date(t))
}

// health writes the lines under the heading.
func (b *builder) health(v *Home, sources []caravan.Source) {
	var last, due time.Time
	well, care, polled, unread := 0, 0, 0, 0
	for _, s := range sources {
		st := SourceStatus(s, b.Now)
		switch {
		case st.Care():
			care++
		case st.Well():
			well++
		}
		if s.State.LastPoll.After(last) {
			last = s.State.LastPoll
		}
		if s.State.LastPoll.IsZero() && !s.Settings.Paused {
			unread++
			continue
		}
		polled++
		if next := s.State.NextPoll; !next.IsZero() && !s.Settings.Paused && (due.IsZero() || next.Before(due)) {
			due = next
		}
	}
	l := b.Lang
	if !last.IsZero() {
		v.Look = l.T("home.look", l.Ago(last, b.Now))
	}
	if len(sources) > 0 {
		v.Well = l.T("home.well", well, len(sources))
	}
	if care > 0 {
		v.Care = &Link{Text: l.T("home.care", care), Href: b.href("/sources", nil) + "#care"}
	}
	if unread > 0 && polled > 0 {
		v.Reading = l.T("home.reading", unread)
	}
	if !due.IsZero() && b.Now.Sub(due) > time.Hour && b.Offline.IsZero() {
		v.Overdue = l.T("home.overdue", l.Length(b.Now.Sub(due)))
	}
}

// undated reports whether a story has no date: what it sorts by is a guess.
func undated(s caravan.Story) bool { return s.Head.Undated }

// days groups stories by their day; those without a date stand last. The last day is left uncounted when the
// list goes on, the first when the list has a page before, for then they are
// not whole.
func (b *builder) days(stories []caravan.Story, before, after bool) []Day {
	var days []Day
	today := day(b.Now.In(b.Zone))
	var current time.Time
	leads := leadsOf(stories, b.Zone)
	loose := Day{ID: "undated", Weekday: locale.Capital(b.Lang.T("item.undated"))}
	for _, s := range stories {
		if undated(s) {
			loose.Items = append(loose.Items, b.item(s, listing{}))
			continue
		}
		d := day(s.SortAt.In(b.Zone))
		if len(days) == 0 || !d.Equal(current) {
			current = d
			days = append(days, Day{ID: "d" + d.Format(time.DateOnly), Weekday: locale.Capital(b.Lang.Weekday(d)), Date: b.date(d)})
		}
		last := &days[len(days)-1]
		item := b.item(s, listing{when: locale.Clock})
		if leads[s.ID] {
			item.LinkedBy = b.Lang.T("item.linked-by", s.LinkedBy)
		}
		last.Items = append(last.Items, item)
		last.Note = ""
		switch daysBetween(d, today) {
		case 0:
			last.Note = locale.Capital(b.Lang.T("time.today"))
		case 1:
			last.Note = locale.Capital(b.Lang.T("time.yesterday"))
		}
	}
	for i := range days {
		if i == 0 && before || i == len(days)-1 && after {
			continue
		}
		if days[i].Note != "" {
			days[i].Note += ", "
		}
		days[i].Note += b.Lang.T("home.day-count", len(days[i].Items))
	}
	if len(loose.Items) > 0 {
		days = append(days, loose)
	}
	return days
}

// ranked are the communities, the most active of the last 30 days first; equal
// ones keep the list's order.
func (b *builder) ranked(activity map[string][]caravan.DayCount) []caravan.Community {
	ranked := slices.Clone(b.Communities)
	count := make(map[string]int, len(ranked))
	for slug, days := range activity {
		count[slug] = sum(daily(days, b.Now, 30))
	}
	sort.SliceStable(ranked, func(i, j int) bool { return count[ranked[i].Slug] > count[ranked[j].Slug] })
	return ranked
}

// communityChips are the filter by community, and those of it that are folded
// away because they are many.
func (b *builder) communityChips(query url.Values, ranked []caravan.Community) (chips, more []Link) {
	chips = []Link{{Text: b.Lang.T("home.all-communities"), Href: b.href("/", with(query, "community", "")), Current: len(query["community"]) == 0}}
	shown := map[string]bool{}
	if len(ranked) > chipsShown {
		for _, c := range ranked[:whoShown] {
			shown[c.Slug] = true
		}
		for _, slug := range query["community"] {
			shown[slug] = true
		}
	}
	for _, c := range b.Communities {
		chip := Link{
			Text: c.Title, Href: b.href("/", toggle(query, "community", c.Slug)),
			Current: contains(query["community"], c.Slug), Mark: b.mark(c.Slug),
		}
		if len(shown) > 0 && !shown[c.Slug] {
			more = append(more, chip)
			continue
		}
		chips = append(chips, chip)
	}
	return chips, more
}

// languageChips are the filter by language: those of the sources and of the
// stories on the page.
func (b *builder) languageChips(query url.Values, in HomeInput) []Link {
	weight := map[string]int{}
	for _, s := range in.Sources {
		if p := locale.Primary(s.Language); p != "" {
			weight[p] += s.Items + 1
		}
	}
	for _, s := range in.Page.Stories {
		if p := locale.Primary(s.Head.Language); p != "" {
			weight[p]++
		}
	}
	for _, p := range query["language"] {
		weight[p] += 0
	}
	tags := make([]string, 0, len(weight))
	for p := range weight {
		tags = append(tags, p)
	}
	sort.Slice(tags, func(i, j int) bool {
		if weight[tags[i]] != weight[tags[j]] {
			return weight[tags[i]] > weight[tags[j]]
		}
		return tags[i] < tags[j]
	})
	if len(tags) < 2 {
		return nil
	}
	links := []Link{{Text: b.Lang.T("home.all-languages"), Href: b.href("/", with(query, "language", "")), Current: len(query["language"]) == 0}}
	for _, p := range tags {
		lang, dir := attributes(p, b.Lang)
		links = append(links, Link{
			Text: locale.Endonym(p), Href: b.href("/", toggle(query, "language", p)), Lang: lang, Dir: dir,
			Current: contains(query["language"], p),
		})
	}
	return links
}

// who lists the most active communities with their last 30 days.
func (b *builder) who(ranked []caravan.Community, activity map[string][]caravan.DayCount) []Who {
	var list []Who
	for _, c := range ranked {
		bars := daily(activity[c.Slug], b.Now, 30)
		if len(list) == whoShown || sum(bars) == 0 {
			break
		}
		w := Who{Link: Link{Text: c.Title, Href: b.href("/c/"+c.Slug, nil), Count: sum(bars), Mark: b.mark(c.Slug)}, Spark: spark(bars)}
		w.Hue = w.Mark.Hue
		list = append(list, w)
	}
	return list
}

// emptyHome says that nothing is there, and offers the filter with one condition
// less.
func (b *builder) emptyHome(f caravan.Filter, path string, query url.Values, title string) *Empty {
	if f.Empty() {
		return &Empty{Text: b.Lang.T("home.nothing-yet")}
	}
	e := &Empty{Text: b.Lang.T("home.filter-nothing"), Feeds: b.feeds(path, query, title)}
	all := values(f)
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		for _, value := range all[name] {
			label := value
			switch name {
			case "community":
				label = b.communityTitle(value)
			case "language":
				label = locale.Endonym(value)
			}
			e.Drop = append(e.Drop, Link{Text: b.Lang.T("home.drop", label), Href: b.href("/", toggle(all, name, value))})
		}
	}
	return e
}
