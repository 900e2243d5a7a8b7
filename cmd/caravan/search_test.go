package main

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
		if got := printable(tt.in); got != tt.want {
			t.Errorf("printable(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestHighlightShowsMarks(t *testing.T) {
	tests := []struct {
		terminal bool
		in, want string
	}{
		{false, "an <mark>open</mark> &amp; shut <mark>case</mark>", "an *open* & shut *case*"},
		{true, "an <mark>open</mark> case", "an \x1b[33;1mopen\x1b[0m case"},
		{false, "no mark &lt;b&gt;", "no mark <b>"},
		{true, "<mark>\x1b]0;x</mark>", "\x1b[33;1m]0;x\x1b[0m"},
	}
	for _, tt := range tests {
		if got := (console{Terminal: tt.terminal}).highlight(tt.in); got != tt.want {
			t.Errorf("highlight(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
