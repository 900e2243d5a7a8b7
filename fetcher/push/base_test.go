package push

import (
	"slices"
	"strings"
	"testing"

	"caravan"
)

func TestBaseIsPublic(t *testing.T) {
	none := func(string) bool { return false }
	public := map[string]string{
		"https://planet.example":         "https://planet.example",
		"http://planet.example.org:8080": "http://planet.example.org:8080",
		"https://planet.example/news/":   "https://planet.example/news",
		"https://PLANET.Example.":        "https://PLANET.Example.",
		"https://203.0.113.7":            "https://203.0.113.7",
		"https://[2a00::1]:8443/x":       "https://[2a00::1]:8443/x",
		"https://xn--bcher-kva.example":  "https://xn--bcher-kva.example",
	}
	for base, want := range public {
		if got := ReachableBase(base, none); got != want {
			t.Errorf("ReachableBase(%q) = %q, want %q", base, got, want)
		}
	}
	for _, base := range []string{
		"", "planet.example", "ftp://planet.example", "https://", "https://u:p@planet.example", "https://planet.example/?a=b", "https://planet.example/#x", "https://%zz",
		"http://localhost", "http://localhost:8080", "http://LOCALHOST.", "http://planet", "http://planet.local", "http://Planet.Local.", "http://a.localhost",
		"http://planet.internal", "http://planet.lan", "http://planet.home.arpa", "http://planet..example", "http://.example",
		"http://127.0.0.1", "http://127.1", "http://0x7f.1", "http://2130706433", "http://10.0.0.1:80", "http://172.16.0.1", "http://192.168.1.1", "http://169.254.169.254",
		"http://100.64.0.1", "http://0.0.0.0", "http://224.0.0.1", "http://255.255.255.255", "http://[::1]:8080", "http://[fe80::1]", "http://[fc00::1]", "http://[::]", "http://[::ffff:127.0.0.1]",
	} {
		if got := ReachableBase(base, none); got != "" {
			t.Errorf("ReachableBase(%q) = %q, want none", base, got)
		}
	}
}

// In a range opened for tests and intranets, hubs of that range reach us; the
// hubs of the web are never told such an address.
func TestPrivateBaseIsForHubsOfOpenedRanges(t *testing.T) {
	base := "http://10.1.2.3:8080"
	r := testRules()
	r.allowed = func(address string) bool { return strings.HasPrefix(address, "http://10.1.") }
	if got := ReachableBase(base, r.allowed); got != base {
		t.Fatalf("ReachableBase(%q) = %q", base, got)
	}
	s := caravan.Source{Slug: "a", URL: "http://10.1.0.1/feed", Feed: caravan.FeedInfo{HubURL: "https://hub.example/", OtherHubs: []string{"http://10.1.0.9/hub"}}}
	both := r.wish(s).hubs
	if want := []string{"https://hub.example/", "http://10.1.0.9/hub"}; !slices.Equal(both, want) {
		t.Errorf("a public server asks %q, want %q", both, want)
	}
	r.confined = New(Config{Base: base}).rules().confined
	if got, want := r.wish(s).hubs, []string{"http://10.1.0.9/hub"}; !slices.Equal(got, want) {
		t.Errorf("a private server asks %q, want %q", got, want)
	}
}
