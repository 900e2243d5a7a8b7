package server

import (
	"net/http"
	"strings"

	"caravan"
)

// adminExplain serves GET /admin/explain?url=.
func (s *Server) adminExplain(w http.ResponseWriter, r *http.Request) error {
	address := strings.TrimSpace(r.URL.Query().Get("url"))
	if address == "" {
		return invalid(caravan.NothingToFind)
	}
	found, err := s.Admin.Explain(r.Context(), address)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, found)
}
