package page

import (
	"strings"

	"caravan"
	"caravan/server/locale"
)

// SourceInput is what a source's page is made from.
type SourceInput struct {
	Source caravan.Source
	Page   caravan.StoryPage
	Cursor string
	Polls  []caravan.Poll

	Post      string // the address that "where is my post?" was asked with
	PostItem  *caravan.Item
	PostStory *caravan.Story
}

// A Source is the page of a source.
type Source struct {
	Frame
	Name         string
	NameLang     string
	NameDir      string
	Mark         *Mark
	Communities  []Link
	About        string
	State        State
	Sentence     string
	Advice       string
	Web          *Link
	Facts        []Fact
	Items        []Item
	Newer, Older string
	Subscribe    []Feed
	SubscribeTo  string
	Polls        []Poll
	Unlisted     bool
	Where        Where
}

// A Where answers "where is my post?".
type Where struct {
	Action string
	Asked  string
	Answer string
	Found  *Link
}

// A Fact is one line of a list of facts.
type Fact struct {
	Name string
	Text string
	Href string
	Time string // RFC 3339, when Text is a time
}

// A Poll is one row of a source's history.
type Poll struct {
	Stamp    string
	When     string
	Answer   string
	Brought  string
	Decision string
	Bad      bool
}

// Source makes a source's page.
func (c Context) Source(in SourceInput) Source {
	b := c.builder()
	l, s, path := c.Lang, in.Source, "/s/"+in.Source.Slug
	st := SourceStatus(s, c.Now)
	v := Source{
		Name: s.Title, State: b.state(st), Sentence: st.Sentence(l), Advice: st.Advice(l),
		About: s.Description, Unlisted: !s.Listed, SubscribeTo: l.T("community.subscribe", s.Title),
		Facts: b.sourceFacts(s), Subscribe: b.feeds(path, nil, s.Title),
	}
	if v.About == "" {
		v.About = s.Feed.Description
	}
	if s.Language != "" {
		v.NameLang, v.NameDir = attributes(s.Language, l)
	}
	for i, community := range s.Communities {
		if i == 0 {
			v.Mark = b.mark(community.Slug)
		}
		v.Communities = append(v.Communities, Link{Text: community.Title, Href: b.href("/c/"+community.Slug, nil)})
	}
	for _, address := range []string{s.SiteURL, s.Feed.Link} {
		if href := safeURL(address); href != "" && v.Web == nil {
			v.Web = &Link{Text: host(href), Href: href}
		}
	}
	for _, story := range in.Page.Stories {
		v.Items = append(v.Items, b.item(story, listing{when: b.date, noName: true}))
	}
	v.Newer, v.Older = b.turn(path, in.Page, in.Cursor)
	v.Where = b.where(in, st)
	for _, p := range in.Polls {
		v.Polls = append(v.Polls, b.poll(p))
	}
	v.Frame = b.frame(s.Title+", "+c.Site.Title, path)
	v.Description = l.T("community.description", s.Title)
	v.Frame.Feeds = append(v.Subscribe[:3:3], v.Frame.Feeds...)
	v.NoIndex = in.Cursor != ""
	return v
}

