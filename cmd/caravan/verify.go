package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"caravan/cmd/caravan/internal/wording"
	"caravan/index"
)

type verifyCmd struct {
	dataFlags
	netFlags
	logFlags
	Repair bool `name:"repair" help:"Rebuild the index if it differs, and compare again."`
	JSON   bool `name:"json" help:"Print the last comparison as JSON."`
}

// Run compares the search index with the store and prints how they differ. It
// fails when they do and are not repaired.
func (c *verifyCmd) Run(ctx context.Context, con console) error {
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		values := url.Values{}
		if c.Repair {
			values.Set("repair", "1")
		}
		body, err := cl.post(ctx, "/admin/verify", values)
		if err != nil {
			return err
		}
		var last *comparison
		err = lines(body, func(e verifyEvent) error {
			if e.Comparison != nil {
				last = e.Comparison
				if !c.JSON {
					fmt.Fprint(con.Out, last.text())
				}
			}
			return e.err()
		})
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("compare index with store: %w", err)
		}
		return c.conclude(con, last)
	})
}

// conclude prints what is left to say of the last comparison and turns it into
// the exit code.
func (c *verifyCmd) conclude(con console, last *comparison) error {
	if last == nil {
		return errors.New("compare index with store: the server sent no comparison")
	}
	if c.JSON {
		enc := json.NewEncoder(con.Out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(last); err != nil {
			return fmt.Errorf("print comparison: %w", err)
		}
	}
	switch {
	case last.Equal:
		return nil
	case c.Repair:
		return errors.New("the index still differs after it was rebuilt; the log says why")
	}
	fmt.Fprintln(con.Err, "'caravan verify --repair' rebuilds the index; searches go on meanwhile.")
	return errSilent
}

// A verifyEvent is a line of the administration's answer.
type verifyEvent struct {
	Comparison *comparison `json:"comparison,omitempty"`
	reindexEvent
}

// A comparison says how the search index and the store differ.
type comparison struct {
	Equal     bool    `json:"equal"`
	Stories   int     `json:"stories"` // in the store
	Indexed   int     `json:"indexed"` // in the index
	Probed    int     `json:"probed"`  // looked for by their own words
	Missing   someIDs `json:"missing"`
	Surplus   someIDs `json:"surplus"`
	Different someIDs `json:"different"`
	Lost      someIDs `json:"lost"`
	Damage    string  `json:"damage,omitempty"`
	Rebuilt   bool    `json:"rebuilt"` // the index was rebuilt before this comparison
}

// mostIDs is how many of the stories that differ are named.
const mostIDs = 10

// A someIDs counts stories and names the first of them.
type someIDs struct {
	Count int      `json:"count"`
	IDs   []string `json:"ids,omitempty"`
}

func someOf(ids []string) someIDs { return someIDs{len(ids), ids[:min(mostIDs, len(ids))]} }

func comparisonOf(d index.Difference) *comparison {
	return &comparison{
		Equal: d.OK(), Stories: d.Stories, Indexed: d.Indexed, Probed: d.Probed, Damage: d.Damage,
		Missing: someOf(d.Missing), Surplus: someOf(d.Surplus), Different: someOf(d.Outdated), Lost: someOf(d.Lost),
	}
}

// text puts a comparison into words.
func (c *comparison) text() string {
	var b bytes.Buffer
	if c.Rebuilt {
		fmt.Fprintln(&b, "Index rebuilt.")
	}
	if c.Equal {
		fmt.Fprintf(&b, "Store and index are equal: %s, of which %d %s looked for by their own words and found.\n",
			wording.Plural(c.Stories, "story", "stories"), c.Probed, wasOrWere(c.Probed))
		return b.String()
	}
	if c.Damage != "" {
		fmt.Fprintf(&b, "The index is damaged: %s.\n", wording.Printable(c.Damage))
		return b.String()
	}
	fmt.Fprintf(&b, "Store and index differ: %s in the store, %d in the index.\n", wording.Plural(c.Stories, "story", "stories"), c.Indexed)
	for _, part := range []struct {
		some someIDs
		what string
	}{
		{c.Missing, "missing in the index"},
		{c.Surplus, "too many in the index: the store does not show them"},
		{c.Different, "different in the index"},
		{c.Lost, "in the index, but not found by their own words"},
	} {
		if part.some.Count > 0 {
			fmt.Fprintf(&b, "  %d %s: %s\n", part.some.Count, part.what, part.some.names())
		}
	}
	return b.String()
}

// names lists the stories that are named.
func (s someIDs) names() string {
	list := strings.Join(s.IDs, " ")
	if s.Count > len(s.IDs) {
		list += " …"
	}
	return list
}

func wasOrWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// Verify compares the search index with the store and tells what differs; with
// repair it rebuilds one that does and compares again.
func (a *admin) Verify(ctx context.Context, repair bool, progress func(event any)) error {
	d, err := a.index.Verify(ctx)
	if err != nil {
		return err
	}
	progress(verifyEvent{Comparison: comparisonOf(d)})
	if d.OK() || !repair {
		return nil
	}
	if err := a.index.Rebuild(ctx); err != nil {
		return err
	}
	if d, err = a.index.Verify(ctx); err != nil {
		return err
	}
	again := comparisonOf(d)
	again.Rebuilt = true
	progress(verifyEvent{Comparison: again})
	return nil
}
