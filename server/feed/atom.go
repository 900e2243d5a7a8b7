package feed

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"
)

// The name spaces that feeds use besides their own.
const (
	nsAtom       = "http://www.w3.org/2005/Atom"
	nsHistory    = "http://purl.org/syndication/history/1.0"
	nsThread     = "http://purl.org/syndication/thread/1.0"
	nsTombstone  = "http://purl.org/atompub/tombstones/1.0"
	nsMedia      = "http://search.yahoo.com/mrss/"
	nsOpenSearch = "http://a9.com/-/spec/opensearch/1.1/"
)

// A link is an Atom link element.
type link struct {
	Rel    string `xml:"rel,attr,omitempty"`
	Type   string `xml:"type,attr,omitempty"`
	Title  string `xml:"title,attr,omitempty"`
	Length string `xml:"length,attr,omitempty"`
	Href   string `xml:"href,attr"`
}

// A person is an Atom person construct.
type person struct {
	Name *raw `xml:"name"`
}

// people returns person constructs of names; an address in angle brackets is
// left out, it is nobody's name.
func people(names []string) []person {
	var out []person
	for _, n := range names {
		if i := strings.IndexByte(n, '<'); i >= 0 && strings.Contains(n[i:], "@") {
			n = n[:i]
		}
		if p := name(n); p != nil {
			out = append(out, person{p})
		}
	}
	return out
}

// An atomHead is everything of a feed document but its entries.
type atomHead struct {
	XMLName    xml.Name `xml:"feed"`
	NS         string   `xml:"xmlns,attr"`
	History    string   `xml:"xmlns:fh,attr,omitempty"`
	Thread     string   `xml:"xmlns:thr,attr"`
	Media      string   `xml:"xmlns:media,attr"`
	Tombstone  string   `xml:"xmlns:at,attr,omitempty"`
	OpenSearch string   `xml:"xmlns:opensearch,attr,omitempty"`
	Lang       string   `xml:"xml:lang,attr,omitempty"`

	ID        string    `xml:"id"`
	Title     *typed    `xml:"title"`
	Subtitle  *typed    `xml:"subtitle"`
	Updated   string    `xml:"updated"`
	Author    *person   `xml:"author"`
	Generator program   `xml:"generator"`
	Links     []link    `xml:"link"`
	Archive   *raw      `xml:"fh:archive"`
	Deleted   []deleted `xml:"at:deleted-entry"`
}

// A program is an Atom generator element.
type program struct {
	URI     string `xml:"uri,attr,omitempty"`
	Version string `xml:"version,attr,omitempty"`
	Name    string `xml:",chardata"`
}

// A deleted element is a tombstone.
type deleted struct {
	Ref  string `xml:"ref,attr"`
	When string `xml:"when,attr"`
}

// A found element group says which search a feed comes from.
type found struct {
	XMLName xml.Name
	Total   int   `xml:"opensearch:totalResults"`
	Start   int   `xml:"opensearch:startIndex"`
	PerPage int   `xml:"opensearch:itemsPerPage"`
	Query   query `xml:"opensearch:Query"`
}

// A query is an OpenSearch Query element.
type query struct {
	Role  string `xml:"role,attr"`
	Terms string `xml:"searchTerms,attr"`
}

// atomDocument writes a feed around entries.
func atomDocument(d Document, entries [][]byte) ([]byte, error) {
	head := atomHead{
		NS: nsAtom, Thread: nsThread, Media: nsMedia, Lang: tag(d.Language),
		ID: uri(d.ID), Title: text(d.Title), Subtitle: text(d.Subtitle), Updated: stamp(d.Updated),
		Generator: program{URI: uri(d.Website), Version: d.Version, Name: "caravan"},
		Links:     documentLinks(Atom, d),
	}
	if author := people([]string{d.Owner.Name, d.Title}); len(author) > 0 {
		head.Author = &author[0]
	}
	if d.Archive {
		head.History, head.Archive = nsHistory, &raw{}
	}
	if d.Search != nil {
		head.OpenSearch = nsOpenSearch
	}
	if len(d.Deleted) > 0 {
		head.Tombstone = nsTombstone
	}
	for _, t := range d.Deleted {
		head.Deleted = append(head.Deleted, deleted{Ref: t.ID, When: stamp(t.When)})
	}
	out, err := marshal(head)
	if err != nil {
		return nil, err
	}
	return enclose(out, searchElements(d.Search), entries, "</feed>"), nil
}

