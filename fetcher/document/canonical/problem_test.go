package canonical

import (
	"fmt"
	"testing"
)

func TestRepairsAreToldOnce(t *testing.T) {
	p := &Problems{Text: []byte("a\nb\nc")}
	p.Note(2, "x")
	p.Note(4, "x")
	p.Note(-1, "y")
	p.Note(4, "z")
	for i := range 2 * maxProblems {
		p.Note(0, fmt.Sprint(i))
	}
	got := p.Texts()
	if len(got) != maxProblems || got[0] != "line 2: x, and 1 times more" || got[1] != "y" || got[2] != "line 3: z" {
		t.Errorf("%q", got)
	}
}
