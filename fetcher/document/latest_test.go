package document

import (
	"testing"
	"time"
)

func TestDatesFarInTheFutureAreNone(t *testing.T) { // R15
	body := []byte(`<rss><channel><item><title>a</title><pubDate>Mon, 02 Jan 2045 15:04:05 GMT</pubDate></item><item><title>b</title><pubDate>Mon, 02 Jan 2026 15:04:05 GMT</pubDate></item></channel></rss>`)
	doc, err := Parse(body, Options{Now: time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || !doc.Items[0].Published.IsZero() || doc.Items[1].Published.IsZero() {
		t.Errorf("%+v %v", doc.Items, err)
	}
}
