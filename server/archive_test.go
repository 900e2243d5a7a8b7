package server

import (
	"context"
	"fmt"
	"testing"
	"time"

	"caravan"
)

// count adds up how often each id stands in documents.
func count(documents []atomFeed) map[string]int {
	n := map[string]int{}
	for _, f := range documents {
		for _, id := range f.ids() {
			n[id]++
		}
	}
	return n
}

// archiveWorld is a planet with three sources, one of which writes far more
// than the others: 260 posts in 90 days.
func archiveWorld(t *testing.T) (*world, int) {
	t.Helper()
	w := newWorld(t, testNow.AddDate(0, 0, -90))
	w.sync(map[string][]string{
		"Labs": {"Alpha https://alpha.example/feed", "Beta https://beta.example/feed"}, "Cities": {"Beta https://beta.example/feed", "Gamma https://gamma.example/feed"},
	}, "Labs", "Cities")
	for _, slug := range []string{"alpha", "beta", "gamma"} {
		w.poll(slug, w.read(rssOf(slug, 1, w.clock().AddDate(0, 0, -1)), "https://"+slug+".example/feed"))
	}
	n := 3
	for day := range 90 {
		w.set(testNow.AddDate(0, 0, day-90))
		for slug, every := range map[string]int{"alpha": 1, "beta": 3, "gamma": 7} {
			if day%every == 0 {
				w.poll(slug, w.read(rssOf(slug, 1, w.clock()), "https://"+slug+".example/feed"))
				n++
			}
		}
	}
	for i := range 120 { // and one day on which alpha writes 120 posts
		doc := w.read(rssOf("alpha", 1, w.clock().Add(-time.Duration(i)*time.Minute)), "https://alpha.example/feed")
		doc.Items[0].GUID += fmt.Sprint("#", i)
		doc.Items[0].Link += fmt.Sprint("?p=", i)
		doc.Items[0].Title = fmt.Sprintf("%s number %c%c", doc.Items[0].Title, 'a'+i/26, 'a'+i%26)
		doc.Items[0].Keys = caravan.Keys{GUID: doc.Items[0].GUID, Link: doc.Items[0].Link, Fingerprint: fmt.Sprint(i), Content: fmt.Sprint(i)}
		w.poll("alpha", doc)
		n++
	}
	return w, n
}

// O13: following next from the newest document meets every entry once, in
// every scope, and each document holds at most a hundred.
func TestWalkingPagesMeetsEveryEntryOnce(t *testing.T) {
	w, total := archiveWorld(t)
	h := w.Handler()
	for _, path := range []string{"/feed.atom", "/c/labs/feed.atom", "/c/cities/feed.atom", "/s/alpha/feed.atom", "/feed.atom?language=en"} {
		documents := walk(t, h, path, "next")
		seen := count(documents)
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s: %s stands in %d documents", path, id, n)
			}
		}
		if path == "/feed.atom" && len(seen) != total {
			t.Errorf("%s: %d entries, want %d", path, len(seen), total)
		}
		for i, f := range documents {
			if len(f.Entries) > entriesPerFeed || len(f.Entries) == 0 {
				t.Errorf("%s: document %d has %d entries", path, i, len(f.Entries))
			}
			if i > 0 && f.link("first") != path {
				t.Errorf("%s: first of page %d is %s", path, i, f.link("first"))
			}
		}
	}
}

// A busy source leaves room for others, and what it does not get into the
// newest document follows.
func TestNewestDocumentIsFair(t *testing.T) {
	w, _ := archiveWorld(t)
	newest := readAtom(t, w.Handler(), "/feed.atom")
	bySource := map[byte]int{}
	for _, e := range newest.Entries {
		bySource[e.ID[len("https://")]]++
	}
	// Others cannot fill the document: gamma has 14 posts in all, and beta may
	// give a quarter. The rest is alpha's after all.
	if len(newest.Entries) != entriesPerFeed || bySource['b'] != 25 || bySource['g'] != 14 {
		t.Errorf("%d entries, by source %v", len(newest.Entries), bySource)
	}
}

