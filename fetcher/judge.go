package fetcher

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"caravan"
)

// An Answer is what came of one poll, as far as the policy needs to know.
type Answer struct {
	Due     time.Time // when the poll was due
	Started time.Time // when it began
	Ended   time.Time // when the answer was complete; waits count from here

	Status      int    // 0 when there was no answer
	FinalURL    string // the address that gave it
	PermanentTo string // the same when every redirect to it was permanent
	Conditional bool   // it was asked with validators

	ETag, LastModified, Date, Age, CacheControl, Expires, RetryAfter string // headers as received

	Failure  caravan.Failure   // why nothing could be read; zero when all went well
	Document *caravan.Document // nil for 304 and for failures
	Familiar bool              // the document has an item in common with what the source published before the redirect
	Jitter   float64           // in [0,1)
}

// A Verdict is what an answer means for its source.
type Verdict struct {
	State    caravan.PollState
	HoldHost time.Time    // ask nothing of this host before; zero means no hold
	MovedTo  string       // adopt this address; empty means stay
	Decision string       // why the next poll is when it is, for people
	Rest     caravan.Rest // the next poll instead, where a hub sends what is new
}

// Judge says what an answer means: the source's polling state from now on, with
// its validators and its next poll, whether its host is left alone, and whether
// it has moved.
func (p Policy) Judge(s caravan.Source, a Answer) Verdict {
	v := Verdict{State: s.State}
	v.State.LastPoll, v.State.Status = a.Started, a.Status
	if !a.Failure.OK() {
		p.fail(a, &v)
		next := p.afterFailure(s, v.State, a)
		if v.State.NextPoll = p.moment(next, feedInfo(s, a), a); next.never {
			v.State.NextPoll = time.Time{}
		}
		v.State.Usual, v.State.Earliest = v.State.NextPoll, v.State.NextPoll
		v.HoldHost = next.hold
		v.Decision = decision(v, a, next)
		return v
	}
	p.succeed(s, a, &v)
	usual := plan{wait: p.adaptive(v.State, a.Ended), why: rhythmReason(v.State)}
	v.State.Earliest = p.moment(p.afterSuccess(s, v.State, a, plan{}), feedInfo(s, a), a)
	v.Rest.Next, v.Rest.Decision = p.decide(s, v, a, plan{wait: max(usual.wait, p.Pushed), why: "its hub sends what is new"})
	v.State.NextPoll, v.Decision = p.decide(s, v, a, usual)
	v.State.Usual = v.State.NextPoll
	return v
}

// decide sets the next poll after one that went well, and says why then.
func (p Policy) decide(s caravan.Source, v Verdict, a Answer, own plan) (time.Time, string) {
	next := p.afterSuccess(s, v.State, a, own)
	v.State.NextPoll = p.moment(next, feedInfo(s, a), a)
	return v.State.NextPoll, decision(v, a, next)
}

// feedInfo is what the feed says of itself, from the document if there is one.
func feedInfo(s caravan.Source, a Answer) caravan.FeedInfo {
	if a.Document != nil {
		return a.Document.Feed
	}
	return s.Feed
}

// succeed takes over what a readable document or an answer of 304 says.
func (p Policy) succeed(s caravan.Source, a Answer, v *Verdict) {
	st := &v.State
	st.LastSuccess = a.Started
	st.Failures, st.Gones = 0, 0
	st.Failure, st.FailingSince = caravan.Failure{}, time.Time{}
	if d, told := freshness(a); told || a.Status != http.StatusNotModified {
		st.Freshness = d
	}
	if a.Document == nil {
		st.Validators = refreshed(st.Validators, a)
		p.unlatch(a, st)
	} else {
		if st.FirstPoll.IsZero() {
			st.FirstPoll = a.Started
		}
		st.Validators = validators(st.Validators, a)
		if rhythm := Rhythm(a.Document.Items, a.Ended); rhythm > 0 && !a.Document.Partial {
			st.Rhythm = rhythm
		}
	}
	st.Redirect, v.MovedTo = p.redirect(s, *st, a)
}

// fail counts a failure. Validators, freshness and redirects stay as they were.
func (p Policy) fail(a Answer, v *Verdict) {
	st := &v.State
	st.Failures++
	st.Failure = a.Failure
	if st.FailingSince.IsZero() {
		st.FailingSince = a.Started
	}
	switch {
	case a.Failure.Class == caravan.FailGone:
		st.Gones++
	case a.Status != 0:
		st.Gones = 0
	}
}

// validators returns what to ask with after a document was read: the pair that
// came with it, whatever was there before. A damaged document, and a part that
// was not asked for, vouch for nothing.
func validators(old caravan.Validators, a Answer) caravan.Validators {
	if a.Document.Damaged {
		return old
	}
	if a.Document.Partial && !a.Conditional {
		return caravan.Validators{}
	}
	v := caravan.Validators{ETag: a.ETag, LastModified: plausible(a.LastModified, a)}
	if !v.None() {
		v.URL = a.FinalURL
	}
	return v
}

// refreshed returns the validators after an answer of 304: a field that it
// brings replaces the stored one, a field that it leaves out stays (RFC 9111,
// 3.2 and 4.3.4).
func refreshed(v caravan.Validators, a Answer) caravan.Validators {
	if a.ETag != "" {
		v.ETag = a.ETag
	}
	if modified := plausible(a.LastModified, a); modified != "" {
		v.LastModified = modified
	}
	return v
}

