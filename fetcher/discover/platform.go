package discover

import (
	"net/url"
	"regexp"
	"strings"
)

// A host is a place on the web that many publish at, and where it has the feed
// of a page. Feed is called with the page's address, its path in parts, and
// what was read of the page.
type host struct {
	name string // of the host; with a dot before it of all below it
	feed func(u *url.URL, parts []string, m *marks) string
}

// hosts are the places whose feeds are known by the address alone.
func hosts() []host {
	return []host{
		{"medium.com", medium},
		{".medium.com", at("/feed")},
		{"substack.com", func(_ *url.URL, parts []string, _ *marks) string {
			if name, ok := strings.CutPrefix(parts[0], "@"); ok && isName(name) {
				return "https://" + name + ".substack.com/feed"
			}
			return ""
		}},
		{".substack.com", at("/feed")},
		{".wordpress.com", at("/feed/")},
		{".hypotheses.org", at("/feed/")},
		{".ghost.io", at("/rss/")},
		{".tumblr.com", tumblr},
		{"youtube.com", youtube},
		{".youtube.com", youtube},
		{"github.com", github},
		{".reddit.com", func(u *url.URL, parts []string, _ *marks) string {
			if len(parts) < 2 || parts[0] != "r" && parts[0] != "user" {
				return ""
			}
			return rooted(u, "/"+parts[0]+"/"+parts[1]+"/.rss")
		}},
		{"bsky.app", func(u *url.URL, parts []string, _ *marks) string {
			if len(parts) < 2 || parts[0] != "profile" {
				return ""
			}
			return rooted(u, "/profile/"+parts[1]+"/rss")
		}},
		{"dev.to", below("/feed/", "")},
		{"vimeo.com", below("/", "/videos/rss")},
		{"buttondown.com", below("/", "/rss")},
		{"buttondown.email", below("/", "/rss")},
		{"write.as", below("/", "/feed/")},
		{".hashnode.dev", at("/rss.xml")},
		{".micro.blog", at("/feed.xml")},
		{".livejournal.com", at("/data/rss")},
		{".over-blog.com", at("/rss")},
		{".wixsite.com", below("/", "/blog-feed.xml")},
		{".campaign-archive.com", func(u *url.URL, _ []string, _ *marks) string {
			q := u.Query()
			if q.Get("u") == "" || q.Get("id") == "" {
				return ""
			}
			return rooted(u, "/feed?"+url.Values{"u": q["u"][:1], "id": q["id"][:1]}.Encode())
		}},
	}
}

// hosted returns the feeds that follow from a page's address.
func hosted(u *url.URL, m *marks) []string {
	name := strings.ToLower(u.Hostname())
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	var found []string
	known := false
	for _, h := range hosts() {
		if name != h.name && !(strings.HasPrefix(h.name, ".") && strings.HasSuffix(name, h.name)) {
			continue
		}
		known = true
		if address := h.feed(u, parts, m); address != "" {
			found = append(found, address)
		}
	}
	if strings.Contains(name, ".blogspot.") {
		return append(found, rooted(u, "/feeds/posts/default"))
	}
	if !known {
		if address := fediverse(u, parts); address != "" {
			found = append(found, address)
		}
	}
	return found
}

// at is the rule of a place where each publication has a host.
func at(path string) func(*url.URL, []string, *marks) string {
	return func(u *url.URL, _ []string, _ *marks) string { return rooted(u, path) }
}

// below is the rule of a place where each publication has a first part of the
// path.
func below(before, after string) func(*url.URL, []string, *marks) string {
	return func(u *url.URL, parts []string, _ *marks) string {
		if parts[0] == "" {
			return ""
		}
		return rooted(u, before+parts[0]+after)
	}
}

// isName reports whether s can be the name of a host below another.
func isName(s string) bool { return regexp.MustCompile(`^[A-Za-z0-9-]{1,63}$`).MatchString(s) }

func medium(u *url.URL, parts []string, _ *marks) string {
	switch {
	case parts[0] == "":
		return ""
	case parts[0] == "tag" && len(parts) > 1:
		return rooted(u, "/feed/tag/"+parts[1])
	}
	return rooted(u, "/feed/"+parts[0])
}

func tumblr(u *url.URL, parts []string, _ *marks) string {
	if !strings.HasPrefix(u.Hostname(), "www.") {
		return rooted(u, "/rss")
	}
	name := parts[0]
	if name == "blog" && len(parts) > 1 {
		name = parts[1]
	}
	if !isName(name) {
		return ""
	}
	return "https://" + name + ".tumblr.com/rss"
}

