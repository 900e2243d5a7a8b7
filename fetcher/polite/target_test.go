package polite

import (
	"net/http"
	"strings"
	"testing"

	"caravan"
)

func TestAddressesGoOutByteForByte(t *testing.T) { // E20
	var got string
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { got = r.RequestURI })
	client := newClient(t)
	for sent, want := range map[string]string{
		"": "/", "?": "/?", "/feed?": "/feed?", "/a%2fb%2F": "/a%2fb%2F", "/a//b/../c": "/a//b/../c", "/;p=1?q=a+b&&c": "/;p=1?q=a+b&&c",
		"/feed#part": "/feed", "/f?x={y}|[z]": "/f?x={y}|[z]", "/a b": "/a%20b", "/é": "/%C3%A9", "//x/feed": "//x/feed",
	} {
		if _, err := client.Get(t.Context(), Request{URL: " " + server.URL + sent + "\n"}); err != nil {
			t.Errorf("%q: %v", sent, err)
		} else if got = strings.TrimPrefix(got, server.URL); got != want {
			t.Errorf("%q was asked as %q, want %q", sent, got, want)
		}
	}
}

func TestNextAddressOfARedirect(t *testing.T) {
	const from = "https://a.example/x/y?q"
	for location, want := range map[string]string{
		"/z":                  "https://a.example/z",
		"z?p":                 "https://a.example/x/z?p",
		"../z":                "https://a.example/z",
		"?p":                  "https://a.example/x/y?p",
		"//b.example/z":       "https://b.example/z",
		"HTTP://B.example":    "http://b.example/",
		"/a b%2f":             "https://a.example/a%20b%2f",
		"https://u:p@b/z#end": "https://b/z",
		"mailto:a@b.example":  "",
	} {
		at, err := parseTarget(from)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if next, err := at.next(location); err == nil {
			got = next.String()
		}
		if got != want {
			t.Errorf("next(%q) = %q, want %q", location, got, want)
		}
	}
}

func TestValidatorsGoOnlyToTheAddressThatGaveThem(t *testing.T) { // E02, E16
	got := map[string]string{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got[r.URL.Path] = r.Header.Get("If-None-Match")
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
		}
	})
	for owner, want := range map[string][2]string{"/old": {`"1"`, ""}, "/new": {"", `"1"`}, "/other": {"", ""}} {
		answer, err := newClient(t).Get(t.Context(), Request{URL: server.URL + "/old", Validators: caravan.Validators{URL: server.URL + owner, ETag: `"1"`}})
		if err != nil || got["/old"] != want[0] || got["/new"] != want[1] || answer.Conditional != (want[1] != "") {
			t.Errorf("validators of %s: %v, %v", owner, got, err)
		}
	}
}

func FuzzTarget(f *testing.F) {
	for _, seed := range []string{"/z", "//b/z", "http://u:p@h:1/x", "http://[::1]:80?", "a b", "\\\\x", "file:///", "http://①/"} {
		f.Add("https://a.example/x?y", seed)
	}
	f.Fuzz(func(t *testing.T, from, location string) {
		at, err := parseTarget(from)
		if err != nil {
			return
		}
		next, err := at.next(location)
		if err != nil {
			return
		}
		if next.scheme != "http" && next.scheme != "https" || next.host == "" || !strings.HasPrefix(next.path, "/") || strings.ContainsAny(next.path, " \r\n#") || strings.ContainsAny(next.host, "\r\n@/") {
			t.Errorf("%q from %q leads to %+v", location, from, next)
		}
		if again, err := parseTarget(next.String()); err != nil || again.String() != next.String() {
			t.Errorf("%q is read back as %+v, %v", next.String(), again, err)
		}
	})
}
