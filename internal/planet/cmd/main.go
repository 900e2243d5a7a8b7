// Command cmd serves the pages of the planet in memory, for looking at them:
//
//	go run ./internal/planet/cmd --listen 127.0.0.1:8090 [--empty]
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"caravan/internal/planet"
	"caravan/server"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("planet", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8090", "address to listen on")
	empty := flags.Bool("empty", false, "no source has been read yet")
	demo := flags.Bool("demo", false, "say that it is the demo")
	if err := flags.Parse(args); err != nil {
		return err
	}
	make := planet.New
	if *empty {
		make = planet.Empty
	}
	p, err := make(time.Now())
	if err != nil {
		return err
	}
	s, err := server.New(server.Config{Store: p, Index: p, BaseURL: "http://" + *listen, Demo: *demo, Log: slog.Default()})
	if err != nil {
		return err
	}
	fmt.Println("http://" + *listen)
	return http.ListenAndServe(*listen, s.Handler())
}
