package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"caravan"
)

// A standing is all that decides whether an item is shown.
type standing struct {
	takenDown bool               // by hand
	listed    bool               // its source
	rule      caravan.Visibility // what the source's rules say; empty when nothing
}

// visibility decides whether an item is shown, and if not, why.
func visibility(s standing) caravan.Visibility {
	switch {
	case s.takenDown:
		return caravan.Takedown
	case !s.listed:
		return caravan.Unlisted
	case s.rule != "":
		return s.rule
	}
	return caravan.Shown
}

// rule returns what a source's rules say of an item. A rule that cannot be
// understood hides nothing; the list's own check reports it.
func (u *unit) rule(f *sourceFacts, it caravan.Item) (caravan.Visibility, error) {
	if f.only != "" {
		match, err := u.cfg.Rule(f.only, it)
		if err != nil {
			u.cfg.Log.Warn("rule not understood", "source", f.slug, "only", f.only, "err", err)
		} else if !match {
			return caravan.NotOnly, nil
		}
	}
	if f.skip != "" {
		match, err := u.cfg.Rule(f.skip, it)
		if err != nil {
			u.cfg.Log.Warn("rule not understood", "source", f.slug, "skip", f.skip, "err", err)
		} else if match {
			return caravan.Skipped, nil
		}
	}
	return "", nil
}

// A judged item is one whose visibility is being decided anew.
type judged struct {
	id, story int64
	sortAt    int64
	was       caravan.Visibility
	rule      caravan.Visibility
	takenDown time.Time
}

// judge decides the visibility of one item anew, its source's rules included,
// and writes it where it changed. Its story is not settled.
func (u *unit) judge(ctx context.Context, source, item int64) (changed bool, err error) {
	f, err := u.source(ctx, source)
	if err != nil {
		return false, err
	}
	found, err := u.judgedItems(ctx, `id = $1`, item)
	if err != nil || len(found) == 0 {
		return false, err
	}
	j := found[0]
	if err := u.applyRules(ctx, f, &j); err != nil {
		return false, err
	}
	return u.setVisibility(ctx, source, f, j)
}

// judgeSource decides the visibility of all items of a source anew, with its
// rules evaluated again when rules is set; moved says that its communities
// changed, so that the stories of all shown items are touched. It returns how
// many items came into view and left it.
func (u *unit) judgeSource(ctx context.Context, source int64, rules, moved bool) (shown, hidden int, err error) {
	f, err := u.source(ctx, source)
	if err != nil {
		return 0, 0, err
	}
	items, err := u.judgedItems(ctx, `source_id = $1 ORDER BY id`, source)
	if err != nil {
		return 0, 0, err
	}
	for _, j := range items {
		if rules {
			if err := u.applyRules(ctx, f, &j); err != nil {
				return 0, 0, err
			}
		}
		changed, err := u.setVisibility(ctx, source, f, j)
		if err != nil {
			return 0, 0, err
		}
		switch {
		case changed && j.was == caravan.Shown:
			hidden++
		case changed && visibility(j.standing(f)) == caravan.Shown:
			shown++
		case changed: // hidden for another reason: its story is as it was
			continue
		case !moved || j.was != caravan.Shown:
			continue
		default:
			if err := u.recountAround(ctx, j); err != nil {
				return 0, 0, err
			}
			if err := u.touch(ctx, j.id); err != nil {
				return 0, 0, err
			}
		}
		if err := u.resettle(ctx, j.story); err != nil {
			return 0, 0, err
		}
	}
	return shown, hidden, nil
}

func (j judged) standing(f *sourceFacts) standing {
	return standing{takenDown: !j.takenDown.IsZero(), listed: f.listed, rule: j.rule}
}

// judgedItems reads what decides about items.
func (u *unit) judgedItems(ctx context.Context, where string, args ...any) ([]judged, error) {
	var out []judged
	err := each(ctx, u, func(rows *sql.Rows) error {
		var j judged
		if err := rows.Scan(&j.id, &j.story, &j.sortAt, &j.was, &j.rule, into(&j.takenDown)); err != nil {
			return err
		}
		out = append(out, j)
		return nil
	}, `SELECT id, story_id, sort_at, visibility, rule, taken_down_at FROM items WHERE `+where, args...)
	return out, err
}

// applyRules evaluates a source's rules for an item and stores what they say.
func (u *unit) applyRules(ctx context.Context, f *sourceFacts, j *judged) error {
	rule := caravan.Visibility("")
	if f.only != "" || f.skip != "" {
		items, err := selectFull(ctx, u, `WHERE i.id = $1`, j.id)
		if err != nil || len(items) == 0 {
			return fmt.Errorf("read item %d: %w", j.id, err)
		}
		if rule, err = u.rule(f, items[0].item); err != nil {
			return err
		}
	}
	if rule == j.rule {
		return nil
	}
	j.rule = rule
	return u.exec(ctx, `UPDATE items SET rule = $1 WHERE id = $2`, string(rule), j.id)
}

// setVisibility writes the visibility of an item where it changed.
func (u *unit) setVisibility(ctx context.Context, source int64, f *sourceFacts, j judged) (changed bool, err error) {
	v := visibility(j.standing(f))
	if v == j.was {
		return false, nil
	}
	change, err := u.nextChange(ctx)
	if err != nil {
		return false, err
	}
	if v == caravan.Shown {
		u.shownItems[source]++
	}
	if j.was == caravan.Shown {
		u.shownItems[source]--
	}
	if err := u.recountAround(ctx, j); err != nil {
		return false, err
	}
	return true, u.exec(ctx, `UPDATE items SET visibility = $1, change = $2 WHERE id = $3`, string(v), change, j.id)
}

// recountAround has the links of an item and those to its story counted anew,
// since its visibility or its communities change.
func (u *unit) recountAround(ctx context.Context, j judged) error {
	u.recount[j.story] = true
	return u.recountLinked(ctx, j.id, j.sortAt)
}

// touch gives an item a new change number.
func (u *unit) touch(ctx context.Context, item int64) error {
	change, err := u.nextChange(ctx)
	if err != nil {
		return err
	}
	return u.exec(ctx, `UPDATE items SET change = $1 WHERE id = $2`, change, item)
}
