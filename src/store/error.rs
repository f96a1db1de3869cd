//! What can go wrong between Vestibule and its database.
//!
//! No variant carries a value of a row: a driver's message about a column that it cannot decode quotes the
//! column's content, and some contents are secret, so such errors are replaced by the column's name.

use std::path::PathBuf;
use std::sync::Arc;

/// The store could not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database does not answer, is locked, is full, or cannot be written to.
    #[error("the database is not available")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// It did not answer in time.
    #[error("the database did not answer in time")]
    TimedOut,
    /// Another revision was published in between; nothing was written.
    #[error("another revision came between")]
    Overtaken,
    /// The store has been shut down.
    #[error("the store is shut down")]
    Closed,
    /// A row does not say what it should.
    #[error("the database holds something unreadable in {table}.{column}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A row of the audit log is not as it was written, or is gone, where rows were to be dropped.
    #[error(
        "row {position} of the audit log is not as it was written, or is gone; neither it nor any after it is dropped: \
         see `vestibule audit verify`"
    )]
    Damaged {
        /// Which row.
        position: i64,
    },
    /// The database was migrated by a newer version of Vestibule.
    #[error(
        "the database's schema is newer than this version of vestibule: it knows migration {version}"
    )]
    SchemaNewer {
        /// The first migration that this binary does not know.
        version: i64,
    },
    /// The database has no schema yet, or an older one: `vestibule migrate` has not run.
    #[error(
        "the database's schema is older than this version of vestibule: run `vestibule migrate`"
    )]
    SchemaOlder,
    /// A migration that has run is not the one this binary knows by that number.
    #[error("migration {version} of the database differs from the one this version knows")]
    SchemaDiffers {
        /// Which migration.
        version: i64,
    },
    /// A migration failed; nothing of it was kept.
    #[error("the database could not be migrated")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
    /// `PostgreSQL` has its own tools for copies.
    #[error("a PostgreSQL database is copied with its own tools, such as pg_dump")]
    BackUpElsewhere,
    /// The URL names no database that Vestibule can use.
    #[error("a database is sqlite:FILE or postgres://…: {0}")]
    Url(&'static str),
    /// A file could not be read or written.
    #[error("cannot use {path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// A key's file is not as it must be.
    #[error("the {what} {path} {problem}")]
    Key {
        /// Which key.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Something to be stored is larger than it may be.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What.
        what: &'static str,
        /// How large it may be.
        limit: usize,
    },
    /// Something to be stored is not text that both engines can hold, or not JSON where JSON is due.
    #[error("{what} cannot be stored")]
    Unstorable {
        /// What.
        what: &'static str,
    },
}

impl Error {
    /// Whether waiting may help: the page for it is "database away", status 503.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::TimedOut | Self::Closed)
    }
}

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        match source {
            sqlx::Error::PoolTimedOut => Self::TimedOut,
            sqlx::Error::PoolClosed => Self::Closed,
            // their messages quote values
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::AnyDriverError(_) => Self::Inconsistent {
                table: "a table",
                column: "a column of another type",
            },
            source => Self::Unavailable(Arc::new(source)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(source: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;
        match source {
            MigrateError::VersionMissing(version) => Self::SchemaNewer { version },
            MigrateError::VersionMismatch(version) => Self::SchemaDiffers { version },
            source => Self::Migration(Arc::new(source)),
        }
    }
}
