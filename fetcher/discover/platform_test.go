package discover_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"caravan/fetcher/discover"
)

// of returns the addresses of one kind that are found for a page.
func of(reason discover.Reason, p discover.Page) []string {
	var list []string
	for _, c := range discover.Find(p) {
		if c.Reason == reason {
			list = append(list, c.URL)
		}
	}
	return list
}

func TestAnAddressTellsThePlatform(t *testing.T) {
	for in, want := range map[string]string{
		"https://medium.com/@jo":                          "https://medium.com/feed/@jo",
		"https://medium.com/the-lab":                      "https://medium.com/feed/the-lab",
		"https://medium.com/the-lab/a-post":               "https://medium.com/feed/the-lab",
		"https://medium.com/tag/cities":                   "https://medium.com/feed/tag/cities",
		"https://medium.com/tag":                          "https://medium.com/feed/tag",
		"https://medium.com/":                             "",
		"https://lab.medium.com/x":                        "https://lab.medium.com/feed",
		"https://substack.com/@jo":                        "https://jo.substack.com/feed",
		"https://substack.com/@jo/p/x":                    "https://jo.substack.com/feed",
		"https://substack.com/home":                       "",
		"https://substack.com/@j.o":                       "",
		"https://lab.substack.com/p/x":                    "https://lab.substack.com/feed",
		"https://lab.wordpress.com/2021/x":                "https://lab.wordpress.com/feed/",
		"https://lab.hypotheses.org/1":                    "https://lab.hypotheses.org/feed/",
		"https://lab.ghost.io/x":                          "https://lab.ghost.io/rss/",
		"https://lab.hashnode.dev/x":                      "https://lab.hashnode.dev/rss.xml",
		"https://lab.micro.blog/":                         "https://lab.micro.blog/feed.xml",
		"https://lab.livejournal.com/":                    "https://lab.livejournal.com/data/rss",
		"https://lab.over-blog.com/":                      "https://lab.over-blog.com/rss",
		"https://lab.tumblr.com/x":                        "https://lab.tumblr.com/rss",
		"https://www.tumblr.com/lab":                      "https://lab.tumblr.com/rss",
		"https://www.tumblr.com/blog/lab":                 "https://lab.tumblr.com/rss",
		"https://www.tumblr.com/blog":                     "https://blog.tumblr.com/rss",
		"https://www.tumblr.com/":                         "",
		"https://www.youtube.com/channel/UC1":             "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
		"https://youtube.com/user/jo":                     "https://www.youtube.com/feeds/videos.xml?user=jo",
		"https://m.youtube.com/playlist?list=PL1":         "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1",
		"https://www.youtube.com/@jo":                     "",
		"https://www.youtube.com/channel":                 "",
		"https://www.youtube.com/user":                    "",
		"https://github.com/jo":                           "https://github.com/jo.atom",
		"https://github.com/jo/x":                         "https://github.com/jo/x/releases.atom",
		"https://github.com/jo/x/issues":                  "https://github.com/jo/x/releases.atom",
		"https://github.com/":                             "",
		"https://www.reddit.com/r/x":                      "https://www.reddit.com/r/x/.rss",
		"https://old.reddit.com/user/jo/posts":            "https://old.reddit.com/user/jo/.rss",
		"https://www.reddit.com/r":                        "",
		"https://www.reddit.com/x/y":                      "",
		"https://bsky.app/profile/jo.example":             "https://bsky.app/profile/jo.example/rss",
		"https://bsky.app/profile":                        "",
		"https://bsky.app/x/y":                            "",
		"https://dev.to/jo":                               "https://dev.to/feed/jo",
		"https://dev.to/":                                 "",
		"https://vimeo.com/jo":                            "https://vimeo.com/jo/videos/rss",
		"https://buttondown.com/jo/archive":               "https://buttondown.com/jo/rss",
		"https://buttondown.email/jo":                     "https://buttondown.email/jo/rss",
		"https://write.as/jo/":                            "https://write.as/jo/feed/",
		"https://jo.wixsite.com/lab":                      "https://jo.wixsite.com/lab/blog-feed.xml",
		"https://us1.campaign-archive.com/home/?u=1&id=2": "https://us1.campaign-archive.com/feed?id=2&u=1",
		"https://us1.campaign-archive.com/?u=1":           "",
		"https://us1.campaign-archive.com/?id=1":          "",
		"https://lab.blogspot.com/2021/x.html":            "https://lab.blogspot.com/feeds/posts/default",
		"https://lab.blogspot.co.uk/":                     "https://lab.blogspot.co.uk/feeds/posts/default",
		"https://a.example/@jo":                           "https://a.example/@jo.rss",
		"https://a.example/@jo/123":                       "https://a.example/@jo.rss",
		"https://a.example/@jo@b.example":                 "https://b.example/@jo.rss",
		"https://a.example/@jo@b":                         "",
		"https://a.example/@":                             "",
		"https://a.example/jo":                            "",
		"https://A.Medium.COM/":                           "https://A.Medium.COM/feed",
		"https://notmedium.com/@jo":                       "https://notmedium.com/@jo.rss",
	} {
		got := strings.Join(of(discover.Platform, discover.Page{URL: in}), " ")
		if got != want {
			t.Errorf("of %s is found %q, want %q", in, got, want)
		}
	}
}

