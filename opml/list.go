package opml

import (
	"fmt"
	"slices"
	"strings"

	"caravan"
	"caravan/opml/internal/markup"
)

// other is the community of the sources that stand outside all folders.
const other = "Other"

// A reader makes the list from a tree.
type reader struct {
	*tree
	Options
	list   caravan.List
	place  *markup.Placer
	groups []*group // in the order of the file
	byPath map[string]*group
	first  map[string]mention // of each source, by its key
	slugs  map[string]int     // wished slugs and the lines that wish them
}

// A group is a community in the making.
type group struct {
	caravan.ListCommunity
	line   int            // of its first folder
	listed map[string]int // source keys and their lines
	loose  bool           // its first sources stand outside folders
}

// A mention is the first line of a source.
type mention struct {
	source caravan.ListSource
	given  map[string]string // its settings as written
}

// read makes the list from t.
func read(name string, t *tree, o Options) caravan.List {
	r := reader{
		tree:    t,
		Options: o,
		place:   markup.NewPlacer(t.Text),
		byPath:  map[string]*group{},
		first:   map[string]mention{},
		slugs:   map[string]int{},
	}
	r.list.Title = t.head["title"]
	r.list.OwnerName = t.head["ownername"]
	r.list.OwnerEmail = t.head["owneremail"]
	r.list.OwnerID = t.head["ownerid"]
	if t.body != nil {
		r.walk(t.body.children, nil)
	}
	r.gather()
	for _, p := range locate(name, t.Text, r.found) {
		r.list.Problems = append(r.list.Problems, p.Problem)
	}
	return r.list
}

// gather puts the communities together: those that hold something or have a
// site, the one without a folder last.
func (r *reader) gather() {
	slices.SortStableFunc(r.groups, func(a, b *group) int {
		switch {
		case a.loose == b.loose:
			return 0
		case a.loose:
			return 1
		}
		return -1
	})
	for _, g := range r.groups {
		if len(g.Sources) > 0 || len(g.Publications) > 0 || g.SiteURL != "" {
			r.list.Communities = append(r.list.Communities, g.ListCommunity)
		}
	}
}

// warn records a warning at offset.
func (r *reader) warn(offset int, format string, args ...any) {
	r.found = append(r.found, markup.Finding{Offset: offset, Severity: warning, Message: fmt.Sprintf(format, args...)})
}

// reject records at offset why a row is left out.
func (r *reader) reject(offset int, format string, args ...any) {
	r.found = append(r.found, markup.Finding{Offset: offset, Severity: failure, Message: fmt.Sprintf(format, args...)})
}

// walk reads outlines that stand in the folder path. It goes no deeper than
// the tree, which is bounded.
func (r *reader) walk(outlines []*node, path []string) {
	for _, n := range outlines {
		r.outline(n, path)
	}
}

// outline reads one outline.
func (r *reader) outline(n *node, path []string) {
	line, column := r.place.At(n.Start)
	attrs := r.attributes(n)
	switch {
	case strings.EqualFold(attrs.says("iscomment"), "true"):
		r.warn(attrs.at("iscomment"), "The outline %s is commented out and left out, with all in it. Delete isComment to have it back.",
			quote(attrs.title()))
	case attrs.kind() == "include":
		r.include(n, attrs)
	case n.Broken && n.Empty:
		// The tag could not be read, which was said already.
	case attrs.says("xmlurl") != "":
		r.source(attrs, path, line, column)
		r.walk(n.children, path)
	case len(n.children) > 0:
		r.folder(n, attrs, path, line)
	case attrs.says("htmlurl") != "":
		r.site(n, attrs, path, line)
	default:
		r.nothing(n, attrs)
	}
}

// include reads an outline that names another list.
func (r *reader) include(n *node, attrs attributes) {
	address, offset := attrs.says("url"), attrs.at("url")
	if address == "" {
		address, offset = attrs.says("xmlurl"), attrs.at("xmlurl")
	}
	switch wrong := wrongAddress(address); {
	case address == "":
		r.reject(n.Start, "This include has no url. Write url=\"https://…\" with the address of the list.")
	case wrong != "":
		r.reject(offset, "The list at %s is not included: %s", shown(address), wrong)
	case r.Included:
		r.reject(n.Start, "An included list may not include others. Name %s in the first list.", shown(address))
	case !slices.Contains(r.list.Includes, address):
		r.list.Includes = append(r.list.Includes, address)
	default:
		r.warn(n.Start, "This list is included twice. Delete this line.")
	}
}

// folder reads an outline that holds others.
func (r *reader) folder(n *node, attrs attributes, path []string, line int) {
	name := attrs.title()
	if name == "" {
		r.warn(n.Start, "This folder has no text, and what it holds counts to the one around it. Write text=\"…\".")
		r.walk(n.children, path)
		return
	}
	path = append(slices.Clone(path), name)
	g := r.byPath[pathKey(path)]
	if g != nil && !g.loose {
		r.warn(n.Start, "The folder %s stands on line %d already; both are read as one. Join them.", quote(name), g.line)
	}
	g = r.group(path, line)
	g.loose = false
	r.describe(g, attrs)
	r.walk(n.children, path)
}

