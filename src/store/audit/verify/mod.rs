//! Checks the whole record: every row's MAC, the positions, the links of each chain, and heads that were kept elsewhere.
//!
//! Reads the log once in order of position, in bounded memory, while rows are being added. What fails is named row by row:
//! one damaged row casts no doubt on its neighbours, since each row carries the MAC before it.

mod findings;
mod walk;

pub use findings::{Finding, Verification};
use walk::Walk;

use sqlx::any::AnyRow;

use super::TABLE;
use super::row::{Head, Row};
use crate::store::Store;
use crate::store::error::Error;
use crate::store::row::Reader;
use crate::store::statements::statements;

/// How many positions are read at a time.
const STRIDE: i64 = 1000;

statements! {
    RANGE = "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit \
             WHERE position >= $1 AND position <= $2 ORDER BY position";
    NEXT_POSITION = "SELECT position FROM audit WHERE position >= $1 ORDER BY position LIMIT 1";
    POSITIONS = "SELECT position FROM audit WHERE position >= $1 AND position <= $2 ORDER BY position";
    GIVEN_OUT = "SELECT last FROM audit_position WHERE id = 1";
}

impl Store {
    /// Checks every row, and that the log still contains what `heads`, exported earlier, say it did.
    pub async fn verify(&self, heads: &[Head]) -> Result<Verification, Error> {
        let given_out = self.given_out().await?;
        let mut walk = Walk::new(self.audit_key.hmac(), heads);
        let mut from = i64::MIN;
        loop {
            let rows = self
                .database
                .rows(sqlx::query(NEXT_POSITION).bind(from))
                .await?;
            let Some(row) = rows.first() else {
                break;
            };
            let Ok(start) = Reader::new(TABLE, row).number("position") else {
                walk.unreadable(None);
                break;
            };
            let last = start.saturating_add(STRIDE - 1);
            self.walk_range(&mut walk, start, last).await?;
            let Some(next) = last.checked_add(1) else {
                break;
            };
            from = next;
        }
        Ok(walk.finish(given_out))
    }

    /// The last position that was given out, as the database says.
    async fn given_out(&self) -> Result<i64, Error> {
        let rows = self.database.rows(sqlx::query(GIVEN_OUT)).await?;
        rows.first().map_or(Ok(0), |row| {
            Reader::new("audit_position", row).number("last")
        })
    }

    async fn walk_range(&self, walk: &mut Walk, first: i64, last: i64) -> Result<(), Error> {
        let rows = self
            .database
            .rows(sqlx::query(RANGE).bind(first).bind(last))
            .await;
        match rows {
            Ok(rows) => {
                for row in &rows {
                    step(walk, row);
                }
                Ok(())
            }
            // a text that is no text spoils the whole answer: ask for one row at a time
            Err(Error::Inconsistent { .. }) => self.walk_singly(walk, first, last).await,
            Err(error) => Err(error),
        }
    }

    async fn walk_singly(&self, walk: &mut Walk, first: i64, last: i64) -> Result<(), Error> {
        let positions = self
            .database
            .rows(sqlx::query(POSITIONS).bind(first).bind(last))
            .await?;
        for row in &positions {
            let Ok(position) = Reader::new(TABLE, row).number("position") else {
                walk.unreadable(None);
                continue;
            };
            let rows = self
                .database
                .rows(sqlx::query(RANGE).bind(position).bind(position))
                .await;
            match rows {
                Ok(rows) => {
                    for row in &rows {
                        step(walk, row);
                    }
                }
                Err(Error::Inconsistent { .. }) => walk.unreadable(Some(position)),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn step(walk: &mut Walk, row: &AnyRow) {
    let reader = Reader::new(TABLE, row);
    match Row::read(&reader) {
        Ok(row) => walk.row(row),
        Err(_) => walk.unreadable(reader.number("position").ok()),
    }
}
