package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"caravan/internal/feedcheck"
)

var published = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// hostile is what stands in every field of the worst entries.
const hostile = "A & B <i> ]]> -- <!DOCTYPE x> <?pi?> </title> \x00\x01\x08\x0b\x1f\x7f\u0085\ufffe\uffff\ufdd0\xff \u202e é"

// testDocument is a document with everything in it.
func testDocument(f Format) Document {
	return Document{
		ID: "https://planet.example/feed.atom", Title: "Planet & <co>", Subtitle: "All of it", Home: "https://planet.example/",
		Self: "https://planet.example/feed." + string(f), Hub: "https://hub.example/", Updated: published.Add(time.Hour),
		Version: "1.2.3", Website: "https://planet.example/about",
		Formats: map[Format]string{
			Atom: "https://planet.example/feed.atom", RSS: "https://planet.example/feed.rss", JSON: "https://planet.example/feed.json",
		},
		Links: Links{
			First: "https://planet.example/feed?first", Previous: "https://planet.example/feed?previous", Next: "https://planet.example/feed?next",
			Current: "https://planet.example/feed?current", PrevArchive: "https://planet.example/feed?older", NextArchive: "https://planet.example/feed?newer",
		},
		Archive: true, Owner: Owner{Name: "Ada", Email: "ada@planet.example"}, Podcast: true,
		Search:  &Search{Terms: `<a>&"']]> é`, Total: 7, Start: 1, PerPage: 100, Description: "https://planet.example/opensearch.xml"},
		Deleted: []Tombstone{{ID: "tag:planet.example,2026:gone", When: published}},
	}
}

// testEntries are one of each kind: full, bare, and with hostile text in every
// field.
func testEntries() []Entry {
	full := Entry{
		ID: "https://alpha.example/1", Link: "https://alpha.example/1", Title: "A & B <i>", Authors: []string{"Ada Núñez", "Bo <bo@example.org>"},
		Tags: []string{"labs", "R&D"}, Language: "pt-BR", Published: published, Updated: published,
		Summary: "Short & sweet.", Content: "<p>One &amp; two</p>\r\n<pre>a\n b</pre>",
		Rights: "© Alpha", License: "https://creativecommons.org/licenses/by/4.0/", InReplyTo: "https://other.example/post", Comments: "https://alpha.example/1#comments",
		Image: "https://alpha.example/1.png", Media: Media{Duration: 62 * time.Minute, Episode: "7", Season: "2", Explicit: true}, Podcast: true,
		Enclosures: []Enclosure{{URL: "https://alpha.example/1.mp3", Type: "audio/mpeg", Length: 1234}, {URL: "https://alpha.example/1.pdf"}},
		Source:     Source{ID: "tag:alpha.example,2020:feed", Title: "Alpha & Co", Feed: "https://alpha.example/feed", Site: "https://alpha.example/", Rights: "CC BY", License: "https://creativecommons.org/licenses/by/3.0/"},
		AlsoAt:     []Reference{{Title: "Beta", URL: "https://beta.example/one"}, {Title: "Nowhere", URL: "javascript:alert(1)"}},
	}
	bare := Entry{
		ID: "urn:uuid:6ba7b811-9dad-51d1-80b4-00c04fd430c8", Link: "https://beta.example/?p=1", Updated: published,
		Source: Source{Feed: "https://Beta.example:443"},
	}
	bad := Entry{
		ID: "tag:gamma.example,2026:1", Link: "https://gamma.example/ü?a[]=1|2#x", Title: hostile, Authors: []string{hostile, " "},
		Tags: []string{hostile, ""}, Language: "not a language", Published: published, Updated: published, Summary: hostile, Content: "<p>" + hostile + "</p>",
		Rights: hostile, License: "javascript:alert(1)", InReplyTo: "not an address", Comments: "data:text/html,x", Image: "//relative/",
		Enclosures: []Enclosure{{URL: "https://gamma.example/a b.mp3", Type: "nonsense", Length: -4}, {URL: "file:///etc/passwd"}},
		Source:     Source{ID: "no id", Title: hostile, Feed: "https://gamma.example/fe ed", Site: "javascript:alert(1)", Rights: hostile},
		AlsoAt:     []Reference{{Title: hostile, URL: "https://delta.example/\"><script>"}},
	}
	return []Entry{full, bare, bad}
}

