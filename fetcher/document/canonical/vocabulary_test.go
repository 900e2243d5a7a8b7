package canonical

import (
	"strings"
	"testing"
)

// vocabularies are the addresses of namespaces that feeds use, by the prefix
// under which gofeed knows them.
var vocabularies = map[string]string{
	"":                "purl.org/rss/1.0/ channel.netscape.com/rdf/simple/0.9/ my.netscape.com/rdf/simple/0.9/ my.netscape.com/publish/formats/rss-0.91.dtd backend.userland.com/rss backend.userland.com/rss2 backend.userland.com/RSS091 backend.userland.com/rss191 backend.userland.com/rss192 blogs.law.harvard.edu/tech/rss cyber.law.harvard.edu/rss/rss.html purl.org/net/rss1.1# purl.org/rss/2.0/",
	"atom":            "www.w3.org/2005/Atom purl.org/atom/ns# purl.org/atom/ www.w3.org/atom www.intertwingly.net/wiki/pie/rss2",
	"rdf":             "www.w3.org/1999/02/22-rdf-syntax-ns#",
	"xhtml":           "www.w3.org/1999/xhtml www.w3.org/TR/xhtml1/strict www.w3.org/TR/xhtml2",
	"dc":              "purl.org/dc/elements/1.1/ purl.org/dc/elements/1.0/",
	"dcterms":         "purl.org/dc/terms/",
	"content":         "purl.org/rss/1.0/modules/content/",
	"sy":              "purl.org/rss/1.0/modules/syndication/",
	"media":           "search.yahoo.com/mrss/ search.yahoo.com/rss/ video.search.yahoo.com/mrss tools.search.yahoo.com/mrss/",
	"itunes":          "www.itunes.com/dtds/podcast-1.0.dtd example.com/dtds/podcast-1.0.dtd www.apple.com/itunes/store/podcast-1.0.dtd",
	"podcast":         "podcastindex.org/namespace/1.0 github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
	"thr":             "purl.org/syndication/thread/1.0 purl.org/rss/1.0/modules/threading/",
	"cc":              "web.resource.org/cc/ creativecommons.org/ns#",
	"creativecommons": "backend.userland.com/creativeCommonsRssModule cyber.law.harvard.edu/rss/creativeCommonsRssModule.html",
	"prism":           "prismstandard.org/namespaces/1.2/basic/ prismstandard.org/namespaces/basic/2.0/ prismstandard.org/namespaces/2.0/basic/",
	"xml":             "www.w3.org/XML/1998/namespace",
}

func TestVocabulariesAreKnownByTheirAddresses(t *testing.T) {
	for want, addresses := range vocabularies {
		for address := range strings.FieldsSeq(addresses) {
			for _, in := range []string{"http://" + address, "https://" + address, "HTTP://" + strings.ToUpper(address), " http://" + strings.TrimRight(address, "/#") + "\n", "http://" + strings.TrimRight(address, "/#") + "#"} {
				if got, known := canonicalPrefix(in); !known || got != want {
					t.Errorf("canonicalPrefix(%q) = %q %v, want %q", in, got, known, want)
				}
			}
			if got, known := canonicalPrefix("http://" + strings.TrimRight(address, "/#") + "x"); known {
				t.Errorf("%sx is taken for %q", address, got)
			}
		}
	}
}

func TestPrefixesThatNobodyDeclaredMeanWhatTheyUsuallyDo(t *testing.T) {
	for in, want := range map[string]string{
		"atom":            "atom",
		"rdf":             "rdf",
		"dc":              "dc",
		"DC":              "dc",
		"dcterms":         "dcterms",
		"content":         "content",
		"sy":              "sy",
		"media":           "media",
		"itunes":          "itunes",
		"iTunes":          "itunes",
		"podcast":         "podcast",
		"thr":             "thr",
		"cc":              "cc",
		"prism":           "prism",
		"xml":             "xml",
		"a10":             "atom",
		"atom10":          "atom",
		"atom03":          "atom",
		"xhtml":           "xhtml",
		"xh":              "xhtml",
		"creativeCommons": "creativecommons",
		"rss":             "",
		"rss1":            "",
		"rss10":           "",
		"rss2":            "",
		"x":               "?",
		"":                "?",
		"dcx":             "?",
	} {
		got, known := usualPrefix(in)
		if !known {
			got = "?"
		}
		if got != want {
			t.Errorf("usualPrefix(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEveryElementHasItsTreatment(t *testing.T) {
	for how, names := range map[treatment][3]string{
		post:    {"item entry", "entry item", ""},
		through: {"channel items rdf:rdf", "feed", ""},
		words:   {"title description encoded copyright fullitem abstract summary content content:encoded xhtml:body xhtml:div dc:title dc:description dc:rights dcterms:rights dcterms:abstract itunes:title itunes:summary itunes:subtitle media:title media:description media:text atom:title atom:summary atom:content atom:rights atom:subtitle", "title summary content subtitle tagline info rights copyright dc:title media:description", "title subtitle rights media:title"},
		address: {"link comments url cc:license creativecommons:license", "icon logo cc:license", "uri url homepage atom:uri icon logo"},
		plain:   {"guid id language author category source ttl managingeditor webmaster dc:creator dc:author dc:contributor dc:publisher dc:subject dc:language dc:source dc:identifier dc:relation itunes:author itunes:duration itunes:explicit itunes:episode itunes:season itunes:keywords media:credit media:keywords media:category atom:id sy:updateperiod sy:updatefrequency podcast:season podcast:episode podcast:license podcast:person thr:in-reply-to media:license media:copyright", "id dc:creator thr:in-reply-to", "name email hour day id itunes:name itunes:email atom:name atom:email"},
		date:    {"pubdate lastbuilddate date published updated dc:date dcterms:created dcterms:issued dcterms:modified dcterms:available dc:created dc:modified prism:publicationdate atom:updated atom:published", "updated modified published issued created dc:date", "updated"},
		bare:    {"enclosure atom:link atom:category itunes:image itunes:category media:thumbnail media:player xml:base", "link category media:thumbnail", "media:thumbnail media:player"},
		group:   {"image skiphours skipdays media:group media:content atom:author atom:source itunes:owner", "author contributor source media:group", "author contributor media:content"},
		drop:    {"foo foo:bar body head", "foo pubdate guid description", "foo pubdate description"},
	} {
		for place, treat := range []func(string) treatment{
			treatRSS,
			treatAtom,
			func(name string) treatment { return treatGroup(true, name) },
		} {
			for name := range strings.FieldsSeq(names[place]) {
				if got := treat(name); got != how {
					t.Errorf("treatment of <%s> in place %d is %d, want %d", name, place, got, how)
				}
			}
		}
	}
	if treatGroup(true, "link") != address || treatGroup(false, "link") != bare {
		t.Error("a link in a group is text in RSS and an attribute in Atom")
	}
}
