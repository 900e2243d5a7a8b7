package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"caravan"
)

// listName is the name in meta of what is known of the list.
const listName = "list"

// listState is what is stored of the list in use and of one that waits.
type listState struct {
	caravan.ListState
	Refused refusal
}

// ListState returns what is known of the source list; the zero value before
// there was one.
func (s *Store) ListState(ctx context.Context) (caravan.ListState, error) {
	var st listState
	err := s.read(ctx, func(q querier) (err error) {
		st, err = readListState(ctx, q)
		return err
	})
	if err != nil {
		return caravan.ListState{}, fmt.Errorf("read list state: %w", err)
	}
	return st.ListState, nil
}

// NoteListProblems notes that the list was read and could not be used. The
// list in use stays.
func (s *Store) NoteListProblems(ctx context.Context, problems []caravan.Problem) error {
	err := s.write(ctx, func(ctx context.Context, u *unit) error {
		st, err := readListState(ctx, u)
		if err != nil {
			return err
		}
		st.Problems, st.Broken, st.ReadAt = problems, true, atMs(u.now)
		return u.writeListState(ctx, st)
	})
	if err != nil {
		return fmt.Errorf("note problems of list: %w", err)
	}
	return nil
}

func readListState(ctx context.Context, q querier) (listState, error) {
	var st listState
	var value string
	err := one(ctx, q, []any{&value}, `SELECT value FROM meta WHERE name = $1`, listName)
	if errors.Is(err, sql.ErrNoRows) {
		return st, nil
	}
	if err != nil {
		return st, err
	}
	return st, json.Unmarshal([]byte(value), &st)
}

func (u *unit) writeListState(ctx context.Context, st listState) error {
	return u.exec(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, listName, encode(st))
}

// SyncList takes a source list over: what it adds is due at once, what it no
// longer has is hidden with its items, what it has again comes back. A list
// that would remove more than half of the sources is refused and changes
// nothing, unless acceptRemovals is set, or the same list is given again at
// least ten seconds later by the same process.
func (s *Store) SyncList(ctx context.Context, list caravan.List, acceptRemovals bool) (caravan.ListReport, error) {
	list = saneList(list)
	s.mu.Lock()
	defer s.mu.Unlock()
	var report caravan.ListReport
	err := s.write(ctx, func(ctx context.Context, u *unit) (err error) {
		sync := &listSync{unit: u, list: list}
		if err := sync.load(ctx); err != nil {
			return err
		}
		report, err = sync.run(ctx, acceptRemovals, s.pending == list.Hash)
		return err
	})
	if err != nil {
		return caravan.ListReport{}, fmt.Errorf("take over list: %w", err)
	}
	s.pending = ""
	if report.Refused {
		s.pending = list.Hash
	}
	return report, nil
}

// saneList makes every text of a list storable.
func saneList(list caravan.List) caravan.List {
	out := list
	out.Communities = slices.Clone(list.Communities)
	for i := range out.Communities {
		c := &out.Communities[i]
		c.Path, c.Slug, c.SiteURL = slices.Clone(c.Path), sane(c.Slug), sane(c.SiteURL)
		for j := range c.Path {
			c.Path[j] = sane(c.Path[j])
		}
		c.Sources, c.Publications = slices.Clone(c.Sources), slices.Clone(c.Publications)
		for j := range c.Sources {
			l := &c.Sources[j]
			for _, s := range []*string{
				&l.URL, &l.Title, &l.SiteURL, &l.Language, &l.Description, &l.Category, &l.Settings.Only, &l.Settings.Skip, &l.Settings.Slug,
			} {
				*s = sane(*s)
			}
		}
		for j := range c.Publications {
			c.Publications[j] = caravan.Publication{Title: sane(c.Publications[j].Title), SiteURL: sane(c.Publications[j].SiteURL)}
		}
	}
	return out
}

