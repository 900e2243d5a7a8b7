package server

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"caravan"
)

// openAPI describes the API; a test holds it against the answers.
//
//go:embed openapi.json
var openAPI []byte

// apiRoutes adds the JSON API. What it answers is stable within v1: fields may
// be added, none changes its meaning or goes.
func (s *Server) apiRoutes(r *mux.Router) {
	r.Handle("/api/v1/search", s.api(s.apiSearch))
	r.Handle("/api/v1/complete", s.api(s.apiComplete))
	r.Handle("/api/v1/suggest", s.api(s.apiSuggest))
	r.Handle("/api/v1/items", s.api(s.apiItems))
	r.Handle("/api/v1/items/{id:[a-z2-7]{16}}", s.api(s.apiItem))
	r.Handle("/api/v1/sources", s.api(s.apiSources))
	r.Handle("/api/v1/communities", s.api(s.apiCommunities))
	r.Handle("/api/v1/openapi.json", s.api(s.apiDescription))
	r.PathPrefix("/api/").Handler(s.api(func(http.ResponseWriter, *http.Request) error { return errNoPage }))
}

// api adapts f to HTTP; failures are answered in JSON.
func (s *Server) api(f pageFunc) http.Handler {
	return compress(s.adapt(func(w http.ResponseWriter, r *http.Request) error {
		allowOrigins(w.Header())
		w.Header().Set("Vary", "Accept-Encoding")
		err := f(w, r)
		if bad, ok := errors.AsType[*caravan.QueryError](err); ok {
			return writeJSON(w, http.StatusBadRequest, apiFailure{apiError{bad.Message, &bad.Position, bad.Repairs}})
		}
		return err
	}, apiErrorAnswer))
}

// An apiFailure is the answer to a request that failed.
type apiFailure struct {
	Error apiError `json:"error"`
}

// An apiError says what went wrong, and with a query also where.
type apiError struct {
	Message  string   `json:"message"`
	Position *int     `json:"position,omitempty"`
	Repairs  []string `json:"repairs,omitempty"`
}

// apiErrorAnswer answers a failed request in JSON.
func apiErrorAnswer(w http.ResponseWriter, _ *http.Request, status int, what sentence) {
	writeJSON(w, status, apiFailure{apiError{Message: what.English}})
}

// writeJSON answers with v.
func writeJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Security-Policy", rawPolicy)
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
	return nil
}

// An apiStory is an item as the API shows it.
type apiStory struct {
	ID          string              `json:"id"`
	URL         string              `json:"url,omitempty"`
	Title       string              `json:"title,omitempty"`
	Author      string              `json:"author,omitempty"`
	Source      string              `json:"source"`
	SourceTitle string              `json:"source_title,omitempty"`
	Communities []string            `json:"communities"`
	Language    string              `json:"language,omitempty"`
	Published   *time.Time          `json:"published,omitempty"`
	Updated     *time.Time          `json:"updated,omitempty"`
	FirstSeen   *time.Time          `json:"first_seen,omitempty"`
	Summary     string              `json:"summary,omitempty"`
	ContentHTML string              `json:"content_html,omitempty"`
	Tags        []string            `json:"tags,omitempty"`
	Enclosures  []caravan.Enclosure `json:"enclosures,omitempty"`
	AlsoAt      []apiAppearance     `json:"also_at,omitempty"`
	Snippet     string              `json:"snippet,omitempty"` // HTML: escaped text, hits in <mark>
	Score       float64             `json:"score,omitempty"`
}

// An apiAppearance is a further place where an item was published.
type apiAppearance struct {
	Source string `json:"source"`
	URL    string `json:"url"`
}

