// Package feed writes combined feeds: one model, a [Document] of [Entry]
// values, and a writer for each of Atom 1.0, RSS 2.0 and JSON Feed 1.1; besides
// OPML 2.0 for the source list and the OpenSearch description.
//
// All of it is pure: the same values give the same bytes, and nothing here reads
// a clock. Text comes in as plain text or clean HTML and goes out well formed
// whatever characters it holds; addresses go out as valid URIs.
package feed

import (
	"fmt"
	"time"
)

// A Format is one of the formats that feeds go out in; it is also the ending of
// their addresses.
type Format string

// The formats.
const (
	Atom Format = "atom"
	RSS  Format = "rss"
	JSON Format = "json"
)

// Formats are all formats.
func Formats() []Format { return []Format{Atom, RSS, JSON} }

// MediaType returns the media type of f, without parameters.
func (f Format) MediaType() string {
	switch f {
	case Atom:
		return "application/atom+xml"
	case RSS:
		return "application/rss+xml"
	default:
		return "application/feed+json"
	}
}

// Name returns what people call f.
func (f Format) Name() string {
	switch f {
	case Atom:
		return "Atom"
	case RSS:
		return "RSS"
	default:
		return "JSON Feed"
	}
}

// A Document is one feed document without its entries. Addresses are absolute
// and in the format that it is written in.
type Document struct {
	ID       string // of the logical feed: the same in all its documents
	Title    string
	Subtitle string
	Language string // of all entries; empty when they differ
	Home     string // the page that shows the same list
	Self     string
	Formats  map[Format]string // the same list in each format
	Hub      string            // WebSub; empty means none
	Updated  time.Time         // newest change of content
	Version  string            // of the program
	Website  string            // of the program

	Links   Links
	Archive bool        // will not change any more but for corrections (RFC 5005, 4)
	Search  *Search     // for the feed of a search
	Owner   Owner       // of the planet
	Podcast bool        // one of the entries is marked as one
	Deleted []Tombstone // stories that went (RFC 6721); Atom and JSON only
}

// Links lead to the other documents of the same logical feed (RFC 5005); empty
// ones are left out.
type Links struct {
	First, Previous, Next             string
	Current, PrevArchive, NextArchive string
}

// Search is what a feed says of the search that it comes from.
type Search struct {
	Terms       string
	Total       int
	Start       int    // from 1
	PerPage     int    // entries a page
	Description string // address of the OpenSearch description
}

// An Owner runs the planet.
type Owner struct {
	Name  string
	Email string
}

// A Tombstone says that an entry is no more.
type Tombstone struct {
	ID   string
	When time.Time
}

// An Entry is one story.
type Entry struct {
	ID        string
	Link      string // the original, else its page here
	Title     string // plain text
	Authors   []string
	Tags      []string
	Language  string
	Published time.Time // zero when unknown
	Updated   time.Time // newest change of its content
	Summary   string    // plain text
	Content   string    // clean HTML; empty when it may not be given or there is none
	Rights    string
	License   string
	InReplyTo string
	Comments  string
	Image     string
	Media     Media
	Podcast   bool // write the fields of podcast programs; the document says so too
	Source    Source
	Origin    Reference // the feed that the source took it from, where it says so
	AlsoAt    []Reference

	Enclosures []Enclosure
}

// A Source is the feed that an entry comes from.
type Source struct {
	ID      string // of the feed, where it has a valid one
	Title   string
	Feed    string // address
	Site    string
	Rights  string
	License string // address
}

// A Reference is a further place of an entry.
type Reference struct {
	Title string // of the source
	URL   string
}

// An Enclosure is a media file of an entry.
type Enclosure struct {
	URL    string
	Type   string
	Length int64 // zero when unknown
}

// Media are the podcast fields of an entry.
type Media struct {
	Duration time.Duration
	Episode  string
	Season   string
	Explicit bool
}

// Encode writes each of entries in f. The pieces are put together by
// [Assemble]; their lengths add up to nearly all of the document's.
func Encode(f Format, entries []Entry) ([][]byte, error) {
	pieces := make([][]byte, len(entries))
	for i, e := range entries {
		piece, err := encodeEntry(f, e)
		if err != nil {
			return nil, fmt.Errorf("write entry %s as %s: %w", e.ID, f.Name(), err)
		}
		pieces[i] = piece
	}
	return pieces, nil
}

// encodeEntry writes one entry.
func encodeEntry(f Format, e Entry) ([]byte, error) {
	switch f {
	case Atom:
		return atomEntry(e)
	case RSS:
		return rssItem(e)
	case JSON:
		return jsonItem(e)
	}
	return nil, fmt.Errorf("unknown format %q", f)
}

// Assemble writes d around entries that [Encode] wrote in the same format.
func Assemble(f Format, d Document, pieces [][]byte) ([]byte, error) {
	switch f {
	case Atom:
		return atomDocument(d, pieces)
	case RSS:
		return rssDocument(d, pieces)
	case JSON:
		return jsonDocument(d, pieces)
	}
	return nil, fmt.Errorf("unknown format %q", f)
}

// Write writes d and entries in f.
func Write(f Format, d Document, entries []Entry) ([]byte, error) {
	pieces, err := Encode(f, entries)
	if err != nil {
		return nil, err
	}
	return Assemble(f, d, pieces)
}
