package document

import (
	"strings"
	"testing"
)

func TestExcerptsAreKnownByTheirEnd(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"<p>and so on…</p>", true},
		{"and so on...", true},
		{"and so on [...]", true},
		{"and so on [&#8230;]", true},
		{`and so on <a href="x">Read more</a>`, true},
		{`<a href="x">Lire la suite →</a></p>`, true},
		{"Leia mais »", true},
		{"the end.", false},
		{"", false},
		{"… at the start", false},
		{strings.Repeat("x", 400) + "…", true},
	}
	for _, test := range tests {
		if got := endsCut(test.in); got != test.want {
			t.Errorf("endsCut(%q) = %v, want %v", test.in, got, test.want)
		}
	}
}
