package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"caravan"
)

// seeds are small documents of every kind that the package reads.
func seeds() []string {
	return []string{
		`<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>http://example.org/</link><item><title>A &amp; B</title><link>/a</link><guid>1</guid><pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate><description><![CDATA[<p>x</p>]]></description><dc:creator>Jo</dc:creator><enclosure url="a.mp3" length="3" type="audio/mpeg"/></item></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="http://example.org/b/"><title type="html">T</title><link rel="self" href="f"/><entry><id>t</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>c</b><br/></div></title><link href="x"/><updated>2006-01-02T15:04:05Z</updated><content type="html">&lt;p&gt;x</content><author><name>Jo</name></author></entry></feed>`,
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://example.org/"><title>T</title></channel><item rdf:about="http://example.org/1"><title>A</title></item></rdf:RDF>`,
		`{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":1,"tags":"a,b","content_html":"<p>x","attachments":{"url":"http://example.org/a"}},{"id":"2"}]}`,
		`<CHANNEL HREF="http://example.org/"><TITLE>T</TITLE><ITEM HREF="http://example.org/1"><TITLE>A</TITLE></ITEM></CHANNEL>`,
		`<rss><channel><item><title><![CDATA[A</title><link>b<pubDate>x</link></item><item><title>3 < 5 & <b>c</item><item>`,
		"<?xml version=\"1.0\" encoding=\"utf-16\"?><rss><channel><item><title>caf\xe9 \x00\x1f&#x1F;&#128;&eacute;&foo;</title></item></channel></rss>",
		`{"a":"""b":"items":["id":1,"tags":}{]}`,
		`<html><head><title>Page</title></head><body><p>x</body></html>`,
		`<entry xmlns="http://www.w3.org/2005/Atom"><title>a<item><title>b</title></item><entry/></entry>`,
		`<feed><entry><a><entry></feed>`,
		`<a:feed xmlns:a="HTTP://www.w3.org/2005/ATOM/"><a:entry><a:id>x</a:id><a:source><a:title>S</a:title></a:source></a:entry></a:feed>`,
		"\xff\xfe<\x00r\x00s\x00s\x00>\x00", `)]}' {"items":[`, `[]`, ``, `<`, `<rss`, `<rss><channel><item a='<x ' b="`,
	}
}

// addSeeds adds the seeds, and small files of the corpus where it is at hand.
func addSeeds(f *testing.F) {
	for _, seed := range seeds() {
		f.Add([]byte(seed), "text/xml; charset=utf-8")
	}
	shared := os.Getenv("CARAVAN_SHARED")
	if shared == "" {
		return
	}
	files, _ := filepath.Glob(filepath.Join(shared, "corpus", "conformance", "*"))
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil && len(data) < 8<<10 {
			f.Add(data, "")
		}
	}
}

func FuzzParse(f *testing.F) { // S16
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := Parse(body, Options{ContentType: contentType, URL: "http://example.org/feed", CutItem: true})
		if err != nil {
			if !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrBroken) {
				t.Errorf("error of no class: %v", err)
			}
			return
		}
		for _, item := range doc.Items {
			checkItem(t, item)
		}
		if again, err := Parse(body, Options{ContentType: contentType, URL: "http://example.org/feed", CutItem: true}); err != nil || len(again.Items) != len(doc.Items) {
			t.Errorf("the second time: %d items, %v; the first: %d", len(again.Items), err, len(doc.Items))
		}
	})
}

// checkItem checks what holds of every item.
func checkItem(t *testing.T, item caravan.Item) {
	t.Helper()
	texts := append([]string{item.Title, item.GUID, item.Link, item.Content, item.Summary, item.Rights, item.Language}, item.Authors...)
	for _, s := range append(texts, item.Tags...) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x01\x1f") {
			t.Errorf("not clean text: %q", s)
		}
	}
	addresses := []string{item.Link, item.ImageURL, item.Comments, item.License, item.Origin.URL, item.Media.ImageURL}
	for _, e := range item.Enclosures {
		addresses = append(addresses, e.URL)
	}
	for _, address := range addresses {
		if address != "" && !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
			t.Errorf("no web address: %q", address)
		}
	}
	if item.Published.Year() > 2200 || len(item.Title) > maxTitle {
		t.Errorf("out of bounds: %v %d", item.Published, len(item.Title))
	}
}

// FuzzCanonical checks what the guard promises: whatever comes in, the document
// that gofeed's recursive parser gets is well-formed, of limited depth, and
// gofeed finds exactly the entries in it.
func FuzzCanonical(f *testing.F) { // S09
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		src, _ := decode(body, contentType)
		p := &problems{text: src}
		root, err := findRoot(src, p)
		if err != nil {
			return
		}
		c, err := rewrite(src, root, p)
		if err != nil {
			return
		}
		checkCanonical(t, c)
	})
}

func checkCanonical(t *testing.T, c *canonical) {
	t.Helper()
	c.keepNewest(maxItems, &problems{})
	canonical, err := io.ReadAll(c.reader(c.entries))
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(canonical))
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("canonical document: %v\n%s", err, canonical)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth+2 {
			t.Fatalf("canonical document: deeper than %d", maxDepth)
		}
	}
	feed, err := parseGofeed(c.reader(c.entries))
	if err != nil || len(feed.Items) != len(c.entries) {
		t.Fatalf("gofeed on the canonical document: %v\n%s", err, canonical)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"Mon, 02 Jan 2006 15:04:05 -0700", "2006-01-02T15:04:05.5+02:00", "mar., 06 oct. 2020", "1/2/2006 3pm", "<time datetime='2020'>", "2020年1月10日", "1514862245"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		when, ok := parseDate(s)
		if !ok {
			return
		}
		if y := when.Year(); y < 1799 || y > 2201 {
			t.Errorf("parseDate(%q) = %v", s, when)
		}
		again, ok := parseDate(when.Format(time.RFC3339))
		if !ok || !again.Equal(when.Truncate(time.Second)) {
			t.Errorf("parseDate(%q) = %v, which is read as %v", s, when, again)
		}
	})
}

func FuzzDecode(f *testing.F) { // S15
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, _ := decode(body, contentType)
		if !utf8.Valid(text) {
			t.Fatalf("not valid UTF-8: %q", text)
		}
		if i := firstIllegal(text); i < len(text) {
			t.Fatalf("illegal character at %d of %q", i, text)
		}
	})
}
