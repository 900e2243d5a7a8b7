-- +goose Up

-- stories: linked_by is how many communities beside its own have a shown item
-- that links to it.
ALTER TABLE stories ADD COLUMN linked_by BIGINT NOT NULL DEFAULT 0;

-- link_keys are the addresses under which items are linked to, as hashes, those
-- included that they had before.
CREATE TABLE link_keys (
	hash    BIGINT NOT NULL,
	item_id BIGINT NOT NULL,
	PRIMARY KEY (hash, item_id)
) WITHOUT ROWID;

-- item_links are the addresses that items link to, as hashes, whether an item
-- has that address or none does yet.
CREATE TABLE item_links (
	hash    BIGINT NOT NULL,
	item_id BIGINT NOT NULL,
	PRIMARY KEY (hash, item_id)
) WITHOUT ROWID;

-- story_links are the links that lead to a story here: item_id links to it and
-- is of a source that has no item in it. sort_at is that of the item.
CREATE TABLE story_links (
	story_id BIGINT NOT NULL,
	item_id  BIGINT NOT NULL,
	sort_at  BIGINT NOT NULL,
	PRIMARY KEY (story_id, item_id)
) WITHOUT ROWID;
CREATE INDEX story_links_item ON story_links (sort_at, item_id);

-- links in meta is the number of the source whose older items are to be linked
-- next, down to the first; there is none when all are.
INSERT INTO meta (name, value) SELECT 'links', CAST(max(id) AS TEXT) FROM sources HAVING count(*) > 0;
