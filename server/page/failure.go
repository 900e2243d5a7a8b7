package page

import "caravan/server/locale"

// A Failure is the page of a request that could not be answered.
type Failure struct {
	Frame
	Status  int
	Heading string
	Text    string
	Links   []Link
}

// Failure makes the page of an error: status says what kind, message is the
// sentence for the reader in their language, empty for the usual one of that
// kind.
func (c Context) Failure(status int, message string) Failure {
	b := c.builder()
	l := c.Lang
	key := "error.500"
	if locale.Has("error." + itoa(status)) {
		key = "error." + itoa(status)
	} else if status < 500 {
		key = "error.400"
	}
	v := Failure{Status: status, Heading: l.T(key), Text: message}
	if v.Text == "" {
		v.Text = l.T(key + "-text")
	}
	v.Links = []Link{
		{Text: l.T("error.home"), Href: b.href("/", nil)},
		{Text: l.T("error.search"), Href: b.href("/search", nil)},
		{Text: l.T("error.sources"), Href: b.href("/sources", nil)},
	}
	v.Frame = b.frame(v.Heading+", "+c.Site.Title, "")
	v.NoIndex = true
	return v
}
