package main

import (
	"fmt"
	"html"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"caravan/cmd/caravan/internal/wording"
)

// A found result is what the terminal shows of the API's answer.
type found struct {
	Total        int
	About        bool
	TookMS       float64 `json:"took_ms"`
	Suggestion   string
	Corrected    bool
	AlsoSearched []string `json:"also_searched"`
	Unknown      []string
	Relaxed      []struct {
		Query, Dropped string
		Quoted         bool
		Total          int
	}
	Items []struct {
		URL         string
		Title       string
		SourceTitle string `json:"source_title"`
		Published   time.Time
		Snippet     string
	}
}

// results shows what a query found: first what was searched for besides it or
// instead of it, then the articles, and last how many there are.
func (con console) results(query string, r found) string {
	var b strings.Builder
	if r.Corrected {
		fmt.Fprintf(&b, "%s\n\n", con.flow("", say(fmt.Sprintf(
			"Nothing matches %q. These match %q; --typed searches for the first all the same.", wording.Printable(query), wording.Printable(r.Suggestion)))))
	}
	for _, item := range r.Items {
		fmt.Fprintf(&b, "%s\n", con.flow("", []span{{wording.Printable(item.Title), strong}}))
		meta := wording.Printable(item.SourceTitle)
		if !item.Published.IsZero() {
			meta += item.Published.Format(", 2 January 2006")
		}
		fmt.Fprintf(&b, "%s\n", con.flow("  ", say(meta)))
		if item.Snippet != "" {
			fmt.Fprintf(&b, "%s\n", con.flow("  ", spans(item.Snippet)))
		}
		fmt.Fprintf(&b, "  %s\n\n", wording.Printable(item.URL))
	}
	fmt.Fprintf(&b, "%s\n", con.flow("", say(counted(r))))
	if len(r.AlsoSearched) > 0 {
		also := "Also searched: " + wording.Printable(strings.Join(r.AlsoSearched, ", ")) + " (--exact leaves these out)"
		fmt.Fprintf(&b, "%s\n", con.flow("", say(also)))
	}
	if r.Suggestion != "" && !r.Corrected {
		fmt.Fprintf(&b, "%s\n", con.flow("", say("Did you mean: "+wording.Printable(r.Suggestion))))
	}
	for _, condition := range r.Unknown {
		fmt.Fprintf(&b, "%s\n", con.flow("", say("Nothing in the archive has "+wording.Printable(condition)+".")))
	}
	for _, weaker := range r.Relaxed {
		without := "without " + weaker.Dropped
		switch {
		case weaker.Quoted:
			without = "as a phrase"
		case weaker.Dropped == "":
			without = "any of the words"
		}
		line := fmt.Sprintf("%s: %s: %s", without, wording.Plural(weaker.Total, "article", "articles"), weaker.Query)
		fmt.Fprintf(&b, "%s\n", con.flow("  ", say(wording.Printable(line))))
	}
	return b.String()
}

// counted says how many there are and how many of them are shown.
func counted(r found) string {
	n := wording.Plural(r.Total, "article", "articles")
	if r.Total == 0 {
		n = "No article matches all of this"
	}
	if r.About {
		n = "About " + n
	}
	shown := ""
	if len(r.Items) < r.Total {
		shown = fmt.Sprintf(", %d shown (--limit)", len(r.Items))
	}
	return fmt.Sprintf("%s in %.0f ms%s", n, r.TookMS, shown)
}

// badQuery shows where a query cannot be read, and what could be.
func (con console) badQuery(query string, bad *answerFailure) string {
	const around = 30
	r := []rune(query)
	at := min(max(0, *bad.Position), len(r))
	from, to := max(0, at-around), min(len(r), at+around)
	before, after := wording.Printable(string(r[from:at])), wording.Printable(string(r[at:to]))
	var b strings.Builder
	fmt.Fprintf(&b, "caravan: %s.\n  %s%s\n  %s^ at character %d\n", strings.TrimSuffix(wording.Printable(bad.Message), "."),
		before, after, strings.Repeat(" ", columns(before)), at+1)
	for i, repair := range bad.Repairs {
		if i == 0 {
			b.WriteString("Perhaps you meant:\n")
		}
		fmt.Fprintf(&b, "  %s\n", wording.Printable(repair))
	}
	b.WriteString("--plain takes every sign as text.\n")
	return b.String()
}

// A span is a piece of text that looks the same all along.
type span struct {
	text string
	look look
}

// A look is how text stands out.
type look int

const (
	usual  look = iota
	strong      // bold
	hit         // what a query matched: in colour, else between stars
)

func say(s string) []span { return []span{{s, usual}} }

// spans takes a snippet of the API apart.
func spans(snippet string) []span {
	var out []span
	for i, part := range strings.Split(snippet, "<mark>") {
		marked, rest, ok := strings.Cut(part, "</mark>")
		if i == 0 || !ok {
			marked, rest = "", part
		}
		out = append(out, span{wording.Printable(html.UnescapeString(marked)), hit}, span{wording.Printable(html.UnescapeString(rest)), usual})
	}
	return out
}

// dressed returns text with its look.
func (con console) dressed(s span) string {
	switch {
	case s.text == "" || s.look == usual, s.look == strong && !con.Shine:
		return s.text
	case s.look == strong:
		return "\x1b[1m" + s.text + "\x1b[0m"
	case con.Shine:
		return "\x1b[33;1m" + s.text + "\x1b[0m"
	}
	return "*" + s.text + "*"
}

// bold makes s stand out on a terminal.
func (con console) bold(s string) string { return con.dressed(span{s, strong}) }

// Bounds of a line on a terminal.
const (
	narrowest = 20
	widest    = 100 // wider ones are hard to read
)

// flow writes spans as lines that begin with indent and are no wider than the
// terminal, broken at blanks; without a terminal as one line.
func (con console) flow(indent string, text []span) string {
	if con.Width <= 0 {
		var b strings.Builder
		for _, s := range text {
			b.WriteString(con.dressed(s))
		}
		return indent + b.String()
	}
	room := min(max(con.Width, narrowest), widest) - columns(indent)
	var lines []string
	var line strings.Builder
	used := 0
	for _, word := range wordsOf(text) {
		var dressed strings.Builder
		wide := 0
		for _, s := range word {
			wide += columns(s.text)
			if s.look == hit && !con.Shine {
				wide += len("**")
			}
			dressed.WriteString(con.dressed(s))
		}
		if used > 0 && used+1+wide > room {
			lines, used = append(lines, indent+line.String()), 0
			line.Reset()
		}
		if used > 0 {
			line.WriteByte(' ')
			used++
		}
		line.WriteString(dressed.String())
		used += wide
	}
	return strings.Join(append(lines, indent+line.String()), "\n")
}

// wordsOf returns the words of text, each of which may change its look inside.
func wordsOf(text []span) [][]span {
	var words [][]span
	fresh := true
	for _, s := range text {
		for i, part := range strings.Split(s.text, " ") {
			fresh = fresh || i > 0
			if part == "" {
				continue
			}
			if fresh {
				words = append(words, nil)
				fresh = false
			}
			last := len(words) - 1
			words[last] = append(words[last], span{part, s.look})
		}
	}
	return words
}

// columns is how many columns of a terminal s takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
