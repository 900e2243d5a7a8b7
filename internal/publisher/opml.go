package publisher

import (
	"encoding/xml"
	"fmt"
	"io"
)

type opmlDocument struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Title   string        `xml:"head>title"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Type     string        `xml:"type,attr,omitempty"`
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	XMLURL   string        `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string        `xml:"htmlUrl,attr,omitempty"`
	Language string        `xml:"language,attr,omitempty"`
	Children []opmlOutline `xml:"outline"`
}

// WriteOPML writes an OPML 2.0 list of feeds, a folder a community in the order
// in which each is met first, feeds without one at the end.
func WriteOPML(w io.Writer, title string, feeds []Placed) error {
	doc := opmlDocument{Version: "2.0", Title: title}
	folder := make(map[string]int)
	var loose []opmlOutline
	for _, f := range feeds {
		line := opmlOutline{Type: "rss", Text: f.Title, Title: f.Title, XMLURL: f.URL, HTMLURL: f.SiteURL, Language: f.Language}
		if f.Community == "" {
			loose = append(loose, line)
			continue
		}
		i, ok := folder[f.Community]
		if !ok {
			i = len(doc.Body)
			folder[f.Community] = i
			doc.Body = append(doc.Body, opmlOutline{Text: f.Community, Title: f.Community})
		}
		doc.Body[i].Children = append(doc.Body[i].Children, line)
	}
	doc.Body = append(doc.Body, loose...)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	return nil
}
