package server

import "net/http"

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

// showFeedPage leads a person who opened a feed to the page that shows the same
// list. The answer is not to be kept by anybody, so that no reader behind the
// same cache ever gets it.
func (s *Server) showFeedPage(w http.ResponseWriter, r *http.Request, req feedRequest) error {
	w.Header().Set("Cache-Control", "private, no-store")
	http.Redirect(w, r, s.base.Path+req.home(), http.StatusSeeOther)
	return nil
}
