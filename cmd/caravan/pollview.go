package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/wording"
)

// A pollEvent is a line of what the administration tells of a pass: how many
// sources are due ("due"), one begun ("begin"), one done ("done"), one given back
// because nothing could be asked ("back"), or, without a kind, the end of the
// whole, with Error when it broke.
type pollEvent struct {
	Kind    string               `json:"kind,omitempty"`
	Due     int                  `json:"due,omitempty"`
	Source  string               `json:"source,omitempty"` // slug
	Title   string               `json:"title,omitempty"`
	Status  int                  `json:"status,omitempty"`
	New     int                  `json:"new,omitempty"`
	Changed int                  `json:"changed,omitempty"`
	Failure caravan.FailureClass `json:"failure,omitempty"`
	Detail  string               `json:"detail,omitempty"`
	TookMS  int64                `json:"took_ms,omitempty"`
	Error   string               `json:"error,omitempty"`
}

// A pollTally is what is known of a pass so far. The zero value is a pass that
// has not begun.
type pollTally struct {
	due      int
	done     []pollEvent
	inFlight map[string]flight // by slug
}

type flight struct {
	title string
	since time.Time
}

// note takes in one event, met at now.
func (t *pollTally) note(e pollEvent, now time.Time) {
	switch e.Kind {
	case "due":
		t.due = e.Due
	case "begin":
		if t.inFlight == nil {
			t.inFlight = make(map[string]flight)
		}
		t.inFlight[e.Source] = flight{title: e.Title, since: now}
	case "back":
		delete(t.inFlight, e.Source)
	case "done":
		delete(t.inFlight, e.Source)
		t.done = append(t.done, e)
	}
}

// total is how many sources the pass will have polled as far as is known.
func (t *pollTally) total() int { return max(t.due, len(t.done)+len(t.inFlight)) }

// counts sums up the sources done.
func (t *pollTally) counts() (fresh, changed, unchanged, failed int) {
	for _, e := range t.done {
		fresh += e.New
		changed += e.Changed
		switch {
		case e.Failure != caravan.FailNone:
			failed++
		case e.New+e.Changed == 0:
			unchanged++
		}
	}
	return fresh, changed, unchanged, failed
}

// slowAfter is how long a source may take before it is named.
const slowAfter = 3 * time.Second

// slow names the sources that have taken long at now, the slowest first.
func (t *pollTally) slow(now time.Time) string {
	var late []flight
	for _, f := range t.inFlight {
		if now.Sub(f.since) >= slowAfter {
			late = append(late, f)
		}
	}
	if len(late) == 0 {
		return ""
	}
	slices.SortFunc(late, func(a, b flight) int {
		return cmp.Or(a.since.Compare(b.since), strings.Compare(a.title, b.title))
	})
	names := make([]string, 0, 3)
	for _, f := range late[:min(len(late), 3)] {
		names = append(names, fmt.Sprintf("%s (%.0f s)", wording.Printable(f.title), now.Sub(f.since).Seconds()))
	}
	if len(late) > 3 {
		names = append(names, fmt.Sprintf("and %d more", len(late)-3))
	}
	return "waiting for " + strings.Join(names, ", ")
}

// sentence tells how far the pass is at now.
func (t *pollTally) sentence(now time.Time) string {
	fresh, changed, _, failed := t.counts()
	s := fmt.Sprintf("%d of %s polled, %d new, %d changed", len(t.done), wording.Plural(t.total(), "source", "sources"), fresh, changed)
	if failed > 0 {
		s += fmt.Sprintf(", %d failed", failed)
	}
	if slow := t.slow(now); slow != "" {
		s += "; " + slow
	}
	return s
}

// summary writes the table at the end: each source that brought something or
// failed, and the sums.
func (t *pollTally) summary(w io.Writer, took time.Duration) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rows := slices.Clone(t.done)
	slices.SortStableFunc(rows, func(a, b pollEvent) int { return strings.Compare(caravan.Fold(a.Title), caravan.Fold(b.Title)) })
	header := false
	for _, e := range rows {
		if e.New+e.Changed == 0 && e.Failure == caravan.FailNone {
			continue
		}
		if !header {
			fmt.Fprintln(table, "SOURCE\tNEW\tCHANGED\tSECONDS\tRESULT")
			header = true
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%.1f\t%s\n", shorten(wording.Printable(e.Title), 40), e.New, e.Changed, float64(e.TookMS)/1000, wording.Printable(resultOf(e)))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fresh, changed, unchanged, failed := t.counts()
	_, err := fmt.Fprintf(w, "%s polled in %.1f s: %s, %d changed; %d unchanged, %d failed\n",
		wording.Plural(len(t.done), "source", "sources"), took.Seconds(), wording.Plural(fresh, "new article", "new articles"), changed, unchanged, failed)
	return err
}

// resultOf says in a few words how a poll went.
func resultOf(e pollEvent) string {
	switch {
	case e.Failure != caravan.FailNone && e.Detail != "":
		return e.Detail
	case e.Failure != caravan.FailNone:
		return string(e.Failure)
	}
	return "ok"
}

// shorten cuts s to n characters.
func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
