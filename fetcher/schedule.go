package fetcher

import (
	"fmt"
	"net/http"
	"time"

	"caravan"
)

// A plan is when to ask again, before jitter and quiet hours.
type plan struct {
	wait  time.Duration
	why   string
	hold  time.Time // of the host
	never bool
}

// atLeast lengthens the plan to d, with its reason.
func (n *plan) atLeast(d time.Duration, why string) {
	if d > n.wait {
		n.wait, n.why = d, why
	}
}

// afterSuccess plans the poll after one that went well. own is how long to wait
// of our own accord, because news are not expected sooner.
func (p Policy) afterSuccess(s caravan.Source, st caravan.PollState, a Answer, own plan) plan {
	n := plan{wait: p.Floor, why: "it is asked once an hour at most"}
	if bare(s, st, a) {
		n.atLeast(p.FloorBare, "it gives nothing to ask conditionally with, so once a day at most")
	}
	n.atLeast(own.wait, own.why)
	n.atLeast(min(st.Freshness, p.Longest), "its server says that it stays fresh so long")
	n.atLeast(min(feedInfo(s, a).TTL, p.Longest), "the feed itself asks for it")
	n.atLeast(s.Settings.Interval, "the source list asks for it")
	if after, ok := retryAfter(a.RetryAfter, a.Date, a.Ended); ok {
		n.atLeast(min(after, p.LongestRetry), "its server asks for it (Retry-After)")
	}
	return n
}

// bare reports whether the next request cannot be conditional, or this one could
// not be although there were validators: they went unused because a redirect
// now leads elsewhere, and may do so again.
func bare(s caravan.Source, st caravan.PollState, a Answer) bool {
	unused := !a.Conditional && !s.State.Validators.None() && a.Document != nil
	return st.Validators.None() || unused
}

// adaptive is the wait that a source's own rhythm suggests. A silence stretches
// the rhythm, so that a source that stopped is asked less and less often.
func (p Policy) adaptive(st caravan.PollState, now time.Time) time.Duration {
	wait := p.Unknown
	if st.Rhythm > 0 {
		wait = st.Rhythm / time.Duration(p.PerRhythm)
	}
	if last := newest(st); !last.IsZero() {
		silence := now.Sub(last) / time.Duration(p.Silence)
		wait = max(wait, silence/time.Duration(p.PerRhythm))
	}
	return min(max(wait, p.Floor), p.Longest)
}

// rhythmReason words the reason that adaptive stands for.
func rhythmReason(st caravan.PollState) string {
	if st.Rhythm == 0 {
		return "its rhythm is not known yet"
	}
	return "it posts about every " + Words(st.Rhythm)
}

// afterFailure plans the poll after one that failed.
func (p Policy) afterFailure(s caravan.Source, st caravan.PollState, a Answer) plan {
	if a.Failure.Class == caravan.FailGone && st.Gones >= p.GoneAfter {
		return plan{never: true}
	}
	n := plan{wait: p.backOff(st.Failures), why: failureReason(st.Failures)}
	switch a.Failure.Class {
	case caravan.FailGone, caravan.FailMissing, caravan.FailDenied, caravan.FailShield, caravan.FailAddress, caravan.FailBlocked:
		n.atLeast(p.Daily, "such an answer seldom changes, so once a day")
	}
	if a.Status != 0 && st.Validators.None() && (!st.LastSuccess.IsZero() || a.Status < 300) {
		n.atLeast(p.FloorBare, "it gives nothing to ask conditionally with, so once a day at most")
	}
	n.atLeast(s.Settings.Interval, "the source list asks for it")
	after, told := retryAfter(a.RetryAfter, a.Date, a.Ended)
	after = min(after, p.LongestRetry)
	if told {
		n.atLeast(after, "its server asks for it (Retry-After)")
	}
	if busy := a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable; busy && told {
		n.hold = a.Ended.Add(after)
	}
	if a.Status == http.StatusTooManyRequests && !told {
		n.atLeast(p.doubled(s, a), "twice as long as before, because its server is asked too often")
		n.hold = a.Ended.Add(p.HostHold)
	}
	return n
}

// backOff is the wait after so many failures in a row.
func (p Policy) backOff(failures int) time.Duration {
	return min(p.Floor<<min(max(failures-1, 0), 16), p.Longest)
}

// failureReason words what backOff stands for.
func failureReason(failures int) string {
	if failures <= 1 {
		return "it failed"
	}
	return fmt.Sprintf("it failed %d times in a row", failures)
}

// doubled is twice the wait that there was before this poll.
func (p Policy) doubled(s caravan.Source, a Answer) time.Duration {
	before := p.Floor
	if last := s.State.LastPoll; !last.IsZero() && a.Due.After(last) {
		before = max(before, a.Due.Sub(last))
	}
	return min(2*before, p.LongestBusy)
}

// moment makes a plan a point in time: jitter is added, and hours and days in
// which the feed asks to be left alone are passed over.
func (p Policy) moment(n plan, info caravan.FeedInfo, a Answer) time.Time {
	most := min(n.wait/time.Duration(p.JitterPart), p.JitterMost)
	t := a.Ended.Add(n.wait + time.Duration(a.Jitter*float64(most)))
	allowed := skip(t, info)
	if allowed.Equal(t) || allowed.Sub(t) > p.LongestSkip {
		return t
	}
	return allowed.Add(time.Duration(a.Jitter * float64(p.JitterMost))) // so that not all come at the full hour
}

// skip moves t to the next hour that is in none of the feed's skipHours and
// skipDays. A feed that leaves no hour of the week is not believed.
func skip(t time.Time, info caravan.FeedInfo) time.Time {
	var hours [24]bool
	var days [7]bool
	for _, h := range info.SkipHours {
		hours[((h%24)+24)%24] = true // 24 is midnight to some
	}
	for _, d := range info.SkipDays {
		days[((d%7)+7)%7] = true
	}
	u := t.UTC()
	for range 7*24 + 1 {
		if !hours[u.Hour()] && !days[u.Weekday()] {
			return u.In(t.Location())
		}
		u = u.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

// decision words a verdict for people.
func decision(v Verdict, a Answer, n plan) string {
	var text string
	if n.never {
		text = fmt.Sprintf("not asked again: %d answers of 410 (gone) in a row", v.State.Gones)
	} else {
		text = "asked again in " + Words(v.State.NextPoll.Sub(a.Ended)) + ": " + n.why
	}
	if !n.hold.IsZero() {
		text += "; its host is left alone for " + Words(n.hold.Sub(a.Ended))
	}
	switch r := v.State.Redirect; {
	case v.MovedTo != "":
		text += "; moved to " + caravan.RedactURL(v.MovedTo)
	case r.URL != "" && a.Failure.OK() && !r.Familiar:
		text += "; it points to " + r.URL + " for good, where nothing it published before is found"
	case r.URL != "" && a.Failure.OK():
		text += "; it points to " + r.URL + " for good, since " + r.Since.UTC().Format("2 January 2006")
	}
	if v.State.Unlatched.Equal(a.Started) {
		text += "; it has said for long that nothing changed, so it is asked once without conditions"
	}
	return text
}

// Words says a duration as people do, in at most two units: "2 h 5 min".
func Words(d time.Duration) string {
	d = d.Round(time.Minute)
	if d < time.Minute {
		return "less than a minute"
	}
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 1 && hours > 0:
		return fmt.Sprintf("%d days %d h", days, hours)
	case days > 1:
		return fmt.Sprintf("%d days", days)
	case days == 1:
		return fmt.Sprintf("%d h", 24+hours)
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d min", minutes)
}
