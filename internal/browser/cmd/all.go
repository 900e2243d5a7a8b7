package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"time"

	"caravan"
	"caravan/internal/browser"
	"caravan/internal/planet"
	"caravan/server"
)

// How high pictures for the documentation are, and how many bytes they take.
const (
	highestDesk  = 1300
	highestPhone = 1300
	mostBytes    = 60_000
)

// moment is when the pictures are taken.
var moment = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// shootAll takes the pictures of the documentation: every page on a desk by day,
// the main ones on a phone and by night too.
func shootAll(b *browser.Browser, out string) error {
	full, err := planet.Sample(moment)
	if err != nil {
		return err
	}
	site, err := serve(full, full)
	if err != nil {
		return err
	}
	defer site.Close()
	first, err := firstRun(full)
	if err != nil {
		return err
	}
	start, err := serve(first, first)
	if err != nil {
		return err
	}
	defer start.Close()
	shots, err := allShots(site.URL, start.URL, full.AllStories())
	if err != nil {
		return err
	}
	for _, s := range shots {
		if err := shoot(b, s, out, small); err != nil {
			return err
		}
	}
	return nil
}

// serve starts a site whose clock stands still. Its pages name an address that
// is always the same.
func serve(store server.Store, index server.Index) (*httptest.Server, error) {
	s, err := server.New(server.Config{
		Store: store, Index: index, BaseURL: "https://planet.example.org", Version: "1", Contact: "hello@planet.example.org",
		Now: func() time.Time { return moment }, Limit: server.Limit{PerSecond: 1e6, Burst: 1e6}, SearchLimit: server.Limit{PerSecond: 1e6, Burst: 1e6},
	})
	if err != nil {
		return nil, err
	}
	return httptest.NewServer(s.Handler()), nil
}

// A setting is a planet in the middle of its first run.
type setting struct {
	*planet.Planet
	arrived []caravan.Story
}

// Stories returns what has arrived.
func (s setting) Stories(context.Context, caravan.Filter, string, int) (caravan.StoryPage, error) {
	return caravan.StoryPage{Stories: s.arrived}, nil
}

// firstRun is a planet of which some sources have been read, one in vain, and
// two are being read.
func firstRun(full *planet.Planet) (setting, error) {
	empty, err := planet.Sample(moment)
	if err != nil {
		return setting{}, err
	}
	const read = 6
	for i := range empty.Feeds {
		s := &empty.Feeds[i]
		switch {
		case i < read:
			s.State.LastPoll = moment.Add(-time.Duration(read-i) * 2 * time.Second)
		case i < read+2:
			s.Items, s.State = 0, caravan.PollState{NextPoll: moment.Add(time.Hour - time.Second)}
		default:
			s.Items, s.State = 0, caravan.PollState{NextPoll: moment}
		}
	}
	here := map[string]int{}
	var arrived []caravan.Story
	for _, story := range full.AllStories() {
		for _, s := range empty.Feeds[:read] {
			if story.Source.Slug == s.Slug {
				arrived = append(arrived, story)
				here[story.Communities[0].Slug]++
			}
		}
	}
	for i := range empty.Folders {
		empty.Folders[i].Items = here[empty.Folders[i].Slug]
	}
	return setting{empty, arrived}, nil
}

// allShots lists the pictures to take of a site, and of one at its first run.
func allShots(site, start string, stories []caravan.Story) ([]shot, error) {
	item := ""
	for _, s := range stories {
		if s.Head.Link == "https://lantern.example/forty-one-forms" {
			item = "/item/" + s.Head.ID
		}
	}
	if item == "" {
		return nil, errors.New("the sample has no article about forms")
	}
	pages := []struct {
		name, address string
		main          bool // on a phone, and by night, too
	}{
		{"home", site + "/", true}, {"search", site + "/search?q=people", true}, {"item", site + item, true}, {"digest", site + "/digest/2026-11", true},
		{"sources", site + "/sources", false}, {"source", site + "/s/harbour-city-lab-log", false}, {"community", site + "/c/harbour-city-lab", false},
		{"search-empty", site + "/search?q=forms+zebra", false}, {"search-error", site + "/search?q=title%3A%22open", false},
		{"first-run", start + "/", false}, {"about", site + "/about", false}, {"not-found", site + "/nowhere", false},
	}
	var shots []shot
	for _, p := range pages {
		shots = append(shots, shot{p.name, p.address, 1280, false})
		if p.main {
			shots = append(shots, shot{p.name, p.address, 390, false}, shot{p.name, p.address, 1280, true})
		}
	}
	return append(shots, shot{"sources", site + "/sources", 390, false}, shot{"first-run", start + "/", 390, false}, shot{"home", site + "/", 390, true}), nil
}

// small takes the top of a page in few bytes.
func small(tab *browser.Tab, width int) ([]byte, error) {
	highest := highestDesk
	if width < 600 {
		highest = highestPhone
	}
	picture, err := tab.Picture(width, highest)
	if err != nil {
		return nil, err
	}
	return shrink(picture, mostBytes)
}
