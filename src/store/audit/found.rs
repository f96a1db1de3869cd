//! Rows that were found, read by their positions: one that cannot be read hides no other.

use std::collections::BTreeMap;

use super::row::Row;
use super::{TABLE, record};
use crate::domain::audit::Record;
use crate::domain::record::Cursor;
use crate::store::Store;
use crate::store::error::Error;
use crate::store::row::Reader;
use crate::store::statements::statements;

/// How many rows one statement reads.
const ROWS: usize = 64;

statements! {
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
pub struct Found {
    /// Its position.
    pub position: i64,
    /// When, in milliseconds since 1970: as it says, or the index.
    pub at: i64,
    /// As it stands in the database; `None`: it holds what is no text.
    pub row: Option<Row>,
    /// What it says; `None`: what no version of this has written, or a later one. `verify` says which.
    pub record: Option<Record>,
}

impl Store {
    /// The rows of these positions, by position.
    pub(super) async fn rows_at(&self, entries: &[Cursor]) -> Result<BTreeMap<i64, Found>, Error> {
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
                        // one that has no number where one belongs spoils itself alone
                        let row = match read(&Reader::new(TABLE, row)) {
                            Err(Error::Inconsistent { column, .. }) if column != "position" => {
                                let position = Reader::new(TABLE, row).number("position")?;
                                let at = portion.iter().find(|entry| entry.position == position);
                                unreadable(Cursor {
                                    position,
                                    at: at.map_or(0, |entry| entry.at),
                                })
                            }
                            read => read?,
                        };
                        found.insert(row.position, row);
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
            Err(error) => Err(error),
        };
        let found = match found {
            Err(Error::Inconsistent { .. }) => unreadable(entry),
            found => found?,
        };
        Ok(Some((entry.position, found)))
    }
}

/// A row of which nothing is known but what the index says.
fn unreadable(entry: Cursor) -> Found {
    Found {
        position: entry.position,
        at: entry.at,
        row: None,
        record: None,
    }
}

fn read(row: &Reader<'_>) -> Result<Found, Error> {
    Ok(Found {
        position: row.number("position")?,
        at: row.number("at")?,
        row: Row::read(row).ok(),
        record: record(row).ok(),
    })
}
