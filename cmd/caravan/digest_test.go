package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"caravan/internal/publisher"
	"caravan/server/page"
)

func TestDigestIsPrintedWithAServerAndWithout(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	newest := newestPost(p)
	month, week := page.Month(newest.Date), page.Week(newest.Date)
	alone := map[string]string{}
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{[]string{"--month", month.Name}, []string{month.Start.Format("January 2006") + "\nThis month in the communities\n", newest.Title}},
		{[]string{"--week", week.Name}, []string{fmt.Sprintf("Week %d, ", week.Week), "This week in the communities\n"}},
		{[]string{"--month", month.Name, "--format", "text", "--lang", "fr"}, []string{"Ce mois-ci dans les communautés\n"}},
		{[]string{"--month", month.Name, "--format", "markdown"}, []string{"# This month in the communities\n", "](<http"}},
		{[]string{"--month", month.Name, "--format", "html"}, []string{"<!doctype html>", `href="{{.Unsubscribe}}"`, "/digest/" + month.Name + `"`}},
	} {
		out := p.must("digest", tt.args...)
		lines := strings.Join(strings.Fields(out), " ") // a title may take two
		for _, want := range tt.want {
			if !strings.Contains(out, want) && !strings.Contains(lines, want) {
				t.Errorf("digest %q printed no %q:\n%.600s", tt.args, want, out)
			}
		}
		if strings.Contains(out, "<script") || strings.Contains(out, `rel="stylesheet"`) {
			t.Errorf("digest %q prints a page", tt.args)
		}
		alone[strings.Join(tt.args, " ")] = out
	}
	p.serveAnd(func(base string) {
		for args, before := range alone {
			// A server has an address of its own, of which the letters tell.
			out := strings.ReplaceAll(p.must("digest", strings.Fields(args)...), base, "http://127.0.0.1:8080")
			if out != before {
				t.Errorf("digest %s differs while a server runs:\n%.600s", args, out)
			}
		}
	})
}

func TestDigestOfOneCommunityAndOneLanguage(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	month := page.Month(newestPost(p).Date).Name
	slug := communityOf(p)
	if out := p.must("digest", "--month", month, "--community", slug); !strings.Contains(out, "This month at ") || !strings.Contains(out, "/c/"+slug+"/digest/"+month+"\n") {
		t.Errorf("digest of %s printed:\n%.600s", slug, out)
	}
	if out := p.must("digest", "--month", month, "--language", "fr"); !strings.Contains(out, ", in French\n") || !strings.Contains(out, "language=fr\n") {
		t.Errorf("digest in French printed:\n%.600s", out)
	}
	code, _, stderr := p.run("digest", "--month", month, "--community", "nobody")
	if code != exitFailed || !strings.Contains(stderr, `no community "nobody"; there are `) || !strings.Contains(stderr, slug) {
		t.Errorf("digest of an unknown community ended with %d: %s", code, stderr)
	}
}

// newestPost returns the newest post of the planet.
func newestPost(p *planet) publisher.Post {
	var newest publisher.Post
	for i := range p.load.Feeds {
		for _, post := range p.load.Posts(i) {
			if post.Date.After(newest.Date) {
				newest = post
			}
		}
	}
	newest.Date = newest.Date.UTC()
	return newest
}

// communityOf returns the first community of the planet's list.
func communityOf(p *planet) string {
	p.t.Helper()
	var slug string
	p.serveAnd(func(base string) {
		body := string(fetch(p.t, base+"/api/v1/communities"))
		_, rest, _ := strings.Cut(body, `"id":"`)
		slug, _, _ = strings.Cut(rest, `"`)
	})
	if slug == "" {
		p.t.Fatal("the planet has no community")
	}
	return slug
}

func TestDigestSaysWhatToDoInstead(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	list := dir + "/feeds.opml"
	if err := os.WriteFile(list, []byte(`<opml version="2.0"><head><title>P</title></head><body><outline text="A"><outline type="rss" text="a" xmlUrl="http://127.0.0.1:9/feed"/></outline></body></opml>`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args []string
		code int
		say  string
	}{
		{nil, exitUsage, "--month 2026-10, or --week 2026-W47"},
		{[]string{"--month", "2026-11", "--week", "2026-W47"}, exitUsage, "give one of them"},
		{[]string{"--month", "2026-13"}, exitUsage, "01 to 12, such as 2026-10"},
		{[]string{"--month", "2026-W47"}, exitUsage, "is no month"},
		{[]string{"--month", "November"}, exitUsage, "such as 2026-10"},
		{[]string{"--week", "2026-W60"}, exitUsage, "01 to 52 (some years have 53), such as 2026-W47"},
		{[]string{"--week", "2025-W53"}, exitUsage, "is no week"},
		{[]string{"--week", "2026-11"}, exitUsage, "is no week"},
		{[]string{"--month", "2026-12"}, exitUsage, "has not begun: the newest digests are 2026-11 and 2026-W48"},
		{[]string{"--week", "2026-W49"}, exitUsage, "has not begun"},
		{[]string{"--month", "2026-11", "--time-zone", "Mars/Olympus"}, exitUsage, "IANA"},
		{[]string{"--month", "2026-11", "--language", "Portuguese"}, exitUsage, "such as pt"},
		{[]string{"--month", "2026-11", "--format", "pdf"}, exitUsage, "--format"},
		{[]string{"--month", "2026-11", "--lang", "de"}, exitUsage, "--lang"},
		{[]string{"--month", "2026-11", "--feeds", list, "--data", dir + "/data"}, exitFailed, "the archive is empty"},
		{[]string{"--help"}, exitDone, "2026-W47"},
	} {
		var out syncBuffer
		code := run(t.Context(), append([]string{"digest"}, tt.args...), console{Out: &out, Err: &out, Now: func() time.Time { return now }})
		if code != tt.code || !strings.Contains(out.String(), tt.say) {
			t.Errorf("caravan digest %q ended with %d, want %d, and said:\n%s", tt.args, code, tt.code, out.String())
		}
	}
}

// The zone decides which month has begun.
func TestDigestGoesByTheZone(t *testing.T) {
	c := digestCmd{Month: "2026-12"}
	now := time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC)
	if _, err := c.period(time.UTC, now); err == nil {
		t.Error("December has begun in November")
	}
	if p, err := c.period(time.FixedZone("east", 9*3600), now); err != nil || p.Name != "2026-12" {
		t.Errorf("nine hours east: %+v %v", p, err)
	}
}
