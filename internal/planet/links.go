package planet

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"time"

	"caravan"
)

// hrefs finds the addresses that simple HTML links to.
var hrefs = regexp.MustCompile(`<a href="([^"]+)"`)

// linking returns the stories that link to one from other sources, newest
// first.
func (p *Planet) linking(to caravan.Story) []caravan.Story {
	var out []caravan.Story
	for _, s := range p.stories {
		if s.Source.Slug == to.Source.Slug || to.Head.Link == "" {
			continue
		}
		for _, m := range hrefs.FindAllStringSubmatch(s.Head.Content, -1) {
			if m[1] == to.Head.Link {
				out = append(out, s)
				break
			}
		}
	}
	return out
}

// linkers counts the communities of stories beside those of the one that they
// link to.
func linkers(stories []caravan.Story, to caravan.Story) int {
	var slugs []string
	for _, s := range stories {
		if slug := s.Communities[0].Slug; !hasCommunity(to, slug) && !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
	}
	return len(slugs)
}

// link counts for every story the communities that link to it.
func (p *Planet) link() {
	for i := range p.stories {
		p.stories[i].LinkedBy = linkers(p.linking(p.stories[i]), p.stories[i])
	}
}

// MostLinked returns the stories that most communities linked to within a time.
func (p *Planet) MostLinked(_ context.Context, f caravan.Filter, since, until time.Time, limit int) ([]caravan.Story, error) {
	var out []caravan.Story
	for _, s := range p.matching(f) {
		within := slices.DeleteFunc(p.linking(s), func(l caravan.Story) bool {
			return l.Head.FirstSeen.Before(since) || !l.Head.FirstSeen.Before(until)
		})
		if s.LinkedBy = linkers(within, s); s.LinkedBy > 0 {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b caravan.Story) int { return cmp.Compare(b.LinkedBy, a.LinkedBy) })
	return out[:min(limit, len(out))], p.Err
}

// LinksTo returns the stories of other sources that link to an item.
func (p *Planet) LinksTo(_ context.Context, id string, limit int) ([]caravan.Story, error) {
	s, ok := p.story(id)
	if !ok {
		return nil, p.Err
	}
	stories := p.linking(s)
	return stories[:min(limit, len(stories))], p.Err
}

// Revisions returns what an item said before, newest first; of an item that
// was changed twice, that its title was another at first, and a word of its
// text.
func (p *Planet) Revisions(_ context.Context, id string) ([]caravan.Revision, error) {
	s, ok := p.story(id)
	if !ok || s.Head.Revisions < 2 {
		return nil, p.Err
	}
	text := "An early opening " + s.Head.Text[len("An opening"):]
	return []caravan.Revision{
		{Number: 2, At: s.Head.FirstSeen.Add(time.Hour), Title: s.Head.Title, Text: text, HTML: "<p>" + text + "</p>"},
		{Number: 1, At: s.Head.FirstSeen, Title: "A whole article with something in it", Text: text, HTML: "<p>" + text + "</p>"},
	}, p.Err
}
