// Command caravan gathers what a community's publications say and gives it
// back as one feed to subscribe to and one archive to search.
//
// The program is wired here and nowhere else: flags and environment become
// values, the packages beside this one are opened in order, and signals end
// them in the opposite one. A command other than serve talks to the server that
// holds the data directory, over its socket, or, when there is none, opens the
// directory itself and talks to itself in the same way.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // --time-zone works on machines without a zone database

	"github.com/alecthomas/kong"
	"golang.org/x/term"
)

// version is the program's own; User-Agents and /api carry it.
const version = "0.1.0"

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	con := console{Out: os.Stdout, Err: os.Stderr, Terminal: term.IsTerminal(int(os.Stderr.Fd())), Now: time.Now}
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		con.Width = width
		con.Shine = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if con.Terminal && term.IsTerminal(int(os.Stdin.Fd())) {
		con.Answers = os.Stdin
	}
	os.Exit(run(ctx, os.Args[1:], con))
}

// A console is where a command writes, and the clock it goes by.
type console struct {
	Out      io.Writer
	Err      io.Writer
	Terminal bool      // Err is a terminal: bars may move
	Shine    bool      // Out is a terminal that shows bold and colours, and nobody minds (NO_COLOR)
	Width    int       // columns of Out; 0 when it is no terminal, and lines are as long as they are
	Answers  io.Reader // where somebody answers what Err asks; nil when nobody is there
	Now      func() time.Time
	Wait     func(context.Context, time.Duration) error // between requests; nil means a timer
}

// commands is the command line.
type commands struct {
	Serve   serveCmd   `cmd:"" help:"Poll, index and serve (the main job)."`
	Poll    pollCmd    `cmd:"" help:"Make one pass over the due sources and exit."`
	Search  searchCmd  `cmd:"" help:"Search the archive."`
	Digest  digestCmd  `cmd:"" help:"Print the digest of a month or a week, to send or to paste."`
	Feed    feedCmd    `cmd:"" help:"Print the combined feed, or a query's."`
	Check   checkCmd   `cmd:"" help:"Check the source list and print every problem."`
	Add     addCmd     `cmd:"" help:"Find the feed behind an address and add it to the source list."`
	Remove  removeCmd  `cmd:"" help:"Take a source out of the source list."`
	Explain explainCmd `cmd:"" help:"Say where a post is: when it was seen, and whether and why it is hidden."`
	Parse   parseCmd   `cmd:"" help:"Show what caravan makes of one feed document."`
	Reindex reindexCmd `cmd:"" help:"Rebuild the search index."`
	Verify  verifyCmd  `cmd:"" help:"Compare the search index with the store; --repair makes it right."`
	Accept  acceptCmd  `cmd:"" help:"Take over a source list whose mass removal waits."`
	Hide    hideCmd    `cmd:"" help:"Take one item down for everybody."`
	Show    showCmd    `cmd:"" help:"Take a takedown back."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, con console) int {
	var cli commands
	exited := false
	parser, err := kong.New(&cli,
		kong.Name("caravan"),
		kong.Description("One feed to subscribe to and one archive to search, from one list of sources."),
		kong.Writers(con.Out, con.Err),
		kong.Exit(func(int) { exited = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(con),
	)
	if err != nil {
		fmt.Fprintln(con.Err, "caravan:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exited {
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(con.Err, "caravan: %v\nTry 'caravan --help', or 'caravan COMMAND --help'.\n", err)
		return exitUsage
	}
	return exitCode(parsed.Run(), con.Err)
}

// A usageError is a mistake in the command line that the parser cannot see.
type usageError struct{ error }

// errSilent ends a command with exit code 1 that has said all there is to say.
var errSilent = errors.New("failed")

// exitCode prints err and chooses the code for it.
func exitCode(err error, w io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errSilent):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintln(w, "caravan:", err)
		return exitUsage
	}
	fmt.Fprintln(w, "caravan:", err)
	return exitFailed
}

// logFlags say how the program logs.
type logFlags struct {
	LogFormat string     `name:"log-format" enum:"text,json" default:"text" env:"CARAVAN_LOG_FORMAT" help:"How log lines look: text or json."`
	LogLevel  slog.Level `name:"log-level" default:"INFO" env:"CARAVAN_LOG_LEVEL" help:"Least level that is logged: DEBUG, INFO, WARN or ERROR."`
}

// logger returns a logger that writes to w. Both formats quote control
// characters, so that nothing a publisher writes can forge a line.
func (f logFlags) logger(w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