// describe takes over what a folder says of its community.
func (r *reader) describe(g *group, attrs attributes) {
	if g.SiteURL == "" {
		g.SiteURL = r.siteURL(attrs)
	}
	for _, a := range attrs.settings {
		name := strings.ToLower(a.Name)
		switch {
		case name == "slug" && g.Slug == "":
			g.Slug = r.slug(a, "c")
		case name != "slug":
			r.warn(a.Start, "%s has no effect on a folder. Write it on the lines of its sources.", a.Full())
		}
	}
}

// site reads a leaf that has a page and no feed: at the top a community,
// inside a folder a publication of its community.
func (r *reader) site(n *node, attrs attributes, path []string, line int) {
	name := attrs.title()
	address := r.siteURL(attrs)
	if address == "" {
		return // said already
	}
	if name == "" {
		name = host(address)
	}
	if len(path) == 0 && attrs.kind() == "" {
		g := r.group([]string{name}, line)
		g.loose = false
		r.describe(g, attrs)
		return
	}
	for _, a := range attrs.settings {
		r.warn(a.Start, "%s has no effect on a line without xmlUrl. Delete it.", a.Full())
	}
	g := r.home(path, line)
	g.Publications = append(g.Publications, caravan.Publication{Title: name, SiteURL: address})
}

// nothing reports a leaf with neither feed nor page.
func (r *reader) nothing(n *node, attrs attributes) {
	switch what := attrs.title(); {
	case attrs.kind() == "rss" || attrs.kind() == "atom":
		r.reject(n.Start, "The source %s has no xmlUrl and is left out. Write xmlUrl=\"https://…\".", quote(what))
	case attrs.says("url") != "":
		r.warn(attrs.at("url"), "The link %s is neither a feed nor a page to list, and is passed over. "+
			"Write htmlUrl for url to list the page.", quote(what))
	default:
		r.warn(n.Start, "The outline %s has no xmlUrl, no htmlUrl and nothing inside, and is passed over. Write one, or delete the line.", quote(what))
	}
}

// source reads a line with a feed address.
func (r *reader) source(attrs attributes, path []string, line, column int) {
	address := attrs.says("xmlurl")
	if wrong := wrongAddress(address); wrong != "" {
		r.reject(attrs.at("xmlurl"), "The source at %s is left out: %s", shown(address), wrong)
		return
	}
	key := caravan.SourceKey(address)
	g := r.home(path, line)
	if before, ok := g.listed[key]; ok {
		r.warn(attrs.at("xmlurl"), "This address stands in the same folder on line %d already. Delete this line.", before)
		return
	}
	known, again := r.first[key]
	if again {
		r.repeat(attrs, known)
		known.source.Line, known.source.Column = line, column
		g.listed[key] = line
		g.Sources = append(g.Sources, known.source)
		return
	}
	settings, ok := r.settings(attrs)
	if !ok {
		return
	}
	if twin, ok := r.first[caravan.TwinKey(address)]; ok {
		r.warn(attrs.at("xmlurl"), "This is the address of line %d but for http and https, and counts as the same source. "+
			"Delete one of the lines.", twin.source.Line)
	}
	s := caravan.ListSource{
		URL:         address,
		Title:       attrs.title(),
		SiteURL:     r.siteURL(attrs),
		Language:    r.language(attrs),
		Description: tidy(attrs.says("description")),
		Category:    tidy(attrs.says("category")),
		Settings:    settings,
		Line:        line,
		Column:      column,
	}
	r.first[key] = mention{source: s, given: attrs.given()}
	g.listed[key] = line
	g.Sources = append(g.Sources, s)
}

// repeat reports what a further line of a source says otherwise than its first.
func (r *reader) repeat(attrs attributes, known mention) {
	const first = "The first line of this source, line %d, decides. Delete %s here."
	if title := attrs.title(); title != "" && title != known.source.Title {
		r.warn(attrs.at(attrs.titled()), first, known.source.Line, "the other title")
	}
	for _, a := range attrs.settings {
		if known.given[strings.ToLower(a.Name)] != strings.TrimSpace(a.Value) {
			r.warn(a.Start, first, known.source.Line, a.Full())
		}
	}
}

// home returns the community of the sources in the folder path.
func (r *reader) home(path []string, line int) *group {
	if len(path) > 0 {
		return r.group(path, line)
	}
	known := r.byPath[pathKey([]string{other})]
	g := r.group([]string{other}, line)
	g.loose = g.loose || known == nil
	return g
}

// group returns the community with this path.
func (r *reader) group(path []string, line int) *group {
	key := pathKey(path)
	g := r.byPath[key]
	if g == nil {
		g = &group{line: line, listed: map[string]int{}}
		g.Path = path
		r.byPath[key] = g
		r.groups = append(r.groups, g)
	}
	return g
}

// pathKey makes one string of a path.
func pathKey(path []string) string { return strings.Join(path, "\x00") }
