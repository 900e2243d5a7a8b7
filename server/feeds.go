package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"caravan"
	"caravan/server/feed"
)

// How much goes into a feed document.
const (
	entriesPerFeed = 100
	fairShare      = entriesPerFeed / 4 // of one source while others fill the document
	bytesPerFeed   = 250_000            // of the newest document and its pages
	spanChunk      = 250                // stories of an archive document read at a time
	tombstoneDays  = 30
	mostHeld       = 10 * entriesPerFeed // stories that a newest document held, with those that were hidden then
)

// feedRoutes adds the feeds.
func (s *Server) feedRoutes(r *mux.Router) {
	const formats = "{format:atom|rss|json}"
	r.Handle("/feed."+formats, s.plain(s.showFeed))
	r.Handle("/c/{community:"+slugPattern+"}/feed."+formats, s.plain(s.showFeed))
	r.Handle("/s/{source:"+slugPattern+"}/feed."+formats, s.plain(s.showFeed))
	r.Handle("/search."+formats, s.plain(s.showSearchFeed))
}

// showFeed serves the feed of everything, of a community or of a source.
func (s *Server) showFeed(w http.ResponseWriter, r *http.Request) error {
	vars := mux.Vars(r)
	scope := caravan.Scope{Community: vars["community"], Source: vars["source"]}
	req, elsewhere, err := parseScopeFeed(feed.Format(vars["format"]), scope, r.URL.Query())
	if err != nil {
		return err
	}
	if elsewhere != "" {
		http.Redirect(w, r, s.base.Path+elsewhere, http.StatusFound)
		return nil
	}
	return s.serveFeed(w, r, req)
}

// showSearchFeed serves the feed of a search or of any filter, newest first.
func (s *Server) showSearchFeed(w http.ResponseWriter, r *http.Request) error {
	req, err := parseSearchFeed(feed.Format(mux.Vars(r)["format"]), r.URL.Query(), s.TimeZone)
	if err != nil {
		return err
	}
	if req.form.Query == "" && req.form.Filter.Empty() {
		http.Redirect(w, r, s.base.Path+feedRequest{format: req.format, show: req.show}.address(), http.StatusFound)
		return nil
	}
	return s.serveFeed(w, r, req)
}

// serveFeed answers with the document of req, from the shelf where nothing has
// changed since it was put there.
func (s *Server) serveFeed(w http.ResponseWriter, r *http.Request, req feedRequest) error {
	if browsing(r) {
		return s.showFeedPage(w, r, req)
	}
	doc, err := s.feedDocument(r.Context(), req)
	if err != nil {
		return err
	}
	doc.serve(w, r)
	return nil
}

// feedDocument returns the document of req.
func (s *Server) feedDocument(ctx context.Context, req feedRequest) (*document, error) {
	at, err := s.now(ctx, req.search)
	if err != nil {
		return nil, err
	}
	render := s.renderScope
	if req.search {
		render = s.renderSearch
	}
	doc, hit, err := s.shelf.get(ctx, req.address(), at, s.Now(), func(ctx context.Context) (*document, error) {
		return render(ctx, req)
	})
	s.metrics.shelf(hit)
	return doc, err
}

// now returns what rendered documents depend on besides their address. The
// index follows the store by some seconds, so that the number of the newest
// change alone does not say what it finds: what it was asked for is good for
// half a minute.
func (s *Server) now(ctx context.Context, searched bool) (stamp, error) {
	change, err := s.Store.LastChange(ctx)
	if err != nil {
		return stamp{}, fmt.Errorf("number of the last change: %w", err)
	}
	stretch := int64(24 * 60 * 60)
	if searched {
		stretch = 30
	}
	return stamp{change: change, stretch: s.Now().Unix() / stretch}, nil
}

// renderScope makes the newest document, a following page or an archive
// document of a scope.
func (s *Server) renderScope(ctx context.Context, req feedRequest) (*document, error) {
	head, err := s.headOf(ctx, req)
	if err != nil {
		return nil, err
	}
	switch {
	case req.archive != "":
		return s.renderArchive(ctx, req, head)
	case req.cursor != "":
		return s.renderPage(ctx, req, head)
	}
	return s.renderNewest(ctx, req, head)
}

// renderNewest makes the document that readers subscribe to.
func (s *Server) renderNewest(ctx context.Context, req feedRequest, head feedHead) (*document, error) {
	stories, err := s.Store.Feed(ctx, caravan.FeedQuery{
		Scope: req.scope, Limit: entriesPerFeed, Fair: true, Content: req.show == "",
	})
	if err != nil {
		return nil, fmt.Errorf("stories of %s: %w", req.address(), err)
	}
	pieces, err := s.encode(req, &head.Document, stories)
	if err != nil {
		return nil, err
	}
	stories = stories[:fit(pieces, bytesPerFeed)]
	gone, err := s.Store.Tombstones(ctx, req.scope, s.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-tombstoneDays))
	if err != nil {
		return nil, fmt.Errorf("tombstones of %s: %w", req.address(), err)
	}
	for _, t := range gone {
		head.Deleted = append(head.Deleted, feed.Tombstone{ID: t.FeedID, When: t.When})
	}
	head.Updated = newestChange(stories, gone, head.Updated)
	if len(stories) > 0 {
		next := afterNewest(stories, fairShare)
		if _, more, err := s.Store.PlaceBefore(ctx, req.scope, stories[len(stories)-1].Place); err != nil {
			return nil, fmt.Errorf("place before the end of %s: %w", req.address(), err)
		} else if more || next.low != 0 {
			head.Links.Next = s.abs(req.following(next.String()).address())
		}
		running := spanOf(req.scope, stories[0].Place)
		if head.Links.PrevArchive, err = s.spanBefore(ctx, req, running); err != nil {
			return nil, err
		}
	}
	return s.finish(req, head, stories, pieces[:len(stories)])
}

