package fetcher

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"caravan"
)

// source returns a source that has been polled well, an hour ago, with change.
func source(change ...func(*caravan.Source)) caravan.Source {
	s := caravan.Source{
		Slug: "lab",
		URL:  "http://lab.example/feed",
		State: caravan.PollState{
			FirstPoll:   received.AddDate(-1, 0, 0),
			LastPoll:    received.Add(-time.Hour),
			LastSuccess: received.Add(-time.Hour),
			LastNew:     received.Add(-2 * time.Hour),
			Status:      200,
			Rhythm:      time.Hour,
			Validators:  caravan.Validators{ETag: `"1"`, LastModified: "Tue, 24 Nov 2026 10:00:00 GMT", URL: "http://lab.example/feed"},
		},
	}
	for _, f := range change {
		f(&s)
	}
	return s
}

// answer returns an answer of 200 with a document and a new pair of validators,
// with change.
func answer(change ...func(*Answer)) Answer {
	a := Answer{
		Due:          received.Add(-time.Second),
		Started:      received.Add(-time.Second),
		Ended:        received,
		Status:       200,
		FinalURL:     "http://lab.example/feed",
		Conditional:  true,
		ETag:         `"2"`,
		LastModified: "Wed, 25 Nov 2026 10:00:00 GMT",
		Document:     &caravan.Document{},
	}
	for _, f := range change {
		f(&a)
	}
	if !a.Failure.OK() {
		a.Document = nil
	}
	return a
}

// notModified makes an answer one of 304.
func notModified(a *Answer) {
	a.Status, a.Document = http.StatusNotModified, nil
	a.ETag, a.LastModified = "", ""
}

// status makes an answer one of an HTTP status that is a failure.
func status(code int) func(*Answer) {
	return func(a *Answer) { a.Status, a.Failure = code, StatusFailure(code, false, "") }
}

// noAnswer makes an answer none at all.
func noAnswer(class caravan.FailureClass) func(*Answer) {
	return func(a *Answer) {
		*a = Answer{Due: a.Due, Started: a.Started, Ended: a.Ended, Failure: caravan.Failure{Class: class, Detail: "no answer"}}
	}
}

