package server

import (
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// benchWorld is a planet whose newest document is as large as most are: a
// hundred posts of four sources, of some 300 words each.
func benchWorld(b *testing.B) *world {
	w := newWorld(b, testNow)
	slugs := []string{"alpha", "beta", "gamma", "delta"}
	var lines []string
	for _, slug := range slugs {
		lines = append(lines, slug+" https://"+slug+".example/feed")
	}
	w.sync(map[string][]string{"Labs": lines}, "Labs")
	random := rand.New(rand.NewPCG(1, 2))
	vocabulary := make([]string, 3000)
	for i := range vocabulary {
		vocabulary[i] = strconv.FormatUint(random.Uint64N(1<<30), 36)
	}
	for _, slug := range slugs {
		doc := w.read(rssOf(slug, 25, testNow.Add(-time.Hour)), "https://"+slug+".example/feed")
		for i := range doc.Items {
			var words []string
			for range 300 {
				words = append(words, vocabulary[int(float64(len(vocabulary))*random.Float64()*random.Float64())])
			}
			doc.Items[i].Content = "<p>" + strings.Join(words, " ") + "</p>"
		}
		w.poll(slug, doc)
	}
	return w
}

// A rival is a handler to measure a server beside: it does nothing but write
// the bytes that the server answered with once.
type rival struct {
	name    string
	handler http.Handler
}

// rivals returns a bare handler, with the headers that a client needs to read
// the feed and to ask for it again, and one with all headers of the server's
// answer, whose distance is what caravan itself takes.
func rivals(whole, unchanged *httptest.ResponseRecorder) []rival {
	etag, body := whole.Header().Get("ETag"), whole.Body.Bytes()
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "application/atom+xml; charset=utf-8")
		h.Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
	set := func(h, from http.Header) {
		for name, values := range from {
			h.Set(name, values[0])
		}
	}
	alike := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == etag {
			set(w.Header(), unchanged.Header())
			w.WriteHeader(http.StatusNotModified)
			return
		}
		set(w.Header(), whole.Header())
		w.Write(body)
	})
	return []rival{{"bare", bare}, {"same-headers", alike}}
}

// benchFeeds calls measure with each way of asking for /feed.atom, the server
// and its rivals, on a network address each, in http.Servers of one kind.
func benchFeeds(b *testing.B, measure func(b *testing.B, etag string, status int, addresses map[string]string)) {
	handler := benchWorld(b).Handler()
	get(handler, "/feed.atom", "Accept-Encoding: gzip") // the answers compared are those from the shelf
	whole := get(handler, "/feed.atom", "Accept-Encoding: gzip")
	etag := whole.Header().Get("ETag")
	unchanged := get(handler, "/feed.atom", "Accept-Encoding: gzip", "If-None-Match: "+etag)
	addresses := map[string]string{}
	for _, h := range append(rivals(whole, unchanged), rival{"server", handler}) {
		ts := httptest.NewUnstartedServer(h.handler)
		ts.Config = HTTPServer(h.handler)
		ts.Start()
		b.Cleanup(ts.Close)
		addresses[h.name] = ts.URL + "/feed.atom"
	}
	b.Logf("%d bytes, %d with gzip; %d headers", get(handler, "/feed.atom").Body.Len(), whole.Body.Len(), len(whole.Header()))
	b.Run("full", func(b *testing.B) { measure(b, "", http.StatusOK, addresses) })
	b.Run("304", func(b *testing.B) { measure(b, etag, http.StatusNotModified, addresses) })
}

// benchOrder is the order in which the handlers have their turns.
var benchOrder = [...]string{"bare", "server", "same-headers"}

// BenchmarkFeed asks for /feed.atom over HTTP, whole and with the validator it
// has, and beside it handlers that do nothing but write the same bytes, turn
// and turn about: server/bare must be 0.7 or more.
func BenchmarkFeed(b *testing.B) {
	benchFeeds(b, func(b *testing.B, etag string, status int, addresses map[string]string) {
		const turn = 50 // requests
		took := map[string]time.Duration{}
		client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
		defer client.CloseIdleConnections()
		turns := 0
		for b.Loop() {
			turns++
			for _, name := range benchOrder {
				started := time.Now()
				for range turn {
					fetchFeed(b, client, addresses[name], etag, status)
				}
				took[name] += time.Since(started)
			}
		}
		rates := map[string]float64{}
		for _, name := range benchOrder {
			rates[name] = float64(turns*turn) / took[name].Seconds()
		}
		report(b, rates)
	})
}

// report tells how many requests each handler answered in a second.
func report(b *testing.B, rates map[string]float64) {
	b.ReportMetric(0, "ns/op")
	for _, name := range benchOrder {
		b.ReportMetric(rates[name], name+"/s")
	}
	b.ReportMetric(rates["server"]/rates["bare"], "server:bare")
	b.ReportMetric(rates["server"]/rates["same-headers"], "server:same-headers")
}

// fetchFeed makes one request as a feed reader does.
func fetchFeed(b *testing.B, client *http.Client, address, etag string, status int) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	resp, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != status {
		b.Fatalf("%d, %v", resp.StatusCode, err)
	}
}

// BenchmarkFeedByWrk is BenchmarkFeed with wrk for a client, in a process of
// its own: a second for each handler in turn, and the middle one of its turns.
func BenchmarkFeedByWrk(b *testing.B) {
	if _, err := exec.LookPath("wrk"); err != nil {
		b.Skip("wrk is not installed (Debian: wrk)")
	}
	const turns = 5
	benchFeeds(b, func(b *testing.B, etag string, _ int, addresses map[string]string) {
		measured := map[string][]float64{}
		for b.Loop() {
			for range turns {
				for _, name := range benchOrder {
					measured[name] = append(measured[name], wrk(b, addresses[name], etag))
				}
			}
		}
		rates := map[string]float64{}
		for name, all := range measured {
			slices.Sort(all)
			rates[name] = all[len(all)/2]
		}
		report(b, rates)
	})
}

// wrk has wrk ask for an address for a second, and returns how many answers it
// had in one.
func wrk(b *testing.B, address, etag string) float64 {
	args := []string{"-t1", "-c8", "-d1s", "-H", "Accept-Encoding: gzip", address}
	if etag != "" {
		args = append([]string{"-H", "If-None-Match: " + etag}, args...)
	}
	out, err := exec.Command("wrk", args...).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk: %v: %s", err, out)
	}
	found := regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`).FindSubmatch(out)
	if found == nil || strings.Contains(string(out), "Non-2xx") || strings.Contains(string(out), "Socket errors") {
		b.Fatalf("wrk printed %s", out)
	}
	rate, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return rate
}
