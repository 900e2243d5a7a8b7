package canonical

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"caravan/fetcher/document/limits"
	"caravan/fetcher/document/markup"
)

// read rewrites a document and returns what came of it.
func read(t *testing.T, src string) (*Document, *Problems) {
	t.Helper()
	p := &Problems{Text: []byte(src)}
	root, err := FindRoot([]byte(src), p)
	if err != nil {
		t.Fatalf("FindRoot(%.200q): %v", src, err)
	}
	d, err := Rewrite([]byte(src), root, p)
	if err != nil {
		t.Fatalf("Rewrite(%.200q): %v", src, err)
	}
	return d, p
}

// inside returns the canonical document without what stands around it.
func inside(t *testing.T, d *Document) string {
	t.Helper()
	all, err := io.ReadAll(d.Reader(d.Entries))
	if err != nil {
		t.Fatal(err)
	}
	s := string(all)
	for _, around := range [][2]string{{`<rss version="2.0"><channel>`, `</channel></rss>`}, {`<feed>`, `</feed>`}} {
		if rest, ok := strings.CutPrefix(s, around[0]); ok {
			return strings.TrimSuffix(rest, around[1])
		}
	}
	return s
}

const spaces = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:xhtml="http://www.w3.org/1999/xhtml"`

func TestItemsOfRSSAreRewritten(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", ``, ``},
		{"text", `<title>a</title>`, `<title>a</title>`},
		{"upper case", `<TITLE>a</TITLE><pubDATE>9 Mar 2021</pubDATE>`, `<title>a</title><pubdate>2021-03-09T00:00:00Z</pubdate>`},
		{"white space around", "<title>\n a  b \n</title>", `<title>a  b</title>`},
		{"an empty element", `<title/>`, `<title></title>`},
		{"references", `<title>a &amp; b &eacute; &#233; &lt;b&gt; &nosuch;</title>`, `<title><![CDATA[a & b é é <b> &nosuch;]]></title>`},
		{"CDATA", `<title><![CDATA[a & <b>]]></title>`, `<title><![CDATA[a & <b>]]></title>`},
		{"CDATA in two parts", `<title><![CDATA[a]]>b<![CDATA[c]]></title>`, `<title>abc</title>`},
		{"the end of CDATA in text", `<title>a ]]&gt; b</title>`, `<title><![CDATA[a ]]]]><![CDATA[> b]]></title>`},
		{"tags in text", `<description>a <b>c</b><br/></description>`, `<description><![CDATA[a <b>c</b><br/>]]></description>`},
		{"a short form that HTML has not", `<description><div/>a<i class="x" /></description>`, `<description><![CDATA[<div></div>a<i class="x"></i>]]></description>`},
		{"prefixes of tags in text", `<description><xhtml:p>a</xhtml:p></description>`, `<description><![CDATA[<p>a</p>]]></description>`},
		{"comments in text", `<title>a<!-- b -->c<?d?></title>`, `<title>ac</title>`},
		{"a less-than sign in text", `<title>1 < 2 <3</title>`, `<title><![CDATA[1 &lt; 2 &lt;3]]></title>`},
		{"a less-than sign where no markup is", `<guid>1 < 2</guid>`, `<guid><![CDATA[1 < 2]]></guid>`},
		{"tags where no markup is", `<guid>a<b>c</b></guid>`, `<guid>ac</guid>`},
		{"attributes of use", `<guid isPermaLink="false" x="y">a</guid>`, `<guid isPermaLink="false">a</guid>`},
		{"attributes with references", `<enclosure url="a?b&amp;c" type='x"y' length="3" foo="bar"/>`, `<enclosure url="a?b&amp;c" type="x&#34;y" length="3"/>`},
		{"an element with content where only attributes matter", `<enclosure url="a">text</enclosure><title>b</title>`, `<enclosure url="a"/><title>b</title>`},
		{"what is of no use", `<foo>a</foo><bar:baz xmlns:bar="urn:x"><title>b</title></bar:baz><title>c</title>`, `<title>c</title>`},
		{"dates", `<pubDate>Tue, 09 Mar 2021 10:00:00 +0100</pubDate><dc:date>2021-03-09</dc:date>`, `<pubdate>2021-03-09T09:00:00Z</pubdate><dc:date>2021-03-09T00:00:00Z</dc:date>`},
		{"a date that is none", `<pubDate>soon</pubDate><pubDate/>`, ``},
		{"groups", `<media:group><media:content url="a"/><media:title>b</media:title></media:group>`, `<media:group><media:content url="a"/><media:title>b</media:title></media:group>`},
		{"a person", `<atom:author><atom:name>Jo</atom:name><atom:email>jo@a.example</atom:email></atom:author>`, `<atom:author><atom:name>Jo</atom:name><atom:email>jo@a.example</atom:email></atom:author>`},
		{"a person of Atom without prefix", `<author><name>Jo</name><email>x</email></author>`, `<author>Jo</author>`},
		{"other prefixes", `<d:creator xmlns:d="http://purl.org/dc/elements/1.1/">Jo</d:creator>`, `<dc:creator>Jo</dc:creator>`},
		{"a default namespace", `<creator xmlns="http://purl.org/dc/elements/1.1/">Jo</creator><title>a</title>`, `<dc:creator>Jo</dc:creator><title>a</title>`},
		{"a namespace ends with its element", `<x:y xmlns:x="http://purl.org/dc/elements/1.1/"/><x:creator>Jo</x:creator>`, ``},
		{"an undeclared prefix that all use", `<sy:updatePeriod>daily</sy:updatePeriod><thr:in-reply-to ref="x"/>`, `<sy:updateperiod>daily</sy:updateperiod><thr:in-reply-to ref="x"></thr:in-reply-to>`},
		{"an address over lines", "<link>\n http://a.example/\n b\n</link>", `<link>http://a.example/b</link>`},
		{"bases", `<link xml:base="http://a.example/x/">y</link><enclosure xml:base="http://a.example/x/" url="z"/>`, `<link>http://a.example/x/y</link><enclosure url="http://a.example/x/z"/>`},
		{"bases add up", `<description xml:base="http://a.example/x/"/><media:group xml:base="http://a.example/x/"><media:player xml:base="y/" url="z"/></media:group>`, `<description></description><media:group><media:player url="http://a.example/x/y/z"/></media:group>`},
		{"an item in an item", `<title>a</title><item/><link>b</link>`, `<title>a</title><link>b</link>`},
		{"a field that is not closed", `<title>a<link>http://b.example/</link>`, `<title>a</title><link>http://b.example/</link>`},
		{"an address that is not closed", `<link>http://b.example/<title>a</title>`, `<link>http://b.example/</link><title>a</title>`},
		{"a description before dates", `<description>a<pubDate>9 Mar 2021</pubDate>`, `<description>a</description><pubdate>2021-03-09T00:00:00Z</pubdate>`},
		{"a description before an extension", `<description>a<dc:creator>Jo</dc:creator>`, `<description>a</description><dc:creator>Jo</dc:creator>`},
		{"HTML that has the names of fields", `<description>a<title>b</title><link>c</description>`, `<description><![CDATA[a<title>b</title><link>c]]></description>`},
		{"an end tag of nothing", `</b></link><title>a</title>`, `<title>a</title>`},
		{"an end tag in other case", `<title>a</Title><link>b</LINK>`, `<title>a</title><link>b</link>`},
		{"XHTML", `<xhtml:body><p xmlns="http://www.w3.org/1999/xhtml">a &lt; b &amp; c</p></xhtml:body>`, `<xhtml:body><![CDATA[<p xmlns="http://www.w3.org/1999/xhtml">a &lt; b &amp; c</p>]]></xhtml:body>`},
		{"XHTML within XHTML", `<xhtml:div>a<xhtml:div>b</xhtml:div>c</xhtml:div>`, `<xhtml:div><![CDATA[a<div>b</div>c]]></xhtml:div>`},
		{"XHTML that ends itself within", `<xhtml:div>a<xhtml:div/>c</xhtml:div>`, `<xhtml:div><![CDATA[a<div></div>c]]></xhtml:div>`},
		{"CDATA in XHTML", `<xhtml:div><![CDATA[a < b]]></xhtml:div>`, `<xhtml:div><![CDATA[a &lt; b]]></xhtml:div>`},
		{"base64", `<description mode="base64">PGI+YT 
 wvYj4=</description>`, `<description><![CDATA[<b>a</b>]]></description>`},
		{"base64 that is none", `<description mode="base64">!!!</description>`, `<description></description>`},
		{"base64 of no text", `<description mode="base64">/////w==</description>`, `<description></description>`},
	}
	for _, test := range tests {
		d, _ := read(t, `<rss`+spaces+`><channel><item>`+test.in+`</item></channel></rss>`)
		if got := inside(t, d); got != `<item>`+test.want+`</item>` {
			t.Errorf("%s:\n %s\nbecomes\n %s\nwant\n <item>%s</item>", test.name, test.in, got, test.want)
		}
	}
}

