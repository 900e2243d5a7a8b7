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

// citing makes an item whose content links to addresses.
func citing(guid, title string, when time.Time, links ...string) caravan.Item {
	it := post(guid, title, "words of "+title+" that no other item has", when)
	it.Links = links
	return it
}

// storyTitled returns the story with a title, as a page has it.
func (w *world) storyTitled(title string) caravan.Story {
	w.t.Helper()
	for _, st := range must(w.Stories(context.Background(), caravan.Filter{}, "", 100))(w.t).Stories {
		if st.Head.Title == title {
			return st
		}
	}
	w.t.Fatalf("no story %q", title)
	return caravan.Story{}
}

// linkedBy checks how many communities link to a story, by all ways of reading
// it, and which stories do.
func (w *world) linkedBy(title string, communities int, from ...string) {
	w.t.Helper()
	ctx := context.Background()
	st := w.storyTitled(title)
	byID := must(w.StoriesByID(ctx, []string{st.ID}))(w.t)[0]
	ofItem := must(w.StoryOf(ctx, st.Head.ID))(w.t)
	if st.LinkedBy != communities || byID.LinkedBy != communities || ofItem.LinkedBy != communities {
		w.t.Errorf("%s is linked by %d, %d, %d communities, want %d", title, st.LinkedBy, byID.LinkedBy, ofItem.LinkedBy, communities)
	}
	links := must(w.LinksTo(ctx, st.Head.ID, 0))(w.t)
	if got := titles(links); !slices.Equal(got, from) {
		w.t.Errorf("links to %s = %q, want %q", title, got, from)
	}
	for _, l := range links {
		if l.Head.Content != "" {
			w.t.Errorf("%s comes with its content", l.Head.Title)
		}
	}
}

func TestStoryKnowsWhichCommunitiesLinkToIt(t *testing.T) {
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed", "More https://more.example/feed"), folder("B", "Two https://two.example/feed"),
		folder("C", "Three https://three.example/feed", "Two https://two.example/feed"))
	w.poll("one", post("1", "Cited", lorem, start.Add(-time.Hour)), citing("2", "Own", start.Add(-time.Minute), "https://posts.example/1"))
	w.linkedBy("Cited", 0) // a source's links to itself are none
	w.poll("more", citing("3", "Neighbour", start.Add(-3*time.Minute), "https://posts.example/1"))
	w.linkedBy("Cited", 0, "Neighbour") // a link, but of the same community
	w.poll("two", citing("4", "Other", start.Add(-2*time.Minute), "https://elsewhere.example/", "https://posts.example/1"))
	w.linkedBy("Cited", 2, "Other", "Neighbour")
	w.poll("three", citing("5", "Third", start.Add(-4*time.Minute), "https://posts.example/1"))
	w.linkedBy("Cited", 2, "Other", "Neighbour", "Third") // its community does already
	if st := w.storyTitled("Other"); st.LinkedBy != 0 {
		t.Errorf("who links is linked by %d", st.LinkedBy)
	}
	if got := must(w.LinksTo(context.Background(), w.storyTitled("Cited").Head.ID, 2))(t); len(got) != 2 {
		t.Errorf("LinksTo with limit 2 = %q", titles(got))
	}
	if err := errOf(w.LinksTo(context.Background(), "aaaaaaaaaaaaaaaa", 0)); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("LinksTo of an unknown item: %v, want ErrNotFound", err)
	}
}

func TestLinksAreComparedAsLinkKeys(t *testing.T) {
	for link, want := range map[string]int{
		"https://posts.example/1":               1,
		"http://www.posts.example/1/#part":      1,
		"https://posts.example/1?utm_source=me": 1,
		"https://posts.example/?p=77":           1, // its GUID
		"https://posts.example/old":             1, // where it was before
		"https://posts.example/2":               0,
		"https://posts.example/":                0, // a site is no item
		"https://posts.example/1?page=2":        0,
	} {
		w := three(t)
		it := post("1", "Cited", lorem, start)
		it.GUID, it.Keys.GUID, it.Link, it.Keys.Link = "https://posts.example/?p=77", "https://posts.example/?p=77", "https://posts.example/old", "posts.example/old"
		home := post("home", "Home", "the beginning of a site", start)
		home.Keys.Link = "posts.example"
		w.poll("one", it, home)
		it.Link, it.Keys.Link = "https://posts.example/1", "posts.example/1"
		w.poll("one", it)
		w.poll("two", citing("9", "Citing", start, link))
		if got := w.storyTitled("Cited").LinkedBy; got != want {
			t.Errorf("a link to %s: linked by %d, want %d", link, got, want)
		}
		if got := w.storyTitled("Home").LinkedBy; got != 0 {
			t.Errorf("a link to %s leads to the item that is a whole site", link)
		}
	}
}

