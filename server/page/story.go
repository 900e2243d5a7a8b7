package page

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// StoryInput is what an item's page is made from.
type StoryInput struct {
	Item    caravan.Item // with Content
	Story   caravan.Story
	Source  caravan.Source // of Item
	Similar []caravan.Story
	Images  bool // pictures of other sites may be shown

	LinksTo   []caravan.Story    // that link to it, with Content, newest first
	Revisions []caravan.Revision // what it said before, newest first
}

// A Story is the page of an item: the original first, then what the feed gives
// of it, then what is known of this copy.
type Story struct {
	Frame
	ID         string
	Name       string
	Lang, Dir  string
	Badge      string
	BadgeName  string
	Mark       *Mark
	Hue        string
	Community  *Link
	SourceLink Link
	Original   string
	ReadAt     string
	By         string
	Stamp      string
	When       string
	Minutes    string
	Note       string
	Content    template.HTML // cleaned when it was stored
	Excerpt    string
	Enclosures []Link
	Also       []Link
	Tags       []Link
	Similar    []SimilarLine
	LinksTo    []LinkLine
	Changed    string // "Changed after publishing, …"; empty when it was not
	Changes    []Change
	Facts      []Fact
	BibTeX     string
	RIS        string
	Permalink  string
}

// A SimilarLine is a story that is like another.
type SimilarLine struct {
	Link
	Mark  *Mark
	Where string
	Badge string
	Name  string
}

// Story makes an item's page.
func (c Context) Story(in StoryInput) Story {
	b := c.builder()
	l, i, path := c.Lang, in.Item, "/item/"+in.Item.ID
	v := Story{
		ID: i.ID, Name: c.title(i), Original: safeURL(i.Link), SourceLink: b.sourceLink(in.Source),
		By: strings.Join(i.Authors, ", "), Permalink: c.BaseURL + path,
	}
	v.Lang, v.Dir = attributes(i.Language, l)
	if p := locale.Primary(i.Language); p != "" {
		v.Badge, v.BadgeName = strings.ToUpper(p), locale.Endonym(p)
	}
	if len(in.Source.Communities) > 0 {
		community := in.Source.Communities[0]
		v.Mark = b.mark(community.Slug)
		v.Community = &Link{Text: community.Title, Href: b.href("/c/"+community.Slug, nil)}
	}
	if v.Mark != nil {
		v.Hue = v.Mark.Hue
	}
	if v.Original != "" {
		v.ReadAt = l.T("item.read-at", host(v.Original))
	}
	if !i.Undated {
		at := i.SortAt.In(c.Zone)
		v.Stamp, v.When = at.UTC().Format("2006-01-02T15:04Z"), l.FullDate(at)+", "+locale.Clock(at)
	}
	if i.Full && i.Words > 0 {
		v.Minutes = l.T("item.minutes-long", minutes(i.Words))
	}
	b.storyText(&v, in)
	b.storyAround(&v, in)
	v.Frame = b.frame(v.Name+", "+c.Site.Title, path)
	v.Description = firstWords(i.Summary, 40)
	v.Canonical, v.NoIndex = v.Original, v.Original != ""
	if v.Original == "" {
		v.Canonical = v.Permalink
	}
	v.Graph = &Graph{
		Type: "article", Title: plain(v.Name), URL: v.Permalink, Author: i.Authors, Language: strings.ToLower(i.Language),
		Original: v.Original, Publisher: in.Source.Title, Modified: stamp(i.Changed),
	}
	if !i.Undated {
		v.Graph.Published = stamp(i.SortAt)
	}
	v.BibTeX, v.RIS = BibTeX(i, in.Source, v.Permalink), RIS(i, in.Source, v.Permalink)
	return v
}

// stamp writes a time for machines; nothing for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// storyText fills in as much of the text as may be shown, and says how much
// that is.
func (b *builder) storyText(v *Story, in StoryInput) {
	l, i := b.Lang, in.Item
	show := in.Source.Settings.Show
	switch {
	case show == caravan.ShowTitle:
		v.Note = l.T("item.note-title")
		return
	case show == caravan.ShowExcerpt:
		v.Note = l.T("item.note-policy")
		v.Excerpt = typeset(i.Summary, i.Language)
		return
	case i.Content == "":
		v.Note = l.T("item.note-none")
		v.Excerpt = typeset(i.Summary, i.Language)
	case i.Full:
		v.Note = l.T("item.note-full")
	default:
		v.Note = l.T("item.note-excerpt")
	}
	if !in.Images && strings.Contains(i.Content, "<img") {
		v.Note += " " + l.T("item.note-images")
	}
	v.Content = template.HTML(b.dress(i.Content, in.Images))
}

