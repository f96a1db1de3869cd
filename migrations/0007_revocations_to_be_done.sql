-- What is still to be done in AWS so that sessions end, and what was: a second cut when the last sign-in link is worthless, a cut
-- that AWS did not take at once, and the tidying of a policy that has done its work.
CREATE TABLE revocations (
    id      TEXT   NOT NULL PRIMARY KEY,
    work    TEXT   NOT NULL,  -- JSON
    due     BIGINT NOT NULL,
    tries   BIGINT NOT NULL,  -- how often it was begun
    claimed BIGINT NOT NULL,  -- until when a replica is at it; 0 for nobody
    state   TEXT   NOT NULL,  -- due, done or given_up
    cause   TEXT   NOT NULL,  -- why it is not done; empty where it is
    changed BIGINT NOT NULL
);
CREATE INDEX revocations_by_due ON revocations (state, due);
CREATE INDEX revocations_by_change ON revocations (changed);

-- Who changes policies in an account at this moment: one at a time, so that none overwrites what another has just put.
CREATE TABLE revocation_places (
    account TEXT   NOT NULL PRIMARY KEY,
    holder  TEXT   NOT NULL,
    until   BIGINT NOT NULL
);
