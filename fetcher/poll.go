package fetcher

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"caravan"
	"caravan/fetcher/polite"
)

// An outcome is one poll when it is over, as the loop needs to know it.
type outcome struct {
	claim   caravan.Claim
	result  caravan.PollResult
	report  caravan.PollReport
	contact Contact
	doubt   Doubt // with contact Unreached; then nothing was saved
	back    bool  // the claim is to be given back: nothing was asked
	stopped bool  // the program stopped before there was an answer
	err     error // the result could not be saved
}

// poll asks one claimed source and saves what came of it. What reached nobody
// is not saved: the loop knows of other hosts and decides what it means.
func (p *Poller) poll(ctx context.Context, c caravan.Claim) outcome {
	started := p.config.Now()
	p.config.Progress(Event{Kind: Started, Source: c.Source.Slug, Title: c.Source.Title, Host: c.Host, At: started})
	response, err := p.config.Client.Get(ctx, polite.Request{
		URL:        c.Source.URL,
		Validators: c.Source.State.Validators,
		Delta:      true,
		Patient:    c.Source.State.Failure.Class == caravan.FailBusy && c.Source.State.Status < 400,
	})
	o := outcome{claim: c, contact: Reached}
	a := Answer{Due: c.Due, Started: started}
	if err != nil {
		e := failureOf(err)
		a.Failure, o.contact = e.Failure(), contactOf(e)
		if ctx.Err() != nil { // the program stops; a request that left is not made again before its time
			o.back = !e.Sent
			o.stopped = true
			return o
		}
		o.doubt = Doubt{Host: c.Host, Since: started, Local: e.Local, Fresh: c.Source.State.Failures == 0}
	} else {
		a = p.answer(ctx, c, response, a)
	}
	a.Ended = p.config.Now()
	a.Jitter = p.config.Jitter(c.Source.Slug, a.Ended)
	o.result = p.result(c, a)
	if response != nil {
		o.result.Bytes = int64(len(response.Body))
	}
	if o.contact != Unreached {
		o.report, o.err = p.save(ctx, o.result)
	}
	return o
}

// pollSafely is poll, with a panic contained to its source.
func (p *Poller) pollSafely(ctx context.Context, c caravan.Claim) (o outcome) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		err := &panicError{value: v, stack: debug.Stack()}
		p.config.Log.ErrorContext(ctx, "panic while polling", "source", c.Source.Slug, "err", err, "stack", string(err.stack))
		o = outcome{claim: c, contact: Silent, err: err}
	}()
	return p.poll(ctx, c)
}

// failureOf returns the failure that a request's error stands for.
func failureOf(err error) *polite.Error {
	if e, ok := errors.AsType[*polite.Error](err); ok {
		return e
	}
	return &polite.Error{Class: caravan.FailConnect, Detail: "the request could not be made", Err: err}
}

// answer takes from a response what the policy needs, and reads the document.
func (p *Poller) answer(ctx context.Context, c caravan.Claim, r *polite.Response, a Answer) Answer {
	a.Status, a.FinalURL, a.PermanentTo, a.Conditional = r.Status, r.FinalURL, r.PermanentTo, r.Conditional
	h := r.Header
	a.ETag, a.LastModified, a.Date, a.Age = h.ETag, h.LastModified, h.Date, h.Age
	a.CacheControl, a.Expires, a.RetryAfter = h.CacheControl, h.Expires, h.RetryAfter
	a.Failure = StatusFailure(r.Status, r.Conditional, r.Shield)
	if a.Failure.OK() && r.Status != http.StatusNotModified {
		a.Document, a.Failure = p.document(ctx, c, r)
	}
	if a.Failure.OK() && a.PermanentTo != "" {
		a.Familiar = p.familiar(ctx, c.Source, a)
	}
	return a
}

// document reads the body of an answer.
func (p *Poller) document(ctx context.Context, c caravan.Claim, r *polite.Response) (*caravan.Document, caravan.Failure) {
	doc, err := p.config.Read(Raw{
		Body:           r.Body,
		ContentType:    r.Header.ContentType,
		URL:            r.FinalURL,
		SourceLanguage: c.Source.Language,
		Now:            p.config.Now(),
	})
	if err != nil {
		if e, ok := errors.AsType[*panicError](err); ok {
			p.config.Log.ErrorContext(ctx, "panic while reading a document", "source", c.Source.Slug, "err", e, "stack", string(e.stack))
		}
		return nil, readFailure(err)
	}
	doc.Feed = namedByHeader(doc.Feed, r.Header.Link, r.FinalURL)
	doc.Partial = r.Status == http.StatusIMUsed
	if r.Truncated {
		doc.Damaged = true
		doc.Problems = append(doc.Problems, "the connection ended before the document did")
	}
	for i := range doc.Items {
		doc.Items[i].Source = c.Source.Slug
	}
	return &doc, caravan.Failure{}
}

