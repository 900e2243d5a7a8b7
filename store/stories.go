package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"caravan"
)

// How stories are looked for: among items dated within storyWindow of each
// other, at most storyCandidates of them, those first that share most marks.
const (
	storyWindow     = 30 * 24 * time.Hour
	storyCandidates = 20
	wordsToCompare  = 8 // a shorter text is no sign of its article
)

// A keyMember is what a shown member of a story contributes to its keys.
type keyMember struct {
	id, source  int64
	communities []int64
	undated     bool
	language    string
	tags        []string
	place       int64
}

// storyKeys returns the sets to which a story with these shown members
// belongs. An undated member puts it into its source's set only; what it would
// have put it into otherwise has a u before it, for counts and for conditions
// beside a source.
func storyKeys(members []keyMember) []string {
	keys, undated := map[string]bool{}, map[string]bool{}
	for _, m := range members {
		into := keys
		if m.undated {
			into = undated
		}
		keys[sourceKey(m.source)] = true
		into["a"] = true
		for _, c := range m.communities {
			into[communityKey(c)] = true
		}
		if l := language(m.language); l != "" {
			into[languageKey(l)] = true
		}
		for _, t := range m.tags {
			into[tagKey(t)] = true
		}
	}
	var out []string
	for k := range keys {
		out = append(out, k)
	}
	for k := range undated {
		if !keys[k] {
			out = append(out, "u"+k)
		}
	}
	slices.Sort(out)
	return out
}

func communityKey(id int64) string   { return "c:" + strconv.FormatInt(id, 10) }
func sourceKey(id int64) string      { return "s:" + strconv.FormatInt(id, 10) }
func languageKey(code string) string { return "l:" + code }

// tagKey folds a tag, so that spellings meet.
func tagKey(tag string) string {
	key := strings.Join(strings.Fields(caravan.Fold(tag)), " ")
	if len(key) > 100 {
		key = strings.ToValidUTF8(key[:100], "")
	}
	return "t:" + key
}

// A storyRow is a story as it is stored; id 0 for one that is not yet.
type storyRow struct {
	id, firstID, headID, sortAt int64
	undated                     bool
	fresh                       bool // begun in this unit
	keys                        []string
}

// story reads a story.
func (u *unit) story(ctx context.Context, id int64) (storyRow, error) {
	st := storyRow{id: id}
	var head sql.NullInt64
	var keys string
	err := one(ctx, u, []any{&st.firstID, &head, &st.sortAt, &st.undated, &keys}, `SELECT first_id, head_id, sort_at, undated, keys FROM stories WHERE id = $1`, id)
	st.headID = head.Int64
	if keys != "" {
		st.keys = strings.Split(keys, "\n")
	}
	return st, err
}

// joinStory finds the story of a new item among those of other sources, or
// begins one for it. It returns the story's shown members so far.
func (u *unit) joinStory(ctx context.Context, source int64, it caravan.Item) (storyRow, []keyMember, error) {
	id, err := u.findStory(ctx, source, it)
	if err != nil {
		return storyRow{}, nil, err
	}
	if id != 0 {
		st, err := u.story(ctx, id)
		if err != nil {
			return st, nil, err
		}
		members, err := u.keyMembers(ctx, id)
		return st, members, err
	}
	st := storyRow{sortAt: it.SortAt.UnixMilli(), undated: it.Undated, fresh: true}
	err = one(ctx, u, []any{&st.id}, `INSERT INTO stories (first_id, sort_at, undated, keys) VALUES (0, $1, $2, '') RETURNING id`, st.sortAt, st.undated)
	return st, nil, err
}

// findStory returns the story that a new item belongs to, 0 for none.
func (u *unit) findStory(ctx context.Context, source int64, it caravan.Item) (int64, error) {
	marks := storyMarks(it)
	if len(marks) == 0 {
		return 0, nil
	}
	sortAt := it.SortAt.UnixMilli()
	p := params{source, sortAt - storyWindow.Milliseconds(), sortAt + storyWindow.Milliseconds()}
	ids, err := column[int64](ctx, u, `SELECT m.item_id FROM story_marks m JOIN items i ON i.id = m.item_id
		WHERE m.mark IN `+list(&p, nearMarks(marks, sortAt))+` AND i.source_id <> $1 AND i.sort_at BETWEEN $2 AND $3
		AND NOT EXISTS (SELECT 1 FROM items x WHERE x.story_id = i.story_id AND x.source_id = $1)
		GROUP BY m.item_id ORDER BY count(*) DESC, m.item_id LIMIT `+strconv.Itoa(storyCandidates), p...)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		found, err := selectFull(ctx, u, `WHERE i.id = $1`, id)
		if err != nil {
			return 0, err
		}
		if len(found) == 1 && u.cfg.SameStory(it, found[0].item) {
			return found[0].story, nil
		}
	}
	return 0, nil
}

