package polite

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"

	"caravan"
)

// Get makes the request and follows redirects. The answer, whatever its status,
// is a [Response]; where there was none that could be taken, the error is an
// [*Error]. When ctx ends, it wraps the error of ctx.
func (c *Client) Get(ctx context.Context, r Request) (*Response, error) {
	first, err := parseTarget(r.URL)
	if err != nil {
		return nil, addressError(err)
	}
	chain := chain{client: c, request: r, first: first, seen: map[string]bool{}, permanent: true, left: c.limits.Total}
	at := first
	for {
		answer, next, err := chain.step(ctx, at)
		if err != nil || answer != nil {
			return answer, err
		}
		at = *next
	}
}

// A chain is one Get on its way through redirects.
type chain struct {
	client    *Client
	request   Request
	first     target
	seen      map[string]bool
	hops      int
	permanent bool          // every hop so far was
	left      time.Duration // of the total
}

// step asks one address. It returns the answer, or where to ask next.
func (h *chain) step(ctx context.Context, at target) (*Response, *target, error) {
	if err := h.admit(ctx, at); err != nil {
		return nil, nil, h.sent(err)
	}
	hop, err := h.exchange(ctx, at)
	if err != nil {
		return nil, nil, h.sent(err)
	}
	redirect, permanent := isRedirect(hop.Status)
	if !redirect || asksToWait(hop) && !h.request.Patient {
		return h.finish(hop, at), nil, nil
	}
	next, err := at.next(hop.location)
	if err != nil {
		return nil, nil, &Error{Class: caravan.FailRedirect, Sent: true, Reached: true, Err: err,
			Detail: "the address redirects to nowhere that can be asked (" + clip(caravan.RedactURL(hop.location)) + ")"}
	}
	if h.hops++; h.hops > h.client.limits.Hops {
		return nil, nil, &Error{Class: caravan.FailRedirect, Sent: true, Reached: true, Err: errHops,
			Detail: "the address redirects too many times"}
	}
	if follow := h.request.Follow; follow != nil && !follow(ctx, next.String()) {
		return nil, nil, &Error{Class: caravan.FailRedirect, Sent: true, Reached: true, Err: errAstray,
			Detail: "the address redirects to where it was not to be followed (" + clip(caravan.RedactURL(next.String())) + ")"}
	}
	h.permanent = h.permanent && permanent
	return nil, &next, nil
}

// admit says why an address may not be asked at all, before anything is sent.
func (h *chain) admit(ctx context.Context, at target) error {
	address := at.String()
	if h.seen[address] {
		return &Error{Class: caravan.FailRedirect, Reached: true, Err: errHops,
			Detail: "the address redirects in a circle; it may insist on cookies"}
	}
	h.seen[address] = true
	if blocked := h.client.config.Blocked; blocked != nil {
		if reason := blocked(address); reason != "" {
			return &Error{Class: caravan.FailBlocked, Err: errRefused, Detail: "blocked here by the operator: " + reason}
		}
	}
	return h.client.admit(ctx, at)
}

// sent marks an error of a chain that has already made a request.
func (h *chain) sent(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && h.hops > 0 {
		e.Sent, e.Reached = true, true
	}
	return err
}

// finish completes the answer that ends the chain.
func (h *chain) finish(hop *hop, at target) *Response {
	hop.FinalURL, hop.Hops = at.String(), h.hops
	if h.hops > 0 && h.permanent {
		hop.PermanentTo = hop.FinalURL
	}
	hop.Shield = shield(hop.Status, hop.header, hop.Body)
	return &hop.Response
}

// asksToWait reports whether a redirect asks for a pause before it is followed
// (RFC 9110, 10.2.3).
func asksToWait(hop *hop) bool {
	after := strings.TrimSpace(hop.Header.RetryAfter)
	return after != "" && after != "0"
}

// A hop is the answer of one address.
type hop struct {
	Response
	location string
	header   http.Header
}

