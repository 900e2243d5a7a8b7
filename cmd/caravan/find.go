package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"caravan"
	"caravan/fetcher"
	"caravan/fetcher/discover"
	"caravan/fetcher/polite"
	"caravan/fetcher/robots"
)

// mostRequests is what looking for a feed may cost a site: the page that was
// named and five more, redirects and robots.txt included.
const mostRequests = 6

// product is the name that robots.txt knows caravan by.
const product = "caravan"

// A getter makes requests.
type getter interface {
	Get(ctx context.Context, r polite.Request) (*polite.Response, error)
}

// A finder looks for the feeds behind one address. It is used once.
type finder struct {
	client getter
	now    time.Time
	left   int                     // requests that may still be made
	rules  map[string]robots.Rules // by scheme and host
	result finding
}

// A finding is what was found behind an address.
type finding struct {
	Feeds []foundFeed
	Notes []string // what was not looked at, and why; for people
	Spent int      // requests
}

// A foundFeed is a feed that was read.
type foundFeed struct {
	URL    string // to be listed
	Site   string // its site, as far as known
	Given  bool   // it is the very address that was named
	Reason discover.Reason
	Doc    caravan.Document
}

// title is what to call the feed.
func (f foundFeed) title() string {
	u, err := url.Parse(f.URL)
	if err != nil {
		return f.Doc.Feed.Title
	}
	return cmp.Or(f.Doc.Feed.Title, strings.TrimPrefix(u.Hostname(), "www."))
}

// find asks for address and, when it is a web page, for the feeds behind it,
// obeying robots.txt for all but the page. The error is for people.
func find(ctx context.Context, client getter, address string, now time.Time) (finding, error) {
	f := &finder{client: client, now: now, left: mostRequests, rules: map[string]robots.Rules{}}
	answer, err := f.get(ctx, address, anywhere)
	if err != nil {
		return f.result, fmt.Errorf("ask for %s: %w", caravan.RedactURL(address), explained(err))
	}
	failure := fetcher.StatusFailure(answer.Status, answer.Conditional, answer.Shield)
	if failure.OK() {
		doc, err := fetcher.Read(fetcher.Raw{Body: answer.Body, ContentType: answer.Header.ContentType, URL: answer.FinalURL, Now: now})
		if err == nil {
			f.result.Feeds = []foundFeed{{URL: cmp.Or(answer.PermanentTo, address), Site: doc.Feed.Link, Given: true, Doc: doc}}
			return f.result, nil
		}
	}
	return f.behind(ctx, answer, failure)
}

// findBehind looks for the feeds behind a page that was asked for already.
func findBehind(ctx context.Context, client getter, page *polite.Response, now time.Time) (finding, error) {
	f := &finder{client: client, now: now, left: mostRequests - 1 - page.Hops, rules: map[string]robots.Rules{}}
	return f.behind(ctx, page, caravan.Failure{})
}

// behind tries what a page, or its mere address when it could not be had, says
// of its feeds.
func (f *finder) behind(ctx context.Context, answer *polite.Response, failure caravan.Failure) (finding, error) {
	page := discover.Page{URL: answer.FinalURL, ContentType: answer.Header.ContentType}
	if failure.OK() {
		page.Body = answer.Body
	}
	for _, c := range discover.Find(page) {
		if f.enough(c) {
			break
		}
		if err := f.try(ctx, c, answer.FinalURL); err != nil {
			return f.result, err
		}
	}
	switch {
	case len(f.result.Feeds) > 0:
		return f.result, nil
	case !failure.OK():
		return f.result, fmt.Errorf("ask for %s: %s", caravan.RedactURL(answer.FinalURL), failure.Detail)
	}
	return f.result, &noFeedError{page: answer.FinalURL, notes: f.result.Notes}
}

// A noFeedError says that a page has no feed that could be found.
type noFeedError struct {
	page  string
	notes []string
}

// Error says where was looked and what to do.
func (e *noFeedError) Error() string {
	text := fmt.Sprintf("no feed found behind %s", caravan.RedactURL(e.page))
	if len(e.notes) > 0 {
		text += " (" + strings.Join(e.notes, "; ") + ")"
	}
	return text + ". If you know its address, give that"
}

