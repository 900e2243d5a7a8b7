package feed

import (
	"encoding/xml"
	"strings"
)

// A SearchEngine is a planet's search, as OpenSearch describes it.
type SearchEngine struct {
	Title   string
	Base    string // public address of the planet, without a slash at the end
	Contact string // a mail address; empty leaves it out
}

// A searchDescription is the document, as encoding/xml writes it.
type searchDescription struct {
	XMLName     xml.Name    `xml:"OpenSearchDescription"`
	NS          string      `xml:"xmlns,attr"`
	ShortName   string      `xml:"ShortName"`
	LongName    string      `xml:"LongName"`
	Description string      `xml:"Description"`
	Contact     string      `xml:"Contact,omitempty"`
	URLs        []searchURL `xml:"Url"`
	Example     query       `xml:"Query"`
	Languages   []string    `xml:"Language"`
	Input       string      `xml:"InputEncoding"`
	Output      string      `xml:"OutputEncoding"`
}

// A searchURL is an address to fill in.
type searchURL struct {
	Type     string `xml:"type,attr"`
	Rel      string `xml:"rel,attr,omitempty"`
	Template string `xml:"template,attr"`
}

// OpenSearch writes the description of e (OpenSearch 1.1).
func OpenSearch(e SearchEngine) ([]byte, error) {
	doc := searchDescription{
		NS: nsOpenSearch, ShortName: within(line(e.Title), 16), LongName: within(line(e.Title), 48),
		Description: within("Search what the communities of "+line(e.Title)+" have published.", 1024),
		Contact:     line(e.Contact),
		URLs: []searchURL{
			{Type: "text/html", Template: e.Base + "/search?q={searchTerms}"},
			{Type: Atom.MediaType(), Template: e.Base + "/search.atom?q={searchTerms}"},
			{Type: RSS.MediaType(), Template: e.Base + "/search.rss?q={searchTerms}"},
			{Type: JSON.MediaType(), Template: e.Base + "/search.json?q={searchTerms}"},
			{Type: "application/x-suggestions+json", Rel: "suggestions", Template: e.Base + "/api/v1/suggest?q={searchTerms}"},
			{Type: "application/opensearchdescription+xml", Rel: "self", Template: e.Base + "/opensearch.xml"},
		},
		Example:   query{Role: "example", Terms: "innovation"},
		Languages: []string{"*"}, Input: "UTF-8", Output: "UTF-8",
	}
	out, err := marshal(doc)
	if err != nil {
		return nil, err
	}
	return append([]byte(xml.Header), append(out, '\n')...), nil
}

// within returns s cut to most characters, at a word where that keeps half.
func within(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	cut := string(r[:most])
	if i := strings.LastIndexByte(cut, ' '); i >= most/2 && r[most] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:-·")
}
