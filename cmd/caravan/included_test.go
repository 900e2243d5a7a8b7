package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

func TestIncludedSourcesArePolledAndShown(t *testing.T) {
	p := newPlanet(t)
	list, err := os.ReadFile(p.feeds)
	if err != nil {
		t.Fatal(err)
	}
	partner := newListSite(t, string(list))
	including := `<opml version="2.0"><head><title>Own</title></head><body><outline type="include" text="Partner" url="` + partner.URL + `/list.opml"/></body></opml>`
	if err := os.WriteFile(p.feeds, []byte(including), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.must("poll"); !strings.Contains(out, "6 sources polled") {
		t.Errorf("poll printed\n%s", out)
	}
	partner.down.Store(true)
	if out := p.must("poll"); !strings.Contains(out, "0 sources polled") {
		t.Errorf("second poll printed\n%s", out)
	}
	if requests := partner.requests.Load(); requests != 1 {
		t.Errorf("the list was asked for %d times within a day", requests)
	}
	p.serveAnd(func(base string) {
		if n := strings.Count(string(fetch(t, base+"/feeds.opml")), "xmlUrl="); n != p.load.Feeds {
			t.Errorf("%d sources are shown, want %d", n, p.load.Feeds)
		}
		p.must("accept")
	})
}

func TestServeAsksForAnIncludeAsSoonAsItIsListed(t *testing.T) {
	p := newPlanet(t)
	list, err := os.ReadFile(p.feeds)
	if err != nil {
		t.Fatal(err)
	}
	partner := newListSite(t, listing("http://127.0.0.1:1/none", "http://127.0.0.1:1/neither"))
	p.serveAnd(func(base string) {
		with := strings.Replace(string(list), "<body>", `<body><outline type="include" text="Partner" url="`+partner.URL+`/list.opml"/>`, 1)
		if err := os.WriteFile(p.feeds, []byte(with), 0o600); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool {
			return strings.Count(string(fetch(t, base+"/feeds.opml")), "xmlUrl=") == p.load.Feeds+2
		})
	})
}

// A listSite publishes a list that others include.
type listSite struct {
	*httptest.Server
	requests atomic.Int64
	down     atomic.Bool
}

func newListSite(t *testing.T, list string) *listSite {
	t.Helper()
	s := &listSite{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if s.requests.Add(1); s.down.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Write([]byte(list)) //nolint:errcheck // the client left; there is nobody to tell
	}))
	t.Cleanup(s.Close)
	return s
}
