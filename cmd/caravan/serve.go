package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"caravan/server"
)

// shutdownGrace is how long requests and polls in flight have to finish after
// the first signal.
const shutdownGrace = 10 * time.Second

type serveCmd struct {
	dataFlags
	netFlags
	logFlags
	AcceptRemovals bool   `name:"accept-removals" env:"CARAVAN_ACCEPT_REMOVALS" help:"Take the list over at start even if it removes more than half of the sources."`
	Theme          string `env:"CARAVAN_THEME" placeholder:"DIR" help:"Title, tagline, logo, about text and colours of your own (doc/theme.md)."`
	Images         bool   `env:"CARAVAN_IMAGES" help:"Show the pictures of articles; their publishers' servers then see your readers."`
	Demo           bool   `env:"CARAVAN_DEMO" help:"Show the whole way on sample articles, without a network, in a temporary directory."`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, con console) error {
	if c.Demo {
		return c.runDemo(ctx, con)
	}
	return c.serve(ctx, con, nil)
}

// serve opens the program and runs it until ctx ends; ready, which may be nil,
// is called with the public address once requests are answered.
func (c *serveCmd) serve(ctx context.Context, con console, ready func(net.Addr)) (err error) {
	var lc net.ListenConfig
	public, err := lc.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen for readers (choose another address with --listen): %w", err)
	}
	defer public.Close() //nolint:errcheck // closed already when all went well
	a, err := openApp(ctx, appOptions{
		Files: c.dataFlags, Net: c.netFlags, Listen: public.Addr(), AcceptRemovals: c.AcceptRemovals,
		Demo: c.Demo, Public: !c.Demo, Theme: c.Theme, Images: c.Images, Now: con.Now, Log: c.logger(con.Err),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.lock.note(fmt.Sprintf("caravan serve, process %d, which answers on http://%s", os.Getpid(), public.Addr())); err != nil {
		return err
	}
	if err := a.list.Load(ctx); err != nil {
		return err
	}
	socket, err := listenSocket(ctx, c.socket())
	if err != nil {
		return err
	}
	a.log.Info("serving", "address", "http://"+public.Addr().String(), "data", c.Data, "feeds", c.Feeds, "version", version)
	if ready != nil {
		ready(public.Addr())
	}
	return a.run(ctx, public, socket)
}

// run does the main job until ctx ends, then waits for what is in flight.
func (a *app) run(ctx context.Context, public, socket net.Listener) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return serveHTTP(ctx, server.HTTPServer(a.server.Handler()), public) })
	g.Go(func() error { return serveHTTP(ctx, server.HTTPServer(a.server.AdminHandler()), socket) })
	g.Go(func() error { return endedBy(ctx, a.index.Run(ctx), "follow changes into the index") })
	g.Go(func() error { return endedBy(ctx, a.poller.Run(ctx), "poll") })
	g.Go(func() error { return endedBy(ctx, a.push.Run(ctx), "subscribe to hubs") })
	g.Go(func() error { return endedBy(ctx, a.list.Watch(ctx, a.poller.Wake), "watch source list") })
	g.Go(func() error { return endedBy(ctx, a.list.FollowIncludes(ctx, a.poller.Wake), "follow included lists") })
	g.Go(func() error { return a.words.watch(ctx) })
	g.Go(func() error { return a.block.Watch(ctx) })
	g.Go(func() error { return endedBy(ctx, a.server.Announce(ctx, a.store), "announce changes to the hub") })
	err := g.Wait()
	a.log.Info("stopped")
	return err
}

// endedBy turns the end that ctx asked for into success.
func endedBy(ctx context.Context, err error, doing string) error {
	if err == nil || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// serveHTTP answers on ln until ctx ends, then lets requests in flight finish
// within the grace.
func serveHTTP(ctx context.Context, srv *http.Server, ln net.Listener) error {
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	closed := make(chan error, 1)
	unhook := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		err := srv.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			err = srv.Close()
		}
		closed <- err
	})
	if err := srv.Serve(ln); unhook() {
		return fmt.Errorf("serve on %s: %w", ln.Addr(), err)
	}
	return <-closed
}
