package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caravan"
	"caravan/fetcher"
)

// An admin carries out what commands ask of the server that holds the data.
type admin struct {
	*app
}

// Poll makes one pass over what is due, or over those of the named sources that
// are. With again, sources in allowed private ranges are due whenever they were
// asked last; others keep their floor.
func (a *admin) Poll(ctx context.Context, sources []string, again bool, progress func(event any)) error {
	if _, err := a.list.RefreshIncludes(ctx); err != nil {
		a.log.ErrorContext(ctx, "included lists could not be taken over", "err", err)
	}
	chosen, err := a.chosen(ctx, sources)
	if err != nil {
		return err
	}
	if again {
		if err := a.makeDue(ctx, chosen); err != nil {
			return err
		}
	}
	config := a.pollConfig
	config.Store = dueAmong{dueStore: a.store, slugs: sources}
	config.Progress = func(e fetcher.Event) {
		if ev, ok := pollEventOf(e); ok {
			progress(ev)
		}
	}
	due, err := a.store.CountDue(ctx, sources)
	if err != nil {
		return err
	}
	progress(pollEvent{Kind: "due", Due: due})
	sum, err := fetcher.New(config).Pass(ctx)
	if err != nil {
		return err
	}
	if sum.Offline {
		return &caravan.PublicError{Message: "This machine has no network. Nothing was counted against any source; try again when there is one.", Err: caravan.ErrUnavailable}
	}
	return nil
}

// chosen returns the named sources, or all when none is named.
func (a *admin) chosen(ctx context.Context, slugs []string) ([]caravan.Source, error) {
	if len(slugs) == 0 {
		return a.store.Sources(ctx)
	}
	var chosen []caravan.Source
	for _, slug := range slugs {
		s, err := a.store.Source(ctx, slug)
		if errors.Is(err, caravan.ErrNotFound) {
			return nil, &caravan.PublicError{Message: fmt.Sprintf("There is no source %q; caravan names sources by their slug, as in their page's address /s/SLUG.", slug), Err: err}
		}
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, s)
	}
	return chosen, nil
}

// makeDue makes those sources due that may be asked again at any time, which
// no public one may.
func (a *admin) makeDue(ctx context.Context, sources []caravan.Source) error {
	var slugs []string
	for _, s := range sources {
		if a.client.Allowed(s.URL) {
			slugs = append(slugs, s.Slug)
		}
	}
	if len(slugs) == 0 {
		return &caravan.PublicError{Message: "--again is for sources in ranges that --allow-private names; publishers on the public web are asked when they are due.", Err: caravan.ErrInvalid}
	}
	return a.store.MakeDue(ctx, slugs)
}

// pollEventOf says what a command is told of e.
func pollEventOf(e fetcher.Event) (pollEvent, bool) {
	ev := pollEvent{Source: e.Source, Title: e.Title}
	switch e.Kind {
	case fetcher.Started:
		ev.Kind = "begin"
	case fetcher.Done:
		ev.Kind = "done"
		ev.Status, ev.TookMS = e.Status, e.Took.Milliseconds()
		ev.New, ev.Changed = e.Report.New, e.Report.Changed
		ev.Failure, ev.Detail = e.Failure.Class, e.Failure.Detail
	case fetcher.GivenBack:
		ev.Kind = "back"
	default:
		return pollEvent{}, false
	}
	return ev, true
}

// Reindex rebuilds the search index beside the one in use.
func (a *admin) Reindex(ctx context.Context, _ func(event any)) error { return a.index.Rebuild(ctx) }

// Accept takes over the list as it lies on the disk, whatever it removes.
func (a *admin) Accept(ctx context.Context) (caravan.ListReport, error) { return a.list.Accept(ctx) }

// Hide takes an item down for everybody, and empties its row when erase is set.
func (a *admin) Hide(ctx context.Context, id string, erase bool) error {
	if err := a.store.Hide(ctx, id); err != nil {
		return err
	}
	if erase {
		return a.store.Erase(ctx, id)
	}
	return nil
}

// Show takes a takedown back.
func (a *admin) Show(ctx context.Context, id string) error { return a.store.Unhide(ctx, id) }

// A dueStore is what dueAmong narrows.
type dueStore interface {
	fetcher.Store
	fetcher.Keeper
	ClaimAmong(ctx context.Context, limit int, slugs []string) ([]caravan.Claim, error)
	NextDueAmong(ctx context.Context, slugs []string) (time.Time, error)
}

// dueAmong is a store in which only some sources are ever due; none named means
// all.
type dueAmong struct {
	dueStore
	slugs []string
}

// Claim claims among them.
func (d dueAmong) Claim(ctx context.Context, limit int) ([]caravan.Claim, error) {
	return d.ClaimAmong(ctx, limit, d.slugs)
}

// NextDue looks among them.
func (d dueAmong) NextDue(ctx context.Context) (time.Time, error) {
	return d.NextDueAmong(ctx, d.slugs)
}
