package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan/internal/publisher"
)

// A planet is a publisher, a list of its feeds and a data directory.
type planet struct {
	t     *testing.T
	load  publisher.Load
	pub   *publisher.Running
	feeds string
	data  string
}

func newPlanet(t *testing.T) *planet {
	t.Helper()
	p := &planet{t: t, load: publisher.Load{Feeds: 6, Items: 5, Seed: 3, Until: time.Now().Add(-time.Hour)}}
	dir := t.TempDir()
	p.feeds, p.data = filepath.Join(dir, "feeds.opml"), filepath.Join(dir, "data")
	p.publish(publisher.Synthetic(p.load), p.load.Feeds)
	return p
}

// publish starts a publisher of feeds on so many hosts and saves the list.
func (p *planet) publish(feeds []publisher.Feed, hosts int) {
	p.t.Helper()
	pub, err := publisher.Start(p.t.Context(), feeds, "127.0.0.1:0", hosts)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { pub.Close() })
	p.pub = pub
	p.writeList()
}

// writeList saves the list of the publisher's feeds.
func (p *planet) writeList() {
	p.t.Helper()
	var list bytes.Buffer
	if err := publisher.WriteOPML(&list, "Test planet", p.pub.Feeds); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(p.feeds, list.Bytes(), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// run carries out one command on the planet and returns its exit code and what
// it printed.
func (p *planet) run(command string, args ...string) (code int, stdout, stderr string) {
	p.t.Helper()
	var out, errOut syncBuffer
	all := append([]string{command, "--feeds", p.feeds, "--data", p.data, "--allow-private", "127.0.0.0/8"}, args...)
	code = run(p.t.Context(), all, console{Out: &out, Err: &errOut, Now: time.Now})
	return code, out.String(), errOut.String()
}

// must is run of a command that has to succeed.
func (p *planet) must(command string, args ...string) string {
	p.t.Helper()
	code, stdout, stderr := p.run(command, args...)
	if code != exitDone {
		p.t.Fatalf("caravan %s %q ended with %d\n%s", command, args, code, stderr)
	}
	return stdout
}

// A syncBuffer is a buffer that several goroutines may write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestPollThenSearchThenFeed(t *testing.T) {
	p := newPlanet(t)
	if out := p.must("poll"); !strings.Contains(out, "6 sources polled") || !strings.Contains(out, "30 new articles") {
		t.Errorf("poll printed:\n%s", out)
	}
	for i := range p.load.Feeds {
		post := p.load.Posts(i)[i%p.load.Items]
		var found struct {
			Total int
			Items []struct{ Title, Snippet string }
		}
		if err := json.Unmarshal([]byte(p.must("search", "--json", post.Planted)), &found); err != nil {
			t.Fatal(err)
		}
		if found.Total != 1 || found.Items[0].Title != post.Title || !strings.Contains(strings.ToLower(found.Items[0].Snippet), "<mark>"+post.Planted) {
			t.Errorf("search for the word planted in %q found %+v", post.Title, found)
		}
	}
	var feed struct{ Items []struct{ ID string } }
	if err := json.Unmarshal([]byte(p.must("feed", "--format", "json")), &feed); err != nil || len(feed.Items) != 30 {
		t.Errorf("feed has %d items, %v", len(feed.Items), err)
	}
	if out := p.must("feed", "--format", "rss", p.load.Posts(0)[0].Planted); strings.Count(out, "<item>") != 1 {
		t.Errorf("feed of a search holds %d items, want 1", strings.Count(out, "<item>"))
	}
}

func TestNothingIsPolledBeforeItIsDue(t *testing.T) { // E06, E18
	p := newPlanet(t)
	p.must("poll")
	if out := p.must("poll"); !strings.Contains(out, "0 sources polled") {
		t.Errorf("second poll printed:\n%s", out)
	}
	if n := p.pub.Stats.Requests.Load(); n != 6 {
		t.Errorf("%d requests for 6 sources and two passes, want 6", n)
	}
	if out := p.must("poll", "--again"); !strings.Contains(out, "6 unchanged") {
		t.Errorf("poll --again printed:\n%s", out)
	}
	if n := p.pub.Stats.NotModified.Load(); n != 6 {
		t.Errorf("%d answers of 304 to poll --again, want 6", n)
	}
	if n := p.pub.Stats.Unconditional.Load(); n != 6 {
		t.Errorf("%d unconditional requests, want the first 6", n)
	}
}

func TestPollOfOneSource(t *testing.T) {
	p := newPlanet(t)
	code, _, stderr := p.run("poll", "--source", "nobody")
	if code != exitFailed || !strings.Contains(stderr, `no source "nobody"`) {
		t.Errorf("poll of an unknown source ended with %d:\n%s", code, stderr)
	}
	p.must("poll")
	var answer struct {
		Sources []struct{ ID string }
	}
	p.serveAnd(func(base string) {
		if err := json.Unmarshal(fetch(t, base+"/api/v1/sources"), &answer); err != nil {
			t.Fatal(err)
		}
	})
	before := p.pub.Stats.Requests.Load()
	if out := p.must("poll", "--again", "--source", answer.Sources[2].ID); !strings.Contains(out, "1 source polled") {
		t.Errorf("poll of one source printed:\n%s", out)
	}
	if n := p.pub.Stats.Requests.Load() - before; n != 1 {
		t.Errorf("poll of one source made %d requests", n)
	}
}

func TestWrongUsage(t *testing.T) {
	tests := []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"sevre"}, exitUsage, "sevre"},
		{[]string{"search"}, exitUsage, "query"},
		{[]string{"search", "--limit", "0", "x"}, exitUsage, "1 to 100"},
		{[]string{"serve", "--time-zone", "Mars/Olympus", "--listen", "127.0.0.1:0", "--data", "$TMP"}, exitUsage, "IANA"},
		{[]string{"serve", "--base-url", "planet", "--listen", "127.0.0.1:0", "--data", "$TMP"}, exitUsage, "--base-url"},
		{[]string{"serve", "--demo", "--data", "$TMP"}, exitUsage, "--demo"},
		{[]string{"serve", "--feeds", "$TMP/none.opml", "--data", "$TMP/d", "--listen", "127.0.0.1:0"}, exitFailed, "none.opml"},
		{[]string{"check", "$TMP/none.opml"}, exitFailed, "none.opml"},
		{[]string{"--help"}, exitDone, "Usage: caravan"},
		{[]string{"version"}, exitDone, "caravan " + version},
	}
	for _, tt := range tests {
		tmp := t.TempDir()
		var args []string
		for _, a := range tt.args {
			args = append(args, strings.ReplaceAll(a, "$TMP", tmp))
		}
		var out syncBuffer
		if code := run(t.Context(), args, console{Out: &out, Err: &out, Now: time.Now}); code != tt.code || !strings.Contains(out.String(), tt.say) {
			t.Errorf("caravan %q ended with %d, want %d, and said:\n%s", args, code, tt.code, out.String())
		}
	}
}