// Marks: the link, the content, and bands of the MinHash. Two texts of
// likeness s share a band of r values with probability s^r, so that 16 bands
// of 3 find 98 of 100 pairs of likeness 0.6, and nearly all of 0.7. Below its
// period a mark has 37 bits: together they fit into six bytes.
const (
	bandRows    = 3
	bands       = 16
	markBits    = 37
	lastPeriod  = 1<<10 - 1
	markPeriod  = 2 * storyWindow
	kindContent = 'c'
	kindBand    = 'b'
	kindStory   = 's'
)

// storyMarks returns the marks, without their time, by which an item may be
// found to be the same article as another. An undated item has none: nothing
// says that it is of the same month.
func storyMarks(it caravan.Item) []int64 {
	if it.Undated {
		return nil
	}
	var marks []int64
	if it.Keys.Link != "" {
		marks = append(marks, hash64(kindStory, it.Keys.Link))
	}
	if it.Keys.Content != "" && it.Words >= wordsToCompare {
		marks = append(marks, hash64(kindContent, it.Keys.Content))
	}
	var band [1 + 8*bandRows]byte
	for i := 0; i+bandRows <= len(it.MinHash) && i < bands*bandRows; i += bandRows {
		band[0] = byte(i)
		for j, v := range it.MinHash[i : i+bandRows] {
			binary.BigEndian.PutUint64(band[1+8*j:], v)
		}
		marks = append(marks, hash64(kindBand, string(band[:])))
	}
	for i := range marks {
		marks[i] = int64(uint64(marks[i]) >> (64 - markBits))
	}
	return marks
}

// period numbers the stretch of time that a time in ms lies in, and says which
// half of it.
func period(sortAt int64) (n int64, late bool) {
	length := markPeriod.Milliseconds()
	n = max(sortAt, 0) / length
	return min(n, lastPeriod), max(sortAt, 0)%length >= length/2
}

// nearMarks puts marks into all stretches of time that reach within the window
// of a time in ms.
func nearMarks(marks []int64, sortAt int64) []int64 {
	n, late := period(sortAt)
	other := n - 1
	if late {
		other = n + 1
	}
	out := make([]int64, 0, 2*len(marks))
	for _, m := range marks {
		out = append(out, n<<markBits|m)
	}
	if other >= 0 {
		for _, m := range marks {
			out = append(out, other<<markBits|m)
		}
	}
	return out
}

// addMarks lets an item be found by others that are the same article.
func (u *unit) addMarks(ctx context.Context, c *known) error {
	marks := storyMarks(c.item)
	if len(marks) == 0 {
		return nil
	}
	n, _ := period(c.item.SortAt.UnixMilli())
	p := params{c.id}
	var b strings.Builder
	for i, m := range marks {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + p.add(n<<markBits|m) + ",$1)")
	}
	return u.exec(ctx, `INSERT INTO story_marks (mark, item_id) VALUES `+b.String()+` ON CONFLICT DO NOTHING`, p...)
}

// keyMembers reads the shown members of a story.
func (u *unit) keyMembers(ctx context.Context, story int64) ([]keyMember, error) {
	var out []keyMember
	err := each(ctx, u, func(rows *sql.Rows) error {
		var m keyMember
		var rest string
		if err := rows.Scan(&m.id, &m.source, &m.undated, &m.language, &rest, &m.place); err != nil {
			return err
		}
		var it caravan.Item
		err := readMore(rest, &it)
		m.tags = it.Tags
		out = append(out, m)
		return err
	}, `SELECT id, source_id, undated, language, more, place FROM items WHERE story_id = $1 AND visibility = 'shown' ORDER BY id`, story)
	if err != nil {
		return nil, err
	}
	for i := range out {
		f, err := u.source(ctx, out[i].source)
		if err != nil {
			return nil, err
		}
		out[i].communities = f.communities
	}
	return out, nil
}

// resettle settles a story after one of its members changed.
func (u *unit) resettle(ctx context.Context, id int64) error {
	st, err := u.story(ctx, id)
	if err != nil {
		return err
	}
	members, err := u.keyMembers(ctx, id)
	if err != nil {
		return err
	}
	return u.settle(ctx, st, members)
}

