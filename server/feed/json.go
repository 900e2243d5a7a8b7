package feed

import (
	"bytes"
	"encoding/json"
)

// A jsonHead is everything of a JSON Feed 1.1 document but its items.
type jsonHead struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Description string       `json:"description,omitempty"`
	Home        string       `json:"home_page_url,omitempty"`
	Feed        string       `json:"feed_url"`
	Next        string       `json:"next_url,omitempty"`
	Language    string       `json:"language,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Hubs        []jsonHub    `json:"hubs,omitempty"`
	Caravan     jsonAbout    `json:"_caravan"`
}

// A jsonAuthor is somebody's name.
type jsonAuthor struct {
	Name string `json:"name"`
}

// A jsonHub is a WebSub hub.
type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// A jsonAbout is what JSON Feed has no field for, at the top.
type jsonAbout struct {
	About       string        `json:"about"`
	Updated     string        `json:"updated"`
	Current     string        `json:"current_url,omitempty"`
	PrevArchive string        `json:"prev_archive_url,omitempty"`
	NextArchive string        `json:"next_archive_url,omitempty"`
	Archive     bool          `json:"archive,omitempty"`
	Search      string        `json:"query,omitempty"`
	Total       *int          `json:"total,omitempty"`
	Deleted     []jsonDeleted `json:"deleted,omitempty"`
}

// A jsonDeleted is a tombstone.
type jsonDeleted struct {
	ID   string `json:"id"`
	When string `json:"when"`
}

// jsonDocument writes a feed around items.
func jsonDocument(d Document, items [][]byte) ([]byte, error) {
	head := jsonHead{
		Version: "https://jsonfeed.org/version/1.1", Title: line(d.Title), Description: line(d.Subtitle),
		Home: uri(d.Home), Feed: uri(d.Self), Next: uri(d.Links.Next), Language: tag(d.Language),
		Caravan: jsonAbout{
			About: uri(d.Website), Updated: stamp(d.Updated), Current: uri(d.Links.Current),
			PrevArchive: uri(d.Links.PrevArchive), NextArchive: uri(d.Links.NextArchive), Archive: d.Archive,
		},
	}
	if d.Owner.Name != "" {
		head.Authors = []jsonAuthor{{line(d.Owner.Name)}}
	}
	if d.Hub != "" {
		head.Hubs = []jsonHub{{"WebSub", uri(d.Hub)}}
	}
	if d.Search != nil {
		head.Caravan.Search, head.Caravan.Total = d.Search.Terms, &d.Search.Total
	}
	for _, t := range d.Deleted {
		head.Caravan.Deleted = append(head.Caravan.Deleted, jsonDeleted{t.ID, stamp(t.When)})
	}
	out, err := encodeJSON(head)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{
		bytes.TrimSuffix(out, []byte("}")), []byte(`,"items":[`), bytes.Join(items, []byte(",\n")), []byte("]}\n"),
	}, []byte("\n")), nil
}

// A jsonItemObject is one item.
type jsonItemObject struct {
	ID          string           `json:"id"`
	URL         string           `json:"url"`
	Title       string           `json:"title,omitempty"`
	ContentHTML string           `json:"content_html,omitempty"`
	ContentText string           `json:"content_text,omitempty"`
	Summary     string           `json:"summary,omitempty"`
	Image       string           `json:"image,omitempty"`
	Published   string           `json:"date_published,omitempty"`
	Modified    string           `json:"date_modified,omitempty"`
	Authors     []jsonAuthor     `json:"authors,omitempty"`
	Tags        []string         `json:"tags,omitempty"`
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
	Caravan     jsonOrigin       `json:"_caravan"`
}

// A jsonAttachment is a media file.
type jsonAttachment struct {
	URL      string `json:"url"`
	Type     string `json:"mime_type"`
	Size     int64  `json:"size_in_bytes,omitempty"`
	Duration int    `json:"duration_in_seconds,omitempty"`
}

// A jsonOrigin is what JSON Feed has no field for, of an item.
type jsonOrigin struct {
	Source    jsonSource      `json:"source"`
	Via       *jsonReference  `json:"via,omitempty"`
	AlsoAt    []jsonReference `json:"also_at,omitempty"`
	Rights    string          `json:"rights,omitempty"`
	License   string          `json:"license,omitempty"`
	InReplyTo string          `json:"in_reply_to,omitempty"`
	Comments  string          `json:"comments_url,omitempty"`
	Episode   string          `json:"episode,omitempty"`
	Season    string          `json:"season,omitempty"`
	Explicit  bool            `json:"explicit,omitempty"`
}

// A jsonSource is the feed that an item comes from.
type jsonSource struct {
	Title   string `json:"title"`
	Feed    string `json:"feed_url"`
	Site    string `json:"home_page_url,omitempty"`
	Rights  string `json:"rights,omitempty"`
	License string `json:"license,omitempty"`
}

// A jsonReference is a further place of an item.
type jsonReference struct {
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
}

// jsonItem writes one item.
func jsonItem(e Entry) ([]byte, error) {
	item := jsonItemObject{
		ID: clean(e.ID), URL: uri(e.Link), Title: line(e.Title), ContentHTML: clean(fullText(e)), Summary: line(e.Summary),
		Image: webURI(e.Image), Modified: stamp(e.Updated), Language: tag(e.Language),
		Caravan: jsonOrigin{
			Source: jsonSource{sourceName(e), uri(e.Source.Feed), webURI(e.Source.Site), line(e.Source.Rights), webURI(e.Source.License)},
			Rights: line(e.Rights), License: webURI(e.License), InReplyTo: uri(e.InReplyTo), Comments: webURI(e.Comments),
			Episode: line(e.Media.Episode), Season: line(e.Media.Season), Explicit: e.Media.Explicit,
		},
	}
	if item.ContentHTML == "" {
		if item.ContentText = line(e.Summary); item.ContentText == "" {
			item.ContentText = readAt(e)
		}
	}
	if !e.Published.IsZero() {
		item.Published = stamp(e.Published)
	}
	authors := e.Authors
	if len(authors) == 0 {
		authors = []string{sourceName(e)}
	}
	for _, a := range authors {
		if a = line(a); a != "" {
			item.Authors = append(item.Authors, jsonAuthor{a})
		}
	}
	for _, t := range e.Tags {
		if t = line(t); t != "" {
			item.Tags = append(item.Tags, t)
		}
	}
	for _, r := range e.AlsoAt {
		if u := webURI(r.URL); u != "" {
			item.Caravan.AlsoAt = append(item.Caravan.AlsoAt, jsonReference{line(r.Title), u})
		}
	}
	if u := webURI(e.Origin.URL); u != "" && u != uri(e.Source.Feed) {
		item.Caravan.Via = &jsonReference{line(e.Origin.Title), u}
	}
	for i, enclosure := range e.Enclosures {
		u := webURI(enclosure.URL)
		if u == "" {
			continue
		}
		a := jsonAttachment{URL: u, Type: mediaType(enclosure), Size: max(0, enclosure.Length)}
		if i == 0 {
			a.Duration = int(e.Media.Duration.Seconds())
		}
		item.Attachments = append(item.Attachments, a)
	}
	return encodeJSON(item)
}

// encodeJSON writes v with the signs of HTML as they are: the answer is never
// taken for a page, and content is a third shorter.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
