package server

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// A document is what a program reads at one address, rendered once for as long
// as nothing changes. It is never changed after it was made; its encoded forms
// are made when first asked for and kept.
type document struct {
	mediaType string
	body      []byte
	modified  time.Time   // newest change of content; zero when unknown
	links     string      // of the Link header
	maxAge    int         // seconds
	searched  bool        // the index was asked for it
	final     bool        // its key is its address, and whoever asks there gets it
	page      http.Header // the headers of a page; nil for what programs read

	sum             string // of body, hex
	plain, gzip, br func() *representation
}

// A representation is the bytes of a document in one encoding, and the headers
// that say so. Both are shared by all answers.
type representation struct {
	bytes     []byte
	etag      string
	header    http.Header
	unchanged http.Header // of an answer of 304, which guides caches and says no more (RFC 9110, 15.4.5)
}

// newDocument returns a document of body.
func newDocument(mediaType string, body []byte, modified time.Time) *document {
	sum := sha256.Sum256(body)
	d := &document{mediaType: mediaType, body: body, modified: modified.UTC().Truncate(time.Second), maxAge: 300}
	d.sum = hex.EncodeToString(sum[:12])
	d.plain = sync.OnceValue(func() *representation { return d.represent(body, identity) })
	d.gzip = sync.OnceValue(func() *representation {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // fails for a level that does not exist only
		z.Write(body)
		z.Close()
		return d.represent(b.Bytes(), gzipped)
	})
	d.br = sync.OnceValue(func() *representation {
		var b bytes.Buffer
		z := brotli.NewWriterLevel(&b, 7)
		z.Write(body)
		z.Close()
		return d.represent(b.Bytes(), brotlied)
	})
	return d
}

// in returns d in an encoding.
func (d *document) in(e encoding) *representation {
	switch e {
	case gzipped:
		return d.gzip()
	case brotlied:
		return d.br()
	}
	return d.plain()
}

// represent returns what is served of d in an encoding.
func (d *document) represent(body []byte, e encoding) *representation {
	rep := &representation{bytes: body, etag: `"` + d.sum + `"`, unchanged: http.Header{}}
	if e != identity {
		rep.etag = `"` + d.sum + "-" + string(e) + `"`
	}
	h := rep.unchanged
	allowOrigins(h)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(d.maxAge))
	h.Set("ETag", rep.etag)
	if d.links != "" {
		h.Set("Link", d.links)
	}
	rep.header = commonHeaders()
	maps.Copy(rep.header, h)
	rep.header.Set("Content-Security-Policy", rawPolicy)
	rep.header.Set("Content-Type", d.mediaType+"; charset=utf-8")
	rep.header.Set("Content-Length", strconv.Itoa(len(body)))
	if e != identity {
		rep.header.Set("Content-Encoding", string(e))
	}
	if !d.modified.IsZero() {
		rep.header.Set("Last-Modified", d.modified.Format(http.TimeFormat))
	}
	return rep
}

// serve answers r with d: encoded as r accepts it, with validators, and with
// 304 or 412 where the conditions of RFC 9110, 13.2.2 say so.
func (d *document) serve(w http.ResponseWriter, r *http.Request) {
	rep := d.in(negotiate(strings.Join(r.Header["Accept-Encoding"], ",")))
	h := w.Header()
	switch {
	case r.Method == http.MethodGet && !conditional(r.Header):
		maps.Copy(h, rep.header)
		w.Write(rep.bytes) // in one piece: ServeContent copies through a buffer
	case len(r.Header["If-None-Match"]) == 1 && r.Header["If-None-Match"][0] == rep.etag && len(r.Header["If-Match"])+len(r.Header["If-Unmodified-Since"]) == 0:
		maps.Copy(h, rep.unchanged)
		w.WriteHeader(http.StatusNotModified)
	default:
		maps.Copy(h, rep.header)
		http.ServeContent(w, readable(r), "", d.modified, bytes.NewReader(rep.bytes))
	}
}

// readable returns r as ServeContent reads it: tags of several lines in one
// (RFC 9110, 5.3), and no range of another unit than bytes, which is to be
// ignored (14.2).
func readable(r *http.Request) *http.Request {
	header := r.Header.Clone()
	for _, name := range []string{"If-None-Match", "If-Match"} {
		if lines := header[name]; len(lines) > 1 {
			header[name] = []string{strings.Join(lines, ", ")}
		}
	}
	if unit, _, _ := strings.Cut(header.Get("Range"), "="); !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		header.Del("Range")
	}
	out := *r
	out.Header = header
	return &out
}

