package opml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"caravan"
)

// Short names for the two severities.
const (
	warning = caravan.SeverityWarning
	failure = caravan.SeverityError
)

// A finding is a problem before its place is counted in lines and columns.
type finding struct {
	offset   int // in the text
	severity caravan.Severity
	message  string
	broken   bool // the file is not whole: a tag, quote or comment that does not end
}

// sameKindLimit bounds how many findings with one message are told one by one:
// a binary file would give millions.
const sameKindLimit = 100

// A located is a problem that still knows whether the file is broken by it.
type located struct {
	caravan.Problem
	broken bool
}

// locate puts findings in the order of the file and counts their places.
func locate(file, text string, found []finding) []located {
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(a.offset, b.offset) })
	var (
		out   []located
		place = placer{text: text, line: 1, column: 1}
	)
	for _, f := range found {
		line, column := place.at(f.offset)
		out = append(out, located{
			Problem: caravan.Problem{File: file, Line: line, Column: column, Severity: f.severity, Message: f.message},
			broken:  f.broken,
		})
	}
	return out
}

// limited drops warnings whose message was already told often, and says how
// many it dropped. Errors stay: each may have cost a row.
func limited(found []finding) []finding {
	var (
		seen = make(map[string]int)
		last = make(map[string]int) // where in kept
		kept = found[:0:0]
	)
	for _, f := range found {
		if f.severity == warning {
			seen[f.message]++
			if seen[f.message] > sameKindLimit {
				continue
			}
			last[f.message] = len(kept)
		}
		kept = append(kept, f)
	}
	for message, n := range seen {
		if n > sameKindLimit {
			kept[last[message]].message = fmt.Sprintf("%s %d more like this follow.", message, n-sameKindLimit)
		}
	}
	return kept
}

// A placer counts lines and columns in a text, forwards only. Lines end with
// LF, CR LF or CR; columns are characters.
type placer struct {
	text         string
	offset       int
	line, column int
}

// at returns the line and column of offset, which is not before the last one
// asked for.
func (p *placer) at(offset int) (line, column int) {
	offset = min(offset, len(p.text))
	part := p.text[p.offset:offset]
	for {
		i := strings.IndexAny(part, "\r\n")
		if i < 0 {
			break
		}
		end := i + 1
		if strings.HasPrefix(part[i:], "\r\n") {
			end++
		} else if part[i] == '\r' && p.offset+end < len(p.text) && p.text[p.offset+end] == '\n' {
			break // the offset lies between CR and LF: still this line
		}
		p.line, p.column = p.line+1, 1
		p.offset += end
		part = part[end:]
	}
	p.column += utf8.RuneCountInString(part)
	p.offset = offset
	return p.line, p.column
}
