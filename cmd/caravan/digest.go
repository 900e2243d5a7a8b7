package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"caravan/server/locale"
	"caravan/server/page"
)

type digestCmd struct {
	dataFlags
	netFlags
	logFlags
	Month     string `placeholder:"2026-11" help:"The month."`
	Week      string `placeholder:"2026-W47" help:"The ISO week, Monday to Sunday."`
	Format    string `default:"text" enum:"html,text,markdown" help:"html (the e-mail), text or markdown (${default})."`
	Community string `placeholder:"NAME" help:"Only of this community, by its name in addresses."`
	Language  string `placeholder:"CODE" help:"Only what is written in this language, such as pt."`
	Lang      string `default:"en" enum:"en,fr,es,pt" help:"The language of the digest's own words: en, fr, es or pt (${default})."`
}

// Run prints the digest of a month or a week.
func (c *digestCmd) Run(ctx context.Context, con console) error {
	zone, err := c.zone()
	if err != nil {
		return err
	}
	period, err := c.period(zone, con.Now())
	if err != nil {
		return usageError{err}
	}
	if c.Language != "" && locale.Primary(c.Language) == "" {
		return usageError{fmt.Errorf("--language %q: want the code of a language, such as pt", c.Language)}
	}
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		if err := c.checkArchive(ctx, cl); err != nil {
			return err
		}
		body, err := cl.get(ctx, c.path(period), c.query())
		if err != nil {
			return fmt.Errorf("digest of %s: %w", period.Name, err)
		}
		_, err = io.Copy(con.Out, body)
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("print digest: %w", err)
		}
		return nil
	})
}

// period reads which month or week is asked for.
func (c *digestCmd) period(zone *time.Location, now time.Time) (page.Period, error) {
	now = now.In(zone)
	lastMonth, lastWeek := page.Month(now).Before().Name, page.Week(now).Before().Name
	flag, name, other := "--month", c.Month, c.Week
	if name == "" {
		flag, name, other = "--week", c.Week, ""
	}
	switch {
	case name == "":
		return page.Period{}, fmt.Errorf("which digest? Give a month or a week: --month %s, or --week %s", lastMonth, lastWeek)
	case other != "":
		return page.Period{}, fmt.Errorf("--month %s and --week %s: give one of them", c.Month, c.Week)
	}
	p, err := page.ParsePeriod(name, zone)
	switch {
	case flag == "--month" && (err != nil || p.Week > 0):
		return p, fmt.Errorf("--month %q is no month: want a year and a number from 01 to 12, such as %s", name, lastMonth)
	case flag == "--week" && (err != nil || p.Week == 0):
		return p, fmt.Errorf("--week %q is no week: want a year, W and a number from 01 to 52 (some years have 53), such as %s", name, lastWeek)
	case p.Start.After(now):
		return p, fmt.Errorf("%s %s has not begun: the newest digests are %s and %s", flag, name, page.Month(now).Name, page.Week(now).Name)
	}
	return p, nil
}

// path is the address of the digest.
func (c *digestCmd) path(p page.Period) string {
	if c.Community == "" {
		return "/digest/" + p.Name
	}
	return "/c/" + c.Community + "/digest/" + p.Name
}

// query asks for the form of the digest.
func (c *digestCmd) query() url.Values {
	form := c.Format
	if form == "html" {
		form = "email" // the page needs the site around it
	}
	values := url.Values{"format": {form}, "lang": {c.Lang}}
	if c.Language != "" {
		values.Set("language", c.Language)
	}
	return values
}

// checkArchive reports what a digest cannot be made of: an archive without
// articles, and a community that is not there.
func (c *digestCmd) checkArchive(ctx context.Context, cl *client) error {
	body, err := cl.get(ctx, "/api/v1/communities", nil)
	if err != nil {
		return fmt.Errorf("read communities: %w", err)
	}
	var answer struct {
		Communities []struct {
			ID    string
			Items int
		}
	}
	if err := errors.Join(json.NewDecoder(body).Decode(&answer), body.Close()); err != nil {
		return fmt.Errorf("read communities: %w", err)
	}
	var slugs []string
	items := 0
	for _, community := range answer.Communities {
		slugs = append(slugs, community.ID)
		items += community.Items
	}
	switch {
	case items == 0:
		return errors.New("the archive is empty: nothing has been polled yet. 'caravan poll' fills it, 'caravan serve' keeps it so")
	case c.Community != "" && !slices.Contains(slugs, c.Community):
		return fmt.Errorf("no community %q; there are %s", c.Community, strings.Join(slugs, ", "))
	}
	return nil
}