func TestEntriesOfAtomAreRewritten(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"fields", `<id> a </id><title>b</title><updated>2021-03-09</updated><link href="c" rel="self"/>`, `<id>a</id><title>b</title><updated>2021-03-09T00:00:00Z</updated><link href="c" rel="self"/>`},
		{"text with tags", `<title>a <b>c</b> &amp; d</title>`, `<title><![CDATA[a <b>c</b> &amp; d]]></title>`},
		{"text that is escaped", `<title>a &lt;b&gt;</title>`, `<title><![CDATA[a <b>]]></title>`},
		{"HTML", `<content type="html">&lt;p&gt;a</content>`, `<content type="html"><![CDATA[<p>a]]></content>`},
		{"XHTML", `<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a &lt; b<br/></div></content>`, `<content type="xhtml"><![CDATA[<div xmlns="http://www.w3.org/1999/xhtml">a &lt; b<br/></div>]]></content>`},
		{"content in content", `<content type="xhtml"><content>a</content>b</content>`, `<content type="xhtml"><![CDATA[<content>a</content>b]]></content>`},
		{"people", `<author><name>Jo</name><uri>x</uri></author>`, `<author><name>Jo</name><uri>x</uri></author>`},
		{"a source", `<source><id>s</id><title>S</title><link href="l"/><updated>2021</updated><foo/></source>`, `<source><id>s</id><title>S</title><link href="l"/><updated>2021-01-01T00:00:00Z</updated></source>`},
		{"categories", `<category term="a" label="b" scheme="c"/>`, `<category term="a" label="b" scheme="c"/>`},
		{"prefixed", `<atom:title>a</atom:title>`, `<title>a</title>`},
		{"the names of Atom 0.3", `<issued>2021-03-09</issued><modified>2021-03-10</modified><created>2021-03-08</created>`, `<issued>2021-03-09T00:00:00Z</issued><modified>2021-03-10T00:00:00Z</modified><created>2021-03-08T00:00:00Z</created>`},
		{"content elsewhere", `<content src="http://a.example/x" type="text/html"/>`, `<content src="http://a.example/x" type="text/html"></content>`},
		{"bases", `<link xml:base="http://a.example/x/" href="../y"/>`, `<link href="http://a.example/y"/>`},
	}
	for _, test := range tests {
		d, _ := read(t, `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:atom="http://www.w3.org/2005/Atom"><entry>`+test.in+`</entry></feed>`)
		if got := inside(t, d); got != `<entry>`+test.want+`</entry>` || !d.Atom {
			t.Errorf("%s:\n %s\nbecomes\n %s\nwant\n <entry>%s</entry>", test.name, test.in, got, test.want)
		}
	}
}

