package server

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/article"
	"caravan/server/feed"
)

// richSource is a feed with everything that a publisher may say, and every
// address relative to something.
const richSource = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xml:base="https://rich.example/blog/" xml:lang="pt-BR">
<id>tag:rich.example,2020:feed</id><title type="html">Rich &amp;amp; Co</title><updated>2026-11-20T10:00:00Z</updated>
<rights>CC BY of Rich</rights><link rel="self" href="feed"/><link rel="alternate" href="./"/><link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>
<entry xml:base="2026/"><id>tag:rich.example,2026:1</id><title type="html">A &amp;amp; B &amp;lt;i&amp;gt;</title><updated>2026-11-20T10:00:00Z</updated><published>2026-11-20T09:00:00Z</published>
<author><name>Ana Núñez</name></author><link href="one.html"/><link rel="enclosure" type="audio/mpeg" length="77" href="one.mp3"/>
<thr:in-reply-to ref="tag:other.example,2026:post" href="https://other.example/post"/><category term="labs"/>
<rights>Only this one</rights><itunes:duration>62</itunes:duration>
<source><id>tag:first.example,2020:feed</id><title>First</title><link rel="self" href="https://first.example/feed"/></source>
<content type="html">&lt;p&gt;Uma história comprida para todas as pessoas da cidade, que não se esquece &lt;a href="two.html"&gt;link&lt;/a&gt; &lt;img src="../i.png" alt=""&gt; &lt;img src="/j.png" alt=""&gt;&lt;/p&gt;</content></entry>
<entry xml:lang="es"><id>urn:uuid:6ba7b811-9dad-51d1-80b4-00c04fd430c8</id><title>Los vecinos de la ciudad preguntan por el agua</title><updated>2026-11-19T09:00:00Z</updated><link href="?p=2"/>
<content type="html">&lt;p&gt;Los vecinos de la ciudad preguntan desde hace años por el agua de los ríos y por quién la cuida.&lt;/p&gt;</content></entry>
</feed>`

// O05, O06, O07, O09, O21, O22: what a source says comes through to every
// format, addresses absolute.
func TestWhatASourceSaysComesThrough(t *testing.T) {
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Rich https://rich.example/feed"}}, "Labs")
	w.poll("rich", w.read(richSource, "https://rich.example/feed"))
	h := w.Handler()
	for path, want := range map[string][]string{
		"/feed.atom": {
			`<entry xml:lang="pt`, `<id>tag:rich.example,2026:1</id>`, `<title type="text">A &#x26; B &#x3C;i&#x3E;</title>`, `<name>Ana Núñez</name>`,
			`<link rel="alternate" type="text/html" href="https://rich.example/blog/2026/one.html"/>`,
			`<link rel="enclosure" type="audio/mpeg" length="77" href="https://rich.example/blog/2026/one.mp3"/>`,
			`<link rel="via" title="First" href="https://first.example/feed"/>`, `<category term="labs"/>`, `<published>2026-11-20T09:00:00Z</published>`,
			`<thr:in-reply-to ref="tag:other.example,2026:post"/>`, `<rights type="text">Only this one</rights>`, `duration="62"`,
			`href=&#34;https://rich.example/blog/2026/two.html&#34;`, `src=&#34;https://rich.example/blog/i.png&#34;`, `src=&#34;https://rich.example/j.png&#34;`,
			`<id>tag:rich.example,2020:feed</id>`, `<link rel="self" href="https://rich.example/feed"/>`, `<link rel="alternate" type="text/html" href="https://rich.example/blog/"/>`,
			`<link rel="license" href="https://creativecommons.org/licenses/by/4.0/"/>`, `<rights type="text">CC BY of Rich</rights>`,
			`<entry xml:lang="es">`, `<id>urn:uuid:6ba7b811-9dad-51d1-80b4-00c04fd430c8</id>`, `href="https://rich.example/blog/?p=2"`,
		},
		"/feed.rss": {
			`<guid isPermaLink="false">tag:rich.example,2026:1</guid>`, `<title>A &#x26; B &#x3C;i&#x3E;</title>`, `<pubDate>Fri, 20 Nov 2026 09:00:00 +0000</pubDate>`,
			`<dc:creator>Ana Núñez</dc:creator>`, `<dc:creator>Rich</dc:creator>`, `<source url="https://rich.example/feed">Rich</source>`,
			`<enclosure url="https://rich.example/blog/2026/one.mp3" length="77" type="audio/mpeg"/>`, `<dc:rights>Only this one</dc:rights>`, `<dc:rights>CC BY of Rich</dc:rights>`,
			`<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>`, `<dc:language>es</dc:language>`,
			`thr:in-reply-to ref="tag:other.example,2026:post"`, `<content:encoded>`,
		},
		"/feed.json": {
			`"id":"tag:rich.example,2026:1"`, `"title":"A & B <i>"`, `"authors":[{"name":"Ana Núñez"}]`, `"in_reply_to":"tag:other.example,2026:post"`, `"language":"es"`,
			`"attachments":[{"url":"https://rich.example/blog/2026/one.mp3","mime_type":"audio/mpeg","size_in_bytes":77,"duration_in_seconds":62}]`,
			`"via":{"title":"First","url":"https://first.example/feed"}`, `"rights":"Only this one"`, `"license":"https://creativecommons.org/licenses/by/4.0/"`,
		},
	} {
		body := get(h, path).Body.String()
		for _, part := range want {
			if !strings.Contains(body, part) && !strings.Contains(body, strings.ReplaceAll(part, "&#34;", `"`)) {
				t.Errorf("%s lacks %s in\n%s", path, part, body)
			}
		}
		for _, relative := range []string{`href="two.html`, `src="../i.png`, `src="/j.png`, `href="one.html`, `"one.mp3"`} {
			if strings.Contains(body, relative) {
				t.Errorf("%s has the relative address %s", path, relative)
			}
		}
	}
}

