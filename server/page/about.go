package page

import (
	"html/template"
	"strings"
	"time"

	"caravan"
)

// AboutInput is what the page about the site is made from.
type AboutInput struct {
	List    caravan.ListState
	Sources []caravan.Source
	Contact string        // an address or a mail address; empty when none is given
	Agent   string        // the User-Agent that publishers see
	Floor   time.Duration // the least time between two polls of a source
	Text    string        // the operator's own, in Markdown; empty for none
	Images  bool
	Blocked []caravan.Blocked // what the operator's block list names
}

// An About is the page about the site.
type About struct {
	Frame
	Heading  string
	Own      template.HTML
	Sections []Section
}

// A Section is a part of a page of text.
type Section struct {
	ID         string
	Title      string
	Paragraphs []template.HTML
}

// About makes the page that the User-Agent points to: who runs this, what is
// fetched and how often, and how to be left out.
func (c Context) About(in AboutInput) About {
	b := c.builder()
	l := c.Lang
	v := About{Heading: l.T("about.heading", c.Site.Title)}
	if in.Text != "" {
		v.Own = Markdown(in.Text)
	}
	section := func(id string, paragraphs ...template.HTML) {
		v.Sections = append(v.Sections, Section{ID: id, Title: l.T("about." + id), Paragraphs: paragraphs})
	}
	section("what", l.HTML("about.what-1", []string{b.href("/sources", nil), c.Root + "/feeds.opml"}, len(in.Sources), len(c.Communities)), l.HTML("about.what-2", nil))
	section("who", b.whoRuns(in))
	section("fetch",
		l.HTML("about.fetch-1", nil, l.Length(max(in.Floor, time.Hour))),
		l.HTML("about.fetch-2", nil, in.Agent),
		l.HTML("about.fetch-3", nil))
	out := []template.HTML{l.HTML("about.left-out-1", nil), l.HTML("about.left-out-2", nil)}
	if len(in.Blocked) > 0 {
		out = append(out, l.HTML("about.left-out-3", nil))
	}
	for _, blocked := range in.Blocked {
		out = append(out, l.HTML("about.left-out-one", nil, blocked.Where, blocked.Reason))
	}
	section("left-out", out...)
	pictures := l.HTML("about.privacy-2", nil)
	if in.Images {
		pictures = l.HTML("about.privacy-images", nil)
	}
	section("privacy", l.HTML("about.privacy-1", nil), pictures)
	section("use", l.HTML("about.use-1", []string{c.Root + "/feed.atom", c.Root + "/feeds.opml"}), l.HTML("about.use-2", []string{c.Root + "/api/v1/openapi.json"}))
	v.Frame = b.frame(v.Heading, "/about")
	v.Description = l.T("about.description", c.Site.Title)
	return v
}

// whoRuns names the operator as far as is known.
func (b *builder) whoRuns(in AboutInput) template.HTML {
	l := b.Lang
	name := in.List.OwnerName
	contact := in.Contact
	if contact == "" {
		contact = in.List.OwnerEmail
	}
	href := safeURL(contact)
	if href == "" && strings.Contains(contact, "@") && !strings.ContainsAny(contact, " <>\"") {
		href = "mailto:" + strings.TrimPrefix(contact, "mailto:")
		contact = strings.TrimPrefix(contact, "mailto:")
	}
	switch {
	case href != "" && name != "":
		return l.HTML("about.who-both", []string{href}, name, contact)
	case href != "":
		return l.HTML("about.who-contact", []string{href}, contact)
	case name != "":
		return l.HTML("about.who-name", nil, name)
	}
	return l.HTML("about.who-nobody", nil)
}
