package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"

	"caravan/internal/publisher"
)

// runDemo serves the sample articles: an in-process publisher on loopback, and
// the real program over it in a temporary directory that goes with it.
func (c *serveCmd) runDemo(ctx context.Context, con console) (err error) {
	if c.Feeds != "feeds.opml" || c.Data != "data" {
		return usageError{errors.New("--demo brings its own sources and keeps nothing: leave out --feeds and --data")}
	}
	dir, err := os.MkdirTemp("", "caravan-demo-")
	if err != nil {
		return fmt.Errorf("make directory for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	feeds, err := publisher.Sample(con.Now())
	if err != nil {
		return err
	}
	running, err := publisher.Start(ctx, feeds, "127.0.0.1:0", len(feeds))
	if err != nil {
		return fmt.Errorf("start the demo's publisher: %w", err)
	}
	defer func() { err = errors.Join(err, running.Close()) }()

	demo := *c
	demo.Feeds, demo.Data = filepath.Join(dir, "feeds.opml"), filepath.Join(dir, "data")
	demo.AllowPrivate = append(demo.AllowPrivate, loopback()...)
	if err := writeDemoList(demo.Feeds, running.Feeds); err != nil {
		return err
	}
	return demo.serve(ctx, con, func(addr net.Addr) {
		fmt.Fprintf(con.Err, "\nThe demo answers on http://%s (Ctrl-C ends it and removes what it kept).\nFor real: caravan serve --feeds feeds.opml\n\n", addr)
	})
}

func writeDemoList(path string, feeds []publisher.Placed) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write the demo's source list: %w", err)
	}
	return errors.Join(publisher.WriteOPML(file, "Caravan demo", feeds), file.Close())
}

// loopback is where the demo's publisher listens.
func loopback() []netip.Prefix { return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
