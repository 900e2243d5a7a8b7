package feed

import (
	"encoding/xml"
	"time"
)

// A List is a source list to be written as OPML.
type List struct {
	Title      string
	Created    time.Time // zero leaves it out
	OwnerName  string
	OwnerEmail string
	OwnerID    string
	Folders    []Folder
}

// A Folder holds the sources of one community.
type Folder struct {
	Title string
	Lines []Line
}

// A Line is a source, or with no Feed a site that has none.
type Line struct {
	Title       string
	Feed        string
	Site        string
	Language    string
	Description string
}

// An opml is the document, as encoding/xml writes it.
type opml struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Head    opmlHead  `xml:"head"`
	Body    []outline `xml:"body>outline"`
}

// An opmlHead says what list it is and whose.
type opmlHead struct {
	Title      string `xml:"title"`
	Created    string `xml:"dateCreated,omitempty"`
	Modified   string `xml:"dateModified,omitempty"`
	OwnerName  string `xml:"ownerName,omitempty"`
	OwnerEmail string `xml:"ownerEmail,omitempty"`
	OwnerID    string `xml:"ownerId,omitempty"`
}

// An outline is a folder or a line.
type outline struct {
	Text        string    `xml:"text,attr"`
	Title       string    `xml:"title,attr,omitempty"`
	Type        string    `xml:"type,attr,omitempty"`
	Feed        string    `xml:"xmlUrl,attr,omitempty"`
	Site        string    `xml:"htmlUrl,attr,omitempty"`
	URL         string    `xml:"url,attr,omitempty"`
	Language    string    `xml:"language,attr,omitempty"`
	Description string    `xml:"description,attr,omitempty"`
	Outlines    []outline `xml:"outline"`
}

// OPML writes l as OPML 2.0.
func OPML(l List) ([]byte, error) {
	doc := opml{
		Version: "2.0",
		Head: opmlHead{
			Title: line(l.Title), OwnerName: line(l.OwnerName), OwnerEmail: line(l.OwnerEmail), OwnerID: webURI(l.OwnerID),
		},
	}
	if !l.Created.IsZero() {
		doc.Head.Created = mailStamp(l.Created)
		doc.Head.Modified = doc.Head.Created
	}
	for _, f := range l.Folders {
		folder := outline{Text: line(f.Title)}
		for _, source := range f.Lines {
			folder.Outlines = append(folder.Outlines, outlineOf(source))
		}
		doc.Body = append(doc.Body, folder)
	}
	out, err := marshal(doc)
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}

// outlineOf returns l as an outline: of type rss, or of type link where there
// is no feed.
func outlineOf(l Line) outline {
	title := line(l.Title)
	if title == "" {
		title = site(l.Feed + l.Site)
	}
	o := outline{Text: title, Title: title, Site: webURI(l.Site), Language: tag(l.Language), Description: line(l.Description)}
	if o.Feed = uri(l.Feed); o.Feed != "" {
		o.Type = "rss"
	} else {
		o.Type, o.URL = "link", o.Site
	}
	return o
}
