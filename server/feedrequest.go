package server

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/server/feed"
)

// A feedRequest names one feed document: which list, in which format, how much
// of each entry, and which part of the list. Two requests for the same document
// are equal in their [feedRequest.address], whatever else their addresses hold.
type feedRequest struct {
	format feed.Format
	show   caravan.Show // empty means all that the sources allow
	scope  caravan.Scope

	archive string // the name of a span
	cursor  string // of a following page

	search bool // the feed of a search, by date; scope is empty
	form   form
}

// parseShow reads the show parameter.
func parseShow(value string) (caravan.Show, error) {
	switch show := caravan.Show(value); show {
	case "", caravan.ShowFull:
		return "", nil
	case caravan.ShowExcerpt, caravan.ShowTitle:
		return show, nil
	}
	return "", invalid(caravan.WrongShow, quoted(value))
}

// parseScopeFeed reads the parameters of the feed of a list. A filter that is
// more than a scope makes it the feed of a search, which elsewhere says.
func parseScopeFeed(format feed.Format, scope caravan.Scope, v url.Values) (req feedRequest, elsewhere string, err error) {
	f, err := parseFilter(v, time.UTC, entriesPerFeed)
	if err != nil {
		return feedRequest{}, "", err
	}
	req = feedRequest{format: format, scope: scope, archive: v.Get("archive"), cursor: f.Cursor}
	if req.archive != "" {
		req.cursor = ""
	}
	if req.show, err = parseShow(v.Get("show")); err != nil {
		return feedRequest{}, "", err
	}
	filter := f.Filter
	if len(filter.Languages) == 1 {
		req.scope.Language = filter.Languages[0]
		filter.Languages = nil
	}
	if scope.Community == "" && scope.Source == "" {
		switch {
		case len(filter.Communities) == 1 && len(filter.Sources) == 0:
			req.scope.Community, filter.Communities = filter.Communities[0], nil
			elsewhere = "scope"
		case len(filter.Sources) == 1 && len(filter.Communities) == 0:
			req.scope.Source, filter.Sources = filter.Sources[0], nil
			elsewhere = "scope"
		}
	}
	if filter.Empty() && f.Query == "" {
		if elsewhere != "" {
			elsewhere = req.address()
		}
		return req, elsewhere, nil
	}
	wide := f.Filter
	if scope.Community != "" {
		wide.Communities = append([]string{scope.Community}, wide.Communities...)
	}
	if scope.Source != "" {
		wide.Sources = append([]string{scope.Source}, wide.Sources...)
	}
	f.Filter = wide
	return feedRequest{}, feedRequest{format: format, show: req.show, search: true, form: f}.address(), nil
}

// parseSearchFeed reads the parameters of the feed of a search.
func parseSearchFeed(format feed.Format, v url.Values, zone *time.Location) (feedRequest, error) {
	f, err := parseFilter(v, zone, entriesPerFeed)
	if err != nil {
		return feedRequest{}, err
	}
	req := feedRequest{format: format, search: true, form: f, cursor: f.Cursor}
	req.show, err = parseShow(v.Get("show"))
	return req, err
}

// in returns the same request in another format.
func (q feedRequest) in(format feed.Format) feedRequest {
	q.format = format
	return q
}

// newest returns the request for the newest document of the same feed.
func (q feedRequest) newest() feedRequest {
	q.archive, q.cursor = "", ""
	return q
}

// part returns the request for the archive document of a span.
func (q feedRequest) part(name string) feedRequest {
	q.archive, q.cursor = name, ""
	return q
}

// following returns the request for the page at a cursor.
func (q feedRequest) following(cursor string) feedRequest {
	q.archive, q.cursor = "", cursor
	return q
}

// address returns the one address of the document, from the site's root on.
func (q feedRequest) address() string {
	v := q.query()
	name := "/feed."
	if q.search {
		name = "/search."
	}
	return withQuery(scopePath(q.scope)+name+string(q.format), v)
}

