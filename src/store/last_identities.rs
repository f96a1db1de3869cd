//! What each person's provider said of them when they last signed in, for telling whom a change of the access model
//! would concern. Sealed: without the key beside the configuration nothing can be read. Nothing here decides anything.

use std::fmt;

use super::Store;
use super::digest;
use super::error::Error;
use super::impact_key::ImpactKey;
use super::row::{Reader, checked, millis, to_json};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::identity::{Identity, IdpId, Subject};

const TABLE: &str = "last_identities";

/// How large a sealed identity may be.
const SEALED_LIMIT: usize = 6 * 1024 * 1024;

statements! {
    NOTE = "INSERT INTO last_identities (person, sealed, seen) VALUES ($1, $2, $3) \
            ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, seen = excluded.seen \
            WHERE last_identities.seen <= excluded.seen";
    ONE = "SELECT person, sealed, seen FROM last_identities WHERE person = $1 AND seen > $2";
    SINCE = "SELECT person, sealed, seen FROM last_identities WHERE seen > $1 AND person > $2 \
             ORDER BY person LIMIT $3";
    COUNT = "SELECT COUNT(*) AS number FROM last_identities";
    SWEEP = "DELETE FROM last_identities WHERE person IN (\
             SELECT person FROM last_identities WHERE seen <= $1 ORDER BY seen LIMIT $2)";
}

/// A person as they were last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastIdentity {
    /// What the provider said.
    pub identity: Identity,
    /// When.
    pub seen: Timestamp,
}

/// The same, sealed: opening many takes a while, and is done where it keeps nobody waiting.
#[derive(Clone)]
pub struct SealedIdentity {
    person: String,
    sealed: String,
    seen: Timestamp,
}

impl fmt::Debug for SealedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedIdentity(…)")
    }
}

impl SealedIdentity {
    /// Whose, as the database knows them: after whom the next portion begins.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// What was sealed; `None` if it was under another key, or is damaged.
    pub fn open(&self, key: &ImpactKey) -> Option<LastIdentity> {
        let json = key.open(&self.person, &self.sealed)?;
        Some(LastIdentity {
            identity: serde_json::from_slice(&json).ok()?,
            seen: self.seen,
        })
    }
}

impl Store {
    /// Keeps what a provider said of a person, in place of what it said before.
    pub async fn note_identity(
        &self,
        key: &ImpactKey,
        identity: &Identity,
        now: Timestamp,
    ) -> Result<(), Error> {
        let person = digest::person(&identity.idp, &identity.subject);
        let sealed = key.seal(&person, &to_json("an identity", identity)?)?;
        let note = sqlx::query(NOTE)
            .bind(person)
            .bind(checked("a last identity", &sealed, SEALED_LIMIT)?.to_owned())
            .bind(millis(now));
        self.database.execute(note).await.map(drop)
    }

    /// The people seen after a moment, `limit` of them after `after` (an empty text: from the first).
    pub async fn last_identities(
        &self,
        since: Timestamp,
        (after, limit): (&str, u32),
    ) -> Result<Vec<SealedIdentity>, Error> {
        let portion = sqlx::query(SINCE)
            .bind(millis(since))
            .bind(after.to_owned())
            .bind(i64::from(limit));
        let rows = self.database.rows(portion).await?;
        rows.iter()
            .map(|row| read(&Reader::new(TABLE, row)))
            .collect()
    }

    /// One person, if they were seen after a moment.
    pub async fn last_identity(
        &self,
        (idp, subject): (&IdpId, &Subject),
        since: Timestamp,
    ) -> Result<Option<SealedIdentity>, Error> {
        let one = sqlx::query(ONE)
            .bind(digest::person(idp, subject))
            .bind(millis(since));
        let row = self.database.row(one).await?;
        row.map(|row| read(&Reader::new(TABLE, &row))).transpose()
    }

    /// How many people there are, readable or not.
    pub async fn count_last_identities(&self) -> Result<i64, Error> {
        let row = self.database.row(sqlx::query(COUNT)).await?;
        row.map_or(Ok(0), |row| Reader::new(TABLE, &row).number("number"))
    }

    /// Forgets whoever was last seen at that moment or before.
    pub async fn forget_identities(&self, until: Timestamp) -> Result<u64, Error> {
        self.database
            .in_portions(|portion| sqlx::query(SWEEP).bind(millis(until)).bind(portion))
            .await
    }
}

fn read(row: &Reader<'_>) -> Result<SealedIdentity, Error> {
    Ok(SealedIdentity {
        person: row.text("person")?,
        sealed: row.text("sealed")?,
        seen: row.time("seen")?,
    })
}
