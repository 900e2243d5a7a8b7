package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"caravan"
)

func TestPollAppearsInPagesAndFeeds(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("Nesta", "Blog https://nesta.example/feed"), folder("Other", "https://other.example/rss"))
	report := w.poll("blog", post("b", "Second", "second text of many words", start.Add(-time.Hour)), post("a", "First", "first text of many words", start.Add(-2*time.Hour)))
	if report.New != 2 || report.Source != "blog" {
		t.Fatalf("SavePoll = %+v, want 2 new of blog", report)
	}
	page := must(w.Stories(ctx, caravan.Filter{}, "", 10))(t)
	if got := titles(page.Stories); !slices.Equal(got, []string{"Second", "First"}) {
		t.Errorf("Stories = %q", got)
	}
	st := page.Stories[0]
	if st.Source.Slug != "blog" || len(st.Communities) != 1 || st.Communities[0].Slug != "nesta" || st.FeedID == "" {
		t.Errorf("story = %+v", st)
	}
	feed := must(w.Feed(ctx, caravan.FeedQuery{Scope: caravan.Scope{Community: "nesta"}, Limit: 10, Content: true}))(t)
	if got := titles(feed); !slices.Equal(got, []string{"Second", "First"}) || feed[0].Head.Content != "<p>second text of many words</p>" {
		t.Errorf("Feed = %q, content %q", got, feed[0].Head.Content)
	}
	item := must(w.Item(ctx, st.ID))(t)
	if item.Title != "Second" || string(item.Raw) != "<p class=x>second text of many words</p>" {
		t.Errorf("Item = %+v", item)
	}
	batch := must(w.Changes(ctx, 0, 100))(t)
	if len(batch.Docs) != 2 || batch.Last != batch.Head || batch.Docs[0].Members[0].Communities[0] != "nesta" {
		t.Errorf("Changes = %+v", batch)
	}
	cs := must(w.Communities(ctx))(t)
	if len(cs) != 2 || cs[0].Items != 2 || cs[0].Sources != 1 || !cs[0].Newest.Equal(start.Add(-time.Hour)) {
		t.Errorf("Communities = %+v", cs)
	}
	src := must(w.Source(ctx, "blog"))(t)
	if src.Items != 2 || src.Feed.Title != "Feed of blog" || !src.State.FirstPoll.Equal(start) {
		t.Errorf("Source = %+v", src)
	}
}
