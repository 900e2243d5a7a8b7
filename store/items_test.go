package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

const lorem = "quite a number of words that make up the text of this very article about public services and the people in them"

// shown returns the items of a source by its page.
func (w *world) shown(slug string) []caravan.Item {
	w.t.Helper()
	return must(w.Items(context.Background(), caravan.Filter{Sources: []string{slug}}, "", 500))(w.t).Items
}

// one makes a world with a single source "blog", whose first poll was empty,
// so that what comes now is news.
func one(t *testing.T) *world {
	w := newWorld(t)
	w.sync(folder("Nesta", "Blog https://nesta.example/feed"))
	w.poll("blog")
	w.advance(time.Hour)
	return w
}

func TestUnchangedPollWritesNoItem(t *testing.T) { // I2
	ctx := context.Background()
	w := one(t)
	items := []caravan.Item{post("b", "B", lorem+" b", start), post("a", "A", lorem+" a", start.Add(-time.Hour))}
	w.poll("blog", items...)
	tables := []string{"items", "item_bodies", "item_keys", "stories", "story_keys", "story_places", "revisions", "log_head"}
	dump := func() string {
		var all string
		for _, table := range tables {
			all += must(w.Dump(ctx, table))(t)
		}
		return all
	}
	before := dump()
	w.advance(time.Hour)
	noisy := slices.Clone(items)
	noisy[0].Tags, noisy[0].Summary, noisy[0].Raw = []string{"new"}, "another summary", []byte("advert 2")
	noisy[1].Published = start.Add(time.Minute)
	report := w.poll("blog", noisy...)
	if report.New != 0 || report.Changed != 0 || report.Unchanged != 2 {
		t.Errorf("SavePoll of the same = %+v, want 2 unchanged", report)
	}
	if after := dump(); after != before {
		t.Errorf("an unchanged poll changed rows:\n%s\nwas\n%s", after, before)
	}
}

func TestChangedGUIDsAddNothing(t *testing.T) { // R13
	ctx := context.Background()
	w := one(t)
	a := post("1", "A", lorem+" a", start)
	w.poll("blog", a)
	before := w.shown("blog")[0]
	for round, guid := range []string{"https://new.example/1", "urn:x:1", "1"} {
		w.advance(time.Hour)
		it := a
		it.GUID, it.Keys.GUID = guid, guid
		if report := w.poll("blog", it); report.New+report.Changed != 0 {
			t.Errorf("round %d: SavePoll = %+v, want nothing new", round, report)
		}
	}
	w.advance(time.Hour) // an edit under the last GUID finds it too
	it := withText(a, lorem+" a, edited")
	it.GUID, it.Keys.GUID = "urn:x:1", "urn:x:1"
	if report := w.poll("blog", it); report.New != 0 || report.Changed != 1 {
		t.Errorf("edit under a new GUID = %+v, want 1 changed", report)
	}
	if after := w.shown("blog"); len(after) != 1 || after[0].ID != before.ID || after[0].FeedID != before.FeedID || after[0].Place != before.Place {
		t.Errorf("after GUIDs changed: %+v, want %+v", after, before)
	}
	if got := must(w.Feed(ctx, caravan.FeedQuery{}))(t); len(got) != 1 {
		t.Errorf("the feed has %d entries, want 1", len(got))
	}
}

func TestDocumentThatRepeatsItselfCountsOnce(t *testing.T) { // R17
	w := one(t)
	a := post("1", "A", lorem+" a", start)
	if report := w.poll("blog", a, a, a); report.New != 1 || report.Changed != 0 {
		t.Errorf("SavePoll = %+v, want 1 new", report)
	}
	w.advance(time.Hour)
	if report := w.poll("blog", withText(a, lorem+" x"), withText(a, lorem+" y")); report.New != 0 || report.Changed != 1 {
		t.Errorf("two edits in one document = %+v, want 1 changed", report)
	}
	if got := w.shown("blog"); len(got) != 1 || got[0].Revisions != 1 {
		t.Errorf("items = %+v, want one with one revision", got)
	}
}

