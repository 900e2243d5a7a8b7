package fetcher

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"caravan"
)

// storySpan is how far apart in time two appearances of one article may be.
const storySpan = 30 * 24 * time.Hour

// SameStory reports whether an item and a stored one of another source are the
// same article, appearing within 30 days: under the same canonical link with a
// similar title or much shared text; or with the same content; or nearly the
// same text (MinHash of at least 0.6, on at least 48 words) under similar titles.
//
// Posts of a series, made from one template, are no story, not even where all
// lead to one page: titles that differ in a number, a date or a name are not
// similar, and keep apart what their template would join. Under a title that only
// adds a name, a text that has this name is another one.
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
	return similar && share >= nearlySame && !addsName(item, candidate) && !addsName(candidate, item)
}

// addsName reports whether a's title has a word more than b's that a's text has
// too, and b's nowhere: "Call for applications: Ghana". The name of a site, which
// sites add to titles, stands in no text.
func addsName(a, b caravan.Item) bool {
	added := withoutWords(words(a.Title), words(b.Title))
	if len(added) == 0 || len(added) == len(words(a.Title)) {
		return false
	}
	own, other := words(a.Text), words(b.Text)
	return slices.ContainsFunc(added, func(w string) bool {
		return counts(w) && slices.Contains(own, w) && !slices.Contains(other, w)
	})
}

// sameArticleAtLink decides about items with one link: a list of links may say
// something quite different about the page, and the notices of one template may
// all lead to one page.
func sameArticleAtLink(item, candidate caravan.Item, similar bool) bool {
	if similar {
		return true
	}
	share, known := sharedText(item, candidate)
	return known && share >= muchShared && !series(item.Title, candidate.Title)
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

// series reports whether two titles are of one series: they begin alike or share
// half their words, and each has one that counts and that the other lacks, or
// one of them a number or date. The same words in another order, with other
// articles between them, are one article under a new title.
func series(a, b string) bool {
	left, right := words(a), words(b)
	if len(left) == 0 || len(right) == 0 || similarTitles(a, b) {
		return false
	}
	onlyLeft, onlyRight := withoutWords(left, right), withoutWords(right, left)
	shared := 2*(len(left)-len(onlyLeft)) >= min(len(left), len(right))
	if !shared && !sameLabel(a, b) && !(counts(left[0]) && (left[0] == right[0] || sameSpelling(left[0], right[0]))) {
		return false
	}
	if slices.ContainsFunc(onlyLeft, isSerial) || slices.ContainsFunc(onlyRight, isSerial) {
		return true
	}
	return slices.ContainsFunc(onlyLeft, counts) && slices.ContainsFunc(onlyRight, counts)
}

// sameLabel reports whether two titles say the same before a colon: "Job: ".
func sameLabel(a, b string) bool {
	left, _, ok := strings.Cut(a, ":")
	right, _, too := strings.Cut(b, ":")
	return ok && too && slices.Equal(words(left), words(right))
}

// withoutWords returns list less the words of other, each as often as it is there.
func withoutWords(list, other []string) []string {
	count := map[string]int{}
	for _, w := range other {
		count[w]++
	}
	var rest []string
	for _, w := range list {
		if count[w]--; count[w] < 0 {
			rest = append(rest, w)
		}
	}
	return rest
}

// counts reports whether a word of a title is more than an article or a
// preposition.
func counts(w string) bool { return utf8.RuneCountInString(w) > 3 }

// moment is when an item appeared, as far as is known.
func moment(item caravan.Item) time.Time {
	for _, t := range []time.Time{item.SortAt, item.Published, item.FirstSeen} {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
