// Package caravan is the vocabulary of the program: the values that the
// packages beside it hand to each other, the classes of failure, and the few
// rules that several of them must apply alike (public ids, slugs, what makes
// two addresses one source). It does no I/O, reads no clock and keeps no state;
// every function is safe for concurrent use.
//
// Rows of the database have numbers, and these never leave package store:
// communities and sources are known by their slugs, items and stories by their
// public ids.
package caravan

import "time"

// A Community is a folder of the source list: people who publish together.
type Community struct {
	Slug    string // in addresses; changes only with a redirect from the old one
	Title   string // the folder's path, "A / B" when nested
	SiteURL string // http(s), or empty
	Glyph   int    // which of the 24 marks, given when first seen and kept
	Hue     int    // which of the 10 hues, likewise
	Order   int    // its place in the list, from 0

	// Publications lists what belongs to the community and offers no feed.
	Publications []Publication

	Sources int       // listed sources
	Items   int       // shown stories
	Newest  time.Time // of the newest shown story; zero when there is none
}

// A Publication is a site without a feed: listed and linked, never polled.
type Publication struct {
	Title   string
	SiteURL string
}

// A CommunityRef names a community where the whole of it is not needed.
type CommunityRef struct {
	Slug  string
	Title string
}

// A Source is one feed that is polled.
type Source struct {
	Slug        string // never changes
	URL         string // where it is polled: the list's address, or an adopted redirect's
	ListURL     string // as the list writes it
	FirstURL    string // the first address it ever had; public ids are made from it
	Title       string // the list's, else the feed's own, else the host
	SiteURL     string
	Language    string // BCP 47, the list's or the feed's; empty when unknown
	Description string

	Communities []CommunityRef // the primary one first
	Settings    Settings

	Listed    bool      // false once its line left the list
	RemovedAt time.Time // when it left; zero while listed
	FirstSeen time.Time

	Feed  FeedInfo // what its document says of itself
	State PollState
	Push  Push // by a hub; zero when none is asked

	Items  int       // shown items
	Newest time.Time // sort time of the newest shown item; zero when there is none
}

// Settings are what the source list says of a source in caravan's own namespace.
type Settings struct {
	Interval time.Duration // a lower bound between polls; zero means none
	Only     string        // a query every shown item must match; empty means all
	Skip     string        // a query that hides what it matches; empty means none
	Show     Show          // how much of an item may be shown
	Paused   bool          // listed, not polled
	Slug     string        // the wished slug, honoured when first seen
}

// Show says how much of an item's words may be given away.
type Show string

// The show policies, from the most to the least.
const (
	ShowFull    Show = "full"    // all that the feed gives
	ShowExcerpt Show = "excerpt" // the summary
	ShowTitle   Show = "title"   // the title alone
)

// FeedInfo is what a feed document says of itself.
type FeedInfo struct {
	Format      string // "atom", "rss", "rdf" or "json", with a version: "rss 2.0"
	ID          string // atom:id
	Title       string // plain text
	Link        string // the site, absolute
	SelfURL     string // rel=self, absolute
	HubURL      string // rel=hub, absolute
	Language    string // as declared
	Description string // plain text
	Rights      string // plain text
	License     string // the address of a licence
	ImageURL    string
	Updated     time.Time // zero when absent or absurd
	OtherHubs   []string  // further rel=hub, in order
	TopicURL    string    // rel=self in the Link header, absolute: what hubs know it by, where that is given

	TTL       time.Duration  // rss ttl or sy:updatePeriod ÷ sy:updateFrequency; zero means none
	SkipHours []int          // 0 to 23, GMT
	SkipDays  []time.Weekday // GMT
}

