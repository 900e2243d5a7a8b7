package push

import (
	"errors"
	"testing"
	"time"

	"caravan"
)

// E25: only what was asked for is confirmed.
func TestConfirm(t *testing.T) {
	const day = 24 * time.Hour
	fresh := caravan.Subscription{Token: "t", Topic: "https://blog.example/atom", AskedAt: noon, NextTry: noon.Add(time.Hour), Tries: 2, Trouble: "x"}
	live := caravan.Subscription{Token: "t", Topic: "https://blog.example/atom", AskedAt: noon, Tries: 1, Since: noon.Add(-8 * day), Until: noon.Add(2 * day)}
	lapsed := live
	lapsed.Until = noon.Add(-day)
	leaving := live
	leaving.Leaving = true
	subscribe := caravan.HubQuery{Mode: "subscribe", Topic: "https://blog.example/atom", Lease: 10 * day}
	with := func(q caravan.HubQuery, change func(*caravan.HubQuery)) caravan.HubQuery { change(&q); return q }
	unsubscribe := with(subscribe, func(q *caravan.HubQuery) { q.Mode = "unsubscribe" })
	refuse := with(subscribe, func(q *caravan.HubQuery) { q.Mode, q.Reason = "denied", "not\nyours" })
	tests := []struct {
		name         string
		sub          caravan.Subscription
		q            caravan.HubQuery
		refused      bool
		dropped      bool
		since, until time.Time
		next         time.Time
		trusted      bool
	}{
		{name: "first", sub: fresh, q: subscribe, since: noon, until: noon.Add(10 * day), next: noon.Add(8 * day), trusted: true},
		{name: "renewal", sub: live, q: subscribe, since: live.Since, until: noon.Add(10 * day), next: noon.Add(8 * day)},
		{name: "after a lapse", sub: lapsed, q: subscribe, since: noon, until: noon.Add(10 * day), next: noon.Add(8 * day)},
		{name: "host written otherwise", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Topic = "https://BLOG.example:443/atom" }), since: noon, until: noon.Add(10 * day), next: noon.Add(8 * day), trusted: true},
		{name: "no lease named", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Lease = 0 }), since: noon, until: noon.Add(day), next: noon.Add(day / 5 * 4), trusted: true},
		{name: "endless lease", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Lease = 1 << 62 }), since: noon, until: noon.Add(365 * day), next: noon.Add(292 * day), trusted: true},
		{name: "lease of seconds", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Lease = time.Second }), since: noon, until: noon.Add(time.Second), next: noon.Add(15 * time.Minute), trusted: true},
		{name: "another topic", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Topic = "https://blog.example/feed" }), refused: true},
		{name: "no mode", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Mode = "" }), refused: true},
		{name: "unknown mode", sub: fresh, q: with(subscribe, func(q *caravan.HubQuery) { q.Mode = "publish" }), refused: true},
		{name: "end that nobody asked for", sub: live, q: unsubscribe, refused: true},
		{name: "end", sub: leaving, q: unsubscribe, dropped: true},
		{name: "begin of what is to end", sub: leaving, q: subscribe, refused: true},
		{name: "denied", sub: live, q: refuse, since: live.Since, next: noon.Add(14 * day)},
		{name: "denied, of another topic", sub: live, q: with(refuse, func(q *caravan.HubQuery) { q.Topic = "https://x.example/" }), refused: true},
		{name: "denied while leaving", sub: leaving, q: refuse, dropped: true},
	}
	for _, test := range tests {
		before, sub := test.sub, test.sub
		keep, err := confirm(&sub, test.q, noon, 15*time.Minute)
		if errors.Is(err, caravan.ErrNotFound) != test.refused || keep == test.dropped {
			t.Errorf("%s: keep %v, %v", test.name, keep, err)
			continue
		}
		if test.refused && sub != before {
			t.Errorf("%s: changed to %+v", test.name, sub)
		}
		if test.refused || test.dropped {
			continue
		}
		if !sub.Since.Equal(test.since) || !sub.Until.Equal(test.until) || !sub.NextTry.Equal(test.next) || sub.Trusted != test.trusted {
			t.Errorf("%s: %+v", test.name, sub)
		}
		if isDenied := test.q.Mode == denied; sub.Denied != isDenied || isDenied != (sub.Trouble == "the hub refuses: not yours") || !isDenied && sub.Tries != 0 {
			t.Errorf("%s: %+v", test.name, sub)
		}
	}
}
