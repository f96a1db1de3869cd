//! What programs asked for under a key of their own, so that what is asked twice is done once.

use super::Store;
use super::digest;
use super::error::Error;
use super::row::{Reader, checked, checked_json, millis};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::identity::{IdpId, Subject};

/// How large an outcome may be: that of a revocation holds a policy for each place.
const OUTCOME_LIMIT: usize = 16 * 1024 * 1024;

statements! {
    BEGIN = "INSERT INTO asked_before (person, key, request, outcome, expires) VALUES ($1, $2, $3, '', $4) \
             ON CONFLICT (person, key) DO UPDATE SET request = $3, outcome = '', expires = $4 \
             WHERE asked_before.expires <= $5";
    FIND = "SELECT request, outcome FROM asked_before WHERE person = $1 AND key = $2";
    END = "UPDATE asked_before SET outcome = $3 WHERE person = $1 AND key = $2";
    FORGET = "DELETE FROM asked_before WHERE person = $1 AND key = $2";
    SWEEP = "DELETE FROM asked_before WHERE key IN (\
             SELECT key FROM asked_before WHERE expires <= $1 ORDER BY expires LIMIT $2) AND expires <= $1";
}

/// What is known of a request that comes under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: it is begun now, and whoever asked ends it or has it forgotten.
    First,
    /// The same is being done, or was begun and never ended.
    UnderWay,
    /// The same was done: what came of it, as JSON.
    Before(String),
    /// Something else was asked for under this key.
    SomethingElse,
}

impl Store {
    /// Begins what is asked for under a key, unless the person asked under it before. `key` and `request` are digests.
    pub async fn ask_once(
        &self,
        (idp, subject): (&IdpId, &Subject),
        (key, request): (&str, &str),
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Asked, Error> {
        let person = digest::person(idp, subject);
        let begun = self
            .database
            .execute(
                sqlx::query(BEGIN)
                    .bind(person.clone())
                    .bind(checked("a key", key, 128)?)
                    .bind(checked("a request", request, 128)?)
                    .bind(millis(until))
                    .bind(millis(now)),
            )
            .await?;
        if begun == 1 {
            return Ok(Asked::First);
        }
        let row = self
            .database
            .row(sqlx::query(FIND).bind(person).bind(key.to_owned()))
            .await?;
        let Some(row) = row else {
            // ended in between: whoever asks again begins it
            return Ok(Asked::UnderWay);
        };
        let row = Reader::new("asked_before", &row);
        let outcome = row.text("outcome")?;
        Ok(if row.text("request")? != request {
            Asked::SomethingElse
        } else if outcome.is_empty() {
            Asked::UnderWay
        } else {
            Asked::Before(outcome)
        })
    }

    /// Writes down what came of it, as JSON.
    pub async fn note_outcome(
        &self,
        (idp, subject): (&IdpId, &Subject),
        key: &str,
        outcome_json: &str,
    ) -> Result<(), Error> {
        let statement = sqlx::query(END)
            .bind(digest::person(idp, subject))
            .bind(checked("a key", key, 128)?)
            .bind(checked_json("an outcome", outcome_json, OUTCOME_LIMIT)?);
        self.database.execute(statement).await.map(drop)
    }

    /// Nothing was done: the key can be used again.
    pub async fn forget_asked(
        &self,
        (idp, subject): (&IdpId, &Subject),
        key: &str,
    ) -> Result<(), Error> {
        let statement = sqlx::query(FORGET)
            .bind(digest::person(idp, subject))
            .bind(checked("a key", key, 128)?);
        self.database.execute(statement).await.map(drop)
    }

    /// Drops what was asked so long ago that nobody asks again.
    pub(super) async fn sweep_asked(&self, now: Timestamp) -> Result<u64, Error> {
        self.database
            .in_portions(|portion| sqlx::query(SWEEP).bind(millis(now)).bind(portion))
            .await
    }
}
