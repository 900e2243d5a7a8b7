package discover

import (
	"bytes"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// Of a page at most so many feeds are taken that it declares, and that it
// links to.
const (
	maxDeclared = 40
	maxLinked   = 20
)

// marks are what a page tells of its feeds and of the platform it runs on.
type marks struct {
	declared  []Candidate
	linked    []Candidate
	generator string // in lower case
	canonical string // rel=canonical
	channel   string // of YouTube
	scripts   string // the addresses of scripts, styles and pictures, a line each

	at   *url.URL
	base *url.URL
}

// readPage reads a page as far as it can be read. It goes through it once and
// keeps no tree, so that no page costs more than its length.
func readPage(p Page, at *url.URL) *marks {
	m := &marks{at: at, base: at}
	var source io.Reader = bytes.NewReader(p.Body)
	if r, err := charset.NewReader(source, p.ContentType); err == nil {
		source = r
	}
	z := html.NewTokenizer(source)
	z.SetMaxBuf(1 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return m
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if handle, ok := m.element(string(name)); ok && more {
				handle(attributes(z))
			}
		}
	}
}

// element returns what takes note of an element.
func (m *marks) element(name string) (func(map[string]string), bool) {
	switch name {
	case "base":
		return m.rebase, true
	case "link":
		return m.link, true
	case "meta":
		return m.meta, true
	case "a":
		return m.anchor, true
	case "script", "img":
		return m.resource, true
	}
	return nil, false
}

// attributes reads those of the current tag.
func attributes(z *html.Tokenizer) map[string]string {
	found := map[string]string{}
	for {
		key, value, more := z.TagAttr()
		if _, again := found[string(key)]; !again {
			found[string(key)] = strings.TrimSpace(string(value))
		}
		if !more {
			return found
		}
	}
}

func (m *marks) rebase(a map[string]string) {
	if u, err := m.at.Parse(a["href"]); err == nil && m.base == m.at && u.Host != "" {
		m.base = u
	}
}

// link takes note of a link element.
func (m *marks) link(a map[string]string) {
	rel := strings.Fields(strings.ToLower(a["rel"]))
	address, ok := m.resolve(a["href"])
	if !ok {
		return
	}
	for _, r := range rel {
		switch r {
		case "canonical":
			m.canonical = address
		case "alternate", "feed":
			if isFeedType(a["type"], address) || r == "feed" && a["type"] == "" {
				m.declare(address, a["title"])
			}
			return
		}
	}
	m.resource(map[string]string{"src": address})
}

// declare takes note of a feed that the page declares.
func (m *marks) declare(address, title string) {
	if len(m.declared) >= maxDeclared {
		return
	}
	c := Candidate{URL: address, Title: strings.Join(strings.Fields(title), " ")}
	if isComments(address, c.Title) {
		c.Reason = Comments
	}
	m.declared = append(m.declared, c)
}

// meta takes note of a meta element.
func (m *marks) meta(a map[string]string) {
	switch strings.ToLower(a["name"] + a["itemprop"] + a["property"]) {
	case "generator":
		m.generator += strings.ToLower(a["content"]) + "\n"
	case "identifier", "channelid":
		if strings.HasPrefix(a["content"], "UC") {
			m.channel = a["content"]
		}
	case "al:ios:app_name":
		if a["content"] == "Medium" {
			m.generator += "medium\n"
		}
	}
}

// anchor takes note of a link in the page's text that looks like one to a feed.
func (m *marks) anchor(a map[string]string) {
	address, ok := m.resolve(a["href"])
	if !ok || len(m.linked) >= maxLinked || !looksLikeFeed(address) || isComments(address, a["title"]) {
		return
	}
	m.linked = append(m.linked, Candidate{URL: address, Title: strings.Join(strings.Fields(a["title"]), " "), Reason: Linked})
}

// resource takes note of where a page has its parts from.
func (m *marks) resource(a map[string]string) {
	const enough = 64 << 10
	if src := a["src"]; src != "" && len(src) < 1024 && len(m.scripts) < enough {
		m.scripts += src + "\n"
	}
}

// resolve returns the http address that a reference of the page leads to.
func (m *marks) resolve(ref string) (string, bool) {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") {
		return "", false
	}
	if rest, ok := strings.CutPrefix(ref, "feed:"); ok {
		ref = rest
	}
	u, err := m.base.Parse(ref)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	return u.String(), true
}

// isFeedType reports whether a type attribute is one of a feed. Types that
// others share need an address that says it too.
func isFeedType(kind, address string) bool {
	kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/rss", "application/atom",
		"text/rss+xml", "text/atom+xml", "application/x-rss+xml", "text/rss", "text/atom":
		return true
	case "application/xml", "text/xml", "application/json":
		return looksLikeFeed(address)
	}
	return false
}

// isComments reports whether a feed is one of comments.
func isComments(address, title string) bool {
	title = strings.ToLower(title)
	for _, word := range []string{"comment", "kommentar", "comentario", "comentário"} {
		if strings.Contains(title, word) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(address), "comments")
}

// looksLikeFeed reports whether an address is written as those of feeds are.
func looksLikeFeed(address string) bool {
	u, err := url.Parse(strings.ToLower(address))
	if err != nil {
		return false
	}
	path := strings.TrimSuffix(u.Path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch last {
	case "feed", "feeds", "rss", "atom", "rss2", "feed.json", "feed.xml", "rss.xml", "atom.xml", "index.xml", "index.rdf", "feed.php", "rss.php", "videos.xml":
		return u.Host != "" && !isArticleAbout(path)
	}
	for _, suffix := range []string{".rss", ".atom", ".rdf", "-feed.xml", "_rss.xml", "/feeds/posts/default", "rss.aspx"} {
		if strings.HasSuffix(path, suffix) {
			return true
		}
	}
	if strings.HasPrefix(u.Host, "feeds.") && path != "" {
		return true
	}
	q := u.Query()
	return strings.HasPrefix(q.Get("format"), "rss") || q.Get("format") == "feed" || strings.HasPrefix(q.Get("feed"), "rss") || q.Get("feed") == "atom" || q.Get("page") == "backend"
}

// isArticleAbout reports whether a path is one of a help page about feeds.
func isArticleAbout(path string) bool {
	return strings.Contains(path, "/wiki/") || strings.Contains(path, "/help/")
}
