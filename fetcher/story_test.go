package fetcher

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestSimilarTitles(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"Opening the lab", "OPENING THE LAB!", true},
		{"Opening the lab", "Opening the lab | City of Lyon", true},
		{"Organising open data", "Organizing open data", true},
		{"Découvrir les données", "Decouvrir les donnees", true},
		{"A lab for everyone", "Lab for everyone", true},
		{"Welcome", "Welcome | City of Lyon", true},
		{"Welcome", "Welcome to the jungle", false},
		{"Weeknote 12", "Weeknote 13", false},
		{"Weeknotes", "Weeknotes, 3 May", false},
		{"Notes from January", "Notes from February", false},
		{"Call for applications: Kenya", "Call for applications: Ghana", false},
		{"Group A", "Group B", false},
		{"Part II of the story", "Part III of the story", false},
		{"", "Opening", false},
		{"", "", false},
	} {
		for _, pair := range [][2]string{{row.a, row.b}, {row.b, row.a}} {
			if got := similarTitles(pair[0], pair[1]); got != row.want {
				t.Errorf("similarTitles(%q, %q) = %v, want %v", pair[0], pair[1], got, row.want)
			}
		}
	}
}

func TestSeries(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"Weeknote 12", "Weeknote 13", true},
		{"Weeknotes", "Weeknotes 3", true},
		{"Job: designer, Leeds", "Job: designer, York", true},
		{"Berlin opens a lab for public design", "New lab for public design opens in Berlin", false},
		{"Opening the lab", "Opening the lab | City", false},
		{"Opening the lab", "Budget of the harbour", false},
		{"", "Weeknote 13", false},
	} {
		if got := series(row.a, row.b); got != row.want {
			t.Errorf("series(%q, %q) = %v, want %v", row.a, row.b, got, row.want)
		}
	}
}

// storyCase is one article and its appearance in another source.
type storyCase struct {
	name   string
	change func(e *entry)
	want   bool
}

func storyCases() []storyCase {
	elsewhere := func(e *entry) { e.guid, e.link = "2", "https://two.example/copy" }
	return []storyCase{
		{"same link and title, an excerpt", func(e *entry) { e.html = "<p>" + prose(0, 20) + "</p>" }, true},
		{"same link, new title, same words", func(e *entry) { e.title = "Another headline" }, true},
		{"same link, its own comment", func(e *entry) { e.title, e.html = "Worth a read", "<p>"+prose(50, 60)+"</p>" }, false},
		{"same link with trackers", func(e *entry) { e.link += "/?utm_source=planet#top" }, true},
		{"syndicated", elsewhere, true},
		{"syndicated with the site's name", func(e *entry) { elsewhere(e); e.title += " | City of Lyon" }, true},
		{"syndicated under a new headline", func(e *entry) { elsewhere(e); e.title = "Another headline" }, true},
		{"70 % of it", func(e *entry) { elsewhere(e); e.html = "<p>" + prose(0, 63) + "</p>" }, true},
		{"half of it", func(e *entry) { elsewhere(e); e.html = "<p>" + prose(0, 45) + "</p>" }, false},
		{"small edits", func(e *entry) {
			elsewhere(e)
			list := strings.Fields(prose(0, 90))
			list[20], list[70] = "corrected", "amended"
			e.html = "<p>" + strings.Join(list, " ") + "</p>"
		}, true},
		{"small edits and another headline", func(e *entry) {
			elsewhere(e)
			e.title, e.html = "Another headline", "<p>"+prose(0, 90)+" Added here.</p>"
		}, false},
		{"same title, other words", func(e *entry) { elsewhere(e); e.html = "<p>" + prose(60, 90) + "</p>" }, false},
		{"29 days later", func(e *entry) { elsewhere(e); e.date = e.date.AddDate(0, 0, 29) }, true},
		{"31 days later", func(e *entry) { elsewhere(e); e.date = e.date.AddDate(0, 0, 31) }, false},
	}
}

func TestAnArticleInTwoSourcesIsOneStory(t *testing.T) { // PEERS pain 7
	for _, row := range storyCases() {
		t.Run(row.name, func(t *testing.T) {
			s := newShelf(t, "one", "two")
			first := posts(1)[0]
			first.date = first.date.AddDate(0, 0, -20)
			second := first
			row.change(&second)
			s.expect("one", 1, 0, "one", first)
			s.expect("two", 1, 0, "two", second)
			stories := s.stories()
			if got := len(stories) == 1; got != row.want {
				t.Fatalf("one story: %v, want %v", got, row.want)
			}
			for id, members := range stories {
				st, err := s.StoryOf(t.Context(), members[0])
				if err != nil || len(st.AlsoAt)+1 != len(members) || st.ID != id {
					t.Errorf("story %s names %d further places (%v), want %d", id, len(st.AlsoAt), err, len(members)-1)
				}
			}
		})
	}
}

