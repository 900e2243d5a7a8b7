package article

import (
	"strings"

	"caravan"
	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/plaintext"
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
func tidyFields(item *caravan.Item, at *hyperlink.Resolver) {
	item.GUID = plaintext.Cut(plaintext.Line(item.GUID, maxGUID), maxGUID)
	item.Title = plaintext.Line(item.Title, maxTitle)
	item.Authors = tidyLines(item.Authors, maxName, maxNames)
	item.Tags = tidyLines(item.Tags, maxTag, maxTags)
	item.Rights = plaintext.Line(item.Rights, maxRights)
	item.Origin.Title = plaintext.Line(item.Origin.Title, maxTitle)
	item.Media.Episode = plaintext.Line(item.Media.Episode, maxName)
	item.Media.Season = plaintext.Line(item.Media.Season, maxName)
	item.Media.Explicit = plaintext.Line(item.Media.Explicit, maxName)

	item.Link = at.Exact(item.Link)
	item.ImageURL = at.Image(item.ImageURL)
	item.License = at.Exact(item.License)
	item.Comments = at.Exact(item.Comments)
	item.Origin.URL = at.Exact(item.Origin.URL)
	item.Media.ImageURL = at.Image(item.Media.ImageURL)
	item.InReplyTo = plaintext.Line(item.InReplyTo, maxGUID)

	kept := make([]caravan.Enclosure, 0, len(item.Enclosures))
	for _, e := range item.Enclosures {
		e.URL, e.Type = at.Exact(e.URL), plaintext.Line(e.Type, maxTag)
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
		line = plaintext.Line(line, limit)
		if key := strings.ToLower(line); line != "" && !seen[key] && len(kept) < most {
			seen[key] = true
			kept = append(kept, line)
		}
	}
	return kept
}
