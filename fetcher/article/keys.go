package article

import (
	"strings"
	"time"

	"caravan"
	"caravan/fetcher/article/hyperlink"
)

// CanonicalLink returns the form of a web address in which the spellings of
// one page's address are equal; see [hyperlink.Canonical].
func CanonicalLink(address string) string { return hyperlink.Canonical(address) }

// itemKeys returns the marks of one item, whose other fields are final.
func itemKeys(item *caravan.Item, m marks) caravan.Keys {
	title := []byte(foldWords(item.Title, maxTitle*4))
	k := caravan.Keys{
		GUID: item.GUID,
		Link: hyperlink.Canonical(item.Link),
	}
	if len(m.folded) > 0 {
		k.Content = digest(m.folded)
		k.Fingerprint = digest(title, m.folded)
		return k
	}
	// An item without a word is told apart by what it shows and when, on
	// whatever host: sites move.
	other := []string{withoutHost(item.ImageURL)}
	for _, e := range item.Enclosures {
		other = append(other, withoutHost(e.URL))
	}
	for _, link := range item.Links {
		other = append(other, withoutHost(link))
	}
	if !item.Published.IsZero() {
		other = append(other, item.Published.UTC().Format(time.RFC3339))
	}
	if len(title) == 0 && strings.Join(other, "") == "" && (k.GUID != "" || k.Link != "") {
		return k // there is nothing to take a print of
	}
	k.Fingerprint = digest(title, []byte(strings.Join(other, "\n")))
	return k
}

// withoutHost returns the canonical form of an address from its path on.
func withoutHost(address string) string {
	canonical := hyperlink.Canonical(address)
	if i := strings.IndexAny(canonical, "/?"); i >= 0 {
		return canonical[i:]
	}
	return ""
}

// dropSharedKeys empties the GUIDs and links that do not tell the items of one
// document apart. Items with the same words under one GUID or link, or with the
// same title under one GUID and link, are one post listed twice and share
// nothing; under GUIDs and links of their own they are
// posts alike, which their fingerprint does not tell apart. A page of the
// site's own that is its beginning is no item's.
func dropSharedKeys(items []caravan.Item, o Options) {
	guids, links := map[string]*caravan.Item{}, map[string]*caravan.Item{}
	sharedGUID, sharedLink := map[string]bool{}, map[string]bool{}
	for i := range items {
		noteShared(guids, sharedGUID, items[i].Keys.GUID, &items[i])
		noteShared(links, sharedLink, items[i].Keys.Link, &items[i])
	}
	alike := sharedFingerprints(items)
	for i := range items {
		k := &items[i].Keys
		if sharedGUID[k.GUID] {
			k.GUID = ""
		}
		if sharedLink[k.Link] || isHome(k.Link, o) {
			k.Link = ""
		}
		if alike[k.Fingerprint] && (k.GUID != "" || k.Link != "") {
			k.Fingerprint = ""
		}
	}
}

// sharedFingerprints returns the fingerprints of items that have neither GUID
// nor link in common.
func sharedFingerprints(items []caravan.Item) map[string]bool {
	first, alike := map[string]caravan.Keys{}, map[string]bool{}
	for i := range items {
		k := items[i].Keys
		other, seen := first[k.Fingerprint]
		if !seen {
			first[k.Fingerprint] = k
		} else if k.GUID != other.GUID && k.Link != other.Link {
			alike[k.Fingerprint] = true
		}
	}
	return alike
}

// noteShared notes in shared that different posts have key.
func noteShared(seen map[string]*caravan.Item, shared map[string]bool, key string, item *caravan.Item) {
	if key == "" {
		return
	}
	if other, ok := seen[key]; ok && !listedTwice(other, item) {
		shared[key] = true
		return
	}
	seen[key] = item
}

// listedTwice reports whether two items of one document, which have a GUID or a
// link in common, are one post.
func listedTwice(a, b *caravan.Item) bool {
	if a.Keys.Fingerprint != "" && a.Keys.Fingerprint == b.Keys.Fingerprint {
		return true
	}
	return a.Keys.GUID == b.Keys.GUID && a.Keys.Link == b.Keys.Link && a.Keys.GUID != "" && a.Keys.Link != "" &&
		a.Title != "" && a.Title == b.Title
}

// isHome reports whether a canonical link is the home page of the site, or the
// feed itself.
func isHome(link string, o Options) bool {
	if link == "" {
		return false
	}
	for _, own := range []string{hyperlink.Canonical(o.SiteURL), hyperlink.Canonical(o.FeedURL)} {
		if own == "" {
			continue
		}
		if link == own {
			return true
		}
		host, _, _ := strings.Cut(own, "/")
		if link == host {
			return true
		}
	}
	return false
}