func TestCheckSaysWhatIsWrongAndWhere(t *testing.T) {
	name := filepath.Join(t.TempDir(), "feeds.opml")
	list := `<opml version="2.0"><head><title>T</title></head><body>
<outline text="A"><outline type="rss" text="x" xmlUrl="file:///etc/passwd"/>
<outline type="rss" text="y" xmlUrl="https://example.org/feed"/></outline></body></opml>`
	if err := os.WriteFile(name, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	var out syncBuffer
	if code := run(t.Context(), []string{"check", name}, console{Out: &out, Err: &out, Now: time.Now}); code != exitFailed {
		t.Errorf("check of a list with an error ended with %d", code)
	}
	if !regexp.MustCompile(`feeds\.opml:2:\d+: error: `).MatchString(out.String()) || !strings.Contains(out.String(), "1 source in 1 community, 1 error, 0 warnings") {
		t.Errorf("check printed:\n%s", out.String())
	}
}

// serveAnd serves the planet while do runs.
func (p *planet) serveAnd(do func(base string)) {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	defer cancel()
	addr, done, stderr := make(chan net.Addr, 1), make(chan error, 1), new(syncBuffer)
	c := p.serveCmd()
	go func() {
		done <- c.serve(ctx, console{Out: io.Discard, Err: stderr, Now: time.Now}, func(a net.Addr) { addr <- a })
	}()
	select {
	case a := <-addr:
		do("http://" + a.String())
		cancel()
		if err := <-done; err != nil {
			p.t.Errorf("serve ended with %v\n%s", err, stderr)
		}
	case err := <-done:
		p.t.Fatalf("serve ended with %v\n%s", err, stderr)
	}
}

func (p *planet) serveCmd() *serveCmd {
	c := &serveCmd{dataFlags: dataFlags{Feeds: p.feeds, Data: p.data}}
	c.netFlags = netFlags{Listen: "127.0.0.1:0", TimeZone: "UTC", ClockSpeed: 1, AllowPrivate: loopback()}
	return c
}

func fetch(t *testing.T, url string) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Errorf("GET %s = %s\n%.300s", url, resp.Status, body)
	}
	return body
}

