package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"caravan"
)

// A damage is one way in which publishers break a feed, and the least share of
// its items that must survive: what feedparser keeps, and all where that is all.
type damage struct {
	name  string
	least float64
	apply func(feed string) []byte
}

// cutShare stands for the share of items that start before the cut: feedparser
// counts the one that is cut off, too.
const cutShare = -1

// damages are the 34 kinds of the corpus, in its order.
func damages() []damage {
	plainly := func(f func(string) string) func(string) []byte {
		return func(feed string) []byte { return []byte(f(feed)) }
	}
	inTitle := func(s string) func(string) []byte {
		return plainly(func(feed string) string { return insert(feed, lastTitle(feed), s) })
	}
	before := func(s string) func(string) []byte {
		return plainly(func(feed string) string { return s + feed })
	}
	declared := func(label string, change func(string) []byte) func(string) []byte {
		return func(feed string) []byte { return change(declare(feed, label)) }
	}
	asIs := func(feed string) []byte { return []byte(feed) }
	return []damage{
		{"cut at 70 %", cutShare, plainly(func(feed string) string { return feed[:len(feed)*7/10] })},
		{"last 12 bytes missing", 0.99, plainly(func(feed string) string { return feed[:len(feed)-12] })},
		{"Latin-1 bytes in a title", 0.99, inTitle("caf\xe9 \xfcber ")},
		{"a byte FF", 0.99, inTitle("a\xffb ")},
		{"a raw 1F", 0.99, inTitle("a\x1fb ")},
		{"&#x1F;", 0.99, inTitle("a&#x1F;b ")},
		{"bare ampersands", 0.99, inTitle("AT&T & Q&A ")},
		{"HTML entities", 0.99, inTitle("caf&eacute;&nbsp;&mdash; ")},
		{"an unknown entity", 0.99, inTitle("&foobar; ")},
		{"3 < 5", 0.99, inTitle(" 3 < 5 ")},
		{"an unclosed <b>", 0.99, inTitle("<b>bold ")},
		{"Latin-1, no declaration", 0.99, declared("", latin1)},
		{"Latin-1, declared UTF-8", 0.99, declared("UTF-8", latin1)},
		{"Latin-1, declared so", 0.99, declared("ISO-8859-1", latin1)},
		{"UTF-8, declared UTF-16", 198.0 / 299, declared("UTF-16", asIs)},
		{"UTF-8, declared Latin-1", 0.99, declared("ISO-8859-1", asIs)},
		{"unknown label", 0.99, declared("x-klingon", asIs)},
		{"UTF-16LE with BOM", 280.0 / 299, declared("UTF-16", wide(unicode.LittleEndian))},
		{"UTF-16BE with BOM", 280.0 / 299, declared("UTF-16", wide(unicode.BigEndian))},
		{"newlines first", 0.99, before("\n\n\n")},
		{"BOM and newline first", 0.99, before("\xef\xbb\xbf\n")},
		{"a PHP warning first", 0.99, before("<br />\n<b>Warning</b>:  Undefined variable $x in <b>/var/www/feed.php</b> on line <b>3</b><br />\n")},
		{"a comment first", 0.99, before("<!-- generated -->\n")},
		{"5 kB comment before the root", 0.99, plainly(func(feed string) string {
			return insert(feed, rootStart(feed), "<!-- "+strings.Repeat("long ", 1000)+"-->\n")
		})},
		{"a DOCTYPE with entities", 0.99, plainly(func(feed string) string {
			return insert(feed, rootStart(feed), "<!DOCTYPE rss [\n<!ENTITY a \"b\">\n<!ENTITY nbsp \"&#160;\">\n]>\n")
		})},
		{"script and comment at the end", 0.99, plainly(func(feed string) string { return feed + "\n<script>track(1 < 2)</script><!-- served in 3 ms -->" })},
		{"a second document", 0.99, plainly(func(feed string) string { return feed + "\n" + feed })},
		{"duplicate attributes", 0.99, plainly(func(feed string) string {
			return insert(feed, rootNameEnd(feed), ` data-a="1" data-a="2"`)
		})},
		{"an unquoted attribute", 0.99, inTitle("<a href=http://example.org/x>x</a> ")},
		{"an undeclared prefix", 0.99, plainly(func(feed string) string {
			return insert(feed, lastItem(feed), "<undeclared:thing>x</undeclared:thing>")
		})},
		{"CRLF", 0.99, plainly(func(feed string) string { return strings.ReplaceAll(feed, "\n", "\r\n") })},
		{"a NUL byte", 0.99, inTitle("a\x00b ")},
		{"an unclosed CDATA", 0.99, plainly(uncloseCDATA)},
		{"ITEM in upper case", 0.99, plainly(func(feed string) string {
			return regexp.MustCompile(`</?(item|entry)\b`).ReplaceAllStringFunc(feed, strings.ToUpper)
		})},
	}
}

func insert(s string, at int, text string) string { return s[:at] + text + s[at:] }

// declare replaces the XML declaration of a feed.
func declare(feed, label string) string {
	feed = feed[rootStart(feed):]
	if label == "" {
		return "<?xml version=\"1.0\"?>\n" + feed
	}
	return "<?xml version=\"1.0\" encoding=\"" + label + "\"?>\n" + feed
}

