package page

import (
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/server/locale"
)

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// well is a source that is read as it should be.
func well() caravan.Source {
	return caravan.Source{
		Slug: "s", Title: "S", URL: "https://s.example/feed", ListURL: "https://s.example/feed", Items: 29, Newest: now.Add(-24 * time.Hour),
		State: caravan.PollState{
			FirstPoll: now.AddDate(-1, 0, 0), LastPoll: now.Add(-12 * time.Minute), LastSuccess: now.Add(-12 * time.Minute),
			NextPoll: now.Add(48 * time.Minute), Status: 200, Rhythm: 24 * time.Hour,
		},
	}
}

// failing is a source whose last polls failed.
func failing(class caravan.FailureClass, status, failures int) func(*caravan.Source) {
	return func(s *caravan.Source) {
		s.State.Failure, s.State.Status, s.State.Failures = caravan.Failure{Class: class}, status, failures
		s.State.FailingSince, s.State.NextPoll = now.Add(-72*time.Hour), now.Add(5*time.Hour)
	}
}

func TestSourceStatus(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*caravan.Source)
		code   Code
		key    string
		care   bool
	}{
		{"well", func(*caravan.Source) {}, StatusFresh, "status.fresh", false},
		{"never polled", func(s *caravan.Source) { s.State = caravan.PollState{NextPoll: now} }, StatusNew, "status.new", false},
		{"paused wins over all", func(s *caravan.Source) { failing(caravan.FailTLS, 0, 9)(s); s.Settings.Paused = true }, StatusPaused, "status.paused", false},
		{"no network here is nobody's failure", failing(caravan.FailOffline, 0, 9), StatusFresh, "status.fresh", false},
		{"offline before it was ever read", func(s *caravan.Source) {
			failing(caravan.FailOffline, 0, 1)(s)
			s.State.FirstPoll = time.Time{}
		}, StatusNew, "status.new", false},
		{"one failure", failing(caravan.FailTimeout, 0, 1), StatusFailing, "status.timeout", false},
		{"failures that last", failing(caravan.FailTimeout, 0, 3), StatusFailing, "status.timeout", true},
		{"never succeeded", func(s *caravan.Source) { failing(caravan.FailDNS, 0, 1)(s); s.State.LastSuccess = time.Time{} }, StatusFailing, "status.dns", true},
		{"a class without words of its own", failing("novel", 500, 3), StatusFailing, "status.http", true},
		{"shield", failing(caravan.FailShield, 403, 1), StatusBlocked, "status.shield", true},
		{"block list", failing(caravan.FailBlocked, 0, 1), StatusBlocked, "status.blocked", true},
		{"gone is said, not believed", failing(caravan.FailGone, 410, 1), StatusFailing, "status.going", false},
		{"gone", func(s *caravan.Source) { failing(caravan.FailGone, 410, 3)(s); s.State.NextPoll = time.Time{} }, StatusGone, "status.gone", true},
		{"points elsewhere", func(s *caravan.Source) { s.State.Redirect = caravan.Redirect{URL: "https://n.example/", Since: now} }, StatusMoved, "status.moving", true},
		{"read elsewhere", func(s *caravan.Source) { s.URL = "https://n.example/feed" }, StatusMoved, "status.moved", true},
		{"read at another spelling", func(s *caravan.Source) { s.URL = "https://S.example:443/feed" }, StatusFresh, "status.fresh", false},
		{"quiet", func(s *caravan.Source) { s.Newest = now.AddDate(0, 0, -15) }, StatusQuiet, "status.quiet", false},
		{"slow, not quiet", func(s *caravan.Source) { s.Newest, s.State.Rhythm = now.AddDate(0, 0, -15), 6*24*time.Hour }, StatusFresh, "status.fresh", false},
	} {
		s := well()
		test.change(&s)
		st := SourceStatus(s, now)
		if st.Code != test.code || st.Key != test.key || st.Care() != test.care {
			t.Errorf("%s: %s %s care %v, want %s %s %v", test.name, st.Code, st.Key, st.Care(), test.code, test.key, test.care)
		}
	}
}

func TestEveryFailureHasASentenceAndAdvice(t *testing.T) {
	for _, class := range []caravan.FailureClass{
		caravan.FailDNS, caravan.FailConnect, caravan.FailTimeout, caravan.FailTLS, caravan.FailHTTP, caravan.FailDenied,
		caravan.FailShield, caravan.FailMissing, caravan.FailGone, caravan.FailBusy, caravan.FailRedirect, caravan.FailTooLarge,
		caravan.FailNotFeed, caravan.FailBroken, caravan.FailAddress, caravan.FailBlocked,
	} {
		s := well()
		failing(class, 403, 4)(&s)
		st := SourceStatus(s, now)
		for _, l := range locale.Langs() {
			sentence, advice := st.Sentence(l), st.Advice(l)
			if class != caravan.FailHTTP && st.Key == "status.http" || advice == "" || strings.Contains(sentence, "{") || strings.Contains(sentence, "status.") {
				t.Errorf("%s in %s: %q, %q", class, l, sentence, advice)
			}
			if st.Word(l) == "" || st.Shape() != "bad" {
				t.Errorf("%s in %s: word %q shape %q", class, l, st.Word(l), st.Shape())
			}
		}
	}
}

func TestSentenceTellsDetailAndTries(t *testing.T) {
	s := well()
	failing(caravan.FailTLS, 0, 11)(&s)
	s.State.Failure.Detail = "certificate expired on 20 November 2026."
	got := SourceStatus(s, now).Sentence(locale.English)
	for _, want := range []string{"s.example cannot be trusted", "In detail: certificate expired on 20 November 2026. ", "11 tries, the next in 5 hours."} {
		if !strings.Contains(got, want) {
			t.Errorf("Sentence = %q, want %q in it", got, want)
		}
	}
}

func TestSentencesShowNoCredentials(t *testing.T) { // S07
	s := well()
	s.URL = "https://me:secret@n.example/feed"
	if got := SourceStatus(s, now).Sentence(locale.English); strings.Contains(got, "secret") {
		t.Errorf("Sentence = %q", got)
	}
}

func TestEveryStateHasAShapeAndAWord(t *testing.T) {
	for _, code := range Codes() {
		st := Status{Code: code}
		if states[st.Shape()] == "" || !locale.Has("status.word-"+string(code)) {
			t.Errorf("%s: shape %q", code, st.Shape())
		}
	}
}
