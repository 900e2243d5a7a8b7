package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"

	"caravan"
	"caravan/index/query"
	"caravan/opml"
)

// A listStore is what a listKeeper needs of the store.
type listStore interface {
	SyncList(ctx context.Context, list caravan.List, acceptRemovals bool) (caravan.ListReport, error)
	NoteListProblems(ctx context.Context, problems []caravan.Problem) error
	ListState(ctx context.Context) (caravan.ListState, error)
}

// A listKeeper brings the source list into the store. Its methods may be called
// from several goroutines.
type listKeeper struct {
	path           string
	store          listStore
	log            *slog.Logger
	acceptRemovals bool
	vet            func(caravan.List) error // may refuse a list; nil refuses none
	includes       *includer                // nil leaves included lists out

	mu   sync.Mutex // one take-over at a time
	seen opml.Save  // the save that load read, so that watch does not hand it over again

	including   []string      // what the list in use includes; under mu
	newIncludes chan struct{} // has a value when that may have changed
}

func newListKeeper(path string, s listStore, log *slog.Logger) *listKeeper {
	return &listKeeper{path: path, store: s, log: log, newIncludes: make(chan struct{}, 1)}
}

// readList reads the source list at path with all its problems. The error is
// for people: it says what is wrong with which file and what to do.
func readList(path string) (caravan.List, error) {
	save, err := opml.ReadFile(path)
	if err != nil {
		return caravan.List{}, fmt.Errorf("%w (give --feeds the OPML file that lists your sources)", err)
	}
	return parseList(path, save.Data)
}

// parseList is readList of bytes in hand.
func parseList(path string, data []byte) (caravan.List, error) {
	return opml.ParseWith(path, data, opml.Options{CheckQuery: func(q string) error {
		_, err := query.Parse(q)
		return err
	}})
}

// load takes over the list as it lies on the disk. A list that cannot be used
// leaves the last good one in place; load fails only when there is none.
func (k *listKeeper) load(ctx context.Context) error {
	save, err := opml.ReadFile(k.path)
	if err != nil {
		return k.refuse(ctx, nil, fmt.Errorf("%w (give --feeds the OPML file that lists your sources)", err))
	}
	k.seen = save
	list, err := k.read(save.Data)
	if err == nil {
		err = k.broken(ctx, save.Data)
	}
	if err != nil {
		return k.refuse(ctx, list.Problems, err)
	}
	_, err = k.apply(ctx, list, k.acceptRemovals)
	return err
}

// broken says what a file lacks that was cut off while it was written. It may
// not replace a good list; where there is none, what can be read of it is
// better than nothing.
func (k *listKeeper) broken(ctx context.Context, data []byte) error {
	state, err := k.store.ListState(ctx)
	if err != nil {
		return fmt.Errorf("look up source list: %w", err)
	}
	if state.AppliedAt.IsZero() {
		return nil
	}
	return opml.Whole(k.path, data)
}

// watch takes over the list each time it is saved, and calls changed after
// that, until ctx ends.
func (k *listKeeper) watch(ctx context.Context, changed func()) error {
	path, err := filepath.Abs(k.path)
	if err != nil {
		return fmt.Errorf("find source list: %w", err)
	}
	return opml.Watcher{
		Path:    path,
		Name:    k.path,
		Current: k.seen,
		Log:     k.log,
		Saved: func(ctx context.Context, s opml.Save) {
			if err := k.saved(ctx, s.Data); err != nil {
				k.log.ErrorContext(ctx, "source list could not be taken over", "file", k.path, "err", err)
				return
			}
			changed()
		},
		Trouble: func(ctx context.Context, problems []caravan.Problem) {
			if err := k.note(ctx, problems); err != nil {
				k.log.ErrorContext(ctx, "problems of the source list could not be noted", "file", k.path, "err", err)
			}
		},
	}.Run(ctx)
}

// saved takes over the bytes of a saved list.
func (k *listKeeper) saved(ctx context.Context, data []byte) error {
	list, err := k.read(data)
	if err != nil {
		return k.refuse(ctx, list.Problems, err)
	}
	_, err = k.apply(ctx, list, false)
	return err
}

// accept takes over the list as it lies on the disk, whatever it removes.
func (k *listKeeper) accept(ctx context.Context) (caravan.ListReport, error) {
	save, err := opml.ReadFile(k.path)
	if err == nil {
		err = opml.Whole(k.path, save.Data)
	}
	var list caravan.List
	if err == nil {
		list, err = k.read(save.Data)
	}
	if err != nil {
		return caravan.ListReport{}, &caravan.PublicError{Message: err.Error(), Err: caravan.ErrInvalid}
	}
	return k.apply(ctx, list, true)
}

// refuse records why the list on the disk is not in use; where none is, that is
// the caller's failure.
func (k *listKeeper) refuse(ctx context.Context, problems []caravan.Problem, cause error) error {
	state, err := k.store.ListState(ctx)
	if err != nil {
		return fmt.Errorf("look up source list: %w", err)
	}
	if state.AppliedAt.IsZero() {
		return cause
	}
	if len(problems) == 0 {
		problems = []caravan.Problem{{File: k.path, Severity: caravan.SeverityError, Message: cause.Error()}}
	}
	return k.note(ctx, problems)
}

// note records the problems of a file that is not taken over.
func (k *listKeeper) note(ctx context.Context, problems []caravan.Problem) error {
	for _, p := range problems {
		k.log.ErrorContext(ctx, "source list cannot be used, the last good one stays", "problem", p.String())
	}
	if err := k.store.NoteListProblems(ctx, problems); err != nil {
		return fmt.Errorf("note problems of source list: %w", err)
	}
	return nil
}

// apply hands a list to the store and logs what came of it.
func (k *listKeeper) apply(ctx context.Context, list caravan.List, accept bool) (caravan.ListReport, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.noteIncludes(list.Includes)
	report, err := k.store.SyncList(ctx, list, accept)
	if err != nil {
		return report, fmt.Errorf("take over source list: %w", err)
	}
	for _, p := range list.Problems {
		k.log.WarnContext(ctx, "source list", "problem", p.String())
	}
	if report.Refused {
		k.log.ErrorContext(ctx, "source list would remove more than half of the sources and waits: start with --accept-removals, or save it again unchanged after 10 seconds",
			"file", k.path, "removed", len(report.Removed), "kept", report.Kept)
		return report, nil
	}
	k.log.InfoContext(ctx, "source list taken over", "file", k.path, "added", len(report.Added), "removed", len(report.Removed), "kept", report.Kept)
	return report, nil
}
