package page

import (
	"net/url"
	"slices"
	"sort"

	"caravan"
)

// SourcesInput is what the page of all sources is made from.
type SourcesInput struct {
	Sources  []caravan.Source
	List     caravan.ListState
	Progress float64 // of a rebuild of the index; 1 or 0 when none runs
	State    string  // show only these; empty for all
	Sort     string  // name, community, state, last, next or items
	Page     int     // of the table, from 1
}

// A Sources is the page of all sources and their states.
type Sources struct {
	Frame
	Heading  string
	Read     string
	Mistakes *Link
	Notes    []string
	Tally    []Tally
	Care     []CareLine
	Problems []ProblemLine
	Pending  []string
	Broken   string
	Columns  []Column
	Rows     []SourceRow
	Pages    []Link
	Filtered *Link
	Folders  []Folder
	Empty    bool
}

// A Tally counts the sources of one state.
type Tally struct {
	Href    string
	Count   string
	State   State
	Current bool
}

// A CareLine is a source that needs a curator.
type CareLine struct {
	State    State
	Since    string
	Source   Link
	Sentence string
	Advice   string
	Old, New string // the address in the list, and what to write instead
}

// A ProblemLine is a mistake in the source list.
type ProblemLine struct {
	Where string
	Text  string
	Error bool

	Line                int    // 0 where there is no line to show
	Before, Mark, After string // the line, parted at the problem
}

// A Column is a column of the table.
type Column struct {
	Text  string
	Href  string
	Sort  string // aria-sort; empty when the table is not sorted by it
	Right bool
}

// A SourceRow is a row of the table.
type SourceRow struct {
	Source    Link
	Format    string
	Community string
	State     State
	Last      string
	Next      string
	Items     string
}

// A Folder is a community with its sources, as the list of communities has it.
type Folder struct {
	Link
	Note string
}

// rowsShown is how many sources the table has on a page.
const rowsShown = 100

// Sources makes the page of all sources.
func (c Context) Sources(in SourcesInput) Sources {
	b := c.builder()
	l := c.Lang
	statuses := make(map[string]Status, len(in.Sources))
	count := map[Code]int{}
	care, well := 0, 0
	for _, s := range in.Sources {
		st := SourceStatus(s, c.Now)
		statuses[s.Slug] = st
		count[st.Code]++
		if st.Care() {
			care++
		}
		if st.Well() {
			well++
		}
	}
	v := Sources{Heading: b.sourcesHeading(in, well, care), Read: b.readFrom(in.List), Empty: len(in.Sources) == 0}
	if n := len(in.List.Problems); n > 0 {
		v.Mistakes = &Link{Text: l.T("sources.mistakes", n), Href: "#opml"}
	}
	if in.Progress > 0 && in.Progress < 1 {
		v.Notes = append(v.Notes, l.T("search.rebuilding", int(in.Progress*100)))
	}
	for _, code := range []Code{StatusFresh, StatusQuiet, StatusNew, StatusFailing, StatusBlocked, StatusMoved, StatusGone, StatusPaused} {
		if count[code] == 0 {
			continue
		}
		st := Status{Code: code}
		v.Tally = append(v.Tally, Tally{
			Href: b.href("/sources", with(nil, "state", string(code))) + "#all", Count: l.Number(count[code]),
			State: b.state(st), Current: in.State == string(code),
		})
	}
	v.Care = b.careLines(in.Sources, statuses)
	b.listProblems(&v, in.List)
	b.table(&v, in, statuses)
	for _, community := range c.Communities {
		v.Folders = append(v.Folders, Folder{
			Link: Link{Text: community.Title, Href: b.href("/c/"+community.Slug, nil), Mark: b.mark(community.Slug)},
			Note: b.folderNote(community),
		})
	}
	v.Frame = b.frame(v.Heading+" "+c.Site.Title, "/sources")
	v.Frame.Feeds = append([]Feed{{Name: "Atom", Type: "application/atom+xml", Href: c.Root + "/sources.atom", Title: l.T("sources.events")}}, v.Frame.Feeds...)
	v.NoIndex = in.State != "" || in.Sort != "" || in.Page > 1
	return v
}

