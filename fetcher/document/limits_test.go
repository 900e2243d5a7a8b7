package document

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"caravan"
	"caravan/fetcher/document/limits"
)

// nest returns a feed with n elements inside each other in an extension.
func nest(open, close string, n int) []byte {
	return []byte(open + strings.Repeat("<a>", n) + strings.Repeat("</a>", n) + close)
}

func TestDeepDocumentsAreRefusedAtOnce(t *testing.T) { // S09
	rss := `<rss version="2.0" xmlns:x="urn:x"><channel><title>t</title><item><title>a</title><x:y>`
	atom := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x"><title>t</title><entry><title>a</title><x:y>`
	tests := []struct {
		name string
		body []byte
	}{
		{"rss extension", nest(rss, `</x:y></item></channel></rss>`, 2_500_000)},
		{"atom extension", nest(atom, `</x:y></entry></feed>`, 2_500_000)},
		{"media group", nest(`<rss><channel><item><media:group>`, `</media:group></item></channel></rss>`, 300_000)},
		{"repeated groups", []byte(`<rss><channel><item>` + strings.Repeat("<media:group>", 400_000))},
		{"persons", []byte(`<feed><entry>` + strings.Repeat("<author>", 400_000))},
		{"channels", []byte(`<rss>` + strings.Repeat("<channel>", 400_000))},
		{"never closed", []byte(rss + strings.Repeat("<a>", 2_500_000))},
		{"json", []byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":` + strings.Repeat("[", 2_500_000))},
		{"json objects", []byte(`{"version":"https://jsonfeed.org/version/1.1","x":` + strings.Repeat(`{"a":`, 1_000_000))},
	}
	for _, test := range tests {
		var err error
		took := fastest(100*time.Millisecond, func() { _, err = Parse(test.body, Options{}) })
		if !errors.Is(err, ErrBroken) {
			t.Errorf("%s: error %v, want ErrBroken", test.name, err)
		}
		if took > 100*time.Millisecond && !raceEnabled {
			t.Errorf("%s: took %v", test.name, took)
		}
	}
}

// fastest returns how long f takes: the shortest of up to five times, for the
// machine may be busy with something else, or the first that is under enough.
func fastest(enough time.Duration, f func()) time.Duration {
	best := time.Duration(math.MaxInt64)
	for range 5 {
		start := time.Now()
		f()
		if best = min(best, time.Since(start)); best <= enough {
			break
		}
	}
	return best
}

func TestNestingUpToTheLimitIsRead(t *testing.T) {
	body := nest(`<rss xmlns:x="urn:x"><channel><item><guid>a</guid><x:y>`, `</x:y></item></channel></rss>`, limits.Depth-5)
	if doc, err := Parse(body, Options{}); err != nil || len(doc.Items) != 1 {
		t.Errorf("%d items, %v", len(doc.Items), err)
	}
}

// manyItems returns a feed whose items have dates in an order of its own: the
// newest ones stand in the middle.
func manyItems(n int) []byte {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>t</title>`)
	for i := range n {
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, (i+n/2)%n%9000)
		fmt.Fprintf(&b, `<item><title>Item %d</title><guid isPermaLink="false">g%d</guid><pubDate>%s</pubDate></item>`, i, i, day.Format(time.RFC1123Z))
	}
	b.WriteString(`</channel></rss>`)
	return []byte(b.String())
}

func TestOfManyItemsTheNewestAreKept(t *testing.T) { // S12
	doc, err := Parse(manyItems(5000), Options{})
	if err != nil || len(doc.Items) != limits.Items {
		t.Fatalf("%d items, %v", len(doc.Items), err)
	}
	oldest := doc.Items[0].Published
	for _, item := range doc.Items {
		if item.Published.Before(oldest) {
			oldest = item.Published
		}
	}
	if want := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 4000); oldest.Before(want) {
		t.Errorf("oldest kept is of %v, want none before %v", oldest, want)
	}
	if !strings.Contains(fmt.Sprint(doc.Problems), "5000 items") {
		t.Errorf("problems %q", doc.Problems)
	}
}

func TestItemsWithoutDatesAreKeptFromTheTop(t *testing.T) { // S12
	body := `<rss><channel>` + strings.Repeat("<item><title>x</title></item>", 2*limits.Items) + `</channel></rss>`
	body = strings.Replace(body, "<title>x", "<title>first", 1)
	doc, err := Parse([]byte(body), Options{})
	if err != nil || len(doc.Items) != limits.Items || doc.Items[0].Title != "first" {
		t.Errorf("%d items, first %+v, %v", len(doc.Items), doc.Items[0].Title, err)
	}
	json := `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.Repeat(`{"id":"a","title":"x"},`, 2*limits.Items) + `{"id":"z","date_published":"2020-01-02"}]}`
	doc, err = Parse([]byte(json), Options{})
	if err != nil || len(doc.Items) != limits.Items || doc.Items[limits.Items-1].GUID != "z" {
		t.Errorf("JSON: %d items, %v", len(doc.Items), err)
	}
}

func TestFieldsAreCut(t *testing.T) { // S13
	long := strings.Repeat("é long ", 1_000_000)
	body := `<rss><channel><title>` + long + `</title><item><title>` + long + `</title><link>http://example.org/` + strings.ReplaceAll(long, " ", "") + `</link><guid>` + long +
		`</guid><dc:creator>` + long + `</dc:creator><category>` + long + `</category><description>` + long + `</description></item></channel></rss>`
	doc, err := Parse([]byte(body), Options{})
	if err != nil || len(doc.Items) != 1 {
		t.Fatalf("%d items, %v", len(doc.Items), err)
	}
	i := doc.Items[0]
	for name, field := range map[string]struct {
		value string
		limit int
	}{
		"feed title": {doc.Feed.Title, limits.Title}, "title": {i.Title, limits.Title}, "link": {i.Link, 0}, "guid": {i.GUID, limits.Address}, "content": {i.Content, limits.Content},
		"author": {i.Authors[0], limits.Name}, "tag": {i.Tags[0], limits.Name}, "raw": {string(i.Raw), limits.Content},
	} {
		if len(field.value) > field.limit || !utf8.ValidString(field.value) {
			t.Errorf("%s: %d bytes, want at most %d, valid UTF-8", name, len(field.value), field.limit)
		}
	}
}

func TestListsOfAnItemAreBounded(t *testing.T) { // S13
	var b strings.Builder
	b.WriteString(`<rss><channel><item><title>a</title>`)
	for i := range 3000 {
		fmt.Fprintf(&b, `<category>c%d</category><enclosure url="http://example.org/%d"/>`, i, i)
	}
	b.WriteString(`</item></channel></rss>`)
	doc, err := Parse([]byte(b.String()), Options{})
	if err != nil || len(doc.Items) != 1 {
		t.Fatalf("%d items, %v", len(doc.Items), err)
	}
	if i := doc.Items[0]; len(i.Tags) > limits.List || len(i.Enclosures) > limits.List || len(i.Tags) < 50 {
		t.Errorf("%d tags, %d enclosures", len(i.Tags), len(i.Enclosures))
	}
}

func TestHostileDocumentsCostLittle(t *testing.T) { // S12 S13 S14
	long := strings.Repeat
	tests := []struct {
		name string
		body string
	}{
		{"attributes", `<rss><channel><item><title>a</title><link ` + long(`a="b" c `, 100_000) + `>http://example.org/</link></item></channel></rss>`},
		{"distinct attributes", `<rss><channel><item><title>a</title><x ` + distinct(100_000) + `/></item></channel></rss>`},
		{"comments", `<rss><channel>` + long("<!-- x -->", 1_000_000) + `<item><title>a</title></item></channel></rss>`},
		{"less-than signs", `<rss><channel><item><title>` + long("< ", 2_000_000) + `</title></item></channel></rss>`},
		{"ampersands", `<rss><channel><item><title>` + long("&", 4_000_000) + `</title></item></channel></rss>`},
		{"open quotes", `<rss><channel><item><title>` + long(`<a b="`, 500_000) + `</title></item></channel></rss>`},
		{"open comments", `<rss><channel><item><title>` + long(`<!--`, 500_000) + `</title></item></channel></rss>`},
		{"open comments in tags", `<rss><channel>` + long(`<!--x>`, 500_000) + `<item><title>a</title></item></channel></rss>`},
		{"nested quotes", `<rss><channel><item><title>` + long(`<a b='<x '`, 400_000) + `</title></item></channel></rss>`},
		{"quoted tags", `<rss><channel><item><title><a b='` + long(`<x ' b='`, 400_000) + `</title></item></channel></rss>`},
		{"CDATA and ends", `<rss><channel><item><title>` + long(`<![CDATA[</title><title>`, 200_000) + `</title></item></channel></rss>`},
		{"open comments in a document type", `<!DOCTYPE rss [` + long(`<!--`, 500_000) + `]><rss><channel><item><title>a</title></item></channel></rss>`},
		{"open document types", long(`<!DOCTYPE <>`, 400_000) + `<rss><channel><item><title>a</title></item></channel></rss>`},
		{"open declarations", `<rss><channel><item><title>` + long(`<!x `, 500_000) + `</title></item></channel></rss>`},
		{"open instructions", `<rss><channel><item><title>` + long(`<?x `, 500_000) + `</title></item></channel></rss>`},
		{"open CDATA", `<rss><channel><item><title>` + long(`<![CDATA[`, 300_000) + `</title></item></channel></rss>`},
		{"stray end tags", `<rss><channel><item><title>a</title>` + long(`</x>`, 1_000_000) + `</item></channel></rss>`},
		{"namespaces", `<rss><channel><item><title>a</title>` + long(`<x xmlns:a="b" xmlns:c="d"/>`, 200_000) + `</item></channel></rss>`},
		{"inner markup", `<feed><entry><title>a</title><content type="xhtml">` + long(`<content></content>`, 200_000) + `</content></entry></feed>`},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>` +
			`<rss><channel><item><title>a &c;&x;</title></item></channel></rss>`},
	}
	for _, test := range tests {
		var doc caravan.Document
		var err error
		took := fastest(2*time.Second, func() { doc, err = Parse([]byte(test.body), Options{}) })
		if took > 2*time.Second && !raceEnabled {
			t.Errorf("%s: took %v", test.name, took)
		}
		if err != nil || len(doc.Items) != 1 {
			t.Errorf("%s: %d items, %v", test.name, len(doc.Items), err)
			continue
		}
		if test.name == "entity bomb" && doc.Items[0].Title != "a &c;&x;" {
			t.Errorf("entities were expanded: %q", doc.Items[0].Title)
		}
	}
}

func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%d="%d" `, i, i)
	}
	return b.String()
}

func TestMemoryStaysNearTheDocument(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector's own memory counts")
	}
	body := manyItems(100_000) // S12
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	doc, err := Parse(body, Options{})
	runtime.ReadMemStats(&after)
	if err != nil || len(doc.Items) != limits.Items {
		t.Fatalf("%d items, %v", len(doc.Items), err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > uint64(60<<20+2*len(body)) {
		t.Errorf("%d MB were allocated for %d MB", grown>>20, len(body)>>20)
	}
	runtime.KeepAlive(doc)
}

// titles returns the titles of items.
func titles(items []caravan.Item) []string {
	var list []string
	for _, item := range items {
		list = append(list, item.Title)
	}
	return list
}