// settle makes a story's head, keys, places, tombstones and counts those that
// follow from its shown members.
func (u *unit) settle(ctx context.Context, st storyRow, members []keyMember) error {
	keys := storyKeys(members)
	var head sql.NullInt64
	if len(members) > 0 {
		head = sql.NullInt64{Int64: members[0].id, Valid: true}
	}
	if st.fresh || head.Int64 != st.headID || !slices.Equal(keys, st.keys) {
		err := u.exec(ctx, `UPDATE stories SET first_id = $1, head_id = $2, keys = $3 WHERE id = $4`, st.firstID, head, strings.Join(keys, "\n"), st.id)
		if err != nil {
			return err
		}
	}
	gone, came := difference(st.keys, keys), difference(keys, st.keys)
	for _, key := range gone {
		if err := u.leaveSet(ctx, st, key); err != nil {
			return err
		}
	}
	if err := u.enterSets(ctx, st, came); err != nil {
		return err
	}
	for _, key := range came {
		if err := u.givePlace(ctx, st, key, members); err != nil {
			return err
		}
	}
	return nil
}

// difference returns what a has and b has not; both are sorted.
func difference(a, b []string) []string {
	var out []string
	for _, k := range a {
		if _, found := slices.BinarySearch(b, k); !found {
			out = append(out, k)
		}
	}
	return out
}

// enterSets puts a story into sets.
func (u *unit) enterSets(ctx context.Context, st storyRow, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	p := params{st.sortAt, st.id}
	var b strings.Builder
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("(" + p.add(key) + ",$1,$2)")
		u.count(key, 1)
	}
	if err := u.exec(ctx, `INSERT INTO story_keys (key, sort_at, story_id) VALUES `+b.String(), p...); err != nil {
		return err
	}
	if st.fresh {
		return nil // never shown before, so that no tombstone can stand
	}
	for _, key := range keys {
		if err := u.exec(ctx, `DELETE FROM tombstones WHERE key = $1 AND story_id = $2`, key, st.id); err != nil {
			return err
		}
	}
	return nil
}

// leaveSet takes a story out of a set. A feed's readers are told for a while
// when it was placed there lately.
func (u *unit) leaveSet(ctx context.Context, st storyRow, key string) error {
	err := u.exec(ctx, `DELETE FROM story_keys WHERE key = $1 AND sort_at = $2 AND story_id = $3`, key, st.sortAt, st.id)
	if err != nil {
		return err
	}
	u.count(key, -1)
	place, err := u.placeIn(ctx, st, key)
	if err != nil || place < (u.now-tombstoneAge.Milliseconds())*1000 {
		return err
	}
	return u.exec(ctx, `INSERT INTO tombstones (key, story_id, feed_id, at) SELECT $1, CAST($2 AS BIGINT), feed_id, CAST($3 AS BIGINT) FROM items WHERE id = $4
		ON CONFLICT (key, story_id) DO UPDATE SET at = excluded.at`, key, st.id, u.now, st.firstID)
}

// count adds to the number of stories that a community shows.
func (u *unit) count(key string, n int) {
	id, ok := strings.CutPrefix(strings.TrimPrefix(key, "u"), "c:")
	if !ok {
		return
	}
	if c, err := strconv.ParseInt(id, 10, 64); err == nil {
		u.shownStories[c] += n
	}
}

// placeIn returns the place of a story in the scope that a key names; the
// least there is when the key names none.
func (u *unit) placeIn(ctx context.Context, st storyRow, key string) (int64, error) {
	const none = -1 << 63
	kind, value, _ := strings.Cut(key, ":")
	text, args := `SELECT place FROM story_places WHERE scope = $2 AND place IN (SELECT place FROM items WHERE story_id = $1)`, []any{st.id, int64(0)}
	switch kind {
	case "a", "l":
	case "c":
		args[1] = number(value)
	case "s":
		text, args = `SELECT max(place) FROM items WHERE story_id = $1 AND source_id = $2 HAVING count(*) > 0`, []any{st.id, number(value)}
	default:
		return none, nil
	}
	var place int64
	err := one(ctx, u, []any{&place}, text, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return none, nil
	}
	return place, err
}

// number reads a row number out of a key.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// givePlace gives a story its place in the scope of a key, unless it has had
// one there before: that of its first shown and dated member in it.
func (u *unit) givePlace(ctx context.Context, st storyRow, key string, members []keyMember) error {
	scope := int64(0)
	if value, ok := strings.CutPrefix(key, "c:"); ok {
		scope = number(value)
	} else if key != "a" {
		return nil
	}
	for _, m := range members {
		if m.undated || scope != 0 && !slices.Contains(m.communities, scope) {
			continue
		}
		text := `INSERT INTO story_places (scope, place, story_id) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)`
		if !st.fresh {
			text += ` WHERE NOT EXISTS (SELECT 1 FROM story_places WHERE scope = $1 AND place IN (SELECT place FROM items WHERE story_id = $3))`
		}
		return u.exec(ctx, text, scope, m.place, st.id)
	}
	return nil
}
