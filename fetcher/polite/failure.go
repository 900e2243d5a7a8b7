package polite

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"unicode"

	"caravan"
)

// What the limits end a request with.
var (
	errQueue  = errors.New("waited too long behind other requests to the host")
	errTotal  = errors.New("took too long in all")
	errSlow   = errors.New("sent too slowly")
	errSize   = errors.New("larger than allowed")
	errRatio  = errors.New("unpacks to far more than was sent")
	errHops   = errors.New("too many redirects")
	errAstray = errors.New("redirect not followed")
	errCoded  = errors.New("sent in an encoding that was not asked for")
)

// An Error is a request that brought no answer that could be taken.
type Error struct {
	Class   caravan.FailureClass
	Detail  string // for people, without credentials
	Sent    bool   // a request left this machine; it counts for politeness
	Reached bool   // some machine out there was reached, so that there is a network
	Local   bool   // the cause lies with this machine's own network
	Err     error
}

// Error returns the detail and the cause, for the log.
func (e *Error) Error() string { return e.Detail + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Failure returns what is stored of e.
func (e *Error) Failure() caravan.Failure { return caravan.Failure{Class: e.Class, Detail: e.Detail} }

// addressError is the failure of an address that may not be asked.
func addressError(err error) *Error {
	e := &Error{Class: caravan.FailAddress, Err: err}
	refused, ok := errors.AsType[*refusal](err)
	switch {
	case errors.Is(err, errScheme):
		e.Detail = "only http and https addresses are asked"
	case ok && refused.reason == refusedPort:
		e.Detail = fmt.Sprintf("port %d is not for the web and is not asked", refused.to.Port())
	case ok:
		e.Detail = fmt.Sprintf("the name leads to %s, which is not a public address; --allow-private can open its range", refused.to)
	default:
		e.Detail = "this is not an address that can be asked"
	}
	return e
}

// refuse asks the guard about an address before it is dialled.
func (c *Client) refuse(a netip.Addr, port int) error {
	if err := c.guard.check(netip.AddrPortFrom(a, uint16(port))); err != nil {
		return addressError(err)
	}
	return nil
}

// classify says what kind of failure err is, in words. The cause of ctx's end
// tells our own limits from each other and from the caller's wish.
func classify(ctx context.Context, err error, at target) *Error {
	if _, ok := errors.AsType[*refusal](err); ok || errors.Is(err, errRefused) {
		return addressError(err)
	}
	if e := limitError(ctx, err); e != nil {
		return e
	}
	if e := dnsError(err, at); e != nil {
		return e
	}
	if e := tlsError(err); e != nil {
		e.Reached = true
		return e
	}
	return connectError(err)
}

// limitError recognises what our own limits, or the caller, put an end to.
func limitError(ctx context.Context, err error) *Error {
	cause := err
	if c := context.Cause(ctx); c != nil {
		cause = c
	}
	e := &Error{Class: caravan.FailTimeout, Err: cause}
	switch {
	case errors.Is(cause, errTotal):
		e.Detail = "the answer took too long"
	case errors.Is(cause, errQueue):
		e.Detail = "other requests to the same host took too long"
	case errors.Is(cause, errSlow):
		e.Detail = "the answer came too slowly"
	case errors.Is(cause, errSize):
		e.Class, e.Detail = caravan.FailTooLarge, "the document is larger than caravan takes"
	case errors.Is(cause, errRatio):
		e.Class, e.Detail = caravan.FailTooLarge, "the document unpacks to far more than was sent"
	case errors.Is(cause, errCoded):
		e.Class, e.Detail = caravan.FailNotFeed, cause.Error()
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded) && ctx.Err() != nil:
		e.Detail = "interrupted"
	default:
		return nil
	}
	return e
}

// dnsError recognises names that do not resolve. Package net gives the cause of
// a failing resolver as text only.
func dnsError(err error, at target) *Error {
	d, ok := errors.AsType[*net.DNSError](err)
	if !ok {
		return nil
	}
	e := &Error{Class: caravan.FailDNS, Err: err}
	host := clip(at.host)
	switch {
	case d.IsNotFound:
		e.Detail = "the name " + host + " does not exist"
	case d.IsTimeout:
		e.Detail = "the name servers of " + host + " did not answer"
	default:
		e.Detail = "the name " + host + " cannot be looked up"
	}
	for _, sign := range []string{"network is unreachable", "connection refused", "no route to host", "network is down", "cannot assign requested address"} {
		e.Local = e.Local || strings.Contains(d.Err, sign)
	}
	return e
}

