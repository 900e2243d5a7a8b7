package main

import (
	"context"
	"fmt"
	"time"

	"caravan"
	"caravan/opml"
)

// includeTick is how often is looked whether an included list is due.
const includeTick = time.Minute

// read reads the bytes of the source list, with what it includes, and refuses
// what may not be taken over.
func (k *listKeeper) read(data []byte) (caravan.List, error) {
	list, err := parseList(k.path, data)
	if err != nil {
		return list, err
	}
	if k.includes != nil {
		list = k.includes.merged(list, k.path)
	}
	if k.vet != nil {
		err = k.vet(list)
	}
	return list, err
}

// refreshIncludes asks for the included lists that are due, takes over what
// changed, and reports whether something did.
func (k *listKeeper) refreshIncludes(ctx context.Context) (changed bool, err error) {
	k.mu.Lock()
	addresses := k.including
	k.mu.Unlock()
	if k.includes == nil || len(addresses) == 0 {
		return false, nil
	}
	if changed, err = k.includes.refresh(ctx, addresses); err != nil || !changed {
		return false, err
	}
	save, err := opml.ReadFile(k.path)
	if err == nil {
		err = opml.Whole(k.path, save.Data)
	}
	if err != nil {
		return false, fmt.Errorf("take over included lists: %w", err)
	}
	return true, k.saved(ctx, save.Data)
}

// followIncludes keeps the included lists up to date, and calls changed after
// each change, until ctx ends.
func (k *listKeeper) followIncludes(ctx context.Context, changed func()) error {
	tick := time.NewTicker(includeTick)
	defer tick.Stop()
	for {
		news, err := k.refreshIncludes(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			k.log.ErrorContext(ctx, "included lists could not be taken over", "file", k.path, "err", err)
		case news:
			changed()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		case <-k.newIncludes:
		}
	}
}

// noteIncludes notes what the list in use includes, so that it is asked for.
func (k *listKeeper) noteIncludes(addresses []string) {
	k.including = addresses
	select {
	case k.newIncludes <- struct{}{}:
	default: // it is looked at anyway
	}
}
