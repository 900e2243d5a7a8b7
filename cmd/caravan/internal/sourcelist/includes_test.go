package sourcelist

import (
	"context"
	"fmt"
	"hash/crc32"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/polite"
)

// A partner publishes a list that others include.
type partner struct {
	*httptest.Server
	mu                   sync.Mutex
	body                 string
	status               int
	requests, conditions int
}

func newPartner(t *testing.T, body string) *partner {
	t.Helper()
	p := &partner{body: body, status: http.StatusOK}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.requests++
		tag := fmt.Sprintf("\"%08x\"", crc32.ChecksumIEEE([]byte(p.body)))
		if match := r.Header.Get("If-None-Match"); match != "" {
			if p.conditions++; match == tag && p.status == http.StatusOK {
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		w.Header().Set("ETag", tag)
		w.WriteHeader(p.status)
		w.Write([]byte(p.body)) //nolint:errcheck // the client left; there is nobody to tell
	}))
	t.Cleanup(p.Close)
	return p
}

// says makes the partner answer otherwise from now on.
func (p *partner) says(status int, body string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status, p.body = status, body
}

// counts returns how many requests came, and how many with a condition.
func (p *partner) counts() (requests, conditions int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests, p.conditions
}

// testIncluder returns an includer with a clock that the test moves.
func testIncluder(t *testing.T, now *time.Time) *Includer {
	t.Helper()
	client := polite.New(polite.Config{
		UserAgent: "caravan/test", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Wait: func(context.Context, time.Duration) error { return nil },
	})
	t.Cleanup(client.Close)
	return NewIncluder(t.TempDir(), client, func() time.Time { return *now }, slog.New(slog.DiscardHandler))
}

func TestIncludedListIsAskedForAsPolitelyAsASource(t *testing.T) { // E02, E06
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := newPartner(t, listing("https://a.example/f"))
	in := testIncluder(t, &now)
	own := caravan.List{Includes: []string{p.URL}, Hash: "own"}
	for _, step := range []struct {
		name              string
		after             time.Duration
		status            int
		body              string
		changed           bool
		requests, sources int
		problem           string
	}{
		{"first", 0, 200, listing("https://a.example/f"), true, 1, 1, ""},
		{"too early", 23 * time.Hour, 200, listing("https://a.example/f"), false, 1, 1, ""},
		{"unchanged", 2 * time.Hour, 200, listing("https://a.example/f"), false, 2, 1, ""},
		{"changed", 25 * time.Hour, 200, listing("https://a.example/f", "https://b.example/f"), true, 3, 2, ""},
		{"failing", 25 * time.Hour, 500, "", true, 4, 2, "The copy of 2026-03-03 14:00 UTC is used"},
		{"again after an hour", time.Hour, 500, "", false, 5, 2, "is used"},
		{"not after another", time.Hour, 500, "", false, 5, 2, "is used"},
		{"cut off", 2 * time.Hour, 200, strings.TrimSuffix(listing("https://c.example/f"), "</outline>\n</body>\n</opml>\n"), true, 6, 2, "is used"},
		{"a web page", 5 * time.Hour, 200, "<!doctype html><p>Hello</p>", true, 7, 2, "is used"},
		{"back", 25 * time.Hour, 200, listing("https://b.example/f"), true, 8, 1, ""},
		{"gone", 25 * time.Hour, 410, "", true, 9, 1, "taken the feed away"},
		{"left alone", 6 * 24 * time.Hour, 410, "", false, 9, 1, "taken the feed away"},
	} {
		now = now.Add(step.after)
		p.says(step.status, step.body)
		changed, err := in.refresh(t.Context(), own.Includes)
		if requests, _ := p.counts(); err != nil || changed != step.changed || requests != step.requests {
			t.Fatalf("%s: changed %v after %d requests, %v; want %v after %d", step.name, changed, requests, err, step.changed, step.requests)
		}
		merged := in.merged(own, "feeds.opml")
		if n := len(Where(merged, func(caravan.ListSource) bool { return true })); n != step.sources {
			t.Errorf("%s: %d sources, want %d", step.name, n, step.sources)
		}
		said := fmt.Sprint(merged.Problems)
		if step.problem == "" && len(merged.Problems) > 0 || !strings.Contains(said, step.problem) {
			t.Errorf("%s: problems %s, want %q", step.name, said, step.problem)
		}
	}
	if _, conditions := p.counts(); conditions != 8 {
		t.Errorf("%d of 9 requests were conditional, want all but the first", conditions)
	}
}