// youtube finds a channel's feed, for which its number is needed; the page of a
// name tells it.
func youtube(u *url.URL, parts []string, m *marks) string {
	const feeds = "https://www.youtube.com/feeds/videos.xml?"
	if list := u.Query().Get("list"); list != "" {
		return feeds + url.Values{"playlist_id": {list}}.Encode()
	}
	switch {
	case len(parts) > 1 && parts[0] == "channel":
		return feeds + url.Values{"channel_id": {parts[1]}}.Encode()
	case m.channel != "":
		return feeds + url.Values{"channel_id": {m.channel}}.Encode()
	case len(parts) > 1 && parts[0] == "user":
		return feeds + url.Values{"user": {parts[1]}}.Encode()
	}
	if _, id, ok := strings.Cut(m.canonical, "youtube.com/channel/"); ok {
		return feeds + url.Values{"channel_id": {id}}.Encode()
	}
	return ""
}

func github(u *url.URL, parts []string, _ *marks) string {
	switch {
	case parts[0] == "":
		return ""
	case len(parts) == 1:
		return rooted(u, "/"+parts[0]+".atom")
	}
	return rooted(u, "/"+parts[0]+"/"+parts[1]+"/releases.atom")
}

// fediverse finds the feed of a Mastodon account, whose pages look alike on
// thousands of hosts. That of a remote account lies where the account is.
func fediverse(u *url.URL, parts []string) string {
	account, ok := strings.CutPrefix(parts[0], "@")
	if !ok || account == "" {
		return ""
	}
	name, home, remote := strings.Cut(account, "@")
	if !remote {
		return rooted(u, "/@"+name+".rss")
	}
	if !regexp.MustCompile(`^[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`).MatchString(home) {
		return ""
	}
	return "https://" + home + "/@" + name + ".rss"
}

// A builder is a program that sites are made with, and where it puts feeds.
type builder struct {
	generator string // begins the page's own word, in lower case
	parts     string // or the page has parts from here
	feeds     []string
}

// builders: a path with a slash at the start is the site's, one without lies
// below the page, and one with a question mark is a query of the page.
func builders() []builder {
	return []builder{
		{"substack", "substackcdn.com/", []string{"/feed"}},
		{"ghost", "", []string{"/rss/"}},
		{"blogger", "", []string{"/feeds/posts/default"}},
		{"medium", "cdn-client.medium.com/", []string{"/feed"}},
		{"squarespace", "static1.squarespace.com/", []string{"?format=rss", "/blog?format=rss"}},
		{"wix.com", "static.parastorage.com/", []string{"/blog-feed.xml"}},
		{"tumblr", "assets.tumblr.com/", []string{"/rss"}},
		{"hubspot", "", []string{"rss.xml", "/blog/rss.xml"}},
		{"hugo", "", []string{"index.xml", "/index.xml", "/posts/index.xml"}},
		{"jekyll", "", []string{"/feed.xml"}},
		{"eleventy", "", []string{"/feed.xml", "/feed/feed.xml"}},
		{"drupal", "", []string{"/rss.xml"}},
		{"joomla", "", []string{"?format=feed&type=rss"}},
		{"typo3", "", []string{"/rss.xml"}},
		{"spip", "", []string{"/spip.php?page=backend"}},
		{"discourse", "", []string{"/latest.rss"}},
		{"gatsby", "", []string{"/rss.xml"}},
		{"astro", "", []string{"/rss.xml"}},
		{"docusaurus", "", []string{"/blog/rss.xml"}},
		{"hexo", "", []string{"/atom.xml"}},
		{"zola", "", []string{"/atom.xml"}},
		{"pelican", "", []string{"/feeds/all.atom.xml"}},
		{"writefreely", "", []string{"/feed/"}},
		{"plone", "", []string{"RSS"}},
		{"webflow", "website-files.com/", []string{"/blog/rss.xml"}},
		{"hashnode", "cdn.hashnode.com/", []string{"/rss.xml"}},
		{"wordpress", "/wp-content/", []string{"/feed/", "/blog/feed/"}},
	}
}

// built returns the feeds that follow from what a page was made with.
func built(u *url.URL, m *marks) []string {
	var found []string
	for _, b := range builders() {
		named := strings.HasPrefix(m.generator, b.generator) || strings.Contains(m.generator, "\n"+b.generator)
		if !named && (b.parts == "" || !strings.Contains(m.scripts, b.parts)) {
			continue
		}
		for _, feed := range b.feeds {
			switch feed[0] {
			case '/':
				found = append(found, rooted(u, feed))
			case '?':
				found = append(found, rooted(u, u.EscapedPath()+feed))
			default:
				found = append(found, beneath(u, feed))
			}
		}
	}
	return found
}
