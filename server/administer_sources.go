package server

import (
	"fmt"
	"net/http"

	"caravan"
)

// adminSources serves GET /admin/sources: every listed source with all that is
// known of its polling, for the commands that must not ask a publisher again.
func (s *Server) adminSources(w http.ResponseWriter, r *http.Request) error {
	sources, err := s.Store.Sources(r.Context())
	if err != nil {
		return fmt.Errorf("sources: %w", err)
	}
	return writeJSON(w, http.StatusOK, append([]caravan.Source{}, sources...))
}