func TestAFeedsOwnElementsAreRewritten(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"RSS", `<rss><channel><title>T</title><link>l</link><ttl>60</ttl><skipHours><hour>1</hour></skipHours><skipDays><day>Monday</day></skipDays><image><url>u</url><title>i</title><link>k</link></image></channel></rss>`,
			`<title>T</title><link>l</link><ttl>60</ttl><skiphours><hour>1</hour></skiphours><skipdays><day>Monday</day></skipdays><image><url>u</url><title>i</title><link>k</link></image>`},
		{"RSS 1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="A"><title>T</title><items><rdf:Seq><rdf:li rdf:resource="1"/></rdf:Seq></items></channel></rdf:RDF>`, `<title>T</title>`},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">T</title><subtitle>s</subtitle><author><name>Jo</name></author><logo>g</logo></feed>`, `<title type="html">T</title><subtitle>s</subtitle><author><name>Jo</name></author><logo>g</logo>`},
		{"prefixed", `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title><a:id>x</a:id></a:feed>`, `<title>T</title><id>x</id>`},
		{"a channel alone", `<channel><title>T</title></channel>`, `<title>T</title>`},
	}
	for _, test := range tests {
		d, _ := read(t, test.in)
		if got := inside(t, d); got != test.want || len(d.Entries) != 0 || d.Truncated {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestTheFormatIsNamed(t *testing.T) {
	for in, want := range map[string]string{
		`<rss version="2.0">`:            "rss 2.0",
		`<rss version=" 0.91 ">`:         "rss 0.91",
		`<rss>`:                          "rss",
		`<rss version="12345678901234">`: "rss 1234567890",
		`<channel>`:                      "rss",
		`<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/">`:      "rdf 1.0",
		`<rdf:RDF xmlns="http://my.netscape.com/rdf/simple/0.9/">`:      "rdf 0.90",
		`<rdf:RDF xmlns="http://channel.NETSCAPE.com/rdf/simple/0.9/">`: "rdf 0.90",
		`<feed xmlns="http://www.w3.org/2005/Atom">`:                    "atom 1.0",
		`<feed version="0.3">`:                    "atom 0.3",
		`<feed xmlns="http://purl.org/atom/ns#">`: "atom 0.3",
		`<feed>`: "atom 1.0",
		`<entry xmlns="http://www.w3.org/2005/Atom">`:   "atom 1.0",
		`<Channel xmlns="http://purl.org/net/rss1.1#">`: "rdf 1.1",
		`<CHANNEL HREF="http://a.example/">`:            "cdf",
		`<channel base="x">`:                            "cdf",
		`<rss foo="netscape.com" version="2.0">`:        "rss 2.0",
	} {
		if d, _ := read(t, in+"<title>x</title>"); d.Format != want {
			t.Errorf("%s is of format %q, want %q", in, d.Format, want)
		}
	}
}

