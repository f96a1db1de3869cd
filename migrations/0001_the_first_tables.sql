-- Logins sent to an identity provider and not yet back. One row is one login, taken once.
CREATE TABLE pending_logins (
    handle  TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the value that travels with the browser and the provider
    browser TEXT   NOT NULL,             -- SHA-256 of the key in the browser's sealed cookie
    idp     TEXT   NOT NULL,
    intent  TEXT   NOT NULL,             -- JSON
    challenge TEXT NOT NULL,             -- JSON
    began   BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX pending_logins_by_browser ON pending_logins (browser, began);
CREATE INDEX pending_logins_by_expiry ON pending_logins (expires);

-- Assertions and ID tokens that have made a session, for as long as they could be presented again.
CREATE TABLE used_assertions (
    digest TEXT   NOT NULL PRIMARY KEY,  -- SHA-256 over the provider and the assertion's id
    until  BIGINT NOT NULL
);
CREATE INDEX used_assertions_by_until ON used_assertions (until);

CREATE TABLE sessions (
    digest     TEXT   NOT NULL PRIMARY KEY, -- SHA-256 of the session id
    person     TEXT   NOT NULL,             -- SHA-256 over provider, subject format and subject
    identity   TEXT   NOT NULL,             -- JSON
    form_token TEXT   NOT NULL,
    began      BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    ends       BIGINT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person, began);
CREATE INDEX sessions_by_end ON sessions (ends);
CREATE INDEX sessions_by_seen ON sessions (seen);

-- Published access models, numbered from 1 without gaps; a row never changes.
CREATE TABLE access_revisions (
    number    BIGINT NOT NULL PRIMARY KEY,
    base      BIGINT NOT NULL,           -- the revision it was written on top of; 0 for the first
    document  TEXT   NOT NULL,           -- JSON
    author    TEXT   NOT NULL,
    note      TEXT   NOT NULL,
    published BIGINT NOT NULL
);

-- The record. Rows are added and never changed; each carries a MAC over all its columns and the MAC before it.
CREATE TABLE audit (
    position BIGINT NOT NULL PRIMARY KEY, -- over all chains, from 1 without gaps, in the order of commit
    chain    TEXT   NOT NULL,             -- one per process start
    sequence BIGINT NOT NULL,             -- within the chain, from 1 without gaps
    at       BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    event    TEXT   NOT NULL,             -- JSON
    previous TEXT   NOT NULL,             -- the MAC of the row before it in the chain; empty for the first
    mac      TEXT   NOT NULL
);
CREATE UNIQUE INDEX audit_by_chain ON audit (chain, sequence);

-- The last position given out: one row, locked while a batch of audit rows is written.
CREATE TABLE audit_position (
    id   BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO audit_position (id, last) VALUES (1, 0);

-- What a person likes to find again: favourites, recent roles, region.
CREATE TABLE preferences (
    person   TEXT   NOT NULL PRIMARY KEY, -- as in sessions
    document TEXT   NOT NULL,             -- JSON
    changed  BIGINT NOT NULL
);
