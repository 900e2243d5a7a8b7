package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// A life is a store in which anything happens, and what was promised of it.
type life struct {
	*world
	rand    *rand.Rand
	items   map[string]caravan.Item  // by public id, as first seen: what never changes
	stories map[string]caravan.Story // likewise
	erased  map[string]bool
	linked  int // stories that another community linked to, over all checks
}

// TestAnythingMayHappen plays random events and checks after each that the
// database does not contradict itself, and that what never changes has not.
func TestAnythingMayHappen(t *testing.T) { // I1, I2, I3
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := &life{world: newWorld(t), rand: rand.New(rand.NewPCG(seed, 2)), items: map[string]caravan.Item{}, stories: map[string]caravan.Story{}, erased: map[string]bool{}}
			l.newList()
			for step := range 30 {
				event := l.happen()
				l.check(fmt.Sprintf("seed %d, step %d: %s", seed, step, event))
			}
			if l.linked == 0 {
				t.Error("no story was linked to in all this, so that no count was tested")
			}
		})
	}
}

func (l *life) happen() string {
	l.advance(time.Duration(l.rand.Int64N(int64(12 * time.Hour))))
	switch n := l.rand.IntN(20); {
	case n < 2:
		l.newList()
		return "list"
	case n < 3:
		l.takeDown()
		return "takedown"
	case n < 4:
		l.reopen()
		return "reopen"
	default:
		return "poll " + l.pollSome()
	}
}

// newList takes a random list over: some of eight sources in some of four
// folders, with rules here and there.
func (l *life) newList() {
	var folders []caravan.ListCommunity
	for _, name := range []string{"Alpha", "Beta", "Gamma", "Beta / Deep"} {
		f := folder(name)
		for s := range 8 {
			if l.rand.IntN(3) > 0 {
				continue
			}
			src := caravan.ListSource{URL: fmt.Sprintf("https://s%d.example/feed", s), Title: fmt.Sprintf("S%d", s)}
			switch l.rand.IntN(6) {
			case 0:
				src.Settings.Skip = "word3"
			case 1:
				src.Settings.Only = "word"
			}
			f.Sources = append(f.Sources, src)
		}
		if len(f.Sources) > 0 || l.rand.IntN(2) == 0 {
			folders = append(folders, f)
		}
	}
	l.sync(folders...)
}

// pollSome polls a random listed source: its items are some of forty articles
// that all sources share, some edited, some under new GUIDs, some twice.
func (l *life) pollSome() string {
	sources := must(l.Sources(context.Background()))(l.t)
	if len(sources) == 0 {
		return "none"
	}
	src := sources[l.rand.IntN(len(sources))]
	var list []caravan.Item
	for range l.rand.IntN(12) {
		n := l.rand.IntN(40)
		when := start.Add(-time.Duration(n*30) * time.Hour)
		if n%9 == 0 {
			when = time.Time{}
		}
		if n%10 == 1 {
			when = start.Add(1000 * time.Hour)
		}
		it := post(fmt.Sprintf("%s-%d", src.Slug, n), fmt.Sprintf("Title %d", n), fmt.Sprintf("word%d and the same eight words that all share", n), when)
		it.Link = fmt.Sprintf("https://posts.example/%d", n)
		it.Keys.Link = fmt.Sprintf("posts.example/%d", n)
		if n%3 == 0 { // an article of this source alone
			it = withText(it, it.Text+" in "+src.Slug)
			it.Link += "/" + src.Slug
			it.Keys.Link += "/" + src.Slug
		}
		it.Tags = []string{fmt.Sprintf("Tag %d", n%5)}
		for range l.rand.IntN(4) {
			it.Links = append(it.Links, fmt.Sprintf("http://www.posts.example/%d%s/", l.rand.IntN(40), []string{"", "/s1", "/s5"}[l.rand.IntN(3)]))
		}
		switch l.rand.IntN(8) {
		case 0:
			it = withText(it, it.Text+fmt.Sprintf(" edit %d", l.rand.IntN(3)))
		case 1:
			it.GUID += "-new"
			it.Keys.GUID = it.GUID
		case 2:
			it.GUID, it.Keys.GUID = "", ""
		}
		list = append(list, it)
		if l.rand.IntN(10) == 0 {
			list = append(list, it)
		}
	}
	l.poll(src.Slug, list...)
	return src.Slug
}

