package push

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestRefusal(t *testing.T) {
	tests := []struct {
		status        int
		body, after   string
		text          string
		lasting, host bool
		wait          time.Duration
	}{
		{status: 202}, {status: 200}, {status: 204},
		{status: 400, body: "hub.topic:\nnot ours\n", text: "the hub answers 400: hub.topic: not ours", lasting: true},
		{status: 404, body: "<html>nothing here", text: "the hub answers 404", lasting: true},
		{status: 302, text: "the hub answers 302", lasting: true},
		{status: 429, after: "7200", text: "the hub answers 429", host: true, wait: 2 * time.Hour},
		{status: 503, after: "Wed, 25 Nov 2026 12:30:00 GMT", text: "the hub answers 503", host: true, wait: 30 * time.Minute},
		{status: 500, after: "99999999999", body: strings.Repeat("x", 1000), text: "the hub answers 500: " + strings.Repeat("x", 200) + "…", host: true, wait: longestWait},
		{status: 500, after: "-5", body: "\x00\xff", text: "the hub answers 500: \uFFFD", host: true},
	}
	for _, test := range tests {
		got := refusal(&http.Response{StatusCode: test.status, Header: http.Header{"Retry-After": {test.after}}}, test.body, noon)
		if test.text == "" {
			if got != nil {
				t.Errorf("%d: %v", test.status, got)
			}
			continue
		}
		if want := (trouble{test.text, test.lasting, test.host, test.wait}); got == nil || *got != want {
			t.Errorf("%d: %+v, want %+v", test.status, got, want)
		}
	}
}

func TestSentOn(t *testing.T) {
	tests := []struct{ from, location, want string }{
		{"https://hub.example/a", "/b", "https://hub.example/b"},
		{"https://hub.example/a", "https://other.example/", "https://other.example/"},
		{"http://hub.example/a", "https://hub.example/a", "https://hub.example/a"},
		{"https://hub.example/a", "http://hub.example/a", ""},
		{"https://hub.example/a", "", ""},
		{"https://hub.example/a", "ftp://hub.example/", ""},
		{"https://hub.example/a", "https://u:p@hub.example/", ""},
		{"https://hub.example/a", "%zz", ""},
	}
	for _, test := range tests {
		from, err := url.Parse(test.from)
		if err != nil {
			t.Fatal(err)
		}
		next, trouble := sentOn(from, test.location)
		if next != test.want || (trouble == nil) != (test.want != "") {
			t.Errorf("from %s to %q: %q, %v, want %q", test.from, test.location, next, trouble, test.want)
		}
	}
}

func TestTroubleTellsNoSecrets(t *testing.T) {
	sub := caravan.Subscription{Secret: "s3cret", Token: "t0ken"}
	told := &trouble{text: "the hub answers 400: hub.callback=https://planet.example/push/t0ken&hub.secret=s3cret"}
	if got := told.without(sub).text; got != "the hub answers 400: hub.callback=https://planet.example/push/…&hub.secret=…" {
		t.Errorf("told: %s", got)
	}
	if got := told.without(caravan.Subscription{}).text; got != told.text {
		t.Errorf("without secrets: %s", got)
	}
}
