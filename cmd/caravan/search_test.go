package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSnippetsShowTheirMarks(t *testing.T) {
	tests := []struct {
		shine    bool
		width    int
		in, want string
	}{
		{false, 0, "an <mark>open</mark> &amp; shut <mark>case</mark>", "an *open* & shut *case*"},
		{true, 0, "an <mark>open</mark> case", "an \x1b[33;1mopen\x1b[0m case"},
		{false, 0, "no mark &lt;b&gt;", "no mark <b>"},
		{true, 0, "<mark>\x1b]0;x</mark>", "\x1b[33;1m]0;x\x1b[0m"}, // S27
		{false, 20, "an <mark>open data</mark>, case", "an *open* *data*,\ncase"},
		{true, 20, "re<mark>open</mark>ed, again and again", "re\x1b[33;1mopen\x1b[0med, again and\nagain"},
		{false, 3, "words do not break before twenty", "words do not break\nbefore twenty"},
		{false, 20, "https://example.org/a/very/long/address is whole", "https://example.org/a/very/long/address\nis whole"},
		{false, 20, "公共创新实验室 公共创新 公共", "公共创新实验室\n公共创新 公共"},
		{false, 20, "", ""},
	}
	for _, tt := range tests {
		if got := (console{Shine: tt.shine, Width: tt.width}).flow("", spans(tt.in)); got != tt.want {
			t.Errorf("%d wide, shining %v: %q is %q, want %q", tt.width, tt.shine, tt.in, got, tt.want)
		}
	}
}

func TestLinesAreNoWiderThanTheTerminal(t *testing.T) {
	text := strings.Repeat("Ein <mark>Wort</mark> و كلمة 公共 e\u0301te\u0301 ", 40)
	for _, wide := range []int{1, 20, 33, 79, 100, 300} {
		for line := range strings.Lines((console{Width: wide}).flow("  ", spans(text))) {
			line = strings.TrimSuffix(line, "\n")
			if !strings.HasPrefix(line, "  ") || columns(line) > min(max(wide, narrowest), widest) {
				t.Errorf("%d wide: %q takes %d", wide, line, columns(line))
			}
		}
	}
}

func TestResultsSayWhatElseWasSearched(t *testing.T) {
	var r found
	if err := json.Unmarshal([]byte(`{"total": 12, "took_ms": 3.4, "also_searched": ["labo", "laboratorio"], "suggestion": "labs",
		"items": [{"title": "A\u001b[2J title", "url": "https://a.example/1", "source_title": "A", "published": "2026-11-05T09:00:00Z", "snippet": "a <mark>lab</mark>"}]}`), &r); err != nil {
		t.Fatal(err)
	}
	want := "A[2J title\n  A, 5 November 2026\n  a *lab*\n  https://a.example/1\n\n12 articles in 3 ms, 1 shown (--limit)\n" +
		"Also searched: labo, laboratorio (--exact leaves these out)\nDid you mean: labs\n"
	if got := (console{}).results("lab", r); got != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
	r = found{Total: 1, Corrected: true, Suggestion: "forms"}
	if got := (console{}).results("forrms", r); !strings.HasPrefix(got, `Nothing matches "forrms". These match "forms"; --typed searches for the first all the same.`) || strings.Contains(got, "Did you mean") {
		t.Errorf("a correction is printed as\n%s", got)
	}
	if err := json.Unmarshal([]byte(`{"total": 0, "relaxed": [{"query": "a", "dropped": "b", "total": 3}, {"query": "a OR b", "total": 1}]}`), &r); err != nil {
		t.Fatal(err)
	}
	r.Corrected, r.Suggestion = false, ""
	want = "No article matches all of this in 0 ms\n  without b: 3 articles: a\n  any of the words: 1 article: a OR b\n"
	if got := (console{}).results("a b", r); got != want {
		t.Errorf("no result is printed as\n%s\nwant\n%s", got, want)
	}
	if got := counted(found{Total: 1532, About: true}); got != "About 1532 articles in 0 ms, 0 shown (--limit)" {
		t.Errorf("an estimate is printed as %s", got)
	}
}

func TestBadQueryIsPrintedWithItsPlace(t *testing.T) {
	for _, tt := range []struct {
		query    string
		position int
		want     string
	}{
		{`a "b`, 2, "  a \"b\n    ^ at character 3\n"},
		{`公 "b`, 2, "  公 \"b\n     ^ at character 3\n"},
		{strings.Repeat("x", 50) + "(", 50, "  " + strings.Repeat("x", 30) + "(\n" + strings.Repeat(" ", 32) + "^ at character 51\n"},
		{"", 9, "  \n  ^ at character 1\n"},
	} {
		got := (console{}).badQuery(tt.query, &answerFailure{Message: "It is wrong", Position: &tt.position, Repairs: []string{"b"}})
		if want := "caravan: It is wrong.\n" + tt.want + "Perhaps you meant:\n  b\n--plain takes every sign as text.\n"; got != want {
			t.Errorf("%q is printed as\n%s\nwant\n%s", tt.query, got, want)
		}
	}
}

// What goes beyond a limit, or cannot be read, is told with exit code 1; a pipe
// gets no escape sequences.
func TestSearchInTheTerminal(t *testing.T) {
	p := newPlanet(t)
	p.must("poll")
	word := p.load.Posts(0)[0].Planted
	for _, tt := range []struct {
		args []string
		code int
		say  string
	}{
		{[]string{word}, exitDone, "1 article in "},
		{[]string{"--json", word}, exitDone, `"total":1`},
		{[]string{"--", "-" + word}, exitDone, "29 articles in "},
		{[]string{`"` + word}, exitFailed, "caravan: A quotation mark is never closed.\n  \"" + word + "\n  ^ at character 1\nPerhaps you meant:\n  \"" + word + "\"\n  " + word + "\n"},
		{[]string{"--plain", `"` + word}, exitDone, "1 article in "},
		{[]string{strings.Repeat("x", 257)}, exitFailed, "caravan: A query may have at most 256 bytes; this one has 257."},
		{[]string{strings.Repeat("ab ", 25)}, exitFailed, "caravan: A query may have at most 24 words; this one has 25."},
		{[]string{"a*"}, exitFailed, "needs at least 2 letters before the star"},
		{[]string{"--limit", "101", "x"}, exitUsage, "want 1 to 100"},
		{[]string{"--typed", word + "x", "zebrafish"}, exitDone, "No article matches all of this"},
	} {
		code, stdout, stderr := p.run("search", tt.args...)
		if code != tt.code || !strings.Contains(stdout+stderr, tt.say) || strings.Contains(stdout, "\x1b") {
			t.Errorf("caravan search %.60q ended with %d, want %d, and said\n%s%s", tt.args, code, tt.code, stdout, stderr)
		}
	}
}
