package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"caravan"
	"caravan/server/locale"
	"caravan/server/page"
	"caravan/server/static"
	"caravan/server/templates"
)

// pageSize is how many stories a page of a list shows.
const pageSize = 24

// A face is what pages are printed with: the static files and the templates.
type face struct {
	files *static.Files
	set   *templates.Set
	memo  memo
	shelf *shelf // of pages
}

// newFace reads what pages need; root is the path of the site.
func newFace(root string, theme Theme) (*face, error) {
	files, err := static.New(root, theme.files)
	if err != nil {
		return nil, err
	}
	set, err := templates.New(templates.Files(), files.Address)
	if err != nil {
		return nil, err
	}
	return &face{files: files, set: set, shelf: newShelf(pageBytes)}, nil
}

// pageRoutes registers the pages and the files they load.
func (s *Server) pageRoutes(r *mux.Router) {
	handle := func(path string, show pageFunc) { r.Handle(path, s.page(show)) }
	handle("/", s.kept(aMinute, s.showHome))
	handle("/search", s.kept(aMinute, s.showSearch))
	handle("/c/{community:"+slugPattern+"}", s.kept(aMinute, s.showCommunity))
	handle("/s/{source:"+slugPattern+"}", s.kept(aSecond, s.showSource))
	handle("/item/{id}", s.kept(aMinute, s.showItem))
	handle("/sources", s.kept(aSecond, s.showSources))
	handle("/sources.atom", s.showEvents)
	handle("/about", s.kept(aSecond, s.showAbout))
	s.digestRoutes(handle)
	r.PathPrefix(static.Prefix).Handler(s.page(s.serveStatic))
}

// serveStatic serves the stylesheet, the script, the fonts and the icon, encoded
// once for all who ask.
func (s *Server) serveStatic(w http.ResponseWriter, r *http.Request) error {
	if !s.face.files.Has(r.URL.Path) {
		return errNoPage
	}
	doc, _, err := s.face.shelf.get(r.Context(), r.URL.Path, stamp{}, s.Now(), func(context.Context) (*document, error) {
		made := &sketch{header: http.Header{"Vary": {"Accept-Encoding"}}}
		s.face.files.ServeHTTP(made, r)
		return made.finish()
	})
	if err != nil {
		return err
	}
	servePage(w, r, doc)
	return nil
}

// pageContext gathers what every page of r needs to know.
func (s *Server) pageContext(r *http.Request) (page.Context, error) {
	c := s.bareContext(r)
	list, err := s.Store.ListState(r.Context())
	if err != nil {
		return c, fmt.Errorf("read list state: %w", err)
	}
	if list.Title != "" && s.Theme.Title == "" {
		c.Site.Title = list.Title
	}
	if c.Communities, err = s.Store.Communities(r.Context()); err != nil {
		return c, fmt.Errorf("read communities: %w", err)
	}
	return c, nil
}

// bareContext is a context made without asking the store.
func (s *Server) bareContext(r *http.Request) page.Context {
	query := r.URL.Query()
	lang, chosen := locale.ChooseLang(query.Get("lang"), r.Header.Get("Accept-Language"))
	c := page.Context{
		Lang: lang, Chosen: chosen, Now: s.Now(), Zone: s.TimeZone, Path: r.URL.Path, Query: query,
		BaseURL: s.BaseURL, Root: s.base.Path, Site: s.Theme.site(s.face.files.Address), Demo: s.Demo,
	}
	if since, offline := s.Offline(); offline {
		c.Offline = since
	}
	return c
}

// show prints a view and sends it.
func (s *Server) show(w http.ResponseWriter, l locale.Lang, name string, view any) error {
	return s.showStatus(w, http.StatusOK, l, name, view)
}

func (s *Server) showStatus(w http.ResponseWriter, status int, l locale.Lang, name string, view any) error {
	html, err := s.face.set.Render(l, name, view)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(l))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	if _, err := w.Write(html); err != nil {
		s.Log.Debug("page not sent", "page", name, "err", err)
	}
	return nil
}

