package polite

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"caravan"
)

// onlyFirst opens 127.0.0.1 and leaves the rest of loopback refused.
func onlyFirst(c *Config) {
	c.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
}

func TestRedirectToInternalIsRefusedOnEachHop(t *testing.T) { // S03
	internal := []string{
		"http://127.0.0.2/", "http://[::1]/", "http://[::ffff:7f00:2]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/",
		"http://localhost.:22/", "//0.0.0.0/", "http://①②⑦.⓪.⓪.②/",
	}
	for hops := range 4 {
		for _, to := range internal {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				var n int
				_, _ = fmt.Sscanf(r.URL.Path, "/%d", &n)
				if n == hops {
					w.Header()["Location"] = []string{to}
				} else {
					w.Header().Set("Location", fmt.Sprintf("/%d", n+1))
				}
				w.WriteHeader(http.StatusFound)
			})
			_, err := newClient(t, onlyFirst).Get(t.Context(), Request{URL: server.URL + "/0"})
			if e := failed(t, err, caravan.FailAddress); !e.Sent || !e.Reached {
				t.Errorf("%s after %d hops: %+v, want a chain that was begun", to, hops, e)
			}
		}
	}
}

func TestRedirectToNowhereIsNotFollowed(t *testing.T) { // S03
	for _, location := range []string{
		"file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://planet.example/", "data:text/xml,<rss/>", "javascript:alert(1)",
		"unix:/run/docker.sock", "http:///feed", "http://", "https://%zz/", "", " ",
		"ftp://user:secret@planet.example/",
	} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{location}
			w.WriteHeader(http.StatusMovedPermanently)
		})
		_, err := newClient(t).Get(t.Context(), Request{URL: server.URL})
		e := failed(t, err, caravan.FailRedirect)
		if !e.Sent || strings.Contains(e.Error(), "secret") {
			t.Errorf("redirect to %q: %v", location, e)
		}
	}
	for _, address := range []string{"file:///etc/passwd", "gopher://planet.example/", "planet.example", "", "http://"} {
		_, err := newClient(t).Get(t.Context(), Request{URL: address})
		if e := failed(t, err, caravan.FailAddress); e.Sent {
			t.Errorf("%q was asked", address)
		}
	}
}

func TestCredentialsStayWithTheirHost(t *testing.T) { // S03
	var mu sync.Mutex
	got := map[string]string{}
	note := func(name string, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		user, password, _ := r.BasicAuth()
		got[name] = strings.Trim(user+" "+password+" "+r.Header.Get("Cookie"), " ")
	}
	var first *httptest.Server
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note("other"+r.URL.Path, r)
		if r.URL.Path == "/b" {
			http.Redirect(w, r, first.URL+"/back", http.StatusFound)
		}
	})
	first = serve(t, func(w http.ResponseWriter, r *http.Request) {
		note("first"+r.URL.Path, r)
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		switch r.URL.Path {
		case "/a":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, strings.Replace(other.URL, "http://", "http://tricked:in@", 1)+"/b", http.StatusFound)
		}
	})
	address := strings.Replace(first.URL, "http://", "http://us%20er:s%40cret@", 1) + "/a"
	answer, err := newClient(t).Get(t.Context(), Request{URL: address})
	if err != nil || answer.FinalURL != first.URL+"/back" {
		t.Fatalf("Get = %+v, %v", answer, err)
	}
	want := map[string]string{"first/a": "us er s@cret", "first/moved": "us er s@cret", "other/b": "", "first/back": "us er s@cret"}
	for name, w := range want {
		if g, ok := got[name]; !ok || g != w {
			t.Errorf("%s got credentials %q, want %q", name, g, w)
		}
	}
}

func TestSameHostForCredentials(t *testing.T) { // S03
	tests := []struct {
		from, to string
		want     bool
	}{
		{"https://a.example/", "https://A.example/x", true},
		{"http://a.example/", "https://a.example/", true},
		{"http://a.example:80/", "https://a.example:443/", true},
		{"https://a.example/", "http://a.example/", false},
		{"https://a.example/", "https://a.example:8443/", false},
		{"https://a.example/", "https://b.a.example/", false},
		{"https://a.example/", "https://a.example.evil.example/", false},
	}
	for _, tt := range tests {
		from, ferr := parseTarget(tt.from)
		to, terr := parseTarget(tt.to)
		if got := from.sameHost(to); ferr != nil || terr != nil || got != tt.want {
			t.Errorf("sameHost(%s, %s) = %t (%v, %v), want %t", tt.from, tt.to, got, ferr, terr, tt.want)
		}
	}
}

