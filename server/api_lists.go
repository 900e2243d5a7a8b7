package server

import (
	"fmt"
	"net/http"
	"time"

	"caravan"
	"caravan/server/locale"
	"caravan/server/page"
)

// An apiSource is a source and how its polling goes.
type apiSource struct {
	ID          string     `json:"id"`
	URL         string     `json:"url"`
	SiteURL     string     `json:"site_url,omitempty"`
	Title       string     `json:"title"`
	Communities []string   `json:"communities"`
	Language    string     `json:"language,omitempty"`
	Status      string     `json:"status"`
	Sentence    string     `json:"sentence"`
	LastPoll    *time.Time `json:"last_poll,omitempty"`
	NextPoll    *time.Time `json:"next_poll,omitempty"`
	Items       int        `json:"items"`
	Newest      *time.Time `json:"newest,omitempty"`
}

// apiSources serves GET /api/v1/sources.
func (s *Server) apiSources(w http.ResponseWriter, r *http.Request) error {
	sources, err := s.Store.Sources(r.Context())
	if err != nil {
		return fmt.Errorf("sources: %w", err)
	}
	list, err := s.Store.ListState(r.Context())
	if err != nil {
		return fmt.Errorf("state of the list: %w", err)
	}
	answer := struct {
		Sources []apiSource       `json:"sources"`
		List    []caravan.Problem `json:"list"`
	}{Sources: []apiSource{}, List: append([]caravan.Problem{}, list.Problems...)}
	for _, src := range sources {
		status := page.SourceStatus(src, s.Now())
		out := apiSource{
			ID: src.Slug, URL: caravan.RedactURL(src.URL), SiteURL: caravan.RedactURL(src.SiteURL), Title: src.Title,
			Communities: []string{}, Language: src.Language, Status: string(status.Code), Sentence: status.Sentence(locale.English),
			LastPoll: known(src.State.LastPoll), NextPoll: known(src.State.NextPoll), Items: src.Items, Newest: known(src.Newest),
		}
		for _, c := range src.Communities {
			out.Communities = append(out.Communities, c.Slug)
		}
		answer.Sources = append(answer.Sources, out)
	}
	return writeJSON(w, http.StatusOK, answer)
}

// apiCommunities serves GET /api/v1/communities.
func (s *Server) apiCommunities(w http.ResponseWriter, r *http.Request) error {
	type community struct {
		ID      string     `json:"id"`
		Title   string     `json:"title"`
		SiteURL string     `json:"site_url,omitempty"`
		Sources int        `json:"sources"`
		Items   int        `json:"items"`
		Newest  *time.Time `json:"newest,omitempty"`
	}
	communities, err := s.Store.Communities(r.Context())
	if err != nil {
		return fmt.Errorf("communities: %w", err)
	}
	answer := struct {
		Communities []community `json:"communities"`
	}{[]community{}}
	for _, c := range communities {
		answer.Communities = append(answer.Communities, community{c.Slug, c.Title, c.SiteURL, c.Sources, c.Items, known(c.Newest)})
	}
	return writeJSON(w, http.StatusOK, answer)
}