// conditional reports whether a request asks for less than the whole, or only
// under a condition.
func conditional(h http.Header) bool {
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "Range"} {
		if len(h[name]) > 0 {
			return true
		}
	}
	return false
}

// allowOrigins lets the scripts of every site read the answer and its
// validators: everything here is public.
func allowOrigins(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "ETag, Last-Modified, Link")
}

// A stamp says when a kept document was good: documents are functions of the
// store, and of the stretch of time, as tombstones expire.
type stamp struct {
	change  int64
	stretch int64
	applied int64 // the change that the index knows last; 0 where that does not matter
}

// shelfBytes is how much the shelf of a server holds.
const shelfBytes = 64 << 20

// A shelf keeps rendered documents, up to a number of bytes, the least recently
// used going first. It renders a document once per change, however many ask.
type shelf struct {
	most int

	mu      sync.Mutex
	size    int
	order   *list.List // of *kept, most recently used first
	byKey   map[string]*list.Element
	flights flights[*document]
}

// withKept answers with a kept document where one is good still, and only then
// asks for the way to whoever makes it. That is most of what a planet serves.
func (s *Server) withKept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			if doc, at := s.shelf.peek(r.RequestURI); doc != nil && doc.final && !browsing(r) {
				if now, err := s.now(r.Context(), doc.searched); err == nil && now == at {
					s.metrics.shelf(true)
					doc.serve(w, r)
					return
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// A kept document is one on the shelf.
type kept struct {
	key string
	at  stamp
	doc *document
}

// newShelf returns an empty shelf for most bytes.
func newShelf(most int) *shelf {
	return &shelf{most: most, order: list.New(), byKey: map[string]*list.Element{}}
}

// renderTimeout bounds the making of a document. It goes on when the client
// that asked first goes away, as long as others wait for the same one.
const renderTimeout = 30 * time.Second

// get returns the document of key as of at, and whether it was there; render
// makes it.
func (s *shelf) get(ctx context.Context, key string, at stamp, now time.Time, render func(context.Context) (*document, error)) (*document, bool, error) {
	old, fresh := s.find(key, at)
	if fresh {
		return old, true, nil
	}
	made, err := s.flights.do(ctx, key+"\x00"+strconv.FormatInt(at.change, 10), func(ctx context.Context) (*document, error) {
		if doc, ok := s.find(key, at); ok {
			return doc, nil
		}
		ctx, cancel := context.WithTimeout(ctx, renderTimeout)
		defer cancel()
		doc, err := render(ctx)
		if err != nil {
			return nil, err
		}
		doc = succeed(old, doc, now)
		s.put(&kept{key, at, doc})
		return doc, nil
	})
	return made, false, err
}

// succeed returns the document that takes the place of old, which may be nil.
// The same bytes keep the old one, with its encoded forms. Other bytes are
// never as old as those before: content may change without a change of its
// dates (an old item hidden, a source renamed), and who asks by
// If-Modified-Since alone must get it.
func succeed(old, doc *document, now time.Time) *document {
	if old == nil {
		return doc
	}
	if old.sum == doc.sum && old.links == doc.links {
		return old
	}
	if !doc.modified.After(old.modified) {
		doc.modified = now.UTC().Truncate(time.Second)
		if !doc.modified.After(old.modified) {
			doc.modified = old.modified.Add(time.Second)
		}
	}
	return doc
}

// find returns what is kept under key, and whether it is as of at.
func (s *shelf) find(key string, at stamp) (*document, bool) {
	doc, kept := s.peek(key)
	return doc, doc != nil && kept == at
}

// peek returns what is kept under key and the stamp of it; nil when there is
// nothing.
func (s *shelf) peek(key string) (*document, stamp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byKey[key]
	if !ok {
		return nil, stamp{}
	}
	s.order.MoveToFront(e)
	k := e.Value.(*kept)
	return k.doc, k.at
}

// put keeps k, and lets go of what no longer fits.
func (s *shelf) put(k *kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byKey[k.key]; ok {
		s.drop(e)
	}
	if k.cost() > s.most/4 {
		return // one giant must not empty the shelf
	}
	s.byKey[k.key] = s.order.PushFront(k)
	s.size += k.cost()
	for s.size > s.most {
		s.drop(s.order.Back())
	}
}

// drop removes e. The lock is held.
func (s *shelf) drop(e *list.Element) {
	k := s.order.Remove(e).(*kept)
	delete(s.byKey, k.key)
	s.size -= k.cost()
}

// cost is about how many bytes k takes, with its encoded forms.
func (k *kept) cost() int { return len(k.doc.body)*3/2 + len(k.key) + 1024 }