func TestCredentialsAreInNoFailure(t *testing.T) { // S07
	closed := httptest.NewServer(nil)
	closed.Close()
	garbage := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_, _ = conn.Write([]byte("SSH-2.0-server\r\n\r\n"))
			conn.Close()
		}
	})
	loop := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://user:sesame@"+r.Host+"/", http.StatusFound)
	})
	astray := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "ldap://user:sesame@"+r.Host+"/", http.StatusFound)
	})
	client := newClient(t, onlyFirst, func(c *Config) { c.Resolver = newStub(t, answers("127.0.0.2")).resolver() })
	for _, host := range []string{
		port(closed.URL), port(garbage.URL), port(loop.URL), port(astray.URL), "22", "0", "99999", "x",
	} {
		for _, scheme := range []string{"http", "https", "ftp"} {
			for _, name := range []string{"127.0.0.1", "127.0.0.2", "planet.example", "%zz"} {
				address := scheme + "://user:sesame@" + name + ":" + host + "/feed"
				_, err := client.Get(t.Context(), Request{URL: address})
				if err == nil {
					t.Errorf("%s: no failure", address)
				} else if strings.Contains(err.Error(), "sesame") {
					t.Errorf("%s: the failure shows the password: %v", address, err)
				}
			}
		}
	}
}

func TestRedirectsArePermanentOnlyAsAWhole(t *testing.T) { // E16
	tests := []struct {
		codes     []int
		permanent bool
	}{
		{nil, false}, {[]int{301}, true}, {[]int{308}, true}, {[]int{301, 308, 301}, true},
		{[]int{302}, false}, {[]int{303}, false}, {[]int{307}, false}, {[]int{301, 302}, false}, {[]int{307, 308}, false},
	}
	for _, tt := range tests {
		var n atomic.Int32
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if i := int(n.Add(1)) - 1; i < len(tt.codes) {
				w.Header().Set("Location", fmt.Sprintf("/hop%d?x=%%2f&#part", i+1))
				w.WriteHeader(tt.codes[i])
			}
		})
		answer, err := newClient(t).Get(t.Context(), Request{URL: server.URL + "/"})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Hops != len(tt.codes) || (answer.PermanentTo != "") != tt.permanent {
			t.Errorf("%v: %d hops, permanently to %q, want permanent %t", tt.codes, answer.Hops, answer.PermanentTo, tt.permanent)
		}
		if last := fmt.Sprintf("%s/hop%d?x=%%2f&", server.URL, len(tt.codes)); tt.permanent && answer.PermanentTo != last {
			t.Errorf("%v: permanently to %q, want %q", tt.codes, answer.PermanentTo, last)
		}
	}
}

func TestRedirectsEnd(t *testing.T) { // E16: at most ten hops, no circle
	for path, want := range map[string]int32{"/loop": 1, "/far/": 11} {
		var asked atomic.Int32
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			to := r.URL.Path
			if path != "/loop" {
				to += "x"
			}
			http.Redirect(w, r, to, http.StatusMovedPermanently)
		})
		_, err := newClient(t).Get(t.Context(), Request{URL: server.URL + path})
		failed(t, err, caravan.FailRedirect)
		if n := asked.Load(); n != want {
			t.Errorf("%s: %d requests, want %d", path, n, want)
		}
	}
}

func TestBlockedAddressIsNotAskedOnAnyHop(t *testing.T) {
	var asked atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/blocked", http.StatusFound)
	})
	client := newClient(t, func(c *Config) {
		c.Blocked = func(address string) string {
			if strings.HasSuffix(address, "/blocked") {
				return "asked to be left out"
			}
			return ""
		}
	})
	for path, sent := range map[string]bool{"/blocked": false, "/open": true} {
		_, err := client.Get(t.Context(), Request{URL: server.URL + path})
		if e := failed(t, err, caravan.FailBlocked); e.Sent != sent || !strings.Contains(e.Detail, "asked to be left out") {
			t.Errorf("%s: %+v", path, e)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}
