package fetcher

import (
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestJudgeAdoptsRedirectsSlowly(t *testing.T) { // E16, R26
	const there = "http://moved.example/feed"
	week := 7 * 24 * time.Hour
	known := func(since time.Duration, polls int, familiar bool) func(*caravan.Source) {
		return func(s *caravan.Source) {
			s.State.Redirect = caravan.Redirect{URL: there, Since: received.Add(-since - time.Second), Polls: polls, Familiar: familiar}
		}
	}
	to := func(address string, familiar bool) func(*Answer) {
		return func(a *Answer) { a.FinalURL, a.PermanentTo, a.Familiar = address, address, familiar }
	}
	tests := []struct {
		name   string
		source func(*caravan.Source)
		answer func(*Answer)
		moved  string
		polls  int // that the redirect is remembered with
	}{
		{name: "none", source: known(week, 5, true)},
		{name: "first", answer: to(there, true), polls: 1},
		{name: "second, too soon", source: known(week-time.Hour, 1, true), answer: to(there, true), polls: 2},
		{name: "second, after a week", source: known(week, 1, true), answer: to(there, true), moved: there},
		{name: "after a week, with 304", source: known(week, 1, true), answer: func(a *Answer) { notModified(a); to(there, false)(a) }, moved: there},
		{name: "nothing in common", source: known(4*week, 30, false), answer: to(there, false), polls: 31},
		{name: "something in common at last", source: known(4*week, 30, false), answer: to(there, true), moved: there},
		{name: "elsewhere than before", source: known(4*week, 30, true), answer: to("http://other.example/", true), polls: 1},
		{name: "a failure in between", source: known(week, 3, true), answer: status(500), polls: 3},
		{name: "https on the same host", answer: to("https://lab.example/feed/", false), moved: "https://lab.example/feed/"},
		{name: "https on the same host, unread", answer: func(a *Answer) { notModified(a); to("https://lab.example/feed", false)(a) }, polls: 1},
		{name: "https on another host", answer: to("https://www.lab.example/feed", true), polls: 1},
		{name: "to itself", answer: to("http://lab.example/feed", true)},
		{name: "credentials stay with their host", source: func(s *caravan.Source) { s.URL = "http://me:secret@lab.example/feed" },
			answer: to("https://lab.example/feed", true), moved: "https://me:secret@lab.example/feed"},
		{name: "credentials go nowhere else", source: func(s *caravan.Source) {
			known(week, 5, true)(s)
			s.URL = "http://me:secret@lab.example/feed"
		}, answer: to(there, true), polls: 6},
	}
	for _, test := range tests {
		s, a := source(), answer()
		if test.source != nil {
			test.source(&s)
		}
		if test.answer != nil {
			a = answer(test.answer)
		}
		v := DefaultPolicy().Judge(s, a)
		if v.MovedTo != test.moved || v.State.Redirect.Polls != test.polls {
			t.Errorf("%s: moved to %q, remembered %+v; want %q, %d polls", test.name, v.MovedTo, v.State.Redirect, test.moved, test.polls)
		}
		if strings.Contains(v.Decision, "secret") {
			t.Errorf("%s: the decision shows a password: %s", test.name, v.Decision) // S07
		}
	}
}

func TestRhythmIsTheMedianGap(t *testing.T) {
	posts := func(hours ...float64) []caravan.Item {
		var items []caravan.Item
		for _, h := range hours {
			items = append(items, caravan.Item{Published: received.Add(-time.Duration(h * float64(time.Hour)))})
		}
		return items
	}
	tests := []struct {
		name  string
		items []caravan.Item
		want  time.Duration
	}{
		{"no items", nil, 0},
		{"two dates are too few", posts(1, 25), 0},
		{"daily", posts(1, 25, 49, 73), 24 * time.Hour},
		{"in any order", posts(49, 1, 73, 25), 24 * time.Hour},
		{"undated items do not count", append(posts(1, 25, 49), caravan.Item{}, caravan.Item{}), 24 * time.Hour},
		{"future items do not count", posts(-1000, 1, 25, 49), 24 * time.Hour},
		{"a long pause does not count", posts(1, 25, 49, 5000, 5024, 5048), 24 * time.Hour},
		{"posts of one sitting are one", posts(1, 1.5, 2, 170, 170.5, 338.5), 168 * time.Hour},
		{"always in a rush", posts(0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4), time.Hour},
		{"all at once", posts(5, 5, 5, 5, 5, 5), 0},
	}
	for _, test := range tests {
		if got := Rhythm(test.items, received); got != test.want {
			t.Errorf("%s: Rhythm = %v, want %v", test.name, got, test.want)
		}
	}
	long := posts(1, 2.5, 4)
	for i := range 100 {
		long = append(long, posts(10000+100*float64(i))...)
	}
	if got := Rhythm(long, received); got != 100*time.Hour {
		t.Errorf("Rhythm looks at more or less than the newest 20: %v", got)
	}
}

// TestPolicyOverAMonth lets one source be polled for thirty days by a clock of
// its own, and checks that the bounds hold at every step.
func TestPolicyOverAMonth(t *testing.T) { // E10, E30
	tests := []struct {
		name        string
		rhythm      time.Duration
		bare        bool
		min, max    time.Duration
		polls, most int
	}{
		{name: "posts every hour", rhythm: time.Hour, min: time.Hour, max: 2 * time.Hour, polls: 600, most: 720},
		{name: "posts every day", rhythm: 24 * time.Hour, min: 3 * time.Hour, max: 4 * time.Hour, polls: 200, most: 240},
		{name: "posts every week", rhythm: 7 * 24 * time.Hour, min: 21 * time.Hour, max: 25 * time.Hour, polls: 28, most: 35},
		{name: "has stopped", rhythm: 0, min: 3 * time.Hour, max: 25 * time.Hour, polls: 30, most: 130},
		{name: "gives no validators", rhythm: time.Hour, bare: true, min: 24 * time.Hour, max: 25 * time.Hour, polls: 29, most: 30},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, now := DefaultPolicy(), received
			s := caravan.Source{Slug: "lab", URL: "http://lab.example/feed"}
			polls := 0
			for end := now.AddDate(0, 0, 30); now.Before(end); polls++ {
				a := monthAnswer(now, test.rhythm, test.bare, polls)
				s.State = p.Judge(s, a).State
				if s.State.LastNew.IsZero() || test.rhythm > 0 {
					s.State.LastNew = now // as the store does
				}
				wait := s.State.NextPoll.Sub(now)
				if wait < test.min || wait > test.max {
					t.Fatalf("poll %d: waits %v, want %v to %v", polls, wait, test.min, test.max)
				}
				now = s.State.NextPoll
			}
			if polls < test.polls || polls > test.most {
				t.Errorf("%d polls in a month, want %d to %d", polls, test.polls, test.most)
			}
		})
	}
}

// monthAnswer is an answer of a source that posts in a rhythm; zero means that
// it posted once.
func monthAnswer(now time.Time, rhythm time.Duration, bare bool, polls int) Answer {
	a := answer(func(a *Answer) {
		a.Due, a.Started, a.Ended, a.Jitter = now, now, now, Jitter("lab", now)
		a.Conditional = polls > 0 && !bare
		a.Document.Items = []caravan.Item{{Published: received.Add(-time.Hour)}}
	})
	for i := range 6 {
		if rhythm > 0 {
			a.Document.Items = append(a.Document.Items, caravan.Item{Published: now.Add(-rhythm * time.Duration(i+1))})
		}
	}
	if bare {
		a.ETag, a.LastModified = "", ""
	}
	return a
}
