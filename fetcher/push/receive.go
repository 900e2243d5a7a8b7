package push

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"caravan"
)

// What may wait to be read.
const (
	queued      = 64       // messages
	queuedBytes = 64 << 20 // of their bodies
)

// A parcel is a genuine message that waits to be read.
type parcel struct {
	message caravan.PushMessage
	source  string
	at      time.Time
}

// Expects reports with nil whether a hub may send something under a token. An
// error of class [caravan.ErrGone] means: not any more; one of class
// [caravan.ErrNotFound]: not, or not yet.
func (s *Subscriber) Expects(ctx context.Context, token string) error {
	_, err := s.expected(ctx, token)
	return err
}

// expected returns the subscription under which a hub may send something.
func (s *Subscriber) expected(ctx context.Context, token string) (caravan.Subscription, error) {
	sub, err := s.config.Store.Subscription(ctx, token)
	switch {
	case err != nil:
		return sub, fmt.Errorf("look up callback: %w", err)
	case sub.Leaving:
		return sub, fmt.Errorf("callback of a subscription that ends: %w", caravan.ErrGone)
	case sub.Since.IsZero():
		return sub, errUnasked // the hub has not even asked
	}
	return sub, nil
}

// Receive takes a message over, to be read and stored once the hub has its
// answer. What is not genuine is ignored. Where too much waits already, the
// source is polled instead. Errors are those of Expects, or the store's.
func (s *Subscriber) Receive(ctx context.Context, m caravan.PushMessage) (caravan.Receipt, error) {
	sub, err := s.expected(ctx, m.Token)
	if err != nil {
		return "", err
	}
	receipt := checkSignature(sub.Secret, m.Signature, m.Body)
	if receipt != caravan.PushTaken {
		s.config.Log.WarnContext(ctx, "message under a hub's callback ignored", "source", sub.Source, "hub", caravan.RedactURL(sub.Hub), "why", receipt, "bytes", len(m.Body))
		return receipt, s.distrust(ctx, sub)
	}
	s.mu.Lock()
	delete(s.bad, m.Token)
	s.mu.Unlock()
	p := parcel{message: m, source: sub.Source, at: s.config.Now()}
	if s.enqueue(p) {
		return receipt, nil
	}
	if _, err := s.store(ctx, p, nil, "too much waited to be read already"); err != nil {
		return "", err
	}
	return caravan.PushFull, nil
}

// badMessages is how many messages in a row may be none of the hub's before the
// hub is not relied on.
const badMessages = 3

// distrust counts a message that was not genuine. After some without a genuine
// one between them the hub is not relied on any more, as when a poll finds what
// it had not sent: the source is polled as usual until it sends something new.
func (s *Subscriber) distrust(ctx context.Context, sub caravan.Subscription) error {
	s.mu.Lock()
	s.bad[sub.Token]++
	many := s.bad[sub.Token] >= badMessages
	s.mu.Unlock()
	if !many || !sub.Trusted {
		return nil
	}
	err := s.alter(ctx, sub.Token, func(kept *caravan.Subscription) (bool, error) {
		kept.Trusted = false
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("end trust in a hub: %w", err)
	}
	s.config.Log.WarnContext(ctx, "hub not relied on: its messages are not genuine", "source", sub.Source, "hub", caravan.RedactURL(sub.Hub))
	s.config.Wake()
	return nil
}

// enqueue puts a parcel in the queue where there is room.
func (s *Subscriber) enqueue(p parcel) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.bytes+len(p.message.Body) > queuedBytes {
		return false
	}
	select {
	case s.queue <- p:
		s.bytes += len(p.message.Body)
		return true
	default:
		return false
	}
}

// work reads what is in the queue, until ctx ends and the queue is empty: the
// hub has been told that it was taken.
func (s *Subscriber) work(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case p := <-s.queue:
			s.read(ctx, p)
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for len(s.queue) > 0 {
		s.read(ctx, <-s.queue)
	}
}

// What is done about a store that does not take a message.
const (
	storeTries = 6           // then its source is polled instead
	storeWait  = time.Second // before the second try; twice as long before each further one
)

