package page

import (
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/index/query"
	"caravan/server/locale"
)

// SearchInput is what the search page is made from.
type SearchInput struct {
	Request caravan.SearchRequest
	Result  caravan.SearchResult
	Stories []caravan.Story // of the hits, those that are still shown
	Sources []caravan.Source
	Similar map[string][]caravan.Story // by story, what is like it
	Err     *caravan.QueryError        // the query cannot be understood
	Counts  map[string]int             // how much other queries find, by [CountKey]
	Tags    []caravan.FacetValue       // to begin with, where nothing is asked
	Oldest  time.Time                  // date of the oldest article, where nothing was found; zero when unknown
}

// CountKey names a request among the Counts of a [SearchInput].
func CountKey(r caravan.SearchRequest) string { return countKey(r.Query, r.Plain) }

func countKey(q string, plain bool) string {
	if plain {
		return "plain " + q
	}
	return "query " + q
}

// A Search is the search page: its form, and what it found.
type Search struct {
	Frame
	Shapes    []Symbol // of the results: they go where the script puts these
	Heading   string
	Words     string
	Hidden    []Field // the filter, kept by the form
	Asked     bool    // there is something to look for
	Bad       *BadQuery
	Found     string
	Took      string
	Sorts     []Link
	Notes     []string // the index is being rebuilt, the order may have changed
	DidYou    *Link
	Instead   *Link // the query as it was typed, where the hits are a correction's
	Corrected string
	Also      []string
	AlsoHref  string // the same without equivalents, or with them again
	Exact     bool   // equivalents are left out
	Partial   string // the facets do not count everything
	Tags      []Link
	Hits      []Item
	Pages     []Link
	Next      string
	Keep      []Feed
	Facets    []Facet
	Years     *Years
	Selected  []Link
	Loosen    []Loose
	Near      []Link
	NoneText  string
	Unknown   []template.HTML // what nothing has that was asked for
	Oldest    string          // of the archive, where nothing was found
	OnlyBlank bool            // no query: the help stands open
}

// A Field is a hidden field of a form.
type Field struct{ Name, Value string }

// A Facet counts what was found by one field.
type Facet struct {
	ID     string
	Title  string
	Values []Link
}

// UsualHits is how many hits a page has when nothing else is asked for.
const UsualHits = 20

// hitsLimit is how deep search pages go.
const hitsLimit = 1000

// Search makes the search page.
func (c Context) Search(in SearchInput) Search {
	b := c.builder()
	l := c.Lang
	q := strings.TrimSpace(in.Request.Query)
	v := Search{Words: in.Request.Query, Heading: l.T("search.heading"), Asked: q != "" || !in.Request.Filter.Empty()}
	if q != "" {
		v.Heading = l.T("search.heading-for", q)
	}
	title := v.Heading
	query := b.searchValues(in.Request)
	switch {
	case in.Err != nil:
		v.Bad = b.badQuery(in)
		title = l.T("search.unreadable")
	case v.Asked:
		b.found(&v, in, query)
		title = v.Found + ": " + b.askedFor(in.Request)
	default:
		v.OnlyBlank = true
		for _, tag := range in.Tags {
			v.Tags = append(v.Tags, Link{Text: tag.Value, Href: b.href("/search", url.Values{"tag": {tag.Value}}), Count: tag.Count})
		}
	}
	v.Hidden = fields(query, "community", "source", "language", "tag", "after", "before", "sort", "exact")
	if v.Asked && in.Err == nil {
		v.Keep = b.searchFeeds(in, query)
	}
	v.Frame = b.frame(title+", "+c.Site.Title, "/search")
	v.Find, v.NoIndex = false, true
	v.Shapes, v.Symbols = v.Symbols, nil
	v.Frame.Feeds = append(slices.Clone(v.Keep), v.Frame.Feeds...)
	return v
}

// searchFeeds are the feeds of a search; where its hits are a correction's, of
// that.
func (b *builder) searchFeeds(in SearchInput, query url.Values) []Feed {
	asked := in.Request
	for _, name := range []string{"sort", "lang", "typed", "limit"} {
		query = with(query, name, "")
	}
	if in.Result.Corrected {
		asked.Query = in.Result.Suggestion
		query = with(query, "q", asked.Query)
	}
	return b.feeds("/search", query, b.Lang.T("search.feed-title", b.askedFor(asked)))
}

// fields are the values of some parameters, for a form to keep.
func fields(query url.Values, names ...string) []Field {
	var out []Field
	for _, name := range names {
		for _, value := range query[name] {
			out = append(out, Field{name, value})
		}
	}
	return out
}

// askedFor names what was asked: the query, or the filter without one.
func (b *builder) askedFor(r caravan.SearchRequest) string {
	if q := strings.TrimSpace(r.Query); q != "" {
		return q
	}
	return strings.Join(b.filterNames(r.Filter), ", ")
}

