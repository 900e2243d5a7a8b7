package document

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"caravan"
)

// parseOne parses a document and returns its only item.
func parseOne(t *testing.T, body string) caravan.Item {
	t.Helper()
	doc, err := Parse([]byte(body), Options{URL: "https://example.org/feed.xml"})
	if err != nil || len(doc.Items) != 1 {
		t.Fatalf("%d items, %v, from %s", len(doc.Items), err, body)
	}
	return doc.Items[0]
}

// rssItem wraps the children of an item in a feed that declares what is usual.
func rssItem(children string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:creativeCommons="http://backend.userland.com/creativeCommonsRssModule">
<channel><title>T</title><link>https://example.org/</link><item>` + children + `</item></channel></rss>`
}

func atomEntry(children string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:thr="http://purl.org/syndication/thread/1.0"><title>T</title><link href="https://example.org/"/>
<author><name>Feed Author</name></author><entry>` + children + `</entry></feed>`
}

// fields names some fields of an item and what they hold.
type fields map[string]any

// check compares the named fields of an item.
func (f fields) check(t *testing.T, name string, item caravan.Item) {
	t.Helper()
	v := reflect.ValueOf(item)
	for field, want := range f {
		if got := v.FieldByName(field).Interface(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s = %q, want %q", name, field, got, want)
		}
	}
}

func TestItemsOfRSSAreMapped(t *testing.T) {
	tests := []struct {
		name, children string
		want           fields
	}{
		{"permalink GUID", `<guid>https://example.org/a</guid>`, fields{"GUID": "https://example.org/a", "Link": "https://example.org/a"}},
		{"GUID that is no permalink", `<guid isPermaLink="false">https://example.org/a</guid>`, fields{"GUID": "https://example.org/a", "Link": ""}},
		{"relative link", `<link>/a?b=c&amp;d</link>`, fields{"Link": "https://example.org/a?b=c&d"}},
		{"link in an attribute", `<link href="a"/>`, fields{"Link": "https://example.org/a"}},
		{"first of two links", `<link>https://example.org/1</link><link/>`, fields{"Link": "https://example.org/1"}},
		{"link over lines", "<link>\n https://example.org/a\n  b </link>", fields{"Link": "https://example.org/ab"}},
		{"link without scheme", `<link>www.example.com/a</link>`, fields{"Link": "http://www.example.com/a"}},
		{"no web address", `<link>mailto:jo@example.org</link><guid>javascript:alert(1)</guid>`, fields{"Link": ""}},
		{"Atom link", `<atom:link href="/b"/>`, fields{"Link": "https://example.org/b"}},
		{"xml:base", `<link xml:base="https://other.example/x/">y</link>`, fields{"Link": "https://other.example/x/y"}},
		{"title with markup", `<title>&lt;b&gt;A&lt;/b&gt; &amp;amp; B &lt;dialog&gt; List&lt;String&gt;</title>`, fields{"Title": "A & B <dialog> List<String>"}},
		{"title escaped twice", `<title>caf&amp;eacute; &amp;#8211; x</title>`, fields{"Title": "café – x"}},
		{"Dublin Core title", `<dc:title>A</dc:title>`, fields{"Title": "A"}},
		{"authors", `<dc:creator>Jo Doe</dc:creator><dc:creator>Al Roe</dc:creator>`, fields{"Authors": []string{"Jo Doe", "Al Roe"}}},
		{"address and name", `<author>jo@example.org (Jo Doe)</author>`, fields{"Authors": []string{"Jo Doe"}}},
		{"name and address", `<author>Jo Doe &lt;jo@example.org&gt;</author>`, fields{"Authors": []string{"Jo Doe"}}},
		{"address alone", `<author>jo.doe@example.org</author>`, fields{"Authors": []string{"jo.doe"}}},
		{"names gofeed loses", `<author>Nick Ames (now), Ed Aarons and Ben Fisher (earlier)</author>`, fields{"Authors": []string{"Nick Ames (now), Ed Aarons and Ben Fisher (earlier)"}}},
		{"a handle", `<dc:creator>@lawnchairapp</dc:creator>`, fields{"Authors": []string{"@lawnchairapp"}}},
		{"author with parts", `<author><name>Jo</name><title>Editor</title></author><title>A</title>`, fields{"Authors": []string{"Jo"}, "Title": "A"}},
		{"categories", `<category>A</category><category domain="x"> a </category><dc:subject>B</dc:subject><itunes:keywords>C, D</itunes:keywords>`, fields{"Tags": []string{"A", "B", "C", "D"}}},
		{"source", `<source url="https://other.example/feed">Other</source>`, fields{"Origin": caravan.Origin{Title: "Other", URL: "https://other.example/feed"}}},
		{"comments", `<comments>/a#c</comments>`, fields{"Comments": "https://example.org/a#c"}},
		{"reply", `<thr:in-reply-to ref="tag:x" href="https://example.org/x"/>`, fields{"InReplyTo": "tag:x"}},
		{"licence", `<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>`, fields{"License": "https://creativecommons.org/licenses/by/4.0/"}},
		{"rights", `<dc:rights>© Jo</dc:rights>`, fields{"Rights": "© Jo"}},
		{"language", `<dc:language>pt-BR</dc:language>`, fields{"Language": "pt-BR"}},
		{"enclosures", `<enclosure url="/a.mp3" length="12" type="Audio/MPEG"/><enclosure url="https://example.org/a.mp3"/><media:content url="b.mp4" type="video/mp4" fileSize="7"/>`,
			fields{"Enclosures": []caravan.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 12}, {URL: "https://example.org/b.mp4", Type: "video/mp4", Length: 7}}}},
		{"image", `<media:content url="/i.jpg" medium="image"/><media:thumbnail url="/t.jpg"/>`, fields{"ImageURL": "https://example.org/i.jpg", "Enclosures": []caravan.Enclosure(nil)}},
		{"podcast", `<itunes:duration>1:02:03</itunes:duration><itunes:episode>4</itunes:episode><itunes:season>2</itunes:season><itunes:explicit>Yes</itunes:explicit><itunes:image href="/i.png"/>`,
			fields{"Media": caravan.Media{Duration: 3723 * time.Second, Episode: "4", Season: "2", Explicit: "yes", ImageURL: "https://example.org/i.png"}}},
		{"dates", `<pubDate>Mon, 02 Jan 2006 15:04:05 +0100</pubDate><atom:updated>2006-01-03T00:00:00Z</atom:updated>`,
			fields{"Published": time.Date(2006, 1, 2, 14, 4, 5, 0, time.UTC), "Updated": time.Date(2006, 1, 3, 0, 0, 0, 0, time.UTC)}},
		{"Dublin Core date", `<dc:date>2006-01-02</dc:date>`, fields{"Published": time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC)}},
		{"year 1", `<pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate>`, fields{"Published": time.Time{}}},
		{"undeclared prefix", `<dcterms:modified>2006-01-02</dcterms:modified><slash:comments>3</slash:comments>`, fields{"Updated": time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC)}},
	}
	for _, test := range tests {
		test.want.check(t, test.name, parseOne(t, rssItem(test.children)))
	}
}

