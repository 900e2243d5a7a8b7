package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/wording"
	"caravan/fetcher/article"
)

type explainCmd struct {
	dataFlags
	netFlags
	logFlags
	JSON bool   `name:"json" help:"Print the answer as JSON."`
	Post string `arg:"" name:"url" help:"The post: its address, its GUID, its page here, or its id; or a source's slug."`
}

// Run says where a post is.
func (c *explainCmd) Run(ctx context.Context, con console) error {
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		body, err := cl.get(ctx, "/admin/explain", url.Values{"url": {c.Post}})
		if err != nil {
			return err
		}
		var found caravan.Explanation
		if err := errors.Join(json.NewDecoder(body).Decode(&found), body.Close()); err != nil {
			return fmt.Errorf("read answer: %w", err)
		}
		if c.JSON {
			enc := json.NewEncoder(con.Out)
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(found)
		}
		_, err = con.Out.Write([]byte(explanation(found, con)))
		return err
	})
}

// Explain says where a post is, by its address, GUID or public id, or how it
// stands with a source, by its slug.
func (a *admin) Explain(ctx context.Context, address string) (caravan.Explanation, error) {
	out := caravan.Explanation{Address: address, Sources: []caravan.SourceTrace{}}
	var err error
	if out.Items, err = a.store.Trace(ctx, markOf(address)); err != nil {
		return out, err
	}
	if len(out.Items) > 0 {
		return out, nil
	}
	out.Items = []caravan.ItemTrace{}
	if s, err := a.store.Source(ctx, address); err == nil && s.Listed {
		out.Sources = append(out.Sources, sourceTrace(s))
		return out, nil
	} else if err != nil && !errors.Is(err, caravan.ErrNotFound) {
		return out, err
	}
	sources, err := a.store.Sources(ctx)
	if err != nil {
		return out, err
	}
	for _, s := range sitesOf(address, sources) {
		out.Sources = append(out.Sources, sourceTrace(s))
	}
	return out, nil
}

// markOf returns all that an item may be asked for by with what was typed.
func markOf(address string) caravan.ItemMark {
	m := caravan.ItemMark{GUID: address, Link: article.CanonicalLink(address), Exact: []string{address}}
	if caravan.ValidPublicID(address) {
		m.ID = address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return m
	}
	if _, id, ok := strings.Cut(u.Path, "/item/"); ok && caravan.ValidPublicID(id) {
		m.ID = id
	}
	other := *u
	if u.Path = strings.TrimSuffix(u.Path, "/"); u.Path == other.Path {
		u.Path += "/"
	}
	u.RawPath = ""
	for _, one := range []url.URL{other, *u} {
		for _, scheme := range []string{"https", "http"} {
			one.Scheme = scheme
			m.Exact = append(m.Exact, one.String())
		}
	}
	return m
}

// sitesOf returns the sources on whose site an address lies: of those on its
// host the ones whose site shares most of its path.
func sitesOf(address string, sources []caravan.Source) []caravan.Source {
	const most = 5
	want := strings.Split(article.CanonicalLink(address), "/")
	if want[0] == "" {
		return nil
	}
	best := 0
	var found []caravan.Source
	for _, s := range sources {
		shared := 0
		for _, site := range []string{s.SiteURL, s.Feed.Link, s.URL, s.ListURL} {
			shared = max(shared, sharedParts(want, article.CanonicalLink(site)))
		}
		if shared > best {
			best, found = shared, nil
		}
		if shared == best && shared > 0 && len(found) < most {
			found = append(found, s)
		}
	}
	return found
}

// sharedParts counts the parts that a canonical link has in common with another
// one, from its host on. An account of a place that many publish at, as in
// medium.com/@name, has nothing in common with another account.
func sharedParts(want []string, site string) int {
	parts := strings.Split(site, "/")
	n := 0
	for n < min(len(want), len(parts)) && want[n] == parts[n] {
		n++
	}
	if n == 1 && len(parts) > 1 && strings.HasPrefix(parts[1], "@") {
		return 0
	}
	return n
}

func sourceTrace(s caravan.Source) caravan.SourceTrace {
	t := caravan.SourceTrace{
		Source: s.Slug, Title: s.Title, URL: caravan.RedactURL(s.URL), FirstPoll: s.State.FirstPoll, LastPoll: s.State.LastPoll,
		NextPoll: s.State.NextPoll, Newest: s.Newest, Items: s.Items, Failure: s.State.Failure.Detail, Paused: s.Settings.Paused,
	}
	if s.Push != (caravan.Push{}) {
		t.Push = &s.Push
	}
	return t
}

