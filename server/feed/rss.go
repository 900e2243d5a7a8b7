package feed

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The name spaces of RSS's extensions.
const (
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsITunes  = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	nsLicense = "http://backend.userland.com/creativeCommonsRssModule"
)

// An rssHead is everything of a document but its items.
type rssHead struct {
	XMLName    xml.Name   `xml:"rss"`
	Version    string     `xml:"version,attr"`
	Atom       string     `xml:"xmlns:atom,attr"`
	Content    string     `xml:"xmlns:content,attr"`
	DC         string     `xml:"xmlns:dc,attr"`
	Thread     string     `xml:"xmlns:thr,attr"`
	Media      string     `xml:"xmlns:media,attr"`
	License    string     `xml:"xmlns:creativeCommons,attr"`
	ITunes     string     `xml:"xmlns:itunes,attr,omitempty"`
	History    string     `xml:"xmlns:fh,attr,omitempty"`
	OpenSearch string     `xml:"xmlns:opensearch,attr,omitempty"`
	Channel    rssChannel `xml:"channel"`
}

// An rssChannel describes the feed.
type rssChannel struct {
	Title       *raw    `xml:"title"`
	Link        string  `xml:"link"`
	Description *raw    `xml:"description"`
	Language    string  `xml:"language,omitempty"`
	Built       string  `xml:"lastBuildDate"`
	Docs        string  `xml:"docs"`
	Generator   string  `xml:"generator"`
	TTL         int     `xml:"ttl"`
	Links       []link  `xml:"atom:link"`
	Archive     *raw    `xml:"fh:archive"`
	Category    *itunes `xml:"itunes:category"`
	Explicit    string  `xml:"itunes:explicit,omitempty"`
	Owner       *owner  `xml:"itunes:owner"`
}

// An itunes element is a category of podcasts.
type itunes struct {
	Text string `xml:"text,attr"`
}

// An owner is whom podcast directories write to.
type owner struct {
	Name  *raw   `xml:"itunes:name"`
	Email string `xml:"itunes:email"`
}

// rssDocument writes a feed around items.
func rssDocument(d Document, items [][]byte) ([]byte, error) {
	head := rssHead{
		Version: "2.0", Atom: nsAtom, Content: nsContent, DC: nsDC, Thread: nsThread, Media: nsMedia, License: nsLicense,
		Channel: rssChannel{
			Title: name(d.Title), Link: uri(d.Home), Description: name(d.Subtitle), Language: tag(d.Language),
			Built: mailStamp(d.Updated), Docs: "https://www.rssboard.org/rss-specification",
			Generator: strings.TrimSpace("caravan " + d.Version), TTL: 60, Links: documentLinks(RSS, d),
		},
	}
	if head.Channel.Description == nil {
		head.Channel.Description = head.Channel.Title
	}
	if d.Archive {
		head.History, head.Channel.Archive = nsHistory, &raw{}
	}
	if d.Search != nil {
		head.OpenSearch = nsOpenSearch
	}
	if d.Podcast {
		head.ITunes = nsITunes
		head.Channel.Category = &itunes{"Government"}
		head.Channel.Explicit = "false"
		head.Channel.Owner = &owner{Name: name(d.Owner.Name), Email: clean(d.Owner.Email)}
	}
	out, err := marshal(head)
	if err != nil {
		return nil, err
	}
	closing := "</channel>\n</rss>"
	before, _, ok := strings.Cut(string(out), "</channel>")
	if !ok {
		return nil, fmt.Errorf("channel of %s has no end", d.Self)
	}
	return enclose([]byte(before), searchElements(d.Search), items, closing), nil
}

