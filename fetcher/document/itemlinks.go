package document

import (
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"caravan/fetcher/document/canonical"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/markup"
)

// linkOfRSS returns the address of an item's page: its link, an Atom link to
// it, or a GUID that is a permalink.
func (m *mapper) linkOfRSS(r *rss.Item, e *canonical.Entry) string {
	for _, link := range r.Links {
		if address := href.Web(m.base, link); address != "" {
			return address
		}
	}
	for _, link := range r.Extensions["atom"]["link"] {
		if rel := link.Attrs["rel"]; rel == "" || rel == "alternate" {
			if address := href.Web(m.base, link.Attrs["href"]); address != "" {
				return address
			}
		}
	}
	if r.GUID != nil && !strings.EqualFold(r.GUID.IsPermalink, "false") {
		if address := href.Web("", r.GUID.Value); address != "" {
			return address
		}
	}
	if address := href.Web("", e.About); address != "" {
		return address
	}
	return href.Web("", extensionText(r.Extensions, "dc", "identifier"))
}

// linkOfAtom returns the address of an entry's page: the alternate link, HTML
// first; else another link that leads to something to read; else an id that is
// a web address.
func (m *mapper) linkOfAtom(a *atom.Entry, e *canonical.Entry) string {
	best, rank := "", 0
	for _, link := range a.Links {
		if r := linkRank(link); r > rank {
			if address := href.Web(m.base, link.Href); address != "" {
				best, rank = address, r
			}
		}
	}
	if best != "" {
		return best
	}
	if address := href.Web(m.base, e.Src); e.Src != "" && e.Content == markup.HTML {
		return address
	}
	return href.Web("", e.ID)
}

// linkRank says how well a link leads to the page of an entry; 0 is not at all.
func linkRank(link *atom.Link) int {
	html := strings.Contains(strings.ToLower(link.Type), "html")
	switch rel := strings.ToLower(strings.TrimPrefix(link.Rel, "http://www.iana.org/assignments/relation/")); {
	case (rel == "alternate" || rel == "") && html:
		return 6
	case (rel == "alternate" || rel == "") && link.Type == "":
		return 5
	case rel == "alternate" || rel == "":
		return 4
	case rel == "related" || rel == "via":
		return 3
	case rel == "self" && (html || link.Type == ""):
		return 2
	case rel == "enclosure", rel == "edit", rel == "edit-media", rel == "replies", rel == "license", rel == "hub", rel == "self", rel == "service.post",
		strings.HasPrefix(rel, "service."), rel == "next", rel == "prev", rel == "up", strings.ContainsAny(rel, "#/"), rel == "image", rel == "icon", rel == "author":
		return 0
	}
	return 1
}

// resolveHTML resolves the relative addresses in the attributes of HTML against
// base, which an xml:base has set; nothing else of it is touched.
func resolveHTML(base, s string) string {
	b, err := url.Parse(base)
	if err != nil || !b.IsAbs() || strings.IndexByte(s, '<') < 0 {
		return s
	}
	src := []byte(s)
	var out strings.Builder
	var t markup.Tag
	done := 0
	for i := 0; ; i = t.End {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			break
		}
		if !markup.ReadTag(src, i+n, &t) {
			continue
		}
		for _, a := range t.Attrs {
			if !holdsAddress(a.Name) || len(a.Value) == 0 {
				continue
			}
			value, _ := markup.AppendDecoded(nil, a.Value)
			if href.HasScheme(strings.TrimSpace(string(value))) || value[0] == '#' {
				continue
			}
			start := offsetIn(src, a.Value)
			out.WriteString(s[done:start])
			out.Write(markup.AppendEscaped(nil, []byte(href.Resolve(base, string(value)))))
			done = start + len(a.Value)
		}
	}
	out.WriteString(s[done:])
	return out.String()
}

// offsetIn returns where part, a slice of b, starts in it.
func offsetIn(b, part []byte) int { return cap(b) - cap(part) }

// holdsAddress reports whether HTML's attribute of that name is an address.
func holdsAddress(name []byte) bool {
	switch markup.LowerName(name) {
	case "href", "src", "poster", "cite", "data", "action", "longdesc", "background", "usemap":
		return true
	}
	return false
}
