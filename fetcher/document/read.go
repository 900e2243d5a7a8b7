package document

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/mmcdole/gofeed"

	"caravan"
)

// empty reports whether the source held neither an item nor a word about a feed.
func (c *canonical) empty() bool { return len(c.entries) == 0 && len(c.head) == 0 }

// dropCut leaves out the item that the end of the document cut off, unless
// nothing but its end tag is missing, or it is wanted and has something to show.
func (c *canonical) dropCut(wanted bool, p *problems) {
	n := len(c.entries) - 1
	switch {
	case n < 0 || !c.entries[n].cut:
	case c.entries[n].whole:
		p.note(-1, "the end of the last item is missing")
	case !wanted || c.entries[n].elements == 0:
		c.entries = c.entries[:n]
	default:
		p.note(c.entries[n].source.start, "the document ends inside this item")
	}
}

// keepNewest leaves out all but the newest limit items.
func (c *canonical) keepNewest(limit int, p *problems) {
	if len(c.entries) > limit {
		p.note(-1, fmt.Sprintf("%d items, of which the newest %d were read", c.dropped+len(c.entries), limit))
		c.entries = newest(c.entries, limit)
	}
}

// prune leaves out all but the newest limit entries and gives their room back,
// so that a document of very many items costs no more than one of some.
func (c *canonical) prune(limit int) {
	kept := newest(c.entries, limit)
	c.dropped += len(c.entries) - len(kept)
	end := 0
	for i := range kept {
		n := copy(c.body[end:], kept[i].body.of(c.body))
		kept[i].body = span{end, end + n}
		end += n
	}
	c.body = c.body[:end]
	c.entries = append(c.entries[:0], kept...)
}

// newest returns the limit newest of the entries by their dates, in the order
// they stand in. Where dates do not tell, those that stand first are newer.
func newest(entries []entry, limit int) []entry {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return entries[b].newest.Compare(entries[a].newest)
	})
	order = order[:limit]
	slices.Sort(order)
	kept := make([]entry, 0, limit)
	for _, i := range order {
		kept = append(kept, entries[i])
	}
	return kept
}

// reader returns the canonical document with some of its entries.
func (c *canonical) reader(entries []entry) io.Reader {
	open, end := `<rss version="2.0"><channel>`, `</channel></rss>`
	if c.atom {
		open, end = `<feed>`, `</feed>`
	}
	parts := []io.Reader{bytes.NewReader([]byte(open)), bytes.NewReader(c.head)}
	for i := 0; i < len(entries); {
		run := entries[i].body
		for i++; i < len(entries) && entries[i].body.start == run.end; i++ {
			run.end = entries[i].body.end
		}
		parts = append(parts, bytes.NewReader(run.of(c.body)))
	}
	return io.MultiReader(append(parts, bytes.NewReader([]byte(end)))...)
}

// read hands the canonical document to gofeed and maps what comes back. Should
// gofeed reject it, which only a fault in this package or in gofeed can cause,
// every item is tried by itself, so that one cannot take the others with it.
func (c *canonical) read(src []byte, o Options, p *problems) caravan.Document {
	feed, err := parseGofeed(c.reader(c.entries))
	if err == nil && len(feed.Items) == len(c.entries) {
		return c.document(feed, pairItems(feed), src, o)
	}
	feed, err = parseGofeed(c.reader(nil))
	if err != nil {
		p.note(-1, "the feed's own elements cannot be read: "+err.Error())
		feed = &gofeed.Feed{}
	}
	var items []parsed
	var kept []entry
	for i := range c.entries {
		one, err := parseGofeed(c.reader(c.entries[i : i+1]))
		if err != nil || len(one.Items) != 1 {
			p.note(c.entries[i].source.start, "an item cannot be read")
			continue
		}
		items = append(items, pairItems(one)...)
		kept = append(kept, c.entries[i])
	}
	c.entries = kept
	doc := c.document(feed, items, src, o)
	doc.Damaged = true
	return doc
}

// document maps a feed and its items, which are those of c.entries.
func (c *canonical) document(feed *gofeed.Feed, items []parsed, src []byte, o Options) caravan.Document {
	latest := latestDate(o.Now)
	doc := caravan.Document{Feed: c.feedInfo(feed, o, latest)}
	m := mapper{base: itemBase(o.URL, doc.Feed.Link), latest: latest}
	if c.atom {
		for _, person := range feed.Authors {
			m.authors = addName(m.authors, firstOf(person.Name, person.Email))
		}
	}
	for i, p := range items {
		e := &c.entries[i]
		raw := e.source.of(src)
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
	if document == "" || site != "" && siteOf(site) != "" && !sameHost(document, site) {
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