// An rssItemXML is an item.
type rssItemXML struct {
	XMLName   xml.Name   `xml:"item"`
	Title     *raw       `xml:"title"`
	Link      string     `xml:"link"`
	GUID      guid       `xml:"guid"`
	Published string     `xml:"pubDate,omitempty"`
	Date      string     `xml:"dc:date,omitempty"`
	Creators  []*raw     `xml:"dc:creator"`
	Language  string     `xml:"dc:language,omitempty"`
	Category  []*raw     `xml:"category"`
	Source    rssSource  `xml:"source"`
	Comments  string     `xml:"comments,omitempty"`
	Rights    *raw       `xml:"dc:rights"`
	License   string     `xml:"creativeCommons:license,omitempty"`
	ReplyTo   *replyTo   `xml:"thr:in-reply-to"`
	Updated   string     `xml:"atom:updated,omitempty"`
	Enclosure *enclosure `xml:"enclosure"`
	Media     []media    `xml:"media:content"`
	Thumbnail *thumbnail `xml:"media:thumbnail"`
	Duration  string     `xml:"itunes:duration,omitempty"`
	Episode   string     `xml:"itunes:episode,omitempty"`
	Season    string     `xml:"itunes:season,omitempty"`
	Explicit  string     `xml:"itunes:explicit,omitempty"`
	Summary   *raw       `xml:"description"`
	Content   *raw       `xml:"content:encoded"`
}

// A guid is the id of an item.
type guid struct {
	Permalink string `xml:"isPermaLink,attr,omitempty"`
	ID        string `xml:",chardata"`
}

// An rssSource names the feed that an item comes from.
type rssSource struct {
	URL  string `xml:"url,attr"`
	Name string `xml:",innerxml"`
}

// An enclosure is the media file of an item; RSS allows one.
type enclosure struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

// rssItem writes one item.
func rssItem(e Entry) ([]byte, error) {
	item := rssItemXML{
		Title: name(e.Title), Link: uri(e.Link), GUID: guid{ID: clean(e.ID)}, Language: tag(e.Language),
		Source:   rssSource{URL: uri(e.Source.Feed), Name: nameEscapes.Replace(sourceName(e))},
		Comments: webURI(e.Comments), ReplyTo: inReplyTo(e.InReplyTo),
		Media: mediaOf(e), Thumbnail: picture(e.Image),
	}
	// RSS has no room for what the source says of itself; what it says of all its
	// items stands with each.
	if item.Rights = name(e.Rights); item.Rights == nil {
		item.Rights = name(e.Source.Rights)
	}
	item.License = cmp.Or(webURI(e.License), webURI(e.Source.License))
	if e.ID != e.Link {
		item.GUID.Permalink = "false"
	}
	if item.Title == nil {
		item.Title = name(site(e.Link))
	}
	switch {
	case e.Published.IsZero(): // without any date, readers take that of their visit
		item.Date = stamp(e.Updated)
	case e.Updated.After(e.Published):
		item.Updated = stampApart(e.Updated, e.ID)
		fallthrough
	default:
		item.Published = mailStamp(e.Published)
	}
	for _, p := range people(e.Authors) {
		item.Creators = append(item.Creators, p.Name)
	}
	if len(item.Creators) == 0 {
		item.Creators = []*raw{name(sourceName(e))}
	}
	for _, t := range e.Tags {
		if n := name(t); n != nil {
			item.Category = append(item.Category, n)
		}
	}
	if full := fullText(e); full != "" {
		item.Summary = &raw{bodyEscapes.Replace(teaser(e))}
		item.Content = &raw{bodyEscapes.Replace(clean(full))}
	} else {
		item.Summary = &raw{bodyEscapes.Replace(shortText(e))}
	}
	if len(e.Enclosures) > 0 {
		if u := webURI(e.Enclosures[0].URL); u != "" {
			item.Enclosure = &enclosure{URL: u, Length: max(0, e.Enclosures[0].Length), Type: mediaType(e.Enclosures[0])}
			podcast(&item, e)
		}
	}
	return marshal(item)
}

// podcast adds the fields that podcast programs read.
func podcast(item *rssItemXML, e Entry) {
	if !e.Podcast {
		return
	}
	if e.Media.Duration > 0 {
		item.Duration = clock(e.Media.Duration)
	}
	item.Episode = positive(e.Media.Episode)
	item.Season = positive(e.Media.Season)
	if e.Media.Explicit {
		item.Explicit = "true"
	}
}

// clock formats a duration as 1:02:03.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// positive returns s when it is a whole number above zero, else nothing.
func positive(s string) string {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}
