package fetcher

import (
	"time"

	"caravan"
)

// Match reports which of a source's stored items an item is, if any. Candidates
// share a key with it, now or under an alias, and show it in their Keys; one
// that shares none is never chosen.
//
// A GUID identifies before a canonical link, and that before a fingerprint of
// title and text. A GUID, or a link under another GUID, that comes with a new
// title and little of the text known before is a new item: publishers use both
// again.
func Match(item caravan.Item, candidates []caravan.Item) (int, bool) {
	best, found := 0, 0
	bestShare := 0.0
	for i, c := range candidates {
		strength := keyStrength(item, c)
		if strength == 0 || strength < found {
			continue
		}
		share, _ := sharedText(item, c)
		if strength == found && share <= bestShare {
			continue
		}
		best, found, bestShare = i, strength, share
	}
	return best, found > 0
}

// The strengths of identity keys.
const (
	byFingerprint = iota + 1
	byLink
	byGUID
)

// keyStrength says by which key an item is a candidate; 0 when it is not.
func keyStrength(item, c caravan.Item) int {
	switch {
	case same(item.Keys.GUID, c.Keys.GUID):
		if !reusedGUID(item, c) {
			return byGUID
		}
	case same(item.Keys.Link, c.Keys.Link):
		if !reusedLink(item, c) {
			return byLink
		}
	}
	if same(item.Keys.Fingerprint, c.Keys.Fingerprint) && !repeated(item, c) {
		return byFingerprint
	}
	return 0
}

// same reports whether two keys are equal and there.
func same(a, b string) bool { return a != "" && a == b }

// reusedGUID reports whether a GUID that was known has been given to another
// item.
func reusedGUID(item, c caravan.Item) bool {
	if sameTitle(item, c) {
		return false
	}
	newLink := item.Keys.Link != "" && c.Keys.Link != "" && item.Keys.Link != c.Keys.Link
	if share, known := sharedText(item, c); known {
		return share < littleShared || newLink && nextOfSeries(item, c)
	}
	// There is no text to compare: with its own link it is another one.
	return newLink
}

// reusedLink reports whether a link that was known, under another GUID, now
// leads to another item.
func reusedLink(item, c caravan.Item) bool {
	if sameTitle(item, c) {
		return false
	}
	if share, known := sharedText(item, c); known {
		return share < littleShared || nextOfSeries(item, c)
	}
	return item.Keys.GUID != "" && c.Keys.GUID != ""
}

// nextOfSeries reports whether an item that has one of the marks of another, and
// a new one beside it, is the next post made from the same template, which can
// give them nearly all of their words.
func nextOfSeries(item, c caravan.Item) bool {
	return !same(item.Keys.Content, c.Keys.Content) && series(item.Title, c.Title)
}

// sameTitle reports whether an item's title is not a new one.
func sameTitle(item, c caravan.Item) bool {
	if item.Title == "" || c.Title == "" {
		return item.Title == c.Title
	}
	return similarTitles(item.Title, c.Title)
}

// repeated reports whether two items with the same few words, under different
// links and far apart in time, are two posts: "Office hours", every week. With
// more words the same text is the same post, moved.
func repeated(item, c caravan.Item) bool {
	if item.Words >= fewWords || item.Published.IsZero() || c.Published.IsZero() {
		return false
	}
	return !same(item.Keys.Link, c.Keys.Link) && apart(item.Published, c.Published) > 48*time.Hour
}

// apart is the time between two moments.
func apart(a, b time.Time) time.Duration { return a.Sub(b).Abs() }
