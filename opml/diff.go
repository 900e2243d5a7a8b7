package opml

import (
	"fmt"
	"strings"
)

// around is how many unchanged lines a diff shows around a change.
const around = 3

// Diff returns the change from before to after as a unified diff that patch and
// git apply understand, or the empty string when there is none. Lines end with
// LF; a CR before it belongs to the line.
func Diff(name string, before, after []byte) string {
	a, b := splitLines(string(before)), splitLines(string(after))
	changes := compare(a, b)
	if len(changes) == 0 {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "--- a/%s\n+++ b/%s\n", name, name)
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].a-(changes[n-1].a+changes[n-1].deleted) <= 2*around {
			n++
		}
		hunk(&out, a, b, changes[:n])
		changes = changes[n:]
	}
	return out.String()
}

// splitLines splits text behind each LF.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// A change puts inserted lines of b from line b on in place of deleted lines of
// a from line a on; lines count from 0.
type change struct{ a, deleted, b, inserted int }

// hunk writes changes that stand close to each other.
func hunk(out *strings.Builder, a, b []string, changes []change) {
	first, last := changes[0], changes[len(changes)-1]
	fromA := max(first.a-around, 0)
	fromB := first.b - (first.a - fromA)
	toA := min(last.a+last.deleted+around, len(a))
	toB := last.b + last.inserted + toA - (last.a + last.deleted)
	fmt.Fprintf(out, "@@ -%s +%s @@\n", span(fromA, toA), span(fromB, toB))
	at := fromA
	for _, c := range changes {
		writeLines(out, ' ', a[at:c.a])
		writeLines(out, '-', a[c.a:c.a+c.deleted])
		writeLines(out, '+', b[c.b:c.b+c.inserted])
		at = c.a + c.deleted
	}
	writeLines(out, ' ', a[at:toA])
}

// span writes a range of lines as a hunk's head does.
func span(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprint(from + 1)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

// writeLines writes lines with a mark before each.
func writeLines(out *strings.Builder, mark byte, lines []string) {
	for _, line := range lines {
		out.WriteByte(mark)
		out.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// maxEdits bounds how long compare looks for the shortest way; two texts that
// differ in more lines are told as one change.
const maxEdits = 2000

// compare returns the changes that make b of a, in order (Myers, An O(ND)
// difference algorithm and its variations).
func compare(a, b []string) []change {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	if start == endA && start == endB {
		return nil
	}
	x, y := a[start:endA], b[start:endB]
	trace, ok := shortest(x, y)
	if !ok {
		return []change{{a: start, deleted: len(x), b: start, inserted: len(y)}}
	}
	return walkBack(trace, len(x), len(y), start)
}

// shortest returns the furthest points reached with 0, 1, 2 … edits on each
// diagonal, up to the number that makes y of x.
func shortest(x, y []string) (trace [][]int, ok bool) {
	limit := min(len(x)+len(y), maxEdits)
	v := make([]int, 2*limit+3)
	zero := limit + 1
	for d := 0; d <= limit; d++ {
		trace = append(trace, append([]int(nil), v[zero-d-1:zero+d+2]...))
		for k := -d; k <= d; k += 2 {
			i := v[zero+k-1] + 1
			if k == -d || k != d && v[zero+k-1] < v[zero+k+1] {
				i = v[zero+k+1]
			}
			for i < len(x) && i-k < len(y) && x[i] == y[i-k] {
				i++
			}
			v[zero+k] = i
			if i >= len(x) && i-k >= len(y) {
				return trace, true
			}
		}
	}
	return nil, false
}

// walkBack reads the changes off a trace; start is what both texts begin with.
func walkBack(trace [][]int, i, j, start int) []change {
	var backwards []change
	for d := len(trace) - 1; d > 0; d-- {
		v, zero := trace[d], d+1
		k := i - j
		down := k == -d || k != d && v[zero+k-1] < v[zero+k+1]
		c := change{deleted: 1}
		previous := k - 1
		if down {
			c, previous = change{inserted: 1}, k+1
		}
		i = v[zero+previous]
		j = i - previous
		c.a, c.b = start+i, start+j
		if n := len(backwards); n > 0 && c.a+c.deleted == backwards[n-1].a && c.b+c.inserted == backwards[n-1].b {
			c.deleted += backwards[n-1].deleted
			c.inserted += backwards[n-1].inserted
			backwards[n-1] = c
			continue
		}
		backwards = append(backwards, c)
	}
	for l, r := 0, len(backwards)-1; l < r; l, r = l+1, r-1 {
		backwards[l], backwards[r] = backwards[r], backwards[l]
	}
	return backwards
}
