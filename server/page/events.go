package page

import (
	"sort"
	"strings"
	"time"

	"caravan"
)

// An Event is something that happened to a source, or to the list: it broke,
// moved, ended, fell silent or joined, and that has not passed yet; or it
// recovered.
type Event struct {
	Key   string // the same for as long as the event is the same
	Title string
	Text  string
	When  time.Time
	Href  string
}

// eventDays is how long the arrival of a source is news.
const eventDays = 30

// lastingRow is how many failures in a row are more than a bad hour: fewer are
// no event, and neither is their end.
const lastingRow = 3

// Events are what curators want to be told of, the newest first.
func (c Context) Events(sources []caravan.Source, list caravan.ListState, recoveries []caravan.Recovery) []Event {
	l := c.Lang
	events := c.recovered(sources, recoveries)
	for _, s := range sources {
		st := SourceStatus(s, c.Now)
		e := Event{Key: s.Slug + " " + string(st.Code), When: st.Since, Href: c.href("/s/"+s.Slug, nil)}
		e.Title = l.T("sources.event", plain(s.Title), st.Word(l))
		e.Text = strings.TrimSpace(st.Gist(l) + " " + st.Advice(l))
		switch st.Code {
		case StatusFresh, StatusPaused:
			if s.FirstSeen.IsZero() || c.Now.Sub(s.FirstSeen) > eventDays*24*time.Hour {
				continue
			}
			e.Key, e.When = s.Slug+" joined", s.FirstSeen
			e.Title, e.Text = l.T("sources.event-joined", plain(s.Title)), ""
		case StatusNew:
			continue
		case StatusFailing:
			if !st.Care() {
				continue
			}
		}
		if e.When.IsZero() {
			e.When = s.FirstSeen
		}
		e.Key += " " + e.When.UTC().Format("2006-01-02T15:04:05Z")
		events = append(events, e)
	}
	if n := len(list.Problems); n > 0 {
		e := Event{Key: "list " + list.ReadAt.UTC().Format("2006-01-02T15:04:05Z"), Title: l.T("sources.mistakes", n), When: list.ReadAt, Href: c.href("/sources", nil)}
		for _, p := range list.Problems {
			e.Text += p.String() + "\n"
		}
		events = append(events, e)
	}
	sort.SliceStable(events, func(i, j int) bool { return events[i].When.After(events[j].When) })
	return events
}

// recovered are the events of sources that answer again after a row of failures
// that had lasted.
func (c Context) recovered(sources []caravan.Source, recoveries []caravan.Recovery) []Event {
	titles := make(map[string]string, len(sources))
	for _, s := range sources {
		titles[s.Slug] = plain(s.Title)
	}
	var events []Event
	for _, r := range recoveries {
		if r.Failures < lastingRow || titles[r.Source] == "" {
			continue
		}
		events = append(events, Event{
			Key: r.Source + " recovered " + r.At.UTC().Format("2006-01-02T15:04:05Z"), Title: c.Lang.T("sources.event-recovered", titles[r.Source]),
			When: r.At, Href: c.href("/s/"+r.Source, nil),
		})
	}
	return events
}
