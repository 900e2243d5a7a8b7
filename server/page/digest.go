package page

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// A Period is the stretch of time that a digest covers: a month or an ISO week,
// by the days of a zone.
type Period struct {
	Name  string // as addresses have it: "2026-11", "2026-W47"
	Start time.Time
	End   time.Time // exclusive
	Week  int       // of an ISO week; 0 for a month
}

// ParsePeriod reads the name of a month or an ISO week.
func ParsePeriod(name string, zone *time.Location) (Period, error) {
	if year, week, ok := strings.Cut(name, "-W"); ok && len(year) == 4 && len(week) == 2 {
		y, err1 := strconv.Atoi(year)
		w, err2 := strconv.Atoi(week)
		if err1 != nil || err2 != nil || y < 1970 || w < 1 || w > 53 {
			return Period{}, fmt.Errorf("week %q: %w", name, caravan.ErrInvalid)
		}
		p := weekOf(time.Date(y, 1, 4, 0, 0, 0, 0, zone).AddDate(0, 0, 7*(w-1)))
		if p.Name != name {
			return Period{}, fmt.Errorf("week %q: %w", name, caravan.ErrInvalid)
		}
		return p, nil
	}
	start, err := time.ParseInLocation("2006-01", name, zone)
	if err != nil || start.Year() < 1970 {
		return Period{}, fmt.Errorf("month %q: %w", name, caravan.ErrInvalid)
	}
	return monthOf(start), nil
}

// monthOf is the month of t in its own zone.
func monthOf(t time.Time) Period {
	start := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
	return Period{Name: start.Format("2006-01"), Start: start, End: start.AddDate(0, 1, 0)}
}

// weekOf is the ISO week of t in its own zone.
func weekOf(t time.Time) Period {
	monday := day(t).AddDate(0, 0, -(int(t.Weekday())+6)%7)
	year, week := monday.ISOWeek()
	return Period{Name: fmt.Sprintf("%04d-W%02d", year, week), Start: monday, End: monday.AddDate(0, 0, 7), Week: week}
}

// Month is the month of t in its own zone, Week its ISO week.
func Month(t time.Time) Period { return monthOf(t) }

// Week is the ISO week of t in its own zone.
func Week(t time.Time) Period { return weekOf(t) }

// Before is the period that comes before p, After the one after it.
func (p Period) Before() Period { return p.of(p.Start.AddDate(0, 0, -1)) }

// After is the period that comes after p.
func (p Period) After() Period { return p.of(p.End) }

// of is the period of p's kind that t lies in.
func (p Period) of(t time.Time) Period {
	if p.Week > 0 {
		return weekOf(t)
	}
	return monthOf(t)
}

// Filter narrows f to the period.
func (p Period) Filter(f caravan.Filter) caravan.Filter {
	f.After, f.Before = p.Start, p.End
	return f
}

// DigestInput is what a digest is made from.
type DigestInput struct {
	Period    Period
	Community *caravan.Community // nil for all
	Language  string             // primary subtag; empty for all
	Stories   []caravan.Story    // of the period, newest first
	Linked    []caravan.Story    // that others linked to in the period, whenever published, most linked first
	LinkedIn  map[string]int     // in how many languages they did, by the id of the story
	Sources   []caravan.Source
	More      bool // there were more stories than are given
	Earlier   bool // there is something to read from before the period
}

// A Digest is what a month or a week brought, to be read at one sitting.
type Digest struct {
	Frame
	Issue        string
	Heading      string
	Opening      string
	Procession   []Walker
	TopTitle     string
	Top          []Pick // most linked by other communities; of none, published in several places
	Groups       []Group
	Others       []Pick // one line for each further community
	Joined       []Link
	Left         []Link
	Email        string // address of the e-mail form
	Text         string // address of the plain text
	FeedHref     string
	FeedAbsolute string
	Previous     *Link
	Following    *Link
	Other        *Link // from the month to its newest week, from the week to its month
	Permalink    string
	SiteHref     string
}

// A Group is a community's part of a digest.
type Group struct {
	ID    string
	Title string
	Mark  *Mark
	Hue   string // colour for e-mail
	Count string
	Href  string
	Picks []Pick
}

// A Pick is one story in a digest.
type Pick struct {
	Item
	Rank   int    // among the most linked, from 1; 0 for others
	Where  string // its community
	Note   string // author, minutes, or how often it is linked
	Spoken string // "in French"; empty when that is the language of the digest
}

// Placed is what stands under a pick where its community does not stand above
// it: "Nesta. Ada N. Linked by 5 communities."
func (p Pick) Placed() string { return joined(". ", p.Where, p.Note) }