// explanation puts an answer into words.
func explanation(e caravan.Explanation, con console) string {
	var b strings.Builder
	for _, t := range e.Items {
		b.WriteString(traceText(t, con))
	}
	if len(e.Items) > 0 {
		return b.String()
	}
	if len(e.Sources) == 1 && e.Sources[0].Source == e.Address {
		s := e.Sources[0]
		return sourceText(con.bold(wording.Printable(s.Title))+", "+wording.Printable(s.URL), s, con.Now())
	}
	fmt.Fprintf(&b, "No source has ever offered %s.\n", wording.Printable(e.Address))
	if len(e.Sources) == 0 {
		b.WriteString("No listed source has its site there. 'caravan add URL' finds a site's feed and lists it.\n")
	}
	for _, s := range e.Sources {
		name := fmt.Sprintf("It looks like a post of %s (%s), %s", wording.Printable(s.Title), s.Source, wording.Printable(s.URL))
		b.WriteString(sourceText(name, s, con.Now()))
	}
	return b.String()
}

// traceText puts one item into words.
func traceText(t caravan.ItemTrace, con console) string {
	lines := []string{con.bold(wording.Printable(cmp.Or(t.Title, "Untitled")))}
	if t.URL != "" {
		lines = append(lines, wording.Printable(t.URL))
	}
	lines = append(lines, fmt.Sprintf("Source: %s (%s)", wording.Printable(t.SourceTitle), t.Source))
	seen := "Seen first at " + wording.Moment(t.FirstSeen)
	if p := t.Poll; p != nil {
		seen += fmt.Sprintf(", in a poll with status %d that brought %d new and %d changed", p.Status, p.New, p.Changed)
	} else if p := t.Pushed; p != nil {
		seen += fmt.Sprintf(", pushed by %s with %d new and %d changed", wording.Printable(p.Hub), p.New, p.Changed)
	} else {
		seen += ", in a poll that is not remembered any more"
	}
	lines = append(lines, seen+".")
	if t.Undated || t.Published.IsZero() {
		lines = append(lines, "Its publisher gives no date.")
	} else {
		lines = append(lines, "Its publisher dates it "+wording.Moment(t.Published)+".")
	}
	if t.Revisions > 0 {
		lines = append(lines, fmt.Sprintf("Changed %s since, last at %s.", wording.Plural(t.Revisions, "time", "times"), wording.Moment(t.Changed)))
	}
	lines = append(lines, storyText(t), visibilityText(t))
	return strings.Join(lines, "\n  ") + "\n"
}

// storyText says which story an item is part of.
func storyText(t caravan.ItemTrace) string {
	if len(t.Others) == 0 {
		return "It is a story of its own."
	}
	var names []string
	for _, o := range t.Others {
		name := o.Source + " (" + o.ID
		if o.Visibility != caravan.Shown {
			name += ", hidden"
		}
		names = append(names, name+")")
	}
	return fmt.Sprintf("It is part of the story %s, with what appeared in %s.", t.Story, strings.Join(names, ", "))
}

// visibilityText says whether an item is shown, and if not, why.
func visibilityText(t caravan.ItemTrace) string {
	switch t.Visibility {
	case caravan.Shown:
		return "Shown, on /item/" + t.ID + "."
	case caravan.Skipped:
		return fmt.Sprintf("Hidden: it matches its source's caravan:skip=%q.", t.Rule)
	case caravan.NotOnly:
		return fmt.Sprintf("Hidden: it does not match its source's caravan:only=%q.", t.Rule)
	case caravan.Unlisted:
		return "Hidden: its source left the list at " + wording.Moment(t.HiddenAt) + ". It comes back with the source's line."
	case caravan.Takedown:
		if t.Emptied {
			return "Taken down at " + wording.Moment(t.HiddenAt) + " and erased."
		}
		return "Taken down at " + wording.Moment(t.HiddenAt) + "; 'caravan show " + t.ID + "' takes that back."
	}
	return "Hidden: " + string(t.Visibility) + "."
}

// sourceText says how it stands with a source that may yet offer a post; name is
// how it begins.
func sourceText(name string, s caravan.SourceTrace, now time.Time) string {
	lines := []string{name}
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	switch {
	case s.LastPoll.IsZero():
		say("which was never polled yet.")
	case s.Failure != "":
		say("whose last poll at %s failed: %s.", wording.Moment(s.LastPoll), wording.Printable(s.Failure))
	default:
		say("which was last polled at %s and has %s, the newest of %s.", wording.Moment(s.LastPoll), wording.Plural(s.Items, "article", "articles"), wording.Moment(s.Newest))
	}
	switch {
	case s.Paused:
		say("It is paused in the list.")
	case s.NextPoll.IsZero() && !s.LastPoll.IsZero():
		say("It is polled no more.")
	case !s.NextPoll.IsZero():
		say("Next poll: %s.", wording.Moment(s.NextPoll))
	}
	if s.Push != nil {
		lines = append(lines, pushText(*s.Push, now))
	}
	if !s.FirstPoll.IsZero() {
		say("What its feed had dropped before the first poll at %s was never seen.", wording.Moment(s.FirstPoll))
	}
	return strings.Join(slices.Compact(lines), "\n  ") + "\n"
}
