package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"caravan"
)

// A member is a stored item with the numbers of its rows.
type member struct {
	id, story, source int64
	emptied           bool
	item              caravan.Item
}

const itemColumns = `i.id, i.story_id, i.source_id, i.emptied_at IS NOT NULL, i.public_id, i.feed_id, s.slug, i.guid, i.link, i.title, i.language, i.summary,
	i.words, i.whole, i.more, i.published, i.updated, i.first_seen, i.sort_at, i.changed, i.undated, i.place, i.visibility, i.revisions,
	i.key_guid, i.key_link, i.key_fingerprint, i.key_content`

const itemTables = ` FROM items i JOIN sources s ON s.id = i.source_id `

// scanMember reads itemColumns, and what further columns there are into extra.
func scanMember(rows *sql.Rows, extra ...any) (member, error) {
	var m member
	var rest string
	var marks itemMarks
	var fingerprint, content []byte
	it := &m.item
	err := rows.Scan(append([]any{&m.id, &m.story, &m.source, &m.emptied, &it.ID, &it.FeedID, &it.Source, &marks.guid, &marks.link, &it.Title, &it.Language, &it.Summary,
		&it.Words, &it.Full, &rest, into(&it.Published), into(&it.Updated), into(&it.FirstSeen), into(&it.SortAt), into(&it.Changed),
		&it.Undated, &it.Place, &it.Visibility, &it.Revisions, &marks.keyGUID, &marks.keyLink, &fingerprint, &content}, extra...)...)
	if err != nil {
		return m, err
	}
	marks.read(it)
	it.Keys.Fingerprint, it.Keys.Content = unpackHex(fingerprint), unpackHex(content)
	if err := readMore(rest, it); err != nil {
		return m, fmt.Errorf("item %s: %w", it.ID, err)
	}
	return m, nil
}

// itemMarks are an item's texts that mostly repeat each other: what is equal to
// the one before is NULL in the database.
type itemMarks struct{ guid, link, keyGUID, keyLink sql.NullString }

// marksOf returns the marks of an item as they are stored.
func marksOf(it caravan.Item) itemMarks {
	unless := func(text, other string) sql.NullString { return sql.NullString{String: text, Valid: text != other} }
	return itemMarks{
		guid: unless(it.GUID, it.FeedID), link: unless(it.Link, it.GUID), keyGUID: unless(it.Keys.GUID, it.GUID),
		keyLink: unless(it.Keys.Link, bareAddress(it.Link)),
	}
}

// read fills in the marks of an item whose FeedID is known.
func (m itemMarks) read(it *caravan.Item) {
	or := func(text sql.NullString, other string) string {
		if text.Valid {
			return text.String
		}
		return other
	}
	it.GUID = or(m.guid, it.FeedID)
	it.Link = or(m.link, it.GUID)
	it.Keys.GUID = or(m.keyGUID, it.GUID)
	it.Keys.Link = or(m.keyLink, bareAddress(it.Link))
}

// selectMembers reads items; where is the rest of the query after the tables.
func selectMembers(ctx context.Context, q querier, where string, args ...any) ([]member, error) {
	var out []member
	err := each(ctx, q, func(rows *sql.Rows) error {
		m, err := scanMember(rows)
		out = append(out, m)
		return err
	}, `SELECT `+itemColumns+itemTables+where, args...)
	return out, err
}

// selectFull reads items with their bodies.
func selectFull(ctx context.Context, q querier, where string, args ...any) ([]member, error) {
	var out []member
	err := each(ctx, q, func(rows *sql.Rows) error {
		var packed, minhash []byte
		m, err := scanMember(rows, &packed, &minhash)
		if err != nil {
			return err
		}
		b, err := unpack(packed)
		m.item.Text, m.item.Content, m.item.Raw, m.item.Links = b.text, b.html, b.raw, b.links
		m.item.MinHash = unpackMinHash(minhash)
		out = append(out, m)
		return err
	}, `SELECT `+itemColumns+`, b.body, b.minhash`+itemTables+`JOIN item_bodies b ON b.item_id = i.id `+where, args...)
	return out, err
}

