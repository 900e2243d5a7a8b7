package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"caravan"
)

// maxStatements bounds the prepared statements of a session; texts are few,
// but lists of values come in several lengths.
const maxStatements = 400

// A session is one connection with the statements it has prepared.
type session struct {
	db    *sql.DB
	conn  *sql.Conn // nil before the first use and after a failure
	stmts map[string]*sql.Stmt
}

// connect makes sure that there is a connection.
func (s *session) connect(ctx context.Context) error {
	if s.conn != nil {
		return nil
	}
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	s.conn, s.stmts = conn, map[string]*sql.Stmt{}
	return nil
}

// close gives the connection back.
func (s *session) close() error {
	if s.conn == nil {
		return nil
	}
	err := errors.Join(s.forget(), s.conn.Close())
	s.conn = nil
	return err
}

// forget closes the statements.
func (s *session) forget() error {
	var errs []error
	for _, stmt := range s.stmts {
		errs = append(errs, stmt.Close())
	}
	s.stmts = nil
	return errors.Join(errs...)
}

// drop closes the connection for good, since its state is not known any more.
// The statements go first: the driver panics when one outlives its connection.
func (s *session) drop() {
	if s.conn == nil {
		return
	}
	_ = s.forget()                                               // that a bad connection is closed badly is no news
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn }) // so that nobody is given it again
	_ = s.close()
}

// prepare returns the prepared statement of a text.
func (s *session) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt, ok := s.stmts[text]; ok {
		return stmt, nil
	}
	if len(s.stmts) >= maxStatements {
		for old, stmt := range s.stmts {
			delete(s.stmts, old)
			if err := stmt.Close(); err != nil {
				return nil, err
			}
			break
		}
	}
	stmt, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.stmts[text] = stmt
	return stmt, nil
}

// query runs a query. The rows of one text must be closed before the same text
// is asked again.
func (s *session) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// exec runs a statement that returns no rows.
func (s *session) exec(ctx context.Context, text string, args ...any) error {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx, args...)
	return err
}

// control runs BEGIN, COMMIT and their kin.
func (s *session) control(ctx context.Context, text string) error {
	_, err := s.conn.ExecContext(ctx, text)
	return err
}

// A pool lends sessions, each to one user at a time.
type pool struct {
	db     *sql.DB
	free   chan *session
	closed chan struct{}
}

func newPool(db *sql.DB, size int) *pool {
	p := &pool{db: db, free: make(chan *session, size), closed: make(chan struct{})}
	for range size {
		p.free <- &session{db: db}
	}
	return p
}

// transact runs do in a transaction that begins with the text given, and
// commits it when do returns no error.
func (p *pool) transact(ctx context.Context, begin string, do func(*session) error) (err error) {
	var s *session
	select {
	case s = <-p.free:
	case <-p.closed:
		return fmt.Errorf("store closed: %w", caravan.ErrUnavailable)
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { p.free <- s }()
	if err := s.connect(ctx); err != nil {
		return classify(err)
	}
	whole := context.WithoutCancel(ctx) // an end in the midst of these would leave it open whether they were done
	if err := s.control(whole, begin); err != nil {
		s.drop()
		return classify(err)
	}
	finished := false
	defer func() {
		if !finished && s.control(whole, "ROLLBACK") != nil { // an error or a panic
			s.drop()
		}
	}()
	if err := do(s); err != nil {
		return classify(err)
	}
	if err := s.control(whole, "COMMIT"); err != nil {
		return classify(err)
	}
	finished = true
	return nil
}

// close waits for the sessions to come back and closes the pool.
func (p *pool) close() error {
	close(p.closed)
	var errs []error
	for range cap(p.free) {
		s := <-p.free
		errs = append(errs, s.close())
	}
	return errors.Join(append(errs, p.db.Close())...)
}

// A querier answers queries within one transaction.
type querier interface {
	query(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// each calls scan for every row that a query returns.
func each(ctx context.Context, q querier, scan func(*sql.Rows) error, text string, args ...any) error {
	rows, err := q.query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one scans the first row that a query returns; [sql.ErrNoRows] when there is
// none.
func one(ctx context.Context, q querier, into []any, text string, args ...any) error {
	rows, err := q.query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	return rows.Close()
}

// column returns the one column that a query returns.
func column[T any](ctx context.Context, q querier, text string, args ...any) ([]T, error) {
	var out []T
	err := each(ctx, q, func(rows *sql.Rows) error {
		var v T
		if err := rows.Scan(&v); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	}, text, args...)
	return out, err
}
