package article

import (
	"testing"

	"caravan"
)

func TestBaseOfRelativeAddresses(t *testing.T) {
	tests := []struct {
		name, link string
		o          Options
		want       string
	}{
		{"the item's link", "https://blog.example/2026/post", Options{FeedURL: "https://feeds.example/x"},
			"https://blog.example/2026/a.png"},
		{"the item's link on a part of the site", "https://news.blog.example/2026/post",
			Options{SiteURL: "https://blog.example/"}, "https://news.blog.example/2026/a.png"},
		{"the site when the link leads elsewhere", "https://other.example/x/",
			Options{SiteURL: "https://blog.example/b/", FeedURL: "https://blog.example/feed"},
			"https://blog.example/b/a.png"},
		{"the feed when there is nothing else", "", Options{FeedURL: "https://blog.example/x/feed"},
			"https://blog.example/x/a.png"},
		{"the link although it leads elsewhere, when there is nothing else", "https://other.example/x/", Options{},
			"https://other.example/x/a.png"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := Prepare(caravan.Item{Link: tt.link, Content: `<img src="a.png">`}, tt.o)
			if item.ImageURL != tt.want {
				t.Errorf("a.png is %q, want %q", item.ImageURL, tt.want)
			}
		})
	}
}

func TestItemAddressesAreAbsoluteOrEmpty(t *testing.T) { // S20
	item := Prepare(caravan.Item{
		Link: "/2026/post?utm_source=rss", ImageURL: "i.png", Comments: "javascript:x", License: "//cc.example/by",
		Enclosures: []caravan.Enclosure{{URL: "a.mp3", Length: -1}, {URL: "data:x"}, {URL: "https://cdn.example/b.mp3",
			Type: "audio/mpeg", Length: 7}},
	}, Options{FeedURL: "https://blog.example/feed"})
	for _, got := range []struct{ name, is, want string }{
		{"Link", item.Link, "https://blog.example/2026/post?utm_source=rss"}, {"ImageURL", item.ImageURL,
			"https://blog.example/i.png"},
		{"Comments", item.Comments, ""}, {"License", item.License, "https://cc.example/by"}, {"canonical link",
			item.Keys.Link, "blog.example/2026/post"},
	} {
		if got.is != got.want {
			t.Errorf("%s = %q, want %q", got.name, got.is, got.want)
		}
	}
	want := []caravan.Enclosure{{URL: "https://blog.example/a.mp3"}, {URL: "https://cdn.example/b.mp3",
		Type: "audio/mpeg", Length: 7}}
	if len(item.Enclosures) != 2 || item.Enclosures[0] != want[0] || item.Enclosures[1] != want[1] {
		t.Errorf("Enclosures = %+v, want %+v", item.Enclosures, want)
	}
}