// searchValues are the parameters of a search, without its page.
func (b *builder) searchValues(r caravan.SearchRequest) url.Values {
	query := values(r.Filter)
	if r.Query != "" {
		query.Set("q", r.Query)
	}
	if r.Sort == caravan.SortNewest {
		query.Set("sort", string(caravan.SortNewest))
	}
	for name, set := range map[string]bool{"plain": r.Plain, "exact": r.Exact, "typed": r.Typed} {
		if set {
			query.Set(name, "1")
		}
	}
	if r.Limit > 0 && r.Limit != UsualHits {
		query.Set("limit", itoa(r.Limit))
	}
	return query
}

// found fills in what a search found.
func (b *builder) found(v *Search, in SearchInput, query url.Values) {
	l, r := b.Lang, in.Result
	v.Found = l.T("search.found", r.Total)
	switch {
	case r.Total == 0:
		v.Found = l.T("search.found-none")
	case r.Total > 10000:
		v.Found = l.T("search.found-more", 10000)
	case r.About:
		v.Found = l.T("search.found-about", rounded(r.Total))
	}
	v.Took = b.took(r.Took)
	if r.Progress > 0 && r.Progress < 1 {
		v.Notes = append(v.Notes, l.T("search.rebuilding", int(r.Progress*100)))
	}
	if r.Reranked {
		v.Notes = append(v.Notes, l.T("search.reranked"))
	}
	b.otherWords(v, in, query)
	v.Selected = b.selected(query, in)
	if r.Total == 0 {
		b.nothing(v, in, query)
		return
	}
	newest := in.Request.Sort == caravan.SortNewest
	v.Sorts = []Link{
		{Text: l.T("search.sort-relevance"), Href: b.href("/search", with(query, "sort", "")), Current: !newest},
		{Text: l.T("search.sort-newest"), Href: b.href("/search", with(query, "sort", "newest")), Current: newest},
	}
	v.Hits = b.hits(in)
	v.Pages, v.Next = b.pages(in, query)
	if len(in.Result.Hits) == 0 {
		v.NoneText, v.Facets = l.T("search.past-end"), nil
		return
	}
	v.Facets = b.facets(in, query)
	if r.Facets.Partial {
		v.Partial = l.T("search.facets-partial")
	}
	v.Years = b.years(in, query)
}

// rounded is an estimate as it is told: two figures of it.
func rounded(n int) int {
	step := 1
	for n/step >= 100 {
		step *= 10
	}
	return (n + step/2) / step * step
}

// otherWords tells what was searched for besides the words typed, or instead of
// them, and how to have it otherwise.
func (b *builder) otherWords(v *Search, in SearchInput, query url.Values) {
	l, r := b.Lang, in.Result
	asTyped := with(query, "typed", "")
	switch {
	case r.Corrected:
		typed := strings.TrimSpace(in.Request.Query)
		v.Corrected = l.T("search.corrected", typed, r.Suggestion)
		v.Instead = &Link{Text: l.T("search.instead", typed), Href: b.href("/search", with(query, "typed", "1"))}
	case r.Suggestion != "":
		v.DidYou = &Link{
			Text: r.Suggestion, Href: b.href("/search", with(asTyped, "q", r.Suggestion)), Count: in.Counts[countKey(r.Suggestion, in.Request.Plain)],
		}
	}
	v.Also, v.Exact = r.Also, in.Request.Exact
	switch {
	case v.Exact:
		v.AlsoHref = b.href("/search", with(query, "exact", ""))
	case len(v.Also) > 0:
		v.AlsoHref = b.href("/search", with(query, "exact", "1"))
	}
}

// took writes how long a search lasted.
func (b *builder) took(d time.Duration) string {
	if d >= time.Second {
		s := strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
		if b.Lang != locale.English {
			s = strings.Replace(s, ".", ",", 1)
		}
		return b.Lang.T("search.took-s", s)
	}
	return b.Lang.T("search.took-ms", max(1, int(d/time.Millisecond)))
}

// hits are the items of the page, with the words that were found marked.
func (b *builder) hits(in SearchInput) []Item {
	stories := make(map[string]caravan.Story, len(in.Stories))
	for _, s := range in.Stories {
		stories[s.ID] = s
	}
	var items []Item
	for _, hit := range in.Result.Hits {
		s, ok := stories[hit.Story]
		if !ok {
			continue
		}
		v := b.item(s, listing{when: b.Lang.Date})
		language := s.Head.Language
		for _, at := range s.AlsoAt {
			if at.ItemID == hit.Item && hit.Item != s.Head.ID {
				language = at.Language
				v.Lang, v.Dir = attributes(language, b.Lang)
				v.Source = Link{Text: at.Title, Href: b.href("/s/"+at.Source, nil)}
				v.Details = b.href("/item/"+hit.Item, nil)
				if href := safeURL(at.URL); href != "" {
					v.Href = href
				}
			}
		}
		if len(hit.Title) > 0 {
			v.Title = typesetFragments(hit.Title, language)
		}
		if len(hit.Snippet) > 0 && s.Source.Settings.Show != caravan.ShowTitle {
			v.Excerpt = typesetFragments(hit.Snippet, language)
		}
		for _, like := range in.Similar[s.ID] {
			v.Similar = append(v.Similar, b.storyLink(like))
		}
		v.OpenLike = len(items) == 0
		items = append(items, v)
	}
	return items
}

