//! Brings the database's schema up to this binary's, forward only.

use sqlx::migrate::Migrator;
use sqlx::{Connection as _, Row as _};

use super::Store;
use super::database::Engine;
use super::error::Error;
use super::row::Reader;
use super::statements::statements;

/// The migrations, embedded.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

statements! {
    VERSION = "SELECT COALESCE(MAX(version), 0) AS version FROM _sqlx_migrations";
    APPLIED = "SELECT version, checksum FROM _sqlx_migrations ORDER BY version";
}

impl Store {
    /// Runs the migrations that have not run yet. A database that a newer version has migrated is refused.
    ///
    /// Processes may do this at the same time. On `PostgreSQL` they take turns under a lock. `SQLite` has none to offer, so there the one
    /// that comes second fails on what the first has made, and looks again.
    ///
    /// A schema that is up to date is only looked at: who serves need not be able to change it.
    pub async fn migrate(&self) -> Result<(), Error> {
        if self.is_migrated().await {
            return Ok(());
        }
        let mut tries = match self.database.engine {
            Engine::Postgres => 1,
            Engine::Sqlite => MIGRATIONS.iter().count() + 1,
        };
        loop {
            tries -= 1;
            match self.migrate_once().await {
                Err(Error::Migration(_)) if tries > 0 => {}
                done => return done,
            }
        }
    }

    /// Whether just the migrations of this binary have run, each as this binary has it.
    async fn is_migrated(&self) -> bool {
        let Ok(rows) = self.database.rows(sqlx::query(APPLIED)).await else {
            return false;
        };
        let known: Vec<_> = MIGRATIONS
            .iter()
            .map(|m| (m.version, &*m.checksum))
            .collect();
        rows.len() == known.len()
            && rows.iter().zip(known).all(|(row, (version, checksum))| {
                row.try_get::<i64, _>("version")
                    .is_ok_and(|applied| applied == version)
                    && row
                        .try_get::<Vec<u8>, _>("checksum")
                        .is_ok_and(|applied| applied == checksum)
            })
    }

    async fn migrate_once(&self) -> Result<(), Error> {
        // a connection of its own: a migration may take longer than any request, and one that fails takes its
        // lock with it when the connection is closed
        let mut connection = self.database.dedicated().await?;
        let migrated = MIGRATIONS.run_direct(None, &mut connection, false).await;
        let closed = connection.close().await;
        migrated?;
        Ok(closed?)
    }

    /// Whether the database answers and has the schema of this binary.
    pub async fn ping(&self) -> Result<(), Error> {
        let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0);
        let rows = self.database.rows(sqlx::query(VERSION)).await;
        let rows = match rows {
            Err(Error::Unavailable(source)) if is_missing_table(&source) => {
                return Err(Error::SchemaOlder);
            }
            rows => rows?,
        };
        let version = match rows.first() {
            Some(row) => Reader::new("_sqlx_migrations", row).number("version")?,
            None => 0,
        };
        match version {
            version if version > known => Err(Error::SchemaNewer { version }),
            version if version < known => Err(Error::SchemaOlder),
            _ => Ok(()),
        }
    }
}

/// The two engines' ways of saying so.
pub(super) fn is_missing_table(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else {
        return false;
    };
    error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table")
}