// tlsError explains what is wrong with a certificate or a handshake.
func tlsError(err error) *Error {
	e := &Error{Class: caravan.FailTLS, Err: err}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		e.Detail = invalidCertificate(invalid)
		return e
	}
	if wrong, ok := errors.AsType[x509.HostnameError](err); ok {
		e.Detail = "the certificate is not for " + clip(strings.TrimSuffix(wrong.Host, "."))
		if names := wrong.Certificate.DNSNames; len(names) > 0 {
			e.Detail += " but for " + clip(names[0])
		}
		return e
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		e.Detail = "the certificate is not signed by a known authority (it signs itself, or the server leaves out the one between)"
		return e
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		e.Detail = "the server does not speak TLS on this port"
		return e
	}
	if alert, ok := errors.AsType[tls.AlertError](err); ok {
		e.Detail = "the server broke off the TLS handshake (" + strings.TrimPrefix(alert.Error(), "tls: ") + ")"
		return e
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "protocol version"), strings.Contains(text, "unsupported versions"):
		e.Detail = "the server offers only outdated versions of TLS"
	case strings.Contains(text, "handshake failure"):
		e.Detail = "the server and caravan have no way of encryption in common"
	case strings.Contains(text, "gave HTTP response to HTTPS client"):
		e.Detail = "the server does not speak TLS on this port"
	case strings.HasPrefix(text, "tls: "), strings.HasPrefix(text, "x509: "), strings.HasPrefix(text, "remote error: tls: "):
		e.Detail = "the TLS handshake went wrong (" + clip(strings.TrimPrefix(text, "remote error: ")) + ")"
	default:
		return nil
	}
	return e
}

// invalidCertificate explains a certificate that is out of its time or use.
func invalidCertificate(invalid x509.CertificateInvalidError) string {
	const day = "2 January 2006"
	switch {
	case invalid.Reason != x509.Expired:
		return "the certificate is not valid for a web server"
	case strings.Contains(invalid.Detail, "before"):
		return "the certificate is not valid before " + invalid.Cert.NotBefore.UTC().Format(day)
	default:
		return "the certificate expired on " + invalid.Cert.NotAfter.UTC().Format(day)
	}
}

// connectError is what is left: connections that did not come about or broke.
func connectError(err error) *Error {
	e := &Error{Class: caravan.FailConnect, Err: err}
	dialling := neverConnected(err)
	timeout, isNet := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Detail = "the server refuses connections"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.ENETDOWN), errors.Is(err, syscall.EADDRNOTAVAIL):
		e.Local, e.Detail = true, "there is no way to the server from here"
	case errors.Is(err, syscall.EHOSTUNREACH):
		e.Local, e.Detail = true, "the server cannot be reached"
	case isNet && timeout.Timeout() && dialling:
		e.Class, e.Detail = caravan.FailTimeout, "the server does not answer"
	case isNet && timeout.Timeout():
		e.Class, e.Detail, e.Reached = caravan.FailTimeout, "the server took the request and did not answer in time", true
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		e.Detail, e.Reached = "the server broke off the connection", true
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Detail, e.Reached = "the server closed the connection without an answer", true
	case strings.Contains(err.Error(), "malformed HTTP"):
		e.Detail, e.Reached = "the server does not speak HTTP on this port", true
	default:
		e.Detail, e.Reached = "the connection failed ("+clip(err.Error())+")", !dialling
	}
	return e
}

// neverConnected reports whether err is of the time before there was a
// connection. A request may have been written even so: to a connection kept from
// before that turned out to be dead.
func neverConnected(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	operation, ok := errors.AsType[*net.OpError](err)
	return ok && operation.Op == "dial"
}

// clip returns foreign text as it may stand in a sentence: one line, printable,
// not long.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 160 {
		s = string(r[:159]) + "…"
	}
	return s
}
