package polite

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// freeOfRatio is how much a body may unpack to before its ratio is looked at:
// small documents of blanks pack very well.
const freeOfRatio = 1 << 20

// read takes the body of an answer into hop, decoded and within the limits.
// stop ends the request when the body comes too slowly.
func (c *Client) read(r *http.Response, hop *hop, stop context.CancelCauseFunc) error {
	if coding := encodings(r.Header); len(coding) == 0 && r.ContentLength > c.limits.Body {
		return errSize
	}
	wire := &counter{r: r.Body}
	defer wire.watch(c.limits, stop)()
	body, err := decode(wire, encodings(r.Header), c.limits)
	hop.Body, hop.Wire = body, wire.n.Load()
	if errors.Is(err, errCut) && len(body) > 0 {
		hop.Truncated = true
		return nil
	}
	return err
}

// errCut marks a body that ended too early, or whose packing is damaged.
var errCut = errors.New("the answer broke off")

// A counter counts the bytes that come over the wire.
type counter struct {
	r io.Reader
	n atomic.Int64
}

// Read reads and counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watch calls stop when a window of time brings fewer bytes than it must. The
// function it returns ends the watch.
func (c *counter) watch(l Limits, stop context.CancelCauseFunc) func() {
	var last int64
	var timer *time.Timer
	armed := make(chan struct{})
	timer = time.AfterFunc(l.Window, func() {
		<-armed
		now := c.n.Load()
		if now-last < l.Rate {
			stop(errSlow)
			return
		}
		last = now
		timer.Reset(l.Window)
	})
	close(armed)
	return func() { timer.Stop() }
}

// encodings lists the content codings of an answer, identity left out.
func encodings(h http.Header) []string {
	var list []string
	for part := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		if part != "" && part != "identity" && part != "utf-8" && part != "none" {
			list = append(list, strings.TrimPrefix(part, "x-"))
		}
	}
	return list
}

// decode reads a body to its end. Of a body that breaks off it returns what
// came, with errCut.
func decode(wire *counter, codings []string, l Limits) ([]byte, error) {
	if len(codings) > 1 {
		return nil, fmt.Errorf("%w (%s)", errCoded, clip(strings.Join(codings, ", ")))
	}
	in := bufio.NewReader(wire)
	plain, packed, err := unpack(in, codings)
	if err != nil {
		return nil, err
	}
	body, err := readLimited(plain, wire, l)
	switch {
	case errors.Is(err, errSize), errors.Is(err, errRatio):
		return nil, err
	case packed && len(body) > 0 && errors.Is(err, gzip.ErrHeader):
		// Zeros or text after the last member are not part of the document.
	case err != nil && !brokeOff(err):
		return nil, err
	case err != nil:
		return body, fmt.Errorf("%w: %w", errCut, err)
	}
	if packed && bytes.HasPrefix(body, []byte{0x1f, 0x8b, 0x08}) {
		return nil, fmt.Errorf("%w (packed twice)", errCoded)
	}
	return body, nil
}

// unpack puts the right reader around a body. What the bytes say wins over the
// header: some servers send packed files without a word, others announce a
// packing and do not pack.
func unpack(in *bufio.Reader, codings []string) (r io.Reader, packed bool, err error) {
	magic, _ := in.Peek(2)
	if bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, false, fmt.Errorf("%w: %w", errCut, err)
		}
		return z, true, nil
	}
	if len(codings) == 0 || codings[0] == "gzip" {
		return in, false, nil
	}
	if codings[0] != "deflate" {
		return nil, false, fmt.Errorf("%w (%s)", errCoded, clip(codings[0]))
	}
	// Deflate is sent with and without the wrapper it should have.
	if len(magic) == 2 && magic[0]&0x0f == 8 && (int(magic[0])<<8|int(magic[1]))%31 == 0 {
		if z, err := zlib.NewReader(in); err == nil {
			return z, true, nil
		}
	}
	return flate.NewReader(in), true, nil
}

// readLimited reads r to its end, or to where a limit is passed.
func readLimited(r io.Reader, wire *counter, l Limits) ([]byte, error) {
	var body []byte
	chunk := make([]byte, 32<<10)
	for {
		n, err := r.Read(chunk)
		body = append(body, chunk[:n]...)
		size := int64(len(body))
		switch {
		case size > l.Body:
			return nil, errSize
		case size > freeOfRatio && size > l.Ratio*wire.n.Load():
			return nil, errRatio
		case errors.Is(err, io.EOF):
			return body, nil
		case err != nil:
			return body, err
		}
	}
}

// brokeOff reports whether err means that the sender stopped, or sent damage,
// rather than that we did.
func brokeOff(err error) bool {
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return false
	}
	for _, ours := range []error{context.Canceled, context.DeadlineExceeded, errTotal, errSlow} {
		if errors.Is(err, ours) {
			return false
		}
	}
	return true
}