func TestIncludesPassTheSameGuard(t *testing.T) { // S01
	now := time.Now()
	in := testIncluder(t, &now)
	in.client = polite.New(polite.Config{UserAgent: "caravan/test"})
	p := newPartner(t, listing("https://a.example/f"))
	if _, err := in.refresh(t.Context(), []string{p.URL}); err != nil {
		t.Fatal(err)
	}
	if requests, _ := p.counts(); requests != 0 {
		t.Error("a private address was asked")
	}
	merged := in.merged(caravan.List{Includes: []string{p.URL}}, "feeds.opml")
	if len(merged.Problems) != 1 || merged.Problems[0].Severity != caravan.SeverityError || !strings.Contains(merged.Problems[0].Message, "--allow-private") {
		t.Errorf("problems = %v", merged.Problems)
	}
}

// shape writes what a list holds in one line.
func shape(list caravan.List) string {
	var b strings.Builder
	for _, c := range list.Communities {
		fmt.Fprintf(&b, "[%s:", strings.Join(c.Path, "/"))
		for _, s := range c.Sources {
			b.WriteString(" " + strings.TrimSuffix(strings.TrimPrefix(s.URL, "https://"), ".example/"))
		}
		b.WriteString("]")
	}
	return b.String()
}

func TestMergedListKeepsItsOwnLines(t *testing.T) {
	at := func(path string, names ...string) caravan.ListCommunity {
		c := caravan.ListCommunity{Path: strings.Split(path, "/")}
		for _, n := range names {
			c.Sources = append(c.Sources, caravan.ListSource{URL: "https://" + n + ".example/", Line: 3, Settings: caravan.Settings{Slug: n}})
		}
		return c
	}
	list := func(title string, all ...caravan.ListCommunity) caravan.List {
		return caravan.List{Title: title, Communities: all, Hash: title}
	}
	own := list("Own", at("Labs", "a", "b"), at("Other", "c"))
	for _, c := range []struct {
		name string
		incl caravan.List
		want string
	}{
		{"nothing", list("P"), "[Labs: a b][Other: c]"},
		{"same community in another spelling", list("P", at("LABS", "d")), "[Labs: a b d][Other: c]"},
		{"new community", list("P", at("Labs/Chile", "d")), "[Labs: a b][Labs/Chile: d][Other: c]"},
		{"listed already", list("P", at("New", "a", "c")), "[Labs: a b][Other: c]"},
		{"in two communities", list("P", at("X", "d"), at("Y", "d")), "[Labs: a b][X: d][Y: d][Other: c]"},
		{"outside folders", list("Partner", at("Other", "d")), "[Labs: a b][Partner: d][Other: c]"},
		{"outside folders and without a title", list("", at("Other", "d")), "[Labs: a b][Other: c d]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := merge(own, "feeds.opml", []included{{Address: "x", List: c.incl, Known: true}})
			if shape(got) != c.want {
				t.Errorf("merged to %s, want %s", shape(got), c.want)
			}
			for _, s := range Where(got, func(s caravan.ListSource) bool { return strings.Contains(s.URL, "//d.") }) {
				if s.Settings.Slug != "" || s.Line != 0 {
					t.Errorf("an included source takes a slug or a line: %+v", s)
				}
			}
		})
	}
	if shape(own) != "[Labs: a b][Other: c]" {
		t.Errorf("the list itself was changed to %s", shape(own))
	}
	if got := merge(own, "feeds.opml", nil); got.Hash != own.Hash {
		t.Error("a list without includes has another hash")
	}
}

func TestWhatIsWrongWithIncludesIsTold(t *testing.T) {
	problems := make([]caravan.Problem, 30)
	many := make([]included, 22)
	for i := range many {
		many[i] = included{Address: fmt.Sprint("https://p.example/", i), Known: true, TooMany: i >= mostIncludes}
	}
	many[0].Known = false
	many[1].List.Problems = problems
	got := merge(caravan.List{}, "feeds.opml", many).Problems
	if len(got) != 1+mostProblems+1+2 {
		t.Fatalf("%d problems", len(got))
	}
	for i, want := range map[int]string{0: "not read yet", 21: "10 more problems", 22: "may include 20 others"} {
		if !strings.Contains(got[i].Message, want) {
			t.Errorf("problem %d = %v, want %q", i, got[i], want)
		}
	}
}

// listing is a list of these addresses in one folder.
func listing(addresses ...string) string {
	var b strings.Builder
	b.WriteString("<opml version=\"2.0\">\n<body>\n<outline text=\"Labs\">\n")
	for i, a := range addresses {
		fmt.Fprintf(&b, "<outline text=\"S%d\" type=\"rss\" xmlUrl=\"%s\"/>\n", i+1, a)
	}
	return b.String() + "</outline>\n</body>\n</opml>\n"
}
