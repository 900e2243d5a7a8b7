package publisher_test

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan/internal/publisher"
)

func start(t *testing.T, feeds []publisher.Feed, hosts int) *publisher.Running {
	t.Helper()
	running, err := publisher.Start(t.Context(), feeds, "127.0.0.1:0", hosts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := running.Close(); err != nil {
			t.Error(err)
		}
	})
	return running
}

func get(t *testing.T, url string, header http.Header) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

func TestPublisherAnswersConditionalRequests(t *testing.T) {
	modified := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	running := start(t, []publisher.Feed{publisher.Fixed("a.xml", []byte("<rss/>"), modified)}, 1)
	url := running.Feeds[0].URL
	first, body := get(t, url, http.Header{})
	if first.StatusCode != 200 || string(body) != "<rss/>" || first.Header.Get("Content-Type") != "application/rss+xml" {
		t.Fatalf("GET = %d %q %q", first.StatusCode, first.Header.Get("Content-Type"), body)
	}
	tests := []struct {
		name   string
		header http.Header
		want   int
	}{
		{"its tag", http.Header{"If-None-Match": {first.Header.Get("ETag")}}, 304},
		{"another tag beats the date", http.Header{"If-None-Match": {`"x"`}, "If-Modified-Since": {first.Header.Get("Last-Modified")}}, 200},
		{"its date", http.Header{"If-Modified-Since": {first.Header.Get("Last-Modified")}}, 304},
		{"an older date", http.Header{"If-Modified-Since": {modified.Add(-time.Hour).Format(http.TimeFormat)}}, 200},
	}
	for _, tt := range tests {
		if got, _ := get(t, url, tt.header); got.StatusCode != tt.want {
			t.Errorf("with %s: %d, want %d", tt.name, got.StatusCode, tt.want)
		}
	}
	if n := running.Stats.NotModified.Load(); n != 2 {
		t.Errorf("counted %d answers of 304, want 2", n)
	}
	if n := running.Stats.Unconditional.Load(); n != 1 {
		t.Errorf("counted %d unconditional requests, want 1", n)
	}
}

func TestPublisherCompresses(t *testing.T) {
	want := bytes.Repeat([]byte("<feed>"), 1000)
	running := start(t, []publisher.Feed{publisher.Fixed("a.xml", want, time.Now())}, 1)
	resp, body := get(t, running.Feeds[0].URL, http.Header{"Accept-Encoding": {"gzip"}})
	if resp.Header.Get("Content-Encoding") != "gzip" || len(body) > 1000 {
		t.Fatalf("got %d bytes encoded as %q", len(body), resp.Header.Get("Content-Encoding"))
	}
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(zip); !bytes.Equal(got, want) {
		t.Errorf("unzipped to %d bytes, want %d", len(got), len(want))
	}
}

func TestFolderIsSpreadOverHostsAndListed(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.xml", "b.json", "c.xml"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("<rdf/>"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	feeds, err := publisher.LoadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	running := start(t, feeds, 2)
	hosts := make(map[string]bool)
	for i, f := range running.Feeds {
		if f.Title != feeds[i].Title {
			t.Errorf("feed %d is %q, want %q", i, f.Title, feeds[i].Title)
		}
		host, _, _ := strings.Cut(strings.TrimPrefix(f.URL, "http://"), "/")
		hosts[host] = true
		if resp, _ := get(t, f.URL, http.Header{}); resp.StatusCode != 200 {
			t.Errorf("GET %s = %d", f.Path, resp.StatusCode)
		}
	}
	if len(hosts) != 2 {
		t.Errorf("spread over %d hosts, want 2", len(hosts))
	}
	var list bytes.Buffer
	if err := publisher.WriteOPML(&list, "Three & more", running.Feeds); err != nil {
		t.Fatal(err)
	}
	for _, f := range running.Feeds {
		if !strings.Contains(list.String(), `xmlUrl="`+f.URL+`"`) {
			t.Errorf("list lacks %s", f.URL)
		}
	}
	if resp, _ := get(t, running.Feeds[0].URL+"x", http.Header{}); resp.StatusCode != 404 {
		t.Errorf("unknown path = %d, want 404", resp.StatusCode)
	}
}

func TestLoadDirSaysWhatIsMissing(t *testing.T) {
	if _, err := publisher.LoadDir(t.TempDir()); err == nil || !strings.Contains(err.Error(), "no file to publish") {
		t.Errorf("LoadDir of an empty folder = %v", err)
	}
}

func TestSyntheticIsTheSameEveryTime(t *testing.T) {
	load := publisher.Load{Feeds: 12, Items: 3, Seed: 7, Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	a, b := publisher.Synthetic(load), publisher.Synthetic(load)
	planted := make(map[string]bool)
	languages := make(map[string]int)
	for i := range a {
		body := a[i].Body()
		if !bytes.Equal(body, b[i].Body()) {
			t.Fatalf("feed %d differs between two runs", i)
		}
		languages[a[i].Language]++
		posts := load.Posts(i)
		for _, p := range posts {
			if planted[p.Planted] {
				t.Errorf("%q is planted twice", p.Planted)
			}
			planted[p.Planted] = true
			if !bytes.Contains(bytes.ToLower(body), []byte(p.Planted)) {
				t.Errorf("feed %d lacks its planted word %q", i, p.Planted)
			}
			if age := load.Until.Sub(p.Date); age < 0 || age > 3653*24*time.Hour {
				t.Errorf("post of feed %d is dated %s", i, p.Date)
			}
		}
		if !strings.HasSuffix(a[i].Path, ".json") {
			dec := xml.NewDecoder(bytes.NewReader(body))
			for {
				if _, err := dec.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("feed %d: %v", i, err)
				}
			}
		}
	}
	if len(languages) != 4 {
		t.Errorf("languages %v, want four", languages)
	}
}

func BenchmarkSynthetic(b *testing.B) {
	feeds := publisher.Synthetic(publisher.Load{Feeds: 100, Items: 20, Seed: 7, Until: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	n := 0
	for i := 0; b.Loop(); i++ {
		n += len(feeds[i%len(feeds)].Body())
	}
	b.SetBytes(int64(n / b.N))
}
