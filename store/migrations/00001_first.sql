-- +goose Up

-- Times are milliseconds since 1970, UTC; places are microseconds. NULL in a
-- time means that there is none. Numbers of rows never leave the store.

-- meta holds documents of which there is one, by name.
CREATE TABLE meta (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- log_head is the lock under which change numbers and places are given.
CREATE TABLE log_head (
	id     BIGINT PRIMARY KEY CHECK (id = 1),
	change BIGINT NOT NULL,
	place  BIGINT NOT NULL
);
INSERT INTO log_head (id, change, place) VALUES (1, 0, 0);

CREATE TABLE communities (
	id            INTEGER PRIMARY KEY,
	slug          TEXT NOT NULL UNIQUE,
	title         TEXT NOT NULL,
	site_url      TEXT NOT NULL,
	glyph         BIGINT NOT NULL,
	hue           BIGINT NOT NULL,
	position      BIGINT NOT NULL,
	listed        BOOLEAN NOT NULL,
	first_seen    BIGINT NOT NULL,
	shown_stories BIGINT NOT NULL DEFAULT 0
);

-- community_moves keeps the slugs that communities had before.
CREATE TABLE community_moves (
	slug         TEXT PRIMARY KEY,
	community_id BIGINT NOT NULL REFERENCES communities (id)
);

CREATE TABLE publications (
	community_id BIGINT NOT NULL REFERENCES communities (id),
	position     BIGINT NOT NULL,
	title        TEXT NOT NULL,
	site_url     TEXT NOT NULL,
	PRIMARY KEY (community_id, position)
);

-- sources: list_url is the address in the list, url where it is polled. The
-- two headers of the validators are bytes, kept as received; state is the rest
-- of the polling state.
CREATE TABLE sources (
	id             INTEGER PRIMARY KEY,
	slug           TEXT NOT NULL UNIQUE,
	first_url      TEXT NOT NULL,
	list_url       TEXT NOT NULL,
	url            TEXT NOT NULL,
	host           TEXT NOT NULL,
	title          TEXT NOT NULL,
	site_url       TEXT NOT NULL,
	language       TEXT NOT NULL,
	description    TEXT NOT NULL,
	category       TEXT NOT NULL,
	interval_ms    BIGINT NOT NULL,
	only_query     TEXT NOT NULL,
	skip_query     TEXT NOT NULL,
	show_policy    TEXT NOT NULL,
	paused         BOOLEAN NOT NULL,
	wished_slug    TEXT NOT NULL,
	position       BIGINT NOT NULL,
	listed         BOOLEAN NOT NULL,
	removed_at     BIGINT,
	first_seen     BIGINT NOT NULL,
	feed           TEXT NOT NULL DEFAULT '{}',
	first_poll     BIGINT,
	next_poll      BIGINT,
	etag           BLOB NOT NULL DEFAULT '',
	last_modified  BLOB NOT NULL DEFAULT '',
	state          TEXT NOT NULL DEFAULT '{}',
	shown_items    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sources_due ON sources (next_poll);

-- source_aliases are all addresses under which a source is known.
CREATE TABLE source_aliases (
	address   TEXT PRIMARY KEY,
	source_id BIGINT NOT NULL REFERENCES sources (id)
);
CREATE INDEX source_aliases_source ON source_aliases (source_id);

-- memberships: position 0 is the source's primary community.
CREATE TABLE memberships (
	source_id    BIGINT NOT NULL REFERENCES sources (id),
	community_id BIGINT NOT NULL REFERENCES communities (id),
	position     BIGINT NOT NULL,
	PRIMARY KEY (source_id, community_id)
) WITHOUT ROWID;
CREATE INDEX memberships_community ON memberships (community_id);

CREATE TABLE hosts (
	host         TEXT PRIMARY KEY,
	hold_until   BIGINT NOT NULL DEFAULT 0,
	next_request BIGINT NOT NULL DEFAULT 0,
	leased_until BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE polls (
	id             INTEGER PRIMARY KEY,
	source_id      BIGINT NOT NULL REFERENCES sources (id),
	at             BIGINT NOT NULL,
	took_ms        BIGINT NOT NULL,
	status         BIGINT NOT NULL,
	bytes          BIGINT NOT NULL,
	new_items      BIGINT NOT NULL,
	changed_items  BIGINT NOT NULL,
	failure_class  TEXT NOT NULL,
	failure_detail TEXT NOT NULL,
	decision       TEXT NOT NULL,
	problems       TEXT NOT NULL
);
CREATE INDEX polls_source ON polls (source_id, at);
CREATE INDEX polls_at ON polls (at);

-- stories: first_id is the item that founded the story and gives its ids and
-- sort time for ever; head_id is the first shown one, NULL when none is.
-- keys are the rows the story has in story_keys, a line each.
CREATE TABLE stories (
	id       INTEGER PRIMARY KEY,
	first_id BIGINT NOT NULL,
	head_id  BIGINT,
	sort_at  BIGINT NOT NULL,
	undated  BOOLEAN NOT NULL,
	keys     TEXT NOT NULL
);

-- items: what repeats is left out. A NULL guid is equal to feed_id, a NULL link
-- or key_guid to guid, a NULL key_link to the link without its ends. feed_hash
-- keeps feed_id unique.
CREATE TABLE items (
	id              INTEGER PRIMARY KEY,
	public_id       TEXT NOT NULL UNIQUE,
	feed_id         TEXT NOT NULL,
	feed_hash       BIGINT NOT NULL UNIQUE,
	source_id       BIGINT NOT NULL REFERENCES sources (id),
	story_id        BIGINT NOT NULL REFERENCES stories (id),
	guid            TEXT,
	link            TEXT,
	title           TEXT NOT NULL,
	language        TEXT NOT NULL,
	summary         TEXT NOT NULL,
	words           BIGINT NOT NULL,
	whole           BOOLEAN NOT NULL,
	more            TEXT NOT NULL,
	published       BIGINT,
	updated         BIGINT,
	first_seen      BIGINT NOT NULL,
	sort_at         BIGINT NOT NULL,
	changed         BIGINT NOT NULL,
	undated         BOOLEAN NOT NULL,
	place           BIGINT NOT NULL UNIQUE,
	visibility      TEXT NOT NULL,
	rule            TEXT NOT NULL,
	taken_down_at   BIGINT,
	emptied_at      BIGINT,
	change          BIGINT NOT NULL UNIQUE,
	revisions       BIGINT NOT NULL DEFAULT 0,
	key_guid        TEXT,
	key_link        TEXT,
	key_fingerprint BLOB NOT NULL,
	key_content     BLOB NOT NULL
);
CREATE INDEX items_story ON items (story_id);
CREATE INDEX items_source ON items (source_id, sort_at, id) WHERE visibility = 'shown';
CREATE INDEX items_source_place ON items (source_id, place);
CREATE INDEX items_dated ON items (sort_at, id) WHERE visibility = 'shown' AND undated = FALSE;

-- item_bodies: text, clean HTML, the publisher's own words and the links of the
-- newest revision, compressed together because they repeat each other.
CREATE TABLE item_bodies (
	item_id INTEGER PRIMARY KEY REFERENCES items (id),
	body    BLOB NOT NULL,
	minhash BLOB
);

-- revisions are what items said before, the last 20 of each.
CREATE TABLE revisions (
	item_id BIGINT NOT NULL REFERENCES items (id),
	n       BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	title   TEXT NOT NULL,
	body    BLOB NOT NULL,
	PRIMARY KEY (item_id, n)
) WITHOUT ROWID;

-- item_keys are the marks by which a source's items are recognised, the old
-- ones included.
CREATE TABLE item_keys (
	source_id BIGINT NOT NULL,
	hash      BIGINT NOT NULL,
	item_id   BIGINT NOT NULL,
	PRIMARY KEY (source_id, hash, item_id)
) WITHOUT ROWID;

-- story_marks find items of other sources that may be the same article. The
-- upper bits of a mark are its time, so that a search stays among neighbours.
CREATE TABLE story_marks (
	mark    BIGINT NOT NULL,
	item_id BIGINT NOT NULL,
	PRIMARY KEY (mark, item_id)
) WITHOUT ROWID;

-- story_keys list the shown stories of each set: a (all), c: s: l: t: and a
-- value; with a u before it when only undated members are in the set.
CREATE TABLE story_keys (
	key      TEXT NOT NULL,
	sort_at  BIGINT NOT NULL,
	story_id BIGINT NOT NULL,
	PRIMARY KEY (key, sort_at, story_id)
) WITHOUT ROWID;

-- story_places: scope 0 is all, else a community. Written once, never changed.
CREATE TABLE story_places (
	scope    BIGINT NOT NULL,
	place    BIGINT NOT NULL,
	story_id BIGINT NOT NULL,
	PRIMARY KEY (scope, place)
) WITHOUT ROWID;

CREATE TABLE tombstones (
	key      TEXT NOT NULL,
	story_id BIGINT NOT NULL,
	feed_id  TEXT NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (key, story_id)
) WITHOUT ROWID;
CREATE INDEX tombstones_at ON tombstones (at);
