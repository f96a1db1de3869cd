//! What a person likes to find again, as one JSON document each. Nothing here decides anything.

use super::Store;
use super::digest;
use super::error::Error;
use super::row::{Reader, checked_json, millis};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::identity::{IdpId, Subject};
use crate::domain::preferences::LARGEST;

statements! {
    GET = "SELECT document FROM preferences WHERE person = $1";
    FIRST = "INSERT INTO preferences (person, document, changed) VALUES ($1, $2, $3) \
             ON CONFLICT (person) DO NOTHING";
    NEXT = "UPDATE preferences SET document = $1, changed = $2 WHERE person = $3 AND document = $4";
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

    /// Sets a person's preferences (JSON of at most [`LARGEST`] bytes) in place of `before`, and says whether that is
    /// what stood there: if not, somebody else was quicker, and nothing changed.
    pub async fn set_preferences(
        &self,
        (idp, subject): (&IdpId, &Subject),
        before: Option<&str>,
        document_json: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let person = digest::person(idp, subject);
        let document = checked_json("a person's preferences", document_json, LARGEST)?;
        let statement = match before {
            None => sqlx::query(FIRST)
                .bind(person)
                .bind(document)
                .bind(millis(now)),
            Some(before) => sqlx::query(NEXT)
                .bind(document)
                .bind(millis(now))
                .bind(person)
                .bind(before.to_owned()),
        };
        Ok(self.database.execute(statement).await? == 1)
    }
}
