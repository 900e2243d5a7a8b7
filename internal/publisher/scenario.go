package publisher

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Scenario is a publisher that behaves in one particular way, well or badly,
// and logs every request. Each is meant to be a host of its own.
type Scenario struct {
	Name    string
	Gap     time.Duration // least time a polite client leaves between two requests
	Uncond  int           // unconditional requests that cannot be avoided; -1 for any number
	Targets []string      // paths below the own one that it redirects to
	answer  func(a *answering)
}

// An answering is one request being answered: the hit's number from 0, the
// publisher's time, and where to write.
type answering struct {
	http.ResponseWriter
	r   *http.Request
	hit int
	now time.Time
}

// floors a polite client keeps: with and without validators.
const (
	hourly = time.Hour
	daily  = 24 * time.Hour
)

// document writes a small document with items from first up to and without end.
func (a *answering) document(first, end int) {
	a.Header().Set("Content-Type", "application/rss+xml")
	a.Write(smallDocument(first, end)) //nolint:errcheck // the client left; there is nobody to tell
}

// smallDocument is a feed of posts numbered from first up to end.
func smallDocument(first, end int) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Scenario</title><link>https://scenario.example/</link><description>d</description>` + "\n")
	for i := end - 1; i >= first; i-- {
		date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour)
		fmt.Fprintf(&b, "<item><title>Post number %d</title><link>https://scenario.example/%d</link><guid>https://scenario.example/%d</guid><pubDate>%s</pubDate><description>Words of post %d.</description></item>\n",
			i, i, i, date.Format(time.RFC1123Z), i)
	}
	b.WriteString("</channel></rss>\n")
	return b.Bytes()
}

// conditional answers 304 when the request brings exactly these validators,
// else sends them with what write makes.
func (a *answering) conditional(tag, modified string, write func()) {
	h := a.Header()
	if tag != "" {
		h["Etag"] = []string{tag}
	}
	if modified != "" {
		h["Last-Modified"] = []string{modified}
	}
	inm, ims := a.r.Header.Get("If-None-Match"), a.r.Header.Get("If-Modified-Since")
	if inm != "" && inm == tag || inm == "" && ims != "" && ims == modified {
		a.WriteHeader(http.StatusNotModified)
		return
	}
	write()
}

func httpDate(t time.Time) string { return t.UTC().Format(http.TimeFormat) }

// fixed is a date for validators that do not change.
func fixed() string { return "Thu, 01 Jan 2026 00:00:00 GMT" }

// Scenarios returns every scenario, in a fixed order.
func Scenarios() []Scenario {
	return slices.Concat(validatorScenarios(), timingScenarios(), statusScenarios(), bodyScenarios())
}

// validatorScenarios are about what comes back in If-None-Match and
// If-Modified-Since.
func validatorScenarios() []Scenario {
	pair := func(tag, modified string) func(*answering) {
		return func(a *answering) { a.conditional(tag, modified, func() { a.document(0, 3) }) }
	}
	return []Scenario{
		{Name: "ok", Gap: hourly, Uncond: 1, answer: pair(`"ok-1"`, fixed())},
		{Name: "etag", Gap: hourly, Uncond: 1, answer: pair(`"tag"`, "")},
		{Name: "lm", Gap: hourly, Uncond: 1, answer: pair("", fixed())},
		{Name: "weak", Gap: hourly, Uncond: 1, answer: pair(`W/"weak--gzip"`, "")},
		{Name: "oddlm", Gap: hourly, Uncond: 1, answer: pair("", "2026-01-01T00:00:00+00:00")},
		{Name: "oddetag", Gap: hourly, Uncond: 1, answer: pair(`"a, b  c;d"`, fixed())},
		{Name: "none", Gap: daily, Uncond: -1, answer: func(a *answering) { a.document(0, 3) }},
		{Name: "change", Gap: hourly, Uncond: 1, answer: func(a *answering) {
			n := a.hit / 2
			a.conditional(fmt.Sprintf(`"c%d"`, n), httpDate(time.Date(2026, 1, 1, n, 0, 0, 0, time.UTC)), func() { a.document(max(0, n-10), n+3) })
		}},
		{Name: "newval", Gap: hourly, Uncond: 1, answer: func(a *answering) {
			a.conditional(fmt.Sprintf(`"n%d"`, a.hit), httpDate(time.Date(2026, 1, 1, 0, 0, a.hit, 0, time.UTC)), func() { a.document(0, 3) })
		}},
		{Name: "dropval", Gap: hourly, Uncond: -1, answer: func(a *answering) {
			if a.hit == 0 {
				a.conditional(`"first"`, fixed(), func() { a.document(0, 3) })
				return
			}
			a.document(0, 3)
		}},
		{Name: "always304", Gap: hourly, Uncond: 1, answer: func(a *answering) {
			a.Header()["Etag"] = []string{`"always"`}
			if a.hit > 0 {
				a.WriteHeader(http.StatusNotModified)
				return
			}
			a.document(0, 3)
		}},
		{Name: "226", Gap: hourly, Uncond: 1, answer: func(a *answering) {
			a.Header()["Etag"] = []string{fmt.Sprintf(`"d%d"`, a.hit)}
			if a.hit == 0 || !strings.Contains(a.r.Header.Get("A-IM"), "feed") {
				a.document(0, 3+a.hit)
				return
			}
			a.Header().Set("IM", "feed")
			a.Header().Set("Content-Type", "application/rss+xml")
			a.WriteHeader(http.StatusIMUsed)
			a.Write(smallDocument(2+a.hit, 3+a.hit)) //nolint:errcheck // the client left
		}},
	}
}

