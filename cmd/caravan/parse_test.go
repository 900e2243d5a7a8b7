package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const brokenFeed = `<?xml version="1.0"?>
<rss version="2.0"><channel><title>L'été &amp; l'eau</title><link>https://eau.example/</link><language>fr</language>
<item><title>Première note</title><link>/1</link><guid>a</guid><pubDate>mar., 03 nov. 2026 08:00:00 +0100</pubDate>
<description>&lt;p onclick="x()"&gt;Un texte sur l'eau.&lt;/p&gt;</description></item>
<item><title>Deuxième note</title><link>/2</link><guid>b</guid><descr`

func TestParseShowsWhatIsMadeOfADocument(t *testing.T) {
	name := filepath.Join(t.TempDir(), "feed.xml")
	if err := os.WriteFile(name, []byte(brokenFeed), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func(args ...string) (int, string) {
		var out syncBuffer
		code := run(t.Context(), append([]string{"parse"}, args...), console{Out: &out, Err: &out, Now: time.Now})
		return code, out.String()
	}
	code, out := call("--json", "--base", "https://eau.example/feed", name)
	var p parsed
	if err := json.Unmarshal([]byte(out), &p); code != exitDone || err != nil {
		t.Fatalf("parse --json ended with %d, %v:\n%s", code, err, out)
	}
	if p.Title != "L'été & l'eau" || p.Language != "fr" || len(p.Items) == 0 || len(p.Problems) == 0 {
		t.Fatalf("parsed %+v", p)
	}
	first := p.Items[0]
	if first.GUID != "a" || first.URL != "https://eau.example/1" || first.Published != "2026-11-03T07:00:00Z" ||
		strings.Contains(first.Content, "onclick") || first.Text != "Un texte sur l'eau." {
		t.Errorf("first item %+v", first)
	}
	if code, out := call("--base", "https://eau.example/feed", name); code != exitDone || !strings.Contains(out, "Première note") || !strings.Contains(out, "! ") {
		t.Errorf("parse ended with %d:\n%s", code, out)
	}
	if code, out := call(filepath.Join(t.TempDir(), "none.xml")); code != exitFailed || !strings.Contains(out, "none.xml") {
		t.Errorf("parse of an absent file ended with %d:\n%s", code, out)
	}
}

func TestParseFetchesAnAddress(t *testing.T) {
	p := newPlanet(t)
	var out syncBuffer
	code := run(t.Context(), []string{"parse", "--allow-private", "127.0.0.0/8", p.pub.Feeds[0].URL}, console{Out: &out, Err: &out, Now: time.Now})
	if code != exitDone || !strings.Contains(out.String(), p.load.Posts(0)[0].Title) {
		t.Errorf("parse of an address ended with %d:\n%s", code, out.String())
	}
	if code := run(t.Context(), []string{"parse", p.pub.Feeds[0].URL}, console{Out: &out, Err: &out, Now: time.Now}); code != exitFailed {
		t.Errorf("parse of a private address that is not allowed ended with %d", code) // S01
	}
}
