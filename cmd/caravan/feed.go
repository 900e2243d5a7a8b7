package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

type feedCmd struct {
	dataFlags
	netFlags
	logFlags
	Format string   `default:"atom" enum:"atom,rss,json" help:"atom, rss or json (${default})."`
	Query  []string `arg:"" optional:"" help:"A query, for the feed of its newest results."`
}

// Run prints one feed document.
func (c *feedCmd) Run(ctx context.Context, con console) error {
	path, values := "/feed."+c.Format, url.Values{}
	if len(c.Query) > 0 {
		path = "/search." + c.Format
		values.Set("q", strings.Join(c.Query, " "))
	}
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		body, err := cl.get(ctx, path, values)
		if err != nil {
			return err
		}
		_, err = io.Copy(con.Out, body)
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("print feed: %w", err)
		}
		return nil
	})
}
