package server

import (
	"path"
	"strings"
	"time"

	"caravan"
	"caravan/server/feed"
)

// strictest returns the one of two show policies that gives less.
func strictest(a, b caravan.Show) caravan.Show {
	rank := func(s caravan.Show) int {
		switch s {
		case caravan.ShowTitle:
			return 2
		case caravan.ShowExcerpt:
			return 1
		}
		return 0
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// entryOf returns st as an entry of a feed that shows what show allows, and the
// source's own policy. Page is the address of its page here.
func entryOf(st caravan.Story, show caravan.Show, page string) feed.Entry {
	item := st.Head
	show = strictest(show, st.Source.Settings.Show)
	e := feed.Entry{
		ID: st.FeedID, Link: item.Link, Title: titleOf(item), Authors: item.Authors, Tags: item.Tags,
		Language: item.Language, Updated: updatedOf(item, st.SortAt),
		Rights: item.Rights, License: item.License, InReplyTo: item.InReplyTo, Comments: item.Comments,
		Media:  mediaOf(item),
		Source: feedSource(st.Source),
		Origin: feed.Reference{Title: item.Origin.Title, URL: caravan.RedactURL(item.Origin.URL)},
	}
	if e.ID == "" {
		e.ID = item.FeedID
	}
	if e.Link == "" {
		e.Link = page
	}
	if !item.Undated {
		e.Published = st.SortAt
	}
	if show != caravan.ShowTitle {
		e.Summary = item.Summary
		e.Image = item.ImageURL
	}
	if show == caravan.ShowFull || show == "" {
		e.Content = item.Content
	}
	for _, enclosure := range item.Enclosures {
		e.Enclosures = append(e.Enclosures, feed.Enclosure(enclosure))
	}
	for _, a := range st.AlsoAt {
		e.AlsoAt = append(e.AlsoAt, feed.Reference{Title: a.Title, URL: a.URL})
	}
	return e
}

// feedSource returns s as the source of an entry.
func feedSource(s caravan.Source) feed.Source {
	out := feed.Source{Title: s.Title, Feed: caravan.RedactURL(s.URL), Site: caravan.RedactURL(s.SiteURL), Rights: s.Feed.Rights, License: s.Feed.License}
	if out.Feed == "" {
		out.Feed = caravan.RedactURL(s.ListURL)
	}
	if caravan.ValidFeedID(s.Feed.ID) {
		out.ID = caravan.RedactURL(s.Feed.ID)
	}
	return out
}

// mediaOf returns the podcast fields of an item.
func mediaOf(item caravan.Item) feed.Media {
	explicit := strings.ToLower(strings.TrimSpace(item.Media.Explicit))
	return feed.Media{
		Duration: item.Media.Duration, Episode: item.Media.Episode, Season: item.Media.Season,
		Explicit: explicit == "yes" || explicit == "true" || explicit == "explicit",
	}
}

// markPodcasts marks the entries whose podcast fields go into a feed: those with
// a file that podcast programs play and something to say of it. It reports the
// language of the first, and whether there is one. Directories refuse a feed
// with such fields and without an owner they can write to; then none is marked.
func markPodcasts(entries []feed.Entry, owner feed.Owner) (language string, any bool) {
	if owner.Email == "" {
		return "", false
	}
	for i := range entries {
		e := &entries[i]
		if len(e.Enclosures) == 0 || !playable(e.Enclosures[0].URL) || e.Media == (feed.Media{}) {
			continue
		}
		e.Podcast = true
		if !any {
			language, any = e.Language, true
		}
	}
	return language, any
}

// playable reports whether an address ends as those of the files do that
// podcast directories accept.
func playable(address string) bool {
	switch strings.ToLower(strings.TrimPrefix(path.Ext(address), ".")) {
	case "m4a", "mp3", "mov", "mp4", "m4v", "pdf", "epub":
		return true
	}
	return false
}

// titleOf returns the title of an item; one that has none is called by its
// first words.
func titleOf(item caravan.Item) string {
	if t := strings.TrimSpace(item.Title); t != "" {
		return t
	}
	text := item.Summary
	if text == "" {
		text = item.Text
	}
	words := strings.Fields(text)
	length := 0
	for i, w := range words {
		if length += len([]rune(w)) + 1; length > 60 && i > 0 {
			return strings.Join(words[:i], " ") + "…"
		}
	}
	return strings.Join(words, " ")
}

// updatedOf returns when the content of an item, published at a moment, last
// changed since it is here. One that has not is as old as its date says: the publisher's own date of change
// would have readers that sort by it disagree with those that do not.
func updatedOf(item caravan.Item, published time.Time) time.Time {
	switch {
	case item.Revisions > 0 && !item.Changed.IsZero():
		return item.Changed
	case item.Undated:
		return item.FirstSeen
	}
	return published
}

// newestChange returns when a document of these stories last changed: the
// newest arrival, edit or removal.
func newestChange(stories []caravan.Story, gone []caravan.Tombstone, empty time.Time) time.Time {
	newest := time.Time{}
	later := func(t time.Time) {
		if t.After(newest) {
			newest = t
		}
	}
	for _, st := range stories {
		later(st.Updated)
		later(st.Head.FirstSeen)
		later(updatedOf(st.Head, st.SortAt))
	}
	for _, t := range gone {
		later(t.When)
	}
	if newest.IsZero() {
		return empty
	}
	return newest
}
