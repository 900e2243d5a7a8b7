package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// copyOf makes the article of another source: same words, own GUID and link.
func copyOf(it caravan.Item, source string) caravan.Item {
	it.GUID = source + it.GUID
	it.Keys.GUID = it.GUID
	it.Link = "https://" + source + ".example/" + it.GUID
	it.Keys.Link = strings.TrimPrefix(it.Link, "https://")
	return it
}

// three makes a world with the sources one, two and three, each in a community
// of its own and polled before.
func three(t *testing.T) *world {
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed"), folder("B", "Two https://two.example/feed"), folder("C", "Three https://three.example/feed"))
	for _, s := range []string{"one", "two", "three"} {
		w.poll(s)
	}
	w.advance(time.Hour)
	return w
}

func communities(st caravan.Story) []string {
	var out []string
	for _, c := range st.Communities {
		out = append(out, c.Slug)
	}
	return out
}

func TestSameArticleInSeveralSourcesIsOneStory(t *testing.T) {
	ctx := context.Background()
	w := three(t)
	a := post("1", "A", lorem, start)
	w.poll("one", a)
	before := must(w.Stories(ctx, caravan.Filter{}, "", 10))(t).Stories[0]
	w.advance(time.Hour)
	w.poll("two", copyOf(a, "two"), post("x", "X", "something else that is no copy of anything", w.clock()))
	w.advance(time.Hour)
	w.poll("three", copyOf(a, "three"))
	page := must(w.Stories(ctx, caravan.Filter{}, "", 10))(t)
	if got := titles(page.Stories); !slices.Equal(got, []string{"X", "A"}) {
		t.Fatalf("stories = %q", got)
	}
	st := page.Stories[1]
	if st.ID != before.ID || st.FeedID != before.FeedID || !st.SortAt.Equal(before.SortAt) || !st.Updated.Equal(before.Updated) {
		t.Errorf("later members changed the story: %+v, was %+v", st, before)
	}
	if len(st.AlsoAt) != 2 || st.AlsoAt[0].Source != "two" || st.AlsoAt[0].Community.Slug != "b" || st.AlsoAt[1].URL != "https://three.example/three1" {
		t.Errorf("AlsoAt = %+v", st.AlsoAt)
	}
	if got := communities(st); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("communities = %q", got)
	}
	for _, c := range must(w.Communities(ctx))(t) {
		if want := map[string]int{"a": 1, "b": 2, "c": 1}[c.Slug]; c.Items != want {
			t.Errorf("community %s counts %d stories, want %d", c.Slug, c.Items, want)
		}
	}
	for source, id := range map[string]string{"two": st.AlsoAt[0].ItemID, "three": st.AlsoAt[1].ItemID} {
		if of := must(w.StoryOf(ctx, id))(t); of.ID != st.ID {
			t.Errorf("StoryOf the item of %s = %s, want %s", source, of.ID, st.ID)
		}
		own := must(w.Feed(ctx, caravan.FeedQuery{Scope: caravan.Scope{Source: source}}))(t)
		if st := own[len(own)-1]; st.Head.Source != source || st.FeedID != before.FeedID {
			t.Errorf("feed of %s begins with %s under %s, want its own words under the story's id", source, st.Head.Source, st.FeedID)
		}
	}
	docs := must(w.Changes(ctx, 0, 100))(t).Docs
	if i := slices.IndexFunc(docs, func(d caravan.StoryDoc) bool { return d.ID == st.ID }); i < 0 || len(docs) != 2 || len(docs[i].Members) != 3 {
		t.Errorf("documents = %+v, want one of three members", docs)
	}
}

func TestNearDuplicatesWithinThirtyDaysAreOneStory(t *testing.T) {
	ctx := context.Background()
	text := newPress(5).sentence(300)
	at := start.AddDate(-1, 0, 0)
	tests := []struct {
		name string
		days int
		want int
	}{{"29 days later", 29, 1}, {"29 days earlier", -29, 1}, {"31 days later", 31, 2}}
	for _, tt := range tests {
		w := three(t)
		a, b := post("1", "A", text, at), post("2", "A", text+" and more at the end", at.AddDate(0, 0, tt.days))
		a.MinHash, b.MinHash = minHash(a.Text), minHash(b.Text)
		w.poll("one", a)
		w.poll("two", b)
		if got := must(w.Stories(ctx, caravan.Filter{}, "", 10))(t); len(got.Stories) != tt.want {
			t.Errorf("%s: %d stories, want %d", tt.name, len(got.Stories), tt.want)
		}
	}
}

