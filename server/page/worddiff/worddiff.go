// Package worddiff compares two texts word by word, for people to read: what
// was taken out and what was put in, with a few words around it. It is pure,
// and the work it does is bounded whatever the texts are.
package worddiff

import (
	"slices"
	"strings"
)

// A Kind says what became of some words.
type Kind int

// The kinds.
const (
	Same    Kind = iota // in both texts
	Removed             // in the old text only
	Added               // in the new text only
	Skipped             // in both, and left out for being far from any change; Text is empty
)

// A Part is a run of words of one kind, with single spaces between them.
type Part struct {
	Kind Kind
	Text string
}

// A Diff is how one text became another.
type Diff struct {
	Parts   []Part // in the order of the texts; empty when they have the same words
	Removed int    // words
	Added   int    // words

	// Rewritten reports that the texts have so little in common that they were
	// not compared; Parts is empty then, and the counts are those of the whole.
	Rewritten bool
}

// Bounds of the work of one comparison.
const (
	maxWords = 20_000 // of what differs, both texts together
	maxEdits = 400    // words removed and added
)

// Words compares two texts and keeps so many words around each change.
func Words(before, after string, around int) Diff {
	old, current := strings.Fields(before), strings.Fields(after)
	start := common(old, current, func(words []string, i int) string { return words[i] })
	end := common(old[start:], current[start:], func(words []string, i int) string { return words[len(words)-1-i] })
	a, b := old[start:len(old)-end], current[start:len(current)-end]
	if len(a)+len(b) == 0 {
		return Diff{}
	}
	middle, ok := edits(a, b)
	if !ok {
		return Diff{Rewritten: true, Removed: len(old), Added: len(current)}
	}
	var d Diff
	runs := append([]run{{Same, old[:start]}}, middle...)
	runs = merge(append(runs, run{Same, old[len(old)-end:]}))
	for i, r := range runs {
		switch r.kind {
		case Removed:
			d.Removed += len(r.words)
		case Added:
			d.Added += len(r.words)
		}
		d.Parts = append(d.Parts, cut(r, around, i == 0, i == len(runs)-1)...)
	}
	return d
}

// common counts the equal words at the end of two texts that at walks from.
func common(a, b []string, at func([]string, int) string) int {
	n := 0
	for n < len(a) && n < len(b) && at(a, n) == at(b, n) {
		n++
	}
	return n
}

// A run is words of one kind.
type run struct {
	kind  Kind
	words []string
}

// edits finds a shortest way from a to b (Myers, "An O(ND) Difference Algorithm
// and Its Variations", 1986); ok is false when it is longer than the bounds.
func edits(a, b []string) (runs []run, ok bool) {
	if len(a) == 0 || len(b) == 0 {
		return []run{{Removed, a}, {Added, b}}, true
	}
	if len(a)+len(b) > maxWords {
		return nil, false
	}
	limit := min(len(a)+len(b), maxEdits)
	furthest := make([]int, 2*limit+3) // by diagonal, the middle one at limit+1
	at := func(k int) *int { return &furthest[limit+1+k] }
	var trace [][]int
	for d := 0; d <= limit; d++ {
		for k := -d; k <= d; k += 2 {
			x := *at(k - 1) + 1 // a word of a goes
			if k == -d || k != d && *at(k - 1) < *at(k + 1) {
				x = *at(k + 1) // a word of b comes
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			*at(k) = x
			if x >= len(a) && x-k >= len(b) {
				return backtrack(a, b, append(trace, slices.Clone(furthest[limit+1-d:limit+2+d]))), true
			}
		}
		trace = append(trace, slices.Clone(furthest[limit+1-d:limit+2+d]))
	}
	return nil, false
}

// backtrack walks from the end to the start through what each number of edits
// reached; trace[d] holds the diagonals -d to d.
func backtrack(a, b []string, trace [][]int) []run {
	x, y := len(a), len(b)
	var runs []run // last first
	for d := len(trace) - 1; d > 0; d-- {
		k := x - y
		before := func(k int) int { // the furthest with one edit less
			if k < -(d-1) || k > d-1 {
				return -1
			}
			return trace[d-1][k+d-1]
		}
		came := k == -d || k != d && before(k-1) < before(k+1) // a word of b did
		from := before(k-1) + 1
		if came {
			from = before(k + 1)
		}
		runs = append(runs, run{Same, a[from:x]})
		x, y = from, from-k
		if came {
			y--
			runs = append(runs, run{Added, b[y : y+1]})
			continue
		}
		x--
		runs = append(runs, run{Removed, a[x : x+1]})
	}
	runs = append(runs, run{Same, a[:x]})
	slices.Reverse(runs)
	return runs
}

// merge joins neighbours of one kind, and puts what was removed before what was
// added where nothing stands between them.
func merge(runs []run) []run {
	var out []run
	var gone, come []string
	flush := func() {
		if len(gone) > 0 {
			out = append(out, run{Removed, gone})
		}
		if len(come) > 0 {
			out = append(out, run{Added, come})
		}
		gone, come = nil, nil
	}
	for _, r := range runs {
		switch {
		case len(r.words) == 0:
		case r.kind == Removed:
			gone = append(gone, r.words...)
		case r.kind == Added:
			come = append(come, r.words...)
		default:
			flush()
			if n := len(out); n > 0 && out[n-1].kind == Same {
				out[n-1].words = slices.Concat(out[n-1].words, r.words)
				continue
			}
			out = append(out, r)
		}
	}
	flush()
	return out
}

// cut makes parts of a run, of what is the same only the words beside a change.
func cut(r run, around int, first, last bool) []Part {
	head, tail := around, around
	if first {
		head = 0
	}
	if last {
		tail = 0
	}
	if r.kind != Same || len(r.words) <= head+tail+1 {
		return []Part{{r.kind, strings.Join(r.words, " ")}}
	}
	var parts []Part
	if head > 0 {
		parts = append(parts, Part{Same, strings.Join(r.words[:head], " ")})
	}
	parts = append(parts, Part{Kind: Skipped})
	if tail > 0 {
		parts = append(parts, Part{Same, strings.Join(r.words[len(r.words)-tail:], " ")})
	}
	return parts
}