// sourceFacts are what is known of a source and its schedule.
func (b *builder) sourceFacts(s caravan.Source) []Fact {
	l := b.Lang
	address := caravan.RedactURL(s.URL)
	facts := []Fact{{Name: l.T("source.feed"), Text: strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://"), Href: safeURL(address)}}
	add := func(key, text string) {
		if text != "" {
			facts = append(facts, Fact{Name: l.T(key), Text: text})
		}
	}
	add("source.format", formatName(s.Feed.Format))
	if p := locale.Primary(s.Language); p != "" {
		add("source.language", locale.Endonym(p))
	}
	add("source.articles", l.Number(s.Items))
	if !s.Newest.IsZero() {
		add("source.newest", b.date(s.Newest))
	}
	if s.State.Rhythm > 0 {
		add("source.rhythm", l.T("source.rhythm-text", l.Length(s.State.Rhythm)))
	}
	if !s.State.LastPoll.IsZero() {
		add("source.last-poll", l.Ago(s.State.LastPoll, b.Now))
	}
	switch {
	case s.Settings.Paused:
		add("source.next-poll", l.T("source.paused"))
	case s.State.NextPoll.IsZero() && !s.State.LastPoll.IsZero():
		add("source.next-poll", l.T("source.never"))
	case !s.State.NextPoll.IsZero():
		add("source.next-poll", l.Until(s.State.NextPoll, b.Now))
	}
	add("source.push", b.pushed(s.Push))
	add("source.only", s.Settings.Only)
	add("source.skip", s.Settings.Skip)
	if s.Settings.Show != "" && s.Settings.Show != caravan.ShowFull {
		add("source.show", l.T("source.show-"+string(s.Settings.Show)))
	}
	if !s.FirstSeen.IsZero() {
		add("source.since", b.Lang.Date(s.FirstSeen.In(b.Zone)))
	}
	return facts
}

// pushed says which hub sends what is new, and what that means for polling;
// nothing where none does.
func (b *builder) pushed(p caravan.Push) string {
	switch {
	case !p.Until.After(b.Now):
		return ""
	case p.Trusted:
		return b.Lang.T("source.push-daily", host(p.Hub), b.date(p.Until))
	}
	return b.Lang.T("source.push-usual", host(p.Hub), b.date(p.Until))
}

// formatName writes the format of a feed as people do: "RSS", "Atom".
func formatName(format string) string {
	name, _, _ := strings.Cut(format, " ")
	switch name {
	case "atom":
		return "Atom"
	case "json":
		return "JSON Feed"
	}
	return strings.ToUpper(name)
}

// poll is one poll as a row.
func (b *builder) poll(p caravan.Poll) Poll {
	l := b.Lang
	row := Poll{Stamp: p.At.UTC().Format("2006-01-02T15:04Z"), When: b.moment(p.At), Decision: p.Decision, Bad: !p.Failure.OK()}
	switch {
	case !p.Failure.OK() && locale.Has("source.answer-"+string(p.Failure.Class)):
		row.Answer = l.T("source.answer-" + string(p.Failure.Class))
	case !p.Failure.OK():
		row.Answer = l.T("source.answer-failed")
	case p.Status == 304:
		row.Answer = l.T("source.answer-same")
	default:
		row.Answer = l.T("source.answer-read")
	}
	if p.Status > 0 {
		row.Answer += " (" + itoa(p.Status) + ")"
	}
	if p.New > 0 {
		row.Brought = l.T("source.brought-new", p.New)
	}
	if p.Changed > 0 {
		if row.Brought != "" {
			row.Brought += ", "
		}
		row.Brought += l.T("source.brought-changed", p.Changed)
	}
	return row
}

// where says what became of a post.
func (b *builder) where(in SourceInput, st Status) Where {
	l, s := b.Lang, in.Source
	w := Where{Action: b.Root + "/s/" + s.Slug, Asked: in.Post}
	switch {
	case in.Post == "":
	case in.PostItem != nil && in.PostItem.Visibility != caravan.Shown && in.PostItem.Visibility != "":
		w.Answer = l.T("source.where-"+string(in.PostItem.Visibility), b.moment(in.PostItem.FirstSeen))
	case in.PostItem != nil:
		w.Answer = l.T("source.where-shown", b.moment(in.PostItem.FirstSeen))
		found := *in.PostItem
		if in.PostStory != nil && in.PostStory.Head.ID != found.ID {
			w.Answer = l.T("source.where-story")
			found = in.PostStory.Head
		} else if found.Source != s.Slug {
			w.Answer = l.T("source.where-elsewhere")
		}
		link := Link{Text: b.title(found), Href: b.href("/item/"+found.ID, nil)}
		link.Lang, link.Dir = attributes(found.Language, l)
		w.Found = &link
	case st.Code == StatusFailing || st.Code == StatusBlocked || st.Code == StatusGone:
		w.Answer = l.T("source.where-failing")
	case s.State.LastPoll.IsZero():
		w.Answer = st.Sentence(l)
	default:
		w.Answer = l.T("source.where-unpolled", l.Ago(s.State.LastPoll, b.Now), l.Until(s.State.NextPoll, b.Now))
		if s.Settings.Only != "" || s.Settings.Skip != "" {
			w.Answer += " " + l.T("source.where-rules")
		}
	}
	return w
}
