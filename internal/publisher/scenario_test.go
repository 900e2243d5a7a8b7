package publisher

import (
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestScoreTellsFaultsApart(t *testing.T) {
	const ua = "caravan/0.1.0 (+https://planet.example/about)"
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	get := func(hours float64, inm, ims string, status int, tag, date string) Request {
		return Request{At: start.Add(time.Duration(hours * float64(time.Hour))), Method: "GET", Path: "/x", UserAgent: ua, AcceptEncoding: "gzip",
			IfNoneMatch: inm, IfModifiedSince: ims, Status: status, ETag: tag, LastModified: date}
	}
	y := yardstick{paths: map[string]bool{"/x": true}, gap: time.Hour}
	tests := []struct {
		name string
		log  []Request
		want Score
	}{
		{"polite", []Request{get(0, "", "", 200, "a", "d1"), get(1, "a", "d1", 304, "a", ""), get(2, "a", "d1", 304, "a", "")},
			Score{Requests: 3, NotModified: 2, Unconditional: 1}},
		{"forgets", []Request{get(0, "", "", 200, "a", ""), get(1, "", "", 200, "a", "")}, Score{Requests: 2, Unconditional: 2}},
		{"latched", []Request{get(0, "", "", 200, "a", ""), get(1, "a", "", 200, "b", ""), get(2, "a", "", 200, "b", "")},
			Score{Requests: 3, Unconditional: 1, OutOfSequence: 1}},
		{"mixed pair", []Request{get(0, "", "", 200, "a", "d1"), get(1, "a", "d1", 200, "b", "d2"), get(2, "b", "d1", 200, "b", "d2")},
			Score{Requests: 3, Unconditional: 1, OutOfSequence: 1}},
		{"invented", []Request{get(0, "", "", 200, "", "d1"), get(1, "", "yesterday", 200, "", "d1")}, Score{Requests: 2, Unconditional: 1, Bogus: 1}},
		{"early", []Request{get(0, "", "", 200, "a", ""), get(0.9, "a", "", 304, "", "")}, Score{Requests: 2, NotModified: 1, Unconditional: 1, Early: 1}},
		{"follows a new tag in a 304", []Request{get(0, "", "", 200, "a", ""), get(1, "a", "", 304, "b", ""), get(2, "b", "", 304, "b", "")},
			Score{Requests: 3, NotModified: 2, Unconditional: 1}},
		{"bad habits", []Request{{At: start, Method: "HEAD", Path: "/favicon.ico", Query: "a", Cookie: "c", Referer: "r", UserAgent: "Mozilla/5.0", AIM: "feed"}},
			Score{Requests: 1, Unconditional: 1, Heads: 1, Side: 1, Queries: 1, Cookies: 1, Referers: 1, BadAgent: 1, Plain: 1, Unasked: 1}},
	}
	for _, tt := range tests {
		if got := score("", tt.log, y); got != tt.want {
			t.Errorf("%s: score = %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestEveryScenarioAnswersAsItIsNamed(t *testing.T) {
	stage := NewStage(Scenarios(), time.Now, 0)
	run, err := stage.Start(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := run.Close(); err != nil {
			t.Error(err)
		}
	}()
	want := map[string]int{"301": 301, "302": 302, "307": 307, "308": 308, "chain": 301, "loop": 301, "404": 404, "401": 401, "403": 403,
		"410": 410, "500": 500, "429s": 429, "429d": 429, "503": 503}
	for i, sc := range Scenarios() {
		if slices.Contains([]string{"hang", "drip", "endless"}, sc.Name) {
			continue
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, run.Feeds[i].URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Errorf("%s: %v", sc.Name, err)
			continue
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if code := want[sc.Name]; resp.StatusCode != code && (code != 0 || resp.StatusCode != 200) {
			t.Errorf("%s answers %d", sc.Name, resp.StatusCode)
		}
		if n := len(stage.Log(sc.Name)); n != 1 {
			t.Errorf("%s logged %d requests, want 1", sc.Name, n)
		}
	}
	var table strings.Builder
	if err := WriteScores(&table, stage.Scores()); err != nil || strings.Count(table.String(), "\n") != len(Scenarios())+1 {
		t.Errorf("table: %v\n%s", err, table.String())
	}
}

func TestBombIsSmallOnTheWireAndLargeBehindIt(t *testing.T) {
	stage := NewStage(bodyScenarios(), time.Now, 0)
	run, err := stage.Start(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	for i, sc := range bodyScenarios() {
		if sc.Name != "bomb" && sc.Name != "deep" {
			continue
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, run.Feeds[i].URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		wire := &counter{r: resp.Body}
		zip, err := gzip.NewReader(wire)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := io.Copy(io.Discard, zip)
		resp.Body.Close()
		if err != nil || decoded < 10<<20 || wire.n > decoded/100 {
			t.Errorf("%s: %d bytes of %d on the wire, %v", sc.Name, decoded, wire.n, err)
		}
	}
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
