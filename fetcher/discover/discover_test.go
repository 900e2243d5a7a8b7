package discover_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"caravan/fetcher/discover"
)

// addresses returns the first n addresses that Find gives.
func addresses(found []discover.Candidate, n int) []string {
	var out []string
	for _, c := range found[:min(n, len(found))] {
		out = append(out, c.URL)
	}
	return out
}

func TestDeclaredFeedsComeFirst(t *testing.T) {
	const head = `<!doctype html><html><head><base href="/blog/">`
	for _, c := range []struct {
		name, page string
		want       []string
	}{
		{"in the order of the page", head + `<link rel="alternate" type="application/rss+xml" title="Posts" href="rss"><link rel=alternate type=application/atom+xml href=/a.atom>`,
			[]string{"https://e.org/blog/rss", "https://e.org/a.atom"}},
		{"upper case and several relations", `<LINK REL="home Alternate" TYPE="Application/RSS+XML; charset=utf-8" HREF=" //f.e.org/x ">`, []string{"https://f.e.org/x"}},
		{"JSON Feed", `<link rel=alternate type=application/feed+json href=feed.json>`, []string{"https://e.org/blog/feed.json"}},
		{"feed scheme", `<link rel=alternate type=application/rss+xml href="feed:https://e.org/x">`, []string{"https://e.org/x"}},
		{"entities", `<link rel=alternate type=application/rss+xml href="/?a=1&amp;feed=rss2">`, []string{"https://e.org/?a=1&feed=rss2"}},
		{"comments last", `<link rel=alternate type=application/rss+xml title="E » Comments Feed" href=/comments/feed/><link rel=alternate type=application/rss+xml href=/posts>`,
			[]string{"https://e.org/posts"}},
		{"the API of WordPress is none", `<link rel=alternate type=application/json href=/wp-json/wp/v2/pages/2><link rel=alternate type="application/json+oembed" href=/o>`,
			[]string{"https://e.org/feed"}},
		{"languages are none", `<link rel=alternate hreflang=fr href=/fr/>`, []string{"https://e.org/feed"}},
		{"in a script is none", `<script>"<link rel=alternate type=application/rss+xml href=/x>"</script>`, []string{"https://e.org/feed"}},
		{"linked in the text", `<a href="/news/rss.xml">RSS</a>`, []string{"https://e.org/news/rss.xml", "https://e.org/feed"}},
		{"credentials are dropped", `<link rel=alternate type=application/rss+xml href="https://u:p@e.org/x">`, []string{"https://e.org/x"}},
		{"not the page itself", `<link rel=alternate type=application/rss+xml href="https://e.org/blog/"><link rel=alternate type=application/rss+xml href=/x>`, []string{"https://e.org/x"}},
		{"each once", `<link rel=alternate type=application/rss+xml href=/feed><a href="/feed/">x</a>`, []string{"https://e.org/feed", "https://e.org/rss.xml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := discover.Find(discover.Page{URL: "https://e.org/blog/", ContentType: "text/html", Body: []byte(c.page)})
			if got := addresses(found, len(c.want)); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestCommentsAreToldFromArticles(t *testing.T) {
	found := discover.Find(discover.Page{URL: "https://e.org/", Body: []byte(`<link rel=alternate type=application/rss+xml title="Comments" href=/c>`)})
	if last := found[len(found)-1]; last.Reason != discover.Comments || last.Title != "Comments" {
		t.Errorf("last candidate = %+v, want that of comments", last)
	}
}

func TestTitlesAreReadInThePagesEncoding(t *testing.T) {
	found := discover.Find(discover.Page{URL: "https://e.org/", ContentType: "text/html; charset=iso-8859-1",
		Body: []byte("<link rel=alternate type=application/rss+xml title='Administraci\xf3n' href=/x>")})
	if found[0].Title != "Administración" {
		t.Errorf("title = %q", found[0].Title)
	}
}

func TestPlatformsAreKnownByTheirAddress(t *testing.T) {
	for _, c := range []struct{ page, want string }{
		{"https://medium.com/@ines", "https://medium.com/feed/@ines"},
		{"https://medium.com/public-labs/an-article-1", "https://medium.com/feed/public-labs"},
		{"https://medium.com/tag/govtech", "https://medium.com/feed/tag/govtech"},
		{"https://ines.medium.com/", "https://ines.medium.com/feed"},
		{"https://labs.substack.com/p/hello", "https://labs.substack.com/feed"},
		{"https://substack.com/@labs", "https://labs.substack.com/feed"},
		{"https://labs.wordpress.com/about", "https://labs.wordpress.com/feed/"},
		{"https://labs.ghost.io/", "https://labs.ghost.io/rss/"},
		{"https://labs.blogspot.com/2020/", "https://labs.blogspot.com/feeds/posts/default"},
		{"https://labs.blogspot.com.br/", "https://labs.blogspot.com.br/feeds/posts/default"},
		{"https://labs.tumblr.com/", "https://labs.tumblr.com/rss"},
		{"https://www.tumblr.com/labs", "https://labs.tumblr.com/rss"},
		{"https://www.youtube.com/channel/UCabc", "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc"},
		{"https://www.youtube.com/playlist?list=PL1", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1"},
		{"https://www.youtube.com/user/labs", "https://www.youtube.com/feeds/videos.xml?user=labs"},
		{"https://mastodon.social/@ines", "https://mastodon.social/@ines.rss"},
		{"https://mastodon.social/@ines@gov.social", "https://gov.social/@ines.rss"},
		{"https://github.com/labs/tool", "https://github.com/labs/tool/releases.atom"},
		{"https://www.reddit.com/r/govtech/top", "https://www.reddit.com/r/govtech/.rss"},
		{"https://bsky.app/profile/labs.gov", "https://bsky.app/profile/labs.gov/rss"},
		{"https://dev.to/labs", "https://dev.to/feed/labs"},
		{"https://vimeo.com/labs", "https://vimeo.com/labs/videos/rss"},
		{"https://labs.wixsite.com/site/blog", "https://labs.wixsite.com/site/blog-feed.xml"},
		{"https://us1.campaign-archive.com/home/?u=a&id=b", "https://us1.campaign-archive.com/feed?id=b&u=a"},
	} {
		found := discover.Find(discover.Page{URL: c.page})
		if len(found) == 0 || found[0].URL != c.want || found[0].Reason != discover.Platform {
			t.Errorf("Find(%s) = %+v, want %s", c.page, found, c.want)
		}
	}
}

func TestPlatformsAreKnownByTheirPages(t *testing.T) {
	for _, c := range []struct{ name, page, body, want string }{
		{"WordPress", "https://e.org/", `<meta name="generator" content="WordPress 6.8">`, "https://e.org/feed/"},
		{"WordPress by its parts", "https://e.org/", `<link rel="stylesheet" href="/wp-content/themes/x.css">`, "https://e.org/feed/"},
		{"Ghost", "https://e.org/", `<meta name="generator" content="Ghost 5.2">`, "https://e.org/rss/"},
		{"Substack on its own name", "https://e.org/", `<script src="https://substackcdn.com/x.js"></script>`, "https://e.org/feed"},
		{"Medium on its own name", "https://e.org/", `<meta property="al:ios:app_name" content="Medium">`, "https://e.org/feed"},
		{"Blogger", "https://e.org/", `<meta content='blogger' name='generator'/>`, "https://e.org/feeds/posts/default"},
		{"Squarespace", "https://e.org/news", `<img src="https://static1.squarespace.com/a.png">`, "https://e.org/news?format=rss"},
		{"Hugo", "https://e.org/posts/", `<meta name=generator content="Hugo 0.140">`, "https://e.org/posts/index.xml"},
		{"SPIP", "https://e.org/", `<meta name="generator" content="SPIP 4.2">`, "https://e.org/spip.php?page=backend"},
		{"second generator", "https://e.org/", `<meta name="generator" content="Site Kit"><meta name="generator" content="Drupal 10">`, "https://e.org/rss.xml"},
		{"YouTube's name of a channel", "https://www.youtube.com/@labs", `<meta itemprop="identifier" content="UCx">`, "https://www.youtube.com/feeds/videos.xml?channel_id=UCx"},
		{"YouTube's canonical address", "https://www.youtube.com/@labs", `<link rel="canonical" href="https://www.youtube.com/channel/UCy">`, "https://www.youtube.com/feeds/videos.xml?channel_id=UCy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := discover.Find(discover.Page{URL: c.page, ContentType: "text/html", Body: []byte(c.body)})
			if len(found) == 0 || found[0].URL != c.want {
				t.Errorf("found %q, want %s first", addresses(found, 3), c.want)
			}
		})
	}
}

func TestOnlyWebPagesHaveFeeds(t *testing.T) {
	for _, address := range []string{"", "mailto:a@e.org", "file:///etc/passwd", "https://", "://"} {
		if found := discover.Find(discover.Page{URL: address, Body: []byte("<p>")}); found != nil {
			t.Errorf("Find(%q) = %v", address, found)
		}
	}
}

func TestHugePagesCostTheirLengthAlone(t *testing.T) {
	body := strings.Repeat(`<div><link rel=alternate type=application/rss+xml href=/x?a=b><a href=/y.rss>y</a>`, 50_000)
	found := discover.Find(discover.Page{URL: "https://e.org/", Body: []byte(body)})
	if len(found) > 100 {
		t.Errorf("%d candidates", len(found))
	}
}

func FuzzFind(f *testing.F) {
	f.Add("https://e.org/@a", "text/html", `<base href=//x><link rel=alternate type=text/xml href="feed:rss"><a href=/feed>`)
	f.Add("https://www.youtube.com/@a", "", `<meta itemprop=identifier content=UC><link rel=canonical href="https://youtube.com/channel/%">`)
	f.Fuzz(func(t *testing.T, address, kind, body string) {
		for _, c := range discover.Find(discover.Page{URL: address, ContentType: kind, Body: []byte(body)}) {
			u, err := url.Parse(c.URL)
			if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("candidate %q is no address to ask", c.URL)
			}
		}
	})
}