func TestJudgeSetsTheNextPoll(t *testing.T) {
	const hour = time.Hour
	bareSource := func(s *caravan.Source) { s.State.Validators = caravan.Validators{} }
	tests := []struct {
		name   string
		source func(*caravan.Source)
		answer func(*Answer)
		want   time.Duration // from the end of the answer; negative means never
		hold   time.Duration // of the host
	}{
		{name: "floor with validators", want: hour},                                                                                                         // E10
		{name: "floor after 304", answer: notModified, want: hour},                                                                                          // E10
		{name: "floor without validators", answer: func(a *Answer) { a.ETag, a.LastModified = "", "" }, want: 24 * hour},                                    // E04, E10
		{name: "one validator is enough", answer: func(a *Answer) { a.ETag = "" }, want: hour},                                                              // E10
		{name: "conditions went unused", answer: func(a *Answer) { a.Conditional = false }, want: 24 * hour},                                                // E10, a redirect that moves about
		{name: "first poll", source: bareSource, answer: func(a *Answer) { a.Conditional = false }, want: hour},                                             // E10
		{name: "max-age", answer: func(a *Answer) { a.CacheControl = "max-age=7200" }, want: 2 * hour},                                                      // E11
		{name: "max-age below the floor", answer: func(a *Answer) { a.CacheControl = "max-age=60" }, want: hour},                                            // E11
		{name: "a year is a day", answer: func(a *Answer) { a.CacheControl = "max-age=31536000" }, want: 24 * hour},                                         // E11
		{name: "Expires", answer: func(a *Answer) { a.Expires, a.Date = "Wed, 25 Nov 2026 18:00:00 GMT", "Wed, 25 Nov 2026 12:00:00 GMT" }, want: 6 * hour}, // E11
		{name: "max-age kept for a silent 304", source: func(s *caravan.Source) { s.State.Freshness = 2 * hour }, answer: notModified, want: 2 * hour},      // E05
		{name: "max-age renewed by 304", source: func(s *caravan.Source) { s.State.Freshness = 2 * hour },
			answer: func(a *Answer) { notModified(a); a.CacheControl = "max-age=10800" }, want: 3 * hour}, // E05
		{name: "max-age forgotten by 200", source: func(s *caravan.Source) { s.State.Freshness = 2 * hour }, want: hour},
		{name: "ttl", answer: func(a *Answer) { a.Document.Feed.TTL = 2 * hour }, want: 2 * hour},                                  // E24
		{name: "ttl kept for 304", source: func(s *caravan.Source) { s.Feed.TTL = 2 * hour }, answer: notModified, want: 2 * hour}, // E24
		{name: "ttl of a month", answer: func(a *Answer) { a.Document.Feed.TTL = 720 * hour }, want: 24 * hour},                    // E24
		{name: "ttl hurries nobody", answer: func(a *Answer) { a.Document.Feed.TTL = time.Minute }, want: hour},                    // E24
		{name: "the curator's interval", source: func(s *caravan.Source) { s.Settings.Interval = 72 * hour }, want: 72 * hour},
		{name: "the curator's haste", source: func(s *caravan.Source) { s.Settings.Interval = time.Minute }, want: hour}, // E10
		{name: "Retry-After with 200", answer: func(a *Answer) { a.RetryAfter = "10800" }, want: 3 * hour},
		{name: "weekly rhythm", source: func(s *caravan.Source) { s.State.Rhythm = 168 * hour }, want: 21 * hour},                                               // E30
		{name: "monthly rhythm", source: func(s *caravan.Source) { s.State.Rhythm = 720 * hour }, want: 24 * hour},                                              // E30
		{name: "hectic rhythm", source: func(s *caravan.Source) { s.State.Rhythm = time.Minute }, want: hour},                                                   // E30
		{name: "unknown rhythm", source: func(s *caravan.Source) { s.State.Rhythm = 0 }, want: 3 * hour},                                                        // E30
		{name: "silence stretches the rhythm", source: func(s *caravan.Source) { s.State.LastNew = received.Add(-240 * hour) }, want: 10 * hour},                // E30
		{name: "long silence", source: func(s *caravan.Source) { s.State.LastNew = received.AddDate(-1, 0, 0); s.State.Unlatched = received }, want: 24 * hour}, // E30

		{name: "first failure", answer: status(500), want: hour},                                                                // E14
		{name: "second failure", source: failures(1), answer: status(500), want: 2 * hour},                                      // E14
		{name: "fifth failure", source: failures(4), answer: status(500), want: 16 * hour},                                      // E14
		{name: "sixth failure", source: failures(5), answer: status(500), want: 24 * hour},                                      // E14
		{name: "hundredth failure", source: failures(99), answer: noAnswer(caravan.FailTimeout), want: 24 * hour},               // E14
		{name: "failure with Retry-After", answer: func(a *Answer) { status(500)(a); a.RetryAfter = "36000" }, want: 10 * hour}, // E12
		{name: "failure of a source without validators", source: bareSource, answer: status(500), want: 24 * hour},              // E10
		{name: "unreached source without validators", source: bareSource, answer: noAnswer(caravan.FailDNS), want: hour},        // E14
		{name: "bad body of a new source", source: func(s *caravan.Source) { s.State = caravan.PollState{} },
			answer: func(a *Answer) { a.Conditional = false; a.Failure = caravan.Failure{Class: caravan.FailNotFeed} }, want: 24 * hour}, // E07, E10
		{name: "bad body with validators", answer: func(a *Answer) { a.Failure = caravan.Failure{Class: caravan.FailBroken} }, want: hour}, // E07
		{name: "the curator's interval holds for failures", source: func(s *caravan.Source) { s.Settings.Interval = 72 * hour }, answer: status(500), want: 72 * hour},
		{name: "404", answer: status(404), want: 24 * hour}, // E15
		{name: "401", answer: status(401), want: 24 * hour}, // E15
		{name: "403", answer: status(403), want: 24 * hour}, // E15
		{name: "a bot shield", answer: func(a *Answer) { a.Status, a.Failure = 503, StatusFailure(503, false, "Cloudflare") }, want: 24 * hour},
		{name: "first 410", answer: status(410), want: 24 * hour},                                                                      // E15
		{name: "third 410", source: func(s *caravan.Source) { s.State.Gones = 2 }, answer: status(410), want: -1},                      // E15
		{name: "429 with seconds", answer: func(a *Answer) { status(429)(a); a.RetryAfter = "18000" }, want: 5 * hour, hold: 5 * hour}, // E12, E13
		{name: "429 with a date", answer: func(a *Answer) {
			status(429)(a)
			a.RetryAfter, a.Date = "Wed, 25 Nov 2026 09:00:00 GMT", "Wed, 25 Nov 2026 06:00:00 GMT"
		}, want: 3 * hour, hold: 3 * hour}, // E12
		{name: "429 for a short while", answer: func(a *Answer) { status(429)(a); a.RetryAfter = "60" }, want: hour, hold: time.Minute},                                                                                     // E10, E12
		{name: "429 for a year", answer: func(a *Answer) { status(429)(a); a.RetryAfter = "31536000" }, want: 168 * hour, hold: 168 * hour},                                                                                 // E12
		{name: "429 with garbage", answer: func(a *Answer) { status(429)(a); a.RetryAfter = "later" }, want: 2 * hour, hold: 2 * hour},                                                                                      // E12, E13
		{name: "429 without a word doubles", source: func(s *caravan.Source) { s.State.LastPoll = received.Add(-5 * hour) }, answer: func(a *Answer) { status(429)(a); a.Due = received }, want: 10 * hour, hold: 2 * hour}, // E13
		{name: "429 doubles to two days", source: func(s *caravan.Source) { s.State.LastPoll = received.Add(-100 * hour) }, answer: func(a *Answer) { status(429)(a); a.Due = received }, want: 48 * hour, hold: 2 * hour},  // E13
		{name: "503 with Retry-After", answer: func(a *Answer) { status(503)(a); a.RetryAfter = "18000" }, want: 5 * hour, hold: 5 * hour},                                                                                  // E12
		{name: "503 without", answer: status(503), want: hour},                                                                  // E14
		{name: "redirect with Retry-After", answer: func(a *Answer) { status(302)(a); a.RetryAfter = "18000" }, want: 5 * hour}, // E12
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, a := source(), answer()
			if test.source != nil {
				test.source(&s)
			}
			if test.answer != nil {
				a = answer(test.answer)
			}
			v := DefaultPolicy().Judge(s, a)
			switch {
			case test.want < 0 && !v.State.NextPoll.IsZero():
				t.Errorf("next poll %v, want never", v.State.NextPoll)
			case test.want >= 0 && v.State.NextPoll.Sub(a.Ended) != test.want:
				t.Errorf("next poll after %v, want %v (%s)", v.State.NextPoll.Sub(a.Ended), test.want, v.Decision)
			}
			if hold := v.HoldHost.Sub(a.Ended); test.hold == 0 && !v.HoldHost.IsZero() || test.hold > 0 && hold != test.hold {
				t.Errorf("host held until %v, want %v", v.HoldHost, test.hold)
			}
			if v.Decision == "" {
				t.Error("no words for the decision")
			}
		})
	}
}

