package document

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/mmcdole/gofeed"

	"caravan"
	"caravan/fetcher/document/canonical"
	"caravan/fetcher/document/href"
)

// A rendering is a canonical document on its way through gofeed.
type rendering struct {
	*canonical.Document
	src     []byte // the document's text
	options Options
}

// read hands the canonical document to gofeed and maps what comes back. Should
// gofeed reject it, which only a fault in package canonical or in gofeed can
// cause, every item is tried by itself, so that one cannot take the others with
// it.
func (c rendering) read(p *canonical.Problems) caravan.Document {
	feed, err := parseGofeed(c.Reader(c.Entries))
	if err == nil && len(feed.Items) == len(c.Entries) {
		return c.document(feed, pairItems(feed))
	}
	feed, err = parseGofeed(c.Reader(nil))
	if err != nil {
		p.Note(-1, "the feed's own elements cannot be read: "+err.Error())
		feed = &gofeed.Feed{}
	}
	var items []parsed
	var kept []canonical.Entry
	for i := range c.Entries {
		one, err := parseGofeed(c.Reader(c.Entries[i : i+1]))
		if err != nil || len(one.Items) != 1 {
			p.Note(c.Entries[i].Source.Start, "an item cannot be read")
			continue
		}
		items = append(items, pairItems(one)...)
		kept = append(kept, c.Entries[i])
	}
	c.Entries = kept
	doc := c.document(feed, items)
	doc.Damaged = true
	return doc
}

// document maps a feed and its items, which are those of c.Entries.
func (c rendering) document(feed *gofeed.Feed, items []parsed) caravan.Document {
	latest := latestDate(c.options.Now)
	doc := caravan.Document{Feed: c.feedInfo(feed, latest)}
	m := mapper{base: itemBase(c.options.URL, doc.Feed.Link), latest: latest}
	if c.Atom {
		for _, person := range feed.Authors {
			m.authors = addName(m.authors, cmp.Or(person.Name, person.Email))
		}
	}
	for i, p := range items {
		e := &c.Entries[i]
		raw := e.Source.Of(c.src)
		doc.Items = append(doc.Items, m.item(p, e, raw))
	}
	settleFull(doc.Items)
	return doc
}

// latestDate returns after which moment a date cannot be meant.
func latestDate(now time.Time) time.Time {
	if now.IsZero() {
		return now
	}
	return now.AddDate(5, 0, 0)
}

// itemBase returns what relative addresses without xml:base are relative to: the
// document, unless it is served from another host than the site it is of.
func itemBase(document, site string) string {
	if document == "" || site != "" && href.Site(site) != "" && !href.SameHost(document, site) {
		return site
	}
	return document
}

// parseGofeed reads a canonical document with gofeed. A panic inside it becomes
// an error.
func parseGofeed(r io.Reader) (feed *gofeed.Feed, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			feed, err = nil, fmt.Errorf("gofeed panicked: %v", reason)
		}
	}()
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	return parser.Parse(r)
}