// takeDown hides, shows or erases a random item.
func (l *life) takeDown() {
	ctx := context.Background()
	ids := make([]string, 0, len(l.items))
	for id := range l.items {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return
	}
	slices.Sort(ids)
	id := ids[l.rand.IntN(len(ids))]
	var err error
	switch l.rand.IntN(4) {
	case 0, 1:
		err = l.Hide(ctx, id)
	case 2:
		err = l.Unhide(ctx, id)
		if l.erased[id] && errors.Is(err, caravan.ErrInvalid) {
			err = nil
		}
	default:
		l.erased[id] = true
		err = l.Erase(ctx, id)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// check looks at everything.
func (l *life) check(event string) {
	l.t.Helper()
	ctx := context.Background()
	faults, err := l.Faults(ctx)
	if err != nil || len(faults) > 0 {
		l.t.Fatalf("%s: %v\n%s", event, err, strings.Join(faults, "\n"))
	}
	listed := l.walkStories(event, caravan.Filter{})
	fed := must(l.Feed(ctx, caravan.FeedQuery{}))(l.t)
	if len(fed) != len(listed) {
		l.t.Fatalf("%s: the feed has %d stories and the pages %d", event, len(fed), len(listed))
	}
	for i, st := range fed {
		if i > 0 && st.Place >= fed[i-1].Place {
			l.t.Fatalf("%s: places out of order", event)
		}
		if st.LinkedBy > 0 {
			l.linked++
		}
		old, ok := l.stories[st.ID]
		if !ok {
			l.stories[st.ID] = st
			continue
		}
		if old.Place != st.Place || old.FeedID != st.FeedID || !old.SortAt.Equal(st.SortAt) {
			l.t.Fatalf("%s: story %s changed: place %d to %d, id %s to %s", event, st.ID, old.Place, st.Place, old.FeedID, st.FeedID)
		}
	}
	items := must(l.Items(ctx, caravan.Filter{}, "", 500))(l.t)
	for _, it := range items.Items {
		if l.erased[it.ID] {
			l.t.Fatalf("%s: %s was erased and is shown", event, it.ID)
		}
		old, ok := l.items[it.ID]
		if !ok {
			l.items[it.ID] = it
			continue
		}
		if old.Place != it.Place || old.FeedID != it.FeedID || !old.SortAt.Equal(it.SortAt) || !old.FirstSeen.Equal(it.FirstSeen) || old.Source != it.Source {
			l.t.Fatalf("%s: item %s changed from %+v to %+v", event, it.ID, old, it)
		}
	}
	l.checkIndex(event)
}

// walkStories pages through a filter forth and back and returns all stories.
func (l *life) walkStories(event string, f caravan.Filter) []string {
	l.t.Helper()
	ctx := context.Background()
	var all []string
	var last caravan.StoryPage
	for cursor, n := "", 0; ; cursor, n = last.Next, n+1 {
		last = must(l.Stories(ctx, f, cursor, 7))(l.t)
		for _, st := range last.Stories {
			all = append(all, st.ID)
		}
		if last.Next == "" {
			break
		}
	}
	back := []string{}
	for cursor := last.Prev; cursor != ""; {
		page := must(l.Stories(ctx, f, cursor, 7))(l.t)
		var ids []string
		for _, st := range page.Stories {
			ids = append(ids, st.ID)
		}
		back = append(ids, back...)
		cursor = page.Prev
	}
	if want := all[:len(all)-len(last.Stories)]; !slices.Equal(back, want) {
		l.t.Fatalf("%s: back through the pages = %q, want %q", event, back, want)
	}
	return all
}

// checkIndex follows the change log from the beginning and holds what an index
// would have against what is shown.
func (l *life) checkIndex(event string) {
	l.t.Helper()
	ctx := context.Background()
	docs := map[string]int{}
	for after := int64(0); ; {
		batch := must(l.Changes(ctx, after, 9))(l.t)
		for _, d := range batch.Docs {
			delete(docs, d.ID)
			if len(d.Members) > 0 {
				docs[d.ID] = len(d.Members)
			}
		}
		if batch.Last == after {
			break
		}
		after = batch.Last
	}
	members := 0
	for _, n := range docs {
		members += n
	}
	shown := 0
	for _, s := range must(l.Sources(ctx))(l.t) {
		shown += s.Items
	}
	if members != shown {
		l.t.Fatalf("%s: the index has %d items, %d are shown", event, members, shown)
	}
}