// enclose puts pieces before the closing tag of a document without them.
func enclose(document, more []byte, pieces [][]byte, closing string) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.Write(bytes.TrimRight(bytes.TrimSuffix(bytes.TrimRight(document, "\n "), []byte(closing)), "\n "))
	b.WriteByte('\n')
	b.Write(more)
	for _, p := range pieces {
		b.Write(p)
		b.WriteByte('\n')
	}
	b.WriteString(closing)
	b.WriteByte('\n')
	return b.Bytes()
}

// documentLinks returns the links of a document in format f, its own first.
func documentLinks(f Format, d Document) []link {
	var out []link
	add := func(rel, kind, href string) {
		if href = uri(href); href != "" {
			out = append(out, link{Rel: rel, Type: kind, Href: href})
		}
	}
	add("self", f.MediaType(), d.Self)
	if f == Atom {
		add("alternate", "text/html", d.Home)
	}
	for _, other := range Formats() {
		if other != f {
			add("alternate", other.MediaType(), d.Formats[other])
		}
	}
	add("hub", "", d.Hub)
	for _, l := range []struct{ rel, href string }{
		{"first", d.Links.First}, {"previous", d.Links.Previous}, {"next", d.Links.Next},
		{"current", d.Links.Current}, {"prev-archive", d.Links.PrevArchive}, {"next-archive", d.Links.NextArchive},
	} {
		add(l.rel, f.MediaType(), l.href)
	}
	if d.Search != nil {
		add("search", "application/opensearchdescription+xml", d.Search.Description)
	}
	return out
}

// An atomItem is an entry.
type atomItem struct {
	XMLName   xml.Name   `xml:"entry"`
	Lang      string     `xml:"xml:lang,attr,omitempty"`
	ID        string     `xml:"id"`
	Title     *typed     `xml:"title"`
	Links     []link     `xml:"link"`
	Published string     `xml:"published,omitempty"`
	Updated   string     `xml:"updated"`
	Authors   []person   `xml:"author"`
	Category  []category `xml:"category"`
	Rights    *typed     `xml:"rights"`
	ReplyTo   *replyTo   `xml:"thr:in-reply-to"`
	Media     []media    `xml:"media:content"`
	Thumbnail *thumbnail `xml:"media:thumbnail"`
	Source    atomSource `xml:"source"`
	Summary   *typed     `xml:"summary"`
	Content   *typed     `xml:"content"`
}

// A category is an Atom category.
type category struct {
	Term string `xml:"term,attr"`
}

// A replyTo names the post that an entry answers (RFC 4685).
type replyTo struct {
	Ref  string `xml:"ref,attr"`
	Href string `xml:"href,attr,omitempty"`
}

// A media element is Media RSS's description of a media file.
type media struct {
	URL      string `xml:"url,attr"`
	FileSize string `xml:"fileSize,attr,omitempty"`
	Type     string `xml:"type,attr,omitempty"`
	Duration string `xml:"duration,attr,omitempty"`
}

// A thumbnail is Media RSS's picture of an entry.
type thumbnail struct {
	URL string `xml:"url,attr"`
}

// An atomSource is where an entry comes from (RFC 4287, 4.2.11).
type atomSource struct {
	ID      string `xml:"id"`
	Title   *typed `xml:"title"`
	Updated string `xml:"updated"`
	Links   []link `xml:"link"`
	Rights  *typed `xml:"rights"`
}

// atomEntry writes one entry.
func atomEntry(e Entry) ([]byte, error) {
	item := atomItem{
		Lang: tag(e.Language), ID: clean(e.ID), Title: text(e.Title), Links: entryLinks(e),
		Updated: stampApart(e.Updated, e.ID), Authors: people(e.Authors),
		Rights: text(e.Rights), ReplyTo: inReplyTo(e.InReplyTo), Thumbnail: picture(e.Image),
		Media: mediaOf(e), Source: sourceOf(e),
	}
	if item.Title == nil {
		item.Title = text(site(e.Link))
	}
	if len(item.Authors) == 0 {
		item.Authors = people([]string{sourceName(e)})
	}
	if !e.Published.IsZero() {
		item.Published = stamp(e.Published)
	}
	for _, t := range e.Tags {
		if t = line(t); t != "" {
			item.Category = append(item.Category, category{t})
		}
	}
	if full := fullText(e); full != "" {
		item.Content = body(full)
	} else {
		item.Summary = body(shortText(e))
	}
	return marshal(item)
}