// storyLink leads to a story's own page, its community as the note.
func (b *builder) storyLink(s caravan.Story) Link {
	link := Link{Text: b.title(s.Head), Href: b.href("/item/"+s.Head.ID, nil)}
	link.Lang, link.Dir = attributes(s.Head.Language, b.Lang)
	if len(s.Communities) > 0 {
		link.Rel = s.Communities[0].Title
	}
	return link
}

// pages lead through the ranked list.
func (b *builder) pages(in SearchInput, query url.Values) (links []Link, next string) {
	limit, page := max(1, in.Request.Limit), max(1, in.Request.Page)
	last := (min(in.Result.Total, hitsLimit) + limit - 1) / limit
	if last < 2 {
		return nil, ""
	}
	at := func(n int) string {
		return b.href("/search", with(with(query, "page", itoa(n)), "at", in.Result.At))
	}
	for n := max(1, min(page, last)-4); n <= min(last, max(page+4, 9)); n++ {
		links = append(links, Link{Text: b.Lang.Number(n), Href: at(n), Current: n == page})
	}
	if page < last {
		next = at(page + 1)
	}
	return links, next
}

// facets are the counts by field, each value a link that adds it to the filter
// or takes it out. One value alone narrows nothing and is left out.
func (b *builder) facets(in SearchInput, asked url.Values) []Facet {
	asked = spelledAs(in.Result.Facets.Tag, asked)
	titles := make(map[string]caravan.Source, len(in.Sources))
	for _, s := range in.Sources {
		titles[s.Slug] = s
	}
	var out []Facet
	for _, field := range []struct {
		name   string
		values []caravan.FacetValue
	}{
		{"community", in.Result.Facets.Community}, {"language", in.Result.Facets.Language},
		{"source", in.Result.Facets.Source}, {"tag", in.Result.Facets.Tag},
	} {
		f := Facet{ID: "f-" + field.name, Title: b.Lang.T("search.facet-" + field.name)}
		for _, value := range firstValues(field.values, asked[field.name], 10) {
			link := Link{
				Text: value.Value, Count: value.Count, Current: contains(asked[field.name], value.Value),
				Href: b.href("/search", toggle(asked, field.name, value.Value)),
			}
			switch field.name {
			case "community":
				link.Text, link.Mark = b.communityTitle(value.Value), b.mark(value.Value)
			case "language":
				link.Text = locale.Endonym(value.Value)
				link.Lang, link.Dir = attributes(value.Value, b.Lang)
			case "source":
				if s, ok := titles[value.Value]; ok {
					link.Text = s.Title
				}
			}
			f.Values = append(f.Values, link)
		}
		if len(f.Values) > 1 || len(f.Values) == 1 && f.Values[0].Current {
			out = append(out, f)
		}
	}
	return out
}

// spelledAs returns a request with its tags in the spelling that the facet has,
// so that one chosen elsewhere can be let go of here.
func spelledAs(tags []caravan.FacetValue, asked url.Values) url.Values {
	if len(asked["tag"]) == 0 {
		return asked
	}
	asked = maps.Clone(asked)
	asked["tag"] = slices.Clone(asked["tag"])
	for i, tag := range asked["tag"] {
		for _, v := range tags {
			if query.Tag.Key(v.Value) == query.Tag.Key(tag) {
				asked["tag"][i] = v.Value
			}
		}
	}
	return asked
}

// firstValues are the n largest values of a facet and those chosen.
func firstValues(values []caravan.FacetValue, chosen []string, n int) []caravan.FacetValue {
	var out []caravan.FacetValue
	for _, v := range values {
		if len(out) < n || contains(chosen, v.Value) {
			out = append(out, v)
		}
	}
	for _, value := range chosen {
		if !slices.ContainsFunc(out, func(v caravan.FacetValue) bool { return v.Value == value }) {
			out = append(out, caravan.FacetValue{Value: value})
		}
	}
	return out
}

// selected are the conditions of the filter, each a link that drops it.
func (b *builder) selected(query url.Values, in SearchInput) []Link {
	var links []Link
	for _, name := range []string{"after", "before"} {
		if value := query.Get(name); value != "" {
			links = append(links, Link{Text: b.Lang.T("home."+name, value), Href: b.href("/search", with(query, name, ""))})
		}
	}
	for _, name := range []string{"community", "source", "language", "tag"} {
		for _, value := range query[name] {
			text := value
			switch name {
			case "community":
				text = b.communityTitle(value)
			case "language":
				text = locale.Endonym(value)
			case "source":
				if i := slices.IndexFunc(in.Sources, func(s caravan.Source) bool { return s.Slug == value }); i >= 0 {
					text = in.Sources[i].Title
				}
			case "tag":
				text = "#" + value
			}
			links = append(links, Link{Text: text, Href: b.href("/search", toggle(query, name, value))})
		}
	}
	return links
}
