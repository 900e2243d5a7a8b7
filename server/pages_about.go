package server

import (
	"fmt"
	"net/http"
	"time"

	"caravan/server/page"
)

// pollFloor is the least time between two polls of a source.
const pollFloor = time.Hour

// showAbout serves GET /about, which the User-Agent points to.
func (s *Server) showAbout(w http.ResponseWriter, r *http.Request) error {
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	in := page.AboutInput{Contact: s.Contact, Agent: s.agent(), Floor: pollFloor, Text: s.Theme.aboutText(c.Lang), Images: s.Images}
	if s.Blocked != nil {
		in.Blocked = s.Blocked()
	}
	if in.List, err = s.Store.ListState(r.Context()); err != nil {
		return fmt.Errorf("read list state: %w", err)
	}
	if in.Sources, err = s.Store.Sources(r.Context()); err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	return s.show(w, c.Lang, "about", c.About(in))
}

// agent is the User-Agent that publishers see.
func (s *Server) agent() string {
	contact := s.Contact
	if contact == "" {
		contact = s.BaseURL + "/about"
	}
	return "caravan/" + s.Version + " (+" + contact + ")"
}
