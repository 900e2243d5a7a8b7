// Package article turns one item as a publisher sent it into one that is ready
// to be stored: clean HTML with absolute addresses, plain text, a summary, a
// language, and the marks by which it is recognised when it comes again.
//
// Everything here is a function over values: no I/O, no clock, no state that
// changes. All functions are safe for concurrent use, take time linear in
// their input, and accept any input at all: what a publisher sends is never an
// error, it is cleaned.
//
// The steps have packages of their own below this one: clean for HTML,
// hyperlink for addresses, language, boilerplate and plaintext.
package article

import (
	"strings"

	"caravan"
	"caravan/fetcher/article/boilerplate"
	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/language"
)

// Options are what is known of an item's surroundings. The zero value is
// usable: relative addresses are then resolved against the item's link only.
type Options struct {
	FeedURL        string // where the document was read
	SiteURL        string // the site the feed belongs to
	FeedLanguage   string // what the document says of itself
	SourceLanguage string // what the source list says, the stronger of the two
}

// Prepare returns item ready for storing. It expects HTML in Content and
// Summary, and plain text in the other words. It sets Content, Text, Summary,
// Words, Language, Keys, MinHash and Links, and ImageURL where there was none;
// it makes addresses absolute and empties those that are not http or https; it
// strips and caps the plain-text fields. Where the feed gave no content, the
// summary takes its place. Full is taken back where the text says of itself
// that it is not the whole.
//
// Keys are those of the item alone; [PrepareAll] empties the ones that the
// rest of the document shows to be shared.
func Prepare(item caravan.Item, o Options) caravan.Item {
	p := o.prior(item)
	item = prepareWords(item, o)
	item.Language = language.Detect(item.Title, item.Text, p)
	return item
}

// prior returns what is said of the language of item.
func (o Options) prior(item caravan.Item) language.Prior {
	return language.Prior{Item: item.Language, Source: o.SourceLanguage, Feed: o.FeedLanguage}
}

// prepareWords is Prepare without the language.
func prepareWords(item caravan.Item, o Options) caravan.Item {
	at := hyperlink.New(item.Link, o.SiteURL, o.FeedURL)
	tidyFields(&item, at)

	raw, excerpt := item.Content, item.Summary
	if strings.TrimSpace(raw) == "" {
		raw, excerpt = excerpt, ""
	}
	body := clean.HTML(raw, at)
	item.Content = body.HTML
	item.Text = body.Text
	item.Links = body.Links
	if item.ImageURL == "" {
		item.ImageURL = body.Image
	}
	item.Summary = summarise(body, clean.Words(excerpt, at), item.Title)

	end := boilerplate.Find(body.Text)
	item.Full = item.Full && !end.Open
	marks := takeMarks(body, end.Own)
	item.Words = marks.words
	item.MinHash = marks.minHash
	item.Keys = itemKeys(&item, marks)
	return item
}

// PrepareAll prepares every item of doc in place, with what only the whole
// document shows: the language that most of its items are in helps with those
// whose words do not tell, and keys that do not identify are emptied: a GUID
// or link that different items share, and a link to the site's home page.
// Where o says nothing of the site or the feed's language, the document does.
func PrepareAll(doc *caravan.Document, o Options) {
	if o.SiteURL == "" {
		o.SiteURL = doc.Feed.Link
	}
	if o.FeedLanguage == "" {
		o.FeedLanguage = doc.Feed.Language
	}
	priors := make([]language.Prior, len(doc.Items))
	languages := make([]string, len(doc.Items))
	unclear := map[int]language.Reading{}
	for i := range doc.Items {
		item := &doc.Items[i]
		priors[i] = o.prior(*item)
		*item = prepareWords(*item, o)
		r := language.Read(item.Title, item.Text)
		if lang, clear := r.Clear(priors[i]); clear {
			languages[i] = lang
		} else {
			unclear[i] = r
		}
	}
	usual := language.Usual(languages)
	for i, r := range unclear {
		priors[i].Usual = usual
		languages[i] = r.Settle(priors[i])
	}
	for i := range doc.Items {
		doc.Items[i].Language = languages[i]
	}
	dropSharedKeys(doc.Items, o)
}
