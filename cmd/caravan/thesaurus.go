package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"caravan"
	"caravan/index/thesaurus"
)

// thesaurusLook is how often the thesaurus file is looked at for a save.
const thesaurusLook = 2 * time.Second

// thesaurusFile is where the equivalents of a source list stand: beside it.
func thesaurusFile(feeds string) string {
	return filepath.Join(filepath.Dir(feeds), "thesaurus.txt")
}

// readThesaurus reads the equivalents with their problems; an absent file is an
// empty thesaurus.
func readThesaurus(path string) (*thesaurus.Thesaurus, []caravan.Problem, [sha256.Size]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, [sha256.Size]byte{}, fmt.Errorf("read thesaurus: %w", err)
	}
	t, problems := thesaurus.Parse(path, data)
	return t, problems, sha256.Sum256(data), nil
}

// A thesaurusKeeper hands each saved thesaurus to whoever searches with it.
type thesaurusKeeper struct {
	path string
	use  func(*thesaurus.Thesaurus)
	log  *slog.Logger
	seen [sha256.Size]byte
}

// newThesaurusKeeper returns a keeper of the file at path. Until there is one,
// use is not called.
func newThesaurusKeeper(path string, use func(*thesaurus.Thesaurus), log *slog.Logger) *thesaurusKeeper {
	return &thesaurusKeeper{path: path, use: use, log: log, seen: sha256.Sum256(nil)}
}

// look takes the file over when it differs from what was seen last. Lines with
// problems are left out and logged; a file that cannot be read leaves the
// thesaurus in use as it is.
func (k *thesaurusKeeper) look(ctx context.Context) {
	t, problems, sum, err := readThesaurus(k.path)
	if err != nil {
		k.log.WarnContext(ctx, "thesaurus cannot be read, the last one stays", "file", k.path, "err", err)
		return
	}
	if sum == k.seen {
		return
	}
	k.seen = sum
	k.use(t)
	for _, p := range problems {
		k.log.WarnContext(ctx, "thesaurus", "problem", p.String())
	}
	k.log.InfoContext(ctx, "thesaurus taken over", "file", k.path, "entries", t.Len())
}

// watch looks at the file until ctx ends.
func (k *thesaurusKeeper) watch(ctx context.Context) error {
	tick := time.NewTicker(thesaurusLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			k.look(ctx)
		}
	}
}
