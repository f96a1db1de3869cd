//! Access models that are being written, shared among administrators: few, bounded, and never changed under somebody
//! else's hands. Whoever saves or discards one names the version that they saw.

use super::Store;
use super::database::Transaction;
use super::deed::Deed;
use super::error::Error;
use super::row::{Reader, checked, millis, to_json};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::access::DraftId;
use crate::domain::audit::{Event, EventKind};

const TABLE: &str = "drafts";

/// How many drafts there may be.
pub const MOST_DRAFTS: i64 = 50;
/// How large the text of one may be.
const TEXT_LIMIT: usize = 64 * 1024 * 1024;
const NAME_LIMIT: usize = 4 * 1024;
/// How large the names of everybody who wrote one may be.
const WRITERS_LIMIT: usize = 1024 * 1024;

statements! {
    LIST = "SELECT id, name, base, changes, author, changed_by, writers, began, changed, version FROM drafts \
            ORDER BY changed DESC, id LIMIT 1000";
    ONE = "SELECT id, name, base, document, changes, author, changed_by, writers, began, changed, version FROM drafts \
           WHERE id = $1";
    BEGIN = "INSERT INTO drafts (id, name, base, document, changes, author, changed_by, writers, began, changed, version) \
             SELECT $1, $2, $3, $4, $5, $6, $6, $7, $8, $8, 1 WHERE (SELECT COUNT(*) FROM drafts) < $9";
    SAVE = "UPDATE drafts SET base = $1, document = $2, changes = $3, changed_by = $4, writers = $5, changed = $6, \
            version = version + 1 WHERE id = $7 AND version = $8";
    DISCARD = "DELETE FROM drafts WHERE id = $1 AND version = $2";
}

/// What a draft says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftSummary {
    /// Its id.
    pub id: DraftId,
    /// What it is for; may be empty.
    pub name: String,
    /// The revision it was written on top of; 0: none.
    pub base: i64,
    /// How many differences it has to that; `None`: its text cannot be read, or is too large.
    pub changes: Option<usize>,
    /// Who began it.
    pub author: String,
    /// Who saved it last.
    pub changed_by: String,
    /// Everybody who began or saved it, in the order of their first time.
    pub writers: Vec<String>,
    /// When it was begun.
    pub began: Timestamp,
    /// When it was saved last.
    pub changed: Timestamp,
    /// Counts the saves, from 1.
    pub version: i64,
}

/// A draft with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedDraft {
    /// What it says about itself.
    pub summary: DraftSummary,
    /// TOML as written, whether or not it can be read.
    pub text: String,
}

/// What a draft is to hold from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftContent {
    /// The revision it is written on top of; 0: none.
    pub base: i64,
    /// TOML as written.
    pub text: String,
    /// How many differences it has to its base; `None`: it cannot be read, or is too large.
    pub changes: Option<usize>,
    /// Who saves it.
    pub by: String,
    /// Everybody who wrote it before, as its summary says.
    pub before: Vec<String>,
}

impl DraftContent {
    /// Everybody who wrote it, as the column holds them.
    fn writers(&self) -> Result<String, Error> {
        let mut writers: Vec<&String> = self.before.iter().collect();
        if !writers.contains(&&self.by) {
            writers.push(&self.by);
        }
        let text = to_json("names", &writers)?;
        checked("names", &text, WRITERS_LIMIT)?;
        Ok(text)
    }
}

impl Store {
    /// All drafts, the last saved first, without their texts.
    pub async fn drafts(&self) -> Result<Vec<DraftSummary>, Error> {
        let rows = self.database.rows(sqlx::query(LIST)).await?;
        rows.iter()
            .map(|row| read_summary(&Reader::new(TABLE, row)))
            .collect()
    }

    /// One draft.
    pub async fn draft(&self, id: DraftId) -> Result<Option<SharedDraft>, Error> {
        let row = self
            .database
            .row(sqlx::query(ONE).bind(id.to_string()))
            .await?;
        row.map(|row| {
            let row = Reader::new(TABLE, &row);
            Ok(SharedDraft {
                summary: read_summary(&row)?,
                text: row.text("document")?,
            })
        })
        .transpose()
    }

    /// Begins a draft. False: there are too many.
    pub async fn begin_draft(
        &self,
        (id, name): (DraftId, &str),
        content: &DraftContent,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let begin = sqlx::query(BEGIN)
            .bind(id.to_string())
            .bind(checked("a draft's name", name, NAME_LIMIT)?.to_owned())
            .bind(content.base)
            .bind(checked("a draft", &content.text, TEXT_LIMIT)?.to_owned())
            .bind(number(content.changes))
            .bind(checked("a name", &content.by, NAME_LIMIT)?.to_owned())
            .bind(content.writers()?)
            .bind(millis(now))
            .bind(MOST_DRAFTS);
        Ok(self.database.execute(begin).await? == 1)
    }

    /// Saves a draft, if it still has the version that was seen. False: it has not, or it is gone.
    pub async fn save_draft(
        &self,
        (id, version): (DraftId, i64),
        content: &DraftContent,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let save = sqlx::query(SAVE)
            .bind(content.base)
            .bind(checked("a draft", &content.text, TEXT_LIMIT)?.to_owned())
            .bind(number(content.changes))
            .bind(checked("a name", &content.by, NAME_LIMIT)?.to_owned())
            .bind(content.writers()?)
            .bind(millis(now))
            .bind(id.to_string())
            .bind(version);
        Ok(self.database.execute(save).await? == 1)
    }

    /// Puts a draft away that was published, if it still has the version that was seen. False: it has not, or it is gone.
    pub async fn put_draft_away(&self, id: DraftId, version: i64) -> Result<bool, Error> {
        let discard = sqlx::query(DISCARD).bind(id.to_string()).bind(version);
        Ok(self.database.execute(discard).await? == 1)
    }

    /// Discards a draft with its row of the record, if it still has the version that was seen. False: it has not, or it is
    /// gone.
    pub async fn discard_draft(
        &self,
        (id, version): (DraftId, i64),
        event: &Event,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let deed = Some(Deed::Discard(Discard(id, version)));
        let kind = EventKind::DraftDiscarded;
        match self.appender.append(kind, event, deed, now).await {
            Ok(_) => Ok(true),
            Err(Error::Overtaken) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A draft that is to be discarded, in the version that was seen.
#[derive(Debug)]
pub(super) struct Discard(DraftId, i64);

impl Discard {
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let discarded = sqlx::query(DISCARD)
            .bind(self.0.to_string())
            .bind(self.1)
            .execute(transaction.connection())
            .await?;
        if discarded.rows_affected() == 0 {
            return Err(Error::Overtaken);
        }
        Ok(())
    }
}

fn number(changes: Option<usize>) -> i64 {
    changes.map_or(-1, |changes| i64::try_from(changes).unwrap_or(i64::MAX))
}

fn read_summary(row: &Reader<'_>) -> Result<DraftSummary, Error> {
    let (author, changed_by) = (row.text("author")?, row.text("changed_by")?);
    let writers = if row.text("writers")?.is_empty() {
        let mut known = vec![author.clone(), changed_by.clone()];
        known.dedup();
        known
    } else {
        row.json("writers")?
    };
    Ok(DraftSummary {
        id: row.parsed("id", DraftId::parse)?,
        name: row.text("name")?,
        base: row.number("base")?,
        changes: usize::try_from(row.number("changes")?).ok(),
        author,
        changed_by,
        writers,
        began: row.time("began")?,
        changed: row.time("changed")?,
        version: row.number("version")?,
    })
}
