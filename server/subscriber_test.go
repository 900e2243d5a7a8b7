package server

import (
	"context"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/article"
)

// A subscriber is a feed reader that follows archive links (RFC 5005, 4): it
// looks at the newest document and at every archive document that it has not
// seen, and shows what it does not know by its id.
type subscriber struct {
	t        testing.TB
	h        http.Handler
	feed     string
	etag     string
	archives map[string]bool
	seen     map[string]time.Time // when each id was first shown
	dates    map[string]string    // published, by id
	most     int                  // new entries of one look at the newest document, after the first
}

// newSubscriber returns a subscriber that has seen nothing.
func newSubscriber(t testing.TB, h http.Handler, feed string) *subscriber {
	return &subscriber{t: t, h: h, feed: feed, archives: map[string]bool{}, seen: map[string]time.Time{}, dates: map[string]string{}}
}

// look polls the feed.
func (s *subscriber) look(now time.Time) {
	first := len(s.seen) == 0
	w := get(s.h, s.feed, "If-None-Match: "+s.etag)
	if w.Code == http.StatusNotModified {
		return
	}
	s.etag = w.Header().Get("ETag")
	newest := s.read(w.Body.Bytes())
	if n := s.note(newest, now); !first {
		s.most = max(s.most, n)
	}
	for path := newest.link("prev-archive"); path != "" && !s.archives[path]; {
		s.archives[path] = true
		f := readAtom(s.t, s.h, path)
		if f.Archive == nil && f.link("prev-archive")+f.link("next-archive") != "" {
			s.t.Fatalf("%s is not marked as an archive", path)
		}
		s.note(f, now)
		path = f.link("prev-archive")
	}
}

// read parses a document.
func (s *subscriber) read(body []byte) atomFeed {
	var f atomFeed
	if err := xml.Unmarshal(body, &f); err != nil {
		s.t.Fatal(err)
	}
	return f
}

// note takes up the entries of a document and returns how many are new.
func (s *subscriber) note(f atomFeed, now time.Time) (fresh int) {
	for _, e := range f.Entries {
		if _, known := s.seen[e.ID]; !known {
			s.seen[e.ID], s.dates[e.ID] = now, e.Published
			fresh++
		} else if s.dates[e.ID] != e.Published {
			s.t.Errorf("%s was published %s, now %s", e.ID, s.dates[e.ID], e.Published)
		}
	}
	return fresh
}

// A year is what happens to a planet in the test below: sources that publish,
// and misfortunes of every kind.
type year struct {
	*world
	rand    *rand.Rand
	words   []string
	sources []*publisher
	titles  map[string]bool // of posts that a subscriber must see
	maybe   map[string]bool // of posts from a back catalogue, which it may
}

// A publisher is one source of a year.
type publisher struct {
	slug, address string
	posts         []caravan.Item // newest first
	guids         int            // how often it has changed its GUIDs
	shift         time.Duration  // how far it has moved its dates
	silent        bool
	late          time.Duration // how much later than others it is polled
	heldUntil     time.Time     // when what it holds is polled
}

// newYear lists n sources and stores their first polls, each with a back
// catalogue of 12 posts.
func newYear(t testing.TB, n int) *year {
	y := &year{
		world: newWorld(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), rand: rand.New(rand.NewPCG(7, 7)),
		titles: map[string]bool{}, maybe: map[string]bool{},
	}
	for range 3000 {
		word := make([]byte, 3+y.rand.IntN(7))
		for i := range word {
			word[i] = byte('a' + y.rand.IntN(26))
		}
		y.words = append(y.words, string(word))
	}
	for i := range n {
		y.sources = append(y.sources, &publisher{slug: fmt.Sprintf("source-%d", i), address: fmt.Sprintf("https://source%d.example/feed", i)})
	}
	y.list(n)
	for _, s := range y.sources {
		for range 12 {
			y.titles[y.write(s, y.clock().Add(-y.some(300*24*time.Hour)))] = true
		}
		slices.SortFunc(s.posts, func(a, b caravan.Item) int { return b.Published.Compare(a.Published) })
		y.send(s, len(s.posts))
	}
	return y
}

