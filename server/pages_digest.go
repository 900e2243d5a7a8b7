package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"caravan"
	"caravan/server/page"
)

// digestStories is how many stories a digest looks at.
const digestStories = 2000

// digestForms are the forms of a digest beside the page itself.
var digestForms = map[string]string{"email": "text/html; charset=utf-8", "text": "text/plain; charset=utf-8", "markdown": "text/markdown; charset=utf-8"}

// digestRoutes registers the digests.
func (s *Server) digestRoutes(handle func(path string, show pageFunc)) {
	handle("/digest", s.showThisMonth)
	handle("/digest.atom", s.showDigestFeed)
	for _, scope := range []string{"", "/c/{community:" + slugPattern + "}"} {
		handle(scope+"/digest/{period:[0-9]{4}-(?:W[0-9]{2}|[0-9]{2})}", s.kept(aMinute, s.showDigest))
	}
}

// showThisMonth leads to the digest of the month.
func (s *Server) showThisMonth(w http.ResponseWriter, r *http.Request) error {
	to := s.base.Path + "/digest/" + page.Month(s.Now().In(s.TimeZone)).Name
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

// showDigest serves the digest of a month or a week, whole or of a community,
// as a page, an e-mail, plain text or Markdown.
func (s *Server) showDigest(w http.ResponseWriter, r *http.Request) error {
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	form := c.Query.Get("format")
	if form != "" && digestForms[form] == "" {
		return invalid(caravan.WrongFormat, quoted(form))
	}
	in, err := s.digestInput(r.Context(), c, mux.Vars(r)["period"], mux.Vars(r)["community"])
	if err != nil {
		return err
	}
	view := c.Digest(in)
	if form == "" {
		return s.show(w, c.Lang, "digest", view)
	}
	body := []byte(view.PlainText())
	switch form {
	case "email":
		if body, err = s.face.set.Render(c.Lang, "digest-email", view); err != nil {
			return err
		}
	case "markdown":
		body = []byte(view.Markdown())
	}
	return s.attach(w, body, digestForms[form], "digest-"+in.Period.Name+map[string]string{"email": ".html", "text": ".txt", "markdown": ".md"}[form])
}

// attach sends a document to be saved, not shown: the e-mail form has styles in
// it that the policy of pages forbids.
func (s *Server) attach(w http.ResponseWriter, body []byte, kind, name string) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", rawPolicy)
	h.Set("Cache-Control", "no-cache")
	if _, err := w.Write(body); err != nil {
		s.Log.Debug("digest not sent", "err", err)
	}
	return nil
}

// digestLanguage reads which language's digest is asked for; none is that of all.
func (s *Server) digestLanguage(v url.Values) (string, error) {
	filter, err := parseNarrowing(url.Values{"language": v["language"]}, s.TimeZone)
	switch {
	case err != nil:
		return "", err
	case len(filter.Languages) > 1:
		return "", invalid(caravan.OneLanguage)
	}
	return strings.Join(filter.Languages, ""), nil
}

// digestInput gathers what a digest is made from.
func (s *Server) digestInput(ctx context.Context, c page.Context, period, community string) (page.DigestInput, error) {
	var in page.DigestInput
	var err error
	if in.Period, err = page.ParsePeriod(period, s.TimeZone); err != nil || in.Period.Start.After(c.Now) {
		return in, errNoPage
	}
	if in.Language, err = s.digestLanguage(c.Query); err != nil {
		return in, err
	}
	var filter caravan.Filter
	if in.Language != "" {
		filter.Languages = []string{in.Language}
	}
	if community != "" {
		found, err := s.Store.Community(ctx, community)
		if err != nil {
			return in, fmt.Errorf("read community: %w", err)
		}
		in.Community, filter.Communities = &found, []string{found.Slug}
	}
	if in.Sources, err = s.Store.Sources(ctx); err != nil {
		return in, fmt.Errorf("read sources: %w", err)
	}
	if err := s.readMostLinked(ctx, &in, filter); err != nil {
		return in, err
	}
	in.Stories, in.More, err = s.allStories(ctx, in.Period.Filter(filter), digestStories)
	if err != nil {
		return in, err
	}
	filter.Before = in.Period.Start
	before, err := s.Store.Stories(ctx, filter, "", 1)
	if err != nil {
		return in, fmt.Errorf("read what came before %s: %w", period, err)
	}
	in.Earlier = len(before.Stories) > 0
	return in, nil
}

// readMostLinked reads what was linked to in the period, and in how many
// languages.
func (s *Server) readMostLinked(ctx context.Context, in *page.DigestInput, f caravan.Filter) error {
	var err error
	if in.Linked, err = s.Store.MostLinked(ctx, f, in.Period.Start, in.Period.End, linkedAsked); err != nil {
		return fmt.Errorf("read most linked of %s: %w", in.Period.Name, err)
	}
	in.LinkedIn = make(map[string]int, len(in.Linked))
	for _, story := range in.Linked {
		if story.LinkedBy < 2 {
			continue // one community: which language does not matter
		}
		linking, err := s.Store.LinksTo(ctx, story.Head.ID, linksCounted)
		if errors.Is(err, caravan.ErrNotFound) { // hidden just now
			continue
		}
		if err != nil {
			return fmt.Errorf("read links to %s: %w", story.Head.ID, err)
		}
		in.LinkedIn[story.ID] = page.LinkedIn(story, linking, in.Period.Start, in.Period.End)
	}
	return nil
}

// storyBytes is about how many bytes a kept story takes beside its summary.
const storyBytes = 2500

// allStories reads the stories of a filter, limit at most, and reports whether
// there are more. They are kept until something changes.
func (s *Server) allStories(ctx context.Context, f caravan.Filter, limit int) ([]caravan.Story, bool, error) {
	version, err := s.Store.LastChange(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("read last change: %w", err)
	}
	type whole struct {
		stories []caravan.Story
		more    bool
	}
	got, err := s.face.memo.get(ctx, fmt.Sprintf("stories %d %v", limit, f), version, func(ctx context.Context) (any, int, error) {
		var all whole
		cursor, size := "", 0
		for len(all.stories) < limit {
			got, err := s.Store.Stories(ctx, f, cursor, min(maxLimit, limit-len(all.stories)))
			if err != nil {
				return nil, 0, fmt.Errorf("read stories: %w", err)
			}
			for i := range got.Stories { // only what lists show is kept
				got.Stories[i].Head.Content, got.Stories[i].Head.Text = "", ""
				size += storyBytes + len(got.Stories[i].Head.Summary)
			}
			all.stories = append(all.stories, got.Stories...)
			if cursor = got.Next; cursor == "" {
				return all, size, nil
			}
		}
		all.more = true
		return all, size, nil
	})
	if err != nil {
		return nil, false, err
	}
	all := got.(whole)
	return slices.Clip(all.stories), all.more, nil
}
