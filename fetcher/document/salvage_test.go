package document

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"

	"caravan/fetcher/document/canonical"
)

func TestBrokenFeedsGiveWhatIsComplete(t *testing.T) { // R25 E07
	const head = `<?xml version="1.0"?>` + "\n" + `<rss version="2.0"><channel><title>T</title>` + "\n"
	item := func(title string) string {
		return "<item><title>" + title + "</title><link>https://example.org/" + title + "</link></item>\n"
	}
	const end = "</channel></rss>"
	tests := []struct {
		name, body string
		want       string
		damaged    bool
		says       string
	}{
		{"cut inside an item", head + item("a") + item("b") + "<item><title>c</title><description>long", "a b", true, "line 5: the document ends too early: read 2 of at least 3 items"},
		{"cut inside a tag", head + item("a") + `<item><title>c</title><link hr`, "a", true, "ends too early"},
		{"cut after an item", head + item("a") + item("b"), "a b", true, "ends too early"},
		{"cut in the item's end", head + item("a") + strings.TrimSuffix(item("b"), "em>\n"), "a b", true, "the end of the last item is missing"},
		{"cut in a comment", head + item("a") + "<!-- half a", "a", true, "ends too early"},
		{"cut in CDATA", head + item("a") + "<item><title>c</title><description><![CDATA[half a", "a", true, "ends too early"},
		{"raw less-than", head + item("3 < 5 <- 7 <<8") + end, "3 < 5 <- 7 <<8", false, "a < that starts no tag"},
		{"address in angle brackets", head + item("mail <jo@example.org> now") + end, "mail <jo@example.org> now", false, "a < that starts no tag"},
		{"unclosed inline tag", head + item("a <b>c") + item("d") + end, "a c|d", false, ""},
		{"unclosed title", head + "<item><title>a<link>https://example.org/</link></item>" + item("b") + end, "a b", false, "<title> is not closed"},
		{"unclosed item", head + "<item><title>a</title>" + item("b") + end, "a b", false, "an item is not closed"},
		{"unclosed description", head + "<item><title>a</title><description>x</item>" + item("b") + end, "a b", false, "<description> is not closed"},
		{"unclosed channel", head + item("a") + "</rss>", "a", false, ""},
		{"unclosed CDATA", head + "<item><title><![CDATA[a</title><link>x</link></item>" + item("b") + end, "a b", false, "a CDATA section is not closed"},
		{"unclosed CDATA before another", head + "<item><title><![CDATA[a</title></item><item><title><![CDATA[b]]></title></item>" + end, "a b", false, "a CDATA section is not closed"},
		{"CDATA about CDATA", head + "<item><title><![CDATA[use <![CDATA[ here]]></title></item>" + end, "use <![CDATA[ here", false, ""},
		{"stray end tags", head + "</b></item>" + item("a") + "</div></link>" + item("b") + end, "a b", false, ""},
		{"crossed tags", head + "<item><title><i>a<b></i></b></title></item>" + end, "a", false, ""},
		{"upper case", strings.ToUpper(head + item("a") + item("b") + end), "A B", false, ""},
		{"mixed case end", head + "<item><title>a</TITLE></Item>" + end, "a", false, ""},
		{"a second document", head + item("a") + end + head + item("b") + end, "a", false, ""},
		{"junk at the end", head + item("a") + end + "<script>x</script> <item><title>z</title></item>", "a", false, ""},
		{"attributes of every kind", head + `<item a=b c='d' e="f" a="x" g h = "i" "j" /k><title x=">">a</title></item>` + end, "a", false, ""},
		{"a quote that is not closed", head + `<item><title x="y>a</title></item>` + item("b") + end, "a b", false, ""},
		{"a tag without its end", head + "<item><title>a</title <link>x</link></item>" + end, "a", false, ""},
		{"nothing closed at all", "<rss><channel><item><title>a<item><title>b<item><title>c</title></item>", "a b c", true, ""},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		want := strings.Split(test.want, "|")
		if len(want) == 1 && !strings.Contains(test.want, "<") {
			want = strings.Fields(test.want)
		}
		if err != nil || !reflect.DeepEqual(titles(doc.Items), want) {
			t.Errorf("%s: %q, %v, want %q", test.name, titles(doc.Items), err, want)
		}
		if doc.Damaged != test.damaged || !strings.Contains(strings.Join(doc.Problems, "; "), test.says) {
			t.Errorf("%s: damaged %v, problems %q, want %v and %q", test.name, doc.Damaged, doc.Problems, test.damaged, test.says)
		}
	}
}

func TestAFeedWithoutACompleteItemIsBroken(t *testing.T) { // R25
	for _, body := range []string{"<rss><channel><item><title>a", `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id>`, `{"version":"https://jsonfeed.org/version/1","items":[{"id":"a`} {
		doc, err := Parse([]byte(body), Options{})
		if !errors.Is(err, ErrBroken) || len(doc.Items) != 0 {
			t.Errorf("%s: %d items, %v", body, len(doc.Items), err)
		}
	}
}

func TestACutItemIsShownOnlyOnRequest(t *testing.T) { // R25
	body := []byte("<rss><channel><item><title>a</title></item><item><title>b</title><guid>2</guid><description>half")
	doc, err := Parse(body, Options{CutItem: true})
	if err != nil || len(doc.Items) != 2 || doc.Items[1].GUID != "2" || doc.Items[1].Content != "" || !doc.Damaged {
		t.Errorf("%+v %v", doc, err)
	}
	if doc, err = Parse(body, Options{}); err != nil || len(doc.Items) != 1 {
		t.Errorf("%d items, %v", len(doc.Items), err)
	}
}

func TestAnEmptyFeedIsAFeed(t *testing.T) {
	for _, body := range []string{`<rss version="2.0"><channel><title>T</title></channel></rss>`, `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>`, `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[]}`} {
		if doc, err := Parse([]byte(body), Options{}); err != nil || doc.Feed.Title != "T" || len(doc.Items) != 0 || doc.Damaged {
			t.Errorf("%s: %+v, %v", body, doc, err)
		}
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("inside gofeed") }

func TestAPanicInsideGofeedIsAnError(t *testing.T) { // S16
	if feed, err := parseGofeed(io.MultiReader(strings.NewReader("<rss><channel>"), panicking{})); err == nil || feed != nil {
		t.Errorf("feed %v, error %v", feed, err)
	}
}

func TestOneItemThatGofeedRejectsLeavesTheOthers(t *testing.T) { // S16
	src := []byte(`<rss><channel><title>T</title><item><title>a</title></item><item><title>b</title></item></channel></rss>`)
	p := &canonical.Problems{Text: src}
	c, err := canonical.Rewrite(src, 0, p)
	if err != nil {
		t.Fatal(err)
	}
	copy(c.Entries[0].Body.Of(c.Body), `<<<<<<<<<<`) // as a fault of this package might
	doc := rendering{Document: c, src: src}.read(p)
	if got := titles(doc.Items); fmt.Sprint(got) != "[b]" || !doc.Damaged || doc.Feed.Title != "T" {
		t.Errorf("%q, damaged %v, feed %+v", got, doc.Damaged, doc.Feed)
	}
}
