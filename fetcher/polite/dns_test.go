package polite

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"caravan"
)

// A stub is a name server on loopback.
type stub struct {
	address string
	asked   atomic.Int32 // for addresses of IPv4
}

// An answerer says what the nth question for an IPv4 address is answered with.
// No reply at all is sent when silent.
type answerer func(n int) (code dnsmessage.RCode, address string, silent bool)

// answers gives the addresses in turn, and then the last one again and again.
func answers(list ...string) answerer {
	return func(n int) (dnsmessage.RCode, string, bool) {
		return dnsmessage.RCodeSuccess, list[min(n, len(list)-1)], false
	}
}

// fails gives the same code each time.
func fails(code dnsmessage.RCode) answerer {
	return func(int) (dnsmessage.RCode, string, bool) { return code, "", false }
}

// newStub starts a name server that has IPv4 addresses only.
func newStub(t *testing.T, answer answerer) *stub {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &stub{address: conn.LocalAddr().String()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := s.reply(buf[:n], answer); reply != nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return s
}

// reply answers one question, or returns nil for silence.
func (s *stub) reply(question []byte, answer answerer) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	n := 0
	if q.Type == dnsmessage.TypeA {
		n = int(s.asked.Add(1)) - 1
	}
	code, address, silent := answer(n)
	if silent {
		return nil
	}
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true, RecursionAvailable: true, RCode: code},
		Questions: m.Questions,
	}
	if code == dnsmessage.RCodeSuccess && q.Type == dnsmessage.TypeA {
		reply.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
			Body:   &dnsmessage.AResource{A: netip.MustParseAddr(address).As4()},
		}}
	}
	packed, err := reply.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// resolver returns one that asks only the stub.
func (s *stub) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp4", s.address)
	}}
}

// port returns the port of a test server's URL.
func port(url string) string { return url[strings.LastIndexByte(url, ':')+1:] }

func TestGuardSeesTheAddressThatIsDialled(t *testing.T) { // S04: DNS rebinding
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") })
	client := newClient(t, func(c *Config) {
		c.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		c.Resolver = newStub(t, answers("127.0.0.1", "127.0.0.2", "127.0.0.1")).resolver()
	})
	request := Request{URL: "http://rebind.example.:" + port(server.URL) + "/"}
	for i, refused := range []bool{false, true, false} {
		answer, err := client.Get(t.Context(), request)
		if !refused {
			if err != nil || answer.Status != http.StatusOK {
				t.Errorf("request %d: %v, want an answer", i+1, err)
			}
			continue
		}
		if e := failed(t, err, caravan.FailAddress); e.Sent || !strings.Contains(e.Detail, "127.0.0.2") {
			t.Errorf("request %d: %+v, want a refusal of 127.0.0.2 before anything is sent", i+1, e)
		}
	}
}

func TestNamesThatDoNotResolve(t *testing.T) { // R21
	tests := []struct {
		name   string
		answer answerer
		detail string
	}{
		{"NXDOMAIN", fails(dnsmessage.RCodeNameError), "does not exist"},
		{"SERVFAIL", fails(dnsmessage.RCodeServerFailure), "cannot be looked up"},
		{"REFUSED", fails(dnsmessage.RCodeRefused), "cannot be looked up"},
		{"timeout", func(int) (dnsmessage.RCode, string, bool) { return 0, "", true }, "did not answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := newClient(t, func(c *Config) {
				c.Resolver = newStub(t, tt.answer).resolver()
				c.Limits.Connect = 200 * time.Millisecond
			})
			_, err := client.Get(t.Context(), Request{URL: "https://user:secret@gone.example./feed"})
			e := failed(t, err, caravan.FailDNS)
			if e.Sent || e.Reached || e.Local || !strings.Contains(e.Detail, tt.detail) || strings.Contains(e.Error(), "secret") {
				t.Errorf("failure = %+v", e)
			}
		})
	}
}

func TestNameServerOutOfReachIsOurOwnFault(t *testing.T) { // R21
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := &stub{address: conn.LocalAddr().String()}
	conn.Close()
	client := newClient(t, func(c *Config) { c.Resolver = silent.resolver() })
	_, err = client.Get(t.Context(), Request{URL: "http://planet.example./"})
	if e := failed(t, err, caravan.FailDNS); !e.Local || e.Sent {
		t.Errorf("failure = %+v, want a local one", e)
	}
}
