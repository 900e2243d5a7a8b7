package server

import (
	"context"
	"fmt"
	"net/http"

	"caravan"
	"caravan/server/page"
)

// browsing reports whether a person has opened a feed in a browser, rather than
// a program fetched it. Browsers say so themselves, in headers that no script
// and no reader can send (Fetch Metadata); Accept and User-Agent say nothing
// reliable: readers ask for HTML too, and many call themselves Mozilla.
//
// The person gets a page in the feed's place. A style sheet in the feed (XSLT)
// is no way any more: browsers are taking it out.
func browsing(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Dest") == "document" && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		!isSet(r.URL.Query(), "raw")
}

// newestShown is how many titles the page in a feed's place shows.
const newestShown = 10

// showFeedPage serves a page in the place of a feed, at its address, so that the
// address bar holds what is to be copied. The answer is not to be kept by
// anybody: no reader behind the same cache ever gets it.
func (s *Server) showFeedPage(w http.ResponseWriter, r *http.Request, req feedRequest) error {
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	head, err := s.headOf(r.Context(), req)
	if err != nil {
		return err
	}
	in := page.SubscribeInput{
		Title: head.Title, Address: s.base.Path + req.newest().address(), Under: scopePath(req.scope), Query: req.newest().query(), Home: req.home(),
	}
	if req.search {
		in.Under = "/search"
	}
	if in.Newest, err = s.newestOf(r.Context(), req); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Sec-Fetch-Dest, Sec-Fetch-Mode, Accept-Language, Accept-Encoding")
	return s.show(w, c.Lang, "subscribe", c.Subscribe(in))
}

// newestOf returns the newest stories of a feed.
func (s *Server) newestOf(ctx context.Context, req feedRequest) ([]caravan.Story, error) {
	if req.search {
		found, err := s.searchStories(ctx, req, nil)
		if err != nil {
			return nil, err
		}
		return found.stories[:min(newestShown, len(found.stories))], nil
	}
	stories, err := s.Store.Feed(ctx, caravan.FeedQuery{Scope: req.scope, Limit: newestShown})
	if err != nil {
		return nil, fmt.Errorf("stories of %s: %w", req.address(), err)
	}
	return stories, nil
}
