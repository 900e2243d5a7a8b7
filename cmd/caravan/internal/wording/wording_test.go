package wording

import "testing"

func TestPrintableCannotSteerATerminal(t *testing.T) { // S27
	tests := []struct{ in, want string }{
		{"plain", "plain"},
		{"a\x1b[2Jb", "a[2Jb"},
		{"two\nlines\tand a tab", "two lines and a tab"},
		{"a\u202eb\u2066c", "abc"},
		{"\u009b31mred", "31mred"},
	}
	for _, tt := range tests {
		if got := Printable(tt.in); got != tt.want {
			t.Errorf("Printable(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