// enough reports whether c need not be tried: there is no request left for it,
// or what was found is better than what it promises.
func (f *finder) enough(c discover.Candidate) bool {
	return f.left == 0 || len(f.result.Feeds) > 0 && c.Reason > discover.Declared
}

// try asks for one candidate, if robots.txt lets it be asked. Only the end of
// ctx is an error: a candidate that is none is nothing new.
func (f *finder) try(ctx context.Context, c discover.Candidate, page string) error {
	allowed, err := f.allowed(ctx, c.URL)
	if err != nil {
		return err
	}
	if !allowed && f.left < 2 {
		return nil
	}
	if !allowed {
		f.result.Notes = append(f.result.Notes, fmt.Sprintf("robots.txt does not let %s be asked for", c.URL))
		return nil
	}
	answer, err := f.get(ctx, c.URL, f.allowed)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || answer.Status != http.StatusOK || answer.Shield != "" {
		return nil
	}
	doc, err := fetcher.Read(fetcher.Raw{Body: answer.Body, ContentType: answer.Header.ContentType, URL: answer.FinalURL, Now: f.now})
	if err != nil {
		return nil
	}
	found := foundFeed{URL: cmp.Or(answer.PermanentTo, c.URL), Site: cmp.Or(doc.Feed.Link, page), Reason: c.Reason, Doc: doc}
	for _, other := range f.result.Feeds {
		if sameFeed(other, found) {
			return nil
		}
	}
	f.result.Feeds = append(f.result.Feeds, found)
	return nil
}

// allowed reports whether robots.txt of its site lets address be asked for. One
// that cannot be had because the site fails forbids, one that is not there
// allows (RFC 9309, 2.3.1).
func (f *finder) allowed(ctx context.Context, address string) (bool, error) {
	u, err := url.Parse(address)
	if err != nil {
		return false, nil
	}
	site := u.Scheme + "://" + u.Host
	rules, known := f.rules[site]
	if !known {
		if f.left < 2 {
			return false, nil // there is no request left for the address itself
		}
		f.rules[site] = robots.Closed() // should its own file lead back to the site
		f.left--                        // kept for the address itself
		answer, err := f.get(ctx, site+"/robots.txt", anywhere)
		f.left++
		switch {
		case ctx.Err() != nil:
			return false, ctx.Err()
		case err != nil, answer.Status >= 500, answer.Status == http.StatusTooManyRequests:
			rules = robots.Closed()
		case answer.Status == http.StatusOK:
			rules = robots.Parse(answer.Body, product)
		}
		f.rules[site] = rules
	}
	return rules.Allow(u.RequestURI()), nil
}

// anywhere lets a redirect be followed wherever it leads.
func anywhere(context.Context, string) (bool, error) { return true, nil }

// get makes a request, follows redirects to where may lets it while there are
// requests left, and counts each. At least one is left.
func (f *finder) get(ctx context.Context, address string, may func(context.Context, string) (bool, error)) (*polite.Response, error) {
	f.spend()
	return f.client.Get(ctx, polite.Request{URL: address, Follow: func(ctx context.Context, next string) bool {
		ok, err := may(ctx, next)
		if err != nil || !ok || f.left < 1 {
			return false
		}
		f.spend()
		return true
	}})
}

// spend counts one request.
func (f *finder) spend() {
	f.left--
	f.result.Spent++
}

// sameFeed reports whether two feeds are one in two formats: their newest items
// are the same.
func sameFeed(a, b foundFeed) bool {
	if caravan.SourceKey(a.URL) == caravan.SourceKey(b.URL) {
		return true
	}
	const looked = 5
	n := min(len(a.Doc.Items), len(b.Doc.Items), looked)
	for i := range n {
		if key := a.Doc.Items[i].Keys.Link; key == "" || key != b.Doc.Items[i].Keys.Link {
			return false
		}
	}
	return n > 0
}

// explained is the sentence for people of a failed request.
func explained(err error) error {
	if e, ok := errors.AsType[*polite.Error](err); ok {
		return errors.New(e.Detail)
	}
	return err
}
