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
	pieces := strings.Fields("open Open ópen data DATA data, (open open-data co-open l'open d'data open.data U.N. u.n open's don't ’open « data\u00ad 公共 opening")
	seen := 0
	for range 20_000 {
		var b strings.Builder
		for range 1 + r.IntN(8) {
			b.WriteString(pieces[r.IntN(len(pieces))] + []string{" ", " ", " ", "\n", "-", "  ", ". "}[r.IntN(7)])
		}
		s, phrase := b.String(), []string{"open data", "data open data", "open open", "un data", "open data open"}[r.IntN(5)]
		wanted := words.For(words.Other).Terms(phrase)
		parts, _ := Split(wanted)
		x := text{terms: words.For(words.Other).Terms(s)}
		glance, whole := standsPlainly(s, parts), x.hasExactly(wanted)
		if glance && !whole {
			t.Fatalf("%q is seen in %q and is not there", phrase, s)
		}
		if glance {
			seen++
		}
	}
	if seen < 500 {
		t.Errorf("seen %d times", seen)
	}
	long := strings.Repeat("opening the data ", 200)
	parts, _ := Split(words.For(words.Other).Terms("open data"))
	if standsPlainly(long, parts) || !standsPlainly(long+"Open  Data!", parts) || standsPlainly("open", parts) {
		t.Error("a phrase at the end is not told from one that is not there")
	}
}