// query returns the parameters of the document's address.
func (q feedRequest) query() url.Values {
	v := q.parameters()
	if q.show != "" {
		v.Set("show", string(q.show))
	}
	if q.archive != "" {
		v.Set("archive", q.archive)
	}
	if q.cursor != "" {
		v.Set("cursor", q.cursor)
	}
	return v
}

// home returns the address of the page that shows the same list.
func (q feedRequest) home() string {
	if q.search {
		return withQuery("/search", q.parameters())
	}
	path := scopePath(q.scope)
	if path == "" {
		path = "/"
	}
	return withQuery(path, q.parameters())
}

// id returns the address that the logical feed is known by in every format and
// document.
func (q feedRequest) id() string {
	q = q.newest().in(feed.Atom)
	q.show = ""
	return q.address()
}

// parameters returns what narrows the list.
func (q feedRequest) parameters() url.Values {
	v := url.Values{}
	if q.scope.Language != "" {
		v.Set("language", q.scope.Language)
	}
	if !q.search {
		return v
	}
	f := q.form
	if f.Query != "" {
		v.Set("q", f.Query)
	}
	for _, field := range []struct {
		name   string
		values []string
	}{
		{"community", f.Filter.Communities}, {"source", f.Filter.Sources},
		{"language", f.Filter.Languages}, {"tag", f.Filter.Tags},
	} {
		for _, value := range field.values {
			v.Add(field.name, value)
		}
	}
	for name, t := range map[string]time.Time{"after": f.Filter.After, "before": f.Filter.Before} {
		if !t.IsZero() {
			v.Set(name, moment(t))
		}
	}
	if f.Plain {
		v.Set("plain", "1")
	}
	if f.Exact {
		v.Set("exact", "1")
	}
	return v
}

// moment writes the bound of a filter: the day that begins then, or the second.
func moment(t time.Time) string {
	if h, m, s := t.Clock(); h+m+s == 0 {
		return t.Format(time.DateOnly)
	}
	return t.UTC().Format(time.RFC3339)
}

// scopePath returns where the addresses of a scope begin.
func scopePath(s caravan.Scope) string {
	switch {
	case s.Community != "":
		return "/c/" + s.Community
	case s.Source != "":
		return "/s/" + s.Source
	}
	return ""
}

// withQuery returns path with parameters, in the one order they have.
func withQuery(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + strings.ReplaceAll(v.Encode(), "+", "%20")
}

// A searchCursor names the page of a search feed that begins after a story. The
// feed is walked by date and not by number, so that what arrives meanwhile
// shifts nothing.
type searchCursor struct {
	after int64  // the second of the story's sort time
	id    string // its public id
	seen  int    // how many entries came before
}

// String writes c as it stands in addresses.
func (c searchCursor) String() string {
	return strconv.FormatInt(c.after, 36) + "." + c.id + "." + strconv.Itoa(c.seen)
}

// parseSearchCursor reads what String wrote.
func parseSearchCursor(s string) (searchCursor, error) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || !caravan.ValidPublicID(parts[1]) {
		return searchCursor{}, errCursor
	}
	after, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil {
		return searchCursor{}, errCursor
	}
	seen, err := strconv.Atoi(parts[2])
	if err != nil || seen < 0 || seen > maxDeep {
		return searchCursor{}, errCursor
	}
	return searchCursor{after: after, id: parts[1], seen: seen}, nil
}

// passed reports whether st stood before the page of c or ends the one before.
func (c searchCursor) passed(st caravan.Story) bool {
	if t := st.SortAt.Unix(); t != c.after {
		return t > c.after
	}
	return st.ID <= c.id
}

// bySecond returns the order of search feeds: newest second first, then by id.
func bySecond(a, b caravan.Story) int {
	if x, y := a.SortAt.Unix(), b.SortAt.Unix(); x != y {
		if x > y {
			return -1
		}
		return 1
	}
	return strings.Compare(a.ID, b.ID)
}
