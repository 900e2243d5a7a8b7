package href

import (
	"strings"
	"testing"

	"caravan/fetcher/document/limits"
)

func TestReferencesAreResolvedAgainstTheirBase(t *testing.T) { // RFC 3986, 5.4
	const base = "http://a.example/b/c/d?q"
	for ref, want := range map[string]string{
		"g":               "http://a.example/b/c/g",
		"./g":             "http://a.example/b/c/g",
		"g/":              "http://a.example/b/c/g/",
		"/g":              "http://a.example/g",
		"//g.example":     "http://g.example",
		"?y":              "http://a.example/b/c/d?y",
		"g?y":             "http://a.example/b/c/g?y",
		"#s":              "http://a.example/b/c/d?q#s",
		"../g":            "http://a.example/b/g",
		"../../../g":      "http://a.example/g",
		"http://x/y":      "http://x/y",
		"mailto:a@b":      "mailto:a@b",
		"":                "",
		" \n g \t ":       "http://a.example/b/c/g",
		"a\n b\r\tc":      "http://a.example/b/c/abc",
		"%zz":             "%zz",
		"http://x/ y\nz ": "http://x/ yz",
	} {
		if got := Resolve(base, ref); got != want {
			t.Errorf("Resolve(%q) = %q, want %q", ref, got, want)
		}
	}
	for _, base := range []string{"", "http://[", "%zz"} {
		if got := Resolve(base, " g "); got != "g" {
			t.Errorf("against %q g is %q", base, got)
		}
	}
}

func TestSchemesAreToldFromPaths(t *testing.T) { // RFC 3986, 3.1
	for in, want := range map[string]bool{
		"http://x":    true,
		"HTTP:x":      true,
		"urn:x":       true,
		"a1+-.:x":     true,
		"az:":         true,
		"AZ:":         true,
		"a9:":         true,
		"c:/x":        false, // a drive
		"1a:x":        false,
		"+a:x":        false,
		"a_b:x":       false,
		"a/b:c":       false,
		"a":           false,
		"":            false,
		":x":          false,
		"a b:c":       false,
		"example.org": false,
		"a@b:c":       false,
		"a[b:c":       false,
		"a{b:c":       false,
	} {
		if got := HasScheme(in); got != want {
			t.Errorf("HasScheme(%q) = %v, want %v", in, got, want)
		}
	}
}

func TestOnlyWebAddressesAreTaken(t *testing.T) { // S20
	for in, want := range map[string]string{
		"http://a.example":        "http://a.example",
		"HTTPS://a.example/x":     "https://a.example/x",
		"WWW.a.example/x":         "http://WWW.a.example/x",
		"http://a.example/x y":    "http://a.example/x%20y",
		"http://a.example/%":      "http://a.example/%",
		"http://a.example/%4":     "http://a.example/%4",
		"http://a.example/%zz%41": "http://a.example/%zz%41",
		"http://a.example:x/":     "",
		"http://a.example:80/":    "http://a.example:80/",
		"https:///x":              "",
		"https:x":                 "",
		"ftp://a.example/":        "",
		"feed:http://a.example/":  "",
		"x":                       "",
		"":                        "",
		"http://a.example/" + strings.Repeat("x", limits.Address-17): "http://a.example/" + strings.Repeat("x", limits.Address-17),
		"http://a.example/" + strings.Repeat("x", limits.Address-16): "",
	} {
		if got := Web("", in); got != want {
			t.Errorf("Web(%.60q) = %.60q, want %.60q", in, got, want)
		}
	}
}

func TestASiteIsOneOfTheWeb(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example":      "https://a.example/",
		"http://a.example:81/x?": "http://a.example:81/",
		"ftp://a.example/":       "",
		"https:///x":             "",
		"//a.example/":           "",
		"mailto:a@b.example":     "",
	} {
		if got := Site(in); got != want {
			t.Errorf("Site(%q) = %q, want %q", in, got, want)
		}
	}
	for _, broken := range [][2]string{{"http://[", "http://a.example"}, {"http://a.example", "http://["}} {
		if SameHost(broken[0], broken[1]) {
			t.Errorf("%q are on one host", broken)
		}
	}
}
