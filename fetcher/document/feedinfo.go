package document

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"caravan"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// feedInfo maps what a feed of the RSS or Atom family says of itself.
func (c rendering) feedInfo(feed *gofeed.Feed, latest time.Time) caravan.FeedInfo {
	own := c.options.URL
	info := caravan.FeedInfo{
		Format:      c.Format,
		Title:       markup.Title(feed.Title, markup.Loose),
		Description: markup.Plain(feed.Description, limits.Meta),
		Language:    limits.Clip(cmp.Or(strings.TrimSpace(feed.Language), c.Lang), limits.Name),
		Rights:      markup.Plain(feed.Copyright, limits.Name),
	}
	m := mapper{base: own, latest: latest}
	switch original := feed.OriginalFeed().(type) {
	case *rss.Feed:
		m.infoOfRSS(&info, original, c.About)
	case *atom.Feed:
		m.infoOfAtom(&info, original)
	}
	info.SelfURL = cmp.Or(info.SelfURL, href.Web(own, feed.FeedLink))
	if info.Link == "" {
		info.Link = href.Site(cmp.Or(own, info.SelfURL))
	}
	if info.Updated.IsZero() {
		info.Updated = m.dateOf(feed.UpdatedParsed)
	}
	m.base = cmp.Or(info.Link, own)
	info.License = cmp.Or(info.License, m.licenseOf(feed.Extensions))
	if info.TTL == 0 {
		info.TTL = updatePeriod(feed.Extensions)
	}
	if feed.Image != nil && info.ImageURL == "" {
		info.ImageURL = href.Web(m.base, feed.Image.URL)
	}
	return info
}

// infoOfRSS maps what only feeds of the RSS family have.
func (m *mapper) infoOfRSS(info *caravan.FeedInfo, r *rss.Feed, about string) {
	m.takeLinks(info, r.Extensions["atom"]["link"])
	for _, link := range r.Links {
		if address := href.Web(m.base, link); address != "" {
			info.Link = address
			break
		}
	}
	if info.Link == "" {
		info.Link = href.Web("", about)
	}
	info.ID = extensionText(r.Extensions, "atom", "id")
	if info.Description == "" {
		info.Description = markup.Plain(extensionText(r.Extensions, "itunes", "subtitle"), limits.Meta)
	}
	if minutes, err := strconv.Atoi(strings.TrimSpace(r.TTL)); err == nil && minutes > 0 && minutes <= 60*24*366 {
		info.TTL = time.Duration(minutes) * time.Minute
	}
	for _, s := range r.SkipHours {
		hour, err := strconv.Atoi(strings.TrimSpace(s))
		if hour = hour % 24; err == nil && hour >= 0 && !slices.Contains(info.SkipHours, hour) {
			info.SkipHours = append(info.SkipHours, hour) // some write 1 to 24
		}
	}
	for _, s := range r.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(s), day.String()) && !slices.Contains(info.SkipDays, day) {
				info.SkipDays = append(info.SkipDays, day)
			}
		}
	}
	if info.Updated = m.dateOf(r.LastBuildDateParsed); info.Updated.IsZero() {
		info.Updated = m.dateOf(r.PubDateParsed)
	}
	if image := r.Extensions["itunes"]["image"]; len(image) > 0 && r.Image == nil {
		info.ImageURL = href.Web(cmp.Or(info.Link, m.base), image[0].Attrs["href"])
	}
}

// infoOfAtom maps what only feeds of Atom have.
func (m *mapper) infoOfAtom(info *caravan.FeedInfo, a *atom.Feed) {
	links := make([]ext.Extension, 0, len(a.Links))
	for _, link := range a.Links {
		links = append(links, ext.Extension{Attrs: map[string]string{"rel": link.Rel, "type": link.Type, "href": link.Href}})
	}
	m.takeLinks(info, links)
	info.ID = strings.TrimSpace(a.ID)
	info.Updated = m.dateOf(a.UpdatedParsed)
}

// takeLinks takes the feed's own links by what they are for.
func (m *mapper) takeLinks(info *caravan.FeedInfo, links []ext.Extension) {
	html := false
	for _, link := range links {
		address := href.Web(m.base, link.Attrs["href"])
		switch strings.ToLower(link.Attrs["rel"]) {
		case "self":
			info.SelfURL = cmp.Or(info.SelfURL, address)
		case "hub":
			addHub(info, address)
		case "license":
			info.License = cmp.Or(info.License, address)
		case "", "alternate":
			isHTML := link.Attrs["type"] == "" || strings.Contains(link.Attrs["type"], "html")
			if info.Link == "" || isHTML && !html {
				info.Link, html = cmp.Or(address, info.Link), isHTML
			}
		}
	}
}

// addHub adds a hub to those that a feed names, each once.
func addHub(info *caravan.FeedInfo, address string) {
	const most = 4
	switch {
	case address == "", address == info.HubURL, slices.Contains(info.OtherHubs, address), len(info.OtherHubs) == most:
	case info.HubURL == "":
		info.HubURL = address
	default:
		info.OtherHubs = append(info.OtherHubs, address)
	}
}

// updatePeriod returns how often a feed says it changes (RSS 1.0 syndication).
func updatePeriod(extensions ext.Extensions) time.Duration {
	var period time.Duration
	const day = 24 * time.Hour
	switch strings.ToLower(extensionText(extensions, "sy", "updateperiod")) {
	case "hourly":
		period = time.Hour
	case "daily":
		period = day
	case "weekly":
		period = 7 * day
	case "monthly":
		period = 30 * day
	case "yearly":
		period = 365 * day
	default:
		return 0
	}
	frequency, err := strconv.Atoi(extensionText(extensions, "sy", "updatefrequency"))
	if err != nil || frequency < 1 || frequency > 1000 {
		frequency = 1
	}
	return period / time.Duration(frequency)
}