// entryLinks returns the links of an entry, the original first.
func entryLinks(e Entry) []link {
	out := []link{{Rel: "alternate", Type: "text/html", Href: uri(e.Link)}}
	for _, r := range e.AlsoAt {
		if u := webURI(r.URL); u != "" {
			out = append(out, link{Rel: "related", Type: "text/html", Title: line(r.Title), Href: u})
		}
	}
	if u := webURI(e.Origin.URL); u != "" && u != uri(e.Source.Feed) {
		out = append(out, link{Rel: "via", Title: line(e.Origin.Title), Href: u})
	}
	for _, enclosure := range e.Enclosures {
		if u := webURI(enclosure.URL); u != "" {
			out = append(out, link{Rel: "enclosure", Type: mediaType(enclosure), Length: size(enclosure.Length), Href: u})
		}
	}
	if u := webURI(e.Comments); u != "" {
		out = append(out, link{Rel: "replies", Type: "text/html", Href: u})
	}
	if u := webURI(e.License); u != "" {
		out = append(out, link{Rel: "license", Href: u})
	}
	return out
}

// size formats a length that may be unknown.
func size(n int64) string {
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// inReplyTo returns the element for the id or address of the answered post.
func inReplyTo(ref string) *replyTo {
	u := uri(ref)
	if u == "" {
		return nil
	}
	return &replyTo{Ref: u, Href: webURI(ref)}
}

// picture returns the element for an image.
func picture(address string) *thumbnail {
	u := webURI(address)
	if u == "" {
		return nil
	}
	return &thumbnail{u}
}

// mediaOf describes e's media file where there is more to say of it than its
// enclosure does.
func mediaOf(e Entry) []media {
	if e.Media.Duration <= 0 || len(e.Enclosures) == 0 || webURI(e.Enclosures[0].URL) == "" {
		return nil
	}
	first := e.Enclosures[0]
	return []media{{
		URL: webURI(first.URL), FileSize: size(first.Length), Type: mediaType(first),
		Duration: strconv.Itoa(int(e.Media.Duration.Seconds())),
	}}
}

// sourceOf describes the feed that e comes from, as it was when e was taken
// over: its time is that of the entry, so that it changes when the entry does.
func sourceOf(e Entry) atomSource {
	s := atomSource{
		ID: uri(e.Source.ID), Title: text(sourceName(e)), Updated: stamp(e.Updated),
		Links: []link{{Rel: "self", Href: uri(e.Source.Feed)}}, Rights: text(e.Source.Rights),
	}
	if s.ID == "" {
		s.ID = canonical(uri(e.Source.Feed))
	}
	if u := webURI(e.Source.Site); u != "" {
		s.Links = append(s.Links, link{Rel: "alternate", Type: "text/html", Href: u})
	}
	if u := webURI(e.Source.License); u != "" {
		s.Links = append(s.Links, link{Rel: "license", Href: u})
	}
	return s
}

// canonical returns an address in the form that RFC 4287, 4.2.6.1 asks for in
// ids: lower-case scheme and host, no default port, "/" for an empty path.
func canonical(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	u.Host = strings.ToLower(u.Host)
	if port := u.Port(); u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// searchElements writes what a feed says of its search.
func searchElements(s *Search) []byte {
	if s == nil {
		return nil
	}
	out, err := marshal(found{
		XMLName: xml.Name{Local: "x"}, Total: s.Total, Start: s.Start, PerPage: s.PerPage,
		Query: query{Role: "request", Terms: strings.ReplaceAll(url.QueryEscape(s.Terms), "+", "%20")},
	})
	if err != nil {
		return nil // numbers and an escaped string always marshal
	}
	return bytes.TrimLeft(bytes.TrimSuffix(bytes.TrimPrefix(out, []byte("<x>")), []byte("</x>")), "\n")
}
