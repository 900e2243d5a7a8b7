package store

import (
	"context"
	"slices"

	"caravan"
)

// An itemPlan is how the items of a filter are found: source by source where
// it names sources or communities, else among all dated ones.
type itemPlan struct {
	plan
	bySource  bool
	sources   []int64
	languages []string
	tags      []string
	rare      []int64 // the stories of languages that few have; nil when many do
}

// rareLanguage is up to how many stories make a language rare: so few are found
// faster one by one than among all items.
const rareLanguage = 2000

// planItems finds the rows that a filter of items names.
func planItems(ctx context.Context, q querier, f caravan.Filter) (itemPlan, error) {
	pl, err := planFilter(ctx, q, f)
	if err != nil {
		return itemPlan{}, err
	}
	il := itemPlan{plan: pl, sources: pl.sources, bySource: len(f.Sources)+len(f.Communities) > 0}
	for _, l := range f.Languages {
		il.languages = append(il.languages, language(sane(l)))
	}
	for _, t := range f.Tags {
		il.tags = append(il.tags, tagKey(sane(t)), "u"+tagKey(sane(t)))
	}
	if len(il.languages) > 0 && !il.bySource {
		if err := il.findRare(ctx, q); err != nil {
			return il, err
		}
	}
	if len(f.Communities) == 0 {
		return il, nil
	}
	members, err := numbers(ctx, q, `SELECT DISTINCT m.source_id FROM memberships m JOIN communities c ON c.id = m.community_id WHERE c.listed AND c.slug IN `, f.Communities)
	if err != nil {
		return il, err
	}
	if len(f.Sources) > 0 {
		members = slices.DeleteFunc(members, func(id int64) bool { return !slices.Contains(pl.sources, id) })
	}
	il.sources = members
	return il, nil
}

// findRare finds the stories of the plan's languages when they are few.
func (il *itemPlan) findRare(ctx context.Context, q querier) error {
	var keys []string
	for _, l := range il.languages {
		keys = append(keys, languageKey(l))
	}
	var p params
	text := `SELECT story_id FROM story_keys WHERE key IN ` + list(&p, keys)
	stories, err := column[int64](ctx, q, text+` LIMIT `+p.add(rareLanguage+1), p...)
	if err == nil && len(stories) <= rareLanguage {
		il.rare = append([]int64{0}, stories...) // not empty, which would mean many
	}
	return err
}

// rows returns the rows of a page, newest first, and whether there are more.
func (il itemPlan) rows(ctx context.Context, q querier, at spot, limit int) ([]listed, bool, error) {
	var all []listed
	sources := il.sources
	if !il.bySource {
		sources = []int64{0}
	}
	for _, source := range sources {
		p := params{at.sortAt, at.id}
		text := `SELECT i.sort_at, i.id FROM items i WHERE i.visibility = 'shown' AND (i.sort_at, i.id) < ($1, $2)`
		if source != 0 {
			text += ` AND i.source_id = ` + p.add(source)
		}
		if il.dated {
			text += ` AND i.undated = FALSE`
		}
		order := ` ORDER BY i.sort_at DESC, i.id DESC LIMIT `
		if il.rare != nil {
			text += ` AND i.story_id IN ` + list(&p, il.rare)
			order = ` ORDER BY +i.sort_at DESC, +i.id DESC LIMIT ` // not by the index of all items
		}
		rows, err := listedRows(ctx, q, text+il.itemConditions(&p)+order+p.add(limit+1), p...)
		if err != nil {
			return nil, false, err
		}
		all = append(all, rows...)
	}
	page, more := merge(all, false, limit)
	return page, more, nil
}

// itemConditions returns what an item i must fulfil beside its source.
func (il itemPlan) itemConditions(p *params) string {
	text := ""
	if il.after != earliest {
		text += ` AND i.sort_at >= ` + p.add(il.after)
	}
	if il.before != latest {
		text += ` AND i.sort_at < ` + p.add(il.before)
	}
	if len(il.languages) > 0 {
		text += ` AND (`
		for n, l := range il.languages {
			if n > 0 {
				text += ` OR `
			}
			text += `lower(i.language) = ` + p.add(l) + ` OR lower(i.language) LIKE ` + p.add(l+"-%")
		}
		text += `)`
	}
	if len(il.tags) > 0 {
		text += ` AND EXISTS (SELECT 1 FROM story_keys k JOIN stories st ON st.id = k.story_id AND st.sort_at = k.sort_at
			WHERE st.id = i.story_id AND k.key IN ` + list(p, il.tags) + `)`
	}
	return text
}
