package document

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// encoded returns a feed with one title, declared as label and encoded with enc.
func encoded(t *testing.T, title, label string, enc encoding.Encoding) []byte {
	t.Helper()
	declaration := `<?xml version="1.0"?>`
	if label != "" {
		declaration = `<?xml version="1.0" encoding="` + label + `"?>`
	}
	feed := declaration + `<rss version="2.0"><channel><title>T</title><item><title>` + title + `</title></item></channel></rss>`
	if enc == nil {
		return []byte(feed)
	}
	out, err := enc.NewEncoder().Bytes([]byte(feed))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryEncodingIsDecoded(t *testing.T) { // S15
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy) encoding.Encoding {
		return unicode.UTF16(order, bom)
	}
	const french, long = "déjà vu – naïve", "Ünïcödé früh übër Ängste"
	tests := []struct {
		name, title, label string
		enc                encoding.Encoding
		http               string
	}{
		{"UTF-8", french, "utf-8", nil, ""},
		{"UTF-8, nothing declared", french, "", nil, ""},
		{"UTF-8 declared Latin-1", french, "iso-8859-1", nil, ""},
		{"UTF-8 declared UTF-16", french, "utf-16", nil, ""},
		{"UTF-8 served as Latin-1", french, "", nil, "text/xml; charset=iso-8859-1"},
		{"UTF-8 with an unknown label", french, "utf8mb4", nil, ""},
		{"UTF-8 declared GBK", long, "gbk", nil, ""},
		{"windows-1252", french, "windows-1252", charmap.Windows1252, ""},
		{"windows-1252 declared Latin-1", french, "ISO-8859-1", charmap.Windows1252, ""},
		{"windows-1252, nothing declared", french, "", charmap.Windows1252, ""},
		{"windows-1252 declared UTF-8", french, "utf-8", charmap.Windows1252, ""},
		{"windows-1252 with an unknown label", french, "klingon", charmap.Windows1252, ""},
		{"windows-1251", "Привет, мир", "windows-1251", charmap.Windows1251, ""},
		{"windows-1251 served as UTF-8", "Привет, мир", "windows-1251", charmap.Windows1251, "text/xml; charset=utf-8"},
		{"HTTP before the declaration", "Привет, мир", "iso-8859-1", charmap.Windows1251, `application/rss+xml; charset="windows-1251"`},
		{"broken content type", "Привет, мир", "", charmap.Windows1251, `text/xml; charset=windows-1251; charset=x;;`},
		{"KOI8-R", "Привет", "koi8-r", charmap.KOI8R, ""},
		{"Shift_JIS", "日本語のフィード", "Shift_JIS", japanese.ShiftJIS, ""},
		{"EUC-JP", "日本語のフィード", "euc-jp", japanese.EUCJP, ""},
		{"ISO-2022-JP", "日本語のフィード", "iso-2022-jp", japanese.ISO2022JP, ""},
		{"ISO-2022-JP, nothing declared", "日本語のフィード", "", japanese.ISO2022JP, ""},
		{"EUC-KR", "한국어 피드", "euc-kr", korean.EUCKR, ""},
		{"GB2312", "中文订阅", "gb2312", simplifiedchinese.GBK, ""},
		{"UTF-16LE with BOM", french, "utf-16", utf16(unicode.LittleEndian, unicode.UseBOM), ""},
		{"UTF-16BE with BOM", french, "utf-16", utf16(unicode.BigEndian, unicode.UseBOM), ""},
		{"UTF-16LE without BOM", french, "utf-16", utf16(unicode.LittleEndian, unicode.IgnoreBOM), ""},
		{"UTF-16BE without BOM", french, "", utf16(unicode.BigEndian, unicode.IgnoreBOM), ""},
		{"UTF-16 served as UTF-8", french, "utf-8", utf16(unicode.LittleEndian, unicode.UseBOM), "text/xml; charset=utf-8"},
		{"UTF-32LE", french, "utf-32", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), ""},
		{"UTF-32BE without BOM", french, "utf-32", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), ""},
	}
	for _, test := range tests {
		doc, err := Parse(encoded(t, test.title, test.label, test.enc), Options{ContentType: test.http})
		if err != nil || len(doc.Items) != 1 || doc.Items[0].Title != test.title {
			t.Errorf("%s: %q %v, want %q", test.name, titles(doc.Items), err, test.title)
		}
	}
}