func TestThePageOfAChannelTellsItsNumber(t *testing.T) {
	for body, want := range map[string]string{
		`<meta itemprop="identifier" content="UC1">`:                        "UC1",
		`<meta itemprop="channelId" content="UC2">`:                         "UC2",
		`<link rel="canonical" href="https://www.youtube.com/channel/UC3">`: "UC3",
		`<meta itemprop="identifier" content="xUC1">`:                       "",
		`<link rel="canonical" href="https://www.youtube.com/@jo">`:         "",
	} {
		got := strings.Join(of(discover.Platform, discover.Page{URL: "https://www.youtube.com/@jo", Body: []byte(body)}), " ")
		if want != "" {
			want = "https://www.youtube.com/feeds/videos.xml?channel_id=" + want
		}
		if got != want {
			t.Errorf("of %s is found %q, want %q", body, got, want)
		}
	}
}

func TestAPageTellsWhatItWasMadeWith(t *testing.T) {
	for generator, want := range map[string]string{
		"Substack":                "/feed",
		"Ghost 5.2":               "/rss/",
		"blogger":                 "/feeds/posts/default",
		"Medium":                  "/feed",
		"Wix.com Website Builder": "/blog-feed.xml",
		"HubSpot":                 "/lab/rss.xml /blog/rss.xml",
		"Hugo 0.120":              "/lab/index.xml /index.xml /posts/index.xml",
		"Jekyll v4":               "/feed.xml",
		"Eleventy v2":             "/feed.xml /feed/feed.xml",
		"Drupal 10":               "/rss.xml",
		"Joomla! - Open Source":   "/lab/?format=feed&type=rss",
		"TYPO3 CMS":               "/rss.xml",
		"SPIP 4":                  "/spip.php?page=backend",
		"Discourse 3":             "/latest.rss",
		"Gatsby 5":                "/rss.xml",
		"Astro v4":                "/rss.xml",
		"Docusaurus v3":           "/blog/rss.xml",
		"Hexo 6":                  "/atom.xml",
		"Zola":                    "/atom.xml",
		"Pelican":                 "/feeds/all.atom.xml",
		"WriteFreely":             "/feed/",
		"Plone":                   "/lab/RSS",
		"Webflow":                 "/blog/rss.xml",
		"WordPress 6.4":           "/feed/ /blog/feed/",
		"Squarespace":             "/lab/?format=rss /blog?format=rss",
		"Nothing known":           "",
		"made with Hugo":          "",
	} {
		var paths []string
		for path := range strings.FieldsSeq(want) {
			paths = append(paths, "https://a.example"+path)
		}
		body := fmt.Sprintf(`<meta name="generator" content="%s">`, generator)
		if got := of(discover.Platform, discover.Page{URL: "https://a.example/lab/", Body: []byte(body)}); !slices.Equal(got, paths) {
			t.Errorf("made with %s: %q, want %q", generator, got, paths)
		}
	}
	for part, want := range map[string]string{
		`<script src="https://substackcdn.com/x.js">`:                   "/feed",
		`<img src="https://cdn-client.medium.com/x">`:                   "/feed",
		`<script src="//static1.squarespace.com/x">`:                    "/lab/?format=rss",
		`<link rel=stylesheet href="https://static.parastorage.com/x">`: "/blog-feed.xml",
		`<script src=https://assets.tumblr.com/x>`:                      "/rss",
		`<link rel=stylesheet href=/wp-content/themes/x.css>`:           "/feed/",
		`<script src=https://cdn.hashnode.com/x>`:                       "/rss.xml",
		`<img src=https://uploads-ssl.website-files.com/x>`:             "/blog/rss.xml",
		`<meta property="al:ios:app_name" content="Medium">`:            "/feed",
	} {
		if got := of(discover.Platform, discover.Page{URL: "https://a.example/lab/", Body: []byte(part)}); len(got) == 0 || got[0] != "https://a.example"+want {
			t.Errorf("a page with %s: %q, want %s first", part, got, want)
		}
	}
	for _, part := range []string{`<a href="/wp-content/x.pdf">x</a>`, `<p>wordpress</p>`, `<meta name="description" content="hugo">`, `<meta property="al:ios:app_name" content="Other">`, `<script src="` + strings.Repeat("x", 2000) + `/wp-content/">`} {
		if got := of(discover.Platform, discover.Page{URL: "https://a.example/", Body: []byte(part)}); len(got) != 0 {
			t.Errorf("a page with %.60s: %q, want nothing", part, got)
		}
	}
}

