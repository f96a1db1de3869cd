//! The database: SQLite embedded, or PostgreSQL. The only folder that knows SQL.