// O18, O13: every format names its hub, itself exactly once, and the way on.
func TestEveryFormatLinksItselfOnce(t *testing.T) {
	h := serverOf(t, newMemory(150), func(c *Config) { c.Hub = "https://hub.example/" }).Handler()
	type links struct {
		Links []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
	}
	for _, path := range []string{"/feed.atom", "/feed.rss", "/c/labs/feed.atom?show=title", "/search.rss?q=post", "/feed.rss?archive=2026-11-23"} {
		w := get(h, path)
		var doc struct {
			links
			Channel links `xml:"channel"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		byRel := map[string][]string{}
		for _, l := range append(doc.Links, doc.Channel.Links...) {
			byRel[l.Rel] = append(byRel[l.Rel], l.Href)
		}
		self := "https://planet.example" + path
		if !slices.Equal(byRel["self"], []string{self}) || !slices.Equal(byRel["hub"], []string{"https://hub.example/"}) {
			t.Errorf("%s: self %q, hub %q", path, byRel["self"], byRel["hub"])
		}
		if want := `<` + self + `>; rel="self", <https://hub.example/>; rel="hub"`; w.Header().Get("Link") != want {
			t.Errorf("%s: Link %s, want %s", path, w.Header().Get("Link"), want)
		}
		if further := len(byRel["next"]) + len(byRel["prev-archive"]); further == 0 {
			t.Errorf("%s leads nowhere: %v", path, byRel)
		}
	}
}

