package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"caravan"
)

// otherCommunity is what makes a community m one that a story st does not
// belong to by any of its shown members.
const otherCommunity = `NOT EXISTS (SELECT 1 FROM story_keys o
	WHERE o.key IN ('c:' || m.community_id, 'uc:' || m.community_id) AND o.sort_at = st.sort_at AND o.story_id = st.id)`

// MostLinked returns the shown stories of a filter to which items of other
// sources link, of those that arrived (by their sort time, dated ones only)
// from since until before until; a zero time is no bound. First are those that
// most communities beside their own link to, then those that most stories do,
// then the newest; limit is that of [Store.Stories]. LinkedBy counts within the
// same time: it is 0 for a story that only its own communities link to.
func (s *Store) MostLinked(ctx context.Context, f caravan.Filter, since, until time.Time, limit int) ([]caravan.Story, error) {
	var out []caravan.Story
	err := s.read(ctx, func(q querier) error {
		pl, err := planFilter(ctx, q, f)
		if err != nil || len(pl.drive) == 0 {
			return err
		}
		pic := picture{sources: pl.sources, linkedBy: map[int64]int{}}
		var p params
		text := pl.mostLinked(&p, since, until) + ` LIMIT ` + p.add(pageLength(limit))
		err = each(ctx, q, func(rows *sql.Rows) error {
			var story int64
			var communities, stories int
			err := rows.Scan(&story, &communities, &stories)
			pic.stories = append(pic.stories, story)
			pic.linkedBy[story] = communities
			return err
		}, text, p...)
		if err != nil {
			return err
		}
		out, err = assemble(ctx, q, pic)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read most linked: %w", err)
	}
	return out, nil
}

// mostLinked returns the query of the stories of a plan that are linked to,
// with the numbers of communities and of stories that do.
func (pl plan) mostLinked(p *params, since, until time.Time) string {
	from, to := int64(earliest), int64(latest)
	if !since.IsZero() {
		from = since.UnixMilli()
	}
	if !until.IsZero() {
		to = until.UnixMilli()
	}
	return `SELECT st.id, count(DISTINCT CASE WHEN ` + otherCommunity + ` THEN m.community_id END), count(DISTINCT i.story_id)
		FROM story_links l JOIN items i ON i.id = l.item_id JOIN memberships m ON m.source_id = i.source_id JOIN stories st ON st.id = l.story_id
		WHERE l.sort_at >= ` + p.add(from) + ` AND l.sort_at < ` + p.add(to) + ` AND i.visibility = 'shown' AND i.undated = FALSE
		AND EXISTS (SELECT 1 FROM story_keys k WHERE k.key IN ` + list(p, pl.drive) + ` AND k.sort_at = st.sort_at AND k.story_id = st.id` + pl.conditions(p) + `)
		GROUP BY st.id, st.sort_at ORDER BY 2 DESC, 3 DESC, st.sort_at DESC, st.id DESC`
}

// LinksTo returns the shown stories that link to the story of a shown item
// from sources that have no part in it, the newest first, without content;
// limit is that of [Store.Stories]. The error is [caravan.ErrNotFound] for an
// item that is not shown.
func (s *Store) LinksTo(ctx context.Context, itemID string, limit int) ([]caravan.Story, error) {
	var out []caravan.Story
	err := s.read(ctx, func(q querier) error {
		story, err := shownStory(ctx, q, itemID)
		if err != nil {
			return err
		}
		stories, err := column[int64](ctx, q, `SELECT st.id FROM story_links l JOIN items i ON i.id = l.item_id JOIN stories st ON st.id = i.story_id
			WHERE l.story_id = $1 AND i.visibility = 'shown' GROUP BY st.id, st.sort_at ORDER BY st.sort_at DESC, st.id DESC LIMIT $2`, story, pageLength(limit))
		if err != nil {
			return err
		}
		out, err = assemble(ctx, q, picture{stories: stories})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read links to %s: %w", itemID, err)
	}
	return out, nil
}

// shownStory returns the story that a shown item belongs to.
func shownStory(ctx context.Context, q querier, itemID string) (int64, error) {
	var story int64
	err := one(ctx, q, []any{&story}, `SELECT story_id FROM items WHERE public_id = $1 AND visibility = 'shown'`, sane(itemID))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, coded(caravan.ErrNotFound, caravan.NotThere, notThere)
	}
	return story, err
}
