-- Access models that are being written, shared among administrators. A row is replaced as a whole, and only by whoever saw its
-- version.
CREATE TABLE drafts (
    id         TEXT   NOT NULL PRIMARY KEY, -- random, so that no draft is ever taken for one that was discarded
    name       TEXT   NOT NULL,             -- what it is for; may be empty
    base       BIGINT NOT NULL,             -- the revision it was written on top of; 0: none
    document   TEXT   NOT NULL,             -- TOML as written, whether or not it can be read
    changes    BIGINT NOT NULL,             -- how many differences it has to its base; -1: it cannot be read
    author     TEXT   NOT NULL,             -- who began it
    changed_by TEXT   NOT NULL,
    began      BIGINT NOT NULL,
    changed    BIGINT NOT NULL,
    version    BIGINT NOT NULL              -- counts the saves, from 1
);

-- What each person's provider said of them when they last signed in, sealed with a key that is not in the database.
CREATE TABLE last_identities (
    person TEXT   NOT NULL PRIMARY KEY,     -- as in sessions
    sealed TEXT   NOT NULL,                 -- the key's id, and AES-256-GCM over JSON
    seen   BIGINT NOT NULL
);
CREATE INDEX last_identities_by_seen ON last_identities (seen);
