//! Finding rows: a walk along the index, the newest first, a page at a time.
//!
//! Of the terms that have to be there, the one that is rarest around here is walked along; each row that it names is
//! read and judged by itself. A page ends when it is full, or after so many rows that did not fit: then the next goes on there.
//! So no page costs more than another, however long the record is.

use std::collections::BTreeMap;

use super::row::Row;
use super::{TABLE, record};
use crate::domain::audit::Record;
use crate::domain::record::{Cursor, Search};
use crate::store::Store;
use crate::store::digest;
use crate::store::error::Error;
use crate::store::row::{Reader, millis};
use crate::store::statements::statements;

/// The most rows that one page looks at.
const MOST_LOOKED_AT: u32 = 1024;
/// How many entries of a term are read at a time.
const STRIDE: i64 = 128;
/// How many entries of each term tell which is the rarest.
const PROBE: i64 = 64;
/// How many rows one statement reads.
const ROWS: usize = 64;

statements! {
    OF_TERM = "SELECT at, position FROM audit_terms \
               WHERE term = $1 AND (at, position) < ($2, $3) AND at >= $4 ORDER BY at DESC, position DESC LIMIT $5";
    BY_TIME = "SELECT at, position FROM audit \
               WHERE (at, position) < ($1, $2) AND at >= $3 ORDER BY at DESC, position DESC LIMIT $4";
    AT = "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit WHERE position = $1";
}

/// The statement that reads so many rows by their positions.
pub(super) fn rows_text() -> String {
    let places: Vec<String> = (1..=ROWS).map(|n| format!("${n}")).collect();
    format!(
        "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit WHERE position IN ({})",
        places.join(", ")
    )
}

/// A row that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// As it was written, as far as reading tells.
    Readable(Box<Record>),
    /// It says what no version of this has written, or a later one: `verify` says which.
    Unreadable {
        /// Its position.
        position: i64,
        /// When, as it or the index says: milliseconds since 1970.
        at: i64,
        /// What it holds, if that is text.
        text: Option<String>,
    },
}

/// A page of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// The rows, the newest first.
    pub rows: Vec<Found>,
    /// Where to go on; `None`: there is nothing more.
    pub next: Option<Cursor>,
    /// How many rows were read and judged.
    pub looked_at: u32,
    /// How many entries of the index were read.
    pub entries: u32,
    /// The rows that have no index yet, by first and last position: a search does not find them.
    pub unindexed: Option<(i64, i64)>,
}

/// What is walked along.
enum Walk {
    Term(String),
    Time,
}

impl Store {
    /// A page of at most so many rows that fit, from before a cursor (`None`: from the newest) back.
    pub async fn search(
        &self,
        search: &Search,
        before: Option<Cursor>,
        limit: u32,
    ) -> Result<Looked, Error> {
        let mut looked = Looked {
            rows: Vec::new(),
            next: None,
            looked_at: 0,
            entries: 0,
            unindexed: None,
        };
        let mut cursor = begin(search, before);
        let from = search.from.map_or(i64::MIN, millis);
        let walk = self.walk(search, cursor, from, &mut looked).await?;
        if matches!(walk, Walk::Term(_)) {
            looked.unindexed = self.unindexed().await?;
        }
        let limit = limit as usize;
        // one more than fits tells whether there is a next page
        let mut stride = i64::try_from(limit + 1).unwrap_or(STRIDE).min(STRIDE);
        let mut last_shown = cursor;
        loop {
            let entries = self.entries(&walk, cursor, from, stride).await?;
            looked.entries += u32::try_from(entries.len()).unwrap_or(u32::MAX);
            let over = i64::try_from(entries.len()).is_ok_and(|count| count < stride);
            let mut rows = self.rows_at(&entries).await?;
            for entry in entries {
                looked.looked_at += 1;
                cursor = entry;
                let Some(found) = rows.remove(&entry.position) else {
                    continue;
                };
                if !fits(search, &found) {
                    continue;
                }
                if looked.rows.len() == limit {
                    looked.next = Some(last_shown);
                    return Ok(looked);
                }
                looked.rows.push(found);
                last_shown = entry;
            }
            if over {
                return Ok(looked);
            }
            if looked.looked_at >= MOST_LOOKED_AT {
                looked.next = Some(cursor);
                return Ok(looked);
            }
            stride = STRIDE;
        }
    }