// failures makes a source one that has failed n times in a row.
func failures(n int) func(*caravan.Source) {
	return func(s *caravan.Source) {
		s.State.Failures, s.State.FailingSince = n, received.Add(-24*time.Hour)
		s.State.Failure = caravan.Failure{Class: caravan.FailHTTP}
	}
}

func TestJitterOnlyAdds(t *testing.T) { // E10
	p := DefaultPolicy()
	for _, change := range []func(*Answer){func(*Answer) {}, status(500), status(404), func(a *Answer) { a.ETag, a.LastModified = "", "" }} {
		plain := p.Judge(source(), answer(change)).State.NextPoll
		for i := range 100 {
			jittered := p.Judge(source(), answer(change, func(a *Answer) { a.Jitter = float64(i) / 100 })).State.NextPoll
			if extra := jittered.Sub(plain); extra < 0 || extra > p.JitterMost {
				t.Errorf("jitter %d%% adds %v", i, extra)
			}
		}
	}
	seen := map[float64]bool{}
	for i := range 1000 {
		j := Jitter("source", received.Add(time.Duration(i)*time.Hour))
		if j < 0 || j >= 1 || j != Jitter("source", received.Add(time.Duration(i)*time.Hour)) {
			t.Fatalf("Jitter = %v", j)
		}
		seen[j] = true
	}
	if len(seen) < 990 {
		t.Errorf("%d different values of 1000", len(seen))
	}
}

