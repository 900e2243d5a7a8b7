package server

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"mime"
	"net/http/httptest"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	_ "modernc.org/sqlite"

	"caravan"
)

// A readEntry is an entry as a feed reader has it.
type readEntry struct {
	ID, Title, Link string
	Date            int64 // seconds since 1970
}

// A reader is a program that reads feeds, and how to have it read one.
type reader struct {
	name    string
	program string
	needs   string // the Debian packages
	read    func(t *testing.T, dir, address string) []readEntry
}

var readers = []reader{
	{"newsboat", "newsboat", "newsboat", readWithNewsboat},
	{"sfeed", "sfeed", "sfeed curl", readWithSfeed},
	{"feedparser", "/usr/bin/python3", "python3-feedparser", readWithFeedparser},
	{"rss2email", "r2e", "rss2email", readWithRSS2Email},
}

// run runs a command in dir and returns what it printed.
func run(t *testing.T, dir, stdin, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8", "TZ=UTC")
	cmd.Stdin = strings.NewReader(stdin)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, problems.String())
	}
	return out.String()
}

// writeFile writes a file for a reader.
func writeFile(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func readWithNewsboat(t *testing.T, dir, address string) []readEntry {
	writeFile(t, filepath.Join(dir, "urls"), address+"\n", 0o600)
	writeFile(t, filepath.Join(dir, "config"), "", 0o600)
	run(t, dir, "", "newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload")
	db, err := sql.Open("sqlite", filepath.Join(dir, "cache.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT guid, title, url, pubDate FROM rss_item")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []readEntry
	for rows.Next() {
		var e readEntry
		if err := rows.Scan(&e.ID, &e.Title, &e.Link, &e.Date); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func readWithSfeed(t *testing.T, dir, address string) []readEntry {
	body := run(t, dir, "", "curl", "-sS", address)
	var out []readEntry
	for line := range strings.Lines(run(t, dir, body, "sfeed", address)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) < 7 {
			t.Fatalf("sfeed printed %q", line)
		}
		date, err := strconv.ParseInt(f[0], 10, 64)
		if err != nil {
			t.Fatalf("sfeed printed the date %q", f[0])
		}
		out = append(out, readEntry{ID: unescapeSfeed(f[5]), Title: unescapeSfeed(f[1]), Link: unescapeSfeed(f[2]), Date: date})
	}
	return out
}

// unescapeSfeed undoes the escapes of sfeed's columns.
func unescapeSfeed(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t").Replace(s)
}

// feedparserScript prints what feedparser makes of a feed.
const feedparserScript = `
import calendar, feedparser, json, sys
d = feedparser.parse(sys.argv[1])
if d.bozo: sys.exit("bozo: %s" % d.bozo_exception)
print(json.dumps([dict(ID=e.id, Title=e.title, Link=e.link,
    Date=calendar.timegm(e.get("published_parsed") or e.updated_parsed)) for e in d.entries]))
`

func readWithFeedparser(t *testing.T, dir, address string) []readEntry {
	if err := exec.Command("/usr/bin/python3", "-c", "import feedparser").Run(); err != nil {
		t.Skip("feedparser is not installed (Debian: python3-feedparser)")
	}
	var out []readEntry
	if err := json.Unmarshal([]byte(run(t, dir, "", "/usr/bin/python3", "-c", feedparserScript, address)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func readWithRSS2Email(t *testing.T, dir, address string) []readEntry {
	sendmail := filepath.Join(dir, "sendmail")
	box := filepath.Join(dir, "mail")
	if err := os.Mkdir(box, 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, sendmail, "#!/bin/sh\nexec cat > \"$(mktemp "+box+"/XXXXXXXX)\"\n", 0o700)
	r2e := func(args ...string) {
		run(t, dir, "", "r2e", append([]string{"-c", filepath.Join(dir, "r2e.cfg"), "-d", filepath.Join(dir, "r2e.json")}, args...)...)
	}
	r2e("new", "you@localhost")
	config, err := os.ReadFile(filepath.Join(dir, "r2e.cfg"))
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.NewReplacer(
		"email-protocol = smtp", "email-protocol = sendmail", "sendmail = /usr/sbin/sendmail", "sendmail = "+sendmail, "date-header = False", "date-header = True",
	).Replace(string(config))
	writeFile(t, filepath.Join(dir, "r2e.cfg"), edited, 0o600)
	r2e("add", "planet", address)
	r2e("run")
	files, err := os.ReadDir(box)
	if err != nil {
		t.Fatal(err)
	}
	var out []readEntry
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(box, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entryOfMail(t, text))
	}
	return out
}

// entryOfMail reads an entry from the mail that rss2email made of it.
func entryOfMail(t *testing.T, text []byte) readEntry {
	m, err := mail.ReadMessage(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	header := func(name string) string {
		s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	date, err := m.Header.Date()
	if err != nil {
		t.Fatal(err)
	}
	return readEntry{ID: header("X-RSS-ID"), Title: header("Subject"), Link: header("X-RSS-URL"), Date: date.Unix()}
}

// readByTheBook returns the entries of an Atom or RSS document, by id, as the
// specifications have them.
func readByTheBook(t *testing.T, body []byte) map[string]readEntry {
	t.Helper()
	var doc struct {
		Entries []struct {
			ID        string `xml:"id"`
			Title     string `xml:"title"`
			Published string `xml:"published"`
			Updated   string `xml:"updated"`
			Links     []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
		Items []struct {
			ID    string `xml:"guid"`
			Title string `xml:"title"`
			Link  string `xml:"link"`
			Date  string `xml:"pubDate"`
			Other string `xml:"http://purl.org/dc/elements/1.1/ date"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	out := map[string]readEntry{}
	add := func(e readEntry, layout, date string) {
		at, err := time.Parse(layout, date)
		if err != nil {
			t.Fatal(err)
		}
		e.Date, e.Title = at.Unix(), strings.Join(strings.Fields(onceEncoded(e.Title)), " ")
		out[e.ID] = e
	}
	for _, e := range doc.Entries {
		add(readEntry{ID: e.ID, Title: e.Title, Link: e.Links[0].Href}, time.RFC3339, cmp.Or(e.Published, e.Updated))
	}
	for _, e := range doc.Items {
		if e.Date == "" {
			add(readEntry{ID: e.ID, Title: e.Title, Link: e.Link}, time.RFC3339, e.Other)
			continue
		}
		add(readEntry{ID: e.ID, Title: e.Title, Link: e.Link}, time.RFC1123Z, e.Date)
	}
	if len(out) == 0 {
		t.Fatal("no entries")
	}
	return out
}

// compareReaders has every reader read the feeds at the paths, and compares
// what they have with what stands there.
func compareReaders(t *testing.T, s *Server, paths []string) {
	ts := httptest.NewServer(s.Handler())
	defer ts.Close()
	seen := map[string]map[string]readEntry{} // by path, then id
	for _, path := range paths {
		seen[path] = readByTheBook(t, get(s.Handler(), path).Body.Bytes())
	}
	for _, r := range readers {
		t.Run(r.name, func(t *testing.T) {
			if _, err := exec.LookPath(r.program); err != nil {
				t.Skipf("%s is not installed (Debian: %s)", r.name, r.needs)
			}
			for _, path := range paths {
				entries := r.read(t, t.TempDir(), ts.URL+path)
				byID := map[string]readEntry{}
				for _, e := range entries {
					e.Title = strings.Join(strings.Fields(onceEncoded(e.Title)), " ")
					byID[e.ID] = e
				}
				if len(byID) != len(entries) {
					t.Errorf("%s: %d entries with %d ids", path, len(entries), len(byID))
				}
				sameEntries(t, path, byID, seen[path])
			}
		})
	}
}

// onceEncoded undoes UTF-8 that its publisher encoded twice, which feedparser
// does by itself.
func onceEncoded(s string) string {
	latin1, err := charmap.ISO8859_1.NewEncoder().String(s)
	if err != nil || !utf8.ValidString(latin1) {
		return s
	}
	return latin1
}

// sameEntries reports where two readers see different things.
func sameEntries(t *testing.T, path string, got, want map[string]readEntry) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d entries, there are %d", path, len(got), len(want))
	}
	told := 0
	for id, w := range want {
		g, ok := got[id]
		switch {
		case !ok:
			t.Errorf("%s: no entry %s", path, id)
		case g.Title != w.Title:
			t.Errorf("%s: title of %s is %q, it stands there as %q", path, id, g.Title, w.Title)
		case g.Link != w.Link:
			t.Errorf("%s: link of %s is %s, it stands there as %s", path, id, g.Link, w.Link)
		case g.Date != w.Date:
			t.Errorf("%s: date of %s is %s, it stands there as %s", path, id, time.Unix(g.Date, 0).UTC(), time.Unix(w.Date, 0).UTC())
		default:
			continue
		}
		if told++; told == 5 {
			return
		}
	}
}

// O24, O07: newsboat, sfeed, feedparser and rss2email see the same entries in
// the feeds of a planet with awkward titles. (Titles that speak of markup, such
// as "&amp;" and "</b>", are ambiguous in RSS, and some readers differ.)
func TestReadersAgree(t *testing.T) {
	m := newMemory(40)
	titles := []string{
		"A & B <i>", "1 < 2 > 0", "\u202eright to left", "L’été à São Paulo", `"quotes" & 'more'`,
		"a ]]> b", "日本語の題名", strings.Repeat("long ", 60), "",
	}
	for i, title := range titles {
		m.edit(i, func(st *caravan.Story) { st.Head.Title = title })
	}
	m.edit(20, func(st *caravan.Story) { st.FeedID = "urn:uuid:6ba7b811-9dad-51d1-80b4-00c04fd430c8" })
	m.edit(21, func(st *caravan.Story) { st.Head.Undated = true })
	compareReaders(t, serverOf(t, m), []string{"/feed.atom", "/feed.rss", "/c/labs/feed.atom?show=title", "/search.rss?q=post"})
}

// O24 on real feeds.
func TestReadersAgreeOnTheCorpus(t *testing.T) {
	p, read := corpusWorld(t, 1000)
	t.Logf("%d feeds read", read)
	paths := []string{"/feed.atom", "/feed.rss", "/feed.atom?language=es", "/feed.rss?language=fr", "/feed.atom?language=pt"}
	for i := range 4 {
		paths = append(paths, fmt.Sprintf("/c/community-%d/feed.atom", i), fmt.Sprintf("/c/community-%d/feed.rss", i))
	}
	sources, err := p.store.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(sources, func(a, b caravan.Source) int { return strings.Compare(a.Slug, b.Slug) })
	for i := 0; i < len(sources); i += 40 {
		paths = append(paths, "/s/"+sources[i].Slug+"/feed.atom", "/s/"+sources[i].Slug+"/feed.rss")
	}
	compareReaders(t, p.Server, paths)
}

// contentScript prints the content of each entry as feedparser has it before it
// cleans anything itself.
const contentScript = `
import feedparser, json, sys
feedparser.SANITIZE_HTML = feedparser.RESOLVE_RELATIVE_URIS = False
d = feedparser.parse(sys.stdin.buffer.read(), sanitize_html=False, resolve_relative_uris=False)
if d.bozo: sys.exit("bozo: %s" % d.bozo_exception)
print(json.dumps({e.id: (e.get("content") or [dict(value=e.get("summary", ""))])[0]["value"] for e in d.entries}))
`

// contentsByFeedparser returns the content of the entries of a document, by id.
func contentsByFeedparser(t *testing.T, body []byte) map[string]string {
	t.Helper()
	if err := exec.Command("/usr/bin/python3", "-c", "import feedparser").Run(); err != nil {
		t.Skip("feedparser is not installed (Debian: python3-feedparser)")
	}
	var out map[string]string
	if err := json.Unmarshal([]byte(run(t, t.TempDir(), string(body), "/usr/bin/python3", "-c", contentScript)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
