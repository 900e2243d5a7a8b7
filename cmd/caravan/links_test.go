package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"caravan"
	"caravan/store"
)

// TestLinksAreComparedWithoutTheirTrackers polls two sources of which one
// links to the other as readers pass links on.
func TestLinksAreComparedWithoutTheirTrackers(t *testing.T) {
	const feed = `<rss version="2.0"><channel><title>Feed</title><link>https://%s.example/</link><item><title>%[2]s</title><guid>%[2]s</guid>
		<link>https://%[1]s.example/post</link><description>&lt;p&gt;The %[2]s post with &lt;a href="http://www.city.example/post/amp/?utm_source=mail&amp;amp;fbclid=1#top"&gt;a link&lt;/a&gt;.&lt;/p&gt;</description></item></channel></rss>`
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprintf(w, feed, r.URL.Path[1:], "Post of "+r.URL.Path[1:])
	}))
	defer site.Close()
	dir := t.TempDir()
	p := &planet{t: t, feeds: filepath.Join(dir, "feeds.opml"), data: filepath.Join(dir, "data")}
	list := fmt.Sprintf(`<opml version="2.0"><body><outline text="City"><outline type="rss" text="City" xmlUrl="%[1]s/city"/></outline>
		<outline text="Lab"><outline type="rss" text="Lab" xmlUrl="%[1]s/lab"/></outline></body></opml>`, site.URL)
	if err := os.WriteFile(p.feeds, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	p.must("poll")
	s, err := store.Open(t.Context(), store.Config{
		Path: dataFlags{Data: p.data}.database(), Now: time.Now, Log: slog.New(slog.DiscardHandler), HostKey: func(address string) string { return address },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	page, err := s.Stories(t.Context(), caravan.Filter{Sources: []string{"city", "lab"}}, "", 10)
	if err != nil || len(page.Stories) != 2 {
		t.Fatalf("stories = %+v, %v", page.Stories, err)
	}
	for _, st := range page.Stories {
		if want := map[string]int{"city": 1}[st.Source.Slug]; st.LinkedBy != want {
			t.Errorf("the post of %s is linked by %d communities, want %d", st.Source.Slug, st.LinkedBy, want)
		}
	}
}
