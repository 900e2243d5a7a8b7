package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"caravan/server/feed"
	"caravan/server/page"
)

// eventsShown is how many events the feed of the sources has.
const eventsShown = 100

// eventsBack is how long a recovery is news.
const eventsBack = 30 * 24 * time.Hour

// showEvents serves GET /sources.atom: what happened to the sources and has not
// passed yet, and which recovered, for curators who read feeds.
func (s *Server) showEvents(w http.ResponseWriter, r *http.Request) error {
	c, err := s.feedContext(r)
	if err != nil {
		return err
	}
	// The feed tells of time passing too (a source falls silent without any
	// change in the store), so it is made anew each hour.
	hour := c.Now.UTC().Format("2006-01-02T15")
	return s.keep(w, r, feedAddress("/sources.atom", c)+" "+hour, func(ctx context.Context) (*document, error) {
		return s.renderEvents(ctx, c)
	})
}

// renderEvents makes the feed.
func (s *Server) renderEvents(ctx context.Context, c page.Context) (*document, error) {
	sources, err := s.Store.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	list, err := s.Store.ListState(ctx)
	if err != nil {
		return nil, fmt.Errorf("read list state: %w", err)
	}
	recoveries, err := s.Store.Recoveries(ctx, c.Now.Add(-eventsBack))
	if err != nil {
		return nil, fmt.Errorf("read recoveries: %w", err)
	}
	self := s.abs(feedAddress("/sources.atom", c))
	head := feed.Document{
		ID: self, Title: c.Lang.T("sources.events") + ", " + c.Site.Title, Language: string(c.Lang), Home: s.BaseURL + "/sources", Self: self,
		Formats: map[feed.Format]string{feed.Atom: self}, Version: s.Version, Updated: list.AppliedAt,
	}
	var entries []feed.Entry
	events := c.Events(sources, list, recoveries)
	for _, e := range events[:min(len(events), eventsShown)] {
		link := strings.TrimSuffix(s.BaseURL, s.base.Path) + e.Href
		if e.When.After(head.Updated) {
			head.Updated = e.When
		}
		entries = append(entries, feed.Entry{
			ID: s.BaseURL + "/sources#" + strings.ReplaceAll(e.Key, " ", "/"), Link: link, Title: e.Title, Language: string(c.Lang),
			Published: e.When, Updated: e.When, Summary: e.Text,
		})
	}
	body, err := feed.Write(feed.Atom, head, entries)
	if err != nil {
		return nil, fmt.Errorf("write events: %w", err)
	}
	return newDocument("application/atom+xml", body, head.Updated), nil
}
