package page

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"caravan"
)

// How many words of a quotation stand before and after its link.
const (
	wordsBefore = 14
	wordsAfter  = 10
)

// A quoter finds, in clean content, the first words that link to an address,
// and what its paragraph says around them.
type quoter struct {
	links                 func(href string) bool
	before, anchor, after strings.Builder
	inside, done          bool
}

// quotation returns what clean content says where it links to an address, the
// words of the link marked; nothing where it does not, or without words.
func quotation(content string, links func(href string) bool) []caravan.Fragment {
	q := quoter{links: links}
	z := html.NewTokenizer(strings.NewReader(content))
	for !q.done {
		switch z.Next() {
		case html.ErrorToken:
			q.done = true
		case html.TextToken:
			q.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			q.start(string(name), attributesOf(z, more))
		case html.EndTagToken:
			name, _ := z.TagName()
			q.end(string(name))
		}
	}
	return q.fragments()
}

func (q *quoter) text(words string) {
	switch {
	case q.inside:
		q.anchor.WriteString(words)
	case q.found():
		q.after.WriteString(words)
	default:
		q.before.WriteString(words)
	}
}

// found reports whether the link has been read, and has words.
func (q *quoter) found() bool { return strings.TrimSpace(q.anchor.String()) != "" }

func (q *quoter) start(name string, attributes map[string]string) {
	switch {
	case name == "a":
		q.inside = !q.found() && q.links(attributes["href"])
	case name == "br":
		q.text(" ")
	case !phrasing(name):
		q.paragraph()
	}
}

func (q *quoter) end(name string) {
	switch {
	case name == "a":
		q.inside = false
	case !phrasing(name):
		q.paragraph()
	}
}

// paragraph ends the paragraph: the one that has the link is all that is
// wanted, another is forgotten.
func (q *quoter) paragraph() {
	q.done = q.found()
	if !q.done {
		q.before.Reset()
		q.anchor.Reset()
		q.inside = false
	}
}

// phrasing reports whether an element stands within a paragraph.
func phrasing(name string) bool {
	switch name {
	case "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr":
		return true
	}
	return false
}

// fragments cuts the quotation to its length.
func (q *quoter) fragments() []caravan.Fragment {
	if !q.found() {
		return nil
	}
	before, after := strings.Fields(q.before.String()), strings.Fields(q.after.String())
	anchor := strings.Join(strings.Fields(q.anchor.String()), " ")
	lead, tail := strings.Join(before, " "), strings.Join(after, " ")
	if len(before) > wordsBefore {
		lead = "… " + strings.Join(before[len(before)-wordsBefore:], " ")
	}
	if len(after) > wordsAfter {
		tail = strings.Join(after[:wordsAfter], " ") + " …"
	}
	if spaced(q.before.String(), q.anchor.String()) && lead != "" {
		lead += " "
	}
	if spaced(q.anchor.String(), q.after.String()) && tail != "" {
		tail = " " + tail
	}
	var out []caravan.Fragment
	if lead != "" {
		out = append(out, caravan.Fragment{Text: lead})
	}
	out = append(out, caravan.Fragment{Text: anchor, Hit: true})
	if tail != "" {
		out = append(out, caravan.Fragment{Text: tail})
	}
	return out
}

// spaced reports whether white space stands between two texts.
func spaced(a, b string) bool {
	return strings.TrimRight(a, " \t\r\n\u00a0") != a || strings.TrimLeft(b, " \t\r\n\u00a0") != b
}

// bareAddress is an address without what differs between two links to one page:
// the scheme, "www.", a slash at the end, a fragment, and parameters that only
// say where a reader came from.
func bareAddress(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	query := u.Query()
	for name := range query {
		if strings.HasPrefix(name, "utm_") {
			query.Del(name)
		}
	}
	bare := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.EscapedPath(), "/")
	if len(query) > 0 {
		bare += "?" + query.Encode()
	}
	return bare
}
