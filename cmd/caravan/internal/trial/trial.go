// Package trial says what asking a source once tells its curator: whether it is
// dead or moved, what to do about it, and how the list would be mended.
package trial

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/wording"
	"caravan/opml"
)

// How long an answer is good for, and how long a source must have been away to
// be taken for dead.
const (
	trialKept = 24 * time.Hour
	deadAfter = 30 * 24 * time.Hour
)

// A Trial is what came of asking a source once.
type Trial struct {
	At           time.Time            `json:"at"`
	Failure      caravan.FailureClass `json:"failure,omitempty"`
	Detail       string               `json:"detail,omitempty"`
	FailingSince time.Time            `json:"failing_since,omitzero"`
	MovedTo      string               `json:"moved_to,omitempty"` // where it permanently points, and a feed is
	Feed         string               `json:"feed,omitempty"`     // the one behind the web page that it is
	By           string               `json:"-"`                  // who asked; empty means this very check
}

// Fresh reports whether a trial may be used again instead of asking. A feed
// that its publisher took away is not asked for again.
func (t Trial) Fresh(now time.Time) bool {
	return !t.At.IsZero() && (now.Sub(t.At) < trialKept || t.Failure == caravan.FailGone)
}

// After completes a trial with what an earlier one knows.
func (t Trial) After(earlier Trial) Trial {
	switch {
	case t.Failure == caravan.FailNone:
		t.FailingSince = time.Time{}
	case earlier.Failure != caravan.FailNone && !earlier.FailingSince.IsZero():
		t.FailingSince = earlier.FailingSince
	default:
		t.FailingSince = t.At
	}
	return t
}

// Of returns what the archive knows of a source's last poll.
func Of(s caravan.Source) Trial {
	st := s.State
	t := Trial{At: st.LastPoll, Failure: st.Failure.Class, Detail: st.Failure.Detail, FailingSince: st.FailingSince, MovedTo: st.Redirect.URL, By: "a poll"}
	if st.NextPoll.IsZero() && st.Gones > 0 {
		t.Failure = caravan.FailGone
	}
	if t.MovedTo == "" && caravan.SourceKey(s.URL) != caravan.SourceKey(s.ListURL) {
		t.MovedTo = s.URL
	}
	return t
}

// Verdict returns what to tell the curator of a trial; the zero Problem when there
// is nothing to tell.
func (t Trial) Verdict(s caravan.ListSource) caravan.Problem {
	p := caravan.Problem{Line: s.Line, Column: s.Column, Severity: caravan.SeverityError}
	name := fmt.Sprintf("%q", wording.Printable(cmp.Or(s.Title, caravan.RedactURL(s.URL))))
	switch {
	case t.Failure == caravan.FailNone && t.MovedTo == "":
		return caravan.Problem{}
	case t.Failure == caravan.FailNone:
		p.Severity = caravan.SeverityWarning
		p.Message = fmt.Sprintf("The source %s has moved for good to %s. Write that address.", name, shownURL(t.MovedTo))
	case t.Feed != "":
		p.Message = fmt.Sprintf("The source %s is a web page; its feed is at %s. Write that address.", name, shownURL(t.Feed))
	default:
		if t.passing() {
			p.Severity = caravan.SeverityWarning
		}
		p.Message = fmt.Sprintf("The source %s cannot be read: %s. %s", name, wording.Printable(t.Detail), t.advice())
	}
	if t.By != "" {
		p.Message += fmt.Sprintf(" (Asked by %s at %s.)", t.By, t.At.UTC().Format("2006-01-02 15:04 UTC"))
	}
	return p
}

// passing reports whether a failure may be over by itself soon.
func (t Trial) passing() bool {
	switch t.Failure {
	case caravan.FailBusy, caravan.FailTimeout, caravan.FailConnect, caravan.FailHTTP, caravan.FailShield, caravan.FailBlocked, caravan.FailOffline:
		return true
	}
	return false
}

// advice is what the curator can do about a failure.
func (t Trial) advice() string {
	switch t.Failure {
	case caravan.FailGone, caravan.FailMissing, caravan.FailDNS:
		return "Look for its new address ('caravan add' can), or remove the line."
	case caravan.FailNotFeed:
		return "Write the address of a feed, or htmlUrl for xmlUrl to list the page alone."
	case caravan.FailShield, caravan.FailDenied:
		return "Ask the publisher to let feed readers in."
	case caravan.FailAddress:
		return "Write a public address."
	case caravan.FailBroken, caravan.FailTLS, caravan.FailRedirect, caravan.FailTooLarge:
		return "Tell the publisher."
	}
	return "Check again later."
}

// shownURL is an address as it may be shown.
func shownURL(address string) string { return wording.Printable(caravan.RedactURL(address)) }

// dead reports whether a source is to be retired, and says since when.
func (t Trial) dead(now time.Time) (note string, dead bool) {
	since := t.FailingSince
	if since.IsZero() {
		since = t.At
	}
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	switch {
	case t.Failure == caravan.FailGone:
		return fmt.Sprintf("gone since %s (410), retired %s", day(since), day(now)), true
	case (t.Failure == caravan.FailMissing || t.Failure == caravan.FailDNS) && now.Sub(since) >= deadAfter:
		return fmt.Sprintf("dead since %s, retired %s", day(since), day(now)), true
	}
	return "", false
}

// Patch returns the list with what its trials suggest: no line twice, moved
// sources at their new addresses, feeds for pages, the dead retired. What
// cannot be changed by itself stays as it is; it has been told.
func Patch(data []byte, sources []caravan.ListSource, trials map[string]Trial, now time.Time) ([]byte, error) {
	data, err := opml.RemoveDuplicates(data)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		edited, err := patchedSource(data, s, trials[caravan.SourceKey(s.URL)], now)
		switch {
		case errors.Is(err, caravan.ErrInvalid) || errors.Is(err, caravan.ErrNotFound):
			continue
		case err != nil:
			return nil, err
		}
		data = edited
	}
	return data, nil
}

// patchedSource returns the list with what one trial suggests.
func patchedSource(data []byte, s caravan.ListSource, t Trial, now time.Time) ([]byte, error) {
	if note, dead := t.dead(now); dead {
		return opml.Retire(data, s.URL, note)
	}
	to := ""
	switch {
	case t.Failure == caravan.FailNone:
		to = t.MovedTo
	case t.Failure == caravan.FailNotFeed:
		to = t.Feed
	}
	if u, err := url.Parse(s.URL); to == "" || err != nil || u.User != nil {
		return data, nil // where there is a password, a new address is the curator's to write
	}
	return opml.ReplaceAddress(data, s.URL, to)
}
