package worddiff

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// written is a diff as one line: -removed- +added+ … for what is skipped.
func written(d Diff) string {
	var words []string
	for _, p := range d.Parts {
		words = append(words, map[Kind]string{Same: p.Text, Removed: "-" + p.Text + "-", Added: "+" + p.Text + "+", Skipped: "…"}[p.Kind])
	}
	return strings.Join(words, " ")
}

func TestWords(t *testing.T) {
	tests := []struct {
		name, before, after string
		around              int
		want                string
		removed, added      int
	}{
		{name: "nothing changed", before: "a b c", after: "a b c"},
		{name: "white space is no change", before: "a  b\nc", after: "a b c"},
		{name: "a word became another", before: "the old form", after: "the new form", around: 3, want: "the -old- +new+ form", removed: 1, added: 1},
		{name: "a word came", before: "a c", after: "a b c", around: 3, want: "a +b+ c", added: 1},
		{name: "a word went", before: "a b c", after: "a c", around: 3, want: "a -b- c", removed: 1},
		{name: "all is new", before: "", after: "a b", around: 3, want: "+a b+", added: 2},
		{name: "all is gone", before: "a b", after: "", around: 3, want: "-a b-", removed: 2},
		{name: "what is far is skipped", before: "1 2 3 4 5 x 6 7 8 9 10 11 y 12 13 14 15", after: "1 2 3 4 5 6 7 8 9 10 11 z 12 13 14 15", around: 2,
			want: "… 4 5 -x- 6 7 … 10 11 -y- +z+ 12 13 …", removed: 2, added: 1},
		{name: "one word is not skipped", before: "1 2 3 x 4", after: "1 2 3 4", around: 2, want: "1 2 3 -x- 4", removed: 1},
		{name: "removed comes before added", before: "k a b m", after: "k c d m", around: 1, want: "k -a b- +c d+ m", removed: 2, added: 2},
		{name: "a word moved", before: "x a b c d", after: "a b c d x", around: 9, want: "-x- a b c d +x+", removed: 1, added: 1},
	}
	for _, tt := range tests {
		d := Words(tt.before, tt.after, tt.around)
		if got := written(d); got != tt.want || d.Removed != tt.removed || d.Added != tt.added || d.Rewritten {
			t.Errorf("%s: Words(%q, %q) = %q -%d +%d, want %q -%d +%d", tt.name, tt.before, tt.after, got, d.Removed, d.Added, tt.want, tt.removed, tt.added)
		}
	}
}

// sides puts the two texts together again from a diff that skips nothing.
func sides(d Diff) (before, after string) {
	var old, current []string
	for _, p := range d.Parts {
		if p.Kind != Added {
			old = append(old, p.Text)
		}
		if p.Kind != Removed {
			current = append(current, p.Text)
		}
	}
	return strings.Join(old, " "), strings.Join(current, " ")
}

// Of random texts of few different words, so that much of them is alike, both
// come back whole, and no shorter way is longer than taking all out and in.
func TestBothTextsComeBackFromTheDiff(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		words := make([]string, r.IntN(30))
		for i := range words {
			words[i] = string(rune('a' + r.IntN(4)))
		}
		return strings.Join(words, " ")
	}
	for range 3000 {
		before, after := text(), text()
		d := Words(before, after, 100)
		if d.Parts == nil && before == after {
			continue
		}
		if a, b := sides(d); a != before || b != after {
			t.Fatalf("Words(%q, %q) = %s", before, after, written(d))
		}
		if shortest := distance(strings.Fields(before), strings.Fields(after)); d.Removed+d.Added != shortest {
			t.Fatalf("Words(%q, %q) takes %d edits, want %d: %s", before, after, d.Removed+d.Added, shortest, written(d))
		}
	}
}

// distance is the number of words to take out and put in, by the textbook's
// table (Wagner and Fischer).
func distance(a, b []string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			best := 1 + min(row[j], row[j+1])
			if a[i] == b[j] {
				best = diagonal
			}
			diagonal, row[j+1] = row[j+1], best
		}
	}
	return row[len(b)]
}

func TestTheWorkIsBounded(t *testing.T) {
	long := func(word string, n int) string { return strings.TrimSpace(strings.Repeat(word+" ", n)) }
	numbers := func(n int, from rune) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(string(from+rune(i%5000)) + " ")
		}
		return b.String()
	}
	started := time.Now()
	for _, tt := range []struct{ before, after string }{
		{numbers(9_000, 0x4e00), numbers(9_000, 0x8000)},
		{"x " + long("a", 300_000), "y " + long("b", 300_000)},
		{numbers(5_000, 0x4e00) + long("a b", 4_000), long("b a", 4_000) + " c " + numbers(5_000, 0x8000)},
	} {
		if d := Words(tt.before, tt.after, 5); !d.Rewritten || d.Parts != nil || d.Removed == 0 || d.Added == 0 {
			t.Errorf("two long texts with little in common: %d parts, -%d +%d", len(d.Parts), d.Removed, d.Added)
		}
	}
	if d := Words(long("a", 200_000)+" x "+long("b", 200_000), long("a", 200_000)+" y "+long("b", 200_000), 2); written(d) != "… a a -x- +y+ b b …" {
		t.Errorf("one word of a long text: %s", written(d))
	}
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("the old form", "the new form")
	f.Add("", "a")
	f.Fuzz(func(t *testing.T, before, after string) {
		d := Words(before, after, 1<<30)
		if d.Rewritten {
			return
		}
		a, b := sides(d)
		if len(d.Parts) == 0 {
			a, b = strings.Join(strings.Fields(before), " "), strings.Join(strings.Fields(after), " ")
			if a != b {
				t.Errorf("Words(%q, %q) sees no difference", before, after)
			}
			return
		}
		if a != strings.Join(strings.Fields(before), " ") || b != strings.Join(strings.Fields(after), " ") {
			t.Errorf("Words(%q, %q) = %s", before, after, written(d))
		}
	})
}
