// Package polite makes the requests: one GET at a time to a host, conditional
// where there is something to ask with, honest about who asks, and never to an
// address that is not public.
//
// It knows nothing of sources, schedules or feeds. [Client.Get] follows
// redirects by hand, each hop through the same guard; the guard sits in the
// dialer, after name resolution, so that no connection escapes it. What a
// publisher may do to us is bounded by [Limits]. Every failure is an [Error]
// with a class, a sentence for people, and whether a request left this machine.
package polite

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"caravan"
	"caravan/internal/wait"
)

// Config is what a [Client] needs. The zero value of every field but UserAgent
// is usable.
type Config struct {
	UserAgent string // see [UserAgent]

	// AllowPrivate are address ranges that may be asked although they are not
	// public. Inside them a host is host:port.
	AllowPrivate []netip.Prefix

	Limits  Limits
	Spacing time.Duration // least time between two requests to one host; zero means a second

	// Blocked gives the operator's reason for leaving an address alone, or the
	// empty string. It is asked for every hop.
	Blocked func(address string) string

	// Proxy is asked in the publisher's place. It is the one address exempt from
	// the guard; a target's own address is still checked before, as far as its
	// name resolves here. Proxies named by the environment are ignored.
	Proxy *url.URL

	RootCAs  *x509.CertPool                             // nil means the system's
	Resolver *net.Resolver                              // nil means the system's
	Now      func() time.Time                           // for spacing; nil means the clock
	Wait     func(context.Context, time.Duration) error // for spacing; nil means a timer
	Log      *slog.Logger
}

// Limits bound what one request may cost. A zero field takes its value from
// [DefaultLimits].
type Limits struct {
	Body    int64         // bytes of a body, decoded
	Ratio   int64         // decoded bytes for one on the wire, beyond the first MiB
	Header  int64         // bytes of a response's header
	Hops    int           // redirects followed
	Connect time.Duration // to connect, and again for the TLS handshake
	Answer  time.Duration // from the request sent to the header received
	Total   time.Duration // for a whole chain of redirects; waiting for a host's turn is not counted
	Rate    int64         // bytes in each Window that a body must bring at least
	Window  time.Duration
}

// DefaultLimits returns the limits used where none are given.
func DefaultLimits() Limits {
	return Limits{
		Body:    15 << 20,
		Ratio:   200,
		Header:  64 << 10,
		Hops:    10,
		Connect: 10 * time.Second,
		Answer:  30 * time.Second,
		Total:   time.Minute,
		Rate:    4 << 10,
		Window:  10 * time.Second,
	}
}

// or returns l with its zero fields taken from fallback.
func (l Limits) or(fallback Limits) Limits {
	pick := func(a *time.Duration, b time.Duration) {
		if *a == 0 {
			*a = b
		}
	}
	count := func(a *int64, b int64) {
		if *a == 0 {
			*a = b
		}
	}
	count(&l.Body, fallback.Body)
	count(&l.Ratio, fallback.Ratio)
	count(&l.Header, fallback.Header)
	count(&l.Rate, fallback.Rate)
	pick(&l.Connect, fallback.Connect)
	pick(&l.Answer, fallback.Answer)
	pick(&l.Total, fallback.Total)
	pick(&l.Window, fallback.Window)
	if l.Hops == 0 {
		l.Hops = fallback.Hops
	}
	return l
}

// UserAgent is how the program presents itself: its own name and version, and
// where its operator can be reached.
func UserAgent(version, contact string) string {
	if contact == "" {
		return "caravan/" + version
	}
	return "caravan/" + version + " (+" + contact + ")"
}

// A Client makes requests. It is safe for concurrent use; requests to one host
// wait for each other.
type Client struct {
	config    Config
	limits    Limits
	guard     *guard
	gate      *gate
	transport *http.Transport
}

// New returns a client. It opens no connection.
func New(c Config) *Client {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == nil {
		c.Wait = wait.For
	}
	if c.Spacing == 0 {
		c.Spacing = time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	limits := c.Limits.or(DefaultLimits())
	guard := newGuard(c.AllowPrivate)
	return &Client{
		config:    c,
		limits:    limits,
		guard:     guard,
		gate:      newGate(c.Spacing, c.Now, c.Wait),
		transport: newTransport(c, limits, guard),
	}
}

// newTransport returns the one transport, whose every connection is guarded.
func newTransport(c Config, limits Limits, guard *guard) *http.Transport {
	guarded := &net.Dialer{Timeout: limits.Connect, Resolver: c.Resolver, ControlContext: guard.control}
	dial := guarded.DialContext
	var proxy func(*http.Request) (*url.URL, error) // nil: the environment's are not asked
	if c.Proxy != nil {
		direct := &net.Dialer{Timeout: limits.Connect, Resolver: c.Resolver}
		dial, proxy = direct.DialContext, http.ProxyURL(c.Proxy)
	}
	return &http.Transport{
		DialContext:            dial,
		Proxy:                  proxy,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // decoded here, so that both sizes are known
		TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    limits.Connect,
		ResponseHeaderTimeout:  limits.Answer,
		MaxResponseHeaderBytes: limits.Header,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           100,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
	}
}

// Close closes the connections that are kept for later.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// HostKey names the host that an address belongs to, for holds and spacing: its
// name in lower case, and inside allowed private ranges name and port.
func (c *Client) HostKey(address string) string { return c.guard.hostKey(address) }

// Allowed reports whether an address is written as one inside the ranges of
// AllowPrivate. A name other than localhost is not: what it stands for may
// change.
func (c *Client) Allowed(address string) bool { return c.guard.allows(address) }

// A Request asks for one document.
type Request struct {
	URL        string
	Validators caravan.Validators // sent only to the address that gave them
	Delta      bool               // accept a part of the feed (RFC 3229), where there is an ETag
	Patient    bool               // a redirect's Retry-After has been waited for: follow it

	// Follow is asked before each redirect is followed; false ends the request
	// with a failure of its class. Nil follows wherever the guard lets it.
	Follow func(ctx context.Context, address string) bool
}

// A Response is the last answer of a chain of redirects.
type Response struct {
	Status      int
	FinalURL    string // the address that gave it
	PermanentTo string // FinalURL when every hop to it was permanent; empty when there was none or one was not
	Hops        int    // redirects followed
	Conditional bool   // it was asked with validators
	Header      Header
	Body        []byte // decoded
	Wire        int64  // bytes of the body as sent
	Truncated   bool   // the connection ended before the body did
	Shield      string // the bot shield that answered in the publisher's place; empty when none did
}

// A Header holds the fields of an answer that a decision may need, each as
// received.
type Header struct {
	ContentType  string
	ETag         string
	LastModified string
	Date         string
	Age          string
	CacheControl string
	Expires      string
	RetryAfter   string
	Link         []string
}
