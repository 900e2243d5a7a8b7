package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
)

// graph is what follows from the bodies and memberships of all items, by plain
// loops.
type graph struct {
	members map[int64]member
	links   map[int64][]int64 // by item: the hashes of what it links to
	keys    map[int64][]int64 // by hash: the items that have it
	sources map[int64]map[int64]bool
	groups  map[int64][]int64 // by source: its communities
}

// checkLinks holds the graph and its counts against one made from scratch. What
// an item was called before is taken from link_keys, which nothing else tells.
func checkLinks(ctx context.Context, u *unit) ([]string, error) {
	g, out, err := readGraph(ctx, u)
	if err != nil {
		return nil, err
	}
	want := map[string]bool{}
	linkers := map[int64][]int64{}
	for id, hashes := range g.links {
		stories := map[int64]bool{}
		for _, h := range hashes {
			for _, target := range g.keys[h] {
				stories[g.members[target].story] = true
			}
		}
		for story := range stories {
			if story != g.members[id].story && !g.sources[story][g.members[id].source] {
				want[fmt.Sprint(story, " ", id)] = true
				linkers[story] = append(linkers[story], id)
			}
		}
	}
	have := map[string]bool{}
	err = each(ctx, u, func(rows *sql.Rows) error {
		var story, item, sortAt int64
		err := rows.Scan(&story, &item, &sortAt)
		have[fmt.Sprint(story, " ", item)] = true
		if sortAt != g.members[item].item.SortAt.UnixMilli() {
			out = append(out, fmt.Sprintf("link of item %d has another sort time than the item", item))
		}
		return err
	}, `SELECT story_id, item_id, sort_at FROM story_links`)
	if !maps.Equal(have, want) {
		out = append(out, fmt.Sprintf("links between stories and items are %v, want %v", have, want))
	}
	counts := g.counts(linkers)
	return out, firstErr(err, each(ctx, u, func(rows *sql.Rows) error {
		var story int64
		var is int
		err := rows.Scan(&story, &is)
		if is != counts[story] {
			out = append(out, fmt.Sprintf("story %d is linked by %d communities by its count, want %d", story, is, counts[story]))
		}
		return err
	}, `SELECT id, linked_by FROM stories`))
}

// readGraph reads what the graph follows from, and holds the two tables of
// hashes against it.
func readGraph(ctx context.Context, u *unit) (graph, []string, error) {
	g := graph{members: map[int64]member{}, links: map[int64][]int64{}, keys: map[int64][]int64{}, sources: map[int64]map[int64]bool{}, groups: map[int64][]int64{}}
	var out []string
	all, err := selectFull(ctx, u, `ORDER BY i.id`)
	if err != nil {
		return g, nil, err
	}
	has := map[int64][]int64{}
	err = each(ctx, u, func(rows *sql.Rows) error {
		var hash, item int64
		err := rows.Scan(&hash, &item)
		g.keys[hash] = append(g.keys[hash], item)
		has[item] = append(has[item], hash)
		return err
	}, `SELECT hash, item_id FROM link_keys`)
	for _, m := range all {
		g.members[m.id] = m
		if g.sources[m.story] == nil {
			g.sources[m.story] = map[int64]bool{}
		}
		g.sources[m.story][m.source] = true
		for _, h := range u.linkKeysOf(m.item) {
			if !slices.Contains(has[m.id], h) {
				out = append(out, fmt.Sprintf("item %s cannot be linked to as %s", m.item.ID, m.item.Keys.Link))
			}
		}
		for _, h := range u.linksOf(m.item) {
			if !slices.Contains(has[m.id], h) {
				g.links[m.id] = append(g.links[m.id], h)
			}
		}
	}
	noted := map[int64][]int64{}
	err = firstErr(err, each(ctx, u, func(rows *sql.Rows) error {
		var hash, item int64
		err := rows.Scan(&hash, &item)
		if !slices.Contains(has[item], hash) {
			noted[item] = append(noted[item], hash)
		}
		return err
	}, `SELECT hash, item_id FROM item_links ORDER BY item_id, hash`))
	if !maps.EqualFunc(noted, g.links, slices.Equal) {
		out = append(out, fmt.Sprintf("links noted are %v, want %v", noted, g.links))
	}
	return g, out, firstErr(err, each(ctx, u, func(rows *sql.Rows) error {
		var source, community int64
		err := rows.Scan(&source, &community)
		g.groups[source] = append(g.groups[source], community)
		return err
	}, `SELECT source_id, community_id FROM memberships`))
}

// counts returns how many communities beside its own link to each story by
// shown items, of those that do.
func (g graph) counts(linkers map[int64][]int64) map[int64]int {
	own := map[int64]map[int64]bool{}
	for _, m := range g.members {
		if own[m.story] == nil {
			own[m.story] = map[int64]bool{}
		}
		for _, c := range g.groups[m.source] {
			if m.item.Visibility == "shown" {
				own[m.story][c] = true
			}
		}
	}
	out := map[int64]int{}
	for story, items := range linkers {
		others := map[int64]bool{}
		for _, id := range items {
			for _, c := range g.groups[g.members[id].source] {
				if m := g.members[id]; m.item.Visibility == "shown" && !own[story][c] {
					others[c] = true
				}
			}
		}
		out[story] = len(others)
	}
	return out
}