// write writes a document or ends the test.
func write(t *testing.T, f Format, d Document, entries []Entry) []byte {
	t.Helper()
	out, err := Write(f, d, entries)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// grammarCheck holds a document against one of the grammars in testdata.
func grammarCheck(t *testing.T, grammar string, document []byte) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	cmd := exec.Command("xmllint", "--noout", "--relaxng", "testdata/"+grammar, "-")
	cmd.Stdin = bytes.NewReader(document)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %s\n%s", grammar, out, document)
	}
}

// O01, O08, S26: valid whatever the text, with no, one and many entries.
func TestDocumentsAreValid(t *testing.T) {
	entries := testEntries()
	for _, f := range []Format{Atom, RSS} {
		for n := range len(entries) + 1 {
			t.Run(fmt.Sprintf("%s of %d", f, n), func(t *testing.T) {
				grammarCheck(t, string(f)+".rng", write(t, f, testDocument(f), entries[:n]))
				bare := Document{
					ID: "https://planet.example/feed.atom", Title: "P", Home: "https://planet.example/", Self: "https://planet.example/feed",
					Updated: published, Website: "https://planet.example/about", Podcast: true,
				}
				grammarCheck(t, string(f)+".rng", write(t, f, bare, entries[:n]))
			})
		}
	}
}

// O08: no character of any kind breaks a document.
func TestEveryCharacterIsWellFormed(t *testing.T) {
	var all strings.Builder
	for r := range rune(0x300) {
		all.WriteRune(r)
	}
	for _, r := range []rune{0xd7ff, 0xe000, 0xfdd0, 0xfdef, 0xfffd, 0xfffe, 0xffff, 0x1fffe, 0x10ffff} {
		all.WriteRune(r)
	}
	all.WriteString("\xed\xa0\x80\xff\xfe") // a surrogate, and no UTF-8 at all
	e := Entry{
		ID: "https://a.example/", Link: "https://a.example/", Title: all.String(), Summary: all.String(), Content: all.String(), Rights: all.String(),
		Authors: []string{all.String()}, Tags: []string{all.String()}, Updated: published, Source: Source{Title: all.String(), Feed: "https://a.example/"},
	}
	for _, f := range Formats() {
		out := write(t, f, testDocument(f), []Entry{e})
		if f == JSON {
			if !json.Valid(out) {
				t.Errorf("%s is not valid JSON", f)
			}
			continue
		}
		dec := xml.NewDecoder(bytes.NewReader(out))
		for {
			if _, err := dec.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v", f, err)
				}
				break
			}
		}
	}
}