// latin1 encodes a feed; what Latin-1 lacks becomes a question mark.
func latin1(feed string) []byte {
	out, err := encoding.ReplaceUnsupported(charmap.ISO8859_1.NewEncoder()).String(feed)
	if err != nil {
		panic(err)
	}
	return []byte(strings.ReplaceAll(out, "\x1a", "?"))
}

func wide(order unicode.Endianness) func(string) []byte {
	return func(feed string) []byte {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(feed)
		if err != nil {
			panic(err)
		}
		return []byte(out)
	}
}

// rootStart returns where the root element of a clean feed starts.
func rootStart(feed string) int {
	return regexp.MustCompile(`<(rss|feed|rdf:RDF|[a-z]+:feed)[\s>]`).FindStringIndex(feed)[0]
}

func rootNameEnd(feed string) int {
	at := rootStart(feed)
	return at + strings.IndexAny(feed[at:], " \t\r\n>")
}

// lastItem returns the position after the start tag of the last item.
func lastItem(feed string) int {
	all := regexp.MustCompile(`<(item|entry)(\s[^>]*)?>`).FindAllStringIndex(feed, -1)
	return all[len(all)-1][1]
}

// lastTitle returns the position after the start tag of the last item's title.
func lastTitle(feed string) int {
	at := lastItem(feed)
	title := regexp.MustCompile(`<title(\s[^>]*)?>`).FindStringIndex(feed[at:])
	if title == nil {
		return at
	}
	return at + title[1]
}

// uncloseCDATA makes the last title a CDATA section without an end.
func uncloseCDATA(feed string) string {
	at := lastTitle(feed)
	if strings.HasPrefix(feed[at:], "<![CDATA[") {
		return feed[:at] + strings.Replace(feed[at:], "]]>", "", 1)
	}
	return insert(feed, at, "<![CDATA[")
}

// cleanFeeds returns n real feeds of the corpus that are well-formed UTF-8 and
// hold a title in their last item, spread over it.
func cleanFeeds(t *testing.T, n int) map[string]string {
	dir, readings := corpus(t)
	var files, texts []string
	for _, r := range readings {
		if !strings.HasPrefix(r.ID, "f") || r.N < 3 || strings.HasSuffix(r.File, ".json") {
			continue
		}
		data := readCorpus(t, dir, r.File)
		feed := strings.TrimRight(strings.TrimPrefix(string(data), "\ufeff"), "\n")
		if len(feed) > 150_000 || !utf8.ValidString(feed) || !wellFormed(data) || !regexp.MustCompile(`(?s)<(item|entry)[\s>].*<title`).MatchString(feed) {
			continue
		}
		if doc, err := Parse(data, Options{}); err == nil && len(doc.Items) == r.N {
			files, texts = append(files, r.File), append(texts, feed)
		}
	}
	if len(files) < n {
		t.Fatalf("%d clean feeds, want %d", len(files), n)
	}
	feeds := map[string]string{}
	for i := range n {
		k := i * len(files) / n
		feeds[files[k]] = texts[k]
	}
	return feeds
}

func wellFormed(data []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "utf-8") {
			return r, nil
		}
		return nil, errors.New(label)
	}
	for {
		if _, err := d.Token(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// kept returns how many of the items are among those of doc.
func kept(items []caravan.Item, doc caravan.Document) int {
	have := map[string]int{}
	key := func(i caravan.Item) string { return firstOf(i.GUID, i.Link, i.Title) }
	for _, item := range doc.Items {
		have[key(item)]++
	}
	n := 0
	for _, item := range items {
		if k := key(item); have[k] > 0 {
			have[k]--
			n++
		}
	}
	return n
}

func TestDamagedFeedsKeepTheirItems(t *testing.T) {
	feeds := cleanFeeds(t, 100)
	for _, d := range damages() {
		total, survived, started, more, lost := 0, 0, 0, 0, ""
		for file, feed := range feeds {
			clean, err := Parse([]byte(feed), Options{})
			if err != nil {
				t.Fatal(err)
			}
			broken := d.apply(feed)
			doc, err := Parse(broken, Options{CutItem: true})
			n := kept(clean.Items, doc)
			if d.least == cutShare {
				n = min(len(doc.Items), len(clean.Items)) // the last may lack what it is known by
				started += len(regexp.MustCompile(`<(item|entry)[\s>]`).FindAll(broken, -1))
			}
			total, survived = total+len(clean.Items), survived+n
			if len(doc.Items) > len(clean.Items) {
				more++
			}
			if n < len(clean.Items) {
				lost = fmt.Sprintf("%s %d of %d %v", file, n, len(clean.Items), err)
			}
		}
		if d.least == cutShare {
			d.least = 0.99 * float64(started) / float64(total)
		}
		share := float64(survived) / float64(total)
		t.Logf("%-32s %5d of %5d  %6.2f %%  (at least %5.1f %%)", d.name, survived, total, 100*share, 100*d.least)
		if share < d.least || more > 0 {
			t.Errorf("%s: share %.4f, %d feeds with too many items; %s", d.name, share, more, lost)
		} else if lost != "" {
			t.Log("   ", lost)
		}
	}
}
