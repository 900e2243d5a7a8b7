package sourcelist

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/replace"
	"caravan/cmd/caravan/internal/wording"
	"caravan/fetcher"
	"caravan/fetcher/polite"
	"caravan/index/query"
	"caravan/opml"
)

// How often an included list is asked for: when it answers, at first after a
// failure, and when its publisher took it away.
const (
	includeEvery = 24 * time.Hour
	includeFloor = time.Hour
	includeGone  = 7 * 24 * time.Hour
)

// mostIncludes is how many lists a list may include.
const mostIncludes = 20

// An Includer keeps the lists that the source list includes: it asks for them
// politely, and the last good copy of each stays on the disk. Its methods may
// be called from several goroutines.
type Includer struct {
	dir    string
	client Client
	now    func() time.Time
	log    *slog.Logger

	mu sync.Mutex // one refresh at a time
}

// An Client asks for lists politely.
type Client interface {
	Get(ctx context.Context, r polite.Request) (*polite.Response, error)
}

// NewIncluder returns an includer that keeps its copies in dir, which is made
// when there is something to keep.
func NewIncluder(dir string, client Client, now func() time.Time, log *slog.Logger) *Includer {
	return &Includer{dir: dir, client: client, now: now, log: log}
}

// An includeState is what is known of asking for one list.
type includeState struct {
	URL        string             `json:"url"`
	Next       time.Time          `json:"next"`          // not asked before
	Good       time.Time          `json:"good,omitzero"` // when the copy at hand was last known to be current
	Failures   int                `json:"failures"`      // in a row
	Failure    string             `json:"failure"`       // of the last time, for people; empty when it went well
	Validators caravan.Validators `json:"validators"`
}

// file returns where something of a list is kept.
func (in *Includer) file(address, suffix string) string {
	sum := sha256.Sum256([]byte(address))
	return filepath.Join(in.dir, hex.EncodeToString(sum[:12])+suffix)
}

// state returns what is known of a list; what cannot be read is nothing.
func (in *Includer) state(address string) includeState {
	st := includeState{URL: address}
	data, err := os.ReadFile(in.file(address, ".json"))
	if err == nil {
		err = json.Unmarshal(data, &st)
	}
	if err != nil || st.URL != address {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			in.log.Warn("state of an included list is not readable and begins anew", "list", caravan.RedactURL(address), "err", err)
		}
		return includeState{URL: address}
	}
	return st
}

// save keeps what is known of a list.
func (in *Includer) save(st includeState) error {
	data, err := json.Marshal(st)
	if err == nil {
		err = os.MkdirAll(in.dir, 0o700)
	}
	if err == nil {
		err = replace.File(in.file(st.URL, ".json"), data)
	}
	if err != nil {
		return fmt.Errorf("keep state of included list: %w", err)
	}
	return nil
}

// merged returns a list with the last good copies of what it includes.
func (in *Includer) merged(list caravan.List, file string) caravan.List {
	var all []included
	for i, address := range list.Includes {
		inc := included{Address: caravan.RedactURL(address), TooMany: i >= mostIncludes}
		if !inc.TooMany {
			inc.State = in.state(address)
			inc.List, inc.Known = in.copyOf(address)
		}
		all = append(all, inc)
	}
	return merge(list, file, all)
}

// copyOf reads the last good copy of a list.
func (in *Includer) copyOf(address string) (caravan.List, bool) {
	data, err := os.ReadFile(in.file(address, ".opml"))
	if err != nil {
		return caravan.List{}, false
	}
	list, err := parseIncluded(address, data)
	return list, err == nil
}

// parseIncluded reads a list that another one includes.
func parseIncluded(address string, data []byte) (caravan.List, error) {
	return opml.ParseWith(caravan.RedactURL(address), data, opml.Options{Included: true, CheckQuery: func(q string) error {
		_, err := query.Parse(q)
		return err
	}})
}

