-- Under which terms each row of the record is found: derived from the rows, and checked against them by `audit verify`.
CREATE TABLE audit_terms (
    term     TEXT   NOT NULL, -- a letter for what it is about, and a digest of the text
    at       BIGINT NOT NULL, -- the row's, so that a page of newest rows is a walk along the key
    position BIGINT NOT NULL,
    PRIMARY KEY (term, at, position)
);
CREATE INDEX audit_terms_by_position ON audit_terms (position);
CREATE INDEX audit_by_time ON audit (at, position);

-- How far the rows that stood before have got their terms: those up to `done` have, those after it up to `goal` have not.
CREATE TABLE audit_indexing (
    id   BIGINT NOT NULL PRIMARY KEY,
    done BIGINT NOT NULL,
    goal BIGINT NOT NULL
);
INSERT INTO audit_indexing (id, done, goal) SELECT 1, 0, last FROM audit_position WHERE id = 1;

-- Where the record begins after its oldest rows were dropped. No row: at its first.
CREATE TABLE audit_checkpoint (
    id       BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL, -- the last that was dropped
    chains   TEXT   NOT NULL, -- JSON: the last dropped row of every chain
    mac      TEXT   NOT NULL
);
