package server

import (
	"context"
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/opml"
)

func TestHealthAndReadiness(t *testing.T) {
	m := newMemory(1)
	var wait error
	h := serverOf(t, m, func(c *Config) { c.Ready = func(context.Context) error { return wait } }).Handler()
	if v := getJSON(t, h, "/healthz", 200); at(v, "status") != "ok" || at(v, "version") != "1.2.3" {
		t.Errorf("%v", v)
	}
	getJSON(t, h, "/readyz", 200)
	wait = errors.New("index in /secret is being rebuilt")
	if v := getJSON(t, h, "/readyz", 503); at(v, "status") != "waiting" || strings.Contains(at(v, "reason").(string), "secret") {
		t.Errorf("%v", v)
	}
	wait, m.err = nil, errors.New("closed")
	getJSON(t, h, "/readyz", 503)
	getJSON(t, h, "/healthz", 200)
}

func TestMetrics(t *testing.T) {
	m := newMemory(6)
	m.sources[0].Items = 4
	m.sources[1].State.Failure = caravan.Failure{Class: caravan.FailDNS}
	m.sources[1].State.LastPoll = testNow
	h := serverOf(t, m).Handler()
	get(h, "/feed.atom")
	get(h, "/feed.atom")
	get(h, "/item/abcdefghijklmnop")
	get(h, "/nothing/at/all")
	body := get(h, "/metrics").Body.String()
	for _, want := range []string{
		`caravan_build_info{version="1.2.3"} 1`, `caravan_items 4`, `caravan_sources{status="failing"} 1`, `caravan_sources{status="new"} 2`,
		`caravan_rendered_documents_total{result="kept"} 1`, `caravan_rendered_documents_total{result="rendered"} 1`, `caravan_last_change `,
		`caravan_http_request_seconds_count{code="404",route="none"} 1`, "go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("metrics lack %s in\n%s", want, body)
		}
	}
	if strings.Contains(body, "abcdefghijklmnop") || strings.Contains(body, "at/all") {
		t.Error("metrics name single addresses")
	}
}

// O16: what is exported and imported again is the same list.
func TestExportedListIsTheSameList(t *testing.T) {
	m := newMemory(3)
	h := serverOf(t, m).Handler()
	for path, want := range map[string]map[string][]string{
		"/feeds.opml":        {"Labs & more": {"https://alpha.example/feed", "https://beta.example/feed"}, "Cities": {"https://beta.example/feed", "https://gamma.example/feed", "-https://gazette.example/"}},
		"/c/labs/feeds.opml": {"Labs & more": {"https://alpha.example/feed", "https://beta.example/feed"}},
	} {
		list, err := opml.Parse("feeds.opml", get(h, path).Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Problems) > 0 {
			t.Errorf("%s: %v", path, list.Problems)
		}
		got := map[string][]string{}
		for _, c := range list.Communities {
			name := strings.Join(c.Path, " / ")
			for _, s := range c.Sources {
				got[name] = append(got[name], s.URL)
			}
			for _, p := range c.Publications {
				got[name] = append(got[name], "-"+p.SiteURL)
			}
		}
		for name, lines := range want {
			if strings.Join(got[name], " ") != strings.Join(lines, " ") || len(got) != len(want) {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		}
	}
}

func TestRobotsAndSitemap(t *testing.T) {
	m := newMemory(3)
	m.communities[0].Newest = testNow.Add(-time.Hour)
	h := serverOf(t, m, func(c *Config) { c.BaseURL = "https://planet.example/news/" }).Handler()
	robots := get(h, "/robots.txt").Body.String()
	for _, want := range []string{"Disallow: /news/search\n", "Disallow: /news/api/\n", "Sitemap: https://planet.example/news/sitemap.xml\n"} {
		if !strings.Contains(robots, want) {
			t.Errorf("robots.txt lacks %q in\n%s", want, robots)
		}
	}
	var sitemap struct {
		URLs []struct {
			Loc     string `xml:"loc"`
			Lastmod string `xml:"lastmod"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(get(h, "/sitemap.xml").Body.Bytes(), &sitemap); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, u := range sitemap.URLs {
		found[u.Loc] = u.Lastmod
	}
	if found["https://planet.example/news/c/labs"] != "2026-11-25" || len(found) != 3+2+3 {
		t.Errorf("sitemap has %v", found)
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	m := newMemory(0)
	for name, c := range map[string]Config{
		"no store": {Index: m, BaseURL: "https://planet.example"}, "no index": {Store: m, BaseURL: "https://planet.example"},
		"no address": {Store: m, Index: m}, "another scheme": {Store: m, Index: m, BaseURL: "ftp://planet.example"},
		"a query": {Store: m, Index: m, BaseURL: "https://planet.example/?x"}, "no URL": {Store: m, Index: m, BaseURL: "https://[::1"},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