// list takes over the list of the first n sources, in ten communities.
func (y *year) list(n int, without ...int) {
	folders, order := map[string][]string{}, []string{}
	for i := range 10 {
		order = append(order, fmt.Sprintf("Community %d", i))
	}
	for i, s := range y.sources[:n] {
		if !slices.Contains(without, i) {
			folders[order[i%10]] = append(folders[order[i%10]], strings.ReplaceAll(s.slug, "-", " ")+" "+s.address)
		}
	}
	for folder, lines := range folders { // "source 7 https://…": the title has a space
		for i, l := range lines {
			title, address, _ := strings.Cut(l, " https://")
			lines[i] = strings.ReplaceAll(title, " ", "-") + " https://" + address
		}
		folders[folder] = lines
	}
	y.sync(folders, order...)
}

// some returns a random duration below most.
func (y *year) some(most time.Duration) time.Duration {
	return time.Duration(y.rand.Int64N(int64(most)))
}

// text returns n random words.
func (y *year) text(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = y.words[y.rand.IntN(len(y.words))]
	}
	return strings.Join(out, " ")
}

// write adds a post to a source and returns its title.
func (y *year) write(s *publisher, at time.Time) string {
	title := y.text(6)
	id := fmt.Sprintf("https://%s.example/%x", s.slug, y.rand.Uint64())
	s.posts = slices.Insert(s.posts, 0, caravan.Item{
		GUID: id, Link: id, Title: title, Content: "<p>" + y.text(30) + "</p>", Published: at.Truncate(time.Second),
	})
	return title
}

// send stores a poll of a source that read its newest n posts.
func (y *year) send(s *publisher, n int) caravan.PollReport {
	doc := caravan.Document{Feed: caravan.FeedInfo{Title: s.slug}}
	for _, item := range s.posts[:min(n, len(s.posts))] {
		if s.guids > 0 {
			item.GUID = fmt.Sprintf("%s#%d", item.GUID, s.guids)
		}
		item.Published = item.Published.Add(s.shift)
		doc.Items = append(doc.Items, item)
	}
	article.PrepareAll(&doc, article.Options{FeedURL: s.address})
	return y.poll(s.slug, doc)
}

// hour lets an hour pass: a source writes about every fourth day.
func (y *year) hour() {
	y.set(y.clock().Add(time.Hour))
	now := y.clock()
	for _, s := range y.sources {
		if s.silent || y.rand.IntN(96) > 0 {
			continue
		}
		y.titles[y.write(s, now.Add(-y.some(time.Hour)))] = true
		if s.late == 0 {
			y.send(s, 4)
		} else if s.heldUntil.IsZero() {
			s.heldUntil = now.Add(s.late)
		}
	}
	for _, s := range y.sources {
		if !s.heldUntil.IsZero() && !s.heldUntil.After(now) {
			s.heldUntil = time.Time{}
			y.send(s, 8)
		}
	}
}

// misfortune lets one thing go wrong.
func (y *year) misfortune(kind int, listed *int) {
	s := y.sources[y.rand.IntN(*listed)]
	if s.late > 0 {
		s = y.sources[0]
	}
	now := y.clock()
	switch kind % 8 {
	case 0: // adds 300 posts at once
		for i := range 300 {
			y.titles[y.write(s, now.Add(-time.Duration(300-i)*time.Minute))] = true
		}
		y.send(s, 300)
	case 1: // changes all its GUIDs
		s.guids++
		y.nothingNew(s)
	case 2: // dates everything anew
		s.shift += 24 * time.Hour
		y.nothingNew(s)
		s.shift = 0
	case 3: // falls silent until the year's end
		s.silent = true
	case 4: // a new source, with 80 old posts
		if *listed < len(y.sources) {
			added := y.sources[*listed]
			*listed++
			y.list(*listed)
			for range 80 {
				y.maybe[y.write(added, now.Add(-y.some(3000*24*time.Hour)))] = true
			}
			y.send(added, 80)
			added.silent = false
		}
	case 5: // a blog moves and brings 40 posts of years ago
		for range 40 {
			y.maybe[y.write(s, now.Add(-60*24*time.Hour-y.some(3000*24*time.Hour)))] = true
		}
		y.send(s, 40)
	case 6: // leaves the list and comes back
		for i, other := range y.sources[:*listed] {
			if other == s {
				y.list(*listed, i)
				y.list(*listed)
			}
		}
	case 7: // sends an old window again, and an old post edited
		if len(s.posts) > 6 {
			s.posts[5].Content = "<p>" + y.text(3) + strings.TrimPrefix(s.posts[5].Content, "<p>")
			y.nothingNew(s)
		}
	}
}

