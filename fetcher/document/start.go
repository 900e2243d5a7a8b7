package document

import (
	"bytes"
	"fmt"
	"strings"
)

// findRoot returns where the root element of a feed starts in src. What stands
// before it counts for nothing: declarations, comments, a server's warnings, the
// page that a feed is wrapped in. An error says what was found instead of a feed.
func findRoot(src []byte, p *problems) (int, error) {
	var t tag
	var first []byte
	seek := seeker{src: src}
	for pos := 0; ; {
		i := bytes.IndexByte(src[pos:], '<')
		if i < 0 {
			return 0, fmt.Errorf("%s: %w", describe(src, strings.ToLower(string(first))), ErrNotFeed)
		}
		if pos == 0 && len(bytes.TrimSpace(src[:i])) > 0 {
			p.note(0, "text before the feed")
		}
		pos += i
		if next, _, ok := seek.skip(pos); ok {
			pos = next
			continue
		}
		if !readTag(src, pos, &t) {
			pos = t.end
			continue
		}
		if isRoot(&t, first == nil) {
			if first != nil {
				p.note(0, "other elements before the feed")
			}
			return pos, nil
		}
		if first == nil && !t.closing {
			first = t.name
		}
		pos = t.end
	}
}

// isRoot reports whether t starts a feed. An element that is not the first of
// the document must say so more clearly.
func isRoot(t *tag, first bool) bool {
	if t.closing {
		return false
	}
	_, local := splitName(t.name)
	switch lowerName(local) {
	case "rss":
		return first || t.get("version") != nil
	case "rdf":
		return true
	case "feed":
		return first || declaresAtom(t)
	case "channel":
		return first
	case "entry":
		return first && declaresAtom(t)
	}
	return false
}

func declaresAtom(t *tag) bool {
	for _, a := range t.attrs {
		if canonical, known := canonicalPrefix(string(a.value)); known && canonical == "atom" {
			return true
		}
	}
	return false
}

// restoreLess puts back the first '<' of a document that lost it.
func restoreLess(src []byte, p *problems) []byte {
	for _, start := range []string{"?xml ", "rss ", "feed ", "rdf:RDF "} {
		if bytes.HasPrefix(src, []byte(start)) {
			p.note(0, "the first < is missing")
			return append([]byte("<"), src...)
		}
	}
	return src
}

// describe says for people what a document is that is no feed. first is the
// name of its first element, in lower case.
func describe(src []byte, first string) string {
	switch first {
	case "":
		if len(bytes.TrimSpace(src)) == 0 {
			return "an empty body"
		}
		return "text that is neither XML nor JSON"
	case "html", "head", "body", "div", "script", "p", "meta", "title", "h1", "center", "br":
		if title := pageTitle(src); title != "" {
			return "a web page, “" + title + "”"
		}
		return "a web page"
	case "urlset", "sitemapindex":
		return "a sitemap"
	case "opml":
		return "an OPML list"
	case "error":
		return "an error message in XML"
	}
	return "XML whose root element is <" + clip(first, 60) + ">"
}

// pageTitle returns the title of a web page as plain text.
func pageTitle(src []byte) string {
	var t tag
	lower := bytes.ToLower(src[:min(len(src), 32<<10)])
	i := bytes.Index(lower, []byte("<title"))
	if i < 0 || !readTag(src, i, &t) {
		return ""
	}
	end := indexEndTag(src[t.end:], []byte("title"))
	if end < 0 {
		return ""
	}
	return clip(plainTitle(string(src[t.end:t.end+end]), loose), 100)
}
