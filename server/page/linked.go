package page

import (
	"slices"
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// leadLinks is how many other communities have to link to a story that leads
// its day.
const leadLinks = 3

// leadsOf are the ids of the stories that lead their days, of stories that come
// newest first: on each day the one that most communities link to, if they are
// enough; of equals the newest.
func leadsOf(stories []caravan.Story, zone *time.Location) map[string]bool {
	leads := map[string]bool{}
	best := map[time.Time]caravan.Story{}
	for _, s := range stories {
		d := day(s.SortAt.In(zone))
		if !s.Head.Undated && s.LinkedBy >= leadLinks && s.LinkedBy > best[d].LinkedBy {
			best[d] = s
		}
	}
	for _, s := range best {
		leads[s.ID] = true
	}
	return leads
}

// A LinkedLine is a story in the short list of the most linked.
type LinkedLine struct {
	Link
	Mark      *Mark
	Community string
	Badge     string
	Name      string
}

// linkedShown is how many of the most linked stories the side column lists.
const linkedShown = 3

// linkedLines lists the first few of the stories that other communities link
// to. Their titles lead to the originals.
func (b *builder) linkedLines(stories []caravan.Story) []LinkedLine {
	var lines []LinkedLine
	for _, s := range stories {
		if s.LinkedBy == 0 || len(lines) == linkedShown {
			continue
		}
		line := LinkedLine{Link: b.storyLink(s)}
		if href := safeURL(s.Head.Link); href != "" {
			line.Href = href
		}
		if len(s.Communities) > 0 {
			line.Mark, line.Community = b.mark(s.Communities[0].Slug), s.Communities[0].Title
		}
		if p := locale.Primary(s.Head.Language); p != "" {
			line.Badge, line.Name = strings.ToUpper(p), locale.Endonym(p)
		}
		lines = append(lines, line)
	}
	return lines
}

// A LinkLine is a story that links to another, with what it says there.
type LinkLine struct {
	Link      // to its page here
	Mark      *Mark
	Community *Link
	Source    Link
	When      string
	Badge     string
	Name      string
	Quote     []caravan.Fragment // empty where its source does not let its text be shown
}

// linkLines lists the stories that link to a story.
func (b *builder) linkLines(in StoryInput) []LinkLine {
	addresses := map[string]bool{}
	for _, address := range []string{in.Item.Link, in.Story.Head.Link} {
		addresses[bareAddress(address)] = true
	}
	for _, at := range in.Story.AlsoAt {
		addresses[bareAddress(at.URL)] = true
	}
	delete(addresses, "")
	var lines []LinkLine
	for _, s := range in.LinksTo {
		line := LinkLine{Link: b.storyLink(s), Source: b.sourceLink(s.Source), When: b.whenOf(s, b.date)}
		if len(s.Communities) > 0 {
			line.Mark = b.mark(s.Communities[0].Slug)
			line.Community = &Link{Text: s.Communities[0].Title, Href: b.href("/c/"+s.Communities[0].Slug, nil)}
		}
		if p := locale.Primary(s.Head.Language); p != "" {
			line.Badge, line.Name = strings.ToUpper(p), locale.Endonym(p)
		}
		if show := s.Source.Settings.Show; show == caravan.ShowFull || show == "" {
			line.Quote = typesetFragments(quotation(s.Head.Content, func(href string) bool { return addresses[bareAddress(href)] }), s.Head.Language)
		}
		lines = append(lines, line)
	}
	return lines
}

// LinkedIn counts the languages of the stories that link to a story from other
// communities, of those dated from since until before until.
func LinkedIn(to caravan.Story, linking []caravan.Story, since, until time.Time) int {
	own := map[string]bool{}
	for _, c := range to.Communities {
		own[c.Slug] = true
	}
	languages := map[string]bool{}
	for _, s := range linking {
		outside := slices.ContainsFunc(s.Communities, func(c caravan.CommunityRef) bool { return !own[c.Slug] })
		if language := locale.Primary(s.Head.Language); language != "" && outside && !s.Head.Undated && !s.SortAt.Before(since) && s.SortAt.Before(until) {
			languages[language] = true
		}
	}
	return len(languages)
}
