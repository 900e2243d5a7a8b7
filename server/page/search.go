package page

import (
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"caravan"
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
	Counts  map[string]int             // how many hits each repaired query has
}

// A Search is the search page: its form, and what it found.
type Search struct {
	Frame
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
	Also      []string
	Hits      []Item
	Pages     []Link
	Next      string
	Keep      []Feed
	Facets    []Facet
	Years     *Years
	Selected  []Link
	Loosen    []Link
	NoneText  string
	OnlyBlank bool // no query: the help stands open
}

// A Field is a hidden field of a form.
type Field struct{ Name, Value string }

// A BadQuery shows where a query cannot be understood.
type BadQuery struct {
	Message                string
	Where                  string
	Before, Mark, After    string
	Pad                    string
	Label                  string
	Repairs                []Link
	PlainHref, PlainCounts string
}

// A Facet counts what was found by one field.
type Facet struct {
	ID     string
	Title  string
	Values []Link
}

// Years is the histogram of what was found by year.
type Years struct {
	Bars       []YearBar
	From, To   string // values of the form
	Min, Max   string
	Width      int
	Clear      string
	Hidden     []Field
	FromAction string
}

// A YearBar is one year's column.
type YearBar struct {
	Label                     string
	Short                     string
	Href                      string
	In                        bool
	X, BarX, Y, Height, TextX int
}

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
	}
	for _, name := range []string{"community", "source", "language", "tag", "after", "before", "sort"} {
		for _, value := range query[name] {
			v.Hidden = append(v.Hidden, Field{name, value})
		}
	}
	if v.Asked && in.Err == nil {
		v.Keep = b.feeds("/search", with(with(query, "sort", ""), "lang", ""), l.T("search.feed-title", b.askedFor(in.Request)))
	}
	v.Frame = b.frame(title+", "+c.Site.Title, "/search")
	v.Find, v.NoIndex = false, true
	v.Frame.Feeds = append(slices.Clone(v.Keep), v.Frame.Feeds...)
	return v
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
	if r.Plain {
		query.Set("plain", "1")
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
	case r.About || r.Total > 10000:
		v.Found = l.T("search.found-about", min(r.Total, 10000))
	}
	v.Took = b.took(r.Took)
	if r.Progress > 0 && r.Progress < 1 {
		v.Notes = append(v.Notes, l.T("search.rebuilding", int(r.Progress*100)))
	}
	if r.Reranked {
		v.Notes = append(v.Notes, l.T("search.reranked"))
	}
	switch {
	case r.Corrected:
		v.Notes = append(v.Notes, l.T("search.corrected", strings.TrimSpace(in.Request.Query), r.Suggestion))
	case r.Suggestion != "":
		v.DidYou = &Link{Text: r.Suggestion, Href: b.href("/search", with(query, "q", r.Suggestion))}
	}
	v.Also = r.Also
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
	v.Facets = b.facets(in, query)
	v.Years = b.years(in, query)
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
	link := Link{Text: b.title(s.Head), Href: b.href("/item/"+s.ID, nil)}
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
	for n := max(1, page-4); n <= min(last, max(page+4, 9)); n++ {
		links = append(links, Link{Text: b.Lang.Number(n), Href: at(n), Current: n == page})
	}
	if page < last {
		next = at(page + 1)
	}
	return links, next
}