func TestLinksThatLookLikeFeedsAreTried(t *testing.T) {
	for href, want := range map[string]bool{
		"/feed":                     true,
		"/feeds/":                   true,
		"/rss":                      true,
		"/RSS":                      true,
		"/blog/atom":                true,
		"/rss2":                     true,
		"/feed.json":                true,
		"/feed.xml":                 true,
		"/rss.xml":                  true,
		"/atom.xml":                 true,
		"/x/index.xml":              true,
		"/index.rdf":                true,
		"/feed.php":                 true,
		"/rss.php":                  true,
		"/videos.xml":               true,
		"/x.rss":                    true,
		"/x.atom":                   true,
		"/x.rdf":                    true,
		"/x-feed.xml":               true,
		"/x_rss.xml":                true,
		"/feeds/posts/default":      true,
		"/x/rss.aspx":               true,
		"https://feeds.b.example/x": true,
		"/?format=rss":              true,
		"/?format=rss2":             true,
		"/?format=feed":             true,
		"/?feed=rss2":               true,
		"/?feed=atom":               true,
		"/spip.php?page=backend":    true,
		"/wiki/rss":                 false,
		"/help/feeds":               false,
		"https://feeds.b.example/":  false,
		"/feedback":                 false,
		"/x.xml":                    false,
		"/?format=pdf":              false,
		"/?feed=x":                  false,
		"/rss/about":                false,
		"#rss":                      false,
		"mailto:x@rss":              false,
		"/comments/feed":            false,
		"":                          false,
	} {
		body := fmt.Sprintf(`<a href="%s">x</a>`, href)
		if got := of(discover.Linked, discover.Page{URL: "https://a.example/x", Body: []byte(body)}); (len(got) == 1) != want {
			t.Errorf("a link to %q: %q, want %v", href, got, want)
		}
	}
}

