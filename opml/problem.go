package opml

import (
	"cmp"
	"fmt"
	"slices"

	"caravan"
	"caravan/opml/internal/markup"
)

// Short names for the two severities.
const (
	warning = caravan.SeverityWarning
	failure = caravan.SeverityError
)

// sameKindLimit bounds how many findings with one message are told one by one:
// a binary file would give millions.
const sameKindLimit = 100

// A located is a problem that still knows whether the file is broken by it.
type located struct {
	caravan.Problem
	broken bool
}

// locate puts findings in the order of the file and counts their places.
func locate(file, text string, found []markup.Finding) []located {
	slices.SortStableFunc(found, func(a, b markup.Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	var (
		out   []located
		place = markup.NewPlacer(text)
	)
	for _, f := range found {
		p := caravan.Problem{File: file, Severity: f.Severity, Message: f.Message}
		p.Line, p.Column = place.At(f.Offset)
		p.Text, p.At = excerpt(text, f.Offset)
		out = append(out, located{p, f.Broken})
	}
	return out
}

// limited drops warnings whose message was already told often, and says how
// many it dropped. Errors stay: each may have cost a row.
func limited(found []markup.Finding) []markup.Finding {
	var (
		seen = make(map[string]int)
		last = make(map[string]int) // where in kept
		kept = found[:0:0]
	)
	for _, f := range found {
		if f.Severity == warning {
			seen[f.Message]++
			if seen[f.Message] > sameKindLimit {
				continue
			}
			last[f.Message] = len(kept)
		}
		kept = append(kept, f)
	}
	for message, n := range seen {
		if n > sameKindLimit {
			kept[last[message]].Message = fmt.Sprintf("%s %d more like this follow.", message, n-sameKindLimit)
		}
	}
	return kept
}
