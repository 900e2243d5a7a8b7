package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"caravan"
)

// knownSources returns the sources of the data directory as they are known
// there, without taking anything over; none when there is no archive yet.
func knownSources(ctx context.Context, o appOptions) ([]caravan.Source, error) {
	if _, err := os.Stat(o.Files.database()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("find archive: %w", err)
	}
	a := &app{files: o.Files, log: o.Log}
	var err error
	a.lock, err = lockDir(o.Files.lockFile())
	if errors.Is(err, errLocked) {
		if !dialable(ctx, o.Files.socket()) {
			return nil, err
		}
		return sourcesOf(ctx, newClient(o.Files.socket()))
	}
	if err != nil {
		return nil, err
	}
	if a.client, err = politeClient(ctx, o); err != nil {
		return nil, errors.Join(err, a.close())
	}
	if err := a.openStore(ctx, o); err != nil {
		return nil, errors.Join(err, a.close())
	}
	sources, err := a.store.Sources(ctx)
	return sources, errors.Join(err, a.close())
}

// sourcesOf asks a server for its sources.
func sourcesOf(ctx context.Context, cl *client) ([]caravan.Source, error) {
	body, err := cl.get(ctx, "/admin/sources", nil)
	if err != nil {
		return nil, err
	}
	var sources []caravan.Source
	if err := errors.Join(json.NewDecoder(body).Decode(&sources), body.Close()); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	return sources, nil
}