func TestBadBytesLoseNothing(t *testing.T) { // S15 R25
	good := "déjà " // makes it UTF-8 beyond doubt
	tests := []struct{ in, want string }{
		{"caf\xe9", "café"},
		{"caf\xe9 \x96 \x93x\x94", "café – “x”"},
		{"na\xefve \xfcber", "naïve über"},
		{"a\xffb", "a\uFFFDb"},
		{"a\x81b", "a\uFFFDb"},
		{"a\xe2\x80", "a\uFFFD\uFFFD"},
		{"a\xe2\x80 b", "a\uFFFD\uFFFD b"},
		{"é\xa9", "é\uFFFD"},
		{"a\x00b\x1fc\x0bd", "abcd"},
		{"a\uFFFEb\uFFFF", "ab"},
		{"a\xed\xa0\x80b", "a\uFFFD\uFFFD\uFFFDb"},
		{"a&#x1F;&#0;&#xD800;&#xFFFE;b", "ab"},
		{"&#128;&#x93;x&#148;", "€“x”"},
		{"&eacute;&nbsp;&mdash;&foobar;&;&#;&#x;&#zz; & AT&T", "é —&foobar;&;&#;&#x;&#zz; & AT&T"},
		{"&#99999999999;", "&#99999999999;"},
	}
	for _, test := range tests {
		body := strings.Replace(string(encoded(t, "@", "utf-8", nil)), "@", good+test.in, 1)
		doc, err := Parse([]byte(body), Options{})
		if want := good + test.want; err != nil || len(doc.Items) != 1 || doc.Items[0].Title != want {
			t.Errorf("%q: %q %v, want %q", test.in, titles(doc.Items), err, want)
		}
		if doc.Damaged {
			t.Errorf("%q counts as damage: no item is missing", test.in)
		}
	}
}

func TestUTF7IsNeverDecoded(t *testing.T) { // S15
	for _, label := range []string{"utf-7", "UTF-7", "unicode-1-1-utf-7"} {
		doc, err := Parse(encoded(t, "+ADw-script+AD4-", label, nil), Options{ContentType: "text/xml; charset=" + label})
		if err != nil || len(doc.Items) != 1 || doc.Items[0].Title != "+ADw-script+AD4-" {
			t.Errorf("%s: %q %v", label, titles(doc.Items), err)
		}
	}
}

func TestWhatStandsBeforeTheFeedDoesNotCount(t *testing.T) {
	feed := string(encoded(t, "A", "utf-8", nil))
	bare := strings.TrimPrefix(feed, `<?xml version="1.0" encoding="utf-8"?>`)
	tests := []struct{ name, body string }{
		{"white space", " \n\t" + feed},
		{"BOM", "\ufeff" + feed},
		{"BOM after white space, twice", "\n\ufeff \ufeff" + feed},
		{"a PHP warning", "<br />\n<b>Warning</b>: x in <b>y</b> on line <b>1</b><br />\n" + feed},
		{"a notice in text", "Notice: Undefined index: x in /y on line 1\n" + feed},
		{"a long comment", "<!--" + strings.Repeat("x ", 5000) + "-->" + feed},
		{"a comment with a feed in it", "<!-- <rss><channel><item><title>B</title></item></channel></rss> -->" + feed},
		{"instructions", strings.Repeat(`<?xml-stylesheet href="x"?>`, 300) + bare},
		{"XML 1.1", strings.Replace(feed, "1.0", "1.1", 1)},
		{"a second declaration", feed[:38] + feed},
		{"the first character is missing", feed[1:]},
		{"the first character of the root is missing", bare[1:]},
		{"a document type", `<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x/y.dtd" [ <!ENTITY a "<b>"> <!-- ' --> <!ENTITY b 'c>'> ]>` + bare},
		{"a document type without end", `<!DOCTYPE rss [` + "\n" + bare},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		if err != nil || len(doc.Items) != 1 || doc.Items[0].Title != "A" {
			t.Errorf("%s: %q, %v", test.name, titles(doc.Items), err)
		}
	}
}

func TestWhatIsNoFeedIsNamed(t *testing.T) {
	tests := []struct{ name, body, says string }{
		{"empty", "", "empty body"},
		{"blank", " \n\x00 \ufeff", "empty body"},
		{"page", "<!DOCTYPE html><html><head><title>Hello &amp; bye</title></head><body><p>x</p></body></html>", "a web page, “Hello & bye”"},
		{"page without html", "<head><meta charset=utf-8><script>if (a<b) x</script>", "a web page"},
		{"sitemap", `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url/></urlset>`, "a sitemap"},
		{"OPML", `<opml version="2.0"><body/></opml>`, "an OPML list"},
		{"other XML", `<note><to>x</to></note>`, "<note>"},
		{"text", "Service unavailable", "neither XML nor JSON"},
		{"JSON", `{"message":"not found"}`, "no JSON Feed"},
		{"JSON with other items", `{"items":[{"id":1,"name":"x"}]}`, "no JSON Feed"},
		{"JSON array", `[{"version":"https://jsonfeed.org/version/1"}]`, "no JSON Feed"},
		{"RDF of another kind", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:foaf="http://xmlns.com/foaf/0.1/"><foaf:Person><foaf:name>x</foaf:name></foaf:Person></rdf:RDF>`, "without a feed"},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00", "neither XML nor JSON"},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		if !errors.Is(err, ErrNotFeed) || !strings.Contains(fmt.Sprint(err), test.says) || doc.Items != nil {
			t.Errorf("%s: error %v, want one that says %q", test.name, err, test.says)
		}
	}
}