func TestWhatGofeedDropsIsRemembered(t *testing.T) {
	d, _ := read(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="http://a.example/">
<entry xml:lang="pt"><id>1</id><title type="html">a</title><summary type="text">b</summary><content type="xhtml" xml:base="x/"><div/></content></entry>
<entry><id>2</id><title>a</title><content type="image/png" src="i.png"/></entry>
<entry><id>3</id><summary type="text/html" xml:lang="es">b</summary><content type="text/markdown">c</content></entry></feed>`)
	want := []Entry{
		{ID: "1", Lang: "pt", Base: "http://a.example/x/", Title: markup.HTML, Summary: markup.Text, Content: markup.HTML},
		{ID: "2", Base: "http://a.example/", Title: markup.Text, Content: markup.Opaque, Src: "http://a.example/i.png"},
		{ID: "3", Base: "http://a.example/", Lang: "es", Summary: markup.HTML, Content: markup.Text},
	}
	if d.Lang != "fr" || len(d.Entries) != len(want) {
		t.Fatalf("language %q, %d entries", d.Lang, len(d.Entries))
	}
	for i, w := range want {
		e := d.Entries[i]
		e.Body, e.Source, e.elements = Span{}, Span{}, 0
		if e != w {
			t.Errorf("entry %d is %+v, want %+v", i, e, w)
		}
	}
}

func TestAnItemsLanguageIsNotTheFeeds(t *testing.T) {
	d, _ := read(t, `<rss xml:lang=" fr "><channel xml:lang="es" about="A"><item about="B&amp;C"><title>a</title></item><item xml:lang="pt"><description xml:lang="de">b</description></item></channel></rss>`)
	if d.Lang != "fr" || d.About != "A" || d.Entries[0].Lang != "" || d.Entries[0].About != "B&C" || d.Entries[1].Lang != "de" {
		t.Errorf("feed %q %q, items %+v", d.Lang, d.About, d.Entries)
	}
	d, _ = read(t, `<rss><channel xml:lang="es"><title>a</title></channel></rss>`)
	if d.Lang != "es" {
		t.Errorf("the channel's language is %q", d.Lang)
	}
}

func TestItemsOfCDFHaveTheirAddressInTheTag(t *testing.T) {
	d, _ := read(t, `<CHANNEL HREF="http://a.example/"><ITEM HREF="http://a.example/1" LASTMOD="2021-03-09"><TITLE>a</TITLE></ITEM></CHANNEL>`)
	if got, want := inside(t, d), `<item><link>http://a.example/1</link><pubdate>2021-03-09T00:00:00Z</pubdate><title>a</title></item>`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestItemsAreFoundWhereverTheyStand(t *testing.T) {
	for name, in := range map[string]string{
		"in the channel": `<rss><channel><item><guid>1</guid></item><item><guid>2</guid></item></channel></rss>`,
		"behind it":      `<rss><channel></channel><item><guid>1</guid></item><item><guid>2</guid></item></rss>`,
		"in a list":      `<rss><channel><items><item><guid>1</guid></item><item><guid>2</guid></item></items></channel></rss>`,
		"in a wrapper":   `<rss><channel><wrap><item><guid>1</guid></item></wrap><item><guid>2</guid></item></channel></rss>`,
		"not closed":     `<rss><channel><item><guid>1</guid><item><guid>2</guid></channel></rss>`,
		"with a stray":   `<rss><channel><item><guid>1</guid></item></item><item><guid>2</guid></item></channel></rss>`,
		"in another":     `<rss><channel><item><guid>1</guid><x:y><item><guid>2</guid></item></x:y></item></channel></rss>`,
		"two channels":   `<rss><channel><item><guid>1</guid></item></channel><channel><item><guid>2</guid></item></channel></rss>`,
		"as entries":     `<rss><channel><entry><guid>1</guid></entry><entry><guid>2</guid></entry></channel></rss>`,
	} {
		d, _ := read(t, in)
		if got, want := inside(t, d), `<item><guid>1</guid></item><item><guid>2</guid></item>`; got != want || d.Truncated {
			t.Errorf("%s: %s, truncated %v, want %s", name, got, d.Truncated, want)
		}
		for i, e := range d.Entries {
			if raw := string(e.Source.Of([]byte(in))); !strings.Contains(raw, []string{"<guid>1", "<guid>2"}[i]) || raw[0] != '<' {
				t.Errorf("%s: the source of item %d is %q", name, i, raw)
			}
		}
	}
}

func TestAnItemInAnotherThatIsNotClosedIsLeftOut(t *testing.T) {
	d, _ := read(t, `<rss><channel><item><guid>1</guid><x:y><item><guid>2</guid></x:y></item><item><guid>3</guid></item></channel></rss>`)
	for _, e := range d.Entries {
		if strings.Contains(string(e.Body.Of(d.Body)), "<guid>2</guid></item><guid>") {
			t.Errorf("items run into each other: %s", d.Body)
		}
	}
	if len(d.Entries) < 2 {
		t.Errorf("%d items", len(d.Entries))
	}
}

func TestACutDocumentGivesWhatIsWhole(t *testing.T) { // R25
	const one = `<rss><channel><item><guid>1</guid></item>`
	tests := []struct {
		name, in  string
		wanted    bool
		want      int
		note      string
		truncated bool
	}{
		{"whole", one + `</channel></rss>`, false, 1, "", false},
		{"after an item", one, false, 1, "", true},
		{"in an item", one + `<item><guid>2</guid>`, false, 1, "", true},
		{"in an item that is wanted", one + `<item><guid>2</guid>`, true, 2, "line 1: the document ends inside this item", true},
		{"in an item that has nothing yet", one + `<item>`, true, 1, "", true},
		{"in a field", one + `<item><guid>2`, true, 2, "line 1: the document ends inside this item", true},
		{"in the item's end tag", one + `<item><guid>2</guid></it`, false, 2, "the end of the last item is missing", true},
		{"before the name of the end tag", one + `<item><guid>2</guid></`, false, 2, "the end of the last item is missing", true},
		{"with the name of the end tag", one + "<item><guid>2</guid></ITEM \n", false, 2, "the end of the last item is missing", true},
		{"in another end tag", one + `<item><guid>2</guid></ix`, false, 1, "", true},
		{"in an end tag that is longer", one + `<item><guid>2</guid></items`, false, 1, "", true},
	}
	for _, test := range tests {
		d, p := read(t, test.in)
		d.DropCut(test.wanted, p)
		if len(d.Entries) != test.want || d.Truncated != test.truncated || test.note != "" && !slices.Contains(p.Texts(), test.note) || test.note == "" && len(p.Texts()) > 0 {
			t.Errorf("%s: %d items, truncated %v, %q, want %d, %v, %q", test.name, len(d.Entries), d.Truncated, p.Texts(), test.want, test.truncated, test.note)
		}
	}
}

func TestRepairsAreTold(t *testing.T) {
	for in, want := range map[string]string{
		"<rss><channel>\n<item><title>a</title>\n<item><title>b</title></item></channel></rss>": "line 3: an item is not closed before the next one",
		`<rss><channel><item><title>a</channel></rss>`:                                          "line 1: <title> is not closed",
		`<rss><channel><item><title>a</title></channel></rss>`:                                  "line 1: an item is not closed",
		`<rss><channel><!-- x ></channel></rss>`:                                                "line 1: a comment or declaration is not closed",
		`<rss><channel><item><title>a < b</title></item></channel></rss>`:                       "line 1: a < that starts no tag",
		`<rss><channel><item><title>&#1;</title></item></channel></rss>`:                        "line 1: a reference to a character that no text may contain",
		`<rss><channel><item><title><![CDATA[a</title></item></channel></rss>`:                  "line 1: a CDATA section is not closed",
		`<rss><channel><item><pubDate>soon</pubDate></item></channel></rss>`:                    "line 1: a date that cannot be read: soon",
	} {
		if _, p := read(t, in); !slices.Contains(p.Texts(), want) {
			t.Errorf("%s: %q, want %q", in, p.Texts(), want)
		}
	}
}

func TestTheNewestEntriesAreKeptInTheirOrder(t *testing.T) { // S12
	var b strings.Builder
	b.WriteString(`<rss><channel>`)
	for _, year := range []string{"2001", "2005", "", "2003", "2004", "2002", "2005"} {
		b.WriteString(`<item><guid>` + year + `</guid><pubDate>` + year + `</pubDate><updated>2000</updated></item>`)
	}
	b.WriteString(`</channel></rss>`)
	for limit, want := range map[int]string{
		0: "",
		1: "2005",
		2: "2005 2005",
		4: "2005 2003 2004 2005",
		6: "2001 2005 2003 2004 2002 2005",
		7: "2001 2005  2003 2004 2002 2005",
		9: "2001 2005  2003 2004 2002 2005",
	} {
		d, p := read(t, b.String())
		d.KeepNewest(limit, p)
		var got []string
		for _, e := range d.Entries {
			guid := string(e.Body.Of(d.Body))
			got = append(got, guid[len("<item><guid>"):strings.Index(guid, "</guid>")])
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("the newest %d are %q, want %q", limit, s, want)
		}
		if told := len(p.Texts()) > 0; told != (limit < 7) {
			t.Errorf("limit %d: %q", limit, p.Texts())
		}
		if text := inside(t, d); strings.Count(text, "<item>") != len(d.Entries) {
			t.Errorf("the newest %d: %s", limit, text)
		}
	}
}

func TestPruningGivesRoomBack(t *testing.T) { // S12
	d, _ := read(t, `<rss><channel><item><guid>1</guid></item><item><guid>2</guid><pubDate>2021</pubDate></item><item><guid>3</guid></item><item><guid>4</guid><pubDate>2022</pubDate></item></channel></rss>`)
	d.prune(2)
	if got, want := inside(t, d), `<item><guid>2</guid><pubdate>2021-01-01T00:00:00Z</pubdate></item><item><guid>4</guid><pubdate>2022-01-01T00:00:00Z</pubdate></item>`; got != want || d.Dropped != 2 || string(d.Body) != want {
		t.Errorf("%s in %s, %d dropped", got, d.Body, d.Dropped)
	}
	d.KeepNewest(1, &Problems{})
	if got := inside(t, d); !strings.Contains(got, "<guid>4") || strings.Contains(got, "<guid>2") {
		t.Errorf("then %s", got)
	}
}

func TestNestingIsBounded(t *testing.T) { // S09
	for depth, ok := range map[int]bool{
		limits.Depth - 3:  true,
		limits.Depth - 2:  false,
		10 * limits.Depth: false,
	} {
		src := []byte(`<rss><channel><item>` + strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth) + `</item></channel></rss>`)
		_, err := Rewrite(src, 0, &Problems{Text: src})
		if (err == nil) != ok || err != nil && !errors.Is(err, ErrBroken) {
			t.Errorf("%d elements in each other: %v", depth, err)
		}
	}
	if _, err := Rewrite([]byte("<rss"), 0, &Problems{}); !errors.Is(err, ErrBroken) {
		t.Errorf("a document that ends in its first tag: %v", err)
	}
}

func TestElementsOfAnItemAreBounded(t *testing.T) { // S13
	d, _ := read(t, `<rss><channel><item>`+strings.Repeat(`<category>a</category>`, 2*limits.Elements)+`</item><item><title>b</title></item></channel></rss>`)
	if got := strings.Count(inside(t, d), "<category>"); got != limits.Elements || !strings.Contains(inside(t, d), "<title>b") {
		t.Errorf("%d elements, want %d", got, limits.Elements)
	}
}

func TestValuesAreBounded(t *testing.T) { // S13
	long := strings.Repeat("é", limits.Content)
	for name, limit := range map[string]int{
		"title":           limits.Meta,
		"guid":            limits.Address,
		"description":     limits.Content,
		"content:encoded": limits.Content,
		"link":            0,
		"dc:title":        limits.Meta,
	} {
		d, _ := read(t, `<rss><channel><item><`+name+`>`+long+`</`+name+`></item></channel></rss>`)
		got := strings.TrimSuffix(strings.TrimPrefix(inside(t, d), `<item><`+name+`>`), `</`+name+`></item>`)
		if len(got) > limit || len(got) < limit-1 {
			t.Errorf("%s: %d bytes, want %d", name, len(got), limit)
		}
	}
}
