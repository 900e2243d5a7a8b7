package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

// firstItem returns the id of the planet's newest item.
func firstItem(t *testing.T, base string) string {
	t.Helper()
	var page struct{ Items []struct{ ID string } }
	if err := json.Unmarshal(fetch(t, base+"/api/v1/items?limit=1"), &page); err != nil || len(page.Items) != 1 {
		t.Fatalf("items: %v", err)
	}
	return page.Items[0].ID
}

func TestHiddenItemIsGoneForEverybodyUntilShown(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	status := func(url string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	p.serveAnd(func(base string) {
		id := firstItem(t, base)
		if out := p.must("hide", id); !strings.Contains(out, "hidden") {
			t.Errorf("hide printed %q", out)
		}
		if got := status(base + "/item/" + id); got != http.StatusGone {
			t.Errorf("page of a hidden item = %d, want 410", got)
		}
		if firstItem(t, base) == id {
			t.Error("a hidden item is still listed")
		}
		p.must("show", id)
		if got := status(base + "/item/" + id); got != http.StatusOK {
			t.Errorf("page of an item shown again = %d", got)
		}
		if code, _, stderr := p.run("hide", "nonsense"); code != exitFailed || !strings.Contains(stderr, "16") {
			t.Errorf("hide of nonsense ended with %d: %s", code, stderr)
		}
	})
}

func TestMassRemovalWaitsForAccept(t *testing.T) { // R11
	p := newPlanet(t)
	p.must("poll")
	whole := p.pub.Feeds
	p.pub.Feeds = whole[:2]
	p.writeList()
	p.serveAnd(func(base string) {
		if n := strings.Count(string(fetch(t, base+"/feeds.opml")), "xmlUrl="); n != len(whole) {
			t.Errorf("a list that removes most sources was taken over: %d left", n)
		}
		if out := p.must("accept"); !strings.Contains(out, "4 removed, 2 kept") {
			t.Errorf("accept printed %q", out)
		}
		if n := strings.Count(string(fetch(t, base+"/feeds.opml")), "xmlUrl="); n != 2 {
			t.Errorf("after accept there are %d sources, want 2", n)
		}
	})
}

func TestTruncatedListDoesNotReplaceAGoodOne(t *testing.T) { // R11, R12
	p := newPlanet(t)
	p.must("poll")
	whole, err := os.ReadFile(p.feeds)
	if err != nil {
		t.Fatal(err)
	}
	cut := whole[:bytes.LastIndex(whole, []byte("<outline"))]
	if err := os.WriteFile(p.feeds, cut, 0o600); err != nil {
		t.Fatal(err)
	}
	p.serveAnd(func(base string) {
		if n := strings.Count(string(fetch(t, base+"/feeds.opml")), "xmlUrl="); n != p.load.Feeds {
			t.Errorf("after a start with a truncated list there are %d sources, want %d", n, p.load.Feeds)
		}
		if page := string(fetch(t, base+"/sources")); !strings.Contains(page, "feeds.opml") {
			t.Error("/sources does not show what is wrong with the list")
		}
		if code, _, stderr := p.run("accept"); code != exitFailed || !strings.Contains(stderr, "feeds.opml") {
			t.Errorf("accept of a truncated list ended with %d: %s", code, stderr)
		}
	})
}