func TestLinkWaitsForItsTarget(t *testing.T) {
	w := three(t)
	w.poll("two", citing("2", "Early", start, "https://posts.example/1", "https://three.example/three1"))
	w.poll("one", post("1", "Cited", lorem, start))
	w.linkedBy("Cited", 1, "Early")
	w.poll("three", copyOf(post("1", "Cited", lorem, start), "three")) // the same article, linked to twice
	w.linkedBy("Cited", 1, "Early")
	w.poll("two", copyOf(post("1", "Cited", lorem, start), "two")) // and now the source has it itself
	w.linkedBy("Cited", 0)
}

func TestSameStoryLinksOnce(t *testing.T) {
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/feed"), folder("B", "Two https://two.example/feed", "Three https://three.example/feed"))
	w.poll("one", post("1", "Cited", lorem, start))
	a := citing("2", "Citing", start, "https://posts.example/1")
	w.poll("two", a)
	w.poll("three", copyOf(a, "three"))
	w.linkedBy("Cited", 1, "Citing")
}

func TestLinksFollowWhatChanges(t *testing.T) { // I2
	ctx := context.Background()
	w := three(t)
	w.poll("one", post("1", "First", lorem, start), post("2", "Second", "quite another article of this source", start))
	it := citing("3", "Citing", start, "https://posts.example/1")
	w.poll("two", it)
	w.linkedBy("First", 1, "Citing")

	it = withText(it, it.Text+" edited")
	it.Links = []string{"https://posts.example/2"}
	w.poll("two", it)
	w.linkedBy("First", 0)
	w.linkedBy("Second", 1, "Citing")

	id := w.shown("two")[0].ID
	for _, step := range []struct {
		name string
		do   func() error
		want int
	}{
		{"hidden", func() error { return w.Hide(ctx, id) }, 0},
		{"shown", func() error { return w.Unhide(ctx, id) }, 1},
		{"its source unlisted", func() error {
			w.sync(folder("A", "One https://one.example/feed"), folder("C", "Three https://three.example/feed"))
			return nil
		}, 0},
		{"listed again", func() error {
			w.sync(folder("A", "One https://one.example/feed"), folder("B", "Two https://two.example/feed"), folder("C", "Three https://three.example/feed"))
			return nil
		}, 1},
		{"in two communities", func() error {
			w.sync(folder("A", "One https://one.example/feed"), folder("B", "Two https://two.example/feed"),
				folder("C", "Three https://three.example/feed", "Two https://two.example/feed"))
			return nil
		}, 2},
		{"the cited one in both too", func() error {
			w.sync(folder("A", "One https://one.example/feed"), folder("B", "Two https://two.example/feed", "One https://one.example/feed"),
				folder("C", "Three https://three.example/feed", "Two https://two.example/feed"))
			return nil
		}, 1},
		{"erased", func() error { return w.Erase(ctx, id) }, 0},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if got := w.storyTitled("Second").LinkedBy; got != step.want {
			t.Errorf("%s: linked by %d, want %d", step.name, got, step.want)
		}
	}
	if dump := must(w.Dump(ctx, "item_links"))(t); dump != "" {
		t.Errorf("links of an erased item are kept: %s", dump)
	}
}

func TestLinksComeBackWithASourceThatContinues(t *testing.T) {
	w := three(t)
	w.poll("one", post("1", "Cited", lorem, start))
	it := citing("3", "Citing", start, "https://posts.example/1")
	w.poll("two", it)
	w.sync(folder("A", "One https://one.example/feed"), folder("B", "Moved https://moved.example/feed"), folder("C", "Three https://three.example/feed"))
	w.linkedBy("Cited", 0)
	w.poll("moved", it)
	w.linkedBy("Cited", 1, "Citing")
	noFaults(t, w)
}

