package document

import (
	"strings"

	"caravan"
	"caravan/fetcher/document/markup"
)

// setContent chooses between the full text and the excerpt of an item, both as
// loose HTML. The longer one is the content; the other one is the summary when
// it says something else. It is full when it came as such; a description may be
// the article or its beginning, which settleFull decides.
func setContent(it *caravan.Item, full, excerpt string) {
	full, excerpt = markup.UnescapeTwice(strings.TrimSpace(full)), markup.UnescapeTwice(strings.TrimSpace(excerpt))
	it.Full = full != ""
	if full == "" || len(excerpt) > 2*len(full) && markup.TextLength(excerpt) > markup.TextLength(full) {
		full, excerpt = excerpt, full
		it.Full = false
	}
	it.Content, it.Summary = full, excerpt
	if it.Summary == it.Content {
		it.Summary = ""
	}
	if endsCut(it.Content) {
		it.Full = false
	} else if it.Title == "" && it.Content != "" {
		it.Full = true // a note
	}
}

// settleFull decides for the items of a feed that came with a description alone
// whether they are whole: a publisher gives either articles or their beginnings.
// Beginnings are short, and end with dots or an invitation to read on.
func settleFull(items []caravan.Item) {
	const article = 600
	open, long := 0, 0
	for i := range items {
		if it := &items[i]; !it.Full && it.Content != "" {
			open++
			if !endsCut(it.Content) && markup.TextLength(it.Content) >= article {
				long++
			}
		}
	}
	if 2*long < open {
		return
	}
	for i := range items {
		if it := &items[i]; it.Content != "" && !endsCut(it.Content) {
			it.Full = true
		}
	}
}

// endsCut reports whether HTML ends as excerpts do.
func endsCut(content string) bool {
	tail := markup.Strip(content[max(0, len(content)-300):], markup.IsHTML)
	tail = strings.ToLower(strings.TrimRight(tail, " \u00a0\n\t>»→"))
	for _, end := range []string{"…", "...", "[…]", "[...]", "(...)", "&hellip;", "&#8230;", "[&hellip;]", "[&#8230;]", "read more", "continue reading",
		"lire la suite", "en savoir plus", "leer más", "seguir leyendo", "leia mais", "continue lendo", "weiterlesen", "mehr lesen", "leggi tutto"} {
		if strings.HasSuffix(tail, end) {
			return true
		}
	}
	return false
}
