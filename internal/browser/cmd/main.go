// Command cmd takes pictures of pages:
//
//	go run ./internal/browser/cmd --base http://127.0.0.1:8090 --out doc/screenshots home=/ search='/search?q=forms'
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
	scheme := "light"
	if *dark {
		scheme = "dark"
	}
	for _, width := range strings.Split(*widths, ",") {
		n, err := strconv.Atoi(width)
		if err != nil {
			return fmt.Errorf("width %q: %w", width, err)
		}
		tab, err := b.Open(browser.Options{Width: n, Dark: *dark})
		if err != nil {
			return err
		}
		for _, arg := range flags.Args() {
			name, path, _ := strings.Cut(arg, "=")
			if err := shoot(tab, *base+path, filepath.Join(*out, name+"-"+width+"-"+scheme+".png")); err != nil {
				return err
			}
		}
		tab.Close()
	}
	return nil
}

// shoot saves a picture of one page and tells its problems.
func shoot(tab *browser.Tab, address, file string) error {
	if err := tab.Go(address); err != nil {
		return err
	}
	problems, err := tab.Problems()
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(os.Stderr, address+":", p)
	}
	png, err := tab.Screenshot()
	if err != nil {
		return fmt.Errorf("picture of %s: %w", address, err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		return fmt.Errorf("save picture: %w", err)
	}
	fmt.Println(file)
	return nil
}
