-- What a person recognises a session of theirs by, and an administrator a person. Nothing of it decides anything.
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- from where it began; empty: not known
ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT ''; -- a coarse family such as "Firefox on Linux", never what the browser said
ALTER TABLE sessions ADD COLUMN who TEXT NOT NULL DEFAULT '';     -- JSON: provider, subject and name; empty: the identity says it

-- Blocked people, suspended accounts and suspended roles. Each is asked for in the last check before anything leaves.
CREATE TABLE stops (
    kind   TEXT   NOT NULL,              -- person, account or role
    target TEXT   NOT NULL,              -- a person as in sessions; 12 digits; 12 digits, a slash and a name
    about  TEXT   NOT NULL,              -- JSON: whom or what it names, for readers
    until  BIGINT NOT NULL,              -- 0: without end
    note   TEXT   NOT NULL,
    author TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (kind, target)
);
CREATE INDEX stops_by_time ON stops (at);
CREATE INDEX stops_by_end ON stops (until);

-- How often stops have changed: one row, locked by whoever changes one. Replicas follow it.
CREATE TABLE stops_changed (
    id     BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);
INSERT INTO stops_changed (id, number) VALUES (1, 0);
