package document

import (
	"bytes"
	"fmt"

	"github.com/mmcdole/gofeed"

	"caravan"
)

func parse(body []byte, o Options) (caravan.Document, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return caravan.Document{}, fmt.Errorf("an empty body: %w", ErrNotFeed)
	}
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := p.Parse(bytes.NewReader(body))
	if err != nil {
		return caravan.Document{}, fmt.Errorf("%w: %w", err, ErrBroken)
	}
	var doc caravan.Document
	doc.Feed = caravan.FeedInfo{
		Format: feed.FeedType + " " + feed.FeedVersion, Title: feed.Title, Link: feed.Link,
		SelfURL: feed.FeedLink, Language: feed.Language, Description: feed.Description, Rights: feed.Copyright,
	}
	for _, it := range feed.Items {
		doc.Items = append(doc.Items, quickItem(it))
	}
	return doc, nil
}

func quickItem(it *gofeed.Item) caravan.Item {
	item := caravan.Item{GUID: it.GUID, Link: it.Link, Title: it.Title, Tags: it.Categories, Content: it.Content, Summary: it.Description}
	for _, a := range it.Authors {
		item.Authors = append(item.Authors, a.Name)
	}
	if item.Content != "" {
		item.Full = true
	} else {
		item.Content, item.Summary = item.Summary, ""
	}
	if it.PublishedParsed != nil {
		item.Published = it.PublishedParsed.UTC()
	}
	if it.UpdatedParsed != nil {
		item.Updated = it.UpdatedParsed.UTC()
	}
	for _, e := range it.Enclosures {
		item.Enclosures = append(item.Enclosures, caravan.Enclosure{URL: e.URL, Type: e.Type})
	}
	item.Raw = []byte(item.Content)
	return item
}
