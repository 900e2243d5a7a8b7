package server

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"caravan"
	"caravan/server/feed"
)

// listRoutes adds the public source list and what browsers and engines ask for.
func (s *Server) listRoutes(r *mux.Router) {
	r.Handle("/feeds.opml", s.plain(s.showOPML))
	r.Handle("/c/{community:"+slugPattern+"}/feeds.opml", s.plain(s.showOPML))
	r.Handle("/opensearch.xml", s.plain(s.showOpenSearch))
	r.Handle("/robots.txt", s.plain(s.showRobots))
	r.Handle("/sitemap.xml", s.plain(s.showSitemap))
}

// keep answers r with the document of an address, rendered once per change.
func (s *Server) keep(w http.ResponseWriter, r *http.Request, address string, render func(context.Context) (*document, error)) error {
	at, err := s.now(r.Context(), false)
	if err != nil {
		return err
	}
	doc, _, err := s.shelf.get(r.Context(), address, at, s.Now(), render)
	if err != nil {
		return err
	}
	doc.serve(w, r)
	return nil
}

// showOPML serves the source list, whole or of a community, for import in any
// reader.
func (s *Server) showOPML(w http.ResponseWriter, r *http.Request) error {
	slug := mux.Vars(r)["community"]
	address := scopePath(caravan.Scope{Community: slug}) + "/feeds.opml"
	return s.keep(w, r, address, func(ctx context.Context) (*document, error) {
		return s.renderOPML(ctx, slug)
	})
}

// renderOPML makes the list of the communities, or of one.
func (s *Server) renderOPML(ctx context.Context, slug string) (*document, error) {
	list, err := s.Store.ListState(ctx)
	if err != nil {
		return nil, fmt.Errorf("state of the list: %w", err)
	}
	var communities []caravan.Community
	title := planetTitle(list)
	if slug != "" {
		c, err := s.Store.Community(ctx, slug)
		if err != nil {
			return nil, notHere(err, "community")
		}
		communities, title = []caravan.Community{c}, c.Title+" · "+title
	} else if communities, err = s.Store.Communities(ctx); err != nil {
		return nil, fmt.Errorf("communities: %w", err)
	}
	sources, err := s.Store.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	body, err := feed.OPML(feed.List{
		Title: title, Created: list.AppliedAt, OwnerName: list.OwnerName, OwnerEmail: list.OwnerEmail, OwnerID: list.OwnerID,
		Folders: foldersOf(communities, sources),
	})
	if err != nil {
		return nil, fmt.Errorf("write source list: %w", err)
	}
	return newDocument("text/x-opml", body, list.AppliedAt), nil
}

// foldersOf returns communities with their sources as folders of a list.
func foldersOf(communities []caravan.Community, sources []caravan.Source) []feed.Folder {
	folders := make([]feed.Folder, 0, len(communities))
	for _, c := range communities {
		f := feed.Folder{Title: c.Title}
		for _, src := range sources {
			for _, member := range src.Communities {
				if member.Slug == c.Slug {
					f.Lines = append(f.Lines, feed.Line{
						Title: src.Title, Feed: caravan.RedactURL(src.ListURL), Site: caravan.RedactURL(src.SiteURL),
						Language: src.Language, Description: src.Description,
					})
				}
			}
		}
		for _, p := range c.Publications {
			f.Lines = append(f.Lines, feed.Line{Title: p.Title, Site: p.SiteURL})
		}
		if len(f.Lines) == 0 && c.SiteURL != "" {
			f.Lines = append(f.Lines, feed.Line{Title: c.Title, Site: c.SiteURL})
		}
		folders = append(folders, f)
	}
	return folders
}

// showOpenSearch serves the description by which browsers add the search.
func (s *Server) showOpenSearch(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, "/opensearch.xml", func(ctx context.Context) (*document, error) {
		list, err := s.Store.ListState(ctx)
		if err != nil {
			return nil, fmt.Errorf("state of the list: %w", err)
		}
		body, err := feed.OpenSearch(feed.SearchEngine{
			Title: planetTitle(list), Base: s.BaseURL, Contact: list.OwnerEmail,
		})
		if err != nil {
			return nil, fmt.Errorf("write search description: %w", err)
		}
		doc := newDocument("application/opensearchdescription+xml", body, list.AppliedAt)
		doc.maxAge = 24 * 60 * 60
		return doc, nil
	})
}

// showRobots serves the wishes for crawlers: searches and the API are for
// people and programs, everything else may be read.
func (s *Server) showRobots(w http.ResponseWriter, r *http.Request) error {
	root := s.base.Path
	body := strings.Join([]string{
		"User-agent: *",
		"Disallow: " + root + "/search",
		"Disallow: " + root + "/api/",
		"Allow: " + root + "/",
		"",
		"Sitemap: " + s.abs("/sitemap.xml"),
		"",
	}, "\n")
	doc := newDocument("text/plain", []byte(body), time.Time{})
	doc.maxAge = 24 * 60 * 60
	doc.serve(w, r)
	return nil
}

// A sitemap is the list of addresses that engines may take up.
type sitemap struct {
	XMLName xml.Name     `xml:"urlset"`
	NS      string       `xml:"xmlns,attr"`
	Pages   []sitemapURL `xml:"url"`
}

// A sitemapURL is one address and when what it shows last changed.
type sitemapURL struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// showSitemap serves the addresses of the lists. Items are left out: their
// pages repeat what is published elsewhere.
func (s *Server) showSitemap(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, "/sitemap.xml", func(ctx context.Context) (*document, error) {
		communities, err := s.Store.Communities(ctx)
		if err != nil {
			return nil, fmt.Errorf("communities: %w", err)
		}
		sources, err := s.Store.Sources(ctx)
		if err != nil {
			return nil, fmt.Errorf("sources: %w", err)
		}
		body, newest, err := s.writeSitemap(communities, sources)
		if err != nil {
			return nil, fmt.Errorf("write sitemap: %w", err)
		}
		doc := newDocument("application/xml", body, newest)
		doc.maxAge = 60 * 60
		return doc, nil
	})
}

// writeSitemap makes the sitemap of communities and sources, and says when the
// newest change in it was.
func (s *Server) writeSitemap(communities []caravan.Community, sources []caravan.Source) ([]byte, time.Time, error) {
	m := sitemap{NS: "http://www.sitemaps.org/schemas/sitemap/0.9"}
	var newest time.Time
	add := func(path string, changed time.Time) {
		u := sitemapURL{Address: s.abs(path)}
		if !changed.IsZero() {
			u.Changed = changed.UTC().Format(time.DateOnly)
		}
		m.Pages = append(m.Pages, u)
		if changed.After(newest) {
			newest = changed
		}
	}
	add("/", time.Time{})
	add("/sources", time.Time{})
	add("/about", time.Time{})
	for _, c := range communities {
		add("/c/"+c.Slug, c.Newest)
	}
	for _, src := range sources {
		add("/s/"+src.Slug, src.Newest)
	}
	body, err := xml.MarshalIndent(m, "", " ")
	return append([]byte(xml.Header), append(body, '\n')...), newest, err
}
