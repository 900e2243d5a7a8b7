package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// E26
func TestBlockedSourceIsNeverAsked(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := newSite(t, map[string]string{"/out/feed": rss("Out", "News"), "/in": "-> /out/feed", "/free": rss("Free", "News")})
	c := newCurator(t, listing(s.URL+"/out/feed", s.URL+"/free"))
	block := filepath.Join(t.TempDir(), "block.txt")
	if err := os.WriteFile(block, []byte(s.URL+"/out  its author asked for it\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := c.check(time.Now(), "--block", block); !strings.Contains(out, "its author asked for it") {
		t.Errorf("check printed:\n%s", out)
	}
	var out, errOut syncBuffer
	con := console{Out: &out, Err: &errOut, Now: time.Now}
	common := []string{"--allow-private", "127.0.0.0/8", "--block", block, "--feeds", c.feeds}
	for _, path := range []string{"/out/feed", "/in"} {
		if code := run(t.Context(), append([]string{"add", s.URL + path}, common...), con); code == exitDone {
			t.Errorf("%s was added", path)
		}
	}
	if code := run(t.Context(), append([]string{"poll", "--data", c.data}, common...), con); code != exitDone {
		t.Errorf("poll ended with %d: %s", code, errOut.String())
	}
	asked := s.requests()
	if count(asked, "/out/feed") != 0 || count(asked, "/in") != 1 || count(asked, "/free") == 0 {
		t.Errorf("asked for %q", asked)
	}
	sources, err := knownSources(t.Context(), appOptions{Files: dataFlags{Feeds: c.feeds, Data: c.data}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil || len(sources) != 2 {
		t.Fatalf("%d sources, %v", len(sources), err)
	}
	state := sources[0].State
	if !strings.Contains(state.Failure.Detail, "its author asked for it") || state.NextPoll.Sub(state.LastPoll) < 23*time.Hour+59*time.Minute {
		t.Errorf("state %+v", state)
	}
}

func TestUnreadableBlockListStopsTheCommand(t *testing.T) {
	p := newPlanet(t)
	if code, _, stderr := p.run("poll", "--block", filepath.Join(t.TempDir(), "none")); code == exitDone || !strings.Contains(stderr, "block list") {
		t.Errorf("poll ended with %d: %s", code, stderr)
	}
}

// blockFile writes a block list.
