package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A site is a web site of pages by path, which notes what was asked for. A page
// that begins with "-> " redirects for good; a number alone is a status.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newSite(t *testing.T, pages map[string]string) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.RequestURI())
		s.mu.Unlock()
		page, ok := pages[r.URL.RequestURI()]
		var status int
		switch n, _ := fmt.Sscanf(page, "%d", &status); {
		case !ok:
			http.NotFound(w, r)
		case n == 1:
			w.WriteHeader(status)
		case strings.HasPrefix(page, "-> "):
			w.Header().Set("Location", page[3:])
			w.WriteHeader(http.StatusMovedPermanently)
		default:
			w.Write([]byte(page)) //nolint:errcheck // the client left; there is nobody to tell
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// requests returns what was asked for so far.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// rss is a feed of items with these titles.
func rss(title string, items ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>https://labs.example/</link><description>d</description>`, title)
	for i, item := range items {
		date := time.Date(2026, 1, 31-i, 0, 0, 0, 0, time.UTC).Format(time.RFC1123Z)
		fmt.Fprintf(&b, `<item><title>%s</title><link>https://labs.example/%s</link><pubDate>%s</pubDate></item>`, item, strings.ReplaceAll(item, " ", "-"), date)
	}
	return b.String() + `</channel></rss>`
}

// declaring is a page that declares feeds.
func declaring(hrefs ...string) string {
	page := "<!doctype html><title>Labs</title>"
	for _, h := range hrefs {
		page += `<link rel="alternate" type="application/rss+xml" href="` + h + `">`
	}
	return page + "<p>Welcome"
}

const labsList = `<?xml version="1.0"?>
<opml version="2.0">
  <head><title>Labs</title></head>
  <body>
    <!-- the first -->
    <outline text="Public Labs">
      <outline type="rss"  text="One" xmlUrl="https://one.example/feed"/>
    </outline>
  </body>
</opml>
`

// A curator works on one list.
type curator struct {
	t       *testing.T
	feeds   string
	data    string
	answers string // what is typed when asked; "-" when nobody is there
}

func newCurator(t *testing.T, list string) *curator {
	t.Helper()
	dir := t.TempDir()
	c := &curator{t: t, feeds: filepath.Join(dir, "feeds.opml"), data: filepath.Join(dir, "data"), answers: "-"}
	if err := os.WriteFile(c.feeds, []byte(list), 0o640); err != nil {
		t.Fatal(err)
	}
	return c
}

// run carries out one command.
func (c *curator) run(args ...string) (code int, stdout, stderr string) {
	c.t.Helper()
	var out, errOut syncBuffer
	con := console{Out: &out, Err: &errOut, Now: time.Now, Wait: func(context.Context, time.Duration) error { return nil }}
	if c.answers != "-" {
		con.Answers = strings.NewReader(c.answers)
	}
	code = run(c.t.Context(), args, con)
	return code, out.String(), errOut.String()
}

// add is run of add with what every test needs.
func (c *curator) add(args ...string) (code int, stdout, stderr string) {
	c.t.Helper()
	return c.run(append([]string{"add", "--feeds", c.feeds, "--data", c.data, "--allow-private", "127.0.0.0/8"}, args...)...)
}

func (c *curator) list() string {
	c.t.Helper()
	data, err := os.ReadFile(c.feeds)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

func TestAddOfAFeedCostsOneRequest(t *testing.T) { // E01, E26
	s := newSite(t, map[string]string{"/rss": rss("Labs &amp; Co", "Newest", "Older")})
	c := newCurator(t, labsList)
	code, out, stderr := c.add(s.URL+"/rss", "--community", "public labs")
	if code != exitDone {
		t.Fatalf("add ended with %d: %s", code, stderr)
	}
	if got := s.requests(); !slices.Equal(got, []string{"/rss"}) {
		t.Errorf("asked for %q, want the feed alone", got)
	}
	for _, want := range []string{"Newest", "2026-01-31", "Public Labs", "2 sources", c.feeds + ":8:"} {
		if !strings.Contains(out, want) {
			t.Errorf("add printed no %q:\n%s", want, out)
		}
	}
	line := "\n      <outline type=\"rss\" text=\"Labs &amp; Co\" xmlUrl=\"" + s.URL + "/rss\""
	before, after, found := strings.Cut(c.list(), line)
	if !found {
		t.Fatalf("no line like its neighbour:\n%s", c.list())
	}
	_, after, _ = strings.Cut(after, "/>")
	if before+after != labsList {
		t.Errorf("other bytes changed:\n%s", c.list())
	}
	if info, err := os.Stat(c.feeds); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
	if files, err := os.ReadDir(filepath.Dir(c.feeds)); err != nil || len(files) != 1 {
		t.Errorf("%d files beside the list, %v", len(files), err)
	}
}

func TestAddFindsTheFeedBehindAPage(t *testing.T) { // E01, E26
	posts := rss("Labs", "Newest")
	for _, c := range []struct {
		name  string
		pages map[string]string
		want  []string // requests
		feed  string   // added; empty when none
	}{
		{"declared", map[string]string{"/": declaring("/posts.xml"), "/posts.xml": posts}, []string{"/", "/robots.txt", "/posts.xml"}, "/posts.xml"},
		{"known by the platform", map[string]string{"/": `<meta name=generator content="Ghost 5">`, "/rss/": posts}, []string{"/", "/robots.txt", "/rss/"}, "/rss/"},
		{"where feeds usually lie", map[string]string{"/": "<p>Hello", "/atom.xml": posts}, []string{"/", "/robots.txt", "/feed", "/rss.xml", "/atom.xml"}, "/atom.xml"},
		{"one in two formats", map[string]string{"/": declaring("/a", "/b"), "/a": posts, "/b": posts}, []string{"/", "/robots.txt", "/a", "/b"}, "/a"},
		{"moved for good", map[string]string{"/": declaring("/old"), "/old": "-> /new", "/new": posts}, []string{"/", "/robots.txt", "/old", "/new"}, "/new"},
		{"never more than six", map[string]string{"/": declaring("/a", "/b", "/c", "/d", "/e", "/f"), "/f": posts}, []string{"/", "/robots.txt", "/a", "/b", "/c", "/d"}, ""},
		{"redirects count", map[string]string{"/": "-> /x", "/x": declaring("/a"), "/a": "-> /b", "/b": "-> /c", "/c": "-> /d", "/d": posts},
			[]string{"/", "/x", "/robots.txt", "/a", "/b", "/c"}, ""},
		{"closed by robots.txt", map[string]string{"/": declaring("/a", "/open"), "/robots.txt": "User-agent: caravan\nDisallow: /\nAllow: /open", "/a": posts, "/open": rss("Open", "x")},
			[]string{"/", "/robots.txt", "/open"}, "/open"},
		{"redirected to where robots.txt closes", map[string]string{"/": declaring("/a"), "/robots.txt": "User-agent: *\nDisallow: /b", "/a": "-> /b", "/b": posts}, []string{"/", "/robots.txt", "/a", "/feed", "/rss.xml", "/atom.xml"}, ""},
		{"robots.txt elsewhere", map[string]string{"/": declaring("/a"), "/robots.txt": "-> /r.txt", "/r.txt": "User-agent: *\nDisallow: /a$"}, []string{"/", "/robots.txt", "/r.txt", "/feed", "/rss.xml", "/atom.xml"}, ""},
		{"robots.txt out of order", map[string]string{"/": declaring("/a"), "/robots.txt": "500", "/a": posts}, []string{"/", "/robots.txt"}, ""},
		{"page not there", map[string]string{}, []string{"/"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, c.pages)
			cu := newCurator(t, labsList)
			code, _, stderr := cu.add(s.URL + "/")
			if got := s.requests(); !slices.Equal(got, c.want) {
				t.Errorf("asked for %q, want %q", got, c.want)
			}
			if c.feed == "" {
				if code != exitFailed || cu.list() != labsList || stderr == "" {
					t.Errorf("ended with %d (%s), want a failure and an untouched list", code, stderr)
				}
				return
			}
			if code != exitDone || !strings.Contains(cu.list(), `xmlUrl="`+s.URL+c.feed+`"`) {
				t.Errorf("ended with %d: %s\n%s", code, stderr, cu.list())
			}
		})
	}
}

func TestEachHostIsAskedForItsRobots(t *testing.T) { // E26
	closed := newSite(t, map[string]string{"/robots.txt": "User-agent: *\nDisallow: /", "/feed": rss("Closed", "x")})
	open := newSite(t, map[string]string{"/": declaring(closed.URL+"/feed", "/leads"), "/leads": "-> " + closed.URL + "/feed"})
	c := newCurator(t, labsList)
	code, _, stderr := c.add(open.URL + "/")
	if code != exitFailed || !strings.Contains(stderr, "robots.txt") {
		t.Errorf("ended with %d: %s", code, stderr)
	}
	if got := closed.requests(); !slices.Equal(got, []string{"/robots.txt"}) {
		t.Errorf("asked the closed host for %q", got)
	}
	if n := len(closed.requests()) + len(open.requests()); n > mostRequests {
		t.Errorf("%d requests", n)
	}
	// With one request left there is none for another host's robots.txt.
	other := newSite(t, map[string]string{"/feed": rss("Other", "x")})
	last := newSite(t, map[string]string{"/": declaring("/a", "/b", "/c", other.URL+"/feed")})
	if code, _, _ := c.add(last.URL + "/"); code != exitFailed || len(other.requests()) != 0 {
		t.Errorf("ended with %d after asking for %q without its robots.txt", code, other.requests())
	}
}

func TestAddAsksWhichOfSeveral(t *testing.T) {
	s := newSite(t, map[string]string{"/": declaring("/en", "/fr"), "/en": rss("Labs", "News"), "/fr": rss("Labos", "Nouvelles")})
	for _, c := range []struct {
		answers string
		args    []string
		want    string // added; empty when none
	}{
		{"-", nil, ""},
		{"2\n", nil, "/fr"},
		{"\n", nil, ""},
		{"3\n", nil, ""},
		{"", nil, ""},
		{"-", []string{"--feed", s.URL + "/en"}, "/en"},
	} {
		cu := newCurator(t, labsList)
		cu.answers = c.answers
		code, _, stderr := cu.add(append([]string{s.URL}, c.args...)...)
		if c.want == "" {
			if code != exitFailed || cu.list() != labsList {
				t.Errorf("answer %q ended with %d and\n%s", c.answers, code, cu.list())
			}
			if c.answers == "-" && (!strings.Contains(stderr, "--feed "+s.URL+"/en") || !strings.Contains(stderr, "Nouvelles")) {
				t.Errorf("nobody there, and printed\n%s", stderr)
			}
			continue
		}
		if code != exitDone || !strings.Contains(cu.list(), `xmlUrl="`+s.URL+c.want+`"`) {
			t.Errorf("answer %q %q ended with %d: %s", c.answers, c.args, code, stderr)
		}
	}
}

func TestAddRefusesWhatIsListed(t *testing.T) {
	s := newSite(t, map[string]string{"/": declaring("/feed"), "/feed": rss("Labs", "News")})
	c := newCurator(t, strings.ReplaceAll(labsList, "https://one.example/feed", s.URL+"/feed"))
	before := c.list()
	for _, address := range []string{s.URL + "/feed", strings.Replace(s.URL, "http", "https", 1) + "/feed"} {
		if code, _, stderr := c.add(address); code != exitFailed || !strings.Contains(stderr, ":7: ") {
			t.Errorf("add %s ended with %d: %s", address, code, stderr)
		}
	}
	if got := s.requests(); len(got) != 0 {
		t.Errorf("asked for %q to find out what the list says", got)
	}
	if code, _, stderr := c.add(s.URL); code != exitFailed || !strings.Contains(stderr, "listed already") {
		t.Errorf("add of the page ended with %d: %s", code, stderr)
	}
	if c.list() != before {
		t.Error("the list changed")
	}
}

func TestAddAsksNoPrivateAddress(t *testing.T) { // S01
	c := newCurator(t, labsList)
	code, _, stderr := c.run("add", "--feeds", c.feeds, "http://127.0.0.1:18080/feed")
	if code != exitFailed || !strings.Contains(stderr, "--allow-private") {
		t.Errorf("ended with %d: %s", code, stderr)
	}
}

func TestAddressesAreCompletedAsPeopleTypeThem(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " e.org ": "https://e.org", "http://e.org": "http://e.org", "feed:https://e.org/x": "https://e.org/x", "feed://e.org/x": "https://e.org/x",
	} {
		if got := withScheme(in); got != want {
			t.Errorf("withScheme(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRemoveTakesOutEveryLineOfASource(t *testing.T) {
	twice := strings.Replace(labsList, "    </outline>\n", "      <outline text=\"Two Labs\" xmlUrl=\"https://two.example/feed\"/>\n    </outline>\n"+
		"    <outline text=\"B\">\n      <outline text=\"One\" xmlUrl=\"https://one.example/feed\"/>\n    </outline>\n", 1)
	for _, name := range []string{"https://one.example/feed", "http://ONE.example/feed", "one.example/feed", "one"} {
		c := newCurator(t, twice)
		code, out, stderr := c.run("remove", "--feeds", c.feeds, "--data", c.data, name)
		if code != exitDone {
			t.Errorf("remove %s ended with %d: %s", name, code, stderr)
			continue
		}
		if list := c.list(); strings.Contains(list, "one.example") || !strings.Contains(list, "two.example") || !strings.Contains(list, "<!-- the first -->") {
			t.Errorf("remove %s left\n%s", name, list)
		}
		if strings.Count(out, "removed One") != 2 {
			t.Errorf("remove %s printed\n%s", name, out)
		}
	}
	c := newCurator(t, twice)
	for _, name := range []string{"https://three.example/feed", "three"} {
		if code, _, stderr := c.run("remove", "--feeds", c.feeds, "--data", c.data, name); code != exitFailed || !strings.Contains(stderr, "three") {
			t.Errorf("remove %s ended with %d: %s", name, code, stderr)
		}
	}
	if c.list() != twice {
		t.Error("a failed remove changed the list")
	}
}

func TestRemoveBySlugAsksTheArchive(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	var slug string
	p.serveAnd(func(base string) { slug = firstSource(t, base) })
	// The title changes, and with it the slug that the line would make.
	list, err := os.ReadFile(p.feeds)
	if err != nil {
		t.Fatal(err)
	}
	renamed := strings.Replace(string(list), `text="`, `text="Renamed `, 2)
	if err := os.WriteFile(p.feeds, []byte(renamed), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.must("remove", slug); !strings.Contains(out, "removed") {
		t.Errorf("remove printed %q", out)
	}
	list, err = os.ReadFile(p.feeds)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(list), "xmlUrl="); n != p.load.Feeds-1 {
		t.Errorf("%d sources left, want %d", n, p.load.Feeds-1)
	}
}

// firstSource returns the slug of the planet's first source.
func firstSource(t *testing.T, base string) string {
	t.Helper()
	var answer struct{ Sources []struct{ ID string } }
	if err := json.Unmarshal(fetch(t, base+"/api/v1/sources"), &answer); err != nil || len(answer.Sources) == 0 {
		t.Fatalf("sources: %v", err)
	}
	return answer.Sources[0].ID
}