func TestEntriesOfAtomAreMapped(t *testing.T) {
	tests := []struct {
		name, children string
		want           fields
	}{
		{"opaque id", `<id>t3_abc</id>`, fields{"GUID": "t3_abc", "Link": ""}},
		{"id with a space", `<id> Correct Value </id>`, fields{"GUID": "Correct Value"}},
		{"id under xml:base", `<id xml:base="https://other.example/">t3</id>`, fields{"GUID": "t3"}},
		{"id as link", `<id>https://example.org/a</id>`, fields{"Link": "https://example.org/a"}},
		{"HTML alternate first", `<link href="/a.xml" type="application/xml"/><link rel="alternate" type="text/html" href="/a"/>`, fields{"Link": "https://example.org/a"}},
		{"other relation", `<link rel="related" href="/r"/><link rel="edit" href="/e"/>`, fields{"Link": "https://example.org/r"}},
		{"only self", `<link rel="self" href="/s"/>`, fields{"Link": "https://example.org/s"}},
		{"only edit", `<link rel="edit" href="/e"/>`, fields{"Link": ""}},
		{"plain title", `<title>How &lt;dialog&gt; works &amp;amp; more</title>`, fields{"Title": "How <dialog> works & more"}},
		{"HTML title", `<title type="html">&lt;em&gt;A&lt;/em&gt; &amp;lt;b&amp;gt;</title>`, fields{"Title": "A <b>"}},
		{"XHTML title", `<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>b</em> &lt;c&gt;</div></title>`, fields{"Title": "A b <c>"}},
		{"label and term", `<category term="gov" label="Government"/><category term="http://x/y#z" label="Z"/>`, fields{"Tags": []string{"Government", "gov", "Z"}}},
		{"author", `<author><name>Jo</name></author><author><email>al@example.org</email></author>`, fields{"Authors": []string{"Jo", "al"}}},
		{"the feed's author", `<title>A</title>`, fields{"Authors": []string{"Feed Author"}}},
		{"source", `<source><title>S</title><link href="https://s.example/"/><link rel="self" href="https://s.example/feed"/><author><name>S. Author</name></author></source>`,
			fields{"Origin": caravan.Origin{Title: "S", URL: "https://s.example/feed"}, "Authors": []string{"S. Author"}}},
		{"enclosure and licence", `<link rel="enclosure" href="/a.mp3" type="audio/mpeg" length="5"/><link rel="license" href="https://l.example/"/><link rel="replies" type="text/html" href="/c"/>`,
			fields{"Enclosures": []caravan.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 5}}, "License": "https://l.example/", "Comments": "https://example.org/c"}},
		{"YouTube", `<title>V</title><media:group><media:title>V</media:title><media:thumbnail url="https://i.example/1.jpg"/><media:description>One

Two &lt; three</media:description></media:group>`, fields{"Content": "<p>One</p><p>Two &lt; three</p>", "ImageURL": "https://i.example/1.jpg"}},
		{"language", `<title xml:lang="fr">A</title><content xml:lang="es">hola</content>`, fields{"Language": "es"}},
		{"updated only", `<updated>2006-01-02T15:04:05Z</updated>`, fields{"Published": time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC)}},
		{"plain content", `<content>1 &lt; 2
&amp; 3</content>`, fields{"Content": "<p>1 &lt; 2<br>&amp; 3</p>"}},
		{"undeclared HTML", `<content>&lt;p&gt;x&lt;/p&gt;</content>`, fields{"Content": "<p>x</p>"}},
		{"HTML content", `<content type="html">&lt;p&gt;x &amp;amp; y&lt;/p&gt;</content>`, fields{"Content": "<p>x &amp; y</p>"}},
		{"XHTML content", `<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>a &lt;b&gt;</h:p><h:i/><h:br/></h:div></content>`,
			fields{"Content": `<div xmlns:h="http://www.w3.org/1999/xhtml"><p>a &lt;b&gt;</p><i></i><br/></div>`}},
		{"content under xml:base", `<content type="html" xml:base="https://b.example/x/">&lt;img src="i.png"&gt;&lt;a href="#n"&gt;&lt;a href="http://c.example"&gt;</content>`,
			fields{"Content": `<img src="https://b.example/x/i.png"><a href="#n"><a href="http://c.example">`}},
		{"base64", `<content type="text/html" mode="base64">PHA+eDwvcD4=</content>`, fields{"Content": "<p>x</p>"}},
		{"binary content", `<summary>s</summary><content type="image/png">iVBORw0KGgo=</content>`, fields{"Content": "<p>s</p>"}},
		{"summary", `<summary>short</summary><content type="html">&lt;p&gt;long&lt;/p&gt;</content>`, fields{"Content": "<p>long</p>", "Summary": "<p>short</p>", "Full": true}},
	}
	for _, test := range tests {
		test.want.check(t, test.name, parseOne(t, atomEntry(test.children)))
	}
}

