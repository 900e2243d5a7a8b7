package page

import (
	"testing"
	"time"

	"caravan"
	"caravan/server/locale"
)

func TestSourcesThatAreReadNowAreMarked(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	c := Context{Lang: locale.English, Now: now, Zone: time.UTC}
	for _, test := range []struct {
		name  string
		state caravan.PollState
		floor time.Duration
		want  string
	}{
		{"due", caravan.PollState{NextPoll: now}, time.Hour, "wait"},
		{"claimed a moment ago", caravan.PollState{NextPoll: now.Add(time.Hour - 5*time.Second)}, time.Hour, "now"},
		{"claimed this moment", caravan.PollState{NextPoll: now.Add(time.Hour)}, time.Hour, "now"},
		{"claimed long ago, so cut off", caravan.PollState{NextPoll: now.Add(50 * time.Minute)}, time.Hour, "wait"},
		{"put off", caravan.PollState{NextPoll: now.Add(3 * time.Hour)}, time.Hour, "wait"},
		{"floor unknown", caravan.PollState{NextPoll: now}, 0, "wait"},
		{"read before", caravan.PollState{NextPoll: now.Add(time.Hour), LastPoll: now, FirstPoll: now, LastSuccess: now}, time.Hour, "ok"},
	} {
		v := c.Run(RunInput{Sources: []caravan.Source{{Slug: "a", Title: "A", State: test.state}}, Floor: test.floor})
		if got := v.Ticks[0].State; got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestProblemIsMarkedInItsLine(t *testing.T) {
	for _, test := range []struct {
		text                string
		at                  int
		before, mark, after string
	}{
		{`<outline text="A"/>`, 1, `<outline text="A"/>`, "", ""},
		{`<a b="ü> c="d"/>`, 8, `<a b="ü`, ">", ` c="d"/>`},
		{`<a b="x c="d"/>`, 8, `<a b="x`, "_", `c="d"/>`},
		{`<a b="x`, 8, `<a b="x`, "_", ""},
		{`<a`, 9, `<a`, "", ""},
		{`<a`, 0, `<a`, "", ""},
	} {
		before, mark, after := atMark(test.text, test.at)
		if before != test.before || mark != test.mark || after != test.after {
			t.Errorf("atMark(%q, %d) = %q, %q, %q, want %q, %q, %q", test.text, test.at, before, mark, after, test.before, test.mark, test.after)
		}
	}
}
