package document

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	jsonfeed "github.com/mmcdole/gofeed/json"

	"caravan"
	"caravan/fetcher/document/canonical"
	"caravan/fetcher/document/charset"
	"caravan/fetcher/document/dates"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// parseJSON reads a JSON Feed. Every field is taken in whatever type it comes,
// so that one of the wrong type loses nothing else; gofeed translates the rest.
func parseJSON(src []byte, o Options, p *canonical.Problems) (caravan.Document, error) {
	p.Text = src
	members, complete, err := scanJSON(src)
	if err != nil {
		return caravan.Document{}, err
	}
	items := members["items"].elements
	if !isJSONFeed(members, src) {
		return caravan.Document{}, fmt.Errorf("JSON that is no JSON Feed: %w", ErrNotFeed)
	}
	if len(items) > limits.Items {
		p.Note(-1, fmt.Sprintf("%d items, of which the newest %d were read", len(items), limits.Items))
		items = newestJSON(src, items)
	}
	var raws []canonical.Span
	feed := jsonHead(members)
	for _, at := range items {
		object := jsonObject(at.Of(src))
		if object == nil {
			p.Note(at.Start, "an item that is no object")
			continue
		}
		feed.Items = append(feed.Items, jsonItem(object))
		raws = append(raws, at)
	}
	translated, err := (&gofeed.DefaultJSONTranslator{}).Translate(feed)
	if err != nil {
		return caravan.Document{}, fmt.Errorf("translate JSON feed: %w: %w", err, ErrBroken)
	}
	doc := mapJSON(translated, feed, members, o)
	for i := range doc.Items {
		doc.Items[i].Raw = raws[i].Of(src)
	}
	doc.Damaged = !complete || len(raws) < len(items)
	if !complete {
		p.Note(len(src), fmt.Sprintf("the document ends too early: read %d of at least %d items", len(doc.Items), len(items)+1))
		if len(doc.Items) == 0 {
			return caravan.Document{}, fmt.Errorf("the document ends in line %d, before its first item does: %w", p.Line(len(src)), ErrBroken)
		}
	}
	return doc, nil
}

// isJSONFeed reports whether an object is a JSON Feed: it says so, or it has
// items that look like those of one.
func isJSONFeed(members map[string]jsonMember, src []byte) bool {
	if strings.Contains(strings.ToLower(jsonText(members["version"].value)), "jsonfeed") {
		return true
	}
	items := members["items"].elements
	if len(items) == 0 {
		return false
	}
	object := jsonObject(items[0].Of(src))
	for _, key := range []string{"content_html", "content_text", "date_published", "external_url"} {
		if object[key] != nil {
			return true
		}
	}
	return object["url"] != nil && object["title"] != nil && members["home_page_url"].value != nil
}

// newestJSON returns the newest maxItems items, by their dates, in the order of
// the source.
func newestJSON(src []byte, items []canonical.Span) []canonical.Span {
	entries := make([]canonical.Entry, len(items))
	for i, at := range items {
		entries[i].Source = at
		object := jsonObject(at.Of(src))
		for _, key := range []string{"date_published", "date_modified"} {
			if t, ok := dates.Parse(jsonText(object[key])); ok && t.After(entries[i].Newest) {
				entries[i].Newest = t
			}
		}
	}
	kept := make([]canonical.Span, 0, limits.Items)
	for _, e := range canonical.Newest(entries, limits.Items) {
		kept = append(kept, e.Source)
	}
	return kept
}

// jsonHead returns the feed without its items.
func jsonHead(members map[string]jsonMember) *jsonfeed.Feed {
	text := func(key string) string { return jsonText(members[key].value) }
	return &jsonfeed.Feed{
		Version:     text("version"),
		Title:       text("title"),
		HomePageURL: text("home_page_url"),
		FeedURL:     text("feed_url"),
		Description: text("description"),
		Icon:        text("icon"),
		Favicon:     text("favicon"),
		Language:    text("language"),
		Authors:     jsonAuthors(members["authors"].value, members["author"].value),
	}
}

// jsonItem returns one item, dates in the one form that gofeed reads first.
func jsonItem(object map[string]json.RawMessage) *jsonfeed.Item {
	text := func(key string) string { return jsonText(object[key]) }
	item := &jsonfeed.Item{
		ID:            text("id"),
		URL:           text("url"),
		ExternalURL:   text("external_url"),
		Title:         text("title"),
		ContentHTML:   text("content_html"),
		ContentText:   text("content_text"),
		Summary:       text("summary"),
		Image:         text("image"),
		BannerImage:   text("banner_image"),
		DatePublished: jsonDate(object["date_published"]),
		DateModified:  jsonDate(object["date_modified"]),
		Language:      text("language"),
		Tags:          jsonTexts(object["tags"]),
		Authors:       jsonAuthors(object["authors"], object["author"]),
	}
	var attachments []jsonfeed.Attachments
	for _, raw := range jsonArray(object["attachments"]) {
		a := jsonObject(raw)
		if address := jsonText(a["url"]); address != "" {
			size, _ := strconv.ParseFloat(jsonText(a["size_in_bytes"]), 64)
			seconds, _ := strconv.ParseFloat(jsonText(a["duration_in_seconds"]), 64)
			attachments = append(attachments, jsonfeed.Attachments{
				URL: address, MimeType: jsonText(a["mime_type"]),
				SizeInBytes:       int64(min(max(size, 0), 1<<50)),
				DurationInSeconds: int64(seconds2duration(seconds) / time.Second),
			})
		}
	}
	item.Attachments = &attachments
	return item
}