// storyAround fills in what stands around the text.
func (b *builder) storyAround(v *Story, in StoryInput) {
	i := in.Item
	for _, e := range i.Enclosures {
		href := safeURL(e.URL)
		if href == "" {
			continue
		}
		text := e.Type
		if text == "" {
			text = b.Lang.T("item.file")
		}
		if e.Length > 0 {
			text += ", " + b.size(e.Length)
		}
		v.Enclosures = append(v.Enclosures, Link{Text: text, Href: href})
	}
	for _, tag := range firstTags(i.Tags, 12) {
		v.Tags = append(v.Tags, Link{Text: tag, Href: b.href("/search", url.Values{"tag": {tag}})})
	}
	v.Also = b.others(in)
	v.LinksTo = b.linkLines(in)
	v.Changes = b.changes(in)
	if i.Revisions > 0 && !i.Changed.IsZero() {
		v.Changed = b.Lang.T("item.changed-after", b.moment(i.Changed))
	}
	for _, s := range in.Similar {
		if s.ID == in.Story.ID {
			continue
		}
		line := SimilarLine{Link: b.storyLink(s)}
		line.Where = line.Rel
		if !s.SortAt.IsZero() {
			line.Where += ", " + b.whenOf(s, b.Lang.Month)
		}
		if len(s.Communities) > 0 {
			line.Mark = b.mark(s.Communities[0].Slug)
		}
		if p := locale.Primary(s.Head.Language); p != "" {
			line.Badge, line.Name = strings.ToUpper(p), locale.Endonym(p)
		}
		v.Similar = append(v.Similar, line)
	}
	v.Facts = b.storyFacts(in, v.Changes)
}

// others are the further places of the story that the item belongs to.
func (b *builder) others(in StoryInput) []Link {
	links := b.alsoAt(in.Story)
	if in.Story.Head.ID == in.Item.ID || in.Story.Head.ID == "" {
		return links
	}
	head := Link{Text: in.Story.Source.Title, Href: safeURL(in.Story.Head.Link)}
	if head.Href == "" {
		head.Href = b.href("/item/"+in.Story.Head.ID, nil)
	}
	out := []Link{head}
	for n, at := range in.Story.AlsoAt {
		if at.ItemID != in.Item.ID {
			out = append(out, links[n])
		}
	}
	return out
}

// storyFacts are what is known of this copy.
func (b *builder) storyFacts(in StoryInput, changes []Change) []Fact {
	l, i := b.Lang, in.Item
	var facts []Fact
	when := func(key string, t time.Time) {
		if t.IsZero() {
			return
		}
		facts = append(facts, Fact{Name: l.T(key), Text: b.timeOf(t), Time: stamp(t)})
	}
	when("item.published", i.Published)
	if i.Published.After(i.FirstSeen) && !i.FirstSeen.IsZero() {
		facts = append(facts, Fact{Name: l.T("item.sorted"), Text: l.T("item.sorted-text", b.date(i.SortAt))})
	}
	if i.Revisions > 0 {
		when("item.changed", i.Changed)
		if last := len(facts) - 1; len(changes) > 0 {
			facts[last].Text += ", " + changes[0].What
		}
		revisions := Fact{Name: l.T("item.revisions"), Text: l.T("item.revisions-text", i.Revisions)}
		if len(changes) > 0 {
			revisions.Href = "#changes"
		}
		facts = append(facts, revisions)
	}
	when("item.first-seen", i.FirstSeen)
	if address := safeURL(caravan.RedactURL(in.Source.URL)); address != "" {
		_, shown, _ := strings.Cut(address, "://")
		facts = append(facts, Fact{Name: l.T("item.feed"), Text: shown, Href: address})
	}
	if license := safeURL(i.License); license != "" {
		facts = append(facts, Fact{Name: l.T("item.licence"), Text: licenceName(license), Href: license})
	} else if i.Rights != "" {
		facts = append(facts, Fact{Name: l.T("item.licence"), Text: firstWords(i.Rights, 30)})
	}
	if comments := safeURL(i.Comments); comments != "" {
		facts = append(facts, Fact{Name: l.T("item.comments"), Text: host(comments), Href: comments})
	}
	if i.Words > 0 {
		facts = append(facts, Fact{Name: l.T("item.words"), Text: l.Number(i.Words)})
	}
	return append(facts, Fact{Name: l.T("item.id"), Text: i.ID})
}

// licenceName shortens the address of a Creative Commons licence to its name;
// others are named by their site.
func licenceName(address string) string {
	u, err := url.Parse(address)
	if err != nil || host(address) != "creativecommons.org" {
		return host(address)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) >= 2 && parts[0] == "licenses" {
		name := "CC " + strings.ToUpper(parts[1])
		if len(parts) >= 3 {
			name += " " + parts[2]
		}
		return name
	}
	if len(parts) >= 2 && parts[1] == "zero" {
		return "CC0"
	}
	return "Creative Commons"
}

// size writes a number of bytes for people.
func (b *builder) size(n int64) string {
	switch {
	case n >= 1_000_000:
		return b.Lang.Number(int((n+500_000)/1_000_000)) + " MB"
	case n >= 1000:
		return b.Lang.Number(int((n+500)/1000)) + " kB"
	}
	return b.Lang.Number(int(n)) + " B"
}
