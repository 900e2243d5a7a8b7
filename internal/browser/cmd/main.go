// Command cmd takes the pictures of the pages that the documentation shows, of
// the demo's planet at a fixed moment, so that the same pages give the same
// pictures:
//
//	go run ./internal/browser/cmd --out doc/screenshots
//
// With the names and paths of pages it takes those of any site, whole and as
// they are:
//
//	go run ./internal/browser/cmd --base http://127.0.0.1:8090 --widths 1280,390 home=/ search='/search?q=forms'
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"caravan/internal/browser"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("screenshots", flag.ContinueOnError)
	base := flags.String("base", "http://127.0.0.1:8090", "the site")
	out := flags.String("out", ".", "folder for the pictures")
	widths := flags.String("widths", "1280,390", "widths of the window")
	dark := flags.Bool("dark", false, "in the dark scheme")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	b, err := browser.Start(ctx)
	if err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return shootAll(b, *out)
	}
	for _, text := range strings.Split(*widths, ",") {
		width, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("width %q: %w", text, err)
		}
		for _, arg := range flags.Args() {
			name, path, _ := strings.Cut(arg, "=")
			if err := shoot(b, shot{name, *base + path, width, *dark}, *out, whole); err != nil {
				return err
			}
		}
	}
	return nil
}

// A shot is one picture to take.
type shot struct {
	name, address string
	width         int
	dark          bool
}

// file is the name of its file.
func (s shot) file() string {
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	return fmt.Sprintf("%s-%d-%s.png", s.name, s.width, scheme)
}

// whole takes the whole of a page as it is.
func whole(tab *browser.Tab, _ int) ([]byte, error) { return tab.Screenshot() }

// shoot saves a picture of one page and tells its problems.
func shoot(b *browser.Browser, s shot, out string, take func(*browser.Tab, int) ([]byte, error)) error {
	tab, err := b.Open(browser.Options{Width: s.width, Dark: s.dark, Features: map[string]string{"prefers-reduced-motion": "reduce"}})
	if err != nil {
		return err
	}
	defer tab.Close()
	if err := tab.Go(s.address); err != nil {
		return err
	}
	problems, err := tab.Problems()
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(os.Stderr, s.address+":", p)
	}
	picture, err := take(tab, s.width)
	if err != nil {
		return fmt.Errorf("picture of %s: %w", s.address, err)
	}
	file := filepath.Join(out, s.file())
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	fmt.Println(file, len(picture))
	return nil
}
