package store_test

import (
	"context"
	"testing"
	"time"

	"caravan"
)

// takePart stores items as a part of the blog's feed: from a hub, or as the
// answer to a request for what is new (226).
func (w *world) takePart(pushed bool, digest string, items ...caravan.Item) caravan.PollReport {
	w.t.Helper()
	if pushed {
		return w.deliver(digest, items...)
	}
	r := w.result("blog", items...)
	r.Status, r.Document.Partial = 226, true
	return must(w.SavePoll(context.Background(), r))(w.t)
}

// E25: in a part of a feed, which has one item and nothing to compare it with,
// only an item's strongest key tells which it is.
func TestItemInAPartIsKnownByItsStrongestKey(t *testing.T) {
	const words = "The weekly notice of nine words is here again."
	linked := func(it caravan.Item, link string) caravan.Item {
		it.Link, it.Keys.Link = "https://posts.example/"+link, "posts.example/"+link
		return it
	}
	noGUID := func(it caravan.Item) caravan.Item { it.GUID, it.Keys.GUID = "", ""; return it }
	notice, show := post("g1", "Notice", words, start), linked(post("s1", "Daily", "The first words of it.", start), "show")
	tests := []struct {
		name         string
		known, comes caravan.Item
		isNew        bool
	}{
		{"the same words under a GUID and a link of its own", notice, post("g2", "Notice", words, start.Add(time.Hour)), true},
		{"its link is every item's", show, linked(post("s2", "Daily", "Quite other ones, today.", start.Add(time.Hour)), "show"), true},
		{"the same words under a link of its own", noGUID(notice), noGUID(post("g2", "Notice", words, start.Add(time.Hour))), true},
		{"an edit under its GUID", notice, post("g1", "Notice", words+" Edited.", start), false},
		{"an edit under its link", noGUID(notice), noGUID(withText(notice, words+" Edited.")), false},
		{"link and words under a new GUID", notice, linked(post("g2", "Notice", words, start), "g1"), false},
	}
	for _, tt := range tests {
		for _, pushed := range []bool{true, false} {
			w := hubbed(t)
			w.advance(time.Hour)
			w.restingPoll(tt.known)
			w.advance(time.Hour)
			if report := w.takePart(pushed, "second", tt.comes); (report.New == 1) != tt.isNew || report.Changed > 0 && tt.isNew {
				t.Errorf("%s (pushed %v): %+v, want new %v", tt.name, pushed, report, tt.isNew)
			}
		}
	}
}

// E25: the next whole document brings no pushed item a second time, whatever
// keys its neighbours there leave it.
func TestWholeDocumentFindsWhatCameInAPart(t *testing.T) {
	without := func(it caravan.Item, drop func(*caravan.Keys)) caravan.Item { drop(&it.Keys); return it }
	first := post("1", "One", "Words of the first post.", start)
	second := post("2", "Two", "Words of the second post.", start.Add(time.Hour))
	for name, drop := range map[string]func(*caravan.Keys){
		"all":                 func(*caravan.Keys) {},
		"no GUID":             func(k *caravan.Keys) { k.GUID = "" },
		"no link":             func(k *caravan.Keys) { k.Link = "" },
		"neither":             func(k *caravan.Keys) { k.GUID, k.Link = "", "" },
		"no words":            func(k *caravan.Keys) { k.Fingerprint = "" },
		"neither link, words": func(k *caravan.Keys) { k.Link, k.Fingerprint = "", "" },
	} {
		w := hubbed(t)
		w.advance(time.Hour)
		if report := w.deliver("d", second); report.New != 1 {
			t.Fatalf("%s: delivery %+v", name, report)
		}
		if report := w.restingPoll(without(second, drop), first); report.New != 0 || report.Changed != 0 {
			t.Errorf("%s: poll %+v, want nothing new", name, report)
		}
	}
}

// E25: a pushed item joins the story at its link at once, and is linked to once
// a whole document has said that the link is its own.
func TestPushedItemHasItsStoryAtOnceAndItsLinksAfterAPoll(t *testing.T) {
	w := hubbed(t)
	w.sync(folder("A", "Blog https://blog.example/feed"), folder("B", "Two https://two.example/feed"), folder("C", "Three https://three.example/feed"))
	w.advance(time.Hour)
	pushed := post("2", "Two", "Words of the second post.", w.clock())
	w.deliver("d", pushed)
	same := post("x", "Two", "What another says of it, with few words in common.", w.clock())
	same.Link, same.Keys.Link = pushed.Link, pushed.Keys.Link
	w.poll("two", same)
	if st := w.storyTitled("Two"); len(st.AlsoAt) != 1 {
		t.Errorf("the story at the link has %d other members, want 1", len(st.AlsoAt))
	}
	third := post("3", "Three", "Words of the third post.", w.clock())
	w.deliver("e", third)
	w.poll("three", citing("9", "Citing", w.clock(), third.Link))
	if n := w.storyTitled("Three").LinkedBy; n != 0 {
		t.Errorf("linked by %d before it is known whose the link is", n)
	}
	w.advance(time.Hour)
	w.restingPoll(third, pushed, post("1", "One", "Words of the first post.", start))
	if n := w.storyTitled("Three").LinkedBy; n != 1 {
		t.Errorf("linked by %d after a poll, want 1", n)
	}
}
