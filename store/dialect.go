package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"caravan"
)

// What is SQLite's own stands in this file. Every other SQL text of the package
// also runs on PostgreSQL.

//go:embed migrations/*.sql
var migrations embed.FS

// begin takes the write lock at once: a transaction that starts by reading and
// then writes would fail when another wrote in between.
const begin = "BEGIN IMMEDIATE"

// address returns the data source name of the file at path. Readers may not
// write; the writer's begin takes the lock.
func address(path string, reader bool) string {
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)",
		"temp_store(MEMORY)", "journal_size_limit(67108864)"}
	q := url.Values{"_pragma": pragmas}
	if reader {
		q.Add("_pragma", "cache_size(-8000)")
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Add("_pragma", "cache_size(-32000)")
		q.Add("_pragma", "wal_autocheckpoint(4000)") // a page that changes often is copied back less often
		q.Set("_txlock", "immediate")
	}
	return fileURL(path, q)
}

func fileURL(path string, q url.Values) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// create makes the database file when there is none: with pages of twice the
// usual size, in which bodies of items leave less room empty, and with a mark
// in its header of whose it is.
func create(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return nil
	}
	db, err := sql.Open("sqlite", fileURL(path, url.Values{"_pragma": {"page_size(8192)"}}))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `PRAGMA application_id = 0x63727661`)
	return errors.Join(err, db.Close())
}

// readers is how many connections read at the same time.
const readers = 4

// open opens the pools of the database at path, one for writing and one for
// reading.
func open(ctx context.Context, path string) (w, r *sql.DB, err error) {
	if err := create(ctx, path); err != nil {
		return nil, nil, classify(err)
	}
	w, err = sql.Open("sqlite", address(path, false))
	if err != nil {
		return nil, nil, err
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(classify(err), w.Close())
	}
	r, err = sql.Open("sqlite", address(path, true))
	if err != nil {
		return nil, nil, errors.Join(err, w.Close())
	}
	r.SetMaxOpenConns(readers)
	return w, r, nil
}

// migrate brings the schema up to date, one transaction a migration. It
// refuses a database that a newer program has migrated further.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return classify(err)
	}
	if have > know {
		return fmt.Errorf("the database has schema %d and this program knows %d: it was written by a newer caravan; start that one, or restore a backup", have, know)
	}
	if _, err := p.Up(ctx); err != nil {
		return classify(err)
	}
	return nil
}

// classify gives the database's own errors one of the classes of package
// caravan where there is one.
func classify(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%w: %w", caravan.ErrUnavailable, err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the database file is damaged; restore a backup: %w", err)
	}
	return err
}

// params collects the arguments of a statement while its text is being built.
type params []any

// add adds a value and returns its placeholder.
func (p *params) add(v any) string {
	*p = append(*p, v)
	return "$" + strconv.Itoa(len(*p))
}

// list adds values and returns their placeholders in parentheses. The list is
// padded to a power of two with its last value, so that few different texts
// come into being.
func list[T any](p *params, values []T) string {
	if len(values) == 0 {
		return "(NULL)"
	}
	var b strings.Builder
	b.WriteByte('(')
	for i := range padded(len(values)) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(p.add(values[min(i, len(values)-1)]))
	}
	b.WriteByte(')')
	return b.String()
}

// padded returns the least power of two that is not below n.
func padded(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}
