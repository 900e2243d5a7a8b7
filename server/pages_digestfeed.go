package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"caravan/server/feed"
	"caravan/server/locale"
	"caravan/server/page"
)

// digestMonths is how many months the feed of digests reaches back.
const digestMonths = 12

// showDigestFeed serves the digests of the last complete months as a feed.
func (s *Server) showDigestFeed(w http.ResponseWriter, r *http.Request) error {
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	if !c.Chosen { // the feed is one for all, whatever their browsers accept
		c.Lang = locale.English
	}
	month := page.Month(c.Now.In(s.TimeZone)).Before()
	return s.keep(w, r, "/digest.atom "+month.Name+" "+string(c.Lang), func(ctx context.Context) (*document, error) {
		return s.renderDigests(ctx, c, month)
	})
}

// renderDigests makes the feed that ends with a month. A digest is dated by its
// month's end and does not change its date when an article in it is edited.
func (s *Server) renderDigests(ctx context.Context, c page.Context, month page.Period) (*document, error) {
	head := feed.Document{
		ID: s.BaseURL + "/digest.atom", Title: c.Lang.T("digest.feed-title", c.Site.Title), Language: string(c.Lang),
		Home: s.BaseURL + "/digest/" + month.Name, Self: s.BaseURL + "/digest.atom", Updated: month.End, Version: s.Version,
		Formats: map[feed.Format]string{feed.Atom: s.BaseURL + "/digest.atom"},
	}
	var entries []feed.Entry
	for range digestMonths {
		in, err := s.digestInput(ctx, c, month.Name, "")
		if err != nil {
			return nil, err
		}
		if len(in.Stories) > 0 {
			entries = append(entries, digestEntry(c.Digest(in), month, c.Lang))
		}
		month = month.Before()
	}
	body, err := feed.Write(feed.Atom, head, entries)
	if err != nil {
		return nil, fmt.Errorf("write digest feed: %w", err)
	}
	return newDocument("application/atom+xml", body, head.Updated), nil
}

// digestEntry is one digest as an entry of the feed.
func digestEntry(v page.Digest, month page.Period, l locale.Lang) feed.Entry {
	end := month.End.Add(-time.Second)
	return feed.Entry{
		ID: v.Permalink, Link: v.Permalink, Title: v.Heading + ": " + v.Issue, Language: string(l),
		Published: end, Updated: end, Summary: v.Opening, Content: v.FeedContent(),
		Source: feed.Source{Title: v.Site.Title},
	}
}