// A listSync takes one list over.
type listSync struct {
	*unit
	list    caravan.List
	state   listState
	sources map[int64]sourceRow
	aliases map[string]int64
	folders []folderRow
	moved   map[string]int64 // former slugs of communities

	folderIDs []int64         // of the list's communities
	slugs     map[string]bool // of all sources
	report    caravan.ListReport
	changed   bool // something that readers see
}

// load reads what is stored.
func (l *listSync) load(ctx context.Context) (err error) {
	if l.state, err = readListState(ctx, l); err != nil {
		return err
	}
	rows, err := l.rawSources(ctx)
	if err != nil {
		return err
	}
	l.sources = make(map[int64]sourceRow, len(rows))
	for _, r := range rows {
		l.sources[r.id] = r
	}
	if l.aliases, err = pairs(ctx, l, `SELECT address, source_id FROM source_aliases`); err != nil {
		return err
	}
	if l.moved, err = pairs(ctx, l, `SELECT slug, community_id FROM community_moves`); err != nil {
		return err
	}
	byID := map[int64]int{}
	err = each(ctx, l, func(rows *sql.Rows) error {
		var f folderRow
		if err := rows.Scan(&f.id, &f.slug, &f.title, &f.listed, &f.mark.glyph, &f.mark.hue); err != nil {
			return err
		}
		byID[f.id] = len(l.folders)
		l.folders = append(l.folders, f)
		return nil
	}, `SELECT id, slug, title, listed, glyph, hue FROM communities ORDER BY position, id`)
	if err != nil {
		return err
	}
	return each(ctx, l, func(rows *sql.Rows) error {
		var source, community int64
		if err := rows.Scan(&source, &community); err != nil {
			return err
		}
		f := &l.folders[byID[community]]
		f.sources = append(f.sources, source)
		return nil
	}, `SELECT source_id, community_id FROM memberships ORDER BY source_id`)
}

// rawSources reads the sources as the list wrote them, without what their
// feeds fill in.
func (u *unit) rawSources(ctx context.Context) ([]sourceRow, error) {
	var out []sourceRow
	err := each(ctx, u, func(rows *sql.Rows) error {
		var r sourceRow
		var state string
		set := &r.Settings
		err := rows.Scan(&r.id, &r.Slug, &r.URL, &r.ListURL, &r.Title, &r.SiteURL, &r.Language, &r.Description, span(&set.Interval), &set.Only, &set.Skip,
			&set.Show, &set.Paused, &set.Slug, &r.Listed, into(&r.State.NextPoll), &state)
		if err != nil {
			return err
		}
		next := r.State.NextPoll
		err = json.Unmarshal([]byte(state), &r.State)
		r.State.NextPoll = next
		out = append(out, r)
		return err
	}, `SELECT id, slug, url, list_url, title, site_url, language, description, interval_ms, only_query, skip_query, show_policy, paused, wished_slug,
		listed, next_poll, state FROM sources ORDER BY id`)
	return out, err
}

// pairs reads a query of a text and a number.
func pairs(ctx context.Context, q querier, text string) (map[string]int64, error) {
	out := map[string]int64{}
	err := each(ctx, q, func(rows *sql.Rows) error {
		var k string
		var v int64
		err := rows.Scan(&k, &v)
		out[k] = v
		return err
	}, text)
	return out, err
}

// run takes the list over, or refuses it.
func (l *listSync) run(ctx context.Context, accept, again bool) (caravan.ListReport, error) {
	now := atMs(l.now)
	l.report.AppliedAt = now
	wants := resolve(l.list, l.aliases)
	removed, listed := l.compare(wants)
	if !accept && !mayRemove(len(removed), listed, l.list.Hash, l.state.Refused, again, now) {
		l.report.Refused = true
		return l.report, l.refuse(ctx, l.report.Removed, again)
	}
	var err error
	if l.folderIDs, err = l.saveFolders(ctx, matchFolders(l.list, wants, l.folders)); err != nil {
		return l.report, err
	}
	for _, r := range removed {
		if err := l.remove(ctx, r); err != nil {
			return l.report, fmt.Errorf("remove %s: %w", r.Slug, err)
		}
	}
	for position, w := range wants {
		if err := l.saveSource(ctx, w, position); err != nil {
			return l.report, fmt.Errorf("source %s: %w", caravan.RedactURL(w.line.URL), err)
		}
	}
	return l.report, l.accept(ctx, now)
}