// showHome serves GET /: the newest stories by day, or how far the first run is.
func (s *Server) showHome(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	f, err := parseFilter(c.Query, s.TimeZone, pageSize)
	if err != nil {
		return err
	}
	sources, err := s.Store.Sources(ctx)
	if err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	stories, err := s.Store.Stories(ctx, f.Filter, f.Cursor, pageSize)
	if err != nil {
		return fmt.Errorf("read stories: %w", err)
	}
	if f.Filter.Empty() && f.Cursor == "" && page.FirstRun(sources, len(stories.Stories)) {
		return s.showRun(w, r, c, page.RunInput{Sources: sources, Stories: stories.Stories, Floor: pollFloor})
	}
	activity, err := s.communityActivity(ctx, c)
	if err != nil {
		return err
	}
	linked, err := s.mostLinkedThisWeek(ctx, f.Filter, c.Now)
	if err != nil {
		return err
	}
	return s.show(w, c.Lang, "home", c.Home(page.HomeInput{
		Page: stories, Filter: f.Filter, Cursor: f.Cursor, Sources: sources, Activity: activity, Linked: linked,
	}))
}

// showRun serves the home page while the first polls run.
func (s *Server) showRun(w http.ResponseWriter, r *http.Request, c page.Context, in page.RunInput) error {
	in.Stories = in.Stories[:min(len(in.Stories), 10)]
	name := "run"
	if r.Header.Get("X-Partial") != "" {
		name = "live"
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.show(w, c.Lang, name, c.Run(in))
}

// communityActivity counts the stories of the last 30 days by community and
// day, kept until something changes.
func (s *Server) communityActivity(ctx context.Context, c page.Context) (map[string][]caravan.DayCount, error) {
	version, err := s.Store.LastChange(ctx)
	if err != nil {
		return nil, fmt.Errorf("read last change: %w", err)
	}
	since := c.Now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -30)
	key := fmt.Sprint("activity ", since.Unix())
	got, err := s.face.memo.get(ctx, key, version, func(ctx context.Context) (any, int, error) {
		size, counts := 0, make(map[string][]caravan.DayCount, len(c.Communities))
		for _, community := range c.Communities {
			if community.Newest.Before(since) {
				continue
			}
			days, err := s.Store.Activity(ctx, caravan.Filter{Communities: []string{community.Slug}}, since)
			if err != nil {
				return nil, 0, fmt.Errorf("read activity of %s: %w", community.Slug, err)
			}
			counts[community.Slug] = days
			size += 100 + 32*len(days)
		}
		return counts, size, nil
	})
	if err != nil {
		return nil, err
	}
	return got.(map[string][]caravan.DayCount), nil
}

// showCommunity serves GET /c/{community}.
func (s *Server) showCommunity(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	f, err := parseFilter(c.Query, s.TimeZone, pageSize)
	if err != nil {
		return err
	}
	in := page.CommunityInput{Cursor: f.Cursor}
	if in.Community, err = s.Store.Community(ctx, mux.Vars(r)["community"]); err != nil {
		return fmt.Errorf("read community: %w", err)
	}
	filter := caravan.Filter{Communities: []string{in.Community.Slug}}
	if in.Page, err = s.Store.Stories(ctx, filter, f.Cursor, pageSize); err != nil {
		return fmt.Errorf("read stories of %s: %w", in.Community.Slug, err)
	}
	if in.Activity, err = s.Store.Activity(ctx, filter, c.Now.AddDate(-2, 0, 0)); err != nil {
		return fmt.Errorf("read activity of %s: %w", in.Community.Slug, err)
	}
	sources, err := s.Store.Sources(ctx)
	if err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	for _, source := range sources {
		for _, member := range source.Communities {
			if member.Slug == in.Community.Slug {
				in.Sources = append(in.Sources, source)
			}
		}
	}
	return s.show(w, c.Lang, "community", c.Community(in))
}

// showSource serves GET /s/{source}.
func (s *Server) showSource(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	f, err := parseFilter(c.Query, s.TimeZone, pageSize)
	if err != nil {
		return err
	}
	in := page.SourceInput{Cursor: f.Cursor, Post: strings.TrimSpace(c.Query.Get("post"))}
	if in.Source, err = s.Store.Source(ctx, mux.Vars(r)["source"]); err != nil {
		return fmt.Errorf("read source: %w", err)
	}
	filter := caravan.Filter{Sources: []string{in.Source.Slug}}
	if in.Page, err = s.Store.Stories(ctx, filter, f.Cursor, pageSize); err != nil {
		return fmt.Errorf("read stories of %s: %w", in.Source.Slug, err)
	}
	if in.Polls, err = s.Store.Polls(ctx, in.Source.Slug, 20); err != nil {
		return fmt.Errorf("read polls of %s: %w", in.Source.Slug, err)
	}
	if err := s.findPost(ctx, &in); err != nil {
		return err
	}
	return s.show(w, c.Lang, "source", c.Source(in))
}