func TestSharedGUIDKeepsAllItems(t *testing.T) { // R17
	w := one(t)
	var items []caravan.Item
	for i := range 10 {
		it := post(fmt.Sprint(i), fmt.Sprintf("Title %d", i), fmt.Sprintf("%s %d", lorem, i), start)
		it.GUID, it.Keys.GUID = "https://nesta.example/", ""
		items = append(items, it)
	}
	if report := w.poll("blog", items...); report.New != 10 {
		t.Errorf("SavePoll = %+v, want 10 new", report)
	}
	ids := map[string]bool{}
	for _, it := range w.shown("blog") {
		ids[it.FeedID], ids[it.ID] = true, true
	}
	if len(ids) != 20 {
		t.Errorf("%d ids, want 20 different ones", len(ids))
	}
}

func TestReusedGUIDIsANewItemWithIDsOfItsOwn(t *testing.T) {
	w := one(t)
	a := post("https://nesta.example/weekly", "Weekly 1", "the first week was about gardens", start)
	b := post("https://nesta.example/weekly", "Second", "entirely different matters: trains, rivers, budgets", start.Add(time.Hour))
	b.Link, b.Keys.Link = "https://nesta.example/second", "nesta.example/second"
	w.poll("blog", a)
	w.advance(2 * time.Hour)
	if report := w.poll("blog", b); report.New != 1 {
		t.Fatalf("SavePoll of a reused GUID = %+v, want 1 new", report)
	}
	got := w.shown("blog")
	if got[0].ID == got[1].ID || got[0].FeedID == got[1].FeedID {
		t.Errorf("items share an id: %s %s", got[0].ID, got[1].ID)
	}
	if got[1].FeedID != a.GUID || !strings.HasPrefix(got[0].FeedID, "urn:uuid:") {
		t.Errorf("feed ids %q and %q, want the publisher's and a urn", got[1].FeedID, got[0].FeedID)
	}
	w.advance(time.Hour)
	if report := w.poll("blog", a, b); report.New+report.Changed != 0 || report.Unchanged != 2 {
		t.Errorf("both again = %+v, want 2 unchanged", report)
	}
}

func TestSameGUIDInTwoSourcesIsTwoItems(t *testing.T) { // R18, S38
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed", "Two https://two.example/feed"))
	a := post("https://shared.example/1", "From one", "text of the one about gardens and hedges in the city", start)
	b := post("https://shared.example/1", "From two", "text of the other about trains and the people who drive them", start)
	b.Link, b.Keys.Link = "https://two.example/1", "two.example/1"
	w.poll("one", a)
	w.poll("two", b)
	got := append(w.shown("one"), w.shown("two")...)
	if len(got) != 2 || got[0].Title != "From one" || got[1].Title != "From two" || got[0].ID == got[1].ID {
		t.Fatalf("items = %+v, want two", got)
	}
	if got[0].FeedID != a.GUID || got[1].FeedID == a.GUID { // O03
		t.Errorf("feed ids = %q, %q, want the publisher's once", got[0].FeedID, got[1].FeedID)
	}
}

func TestEditsKeepTheLastTwentyRevisions(t *testing.T) { // R29
	ctx := context.Background()
	w := one(t)
	it := post("1", "A", lorem, start.Add(-time.Hour))
	w.poll("blog", it)
	first := w.shown("blog")[0]
	before := must(w.LastChange(ctx))(t)
	for i := range 25 {
		w.advance(time.Hour)
		w.poll("blog", withText(it, fmt.Sprintf("%s, edit %d", lorem, i)))
	}
	got := must(w.Item(ctx, first.ID))(t)
	if got.Revisions != 25 || !got.Changed.Equal(w.clock()) || got.Text != lorem+", edit 24" || string(got.Raw) != "<p class=x>"+got.Text+"</p>" {
		t.Errorf("item after 25 edits = %+v", got)
	}
	if !got.SortAt.Equal(first.SortAt) || got.Place != first.Place || got.FeedID != first.FeedID {
		t.Errorf("an edit moved the item: %+v, was %+v", got, first)
	}
	if n := strings.Count(must(w.Dump(ctx, "revisions"))(t), "item_id="); n != 20 {
		t.Errorf("%d revisions kept, want 20", n)
	}
	if head := must(w.LastChange(ctx))(t); head != before+25 {
		t.Errorf("25 edits took the change number from %d to %d", before, head)
	}
}