// compare holds the wanted sources against those that are listed, and returns
// the ones that are to be removed.
func (l *listSync) compare(wants []wanted) (removed []sourceRow, listed int) {
	kept := map[int64]bool{}
	for _, w := range wants {
		kept[w.id] = true
		if l.sources[w.id].Listed {
			l.report.Kept++
		}
	}
	l.slugs = map[string]bool{}
	for _, id := range sortedKeys(l.sources) {
		r := l.sources[id]
		l.slugs[r.Slug] = true
		if !r.Listed {
			continue
		}
		listed++
		if !kept[id] {
			removed = append(removed, r)
			l.report.Removed = append(l.report.Removed, r.ListURL)
		}
	}
	return removed, listed
}

// refuse notes that the list waits to be accepted. The first refusal counts,
// also when the list is given again too early.
func (l *listSync) refuse(ctx context.Context, removals []string, again bool) error {
	st := l.state
	if !again || st.Refused.Hash != l.list.Hash {
		st.Refused = refusal{Hash: l.list.Hash, Since: atMs(l.now)}
	}
	st.Pending, st.Problems, st.Broken, st.ReadAt = removals, l.list.Problems, false, atMs(l.now)
	return l.writeListState(ctx, st)
}

// accept notes that the list is in use. Where something changed that readers
// see, a change number is given, so that what was made of the old list is
// known to be outdated.
func (l *listSync) accept(ctx context.Context, now time.Time) error {
	applied := l.state.AppliedAt
	if l.changed || len(l.report.Added)+len(l.report.Removed) > 0 || l.state.Hash != l.list.Hash {
		applied = now
		if _, err := l.nextChange(ctx); err != nil {
			return err
		}
	}
	return l.writeListState(ctx, listState{ListState: caravan.ListState{
		Title: sane(l.list.Title), OwnerName: sane(l.list.OwnerName), OwnerEmail: sane(l.list.OwnerEmail), OwnerID: sane(l.list.OwnerID),
		Hash: l.list.Hash, AppliedAt: applied, Problems: l.list.Problems, ReadAt: now,
	}})
}

// remove takes a source and its items out of view.
func (l *listSync) remove(ctx context.Context, r sourceRow) error {
	if err := l.exec(ctx, `UPDATE sources SET listed = FALSE, removed_at = $1 WHERE id = $2`, l.now, r.id); err != nil {
		return err
	}
	if err := l.exec(ctx, `DELETE FROM memberships WHERE source_id = $1`, r.id); err != nil {
		return err
	}
	delete(l.facts, r.id)
	_, hidden, err := l.judgeSource(ctx, r.id, false, true)
	l.report.Hidden += hidden
	return err
}

// saveSource writes what the list says of one source.
func (l *listSync) saveSource(ctx context.Context, w wanted, position int) error {
	old, known := l.sources[w.id]
	var err error
	if known {
		err = l.updateSource(ctx, w, old, position)
	} else {
		w.id, err = l.insertSource(ctx, w, position)
	}
	if err != nil {
		return err
	}
	if !known || !old.Listed {
		l.report.Added = append(l.report.Added, w.line.URL)
	}
	for _, key := range w.keys {
		if l.aliases[key] == w.id {
			continue
		}
		if err := l.exec(ctx, `INSERT INTO source_aliases (address, source_id) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING`, key, w.id); err != nil {
			return err
		}
	}
	moved, err := l.saveMemberships(ctx, w)
	if err != nil || !known {
		return err
	}
	set := w.line.Settings
	rules := old.Settings.Only != set.Only || old.Settings.Skip != set.Skip
	if old.Listed && !rules && !moved {
		return nil
	}
	l.changed = true
	delete(l.facts, w.id)
	shown, hidden, err := l.judgeSource(ctx, w.id, rules, moved)
	l.report.Shown += shown
	l.report.Hidden += hidden
	return err
}

