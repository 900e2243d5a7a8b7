package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"caravan"
	"caravan/cmd/caravan/internal/blocklist"
	"caravan/cmd/caravan/internal/trial"
	"caravan/fetcher"
	"caravan/fetcher/document"
	"caravan/fetcher/polite"
)

// triedAtOnce is how many hosts a check asks at the same time.
const triedAtOnce = 8

// A checker tries sources. What was asked within a day, by a poll or a check,
// is not asked again.
type checker struct {
	client hostGetter
	now    func() time.Time
	cache  *trial.Cache
	known  map[string]caravan.Source // what the archive knows, by key
	told   func(done, all int)       // progress; called from one goroutine at a time

	mu     sync.Mutex
	trials map[string]trial.Trial // by key
	asked  int
}

// A hostGetter makes requests and knows which addresses share a host.
type hostGetter interface {
	getter
	HostKey(address string) string
}

// run tries sources, those of one host one after the other. When ctx ends it
// returns its error; what was answered until then is kept.
func (c *checker) run(ctx context.Context, sources []caravan.ListSource) error {
	c.trials = map[string]trial.Trial{}
	hosts := map[string][]caravan.ListSource{}
	var order []string
	all := 0
	for _, s := range sources {
		if t, ok := c.remembered(s); ok {
			c.trials[caravan.SourceKey(s.URL)] = t
			continue
		}
		host := c.client.HostKey(s.URL)
		if _, known := hosts[host]; !known {
			order = append(order, host)
		}
		hosts[host] = append(hosts[host], s)
		all++
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(triedAtOnce)
	for _, host := range order {
		g.Go(func() error { return c.tryHost(ctx, hosts[host], all) })
	}
	return g.Wait()
}

// remembered returns an answer that is young enough.
func (c *checker) remembered(s caravan.ListSource) (trial.Trial, bool) {
	if known, ok := c.known[caravan.SourceKey(s.URL)]; ok {
		if t := trial.Of(known); t.Fresh(c.now()) {
			return t, true
		}
	}
	t := c.cache.Get(s.URL)
	return t, t.Fresh(c.now())
}

// tryHost tries the sources of one host, until it asks to be left alone.
func (c *checker) tryHost(ctx context.Context, sources []caravan.ListSource, all int) error {
	busy := ""
	for _, s := range sources {
		if busy != "" {
			c.keep(s, trial.Trial{At: c.now(), Failure: caravan.FailOffline, Detail: "not asked, because its host wants to be left alone for now: " + busy}, all)
			continue
		}
		t, err := c.try(ctx, s)
		if err != nil {
			return err
		}
		if t.Failure == caravan.FailBusy {
			busy = t.Detail
		}
		c.keep(s, t, all)
	}
	return nil
}

// keep takes a trial down. That nothing was asked is not remembered.
func (c *checker) keep(s caravan.ListSource, t trial.Trial, all int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	earlier := c.cache.Get(s.URL)
	if known, ok := c.known[caravan.SourceKey(s.URL)]; ok {
		earlier = trial.Of(known)
	}
	t = t.After(earlier)
	c.trials[caravan.SourceKey(s.URL)] = t
	if t.Failure != caravan.FailOffline {
		c.cache.Put(s.URL, t)
	}
	c.asked++
	c.told(c.asked, all)
}

// try asks for one source, and looks for the feed behind it when it is a web
// page. The error is the end of ctx.
func (c *checker) try(ctx context.Context, s caravan.ListSource) (trial.Trial, error) {
	t := trial.Trial{At: c.now()}
	answer, err := c.client.Get(ctx, polite.Request{URL: s.URL, Validators: c.known[caravan.SourceKey(s.URL)].State.Validators})
	if ctx.Err() != nil {
		return t, ctx.Err()
	}
	if e, ok := errors.AsType[*polite.Error](err); ok {
		t.Failure, t.Detail = e.Class, e.Detail
		if e.Local {
			t.Failure = caravan.FailOffline
		}
		return t, nil
	}
	if err != nil {
		return t, err
	}
	failure := fetcher.StatusFailure(answer.Status, answer.Conditional, answer.Shield)
	if !failure.OK() {
		t.Failure, t.Detail = failure.Class, failure.Detail
		return t, nil
	}
	t.MovedTo = answer.PermanentTo
	if answer.Status == http.StatusNotModified {
		return t, nil
	}
	_, err = fetcher.Read(fetcher.Raw{Body: answer.Body, ContentType: answer.Header.ContentType, URL: answer.FinalURL, Now: t.At})
	if err == nil {
		return t, nil
	}
	t.Failure, t.Detail, t.MovedTo = caravan.FailBroken, err.Error(), ""
	if !errors.Is(err, document.ErrNotFeed) {
		return t, nil
	}
	t.Failure = caravan.FailNotFeed
	found, err := findBehind(ctx, c.client, answer, t.At)
	if ctx.Err() != nil {
		return t, ctx.Err()
	}
	if err == nil {
		t.Feed = found.Feeds[0].URL
	}
	return t, nil
}

// online tries the sources of the list and returns what came of each, by key.
func (c *checkCmd) online(ctx context.Context, con console, sources []caravan.ListSource) (map[string]trial.Trial, error) {
	o := c.options(con)
	known, err := knownSources(ctx, o)
	if err != nil {
		fmt.Fprintf(con.Err, "caravan: what %s knows is not used: %v\n", c.Data, err)
	}
	cache, err := trial.OpenCache()
	if err != nil {
		fmt.Fprintln(con.Err, "caravan: nothing is remembered for the next check:", err)
	}
	client, err := politeClient(ctx, o)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	ch := &checker{client: client, now: con.Now, cache: cache, known: map[string]caravan.Source{}, told: func(done, all int) {
		if con.Terminal {
			fmt.Fprintf(con.Err, "\r%d of %d sources asked ", done, all)
		}
	}}
	for _, s := range known {
		ch.known[caravan.SourceKey(s.ListURL)] = s
	}
	err = ch.run(ctx, sources)
	if con.Terminal && ch.asked > 0 {
		fmt.Fprintln(con.Err)
	}
	if err := cmp.Or(err, ch.offline()); err != nil {
		return ch.trials, errors.Join(err, cache.Save(con.Now()))
	}
	return ch.trials, cache.Save(con.Now())
}

// offline is an error when every request failed for this machine's own fault.
func (c *checker) offline() error {
	if c.asked == 0 {
		return nil
	}
	for _, t := range c.trials {
		if t.Failure != caravan.FailOffline {
			return nil
		}
	}
	return errors.New("this machine has no network; nothing is said against any source")
}

// politeClient returns the client that a command asks publishers with.
func politeClient(ctx context.Context, o appOptions) (*polite.Client, error) {
	block, err := blocklist.Open(ctx, o.Net.Block, o.Log)
	if err != nil {
		return nil, err
	}
	contact, _ := o.Net.contact("http://localhost")
	return polite.New(polite.Config{UserAgent: polite.UserAgent(version, contact), AllowPrivate: o.Net.AllowPrivate, Blocked: block.Reason, Wait: o.Wait, Log: o.Log}), nil
}
