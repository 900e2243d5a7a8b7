package server

import (
	"context"
	"net/http"
	"strings"
)

// requestKey is the context key of the request id.
type requestKey struct{}

// requestID returns the id of the request that ctx belongs to, or nothing.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// withRequestID gives each request an id, tells it in the answer and keeps it
// in the context for the log. An id that comes from outside is not believed.
func (s *Server) withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := newRequestID()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, id)))
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
	policy := pagePolicy(s.Images)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
