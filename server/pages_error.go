package server

import "net/http"

// errorPage answers a failed request for a page.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, status int, message string) {
	plainError(w, r, status, message)
}
