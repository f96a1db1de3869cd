//! The audit log for those who answer for it: read it, search it, copy it out, find whom a name in CloudTrail is, drop its
//! oldest rows, and see whether anybody changed it.
//!
//! An administrator who reads or copies the record of others leaves a row that says so, durable before anything is
//! answered. Whoever runs a command has the database itself, and leaves none but for what they drop.

mod copy;
mod known;
mod lines;
mod of;
mod purge;
mod spelt;
mod who;

use url::form_urlencoded;

use super::{Admin, Error};
use crate::domain::access::Document;
use crate::domain::audit::{Event, EventKind};
use crate::domain::record::{Cursor, Search};
use crate::store::{self, Store};

use crate::store::audit::Order;
pub use crate::store::audit::{Found, Head, Looked, Purgeable, Row, Verdict, Verification};
pub use copy::Copying;
pub use lines::Format;
pub use of::{OfPerson, OfRole, Section};
pub use who::Traced;

/// The most rows on a page.
pub const MOST_ROWS: u32 = 200;

/// The audit log.
#[derive(Debug, Clone)]
pub struct Record(Store);

impl Record {
    /// Of a database, whatever its schema: nothing is migrated for a look.
    pub fn new(store: Store) -> Self {
        Self(store)
    }

    /// The rows after a position (0: from the first), in order, as they stand in the database.
    pub async fn rows(&self, after: i64, limit: u32) -> Result<Vec<Row>, store::Error> {
        self.0.export(after, limit).await
    }

    /// A row as a line of JSON, with its end.
    pub fn line(row: Row) -> String {
        lines::line(
            Format::Jsonl,
            &Found {
                position: row.position,
                at: row.at,
                row: Some(row),
                record: None,
            },
        )
    }

    /// The rows that fit, the oldest first, as lines.
    pub async fn copy(&self, search: Search, format: Format) -> Result<Copying, Error> {
        copy::check_filed(&self.0, &search).await?;
        let search = match &search.account {
            None => search,
            Some(_) => match self.0.current_revision().await? {
                None => search,
                Some(revision) => {
                    let document = Document::from_json(&revision.document_json);
                    spelt::by_document(&document.map_err(Error::Stored)?, search)
                }
            },
        };
        Ok(Copying::new(self.0.clone(), search, format))
    }

    /// The last row of every chain.
    pub async fn heads(&self) -> Result<Vec<Head>, store::Error> {
        self.0.heads().await
    }

    /// Checks every row, and that the log still holds what `heads`, printed earlier, say it did.
    pub async fn verify(&self, heads: &[Head]) -> Result<Verification, store::Error> {
        self.0.verify(heads).await
    }

    /// Puts the index right: whatever is missing is added, whatever does not belong is taken out. Says how many terms were wrong.
    pub async fn reindex(&self) -> Result<u64, store::Error> {
        let (mut after, mut wrong) = (0, 0);
        while let Some((end, count)) = self.0.reindex_portion(after).await? {
            after = end;
            wrong += count;
        }
        for (after, last) in [(i64::MIN, 0), (after, i64::MAX)] {
            wrong += self.0.drop_strays(after, last).await?;
        }
        Ok(wrong)
    }

    /// Whether the database has this version's schema.
    pub async fn ping(&self) -> Result<(), store::Error> {
        self.0.ping().await
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Admin {
    /// A page of the record, the newest first; `by` says who reads.
    pub async fn search_record(
        &self,
        search: &Search,
        before: Option<Cursor>,
        limit: u32,
        by: Event,
    ) -> Result<Looked, Error> {
        let mut query = search.fields();
        query.extend(before.map(|before| ("before", before.text())));
        self.read_by(EventKind::RecordRead, &query, by).await?;
        let limit = limit.min(MOST_ROWS);
        let search = spelt::by_index(&self.access.index(), search.clone());
        let looked = self
            .store
            .search(&search, Order::NewestFirst, before, limit)
            .await?;
        Ok(looked)
    }

    /// The rows that fit, the oldest first, as lines; `by` says who copies.
    pub async fn copy_record(
        &self,
        search: Search,
        format: Format,
        by: Event,
    ) -> Result<Copying, Error> {
        copy::check_filed(&self.store, &search).await?;
        let mut query = search.fields();
        query.push(("format", format.name().to_owned()));
        self.read_by(EventKind::RecordExported, &query, by).await?;
        let search = spelt::by_index(&self.access.index(), search);
        Ok(Copying::new(self.store.clone(), search, format))
    }

    /// Writes down who is about to read what.
    async fn read_by(
        &self,
        kind: EventKind,
        query: &[(&'static str, String)],
        by: Event,
    ) -> Result<(), Error> {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        let event = Event {
            query: Some(query),
            ..by
        };
        self.store.append(kind, &event, self.clock.now()).await?;
        Ok(())
    }
}