func TestFullTextIsToldFromExcerpts(t *testing.T) {
	long := strings.Repeat("Many words are here. ", 40)
	tests := []struct {
		name, children         string
		content, summary, full any
	}{
		{"encoded and description", `<title>t</title><description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>`, "<p>long</p>", "short", true},
		{"description alone, long", `<title>t</title><description>` + long + `</description>`, strings.TrimSpace(long), "", true},
		{"description alone, short", `<title>t</title><description>short</description>`, "short", "", false},
		{"cut with dots", `<title>t</title><description>` + long + ` [&amp;#8230;]</description>`, long + " [&#8230;]", "", false},
		{"a note without title", `<description>short</description>`, "short", "", true},
		{"both the same", `<description>same</description><content:encoded>same</content:encoded>`, "same", "", true},
		{"XHTML body", `<description>d</description><body xmlns="http://www.w3.org/1999/xhtml"><p>x</p></body>`, "<p>x</p>", "d", true},
		{"encoded is empty", `<title>t</title><description>d</description><content:encoded/>`, "d", "", false},
		{"escaped twice", `<description>&amp;lt;p&amp;gt;x&amp;lt;/p&amp;gt;</description>`, "<p>x</p>", "", true},
		{"inline markup", `<title>t</title><description>a <b>c</b> d</description>`, "a <b>c</b> d", "", false},
		{"nothing", `<title>t</title>`, "", "", false},
	}
	for _, test := range tests {
		fields{"Content": test.content, "Summary": test.summary, "Full": test.full}.check(t, test.name, parseOne(t, rssItem(test.children)))
	}
}

