package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"
)

// operatorRoutes adds what operators and their machines ask for.
func (s *Server) operatorRoutes(r *mux.Router) {
	r.Handle("/healthz", s.plain(s.showHealth))
	r.Handle("/readyz", s.plain(s.showReady))
	r.Handle("/metrics", s.plain(s.showMetrics))
}

// showHealth serves GET /healthz: the program runs.
func (s *Server) showHealth(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	return writeJSON(w, http.StatusOK, struct {
		Status  string `json:"status"`
		Version string `json:"version,omitempty"`
	}{"ok", s.Version})
}

// showReady serves GET /readyz: the store answers, and whatever else the
// program was told to ask.
func (s *Server) showReady(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	answer := struct {
		Status string `json:"status"`
		Reason string `json:"reason,omitempty"`
	}{Status: "ready"}
	if err := s.ready(r.Context()); err != nil {
		s.Log.WarnContext(r.Context(), "not ready", "err", err)
		answer.Status, answer.Reason = "waiting", "The store or the index is not ready; the log says why."
		return writeJSON(w, http.StatusServiceUnavailable, answer)
	}
	return writeJSON(w, http.StatusOK, answer)
}

// ready returns why requests cannot be answered.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if _, err := s.Store.LastChange(ctx); err != nil {
		return fmt.Errorf("ask the store: %w", err)
	}
	if s.Ready != nil {
		return s.Ready(ctx)
	}
	return nil
}

// showMetrics serves GET /metrics.
func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	s.metrics.handler().ServeHTTP(w, r)
	return nil
}

// HTTPServer returns a server of h with the limits that keep slow and idle
// clients from holding it (S35). Whoever starts it sets its address.
func HTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