// An Item is one post of one source.
//
// Between parsing and storing it has no ID, FeedID, FirstSeen, SortAt or Place;
// store gives these at insert, and they never change.
type Item struct {
	ID     string // public id
	FeedID string // its id in the feeds that go out
	Source string // the source's slug
	Keys   Keys   // by what it is recognised when it comes again

	GUID      string // as the publisher wrote it
	Link      string // the original, absolute http(s); empty when there is none
	Title     string // plain text; empty when there is none
	Authors   []string
	Tags      []string
	Language  string // BCP 47; empty when unknown
	Summary   string // plain text, about 300 characters, whole words
	Content   string // clean HTML, every address absolute
	Text      string // the same as plain text, NFC
	Words     int    // of Text
	Full      bool   // Content is the whole article, not the publisher's excerpt
	ImageURL  string
	Rights    string
	License   string // the address of a licence
	InReplyTo string // thr:in-reply-to ref, else href
	Comments  string // address of the comments page
	Origin    Origin // where the publisher says it was taken from
	Media     Media

	Enclosures []Enclosure

	Published time.Time // the publisher's own date; zero when absent or absurd
	Updated   time.Time // the publisher's own date of the last change; zero likewise

	FirstSeen time.Time // when the poll that brought it began
	SortAt    time.Time // min(Published, FirstSeen); orders pages
	Changed   time.Time // the newest change of its content as we saw it
	Undated   bool      // its SortAt is a guess: source pages and search only
	Place     int64     // orders feeds; microseconds, unique, ever growing

	Visibility Visibility
	Revisions  int // how often its content changed since it was first seen

	Raw     []byte   // the publisher's own words of this item, uncleaned
	MinHash []uint64 // 64 values over the text's 3-word shingles; nil under 48 words
	Links   []string // absolute addresses found in the content
}

// Keys are the marks of an item's identity within its source, strongest first.
// An empty one does not identify: a GUID or link that several items of one
// document share, or the site's home page, is left empty.
type Keys struct {
	GUID        string
	Link        string // canonical: no scheme, "www.", fragment, trackers or trailing slash
	Fingerprint string // hex, of title and text without white space, case or punctuation
	Content     string // hex, of the text alone; decides whether an edit is one
}

// Origin is the feed an item was first published in (atom:source, rss source).
type Origin struct {
	Title string
	URL   string
}

// Media are an item's podcast and video fields.
type Media struct {
	Duration time.Duration
	Episode  string
	Season   string
	Explicit string
	ImageURL string
}

// An Enclosure is a media file that belongs to an item.
type Enclosure struct {
	URL    string `json:"url"`
	Type   string `json:"type,omitempty"`
	Length int64  `json:"length,omitempty"` // bytes; zero when unknown
}

// Visibility says whether an item is shown, and if not, why.
type Visibility string

// The visibilities. Only takedown answers 410; the others answer 404.
const (
	Shown    Visibility = "shown"
	Unlisted Visibility = "unlisted" // its source left the list
	Skipped  Visibility = "skipped"  // the source's skip rule matches
	NotOnly  Visibility = "not-only" // the source's only rule does not match
	Takedown Visibility = "takedown" // hidden by hand
)

// A Story is one article, in however many sources it appeared.
type Story struct {
	ID          string // public id of its first member, shown or not
	FeedID      string // in the feeds that go out: its first member's, shown or not
	Place       int64  // in the scope it was asked for
	SortAt      time.Time
	Head        Item   // the first shown member; gives the words
	Source      Source // of Head: Slug, URL, Title, SiteURL, Language, Settings.Show, Feed
	AlsoAt      []Appearance
	Communities []CommunityRef // of all shown members, the head's primary first
	Updated     time.Time      // newest change of content among shown members
	LinkedBy    int            // how many communities beside its own have a shown item that links to it
}

// A Revision is what an item said before its publisher changed it.
type Revision struct {
	Number int       // from 1, what it said at first; what it says now is the item's Revisions+1
	At     time.Time // from when it said this: when it was first seen, or changed to it
	Title  string    // plain text
	Text   string    // plain text
	HTML   string    // clean, as an item's Content is
}

// An Appearance is a further place where a story was published.
type Appearance struct {
	ItemID    string
	Source    string // slug
	Title     string // of the source
	URL       string // of the item there
	Language  string
	Community CommunityRef // primary
}