func TestTypesOfFeedsAreKnown(t *testing.T) {
	for kind, want := range map[string]bool{
		"application/rss+xml":                 true,
		"application/atom+xml":                true,
		"application/rdf+xml":                 true,
		"application/feed+json":               true,
		"application/rss":                     true,
		"application/atom":                    true,
		"text/rss+xml":                        true,
		"text/atom+xml":                       true,
		"application/x-rss+xml":               true,
		"text/rss":                            true,
		"text/atom":                           true,
		"APPLICATION/RSS+XML ; charset=utf-8": true,
		"application/xml":                     false,
		"text/xml":                            false,
		"application/json":                    false,
		"text/html":                           false,
		"":                                    false,
		"application/json+oembed":             false,
		"application/rss+xmlx":                false,
	} {
		for href, alone := range map[string]bool{"/posts": false, "/feed.xml": kind == "application/xml" || kind == "text/xml" || kind == "application/json"} {
			body := fmt.Sprintf(`<link rel=alternate type="%s" href="%s">`, kind, href)
			if got := of(discover.Declared, discover.Page{URL: "https://a.example/x", Body: []byte(body)}); (len(got) == 1) != (want || alone) {
				t.Errorf("%s: %q, want %v", body, got, want || alone)
			}
		}
	}
	for body, want := range map[string]string{
		`<link rel=feed href=/x>`:                                                 "https://a.example/x",
		`<link rel=feed type=text/html href=/x>`:                                  "",
		`<link rel=feed type=application/rss+xml href=/x>`:                        "https://a.example/x",
		`<link rel=alternate href=/x>`:                                            "",
		`<link rel=alternate type=application/rss+xml>`:                           "",
		`<link rel=alternate type=application/rss+xml href="javascript:x">`:       "",
		`<link rel=alternate type=application/rss+xml href="feed://b.example/x">`: "https://b.example/x",
	} {
		if got := strings.Join(of(discover.Declared, discover.Page{URL: "https://a.example/p", Body: []byte(body)}), " "); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestCommentsAreKnownInFourLanguages(t *testing.T) {
	for title, want := range map[string]bool{
		"Comments on A":    true,
		"A » Comment feed": true,
		"Kommentare":       true,
		"Comentarios":      true,
		"Comentários":      true,
		"COMMENTAIRES":     true,
		"Posts":            false,
		"":                 false,
	} {
		body := fmt.Sprintf(`<link rel=alternate type=application/rss+xml title="%s" href=/x>`, title)
		if got := of(discover.Comments, discover.Page{URL: "https://a.example/", Body: []byte(body)}); (len(got) == 1) != want {
			t.Errorf("a feed called %q: comments %q, want %v", title, got, want)
		}
	}
}

func TestCandidatesOfAPageAreBounded(t *testing.T) { // S12
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, `<link rel=alternate type=application/rss+xml href=/d%d><a href=/l%d.rss>x</a>`, i, i)
	}
	p := discover.Page{URL: "https://a.example/", Body: []byte(b.String())}
	if d, l := len(of(discover.Declared, p)), len(of(discover.Linked, p)); d != 40 || l != 20 {
		t.Errorf("%d declared and %d linked, want 40 and 20", d, l)
	}
}

func TestCommonPlacesAreTriedForPagesAlone(t *testing.T) {
	want := []string{"https://a.example/feed", "https://a.example/rss.xml", "https://a.example/atom.xml", "https://a.example/feed.xml", "https://a.example/index.xml", "https://a.example/rss"}
	if got := of(discover.Guessed, discover.Page{URL: "https://u:p@a.example/x?y#z", Body: []byte("<p>")}); !slices.Equal(got, want) {
		t.Errorf("guessed %q, want %q", got, want)
	}
	if got := discover.Find(discover.Page{URL: "https://a.example/x"}); len(got) != 0 {
		t.Errorf("without a page: %v", got)
	}
	for _, address := range []string{"", "/x", "ftp://a.example/", "https://", "https://[", "mailto:a@b.example"} {
		if got := discover.Find(discover.Page{URL: address, Body: []byte("<p>")}); got != nil {
			t.Errorf("of %q: %v", address, got)
		}
	}
}