// Noted is what stands under a pick within its community's part, its language
// in words: "Ada N., 5 min, in French".
func (p Pick) Noted() string { return joined(", ", p.Note, p.Spoken) }

// joined puts the texts that are not empty together.
func joined(between string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), between)
}

// Brief is the excerpt of a pick at the length of a letter.
func (p Pick) Brief() []caravan.Fragment {
	return []caravan.Fragment{{Text: firstWords(fragmentText(p.Excerpt), 30)}}
}

// How much a digest shows.
const (
	digestTop    = 5  // stories that are linked most, or published in several places
	digestGroups = 10 // communities with a part of their own
	digestPicks  = 3  // stories of each
	quietMonth   = 5  // with fewer it is a quiet one
)

// Digest makes the digest of a period. What other communities linked to leads;
// where nobody linked to anything, what several sources published does, for that
// too says what others found worth passing on. Then each community speaks, the
// most active first, its most linked stories first. No story stands twice.
func (c Context) Digest(in DigestInput) Digest {
	b := c.builder()
	path := digestPath(in)
	v := Digest{Permalink: c.BaseURL + path + b.languageQuery(in), SiteHref: c.BaseURL + "/", Issue: b.issue(in), FeedHref: c.Root + "/digest.atom" + b.languageQuery(in), FeedAbsolute: c.BaseURL + "/digest.atom" + b.languageQuery(in)}
	v.Heading = b.digestHeading(in)
	v.Opening = b.digestOpening(in)
	count, byCommunity := b.grouped(in.Stories)
	if in.Community == nil {
		v.Procession = b.procession(count, "digest.nothing")
		v.Procession = slices.DeleteFunc(v.Procession, func(w Walker) bool { return w.Off })
	}
	used := map[string]bool{}
	v.TopTitle, v.Top = c.Lang.T("digest.linked"), b.mostLinked(in, used)
	if len(v.Top) == 0 {
		v.TopTitle, v.Top = c.Lang.T("digest.top"), b.top(in.Stories, used)
	} else if len(in.Stories) > 0 {
		v.Opening += " " + c.Lang.T("digest.opening-linked")
	}
	v.Opening += b.firstPeriod(in)
	b.groups(&v, in, count, byCommunity, used)
	v.Joined, v.Left = b.comings(in)
	b.digestLinks(&v, in, path)
	v.Frame = b.frame(v.Heading+": "+v.Issue+", "+c.Site.Title, "digest")
	v.Description = v.Opening
	v.Frame.Feeds = append([]Feed{{Name: "Atom", Type: "application/atom+xml", Href: v.FeedHref, Title: c.DigestFeedTitle(in.Language)}}, v.Frame.Feeds...)
	v.Graph = &Graph{Type: "article", Title: v.Heading + ": " + v.Issue, URL: v.Permalink, Published: stamp(in.Period.End), Language: string(c.Lang), Publisher: c.Site.Title}
	v.Canonical = v.Permalink
	return v
}

// DigestFeedTitle names the feed of the digests of a language, empty for those of
// all.
func (c Context) DigestFeedTitle(language string) string {
	title := c.Lang.T("digest.feed-title", c.Site.Title)
	if language != "" {
		title += ", " + c.Lang.T("digest.spoken", c.languageName(language))
	}
	return title
}

// digestLinks fills in the links to the other forms of a digest and to the
// periods beside it.
func (b *builder) digestLinks(v *Digest, in DigestInput, path string) {
	query := url.Values{}
	if in.Language != "" {
		query.Set("language", in.Language)
	}
	v.Email, v.Text = b.href(path, with(query, "format", "email")), b.href(path, with(query, "format", "text"))
	link := func(p Period) *Link {
		return &Link{Text: b.periodName(p), Href: b.href(strings.Replace(path, in.Period.Name, p.Name, 1), query)}
	}
	now := b.Now.In(in.Period.Start.Location())
	if in.Earlier {
		v.Previous = link(in.Period.Before())
	}
	if next := in.Period.After(); !next.Start.After(now) {
		v.Following = link(next)
	}
	last := in.Period.End.AddDate(0, 0, -1)
	if last.After(now) {
		last = now
	}
	v.Other = link(weekOf(last))
	if in.Period.Week > 0 {
		v.Other = link(monthOf(in.Period.Start.AddDate(0, 0, 3))) // most of its days lie there
	}
}

// digestPath is the address of a digest below the root.
func digestPath(in DigestInput) string {
	path := "/digest/" + in.Period.Name
	if in.Community != nil {
		path = "/c/" + in.Community.Slug + path
	}
	return path
}

func (b *builder) languageQuery(in DigestInput) string {
	if in.Language == "" {
		return ""
	}
	return "?language=" + url.QueryEscape(in.Language)
}

