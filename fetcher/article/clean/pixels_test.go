package clean

import "testing"

func TestRelativeAddressesWithoutABaseGo(t *testing.T) { // S20
	if got := cleaned(`<a href="x">x</a><img src="y">`, ""); got != "x" {
		t.Errorf("without a base, relative addresses give %q", got)
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
		if got := cleaned(in, ""); got != "" {
			t.Errorf("cleaned(%q) = %q", in, got)
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
		if got := cleaned(in, ""); got == "" {
			t.Errorf("cleaned(%q) is empty", in)
		}
	}
}
