package document

import (
	"bytes"
	"cmp"
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
	apply func(s specimen) []byte
}

// A specimen is a clean feed, what is read of it, and where it is to be broken.
type specimen struct {
	file, text string
	items      []caravan.Item
	root       int // where the root element starts
	rootName   int // where the root element's name ends
	item       int // behind the start tag of the last item
	title      int // behind the start tag of that item's title
}

// cutShare stands for the share of items that start before the cut: feedparser
// counts the one that is cut off, too.
const cutShare = -1

// damages are the 34 kinds of the corpus, in its order.
func damages() []damage {
	at := func(place func(s specimen) int, text string) func(specimen) []byte {
		return func(s specimen) []byte { return insert(s.text, place(s), text) }
	}
	inTitle := func(text string) func(specimen) []byte {
		return at(func(s specimen) int { return s.title }, text)
	}
	before := func(text string) func(specimen) []byte {
		return at(func(specimen) int { return 0 }, text)
	}
	root := func(s specimen) int { return s.root }
	declared := func(label string, change func(string) []byte) func(specimen) []byte {
		return func(s specimen) []byte { return change(declare(s, label)) }
	}
	asIs := func(feed string) []byte { return []byte(feed) }
	upper := regexp.MustCompile(`</?(item|entry)\b`)
	return []damage{
		{"cut at 70 %", cutShare, func(s specimen) []byte { return []byte(s.text[:len(s.text)*7/10]) }},
		{"last 12 bytes missing", 0.99, func(s specimen) []byte { return []byte(s.text[:len(s.text)-12]) }},
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
		{"5 kB comment before the root", 0.99, at(root, "<!-- "+strings.Repeat("long ", 1000)+"-->\n")},
		{"a DOCTYPE with entities", 0.99, at(root, "<!DOCTYPE rss [\n<!ENTITY a \"b\">\n<!ENTITY nbsp \"&#160;\">\n]>\n")},
		{"script and comment at the end", 0.99, func(s specimen) []byte {
			return []byte(s.text + "\n<script>track(1 < 2)</script><!-- served in 3 ms -->")
		}},
		{"a second document", 0.99, func(s specimen) []byte { return []byte(s.text + "\n" + s.text) }},
		{"duplicate attributes", 0.99, at(func(s specimen) int { return s.rootName }, ` data-a="1" data-a="2"`)},
		{"an unquoted attribute", 0.99, inTitle("<a href=http://example.org/x>x</a> ")},
		{"an undeclared prefix", 0.99, at(func(s specimen) int { return s.item }, "<undeclared:thing>x</undeclared:thing>")},
		{"CRLF", 0.99, func(s specimen) []byte { return []byte(strings.ReplaceAll(s.text, "\n", "\r\n")) }},
		{"a NUL byte", 0.99, inTitle("a\x00b ")},
		{"an unclosed CDATA", 0.99, uncloseCDATA},
		{"ITEM in upper case", 0.99, func(s specimen) []byte {
			return []byte(upper.ReplaceAllStringFunc(s.text, strings.ToUpper))
		}},
	}
}

func insert(s string, at int, text string) []byte { return []byte(s[:at] + text + s[at:]) }

// declare replaces the XML declaration of a feed.
func declare(s specimen, label string) string {
	feed := s.text[s.root:]
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

// uncloseCDATA makes the last title a CDATA section without an end.
func uncloseCDATA(s specimen) []byte {
	if strings.HasPrefix(s.text[s.title:], "<![CDATA[") {
		return []byte(s.text[:s.title] + strings.Replace(s.text[s.title:], "]]>", "", 1))
	}
	return insert(s.text, s.title, "<![CDATA[")
}

// newSpecimen finds the places of a feed. It reports false when its last item
// has no title, or when it has no root that we know how to break.
func newSpecimen(file, text string) (specimen, bool) {
	s := specimen{file: file, text: text}
	s.root = strings.Index(text, "<rss")
	for _, start := range []string{"<feed", "<rdf:RDF"} {
		if s.root < 0 {
			s.root = strings.Index(text, start)
		}
	}
	s.item = max(strings.LastIndex(text, "<item>"), strings.LastIndex(text, "<item "), strings.LastIndex(text, "<entry>"), strings.LastIndex(text, "<entry "))
	if s.root < 0 || s.item < 0 {
		return s, false
	}
	s.rootName = s.root + strings.IndexAny(text[s.root:], " \t\r\n>")
	s.item += strings.IndexByte(text[s.item:], '>') + 1
	s.title = s.item + strings.Index(text[s.item:], "<title")
	if s.title < s.item {
		return s, false
	}
	s.title += strings.IndexByte(text[s.title:], '>') + 1
	return s, text[s.title-2] != '/'
}

// cleanFeeds returns n real feeds of the corpus that are well-formed UTF-8,
// spread over it.
func cleanFeeds(t *testing.T, n int) []specimen {
	dir, readings := corpus(t)
	var all []specimen
	for _, r := range readings {
		if !r.real() || r.N < 3 || strings.HasSuffix(r.File, ".json") {
			continue
		}
		data := readCorpus(t, dir, r.File)
		if len(data) > 150_000 || !utf8.Valid(data) || !wellFormed(data) {
			continue
		}
		s, ok := newSpecimen(r.File, strings.TrimRight(strings.TrimPrefix(string(data), "\ufeff"), "\n"))
		if !ok {
			continue
		}
		if doc, err := Parse(data, Options{}); err == nil && len(doc.Items) == r.N {
			s.items = doc.Items
			all = append(all, s)
		}
	}
	if len(all) < n {
		t.Fatalf("%d clean feeds, want %d", len(all), n)
	}
	spread := make([]specimen, n)
	for i := range spread {
		spread[i] = all[i*len(all)/n]
	}
	return spread
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
	key := func(i caravan.Item) string { return cmp.Or(i.GUID, i.Link, i.Title) }
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
	feeds := 100
	if raceEnabled {
		feeds = 20
	}
	specimens := cleanFeeds(t, feeds)
	starts := regexp.MustCompile(`<(item|entry)[\s>]`)
	for _, d := range damages() {
		total, survived, started, more, lost := 0, 0, 0, 0, ""
		for _, s := range specimens {
			broken := d.apply(s)
			doc, err := Parse(broken, Options{CutItem: true})
			n := kept(s.items, doc)
			if d.least == cutShare {
				n = min(len(doc.Items), len(s.items)) // the last may lack what it is known by
				started += len(starts.FindAll(broken, -1))
			}
			total, survived = total+len(s.items), survived+n
			if len(doc.Items) > len(s.items) {
				more++
			}
			if n < len(s.items) {
				lost = fmt.Sprintf("%s %d of %d %v", s.file, n, len(s.items), err)
			}
		}
		if d.least == cutShare {
			d.least = 0.99 * float64(started) / float64(total)
		}
		share := float64(survived) / float64(total)
		t.Logf("%-32s %5d of %5d  %6.2f %%  (at least %5.1f %%) %s", d.name, survived, total, 100*share, 100*d.least, lost)
		if share < d.least || more > 0 {
			t.Errorf("%s: share %.4f, %d feeds with too many items; %s", d.name, share, more, lost)
		}
	}
}