// timingScenarios are about when the next request may come.
func timingScenarios() []Scenario {
	with := func(header func(a *answering) (string, string)) func(*answering) {
		return func(a *answering) {
			a.Header().Set(header(a))
			a.conditional(`"t"`, fixed(), func() { a.document(0, 3) })
		}
	}
	busy := func(status int, wait func(a *answering) string) func(*answering) {
		return func(a *answering) {
			a.Header().Set("Retry-After", wait(a))
			a.WriteHeader(status)
		}
	}
	ttl := func(extra string) func(*answering) {
		return func(a *answering) {
			a.conditional(`"t"`, fixed(), func() {
				a.Header().Set("Content-Type", "application/rss+xml")
				a.Write(bytes.Replace(smallDocument(0, 3), []byte("<item>"), []byte(extra+"<item>"), 1)) //nolint:errcheck // the client left
			})
		}
	}
	hours := "<skipHours>"
	for h := range 24 {
		hours += fmt.Sprintf("<hour>%d</hour>", h)
	}
	hours += "</skipHours>"
	return []Scenario{
		{Name: "maxage", Gap: 2 * time.Hour, Uncond: 1, answer: with(func(*answering) (string, string) { return "Cache-Control", "public, max-age=7200" })},
		{Name: "expires", Gap: 2 * time.Hour, Uncond: 1, answer: with(func(a *answering) (string, string) { return "Expires", httpDate(a.now.Add(2 * time.Hour)) })},
		{Name: "year", Gap: 12 * time.Hour, Uncond: 1, answer: with(func(*answering) (string, string) { return "Cache-Control", "max-age=31536000" })},
		{Name: "ttl", Gap: 2 * time.Hour, Uncond: 1, answer: ttl("<ttl>120</ttl>")},
		{Name: "skip", Gap: hourly, Uncond: 1, answer: ttl(hours)},
		{Name: "429s", Gap: 3 * time.Hour, Uncond: -1, answer: busy(http.StatusTooManyRequests, func(*answering) string { return "10800" })},
		{Name: "429d", Gap: 3 * time.Hour, Uncond: -1, answer: busy(http.StatusTooManyRequests, func(a *answering) string { return httpDate(a.now.Add(3 * time.Hour)) })},
		{Name: "503", Gap: 3 * time.Hour, Uncond: -1, answer: busy(http.StatusServiceUnavailable, func(*answering) string { return "10800" })},
	}
}

// statusScenarios are about answers other than 200 and 304.
func statusScenarios() []Scenario {
	status := func(code int) func(*answering) {
		return func(a *answering) { http.Error(a, http.StatusText(code), code) }
	}
	var all []Scenario
	for _, code := range []int{301, 302, 307, 308} {
		name := fmt.Sprint(code)
		all = append(all, Scenario{Name: name, Gap: hourly, Uncond: 1, Targets: []string{"/" + name + "/target"}, answer: func(a *answering) {
			if strings.HasSuffix(a.r.URL.Path, "/target") {
				a.conditional(`"r"`, fixed(), func() { a.document(0, 3) })
				return
			}
			a.Header().Set("Location", a.r.URL.Path+"/target")
			a.WriteHeader(code)
		}})
	}
	return append(all,
		Scenario{Name: "chain", Gap: hourly, Uncond: 1, Targets: []string{"/chain/1", "/chain/2"}, answer: func(a *answering) {
			switch a.r.URL.Path {
			case "/chain":
				http.Redirect(a, a.r, "/chain/1", http.StatusMovedPermanently)
			case "/chain/1":
				http.Redirect(a, a.r, "/chain/2", http.StatusFound)
			default:
				a.conditional(`"r"`, fixed(), func() { a.document(0, 3) })
			}
		}},
		Scenario{Name: "loop", Gap: 0, Uncond: -1, answer: func(a *answering) { http.Redirect(a, a.r, "/loop", http.StatusMovedPermanently) }},
		Scenario{Name: "404", Gap: daily, Uncond: -1, answer: status(404)},
		Scenario{Name: "401", Gap: daily, Uncond: -1, answer: status(401)},
		Scenario{Name: "403", Gap: daily, Uncond: -1, answer: status(403)},
		Scenario{Name: "410", Gap: hourly, Uncond: -1, answer: status(410)},
		Scenario{Name: "500", Gap: hourly, Uncond: -1, answer: status(500)},
		Scenario{Name: "flap", Gap: hourly, Uncond: 1, answer: func(a *answering) {
			if a.hit%2 == 1 {
				http.Error(a, "flap", http.StatusInternalServerError)
				return
			}
			a.conditional(`"f"`, fixed(), func() { a.document(0, 3) })
		}},
	)
}