func TestAFeedGivesArticlesOrTheirBeginnings(t *testing.T) {
	long := strings.Repeat("Many words are here. ", 40)
	items := func(texts ...string) string {
		body := "<rss><channel>"
		for _, s := range texts {
			body += "<item><title>t</title><description>" + s + "</description></item>"
		}
		return body + "</channel></rss>"
	}
	tests := []struct {
		name, body string
		want       []bool
	}{
		{"articles, a short one among them", items(long, long, "short"), []bool{true, true, true}},
		{"beginnings, a long one among them", items("short", "short", long), []bool{false, false, false}},
		{"articles, one of them cut", items(long, long, long+"…"), []bool{true, true, false}},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, item := range doc.Items {
			if item.Full != test.want[i] {
				t.Errorf("%s: item %d full is %v", test.name, i, item.Full)
			}
		}
	}
}

func TestItemsInsideItemsAreReadInTheirPlace(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string
	}{
		{"an empty one", `<rss><channel><item><title>a</title><item/><link>x</link></item></channel></rss>`, []string{"a"}},
		{"in an extension", `<rss><channel><item><x:y><item><title>b</title></item></x:y><title>a</title></item><item><title>c</title></item></channel></rss>`, []string{"a", "b", "c"}},
		{"never closed", `<rss><channel><item><title>a</title><x:y><item><title>b</title></rss>`, []string{"a"}},
		{"in an entry that is all", `<entry xmlns="http://www.w3.org/2005/Atom"><title>a</title><entry><title>b</title></entry></entry>`, []string{"a"}},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		if err != nil || !reflect.DeepEqual(titles(doc.Items), test.want) {
			t.Errorf("%s: %q, %v, want %q", test.name, titles(doc.Items), err, test.want)
		}
	}
}

