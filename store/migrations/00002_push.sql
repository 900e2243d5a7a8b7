-- +goose Up

-- pushes are subscriptions with hubs (WebSub), of which each has a callback of
-- its own. A source may have several: old ones until their hubs have let go.
CREATE TABLE pushes (
	token     TEXT PRIMARY KEY,
	source_id BIGINT NOT NULL REFERENCES sources (id),
	hub       TEXT NOT NULL,
	topic     TEXT NOT NULL,
	callback  TEXT NOT NULL,
	secret    TEXT NOT NULL,
	leaving   BOOLEAN NOT NULL,
	asked_at  BIGINT,
	next_try  BIGINT,
	tries     BIGINT NOT NULL,
	since     BIGINT,
	until     BIGINT,
	denied    BOOLEAN NOT NULL,
	trusted   BOOLEAN NOT NULL,
	last_push BIGINT,
	trouble   TEXT NOT NULL
);
CREATE INDEX pushes_source ON pushes (source_id);

-- deliveries are what hubs have sent, remembered as long as polls are.
CREATE TABLE deliveries (
	id            INTEGER PRIMARY KEY,
	source_id     BIGINT NOT NULL REFERENCES sources (id),
	at            BIGINT NOT NULL,
	hub           TEXT NOT NULL,
	bytes         BIGINT NOT NULL,
	digest        TEXT NOT NULL,
	new_items     BIGINT NOT NULL,
	changed_items BIGINT NOT NULL,
	trouble       TEXT NOT NULL
);
CREATE INDEX deliveries_source ON deliveries (source_id, at);
CREATE INDEX deliveries_at ON deliveries (at);
