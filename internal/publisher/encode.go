package publisher

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"
)

// encode writes posts as a document: 0 for RSS 2.0, 1 for Atom, 2 for JSON Feed.
func encode(f Feed, format int, posts []Post, links []string) []byte {
	switch format {
	case 0:
		return rssDocument(f, posts, links)
	case 1:
		return atomDocument(f, posts, links)
	}
	return jsonDocument(f, posts, links)
}

func escaped(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a buffer takes everything
	return b.String()
}

func rssDocument(f Feed, posts []Post, links []string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>%s</title><link>%s</link><description>%s</description><language>%s</language>
`, escaped(f.Title), f.SiteURL, escaped(f.Title), f.Language)
	for j, p := range posts {
		fmt.Fprintf(&b, "<item><title>%s</title><link>%s</link><guid>%s</guid><dc:creator>%s</dc:creator><pubDate>%s</pubDate>",
			escaped(p.Title), links[j], links[j], escaped(p.Author), p.Date.Format(time.RFC1123Z))
		for _, tag := range p.Tags {
			fmt.Fprintf(&b, "<category>%s</category>", escaped(tag))
		}
		fmt.Fprintf(&b, "<content:encoded>%s</content:encoded></item>\n", escaped(p.HTML))
	}
	b.WriteString("</channel></rss>\n")
	return b.Bytes()
}

func atomDocument(f Feed, posts []Post, links []string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="%s"><id>%sfeed</id><title>%s</title><link href="%s"/><updated>%s</updated>
`, f.Language, f.SiteURL, escaped(f.Title), f.SiteURL, f.Modified.Format(time.RFC3339))
	for j, p := range posts {
		fmt.Fprintf(&b, `<entry><id>tag:caravan.example,2020:%s%d</id><title>%s</title><link href="%s"/><author><name>%s</name></author><published>%s</published><updated>%s</updated>`,
			f.Path, j, escaped(p.Title), links[j], escaped(p.Author), p.Date.Format(time.RFC3339), p.Date.Format(time.RFC3339))
		for _, tag := range p.Tags {
			fmt.Fprintf(&b, `<category term="%s"/>`, escaped(tag))
		}
		fmt.Fprintf(&b, `<content type="html">%s</content></entry>`+"\n", escaped(p.HTML))
	}
	b.WriteString("</feed>\n")
	return b.Bytes()
}

func jsonDocument(f Feed, posts []Post, links []string) []byte {
	items := make([]map[string]any, len(posts))
	for j, p := range posts {
		items[j] = map[string]any{
			"id": links[j], "url": links[j], "title": p.Title, "content_html": p.HTML,
			"date_published": p.Date.Format(time.RFC3339), "authors": []map[string]string{{"name": p.Author}}, "tags": p.Tags,
		}
	}
	body, err := json.Marshal(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": f.Title, "home_page_url": f.SiteURL, "language": f.Language, "items": items,
	})
	if err != nil {
		panic(fmt.Sprintf("encode a document of strings: %v", err)) // cannot happen: it holds strings and times only
	}
	return body
}
