package polite

import (
	"net/http"
	"time"
)

// Plain returns an HTTP client for requests that are no polls, such as telling
// a hub. Its connections go through the same guard; it follows no redirects,
// and gives a request half a minute.
func (c *Client) Plain() *http.Client {
	return &http.Client{
		Transport:     admitting{c},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// admitting refuses what the guard would refuse before a connection is tried:
// behind a proxy there is none of ours to guard.
type admitting struct{ client *Client }

// RoundTrip makes the request where it may be made.
func (a admitting) RoundTrip(r *http.Request) (*http.Response, error) {
	at, err := parseTarget(r.URL.String())
	if err == nil {
		err = a.client.admit(r.Context(), at)
	} else {
		err = addressError(err)
	}
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	return a.client.transport.RoundTrip(r)
}
