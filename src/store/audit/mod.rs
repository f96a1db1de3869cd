//! The record: rows are added, never changed, and chained by a MAC whose key is not in the database.
//!
//! Each start of the process writes a chain of its own, under a random name. A row's position counts over all
//! chains without gaps, its sequence within its chain; both, and everything else in the row, are under its MAC. So a row
//! that is changed, inserted, moved or taken out shows, and a whole chain that is taken out leaves a gap of positions. Only
//! the loss of the newest rows needs an exported head to show.
//!
//! The oldest rows may be dropped; a sealed checkpoint then says where the record begins, and how every chain stood there.
//!
//! `row` is the row and its MAC, `writer` adds rows in batches, `terms` says under what each is found, `search` finds it, `found` reads it,
//! `purge` drops the oldest and leaves a `checkpoint`, `verify` checks them all.

mod checkpoint;
mod found;
mod purge;
mod row;
mod search;
mod terms;
mod verify;
mod writer;

pub use found::Found;
pub use purge::{Dropped, Purge, Purgeable};
pub use row::{Head, Position, Row};
pub use search::{Looked, Order};
#[cfg(test)]
pub(super) use verify::check_rows;
pub use verify::{Finding, Verdict, Verification};
pub(super) use writer::{Appender, start};

use std::collections::BTreeSet;

use super::Store;
use super::error::Error;
use super::row::Reader;
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind, Record};

pub(super) const TABLE: &str = "audit";

statements! {
    AFTER = "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit \
             WHERE position > $1 ORDER BY position LIMIT $2";
    BEFORE = "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit \
              WHERE position < $1 ORDER BY position DESC LIMIT $2";
    NEXT_CHAIN = "SELECT COALESCE(MIN(chain), '') AS chain FROM audit WHERE chain > $1";
    LAST_OF_CHAIN = "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit \
                     WHERE chain = $1 ORDER BY sequence DESC LIMIT 1";
}

/// All statements of this folder, for the test that prepares them.
#[cfg(test)]
pub(super) fn all_statements() -> Vec<(&'static str, String)> {
    let fixed = [
        STATEMENTS,
        checkpoint::STATEMENTS,
        found::STATEMENTS,
        purge::STATEMENTS,
        search::STATEMENTS,
        terms::STATEMENTS,
        verify::STATEMENTS,
        writer::STATEMENTS,
    ];
    let fixed = fixed.into_iter().flatten();
    fixed
        .map(|(name, sql)| (*name, (*sql).to_owned()))
        .chain(writer::insert_texts())
        .chain(terms::insert_texts())
        .chain([("ROWS_AT", found::rows_text())])
        .collect()
}

/// The statements whose cost must not grow with the record, for the test that looks at their plans.
#[cfg(test)]
pub(super) fn walks() -> Vec<(&'static str, String)> {
    let mut walks: Vec<(&'static str, String)> = [
        search::STATEMENTS,
        found::STATEMENTS,
        STATEMENTS,
        terms::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .filter(|(name, _)| {
        [
            "OF_TERM",
            "BY_TIME",
            "OF_TERM_ON",
            "BY_TIME_ON",
            "AT",
            "AFTER",
            "BEFORE",
            "OF_ROWS",
        ]
        .contains(name)
    })
    .map(|(name, sql)| (*name, (*sql).to_owned()))
    .collect();
    walks.push(("ROWS_AT", found::rows_text()));
    walks
}

impl Store {
    /// Adds a row, and returns when it is durable. Rows that arrive together share one transaction.
    ///
    /// On an error the row may or may not have been written: nothing that depends on it may leave.
    pub async fn append(
        &self,
        kind: EventKind,
        event: &Event,
        now: Timestamp,
    ) -> Result<Position, Error> {
        self.appender.append(kind, event, None, now).await
    }

    /// How many transactions this process has used for its rows so far: beside the number of rows, it tells how well they share.
    pub fn audit_batches(&self) -> u64 {
        self.appender.batches()
    }

    /// The rows before a position (`None`: from the newest), the newest first.
    pub async fn recent(&self, before: Option<i64>, limit: u32) -> Result<Vec<Record>, Error> {
        self.database
            .rows(
                sqlx::query(BEFORE)
                    .bind(before.unwrap_or(i64::MAX))
                    .bind(i64::from(limit)),
            )
            .await?
            .iter()
            .map(|row| record(&Reader::new(TABLE, row)))
            .collect()
    }

    /// The rows after a position (0: from the first), in order, as they stand in the database, MACs included.
    pub async fn export(&self, after: i64, limit: u32) -> Result<Vec<Row>, Error> {
        self.database
            .rows(sqlx::query(AFTER).bind(after).bind(i64::from(limit)))
            .await?
            .iter()
            .map(|row| Row::read(&Reader::new(TABLE, row)))
            .collect()
    }

    /// The last row of every chain, those included whose rows were dropped: kept elsewhere, it shows the loss of the newest rows.
    pub async fn heads(&self) -> Result<Vec<Head>, Error> {
        let mut heads = self.live_heads().await?;
        if let Some(checkpoint) = self.checkpoint().await? {
            let live: BTreeSet<String> = heads.iter().map(|head| head.chain.clone()).collect();
            let dropped = checkpoint.chains.into_iter();
            heads.extend(dropped.filter(|head| !live.contains(&head.chain)));
            heads.sort_by(|a, b| a.chain.cmp(&b.chain));
        }
        Ok(heads)
    }

    async fn live_heads(&self) -> Result<Vec<Head>, Error> {
        let mut heads = Vec::new();
        let mut chain = String::new();
        loop {
            let rows = self
                .database
                .rows(sqlx::query(NEXT_CHAIN).bind(&*chain))
                .await?;
            chain = match rows.first() {
                Some(row) => Reader::new(TABLE, row).text("chain")?,
                None => String::new(),
            };
            if chain.is_empty() {
                return Ok(heads);
            }
            let rows = self
                .database
                .rows(sqlx::query(LAST_OF_CHAIN).bind(&*chain))
                .await?;
            for row in &rows {
                heads.push(Row::read(&Reader::new(TABLE, row))?.head());
            }
        }
    }
}

fn record(row: &Reader<'_>) -> Result<Record, Error> {
    Ok(Record {
        position: row.number("position")?,
        chain: row.text("chain")?,
        sequence: row.number("sequence")?,
        at: row.time("at")?,
        kind: row.parsed("kind", EventKind::parse)?,
        event: row.json("event")?,
    })
}
