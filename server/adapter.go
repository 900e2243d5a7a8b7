package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"caravan"
	"caravan/server/locale"
)

// A pageFunc answers a request or says why it cannot. On error it has written
// nothing.
type pageFunc func(w http.ResponseWriter, r *http.Request) error

// A failureFunc writes the answer to a request that failed: what went wrong is
// said in English to programs, in the reader's language on a page.
type failureFunc func(w http.ResponseWriter, r *http.Request, status int, what sentence)

// A sentence is what a reader is told of a failure. One with a code is in the
// table of messages, and so there is one in every language.
type sentence struct {
	English string
	Code    caravan.Code
	Args    []any
}

// in returns the sentence in l.
func (s sentence) in(l locale.Lang) string { return l.Said(string(s.Code), s.Args, s.English) }

// sentenceOf returns the sentence of a code.
func sentenceOf(code caravan.Code, args ...any) sentence {
	return sentence{locale.English.Said(string(code), args, string(code)), code, args}
}

// errNoPage answers addresses that no route knows.
var errNoPage = said(caravan.ErrNotFound, caravan.NotThere)

// pageVary is what pages differ by.
const pageVary = "Accept-Language, Accept-Encoding, X-Partial"

// page adapts f to HTTP; failures are answered with a page.
func (s *Server) page(f pageFunc) http.Handler {
	return compress(s.adapt(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Vary", pageVary)
		return f(w, r)
	}, s.errorPage))
}

// plain adapts f to HTTP; failures are answered with a sentence of plain text.
// It is for what programs read: feeds, lists, metrics.
func (s *Server) plain(f pageFunc) http.Handler { return s.adapt(f, plainError) }

// plainError answers a failed request with its message.
func plainError(w http.ResponseWriter, _ *http.Request, status int, what sentence) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, what.English)
}

// adapt makes a handler of f for GET and HEAD.
func (s *Server) adapt(f pageFunc, fail failureFunc) http.Handler {
	return s.adaptMethods(f, fail, http.MethodGet, http.MethodHead)
}

// adaptMethods makes a handler of f. It is the one place where errors become answers:
// it maps the class to a status, logs what is our fault, follows moved slugs
// and chooses the words; fail writes them.
func (s *Server) adaptMethods(f pageFunc, fail failureFunc, methods ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(methods, r.Method) {
			refuseMethod(w, r, fail, methods)
			return
		}
		err := f(w, r)
		if err == nil {
			return
		}
		if to, ok := movedTo(r, err); ok {
			http.Redirect(w, r, s.base.Path+to, http.StatusMovedPermanently)
			return
		}
		status := statusOf(err)
		if status >= 500 && r.Context().Err() == nil {
			s.Log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", loggedPath(r),
				"request", requestID(w), "err", err)
		}
		w.Header().Set("Cache-Control", "no-store")
		fail(w, r, status, toldOf(err, status))
	})
}

// loggedPath is what the log may know of an address: the callback of a
// subscription is a secret between us and a hub.
func loggedPath(r *http.Request) string {
	if _, secret := mux.Vars(r)["token"]; secret {
		if route, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
			return route
		}
	}
	return r.URL.Path
}

// refuseMethod answers a request with a method that its address does not know.
// Asking for the methods is answered; browsers do before they let a script send
// validators of its own.
func refuseMethod(w http.ResponseWriter, r *http.Request, fail failureFunc, methods []string) {
	w.Header().Set("Allow", strings.Join(methods, ", ")+", "+http.MethodOptions)
	if r.Method == http.MethodOptions {
		allowOrigins(w.Header())
		w.Header().Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
		w.Header().Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since")
		w.Header().Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	fail(w, r, http.StatusMethodNotAllowed, sentenceOf(caravan.WrongMethod, strings.Join(methods, ", ")))
}

// failureFor returns how a failure at an address is answered when no route has
// been found for it: in JSON for the API, in plain text for what programs read,
// else with a page.
func (s *Server) failureFor(path string) failureFunc {
	switch {
	case strings.HasPrefix(path, "/api/"):
		return apiErrorAnswer
	case strings.HasSuffix(path, ".atom"), strings.HasSuffix(path, ".rss"), strings.HasSuffix(path, ".json"),
		strings.HasSuffix(path, ".opml"), strings.HasSuffix(path, ".xml"), strings.HasSuffix(path, ".txt"):
		return plainError
	}
	return s.errorPage
}

// statusOf returns the status that answers err.
func statusOf(err error) int {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, caravan.ErrInvalid):
		return http.StatusBadRequest
	case errors.Is(err, caravan.ErrGone):
		return http.StatusGone
	case errors.Is(err, caravan.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, caravan.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// toldOf returns what a reader may be told of err.
func toldOf(err error, status int) sentence {
	if pub, ok := errors.AsType[*caravan.PublicError](err); ok {
		return sentence{pub.Message, pub.Code, pub.Args}
	}
	if bad, ok := errors.AsType[*caravan.QueryError](err); ok {
		return sentence{bad.Message, bad.Code, bad.Args}
	}
	switch status {
	case http.StatusNotFound:
		return sentenceOf(caravan.NotThere)
	case http.StatusServiceUnavailable:
		return sentence{English: "This took too long or is not ready yet. Please try again in a moment."}
	case http.StatusInternalServerError:
		return sentence{English: "Something went wrong here. It has been noted."}
	}
	return sentence{English: http.StatusText(status)}
}

// movedTo returns the address, from the site's root on, under which the thing
// that r asks for is known now: the same path and query with the old slug
// replaced.
func movedTo(r *http.Request, err error) (string, bool) {
	moved, ok := errors.AsType[*caravan.MovedError](err)
	if !ok {
		return "", false
	}
	vars := mux.Vars(r)
	for _, name := range []string{"community", "source"} {
		if old := vars[name]; old != "" && old != moved.Slug {
			path := strings.Replace(r.URL.Path, "/"+old, "/"+moved.Slug, 1)
			if r.URL.RawQuery != "" {
				path += "?" + r.URL.RawQuery
			}
			return path, true
		}
	}
	return "", false
}

// invalid returns an error for a request that cannot be used, with a sentence
// for its sender.
func invalid(code caravan.Code, args ...any) error { return said(caravan.ErrInvalid, code, args...) }

// said returns an error of a class with the sentence of a code.
func said(class error, code caravan.Code, args ...any) error {
	s := sentenceOf(code, args...)
	return &caravan.PublicError{Message: s.English, Code: s.Code, Args: s.Args, Err: class}
}
