package server

import (
	"net/http"
	"strings"
)

// adminExplain serves GET /admin/explain?url=.
func (s *Server) adminExplain(w http.ResponseWriter, r *http.Request) error {
	address := strings.TrimSpace(r.URL.Query().Get("url"))
	if address == "" {
		return invalid("Say with url= what is to be explained: a post's address, its GUID or its id here.")
	}
	found, err := s.Admin.Explain(r.Context(), address)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, found)
}