// jsonText returns a value as text: a string as it is, a number as it is
// written, anything else as nothing.
func jsonText(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	switch c := raw[0]; {
	case c == '"':
		cleaned := charset.Clean([]byte(jsonString(raw)))
		return limits.Clip(strings.TrimSpace(string(cleaned)), limits.Content)
	case c == '-' || '0' <= c && c <= '9':
		return limits.Clip(string(raw), limits.Name)
	}
	return ""
}

func jsonDate(raw []byte) string {
	t, ok := dates.Parse(jsonText(raw))
	if !ok {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// jsonArray returns the values of an array; any other value is its only element.
func jsonArray(raw []byte) []json.RawMessage {
	var list []json.RawMessage
	if len(raw) == 0 {
		return nil
	}
	if json.Unmarshal(raw, &list) == nil || json.Unmarshal(repairJSON(raw), &list) == nil {
		return list[:min(len(list), limits.List)]
	}
	return []json.RawMessage{raw}
}

// jsonTexts returns the texts of an array, or those between commas in a string.
func jsonTexts(raw []byte) []string {
	if s := jsonText(raw); s != "" {
		return strings.Split(s, ",")
	}
	var texts []string
	for _, value := range jsonArray(raw) {
		texts = append(texts, cmp.Or(jsonText(value), jsonText(jsonObject(value)["name"])))
	}
	return texts
}

// jsonAuthors returns the people in the first of the values that names any;
// each is an object or a name.
func jsonAuthors(values ...[]byte) []*jsonfeed.Author {
	var authors []*jsonfeed.Author
	for _, value := range values {
		for _, raw := range jsonArray(value) {
			object := jsonObject(raw)
			if name := cmp.Or(jsonText(raw), jsonText(object["name"])); name != "" {
				authors = append(authors, &jsonfeed.Author{Name: name, URL: jsonText(object["url"])})
			}
		}
		if len(authors) > 0 {
			return authors
		}
	}
	return nil
}

// mapJSON maps a translated JSON Feed.
func mapJSON(feed *gofeed.Feed, original *jsonfeed.Feed, members map[string]jsonMember, o Options) caravan.Document {
	info := caravan.FeedInfo{
		Format:      jsonFormat(feed.FeedVersion),
		Title:       markup.Title(feed.Title, markup.Text),
		Description: limits.Clip(markup.Collapse(feed.Description), limits.Meta),
		Language:    limits.Clip(feed.Language, limits.Name),
		Link:        href.Web(o.URL, feed.Link),
		SelfURL:     href.Web(o.URL, feed.FeedLink),
		ImageURL:    href.Web(cmp.Or(o.URL, feed.Link), cmp.Or(original.Icon, original.Favicon)),
	}
	if info.Link == "" {
		info.Link = href.Site(cmp.Or(o.URL, info.SelfURL))
	}
	for _, raw := range jsonArray(members["hubs"].value) {
		if hub := jsonObject(raw); hub["type"] == nil || strings.EqualFold(jsonText(hub["type"]), "WebSub") { // not rssCloud's
			addHub(&info, href.Web("", jsonText(hub["url"])))
		}
	}
	m := mapper{base: itemBase(o.URL, cmp.Or(info.Link, info.SelfURL)), latest: latestDate(o.Now)}
	for _, author := range original.Authors {
		m.authors = addName(m.authors, author.Name)
	}
	doc := caravan.Document{Feed: info, Items: make([]caravan.Item, len(feed.Items))}
	for i, item := range feed.Items {
		doc.Items[i] = m.jsonItem(item, original.Items[i])
	}
	return doc
}

// jsonFormat names the version, which is an address that ends with its number.
func jsonFormat(version string) string {
	number := version[strings.LastIndexByte(version, '/')+1:]
	switch number {
	case "1":
		return "json 1.0"
	case "1.0", "1.1":
		return "json " + number
	}
	return "json"
}

// jsonItem maps one item of a JSON Feed.
func (m *mapper) jsonItem(item *gofeed.Item, original *jsonfeed.Item) caravan.Item {
	it := caravan.Item{
		GUID:      item.GUID,
		Title:     markup.Title(item.Title, markup.Text),
		Link:      cmp.Or(href.Web(m.base, item.Link), href.Web(m.base, original.ExternalURL), href.Web("", item.GUID)),
		Language:  limits.Clip(original.Language, limits.Name),
		Published: m.dateOf(item.PublishedParsed),
		Updated:   m.dateOf(item.UpdatedParsed),
	}
	for _, author := range original.Authors {
		it.Authors = addName(it.Authors, author.Name)
	}
	for _, tag := range item.Categories {
		it.Tags = addTag(it.Tags, tag)
	}
	full := original.ContentHTML
	if full == "" {
		full = markup.FromText(original.ContentText)
	}
	setContent(&it, full, html.EscapeString(original.Summary))
	if item.Image != nil {
		it.ImageURL = href.Web(m.base, item.Image.URL)
	}
	for _, enclosure := range item.Enclosures {
		m.addEnclosure(&it, enclosure.URL, enclosure.Type, enclosure.Length)
	}
	for _, a := range *original.Attachments {
		if it.Media.Duration == 0 {
			it.Media.Duration = seconds2duration(float64(a.DurationInSeconds))
		}
	}
	m.finishItem(&it, &canonical.Entry{})
	return it
}