// A parsedEntry is what a reader gets of an entry or item.
type parsedEntry struct {
	ID      string   `xml:"id"`
	GUID    string   `xml:"guid"`
	Title   string   `xml:"title"`
	Content string   `xml:"content"`
	Encoded string   `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
	Updated string   `xml:"http://www.w3.org/2005/Atom updated"`
	Names   []string `xml:"author>name"`
	Creator []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
}

// parse reads the entries of an XML document.
func parse(t *testing.T, document []byte) []parsedEntry {
	t.Helper()
	var doc struct {
		Entries []parsedEntry `xml:"entry"`
		Items   []parsedEntry `xml:"channel>item"`
	}
	if err := xml.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	return append(doc.Entries, doc.Items...)
}

// O07: a title is the same plain text in every format.
func TestTitlesArePlainText(t *testing.T) {
	for _, title := range []string{"A & B <i>", "AT&amp;T is written so", "1 < 2 > 0", `"quotes" 'and' more`} {
		e := Entry{ID: "https://a.example/", Link: "https://a.example/", Title: title, Updated: published, Source: Source{Feed: "https://a.example/"}}
		for _, f := range []Format{Atom, RSS} {
			if got := parse(t, write(t, f, testDocument(f), []Entry{e}))[0].Title; got != title {
				t.Errorf("%s title = %q, want %q", f, got, title)
			}
		}
	}
}

// O23: content is escaped once: what a parser gets is what was stored.
func TestContentComesThroughUnchanged(t *testing.T) {
	for _, content := range []string{
		"<p>One &amp; two &lt;b&gt;</p>", "<pre>a\n\tb\r\nc</pre>", `<a href="https://a.example/?a=1&amp;b=2">]]&gt;</a>`, "<p>😀 \u00a0 \u2028</p>",
	} {
		e := Entry{ID: "https://a.example/", Link: "https://a.example/", Title: "t", Content: content, Updated: published, Source: Source{Feed: "https://a.example/"}}
		if got := parse(t, write(t, Atom, testDocument(Atom), []Entry{e}))[0].Content; got != content {
			t.Errorf("atom content = %q, want %q", got, content)
		}
		if got := parse(t, write(t, RSS, testDocument(RSS), []Entry{e}))[0].Encoded; got != content {
			t.Errorf("rss content = %q, want %q", got, content)
		}
		var doc struct {
			Items []struct {
				HTML string `json:"content_html"`
			} `json:"items"`
		}
		if err := json.Unmarshal(write(t, JSON, testDocument(JSON), []Entry{e}), &doc); err != nil || doc.Items[0].HTML != content {
			t.Errorf("json content = %q, want %q (%v)", doc.Items[0].HTML, content, err)
		}
	}
}

// O04: the same values give the same bytes.
func TestWritingTwiceGivesTheSameBytes(t *testing.T) {
	for _, f := range Formats() {
		if a, b := write(t, f, testDocument(f), testEntries()), write(t, f, testDocument(f), testEntries()); !bytes.Equal(a, b) {
			t.Errorf("%s differs from itself", f)
		}
	}
}

func TestEntriesChangedInOneSecondAreToldApart(t *testing.T) {
	seen := map[string]bool{}
	for i := range int64(2000) {
		s := stampApart(published, fmt.Sprintf("https://a.example/%d", i))
		if seen[s] || !strings.HasPrefix(s, "2026-11-24T09:30:00.") {
			t.Fatalf("stampApart of entry %d = %s, seen before or of another second", i, s)
		}
		seen[s] = true
	}
}

// O05: every entry names its source and an author.
func TestEntriesNameSourceAndAuthor(t *testing.T) {
	entries := testEntries()
	entries = append(entries, Entry{
		ID: "https://d.example/", Link: "https://d.example/", Title: "t", Authors: []string{"<only@mail.example>"}, Updated: published,
		Source: Source{Title: "Delta", Feed: "https://d.example/"},
	})
	want := [][]string{{"Ada Núñez", "Bo"}, {"beta.example"}, nil, {"Delta"}}
	for i, e := range parse(t, write(t, Atom, testDocument(Atom), entries)) {
		if i != 2 && fmt.Sprint(e.Names) != fmt.Sprint(want[i]) {
			t.Errorf("authors of %s = %q, want %q", e.ID, e.Names, want[i])
		}
		if len(e.Names) == 0 {
			t.Errorf("entry %s has no author", e.ID)
		}
	}
	atom := string(write(t, Atom, testDocument(Atom), entries[:1]))
	for _, part := range []string{
		"<id>tag:alpha.example,2020:feed</id>", `<title type="text">Alpha &#x26; Co</title>`, `<link rel="self" href="https://alpha.example/feed"/>`,
		`<link rel="alternate" type="text/html" href="https://alpha.example/"/>`, `<rights type="text">CC BY</rights>`,
		`<link rel="license" href="https://creativecommons.org/licenses/by/3.0/"/>`,
	} {
		if _, source, _ := strings.Cut(atom, "<source>"); !strings.Contains(source, part) {
			t.Errorf("atom:source lacks %s in\n%s", part, atom)
		}
	}
}

