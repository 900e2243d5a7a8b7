package polite

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
)

// An authority signs certificates for test servers.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{pool: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.cert, a.key = a.sign(t, template)
	a.pool.AddCert(a.cert)
	return a
}

// sign makes a certificate with a key of its own. The first signs itself.
func (a *authority) sign(t *testing.T, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// certificate makes one for planet.example, valid from and until hours from now.
func (a *authority) certificate(t *testing.T, from, until time.Duration, use x509.ExtKeyUsage) tls.Certificate {
	t.Helper()
	cert, key := a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "planet.example"}, DNSNames: []string{"planet.example"},
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(until), ExtKeyUsage: []x509.ExtKeyUsage{use},
	})
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

// serveTLS starts a server that speaks HTTP/2 with config.
func serveTLS(t *testing.T, config *tls.Config, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handle)
	server.TLS, server.EnableHTTP2 = config, true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestTLSFaultsAreExplained(t *testing.T) { // R23, S08
	known, unknown := newAuthority(t), &authority{}
	good := known.certificate(t, -time.Hour, time.Hour, x509.ExtKeyUsageServerAuth)
	serving := func(cert tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{cert}} }
	tests := []struct {
		name, host string
		config     *tls.Config
		detail     string
	}{
		{"expired", "planet.example.", serving(known.certificate(t, -48*time.Hour, -24*time.Hour, x509.ExtKeyUsageServerAuth)),
			"expired on " + time.Now().Add(-24*time.Hour).UTC().Format("2 January 2006")},
		{"not yet valid", "planet.example.", serving(known.certificate(t, time.Hour, 2*time.Hour, x509.ExtKeyUsageServerAuth)), "not valid before "},
		{"wrong name", "other.example.", serving(good), "not for other.example but for planet.example"},
		{"self-signed", "planet.example.", serving(unknown.certificate(t, -time.Hour, time.Hour, x509.ExtKeyUsageServerAuth)), "not signed by a known authority"},
		{"for clients", "planet.example.", serving(known.certificate(t, -time.Hour, time.Hour, x509.ExtKeyUsageClientAuth)), "not valid for a web server"},
		{"old version", "planet.example.", &tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "only outdated versions of TLS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := serveTLS(t, tt.config, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
			client := newClient(t, func(c *Config) {
				c.RootCAs, c.Resolver = known.pool, newStub(t, answers("127.0.0.1")).resolver()
			})
			_, err := client.Get(t.Context(), Request{URL: "https://" + tt.host + ":" + port(server.URL) + "/"})
			e := failed(t, err, caravan.FailTLS)
			if e.Sent || !e.Reached || e.Local || !strings.Contains(e.Detail, tt.detail) {
				t.Errorf("failure = %+v, want %q", e, tt.detail)
			}
		})
	}
}

func TestServerWithoutTLSIsExplained(t *testing.T) { // R23
	server := serve(t, func(http.ResponseWriter, *http.Request) {})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	_, err := newClient(t).Get(t.Context(), Request{URL: strings.Replace(server.URL, "http:", "https:", 1)})
	if e := failed(t, err, caravan.FailTLS); !strings.Contains(e.Detail, "does not speak TLS") {
		t.Errorf("failure = %+v", e)
	}
}

func TestFeedsOfOneHostShareOneConnection(t *testing.T) { // E27
	for _, version := range []int{1, 2} {
		known := newAuthority(t)
		config := &tls.Config{Certificates: []tls.Certificate{known.certificate(t, -time.Hour, time.Hour, x509.ExtKeyUsageServerAuth)}}
		if version == 1 {
			config.NextProtos = []string{"http/1.1"}
		}
		var mu sync.Mutex
		connections := map[string]int{}
		server := serveTLS(t, config, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			connections[r.RemoteAddr]++
			if r.ProtoMajor != version {
				t.Errorf("asked with %s, want HTTP/%d", r.Proto, version)
			}
			switch r.URL.Path {
			case "/feed1":
				w.WriteHeader(http.StatusNotModified)
			case "/feed2":
				http.Redirect(w, r, "/feed5?a=%2f&b", http.StatusFound)
			default:
				_, _ = w.Write([]byte(strings.Repeat("<rss/>", 10_000)))
			}
		})
		client := newClient(t, func(c *Config) {
			c.RootCAs, c.Resolver = known.pool, newStub(t, answers("127.0.0.1")).resolver()
		})
		var all sync.WaitGroup
		for _, path := range []string{"/feed0", "/feed1", "/feed2", "/feed3", "/feed4"} {
			all.Go(func() {
				if _, err := client.Get(t.Context(), Request{URL: "https://planet.example:" + port(server.URL) + path}); err != nil {
					t.Errorf("%s: %v", path, err)
				}
			})
		}
		all.Wait()
		if len(connections) != 1 {
			t.Errorf("HTTP/%d: %d connections, want 1: %v", version, len(connections), connections)
		}
	}
}