// refresh asks for those of the lists that are due, and reports whether a copy
// changed. The error is that something could not be kept, or the end of ctx; a
// list that does not answer is a problem of the source list.
func (in *Includer) refresh(ctx context.Context, addresses []string) (changed bool, err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, address := range addresses[:min(len(addresses), mostIncludes)] {
		st := in.state(address)
		if in.now().Before(st.Next) {
			continue
		}
		news, err := in.ask(ctx, st)
		if err != nil {
			return changed, err
		}
		changed = changed || news
	}
	return changed, nil
}

// ask asks for one list. When to ask again is kept before, so that a crash
// costs an hour and never a second request.
func (in *Includer) ask(ctx context.Context, st includeState) (changed bool, err error) {
	before, now := st, in.now()
	if _, known := in.copyOf(st.URL); !known {
		st.Validators = caravan.Validators{}
	}
	st.Next = now.Add(includeFloor)
	if err := in.save(st); err != nil {
		return false, err
	}
	answer, err := in.client.Get(ctx, polite.Request{URL: st.URL, Validators: st.Validators})
	if ctx.Err() != nil {
		return false, errors.Join(ctx.Err(), in.save(before))
	}
	data, failure := judgeInclude(st.URL, answer, err)
	st = st.after(answer, failure, now)
	if failure.OK() && data != nil {
		old, readErr := os.ReadFile(in.file(st.URL, ".opml"))
		if changed = readErr != nil || string(old) != string(data); changed {
			if err := replace.File(in.file(st.URL, ".opml"), data); err != nil {
				return false, fmt.Errorf("keep included list: %w", err)
			}
		}
	}
	if failure.OK() {
		in.log.InfoContext(ctx, "included list read", "list", caravan.RedactURL(st.URL), "changed", changed)
	} else {
		in.log.WarnContext(ctx, "included list not read", "list", caravan.RedactURL(st.URL), "failure", failure.Detail, "failures", st.Failures)
	}
	// What went wrong, or no longer does, is shown: that is news too.
	return changed || st.Failure != before.Failure, in.save(st)
}

// judgeInclude says what came of asking for a list: its bytes, or nil when they
// are what they were, or why it cannot be used.
func judgeInclude(address string, answer *polite.Response, err error) ([]byte, caravan.Failure) {
	if e, ok := errors.AsType[*polite.Error](err); ok {
		return nil, e.Failure()
	}
	if err != nil {
		return nil, caravan.Failure{Class: caravan.FailConnect, Detail: err.Error()}
	}
	failure := fetcher.StatusFailure(answer.Status, answer.Conditional, answer.Shield)
	if !failure.OK() || answer.Status == 304 {
		return nil, failure
	}
	if answer.Truncated {
		return nil, caravan.Failure{Class: caravan.FailBroken, Detail: "the connection ended before the list did"}
	}
	if err := opml.Whole(caravan.RedactURL(address), answer.Body); err != nil {
		return nil, caravan.Failure{Class: caravan.FailBroken, Detail: wording.Public(err).Error()}
	}
	if _, err := parseIncluded(address, answer.Body); err != nil {
		return nil, caravan.Failure{Class: caravan.FailNotFeed, Detail: wording.Public(err).Error()}
	}
	return answer.Body, caravan.Failure{}
}

// after returns what is known of a list after an answer.
func (st includeState) after(answer *polite.Response, failure caravan.Failure, now time.Time) includeState {
	if failure.OK() {
		st.Failures, st.Failure, st.Good, st.Next = 0, "", now, now.Add(includeEvery)
		if answer.Status != 304 {
			st.Validators = caravan.Validators{ETag: answer.Header.ETag, LastModified: answer.Header.LastModified, URL: answer.FinalURL}
		}
		return st
	}
	wait := min(includeFloor<<min(st.Failures, 10), includeEvery)
	switch failure.Class {
	case caravan.FailBusy, caravan.FailDenied, caravan.FailMissing, caravan.FailShield:
		wait = includeEvery
	case caravan.FailGone:
		wait = includeGone
	}
	st.Failures++
	st.Failure, st.Next = failure.Detail, now.Add(wait)
	return st
}
