package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

type searchCmd struct {
	dataFlags
	netFlags
	logFlags
	JSON  bool     `name:"json" help:"Print the API's answer."`
	Limit int      `default:"10" help:"How many results, at most 100 (${default})."`
	Sort  string   `default:"relevance" enum:"relevance,newest" help:"relevance or newest (${default})."`
	Exact bool     `help:"Leave the thesaurus's equivalents out."`
	Typed bool     `help:"Search for what is typed, though a correction would find more."`
	Plain bool     `help:"Take the query as plain words, without operators."`
	Query []string `arg:"" help:"What to look for: words, \"phrases\", community:, source:, language: …; a word with a dash comes after --."`
}

// Run searches and prints what is found.
func (c *searchCmd) Run(ctx context.Context, con console) error {
	if c.Limit < 1 || c.Limit > 100 {
		return usageError{fmt.Errorf("--limit %d: want 1 to 100", c.Limit)}
	}
	query := strings.Join(c.Query, " ")
	values := url.Values{"q": {query}, "limit": {strconv.Itoa(c.Limit)}, "sort": {c.Sort}}
	for name, set := range map[string]bool{"exact": c.Exact, "typed": c.Typed, "plain": c.Plain} {
		if set {
			values.Set(name, "1")
		}
	}
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		body, err := cl.get(ctx, "/api/v1/search", values)
		if bad, ok := errors.AsType[*answerFailure](err); ok && bad.Position != nil {
			fmt.Fprint(con.Err, con.badQuery(query, bad))
			return errSilent
		}
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(body)
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		if c.JSON {
			_, err := con.Out.Write(answer)
			return err
		}
		var result found
		if err := json.Unmarshal(answer, &result); err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		_, err = io.WriteString(con.Out, con.results(query, result))
		return err
	})
}
