package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"caravan"
	"caravan/index/query"
)

// Bounds of what is offered to somebody who types.
const (
	usualCompletions = 8
	mostCompletions  = 20
	namesLookedAt    = 20 // communities, sources, tags and authors, before the titles
)

// completionsKept is how long a browser or a proxy may keep what was offered: so
// that a letter taken back costs nothing, and what is hidden is soon offered no
// more.
const completionsKept = "public, max-age=60"

// A completer is an index that knows what words still being typed may mean.
type completer interface {
	Complete(ctx context.Context, typed string, limit int) ([]caravan.Completion, error)
}

// An apiCompletion is something that may be meant.
type apiCompletion struct {
	Kind     caravan.CompletionKind `json:"kind"`
	Text     string                 `json:"text"`           // to read
	Query    string                 `json:"query"`          // that finds it
	Item     string                 `json:"item,omitempty"` // public id, of a title
	Language string                 `json:"language,omitempty"`
	Count    int                    `json:"count"`
}

// apiComplete serves GET /api/v1/complete: what may be meant by q.
func (s *Server) apiComplete(w http.ResponseWriter, r *http.Request) error {
	typed, offers, err := s.complete(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", completionsKept)
	return writeJSON(w, http.StatusOK, struct {
		Query       string          `json:"query"`
		Completions []apiCompletion `json:"completions"`
	}{typed, offers})
}

// apiSuggest serves GET /api/v1/suggest: the same as queries, in the form that
// browsers ask for while somebody types in their address bar (OpenSearch
// Suggestions 1.1).
func (s *Server) apiSuggest(w http.ResponseWriter, r *http.Request) error {
	typed, offers, err := s.complete(r)
	if err != nil {
		return err
	}
	queries := []string{}
	for _, c := range offers {
		queries = append(queries, c.Query)
	}
	body, err := json.Marshal([]any{typed, queries})
	if err != nil {
		return fmt.Errorf("write suggestions: %w", err)
	}
	w.Header().Set("Cache-Control", completionsKept)
	w.Header().Set("Content-Type", "application/x-suggestions+json; charset=utf-8")
	w.Header().Set("Content-Security-Policy", rawPolicy)
	w.Write(append(body, '\n'))
	return nil
}

// complete reads what was typed and asks the index what it may mean; an index
// that does not know offers nothing.
func (s *Server) complete(r *http.Request) (typed string, offers []apiCompletion, err error) {
	values := r.URL.Query()
	if typed, err = parseQuery(values.Get("q")); err != nil {
		return "", nil, err
	}
	limit, err := parseNumber(values, "limit", usualCompletions, mostCompletions)
	if err != nil {
		return "", nil, err
	}
	index, ok := s.Index.(completer)
	if !ok || typed == "" {
		return typed, []apiCompletion{}, nil
	}
	found, err := index.Complete(r.Context(), typed, namesLookedAt+limit)
	if err != nil {
		return "", nil, fmt.Errorf("complete %q: %w", typed, err)
	}
	offers, err = s.offers(r, mixed(found, limit))
	return typed, offers, err
}

// mixed chooses limit completions, the first of each kind first: names for at
// most half of them where there are titles enough for the rest. They stay in
// their order.
func mixed(found []caravan.Completion, limit int) []caravan.Completion {
	seen := map[caravan.CompletionKind]int{}
	rank := make(map[int]int, len(found)) // of a name, by its place among all
	titles := 0
	for i, c := range found {
		if c.Kind == caravan.CompleteTitle {
			titles++
			continue
		}
		rank[i] = seen[c.Kind]
		seen[c.Kind]++
	}
	names := min(len(rank), max(limit-titles, limit/2))
	chosen := make(map[int]bool, names)
	for depth := 0; len(chosen) < names; depth++ {
		for i := range found {
			if r, name := rank[i]; name && r == depth && len(chosen) < names {
				chosen[i] = true
			}
		}
	}
	var out []caravan.Completion
	for i, c := range found {
		if len(out) < limit && (chosen[i] || c.Kind == caravan.CompleteTitle) {
			out = append(out, c)
		}
	}
	return out
}

// offers gives completions their names and queries, and leaves out the titles
// that were hidden a moment ago.
func (s *Server) offers(r *http.Request, found []caravan.Completion) ([]apiCompletion, error) {
	var ids []string
	var labels map[string]string
	for _, c := range found {
		switch {
		case c.Kind == caravan.CompleteTitle:
			ids = append(ids, c.Story)
		case labels == nil && (c.Kind == caravan.CompleteCommunity || c.Kind == caravan.CompleteSource):
			var err error
			if labels, err = s.facetLabels(r.Context()); err != nil {
				return nil, err
			}
		}
	}
	stories, err := s.Store.StoriesByID(r.Context(), ids)
	if err != nil {
		return nil, fmt.Errorf("stories offered: %w", err)
	}
	heads := make(map[string]caravan.Item, len(stories))
	for _, st := range stories {
		heads[st.ID] = st.Head
	}
	out := []apiCompletion{}
	for _, c := range found {
		offer := apiCompletion{Kind: c.Kind, Text: c.Text, Query: queryFor(c), Count: c.Count}
		head, shown := heads[c.Story]
		switch {
		case offer.Query == "":
			continue
		case c.Kind == caravan.CompleteTitle && !shown:
			continue
		case c.Kind == caravan.CompleteTitle:
			offer.Item = c.Story
			if head.Title == c.Text {
				offer.Language = head.Language
			}
		case labels[string(c.Kind)+" "+c.Text] != "":
			offer.Text = labels[string(c.Kind)+" "+c.Text]
		}
		out = append(out, offer)
	}
	return out, nil
}

// queryFor returns the query that finds what a completion offers: of a title its
// words. It is empty where no query can say it: one that reads as another would
// find something else.
func queryFor(c caravan.Completion) string {
	var root query.Node
	switch c.Kind {
	case caravan.CompleteTag:
		root = query.Is{Field: query.Tag, Value: c.Text}
	case caravan.CompleteCommunity:
		root = query.Is{Field: query.Community, Value: c.Text}
	case caravan.CompleteSource:
		root = query.Is{Field: query.Source, Value: c.Text}
	case caravan.CompleteAuthor: // a quotation holds words, whatever stands between them
		words := strings.Join(strings.Fields(strings.ReplaceAll(c.Text, `"`, " ")), " ")
		root = query.Text{In: query.Author, Words: words, Quoted: true}
	default:
		q, err := query.ParsePlain(c.Text)
		if bad, ok := errors.AsType[*caravan.QueryError](err); ok && len(bad.Repairs) > 0 {
			return readsBack(bad.Repairs[0])
		}
		return readsBack(q.String())
	}
	return readsBack(query.Query{Root: root}.String())
}

// readsBack returns q if it is read as what it was printed from, else nothing.
func readsBack(q string) string {
	if read, err := query.Parse(q); err != nil || read.String() != q {
		return ""
	}
	return q
}
