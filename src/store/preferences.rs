//! What a person likes to find again: favourites, recent roles, region. Nothing here decides anything.

use super::Store;
use super::digest;
use super::error::Error;
use super::row::{Reader, checked_json, millis};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::identity::{IdpId, Subject};

/// How large a person's preferences may be, as JSON.
pub const PREFERENCES_LIMIT: usize = 64 * 1024;

statements! {
    GET = "SELECT document FROM preferences WHERE person = $1";
    SET = "INSERT INTO preferences (person, document, changed) VALUES ($1, $2, $3) \
           ON CONFLICT (person) DO UPDATE SET document = excluded.document, changed = excluded.changed";
}

impl Store {
    /// A person's preferences, as the JSON that was set last.
    pub async fn preferences(
        &self,
        idp: &IdpId,
        subject: &Subject,
    ) -> Result<Option<String>, Error> {
        let row = self
            .database
            .row(sqlx::query(GET).bind(digest::person(idp, subject)))
            .await?;
        row.map(|row| Reader::new("preferences", &row).text("document"))
            .transpose()
    }

    /// Sets a person's preferences: JSON of at most [`PREFERENCES_LIMIT`] bytes.
    pub async fn set_preferences(
        &self,
        idp: &IdpId,
        subject: &Subject,
        document_json: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.database
            .execute(
                sqlx::query(SET)
                    .bind(digest::person(idp, subject))
                    .bind(checked_json(
                        "a person's preferences",
                        document_json,
                        PREFERENCES_LIMIT,
                    )?)
                    .bind(millis(now)),
            )
            .await
            .map(drop)
    }
}
