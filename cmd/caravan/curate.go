package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"caravan"
)

type acceptCmd struct {
	dataFlags
	netFlags
	logFlags
}

// Run takes over a list whose mass removal waits.
func (c *acceptCmd) Run(ctx context.Context, con console) error {
	return withServer(ctx, c.options(con), func(cl *client) error {
		var report caravan.ListReport
		if err := cl.command(ctx, "/admin/accept", url.Values{}, &report); err != nil {
			return err
		}
		_, err := fmt.Fprintf(con.Out, "List taken over: %d added, %d removed, %d kept.\n", len(report.Added), len(report.Removed), report.Kept)
		return err
	})
}

func (c *acceptCmd) options(con console) appOptions {
	return appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
}

// takedownFlags name the item that hide and show are about.
type takedownFlags struct {
	dataFlags
	netFlags
	logFlags
	ID string `arg:"" help:"The item's id: the end of its page's address, /item/ID."`
}

type hideCmd struct {
	takedownFlags
	Erase bool `help:"Also empty what is kept of it; its id and place stay, so that it never comes again."`
}

// Run takes an item down for everybody.
func (c *hideCmd) Run(ctx context.Context, con console) error {
	values := url.Values{"id": {c.ID}}
	if c.Erase {
		values.Set("erase", "1")
	}
	return c.change(ctx, con, "/admin/hide", values, "hidden from pages, feeds and search; 'caravan show "+c.ID+"' takes that back")
}

type showCmd struct {
	takedownFlags
}

// Run takes a takedown back.
func (c *showCmd) Run(ctx context.Context, con console) error {
	return c.change(ctx, con, "/admin/show", url.Values{"id": {c.ID}}, "shown again")
}

// change asks for one change of an item and says that it is made.
func (c takedownFlags) change(ctx context.Context, con console, path string, values url.Values, done string) error {
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		var answer struct{ Done bool }
		if err := cl.command(ctx, path, values, &answer); err != nil {
			return err
		}
		_, err := fmt.Fprintf(con.Out, "%s: %s.\n", c.ID, done)
		return err
	})
}

// command posts to path and reads the JSON answer into v.
func (c *client) command(ctx context.Context, path string, values url.Values, v any) error {
	body, err := c.post(ctx, path, values)
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewDecoder(body).Decode(v), body.Close()); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}
