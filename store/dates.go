package store

import (
	"slices"
	"time"

	"caravan"
)

// Bounds of the back catalogue: items dated so long before they were seen are
// no news when one poll brings more of them than manyOld.
const (
	oldAge  = 30 * 24 * time.Hour
	manyOld = 5
)

// sortTime returns the time that orders an item in lists, for ever: its date,
// but never later than it was first seen. An undated item of a first poll is
// given the fallback, and is said to be undated.
func sortTime(published, firstSeen, fallback time.Time, firstPoll bool) (sortAt time.Time, undated bool) {
	switch {
	case published.IsZero() && firstPoll:
		return fallback, true
	case published.IsZero() || published.After(firstSeen):
		return firstSeen, false
	}
	return published, false
}

// oldestDate returns the date that undated items of a first poll take: the
// oldest in their document, else the beginning of 1970.
func oldestDate(items []caravan.Item, firstSeen time.Time) time.Time {
	var oldest time.Time
	for _, it := range items {
		if !it.Published.IsZero() && it.Published.Before(firstSeen) && (oldest.IsZero() || it.Published.Before(oldest)) {
			oldest = it.Published
		}
	}
	if oldest.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return oldest
}

// isOld reports whether a date lies so far back that the item may belong to a
// back catalogue.
func isOld(published, firstSeen time.Time) bool {
	return !published.IsZero() && published.Before(firstSeen.Add(-oldAge))
}

// bringsBackCatalogue reports whether the new items of a poll that is not the
// first hold so many old ones that these are a back catalogue.
func bringsBackCatalogue(fresh []caravan.Item, firstSeen time.Time) bool {
	n := 0
	for _, it := range fresh {
		if isOld(it.Published, firstSeen) {
			n++
		}
	}
	return n > manyOld
}

// storingOrder returns the items of a document, which stand newest first, in
// the order in which they are to be stored: oldest first, so that the newest
// takes the last place.
func storingOrder(items []caravan.Item, firstSeen time.Time) []caravan.Item {
	out := slices.Clone(items)
	slices.Reverse(out)
	slices.SortStableFunc(out, func(a, b caravan.Item) int {
		ta, _ := sortTime(a.Published, firstSeen, firstSeen, false)
		tb, _ := sortTime(b.Published, firstSeen, firstSeen, false)
		return ta.Compare(tb)
	})
	return out
}
