package main

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/wording"
	"caravan/fetcher"
	"caravan/fetcher/polite"
	"caravan/fetcher/push"
)

// newSubscriber returns what subscribes to the hubs that sources name. Without
// an address of its own that the public can reach it subscribes to none.
func (a *app) newSubscriber(o appOptions, c clock, contact string) *push.Subscriber {
	return push.New(push.Config{
		Store:     a.store,
		Client:    a.client.Plain(),
		Base:      push.ReachableBase(o.Net.BaseURL, a.client.Allowed),
		UserAgent: polite.UserAgent(version, contact),
		Blocked:   a.block.Reason,
		Allowed:   a.client.Allowed,
		Wake:      a.poller.Wake,
		Now:       c.now,
		Wait:      c.wait,
		Log:       o.Log,
		Read: func(body []byte, contentType string, s caravan.Source) (caravan.Document, error) {
			return fetcher.Read(fetcher.Raw{
				Body: body, ContentType: contentType, URL: cmp.Or(s.State.Validators.URL, caravan.RedactURL(s.URL)), SourceLanguage: s.Language, Now: c.now(),
			})
		},
	})
}

// warnUnreachable says once, at the start, that hubs cannot send to the base URL
// that was given, and what to do.
func warnUnreachable(log *slog.Logger, baseURL string, allowed func(address string) bool) {
	if baseURL != "" && push.ReachableBase(baseURL, allowed) == "" {
		log.Warn("no hub is subscribed to, as none could reach this server: give --base-url an address of the public web, or open its range with --allow-private for hubs in it; sources are polled as usual", "base_url", baseURL)
	}
}

// pushText says what a hub does for a source.
func pushText(p caravan.Push, now time.Time) string {
	hub := p.Hub
	if u, err := url.Parse(p.Hub); err == nil {
		hub = u.Host
	}
	hub = wording.Printable(hub)
	trouble := ""
	if p.Trouble != "" {
		trouble = " (" + wording.Printable(p.Trouble) + ")"
	}
	switch live := p.Until.After(now); {
	case p.Denied:
		return fmt.Sprintf("Its hub %s refuses to push it%s; it is polled as usual.", hub, trouble)
	case live && p.Trusted:
		return fmt.Sprintf("Pushed by %s, lease until %s; polled once a day besides.", hub, wording.Moment(p.Until))
	case live:
		return fmt.Sprintf("Pushed by %s, lease until %s; polled as usual, as a poll found what had not been pushed.", hub, wording.Moment(p.Until))
	case p.Since.IsZero():
		return fmt.Sprintf("Its hub %s was asked to push it and has not confirmed that%s.", hub, trouble)
	}
	return fmt.Sprintf("Was pushed by %s, whose lease ended at %s%s; polled as usual.", hub, wording.Moment(p.Until), trouble)
}
