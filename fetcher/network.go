package fetcher

import (
	"time"

	"caravan"
	"caravan/fetcher/polite"
)

// Contact is what a poll says about this machine's own network.
type Contact int

// The contacts. A failure that has nothing to do with the network, such as a
// blocked address, says nothing.
const (
	Silent    Contact = iota
	Reached           // some machine out there answered
	Unreached         // none did, and no request left this machine
)

// contactOf says what an error of a request says about the network.
func contactOf(err *polite.Error) Contact {
	switch {
	case err.Reached || err.Sent:
		return Reached
	case err.Class == caravan.FailDNS, err.Class == caravan.FailConnect, err.Class == caravan.FailTimeout:
		return Unreached
	}
	return Silent
}

// A Doubt is a poll that reached nobody: either its host is down, or this
// machine has no network.
type Doubt struct {
	Host  string
	Since time.Time // when the poll began
	Local bool      // the failure itself points at this machine
	Fresh bool      // its source was not failing before, so that its failing is news
}

// evidenceHosts is how many hosts must fail at once, none answering, before the
// cause is looked for on this side.
const evidenceHosts = 3

// suspicious reports whether doubts are enough to stop asking until the polls in
// flight have said more.
func suspicious(doubts []Doubt) bool {
	hosts := map[string]bool{}
	local := true
	for _, d := range doubts {
		if d.Fresh {
			hosts[d.Host] = true
		}
		local = local && d.Local
	}
	return len(hosts) >= evidenceHosts || len(hosts) > 0 && local
}

// offline decides, when no poll is in flight any more and none has reached
// anybody since the doubts began, whether they mean that there is no network.
// It returns since when.
func offline(doubts []Doubt) (since time.Time, is bool) {
	if !suspicious(doubts) {
		return time.Time{}, false
	}
	for _, d := range doubts {
		if since.IsZero() || d.Since.Before(since) {
			since = d.Since
		}
	}
	return since, true
}

// retryWait is how long to wait before the network is tried for the n-th time.
// Nothing leaves this machine as long as there is none, so trying disturbs
// nobody.
func retryWait(n int) time.Duration {
	const first, longest = 15 * time.Second, 2 * time.Minute
	return min(first<<min(n, 8), longest)
}