func TestJudgeKeepsQuietHoursAndDays(t *testing.T) { // E24
	all := make([]int, 24)
	for i := range all {
		all[i] = i
	}
	tests := []struct {
		name  string
		hours []int
		days  []time.Weekday
		want  time.Time
	}{
		{name: "none", want: received.Add(time.Hour)},
		{name: "other hours", hours: []int{1, 2, 3}, want: received.Add(time.Hour)},
		{name: "this hour", hours: []int{13}, want: received.Add(2 * time.Hour)},
		{name: "until midnight", hours: []int{13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}, want: received.Add(12 * time.Hour)},
		{name: "over midnight, written as 24", hours: []int{13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24}, want: received.Add(13 * time.Hour)},
		{name: "all hours are not believed", hours: all, want: received.Add(time.Hour)},
		{name: "today", days: []time.Weekday{time.Wednesday}, want: received.Add(12 * time.Hour)},
		{name: "all days are not believed", days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, want: received.Add(time.Hour)},
		{name: "all days but one are too many", days: []time.Weekday{0, 1, 3, 4, 5, 6}, want: received.Add(time.Hour)},
		{name: "impossible hours", hours: []int{-1, 99}, want: received.Add(time.Hour)},
	}
	for _, test := range tests {
		v := DefaultPolicy().Judge(source(), answer(func(a *Answer) {
			a.Document.Feed.SkipHours, a.Document.Feed.SkipDays = test.hours, test.days
		}))
		if !v.State.NextPoll.Equal(test.want) {
			t.Errorf("%s: next poll %v, want %v", test.name, v.State.NextPoll, test.want)
		}
	}
}

