// Package page makes what the pages say: from caravan's values to views that
// the templates print as they stand. Every function here is pure, with the
// language, the clock and the zone passed in, so that a whole page can be
// tested as a value. The words of the interface are those of package locale.
package page

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// A Context is what every page of one request knows.
type Context struct {
	Lang   locale.Lang
	Chosen bool // the language was asked for, and is kept in links
	Now    time.Time
	Zone   *time.Location
	Path   string     // of the request, below Root
	Query  url.Values // of the request

	BaseURL string // of the site, without a slash at the end
	Root    string // its path, likewise: what addresses on this site begin with
	Site    Site
	Demo    bool
	Offline time.Time // since when caravan has no network; zero while it has

	Communities []caravan.Community // all of them, in list order
}

// A Site is what the operator says of the planet as a whole.
type Site struct {
	Name    string // the word in the head; "caravan" unless a theme says otherwise
	Title   string // of the planet, as the source list says
	Tagline string // empty for caravan's own
	Logo    string // address of a picture of the site's own; empty for caravan's
	Theme   string // address of a stylesheet of its own; empty for none
}

// A Link is a word that leads somewhere.
type Link struct {
	Text    string
	Href    string
	Lang    string // attribute, when it differs from the page's
	Dir     string // attribute, likewise
	Current bool
	Count   int
	Mark    *Mark
	Rel     string
}

// A Feed is one feed of a page: for autodiscovery, for the subscribe box.
type Feed struct {
	Name    string // "Atom"
	Type    string // media type
	Title   string
	Href    string
	Shown   string // its address as it is read out, or words about it
	CopyAlt string // "Copy the Atom address"
}

// TypeAttribute is the media type as an attribute in full. A template would
// write its plus sign as a reference, which programs that look for feeds with
// less than a parser of HTML do not know.
func (f Feed) TypeAttribute() template.HTMLAttr {
	return template.HTMLAttr(`type="` + template.HTMLEscapeString(f.Type) + `"`)
}

// A Frame is the part of a view that every page has.
type Frame struct {
	PageLang    locale.Lang
	Title       string // of the document
	Description string
	Site        Site
	Home        string
	Nav         []Link
	Find        bool // the search box in the head
	FindAction  string
	KeepLang    string // value of the hidden field lang of forms; empty for none
	Languages   []Link
	Feeds       []Feed // autodiscovery
	OpenSearch  string
	Canonical   string
	NoIndex     bool
	Graph       *Graph
	Symbols     []Symbol // that stand at the top of the page
	FootFeeds   []Link
	AboutHref   string
	SourcesHref string
	Zone        string
	Demo        bool
	Offline     string // one sentence; empty while there is a network
}

// A Graph is what a page tells those who link to it (Open Graph, schema.org).
type Graph struct {
	Type      string // "article" or "website"
	Title     string
	URL       string
	Published string // RFC 3339; empty for none
	Modified  string
	Author    []string
	Language  string
	Original  string
	Publisher string
}

// builder gathers, while a view is made, the symbols that it uses.
type builder struct {
	Context
	bySlug  map[string]caravan.Community
	symbols []Symbol
}

func (c Context) builder() *builder {
	b := &builder{Context: c, bySlug: make(map[string]caravan.Community, len(c.Communities))}
	for _, community := range c.Communities {
		b.bySlug[community.Slug] = community
	}
	return b
}

// use adds a symbol to the page's sprite once.
func (b *builder) use(s Symbol) {
	for _, have := range b.symbols {
		if have.ID == s.ID {
			return
		}
	}
	b.symbols = append(b.symbols, s)
}

// mark returns the mark of the community with that slug; nil when it is unknown.
func (b *builder) mark(slug string) *Mark {
	community, ok := b.bySlug[slug]
	if !ok {
		return nil
	}
	mark, symbol := markOf(community)
	b.use(symbol)
	return &mark
}

// frame makes the frame of a page titled title; current is the path of its
// place in the main menu.
func (b *builder) frame(title, current string) Frame {
	l := b.Lang
	f := Frame{
		PageLang: l, Title: plain(title), Site: b.Site, Home: b.href("/", nil), Find: true,
		FindAction: b.Root + "/search", Languages: b.languageLinks(), OpenSearch: b.Root + "/opensearch.xml",
		Symbols: b.symbols, AboutHref: b.href("/about", nil), SourcesHref: b.href("/sources", nil),
		Zone: b.Zone.String(), Demo: b.Demo, Feeds: b.feeds("", nil, b.Site.Title),
	}
	if b.Chosen {
		f.KeepLang = string(l)
	}
	month := "/digest/" + b.Now.In(b.Zone).Format("2006-01")
	for _, entry := range []struct{ path, key string }{
		{"/", "frame.river"}, {month, "frame.month"}, {"/search", "frame.search"}, {"/sources", "frame.sources"},
	} {
		f.Nav = append(f.Nav, Link{Text: l.T(entry.key), Href: b.href(entry.path, nil), Current: entry.path == current || current == "digest" && entry.path == month})
	}
	for _, feed := range f.Feeds {
		f.FootFeeds = append(f.FootFeeds, Link{Text: feed.Name, Href: feed.Href})
	}
	f.FootFeeds = append(f.FootFeeds, Link{Text: "OPML", Href: b.Root + "/feeds.opml"})
	if !b.Offline.IsZero() {
		f.Offline = l.T("frame.offline", b.moment(b.Offline))
	}
	return f
}