// insertSource writes a new source, due at once.
func (l *listSync) insertSource(ctx context.Context, w wanted, position int) (int64, error) {
	line, set := w.line, w.line.Settings
	slug := freeSlug(sourceSlug(line), l.slugs)
	l.slugs[slug] = true
	var id int64
	err := one(ctx, l, []any{&id}, `INSERT INTO sources (slug, first_url, list_url, url, host, title, site_url, language, description, category,
		interval_ms, only_query, skip_query, show_policy, paused, wished_slug, position, listed, first_seen, next_poll)
		VALUES ($1, $2, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, TRUE, $16, $16) RETURNING id`,
		slug, line.URL, l.cfg.HostKey(line.URL), line.Title, line.SiteURL, line.Language, line.Description, line.Category,
		set.Interval.Milliseconds(), set.Only, set.Skip, string(set.Show), set.Paused, set.Slug, position, l.now)
	return id, err
}

// updateSource writes what the list says now of a source that is known.
func (l *listSync) updateSource(ctx context.Context, w wanted, old sourceRow, position int) error {
	line, set := w.line, w.line.Settings
	if old.Title != line.Title || old.SiteURL != line.SiteURL || old.Language != line.Language || old.Description != line.Description || old.Settings != set {
		l.changed = true
	}
	err := l.exec(ctx, `UPDATE sources SET title = $1, site_url = $2, language = $3, description = $4, category = $5, interval_ms = $6, only_query = $7,
		skip_query = $8, show_policy = $9, paused = $10, wished_slug = $11, position = $12, listed = TRUE, removed_at = NULL, list_url = $13 WHERE id = $14`,
		line.Title, line.SiteURL, line.Language, line.Description, line.Category, set.Interval.Milliseconds(), set.Only, set.Skip, string(set.Show),
		set.Paused, set.Slug, position, line.URL, w.id)
	if err != nil {
		return err
	}
	address, newAddress := pollAddress(old, line.URL)
	if newAddress { // validators belong to the address that gave them
		st := old.State
		st.Validators, st.Redirect = caravan.Validators{}, caravan.Redirect{}
		err = l.exec(ctx, `UPDATE sources SET url = $1, host = $2, etag = $3, last_modified = $3, state = $4 WHERE id = $5`,
			address, l.cfg.HostKey(address), []byte{}, encodeState(st), w.id)
	}
	if err == nil && (!old.Listed && old.State.NextPoll.IsZero() || newAddress && (old.State.NextPoll.IsZero() || old.State.Failures > 0)) {
		err = l.exec(ctx, `UPDATE sources SET next_poll = $1 WHERE id = $2`, l.now, w.id)
	}
	return err
}

// pollAddress returns where a known source is polled when its line has the
// address given, and whether that is another place than before. An address
// that was adopted stays as long as the line does.
func pollAddress(old sourceRow, line string) (address string, changed bool) {
	if caravan.SourceKey(line) == caravan.SourceKey(old.ListURL) || caravan.SourceKey(line) == caravan.SourceKey(old.URL) {
		return old.URL, false
	}
	return line, true
}

// saveMemberships writes which communities a source belongs to, and reports
// whether that changed.
func (l *listSync) saveMemberships(ctx context.Context, w wanted) (bool, error) {
	had, err := column[int64](ctx, l, `SELECT community_id FROM memberships WHERE source_id = $1 ORDER BY position`, w.id)
	if err != nil {
		return false, err
	}
	var has []int64
	for _, folder := range w.folders {
		has = append(has, l.folderIDs[folder])
	}
	if slices.Equal(had, has) {
		return false, nil
	}
	if err := l.exec(ctx, `DELETE FROM memberships WHERE source_id = $1`, w.id); err != nil {
		return false, err
	}
	for position, community := range has {
		err := l.exec(ctx, `INSERT INTO memberships (source_id, community_id, position) VALUES ($1, $2, $3)`, w.id, community, position)
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