// renderPage makes a page that follows the newest document.
func (s *Server) renderPage(ctx context.Context, req feedRequest, head feedHead) (*document, error) {
	cursor, err := parseFeedCursor(req.cursor)
	if err != nil {
		return nil, err
	}
	var stories []caravan.Story
	more, skipped := true, 0
	for c := cursor; more && len(stories) < entriesPerFeed; {
		batch, err := s.Store.Feed(ctx, caravan.FeedQuery{Scope: req.scope, To: c.to, Limit: entriesPerFeed, Content: req.show == ""})
		if err != nil {
			return nil, fmt.Errorf("stories of %s: %w", req.address(), err)
		}
		more = len(batch) == entriesPerFeed
		for _, st := range batch {
			if c.held(st) {
				skipped++
			} else if len(stories) <= entriesPerFeed {
				stories = append(stories, st)
			}
			c = c.below(st.Place)
		}
		if skipped > mostHeld { // no cursor of ours: it would have the whole archive read for nothing
			return nil, errCursor
		}
	}
	if len(stories) > entriesPerFeed {
		stories, more = stories[:entriesPerFeed], true
	}
	pieces, err := s.encode(req, &head.Document, stories)
	if err != nil {
		return nil, err
	}
	if n := fit(pieces, bytesPerFeed); n < len(stories) {
		stories, more = stories[:n], true
	}
	head.Updated = newestChange(stories, nil, head.Updated)
	head.Links.First = s.abs(req.newest().address())
	if more && len(stories) > 0 {
		head.Links.Next = s.abs(req.following(cursor.below(stories[len(stories)-1].Place).String()).address())
	}
	return s.finish(req, head, stories, pieces[:len(stories)])
}

// renderArchive makes the archive document of a span. The newest span still
// grows: its document is not marked as an archive, and nothing links to it.
func (s *Server) renderArchive(ctx context.Context, req feedRequest, head feedHead) (*document, error) {
	sp, err := parseSpan(req.scope, req.archive)
	if err != nil {
		return nil, err
	}
	newest, any, err := s.Store.PlaceBefore(ctx, req.scope, math.MaxInt64)
	if err != nil {
		return nil, fmt.Errorf("newest place of %s: %w", req.address(), err)
	}
	var stories []caravan.Story
	for to := sp.to; any; {
		batch, err := s.Store.Feed(ctx, caravan.FeedQuery{Scope: req.scope, From: sp.from, To: to, Limit: spanChunk, Content: req.show == ""})
		if err != nil {
			return nil, fmt.Errorf("stories of %s: %w", req.address(), err)
		}
		stories = append(stories, batch...)
		if len(batch) < spanChunk {
			break
		}
		to = batch[len(batch)-1].Place
	}
	if len(stories) == 0 {
		return nil, said(caravan.ErrNotFound, caravan.EmptySpan)
	}
	pieces, err := s.encode(req, &head.Document, stories)
	if err != nil {
		return nil, err
	}
	head.Updated = newestChange(stories, nil, head.Updated)
	head.Links.Current = s.abs(req.newest().address())
	if head.Links.PrevArchive, err = s.spanBefore(ctx, req, sp); err != nil {
		return nil, err
	}
	if running := spanOf(req.scope, newest); sp.name != running.name {
		place, ok, err := s.Store.PlaceAfter(ctx, req.scope, sp.to-1)
		if err != nil {
			return nil, fmt.Errorf("place after %s: %w", req.address(), err)
		}
		if following := spanOf(req.scope, place); ok && following.name != running.name {
			head.Links.NextArchive = s.abs(req.part(following.name).address())
		}
		// A lone archive document has no neighbour to lead to, and RFC 5005
		// knows none without.
		head.Archive = head.Links.PrevArchive+head.Links.NextArchive != ""
	}
	return s.finish(req, head, stories, pieces)
}

// spanBefore returns the address of the archive document before a span, or
// nothing when that is the oldest.
func (s *Server) spanBefore(ctx context.Context, req feedRequest, sp span) (string, error) {
	place, ok, err := s.Store.PlaceBefore(ctx, req.scope, sp.from)
	if err != nil {
		return "", fmt.Errorf("place before %s: %w", sp.name, err)
	}
	if !ok {
		return "", nil
	}
	return s.abs(req.part(spanOf(req.scope, place).name).address()), nil
}

