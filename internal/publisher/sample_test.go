package publisher_test

import (
	"bytes"
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
	if len(communities) != 12 || len(languages) != 4 || articles < 60 {
		t.Errorf("%d communities, %d languages, %d articles; want 12, 4 and at least 60", len(communities), len(languages), articles)
	}
	if missing != 1 || pages != 1 || misencoded != 1 {
		t.Errorf("%d missing, %d pages, %d misencoded; want one each", missing, pages, misencoded)
	}
}
