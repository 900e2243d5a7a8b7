package document

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"

	"caravan"
	"caravan/fetcher/document/href"
	"caravan/fetcher/document/limits"
)

// mapMedia maps Media RSS and what podcasts say of an episode.
func (m *mapper) mapMedia(it *caravan.Item, extensions ext.Extensions) {
	for _, group := range extensions["media"]["group"] {
		m.mapMediaContents(it, group.Children["content"])
		m.mapThumbnails(it, group.Children["thumbnail"])
	}
	m.mapMediaContents(it, extensions["media"]["content"])
	m.mapThumbnails(it, extensions["media"]["thumbnail"])
	for _, keywords := range extensions["media"]["keywords"] {
		for keyword := range strings.SplitSeq(keywords.Value, ",") {
			it.Tags = addTag(it.Tags, keyword)
		}
	}
	for _, category := range extensions["media"]["category"] {
		it.Tags = addTag(it.Tags, cmp.Or(category.Attrs["label"], category.Value))
	}
	if len(it.Authors) == 0 {
		for _, credit := range extensions["media"]["credit"] {
			it.Authors = addName(it.Authors, credit.Value)
		}
	}
	if duration := parseDuration(extensionText(extensions, "itunes", "duration")); duration > 0 {
		it.Media.Duration = duration
	}
	it.Media.Episode = limits.Clip(cmp.Or(extensionText(extensions, "itunes", "episode"), extensionText(extensions, "podcast", "episode")), limits.Name)
	it.Media.Season = limits.Clip(cmp.Or(extensionText(extensions, "itunes", "season"), extensionText(extensions, "podcast", "season")), limits.Name)
	it.Media.Explicit = limits.Clip(strings.ToLower(extensionText(extensions, "itunes", "explicit")), limits.Name)
	for _, image := range extensions["itunes"]["image"] {
		it.Media.ImageURL = href.Web(m.base, cmp.Or(image.Attrs["href"], image.Attrs["url"], image.Value))
	}
	it.ImageURL = cmp.Or(it.ImageURL, it.Media.ImageURL)
	for _, enclosure := range it.Enclosures {
		if it.ImageURL == "" && strings.HasPrefix(enclosure.Type, "image/") {
			it.ImageURL = enclosure.URL
		}
	}
}

// mapMediaContents maps media:content: pictures illustrate the item, everything
// else is an enclosure.
func (m *mapper) mapMediaContents(it *caravan.Item, contents []ext.Extension) {
	for _, c := range contents {
		kind, address := strings.ToLower(c.Attrs["type"]), c.Attrs["url"]
		if c.Attrs["medium"] == "image" || strings.HasPrefix(kind, "image/") || kind == "" && c.Attrs["medium"] == "" && looksLikeImage(address) {
			it.ImageURL = cmp.Or(it.ImageURL, href.Web(m.base, address))
		} else {
			m.addEnclosure(it, address, kind, c.Attrs["filesize"])
		}
		if seconds, err := strconv.ParseFloat(c.Attrs["duration"], 64); err == nil && it.Media.Duration == 0 {
			it.Media.Duration = seconds2duration(seconds)
		}
		m.mapThumbnails(it, c.Children["thumbnail"])
	}
}

func (m *mapper) mapThumbnails(it *caravan.Item, thumbnails []ext.Extension) {
	for _, t := range thumbnails {
		it.ImageURL = cmp.Or(it.ImageURL, href.Web(m.base, cmp.Or(t.Attrs["url"], t.Value)))
	}
}

// looksLikeImage reports whether an address ends as those of pictures do.
func looksLikeImage(address string) bool {
	address, _, _ = strings.Cut(strings.ToLower(address), "?")
	for _, end := range []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"} {
		if strings.HasSuffix(address, end) {
			return true
		}
	}
	return false
}

// mediaDescription returns the description in Media RSS, where YouTube puts it.
func mediaDescription(extensions ext.Extensions) string {
	for _, group := range extensions["media"]["group"] {
		for _, d := range group.Children["description"] {
			if d.Value != "" {
				return d.Value
			}
		}
	}
	if d := extensionText(extensions, "media", "description"); d != "" {
		return d
	}
	for _, c := range extensions["media"]["content"] {
		for _, d := range c.Children["description"] {
			if d.Value != "" {
				return d.Value
			}
		}
	}
	return extensionText(extensions, "media", "text")
}

// addEnclosure adds a media file to an item, once.
func (m *mapper) addEnclosure(it *caravan.Item, address, kind, length string) {
	address = href.Web(m.base, address)
	if address == "" || len(it.Enclosures) >= limits.List {
		return
	}
	for _, have := range it.Enclosures {
		if have.URL == address {
			return
		}
	}
	bytes, err := strconv.ParseInt(strings.TrimSpace(length), 10, 64)
	if err != nil || bytes < 0 {
		bytes = 0
	}
	it.Enclosures = append(it.Enclosures, caravan.Enclosure{URL: address, Type: limits.Clip(strings.ToLower(strings.TrimSpace(kind)), limits.Name), Length: bytes})
}

// parseDuration reads an episode's length: seconds, or parts set apart by colons.
func parseDuration(s string) time.Duration {
	total := 0.0
	for part := range strings.SplitSeq(strings.TrimSpace(s), ":") {
		n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || n < 0 {
			return 0
		}
		total = total*60 + n
	}
	return seconds2duration(total)
}

// seconds2duration returns seconds as a duration, or none when it is absurd.
func seconds2duration(seconds float64) time.Duration {
	if !(seconds > 0 && seconds < 1000*3600) {
		return 0
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second)
}
