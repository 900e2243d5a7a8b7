package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"caravan"
)

// AdminHandler returns what answers on the socket of the data directory: all
// that the public gets, and the administration. It checks nothing: whoever can
// open the socket may do everything.
func (s *Server) AdminHandler() http.Handler {
	r := mux.NewRouter().SkipClean(true)
	r.Handle("/admin/sources", s.adaptMethods(s.adminSources, apiErrorAnswer, http.MethodGet))
	if s.Admin != nil {
		r.Handle("/admin/poll", s.command(s.adminPoll))
		r.Handle("/admin/reindex", s.command(s.adminReindex))
		r.Handle("/admin/verify", s.command(s.adminVerify))
		r.Handle("/admin/accept", s.command(s.adminAccept))
		r.Handle("/admin/hide", s.command(s.adminHide))
		r.Handle("/admin/show", s.command(s.adminShow))
		r.Handle("/admin/explain", s.adaptMethods(s.adminExplain, apiErrorAnswer, http.MethodGet))
	}
	s.routes(r)
	return s.withRequestID(s.withSecurity(r))
}

// command adapts f to HTTP for POST alone; failures are answered in JSON.
func (s *Server) command(f pageFunc) http.Handler {
	return s.adaptMethods(f, apiErrorAnswer, http.MethodPost)
}

// A progress writer sends events as lines of JSON as they come.
type progress struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	flush   *http.ResponseController
	started bool
}

// send writes one event.
func (p *progress) send(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.started {
		p.w.Header().Set("Content-Type", "application/x-ndjson")
		p.started = true
	}
	if err := json.NewEncoder(p.w).Encode(event); err != nil {
		return // who asked has gone; the work goes on
	}
	p.flush.Flush()
}

// An outcome is the last line of a stream of events.
type outcome struct {
	Done  bool   `json:"done"`
	Error string `json:"error,omitempty"`
}

// stream runs work and sends its events, then how it ended. As the status has
// been sent by then, a failure stands in the last line.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, work func(func(any)) error) error {
	p := &progress{w: w, flush: http.NewResponseController(w)}
	// A pass over a thousand sources takes longer than an answer may otherwise.
	if err := p.flush.SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	err := work(p.send)
	if err != nil && !p.started {
		return err
	}
	end := outcome{Done: err == nil}
	if err != nil {
		end.Error = toldOf(err, statusOf(err)).English
		s.Log.ErrorContext(r.Context(), "command failed", "path", r.URL.Path, "err", err)
	}
	p.send(end)
	return nil
}

// adminPoll serves POST /admin/poll.
func (s *Server) adminPoll(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	return s.stream(w, r, func(send func(any)) error {
		return s.Admin.Poll(r.Context(), v["source"], isSet(v, "again"), send)
	})
}

// adminReindex serves POST /admin/reindex.
func (s *Server) adminReindex(w http.ResponseWriter, r *http.Request) error {
	return s.stream(w, r, func(send func(any)) error { return s.Admin.Reindex(r.Context(), send) })
}

// adminVerify serves POST /admin/verify?repair=1.
func (s *Server) adminVerify(w http.ResponseWriter, r *http.Request) error {
	return s.stream(w, r, func(send func(any)) error {
		return s.Admin.Verify(r.Context(), isSet(r.URL.Query(), "repair"), send)
	})
}

// adminAccept serves POST /admin/accept.
func (s *Server) adminAccept(w http.ResponseWriter, r *http.Request) error {
	report, err := s.Admin.Accept(r.Context())
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, report)
}

// adminHide serves POST /admin/hide?id=&erase=1.
func (s *Server) adminHide(w http.ResponseWriter, r *http.Request) error {
	id, err := itemID(r)
	if err != nil {
		return err
	}
	if err := s.Admin.Hide(r.Context(), id, isSet(r.URL.Query(), "erase")); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, outcome{Done: true})
}

// adminShow serves POST /admin/show?id=.
func (s *Server) adminShow(w http.ResponseWriter, r *http.Request) error {
	id, err := itemID(r)
	if err != nil {
		return err
	}
	if err := s.Admin.Show(r.Context(), id); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, outcome{Done: true})
}

// itemID returns the id that a command is about.
func itemID(r *http.Request) (string, error) {
	id := r.URL.Query().Get("id")
	if !caravan.ValidPublicID(id) {
		return "", invalid(caravan.WrongItem, quoted(id))
	}
	return id, nil
}