func TestNoMoreThanTwoHundredLinksAreKept(t *testing.T) {
	w := three(t)
	var links []string
	for i := range 300 {
		links = append(links, fmt.Sprintf("https://posts.example/n%d", i))
	}
	w.poll("two", citing("3", "Citing", start, links...))
	if n := strings.Count(must(w.Dump(context.Background(), "item_links"))(t), "\n"); n != 200 {
		t.Errorf("%d links are kept, want 200", n)
	}
}

func TestMostLinkedOfATime(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	lines := []string{"One https://one.example/feed", "More https://more.example/feed"}
	w.sync(folder("A", lines...), folder("B", "Two https://two.example/feed"), folder("C", "Three https://three.example/feed"))
	spanish := post("e", "Spanish", "un artículo en otra lengua", start.Add(-300*time.Hour))
	spanish.Language = "es"
	w.poll("one", post("a", "Both", lorem, start.Add(-200*time.Hour)), post("b", "Twice", "an article that one community links to twice", start.Add(-201*time.Hour)),
		post("c", "Once", "an article that one community links to once", start.Add(-202*time.Hour)), post("d", "Home", "an article that only its own community links to", start.Add(-203*time.Hour)),
		spanish, post("f", "Nobody", "an article that nobody links to", start))
	to := func(ids ...string) (links []string) {
		for _, id := range ids {
			links = append(links, "https://posts.example/"+id)
		}
		return links
	}
	w.poll("more", citing("1", "M", start.Add(-time.Hour), to("d")...))
	w.poll("two", citing("2", "T1", start.Add(-time.Hour), to("a", "b")...), citing("3", "T2", start.Add(-2*time.Hour), to("b", "c")...),
		citing("4", "T3", start.Add(-100*time.Hour), to("a", "e")...))
	undated := citing("6", "U", time.Time{}, to("c", "f")...)
	w.poll("three", citing("5", "C", start.Add(-3*time.Hour), to("a")...), undated)
	for _, tt := range []struct {
		name         string
		filter       caravan.Filter
		since, until time.Time
		limit        int
		want         string
	}{
		{"all time", caravan.Filter{}, time.Time{}, time.Time{}, 0, "Both 2, Twice 1, Once 1, Spanish 1, Home 0"},
		{"this day", caravan.Filter{}, start.Add(-24 * time.Hour), start, 0, "Both 2, Twice 1, Once 1, Home 0"},
		{"the newest two", caravan.Filter{}, start.Add(-24 * time.Hour), start, 2, "Both 2, Twice 1"},
		{"before", caravan.Filter{}, time.Time{}, start.Add(-24 * time.Hour), 0, "Both 1, Spanish 1"},
		{"from is within, to is not", caravan.Filter{}, start.Add(-2 * time.Hour), start.Add(-time.Hour), 0, "Twice 1, Once 1"},
		{"a language", caravan.Filter{Languages: []string{"es"}}, time.Time{}, time.Time{}, 0, "Spanish 1"},
		{"a community", caravan.Filter{Communities: []string{"a"}}, start.Add(-24 * time.Hour), time.Time{}, 1, "Both 2"},
		{"another community", caravan.Filter{Communities: []string{"b"}}, time.Time{}, time.Time{}, 0, ""},
		{"no such community", caravan.Filter{Communities: []string{"x"}}, time.Time{}, time.Time{}, 0, ""},
		{"of a time", caravan.Filter{Before: start.Add(-250 * time.Hour)}, time.Time{}, time.Time{}, 0, "Spanish 1"},
	} {
		var got []string
		for _, st := range must(w.MostLinked(ctx, tt.filter, tt.since, tt.until, tt.limit))(t) {
			got = append(got, fmt.Sprint(st.Head.Title, " ", st.LinkedBy))
		}
		if all := strings.Join(got, ", "); all != tt.want {
			t.Errorf("%s: most linked = %s, want %s", tt.name, all, tt.want)
		}
	}
	w.linkedBy("Once", 2, "T2", "U") // what is undated has no day, but counts
	if err := w.Hide(ctx, w.storyTitled("Both").Head.ID); err != nil {
		t.Fatal(err)
	}
	if got := must(w.MostLinked(ctx, caravan.Filter{}, time.Time{}, time.Time{}, 1))(t); titles(got)[0] != "Twice" {
		t.Errorf("the most linked is hidden, and shown is %q", titles(got))
	}
}
