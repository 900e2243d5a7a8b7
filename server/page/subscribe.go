package page

import (
	"net/url"

	"caravan"
)

// SubscribeInput is what the page shown in the place of a feed is made from.
type SubscribeInput struct {
	Title   string // of the feed
	Address string // of the feed that was opened, from the site's root on
	Under   string // where its addresses begin: "", "/c/nesta", "/search"
	Query   url.Values
	Home    string // the page that shows the same list
	Newest  []caravan.Story
}

// A Subscribe is the page for a person who has opened a feed in a browser: what
// a feed is, its addresses to copy, and what is newest in it.
type Subscribe struct {
	Frame
	Heading  string
	Name     string
	Feeds    []Feed // in the three formats, the one that was opened first
	Home     string
	Raw      string
	Articles []Link
}

// Subscribe makes the page shown in the place of a feed.
func (c Context) Subscribe(in SubscribeInput) Subscribe {
	b := c.builder()
	v := Subscribe{
		Heading: c.Lang.T("subscribe.heading"), Name: in.Title,
		Home: b.href(in.Home, nil), Raw: b.address(c.Path, with(c.Query, "raw", "1")),
	}
	for _, f := range c.feeds(in.Under, in.Query, in.Title) {
		if f.Href == in.Address {
			v.Feeds = append([]Feed{f}, v.Feeds...)
			continue
		}
		v.Feeds = append(v.Feeds, f)
	}
	for _, st := range in.Newest {
		article := Link{Text: b.title(st.Head), Href: safeURL(st.Head.Link)}
		if article.Href == "" {
			article.Href = b.href("/item/"+st.Head.ID, nil)
		}
		article.Lang, article.Dir = attributes(st.Head.Language, b.Lang)
		v.Articles = append(v.Articles, article)
	}
	v.Frame = b.frame(in.Title, "")
	v.Frame.Feeds = v.Feeds
	v.NoIndex = true
	return v
}