// sourcesHeading says in a sentence how the sources are.
func (b *builder) sourcesHeading(in SourcesInput, well, care int) string {
	n := len(in.Sources)
	switch {
	case in.List.Broken:
		return b.Lang.T("sources.heading-broken")
	case n == 0:
		return b.Lang.T("sources.heading-none")
	case well == n:
		return b.Lang.T("sources.heading-well", n)
	case care == 0:
		return b.Lang.T("sources.heading-retry", well, n, n-well)
	}
	return b.Lang.T("sources.heading", well, n, care)
}

// readFrom says when the list was taken over.
func (b *builder) readFrom(list caravan.ListState) string {
	if list.AppliedAt.IsZero() {
		return ""
	}
	return b.Lang.T("sources.read", b.moment(list.AppliedAt))
}

func (b *builder) folderNote(c caravan.Community) string {
	if c.Sources == 0 {
		return b.Lang.T("sources.no-feed")
	}
	return b.Lang.T("sources.folder", c.Sources, c.Items)
}

// careLines are the sources that need a curator, the longest failing first
// within each state.
func (b *builder) careLines(sources []caravan.Source, statuses map[string]Status) []CareLine {
	var needy []caravan.Source
	for _, s := range sources {
		if statuses[s.Slug].Care() {
			needy = append(needy, s)
		}
	}
	rank := map[Code]int{}
	for i, code := range Codes() {
		rank[code] = i
	}
	sort.SliceStable(needy, func(i, j int) bool {
		a, z := statuses[needy[i].Slug], statuses[needy[j].Slug]
		if a.Code != z.Code {
			return rank[a.Code] < rank[z.Code]
		}
		return a.Since.Before(z.Since)
	})
	var lines []CareLine
	for _, s := range needy {
		st := statuses[s.Slug]
		line := CareLine{State: b.state(st), Source: b.sourceLink(s), Sentence: st.Sentence(b.Lang), Advice: st.Advice(b.Lang)}
		if !st.Since.IsZero() {
			line.Since = b.Lang.T("sources.since", b.date(st.Since))
		}
		switch st.Key {
		case "status.moved":
			line.Old, line.New = caravan.RedactURL(s.ListURL), caravan.RedactURL(s.URL)
		case "status.gone":
			line.Old = caravan.RedactURL(s.ListURL)
		}
		lines = append(lines, line)
	}
	return lines
}

// listProblems fills in what is wrong with the source list.
func (b *builder) listProblems(v *Sources, list caravan.ListState) {
	l := b.Lang
	for _, p := range list.Problems {
		line := ProblemLine{Text: p.Message, Error: p.Severity == caravan.SeverityError}
		switch {
		case p.Line > 0 && p.Column > 1:
			line.Where = l.T("sources.line-column", p.Line, p.Column)
		case p.Line > 0:
			line.Where = l.T("sources.line", p.Line)
		default:
			line.Where = l.T("sources.whole")
		}
		if p.Line > 0 && p.Text != "" {
			line.Line = p.Line
			line.Before, line.Mark, line.After = atMark(p.Text, p.At)
		}
		v.Problems = append(v.Problems, line)
	}
	if list.Broken && !list.AppliedAt.IsZero() {
		v.Broken = l.T("sources.broken", b.moment(list.AppliedAt))
	}
	for _, address := range list.Pending {
		v.Pending = append(v.Pending, caravan.RedactURL(address))
	}
}