// known returns a pointer to t in UTC to the second, or nil when t is unknown.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// apiItemOf returns an item as the API shows it, as much as the show policy of
// its source allows.
func apiItemOf(item caravan.Item, source caravan.Source, content bool) apiStory {
	out := apiStory{
		ID: item.ID, URL: item.Link, Title: item.Title, Source: item.Source, SourceTitle: source.Title,
		Communities: []string{}, Language: item.Language, Updated: known(updatedOf(item, item.SortAt)), FirstSeen: known(item.FirstSeen),
		Tags: item.Tags, Enclosures: item.Enclosures,
	}
	if len(item.Authors) > 0 {
		out.Author = item.Authors[0]
	}
	if !item.Undated {
		out.Published = known(item.SortAt)
	}
	for _, c := range source.Communities {
		out.Communities = append(out.Communities, c.Slug)
	}
	switch source.Settings.Show {
	case caravan.ShowTitle:
	case caravan.ShowExcerpt:
		out.Summary = item.Summary
	default:
		out.Summary = item.Summary
		if content {
			out.ContentHTML = item.Content
		}
	}
	return out
}

// apiStoryOf returns a story as the API shows it.
func apiStoryOf(st caravan.Story, content bool) apiStory {
	out := apiItemOf(st.Head, st.Source, content)
	out.Communities = out.Communities[:0]
	for _, c := range st.Communities {
		out.Communities = append(out.Communities, c.Slug)
	}
	for _, a := range st.AlsoAt {
		out.AlsoAt = append(out.AlsoAt, apiAppearance{a.Source, a.URL})
	}
	return out
}

// apiItems serves GET /api/v1/items: items by date, newest first.
func (s *Server) apiItems(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFilter(r.URL.Query(), s.TimeZone, 20)
	if err != nil {
		return err
	}
	page, err := s.Store.Items(r.Context(), f.Filter, f.Cursor, f.Limit)
	if err != nil {
		return fmt.Errorf("items: %w", err)
	}
	sources, err := s.sourcesBySlug(r)
	if err != nil {
		return err
	}
	content := isSet(r.URL.Query(), "content")
	answer := struct {
		Items []apiStory `json:"items"`
		Next  string     `json:"next,omitempty"`
	}{Items: []apiStory{}, Next: page.Next}
	for _, item := range page.Items {
		answer.Items = append(answer.Items, apiItemOf(item, sources[item.Source], content))
	}
	return writeJSON(w, http.StatusOK, answer)
}

// sourcesBySlug returns the listed sources by their slugs.
func (s *Server) sourcesBySlug(r *http.Request) (map[string]caravan.Source, error) {
	sources, err := s.Store.Sources(r.Context())
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	bySlug := make(map[string]caravan.Source, len(sources))
	for _, src := range sources {
		bySlug[src.Slug] = src
	}
	return bySlug, nil
}

// apiItem serves GET /api/v1/items/{id}.
func (s *Server) apiItem(w http.ResponseWriter, r *http.Request) error {
	id := mux.Vars(r)["id"]
	item, err := s.Store.Item(r.Context(), id)
	if err != nil {
		return notHere(err, "item")
	}
	source, err := s.Store.Source(r.Context(), item.Source)
	if err != nil {
		return fmt.Errorf("source of %s: %w", id, err)
	}
	out := apiItemOf(item, source, true)
	if st, err := s.Store.StoryOf(r.Context(), id); err == nil {
		out.AlsoAt = appearancesBeside(st, item)
	} else if !errors.Is(err, caravan.ErrNotFound) {
		return fmt.Errorf("story of %s: %w", id, err)
	}
	return writeJSON(w, http.StatusOK, out)
}

// appearancesBeside returns where a story appeared besides the item.
func appearancesBeside(st caravan.Story, item caravan.Item) []apiAppearance {
	var out []apiAppearance
	if st.Head.ID != item.ID {
		out = append(out, apiAppearance{st.Source.Slug, st.Head.Link})
	}
	for _, a := range st.AlsoAt {
		if a.ItemID != item.ID {
			out = append(out, apiAppearance{a.Source, a.URL})
		}
	}
	return out
}

// apiDescription serves the description of the API.
func (s *Server) apiDescription(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Write(openAPI)
	return nil
}