func TestStoryOutlivesItsFirstMember(t *testing.T) {
	ctx := context.Background()
	w := three(t)
	a := post("1", "A", lorem, start)
	w.poll("one", a)
	w.advance(time.Hour)
	w.poll("two", copyOf(a, "two"))
	before := must(w.Stories(ctx, caravan.Filter{}, "", 10))(t).Stories[0]
	feed := must(w.Feed(ctx, caravan.FeedQuery{}))(t)
	if err := w.Hide(ctx, before.ID); err != nil {
		t.Fatal(err)
	}
	got := must(w.StoriesByID(ctx, []string{"aaaaaaaaaaaaaaaa", before.ID}))(t)
	if len(got) != 1 || got[0].Head.Source != "two" || got[0].ID != before.ID || got[0].FeedID != before.FeedID || !got[0].SortAt.Equal(before.SortAt) {
		t.Fatalf("story without its first member = %+v", got)
	}
	if after := must(w.Feed(ctx, caravan.FeedQuery{}))(t); len(after) != 1 || after[0].Place != feed[0].Place {
		t.Errorf("place moved from %d to %d", feed[0].Place, after[0].Place)
	}
	gone := must(w.Tombstones(ctx, caravan.Scope{Community: "a"}, time.Time{}))(t)
	if len(gone) != 1 || gone[0].FeedID != before.FeedID || !gone[0].When.Equal(w.clock()) { // O20
		t.Errorf("tombstones of its community = %+v", gone)
	}
	if gone := must(w.Tombstones(ctx, caravan.Scope{}, time.Time{}))(t); len(gone) != 0 {
		t.Errorf("tombstones of all = %+v, want none: it is still there", gone)
	}
	if err := w.Unhide(ctx, before.ID); err != nil {
		t.Fatal(err)
	}
	if gone := must(w.Tombstones(ctx, caravan.Scope{Community: "a"}, time.Time{}))(t); len(gone) != 0 {
		t.Errorf("tombstones after it came back = %+v", gone)
	}
	if back := must(w.StoriesByID(ctx, []string{before.ID}))(t); back[0].Head.Source != "one" {
		t.Errorf("head after it came back = %s, want the first member", back[0].Head.Source)
	}
}

func TestTombstonesAreOfWhatWasPlacedLately(t *testing.T) { // O20
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "Blog https://a.example/feed"), folder("B", "Rest https://b.example/feed"))
	w.poll("blog", post("old", "Old", lorem+" old", start.AddDate(0, 0, -40)), post("new", "New", lorem+" new", start.AddDate(0, 0, -3)))
	list := folder("B", "Rest https://b.example/feed")
	w.sync(list)
	for name, scope := range map[string]caravan.Scope{"all": {}, "source": {Source: "blog"}, "language": {Language: "en"}} {
		got := must(w.Tombstones(ctx, scope, time.Time{}))(t)
		if len(got) != 1 || must(w.Dump(ctx, "items"))(t) == "" {
			t.Errorf("%s: %d tombstones, want 1", name, len(got))
		}
	}
	if got := must(w.Tombstones(ctx, caravan.Scope{}, w.clock().Add(time.Second)))(t); len(got) != 0 {
		t.Errorf("tombstones since later = %+v", got)
	}
	w.advance(31 * 24 * time.Hour)
	if got := must(w.Tombstones(ctx, caravan.Scope{}, time.Time{}))(t); len(got) != 0 {
		t.Errorf("tombstones after 31 days = %+v", got)
	}
	w.poll("rest")
	if got := must(w.Dump(ctx, "tombstones"))(t); got != "" {
		t.Errorf("tombstones kept: %s", got)
	}
}

func TestStoriesByIDKeepTheOrderAskedFor(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	var items []caravan.Item
	for i := range 5 {
		items = append(items, post(fmt.Sprint(i), fmt.Sprint(i), fmt.Sprintf("%s %d", lorem, i), start))
	}
	w.poll("blog", items...)
	var ids []string
	for _, st := range must(w.Stories(ctx, caravan.Filter{}, "", 10))(t).Stories {
		ids = append(ids, st.ID)
	}
	slices.Sort(ids)
	var got []string
	for _, st := range must(w.StoriesByID(ctx, ids))(t) {
		got = append(got, st.ID)
		if st.Head.Content != "" {
			t.Error("StoriesByID loads content")
		}
	}
	if !slices.Equal(got, ids) {
		t.Errorf("StoriesByID(%q) = %q", ids, got)
	}
}
