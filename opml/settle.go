package opml

import (
	"crypto/sha256"
	"io"
	"os"
	"time"
)

// A sight is what one look at a file found.
type sight struct {
	Save
	hash   [sha256.Size]byte
	moving bool  // it changed while it was read
	err    error // it could not be read
}

// look reads the file at path once.
func look(path string) sight {
	f, err := os.Open(path)
	if err != nil {
		return sight{err: err}
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return sight{err: err}
	}
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return sight{err: err}
	}
	after, err := f.Stat()
	if err != nil {
		return sight{err: err}
	}
	s := sight{Save: Save{Data: data, ModTime: after.ModTime()}, hash: sha256.Sum256(data)}
	now, err := os.Stat(path)
	s.moving = err != nil || !os.SameFile(now, after) ||
		!before.ModTime().Equal(after.ModTime()) || before.Size() != after.Size() ||
		after.Size() != int64(len(data)) && len(data) <= maxBytes
	return s
}

// sightOf is the sight of a save that is known.
func sightOf(s Save) sight { return sight{Save: s, hash: sha256.Sum256(s.Data)} }

// same reports whether s and o are one save seen twice.
func (s sight) same(o sight) bool {
	if s.err != nil || o.err != nil {
		return s.err != nil && o.err != nil && s.err.Error() == o.err.Error()
	}
	return !s.moving && !o.moving && s.hash == o.hash && s.ModTime.Equal(o.ModTime)
}

// A verdict says what to do after a look.
type verdict int

const (
	rest     verdict = iota // nothing new
	wait                    // look again soon
	handOut                 // a save is complete
	complain                // the file stands still and is no list
)

// A settling decides when a file that is being saved is done. It does not
// trust a look by itself: what it hands out was seen twice, unchanged, with the
// settle time between, and is whole to its closing tag. A file that is not
// whole may still be growing and gets the longer patience before it is called
// broken; should it grow on after that, nothing is lost.
type settling struct {
	settle   time.Duration
	patience time.Duration
	whole    func(data []byte) bool

	last  sight
	since time.Time // when last was first seen
	ready bool      // last is whole
	told  bool      // last was handed out or complained about
}

// see takes one look into account. After wait, the next look is due in the
// duration returned.
func (s *settling) see(now time.Time, seen sight) (verdict, time.Duration) {
	if !seen.same(s.last) {
		s.last, s.since, s.told = seen, now, false
		s.ready = seen.err == nil && !seen.moving && s.whole(seen.Data)
		return wait, s.settle
	}
	if s.told {
		return rest, 0
	}
	due := s.patience
	if s.ready {
		due = s.settle
	}
	if left := due - now.Sub(s.since); left > 0 {
		return wait, min(left, s.settle)
	}
	s.told = true
	if s.ready {
		return handOut, 0
	}
	return complain, 0
}