// periodName names a period in a link.
func (b *builder) periodName(p Period) string {
	if p.Week > 0 {
		return b.Lang.T("digest.week-short", p.Week)
	}
	return locale.Capital(b.Lang.MonthName(p.Start))
}

// issue names a period with its year, and the language if it is of one.
func (b *builder) issue(in DigestInput) string {
	p := in.Period
	name := locale.Capital(b.Lang.Month(p.Start))
	if p.Week > 0 {
		name = b.Lang.T("digest.week", p.Week, b.Lang.DayMonth(p.Start), b.Lang.Date(p.End.AddDate(0, 0, -1)))
	}
	if in.Language != "" {
		name += ", " + b.Lang.T("digest.spoken", b.languageName(in.Language))
	}
	return name
}

func (b *builder) digestHeading(in DigestInput) string {
	key := "digest.heading-month"
	if in.Period.Week > 0 {
		key = "digest.heading-week"
	}
	if in.Community != nil {
		return b.Lang.T(key+"-at", in.Community.Title)
	}
	return b.Lang.T(key)
}

// digestOpening says in a sentence what came.
func (b *builder) digestOpening(in DigestInput) string {
	l, n := b.Lang, len(in.Stories)
	if n == 0 {
		return l.T("digest.opening-none")
	}
	communities, languages := map[string]bool{}, map[string]int{}
	for _, s := range in.Stories {
		if len(s.Communities) > 0 {
			communities[s.Communities[0].Slug] = true
		}
		if p := locale.Primary(s.Head.Language); p != "" {
			languages[p]++
		}
	}
	text := l.T("digest.opening", n, len(communities))
	if in.Community != nil || len(communities) < 2 {
		text = l.T("digest.opening-one", n)
	}
	if in.More {
		text = l.T("digest.opening-more", n)
	}
	if len(languages) > 1 {
		text = l.T("digest.languages", text, b.languageList(languages))
	} else {
		text += "."
	}
	if n < quietMonth {
		quiet := "digest.quiet-month"
		if in.Period.Week > 0 {
			quiet = "digest.quiet-week"
		}
		text = l.T(quiet) + " " + text
	}
	return text
}

// firstPeriod is a sentence more where caravan began to read in the period: what
// is older came with the back catalogues.
func (b *builder) firstPeriod(in DigestInput) string {
	var began time.Time
	for _, s := range in.Sources {
		if !s.FirstSeen.IsZero() && (began.IsZero() || s.FirstSeen.Before(began)) {
			began = s.FirstSeen
		}
	}
	switch {
	case began.Before(in.Period.Start) || !began.Before(in.Period.End):
		return ""
	case in.Period.Week > 0:
		return " " + b.Lang.T("digest.first-week")
	}
	return " " + b.Lang.T("digest.first-month")
}

// languageList writes "119 in English, 34 in Spanish and 25 in Portuguese".
func (b *builder) languageList(count map[string]int) string {
	tags := make([]string, 0, len(count))
	for tag := range count {
		tags = append(tags, tag)
	}
	slices.SortFunc(tags, func(x, y string) int { return cmp.Or(cmp.Compare(count[y], count[x]), cmp.Compare(x, y)) })
	parts := make([]string, len(tags))
	for i, tag := range tags {
		parts[i] = b.Lang.T("digest.in-language", count[tag], b.languageName(tag))
	}
	return b.join(parts)
}

// join writes "a, b and c".
func (c Context) join(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return c.Lang.T("digest.and", strings.Join(parts[:last], ", "), parts[last])
}

// grouped counts stories by their first community and lists them.
func (b *builder) grouped(stories []caravan.Story) (count map[string]int, by map[string][]caravan.Story) {
	count, by = map[string]int{}, map[string][]caravan.Story{}
	for _, s := range stories {
		if len(s.Communities) == 0 {
			continue
		}
		slug := s.Communities[0].Slug
		count[slug]++
		by[slug] = append(by[slug], s)
	}
	return count, by
}

// mostLinked are the stories that other communities linked to.
func (b *builder) mostLinked(in DigestInput, used map[string]bool) []Pick {
	var picks []Pick
	for _, s := range in.Linked {
		if s.LinkedBy == 0 || len(picks) == digestTop {
			continue
		}
		p := b.pick(s)
		p.Note = b.Lang.T("digest.linked-by", s.LinkedBy)
		if n := in.LinkedIn[s.ID]; n > 1 {
			p.Note = b.Lang.T("digest.linked-in", s.LinkedBy, n)
		}
		if p.Authors != "" {
			p.Note = p.Authors + ". " + p.Note
		}
		if at := s.SortAt; at.Before(in.Period.Start) || !at.Before(in.Period.End) {
			p.Note += " " + b.Lang.T("digest.published", b.date(at))
		}
		used[s.ID] = true
		p.Rank = len(picks) + 1
		picks = append(picks, p)
	}
	return picks
}

