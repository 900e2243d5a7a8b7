package fetcher

import (
	"hash/fnv"
	"strconv"
	"time"
)

// A Policy is when sources are asked again. All of it is here: what is not said
// in these fields is said in the functions beside them, [Policy.Judge] first.
//
// A source is asked again at the earliest after Floor, or FloorBare where it
// gives nothing to ask conditionally with. Above that the wait is the longest
// of: what its own rhythm suggests, what the server asks for (Cache-Control,
// Expires), what the feed asks for (ttl, sy:updatePeriod), each up to Longest;
// what the curator asks for; and Retry-After, up to LongestRetry. Hours and days
// that the feed asks to be left alone (skipHours, skipDays) move the time on.
// Failures double the wait up to Longest. A hub that sends what is new (WebSub)
// makes it Pushed at least. Jitter only ever adds.
type Policy struct {
	Floor     time.Duration // least wait between conditional requests
	FloorBare time.Duration // least wait without validators
	Longest   time.Duration // longest wait that a rhythm, a server's or a feed's wish, or failures lead to

	LongestRetry time.Duration // longest Retry-After taken at its word
	LongestBusy  time.Duration // longest wait after repeated 429 without Retry-After
	LongestSkip  time.Duration // how far skipHours and skipDays may move a poll

	Unknown   time.Duration // the wait for a source whose rhythm is not known yet
	PerRhythm int           // how often a source is asked between two of its usual posts
	Silence   int           // a silence counts as a rhythm of one part in so many of it

	Pushed     time.Duration // the wait for a source whose hub sends what is new
	Daily      time.Duration // the wait after 401, 403, 404 and a bot shield
	GoneAfter  int           // answers of 410 in a row after which a source is not asked again
	JitterPart int           // jitter is at most one part in so many of the wait
	JitterMost time.Duration // and at most this

	HostSpacing time.Duration // least time between two requests to one host
	HostHold    time.Duration // how long a host is left alone after 429 without Retry-After

	AdoptAfter time.Duration // how long a permanent redirect must have stood
	AdoptPolls int           // and in how many polls

	UnlatchAfter time.Duration // answers of 304 for so long, from a source that posted more often, are doubted once

	StartRate float64 // polls started in a second at most, those of new sources not counted
}

// DefaultPolicy returns the policy that caravan keeps to.
func DefaultPolicy() Policy {
	return Policy{
		Floor:        time.Hour,
		FloorBare:    24 * time.Hour,
		Longest:      24 * time.Hour,
		LongestRetry: 7 * 24 * time.Hour,
		LongestBusy:  48 * time.Hour,
		LongestSkip:  72 * time.Hour,
		Unknown:      3 * time.Hour,
		PerRhythm:    8,
		Silence:      3,
		Pushed:       24 * time.Hour,
		Daily:        24 * time.Hour,
		GoneAfter:    3,
		JitterPart:   10,
		JitterMost:   30 * time.Minute,
		HostSpacing:  time.Second,
		HostHold:     2 * time.Hour,
		AdoptAfter:   7 * 24 * time.Hour,
		AdoptPolls:   2,
		UnlatchAfter: 30 * 24 * time.Hour,
		StartRate:    20,
	}
}

// Jitter returns a number in [0,1) that depends on nothing but its arguments,
// so that a schedule can be foretold and still no two sources keep step.
func Jitter(source string, at time.Time) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(source + "\x00" + strconv.FormatInt(at.UnixMilli(), 10)))
	// FNV leaves the high bits of short inputs alike; a multiplicative mix spreads them.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}
