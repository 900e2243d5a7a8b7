package server

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/feedcheck"
	"caravan/server/feed"
)

// validatorScript holds documents against the rules of the W3C's feed
// validator, and prints what it has against them at its level AA. Standard input
// is JSON: what stands at which address.
const validatorScript = `
import io, json, sys
import feedvalidator
from feedvalidator import compatibility
from feedvalidator.formatter.text_plain import Formatter
for d in json.load(sys.stdin):
    events = feedvalidator.validateStream(io.BytesIO(d["Body"].encode()), contentType=d["Type"], base=d["Self"])["loggedEvents"]
    for line in Formatter(compatibility.AA(events)):
        print(d["Self"], line)
`

// A served document is what a validator is given.
type served struct{ Self, Type, Body string }

// serve fetches documents of a planet.
func serve(t *testing.T, h http.Handler, paths []string) (out []served) {
	t.Helper()
	for _, path := range paths {
		w := get(h, path)
		if w.Code != http.StatusOK {
			t.Fatalf("GET %s = %d", path, w.Code)
		}
		out = append(out, served{"https://planet.example" + path, w.Header().Get("Content-Type"), w.Body.String()})
	}
	return out
}

// w3c returns what the W3C's feed validator has against documents.
// CARAVAN_FEEDVALIDATOR names the folder src of its repository, which no package
// offers.
func w3c(t *testing.T, documents []served) []string {
	t.Helper()
	root := os.Getenv("CARAVAN_FEEDVALIDATOR")
	if root == "" {
		t.Skip("CARAVAN_FEEDVALIDATOR names no folder of the W3C's feed validator")
	}
	// UTF-8 that its publisher encoded twice is the publisher's word: it stays,
	// and is not what is judged here.
	twice := regexp.MustCompile(`[ÂÃ][\x{80}-\x{bf}]`)
	judged := slices.Clone(documents)
	for i := range judged {
		judged[i].Body = twice.ReplaceAllString(judged[i].Body, "x")
	}
	in, err := json.Marshal(judged)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-W", "ignore", "-c", validatorScript)
	cmd.Env = append(os.Environ(), "PYTHONPATH="+root)
	cmd.Stdin = bytes.NewReader(in)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("validator: %v: %s", err, problems.String())
	}
	return slices.Collect(strings.Lines(string(out)))
}

// The one thing that the validator has against our feeds: it does not know the
// name space of RFC 6721, in which a feed says which entries are no more (O20).
const tombstoneComplaint = "Use of unknown namespace: http://purl.org/atompub/tombstones/1.0"

// O01, O20: a feed that tells of removed stories has an element of a standard
// that the validator does not know, and nothing else against it.
func TestValidatorKnowsNoTombstones(t *testing.T) {
	m := newMemory(5)
	m.remove(4)
	complaints := w3c(t, serve(t, serverOf(t, m).Handler(), []string{"/feed.atom", "/feed.rss"}))
	if len(complaints) != 1 || !strings.Contains(complaints[0], tombstoneComplaint) {
		t.Errorf("complaints %q, want one of the name space", complaints)
	}
}

// listPaths are the feeds of a planet: of everything, of each language, of each
// community and of every nth source, in every format and way to show.
func listPaths(t *testing.T, p *world, nth int) (paths []string) {
	t.Helper()
	lists := []string{"/feed.%s", "/feed.%s?language=en", "/feed.%s?language=pt", "/search.%s?q=the"}
	communities, err := p.store.Communities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range communities {
		lists = append(lists, "/c/"+c.Slug+"/feed.%s")
	}
	sources, err := p.store.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(sources); i += nth {
		lists = append(lists, "/s/"+sources[i].Slug+"/feed.%s")
	}
	for _, list := range lists {
		for _, f := range feed.Formats() {
			paths = append(paths, fmt.Sprintf(list, f))
		}
	}
	return append(paths, "/feed.atom?show=excerpt", "/feed.rss?show=title", "/feeds.opml", "/opensearch.xml")
}