    /// The way that leads past the fewest rows: of several terms, the one whose newest entries reach back the furthest.
    async fn walk(
        &self,
        search: &Search,
        cursor: Cursor,
        from: i64,
        looked: &mut Looked,
    ) -> Result<Walk, Error> {
        let mut terms: Vec<Walk> = search
            .terms()
            .iter()
            .map(|term| Walk::Term(digest::term(term)))
            .collect();
        if terms.len() < 2 {
            return Ok(terms.pop().unwrap_or(Walk::Time));
        }
        let mut rarest: Option<((bool, usize, Cursor), Walk)> = None;
        for term in terms {
            let entries = self.entries(&term, cursor, from, PROBE).await?;
            looked.entries += u32::try_from(entries.len()).unwrap_or(u32::MAX);
            let more = i64::try_from(entries.len()).is_ok_and(|count| count == PROBE);
            let reach = (
                more,
                entries.len(),
                entries.last().copied().unwrap_or(cursor),
            );
            if rarest.as_ref().is_none_or(|(least, _)| reach < *least) {
                rarest = Some((reach, term));
            }
        }
        Ok(rarest.map_or(Walk::Time, |(_, term)| term))
    }

    async fn entries(
        &self,
        walk: &Walk,
        before: Cursor,
        from: i64,
        limit: i64,
    ) -> Result<Vec<Cursor>, Error> {
        let statement = match walk {
            Walk::Term(term) => sqlx::query(OF_TERM).bind(&**term),
            Walk::Time => sqlx::query(BY_TIME),
        };
        let rows = self
            .database
            .rows(
                statement
                    .bind(before.at)
                    .bind(before.position)
                    .bind(from)
                    .bind(limit),
            )
            .await?;
        let read = |row| {
            let row = Reader::new(TABLE, row);
            Ok(Cursor {
                at: row.number("at")?,
                position: row.number("position")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The rows of these positions, by position.
    async fn rows_at(&self, entries: &[Cursor]) -> Result<BTreeMap<i64, Found>, Error> {
        let mut found = BTreeMap::new();
        for portion in entries.chunks(ROWS) {
            let mut statement = sqlx::query(sqlx::AssertSqlSafe(rows_text()));
            let last = portion.last().map_or(0, |entry| entry.position);
            let positions = portion.iter().map(|entry| entry.position);
            for position in positions.chain(std::iter::repeat(last)).take(ROWS) {
                statement = statement.bind(position);
            }
            match self.database.rows(statement).await {
                Ok(rows) => {
                    for row in &rows {
                        let reader = Reader::new(TABLE, row);
                        found.insert(reader.number("position")?, read(&reader));
                    }
                }
                // a text that is no text spoils the whole answer: ask for one row at a time
                Err(Error::Inconsistent { .. }) => {
                    for entry in portion {
                        found.extend(self.row_at(*entry).await?);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    async fn row_at(&self, entry: Cursor) -> Result<Option<(i64, Found)>, Error> {
        let row = self
            .database
            .row(sqlx::query(AT).bind(entry.position))
            .await;
        let found = match row {
            Ok(None) => return Ok(None),
            Ok(Some(row)) => read(&Reader::new(TABLE, &row)),
            Err(Error::Inconsistent { .. }) => Found::Unreadable {
                position: entry.position,
                at: entry.at,
                text: None,
            },
            Err(error) => return Err(error),
        };
        Ok(Some((entry.position, found)))
    }
}

/// Where a page begins: before the cursor, and before the moment up to which one searches.
fn begin(search: &Search, before: Option<Cursor>) -> Cursor {
    let newest = Cursor {
        at: i64::MAX,
        position: i64::MAX,
    };
    let until = search.until.map(|until| Cursor {
        at: millis(until),
        position: i64::MIN,
    });
    before.unwrap_or(newest).min(until.unwrap_or(newest))
}

fn fits(search: &Search, found: &Found) -> bool {
    match found {
        Found::Readable(record) => search.matches(record),
        // what the index says of it is all there is to go by
        Found::Unreadable { .. } => true,
    }
}

fn read(row: &Reader<'_>) -> Found {
    match record(row) {
        Ok(record) => Found::Readable(Box::new(record)),
        Err(_) => Found::Unreadable {
            position: row.number("position").unwrap_or_default(),
            at: row.number("at").unwrap_or_default(),
            text: Row::read(row).ok().map(|row| row.event),
        },
    }
}
