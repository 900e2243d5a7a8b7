package document

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// authorsOfRSS returns the authors of an item. gofeed keeps one of several and
// loses names with brackets or an @; its raw values have them all.
func authorsOfRSS(r *rss.Item) []string {
	var names []string
	for _, creator := range r.Extensions["dc"]["creator"] {
		names = addName(names, creator.Value)
	}
	if len(names) == 0 {
		names = addName(names, r.Author)
	}
	if len(names) == 0 {
		names = addName(names, extensionText(r.Extensions, "dc", "author"))
	}
	if len(names) == 0 {
		for _, author := range r.Extensions["atom"]["author"] {
			for _, name := range author.Children["name"] {
				names = addName(names, name.Value)
			}
		}
	}
	if len(names) == 0 {
		names = addName(names, extensionText(r.Extensions, "itunes", "author"))
	}
	if len(names) == 0 {
		for _, person := range r.Extensions["podcast"]["person"] {
			names = addName(names, person.Value)
		}
	}
	if len(names) == 0 {
		names = addName(names, extensionText(r.Extensions, "dc", "contributor"))
	}
	return names
}

// addName adds a person's name to names, once. What is written around it, an
// address or a profile, is left out; of an address alone, the part before the @
// is the name, so that no address is published again.
func addName(names []string, s string) []string {
	name := personName(s)
	if name == "" || len(names) >= limits.List || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// personName returns the name in "address (name)", "name <address>",
// "name (address)" and their like.
func personName(s string) string {
	s = markup.Title(s, markup.Loose)
	if open := strings.IndexByte(s, '<'); open >= 0 && strings.HasSuffix(s, ">") && strings.Contains(s[open:], "@") {
		s = joinParts(s[:open], s[open+1:len(s)-1])
	} else if open := strings.IndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") {
		inside, outside := strings.TrimSpace(s[open+1:len(s)-1]), strings.TrimSpace(s[:open])
		switch {
		case isAddress(outside):
			s = joinParts(inside, outside)
		case isAddress(inside) || strings.HasPrefix(inside, "http"):
			s = joinParts(outside, inside)
		}
	} else if first, rest, ok := strings.Cut(s, " "); ok && isAddress(first) {
		s = rest // "jo@example.org Jo Doe"
	}
	if isAddress(s) {
		s, _, _ = strings.Cut(strings.TrimPrefix(s, "mailto:"), "@")
	}
	s = strings.Trim(s, " ,;\"")
	return limits.Clip(s, limits.Name)
}

// joinParts returns the name, or the address where there is no name.
func joinParts(name, address string) string {
	if name = strings.TrimSpace(name); name != "" {
		return name
	}
	return strings.TrimSpace(address)
}

// isAddress reports whether s is an e-mail address.
func isAddress(s string) bool {
	s = strings.TrimPrefix(s, "mailto:")
	at := strings.IndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " ,;") && strings.IndexByte(s[at:], '.') > 0
}

// tagsOfRSS returns the categories of an item.
func tagsOfRSS(r *rss.Item) []string {
	var tags []string
	for _, category := range r.Categories {
		tags = addTag(tags, category.Value)
	}
	for _, subject := range r.Extensions["dc"]["subject"] {
		tags = addTag(tags, subject.Value)
	}
	for _, category := range r.Extensions["atom"]["category"] {
		tags = addTag(tags, cmp.Or(category.Attrs["label"], category.Attrs["term"]))
	}
	for keyword := range strings.SplitSeq(extensionText(r.Extensions, "itunes", "keywords"), ",") {
		tags = addTag(tags, keyword)
	}
	return tags
}

// distinctTerm returns the term of an Atom category when it is a word of its
// own beside the label, and no identifier.
func distinctTerm(c *atom.Category) string {
	if c.Label == "" || strings.EqualFold(c.Label, c.Term) || strings.ContainsAny(c.Term, "/:#") {
		return ""
	}
	return c.Term
}

// addTag adds a tag to tags, once; case does not make another tag of it.
func addTag(tags []string, s string) []string {
	tag := limits.Clip(markup.Title(s, markup.Loose), limits.Name)
	if tag == "" || len(tags) >= limits.List {
		return tags
	}
	for _, have := range tags {
		if strings.EqualFold(have, tag) {
			return tags
		}
	}
	return append(tags, tag)
}
