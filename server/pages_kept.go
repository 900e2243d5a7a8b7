package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"caravan/server/locale"
)

// pageBytes is how much the shelf of pages holds.
const pageBytes = 32 << 20

// How old what a kept page says may be, where the store has no new change. A
// page tells times such as "3 minutes ago", so a minute is never too old for
// what is about articles; what is about polls is asked for by who waits for one.
const (
	aMinute = time.Minute
	aSecond = time.Second
)

// kept answers with a page as show made it for whoever asked before, while
// neither the store has changed, nor what the index has followed of it, nor the
// network, and not for longer than age. Age alone bounds how late anything else
// shows, such as a thesaurus that was saved: after a minute at most. Pages are kept
// whole: nothing in them is
// about the reader but the language, and most of what one takes goes into asking
// the store and the index, which no piece of a page that is kept would save.
//
// What show answers with is kept if it is a page to show (200); what it refuses,
// or forbids to store, is passed on to all who asked at that moment.
func (s *Server) kept(age time.Duration, show pageFunc) pageFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		at, err := s.pageStamp(r.Context(), age)
		if err != nil {
			return err
		}
		since, offline := s.Offline()
		key := pageKey(r.URL, r.Header)
		if offline {
			key = fmt.Sprint(since.Unix(), " ", key)
		}
		doc, hit, err := s.face.shelf.get(r.Context(), key, at, s.Now(), func(ctx context.Context) (*document, error) {
			made := &sketch{header: http.Header{}}
			if err := show(made, r.WithContext(ctx)); err != nil {
				return nil, err
			}
			return made.finish()
		})
		s.metrics.page(hit)
		if made, ok := errors.AsType[*sketch](err); ok {
			return made.send(w)
		}
		if err != nil {
			return err
		}
		servePage(w, r, doc)
		return nil
	}
}

// A follower is an index that says which change of the store it knows last.
type follower interface{ Applied() int64 }

// pageStamp says what kept pages are good for now.
func (s *Server) pageStamp(ctx context.Context, age time.Duration) (stamp, error) {
	change, err := s.Store.LastChange(ctx)
	if err != nil {
		return stamp{}, fmt.Errorf("read last change: %w", err)
	}
	at := stamp{change: change, stretch: s.Now().UnixNano() / int64(age)}
	if index, ok := s.Index.(follower); ok {
		at.applied = index.Applied()
	}
	return at, nil
}

// pageKey names the page that a request asks for: its address, with the
// parameters in one order, the language of its words and whether the script asks
// for a part of it alone.
func pageKey(u *url.URL, h http.Header) string {
	query := u.Query()
	lang, _ := locale.ChooseLang(query.Get("lang"), h.Get("Accept-Language"))
	part := "whole"
	if h.Get("X-Partial") != "" {
		part = "part"
	}
	return strings.Join([]string{string(lang), part, u.Path + "?" + query.Encode()}, " ")
}

// servePage answers r with a kept page, encoded as r accepts it, or with 304.
func servePage(w http.ResponseWriter, r *http.Request, doc *document) {
	e := identity
	if compressible(doc.page, http.StatusOK) {
		e = negotiate(strings.Join(r.Header["Accept-Encoding"], ","))
	}
	rep, h := doc.in(e), w.Header()
	maps.Copy(h, doc.page)
	for _, name := range []string{"ETag", "Content-Length", "Content-Encoding"} {
		if value := rep.header.Get(name); value != "" {
			h.Set(name, value)
		}
	}
	if r.Method == http.MethodGet && !conditional(r.Header) {
		w.Write(rep.bytes)
		return
	}
	http.ServeContent(w, readable(r), "", time.Time{}, bytes.NewReader(rep.bytes))
}

// A sketch is an answer that is made before it is known whether it is kept. As
// an error it says that it is not.
type sketch struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns what the answer's headers will be.
func (a *sketch) Header() http.Header { return a.header }

// WriteHeader notes the status.
func (a *sketch) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write adds to the body.
func (a *sketch) Write(p []byte) (int, error) { return a.body.Write(p) }

// Error says that the answer is not one to keep.
func (a *sketch) Error() string { return fmt.Sprintf("answer of status %d is not kept", a.status) }

// finish returns the document that the answer is, or the answer itself.
func (a *sketch) finish() (*document, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status != http.StatusOK || strings.Contains(a.header.Get("Cache-Control"), "no-store") {
		return nil, a
	}
	doc := newDocument(a.header.Get("Content-Type"), bytes.Clone(a.body.Bytes()), time.Time{})
	doc.page = a.header
	return doc, nil
}

// send passes an answer on that is not kept; it may be sent more than once.
func (a *sketch) send(w http.ResponseWriter) error {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	w.Write(a.body.Bytes())
	return nil
}