// top are the stories that most places published.
func (b *builder) top(stories []caravan.Story, used map[string]bool) []Pick {
	wide := slices.DeleteFunc(slices.Clone(stories), func(s caravan.Story) bool { return len(s.AlsoAt) == 0 })
	slices.SortStableFunc(wide, func(x, y caravan.Story) int { return cmp.Compare(len(y.AlsoAt), len(x.AlsoAt)) })
	var picks []Pick
	for _, s := range wide[:min(digestTop, len(wide))] {
		p := b.pick(s)
		p.Note = b.Lang.T("digest.places", len(s.AlsoAt)+1)
		if p.Authors != "" {
			p.Note = p.Authors + ". " + p.Note
		}
		used[s.ID] = true
		p.Rank = len(picks) + 1
		picks = append(picks, p)
	}
	return picks
}

// pick is one story with its note. Its language is told where it is not that of
// the digest.
func (b *builder) pick(s caravan.Story) Pick {
	p := Pick{Item: b.item(s, listing{when: b.date})}
	if len(s.Communities) > 0 {
		p.Where = s.Communities[0].Title
	}
	switch language := locale.Primary(s.Head.Language); language {
	case "":
	case string(b.Lang):
		p.Badge = ""
	default:
		p.Spoken = b.Lang.T("digest.spoken", b.languageName(language))
	}
	if strings.HasPrefix(p.Href, "/") { // a digest leaves the site
		p.Href = strings.TrimSuffix(b.BaseURL, b.Root) + p.Href
	}
	p.Note = p.Authors
	if p.Minutes != "" {
		if p.Note != "" {
			p.Note += ", "
		}
		p.Note += p.Minutes
	}
	return p
}

// digestCount says how many stories came in a period.
func (b *builder) digestCount(p Period, n int) string {
	if p.Week > 0 {
		return b.Lang.T("digest.count-week", n)
	}
	return b.Lang.T("digest.count-month", n)
}

// mailHues are the hues of the marks as e-mail needs them, written out.
var mailHues = [...]string{"#3d37c9", "#c8401a", "#0b7d74", "#9c6300", "#8a2a78", "#1674b2", "#557211", "#b3123f", "#4d5a70", "#7b4a2d"}

// groups lets the communities speak: the most active at length, the others with
// a line each.
func (b *builder) groups(v *Digest, in DigestInput, count map[string]int, by map[string][]caravan.Story, used map[string]bool) {
	ranked := slices.Clone(b.Communities)
	slices.SortStableFunc(ranked, func(x, y caravan.Community) int { return cmp.Compare(count[y.Slug], count[x.Slug]) })
	picks := digestPicks
	if in.Community != nil {
		picks = 5 * digestPicks
	}
	for _, community := range ranked {
		fresh := slices.DeleteFunc(slices.Clone(by[community.Slug]), func(s caravan.Story) bool { return used[s.ID] })
		if len(fresh) == 0 {
			continue
		}
		slices.SortStableFunc(fresh, func(x, y caravan.Story) int { return cmp.Compare(y.LinkedBy, x.LinkedBy) })
		if len(v.Groups) == digestGroups {
			v.Others = append(v.Others, b.pick(fresh[0]))
			continue
		}
		g := Group{
			ID: "g-" + community.Slug, Title: community.Title, Mark: b.mark(community.Slug), Count: b.digestCount(in.Period, count[community.Slug]),
			Href: b.href("/", values(in.Period.Filter(caravan.Filter{Communities: []string{community.Slug}}))),
			Hue:  mailHues[(community.Hue%10+10)%10],
		}
		for _, s := range fresh[:min(picks, len(fresh))] {
			g.Picks = append(g.Picks, b.pick(s))
		}
		v.Groups = append(v.Groups, g)
	}
}

// comings are the sources that joined in the period and those that ended.
func (b *builder) comings(in DigestInput) (joined, left []Link) {
	within := func(t time.Time) bool { return !t.IsZero() && !t.Before(in.Period.Start) && t.Before(in.Period.End) }
	for _, s := range in.Sources {
		if in.Community != nil && !slices.ContainsFunc(s.Communities, func(c caravan.CommunityRef) bool { return c.Slug == in.Community.Slug }) {
			continue
		}
		if within(s.FirstSeen) {
			joined = append(joined, b.sourceLink(s))
		}
		if st := SourceStatus(s, b.Now); st.Code == StatusGone && within(st.Since) {
			left = append(left, b.sourceLink(s))
		}
	}
	if len(joined) > digestGroups { // a new planet: everybody joined
		joined = nil
	}
	return joined, left
}
