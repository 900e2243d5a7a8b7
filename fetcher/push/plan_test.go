package push

import (
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// noon is when the tests' clocks begin.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// testRules block one host and open one range.
func testRules() rules {
	return rules{
		callbacks: "https://planet.example/push/",
		blocked: func(address string) string {
			if strings.Contains(address, "blocked.example") {
				return "asked to"
			}
			return ""
		},
		allowed: func(address string) bool { return strings.Contains(address, "//127.0.0.1") },
	}
}

// E25: the topic is the feed's own address; the hubs come in their order, the
// first that can be used before the others.
func TestWish(t *testing.T) {
	feed := func(self, hub string, others ...string) caravan.Source {
		return caravan.Source{Slug: "blog", URL: "https://blog.example/feed", Feed: caravan.FeedInfo{SelfURL: self, HubURL: hub, OtherHubs: others}}
	}
	header := feed("https://blog.example/atom", "https://hub.example/")
	header.Feed.TopicURL = "https://blog.example/header"
	secret := feed("", "https://hub.example/")
	secret.URL = "https://me:pw@blog.example/feed"
	left := feed("", "https://hub.example/")
	left.URL = "https://blocked.example/feed"
	tests := []struct {
		name   string
		source caravan.Source
		topic  string
		hubs   []string
	}{
		{"self", feed("https://blog.example/atom", "https://hub.example/"), "https://blog.example/atom", []string{"https://hub.example/"}},
		{"self in the header", header, "https://blog.example/header", []string{"https://hub.example/"}},
		{"no self", feed("", "https://hub.example/"), "https://blog.example/feed", []string{"https://hub.example/"}},
		{"several", feed("", "https://blocked.example/hub", "xmpp:hub@b.example", "https://c.example/", "https://d.example/"), "https://blog.example/feed", []string{"https://c.example/", "https://d.example/"}},
		{"https is favoured", feed("", "http://hub.example/"), "https://blog.example/feed", []string{"https://hub.example/", "http://hub.example/"}},
		{"but not where a port says otherwise", feed("", "http://hub.example:8080/"), "https://blog.example/feed", []string{"http://hub.example:8080/"}},
		{"nor in a range that was opened", feed("", "http://127.0.0.1/"), "https://blog.example/feed", []string{"http://127.0.0.1/"}},
		{"no hub", feed("https://blog.example/atom", ""), "https://blog.example/atom", nil},
		{"hub with a password", feed("", "https://a:b@hub.example/"), "https://blog.example/feed", nil},
		{"self with a password", feed("https://a:b@blog.example/", "https://hub.example/"), "https://a:b@blog.example/", nil},
		{"too long", feed("", "https://hub.example/"+strings.Repeat("x", 2000)), "https://blog.example/feed", nil},
		{"source with a password", secret, "https://me:pw@blog.example/feed", nil},
		{"source left alone", left, "https://blocked.example/feed", nil},
	}
	for _, test := range tests {
		w := testRules().wish(test.source)
		if w.topic != test.topic || !slices.Equal(w.hubs, test.hubs) || w.source != "blog" {
			t.Errorf("%s: %+v, want %s at %q", test.name, w, test.topic, test.hubs)
		}
		if got := testRules().wishes([]caravan.Source{test.source}); len(got) != min(len(test.hubs), 1) {
			t.Errorf("%s: wishes %+v", test.name, got)
		}
	}
}

// said writes steps as text.
func said(steps []step) string {
	var out []string
	for _, s := range steps {
		text := map[action]string{open: "open", again: "again", leave: "leave", drop: "drop"}[s.do] + " " + s.sub.Source + " " + s.sub.Token
		if s.do == open {
			text = strings.TrimSpace(text) + " " + s.sub.Hub + " for " + s.old
		}
		out = append(out, strings.TrimSpace(text))
	}
	return strings.Join(out, ", ")
}

func TestPlan(t *testing.T) {
	const hour = time.Hour
	sub := func(change ...func(*caravan.Subscription)) caravan.Subscription {
		s := caravan.Subscription{Token: "t", Source: "blog", Hub: "https://hub.example/", Topic: "https://blog.example/atom", Callback: "https://planet.example/push/t",
			AskedAt: noon.Add(-hour), NextTry: noon.Add(hour), Since: noon.Add(-hour), Until: noon.Add(10 * hour), Trusted: true}
		for _, f := range change {
			f(&s)
		}
		return s
	}
	due := func(s *caravan.Subscription) { s.NextTry = noon }
	lapsed := func(s *caravan.Subscription) { s.Until = noon }
	leaving := func(s *caravan.Subscription) { s.Leaving = true }
	wished := wish{source: "blog", topic: "https://blog.example/atom", hubs: []string{"https://hub.example/"}}
	two := wished
	two.hubs = []string{"https://hub.example/", "https://second.example/"}
	moved := wished
	moved.topic = "https://blog.example/other"
	tests := []struct {
		name   string
		wishes []wish
		subs   []caravan.Subscription
		want   string
		next   time.Time
	}{
		{name: "nothing"},
		{name: "new", wishes: []wish{wished}, want: "open blog https://hub.example/ for"},
		{name: "as it should be", wishes: []wish{wished}, subs: []caravan.Subscription{sub()}, next: noon.Add(hour)},
		{name: "renewal", wishes: []wish{wished}, subs: []caravan.Subscription{sub(due)}, want: "again blog t"},
		{name: "waiting for its hub", wishes: []wish{wished}, subs: []caravan.Subscription{sub(lapsed)}, next: noon.Add(hour)},
		{name: "another try", wishes: []wish{wished}, subs: []caravan.Subscription{sub(lapsed, due)}, want: "again blog t"},
		{name: "another hub", wishes: []wish{two}, subs: []caravan.Subscription{sub(lapsed, due)}, want: "open blog https://second.example/ for t"},
		{name: "no other hub while this one sends", wishes: []wish{two}, subs: []caravan.Subscription{sub(due)}, want: "again blog t"},
		{name: "round again", wishes: []wish{two}, subs: []caravan.Subscription{sub(lapsed, due, func(s *caravan.Subscription) { s.Hub = "https://second.example/" })}, want: "open blog https://hub.example/ for t"},
		{name: "source gone", subs: []caravan.Subscription{sub()}, want: "leave blog t"},
		{name: "source gone, never confirmed", subs: []caravan.Subscription{sub(lapsed)}, want: "drop blog t"},
		{name: "topic changed", wishes: []wish{moved}, subs: []caravan.Subscription{sub()}, want: "leave blog t, open blog https://hub.example/ for"},
		{name: "hub changed", wishes: []wish{wished}, subs: []caravan.Subscription{sub(func(s *caravan.Subscription) { s.Hub = "https://old.example/" })}, want: "leave blog t, open blog https://hub.example/ for"},
		{name: "base changed", wishes: []wish{wished}, subs: []caravan.Subscription{sub(func(s *caravan.Subscription) { s.Callback = "https://old.example/push/t" })}, want: "leave blog t, open blog https://hub.example/ for"},
		{name: "leaving, asked", subs: []caravan.Subscription{sub(leaving)}, next: noon.Add(hour)},
		{name: "leaving, asked for long", subs: []caravan.Subscription{sub(leaving, due)}, want: "leave blog t"},
		{name: "leaving, asked often", subs: []caravan.Subscription{sub(leaving, due, func(s *caravan.Subscription) { s.Tries = 3 })}, want: "drop blog t"},
		{name: "leaving, over", subs: []caravan.Subscription{sub(leaving, lapsed)}, want: "drop blog t"},
		{name: "back while leaving", wishes: []wish{wished}, subs: []caravan.Subscription{sub(leaving)}, want: "open blog https://hub.example/ for", next: noon.Add(hour)},
		{name: "one too many", wishes: []wish{wished}, subs: []caravan.Subscription{sub(), sub(func(s *caravan.Subscription) { s.Token = "u" })}, want: "leave blog u", next: noon.Add(hour)},
	}
	for _, test := range tests {
		steps, next := testRules().plan(test.wishes, test.subs, noon)
		if got := said(steps); got != test.want || !next.Equal(test.next) {
			t.Errorf("%s: %q, next %v; want %q, next %v", test.name, got, next, test.want, test.next)
		}
	}
	nowhere := testRules()
	nowhere.callbacks = ""
	if steps, _ := nowhere.plan(nil, []caravan.Subscription{sub()}, noon); said(steps) != "drop blog t" {
		t.Errorf("without an address of our own: %q", said(steps))
	}
}

// E25: tries become rare and stay so.
func TestTriesBecomeRare(t *testing.T) {
	sub, now := caravan.Subscription{}, noon
	var waits []time.Duration
	for range 20 {
		sub = asked(sub, now, 1)
		waits = append(waits, sub.NextTry.Sub(now))
		now = sub.NextTry
	}
	if waits[0] != 30*time.Minute || waits[1] != time.Hour || waits[19] != 7*24*time.Hour || !slices.IsSorted(waits) {
		t.Errorf("waits %v", waits)
	}
	if sub.Trouble == "" {
		t.Error("nothing is said of a hub that never answers")
	}
	if got := asked(caravan.Subscription{Tries: 1}, noon, 2).NextTry.Sub(noon); got != 30*time.Minute {
		t.Errorf("the second hub's first try waits %v", got)
	}
}

func TestFailedRequestWaits(t *testing.T) {
	tests := []struct {
		name    string
		sub     caravan.Subscription
		trouble trouble
		hubs    int
		want    time.Duration
	}{
		{"server down", caravan.Subscription{Tries: 1}, trouble{host: true}, 1, 30 * time.Minute},
		{"refused", caravan.Subscription{Tries: 1}, trouble{lasting: true}, 1, 24 * time.Hour},
		{"refused for the tenth time", caravan.Subscription{Tries: 10}, trouble{lasting: true}, 1, 7 * 24 * time.Hour},
		{"busy", caravan.Subscription{Tries: 1}, trouble{host: true, wait: 3 * time.Hour}, 1, 3 * time.Hour},
		{"another hub is left", caravan.Subscription{Tries: 1}, trouble{lasting: true}, 2, time.Minute},
		{"no other hub is left", caravan.Subscription{Tries: 2}, trouble{host: true}, 2, 30 * time.Minute},
		{"renewal with another hub", caravan.Subscription{Tries: 1, Until: noon.Add(time.Hour)}, trouble{host: true}, 2, 30 * time.Minute},
	}
	for _, test := range tests {
		test.sub.Tries--
		sub := failed(asked(test.sub, noon, test.hubs), test.trouble, test.hubs, noon)
		if got := sub.NextTry.Sub(noon); got != test.want {
			t.Errorf("%s: next try in %v, want %v", test.name, got, test.want)
		}
	}
}

func TestRandomIsLongAndNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		r := random()
		if len(r) != 32 || seen[r] || strings.Trim(r, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("%q", r)
		}
		seen[r] = true
	}
}

// A hub that says no is left alone for long; the source's other one is not.
func TestDenialSendsToTheNextHub(t *testing.T) {
	w := wish{source: "a", topic: "https://a.example/feed", hubs: []string{"https://one.example/", "https://two.example/"}}
	sub := caravan.Subscription{Source: "a", Topic: w.topic, Hub: w.hubs[0], Denied: true, Tries: 1, NextTry: noon.Add(deniedWait)}
	next := testRules().keep(sub, w, true, noon)
	if next == nil || next.do != open || next.sub.Hub != w.hubs[1] || next.sub.Tries != 1 {
		t.Fatalf("after the first hub's no: %+v, want the second asked", next)
	}
	sub.Hub, sub.Tries = w.hubs[1], 2
	if step := testRules().keep(sub, w, true, noon); step != nil {
		t.Errorf("after both said no: %+v, want nothing yet", step)
	}
	w.hubs = w.hubs[:1]
	sub.Hub, sub.Tries = w.hubs[0], 1
	if step := testRules().keep(sub, w, true, noon); step != nil {
		t.Errorf("after the only hub's no: %+v, want nothing yet", step)
	}
}
