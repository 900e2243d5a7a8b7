package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"caravan"
)

func itoa(n int) string { return strconv.Itoa(n) }

// sortedKeys returns the keys of a map in order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// saveFolders writes the list's communities, of which matched are the stored
// ones, and returns their numbers. Those that are not in the list any more
// keep their rows, so that they come back as they were.
func (l *listSync) saveFolders(ctx context.Context, matched []int64) ([]int64, error) {
	byID, taken := map[int64]folderRow{}, map[string]bool{}
	var marks []mark
	for _, f := range l.folders {
		byID[f.id], taken[f.slug] = f, true
		marks = append(marks, f.mark)
	}
	for slug := range l.moved {
		taken[slug] = true
	}
	ids := make([]int64, len(matched))
	for i, c := range l.list.Communities {
		f, known := byID[matched[i]]
		var err error
		if known {
			err = l.updateFolder(ctx, f, c, i, taken)
		} else {
			f.slug = freeSlug(caravan.Slug(first(c.Slug, folderTitle(c)), "c"), taken)
			f.mark = assignMark(f.slug, marks)
			taken[f.slug], marks, l.changed = true, append(marks, f.mark), true
			err = one(ctx, l, []any{&f.id}, `INSERT INTO communities (slug, title, site_url, glyph, hue, position, listed, first_seen)
				VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7) RETURNING id`, f.slug, folderTitle(c), c.SiteURL, f.mark.glyph, f.mark.hue, i, l.now)
		}
		if err != nil {
			return nil, err
		}
		ids[i] = f.id
		if err := l.savePublications(ctx, f.id, c.Publications); err != nil {
			return nil, err
		}
	}
	for _, f := range l.folders {
		if f.listed && !slices.Contains(ids, f.id) {
			l.changed = true
			if err := l.exec(ctx, `UPDATE communities SET listed = FALSE WHERE id = $1`, f.id); err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}

// updateFolder writes what the list says now of a community that is known. A
// wish for another slug is granted when it is free; the former one redirects.
func (l *listSync) updateFolder(ctx context.Context, f folderRow, c caravan.ListCommunity, position int, taken map[string]bool) error {
	wish := f.slug
	if c.Slug != "" {
		wish = caravan.Slug(c.Slug, "c")
	}
	if owner, moved := l.moved[wish]; wish != f.slug && (!taken[wish] || moved && owner == f.id) {
		if err := l.renameFolder(ctx, f, wish); err != nil {
			return err
		}
		taken[wish] = true
		f.slug = wish
	}
	if f.title != folderTitle(c) {
		l.changed = true
	}
	return l.exec(ctx, `UPDATE communities SET slug = $1, title = $2, site_url = $3, position = $4, listed = TRUE WHERE id = $5`,
		f.slug, folderTitle(c), c.SiteURL, position, f.id)
}

// renameFolder gives a community another slug. All its stories change with it,
// since the index knows communities by their slugs.
func (l *listSync) renameFolder(ctx context.Context, f folderRow, slug string) error {
	l.changed = true
	if err := l.exec(ctx, `DELETE FROM community_moves WHERE slug = $1`, slug); err != nil {
		return err
	}
	err := l.exec(ctx, `INSERT INTO community_moves (slug, community_id) VALUES ($1, $2)
		ON CONFLICT (slug) DO UPDATE SET community_id = excluded.community_id`, f.slug, f.id)
	if err != nil {
		return err
	}
	items, err := column[int64](ctx, l, `SELECT i.id FROM items i JOIN memberships m ON m.source_id = i.source_id
		WHERE m.community_id = $1 AND i.visibility = 'shown' ORDER BY i.id`, f.id)
	if err != nil {
		return err
	}
	for _, id := range items {
		if err := l.touch(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// savePublications writes what belongs to a community and has no feed.
func (l *listSync) savePublications(ctx context.Context, community int64, list []caravan.Publication) error {
	if err := l.exec(ctx, `DELETE FROM publications WHERE community_id = $1`, community); err != nil {
		return err
	}
	for i, p := range list {
		err := l.exec(ctx, `INSERT INTO publications (community_id, position, title, site_url) VALUES ($1, $2, $3, $4)`, community, i, p.Title, p.SiteURL)
		if err != nil {
			return err
		}
	}
	return nil
}
