package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"caravan"
	"caravan/cmd/caravan/internal/sourcelist"
	"caravan/cmd/caravan/internal/trial"
	"caravan/cmd/caravan/internal/wording"
	"caravan/opml"
)

type checkCmd struct {
	netFlags
	logFlags
	File   string `arg:"" optional:"" default:"feeds.opml" env:"CARAVAN_FEEDS" help:"The source list (${default})."`
	Data   string `default:"data" env:"CARAVAN_DATA" placeholder:"DIR" help:"Where polls are kept, whose answers of the last day are used (${default})."`
	Online bool   `help:"Also try each source once, without storing anything; what was asked within a day is not asked again."`
	Patch  bool   `help:"Print a diff of proposed changes instead, and the problems on standard error."`
	JSON   bool   `name:"json" help:"Print the problems as JSON."`
}

// checked is what check --json prints.
type checked struct {
	File        string            `json:"file"`
	Communities int               `json:"communities"`
	Sources     int               `json:"sources"`
	Tried       int               `json:"tried,omitempty"` // sources of which is known whether they answer
	Errors      int               `json:"errors"`
	Warnings    int               `json:"warnings"`
	Problems    []caravan.Problem `json:"problems"`
	Patch       string            `json:"patch,omitempty"`
}

// Run prints every problem of the list, and fails when one is an error.
func (c *checkCmd) Run(ctx context.Context, con console) error {
	list, err := sourcelist.Read(c.File)
	var trials map[string]trial.Trial
	if err == nil && c.Online {
		if trials, err = c.online(ctx, con, polled(list)); err != nil {
			return err
		}
		list.Problems = append(list.Problems, verdicts(c.File, polled(list), trials)...)
		slices.SortStableFunc(list.Problems, func(a, b caravan.Problem) int { return a.Line - b.Line })
	}
	_, words, _, wordsErr := readThesaurus(thesaurusFile(c.File))
	if wordsErr != nil {
		return wordsErr
	}
	list.Problems = append(list.Problems, words...)
	result := summarize(c.File, list)
	result.Tried = len(trials)
	if err != nil && result.Errors == 0 {
		result.Errors++
		result.Problems = append(result.Problems, caravan.Problem{File: c.File, Severity: caravan.SeverityError, Message: err.Error()})
	}
	if c.Patch && err == nil {
		if result.Patch, err = c.diff(con, list, trials); err != nil {
			return wording.Public(err)
		}
	}
	if err := c.print(con, result); err != nil {
		return err
	}
	if result.Errors > 0 {
		return errSilent
	}
	return nil
}

// print shows a result in the way that was asked for.
func (c *checkCmd) print(con console, result checked) error {
	if c.JSON {
		enc := json.NewEncoder(con.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(result)
	}
	w := con.Out
	if c.Patch {
		w = con.Err
		if _, err := io.WriteString(con.Out, result.Patch); err != nil {
			return err
		}
	}
	for _, p := range result.Problems {
		fmt.Fprintln(w, p)
	}
	tried := ""
	if result.Tried > 0 {
		tried = fmt.Sprintf(" (%d tried)", result.Tried)
	}
	_, err := fmt.Fprintf(w, "%s: %s%s in %s, %s, %s\n", c.File, wording.Plural(result.Sources, "source", "sources"), tried, wording.Plural(result.Communities, "community", "communities"),
		wording.Plural(result.Errors, "error", "errors"), wording.Plural(result.Warnings, "warning", "warnings"))
	return err
}

// diff returns the proposed changes of the list.
func (c *checkCmd) diff(con console, list caravan.List, trials map[string]trial.Trial) (string, error) {
	save, err := opml.ReadFile(c.File)
	if err != nil {
		return "", err
	}
	edited, err := trial.Patch(save.Data, polled(list), trials, con.Now())
	if err != nil {
		return "", err
	}
	return opml.Diff(c.File, save.Data, edited), nil
}

func (c *checkCmd) options(con console) appOptions {
	return appOptions{
		Files: dataFlags{Feeds: c.File, Data: c.Data}, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Wait: con.Wait, Log: c.logger(con.Err),
	}
}

// polled returns the first line of each source that is not paused.
func polled(list caravan.List) []caravan.ListSource {
	return sourcelist.Where(list, func(s caravan.ListSource) bool { return !s.Settings.Paused })
}

// verdicts are the problems that trying the sources has shown.
func verdicts(file string, sources []caravan.ListSource, trials map[string]trial.Trial) []caravan.Problem {
	var problems []caravan.Problem
	for _, s := range sources {
		t, tried := trials[caravan.SourceKey(s.URL)]
		if p := t.Verdict(s); tried && p.Message != "" {
			p.File = file
			problems = append(problems, p)
		}
	}
	return problems
}

// summarize counts a list: a source in several communities once.
func summarize(file string, list caravan.List) checked {
	c := checked{File: file, Communities: len(list.Communities), Problems: list.Problems}
	c.Sources = len(sourcelist.Where(list, func(caravan.ListSource) bool { return true }))
	for _, p := range list.Problems {
		if p.Severity == caravan.SeverityError {
			c.Errors++
		} else {
			c.Warnings++
		}
	}
	if c.Problems == nil {
		c.Problems = []caravan.Problem{}
	}
	return c
}