// O13: RSS and JSON lead to every entry as Atom does.
func TestEveryFormatCanBeWalked(t *testing.T) {
	h := serverOf(t, newMemory(350)).Handler()
	rss, jsonFeed := map[string]int{}, map[string]int{}
	for path := "/feed.rss"; path != ""; {
		var doc struct {
			Channel struct {
				Links []struct {
					Rel  string `xml:"rel,attr"`
					Href string `xml:"href,attr"`
				} `xml:"http://www.w3.org/2005/Atom link"`
				Items []struct {
					GUID string `xml:"guid"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal(get(h, path).Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		path = ""
		for _, l := range doc.Channel.Links {
			if l.Rel == "next" {
				path = strings.TrimPrefix(l.Href, "https://planet.example")
			}
		}
		for _, item := range doc.Channel.Items {
			rss[item.GUID]++
		}
	}
	for path := "/feed.json"; path != ""; {
		var doc struct {
			Next  string `json:"next_url"`
			Items []struct{ ID string }
		}
		if err := json.Unmarshal(get(h, path).Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		path = strings.TrimPrefix(doc.Next, "https://planet.example")
		for _, item := range doc.Items {
			jsonFeed[item.ID]++
		}
	}
	for id, n := range count(walk(t, h, "/feed.atom", "next")) {
		if n != 1 || rss[id] != 1 || jsonFeed[id] != 1 {
			t.Errorf("%s stands in %d documents of Atom, %d of RSS, %d of JSON", id, n, rss[id], jsonFeed[id])
		}
	}
	if len(rss) != 350 || len(jsonFeed) != 350 {
		t.Errorf("%d entries in RSS, %d in JSON, want 350", len(rss), len(jsonFeed))
	}
}

// O20: what a source had put into feeds is told of when the source goes, and is
// back without a trace when it returns.
func TestRemovedSourceLeavesTombstones(t *testing.T) {
	w := newWorld(t, testNow)
	both := []string{"Alpha https://alpha.example/feed", "Beta https://beta.example/feed"}
	w.sync(map[string][]string{"Labs": both}, "Labs")
	w.poll("alpha", w.read(rssOf("alpha", 3, testNow.Add(-time.Hour)), "https://alpha.example/feed"))
	w.poll("beta", w.read(rssOf("beta", 3, testNow.Add(-time.Hour)), "https://beta.example/feed"))
	h := w.Handler()
	before := readAtom(t, h, "/feed.atom")
	w.set(testNow.Add(time.Hour))
	w.sync(map[string][]string{"Labs": both[1:]}, "Labs")
	for _, path := range []string{"/feed.atom", "/c/labs/feed.atom", "/feed.atom?language=en"} {
		f := readAtom(t, h, path)
		if len(f.Deleted) != 3 || len(f.Entries) != 3 {
			t.Fatalf("%s: %d tombstones and %d entries, want 3 and 3", path, len(f.Deleted), len(f.Entries))
		}
		for _, d := range f.Deleted {
			if !strings.HasPrefix(d.Ref, "https://alpha.example/") || d.When != "2026-11-25T13:00:00Z" {
				t.Errorf("%s: tombstone %+v", path, d)
			}
		}
	}
	w.set(testNow.Add(2 * time.Hour))
	w.sync(map[string][]string{"Labs": both}, "Labs")
	if f := readAtom(t, h, "/feed.atom"); len(f.Deleted) != 0 || !slices.Equal(f.ids(), before.ids()) {
		t.Errorf("after its return: %d tombstones, entries %v, were %v", len(f.Deleted), f.ids(), before.ids())
	}
}

// O10, O27: validators outlive a restart, and what changed while the program
// was away is never "not modified", even to who comes with a date alone.
func TestValidatorsOutliveARestart(t *testing.T) {
	w := newWorld(t, testNow)
	list := func(title string) {
		w.sync(map[string][]string{"Labs": {title + " https://alpha.example/feed"}}, "Labs")
	}
	list("Alpha")
	w.poll("alpha", w.read(rssOf("alpha", 3, testNow.Add(-time.Hour)), "https://alpha.example/feed"))
	w.set(testNow.Add(time.Hour))
	get(w.Handler(), "/feed.atom")
	list("Renamed")
	before := get(w.Handler(), "/feed.atom")
	w.set(testNow.Add(2 * time.Hour))
	w.reopen()
	after := get(w.Handler(), "/feed.atom")
	for _, name := range []string{"ETag", "Last-Modified"} {
		if after.Header().Get(name) != before.Header().Get(name) {
			t.Errorf("%s is %s after a restart, was %s", name, after.Header().Get(name), before.Header().Get(name))
		}
	}
	w.set(testNow.Add(3 * time.Hour))
	list("Anew")
	w.reopen()
	if got := get(w.Handler(), "/feed.atom", "If-Modified-Since: "+after.Header().Get("Last-Modified")); got.Code != http.StatusOK {
		t.Errorf("renamed while away = %d, want 200", got.Code)
	}
	h := w.Handler()
	get(h, "/feed.atom")
	renamed := strings.Replace(rssOf("alpha", 3, testNow.Add(-time.Hour)), "<link>", "<copyright>© Alpha</copyright><link>", 1)
	w.poll("alpha", w.read(renamed, "https://alpha.example/feed"))
	if body := get(h, "/feed.atom").Body.String(); !strings.Contains(body, "© Alpha") {
		t.Errorf("the feed does not say what the source says of itself now:\n%s", body)
	}
}

// O23: what feedparser gets is the clean HTML that was stored, for every
// collected attack.
func TestAttacksComeThroughReadersAsCleaned(t *testing.T) {
	var payloads []string
	for _, name := range []string{"dompurify.jsonl", "owasp.jsonl"} {
		data, err := os.ReadFile(sharedPath(t, "xss", name))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			var v struct{ Payload string }
			if err := json.Unmarshal([]byte(line), &v); err != nil {
				t.Fatal(err)
			}
			payloads = append(payloads, v.Payload)
		}
	}
	var entries []feed.Entry
	for i, payload := range payloads {
		id := "https://a.example/" + string(rune('a'+i/26/26)) + string(rune('a'+i/26%26)) + string(rune('a'+i%26))
		entries = append(entries, feed.Entry{
			ID: id, Link: id, Title: payload, Updated: testNow, Source: feed.Source{Title: "A", Feed: "https://a.example/feed"},
			Content: article.Prepare(caravan.Item{Content: "<p>" + payload + "</p>"}, article.Options{FeedURL: "https://a.example/feed"}).Content,
		})
	}
	d := feed.Document{ID: "https://planet.example/feed.atom", Title: "P", Home: "https://planet.example/", Self: "https://planet.example/feed.atom", Updated: testNow}
	for _, f := range []feed.Format{feed.Atom, feed.RSS} {
		body, err := feed.Write(f, d, entries)
		if err != nil {
			t.Fatal(err)
		}
		got := contentsByFeedparser(t, body)
		if len(got) != len(entries) {
			t.Fatalf("%s: %d entries, want %d", f, len(got), len(entries))
		}
		for _, e := range entries {
			if e.Content != "" && got[e.ID] != e.Content {
				t.Errorf("%s: content of %q is %q, want %q", f, e.Title, got[e.ID], e.Content)
			}
		}
	}
}

// O15: each page names its list's feeds, in all formats and with their types,
// and they are there.
func TestAlternateLinksAreWhatTheySay(t *testing.T) {
	h := serverOf(t, newMemory(30)).Handler()
	alternate := regexp.MustCompile(`<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">`)
	for path, list := range map[string]string{
		"/": "/feed.%s", "/c/labs": "/c/labs/feed.%s", "/s/alpha": "/s/alpha/feed.%s", "/?language=fr": "/feed.%s?language=fr",
		"/search?q=post": "/search.%s?q=post", "/search?q=post&community=labs": "/search.%s?community=labs&q=post",
	} {
		links := map[string]string{}
		for _, m := range alternate.FindAllStringSubmatch(get(h, path).Body.String(), -1) {
			kind, address := m[1], html.UnescapeString(m[2]) // the type as naive readers see it, too
			links[address] = kind
			if w := get(h, address); w.Code != http.StatusOK || w.Header().Get("Content-Type") != kind+"; charset=utf-8" {
				t.Errorf("%s: %s = %d %s, said to be %s", path, address, w.Code, w.Header().Get("Content-Type"), kind)
			}
		}
		for _, f := range feed.Formats() {
			if address := fmt.Sprintf(list, f); links[address] != f.MediaType() {
				t.Errorf("%s: link to %s is of type %q among %v", path, address, links[address], links)
			}
		}
	}
}

// O03, R16: ids and dates are the same for ever: after a restart, when all GUIDs
// change, when the source moves by redirect, and when the list has it at an
// address of which nothing is known.
func TestIDsStayForEver(t *testing.T) {
	w := newWorld(t, testNow)
	w.sync(map[string][]string{"Labs": {"Alpha https://alpha.example/feed"}}, "Labs")
	body := rssOf("alpha", 6, testNow.Add(-time.Hour))
	body = strings.Replace(body, "<guid>https://alpha.example/2026-11-23</guid>", "<guid>no address</guid>", 1)
	undated := strings.Index(body, "<pubDate>")
	body = body[:undated] + body[strings.Index(body, "</pubDate>")+len("</pubDate>"):]
	w.poll("alpha", w.read(body, "https://alpha.example/feed"))
	entries := func() (out []string) {
		for _, e := range readAtom(t, w.Handler(), "/s/alpha/feed.atom").Entries {
			out = append(out, e.ID+" "+e.Published)
		}
		return out
	}
	before := entries()
	if len(before) != 6 || !slices.ContainsFunc(before, func(s string) bool { return strings.HasPrefix(s, "urn:uuid:") }) {
		t.Fatalf("entries %q, want six, one of them with an id of ours", before)
	}
	for i, step := range []struct {
		name string
		do   func()
	}{
		{"a restart", w.reopen},
		{"new GUIDs", func() {
			w.poll("alpha", w.read(strings.ReplaceAll(body, "<guid>", "<guid>new-"), "https://alpha.example/feed"))
		}},
		{"a redirect for good", func() {
			source, err := w.store.Source(t.Context(), "alpha")
			if err != nil {
				t.Fatal(err)
			}
			doc := w.read(body, "https://www.alpha.example/rss")
			if _, err := w.store.SavePoll(t.Context(), caravan.PollResult{
				Claim: caravan.Claim{Source: source}, Started: w.clock(), Status: 200, Document: &doc, MovedTo: "https://www.alpha.example/rss", FinalURL: "https://www.alpha.example/rss",
			}); err != nil {
				t.Fatal(err)
			}
		}},
		{"another address in the list", func() {
			w.sync(map[string][]string{"Labs": {"Alpha https://new.example/feed"}}, "Labs")
			sources, err := w.store.Sources(t.Context())
			if err != nil || len(sources) != 1 {
				t.Fatalf("%d sources, %v", len(sources), err)
			}
			w.poll(sources[0].Slug, w.read(body, "https://new.example/feed"))
		}},
		{"another restart", w.reopen},
	} {
		w.set(testNow.Add(time.Duration(i+1) * 2 * time.Hour))
		step.do()
		if after := entries(); !slices.Equal(after, before) {
			t.Errorf("after %s: %q, were %q", step.name, after, before)
		}
	}
}
