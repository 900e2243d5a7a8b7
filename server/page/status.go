package page

import (
	"strings"
	"time"

	"caravan"
	"caravan/server/locale"
)

// A Code is the state of a source in one word.
type Code string

// The states of a source.
const (
	StatusNew     Code = "new"     // not polled yet
	StatusFresh   Code = "fresh"   // well
	StatusQuiet   Code = "quiet"   // well, and nothing new for long
	StatusFailing Code = "failing" // the last poll went wrong
	StatusBlocked Code = "blocked" // it, or the operator, does not let caravan in
	StatusMoved   Code = "moved"   // at another address than the list says
	StatusGone    Code = "gone"    // removed for good; not polled any more
	StatusPaused  Code = "paused"  // the list pauses it
)

// Codes lists the states in the order in which they are told.
func Codes() []Code {
	return []Code{StatusFailing, StatusBlocked, StatusGone, StatusMoved, StatusNew, StatusPaused, StatusQuiet, StatusFresh}
}

// A Status is the state of a source at a moment, and why.
type Status struct {
	Code  Code
	Key   string    // of the message that explains it; Key + "-do" says what to do
	Since time.Time // since when it is so; zero when that means nothing

	source caravan.Source
	now    time.Time
}

// SourceStatus tells the state of a source.
func SourceStatus(s caravan.Source, now time.Time) Status {
	st := Status{source: s, now: now}
	f := s.State.Failure
	switch {
	case s.Settings.Paused:
		st.Code, st.Key = StatusPaused, "status.paused"
	case f.Class == caravan.FailGone && s.State.NextPoll.IsZero() && !s.State.LastPoll.IsZero():
		st.Code, st.Key, st.Since = StatusGone, "status.gone", s.State.FailingSince
	case s.State.LastPoll.IsZero():
		st.Code, st.Key = StatusNew, "status.new"
	case !f.OK() && f.Class != caravan.FailOffline:
		st.Code, st.Key, st.Since = StatusFailing, failureKey(f.Class), s.State.FailingSince
		if shutOut(f.Class) {
			st.Code = StatusBlocked
		}
	case s.State.FirstPoll.IsZero():
		st.Code, st.Key = StatusNew, "status.new"
	case s.State.Redirect.URL != "":
		st.Code, st.Key, st.Since = StatusMoved, "status.moving", s.State.Redirect.Since
	case movedAway(s):
		st.Code, st.Key = StatusMoved, "status.moved"
	case QuietSince(s, now):
		st.Code, st.Key, st.Since = StatusQuiet, "status.quiet", newest(s)
	default:
		st.Code, st.Key = StatusFresh, "status.fresh"
	}
	return st
}

// QuietSince reports whether a source has had nothing new for three times its
// rhythm and at least 14 days.
func QuietSince(s caravan.Source, now time.Time) bool {
	last := newest(s)
	return !last.IsZero() && now.Sub(last) > max(3*s.State.Rhythm, 14*24*time.Hour)
}

// newest is when a source last had something new: its newest article, or the
// poll that brought one, whichever is later to be known.
func newest(s caravan.Source) time.Time {
	if s.Newest.IsZero() {
		return s.State.LastNew
	}
	return s.Newest
}

// movedAway reports whether a source is read elsewhere than the list says.
func movedAway(s caravan.Source) bool {
	return s.ListURL != "" && s.URL != "" && caravan.SourceKey(s.ListURL) != caravan.SourceKey(s.URL)
}

// shutOut reports whether a failure means that somebody does not want caravan
// there, which no patience mends.
func shutOut(c caravan.FailureClass) bool {
	switch c {
	case caravan.FailDenied, caravan.FailShield, caravan.FailAddress, caravan.FailBlocked:
		return true
	}
	return false
}

// failureKey is the key of the message that explains a failure.
func failureKey(c caravan.FailureClass) string {
	if c == caravan.FailGone {
		return "status.going" // said, not believed yet
	}
	if key := "status." + string(c); locale.Has(key) {
		return key
	}
	return "status.http"
}

// Care reports whether the state is one that a curator should look at: a
// failure that lasts, a source that is gone or has moved.
func (st Status) Care() bool {
	switch st.Code {
	case StatusGone, StatusMoved, StatusBlocked:
		return true
	case StatusFailing:
		s := st.source.State
		return s.LastSuccess.IsZero() || s.Failures >= lastingRow
	}
	return false
}

// Well reports whether the source is read as it should be.
func (st Status) Well() bool { return !st.Care() && st.Code != StatusFailing }

// Shape names the shape and the class of a state: ok, quiet, bad, moved or gone.
func (st Status) Shape() string {
	switch st.Code {
	case StatusFailing, StatusBlocked:
		return "bad"
	case StatusQuiet, StatusPaused, StatusNew:
		return "quiet"
	case StatusMoved:
		return "moved"
	case StatusGone:
		return "gone"
	}
	return "ok"
}

// Word is the state in one word of l.
func (st Status) Word(l locale.Lang) string { return l.T("status.word-" + string(st.Code)) }

// Gist says in one plain sentence of l how the source is.
func (st Status) Gist(l locale.Lang) string {
	s := st.source
	switch st.Key {
	case "status.new":
		return l.T(st.Key, l.Until(s.State.NextPoll, st.now))
	case "status.fresh":
		return l.T(st.Key, l.Ago(s.State.LastPoll, st.now))
	case "status.quiet":
		return l.T(st.Key, l.Ago(s.State.LastPoll, st.now), l.Date(st.Since))
	case "status.moving":
		return l.T(st.Key, caravan.RedactURL(s.State.Redirect.URL), l.Date(st.Since))
	case "status.moved":
		return l.T(st.Key, caravan.RedactURL(s.URL))
	case "status.gone", "status.paused":
		return l.T(st.Key, s.Items)
	}
	return l.T(st.Key, host(s.URL), s.State.Status)
}

// Sentence says in plain words of l how the source is and why, and when it is
// tried again.
func (st Status) Sentence(l locale.Lang) string {
	s, text := st.source, st.Gist(l)
	if st.Code != StatusFailing && st.Code != StatusBlocked {
		return text
	}
	if detail := strings.TrimSpace(s.State.Failure.Detail); detail != "" {
		text += " " + l.T("status.detail", strings.TrimSuffix(detail, "."))
	}
	if s.State.Failures > 0 && !s.State.NextPoll.IsZero() {
		text += " " + l.T("status.tries", s.State.Failures, l.Until(s.State.NextPoll, st.now))
	}
	return text
}

// Advice says in plain words of l what a curator can do; empty when there is
// nothing to do.
func (st Status) Advice(l locale.Lang) string {
	key := st.Key + "-do"
	if !locale.Has(key) {
		return ""
	}
	return l.T(key)
}
