-- Whoever publishes a draft answers for it, and the record also names everybody else who had part in it.
ALTER TABLE drafts ADD COLUMN writers TEXT NOT NULL DEFAULT ''; -- JSON: who saved it, in the order of their first time; empty: not kept yet
