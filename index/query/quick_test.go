package query

import (
	"math/rand/v2"
	"strings"
	"testing"

	"caravan/index/words"
)

// What is seen at a glance is what taking the whole text apart shows.
func TestAGlanceSeesOnlyWhatIsThere(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	pieces := strings.Fields("open Open ópen data DATA data, (open open-data co-open l'open d'data open.data U.N. u.n open's don't ’open a à áa « data\u00ad 公共 opening")
	told := make(map[verdict]int)
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))] + []string{" ", " ", " ", "\n", "-", "  ", ". "}[r.IntN(7)])
		}
		s, phrase := b.String(), []string{"open data", "data open data", "open open", "un data", "open data open", "open-data", "公共 open", "dont open", "a a"}[r.IntN(9)]
		wanted := words.For(words.Other).Terms(phrase)
		parts, joined := Split(wanted)
		x := text{terms: words.For(words.Other).Terms(s)}
		v, whole := glance(s, parts, joined), x.hasExactly(wanted)
		if v == there && !whole || v == absent && whole {
			t.Fatalf("%q in %q: a glance tells %d, the whole text %v", phrase, s, v, whole)
		}
		told[v]++
	}
	if told[there] < 500 || told[absent] < 2000 {
		t.Errorf("told %v", told)
	}
	parts, joined := Split(words.For(words.Other).Terms("open data"))
	long := strings.Repeat("opening the data, open then data ", 200)
	for s, want := range map[string]verdict{
		long: absent, long + "Open  Data!": there, "open": absent, "": absent, "ópen data": there, "réopen data": absent, "an open" + strings.Repeat(" .", 50) + " data": unclear,
	} {
		if got := glance(s, parts, joined); got != want {
			t.Errorf("glance(%.40q) = %d, want %d", s, got, want)
		}
	}
}
