package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"caravan"
)

// A picture says which stories to assemble, and how.
type picture struct {
	stories []int64
	sources []int64         // whose own item is the head where it is a member; empty for the first
	places  map[int64]int64 // by story, in the scope asked for; nil for none
	content bool            // load Head.Content

	linkedBy map[int64]int // by story, in place of what is counted over all time; nil for that
}

// assemble builds stories in the order given. Those with nothing shown are
// left out.
func assemble(ctx context.Context, q querier, pic picture) ([]caravan.Story, error) {
	if len(pic.stories) == 0 {
		return nil, nil
	}
	members, err := loadMembers(ctx, q, pic.stories, false)
	if err != nil {
		return nil, err
	}
	rows, err := storyFacts(ctx, q, pic.stories)
	if err != nil {
		return nil, err
	}
	sources, err := storySources(ctx, q, members)
	if err != nil {
		return nil, err
	}
	byStory := map[int64][]member{}
	for _, m := range members {
		byStory[m.story] = append(byStory[m.story], m)
	}
	var out []caravan.Story
	var heads []int64
	for _, id := range pic.stories {
		shown := byStory[id]
		if len(shown) == 0 {
			continue
		}
		head := max(slices.IndexFunc(shown, func(m member) bool { return slices.Contains(pic.sources, m.source) }), 0)
		st := compose(shown, head, sources)
		row := rows[id]
		st.ID, st.FeedID, st.SortAt, st.Place, st.LinkedBy = row.public, row.feed, atMs(row.sortAt), pic.places[id], row.linkedBy
		if pic.linkedBy != nil {
			st.LinkedBy = pic.linkedBy[id]
		}
		out = append(out, st)
		heads = append(heads, shown[head].id)
	}
	if pic.content {
		return out, loadContents(ctx, q, heads, func(i int) *caravan.Item { return &out[i].Head })
	}
	return out, nil
}

// compose makes a story of its shown members, of which one gives the words.
func compose(shown []member, head int, sources map[int64]caravan.Source) caravan.Story {
	st := caravan.Story{Head: shown[head].item, Source: sources[shown[head].source]}
	seen := map[string]bool{}
	add := func(refs []caravan.CommunityRef) {
		for _, r := range refs {
			if !seen[r.Slug] {
				seen[r.Slug] = true
				st.Communities = append(st.Communities, r)
			}
		}
	}
	add(st.Source.Communities)
	st.Updated = st.Head.Changed
	for i, m := range shown {
		if i == head {
			continue
		}
		if m.item.Revisions > 0 && m.item.Changed.After(st.Updated) { // that it came too is no change of content
			st.Updated = m.item.Changed
		}
		src := sources[m.source]
		add(src.Communities)
		a := caravan.Appearance{ItemID: m.item.ID, Source: src.Slug, Title: src.Title, URL: m.item.Link, Language: m.item.Language}
		if len(src.Communities) > 0 {
			a.Community = src.Communities[0]
		}
		st.AlsoAt = append(st.AlsoAt, a)
	}
	return st
}

// A storyFact is what a story has of its own, whichever of its members are shown.
type storyFact struct {
	feed, public string // ids
	sortAt       int64
	linkedBy     int
}

// storyFacts returns what stories have of their own, by their numbers.
func storyFacts(ctx context.Context, q querier, stories []int64) (map[int64]storyFact, error) {
	out := make(map[int64]storyFact, len(stories))
	var p params
	err := each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var f storyFact
		err := rows.Scan(&id, &f.feed, &f.public, &f.sortAt, &f.linkedBy)
		out[id] = f
		return err
	}, `SELECT st.id, i.feed_id, i.public_id, st.sort_at, st.linked_by FROM stories st JOIN items i ON i.id = st.first_id WHERE st.id IN `+list(&p, stories), p...)
	return out, err
}

// storySources returns what stories tell of the sources of members.
func storySources(ctx context.Context, q querier, members []member) (map[int64]caravan.Source, error) {
	out := map[int64]caravan.Source{}
	var ids []int64
	for _, m := range members {
		if _, ok := out[m.source]; !ok {
			out[m.source] = caravan.Source{}
			ids = append(ids, m.source)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	var p params
	err := each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var s caravan.Source
		var feed string
		err := rows.Scan(&id, &s.Slug, &s.URL, &s.ListURL, &s.FirstURL, &s.Title, &s.SiteURL, &s.Language, &s.Description, &s.Settings.Show, &s.Listed, &feed)
		if err == nil {
			err = json.Unmarshal([]byte(feed), &s.Feed)
		}
		out[id] = withFeed(s)
		return err
	}, `SELECT id, slug, url, list_url, first_url, title, site_url, language, description, show_policy, listed, feed FROM sources WHERE id IN `+list(&p, ids), p...)
	if err != nil {
		return nil, err
	}
	communities, err := communityRefs(ctx, q, ids)
	for id, s := range out {
		s.Communities = communities[id]
		out[id] = s
	}
	return out, err
}

// loadContents fills in Content and Text of items; item returns the one that
// stands at an index of ids.
func loadContents(ctx context.Context, q querier, ids []int64, item func(int) *caravan.Item) error {
	if len(ids) == 0 {
		return nil
	}
	index := map[int64]int{}
	for i, id := range ids {
		index[id] = i
	}
	var p params
	return each(ctx, q, func(rows *sql.Rows) error {
		var id int64
		var packed []byte
		if err := rows.Scan(&id, &packed); err != nil {
			return err
		}
		b, err := unpack(packed)
		it := item(index[id])
		it.Content, it.Text, it.Links = b.html, b.text, b.links
		return err
	}, `SELECT item_id, body FROM item_bodies WHERE item_id IN `+list(&p, ids), p...)
}
