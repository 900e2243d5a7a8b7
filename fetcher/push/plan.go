package push

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"caravan"
)

// A wish is a feed that one of its hubs should send.
type wish struct {
	source string
	topic  string   // the feed's address of itself: what hubs know it by
	hubs   []string // in the order in which to try them
}

// rules are what decisions go by, besides the clock.
type rules struct {
	callbacks string // what our callbacks begin with; empty means that there are none
	confined  bool   // whether only hubs in allowed ranges can reach our callbacks
	blocked   func(address string) string
	allowed   func(address string) bool
}

// wishes returns what hubs should send.
func (r rules) wishes(sources []caravan.Source) []wish {
	var out []wish
	for _, s := range sources {
		if w := r.wish(s); len(w.hubs) > 0 {
			out = append(out, w)
		}
	}
	return out
}

// wish returns what hubs should send of a source; without hubs when nothing. An
// address with a password is nothing to tell others of.
func (r rules) wish(s caravan.Source) wish {
	w := wish{source: s.Slug, topic: cmp.Or(s.Feed.TopicURL, s.Feed.SelfURL, s.URL)}
	if !askable(w.topic) || !askable(s.URL) || r.blocked(s.URL) != "" {
		return w
	}
	for _, hub := range append([]string{s.Feed.HubURL}, s.Feed.OtherHubs...) {
		if !askable(hub) || r.blocked(hub) != "" || r.confined && !r.allowed(hub) {
			continue
		}
		// WebSub, 8.2: https is favoured where a hub is named with http. In ranges
		// opened for tests and intranets there are no certificates to be had.
		if rest, plain := strings.CutPrefix(hub, "http://"); plain && !r.allowed(hub) && !hasPort(hub) {
			w.hubs = append(w.hubs, "https://"+rest)
		}
		w.hubs = append(w.hubs, hub)
	}
	return w
}

// askable reports whether an address is one of the web, of sane length, that
// tells no secrets.
func askable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && len(address) <= 2000 && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

// hasPort reports whether an address names its port.
func hasPort(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Port() != ""
}

// What can be done about a subscription.
type action int

// The actions.
const (
	open  action = iota // ask for a new one, in the place of an old one if there is one
	again               // ask for it again: to renew it, or because nothing came of the last time
	leave               // ask for its end
	drop                // forget it
)

// A step is one thing to do.
type step struct {
	do   action
	sub  caravan.Subscription // for open what is known of it before it has a token
	hubs int                  // how many hubs its source has
	old  string               // token of the one that open replaces
}

// plan returns what to do now to get from the subscriptions that there are to
// what is wished, renewals first, and when something is next to be done; zero
// when never.
func (r rules) plan(wishes []wish, subs []caravan.Subscription, now time.Time) (steps []step, next time.Time) {
	bySource := make(map[string]wish, len(wishes))
	for _, w := range wishes {
		bySource[w.source] = w
	}
	served := map[string]bool{}
	for _, sub := range subs {
		w := bySource[sub.Source]
		wanted := !served[sub.Source] && r.fits(sub, w)
		served[sub.Source] = served[sub.Source] || wanted
		if todo := r.keep(sub, w, wanted, now); todo != nil {
			steps = append(steps, *todo)
		} else if next.IsZero() || sub.NextTry.Before(next) {
			next = sub.NextTry
		}
	}
	for _, w := range wishes {
		if !served[w.source] {
			steps = append(steps, step{do: open, sub: caravan.Subscription{Source: w.source, Hub: w.hubs[0], Topic: w.topic}, hubs: len(w.hubs)})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int { return urgency(a) - urgency(b) })
	return steps, next
}

// urgency orders steps: what is cheap or would lapse comes first.
func urgency(s step) int {
	switch s.do {
	case drop:
		return 0
	case again:
		return 1
	case leave:
		return 2
	}
	return 3
}

// fits reports whether a subscription is what is wished of its source.
func (r rules) fits(sub caravan.Subscription, w wish) bool {
	return !sub.Leaving && sub.Topic == w.topic && slices.Contains(w.hubs, sub.Hub) && r.callbacks != "" && strings.HasPrefix(sub.Callback, r.callbacks)
}

// leaveTries is how often the end of a subscription is asked for. The hub ends
// it by itself when its lease does.
const leaveTries = 3

// keep returns what to do about one subscription, nil when nothing yet. Where
// nothing is to be had of a hub and there are others, the next one gets a
// callback of its own.
func (r rules) keep(sub caravan.Subscription, w wish, wanted bool, now time.Time) *step {
	due, live := !sub.NextTry.After(now), sub.Until.After(now)
	due = due || wanted && sub.Denied && sub.Tries < len(w.hubs) // another hub may say yes
	switch {
	case wanted && !due:
		return nil
	case wanted && !live && len(w.hubs) > 1:
		other := caravan.Subscription{Source: sub.Source, Topic: w.topic, Tries: sub.Tries, Hub: w.hubs[(slices.Index(w.hubs, sub.Hub)+1)%len(w.hubs)]}
		return &step{do: open, sub: other, hubs: len(w.hubs), old: sub.Token}
	case wanted:
		return &step{do: again, sub: sub, hubs: len(w.hubs)}
	case !live, r.callbacks == "", sub.Leaving && due && sub.Tries >= leaveTries:
		return &step{do: drop, sub: sub} // without a callback no hub could ask whether it is meant
	case !sub.Leaving || due:
		return &step{do: leave, sub: sub, hubs: 1}
	}
	return nil
}

// How long to wait for a hub.
const (
	firstWait    = 30 * time.Minute     // for its question, before it is asked again
	longestWait  = 7 * 24 * time.Hour   // after many tries
	otherHubWait = time.Minute          // before another hub of the source is tried
	refusedWait  = 24 * time.Hour       // after an answer that seldom changes
	deniedWait   = 14 * 24 * time.Hour  // after it has said no
	wishedLease  = 10 * 24 * time.Hour  // what WebSub calls a good default
	unsaidLease  = 24 * time.Hour       // where a hub does not say how long it will send
	longestLease = 365 * 24 * time.Hour // that is believed
	holdHub      = 10 * time.Minute     // how long nothing is asked of a host that does not answer
)

// asked notes one more request, and when to make the next if nothing comes of
// it: a request counts as failed until the hub confirms it.
func asked(sub caravan.Subscription, now time.Time, hubs int) caravan.Subscription {
	sub.Tries++
	sub.AskedAt = now
	if sub.Tries > 1 && sub.Trouble == "" {
		sub.Trouble = "the hub has not confirmed what was asked of it"
	}
	round := (sub.Tries - 1) / max(hubs, 1)
	sub.NextTry = now.Add(min(firstWait<<min(round, 12), longestWait))
	return sub
}

// failed notes a request that the hub has not taken. Another hub of the source
// is tried soon.
func failed(sub caravan.Subscription, t trouble, hubs int, now time.Time) caravan.Subscription {
	sub.Trouble = t.Error()
	least := t.wait
	if t.lasting {
		least = max(least, refusedWait)
	}
	switch soonest := now.Add(least); {
	case !sub.Leaving && !sub.Live(now) && sub.Tries < hubs:
		sub.NextTry = now.Add(otherHubWait)
	case soonest.After(sub.NextTry):
		sub.NextTry = soonest
	}
	return sub
}

// modeOf is what is asked of the hub.
func modeOf(sub caravan.Subscription) string {
	if sub.Leaving {
		return "unsubscribe"
	}
	return "subscribe"
}
