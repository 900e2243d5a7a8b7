package document

import (
	"cmp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"caravan"
	"caravan/fetcher/document/canonical"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// A parsed is one item as gofeed read it: translated, and in its own format.
type parsed struct {
	item *gofeed.Item
	rss  *rss.Item   // of the RSS family
	atom *atom.Entry // of Atom
}

// pairItems returns the items of a feed with their originals.
func pairItems(feed *gofeed.Feed) []parsed {
	items := make([]parsed, len(feed.Items))
	for i, item := range feed.Items {
		items[i].item = item
	}
	switch original := feed.OriginalFeed().(type) {
	case *rss.Feed:
		for i := range items {
			items[i].rss = original.Items[i]
		}
	case *atom.Feed:
		for i := range items {
			items[i].atom = original.Entries[i]
		}
	}
	return items
}

// A mapper turns parsed items into items of ours.
type mapper struct {
	base    string    // for relative addresses without xml:base
	authors []string  // the feed's, where the format says they are each item's
	latest  time.Time // dates after it are none; zero means no limit
}

// item maps one item. e is what the rewriting kept of it, raw its source.
func (m *mapper) item(p parsed, e *canonical.Entry, raw []byte) caravan.Item {
	it := caravan.Item{Raw: raw, Language: e.Lang}
	if p.rss != nil {
		m.mapRSS(&it, p, e)
	} else if p.atom != nil {
		m.mapAtom(&it, p, e)
	}
	extensions := p.item.Extensions
	m.mapMedia(&it, extensions)
	m.mapExtras(&it, extensions)
	m.finishItem(&it, e)
	return it
}

// mapRSS maps what RSS itself, RSS 1.0 and CDF have.
func (m *mapper) mapRSS(it *caravan.Item, p parsed, e *canonical.Entry) {
	r := p.rss
	it.Title = markup.Title(p.item.Title, markup.Loose)
	it.GUID = strings.TrimSpace(e.About)
	if r.GUID != nil && r.GUID.Value != "" {
		it.GUID = r.GUID.Value
	} else if it.GUID == "" {
		it.GUID = cmp.Or(extensionText(r.Extensions, "atom", "id"), r.Custom["id"])
	}
	it.Link = m.linkOfRSS(r, e)
	it.Comments = href.Web(m.base, r.Comments)
	it.Published = m.dateOf(r.PubDateParsed)
	full := cmp.Or(r.Content, extensionText(r.Extensions, "xhtml", "body"), extensionText(r.Extensions, "xhtml", "div"), extensionText(r.Extensions, "atom", "content"),
		r.Custom["content"], r.Custom["fullitem"], r.Custom["encoded"])
	excerpt := cmp.Or(r.Description, r.Custom["abstract"], r.Custom["summary"], extensionText(r.Extensions, "dc", "description"), extensionText(r.Extensions, "dcterms", "abstract"),
		extensionText(r.Extensions, "atom", "summary"), extensionText(r.Extensions, "itunes", "summary"), mediaDescription(r.Extensions), extensionText(r.Extensions, "itunes", "subtitle"))
	setContent(it, full, excerpt)
	it.Authors = authorsOfRSS(r)
	it.Tags = tagsOfRSS(r)
	if r.Source != nil {
		it.Origin = caravan.Origin{Title: markup.Title(r.Source.Title, markup.Loose), URL: href.Web(m.base, r.Source.URL)}
	}
	for _, enclosure := range r.Enclosures {
		m.addEnclosure(it, enclosure.URL, enclosure.Type, enclosure.Length)
	}
	m.mapAtomInRSS(it, r.Extensions)
	it.ImageURL = href.Web(m.base, itemImage(r.Custom["image"]))
	if it.Published.IsZero() {
		it.Published = m.textDate(cmp.Or(r.Custom["published"], r.Custom["date"]))
	}
	if it.Updated.IsZero() {
		it.Updated = m.textDate(r.Custom["updated"])
	}
}

// itemImage returns the address in an image element of an item, which gofeed
// keeps as it is written.
func itemImage(s string) string {
	if _, rest, ok := strings.Cut(s, "<url>"); ok {
		s, _, _ = strings.Cut(rest, "</url>")
	}
	return s
}

// mapAtomInRSS maps what Atom's elements say inside an item of RSS.
func (m *mapper) mapAtomInRSS(it *caravan.Item, extensions ext.Extensions) {
	if it.Published.IsZero() {
		it.Published = m.extensionDate(extensions, "atom", "published")
	}
	it.Updated = m.extensionDate(extensions, "atom", "updated")
	for _, link := range extensions["atom"]["link"] {
		switch link.Attrs["rel"] {
		case "enclosure":
			m.addEnclosure(it, link.Attrs["href"], link.Attrs["type"], link.Attrs["length"])
		case "license":
			it.License = cmp.Or(it.License, href.Web(m.base, link.Attrs["href"]))
		}
	}
	if it.Origin == (caravan.Origin{}) && len(extensions["atom"]["source"]) > 0 {
		source := extensions["atom"]["source"][0]
		if title := source.Children["title"]; len(title) > 0 {
			it.Origin.Title = markup.Title(title[0].Value, markup.Loose)
		}
		for _, link := range source.Children["link"] {
			if rel := link.Attrs["rel"]; rel == "self" || it.Origin.URL == "" {
				it.Origin.URL = href.Web(m.base, link.Attrs["href"])
			}
		}
	}
}

// mapAtom maps an Atom entry.
func (m *mapper) mapAtom(it *caravan.Item, p parsed, e *canonical.Entry) {
	a := p.atom
	it.Title = markup.Title(a.Title, e.Title)
	it.GUID = e.ID
	it.Link = m.linkOfAtom(a, e)
	it.Published = m.dateOf(a.PublishedParsed)
	it.Updated = m.dateOf(a.UpdatedParsed)
	full := ""
	if a.Content != nil && e.Content != markup.Opaque {
		full = markup.AsHTML(a.Content.Value, e.Content)
	}
	excerpt := cmp.Or(markup.AsHTML(a.Summary, e.Summary), markup.FromText(mediaDescription(a.Extensions)), extensionText(a.Extensions, "dc", "description"), extensionText(a.Extensions, "content", "encoded"))
	setContent(it, full, excerpt)
	for _, person := range a.Authors {
		it.Authors = addName(it.Authors, cmp.Or(person.Name, person.Email))
	}
	for _, category := range a.Categories {
		it.Tags = addTag(addTag(it.Tags, cmp.Or(category.Label, category.Term)), distinctTerm(category))
	}
	it.Rights = markup.Plain(a.Rights, limits.Name)
	m.mapAtomLinks(it, a)
	if s := a.Source; s != nil {
		it.Origin = m.originOf(s)
		if len(it.Authors) == 0 {
			for _, person := range s.Authors {
				it.Authors = addName(it.Authors, cmp.Or(person.Name, person.Email))
			}
		}
	}
}

// mapAtomLinks maps the links of an entry that are not its own address.
func (m *mapper) mapAtomLinks(it *caravan.Item, a *atom.Entry) {
	for _, link := range a.Links {
		switch strings.ToLower(link.Rel) {
		case "enclosure":
			m.addEnclosure(it, link.Href, link.Type, link.Length)
		case "license":
			it.License = cmp.Or(it.License, href.Web(m.base, link.Href))
		case "replies":
			if link.Type == "" || strings.Contains(link.Type, "html") {
				it.Comments = cmp.Or(it.Comments, href.Web(m.base, link.Href))
			}
		}
	}
}

// originOf maps atom:source.
func (m *mapper) originOf(s *atom.Source) caravan.Origin {
	origin := caravan.Origin{Title: markup.Title(s.Title, markup.Loose)}
	for _, link := range s.Links {
		if link.Rel == "self" {
			origin.URL = href.Web(m.base, link.Href)
		}
	}
	for _, link := range s.Links {
		if origin.URL == "" {
			origin.URL = href.Web(m.base, link.Href)
		}
	}
	if origin.URL == "" {
		origin.URL = href.Web("", s.ID)
	}
	return origin
}

// mapExtras maps the vocabularies that both formats use.
func (m *mapper) mapExtras(it *caravan.Item, extensions ext.Extensions) {
	if it.Title == "" {
		it.Title = markup.Title(cmp.Or(extensionText(extensions, "dc", "title"), extensionText(extensions, "itunes", "title"), extensionText(extensions, "media", "title")), markup.Loose)
	}
	for _, name := range []string{"issued", "created", "available", "date"} {
		if it.Published.IsZero() {
			it.Published = m.extensionDate(extensions, "dcterms", name)
		}
		if it.Published.IsZero() {
			it.Published = m.extensionDate(extensions, "dc", name)
		}
	}
	if it.Published.IsZero() {
		it.Published = m.extensionDate(extensions, "prism", "publicationdate")
	}
	if it.Updated.IsZero() {
		it.Updated = m.extensionDate(extensions, "dcterms", "modified")
	}
	if it.Language == "" {
		it.Language = limits.Clip(extensionText(extensions, "dc", "language"), limits.Name)
	}
	it.Rights = cmp.Or(it.Rights, markup.Plain(cmp.Or(extensionText(extensions, "dc", "rights"), extensionText(extensions, "dcterms", "rights"), extensionText(extensions, "media", "copyright")), limits.Name))
	it.License = cmp.Or(it.License, m.licenseOf(extensions))
	if reply := extensions["thr"]["in-reply-to"]; len(reply) > 0 {
		it.InReplyTo = cmp.Or(reply[0].Attrs["ref"], reply[0].Attrs["href"], reply[0].Attrs["resource"], reply[0].Value)
	}
}

// licenseOf returns the address of the licence that extensions name.
func (m *mapper) licenseOf(extensions ext.Extensions) string {
	for _, prefix := range []string{"creativecommons", "cc", "media", "podcast"} {
		for _, license := range extensions[prefix]["license"] {
			web := func(key string) string { return href.Web("", license.Attrs[key]) }
			if address := cmp.Or(web("resource"), web("href"), web("url"), href.Web("", license.Value)); address != "" {
				return address
			}
		}
	}
	return ""
}

// finishItem fills what no element gave and cuts what is too long.
func (m *mapper) finishItem(it *caravan.Item, e *canonical.Entry) {
	if len(it.Authors) == 0 {
		it.Authors = m.authors
	}
	if it.Published.IsZero() {
		it.Published = it.Updated
	}
	base := href.Resolve(m.base, e.Base)
	if e.Base != "" {
		it.Content = resolveHTML(base, it.Content)
		it.Summary = resolveHTML(base, it.Summary)
	}
	it.GUID = limits.Clip(it.GUID, limits.Address)
	it.Summary = limits.Clip(it.Summary, limits.Meta)
	it.Content = limits.Clip(it.Content, limits.Content)
	if len(it.Raw) == 0 {
		it.Raw = []byte(it.Content)
	}
	if len(it.Raw) > limits.Content {
		it.Raw = it.Raw[:limits.Content]
	}
}

// dateOf returns a date of gofeed's unless it is absurd.
func (m *mapper) dateOf(t *time.Time) time.Time {
	if t == nil || !m.latest.IsZero() && t.After(m.latest) {
		return time.Time{}
	}
	return t.UTC()
}

// extensionDate returns the date in an extension element.
func (m *mapper) extensionDate(extensions ext.Extensions, prefix, name string) time.Time {
	return m.textDate(extensionText(extensions, prefix, name))
}

// textDate returns a date in the form that the rewriting gives every date.
func (m *mapper) textDate(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return m.dateOf(&t)
}

// extensionText returns the text of the first such element that has any.
func extensionText(extensions ext.Extensions, prefix, name string) string {
	for _, e := range extensions[prefix][name] {
		if e.Value != "" {
			return e.Value
		}
	}
	return ""
}
