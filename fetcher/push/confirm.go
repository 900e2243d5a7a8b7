package push

import (
	"context"
	"fmt"
	"time"

	"caravan"
)

// errUnasked answers a question about something that was not asked for.
var errUnasked = fmt.Errorf("not asked for: %w", caravan.ErrNotFound)

// Confirm answers a hub's question whether it was asked for this, and takes note
// of its refusals. Nil means yes; an error of class [caravan.ErrNotFound] no.
func (s *Subscriber) Confirm(ctx context.Context, q caravan.HubQuery) error {
	now := s.config.Now()
	sub, err := s.config.Store.Subscription(ctx, q.Token) // whoever does not know a token does not make the store write
	if err != nil {
		return fmt.Errorf("look up callback: %w", err)
	}
	err = s.config.Store.AlterSubscription(ctx, q.Token, func(kept *caravan.Subscription) (keep bool, err error) {
		keep, err = confirm(kept, q, now, s.leastRenewal(kept.Hub))
		sub = *kept
		return keep, err
	})
	if err != nil {
		return fmt.Errorf("confirm to hub: %w", err)
	}
	log := s.config.Log.With("source", sub.Source, "hub", caravan.RedactURL(sub.Hub))
	if q.Mode == denied {
		log.WarnContext(ctx, "hub refuses", "reason", clip(q.Reason))
		return nil
	}
	log.InfoContext(ctx, "hub confirmed", "mode", q.Mode, "until", sub.Until)
	return nil
}

// denied is the mode in which a hub says no.
const denied = "denied"

// confirm decides what becomes of a subscription for what its hub asks. A hub
// may ask again later whether it is still wanted. The topic is compared as
// addresses are: hubs write its host in lower case and the like.
func confirm(sub *caravan.Subscription, q caravan.HubQuery, now time.Time, least time.Duration) (keep bool, err error) {
	if q.Topic != sub.Topic && caravan.SourceKey(q.Topic) != caravan.SourceKey(sub.Topic) {
		return true, errUnasked
	}
	switch {
	case q.Mode == "subscribe" && !sub.Leaving:
		lease := min(q.Lease, longestLease)
		if lease <= 0 {
			lease = unsaidLease
		}
		if !sub.Live(now) {
			sub.Trusted = sub.Trusted || sub.Since.IsZero() // until a poll finds otherwise
			sub.Since = now
		}
		sub.Until, sub.NextTry = now.Add(lease), now.Add(max(lease/5*4, least))
		sub.Tries, sub.Denied, sub.Trouble = 0, false, ""
		return true, nil
	case q.Mode == "unsubscribe" && sub.Leaving:
		return false, nil
	case q.Mode == denied && sub.Leaving:
		return false, nil
	case q.Mode == denied:
		sub.Denied, sub.Until, sub.NextTry = true, time.Time{}, now.Add(deniedWait)
		sub.Trouble = "the hub refuses"
		if q.Reason != "" {
			sub.Trouble += ": " + clip(q.Reason)
		}
		return true, nil
	}
	return true, errUnasked
}

// leastRenewal is how soon after a confirmation a hub is asked to renew it, at
// the earliest, however short its leases are.
func (s *Subscriber) leastRenewal(hub string) time.Duration {
	if s.config.Allowed(hub) {
		return spacing
	}
	return 15 * time.Minute
}
