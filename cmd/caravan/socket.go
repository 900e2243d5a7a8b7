package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// listenSocket listens on the administration's socket, which only the owner of
// the process may open. The caller holds the directory's lock, so a socket that
// lies there is left from a process that ended badly.
func listenSocket(ctx context.Context, path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("remove old socket: %w", err)
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen on socket (paths over about 100 bytes are too long for one): %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect socket: %w", err), ln.Close())
	}
	return ln, nil
}

// A client asks the server behind a socket.
type client struct {
	http  *http.Client
	alone bool // the server is this very process
}

func newClient(socket string) *client {
	var d net.Dialer
	return &client{http: &http.Client{Transport: &http.Transport{
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "unix", socket) },
		DisableKeepAlives: true,
	}}}
}

// get asks for path and returns the body of a good answer; the caller closes it.
func (c *client) get(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	return c.do(ctx, http.MethodGet, path, query)
}

// post is get for what changes something.
func (c *client) post(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	return c.do(ctx, http.MethodPost, path, query)
}

func (c *client) do(ctx context.Context, method, path string, query url.Values) (io.ReadCloser, error) {
	address := url.URL{Scheme: "http", Host: "caravan", Path: path, RawQuery: query.Encode()}
	req, err := http.NewRequestWithContext(ctx, method, address.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", path, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask for %s: %w", path, err)
	}
	if resp.StatusCode >= 300 {
		defer resp.Body.Close()
		return nil, answerError(resp)
	}
	return resp.Body, nil
}

// answerError makes an error of an answer that is not a good one, in the words
// of the API where it has any.
func answerError(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("read answer %s: %w", resp.Status, err)
	}
	var said struct{ Error answerFailure }
	if json.Unmarshal(body, &said) == nil && said.Error.Message != "" {
		return &said.Error
	}
	return fmt.Errorf("the server answered %s", resp.Status)
}

// An answerFailure is why the API did not answer, in its words; of a query that
// cannot be read also where, and what could be.
type answerFailure struct {
	Message  string
	Position *int
	Repairs  []string
}

// Error returns the sentence.
func (e *answerFailure) Error() string { return e.Message }

// lines calls do with each line of JSON that body brings, until it ends.
func lines[T any](body io.Reader, do func(T) error) error {
	dec := json.NewDecoder(body)
	for {
		var v T
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read progress: %w", err)
		}
		if err := do(v); err != nil {
			return err
		}
	}
}

// socketGrace is how long a command waits for a server that has just started
// and holds the lock already.
const socketGrace = 3 * time.Second

// dialable reports whether a server answers on socket within the grace.
func dialable(ctx context.Context, socket string) bool {
	ctx, cancel := context.WithTimeout(ctx, socketGrace)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "unix", socket)
		if err == nil {
			conn.Close() //nolint:errcheck // it was only knocked at
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}