// encode writes each story as an entry of req's format, and notes in head what
// the entries ask of the document.
func (s *Server) encode(req feedRequest, head *feed.Document, stories []caravan.Story) ([][]byte, error) {
	entries := make([]feed.Entry, len(stories))
	for i, st := range stories {
		entries[i] = entryOf(st, req.show, s.abs("/item/"+st.Head.ID))
	}
	if req.format == feed.RSS {
		var language string
		if language, head.Podcast = markPodcasts(entries, head.Owner); head.Podcast && head.Language == "" {
			head.Language = cmp.Or(language, "en") // directories insist on one
		}
	}
	return feed.Encode(req.format, entries)
}

// finish puts a document together: entries by date, links, validators.
func (s *Server) finish(req feedRequest, head feedHead, stories []caravan.Story, pieces [][]byte) (*document, error) {
	order := make([]int, len(stories))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return byDate(stories[i], stories[j]) })
	sorted := make([][]byte, len(order))
	for i, j := range order {
		sorted[i] = pieces[j]
	}
	body, err := feed.Assemble(req.format, head.Document, sorted)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", req.address(), err)
	}
	modified := head.Updated
	if head.listed.After(modified) {
		modified = head.listed
	}
	doc := newDocument(req.format.MediaType(), body, modified)
	doc.links, doc.searched, doc.final = headerLinks(head.Document), req.search, true
	return doc, nil
}

// headerLinks returns the Link header of a document: hub and self, where WebSub
// subscribers look first. Without a hub nobody looks.
func headerLinks(d feed.Document) string {
	if d.Hub == "" {
		return ""
	}
	return "<" + d.Self + `>; rel="self", <` + d.Hub + `>; rel="hub"`
}

// A feedHead is a feed document without its entries.
type feedHead struct {
	feed.Document
	listed time.Time // when the source list was taken over, which gives names and says what is shown
}

// headOf returns what the documents of a feed have in common: names,
// addresses, and the time that a feed without entries goes by.
func (s *Server) headOf(ctx context.Context, req feedRequest) (feedHead, error) {
	list, err := s.Store.ListState(ctx)
	if err != nil {
		return feedHead{}, fmt.Errorf("state of the list: %w", err)
	}
	name, about, err := s.describe(ctx, req, planetTitle(list))
	if err != nil {
		return feedHead{}, err
	}
	d := feed.Document{
		ID: s.abs(req.id()), Title: name, Subtitle: about, Language: req.scope.Language,
		Home: s.abs(req.home()), Self: s.abs(req.address()), Hub: s.Hub, Updated: list.AppliedAt,
		Version: s.Version, Website: s.abs("/about"), Formats: map[feed.Format]string{},
		Owner: feed.Owner{Name: list.OwnerName, Email: list.OwnerEmail},
	}
	for _, f := range feed.Formats() {
		d.Formats[f] = s.abs(req.newest().in(f).address())
	}
	if d.Updated.IsZero() {
		d.Updated = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return feedHead{d, list.AppliedAt}, nil
}

// planetTitle is what the planet is called.
func planetTitle(list caravan.ListState) string {
	if list.Title != "" {
		return list.Title
	}
	return "Caravan"
}

// describe returns the title and the subtitle of a feed. An unknown community
// or source is an error.
func (s *Server) describe(ctx context.Context, req feedRequest, planet string) (title, subtitle string, err error) {
	switch {
	case req.search:
		labels, err := s.facetLabels(ctx)
		if err != nil {
			return "", "", err
		}
		choice := cmp.Or(choiceOf(req.form.Query, req.form.Filter, labels), "everything")
		return choice + " · " + planet, "What is found for " + choice + ", newest first.", nil
	case req.scope.Community != "":
		c, err := s.Store.Community(ctx, req.scope.Community)
		if err != nil {
			return "", "", notHere(err, "community")
		}
		title, subtitle = c.Title+" · "+planet, "What "+c.Title+" publishes, newest first."
	case req.scope.Source != "":
		src, err := s.Store.Source(ctx, req.scope.Source)
		if err != nil {
			return "", "", notHere(err, "source")
		}
		title, subtitle = src.Title+" · "+planet, "What "+src.Title+" publishes, newest first."
	default:
		title, subtitle = planet, "What all communities of "+planet+" publish, newest first."
	}
	if req.scope.Language != "" {
		title += " · " + languageName(req.scope.Language)
	}
	return title, subtitle, nil
}

// notHere gives a lookup that found nothing a sentence; moved slugs and other
// failures stay as they are.
func notHere(err error, what string) error {
	if _, moved := errors.AsType[*caravan.MovedError](err); moved || !errors.Is(err, caravan.ErrNotFound) {
		return err
	}
	if _, said := errors.AsType[*caravan.PublicError](err); said {
		return err
	}
	return &caravan.PublicError{Message: "There is no " + what + " of this name in the list.", Err: err}
}

// languageName returns what a language calls itself, else its tag.
func languageName(tag string) string {
	if own := display.Self.Name(language.Make(tag)); own != "" {
		return own
	}
	return tag
}

// abs returns the public address of a path.
func (s *Server) abs(path string) string { return s.BaseURL + path }
