// Command drill scores caravan's manners: it runs the real program against
// every scenario of the fixture publisher with a clock that runs fast, restarts
// it again and again, and prints what each publisher would have to say.
//
//	go run ./internal/drill                       a week in two minutes, 20 restarts
//	go run ./internal/drill --for 30s --restarts 3
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"caravan/internal/publisher"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "drill:", err)
		os.Exit(1)
	}
}

type options struct {
	length   time.Duration
	speed    float64
	restarts int
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("drill", flag.ContinueOnError)
	flags.DurationVar(&o.length, "for", 2*time.Minute, "how `long` it takes")
	flags.Float64Var(&o.speed, "clock-speed", 5040, "seconds that pass in one: 5040 makes a week of two minutes")
	flags.IntVar(&o.restarts, "restarts", 20, "how often caravan is stopped and started again")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "caravan-drill-")
	if err != nil {
		return fmt.Errorf("make directory for the drill: %w", err)
	}
	began := time.Now()
	scores, err := o.play(ctx, dir)
	covered := time.Since(began).Seconds() * o.speed / 86400
	if err := errors.Join(err, os.RemoveAll(dir)); err != nil {
		return err
	}
	if err := publisher.WriteScores(out, scores); err != nil {
		return err
	}
	faults := 0
	for i, sc := range publisher.Scenarios() {
		allowed := sc.Uncond
		if allowed < 0 {
			allowed = scores[i].Requests
		}
		if n := scores[i].Faults(allowed); n > 0 {
			fmt.Fprintf(out, "%s: %d faults\n", sc.Name, n)
			faults += n
		}
	}
	fmt.Fprintf(out, "%.1f simulated days with the stops, %d restarts, %d faults\n", covered, o.restarts, faults)
	if faults > 0 {
		return fmt.Errorf("%d faults", faults)
	}
	return nil
}

// play runs the program against the stage for as long as the drill lasts.
func (o options) play(ctx context.Context, dir string) (scores []publisher.Score, err error) {
	start := time.Now()
	clock := func() time.Time { return start.Add(time.Duration(float64(time.Since(start)) * o.speed)) }
	// What two processes and a busy machine may blur.
	slack := time.Duration(o.speed * float64(100*time.Millisecond))
	stage := publisher.NewStage(publisher.Scenarios(), clock, slack)
	running, err := stage.Start(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, running.Close()) }()
	var list bytes.Buffer
	if err := publisher.WriteOPML(&list, "Drill", running.Feeds); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "feeds.opml"), list.Bytes(), 0o600); err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	binary := filepath.Join(dir, "caravan")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "./cmd/caravan")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("build caravan: %w", err)
	}
	share := o.length / time.Duration(o.restarts+1)
	for range o.restarts + 1 {
		if err := o.serveFor(ctx, share, binary, dir); err != nil {
			return nil, err
		}
	}
	return stage.Scores(), nil
}

// serveFor runs the program for a while and stops it.
func (o options) serveFor(ctx context.Context, length time.Duration, binary, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var log bytes.Buffer
	serve := exec.CommandContext(ctx, binary, "serve", "--feeds", filepath.Join(dir, "feeds.opml"), "--data", filepath.Join(dir, "data"),
		"--listen", "127.0.0.1:0", "--allow-private", "127.0.0.0/8", "--clock-speed", fmt.Sprint(o.speed),
		"--contact", "https://drill.example/about", "--log-level", "ERROR")
	serve.Stderr = &log
	serve.Cancel = func() error { return serve.Process.Signal(syscall.SIGTERM) }
	serve.WaitDelay = 15 * time.Second
	if err := serve.Run(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("caravan stopped by itself: %w\n%s", err, log.String())
	}
	return nil
}
