package server

import "net/http"

// errorPage answers a failed request for a page. It asks nothing of the store,
// which may be what failed, and has a sentence of plain text for the case that
// the page itself cannot be printed.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, status int, message string) {
	c := s.bareContext(r)
	if status >= 500 || message == errNoPage.Message {
		message = "" // the page's own words, in the reader's language
	}
	w.Header().Set("Vary", "Accept-Language, Accept-Encoding, X-Partial")
	view := c.Failure(status, message)
	if err := s.showStatus(w, status, c.Lang, "error", view); err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
		plainError(w, r, status, http.StatusText(status))
	}
}
