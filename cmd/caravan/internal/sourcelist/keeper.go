// Package sourcelist keeps the curator's OPML file in use: it reads the list with
// the lists that it includes, takes each good save over into the store, and leaves
// the last good one in place when a save cannot be used.
package sourcelist

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

// A Store is where lists are taken over. Its methods may be called from several
// goroutines.
type Store interface {
	SyncList(ctx context.Context, list caravan.List, acceptRemovals bool) (caravan.ListReport, error)
	NoteListProblems(ctx context.Context, problems []caravan.Problem) error
	ListState(ctx context.Context) (caravan.ListState, error)
}

// A Config says what a [Keeper] works on. Path, Store and Log are needed.
type Config struct {
	Path           string
	Store          Store
	Log            *slog.Logger
	AcceptRemovals bool                     // Load takes a list over whatever it removes
	Vet            func(caravan.List) error // may refuse a list; nil refuses none
	Includes       *Includer                // nil leaves included lists out
}

// A Keeper brings the source list into the store. Its methods may be called
// from several goroutines.
type Keeper struct {
	cfg Config

	mu   sync.Mutex // one take-over at a time
	seen opml.Save  // the save that Load read, so that Watch does not hand it over again

	including   []string      // what the list in use includes; under mu
	newIncludes chan struct{} // has a value when that may have changed
}

// New returns a keeper that has not taken anything over yet.
func New(c Config) *Keeper {
	return &Keeper{cfg: c, newIncludes: make(chan struct{}, 1)}
}

// Read reads the source list at path with all its problems. The error is
// for people: it says what is wrong with which file and what to do.
func Read(path string) (caravan.List, error) {
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

// Load takes over the list as it lies on the disk. A list that cannot be used
// leaves the last good one in place; Load fails only when there is none.
func (k *Keeper) Load(ctx context.Context) error {
	save, err := opml.ReadFile(k.cfg.Path)
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
	_, err = k.apply(ctx, list, k.cfg.AcceptRemovals)
	return err
}

// broken says what a file lacks that was cut off while it was written. It may
// not replace a good list; where there is none, what can be read of it is
// better than nothing.
func (k *Keeper) broken(ctx context.Context, data []byte) error {
	state, err := k.cfg.Store.ListState(ctx)
	if err != nil {
		return fmt.Errorf("look up source list: %w", err)
	}
	if state.AppliedAt.IsZero() {
		return nil
	}
	return opml.Whole(k.cfg.Path, data)
}

// Watch takes over the list each time it is saved, and calls changed after
// that, until ctx ends.
func (k *Keeper) Watch(ctx context.Context, changed func()) error {
	path, err := filepath.Abs(k.cfg.Path)
	if err != nil {
		return fmt.Errorf("find source list: %w", err)
	}
	return opml.Watcher{
		Path:    path,
		Name:    k.cfg.Path,
		Current: k.seen,
		Log:     k.cfg.Log,
		Saved: func(ctx context.Context, s opml.Save) {
			if err := k.saved(ctx, s.Data); err != nil {
				k.cfg.Log.ErrorContext(ctx, "source list could not be taken over", "file", k.cfg.Path, "err", err)
				return
			}
			changed()
		},
		Trouble: func(ctx context.Context, problems []caravan.Problem) {
			if err := k.note(ctx, problems); err != nil {
				k.cfg.Log.ErrorContext(ctx, "problems of the source list could not be noted", "file", k.cfg.Path, "err", err)
			}
		},
	}.Run(ctx)
}

// saved takes over the bytes of a saved list.
func (k *Keeper) saved(ctx context.Context, data []byte) error {
	list, err := k.read(data)
	if err != nil {
		return k.refuse(ctx, list.Problems, err)
	}
	_, err = k.apply(ctx, list, false)
	return err
}

// Accept takes over the list as it lies on the disk, whatever it removes.
func (k *Keeper) Accept(ctx context.Context) (caravan.ListReport, error) {
	save, err := opml.ReadFile(k.cfg.Path)
	if err == nil {
		err = opml.Whole(k.cfg.Path, save.Data)
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
func (k *Keeper) refuse(ctx context.Context, problems []caravan.Problem, cause error) error {
	state, err := k.cfg.Store.ListState(ctx)
	if err != nil {
		return fmt.Errorf("look up source list: %w", err)
	}
	if state.AppliedAt.IsZero() {
		return cause
	}
	if len(problems) == 0 {
		problems = []caravan.Problem{{File: k.cfg.Path, Severity: caravan.SeverityError, Message: cause.Error()}}
	}
	return k.note(ctx, problems)
}

// note records the problems of a file that is not taken over.
func (k *Keeper) note(ctx context.Context, problems []caravan.Problem) error {
	for _, p := range problems {
		k.cfg.Log.ErrorContext(ctx, "source list cannot be used, the last good one stays", "problem", p.String())
	}
	if err := k.cfg.Store.NoteListProblems(ctx, problems); err != nil {
		return fmt.Errorf("note problems of source list: %w", err)
	}
	return nil
}

// apply hands a list to the store and logs what came of it.
func (k *Keeper) apply(ctx context.Context, list caravan.List, accept bool) (caravan.ListReport, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.noteIncludes(list.Includes)
	report, err := k.cfg.Store.SyncList(ctx, list, accept)
	if err != nil {
		return report, fmt.Errorf("take over source list: %w", err)
	}
	for _, p := range list.Problems {
		k.cfg.Log.WarnContext(ctx, "source list", "problem", p.String())
	}
	if report.Refused {
		k.cfg.Log.ErrorContext(ctx, "source list would remove more than half of the sources and waits: start with --accept-removals, or save it again unchanged after 10 seconds",
			"file", k.cfg.Path, "removed", len(report.Removed), "kept", report.Kept)
		return report, nil
	}
	k.cfg.Log.InfoContext(ctx, "source list taken over", "file", k.cfg.Path, "added", len(report.Added), "removed", len(report.Removed), "kept", report.Kept)
	return report, nil
}