// read reads a parcel and stores what it brings, also while ctx ends. Until that
// is done it counts among what waits. Where the store does not take it after
// some tries, its source is polled instead.
func (s *Subscriber) read(ctx context.Context, p parcel) {
	defer func() {
		s.mu.Lock()
		s.bytes -= len(p.message.Body)
		s.mu.Unlock()
	}()
	log := s.config.Log.With("source", p.source)
	for try := range storeTries {
		err := s.takeIn(context.WithoutCancel(ctx), p)
		if err == nil {
			return
		}
		if errors.Is(err, caravan.ErrNotFound) {
			log.InfoContext(ctx, "delivery of what is not wanted any more")
			return
		}
		log.ErrorContext(ctx, "delivery not stored", "err", err, "try", try+1)
		if try+1 < storeTries {
			_ = s.config.Wait(ctx, storeWait<<try) // fails only when ctx ends: then the tries follow at once
		}
	}
	log.ErrorContext(ctx, "delivery dropped: the source is polled instead")
	s.mu.Lock()
	s.missed[p.source] = true
	s.mu.Unlock()
}

// takeIn reads a parcel as a poll of its source would, and stores it once.
func (s *Subscriber) takeIn(ctx context.Context, p parcel) error {
	log := s.config.Log.With("source", p.source)
	source, err := s.config.Store.Source(ctx, p.source)
	if err != nil {
		return err
	}
	doc, why := s.document(p, source)
	report, err := s.store(ctx, p, doc, why)
	switch {
	case err != nil:
		return err
	case doc == nil:
		log.WarnContext(ctx, "delivery of no use: the source is polled instead", "why", why, "bytes", len(p.message.Body))
	default:
		log.InfoContext(ctx, "delivery", "bytes", len(p.message.Body), "new", report.New, "changed", report.Changed)
	}
	return nil
}

// document returns what a parcel holds of its source, or nil and why it is of no
// use. It is never taken for the whole feed: hubs may leave out what they have
// sent before.
func (s *Subscriber) document(p parcel, source caravan.Source) (*caravan.Document, string) {
	doc, err := s.config.Read(p.message.Body, p.message.ContentType, source)
	if err != nil {
		return nil, "it cannot be read: " + clip(err.Error())
	}
	if other := otherTopic(doc.Feed, source); other != "" {
		return nil, "it is about another feed: " + clip(other)
	}
	doc.Partial = true
	for i := range doc.Items {
		doc.Items[i].Source = source.Slug
	}
	return &doc, ""
}

// store stores what a parcel holds, or that it is of no use.
func (s *Subscriber) store(ctx context.Context, p parcel, doc *caravan.Document, why string) (caravan.PollReport, error) {
	sum := sha256.Sum256(p.message.Body)
	report, err := s.config.Store.SaveDelivery(ctx, caravan.Delivery{
		Token: p.message.Token, At: p.at, Bytes: int64(len(p.message.Body)), Digest: hex.EncodeToString(sum[:]), Document: doc, Trouble: why,
	})
	if err == nil && doc == nil {
		s.config.Wake()
	}
	return report, err
}

// otherTopic returns what feed a document is, when it is not that of a source.
// What counts is the document, which is signed; headers are not. One that does
// not say what it is must not be another by its id or its site.
func otherTopic(info caravan.FeedInfo, s caravan.Source) string {
	if info.SelfURL != "" {
		for _, known := range []string{s.Feed.SelfURL, s.Feed.TopicURL, s.URL, s.ListURL, s.State.Validators.URL} {
			if known != "" && bareKey(known) == bareKey(info.SelfURL) {
				return ""
			}
		}
		return info.SelfURL
	}
	switch {
	case info.ID != "" && s.Feed.ID != "":
		if info.ID != s.Feed.ID {
			return info.ID
		}
	case info.Link != "" && s.Feed.Link != "":
		if bareHost(info.Link) != bareHost(s.Feed.Link) {
			return info.Link
		}
	}
	return ""
}

// bareKey is an address without what two spellings of one feed may differ in:
// its scheme, "www." and a slash at the end.
func bareKey(address string) string {
	_, rest, _ := strings.Cut(caravan.SourceKey(caravan.RedactURL(address)), "://")
	return strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")
}

// bareHost is the host of an address without "www.".
func bareHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
