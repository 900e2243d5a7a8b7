package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"caravan/server"
)

// withServer calls do with a client of the server that holds the data
// directory. When none does, it opens the directory itself, takes over the
// source list if there is one, and is the server for as long as do takes.
func withServer(ctx context.Context, o appOptions, do func(*client) error) error {
	a, err := openApp(ctx, o)
	if errors.Is(err, errLocked) {
		if !dialable(ctx, o.Files.socket()) {
			return fmt.Errorf("%w (and it does not answer on %s)", err, o.Files.socket())
		}
		return do(newClient(o.Files.socket()))
	}
	if err != nil {
		return err
	}
	return errors.Join(a.answerAlone(ctx, do), a.close())
}

// answerAlone serves the socket while do runs.
func (a *app) answerAlone(ctx context.Context, do func(*client) error) (err error) {
	if err := a.list.Load(ctx); err != nil {
		return err
	}
	if err := a.index.CatchUp(ctx); err != nil {
		return fmt.Errorf("bring index up to date: %w", err)
	}
	socket, err := listenSocket(ctx, a.files.socket())
	if err != nil {
		return err
	}
	srv := server.HTTPServer(a.server.AdminHandler())
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	served := make(chan error, 1)
	go func() { served <- srv.Serve(socket) }()
	defer func() {
		err = errors.Join(err, srv.Close())
		if serveErr := <-served; !errors.Is(serveErr, http.ErrServerClosed) {
			err = errors.Join(err, serveErr)
		}
	}()
	cl := newClient(a.files.socket())
	cl.alone = true
	if err := do(cl); err != nil || ctx.Err() != nil {
		return err // what the index lacks it takes over next time
	}
	if err := a.index.CatchUp(ctx); err != nil {
		return fmt.Errorf("bring index up to date: %w", err)
	}
	return nil
}

// noAddress stands for the public address in a command that answers nobody.
func noAddress(listen string) net.Addr {
	addr, err := net.ResolveTCPAddr("tcp", listen)
	if err != nil {
		return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	}
	return addr
}