// loadMembers returns the shown members of stories, in the order in which they
// joined, story by story.
func loadMembers(ctx context.Context, q querier, stories []int64, full bool) ([]member, error) {
	if len(stories) == 0 {
		return nil, nil
	}
	var p params
	where := `WHERE i.visibility = 'shown' AND i.story_id IN ` + list(&p, stories) + ` ORDER BY i.story_id, i.id`
	if full {
		return selectFull(ctx, q, where, p...)
	}
	return selectMembers(ctx, q, where, p...)
}

// communitiesOf returns the communities of the sources of members.
func communitiesOf(ctx context.Context, q querier, members []member) (map[int64][]caravan.CommunityRef, error) {
	var sources []int64
	seen := map[int64]bool{}
	for _, m := range members {
		if !seen[m.source] {
			seen[m.source] = true
			sources = append(sources, m.source)
		}
	}
	return communityRefs(ctx, q, sources)
}

// more are the parts of an item that nothing is looked up by.
type more struct {
	Authors    []string            `json:"au,omitempty"`
	Tags       []string            `json:"tg,omitempty"`
	ImageURL   string              `json:"im,omitempty"`
	Rights     string              `json:"ri,omitempty"`
	License    string              `json:"li,omitempty"`
	InReplyTo  string              `json:"re,omitempty"`
	Comments   string              `json:"co,omitempty"`
	Origin     *caravan.Origin     `json:"or,omitempty"`
	Duration   time.Duration       `json:"md,omitempty"`
	Episode    string              `json:"me,omitempty"`
	Season     string              `json:"ms,omitempty"`
	Explicit   string              `json:"mx,omitempty"`
	MediaImage string              `json:"mi,omitempty"`
	Enclosures []caravan.Enclosure `json:"en,omitempty"`
}

// writeMore encodes those parts of an item.
func writeMore(it caravan.Item) string {
	m := more{
		Authors: it.Authors, Tags: it.Tags, ImageURL: it.ImageURL, Rights: it.Rights, License: it.License, InReplyTo: it.InReplyTo, Comments: it.Comments,
		Duration: it.Media.Duration, Episode: it.Media.Episode, Season: it.Media.Season, Explicit: it.Media.Explicit, MediaImage: it.Media.ImageURL,
		Enclosures: it.Enclosures,
	}
	if it.Origin != (caravan.Origin{}) {
		m.Origin = &it.Origin
	}
	return encode(m)
}

// readMore decodes them into an item.
func readMore(text string, it *caravan.Item) error {
	if text == "" || text == "{}" {
		return nil
	}
	var m more
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return err
	}
	it.Authors, it.Tags, it.ImageURL, it.Rights, it.License = m.Authors, m.Tags, m.ImageURL, m.Rights, m.License
	it.InReplyTo, it.Comments, it.Enclosures = m.InReplyTo, m.Comments, m.Enclosures
	if m.Origin != nil {
		it.Origin = *m.Origin
	}
	it.Media = caravan.Media{Duration: m.Duration, Episode: m.Episode, Season: m.Season, Explicit: m.Explicit, ImageURL: m.MediaImage}
	return nil
}

// saneItem makes every text of an item storable, and its MinHash as short as it
// is kept, so that it compares with what is stored.
func saneItem(it caravan.Item) caravan.Item {
	for _, s := range []*string{
		&it.Keys.GUID, &it.Keys.Link, &it.Keys.Fingerprint, &it.Keys.Content, &it.GUID, &it.Link, &it.Title, &it.Language, &it.Summary,
		&it.Content, &it.Text, &it.ImageURL, &it.Rights, &it.License, &it.InReplyTo, &it.Comments, &it.Origin.Title, &it.Origin.URL,
		&it.Media.Episode, &it.Media.Season, &it.Media.Explicit, &it.Media.ImageURL,
	} {
		*s = sane(*s)
	}
	it.MinHash = shortMinHash(it.MinHash)
	it.Authors, it.Tags, it.Links = saneAll(it.Authors), saneAll(it.Tags), saneAll(it.Links)
	for i := range it.Enclosures {
		if it.Enclosures[i].URL != sane(it.Enclosures[i].URL) || it.Enclosures[i].Type != sane(it.Enclosures[i].Type) {
			it.Enclosures = append([]caravan.Enclosure(nil), it.Enclosures...)
			it.Enclosures[i].URL, it.Enclosures[i].Type = sane(it.Enclosures[i].URL), sane(it.Enclosures[i].Type)
		}
	}
	return it
}
