package polite

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"caravan"
)

// newProxy starts a proxy that answers everything itself, and counts.
func newProxy(t *testing.T) (*url.URL, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("ETag", `"`+r.RequestURI+`"`)
	})
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u, &asked
}

func TestProxyOfTheEnvironmentIsIgnored(t *testing.T) { // S05
	proxy, asked := newProxy(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.String())
	}
	t.Setenv("NO_PROXY", "")
	client := newClient(t, onlyFirst, func(c *Config) { c.Resolver = newStub(t, answers("127.0.0.2")).resolver() })
	for _, scheme := range []string{"http", "https"} {
		_, err := client.Get(t.Context(), Request{URL: scheme + "://planet.example.:8080/feed"})
		if e := failed(t, err, caravan.FailAddress); e.Sent {
			t.Errorf("%s: %+v", scheme, e)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the environment's proxy was asked %d times", n)
	}
}

func TestConfiguredProxyIsTheOneExemption(t *testing.T) { // S05
	proxy, asked := newProxy(t) // on loopback, which is not opened
	answer := answers("93.184.216.34")
	through := func(stub *stub) *Client {
		return newClient(t, func(c *Config) { c.AllowPrivate, c.Proxy, c.Resolver = nil, proxy, stub.resolver() })
	}
	client := through(newStub(t, answer))
	for address, want := range map[string]string{
		"http://planet.example./feed?a=%2f&b": "http://planet.example./feed?a=%2f&b",
		"http://planet.example.//odd/a%2f;=":  "http://planet.example.//odd/a%2f;=",
	} {
		got, err := client.Get(t.Context(), Request{URL: address})
		if err != nil || got.Header.ETag != `"`+want+`"` {
			t.Errorf("Get(%s) = %+v, %v, want the proxy asked for %s", address, got, err, want)
		}
	}
	unknown := through(newStub(t, fails(dnsmessage.RCodeNameError)))
	if _, err := unknown.Get(t.Context(), Request{URL: "http://inside.example./"}); err != nil {
		t.Errorf("a name that only the proxy knows: %v", err)
	}
	before := asked.Load()
	internal := through(newStub(t, answers("10.0.0.1")))
	for _, address := range []string{
		"http://127.0.0.1/", "http://[::1]/", "http://①②⑦.⓪.⓪.①/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://localhost/",
		"http://planet.example.:25/", "http://planet.example./",
	} {
		if _, err := internal.Get(t.Context(), Request{URL: address}); err == nil {
			t.Errorf("Get(%s) went through the proxy", address)
		}
		if response, err := internal.Plain().Get(address); err == nil {
			response.Body.Close()
			t.Errorf("Plain().Get(%s) went through the proxy", address)
		}
	}
	if n := asked.Load() - before; n != 0 {
		t.Errorf("the proxy was asked for internal addresses %d times", n)
	}
}

func TestProxyCredentialsAreInNoFailure(t *testing.T) { // S07
	closed := httptest.NewServer(nil)
	closed.Close()
	u, err := url.Parse(closed.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("user", "sesame")
	client := newClient(t, func(c *Config) { c.Proxy, c.Resolver = u, newStub(t, answers("93.184.216.34")).resolver() })
	for _, scheme := range []string{"http", "https"} {
		_, err := client.Get(t.Context(), Request{URL: scheme + "://planet.example./"})
		if e := failed(t, err, caravan.FailConnect); e.Sent || containsSecret(e) {
			t.Errorf("failure = %+v", e)
		}
	}
}
