package server

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"reflect"
	"strings"

	"caravan"
	"caravan/server/locale"
)

// An apiFacet is one value of a facet.
type apiFacet struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// An apiResult is one page of what a search found.
type apiResult struct {
	Query        string                `json:"query"`
	Total        int                   `json:"total"`
	About        bool                  `json:"about,omitempty"` // total is an estimate
	TookMS       float64               `json:"took_ms"`
	At           string                `json:"at,omitempty"`
	Reranked     bool                  `json:"reranked,omitempty"`
	Items        []apiStory            `json:"items"`
	Facets       map[string][]apiFacet `json:"facets"`
	Suggestion   string                `json:"suggestion,omitempty"`
	Corrected    bool                  `json:"corrected,omitempty"` // the items are those of the suggestion
	Relaxed      []apiRelaxed          `json:"relaxed,omitempty"`
	Unknown      []string              `json:"unknown,omitempty"`
	AlsoSearched []string              `json:"also_searched"`
}

// apiSearch serves GET /api/v1/search.
func (s *Server) apiSearch(w http.ResponseWriter, r *http.Request) error {
	f, err := parseFilter(r.URL.Query(), s.TimeZone, 20)
	if err != nil {
		return err
	}
	started := s.Now()
	found, err := s.Index.Search(r.Context(), caravan.SearchRequest{
		Query: f.Query, Plain: f.Plain, Exact: f.Exact, Typed: f.Typed, Filter: f.Filter, Sort: f.Sort,
		Limit: f.Limit, Page: f.Page, At: f.At, Facets: true, Now: started,
	})
	if err != nil {
		return err
	}
	stories, err := s.storiesOf(r.Context(), found.Hits)
	if err != nil {
		return err
	}
	labels, err := s.facetLabels(r.Context())
	if err != nil {
		return err
	}
	if found.Took == 0 {
		found.Took = s.Now().Sub(started)
	}
	return writeJSON(w, http.StatusOK, apiResult{
		Query: found.Query, Total: found.Total, About: found.About,
		TookMS: float64(found.Took.Microseconds()) / 1000, At: found.At, Reranked: found.Reranked,
		Items: apiHits(found.Hits, stories), Facets: apiFacets(found.Facets, labels),
		Suggestion: found.Suggestion, Corrected: found.Corrected, Relaxed: relaxedQueries(found, f.Filter), Unknown: found.Unknown,
		AlsoSearched: append([]string{}, found.Also...),
	})
}

// An apiRelaxed is a query that finds nothing with one condition taken away.
type apiRelaxed struct {
	Query   string `json:"query"`
	Dropped string `json:"dropped,omitempty"`
	Quoted  bool   `json:"quoted,omitempty"` // the words as a phrase
	Total   int    `json:"total"`
}

// relaxedQueries returns what a query without hits finds with one condition
// less, as far as that is a matter of the query and not of the filter.
func relaxedQueries(found caravan.SearchResult, filter caravan.Filter) []apiRelaxed {
	var out []apiRelaxed
	for _, r := range found.Relaxed {
		if found.Total == 0 && r.Total > 0 && reflect.DeepEqual(r.Filter, filter) {
			out = append(out, apiRelaxed{r.Query, r.Dropped, r.Quoted, r.Total})
		}
	}
	return out
}

// apiHits returns the stories that hits found, with what matched.
func apiHits(hits []caravan.Hit, stories []caravan.Story) []apiStory {
	byID := make(map[string]caravan.Story, len(stories))
	for _, st := range stories {
		byID[st.ID] = st
	}
	out := []apiStory{}
	for _, h := range hits {
		st, ok := byID[h.Story]
		if !ok {
			continue // hidden a moment ago
		}
		item := apiStoryOf(st, false)
		item.Score = h.Score
		if st.Source.Settings.Show != caravan.ShowTitle {
			item.Snippet = marked(h.Snippet)
		}
		out = append(out, item)
	}
	return out
}

// marked returns fragments as HTML: text escaped once, what matched in <mark>.
func marked(fragments []caravan.Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		text := html.EscapeString(f.Text)
		if f.Hit {
			text = "<mark>" + text + "</mark>"
		}
		b.WriteString(text)
	}
	return b.String()
}

// facetLabels returns what the slugs of communities and sources are called, kept
// until something changes: completions ask for them at every key pressed. Nobody
// may change the result.
func (s *Server) facetLabels(ctx context.Context) (map[string]string, error) {
	version, err := s.Store.LastChange(ctx)
	if err != nil {
		return nil, fmt.Errorf("read last change: %w", err)
	}
	got, err := s.face.memo.get(ctx, "labels", version, func(ctx context.Context) (any, int, error) {
		labels, err := s.readLabels(ctx)
		return labels, 200 * len(labels), err
	})
	if err != nil {
		return nil, err
	}
	return got.(map[string]string), nil
}

// readLabels reads the names of communities and sources.
func (s *Server) readLabels(ctx context.Context) (map[string]string, error) {
	labels := map[string]string{}
	communities, err := s.Store.Communities(ctx)
	if err != nil {
		return nil, fmt.Errorf("read communities: %w", err)
	}
	for _, c := range communities {
		labels["community "+c.Slug] = c.Title
	}
	sources, err := s.Store.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	for _, src := range sources {
		labels["source "+src.Slug] = src.Title
	}
	return labels, nil
}

// apiFacets returns the facets with labels.
func apiFacets(f caravan.Facets, labels map[string]string) map[string][]apiFacet {
	out := map[string][]apiFacet{}
	for name, values := range map[string][]caravan.FacetValue{
		"community": f.Community, "source": f.Source, "language": f.Language, "tag": f.Tag, "year": f.Year,
	} {
		out[name] = []apiFacet{}
		for _, v := range values {
			label := labels[name+" "+v.Value]
			if name == "language" {
				label = locale.Endonym(v.Value)
			}
			if label == "" {
				label = v.Value
			}
			out[name] = append(out[name], apiFacet{v.Value, label, v.Count})
		}
	}
	return out
}