// O01, O05, O06, O09, O12, O14: every list of the corpus keeps the grammar of its
// format, is bounded, and each of its entries has what it must.
func TestListsOfTheCorpusKeepTheirGrammars(t *testing.T) {
	p, _ := corpusWorld(t, 1000)
	entries := 0
	for _, d := range serve(t, p.Handler(), listPaths(t, p, 25)) {
		address, _, _ := strings.Cut(strings.TrimPrefix(d.Self, "https://planet.example"), "?")
		if len(d.Body) > bytesPerFeed && strings.Contains(address, "/feed.") {
			t.Errorf("%s has %d bytes", d.Self, len(d.Body))
		}
		switch {
		case strings.HasSuffix(address, ".json"):
			for _, problem := range feedcheck.JSON([]byte(d.Body)) {
				t.Errorf("%s: %s", d.Self, problem)
			}
		case strings.HasSuffix(address, ".atom"), strings.HasSuffix(address, ".rss"), strings.HasSuffix(address, ".opml"):
			keepsGrammar(t, d, "feed/testdata/"+address[strings.LastIndex(address, ".")+1:]+".rng")
			entries += judgeEntries(t, d)
		}
	}
	if entries < 1000 {
		t.Errorf("%d entries only", entries)
	}
}

// keepsGrammar holds a document against a RELAX NG grammar.
func keepsGrammar(t *testing.T, d served, grammar string) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	cmd := exec.Command("xmllint", "--noout", "--relaxng", grammar, "-")
	cmd.Stdin = strings.NewReader(d.Body)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %.500s", d.Self, out)
	}
}

// relative finds an address in content that is not absolute.
var relative = regexp.MustCompile(`(?i) (?:href|src)="(?:[^"a-z#]|[a-z.]+/)[^"]*"`)

