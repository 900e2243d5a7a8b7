package opml

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"caravan"
)

// A Save is the content of a list file, as it was saved.
type Save struct {
	Data    []byte
	ModTime time.Time
}

// ReadFile reads the list file at path as it is now, whole or not.
func ReadFile(path string) (Save, error) {
	s := look(path)
	if s.err != nil {
		return Save{}, fmt.Errorf("read %s: %w", path, s.err)
	}
	return s.Save, nil
}

// A Watcher tells of each save of a list file. It notices saves at once where
// the system reports them and by looking again where it does not (network file
// systems), and takes every way in which editors write: into the file, beside
// it and renamed over it, the old one renamed away, deleted and made anew,
// through a symbolic link.
//
// A save is handed over when it stood unchanged for the settle time and is
// [Whole], so never in part.
type Watcher struct {
	Path string
	Name string // what problems call the file; Path when empty

	// Saved is called with each save, also with one that changed nothing but
	// the file's time: saving again may mean something. Current is the save
	// the caller has already; when it is zero, the file as it is at the start
	// is handed over first.
	Saved   func(ctx context.Context, s Save)
	Current Save

	// Trouble is called when the file stands still and is gone, empty, no
	// OPML or broken off, once for each such state. The caller keeps its last
	// good list.
	Trouble func(ctx context.Context, problems []caravan.Problem)

	Settle   time.Duration // 300 ms when zero
	Patience time.Duration // 2 s when zero: how long a file that is not whole may take to grow
	Interval time.Duration // 10 s when zero: how often to look where nothing is reported

	Now   func() time.Time                     // time.Now when nil
	After func(time.Duration) <-chan time.Time // time.After when nil
	Log   *slog.Logger                         // none when nil
}

// Run watches until ctx ends, and then returns nil. Saved and Trouble are
// called one at a time, from the goroutine that Run is called in.
func (w Watcher) Run(ctx context.Context) error {
	w.fill()
	notifier, err := fsnotify.NewWatcher()
	if err != nil {
		w.Log.WarnContext(ctx, "saves of the source list are noticed late", "path", w.Path, "err", err)
		w.loop(ctx, &fsnotify.Watcher{}, func() sight { return look(w.Path) })
		return nil
	}
	defer notifier.Close()
	n := notice{path: w.Path, watcher: notifier, log: w.Log}
	n.attend(ctx)
	w.loop(ctx, notifier, func() sight {
		n.attend(ctx)
		return look(w.Path)
	})
	return nil
}

// fill puts the usual values where there are none.
func (w *Watcher) fill() {
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{{&w.Settle, 300 * time.Millisecond}, {&w.Patience, 2 * time.Second}, {&w.Interval, 10 * time.Second}} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	if w.Name == "" {
		w.Name = w.Path
	}
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.After == nil {
		w.After = time.After
	}
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
}

// loop looks when the notifier reports a change, when a save may have settled,
// and from time to time, until ctx ends. A notifier without channels reports
// nothing.
func (w *Watcher) loop(ctx context.Context, notifier *fsnotify.Watcher, look func() sight) {
	state := settling{
		settle:   w.Settle,
		patience: w.Patience,
		whole:    func(data []byte) bool { return Whole(w.Name, data) == nil },
	}
	if w.Current.Data != nil {
		state.last, state.told = sightOf(w.Current), true
	}
	var looked time.Time
	next := w.After(0)
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-notifier.Errors:
			w.Log.WarnContext(ctx, "changes of the source list may be noticed late", "path", w.Path, "err", err)
			continue
		case event := <-notifier.Events:
			if !concerns(w.Path, event.Name) {
				continue
			}
			if left := w.Settle - w.Now().Sub(looked); left > 0 {
				next = w.After(left)
				continue
			}
		case <-next:
		}
		verdict, due := state.see(w.Now(), look())
		looked = w.Now()
		switch verdict {
		case handOut:
			w.Saved(ctx, state.last.Save)
		case complain:
			w.Trouble(ctx, w.trouble(state.last))
		}
		if verdict != wait {
			due = w.Interval
		}
		next = w.After(due)
	}
}

// trouble says what is wrong with a file that is no list.
func (w *Watcher) trouble(s sight) []caravan.Problem {
	const stays = " Until then the last good list stays in use."
	problem := func(message string) []caravan.Problem {
		return []caravan.Problem{{File: w.Name, Severity: failure, Message: message + stays}}
	}
	switch {
	case errors.Is(s.err, fs.ErrNotExist):
		return problem("The file is not there. Put it back.")
	case errors.Is(s.err, fs.ErrPermission):
		return problem("The file may not be read. Give caravan's user the right to read it.")
	case s.err != nil:
		return problem("The file cannot be read (" + s.err.Error() + "). Mend that.")
	}
	list, err := Parse(w.Name, s.Data)
	if err == nil { // it could be read, but is not whole
		list.Problems = append(problem("This save is not used, because the file is broken. Mend what stands below."), list.Problems...)
	}
	return list.Problems
}

// A notice learns from the system that a file may have changed.
type notice struct {
	path    string
	watcher *fsnotify.Watcher
	log     *slog.Logger
	failed  bool // the last attempt to attend, which was logged
}

// attend watches the directory of the file, and that of the file it is a link
// to. It is called again and again, because either may be replaced.
func (n *notice) attend(ctx context.Context) {
	err := n.watcher.Add(filepath.Dir(n.path))
	if target, evalErr := filepath.EvalSymlinks(n.path); evalErr == nil && filepath.Dir(target) != filepath.Dir(n.path) {
		err = errors.Join(err, n.watcher.Add(filepath.Dir(target)))
	}
	if err != nil && !n.failed {
		n.log.WarnContext(ctx, "saves of the source list are noticed late", "path", n.path, "err", err)
	}
	n.failed = err != nil
}

// concerns reports whether a change of the file called name may change what is
// read at path. Where a link leads to the list, any change beside it may.
func concerns(path, name string) bool {
	target, err := filepath.EvalSymlinks(path)
	return filepath.Base(name) == filepath.Base(path) || err != nil || filepath.Clean(target) != filepath.Clean(path)
}
