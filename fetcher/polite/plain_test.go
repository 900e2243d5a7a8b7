package polite

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestPlainGoesThroughTheGuard(t *testing.T) { // S01
	srv := httptest.NewServer(http.RedirectHandler("/elsewhere", http.StatusFound))
	defer srv.Close()
	guarded := New(Config{UserAgent: "caravan/0.1.0 (+https://planet.example/about)"})
	defer guarded.Close()
	if resp, err := guarded.Plain().Get(srv.URL); err == nil {
		resp.Body.Close()
		t.Error("a private address was reached through the guard")
	}
	open := New(Config{UserAgent: "caravan/0.1.0 (+https://planet.example/about)", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	defer open.Close()
	resp, err := open.Plain().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		t.Errorf("a redirect was followed: %s", resp.Status)
	}
}