func TestRawIsTheItemInTheSource(t *testing.T) {
	item := parseOne(t, rssItem(`<title>a &amp; <![CDATA[b]]></title>`))
	if want := `<item><title>a &amp; <![CDATA[b]]></title></item>`; string(item.Raw) != want {
		t.Errorf("raw %q, want %q", item.Raw, want)
	}
	item = parseOne(t, `{"version":"https://jsonfeed.org/version/1","items":[ {"id": "1", "x": [1]} ]}`)
	if want := `{"id": "1", "x": [1]}`; string(item.Raw) != want {
		t.Errorf("raw %q, want %q", item.Raw, want)
	}
}

func TestOtherFormatsAreRead(t *testing.T) {
	tests := []struct {
		name, body, format string
		want               fields
	}{
		{"RSS 1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"><title>T</title></channel>
<item rdf:about="https://example.org/1"><title>A</title><dc:creator>Jo</dc:creator></item></rdf:RDF>`, "rdf 1.0", fields{"GUID": "https://example.org/1", "Link": "https://example.org/1", "Authors": []string{"Jo"}}},
		{"RSS 0.91", `<rss version="0.91"><channel><title>T</title></channel><item><title>A</title></item></rss>`, "rss 0.91", fields{"Title": "A"}},
		{"Atom 0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped" type="text/html">A &lt;b&gt;x&lt;/b&gt;</title><issued>2004-01-02</issued></entry></feed>`, "atom 0.3",
			fields{"Title": "A x", "Published": time.Date(2004, 1, 2, 0, 0, 0, 0, time.UTC)}},
		{"entry alone", `<entry xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>A</title></entry>`, "atom 1.0", fields{"GUID": "x", "Title": "A"}},
		{"CDF", `<CHANNEL HREF="https://example.org/"><TITLE>T</TITLE><ITEM HREF="https://example.org/1" LASTMOD="2004-01-02"><TITLE>A</TITLE><ABSTRACT>b</ABSTRACT></ITEM></CHANNEL>`, "cdf",
			fields{"Title": "A", "Link": "https://example.org/1", "Content": "b"}},
		{"RSS 1.1", `<Channel xmlns="http://purl.org/net/rss1.1#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><title>T</title><items rdf:parseType="Collection"><item rdf:about="https://example.org/1"><title>A</title></item></items></Channel>`,
			"rdf 1.1", fields{"Title": "A"}},
		{"prefixed Atom", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>x</a:id><a:title>A</a:title></a:entry></a:feed>`, "atom 1.0", fields{"GUID": "x", "Title": "A"}},
		{"wrong-case namespace", `<feed xmlns="HTTP://WWW.W3.org/2005/atom/"><entry><title>A</title></entry></feed>`, "atom 1.0", fields{"Title": "A"}},
		{"unknown namespace", `<rss version="2.0" xmlns="urn:whatever"><channel><item><title>A</title></item></channel></rss>`, "rss 2.0", fields{"Title": "A"}},
		{"Atom's namespace on RSS", `<rss version="2.0" xmlns="http://www.w3.org/2005/Atom"><channel><item><title>A</title><link>/a</link></item></channel></rss>`, "rss 2.0", fields{"Link": "https://example.org/a"}},
		{"inside a page", `<html xmlns="http://www.w3.org/1999/xhtml"><body><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title></entry></feed></body></html>`, "atom 1.0", fields{"Title": "A"}},
		{"item in an odd place", `<rss version="2.0"><channel><x><item><title>A</title></item></x></channel></rss>`, "rss 2.0", fields{"Title": "A"}},
	}
	for _, test := range tests {
		test.want.check(t, test.name, parseOne(t, test.body))
		if doc, _ := Parse([]byte(test.body), Options{}); doc.Feed.Format != test.format {
			t.Errorf("%s: format %q, want %q", test.name, doc.Feed.Format, test.format)
		}
	}
}
