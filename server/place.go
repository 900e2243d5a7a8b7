package server

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"caravan"
)

// A feedCursor names the documents that follow the newest one (RFC 5005, 3): all
// stories below a place, newest first, without those that the newest document
// held. What that was is written into the cursor, so that a walk meets
// everything once, whatever arrives or is hidden meanwhile.
type feedCursor struct {
	to  int64            // below this place
	low int64            // the newest document reached down to this place …
	cut map[string]int64 // … but, of these sources, to this one: the fair share ended there
}

// afterNewest returns the cursor of what the newest document leaves out.
// Stories are what it holds; share is how many of one source it holds while
// others fill it.
func afterNewest(stories []caravan.Story, share int) feedCursor {
	c := feedCursor{to: stories[0].Place + 1, low: stories[len(stories)-1].Place, cut: map[string]int64{}}
	count, lowest := map[string]int{}, map[string]int64{}
	for _, st := range stories {
		count[st.Source.Slug]++
		lowest[st.Source.Slug] = st.Place
	}
	for slug, n := range count {
		if n >= share && lowest[slug] > c.low {
			c.cut[slug] = lowest[slug]
		}
	}
	if len(c.cut) == 0 {
		return feedCursor{to: c.low}
	}
	return c
}

// held reports whether the newest document held st.
func (c feedCursor) held(st caravan.Story) bool {
	if c.low == 0 || st.Place < c.low {
		return false
	}
	cut, capped := c.cut[st.Source.Slug]
	return !capped || st.Place >= cut
}

// below returns the cursor of what follows the story at place.
func (c feedCursor) below(place int64) feedCursor {
	if place <= c.low {
		return feedCursor{to: place}
	}
	c.to = place
	return c
}

// String writes c as it stands in addresses.
func (c feedCursor) String() string {
	parts := []string{strconv.FormatInt(c.to, 36)}
	if c.low != 0 {
		parts = append(parts, strconv.FormatInt(c.low, 36))
		for _, slug := range sortedKeys(c.cut) {
			parts = append(parts, slug+":"+strconv.FormatInt(c.cut[slug], 36))
		}
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ",")))
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// errCursor answers a cursor that is not one of ours.
var errCursor = invalid(caravan.WrongCursor, "cursor")

// parseFeedCursor reads what String wrote.
func parseFeedCursor(s string) (feedCursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return feedCursor{}, errCursor
	}
	parts := strings.Split(string(b), ",")
	var c feedCursor
	if c.to, err = strconv.ParseInt(parts[0], 36, 64); err != nil {
		return feedCursor{}, errCursor
	}
	if len(parts) == 1 {
		return c, nil
	}
	if c.low, err = strconv.ParseInt(parts[1], 36, 64); err != nil || len(parts) > 8 {
		return feedCursor{}, errCursor
	}
	c.cut = map[string]int64{}
	for _, part := range parts[2:] {
		slug, place, _ := strings.Cut(part, ":")
		if c.cut[slug], err = strconv.ParseInt(place, 36, 64); err != nil {
			return feedCursor{}, errCursor
		}
	}
	return c, nil
}

// fit returns how many of the pieces, from the first on, a document of most
// bytes has room for: at least one.
func fit(pieces [][]byte, most int) int {
	const around = 6 << 10 // head, links, tombstones
	size := around
	for i, p := range pieces {
		if size += len(p) + 1; size > most && i > 0 {
			return i
		}
	}
	return len(pieces)
}

// byDate returns the order in which stories stand in a document: newest first
// by sort time, then by id.
func byDate(a, b caravan.Story) int {
	if c := b.SortAt.Compare(a.SortAt); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}
