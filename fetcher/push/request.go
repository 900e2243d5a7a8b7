package push

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"caravan"
)

// trouble is why a hub has not taken a request.
type trouble struct {
	text    string
	lasting bool          // asking again soon is of no use
	host    bool          // the hub's server is at fault, for whatever else would be asked of it too
	wait    time.Duration // how long it asks to be left alone
}

// Error says what happened, for people.
func (t *trouble) Error() string { return t.text }

// maxHops is how many hubs may send on to another.
const maxHops = 5

// request asks a hub to begin or to end sending (WebSub, 5.1). The secret goes
// along whatever the hub's scheme: the callback goes the same way, so that
// without a secret whoever listens could send at once what he likes, and with
// one nobody else can. It is made for this subscription alone and protects
// nothing besides.
func (s *Subscriber) request(ctx context.Context, sub caravan.Subscription) *trouble {
	form := url.Values{"hub.mode": {modeOf(sub)}, "hub.topic": {sub.Topic}, "hub.callback": {sub.Callback}}
	if !sub.Leaving {
		form.Set("hub.lease_seconds", strconv.Itoa(int(wishedLease.Seconds())))
		form.Set("hub.secret", sub.Secret)
	}
	at := sub.Hub
	for range maxHops {
		if reason := s.config.Blocked(at); reason != "" {
			return &trouble{text: "the hub is blocked here by the operator: " + reason, lasting: true}
		}
		next, t := s.post(ctx, at, form.Encode())
		if next == "" {
			return t.without(sub)
		}
		at = next
	}
	return &trouble{text: "the hub sends on too many times", lasting: true}
}

// without returns t with the secrets of sub taken out of what the hub wrote,
// which may repeat what it was sent: the text is logged and shown.
func (t *trouble) without(sub caravan.Subscription) *trouble {
	if t != nil {
		for _, secret := range []string{sub.Secret, sub.Token} {
			if secret != "" {
				t.text = strings.ReplaceAll(t.text, secret, "…")
			}
		}
	}
	return t
}

// post makes one request. It returns where to ask instead, if the hub says so
// (307 or 308), or what is wrong.
func (s *Subscriber) post(ctx context.Context, hub, form string) (next string, t *trouble) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hub, strings.NewReader(form))
	if err != nil {
		return "", &trouble{text: "the hub's address cannot be asked", lasting: true}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", s.config.UserAgent)
	resp, err := s.config.Client.Do(r)
	if err != nil {
		return "", unreached(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil {
		text = nil // the status says it all
	}
	switch resp.StatusCode {
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return sentOn(r.URL, resp.Header.Get("Location"))
	}
	return "", refusal(resp, string(text), s.config.Now())
}

// unreached is the trouble with a hub that has not answered.
func unreached(err error) *trouble {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err // without the address, which stands beside it
	}
	return &trouble{text: "the hub cannot be reached: " + clip(err.Error()), host: true}
}

// sentOn returns where a hub sends to. What goes over TLS does not go on
// without.
func sentOn(from *url.URL, location string) (next string, t *trouble) {
	to, err := from.Parse(location)
	if err != nil || location == "" || !askable(to.String()) || from.Scheme == "https" && to.Scheme != "https" {
		return "", &trouble{text: "the hub sends on to nowhere that can be asked (" + clip(caravan.RedactURL(location)) + ")", lasting: true}
	}
	return to.String(), nil
}

// refusal is what is wrong with a hub's answer; nil when nothing is. WebSub
// wants 202, older hubs answer with another success.
func refusal(resp *http.Response, text string, now time.Time) *trouble {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	t := &trouble{text: fmt.Sprintf("the hub answers %d", code)}
	if words := clip(text); words != "" && !strings.HasPrefix(words, "<") {
		t.text += ": " + words
	}
	busy := code == http.StatusTooManyRequests || code == http.StatusRequestTimeout
	t.lasting = code < 500 && !busy
	t.host = code >= 500 || busy
	t.wait = retryAfter(resp.Header.Get("Retry-After"), now)
	return t
}

// retryAfter reads how long a hub wants to be left alone, a week at most.
func retryAfter(value string, now time.Time) time.Duration {
	var d time.Duration
	if seconds, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
		d = time.Duration(min(seconds, int(longestWait.Seconds()))) * time.Second
	} else if t, err := http.ParseTime(value); err == nil {
		d = t.Sub(now)
	}
	return min(max(d, 0), longestWait)
}

// clip returns the beginning of what another machine says, on one line.
func clip(s string) string {
	const most = 200
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
