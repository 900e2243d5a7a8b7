package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"caravan"
	"caravan/internal/wait"
	"caravan/server/feed"
)

// A ChangeLog tells where changes may show, as a store does.
type ChangeLog interface {
	Touched(ctx context.Context, after int64) (caravan.Touched, error)
}

// The patience with a hub.
const (
	hubTimeout  = 15 * time.Second
	hubRetry    = time.Minute // after a ping that failed
	topicsAPing = 200         // addresses in one request
)

// An announcer tells a WebSub hub which feeds have changed.
type announcer struct {
	server *Server
	log    ChangeLog

	started bool                // known holds what the first change is compared with
	last    int64               // the change up to which known is right
	known   map[string]string   // tag of each feed when it was last looked at, by address
	due     map[string]struct{} // addresses that the hub does not know of yet
}

// Announce tells the configured hub of changed feeds until ctx ends: one
// request for each commit that changed any, none for one that did not. A hub
// that fails is told again later, and so is what could not be looked at. Without
// a hub it only waits. One call at a time; it always returns nil.
func (s *Server) Announce(ctx context.Context, log ChangeLog) error {
	if s.Hub == "" {
		<-ctx.Done()
		return nil
	}
	a := &announcer{server: s, log: log, known: map[string]string{}, due: map[string]struct{}{}}
	for ctx.Err() == nil {
		err := a.follow(ctx)
		if ctx.Err() != nil {
			break
		}
		// A feed that cannot be made now must not take the server down with it.
		s.Log.ErrorContext(ctx, "changes not announced, trying again", "after", hubRetry, "err", err)
		_ = wait.For(ctx, hubRetry) // fails only when ctx ends, which the loop sees
	}
	return nil
}

// follow follows the change log, from where it was left, until something fails.
func (a *announcer) follow(ctx context.Context) error {
	if err := a.start(ctx); err != nil {
		return err
	}
	for {
		wait, cancel := ctx, context.CancelFunc(func() {})
		if len(a.due) > 0 {
			wait, cancel = context.WithTimeout(ctx, hubRetry)
		}
		_, err := a.server.Store.WaitChange(wait, a.last)
		retry := wait.Err() != nil && ctx.Err() == nil
		cancel()
		if err != nil && !retry {
			return fmt.Errorf("announce changes: %w", err)
		}
		if !retry {
			if err := a.look(ctx); err != nil {
				return err
			}
		}
		a.tell(ctx)
	}
}

// start notes, once, how the feeds of everything and of the communities are now,
// so that the first change is told of only where it shows.
func (a *announcer) start(ctx context.Context) error {
	if a.started {
		return nil
	}
	last, err := a.server.Store.LastChange(ctx)
	if err != nil {
		return fmt.Errorf("announce changes: %w", err)
	}
	communities, err := a.server.Store.Communities(ctx)
	if err != nil {
		return fmt.Errorf("announce changes: %w", err)
	}
	scopes := []caravan.Scope{{}}
	for _, c := range communities {
		scopes = append(scopes, caravan.Scope{Community: c.Slug})
	}
	for _, scope := range scopes {
		if _, err := a.changed(ctx, scope); err != nil {
			return err
		}
	}
	a.last, a.started = last, true
	return nil
}

// look reads the changes since the last look and notes which feeds show them.
// Where it fails, the next look begins at the same change.
func (a *announcer) look(ctx context.Context) error {
	touched, err := a.log.Touched(ctx, a.last)
	if err != nil {
		return fmt.Errorf("announce changes: %w", err)
	}
	for scope := range a.suspects(touched) {
		changed, err := a.changed(ctx, scope)
		if err != nil {
			return err
		}
		if changed {
			for _, f := range feed.Formats() {
				a.due[a.server.abs(feedRequest{format: f, scope: scope}.address())] = struct{}{}
			}
		}
	}
	a.last = touched.Last
	return nil
}

// suspects returns the scopes whose feeds changes may show in: that of
// everything, those touched, and every known one where the change is none of an
// item's.
func (a *announcer) suspects(touched caravan.Touched) map[caravan.Scope]struct{} {
	scopes := map[caravan.Scope]struct{}{{}: {}}
	for _, scope := range touched.Scopes {
		scopes[scope] = struct{}{}
	}
	if touched.All {
		for address := range a.known {
			scopes[scopeAt(address)] = struct{}{}
		}
	}
	return scopes
}

// scopeAt returns the scope of a feed's address.
func scopeAt(address string) caravan.Scope {
	path, query, _ := strings.Cut(address, "?")
	scope := caravan.Scope{Language: strings.TrimPrefix(query, "language=")}
	switch parts := strings.Split(path, "/"); {
	case len(parts) == 4 && parts[1] == "c":
		scope.Community = parts[2]
	case len(parts) == 4 && parts[1] == "s":
		scope.Source = parts[2]
	}
	return scope
}

// changed reports whether the feed of a scope is another than when it was last
// looked at. One that is looked at for the first time, because something in it
// changed, is.
func (a *announcer) changed(ctx context.Context, scope caravan.Scope) (bool, error) {
	req := feedRequest{format: feed.Atom, scope: scope}
	doc, err := a.server.feedDocument(ctx, req)
	if err != nil {
		if statusOf(err) < 500 { // the community or source is not listed any more
			delete(a.known, req.address())
			return false, nil
		}
		return false, fmt.Errorf("announce changes: %w", err)
	}
	was := a.known[req.address()]
	a.known[req.address()] = doc.sum
	return was != doc.sum, nil
}

// tell sends the hub what is due. What it does not take stays due.
func (a *announcer) tell(ctx context.Context) {
	topics := sortedKeys(a.due)
	for batch := range slices.Chunk(topics, topicsAPing) {
		if err := a.server.ping(ctx, batch); err != nil {
			a.server.Log.WarnContext(ctx, "hub not told", "hub", caravan.RedactURL(a.server.Hub), "feeds", len(topics), "err", err)
			return
		}
		for _, topic := range batch {
			delete(a.due, topic)
		}
	}
}

// ping tells the hub that the topics have changed (WebSub; PubSubHubbub 0.4,
// 7.1).
func (s *Server) ping(ctx context.Context, topics []string) error {
	ctx, cancel := context.WithTimeout(ctx, hubTimeout)
	defer cancel()
	form := url.Values{"hub.mode": {"publish"}, "hub.url": topics}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Hub, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("make ping: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", s.userAgent())
	resp, err := s.HubClient.Do(req)
	if err != nil {
		return fmt.Errorf("send ping: %w", err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)); err != nil {
		return fmt.Errorf("read answer to ping: %w", err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("hub answered %s", resp.Status)
	}
	return nil
}

// userAgent names the program and whom to ask about it.
func (s *Server) userAgent() string {
	contact := s.Contact
	if contact == "" {
		contact = s.abs("/about")
	}
	version := s.Version
	if version == "" {
		version = "0"
	}
	return "caravan/" + version + " (+" + contact + ")"
}