// A Stage runs scenarios, each with a log of its own. Safe for concurrent use.
type Stage struct {
	scenarios []Scenario
	now       func() time.Time
	slack     time.Duration

	mu   sync.Mutex
	logs map[string][]Request
	hits map[string]int // of the scenario's own path
}

// NewStage prepares scenarios. now is the publisher's clock, which dates its
// answers; slack is how much sooner than a gap a request may come unpunished,
// for clocks that run fast.
func NewStage(scenarios []Scenario, now func() time.Time, slack time.Duration) *Stage {
	return &Stage{scenarios: scenarios, now: now, slack: slack, logs: make(map[string][]Request), hits: make(map[string]int)}
}

// Feeds returns the scenarios as feeds, for a list.
func (s *Stage) Feeds() []Feed {
	feeds := make([]Feed, len(s.scenarios))
	for i, sc := range s.scenarios {
		feeds[i] = Feed{Path: "/" + sc.Name, Title: "Scenario " + sc.Name, Community: "Scenarios", SiteURL: "https://scenario.example/", Language: "en"}
	}
	return feeds
}

// Handler serves one scenario; every path of its host is logged.
func (s *Stage) Handler(sc Scenario) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answering{ResponseWriter: w, r: r, now: s.now()}
		s.mu.Lock()
		a.hit = s.hits[r.URL.Path]
		s.hits[r.URL.Path]++
		s.mu.Unlock()
		entry := s.log(sc, r, a.now)
		w.Header().Set("Date", httpDate(a.now))
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: fmt.Sprint(a.hit)})
		recorder := &recorder{ResponseWriter: w, status: http.StatusOK}
		a.ResponseWriter = recorder
		if r.URL.Path == "/"+sc.Name || slices.Contains(sc.Targets, r.URL.Path) {
			sc.answer(a)
		} else {
			http.NotFound(a, r)
		}
		s.answered(sc, entry, recorder)
	})
}

// log keeps a request and returns its number. It is logged before it is
// answered: some answers never end.
func (s *Stage) log(sc Scenario, r *http.Request, at time.Time) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs[sc.Name] = append(s.logs[sc.Name], Request{
		At: at, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		IfNoneMatch: r.Header.Get("If-None-Match"), IfModifiedSince: r.Header.Get("If-Modified-Since"),
		Cookie: r.Header.Get("Cookie"), Referer: r.Header.Get("Referer"), UserAgent: r.UserAgent(),
		AcceptEncoding: r.Header.Get("Accept-Encoding"), AIM: r.Header.Get("A-IM"),
	})
	return len(s.logs[sc.Name]) - 1
}

// answered adds to a logged request what it was answered.
func (s *Stage) answered(sc Scenario, entry int, rec *recorder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &s.logs[sc.Name][entry]
	r.Status, r.ETag, r.LastModified = rec.status, rec.Header().Get("Etag"), rec.Header().Get("Last-Modified")
}

// Log returns what a scenario was asked so far, oldest first.
func (s *Stage) Log(name string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.logs[name])
}

// Scores judges every scenario's log.
func (s *Stage) Scores() []Score {
	scores := make([]Score, len(s.scenarios))
	for i, sc := range s.scenarios {
		paths := map[string]bool{"/" + sc.Name: true}
		for _, p := range sc.Targets {
			paths[p] = true
		}
		scores[i] = score(sc.Name, s.Log(sc.Name), yardstick{paths: paths, gap: sc.Gap, slack: s.slack})
	}
	return scores
}

// A recorder remembers the status that was sent.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