// exchange makes one request within its limits, in its host's turn.
func (h *chain) exchange(ctx context.Context, at target) (*hop, error) {
	c := h.client
	queued, unqueue := context.WithTimeoutCause(ctx, c.limits.Total, errQueue)
	defer unqueue()
	leave, err := c.gate.enter(queued, c.HostKey(at.String()))
	if err != nil {
		return nil, classify(queued, err, at)
	}
	defer leave()

	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	deadline := time.AfterFunc(h.left, func() { stop(errTotal) })
	defer deadline.Stop()
	defer func(start time.Time) { h.left -= time.Since(start) }(time.Now())

	var wrote atomic.Bool
	traced := httptrace.WithClientTrace(limited, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	request, conditional := h.build(traced, at)
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		e := classify(limited, err, at)
		e.Sent = wrote.Load() && !neverConnected(err)
		return nil, e
	}
	defer response.Body.Close()
	hop := newHop(response, conditional)
	if redirect, _ := isRedirect(hop.Status); redirect || hop.Status == http.StatusNotModified {
		body := &counter{r: response.Body}
		defer body.watch(c.limits, stop)()
		_, _ = io.CopyN(io.Discard, body, 64<<10) // so that the connection can be used again
		return hop, nil
	}
	err = c.read(response, hop, stop)
	if cause := context.Cause(limited); cause != nil && hop.Truncated {
		err = cause // our own end of the request may look like the sender's
	}
	switch {
	case err != nil && hop.Status >= http.StatusBadRequest && ctx.Err() == nil:
		hop.Truncated = true // the status and its Retry-After count, whatever the page is worth
	case err != nil:
		e := classify(limited, err, at)
		e.Sent, e.Reached = true, true
		return nil, e
	}
	return hop, nil
}

// newHop takes from a response what is kept of it.
func newHop(r *http.Response, conditional bool) *hop {
	get := r.Header.Get
	return &hop{
		location: get("Location"),
		header:   r.Header,
		Response: Response{
			Status:      r.StatusCode,
			Conditional: conditional,
			Header: Header{
				ContentType:  get("Content-Type"),
				ETag:         get("Etag"),
				LastModified: get("Last-Modified"),
				Date:         get("Date"),
				Age:          get("Age"),
				CacheControl: strings.Join(r.Header.Values("Cache-Control"), ", "),
				Expires:      get("Expires"),
				RetryAfter:   get("Retry-After"),
				Link:         r.Header.Values("Link"),
			},
		},
	}
}

// build makes the request for one hop. Validators go to the address that gave
// them and to no other; so do user and password.
func (h *chain) build(ctx context.Context, at target) (r *http.Request, conditional bool) {
	c := h.client
	header := http.Header{
		"User-Agent":      {c.config.UserAgent},
		"Accept":          {"application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"},
		"Accept-Encoding": {"gzip"},
	}
	v := h.request.Validators
	owner := v.URL
	if owner == "" {
		owner = h.first.String()
	}
	if sameDocument(owner, at.String()) {
		conditional = setExact(header, "If-None-Match", v.ETag)
		if conditional && h.request.Delta {
			header["A-IM"] = []string{"feed"}
		}
		conditional = setExact(header, "If-Modified-Since", v.LastModified) || conditional
	}
	u := at.requestURL(c.config.Proxy != nil)
	r = (&http.Request{Method: http.MethodGet, URL: u, Host: at.host, Header: header, ProtoMajor: 1, ProtoMinor: 1}).WithContext(ctx)
	if h.first.user != nil && h.first.sameHost(at) {
		password, _ := h.first.user.Password()
		r.SetBasicAuth(h.first.user.Username(), password)
	}
	return r, conditional
}

// setExact sets a field to the very bytes of value, where it has any and they
// can be sent.
func setExact(h http.Header, name, value string) bool {
	if value == "" || !httpguts.ValidHeaderFieldValue(value) {
		return false
	}
	h[name] = []string{value}
	return true
}

// admit refuses what can be refused before a connection is tried: a port or a
// literal address that the guard would not let out, and behind a proxy, where
// the guard sees no connection, every address the name resolves to here.
func (c *Client) admit(ctx context.Context, at target) error {
	u := &url.URL{Scheme: at.scheme, Host: at.host}
	hostname := dialled(u.Hostname())
	port, err := net.LookupPort("tcp", portOf(u))
	if err != nil {
		return addressError(errNowhere)
	}
	if a, ok := literal(hostname); ok && strings.ToLower(hostname) != "localhost" {
		return c.refuse(a, port)
	}
	if oddNumber(hostname) {
		return addressError(errNowhere)
	}
	if !openPort(uint16(port)) {
		return addressError(&refusal{to: netip.AddrPortFrom(netip.Addr{}, uint16(port)), reason: refusedPort})
	}
	if c.config.Proxy == nil {
		return nil
	}
	resolver := c.config.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	addresses, err := resolver.LookupNetIP(ctx, "ip", hostname)
	if err != nil {
		return nil // a name that only the proxy can resolve
	}
	for _, a := range addresses {
		if err := c.refuse(a, port); err != nil {
			return err
		}
	}
	return nil
}
