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
		Transport:     c.transport,
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