func TestJudgeReplacesValidatorsAsAPair(t *testing.T) {
	const here = "http://lab.example/feed"
	old := source().State.Validators
	tests := []struct {
		name   string
		answer func(*Answer)
		want   caravan.Validators
	}{
		{"both", func(*Answer) {}, caravan.Validators{ETag: `"2"`, LastModified: "Wed, 25 Nov 2026 10:00:00 GMT", URL: here}},                                                        // E03
		{"only an ETag forgets the date", func(a *Answer) { a.LastModified = "" }, caravan.Validators{ETag: `"2"`, URL: here}},                                                       // E03, E04
		{"only a date forgets the ETag", func(a *Answer) { a.ETag = "" }, caravan.Validators{LastModified: "Wed, 25 Nov 2026 10:00:00 GMT", URL: here}},                              // E03, E04
		{"none", func(a *Answer) { a.ETag, a.LastModified = "", "" }, caravan.Validators{}},                                                                                          // E04
		{"a strange date stays as it is", func(a *Answer) { a.LastModified = "25.11.2026, 10 Uhr" }, caravan.Validators{ETag: `"2"`, LastModified: "25.11.2026, 10 Uhr", URL: here}}, // E02
		{"a date of 2041", func(a *Answer) { a.LastModified = "Fri, 01 Mar 2041 10:00:00 GMT" }, caravan.Validators{ETag: `"2"`, URL: here}},                                         // E09
		{"a date ahead of a server's wrong clock", func(a *Answer) { // E09
			a.LastModified, a.Date = "Wed, 25 Nov 2026 10:00:00 GMT", "Mon, 01 Jan 2024 00:00:00 GMT"
		}, caravan.Validators{ETag: `"2"`, URL: here}},
		{"of the address that answered", func(a *Answer) { a.FinalURL = "http://lab.example/rss" },
			caravan.Validators{ETag: `"2"`, LastModified: "Wed, 25 Nov 2026 10:00:00 GMT", URL: "http://lab.example/rss"}}, // E16
		{"304 without fields", notModified, old}, // E05
		{"304 with an ETag", func(a *Answer) { notModified(a); a.ETag = `W/"1"` }, caravan.Validators{ETag: `W/"1"`, LastModified: old.LastModified, URL: here}}, // E05
		{"304 with an absurd date", func(a *Answer) { notModified(a); a.LastModified = "Fri, 01 Mar 2041 10:00:00 GMT" }, old},                                   // E05, E09
		{"error", status(500), old}, // E07
		{"bad body", func(a *Answer) { a.Failure = caravan.Failure{Class: caravan.FailBroken} }, old}, // E07
		{"damaged document", func(a *Answer) { a.Document.Damaged = true }, old},                      // E07
		{"no answer", noAnswer(caravan.FailTimeout), old},                                             // E07
		{"a part that was asked for", func(a *Answer) { a.Status, a.Document.Partial = 226, true }, caravan.Validators{ETag: `"2"`, LastModified: "Wed, 25 Nov 2026 10:00:00 GMT", URL: here}}, // E23
		{"a part of the unknown", func(a *Answer) { a.Status, a.Document.Partial, a.Conditional = 226, true, false }, caravan.Validators{}},                                                    // E23
	}
	for _, test := range tests {
		if got := DefaultPolicy().Judge(source(), answer(test.answer)).State.Validators; got != test.want {
			t.Errorf("%s: validators %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestJudgeCountsFailuresAndForgetsThem(t *testing.T) { // E14, R20
	p := DefaultPolicy()
	s := source()
	judge := func(change func(*Answer)) { s.State = p.Judge(s, answer(change)).State }
	judge(status(500))
	judge(noAnswer(caravan.FailDNS))
	if st := s.State; st.Failures != 2 || st.Failure.Class != caravan.FailDNS || !st.FailingSince.Equal(received.Add(-time.Second)) || st.Status != 0 {
		t.Errorf("after two failures: %+v", st)
	}
	judge(status(410))
	judge(noAnswer(caravan.FailConnect))
	judge(status(410))
	if s.State.Gones != 2 {
		t.Errorf("two answers of 410 with none between count as %d", s.State.Gones)
	}
	judge(status(404))
	if s.State.Gones != 0 {
		t.Errorf("404 leaves %d answers of 410 counted", s.State.Gones)
	}
	judge(notModified)
	if st := s.State; st.Failures != 0 || !st.Failure.OK() || !st.FailingSince.IsZero() || !st.LastSuccess.Equal(received.Add(-time.Second)) {
		t.Errorf("after a success: %+v", st)
	}
}

func TestJudgeDoubtsEndless304Once(t *testing.T) { // R27; decided under E30
	p := DefaultPolicy()
	s := source(func(s *caravan.Source) { s.State.Rhythm, s.State.LastNew = 7*24*time.Hour, received.AddDate(0, 0, -29) })
	if v := p.Judge(s, answer(notModified)); v.State.Validators.None() {
		t.Error("validators dropped after 29 days")
	}
	s.State.LastNew = received.AddDate(0, 0, -31)
	v := p.Judge(s, answer(notModified))
	if !v.State.Validators.None() || !v.State.Unlatched.Equal(received.Add(-time.Second)) || !strings.Contains(v.Decision, "without conditions") {
		t.Fatalf("after 31 days: %+v, %s", v.State, v.Decision)
	}
	if wait := v.State.NextPoll.Sub(received); wait < p.FloorBare {
		t.Errorf("unconditional request after %v", wait)
	}
	s.State = v.State
	s.State.Validators = caravan.Validators{ETag: `"3"`}
	if v := p.Judge(s, answer(notModified)); v.State.Validators.None() {
		t.Error("validators dropped twice in one silence")
	}
	s.State.Unlatched, s.State.Rhythm = time.Time{}, 30*24*time.Hour
	if v := p.Judge(s, answer(notModified)); v.State.Validators.None() {
		t.Error("validators of a source that never posted more often dropped")
	}
}

func TestStatusFailure(t *testing.T) {
	tests := []struct {
		status      int
		conditional bool
		shield      string
		want        caravan.FailureClass
	}{
		{status: 200},
		{status: 226},
		{status: 304, conditional: true},
		{status: 304, want: caravan.FailHTTP},
		{status: 204, want: caravan.FailHTTP},
		{status: 206, want: caravan.FailHTTP},
		{status: 302, want: caravan.FailBusy},
		{status: 400, want: caravan.FailHTTP},
		{status: 401, want: caravan.FailDenied},
		{status: 403, want: caravan.FailDenied},
		{status: 403, shield: "Cloudflare", want: caravan.FailShield},
		{status: 200, shield: "Anubis", want: caravan.FailShield},
		{status: 404, want: caravan.FailMissing},
		{status: 410, want: caravan.FailGone},
		{status: 429, want: caravan.FailBusy},
		{status: 500, want: caravan.FailHTTP},
		{status: 503, want: caravan.FailBusy},
		{status: 522, want: caravan.FailHTTP},
	}
	for _, test := range tests {
		got := StatusFailure(test.status, test.conditional, test.shield)
		if got.Class != test.want || (got.Detail == "") != got.OK() {
			t.Errorf("StatusFailure(%d, %v, %q) = %+v, want class %q", test.status, test.conditional, test.shield, got, test.want)
		}
	}
}

func TestWords(t *testing.T) {
	tests := map[time.Duration]string{
		0:                             "less than a minute",
		90 * time.Second:              "2 min",
		time.Hour:                     "1 h",
		125 * time.Minute:             "2 h 5 min",
		25*time.Hour + 40*time.Minute: "25 h",
		24 * time.Hour:                "24 h",
		48 * time.Hour:                "2 days",
		75 * time.Hour:                "3 days 3 h",
	}
	for d, want := range tests {
		if got := Words(d); got != want {
			t.Errorf("Words(%v) = %q, want %q", d, got, want)
		}
	}
}

// E25: a hub that sends what is new makes a source wait a day, and no shorter
// than it would otherwise; what is asked for by others is known besides.
func TestJudgeKnowsHowLongToRestWhileAHubPushes(t *testing.T) {
	const hour = time.Hour
	tests := []struct {
		name                  string
		source                func(*caravan.Source)
		answer                func(*Answer)
		earliest, usual, rest time.Duration
		why                   string
	}{
		{name: "hourly", earliest: hour, usual: hour, rest: 24 * hour, why: "its hub sends what is new"},
		{name: "weekly", source: func(s *caravan.Source) { s.State.Rhythm = 168 * hour }, earliest: hour, usual: 21 * hour, rest: 24 * hour, why: "its hub sends"},
		{name: "nothing new", answer: notModified, earliest: hour, usual: hour, rest: 24 * hour, why: "its hub sends"},
		{name: "max-age", answer: func(a *Answer) { a.CacheControl = "max-age=7200" }, earliest: 2 * hour, usual: 2 * hour, rest: 24 * hour, why: "its hub sends"},
		{name: "the list's interval", source: func(s *caravan.Source) { s.Settings.Interval = 72 * hour }, earliest: 72 * hour, usual: 72 * hour, rest: 72 * hour, why: "the source list"},
		{name: "Retry-After", answer: func(a *Answer) { a.RetryAfter = "172800" }, earliest: 48 * hour, usual: 48 * hour, rest: 48 * hour, why: "Retry-After"},
		{name: "no validators", answer: func(a *Answer) { a.ETag, a.LastModified = "", "" }, earliest: 24 * hour, usual: 24 * hour, rest: 24 * hour, why: "once a day at most"},
		{name: "failed", source: failures(2), answer: status(500), earliest: 4 * hour, usual: 4 * hour, rest: -1},
		{name: "gone", source: func(s *caravan.Source) { s.State.Gones = 9 }, answer: status(410), earliest: -1, usual: -1, rest: -1},
	}
	for _, test := range tests {
		s, a := source(), answer()
		if test.source != nil {
			test.source(&s)
		}
		if test.answer != nil {
			test.answer(&a)
		}
		if !a.Failure.OK() {
			a.Document = nil
		}
		v := DefaultPolicy().Judge(s, a)
		for name, pair := range map[string]struct {
			got  time.Time
			want time.Duration
		}{"earliest": {v.State.Earliest, test.earliest}, "usual": {v.State.Usual, test.usual}, "next": {v.State.NextPoll, test.usual}, "rest": {v.Rest.Next, test.rest}} {
			want := a.Ended.Add(pair.want)
			if pair.want < 0 {
				want = time.Time{}
			}
			if !pair.got.Equal(want) {
				t.Errorf("%s: %s = %v, want %v", test.name, name, pair.got, want)
			}
		}
		if !strings.Contains(v.Rest.Decision, test.why) {
			t.Errorf("%s: it rests because %q, want %q in it", test.name, v.Rest.Decision, test.why)
		}
	}
}