func TestItemsThatVanishAndReturnAreNotNew(t *testing.T) { // R14
	w := one(t)
	a, b := post("1", "A", lorem+" a", start), post("2", "B", lorem+" b", start)
	w.poll("blog", a, b)
	w.advance(24 * time.Hour)
	w.poll("blog", b)
	w.advance(24 * time.Hour)
	if report := w.poll("blog", a, b); report.New+report.Changed != 0 {
		t.Errorf("items that return = %+v, want nothing new", report)
	}
	if got := w.shown("blog"); len(got) != 2 {
		t.Errorf("%d items, want 2", len(got))
	}
}

func TestRedatedItemsStay(t *testing.T) { // R15
	ctx := context.Background()
	w := one(t)
	future := post("1", "From the future", lorem+" a", start.AddDate(10, 0, 0))
	w.poll("blog", future, post("2", "B", lorem+" b", start.Add(-time.Hour)))
	w.advance(2 * time.Hour)
	redated := withText(future, lorem+" a, edited")
	redated.Published = w.clock()
	w.poll("blog", redated, post("3", "C", lorem+" c", w.clock().Add(-time.Minute)))
	got := titles(must(w.Stories(ctx, caravan.Filter{}, "", 10))(t).Stories)
	if !slices.Equal(got, []string{"C", "From the future", "B"}) {
		t.Errorf("order = %q", got)
	}
}

func TestUndatedItemsOfAFirstPollStandWithTheirSourceOnly(t *testing.T) { // R16
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "Blog https://a.example/feed"), folder("B", "Other https://b.example/feed"))
	oldest := start.AddDate(-2, 0, 0)
	w.poll("blog", post("1", "Dated", lorem+" a", start.Add(-time.Hour)), post("2", "Old", lorem+" b", oldest), post("3", "Undated", lorem+" c", time.Time{}))
	w.poll("other", post("x1", "No date at all", "words of another kind", time.Time{}))
	if got := titles(must(w.Stories(ctx, caravan.Filter{}, "", 10))(t).Stories); !slices.Equal(got, []string{"Dated", "Old"}) {
		t.Errorf("all stories = %q, want no undated one", got)
	}
	if got := titles(must(w.Stories(ctx, caravan.Filter{Communities: []string{"b"}}, "", 10))(t).Stories); got != nil {
		t.Errorf("stories of the community = %q, want none", got)
	}
	mine := must(w.Stories(ctx, caravan.Filter{Sources: []string{"blog"}, Communities: []string{"a"}, Languages: []string{"en"}}, "", 10))(t)
	if got := titles(mine.Stories); !slices.Equal(got, []string{"Dated", "Undated", "Old"}) && !slices.Equal(got, []string{"Dated", "Old", "Undated"}) {
		t.Errorf("stories of the source = %q, want all three", got)
	}
	for _, st := range mine.Stories {
		if st.Head.Title == "Undated" && (!st.SortAt.Equal(oldest) || !st.Head.Undated) {
			t.Errorf("undated item sorts at %v, undated %v, want %v", st.SortAt, st.Head.Undated, oldest)
		}
	}
	if it := w.shown("other")[0]; !it.SortAt.Equal(time.Unix(0, 0)) || !it.Undated {
		t.Errorf("item of an undated document sorts at %v", it.SortAt)
	}
	if got := must(w.Feed(ctx, caravan.FeedQuery{}))(t); len(got) != 2 {
		t.Errorf("the combined feed has %d stories, want 2", len(got))
	}
	if got := must(w.Feed(ctx, caravan.FeedQuery{Scope: caravan.Scope{Source: "blog", Language: "en"}}))(t); len(got) != 3 {
		t.Errorf("the source's feed has %d stories, want 3", len(got))
	}
	if docs := must(w.Changes(ctx, 0, 10))(t).Docs; len(docs) != 4 {
		t.Errorf("the index is given %d stories, want 4", len(docs))
	}
	w.advance(time.Hour)
	w.poll("blog", post("4", "News without a date", lorem+" d", time.Time{}))
	if got := must(w.Stories(ctx, caravan.Filter{}, "", 1))(t).Stories[0]; got.Head.Title != "News without a date" || !got.SortAt.Equal(w.clock()) {
		t.Errorf("an undated item of a later poll: %q at %v, want first at the poll's time", got.Head.Title, got.SortAt)
	}
}

