// Command cmd runs the fixture publisher by hand: it serves a folder of feeds,
// or generated ones, on loopback, and writes an OPML list of them.
//
//	go run ./internal/publisher/cmd --dir FOLDER --listen 127.0.0.1:9000 --hosts 50 --opml corpus.opml
//	go run ./internal/publisher/cmd --synthetic 1000x20 --seed 7 --hosts 50 --opml load.opml
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"caravan/internal/publisher"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "publisher:", err)
		os.Exit(1)
	}
}

type options struct {
	dir, listen, opml, synthetic string
	hosts                        int
	seed                         uint64
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("publisher", flag.ContinueOnError)
	flags.StringVar(&o.dir, "dir", "", "serve the files of this `folder`")
	flags.StringVar(&o.synthetic, "synthetic", "", "serve generated feeds: `FEEDSxITEMS`, such as 1000x20")
	flags.Uint64Var(&o.seed, "seed", 1, "of the generated feeds")
	flags.StringVar(&o.listen, "listen", "127.0.0.1:9000", "first `address`; further hosts take the ports after it")
	flags.IntVar(&o.hosts, "hosts", 1, "spread the feeds over this many ports")
	flags.StringVar(&o.opml, "opml", "-", "write the list of feeds to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	feeds, err := o.feeds()
	if err != nil {
		return err
	}
	running, err := publisher.Start(ctx, feeds, o.listen, o.hosts)
	if err != nil {
		return err
	}
	var list bytes.Buffer
	if err := publisher.WriteOPML(&list, "Fixture publisher", running.Feeds); err != nil {
		return errors.Join(err, running.Close())
	}
	if o.opml == "-" {
		_, err = out.Write(list.Bytes())
	} else {
		err = os.WriteFile(o.opml, list.Bytes(), 0o644)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write list: %w", err), running.Close())
	}
	fmt.Fprintf(os.Stderr, "%d feeds on %d hosts from %s; Ctrl-C ends\n", len(feeds), min(o.hosts, len(feeds)), o.listen)
	<-ctx.Done()
	err = running.Close()
	s := running.Stats
	fmt.Fprintf(os.Stderr, "%d requests, %d unconditional, %d not modified, %d bytes sent\n",
		s.Requests.Load(), s.Unconditional.Load(), s.NotModified.Load(), s.Bytes.Load())
	return err
}

func (o options) feeds() ([]publisher.Feed, error) {
	switch {
	case o.dir != "" && o.synthetic != "":
		return nil, errors.New("give --dir or --synthetic, not both")
	case o.dir != "":
		return publisher.LoadDir(o.dir)
	case o.synthetic != "":
		var l publisher.Load
		if _, err := fmt.Sscanf(o.synthetic, "%dx%d", &l.Feeds, &l.Items); err != nil || l.Feeds < 1 || l.Items < 1 {
			return nil, fmt.Errorf("read --synthetic %q: want FEEDSxITEMS, such as 1000x20", o.synthetic)
		}
		l.Seed = o.seed
		l.Until = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		return publisher.Synthetic(l), nil
	}
	return nil, errors.New("give --dir FOLDER or --synthetic FEEDSxITEMS")
}
