package document

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

const mended = "text that was encoded to UTF-8 twice"

func TestAFeedThatWasEncodedTwiceIsMended(t *testing.T) { // S15
	rss := func(items ...string) string {
		return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title><item>` + strings.Join(items, `</item><item>`) + `</item></channel></rss>`
	}
	json := func(items ...string) string {
		return `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{` + strings.Join(items, `},{`) + `}]}`
	}
	tests := []struct {
		name, body string
		want       []string
		mended     bool
	}{
		{"damage in two items", rss(`<title>CafÃ© crÃ¨me</title>`, `<title>Itâ€™s</title>`), []string{"Café crème", "It’s"}, true},
		{"damage in an item and the feed's title", strings.Replace(rss(`<title>CafÃ© crÃ¨me</title>`), "<title>T", "<title>TÃ¼r", 1), []string{"Café crème"}, true},
		{"damage behind a mark encoded twice", "ï»¿" + rss(`<title>CafÃ©</title>`, `<title>Itâ€™s</title>`), []string{"Café", "It’s"}, true},
		{"references stand as they were meant", rss(`<title>CafÃ© &#8217; &eacute;</title>`, `<title>Itâ€™s Ã©</title>`), []string{"Café ’ é", "It’s é"}, true},
		{"JSON", json(`"id":"1","title":"CafÃ© crÃ¨me"`, `"id":"2","title":"Itâ€™s"`), []string{"Café crème", "It’s"}, true},
		{"one item, which may be about the damage", rss(`<title>Why Ã© and â€™ and Ã¼?</title>`, `<title>Next</title>`), []string{"Why Ã© and â€™ and Ã¼?", "Next"}, false},
		{"two items, and a third that is right", rss(`<title>CafÃ© crÃ¨me</title>`, `<title>Itâ€™s</title>`, `<title>déjà</title>`), []string{"CafÃ© crÃ¨me", "Itâ€™s", "déjà"}, false},
		{"as it should be", rss(`<title>Café crème</title>`, `<title>It’s</title>`), []string{"Café crème", "It’s"}, false},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		if got := titles(doc.Items); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
		if got := slices.Contains(doc.Problems, mended); got != test.mended || doc.Damaged {
			t.Errorf("%s: problems %q, damaged %v", test.name, doc.Problems, doc.Damaged)
		}
	}
}

// TestCorpusEncodedTwice checks, on all files, that no other is mended than
// those in which another parser saw the damage.
func TestCorpusEncodedTwice(t *testing.T) {
	dir, readings := corpus(t)
	damaged, repaired := 0, 0
	for _, r := range readings {
		body := readCorpus(t, dir, r.File)
		doc, _ := Parse(body, Options{ContentType: r.ServedWith, URL: corpusURL})
		if r.DoubleUTF8 > 0 {
			damaged++
		}
		if !slices.Contains(doc.Problems, mended) {
			if r.DoubleUTF8 > 0 {
				t.Logf("left as it is: %s, %d sequences", r.File, r.DoubleUTF8)
			}
			continue
		}
		repaired++
		if r.DoubleUTF8 == 0 && !bytes.Contains(body, []byte("â€")) { // the other parser knows Latin-1 alone
			t.Errorf("%s was mended, and is whole", r.File)
		}
		for _, item := range doc.Items {
			if strings.Contains(item.Title+item.Content, "Ã¼") || strings.Contains(item.Title+item.Content, "â€™") {
				t.Errorf("%s still shows the damage in %q", r.File, item.Title)
			}
		}
	}
	t.Logf("%d files were mended; another parser saw the damage in %d", repaired, damaged)
	if repaired < 15 {
		t.Errorf("%d files were mended, want 15 or more", repaired)
	}
}
