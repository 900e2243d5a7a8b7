package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"caravan"
	"caravan/server/feed"
	"caravan/server/locale"
	"caravan/server/page"
)

// digestMonths is how many months the feed of digests reaches back.
const digestMonths = 12

// showDigestFeed serves the digests of the last complete months as a feed, whole
// or of one language.
func (s *Server) showDigestFeed(w http.ResponseWriter, r *http.Request) error {
	language, err := s.digestLanguage(r.URL.Query())
	if err != nil {
		return err
	}
	c, err := s.feedContext(r)
	if err != nil {
		return err
	}
	month := page.Month(c.Now.In(s.TimeZone)).Before()
	if language != "" {
		c.Query.Set("language", language)
		known, err := s.Store.Stories(r.Context(), caravan.Filter{Languages: []string{language}, Before: month.End}, "", 1)
		if err != nil {
			return fmt.Errorf("read stories in %s: %w", language, err)
		}
		if len(known.Stories) == 0 { // any word may stand for a language: what is of none is not kept
			doc, err := writeDigests(s.digestFeedHead(c, month), nil)
			if err != nil {
				return err
			}
			doc.serve(w, r)
			return nil
		}
	}
	return s.keep(w, r, feedAddress("/digest.atom", c)+" "+month.Name, func(ctx context.Context) (*document, error) {
		return s.renderDigests(ctx, c, month)
	})
}

// feedContext is the context of a feed that is of our own words. Such a feed is
// kept for all who ask at its address, so it goes by nothing that is not in the
// address: not by what browsers accept, and of the parameters by ?lang= alone.
func (s *Server) feedContext(r *http.Request) (page.Context, error) {
	c, err := s.pageContext(r)
	c.Query = url.Values{}
	if c.Chosen = c.Chosen && c.Lang != locale.English; c.Chosen {
		c.Query.Set("lang", string(c.Lang))
	} else {
		c.Lang = locale.English
	}
	return c, err
}

// feedAddress is the address, below the root, of the feed at path that c is the
// context of.
func feedAddress(path string, c page.Context) string {
	if len(c.Query) == 0 {
		return path
	}
	return path + "?" + c.Query.Encode()
}

// digestFeedHead is the feed that ends with a month, without its entries.
func (s *Server) digestFeedHead(c page.Context, month page.Period) feed.Document {
	self, home := s.abs(feedAddress("/digest.atom", c)), s.abs("/digest/"+month.Name)
	language := c.Query.Get("language")
	if language != "" {
		home += "?" + url.Values{"language": {language}}.Encode()
	}
	return feed.Document{
		ID: self, Title: c.DigestFeedTitle(language), Language: string(c.Lang), Home: home, Self: self,
		Updated: month.End, Version: s.Version, Formats: map[feed.Format]string{feed.Atom: self},
	}
}

// renderDigests makes the feed that ends with a month. A digest is dated by its
// month's end and does not change its date when an article in it is edited.
func (s *Server) renderDigests(ctx context.Context, c page.Context, month page.Period) (*document, error) {
	head := s.digestFeedHead(c, month)
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
	return writeDigests(head, entries)
}

// writeDigests is the document of the feed of digests.
func writeDigests(head feed.Document, entries []feed.Entry) (*document, error) {
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