// atMark parts a line at its character number at, from 1. A problem at the first
// one is about the whole line, and marks nothing; where the line ends, the place
// is marked by what might stand there.
func atMark(text string, at int) (before, mark, after string) {
	line := []rune(text)
	switch {
	case at <= 1 || at > len(line)+1:
		return text, "", ""
	case at == len(line)+1:
		return text, "_", ""
	case line[at-1] == ' ':
		return string(line[:at-1]), "_", string(line[at:])
	}
	return string(line[:at-1]), string(line[at-1 : at]), string(line[at:])
}

// table fills in the table of all sources.
func (b *builder) table(v *Sources, in SourcesInput, statuses map[string]Status) {
	l := b.Lang
	by := in.Sort
	if by == "" {
		by = "state"
	}
	query := with(nil, "state", in.State)
	for _, name := range []string{"name", "community", "state", "last", "next", "items"} {
		column := Column{Text: l.T("sources.column-" + name), Right: name == "items", Href: b.href("/sources", with(query, "sort", name)) + "#all"}
		if name == by {
			column.Sort = "ascending"
			if name == "items" || name == "last" {
				column.Sort = "descending"
			}
		}
		v.Columns = append(v.Columns, column)
	}
	rows := slices.Clone(in.Sources)
	if in.State != "" {
		rows = slices.DeleteFunc(rows, func(s caravan.Source) bool { return string(statuses[s.Slug].Code) != in.State })
		v.Filtered = &Link{Text: l.T("sources.show-all"), Href: b.href("/sources", nil) + "#all"}
	}
	sortSources(rows, by, statuses)
	page := min(max(1, in.Page), max(1, (len(rows)+rowsShown-1)/rowsShown))
	v.Pages = b.tablePages(len(rows), page, with(query, "sort", in.Sort))
	from := (page - 1) * rowsShown
	for _, s := range rows[from:min(len(rows), from+rowsShown)] {
		v.Rows = append(v.Rows, b.row(s, statuses[s.Slug]))
	}
}

func (b *builder) tablePages(n, page int, query url.Values) []Link {
	if n <= rowsShown {
		return nil
	}
	var links []Link
	for p := 1; (p-1)*rowsShown < n; p++ {
		links = append(links, Link{Text: b.Lang.Number(p), Href: b.href("/sources", with(query, "page", itoa(p))) + "#all", Current: p == page})
	}
	return links
}

// sortSources orders sources for the table; equal ones keep the list's order.
func sortSources(rows []caravan.Source, by string, statuses map[string]Status) {
	rank := map[Code]int{}
	for i, code := range Codes() {
		rank[code] = i
	}
	first := func(s caravan.Source) string {
		if len(s.Communities) == 0 {
			return ""
		}
		return s.Communities[0].Title
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, z := rows[i], rows[j]
		switch by {
		case "name":
			return caravan.Fold(a.Title) < caravan.Fold(z.Title)
		case "community":
			return caravan.Fold(first(a)) < caravan.Fold(first(z))
		case "last":
			return a.State.LastPoll.After(z.State.LastPoll)
		case "next":
			return a.State.NextPoll.Before(z.State.NextPoll)
		case "items":
			return a.Items > z.Items
		}
		return rank[statuses[a.Slug].Code] < rank[statuses[z.Slug].Code]
	})
}

// row is one source in the table.
func (b *builder) row(s caravan.Source, st Status) SourceRow {
	l := b.Lang
	r := SourceRow{Source: b.sourceLink(s), Format: formatName(s.Feed.Format), State: b.state(st), Items: l.Number(s.Items)}
	if len(s.Communities) > 0 {
		r.Community = s.Communities[0].Title
	}
	r.Last = l.T("sources.not-yet")
	if !s.State.LastPoll.IsZero() {
		r.Last = l.Ago(s.State.LastPoll, b.Now)
	}
	switch {
	case s.Settings.Paused:
		r.Next = l.T("source.paused")
	case s.State.NextPoll.IsZero() && !s.State.LastPoll.IsZero():
		r.Next = l.T("source.never")
	default:
		r.Next = l.Until(s.State.NextPoll, b.Now)
	}
	return r
}