// judgeEntries checks each entry of an Atom or RSS document, and returns how
// many there are.
func judgeEntries(t *testing.T, d served) int {
	t.Helper()
	type origin struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Links   []struct {
			Rel string `xml:"rel,attr"`
		} `xml:"link"`
		URL string `xml:"url,attr"`
	}
	type entry struct {
		ID      string   `xml:"id"`
		GUID    string   `xml:"guid"`
		Title   string   `xml:"title"`
		Names   []string `xml:"author>name"`
		Creator []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
		Date    string   `xml:"pubDate"`
		Content string   `xml:"content"`
		Encoded string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
		Source  origin   `xml:"source"`
		Files   []struct {
			Length string `xml:"length,attr"`
		} `xml:"enclosure"`
	}
	var doc struct {
		Entries []entry `xml:"entry"`
		Items   []entry `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(d.Body), &doc); err != nil {
		t.Fatalf("%s: %v", d.Self, err)
	}
	seen := map[string]bool{}
	for _, e := range append(doc.Entries, doc.Items...) {
		id := e.ID + e.GUID
		if id == "" || seen[id] || e.Title == "" || len(e.Names)+len(e.Creator) == 0 {
			t.Errorf("%s: entry %q twice or without title or author", d.Self, id)
		}
		seen[id] = true
		if match := relative.FindString(e.Content + e.Encoded); match != "" {
			t.Errorf("%s: %s has%s", d.Self, id, match)
		}
		if len(doc.Entries) > 0 && (e.Source.ID == "" || e.Source.Title == "" || e.Source.Updated == "" || len(e.Source.Links) == 0) {
			t.Errorf("%s: %s has the source %+v", d.Self, id, e.Source)
		}
		if len(doc.Items) > 0 {
			if _, err := time.Parse("Mon, 02 Jan 2006 15:04:05 -0700", e.Date); e.Date != "" && err != nil || e.Source.URL == "" || len(e.Files) > 1 {
				t.Errorf("%s: %s has the date %q, the source %q and %d enclosures", d.Self, id, e.Date, e.Source.URL, len(e.Files))
			}
		}
	}
	return len(seen)
}

// xmlOnly leaves out the feeds that the validator does not read.
func xmlOnly(paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return strings.Contains(p, ".json") })
}

// O01: nothing against any list of the corpus's 467 real feeds, of which every
// tenth is a list of its own.
func TestValidatorHasNothingAgainstTheCorpus(t *testing.T) {
	p, _ := corpusWorld(t, 1000)
	for _, complaint := range w3c(t, serve(t, p.Handler(), xmlOnly(listPaths(t, p, 10)))) {
		t.Error(complaint)
	}
}

// O01, O19: nothing against the feeds of a planet without an item, with one,
// and with the worst of everything.
func TestValidatorHasNothingAgainstAnyPlanet(t *testing.T) {
	for _, n := range []int{0, 1, 50} {
		m := newMemory(n)
		for i := range n {
			m.edit(i, worst(i))
		}
		if n > 1 {
			m.list.OwnerName, m.list.OwnerEmail = "Ada", "ada@planet.example"
		}
		h := serverOf(t, m, func(c *Config) { c.Hub = "https://hub.example/" }).Handler()
		for _, complaint := range w3c(t, serve(t, h, []string{
			"/feed.atom", "/feed.rss", "/feed.atom?show=title", "/feed.rss?show=excerpt", "/c/labs/feed.atom", "/s/alpha/feed.rss", "/feed.atom?language=fr",
			"/search.atom?q=%3Ca%3E%26%22%27%5D%5D%3E", "/search.rss?tag=labs", "/feeds.opml", "/c/labs/feeds.opml", "/opensearch.xml", "/sources.atom",
		})) {
			t.Errorf("planet of %d: %s", n, complaint)
		}
	}
}

// worst makes a story as bad as stories come; of several kinds, by i.
func worst(i int) func(*caravan.Story) {
	return func(st *caravan.Story) {
		item := &st.Head
		switch i % 10 {
		case 0:
			item.Title, item.Summary, item.Content = "A & B <i> ]]> -- \x00\x08\ufffe \u0085\u202e", "<!DOCTYPE x> &amp; </title>", "<p>]]&gt; -- \x01 \ufffd\ufffe</p>"
		case 1:
			item.Title, item.Authors, item.Tags = "", []string{"<mail@only.example>", " ", "A <a@b.example>"}, []string{"", "R&D", "\x0b"}
		case 2:
			item.Undated, item.Language = true, "not a language"
		case 3:
			item.Enclosures = []caravan.Enclosure{{URL: "https://a.example/e p.mp3", Type: "nonsense", Length: -1}, {URL: "https://a.example/2.pdf"}, {URL: "ftp://x/y"}}
			item.Media = caravan.Media{Duration: 90 * time.Second, Episode: "x1", Season: "2", Explicit: "YES"}
		case 4:
			item.Link, item.ImageURL, item.Comments = "https://bücher.example/ü?a[]=1|2#x y", "data:image/png;base64,x", "https://a.example/c c"
		case 5:
			st.AlsoAt = []caravan.Appearance{{Title: "B & <c>", URL: "https://b.example/\"><script>"}, {URL: "javascript:alert(1)"}}
			item.Rights, item.License, item.InReplyTo = "© <b>", "https://creativecommons.org/licenses/by/4.0/", "tag:a.example,2020:x"
		case 6:
			item.Revisions, item.Changed = 3, item.FirstSeen.Add(time.Hour)
			st.Source.Feed = caravan.FeedInfo{ID: "no id", Rights: "a < b & c"}
		case 7:
			item.Content, item.Summary, st.FeedID = "", "", "urn:uuid:"+fmt.Sprintf("6ba7b811-9dad-51d1-80b4-%012d", i)
		case 8:
			item.Content = "<pre>a\r\n\tb</pre><p>" + strings.Repeat("&lt;é&gt; ", 20_000) + "</p>"
		case 9:
			st.Source.Title, st.Source.SiteURL, item.Language = "", "not an address", "pt-BR"
		}
	}
}
