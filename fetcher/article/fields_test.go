package article

import (
	"net/url"
	"strings"
	"testing"

	"caravan"
	"caravan/internal/attacks"
)

func TestPlainFieldsStayPlain(t *testing.T) { // S19
	for _, list := range attacks.Families() {
		for _, in := range list {
			item := Prepare(caravan.Item{Title: in, Authors: []string{in}, Tags: []string{in}, Link: in, ImageURL: in,
				Comments: in, License: in,
				Enclosures: []caravan.Enclosure{{URL: in}}, Origin: caravan.Origin{Title: in, URL: in},
				Media: caravan.Media{ImageURL: in}}, Options{FeedURL: "https://blog.example/feed"})
			for _, field := range append([]string{item.Title, item.Origin.Title, item.Summary}, append(item.Authors,
				item.Tags...)...) {
				if strings.ContainsAny(field, "\x00\x01\x0b\n\r") || strings.ToValidUTF8(field, "") != field {
					t.Errorf("Prepare(%q) leaves %q", in, field)
				}
			}
			for _, address := range []string{item.Link, item.ImageURL, item.Comments, item.License, item.Origin.URL,
				item.Media.ImageURL} {
				if address != "" {
					checkAddress(t, address)
				}
			}
			for _, e := range item.Enclosures {
				checkAddress(t, e.URL)
			}
		}
	}
}

// checkAddress checks that an address is absolute and may be followed.
func checkAddress(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || strings.ContainsAny(address, " \t\r\n\"<>\\`") {
		t.Errorf("address %q is not absolute http(s): %v", address, err)
	}
}
