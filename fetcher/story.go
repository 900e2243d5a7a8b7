package fetcher

import (
	"time"

	"caravan"
)

// storySpan is how far apart in time two appearances of one article may be.
const storySpan = 30 * 24 * time.Hour

// SameStory reports whether an item and a stored one of another source are the
// same article, appearing within 30 days: under the same canonical link with a
// similar title or much shared text; or with the same content; or nearly the
// same text (MinHash of at least 0.6, on at least 48 words) under similar titles.
//
// Posts of a series, made from one template, are no story: titles that differ in
// a number, a date or a name are not similar, and keep apart what little content
// of its own would join.
func SameStory(item, candidate caravan.Item) bool {
	if item.Source != "" && item.Source == candidate.Source {
		return false
	}
	if a, b := moment(item), moment(candidate); !a.IsZero() && !b.IsZero() && apart(a, b) > storySpan {
		return false
	}
	similar := similarTitles(item.Title, candidate.Title)
	if same(item.Keys.Link, candidate.Keys.Link) && sameArticleAtLink(item, candidate, similar) {
		return true
	}
	if same(item.Keys.Content, candidate.Keys.Content) && sameContent(item, candidate, similar) {
		return true
	}
	share, known := jaccard(item, candidate)
	if !known || min(item.Words, candidate.Words) < someWords {
		return false
	}
	if item.Title == "" || candidate.Title == "" {
		return share >= surelySame
	}
	return similar && share >= nearlySame
}

// sameArticleAtLink decides about items with one link: a list of links may say
// something quite different about the page.
func sameArticleAtLink(item, candidate caravan.Item, similar bool) bool {
	if similar {
		return true
	}
	share, known := sharedText(item, candidate)
	return known && share >= muchShared
}

// sameContent decides about items with the same words. Few words are the same
// in many posts ("Read more on our site"), so that the title must speak for it
// too; many stand for themselves, unless the titles say that this is a series.
func sameContent(item, candidate caravan.Item, similar bool) bool {
	if similar {
		return item.Words >= fewWords
	}
	return item.Words >= someWords && !series(item.Title, candidate.Title)
}

// series reports whether two titles are of one series: they share words, and
// differ in one that counts.
func series(a, b string) bool {
	left, right := words(a), words(b)
	common := 0
	count := map[string]int{}
	for _, w := range left {
		count[w]++
	}
	for _, w := range right {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return common > 0 && 2*common >= min(len(left), len(right)) && !similarTitles(a, b)
}

// moment is when an item appeared, as far as is known.
func moment(item caravan.Item) time.Time {
	for _, t := range []time.Time{item.SortAt, item.Published, item.FirstSeen} {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
