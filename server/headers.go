package server

import (
	"maps"
	"net/http"
	"strings"
)

// requestID returns the id of the request that w answers.
func requestID(w http.ResponseWriter) string { return w.Header().Get("X-Request-Id") }

// withRequestID gives each request an id to find it by in the log, and tells it
// in the answer. One that comes from outside is not believed.
func (s *Server) withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", newRequestID())
		next.ServeHTTP(w, r)
	})
}

// pagePolicy returns the Content-Security-Policy of pages. Pictures of items
// come from anywhere, and only if the operator allows it.
func pagePolicy(images bool) string {
	pictures := "'self'"
	if images {
		pictures = "'self' https: http:"
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"font-src 'self'",
		"img-src " + pictures,
		"connect-src 'self'",
		"manifest-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// rawPolicy is the Content-Security-Policy of feeds and other documents for
// programs: a browser that shows one anyway runs and loads nothing.
const rawPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// withSecurity sets the headers that every answer carries (S24), errors and
// redirects included. Handlers of raw documents tighten the policy further.
func (s *Server) withSecurity(next http.Handler) http.Handler {
	// Shared by all answers: handlers replace values and never change them.
	fixed := commonHeaders()
	fixed.Set("Content-Security-Policy", pagePolicy(s.Images))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		maps.Copy(w.Header(), fixed)
		next.ServeHTTP(w, r)
	})
}

// commonHeaders are those of every answer, whatever its policy.
func commonHeaders() http.Header {
	h := http.Header{}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	return h
}