// O06, O20, O21, O22 and the podcast fields: each thing stands where its format
// has it.
func TestFieldsStandWhereReadersLook(t *testing.T) {
	for _, test := range []struct {
		format Format
		want   []string
	}{
		{Atom, []string{
			`<entry xml:lang="pt-BR">`, `<thr:in-reply-to ref="https://other.example/post" href="https://other.example/post"/>`,
			`<link rel="enclosure" type="audio/mpeg" length="1234" href="https://alpha.example/1.mp3"/>`,
			`<link rel="enclosure" type="application/pdf" href="https://alpha.example/1.pdf"/>`,
			`<link rel="related" type="text/html" title="Beta" href="https://beta.example/one"/>`,
			`<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>`, `<link rel="replies" type="text/html" href="https://alpha.example/1#comments"/>`,
			`<category term="R&amp;D"/>`, `<rights type="text">© Alpha</rights>`, `duration="3720"`, `<media:thumbnail url="https://alpha.example/1.png"/>`,
			`<at:deleted-entry ref="tag:planet.example,2026:gone" when="2026-11-24T09:30:00Z"/>`, `<fh:archive></fh:archive>`,
			`<link rel="hub" href="https://hub.example/"/>`, `<link rel="prev-archive" type="application/atom+xml" href="https://planet.example/feed?older"/>`,
			`Publicado também em`,
		}},
		{RSS, []string{
			`<guid>https://alpha.example/1</guid>`, `<guid isPermaLink="false">urn:uuid:`, `<pubDate>Tue, 24 Nov 2026 09:30:00 +0000</pubDate>`,
			`<dc:creator>Ada Núñez</dc:creator>`, `<dc:language>pt-BR</dc:language>`, `<source url="https://alpha.example/feed">Alpha &#x26; Co</source>`,
			`<enclosure url="https://alpha.example/1.mp3" length="1234" type="audio/mpeg"/>`, `<itunes:duration>1:02:00</itunes:duration>`,
			`<itunes:episode>7</itunes:episode>`, `<itunes:season>2</itunes:season>`, `<itunes:explicit>true</itunes:explicit>`,
			`<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>`, `<dc:rights>© Alpha</dc:rights>`,
			`<atom:link rel="self" type="application/rss+xml" href="https://planet.example/feed.rss"/>`, `<comments>https://alpha.example/1#comments</comments>`,
			`<link>https://gamma.example/%C3%BC?a%5B%5D=1%7C2#x</link>`, `<opensearch:totalResults>7</opensearch:totalResults>`,
			`searchTerms="%3Ca%3E%26%22%27%5D%5D%3E%20%C3%A9"`,
		}},
		{JSON, []string{
			`"next_url":"https://planet.example/feed?next"`, `"hubs":[{"type":"WebSub","url":"https://hub.example/"}]`, `"language":"pt-BR"`,
			`{"url":"https://alpha.example/1.mp3","mime_type":"audio/mpeg","size_in_bytes":1234,"duration_in_seconds":3720}`,
			`"rights":"CC BY","license":"https://creativecommons.org/licenses/by/3.0/"}`,
			`"also_at":[{"title":"Beta","url":"https://beta.example/one"}]`, `"in_reply_to":"https://other.example/post"`,
			`"deleted":[{"id":"tag:planet.example,2026:gone","when":"2026-11-24T09:30:00Z"}]`,
		}},
	} {
		out := string(write(t, test.format, testDocument(test.format), testEntries()))
		for _, want := range test.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %s in\n%s", test.format, want, out)
			}
		}
		for _, never := range []string{"javascript:", "file:", "data:text"} {
			if strings.Contains(out, `"`+never) || strings.Contains(out, ">"+never) {
				t.Errorf("%s has an address of %s", test.format, never)
			}
		}
	}
}

// Without an owner to write to, no podcast field goes out.
func TestNoPodcastFieldsUnlessMarked(t *testing.T) {
	d, entries := testDocument(RSS), testEntries()
	d.Podcast, entries[0].Podcast = false, false
	if out := string(write(t, RSS, d, entries)); strings.Contains(out, "itunes") {
		t.Errorf("unmarked feed has podcast fields:\n%s", out)
	}
}

// O14: a JSON Feed 1.1 document, checked field by field.
func TestJSONFeedIsValid(t *testing.T) {
	for n := range len(testEntries()) + 1 {
		out := write(t, JSON, testDocument(JSON), testEntries()[:n])
		for _, problem := range feedcheck.JSON(out) {
			t.Errorf("%s in\n%s", problem, out)
		}
	}
}
