-- The session that the browser had when the login departed (SHA-256 of its id; empty: none). The provider's answer comes
-- as a form of another site, with which a browser sends no Lax cookie.
ALTER TABLE pending_logins ADD COLUMN replaces TEXT NOT NULL DEFAULT '';