// plausible returns a Last-Modified header unless it lies in the future, where
// it would keep a source frozen until then. It is never rewritten.
func plausible(lastModified string, a Answer) string {
	now := parseHTTPDate(a.Date)
	if now.IsZero() {
		now = a.Ended
	}
	if parseHTTPDate(lastModified).After(now.Add(24 * time.Hour)) {
		return ""
	}
	return lastModified
}

// unlatch drops the validators of a source that used to post more often and has
// answered 304 for very long: some servers answer so to anything. It is done
// once in a silence.
func (p Policy) unlatch(a Answer, st *caravan.PollState) {
	last := newest(*st)
	if last.IsZero() || st.Rhythm == 0 || st.Rhythm > p.UnlatchAfter/3 {
		return
	}
	if a.Started.Sub(last) <= p.UnlatchAfter || st.Unlatched.After(last) {
		return
	}
	st.Validators, st.Unlatched = caravan.Validators{}, a.Started
}

// newest is when a source last brought something new, as far as is known.
func newest(st caravan.PollState) time.Time {
	if st.LastNew.IsZero() {
		return st.FirstPoll
	}
	return st.LastNew
}

// redirect follows up where a source permanently points. It returns what is to
// be remembered, and the address to adopt, if any.
func (p Policy) redirect(s caravan.Source, st caravan.PollState, a Answer) (caravan.Redirect, string) {
	if a.PermanentTo == "" || caravan.SourceKey(a.PermanentTo) == caravan.SourceKey(caravan.RedactURL(s.URL)) {
		return caravan.Redirect{}, ""
	}
	r := st.Redirect
	if r.URL != a.PermanentTo {
		r = caravan.Redirect{URL: a.PermanentTo, Since: a.Started}
	}
	r.Polls++
	r.Familiar = r.Familiar || a.Familiar
	stood := r.Polls >= p.AdoptPolls && a.Started.Sub(r.Since) >= p.AdoptAfter && r.Familiar
	upgrade := isUpgrade(s.URL, a.PermanentTo) && a.Document != nil
	if !stood && !upgrade {
		return r, ""
	}
	to, ok := withCredentials(s.URL, a.PermanentTo)
	if !ok {
		return r, ""
	}
	return caravan.Redirect{}, to
}

// isUpgrade reports whether an address only moves from http to https on the
// same host.
func isUpgrade(from, to string) bool {
	f, errFrom := url.Parse(from)
	t, errTo := url.Parse(to)
	return errFrom == nil && errTo == nil && strings.EqualFold(f.Scheme, "http") && strings.EqualFold(t.Scheme, "https") &&
		strings.EqualFold(f.Hostname(), t.Hostname())
}

// withCredentials returns the address to adopt with the user and password of
// the old one. They go to no other host; then nothing is adopted.
func withCredentials(from, to string) (string, bool) {
	f, err := url.Parse(from)
	if err != nil || f.User == nil {
		return to, true
	}
	t, err := url.Parse(to)
	if err != nil || !strings.EqualFold(f.Hostname(), t.Hostname()) {
		return "", false
	}
	scheme, rest, _ := strings.Cut(to, "://")
	return scheme + "://" + f.User.String() + "@" + rest, true
}

// StatusFailure says what is wrong with an answer's status; the zero Failure
// when nothing is. shield names the bot shield that answered, if one did.
func StatusFailure(status int, conditional bool, shield string) caravan.Failure {
	fail := func(class caravan.FailureClass, format string, args ...any) caravan.Failure {
		return caravan.Failure{Class: class, Detail: fmt.Sprintf(format, args...)}
	}
	switch {
	case shield != "":
		return fail(caravan.FailShield, "blocked by %s, which takes caravan for a robot it must stop (%d)", shield, status)
	case status == http.StatusOK, status == http.StatusIMUsed, status == http.StatusNotModified && conditional:
		return caravan.Failure{}
	case status == http.StatusNotModified:
		return fail(caravan.FailHTTP, "the server says that nothing has changed, although nothing was read yet (304)")
	case status == http.StatusUnauthorized:
		return fail(caravan.FailDenied, "the server asks for a user name and password (401)")
	case status == http.StatusForbidden:
		return fail(caravan.FailDenied, "the server does not let caravan in (403)")
	case status == http.StatusNotFound:
		return fail(caravan.FailMissing, "there is nothing at this address (404)")
	case status == http.StatusGone:
		return fail(caravan.FailGone, "the publisher has taken the feed away (410)")
	case status == http.StatusTooManyRequests:
		return fail(caravan.FailBusy, "the server asks to be asked less often (429)")
	case status == http.StatusServiceUnavailable:
		return fail(caravan.FailBusy, "the server is out of service for now (503)")
	case status >= 300 && status < 400:
		return fail(caravan.FailBusy, "the address redirects and asks to wait before following (%d)", status)
	case status >= 520 && status <= 530:
		return fail(caravan.FailHTTP, "Cloudflare cannot reach the publisher's server (%d)", status)
	case status >= 500:
		return fail(caravan.FailHTTP, "the server has an error of its own (%d)", status)
	case status >= 200 && status < 300:
		return fail(caravan.FailHTTP, "the server answers without a document (%d)", status)
	default:
		return fail(caravan.FailHTTP, "the server refuses the request (%d)", status)
	}
}
