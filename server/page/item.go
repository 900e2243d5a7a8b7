package page

import (
	"net/url"
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// An Item is one story as lists show it.
type Item struct {
	ID        string
	Href      string // the original, or the story's own page when there is none
	Title     []caravan.Fragment
	Lang, Dir string // of the publisher's words
	Badge     string // "PT"; empty when the language is unknown
	BadgeName string
	Marks     []Mark
	Community *Link
	Source    Link
	SourceBig bool // on a community's page, where the community need not be named
	Excerpt   []caravan.Fragment
	Stamp     string // RFC 3339, for the time element; empty of one without a date
	When      string
	Authors   string
	Minutes   string
	Tags      []Link
	Details   string
	LinkedBy  string // "linked by 5 communities", of a lead; empty for others
	Also      []Link
	Similar   []Link
	OpenLike  bool
}

// listing says how a list shows its items.
type listing struct {
	when   func(time.Time) string
	noName bool // leave the community out
}

// item makes the view of one story in a list.
func (b *builder) item(s caravan.Story, how listing) Item {
	head := s.Head
	v := Item{
		ID: s.ID, Details: b.href("/item/"+head.ID, nil), Href: safeURL(head.Link),
		When: b.whenOf(s, how.when), Authors: strings.Join(head.Authors, ", "), SourceBig: how.noName,
	}
	if v.Href == "" {
		v.Href = v.Details
	}
	if !head.Undated {
		v.Stamp = s.SortAt.UTC().Format("2006-01-02T15:04Z")
	}
	v.Lang, v.Dir = attributes(head.Language, b.Lang)
	if p := locale.Primary(head.Language); p != "" {
		v.Badge, v.BadgeName = strings.ToUpper(p), locale.Endonym(p)
	}
	v.Title = []caravan.Fragment{{Text: b.title(head)}}
	if text := excerpt(s); text != "" {
		v.Excerpt = []caravan.Fragment{{Text: typeset(text, head.Language)}}
	}
	if head.Full && head.Words > 0 {
		v.Minutes = b.Lang.T("item.minutes", minutes(head.Words))
	}
	v.Source = b.sourceLink(s.Source)
	if len(s.Communities) > 0 && !how.noName {
		c := s.Communities[0]
		v.Community = &Link{Text: c.Title, Href: b.href("/c/"+c.Slug, nil)}
	}
	v.Marks = b.storyMarks(s)
	v.Also = b.alsoAt(s)
	for _, tag := range firstTags(head.Tags, 4) {
		v.Tags = append(v.Tags, Link{Text: tag, Href: b.href("/search", url.Values{"tag": {tag}})})
	}
	return v
}

// whenOf writes the date of a story, or that it has none: what it sorts by is
// then a guess.
func (b *builder) whenOf(s caravan.Story, write func(time.Time) string) string {
	if s.Head.Undated {
		return b.Lang.T("item.undated")
	}
	return write(s.SortAt.In(b.Zone))
}

// sourceLink leads to a source's page.
func (b *builder) sourceLink(s caravan.Source) Link {
	link := Link{Text: s.Title, Href: b.href("/s/"+s.Slug, nil)}
	if s.Language != "" {
		link.Lang, link.Dir = attributes(s.Language, b.Lang)
	}
	return link
}

// storyMarks are the mark of the story's own community and one for each further
// place it was published at, three at most.
func (b *builder) storyMarks(s caravan.Story) []Mark {
	var marks []Mark
	seen := map[string]bool{}
	add := func(slug string) {
		if seen[slug] || len(marks) == 3 {
			return
		}
		seen[slug] = true
		if m := b.mark(slug); m != nil {
			marks = append(marks, *m)
		}
	}
	if len(s.Communities) > 0 {
		add(s.Communities[0].Slug)
	}
	for _, at := range s.AlsoAt {
		add(at.Community.Slug)
	}
	return marks
}

// alsoAt are the further places of a story.
func (b *builder) alsoAt(s caravan.Story) []Link {
	var links []Link
	for _, at := range s.AlsoAt {
		href := safeURL(at.URL)
		if href == "" {
			href = b.href("/item/"+at.ItemID, nil)
		}
		text := at.Title
		if at.Community.Title != "" {
			text = at.Community.Title
		}
		if p := locale.Primary(at.Language); p != "" && p != locale.Primary(s.Head.Language) {
			text = b.Lang.T("item.in-language", text, b.languageName(p))
		}
		links = append(links, Link{Text: text, Href: href})
	}
	return links
}

// languageName names a language in the language of the page where the message
// table knows it ("in Portuguese"), else in itself.
func (c Context) languageName(tag string) string {
	if key := "lang." + locale.Primary(tag); locale.Has(key) {
		return c.Lang.T(key)
	}
	return locale.Endonym(tag)
}

// title returns the title of an item as it is printed; an item without one is
// named by its first words, or by its day.
func (c Context) title(i caravan.Item) string {
	if t := strings.TrimSpace(i.Title); t != "" {
		return typeset(t, i.Language)
	}
	for _, text := range []string{i.Summary, i.Text} {
		if t := firstWords(text, 12); t != "" {
			return typeset(t, i.Language)
		}
	}
	if i.Undated {
		return c.Lang.T("item.untitled", c.Lang.T("item.undated"))
	}
	return c.Lang.T("item.untitled", c.date(i.SortAt))
}

// excerpt is what a list shows of a story's text; nothing where only the title
// may be shown, or where the text already stands as the title.
func excerpt(s caravan.Story) string {
	if s.Source.Settings.Show == caravan.ShowTitle {
		return ""
	}
	text := strings.TrimSpace(s.Head.Summary)
	if s.Head.Title == "" && firstWords(text, 12) == strings.Join(strings.Fields(text), " ") {
		return ""
	}
	return text
}

// firstTags are the first n tags that are short enough to stand in a line.
func firstTags(tags []string, n int) []string {
	var out []string
	for _, tag := range tags {
		if len(out) == n {
			break
		}
		if tag != "" && len([]rune(tag)) <= 40 {
			out = append(out, tag)
		}
	}
	return out
}
