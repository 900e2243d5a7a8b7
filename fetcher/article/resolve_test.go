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
	if got := Clean(`<a href="x">x</a><img src="y">`, ""); got != "x" {
		t.Errorf("without a base, relative addresses give %q", got)
	}
}

func TestAddressesAreMended(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://a.example/x", "https://a.example/x"},
		{" https://a.example/x\n", "https://a.example/x"},
		{"//a.example/x", "https://a.example/x"},
		{"HTTP://A.Example/X", "http://a.example/X"},
		{"http:/a.example/x", "http://a.example/x"},
		{"http:////a.example/x", "http://a.example/x"},
		{"https:\\\\a.example\\x?y=\\z", "https://a.example/x?y=\\z"},
		{"/a b", "https://blog.example/a%20b"},
		{"?q=1", "https://blog.example/p/q?q=1"},
		{"#c", "https://blog.example/p/q#c"},
		{"../x/./y", "https://blog.example/x/y"},
		{"https://a.example/100%", "https://a.example/100%25"},
		{"https://a.example/?q=a b\"c", "https://a.example/?q=a%20b%22c"},
		{"https://user:secret@a.example/", "https://a.example/"},
		{"https://bücher.example/", "https://xn--bcher-kva.example/"},
		{"https://a.example/é?é#é", "https://a.example/%C3%A9?é#%C3%A9"},
		{"mailto:a@b.example?subject=x y", "mailto:a@b.example?subject=x%20y"},
		{"java\tscript:x", ""}, {"data:text/html,x", ""}, {"https://", ""}, {"https://a.example:99999/", ""},
		{"https://a b/", ""}, {"mailto:x", ""}, {"", ""},
	}
	at := newResolver("https://blog.example/p/q", Options{})
	for _, tt := range tests {
		if got := at.link(tt.in); got != tt.want {
			t.Errorf("link(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSrcset(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a.png 1x, b.png 2x", "https://blog.example/a.png 1x, https://blog.example/b.png 2x"},
		{"a.png 100w,b.png 200w", "https://blog.example/a.png 100w, https://blog.example/b.png 200w"},
		{"a.png, b.png 2x", "https://blog.example/a.png, https://blog.example/b.png 2x"},
		{"https://c.example/w_100,h_200/a.png 1x, b.png 2x",
			"https://c.example/w_100,h_200/a.png 1x, https://blog.example/b.png 2x"},
		{" ,, a.png 1x ,, ", "https://blog.example/a.png 1x"},
		{"javascript:x 1x, b.png 2x", "https://blog.example/b.png 2x"},
		{"data:image/png;base64,xx 1x", ""},
		{"a.png 1x onerror=x, b.png 2x", "https://blog.example/b.png 2x"},
		{"a.png 1.5x", "https://blog.example/a.png 1.5x"},
		{"a.png -1x", ""},
		{"", ""},
	}
	at := newResolver("https://blog.example/", Options{})
	for _, tt := range tests {
		if got := at.srcset(tt.in); got != tt.want {
			t.Errorf("srcset(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestImagesThatCountReadersGo(t *testing.T) { // S22
	gone := []string{
		`<img src="https://a.example/x.gif" width="1" height="1">`, `<img src="https://a.example/x" height=0>`,
		`<img src="https://a.example/x" style="width: 1px; height:1px">`,
		`<img src="https://a.example/x" style="display:none">`, `<img src="https://pixel.wp.com/b.gif?x=1">`,
		`<img src="https://stats.wordpress.com/b.gif">`, `<img src="http://feeds.feedburner.com/~r/blog/~4/x">`,
		`<img src="http://feeds.feedburner.com/~ff/blog?d=x">`,
		`<img src="https://medium.com/_/stat?event=post.clientViewed">`, `<img src="https://ad.doubleclick.net/x">`,
		`<img src="https://www.facebook.com/tr?id=1">`,
		`<img src="https://stats.blog.example/matomo.php?idsite=1">`,
		`<img src="https://counter.theconversation.com/content/1/count.gif">`,
		`<img src="https://x.list-manage.com/track/open.php?u=1">`, `<img src="data:image/gif;base64,R0lGOD">`,
	}
	for _, in := range gone {
		if got := Clean(in, ""); got != "" {
			t.Errorf("Clean(%q) = %q", in, got)
		}
	}
	kept := []string{
		`<img src="https://a.example/x.gif" width="30" height="2">`, `<img src="https://a.example/pixel-art.png">`,
		`<img src="https://a.example/tracks/1.png">`,
		`<img src="data:image/gif;base64,R0lGOD" data-src="https://a.example/x.png">`,
		`<img data-lazy-src="https://a.example/x.png" style="display:none">`,
		`<img srcset="https://a.example/x.png 2x">`,
	}
	for _, in := range kept {
		if got := Clean(in, ""); got == "" {
			t.Errorf("Clean(%q) is empty", in)
		}
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