// nothingNew sends all posts of a source, none of which may count as new.
func (y *year) nothingNew(s *publisher) {
	if report := y.send(s, 30); report.New != 0 {
		y.t.Errorf("%s brought %d new items, want none", s.slug, report.New)
	}
}

// R13-R15, O13: a subscriber that polls hourly and follows archive links sees
// every story once, whatever happens to its sources. CARAVAN_LONG=1 makes it a
// whole year.
func TestSubscriberSeesEachStoryOnce(t *testing.T) {
	days, listed := 9, 60
	if os.Getenv("CARAVAN_LONG") != "" {
		days, listed = 365, 200
	}
	y := newYear(t, listed)
	for i := range days { // to be listed later
		y.sources = append(y.sources, &publisher{slug: fmt.Sprintf("source-%d", listed+i), address: fmt.Sprintf("https://source%d.example/feed", listed+i), silent: true})
	}
	for i := range 10 {
		y.sources[i*6+3].late = 20 * time.Hour
	}
	reader := newSubscriber(t, y.Handler(), "/feed.atom?show=title")
	reader.look(y.clock())
	for day := range days {
		for range 24 {
			y.hour()
			reader.look(y.clock())
		}
		y.misfortune(day, &listed)
		reader.look(y.clock())
	}
	for _, s := range y.sources[:listed] {
		if s.silent { // comes back after long
			y.nothingNew(s)
		}
		s.silent = s.late > 0 // what these still hold is to be sent before the end
	}
	for range 48 { // until the last spans are closed
		y.hour()
		reader.look(y.clock())
	}
	y.judge(reader)
}

// judge compares what a subscriber saw with what there is.
func (y *year) judge(reader *subscriber) {
	ctx := context.Background()
	ids := map[string]string{} // by title
	for cursor := ""; ; {
		page, err := y.store.Stories(ctx, caravan.Filter{}, cursor, 200)
		if err != nil {
			y.t.Fatal(err)
		}
		for _, st := range page.Stories {
			if ids[st.Head.Title] != "" {
				y.t.Errorf("%q is two stories", st.Head.Title)
			}
			ids[st.Head.Title] = st.FeedID
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	missing, old := 0, 0
	for title := range y.titles {
		if _, ok := reader.seen[ids[title]]; !ok {
			if missing++; missing < 5 {
				y.t.Errorf("%q (%s) was never seen", title, ids[title])
			}
		}
	}
	for title := range y.maybe {
		if _, ok := reader.seen[ids[title]]; ok {
			old++
		}
	}
	y.t.Logf("%d stories to see, %d never seen; %d in back catalogues, of which %d seen; %d ids; at most %d new entries at once; %d archive documents",
		len(y.titles), missing, len(y.maybe), old, len(reader.seen), reader.most, len(reader.archives))
	if len(reader.seen) != len(y.titles)-missing+old {
		y.t.Errorf("%d ids seen for %d stories", len(reader.seen), len(y.titles)-missing+old)
	}
	if reader.most > entriesPerFeed/2 {
		y.t.Errorf("%d new entries at once: a flood", reader.most)
	}
	if old > len(y.maybe)/10 {
		y.t.Errorf("%d of %d posts of back catalogues flooded in", old, len(y.maybe))
	}
}
