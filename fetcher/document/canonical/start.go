package canonical

import (
	"bytes"
	"fmt"
	"strings"

	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// FindRoot returns where the root element of a feed starts in src. What stands
// before it counts for nothing: declarations, comments, a server's warnings, the
// page that a feed is wrapped in. An error says what was found instead of a feed.
func FindRoot(src []byte, p *Problems) (int, error) {
	var t markup.Tag
	var first []byte
	seek := markup.Seeker{Src: src}
	for pos := 0; ; {
		i := bytes.IndexByte(src[pos:], '<')
		if i < 0 {
			return 0, fmt.Errorf("%s: %w", describe(src, strings.ToLower(string(first))), ErrNotFeed)
		}
		if pos == 0 && len(bytes.TrimSpace(src[:i])) > 0 {
			p.Note(0, "text before the feed")
		}
		pos += i
		if next, _, ok := seek.Skip(pos); ok {
			pos = next
			continue
		}
		if !markup.ReadTag(src, pos, &t) {
			pos = t.End
			continue
		}
		if isRoot(&t, first == nil) {
			if first != nil {
				p.Note(0, "other elements before the feed")
			}
			return pos, nil
		}
		if first == nil && !t.Closing {
			first = t.Name
		}
		pos = t.End
	}
}

// isRoot reports whether t starts a feed. An element that is not the first of
// the document must say so more clearly.
func isRoot(t *markup.Tag, first bool) bool {
	if t.Closing {
		return false
	}
	_, local := markup.SplitName(t.Name)
	switch markup.LowerName(local) {
	case "rss":
		return first || t.Get("version") != nil
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

func declaresAtom(t *markup.Tag) bool {
	for _, a := range t.Attrs {
		if canonical, known := canonicalPrefix(string(a.Value)); known && canonical == "atom" {
			return true
		}
	}
	return false
}

// RestoreLess puts back the first '<' of a document that lost it.
func RestoreLess(src []byte, p *Problems) []byte {
	for _, start := range []string{"?xml ", "rss ", "feed ", "rdf:RDF "} {
		if bytes.HasPrefix(src, []byte(start)) {
			p.Note(0, "the first < is missing")
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
	return "XML whose root element is <" + limits.Clip(first, 60) + ">"
}

// pageTitle returns the title of a web page as plain text.
func pageTitle(src []byte) string {
	var t markup.Tag
	lower := bytes.ToLower(src[:min(len(src), 32<<10)])
	i := bytes.Index(lower, []byte("<title"))
	if i < 0 || !markup.ReadTag(src, i, &t) {
		return ""
	}
	end := markup.IndexEndTag(src[t.End:], []byte("title"))
	if end < 0 {
		return ""
	}
	return limits.Clip(markup.Title(string(src[t.End:t.End+end]), markup.Loose), 100)
}