func TestServePollsIndexesAndAnswers(t *testing.T) {
	p := newPlanet(t)
	post := p.load.Posts(1)[2]
	p.serveAnd(func(base string) {
		waitFor(t, func() bool {
			return strings.Contains(string(fetch(t, base+"/search?q="+post.Planted)), "<mark>")
		})
		for _, path := range []string{"/", "/sources", "/c/community-00", "/feed.atom", "/feed.rss", "/feed.json", "/feeds.opml", "/api/v1/items", "/api/v1/communities", "/healthz", "/about"} {
			fetch(t, base+path)
		}
		if out := p.must("search", post.Planted); !strings.Contains(out, post.Title) { // through the socket
			t.Errorf("search beside a server printed:\n%s", out)
		}
		started := time.Now()
		code, _, stderr := p.run("serve", "--listen", "127.0.0.1:0")
		if code != exitFailed || !strings.Contains(stderr, fmt.Sprintf("process %d", os.Getpid())) || time.Since(started) > 2*time.Second { // R35
			t.Errorf("second serve ended with %d after %s:\n%s", code, time.Since(started), stderr)
		}
		if out := p.must("reindex"); !strings.Contains(out, "Index rebuilt") { // R34
			t.Errorf("reindex printed %q", out)
		}
		if out := p.must("poll", "--again"); !strings.Contains(out, "6 unchanged") {
			t.Errorf("poll --again beside a server printed:\n%s", out)
		}
	})
}

func TestDeletedIndexIsRebuilt(t *testing.T) { // R40
	p := newPlanet(t)
	p.must("poll")
	post := p.load.Posts(2)[0]
	before := p.must("search", "--json", post.Title)
	if err := os.RemoveAll(filepath.Join(p.data, "index")); err != nil {
		t.Fatal(err)
	}
	p.serveAnd(func(base string) {
		fetch(t, base+"/")
		fetch(t, base+"/feed.atom")
		waitFor(t, func() bool {
			return strings.Contains(string(fetch(t, base+"/api/v1/search?q="+post.Planted)), `"total":1`)
		})
	})
	var was, is found
	if err := json.Unmarshal([]byte(before), &was); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(p.must("search", "--json", post.Title)), &is); err != nil {
		t.Fatal(err)
	}
	if was.Total != is.Total || was.Items[0].Title != is.Items[0].Title {
		t.Errorf("after the rebuild a search finds %d, %q; before %d, %q", is.Total, is.Items[0].Title, was.Total, was.Items[0].Title)
	}
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// waitFor waits until ok, which is asked again and again.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("waited a minute in vain")
		}
		<-tick.C
	}
}

func TestDemoShowsTheWholeWay(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stderr, code := new(syncBuffer), make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve", "--demo", "--listen", "127.0.0.1:0"}, console{Out: io.Discard, Err: stderr, Now: time.Now})
	}()
	address := regexp.MustCompile(`answers on (http://\S+)`)
	waitFor(t, func() bool { return address.MatchString(stderr.String()) })
	base := address.FindStringSubmatch(stderr.String())[1]
	waitFor(t, func() bool {
		return strings.Contains(string(fetch(t, base+"/api/v1/search?q=inovacao&language=pt")), "inova")
	})
	home := string(fetch(t, base+"/"))
	if !strings.Contains(home, "demo") || !strings.Contains(home, "caravan serve --feeds feeds.opml") {
		t.Error("the home page does not say that this is the demo and how to start for real")
	}
	cancel()
	if got := <-code; got != exitDone {
		t.Errorf("the demo ended with %d\n%s", got, stderr)
	}
	if dir := regexp.MustCompile(`data=(\S*caravan-demo-\S*)/data`).FindStringSubmatch(stderr.String()); dir == nil {
		t.Error("the log does not name the demo's directory")
	} else if _, err := os.Stat(dir[1]); !os.IsNotExist(err) {
		t.Errorf("the demo left %s behind", dir[1])
	}
}
