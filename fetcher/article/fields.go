package article

import (
	"strings"

	"caravan"
)

// Bounds of the plain-text fields, in characters and entries.
const (
	maxTitle      = 1000
	maxName       = 200
	maxTag        = 100
	maxRights     = 1000
	maxNames      = 50
	maxTags       = 100
	maxEnclosures = 50
	maxGUID       = 4096 // bytes
)

// tidyFields makes every plain-text field one line of plain text and every
// address absolute with http or https, or empty.
func tidyFields(item *caravan.Item, at *resolver) {
	item.GUID = cut(tidyLine(item.GUID, maxGUID), maxGUID)
	item.Title = tidyLine(item.Title, maxTitle)
	item.Authors = tidyLines(item.Authors, maxName, maxNames)
	item.Tags = tidyLines(item.Tags, maxTag, maxTags)
	item.Rights = tidyLine(item.Rights, maxRights)
	item.Origin.Title = tidyLine(item.Origin.Title, maxTitle)
	item.Media.Episode = tidyLine(item.Media.Episode, maxName)
	item.Media.Season = tidyLine(item.Media.Season, maxName)
	item.Media.Explicit = tidyLine(item.Media.Explicit, maxName)

	item.Link = at.exact(item.Link)
	item.ImageURL = at.image(item.ImageURL)
	item.License = at.exact(item.License)
	item.Comments = at.exact(item.Comments)
	item.Origin.URL = at.exact(item.Origin.URL)
	item.Media.ImageURL = at.image(item.Media.ImageURL)
	item.InReplyTo = tidyLine(item.InReplyTo, maxGUID)

	kept := make([]caravan.Enclosure, 0, len(item.Enclosures))
	for _, e := range item.Enclosures {
		e.URL, e.Type = at.exact(e.URL), tidyLine(e.Type, maxTag)
		if e.URL != "" && len(kept) < maxEnclosures {
			e.Length = max(e.Length, 0)
			kept = append(kept, e)
		}
	}
	item.Enclosures = nil
	if len(kept) > 0 {
		item.Enclosures = kept
	}
}

// tidyLines makes each of lines one line of plain text, leaves out empty ones
// and repeats, and keeps at most most.
func tidyLines(lines []string, limit, most int) []string {
	var kept []string
	seen := map[string]bool{}
	for _, line := range lines {
		line = tidyLine(line, limit)
		if key := strings.ToLower(line); line != "" && !seen[key] && len(kept) < most {
			seen[key] = true
			kept = append(kept, line)
		}
	}
	return kept
}

// exact makes an address absolute without changing what it says: an absolute
// one of http or https is returned as it is written.
func (r *resolver) exact(s string) string {
	s = strings.TrimSpace(s)
	u := r.parse(s)
	if u == nil || u.Scheme == "mailto" {
		return ""
	}
	if isWeb(s) && !strings.ContainsAny(s, " \t\r\n\"<>\\`@") {
		return tidyLine(s, maxAddress)
	}
	return settle(u)
}