// A finder knows every item by its address, hidden ones too.
type finder interface {
	Find(ctx context.Context, address string) ([]caravan.Item, error)
}

// findPost looks up what became of the post that a reader asks for: this
// source's item of that address, else another's.
func (s *Server) findPost(ctx context.Context, in *page.SourceInput) error {
	store, ok := s.Store.(finder)
	if !ok || in.Post == "" || len(in.Post) > 2000 {
		return nil
	}
	items, err := store.Find(ctx, in.Post)
	if err != nil {
		return fmt.Errorf("find post: %w", err)
	}
	if len(items) == 0 {
		return nil
	}
	i := max(0, slices.IndexFunc(items, func(i caravan.Item) bool { return i.Source == in.Source.Slug }))
	in.PostItem = &items[i]
	story, err := s.Store.StoryOf(ctx, items[i].ID)
	switch {
	case err == nil:
		in.PostStory = &story
	case !errors.Is(err, caravan.ErrNotFound) && !errors.Is(err, caravan.ErrGone):
		return fmt.Errorf("read story of post: %w", err)
	}
	return nil
}

// showItem serves GET /item/{id}.
func (s *Server) showItem(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	id := mux.Vars(r)["id"]
	if !caravan.ValidPublicID(id) {
		return errNoPage
	}
	in := page.StoryInput{Images: s.Images}
	if in.Item, err = s.Store.Item(ctx, id); err != nil {
		return fmt.Errorf("read item %s: %w", id, err)
	}
	if in.Story, err = s.Store.StoryOf(ctx, id); err != nil {
		return fmt.Errorf("read story of %s: %w", id, err)
	}
	if in.Source, err = s.Store.Source(ctx, in.Item.Source); err != nil {
		return fmt.Errorf("read source of %s: %w", id, err)
	}
	if err := s.readAround(ctx, &in); err != nil {
		return err
	}
	if in.Similar, err = s.similar(ctx, in.Story.ID); err != nil {
		return err
	}
	return s.show(w, c.Lang, "story", c.Story(in))
}

// similarShown is how many similar stories an item's page lists.
const similarShown = 4

// A likener is an index that knows what is like a story.
type likener interface {
	Similar(ctx context.Context, story string, limit int) ([]caravan.Hit, error)
}

// similar returns the stories that are most like one; none where the index does
// not know. It is an extra: a page does not fail for want of it.
func (s *Server) similar(ctx context.Context, story string) ([]caravan.Story, error) {
	index, ok := s.Index.(likener)
	if !ok {
		return nil, nil
	}
	hits, err := index.Similar(ctx, story, similarShown+1)
	if err != nil {
		s.Log.WarnContext(ctx, "similar stories not found", "story", story, "err", err)
		return nil, nil
	}
	var ids []string
	for _, hit := range hits {
		if hit.Story != story {
			ids = append(ids, hit.Story)
		}
	}
	stories, err := s.Store.StoriesByID(ctx, ids[:min(len(ids), similarShown)])
	if err != nil {
		return nil, fmt.Errorf("read similar stories: %w", err)
	}
	return stories, nil
}

// showSources serves GET /sources.
func (s *Server) showSources(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := s.pageContext(r)
	if err != nil {
		return err
	}
	in := page.SourcesInput{State: c.Query.Get("state"), Sort: c.Query.Get("sort")}
	if in.Page, err = parseNumber(c.Query, "page", 1, 1000); err != nil {
		return err
	}
	if in.List, err = s.Store.ListState(ctx); err != nil {
		return fmt.Errorf("read list state: %w", err)
	}
	if in.Sources, err = s.Store.Sources(ctx); err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	return s.show(w, c.Lang, "sources", c.Sources(in))
}
