package push

import "testing"

func TestPublicBase(t *testing.T) {
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
		if got := PublicBase(base); got != want {
			t.Errorf("PublicBase(%q) = %q, want %q", base, got, want)
		}
	}
	for _, base := range []string{
		"", "planet.example", "ftp://planet.example", "https://", "https://u:p@planet.example", "https://planet.example/?a=b", "https://planet.example/#x", "https://%zz",
		"http://localhost", "http://localhost:8080", "http://LOCALHOST.", "http://planet", "http://planet.local", "http://Planet.Local.", "http://a.localhost",
		"http://planet.internal", "http://planet.lan", "http://planet.home.arpa", "http://planet..example", "http://.example",
		"http://127.0.0.1", "http://127.1", "http://0x7f.1", "http://2130706433", "http://10.0.0.1:80", "http://172.16.0.1", "http://192.168.1.1", "http://169.254.169.254",
		"http://100.64.0.1", "http://0.0.0.0", "http://224.0.0.1", "http://255.255.255.255", "http://[::1]:8080", "http://[fe80::1]", "http://[fc00::1]", "http://[::]", "http://[::ffff:127.0.0.1]",
	} {
		if got := PublicBase(base); got != "" {
			t.Errorf("PublicBase(%q) = %q, want none", base, got)
		}
	}
}
