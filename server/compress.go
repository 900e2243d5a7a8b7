package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// compressAbove is the size from which compressing an answer is worth it.
const compressAbove = 1024

// An encoding is a content coding that answers are given in.
type encoding string

// The encodings, by preference from the last to the first.
const (
	identity encoding = ""
	gzipped  encoding = "gzip"
	brotlied encoding = "br"
)

// negotiate returns the encoding for a request with this Accept-Encoding (RFC
// 9110, 12.5.3): the one of highest weight, br before gzip before none where
// equal. Who refuses them all gets none.
func negotiate(accept string) encoding {
	const unnamed = -1
	weights := struct{ br, gzip, none, rest float64 }{unnamed, unnamed, unnamed, 0}
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		w := quality(params)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "br":
			weights.br = w
		case "gzip", "x-gzip":
			weights.gzip = w
		case "identity":
			weights.none = w
		case "*":
			weights.rest = w
		}
	}
	best, highest := identity, max(weights.none, 0)
	for _, coding := range []struct {
		encoding
		weight float64
	}{{gzipped, weights.gzip}, {brotlied, weights.br}} {
		if coding.weight == unnamed {
			coding.weight = weights.rest
		}
		if coding.weight > 0 && coding.weight >= highest {
			best, highest = coding.encoding, coding.weight
		}
	}
	return best
}

// quality returns the weight among parameters: 1 where there is none, 0 for one
// that is no weight.
func quality(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		w, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(w >= 0 && w <= 1) {
			return 0
		}
		return w
	}
	return 1
}

// compress encodes answers that are text and were not encoded by their handler.
// A strong ETag of the handler's is told apart by encoding.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := negotiate(strings.Join(r.Header["Accept-Encoding"], ","))
		if e == identity || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		c := &compressor{ResponseWriter: w, encoding: e}
		defer c.close()
		next.ServeHTTP(c, r)
	})
}

// A compressor holds an answer back until it is known whether it is worth
// encoding, then passes it on encoded or as it is.
type compressor struct {
	http.ResponseWriter
	encoding encoding
	status   int
	held     []byte
	decided  bool
	encoder  io.WriteCloser // nil when passing on as it is
}

// WriteHeader holds the status back until the first bytes decide.
func (c *compressor) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write holds back the first bytes, then encodes.
func (c *compressor) Write(p []byte) (int, error) {
	if !c.decided {
		c.held = append(c.held, p...)
		if len(c.held) < compressAbove {
			return len(p), nil
		}
		return len(p), c.decide(true)
	}
	if c.encoder != nil {
		return c.encoder.Write(p)
	}
	return c.ResponseWriter.Write(p)
}

// Flush passes on what was written so far, for answers that come in pieces.
func (c *compressor) Flush() {
	if !c.decided {
		c.decide(false)
	}
	if f, ok := c.encoder.(interface{ Flush() error }); ok {
		f.Flush()
	}
	if f, ok := c.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// decide chooses between encoding and passing on, and writes what was held.
func (c *compressor) decide(large bool) error {
	c.decided = true
	h := c.Header()
	if large && compressible(h, c.status) {
		h.Set("Content-Encoding", string(c.encoding))
		h.Del("Content-Length")
		addVary(h, "Accept-Encoding")
		if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) {
			h.Set("ETag", strings.TrimSuffix(tag, `"`)+"-"+string(c.encoding)+`"`)
		}
		c.encoder = newEncoder(c.ResponseWriter, c.encoding)
	}
	if c.status != 0 {
		c.ResponseWriter.WriteHeader(c.status)
	}
	held := c.held
	c.held = nil
	if len(held) == 0 {
		return nil
	}
	if c.encoder != nil {
		_, err := c.encoder.Write(held)
		return err
	}
	_, err := c.ResponseWriter.Write(held)
	return err
}

// close writes what is left.
func (c *compressor) close() {
	if !c.decided {
		c.decide(false)
	}
	if c.encoder != nil {
		c.encoder.Close()
	}
}

// newEncoder returns a writer that encodes to w. The levels are those where
// more effort stops paying for pages made at the time of asking.
func newEncoder(w io.Writer, e encoding) io.WriteCloser {
	if e == brotlied {
		return brotli.NewWriterLevel(w, 4)
	}
	z, _ := gzip.NewWriterLevel(w, 5) // fails for a level that does not exist only
	return z
}

// compressible reports whether an answer with these headers is text that nobody
// encoded yet.
func compressible(h http.Header, status int) bool {
	if h.Get("Content-Encoding") != "" || h.Get("Content-Range") != "" || status == http.StatusNoContent || status == http.StatusNotModified {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch {
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "+xml"), strings.HasSuffix(kind, "+json"):
		return true
	case kind == "application/json", kind == "application/javascript", kind == "application/xml":
		return true
	}
	return false
}

// addVary adds a field to Vary unless it is there.
func addVary(h http.Header, field string) {
	for _, v := range h.Values("Vary") {
		for f := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(f), field) {
				return
			}
		}
	}
	if v := h.Get("Vary"); v != "" {
		h.Set("Vary", v+", "+field)
		return
	}
	h.Set("Vary", field)
}
