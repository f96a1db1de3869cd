//! Published access models: numbered from 1 without gaps, and never changed.
//!
//! A revision is published on top of the one its author looked at. If another came between, nothing is published:
//! of two replicas or two people who publish on the same base, one wins and the other is told.

use super::Store;
use super::database::Transaction;
use super::deed::Deed;
use super::error::Error;
use super::row::{Reader, checked, checked_json, millis};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};

const TABLE: &str = "access_revisions";

/// How large a document may be, as JSON.
const DOCUMENT_LIMIT: usize = 64 * 1024 * 1024;
const NOTE_LIMIT: usize = 16 * 1024;

statements! {
    NUMBER = "SELECT COALESCE(MAX(number), 0) AS number FROM access_revisions";
    CURRENT = "SELECT number, base, document, author, note, published FROM access_revisions \
               ORDER BY number DESC LIMIT 1";
    ONE = "SELECT number, base, document, author, note, published FROM access_revisions WHERE number = $1";
    LIST = "SELECT number, base, author, note, published FROM access_revisions \
            WHERE number < $1 ORDER BY number DESC LIMIT $2";
    PUBLISH = "INSERT INTO access_revisions (number, base, document, author, note, published) \
               SELECT $1, $2, $3, $4, $5, $6 \
               WHERE (SELECT COALESCE(MAX(number), 0) FROM access_revisions) = $2 \
               ON CONFLICT (number) DO NOTHING";
}

/// What a revision says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionSummary {
    /// Its number.
    pub number: i64,
    /// The revision it was written on top of; `None` for the first.
    pub base: Option<i64>,
    /// Who published it.
    pub author: String,
    /// What they wrote about it.
    pub note: String,
    /// When.
    pub published: Timestamp,
}

/// A revision with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// What it says about itself.
    pub summary: RevisionSummary,
    /// The access model, as JSON.
    pub document_json: String,
}

/// What is to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The current revision as the author saw it; `None` if there was none.
    pub base: Option<i64>,
    /// The access model, as JSON.
    pub document_json: String,
    /// Who publishes.
    pub author: String,
    /// What they write about it.
    pub note: String,
}

/// What became of publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publish {
    /// It is the current revision now, under this number.
    Published(i64),
    /// Another revision is current; nothing was published.
    Conflict {
        /// Its number; 0 if there is none.
        current: i64,
    },
}

impl Store {
    /// The number of the current revision; 0 before the first. Cheap: replicas ask every second.
    pub async fn revision_number(&self) -> Result<i64, Error> {
        let row = self.database.row(sqlx::query(NUMBER)).await?;
        row.map_or(Ok(0), |row| Reader::new(TABLE, &row).number("number"))
    }

    /// The current revision.
    pub async fn current_revision(&self) -> Result<Option<Revision>, Error> {
        let row = self.database.row(sqlx::query(CURRENT)).await?;
        row.map(|row| read(&Reader::new(TABLE, &row))).transpose()
    }

    /// One revision.
    pub async fn revision(&self, number: i64) -> Result<Option<Revision>, Error> {
        let row = self.database.row(sqlx::query(ONE).bind(number)).await?;
        row.map(|row| read(&Reader::new(TABLE, &row))).transpose()
    }

    /// The revisions before a number (`None`: from the newest), the newest first, without their documents.
    pub async fn revisions(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<RevisionSummary>, Error> {
        self.database
            .rows(
                sqlx::query(LIST)
                    .bind(before.unwrap_or(i64::MAX))
                    .bind(i64::from(limit)),
            )
            .await?
            .iter()
            .map(|row| read_summary(&Reader::new(TABLE, row)))
            .collect()
    }

    /// Publishes a draft, if the revision it was written on is still the current one. The row of the audit log that says
    /// so is written in the same transaction: no revision is in force without it. `event` says who and why.
    pub async fn publish(
        &self,
        draft: &Draft,
        event: Event,
        now: Timestamp,
    ) -> Result<Publish, Error> {
        checked("an author", &draft.author, NOTE_LIMIT)?;
        checked("a note", &draft.note, NOTE_LIMIT)?;
        checked_json("an access model", &draft.document_json, DOCUMENT_LIMIT)?;
        let number = draft.base.unwrap_or(0).saturating_add(1);
        let publication = Publication {
            number,
            draft: draft.clone(),
            at: millis(now),
        };
        let event = Event {
            revision: Some(number),
            ..event
        };
        let kind = EventKind::AccessPublished;
        match self
            .appender
            .append(kind, &event, Some(Deed::Publish(publication)), now)
            .await
        {
            Ok(_) => Ok(Publish::Published(number)),
            Err(Error::Overtaken) => Ok(Publish::Conflict {
                current: self.revision_number().await?,
            }),
            Err(error) => Err(error),
        }
    }
}

/// A checked draft on its way into the database.
#[derive(Debug)]
pub(super) struct Publication {
    number: i64,
    draft: Draft,
    at: i64,
}

impl Publication {
    /// Writes the revision, if its base is still the current one.
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let added = sqlx::query(PUBLISH)
            .bind(self.number)
            .bind(self.draft.base.unwrap_or(0))
            .bind(&*self.draft.document_json)
            .bind(&*self.draft.author)
            .bind(&*self.draft.note)
            .bind(self.at)
            .execute(transaction.connection())
            .await?;
        if added.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Error::Overtaken)
        }
    }
}

fn read_summary(row: &Reader<'_>) -> Result<RevisionSummary, Error> {
    Ok(RevisionSummary {
        number: row.number("number")?,
        base: Some(row.number("base")?).filter(|base| *base > 0),
        author: row.text("author")?,
        note: row.text("note")?,
        published: row.time("published")?,
    })
}

fn read(row: &Reader<'_>) -> Result<Revision, Error> {
    Ok(Revision {
        summary: read_summary(row)?,
        document_json: row.text("document")?,
    })
}
