package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"caravan"
	"caravan/cmd/caravan/internal/sourcelist"
	"caravan/cmd/caravan/internal/wording"
	"caravan/opml"
)

type removeCmd struct {
	dataFlags
	netFlags
	logFlags
	Source string `arg:"" name:"url-or-slug" help:"The source: its address, or its slug as in its page's address /s/SLUG."`
}

// Run takes one source out of the list. What it published stays in the archive
// and comes back with its line.
func (c *removeCmd) Run(ctx context.Context, con console) error {
	list, err := sourcelist.Read(c.Feeds)
	if err != nil {
		return err
	}
	source, err := c.source(ctx, con, list)
	if err != nil {
		return err
	}
	var lines []string
	for _, community := range list.Communities {
		for _, s := range community.Sources {
			if caravan.SourceKey(s.URL) == caravan.SourceKey(source.URL) {
				lines = append(lines, fmt.Sprintf("%s:%d: removed %s (%s) from %s", c.Feeds, s.Line, wording.Printable(s.Title), caravan.RedactURL(s.URL), strings.Join(community.Path, " / ")))
			}
		}
	}
	if err := sourcelist.Edit(c.Feeds, func(data []byte) ([]byte, error) { return opml.Remove(data, source.URL) }); err != nil {
		return wording.Public(err)
	}
	_, err = fmt.Fprintf(con.Out, "%s\nIts articles are hidden, not deleted: they come back with the line.\n", strings.Join(lines, "\n"))
	return err
}

// source finds the source that is meant in the list.
func (c *removeCmd) source(ctx context.Context, con console, list caravan.List) (caravan.ListSource, error) {
	if strings.ContainsAny(c.Source, ".:/") {
		found := listedAs(list, withScheme(c.Source))
		if len(found) == 0 {
			return caravan.ListSource{}, fmt.Errorf("%s is not in %s", caravan.RedactURL(c.Source), c.Feeds)
		}
		return found[0], nil
	}
	found, err := c.bySlug(ctx, con, list)
	if err != nil {
		return caravan.ListSource{}, err
	}
	switch len(found) {
	case 0:
		return caravan.ListSource{}, fmt.Errorf("there is no source %q in %s; give its address", c.Source, c.Feeds)
	case 1:
		return found[0], nil
	}
	return caravan.ListSource{}, fmt.Errorf("%q may be %s or %s; give the address", c.Source, caravan.RedactURL(found[0].URL), caravan.RedactURL(found[1].URL))
}

// bySlug asks the archive which source has the slug, since slugs are kept when
// titles change; where there is no archive yet, the list's words decide.
func (c *removeCmd) bySlug(ctx context.Context, con console, list caravan.List) ([]caravan.ListSource, error) {
	if _, err := os.Stat(c.database()); err != nil {
		return sluggedAs(list, c.Source), nil
	}
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	var known struct{ Sources []struct{ ID, URL string } }
	err := withServer(ctx, o, func(cl *client) error {
		body, err := cl.get(ctx, "/api/v1/sources", nil)
		if err != nil {
			return err
		}
		return errors.Join(json.NewDecoder(body).Decode(&known), body.Close())
	})
	if err != nil {
		return nil, err
	}
	for _, s := range known.Sources {
		if s.ID == c.Source {
			if found := listedAs(list, s.URL); len(found) > 0 {
				return found, nil
			}
		}
	}
	return sluggedAs(list, c.Source), nil
}

// listedAs returns the first line of the source with an address, if any; http
// and https are the same.
func listedAs(list caravan.List, address string) []caravan.ListSource {
	return sourcelist.Where(list, func(s caravan.ListSource) bool {
		key := caravan.SourceKey(caravan.RedactURL(s.URL))
		address = caravan.RedactURL(address)
		return key == caravan.SourceKey(address) || key == caravan.TwinKey(address)
	})
}

// sluggedAs returns the sources whose line makes this slug.
func sluggedAs(list caravan.List, slug string) []caravan.ListSource {
	return sourcelist.Where(list, func(s caravan.ListSource) bool {
		if s.Settings.Slug != "" {
			return s.Settings.Slug == slug
		}
		return caravan.Slug(s.Title, "s") == slug
	})
}
