// Package store keeps everything caravan knows: the source list as taken over,
// the schedule, and the items with their stories, in one SQL database that is
// the only truth. What other packages hold can be made from it again.
//
// A [Store] may be used by many goroutines. Reads see one state of the
// database each. A write is whole or absent; results of polls that wait at the
// same time are committed together, each still whole or absent by itself.
// Errors are of the classes of package caravan.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"caravan"
)

// Config says what a [Store] needs.
type Config struct {
	Path    string                  // the database file; its folder exists
	Now     func() time.Time        // the clock
	Log     *slog.Logger            // nil discards
	Floor   time.Duration           // what a claim adds to the next poll; zero means an hour
	HostKey func(url string) string // key of the host that an address belongs to

	// Match returns which of the stored items of its source an item is; false
	// when it is none of them. Called inside the transaction: it must be quick.
	Match func(item caravan.Item, candidates []caravan.Item) (int, bool)

	// SameStory reports whether two items of different sources are one article.
	// The values of a MinHash have 16 bits here and in Match, on both sides.
	SameStory func(item, candidate caravan.Item) bool

	// LinkKey returns the form of an address in which links are compared: that of
	// Keys.Link. Nil compares them without knowing trackers.
	LinkKey func(address string) string

	// Rule reports whether a caravan:only or caravan:skip query matches an item.
	Rule func(query string, item caravan.Item) (bool, error)
}

// A Store is an open database. Close it when nobody uses it any more.
type Store struct {
	cfg     Config
	writer  *pool
	readers *pool
	watch   *watch
	saves   chan *save
	closed  chan struct{} // closed when Close begins
	done    chan struct{} // closed when the last poll result is committed
	filled  chan struct{} // closed when no more stored items are being linked
	once    sync.Once

	mu      sync.Mutex
	pending string // hash of the list whose removals this process has refused
}

// Open opens the database, creating it when there is none, and brings its
// schema up to date. A database of a newer program is refused. Leases of a
// process that ended without giving them back are ended, since there can be
// only one process.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Floor <= 0 {
		c.Floor = time.Hour
	}
	if c.LinkKey == nil {
		c.LinkKey = bareAddress
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	w, r, err := open(ctx, c.Path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", c.Path, err)
	}
	s := &Store{
		cfg: c, writer: newPool(w, 1), readers: newPool(r, readers), watch: newWatch(),
		saves: make(chan *save), closed: make(chan struct{}), done: make(chan struct{}), filled: make(chan struct{}),
	}
	if err := s.prepare(ctx, w); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", c.Path, err), s.closePools())
	}
	go s.commitSaves()
	go s.fillLinks(context.WithoutCancel(ctx))
	return s, nil
}

// prepare makes a newly opened database ready for use.
func (s *Store) prepare(ctx context.Context, db *sql.DB) error {
	if err := migrate(ctx, db); err != nil {
		return err
	}
	return s.write(ctx, func(ctx context.Context, u *unit) error {
		if err := u.exec(ctx, `UPDATE hosts SET leased_until = 0 WHERE leased_until <> 0`); err != nil {
			return err
		}
		if err := u.rekeyHosts(ctx); err != nil {
			return err
		}
		return u.loadHead(ctx)
	})
}

// Close commits what is being saved and closes the database. A save that comes
// later fails with [caravan.ErrUnavailable].
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closed)
		<-s.done
		<-s.filled
		s.watch.close()
		err = s.closePools()
	})
	return err
}

func (s *Store) closePools() error {
	return errors.Join(s.readers.close(), s.writer.close())
}

// write runs do in a transaction of its own. Once it has begun it is not
// interrupted when ctx ends: it is short, and half of it is no use.
func (s *Store) write(ctx context.Context, do func(context.Context, *unit) error) error {
	var head int64
	err := s.writer.transact(ctx, begin, func(session *session) (err error) {
		defer func() { // what publishers and hubs send must not end the program
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		ctx := context.WithoutCancel(ctx)
		u := s.newUnit(session)
		if err := do(ctx, u); err != nil {
			return err
		}
		head = u.head.change
		return u.finish(ctx)
	})
	if err != nil {
		return err
	}
	s.watch.set(head)
	return nil
}

// read runs do on one unchanging state of the database.
func (s *Store) read(ctx context.Context, do func(querier) error) error {
	return s.readers.transact(ctx, "BEGIN", func(session *session) error { return do(session) })
}
