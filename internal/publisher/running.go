package publisher

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// A Running publisher answers on its hosts until it is closed.
type Running struct {
	Feeds []Placed
	Stats *Stats // nil for a stage

	addresses []string
	servers   []*http.Server
	done      chan error
}

// A Placed feed has its address.
type Placed struct {
	Feed
	URL string
}

// Start spreads feeds over hosts listeners on consecutive ports from that of
// listen (or on ports the system picks when it is 0) and serves them. Call
// Close on what it returns.
func Start(ctx context.Context, feeds []Feed, listen string, hosts int) (*Running, error) {
	hosts = max(1, min(hosts, len(feeds)))
	shares := make([][]Feed, hosts)
	for i, f := range feeds {
		shares[i%hosts] = append(shares[i%hosts], f)
	}
	stats := new(Stats)
	handlers := make([]http.Handler, hosts)
	for i, share := range shares {
		handlers[i] = Handler(share, stats)
	}
	run, err := startHosts(ctx, listen, handlers)
	if err != nil {
		return nil, err
	}
	run.Stats = stats
	for i, f := range feeds {
		run.Feeds = append(run.Feeds, Placed{Feed: f, URL: "http://" + run.addresses[i%hosts] + f.Path})
	}
	return run, nil
}

// Start gives every scenario of the stage a host of its own, as [Start] does.
func (s *Stage) Start(ctx context.Context, listen string) (*Running, error) {
	handlers := make([]http.Handler, len(s.scenarios))
	for i, sc := range s.scenarios {
		handlers[i] = s.Handler(sc)
	}
	run, err := startHosts(ctx, listen, handlers)
	if err != nil {
		return nil, err
	}
	for i, f := range s.Feeds() {
		run.Feeds = append(run.Feeds, Placed{Feed: f, URL: "http://" + run.addresses[i] + f.Path})
	}
	return run, nil
}

// startHosts serves each handler on a port of its own.
func startHosts(ctx context.Context, listen string, handlers []http.Handler) (*Running, error) {
	host, portText, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("read address %q: %w", listen, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return nil, fmt.Errorf("read port of %q: %w", listen, err)
	}
	run := &Running{done: make(chan error, len(handlers))}
	for i, handler := range handlers {
		var lc net.ListenConfig
		ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("listen for host %d of %d: %w", i+1, len(handlers), err), run.Close())
		}
		if port != 0 {
			port++
		}
		srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		run.addresses = append(run.addresses, ln.Addr().String())
		run.servers = append(run.servers, srv)
		go func() { run.done <- srv.Serve(ln) }()
	}
	return run, nil
}

// Close stops every host and waits until the last has stopped.
func (r *Running) Close() error {
	var errs []error
	for _, srv := range r.servers {
		errs = append(errs, srv.Close())
	}
	for range r.servers {
		if err := <-r.done; !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	r.servers = nil
	return errors.Join(errs...)
}
