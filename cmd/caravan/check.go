package main

import (
	"encoding/json"
	"fmt"

	"caravan"
)

type checkCmd struct {
	File string `arg:"" optional:"" default:"feeds.opml" env:"CARAVAN_FEEDS" help:"The source list (${default})."`
	JSON bool   `name:"json" help:"Print the problems as JSON."`
}

// checked is what check --json prints.
type checked struct {
	File        string            `json:"file"`
	Communities int               `json:"communities"`
	Sources     int               `json:"sources"`
	Errors      int               `json:"errors"`
	Warnings    int               `json:"warnings"`
	Problems    []caravan.Problem `json:"problems"`
}

// Run prints every problem of the list, and fails when one is an error.
func (c *checkCmd) Run(con console) error {
	list, err := readList(c.File)
	result := summarize(c.File, list)
	if err != nil && result.Errors == 0 {
		result.Errors++
		result.Problems = append(result.Problems, caravan.Problem{File: c.File, Severity: caravan.SeverityError, Message: err.Error()})
	}
	if c.JSON {
		enc := json.NewEncoder(con.Out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(result); err != nil {
			return err
		}
	} else {
		for _, p := range result.Problems {
			fmt.Fprintln(con.Out, p)
		}
		fmt.Fprintf(con.Out, "%s: %s in %s, %s, %s\n", c.File, plural(result.Sources, "source", "sources"), plural(result.Communities, "community", "communities"),
			plural(result.Errors, "error", "errors"), plural(result.Warnings, "warning", "warnings"))
	}
	if result.Errors > 0 {
		return errSilent
	}
	return nil
}

// summarize counts a list: a source in several communities once.
func summarize(file string, list caravan.List) checked {
	c := checked{File: file, Communities: len(list.Communities), Problems: list.Problems}
	seen := make(map[string]bool)
	for _, community := range list.Communities {
		for _, s := range community.Sources {
			seen[caravan.SourceKey(s.URL)] = true
		}
	}
	c.Sources = len(seen)
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
