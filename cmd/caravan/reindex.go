package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

type reindexCmd struct {
	dataFlags
	netFlags
	logFlags
}

// Run rebuilds the index, beside the one in use when a server is live.
func (c *reindexCmd) Run(ctx context.Context, con console) error {
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	started := con.Now()
	return withServer(ctx, o, func(cl *client) error {
		body, err := cl.post(ctx, "/admin/reindex", url.Values{})
		if err != nil {
			return err
		}
		err = lines(body, func(e reindexEvent) error { return e.err() })
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("rebuild index: %w", err)
		}
		fmt.Fprintf(con.Out, "Index rebuilt in %.1f s.\n", con.Now().Sub(started).Seconds())
		return nil
	})
}

// A reindexEvent is a line of the administration's answer.
type reindexEvent struct {
	Done  bool   `json:"done,omitempty"`
	Error string `json:"error,omitempty"`
}

func (e reindexEvent) err() error {
	if e.Error != "" {
		return errors.New(e.Error)
	}
	return nil
}