// facets are the counts by field, each value a link that adds it to the filter
// or takes it out. One value alone narrows nothing and is left out.
func (b *builder) facets(in SearchInput, query url.Values) []Facet {
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
		for _, value := range firstValues(field.values, query[field.name], 10) {
			link := Link{
				Text: value.Value, Count: value.Count, Current: contains(query[field.name], value.Value),
				Href: b.href("/search", toggle(query, field.name, value.Value)),
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

// nothing explains an empty result and offers the query with one condition less.
func (b *builder) nothing(v *Search, in SearchInput, query url.Values) {
	l := b.Lang
	v.NoneText = l.T("search.none-text")
	for _, r := range in.Result.Relaxed {
		if r.Total == 0 {
			continue
		}
		q := values(r.Filter)
		if r.Query != "" {
			q.Set("q", r.Query)
		}
		text := l.T("search.without", r.Dropped)
		if r.Dropped == "" {
			text = l.T("search.any-word")
		}
		v.Loosen = append(v.Loosen, Link{Text: text, Href: b.href("/search", q), Count: r.Total})
	}
	if len(v.Loosen) > 0 {
		v.NoneText = l.T("search.none-loosen")
	}
}

// badQuery shows the mistake in a query, 20 characters on either side of it.
func (b *builder) badQuery(in SearchInput) *BadQuery {
	const around = 20
	l, e := b.Lang, in.Err
	runes := []rune(e.Query)
	if e.Query == "" {
		runes = []rune(in.Request.Query)
	}
	at := min(max(0, e.Position), len(runes))
	from, to := max(0, at-around), min(len(runes), at+1+around)
	bad := &BadQuery{Message: l.Said(string(e.Code), e.Args, locale.Capital(e.Message)), Where: l.T("search.at-character", at+1)}
	bad.Before = oneLine(string(runes[from:at]))
	if from > 0 {
		bad.Before = "…" + bad.Before
	}
	if at < len(runes) {
		bad.Mark = oneLine(string(runes[at]))
		bad.After = oneLine(string(runes[at+1 : to]))
	}
	if to < len(runes) {
		bad.After += "…"
	}
	bad.Pad = strings.Repeat(" ", len([]rune(bad.Before)))
	bad.Label = l.T("search.caret-label", at+1)
	query := b.searchValues(in.Request)
	for _, repair := range e.Repairs {
		bad.Repairs = append(bad.Repairs, Link{Text: repair, Href: b.href("/search", with(query, "q", repair)), Count: in.Counts[repair]})
	}
	bad.PlainHref = b.href("/search", with(query, "plain", "1"))
	return bad
}

// oneLine keeps a piece of a query on one line without changing its length.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
}

// years makes the histogram: eleven columns at most, wider spans beyond.
func (b *builder) years(in SearchInput, query url.Values) *Years {
	counts := map[int]int{}
	for _, v := range in.Result.Facets.Year {
		if y, err := strconv.Atoi(v.Value); err == nil && y > 1970 {
			counts[y] += v.Count
		}
	}
	from, to := yearsOf(in.Request.Filter)
	if len(counts) == 0 || len(counts) == 1 && from == 0 {
		return nil
	}
	all := make([]int, 0, len(counts))
	for y := range counts {
		all = append(all, y)
	}
	sort.Ints(all)
	first, last := all[0], all[len(all)-1]
	step := 1
	for _, s := range []int{1, 2, 5, 10, 25} {
		step = s
		if (last-first/s*s)/s+1 <= 11 {
			break
		}
	}
	first = first / step * step
	v := &Years{From: itoa(first), To: itoa(last), Min: itoa(first), Max: itoa(last)}
	if from > 0 {
		v.From, v.To = itoa(max(from, first)), itoa(min(to, last))
		v.Clear = b.href("/search", with(with(query, "after", ""), "before", ""))
	}
	v.Bars = b.yearBars(yearSpan{first, last, step, from, to}, counts, query)
	v.Width = max(264, 24*len(v.Bars))
	v.FromAction = b.Root + "/search"
	for _, name := range []string{"q", "community", "source", "language", "tag", "sort", "plain"} {
		for _, value := range query[name] {
			v.Hidden = append(v.Hidden, Field{name, value})
		}
	}
	return v
}

// A yearSpan is what a histogram covers and what of it is chosen; from is 0
// when no years are.
type yearSpan struct{ first, last, step, from, to int }

// yearBars draws the columns. Without a range a column sets its span; with one
// span set another column makes the range; a range starts again.
func (b *builder) yearBars(s yearSpan, counts map[int]int, query url.Values) []YearBar {
	var heights []int
	for y := s.first; y <= s.last; y += s.step {
		n := 0
		for i := range s.step {
			n += counts[y+i]
		}
		heights = append(heights, n)
	}
	top := most(heights)
	var bars []YearBar
	for i, n := range heights {
		y := s.first + i*s.step
		end := y + s.step - 1
		from, to := y, end
		if s.from > 0 && s.to-s.from < s.step {
			from, to = min(s.from, y), max(s.to, end)
		}
		h := max(1, scale(n, top, 58))
		label := itoa(y)
		if s.step > 1 {
			label += "–" + itoa(end)
		}
		q := with(with(query, "after", itoa(from)+"-01-01"), "before", itoa(to+1)+"-01-01")
		bars = append(bars, YearBar{
			Label: b.Lang.T("search.year-label", label, n), Short: "’" + itoa(y)[2:], Href: b.href("/search", q),
			In: s.from == 0 || end >= s.from && y <= s.to,
			X:  24 * i, BarX: 24*i + 3, Y: 64 - h, Height: h, TextX: 24*i + 12,
		})
	}
	return bars
}

// yearsOf returns the years a filter is bounded by, or zeros.
func yearsOf(f caravan.Filter) (from, to int) {
	if f.After.IsZero() && f.Before.IsZero() {
		return 0, 0
	}
	from, to = 1, 9999
	if !f.After.IsZero() {
		from = f.After.Year()
	}
	if !f.Before.IsZero() {
		to = f.Before.Add(-time.Nanosecond).Year()
	}
	return from, to
}
