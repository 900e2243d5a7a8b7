package publisher_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"caravan/internal/publisher"
)

func TestSampleIsWhatTheDemoPromises(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	feeds, err := publisher.Sample(now)
	if err != nil {
		t.Fatal(err)
	}
	communities, languages := make(map[string]bool), make(map[string]int)
	articles, missing, pages, misencoded := 0, 0, 0, 0
	for _, f := range feeds {
		communities[f.Community] = true
		languages[f.Language]++
		if f.Body == nil {
			missing++
			continue
		}
		body := f.Body()
		n := bytes.Count(body, []byte("<item>")) + bytes.Count(body, []byte("<entry>")) + bytes.Count(body, []byte(`"content_html"`))
		articles += n
		if n == 0 {
			pages++
		}
		if !utf8.Valid(body) {
			misencoded++
		}
	}
	if links, wide := sampleLinks(t, feeds); links < 10 || wide < 2 {
		t.Errorf("%d links between the articles, %d articles that three communities link to; want 10 and 2", links, wide)
	}
	if len(communities) != 12 || len(languages) != 4 || articles < 60 {
		t.Errorf("%d communities, %d languages, %d articles; want 12, 4 and at least 60", len(communities), len(languages), articles)
	}
	if missing != 1 || pages != 1 || misencoded != 1 {
		t.Errorf("%d missing, %d pages, %d misencoded; want one each", missing, pages, misencoded)
	}
}

// sampleLinks counts the links between articles, and the articles that three
// communities and more link to. A link that leads to none fails the test.
func sampleLinks(t *testing.T, feeds []publisher.Feed) (links, wide int) {
	t.Helper()
	var all strings.Builder
	for _, f := range feeds {
		if f.Body != nil {
			all.Write(f.Body())
		}
	}
	linking := make(map[string]map[string]bool)
	hrefs := regexp.MustCompile(`a href=\\?(?:"|&#34;|&quot;|\\u0022)(https://[a-z.]+/[^"&\\]+)`)
	for _, f := range feeds {
		if f.Body == nil {
			continue
		}
		for _, m := range hrefs.FindAllStringSubmatch(string(f.Body()), -1) {
			address := m[1]
			if linking[address] == nil {
				linking[address] = make(map[string]bool)
			}
			linking[address][f.Community] = true
		}
	}
	for address, communities := range linking {
		if strings.Count(all.String(), address) < 1+len(communities) {
			t.Errorf("%s is linked and nowhere else", address)
		}
		links += len(communities)
		if len(communities) >= 3 {
			wide++
		}
	}
	return links, wide
}
