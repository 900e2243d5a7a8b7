// Package discover finds the feeds behind a web page: those it declares, those
// that the platform it runs on is known to offer, those it links to, and the
// places where feeds usually lie.
//
// It does no I/O: Find is a function over one page and gives addresses to try,
// the most promising first. Whether there is a feed is for the caller to see.
package discover

import (
	"net/url"
	"slices"
	"strings"

	"caravan"
)

// A Page is a web page and where it was found. With an empty Body only what
// its address tells is known.
type Page struct {
	URL         string // after redirects
	ContentType string // the HTTP header, or empty
	Body        []byte
}

// A Reason says why there may be a feed at an address.
type Reason int

// The reasons, from the best to the worst.
const (
	Declared Reason = iota // the page says so in its head
	Platform               // the platform it runs on has its feeds there
	Linked                 // the page links to something that looks like one
	Guessed                // many sites have one there
	Comments               // the page declares it, for comments and not for articles
)

// A Candidate is an address that may be a feed.
type Candidate struct {
	URL    string // absolute
	Title  string // as the page names it; empty when it does not
	Reason Reason
}

// Find returns the addresses at which the feeds of a page may lie, each once,
// in the order in which to try them.
func Find(p Page) []Candidate {
	at, err := url.Parse(p.URL)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil
	}
	at.User, at.Fragment, at.RawFragment = nil, "", ""
	m := readPage(p, at)
	found := m.declared
	for _, address := range append(hosted(at, m), built(at, m)...) {
		found = append(found, Candidate{URL: address, Reason: Platform})
	}
	found = append(found, m.linked...)
	if len(p.Body) > 0 {
		for _, path := range []string{"/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/rss"} {
			found = append(found, Candidate{URL: rooted(at, path), Reason: Guessed})
		}
	}
	slices.SortStableFunc(found, func(a, b Candidate) int { return int(a.Reason - b.Reason) })
	return distinct(found, p.URL)
}

// distinct drops candidates that are the page itself or one before.
func distinct(found []Candidate, page string) []Candidate {
	seen := map[string]bool{caravan.SourceKey(page): true}
	return slices.DeleteFunc(found, func(c Candidate) bool {
		key := strings.TrimSuffix(caravan.SourceKey(c.URL), "/")
		again := seen[key] || seen[key+"/"]
		seen[key] = true
		return again
	})
}

// rooted returns the address of path, which may have a query, on the host of u.
func rooted(u *url.URL, path string) string { return u.Scheme + "://" + u.Host + path }

// beneath returns the address of name below the path of u.
func beneath(u *url.URL, name string) string {
	return rooted(u, strings.TrimSuffix(u.EscapedPath(), "/")+"/"+name)
}