// O13: following prev-archive from the newest document meets every entry;
// archive documents never share one, and lead to their neighbours and back.
func TestWalkingTheArchiveMeetsEveryEntryOnce(t *testing.T) {
	w, total := archiveWorld(t)
	h := w.Handler()
	for path, want := range map[string]int{"/feed.atom": 0, "/c/cities/feed.atom": 0, "/s/gamma/feed.atom": 0, "/feed.atom?language=en": 0} {
		documents := walk(t, h, path, "prev-archive")
		archives := documents[1:]
		for id, n := range count(archives) {
			if n != 1 {
				t.Errorf("%s: %s stands in %d archive documents", path, id, n)
			}
		}
		all := count(documents)
		if want = len(count(walk(t, h, path, "next"))); path == "/feed.atom" {
			want = total
		}
		// What the fair share keeps out of the newest document is archived when
		// its day is over; the page that follows has it meanwhile.
		if missing := want - len(all); missing != 0 && (path[1] != 'f' || missing > 120) {
			t.Errorf("%s: %d entries, want %d", path, len(all), want)
		}
		for i, f := range archives {
			if f.link("current") != path || f.Archive == nil {
				t.Errorf("%s: archive document %d: current %q, marked %t", path, i, f.link("current"), f.Archive != nil)
			}
			if i > 0 && f.link("next-archive") != archives[i-1].link("self") {
				t.Errorf("%s: archive document %d leads to %q, want %q", path, i, f.link("next-archive"), archives[i-1].link("self"))
			}
		}
	}
}

// O13: a walk that is under way while entries arrive and others are hidden
// meets everything that stays, once.
func TestWalkingWhileThingsChange(t *testing.T) {
	w, _ := archiveWorld(t)
	h := w.Handler()
	for _, rel := range []string{"next", "prev-archive"} {
		before := count(walk(t, h, "/feed.atom", rel))
		hidden := map[string]bool{}
		var documents []atomFeed
		for path := "/feed.atom"; path != ""; {
			f := readAtom(t, h, path)
			documents = append(documents, f)
			path = f.link(rel)
			w.set(w.clock().Add(time.Minute)) // an entry arrives, and one that was met goes
			doc := w.read(rssOf("gamma", 1, w.clock()), "https://gamma.example/feed")
			doc.Items[0].GUID += fmt.Sprint("#", rel, len(documents))
			doc.Items[0].Title = fmt.Sprintf("Of the %s walk, step %c", rel, 'a'+len(documents)%26)
			doc.Items[0].Keys = caravan.Keys{GUID: doc.Items[0].GUID, Fingerprint: doc.Items[0].GUID, Content: doc.Items[0].GUID}
			w.poll("gamma", doc)
			hide := f.Entries[len(f.Entries)/2].ID
			st := storyWithID(t, w, hide)
			if err := w.store.Hide(context.Background(), st); err != nil {
				t.Fatal(err)
			}
			hidden[hide] = true
		}
		seen := count(documents)
		for id := range before {
			if seen[id] == 0 && !hidden[id] {
				t.Errorf("%s: %s was missed", rel, id)
			}
			if rel == "next" && seen[id] > 1 {
				t.Errorf("%s: %s was met %d times", rel, id, seen[id])
			}
		}
	}
}

// storyWithID finds the public id of the story that has an id in feeds.
func storyWithID(t *testing.T, w *world, id string) string {
	t.Helper()
	stories, err := w.store.Feed(context.Background(), caravan.FeedQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range stories {
		if st.FeedID == id {
			return st.Head.ID
		}
	}
	t.Fatalf("no story has the id %s", id)
	return ""
}

// A search feed is paged by date to its thousandth entry, and has no archive.
func TestWalkingASearchFeed(t *testing.T) {
	m := newMemory(0)
	for i := range 1300 { // 13 a second: their order must not matter
		m.add(m.sources[i%3], testNow.Add(-time.Duration(i/13)*time.Second))
	}
	h := serverOf(t, m).Handler()
	documents := walk(t, h, "/search.atom?q=post", "next")
	seen := count(documents)
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s stands in %d documents", id, n)
		}
	}
	if len(seen) != maxDeep {
		t.Errorf("%d entries, want %d", len(seen), maxDeep)
	}
	for _, f := range documents {
		if f.link("prev-archive") != "" || f.Archive != nil {
			t.Error("a search feed has an archive")
		}
	}
	if first := readAtom(t, h, "/search.atom?q=post"); first.Entries[0].Published < first.Entries[99].Published {
		t.Error("not newest first")
	}
}

// The newest span still grows: it is no archive document, and none leads to it.
func TestRunningSpanIsNoArchive(t *testing.T) {
	h := serverOf(t, newMemory(60)).Handler()
	for path, marked := range map[string]bool{
		"/feed.atom?archive=2026-11-25": false, "/feed.atom?archive=2026-11-24": true, "/feed.atom?archive=2026-11-23": true,
		"/c/labs/feed.atom?archive=2026-11": false,
	} {
		if f := readAtom(t, h, path); (f.Archive != nil) != marked {
			t.Errorf("%s: marked as archive: %t, want %t", path, f.Archive != nil, marked)
		}
	}
	if next := readAtom(t, h, "/feed.atom?archive=2026-11-24").link("next-archive"); next != "" {
		t.Errorf("the last archive document leads on to %s", next)
	}
}
