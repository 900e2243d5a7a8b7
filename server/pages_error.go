package server

import (
	"net/http"

	"caravan/server/locale"
)

// errorPage answers a failed request for a page. It asks nothing of the store,
// which may be what failed, and has a sentence of plain text for the case that
// the page itself cannot be printed. What has no sentence in the reader's
// language is told in the words that the page has for its kind.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, status int, what sentence) {
	c := s.bareContext(r)
	message := ""
	if what.Code != "" || status < 500 && c.Lang == locale.English {
		message = what.in(c.Lang)
	}
	w.Header().Set("Vary", pageVary)
	view := c.Failure(status, message)
	if err := s.showStatus(w, status, c.Lang, "error", view); err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
		plainError(w, r, status, sentence{English: http.StatusText(status)})
	}
}
