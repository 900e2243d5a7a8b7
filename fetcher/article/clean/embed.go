package clean

import (
	"net/url"
	"strings"

	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/plaintext"
)

// An embed is a frame, film or recording inside an article. It becomes a link
// to the page where it can be seen.
type embed struct {
	url    string
	title  string
	poster string
}

// embeds reports whether tag name may say where an embed is.
func embeds(name string) bool {
	switch name {
	case "iframe", "embed", "object", "param", "source", "video", "audio":
		return true
	}
	return false
}

// add takes what the attributes a of tag name say of e. The first address
// wins.
func (e *embed) add(name string, a *attributes, at *hyperlink.Resolver) {
	var address string
	switch name {
	case "param":
		if n := strings.ToLower(a.name); n == "movie" || n == "src" || n == "url" {
			address = a.value
		}
	case "object":
		address = a.data
	default:
		if address = a.src; address == "" || strings.HasPrefix(address, "about:") {
			address = a.lazySrc
		}
	}
	if address = at.Web(address); address != "" && e.url == "" && !hyperlink.IsTracker(address) {
		e.url = watchPage(address)
	}
	if e.title == "" {
		e.title = a.title
	}
	if e.poster == "" {
		e.poster = at.Image(a.poster)
	}
}

// beginEmbed handles the start tag of an embed: its content is dropped and its
// link written where it ends.
func (c *cleaner) beginEmbed(name string, closed bool) {
	var e embed
	if c.attrs.isPixel() && name == "iframe" {
		e.url = ""
	} else {
		e.add(name, &c.attrs, c.at)
	}
	if closed || name == "embed" || !c.endsLater(name) {
		c.writeEmbed(e)
		return
	}
	c.skip = skipping{name: name, depth: 1, shown: true, embed: e}
}

// writeEmbed writes the link that stands for e.
func (c *cleaner) writeEmbed(e embed) {
	if e.url == "" {
		return
	}
	if c.embedded == e.url {
		return // the same player twice, for old and new browsers
	}
	c.embedded = e.url
	label := plaintext.Line(plaintext.Cut(e.title, maxWord), 200)
	if label == "" {
		u, err := url.Parse(e.url)
		if err != nil {
			return
		}
		label = strings.TrimPrefix(u.Hostname(), "www.")
	}
	own := len(c.stack) == 0 || c.stack[len(c.stack)-1].kind == block
	if own {
		c.attrs = attributes{}
		c.open(element{"p", paragraph})
	}
	c.attrs = attributes{href: e.url}
	depth := len(c.stack)
	c.open(element{"a", inline})
	if len(c.stack) <= depth {
		return
	}
	if e.poster != "" {
		c.attrs = attributes{src: e.poster}
		c.writeImage()
	}
	c.writeText([]byte("▶ " + label))
	c.popTo(depth)
	if own {
		c.closeTo(func(f frame) bool { return f.kind == paragraph }, inlineOnly, inclusive)
	}
}

// watchPage returns the page that shows what a player's address plays, for the
// players whose addresses say it; other addresses are returned as they are.
func watchPage(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	for _, p := range players {
		rest, ok := strings.CutPrefix(u.Path, p.path)
		if !ok || host != p.host {
			continue
		}
		if list := u.Query().Get("list"); rest == "videoseries" && list != "" {
			return "https://www.youtube.com/playlist?list=" + url.QueryEscape(list)
		}
		if id, _, _ := strings.Cut(strings.TrimSuffix(rest, "/"), "&"); id != "" {
			return p.page + (&url.URL{Path: id}).EscapedPath()
		}
	}
	return address
}

// players are the addresses of players, before what they play, and the pages
// that show the same.
var players = []struct{ host, path, page string }{
	{"youtube.com", "/embed/", "https://www.youtube.com/watch?v="},
	{"youtube-nocookie.com", "/embed/", "https://www.youtube.com/watch?v="},
	{"youtube.com", "/v/", "https://www.youtube.com/watch?v="},
	{"youtube-nocookie.com", "/v/", "https://www.youtube.com/watch?v="},
	{"player.vimeo.com", "/video/", "https://vimeo.com/"},
	{"dailymotion.com", "/embed/video/", "https://www.dailymotion.com/video/"},
	{"open.spotify.com", "/embed/", "https://open.spotify.com/"},
	{"embed.ted.com", "/talks/", "https://www.ted.com/talks/"},
	{"archive.org", "/embed/", "https://archive.org/details/"},
}
