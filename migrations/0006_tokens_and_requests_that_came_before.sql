-- Tokens for programs. Each speaks for the person who made it.
CREATE TABLE tokens (
    id       TEXT   NOT NULL PRIMARY KEY, -- what it is listed and revoked by; no secret
    digest   TEXT   NOT NULL,             -- SHA-256 of the token
    person   TEXT   NOT NULL,             -- as in sessions
    identity TEXT   NOT NULL,             -- JSON: as the provider last proved the person
    name     TEXT   NOT NULL,
    scopes   TEXT   NOT NULL,             -- JSON
    made     BIGINT NOT NULL,
    expires  BIGINT NOT NULL,
    used     BIGINT NOT NULL              -- 0: never
);
CREATE UNIQUE INDEX tokens_by_digest ON tokens (digest);
CREATE INDEX tokens_by_person ON tokens (person, made);
CREATE INDEX tokens_by_expiry ON tokens (expires);

-- What programs asked for under a key of their own, so that asking again does it once.
CREATE TABLE asked_before (
    person  TEXT   NOT NULL,              -- as in sessions
    key     TEXT   NOT NULL,              -- SHA-256 of the key that the program gave
    request TEXT   NOT NULL,              -- SHA-256 of what it asked for
    outcome TEXT   NOT NULL,              -- JSON; empty while it is being done
    expires BIGINT NOT NULL,
    PRIMARY KEY (person, key)
);
CREATE INDEX asked_before_by_expiry ON asked_before (expires);
