package sourcelist

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
func (k *Keeper) read(data []byte) (caravan.List, error) {
	list, err := parseList(k.cfg.Path, data)
	if err != nil {
		return list, err
	}
	if k.cfg.Includes != nil {
		list = k.cfg.Includes.merged(list, k.cfg.Path)
	}
	if k.cfg.Vet != nil {
		err = k.cfg.Vet(list)
	}
	return list, err
}

// RefreshIncludes asks for the included lists that are due, takes over what
// changed, and reports whether something did.
func (k *Keeper) RefreshIncludes(ctx context.Context) (changed bool, err error) {
	k.mu.Lock()
	addresses := k.including
	k.mu.Unlock()
	if k.cfg.Includes == nil || len(addresses) == 0 {
		return false, nil
	}
	if changed, err = k.cfg.Includes.refresh(ctx, addresses); err != nil || !changed {
		return false, err
	}
	save, err := opml.ReadFile(k.cfg.Path)
	if err == nil {
		err = opml.Whole(k.cfg.Path, save.Data)
	}
	if err != nil {
		return false, fmt.Errorf("take over included lists: %w", err)
	}
	return true, k.saved(ctx, save.Data)
}

// FollowIncludes keeps the included lists up to date, and calls changed after
// each change, until ctx ends.
func (k *Keeper) FollowIncludes(ctx context.Context, changed func()) error {
	tick := time.NewTicker(includeTick)
	defer tick.Stop()
	for {
		news, err := k.RefreshIncludes(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			k.cfg.Log.ErrorContext(ctx, "included lists could not be taken over", "file", k.cfg.Path, "err", err)
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
func (k *Keeper) noteIncludes(addresses []string) {
	k.including = addresses
	select {
	case k.newIncludes <- struct{}{}:
	default: // it is looked at anyway
	}
}
