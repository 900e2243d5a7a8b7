package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"caravan"
	"caravan/server/feed"
)

// renderSearch makes a page of the feed of a search: newest first, a hundred
// entries, down to the thousandth.
func (s *Server) renderSearch(ctx context.Context, req feedRequest) (*document, error) {
	head, err := s.headOf(ctx, req)
	if err != nil {
		return nil, err
	}
	var after *searchCursor
	if req.cursor != "" {
		c, err := parseSearchCursor(req.cursor)
		if err != nil {
			return nil, err
		}
		after = &c
	}
	found, err := s.searchStories(ctx, req, after)
	if err != nil {
		return nil, err
	}
	if req.show == "" {
		if err := s.loadContent(ctx, found.stories); err != nil {
			return nil, err
		}
	}
	seen := 0
	if after != nil {
		seen = after.seen
		head.Links.First = s.abs(req.newest().address())
	}
	pieces, err := s.encode(req, &head.Document, found.stories)
	if err != nil {
		return nil, err
	}
	stories := found.stories
	if n := fit(pieces, bytesPerFeed); n < len(stories) {
		stories, found.more = stories[:n], true
	}
	if n := len(stories); n > 0 && found.more && seen+n < maxDeep {
		last := stories[n-1]
		next := searchCursor{after: last.SortAt.Unix(), id: last.ID, seen: seen + n}
		head.Links.Next = s.abs(req.following(next.String()).address())
	}
	head.Updated = newestChange(stories, nil, head.Updated)
	head.Search = &feed.Search{
		Terms: req.form.Query, Total: found.total, Start: seen + 1, PerPage: entriesPerFeed,
		Description: s.abs("/opensearch.xml"),
	}
	return s.finish(req, head, stories, pieces[:len(stories)])
}

// Found stories are a page of a search feed.
type foundStories struct {
	stories []caravan.Story // in the order of the feed
	total   int             // of the whole search
	more    bool            // there are further ones
}

// searchStories asks the index, page by page, for the stories after a cursor.
func (s *Server) searchStories(ctx context.Context, req feedRequest, after *searchCursor) (foundStories, error) {
	ask := caravan.SearchRequest{
		Query: req.form.Query, Plain: req.form.Plain, Exact: req.form.Exact, Filter: req.form.Filter,
		Typed: true, // a correction would give way to the first true hit, and its entries go
		Sort:  caravan.SortNewest, Limit: maxLimit, Page: 1, Now: s.Now(),
	}
	if after != nil {
		// The second of the cursor's story may hold further ones.
		if end := time.Unix(after.after+1, 0).UTC(); ask.Filter.Before.IsZero() || end.Before(ask.Filter.Before) {
			ask.Filter.Before = end
		}
	}
	out := foundStories{more: true}
	for out.more && !wholePage(out.stories) && ask.Page <= maxDeep/maxLimit {
		result, err := s.Index.Search(ctx, ask)
		if _, unclear := errors.AsType[*caravan.QueryError](err); unclear && !ask.Plain {
			// Nobody reads an error in a feed reader: what a feed's query cannot
			// say as a query it says as words.
			ask.Plain = true
			continue
		}
		if err != nil {
			return foundStories{}, fmt.Errorf("search %q: %w", ask.Query, err)
		}
		if ask.Page == 1 {
			out.total = result.Total
		}
		stories, err := s.storiesOf(ctx, result.Hits)
		if err != nil {
			return foundStories{}, err
		}
		for _, st := range stories {
			if after != nil && after.passed(st) {
				out.total--
				continue
			}
			out.stories = append(out.stories, st)
		}
		out.more = len(result.Hits) == maxLimit
		ask.Page++
		ask.At = result.At
	}
	if after != nil {
		out.total += after.seen
	}
	slices.SortStableFunc(out.stories, bySecond)
	if len(out.stories) > entriesPerFeed {
		out.stories, out.more = out.stories[:entriesPerFeed], true
	}
	return out, nil
}

// wholePage reports whether stories, in the index's order, hold a page and all
// of the second that its last entry is of: among those of one second the index
// has no order that lasts, so the page makes its own.
func wholePage(stories []caravan.Story) bool {
	n := len(stories)
	return n > entriesPerFeed && stories[n-1].SortAt.Unix() < stories[entriesPerFeed-1].SortAt.Unix()
}

// storiesOf returns the stories of hits that are still shown, in their order.
func (s *Server) storiesOf(ctx context.Context, hits []caravan.Hit) ([]caravan.Story, error) {
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Story
	}
	stories, err := s.Store.StoriesByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("stories found: %w", err)
	}
	return stories, nil
}

// loadContent fetches the content of stories that came without.
func (s *Server) loadContent(ctx context.Context, stories []caravan.Story) error {
	for i := range stories {
		head := &stories[i].Head
		if head.Content != "" {
			continue
		}
		item, err := s.Store.Item(ctx, head.ID)
		if errors.Is(err, caravan.ErrNotFound) || errors.Is(err, caravan.ErrGone) {
			continue // hidden a moment ago
		}
		if err != nil {
			return fmt.Errorf("content of %s: %w", head.ID, err)
		}
		head.Content = item.Content
	}
	return nil
}
