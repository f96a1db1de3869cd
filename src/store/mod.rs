//! The database: `SQLite` embedded, or `PostgreSQL`. The only folder that knows SQL.
//!
//! [`Store`] has one file per table; its methods take domain types and the time, and return domain types, with `Option`
//! for absence. The SQL is written once and runs on both engines (`migrations/README.md` names the subset). Stored are digests
//! of session ids and never the ids; credentials, sign-in tokens, assertions and ID tokens are never stored.

pub mod audit;
pub mod audit_key;
pub mod impact_key;

mod access;
mod access_revisions;
mod asked_before;
mod backup;
mod database;
mod deed;
mod digest;
mod drafts;
mod error;
mod key_file;
mod last_identities;
mod migrations;
mod pending_logins;
mod people;
mod preferences;
mod revocations;
mod row;
mod sessions;
mod settling;
mod statements;
mod stops;
mod tokens;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use chrono::Duration;

use crate::domain::Timestamp;
use crate::random::SharedRandom;

pub use access::{Access, AccessError};
pub use access_revisions::{Draft, Publish, Revision, RevisionSummary};
pub use asked_before::Asked;
pub use audit_key::AuditKey;
pub use drafts::{DraftContent, DraftSummary, MOST_DRAFTS, SharedDraft};
pub use error::Error;
pub use impact_key::ImpactKey;
pub use last_identities::{LastIdentity, SealedIdentity};
pub use pending_logins::{PendingLogin, TakeLogin};
pub use people::{Ending, SeenPerson};
pub use revocations::{Due, DueState};
pub use sessions::{LastCheck, Look, NewSession, Once, StartSession};
pub use tokens::MOST_TOKENS;

pub use settling::SETTLED_AFTER;
pub use stops::Current;

use database::Database;

/// How long revocations that are done stay to be read.
const REVOCATIONS_KEPT: Duration = Duration::days(30);

/// The database. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Store {
    database: Arc<Database>,
    appender: audit::Appender,
    audit_key: AuditKey,
}

impl Store {
    /// Connects to `sqlite:FILE` (made if it is not there) or `postgres://…`, and begins a chain of the audit log.
    /// The schema is not looked at: see [`Store::migrate`].
    ///
    /// Must be called within a Tokio runtime that lives as long as the store.
    pub async fn open(url: &str, audit_key: AuditKey, random: SharedRandom) -> Result<Self, Error> {
        let database = Arc::new(Database::connect(url).await?);
        let appender = audit::start(Arc::clone(&database), &audit_key, random);
        Ok(Self {
            database,
            appender,
            audit_key,
        })
    }

    /// How often this process has asked the database for something so far: statements, and transactions that write.
    pub fn questions(&self) -> u64 {
        self.database.questions()
    }

    /// Drops what has expired: logins, sessions, remembered assertions, stops that ended long ago, revocations long done. Says
    /// how many rows went.
    pub async fn sweep(&self, now: Timestamp, idle: Duration) -> Result<u64, Error> {
        let logins = self.sweep_logins(now).await?;
        let sessions = self.sweep_sessions(now, idle).await?;
        let stops = self.sweep_stops(now).await?;
        let revocations = self.sweep_revocations(now - REVOCATIONS_KEPT).await?;
        let programs = self.sweep_tokens(now).await? + self.sweep_asked(now).await?;
        Ok(logins + sessions + stops + revocations + programs)
    }

    /// Closes the connections, after what is under way.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