// familiar reports whether what a permanent redirect leads to is what the source
// published before it. An address that has redirected from its first poll on is
// compared with what it led to then.
func (p *Poller) familiar(ctx context.Context, s caravan.Source, a Answer) bool {
	since := a.Started
	if s.State.Redirect.URL == a.PermanentTo {
		since = s.State.Redirect.Since
	}
	fromFirst := !s.State.FirstPoll.IsZero() && !s.State.FirstPoll.Before(since)
	if a.Document == nil {
		return fromFirst
	}
	keeper, ok := p.config.Store.(Keeper)
	if !ok || s.State.FirstPoll.IsZero() {
		return false
	}
	page, err := keeper.Items(ctx, caravan.Filter{Sources: []string{s.Slug}}, "", 200)
	if err != nil {
		p.config.Log.ErrorContext(ctx, "read items of a redirected source", "source", s.Slug, "err", err)
		return false
	}
	var before []caravan.Item
	for _, item := range page.Items {
		if fromFirst || item.FirstSeen.Before(since) {
			before = append(before, item)
		}
	}
	return inCommon(a.Document.Items, before)
}

// inCommon reports whether two sets of items share one, by GUID, link or words.
func inCommon(a, b []caravan.Item) bool {
	keys := map[string]bool{}
	for _, item := range b {
		for _, k := range keysOf(item) {
			keys[k] = true
		}
	}
	for _, item := range a {
		for _, k := range keysOf(item) {
			if keys[k] {
				return true
			}
		}
	}
	return false
}

// keysOf lists the keys that an item has, each marked with its kind.
func keysOf(item caravan.Item) []string {
	var list []string
	k := item.Keys
	for kind, key := range map[string]string{"guid:": k.GUID, "link:": k.Link, "text:": k.Fingerprint} {
		if key != "" {
			list = append(list, kind+key)
		}
	}
	return list
}

// result judges an answer and puts together what is to be stored.
func (p *Poller) result(c caravan.Claim, a Answer) caravan.PollResult {
	v := p.config.Policy.Judge(c.Source, a)
	return caravan.PollResult{
		Claim:       c,
		Started:     a.Started,
		Took:        a.Ended.Sub(a.Started),
		FinalURL:    a.FinalURL,
		Status:      a.Status,
		Failure:     a.Failure,
		Document:    a.Document,
		State:       v.State,
		HoldHost:    v.HoldHost,
		HostSpacing: p.config.Policy.HostSpacing,
		MovedTo:     v.MovedTo,
		Decision:    v.Decision,
		Rest:        v.Rest,
	}
}

// save stores a result, tells of it and logs it. A save is not broken off when
// the program stops.
func (p *Poller) save(ctx context.Context, r caravan.PollResult) (caravan.PollReport, error) {
	ctx = context.WithoutCancel(ctx)
	report, err := p.config.Store.SavePoll(ctx, r)
	if !report.Next.IsZero() {
		r.State.NextPoll, r.Decision = report.Next, report.Decision
	}
	if err != nil {
		p.config.Log.ErrorContext(ctx, "poll not saved", "source", r.Claim.Source.Slug, "err", err)
	}
	logPoll(ctx, p.config.Log, r, report)
	p.config.Progress(Event{
		Kind: Done, Source: r.Claim.Source.Slug, Title: r.Claim.Source.Title, Host: r.Claim.Host, At: r.Started,
		Took: r.Took, Status: r.Status, Report: report, Failure: r.Failure, Next: r.State.NextPoll,
	})
	return report, err
}

// logPoll writes the one line that each poll leaves.
func logPoll(ctx context.Context, log *slog.Logger, r caravan.PollResult, report caravan.PollReport) {
	level := slog.LevelInfo
	if !r.Failure.OK() {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{
		slog.String("source", r.Claim.Source.Slug),
		slog.String("url", caravan.RedactURL(r.Claim.Source.URL)),
		slog.Int("status", r.Status),
		slog.Duration("took", r.Took.Round(time.Millisecond)),
		slog.Int64("bytes", r.Bytes),
		slog.Int("new", report.New),
		slog.Int("changed", report.Changed),
	}
	if r.FinalURL != "" && r.FinalURL != r.Claim.Source.URL {
		attrs = append(attrs, slog.String("final", caravan.RedactURL(r.FinalURL)))
	}
	if !r.Failure.OK() {
		attrs = append(attrs, slog.String("failure", string(r.Failure.Class)), slog.String("detail", r.Failure.Detail), slog.Int("failures", r.State.Failures))
	}
	attrs = append(attrs, slog.Time("next", r.State.NextPoll), slog.String("decision", r.Decision))
	log.LogAttrs(ctx, level, "poll", attrs...)
}