// languageLinks lead to this same page in each language of the interface.
func (b *builder) languageLinks() []Link {
	var links []Link
	for _, l := range locale.Langs() {
		query := url.Values{}
		for k, v := range b.Query {
			query[k] = v
		}
		query.Set("lang", string(l))
		links = append(links, Link{
			Text: locale.Endonym(string(l)), Href: b.address(b.Path, query), Lang: string(l), Current: l == b.Lang,
		})
	}
	return links
}

// href makes the address of a page of this site, keeping a chosen language.
func (c Context) href(path string, query url.Values) string {
	if c.Chosen {
		kept := url.Values{"lang": {string(c.Lang)}}
		for k, v := range query {
			kept[k] = v
		}
		query = kept
	}
	return c.address(path, query)
}

// address makes the address of anything on this site.
func (c Context) address(path string, query url.Values) string {
	if len(query) == 0 {
		return c.Root + path
	}
	return c.Root + path + "?" + query.Encode()
}

// feeds lists the feeds under a path ("" for everything, "/c/nesta",
// "/search") and query, titled title.
func (c Context) feeds(under string, query url.Values, title string) []Feed {
	dot := "/feed"
	if under == "/search" {
		under, dot = "", "/search"
	}
	var feeds []Feed
	for _, kind := range []struct{ name, ext, mime string }{
		{"Atom", ".atom", "application/atom+xml"},
		{"RSS", ".rss", "application/rss+xml"},
		{"JSON Feed", ".json", "application/feed+json"},
	} {
		href := c.address(under+dot+kind.ext, query)
		feeds = append(feeds, Feed{
			Name: kind.name, Type: kind.mime, Href: href, Title: plain(title) + " (" + kind.name + ")",
			Shown:   c.shown(href),
			CopyAlt: c.Lang.T("frame.copy-feed", kind.name),
		})
	}
	return feeds
}

// shown is an address of this site as it is read out: without a scheme.
func (c Context) shown(href string) string {
	base := strings.TrimSuffix(c.BaseURL, c.Root)
	if _, host, found := strings.Cut(base, "://"); found {
		base = host
	}
	return base + href
}

// moment writes a time that may be today or long ago: "11:52", "23 November at
// 11:52", "23 November 2025".
func (c Context) moment(t time.Time) string {
	t, now := t.In(c.Zone), c.Now.In(c.Zone)
	switch {
	case day(t).Equal(day(now)):
		return locale.Clock(t)
	case t.Year() == now.Year():
		return c.Lang.T("time.moment", c.Lang.DayMonth(t), locale.Clock(t))
	}
	return c.Lang.Date(t)
}

// date writes a day without its year when that is this year's.
func (c Context) date(t time.Time) string {
	t = t.In(c.Zone)
	if t.Year() == c.Now.In(c.Zone).Year() {
		return c.Lang.DayMonth(t)
	}
	return c.Lang.Date(t)
}

// values writes a filter as query parameters, in the names that DESIGN.md gives.
func values(f caravan.Filter) url.Values {
	query := url.Values{}
	for name, list := range map[string][]string{
		"community": f.Communities, "source": f.Sources, "language": f.Languages, "tag": f.Tags,
	} {
		if len(list) > 0 {
			query[name] = append([]string(nil), list...)
		}
	}
	if !f.After.IsZero() {
		query.Set("after", f.After.Format(time.DateOnly))
	}
	if !f.Before.IsZero() {
		query.Set("before", f.Before.Format(time.DateOnly))
	}
	return query
}

// toggle returns query with value added to the list of name, or taken out of it
// when it is there.
func toggle(query url.Values, name, value string) url.Values {
	out := url.Values{}
	for k, v := range query {
		out[k] = append([]string(nil), v...)
	}
	kept := out[name][:0]
	found := false
	for _, have := range out[name] {
		if have == value {
			found = true
			continue
		}
		kept = append(kept, have)
	}
	if !found {
		kept = append(kept, value)
	}
	if len(kept) == 0 {
		delete(out, name)
		return out
	}
	out[name] = kept
	return out
}

// with returns query with name set to value; an empty value removes it.
func with(query url.Values, name, value string) url.Values {
	out := url.Values{}
	for k, v := range query {
		out[k] = v
	}
	if value == "" {
		out.Del(name)
	} else {
		out[name] = []string{value}
	}
	return out
}

func contains(list []string, value string) bool {
	for _, have := range list {
		if have == value {
			return true
		}
	}
	return false
}

func itoa(n int) string { return strconv.Itoa(n) }

// host names the site of an address: without scheme, "www." or path.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// safeURL returns an address that a page may link to: http or https, else
// nothing.
func safeURL(address string) string { // S20
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}
