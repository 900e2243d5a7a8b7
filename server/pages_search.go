package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"caravan"
	"caravan/server/page"
)

// Bounds of what a search page tells besides its results.
const (
	hitsWithSimilar = 3 // the first ones
	tagsOffered     = 12
	tagsOfDays      = 90
	nearOffered     = 6
)

// showSearch serves GET /search.
func (s *Server) showSearch(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	if to, ok := yearsAsked(c.Query); ok {
		http.Redirect(w, r, s.base.Path+"/search?"+to.Encode(), http.StatusSeeOther)
		return nil
	}
	f, err := parseFilter(c.Query, s.TimeZone, page.UsualHits)
	if err != nil {
		return err
	}
	in := page.SearchInput{Request: caravan.SearchRequest{
		Query: f.Query, Plain: f.Plain, Exact: f.Exact, Typed: f.Typed, Filter: f.Filter, Sort: f.Sort,
		Limit: f.Limit, Page: f.Page, At: f.At, Facets: true, Now: c.Now,
	}}
	if in.Sources, err = s.Store.Sources(ctx); err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	status := http.StatusOK
	if f.Query == "" && f.Filter.Empty() {
		in.Tags = s.newTags(ctx, c.Now)
	} else {
		err = s.search(ctx, &in)
		bad, unreadable := errors.AsType[*caravan.QueryError](err)
		switch {
		case unreadable:
			in.Err, status = bad, http.StatusBadRequest
		case err != nil:
			return err
		}
		s.tell(ctx, &in)
	}
	name := "search"
	if r.Header.Get("X-Partial") != "" {
		name = "search-part"
	}
	return s.showStatus(w, status, c.Lang, name, c.Search(in))
}

// search asks the index and fetches the stories it found.
func (s *Server) search(ctx context.Context, in *page.SearchInput) error {
	var err error
	if in.Result, err = s.Index.Search(ctx, in.Request); err != nil {
		return fmt.Errorf("search %q: %w", in.Request.Query, err)
	}
	ids := make([]string, 0, len(in.Result.Hits))
	for _, hit := range in.Result.Hits {
		ids = append(ids, hit.Story)
	}
	if len(ids) == 0 {
		if in.Oldest, err = s.Store.Oldest(ctx); err != nil {
			return fmt.Errorf("read how far the archive goes back: %w", err)
		}
		return nil
	}
	if in.Stories, err = s.Store.StoriesByID(ctx, ids); err != nil {
		return fmt.Errorf("read found stories: %w", err)
	}
	return nil
}

// tell adds what a search page offers besides its results: how much other
// queries would find, and what is like the first hits. All of it is an extra: a
// page does not fail for want of it.
func (s *Server) tell(ctx context.Context, in *page.SearchInput) {
	in.Counts = map[string]int{}
	for _, other := range otherQueries(*in) {
		result, err := s.Index.Search(ctx, other)
		if err != nil {
			s.Log.DebugContext(ctx, "other query not counted", "query", other.Query, "err", err)
			continue
		}
		in.Counts[page.CountKey(other)] = result.Total
	}
	in.Similar = map[string][]caravan.Story{}
	for _, hit := range in.Result.Hits[:min(len(in.Result.Hits), hitsWithSimilar)] {
		if in.Request.Page > 1 {
			break
		}
		stories, err := s.similar(ctx, hit.Story)
		if err != nil {
			s.Log.WarnContext(ctx, "similar stories not read", "story", hit.Story, "err", err)
			return
		}
		in.Similar[hit.Story] = stories
	}
}

// otherQueries returns the requests whose totals a search page shows beside what
// it offers: of repaired queries and of plain words, of a suggestion, and of the
// equivalents of a query that finds nothing.
func otherQueries(in page.SearchInput) []caravan.SearchRequest {
	ask := in.Request
	ask.Limit, ask.Page, ask.At, ask.Facets, ask.Count = 1, 1, "", false, true
	var out []caravan.SearchRequest
	with := func(q string) *caravan.SearchRequest {
		ask := ask
		ask.Query = q
		out = append(out, ask)
		return &out[len(out)-1]
	}
	if in.Err != nil {
		for _, repair := range in.Err.Repairs {
			with(repair)
		}
		if !ask.Plain {
			with(ask.Query).Plain = true
		}
		return out
	}
	if in.Result.Suggestion != "" && !in.Result.Corrected {
		with(in.Result.Suggestion)
	}
	if in.Result.Total == 0 {
		for _, near := range in.Result.Also[:min(len(in.Result.Also), nearOffered)] {
			near := with(near)
			near.Plain, near.Exact, near.Filter = true, true, caravan.Filter{}
		}
	}
	return out
}

// newTags returns the commonest tags of late, to begin with; none where the
// index cannot say.
func (s *Server) newTags(ctx context.Context, now time.Time) []caravan.FacetValue {
	result, err := s.Index.Search(ctx, caravan.SearchRequest{
		Filter: caravan.Filter{After: now.AddDate(0, 0, -tagsOfDays)}, Sort: caravan.SortNewest, Limit: 1, Page: 1, Facets: true, Now: now,
	})
	if err != nil {
		s.Log.WarnContext(ctx, "new tags not counted", "err", err)
		return nil
	}
	return result.Facets.Tag[:min(len(result.Facets.Tag), tagsOffered)]
}

// yearsAsked turns the two years of the histogram's form into the parameters
// after and before.
func yearsAsked(query url.Values) (to url.Values, ok bool) {
	if !query.Has("from") && !query.Has("to") {
		return nil, false
	}
	to = url.Values{}
	for name, values := range query {
		if !slices.Contains([]string{"from", "to", "after", "before", "page", "at"}, name) {
			to[name] = values
		}
	}
	if from, err := time.Parse("2006", query.Get("from")); err == nil {
		to.Set("after", from.Format(time.DateOnly))
	}
	if last, err := time.Parse("2006", query.Get("to")); err == nil {
		to.Set("before", last.AddDate(1, 0, 0).Format(time.DateOnly))
	}
	return to, true
}
