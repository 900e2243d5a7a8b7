// Package article turns one item as a publisher sent it into one that is ready
// to be stored: clean HTML with absolute addresses, plain text, a summary, a
// language, and the marks by which it is recognised when it comes again.
//
// Everything here is a function over values: no I/O, no clock, no state that
// changes. All functions are safe for concurrent use, take time linear in
// their input, and accept any input at all: what a publisher sends is never an
// error, it is cleaned.
//
// Two things must hold whatever comes in. Clean HTML holds nothing that runs,
// and cleaning it again changes nothing: [Clean] of what Clean returned is the
// same text, so stored content can be cleaned again under the same [Version].
package article

import (
	"strings"

	"caravan"
)

// Version is the version of the cleaning policy. It grows whenever the same
// raw content would come out differently, so that stored content can be told
// apart from what cleaning its raw form again would give.
const Version = 1

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
	item.Language = detectLanguage(item.Title, item.Text, p)
	return item
}

// prior returns what is said of the language of item.
func (o Options) prior(item caravan.Item) prior {
	return prior{item: item.Language, source: o.SourceLanguage, feed: o.FeedLanguage}
}

// prepareWords is Prepare without the language.
func prepareWords(item caravan.Item, o Options) caravan.Item {
	at := newResolver(item.Link, o)
	tidyFields(&item, at)

	raw, excerpt := item.Content, item.Summary
	if strings.TrimSpace(raw) == "" {
		raw, excerpt = excerpt, ""
	}
	body := cleanHTML(raw, at)
	item.Content = body.html
	item.Text = body.text
	item.Links = body.links
	if item.ImageURL == "" {
		item.ImageURL = body.image
	}
	item.Summary = summarise(body, rewrite(excerpt, at), item.Title)

	end := endingOf(body.text)
	item.Full = item.Full && !end.open
	marks := takeMarks(body, end.own)
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
	priors := make([]prior, len(doc.Items))
	languages := make([]string, len(doc.Items))
	unclear := map[int]reading{}
	for i := range doc.Items {
		item := &doc.Items[i]
		priors[i] = o.prior(*item)
		*item = prepareWords(*item, o)
		r := readLanguage(item.Title, item.Text)
		if lang, clear := r.clear(priors[i]); clear {
			languages[i] = lang
		} else {
			unclear[i] = r
		}
	}
	usual := usualLanguage(languages)
	for i, r := range unclear {
		priors[i].usual = usual
		languages[i] = r.settle(priors[i])
	}
	for i := range doc.Items {
		doc.Items[i].Language = languages[i]
	}
	dropSharedKeys(doc.Items, o)
}

// Clean returns src, HTML from anywhere, as HTML that is safe to show: no
// script, style, form or frame, every tag closed, every address absolute with
// http, https or (in links) mailto, resolved against base. Cleaning its result
// again, with whatever base, returns it unchanged.
func Clean(src, base string) string {
	return cleanHTML(src, newResolver(base, Options{})).html
}

// Plain returns the plain text of src, HTML from anywhere, as [Prepare] would
// store it.
func Plain(src string) string {
	return cleanHTML(src, newResolver("", Options{})).text
}

// Minutes returns how long a text of that many words takes to read, at 220
// words a minute, in whole minutes and at least one; 0 for no words.
func Minutes(words int) int {
	const perMinute = 220
	if words <= 0 {
		return 0
	}
	return max(1, (words+perMinute/2)/perMinute)
}
