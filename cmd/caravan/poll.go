package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

type pollCmd struct {
	dataFlags
	netFlags
	logFlags
	Source []string `placeholder:"SLUG" help:"Poll only these sources."`
	Again  bool     `help:"Poll though it is not due yet; for sources in allowed private ranges only. Requests stay conditional."`
	JSON   bool     `name:"json" help:"Print one JSON line an event."`
}

// Run makes one pass and prints a summary. It fails when the pass broke, not
// when a source did.
func (c *pollCmd) Run(ctx context.Context, con console) error {
	values := url.Values{"source": c.Source}
	if c.Again {
		values.Set("again", "1")
	}
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Public: true, Now: con.Now, Log: c.logger(io.Discard)}
	if !con.Terminal && !c.JSON || c.LogLevel < 0 {
		o.Log = c.logger(con.Err)
	}
	started := con.Now()
	return withServer(ctx, o, func(cl *client) error {
		body, err := cl.post(pollContext(ctx, cl), "/admin/poll", values)
		if err != nil {
			return err
		}
		tally, err := c.follow(body, con)
		if ctx.Err() != nil && !cl.alone {
			err = nil // the server goes on by itself
		}
		if err := errors.Join(err, body.Close()); err != nil || c.JSON {
			return err
		}
		return tally.summary(con.Out, con.Now().Sub(started))
	})
}

// pollContext decides what Ctrl-C does to the conversation. Where this process
// is the server itself, the pass ends by itself once what is in flight is kept,
// and its last words are worth hearing.
func pollContext(ctx context.Context, cl *client) context.Context {
	if cl.alone {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// follow shows a pass while it goes on, and returns what it came to.
func (c *pollCmd) follow(body io.Reader, con console) (*pollTally, error) {
	if c.JSON {
		_, err := io.Copy(con.Out, body)
		return &pollTally{}, err
	}
	show := newPollShow(con)
	err := lines(body, func(e pollEvent) error {
		show.note(e)
		if e.Error != "" {
			return errors.New(e.Error)
		}
		return nil
	})
	show.close()
	return &show.tally, err
}

// A pollShow keeps a reader at the terminal informed once a second: by a bar
// that moves, or by lines where nothing can.
type pollShow struct {
	con  console
	bar  *progressbar.ProgressBar
	stop chan struct{}
	done sync.WaitGroup

	mu    sync.Mutex
	tally pollTally
}

func newPollShow(con console) *pollShow {
	s := &pollShow{con: con, stop: make(chan struct{})}
	if con.Terminal {
		s.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(con.Err), progressbar.OptionShowCount(),
			progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	s.done.Go(s.everySecond)
	return s
}

func (s *pollShow) everySecond() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			s.tell()
		}
	}
}

// tell says how far the pass is.
func (s *pollShow) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.con.Now()
	if s.bar == nil {
		fmt.Fprintln(s.con.Err, s.tally.sentence(now))
		return
	}
	s.draw(now)
}

// draw moves the bar; a bar that cannot be drawn is not worth a failed pass.
func (s *pollShow) draw(now time.Time) {
	s.bar.ChangeMax(s.tally.total())
	fresh, _, _, _ := s.tally.counts()
	s.bar.Describe(fmt.Sprintf("%d new %s", fresh, shorten(s.tally.slow(now), 70)))
	_ = s.bar.Set(len(s.tally.done))
}

func (s *pollShow) note(e pollEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.note(e, s.con.Now())
	if s.bar != nil && e.Kind != "begin" {
		s.draw(s.con.Now())
	}
}

func (s *pollShow) close() {
	close(s.stop)
	s.done.Wait()
	if s.bar != nil {
		_ = s.bar.Finish()
	}
}