func TestTextsAreMadeStorable(t *testing.T) { // S15
	ctx := context.Background()
	w := one(t)
	it := withText(post("1\x00", "A\x00B\xff", "", start), "text\x00 with \xff bytes and some words more")
	it.Authors = []string{"Ann\x00"}
	r := w.result("blog", it)
	r.Decision, r.Document.Feed.Title, r.Document.Problems = "d\xff", "T\x00", []string{"p\xff"}
	if _, err := w.SavePoll(ctx, r); err != nil {
		t.Fatal(err)
	}
	got := must(w.Item(ctx, w.shown("blog")[0].ID))(t)
	if got.Title != "AB\uFFFD" || got.Text != "text with \uFFFD bytes and some words more" || got.Authors[0] != "Ann" {
		t.Errorf("item = %+v", got)
	}
	if src := must(w.Source(ctx, "blog"))(t); src.Feed.Title != "T" {
		t.Errorf("source = %+v", src)
	}
}

func TestItemsKeepEverythingOfTheirs(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	it := post("1", "A", lorem, start)
	it.Authors, it.Tags, it.Links = []string{"Ann", "Ben"}, []string{"Tag"}, []string{"https://x.example/"}
	it.Full, it.ImageURL, it.Rights, it.License, it.InReplyTo, it.Comments = true, "i", "r", "l", "re", "c"
	it.Origin = caravan.Origin{Title: "O", URL: "https://o.example/"}
	it.Media = caravan.Media{Duration: time.Minute, Episode: "1", Season: "2", Explicit: "no", ImageURL: "m"}
	it.Enclosures = []caravan.Enclosure{{URL: "https://e.example/a.mp3", Type: "audio/mpeg", Length: 7}}
	it.Updated, it.MinHash = start.Add(time.Minute), minHash(lorem)
	w.poll("blog", it)
	got := must(w.Item(ctx, w.shown("blog")[0].ID))(t)
	want := it
	want.ID, want.FeedID, want.Source, want.FirstSeen, want.Changed, want.SortAt, want.Place = got.ID, got.FeedID, "blog", w.clock(), w.clock(), start, got.Place
	want.Visibility, want.MinHash = caravan.Shown, got.MinHash // which is shortened
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("stored\n%+v\nwant\n%+v", got, want)
	}
	texts := must(w.Texts(ctx, []string{got.ID, "aaaaaaaaaaaaaaaa"}))(t)
	if len(texts) != 1 || texts[got.ID].Text != lorem || texts[got.ID].Title != "A" || texts[got.ID].Language != "en" {
		t.Errorf("Texts = %+v", texts)
	}
	members := must(w.Members(ctx, []string{got.ID, "aaaaaaaaaaaaaaaa"}))(t)
	if m := members[got.ID]; len(members) != 1 || m.Source != "blog" || len(m.Communities) == 0 || m.Language != "en" || m.Link != it.Link || len(m.Tags) != len(it.Tags) || m.Text != "" {
		t.Errorf("Members = %+v", members)
	}
	for _, address := range []string{it.Link, "http://www.posts.example/1/", it.GUID, got.ID} {
		if found := must(w.Find(ctx, address))(t); len(found) != 1 || found[0].ID != got.ID {
			t.Errorf("Find(%q) = %+v", address, found)
		}
	}
	if _, err := w.Item(ctx, "aaaaaaaaaaaaaaaa"); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("Item of an unknown id: %v, want ErrNotFound", err)
	}
}