func TestPublishedStoriesAreNeverMerged(t *testing.T) {
	s := newShelf(t, "one", "two", "three")
	list := posts(2)
	other := list[1]
	other.title = list[0].title
	s.expect("one", 1, 0, "one", list[0])
	s.expect("two", 1, 0, "two", other)
	other.html = list[0].html // an edit makes them the same
	s.expect("the edit", 0, 1, "two", other)
	if n := len(s.stories()); n != 2 {
		t.Fatalf("%d stories after the edit, want 2", n)
	}
	third := list[0]
	third.guid, third.link = "3", "https://three.example/copy"
	s.expect("three", 1, 0, "three", third)
	if n := len(s.stories()); n != 2 {
		t.Errorf("%d stories with a third appearance, want 2", n)
	}
}

func TestSameStoryAsksForAnotherSource(t *testing.T) {
	item := caravan.Item{Source: "one", Title: "A post", Words: 90, Keys: caravan.Keys{Link: "l", Content: "c"}}
	if SameStory(item, item) {
		t.Error("two items of one source are one story")
	}
	other := item
	other.Source = "two"
	if !SameStory(item, other) {
		t.Error("the same item in another source is another story")
	}
	item.Words, other.Words = 4, 4
	item.Keys.Link, item.Title = "m", "Read this"
	if SameStory(item, other) {
		t.Error("four words and no title make a story")
	}
}

// A lookalike is one post of testdata/lookalikes.txt.
type lookalike struct {
	source, language string
	entry
}

func readLookalikes(t *testing.T) []lookalike {
	t.Helper()
	data, err := os.ReadFile("testdata/lookalikes.txt")
	if err != nil {
		t.Fatal(err)
	}
	var list []lookalike
	for block := range strings.SplitSeq(string(data), "\n\n") {
		head, text, ok := strings.Cut(strings.TrimPrefix(block, "= "), "\n")
		fields := strings.Split(head, " | ")
		if !strings.HasPrefix(block, "= ") || !ok || len(fields) != 3 {
			continue
		}
		n := len(list)
		list = append(list, lookalike{source: fields[0], language: fields[1], entry: entry{
			guid: fmt.Sprint("id-", n), link: fmt.Sprintf("https://%s.example/%d", fields[0], n), title: fields[2], html: "<p>" + text + "</p>",
			date: time.Date(2026, 11, 1+n%15, 8, 0, 0, 0, time.UTC),
		}})
	}
	if len(list) < 24 {
		t.Fatalf("%d look-alikes, want at least 24", len(list))
	}
	return list
}

// shelfOf opens a shelf for the sources of look-alikes and reads each post.
func shelfOf(t *testing.T, list []lookalike) (*shelf, []caravan.Item) {
	t.Helper()
	var sources []string
	seen := map[string]bool{}
	for _, l := range list {
		if !seen[l.source] {
			seen[l.source] = true
			sources = append(sources, l.source)
		}
	}
	s := newShelf(t, sources...)
	var items []caravan.Item
	for _, l := range list {
		items = append(items, s.read(l.source, l.entry).Items...)
	}
	return s, items
}

func TestNoTwoLookalikesAreOneStory(t *testing.T) {
	list := readLookalikes(t)
	_, items := shelfOf(t, list)
	var nearest, nearestSimilar float64
	var near, nearSimilar string
	for i, a := range items {
		if a.Words < someWords || a.MinHash == nil {
			t.Errorf("%q has %d words, want %d", a.Title, a.Words, someWords)
		}
		for _, b := range items[:i] {
			a.Source, b.Source = "one", "two" // also those of one source, as if they were of two
			share, _ := jaccard(a, b)
			pair := fmt.Sprintf("%q and %q", a.Title, b.Title)
			if share > nearest {
				nearest, near = share, pair
			}
			if similarTitles(a.Title, b.Title) && share > nearestSimilar {
				nearestSimilar, nearSimilar = share, pair
			}
			oneLink := b
			oneLink.Keys.Link = a.Keys.Link
			if SameStory(a, b) || SameStory(b, a) {
				t.Errorf("%s are one story (%.2f of their shingles)", pair, share)
			}
			oneLink.Source, b.Source = a.Source, a.Source
			if _, ok := Match(a, []caravan.Item{b}); ok {
				t.Errorf("%s are one item", pair)
			}
			if similarTitles(a.Title, b.Title) {
				continue // with a similar title, one link makes one article
			}
			if _, ok := Match(a, []caravan.Item{oneLink}); ok {
				t.Errorf("%s are one item under one link", pair)
			}
			oneLink.Source = "two"
			if SameStory(a, oneLink) {
				t.Errorf("%s are one story under one link", pair)
			}
		}
	}
	t.Logf("%d look-alikes; nearest texts %.2f, kept apart by their titles: %s", len(items), nearest, near)
	t.Logf("nearest under similar titles: %.2f (from 0.60 on only a name in title and text keeps apart) %s", nearestSimilar, nearSimilar)
}

func TestStoredLookalikesStayApart(t *testing.T) {
	list := readLookalikes(t)
	s, _ := shelfOf(t, list)
	bySource := map[string][]entry{}
	for _, l := range list {
		bySource[l.source] = append(bySource[l.source], l.entry)
		s.expect(l.title, 1, 0, l.source, bySource[l.source]...) // the window grows
	}
	if items, stories := len(s.all()), len(s.stories()); items != len(list) || stories != len(list) {
		t.Errorf("%d items in %d stories, want %d in %[3]d", items, stories, len(list))
	}
}
