package canonical

import "strings"

// canonicalPrefix returns the prefix under which gofeed knows the vocabulary
// with the given namespace address: "" for RSS itself, "atom", "rdf", "xhtml"
// and so on. Publishers get case, scheme and the last character wrong, so these
// do not count. ok is false for a vocabulary that is of no use here.
func canonicalPrefix(uri string) (prefix string, ok bool) {
	key := strings.ToLower(strings.TrimSpace(uri))
	key = strings.TrimRight(key, "/#")
	key = strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://")
	switch key {
	case "", "purl.org/rss/1.0", "channel.netscape.com/rdf/simple/0.9", "my.netscape.com/rdf/simple/0.9", "my.netscape.com/publish/formats/rss-0.91.dtd",
		"backend.userland.com/rss", "backend.userland.com/rss2", "backend.userland.com/rss091", "backend.userland.com/rss191", "backend.userland.com/rss192",
		"blogs.law.harvard.edu/tech/rss", "cyber.law.harvard.edu/rss/rss.html", "purl.org/net/rss1.1", "purl.org/rss/2.0":
		return "", true
	case "www.w3.org/2005/atom", "purl.org/atom/ns", "purl.org/atom", "www.w3.org/atom", "www.intertwingly.net/wiki/pie/rss2":
		return "atom", true
	case "www.w3.org/1999/02/22-rdf-syntax-ns":
		return "rdf", true
	case "www.w3.org/1999/xhtml", "www.w3.org/tr/xhtml1/strict", "www.w3.org/tr/xhtml2":
		return "xhtml", true
	case "purl.org/dc/elements/1.1", "purl.org/dc/elements/1.0":
		return "dc", true
	case "purl.org/dc/terms":
		return "dcterms", true
	case "purl.org/rss/1.0/modules/content":
		return "content", true
	case "purl.org/rss/1.0/modules/syndication":
		return "sy", true
	case "search.yahoo.com/mrss", "search.yahoo.com/rss", "video.search.yahoo.com/mrss", "tools.search.yahoo.com/mrss":
		return "media", true
	case "www.itunes.com/dtds/podcast-1.0.dtd", "example.com/dtds/podcast-1.0.dtd", "www.apple.com/itunes/store/podcast-1.0.dtd":
		return "itunes", true
	case "podcastindex.org/namespace/1.0", "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md":
		return "podcast", true
	case "purl.org/syndication/thread/1.0", "purl.org/rss/1.0/modules/threading":
		return "thr", true
	case "web.resource.org/cc", "creativecommons.org/ns", "creativecommons.org/ns#license":
		return "cc", true
	case "backend.userland.com/creativecommonsrssmodule", "cyber.law.harvard.edu/rss/creativecommonsrssmodule.html":
		return "creativecommons", true
	case "prismstandard.org/namespaces/1.2/basic", "prismstandard.org/namespaces/basic/2.0", "prismstandard.org/namespaces/2.0/basic":
		return "prism", true
	case "www.w3.org/xml/1998/namespace":
		return "xml", true
	}
	return "", false
}

// usualPrefix returns the canonical prefix for a prefix that is not declared,
// or declared with an address nobody knows: people copy elements and forget the
// declaration.
func usualPrefix(prefix string) (canonical string, ok bool) {
	switch p := strings.ToLower(prefix); p {
	case "atom", "rdf", "dc", "dcterms", "content", "sy", "media", "itunes", "podcast", "thr", "cc", "prism", "xml":
		return p, true
	case "a10", "atom10", "atom03":
		return "atom", true
	case "xhtml", "xh":
		return "xhtml", true
	case "creativecommons":
		return "creativecommons", true
	case "rss", "rss1", "rss10", "rss2":
		return "", true
	}
	return "", false
}

// A treatment says what becomes of an element on its way to gofeed.
type treatment uint8

const (
	drop    treatment = iota // left out with all that is in it
	plain                    // text; markup inside is left out
	address                  // plain, and an address
	date                     // plain, and a date; written in one form
	words                    // text that may hold HTML
	group                    // an element with elements inside
	bare                     // only its attributes matter
	post                     // an item or an entry
	through                  // a wrapper: its children count as its parent's
)

// treatRSS is the treatment of the children of a channel or an item of the RSS
// family. name has its canonical prefix and is in lower case.
func treatRSS(name string) treatment {
	switch name {
	case "item", "entry":
		return post
	case "channel", "items", "rdf:rdf":
		return through
	case "title", "description", "encoded", "copyright", "fullitem", "abstract", "summary", "content":
		return words
	case "link", "comments", "url":
		return address
	case "guid", "id", "language", "author", "category", "source", "ttl", "managingeditor", "webmaster":
		return plain
	case "pubdate", "lastbuilddate", "date", "published", "updated":
		return date
	case "enclosure":
		return bare
	case "image", "skiphours", "skipdays":
		return group
	}
	return treatExtension(name)
}

// treatAtom is the same for a feed or an entry of Atom, whose own names have
// no prefix here.
func treatAtom(name string) treatment {
	switch name {
	case "entry", "item":
		return post
	case "feed":
		return through
	case "title", "summary", "content", "subtitle", "tagline", "info", "rights", "copyright":
		return words
	case "icon", "logo":
		return address
	case "id":
		return plain
	case "updated", "modified", "published", "issued", "created":
		return date
	case "author", "contributor", "source":
		return group
	case "link", "category":
		return bare
	}
	return treatExtension(name)
}

// treatExtension is the treatment of the vocabularies beside RSS and Atom.
// What is not named here is of no use and never reaches gofeed.
func treatExtension(name string) treatment {
	switch name {
	case "content:encoded", "xhtml:body", "xhtml:div", "dc:title", "dc:description", "dc:rights", "dcterms:rights", "dcterms:abstract",
		"itunes:title", "itunes:summary", "itunes:subtitle", "media:title", "media:description", "media:text",
		"atom:title", "atom:summary", "atom:content", "atom:rights", "atom:subtitle":
		return words
	case "dc:creator", "dc:author", "dc:contributor", "dc:publisher", "dc:subject", "dc:language", "dc:source", "dc:identifier",
		"dc:relation", "itunes:author", "itunes:duration", "itunes:explicit", "itunes:episode", "itunes:season",
		"itunes:keywords", "media:credit", "media:keywords", "media:category", "atom:id", "sy:updateperiod", "sy:updatefrequency",
		"podcast:season", "podcast:episode", "podcast:license", "podcast:person", "thr:in-reply-to", "media:license", "media:copyright":
		return plain
	case "dc:date", "dcterms:created", "dcterms:issued", "dcterms:modified", "dcterms:available", "dc:created", "dc:modified", "prism:publicationdate", "atom:updated", "atom:published":
		return date
	case "cc:license", "creativecommons:license":
		return address
	case "atom:link", "atom:category", "itunes:image", "itunes:category", "media:thumbnail", "media:player", "xml:base":
		return bare
	case "media:group", "media:content", "atom:author", "atom:source", "itunes:owner":
		return group
	}
	return drop
}

// treatGroup is the treatment of what stands inside a group: a person, an
// image, a media group or the feed that an entry was taken from.
func treatGroup(rss bool, name string) treatment {
	switch name {
	case "name", "email", "hour", "day", "id", "itunes:name", "itunes:email", "atom:name", "atom:email":
		return plain
	case "uri", "url", "homepage", "atom:uri", "icon", "logo":
		return address
	case "title", "subtitle", "rights":
		return words
	case "updated":
		return date
	case "author", "contributor":
		return group
	case "link":
		if rss {
			return address
		}
		return bare
	}
	return treatExtension(name)
}
