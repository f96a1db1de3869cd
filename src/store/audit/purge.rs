//! Dropping the oldest rows: a whole prefix of positions, portion by portion, each with the checkpoint that says where the
//! record begins from then on. A row that is not as it was written, or stands where none can, is never dropped, nor is any after
//! it: it is evidence. Nothing goes that was not checked.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use sqlx::any::AnyRow;

use super::checkpoint::{Checkpoint, Kept};
use super::row::{Head, Row};
use super::{AFTER, TABLE};
use crate::domain::Timestamp;
use crate::store::Store;
use crate::store::database::{Transaction, bounded};
use crate::store::error::Error;
use crate::store::row::{Reader, millis};
use crate::store::statements::statements;

/// How many rows go at a time: so few that nobody who waits to write waits long.
const PORTION: i64 = 500;

statements! {
    /// Writers take turns at this row: while it is held nobody adds a row, and nobody else drops any.
    HOLD = "UPDATE audit_position SET last = last WHERE id = 1 RETURNING last";
    TIMES = "SELECT position, at FROM audit WHERE position > $1 ORDER BY position LIMIT $2";
    /// A row that stands where none can: where rows were dropped, or before the first.
    BELOW = "SELECT position FROM audit WHERE position <= $1 ORDER BY position LIMIT 1";
    DROP_ROWS = "DELETE FROM audit WHERE position > $1 AND position <= $2";
    DROP_TERMS = "DELETE FROM audit_terms WHERE position > $1 AND position <= $2";
}

/// The rows that may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purgeable {
    /// The first of them.
    pub first: i64,
    /// The last.
    pub last: i64,
    /// How many there are.
    pub rows: u64,
}

/// What was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    /// The last position of it; none is known where what says so was forged.
    pub last: i64,
    /// When the first row is of that was kept; `None`: none was, or that is not known.
    pub first_kept: Option<Timestamp>,
}

/// What became of a portion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purge {
    /// So many rows are gone, and there are more to go.
    Portion(u64),
    /// None is left to go.
    Done,
}

impl Store {
    /// The rows from the first on that are all older than a moment; `None`: there are none.
    pub async fn purgeable(&self, before: Timestamp) -> Result<Option<Purgeable>, Error> {
        let mut after = self.checkpoint().await?.map_or(0, |kept| kept.position);
        none_below(&self.database.rows(sqlx::query(BELOW).bind(after)).await?)?;
        let mut found: Option<Purgeable> = None;
        loop {
            let rows = self
                .database
                .rows(sqlx::query(TIMES).bind(after).bind(1000_i64))
                .await?;
            if rows.is_empty() {
                return Ok(found);
            }
            for row in &rows {
                let row = Reader::new(TABLE, row);
                if row.number("at")? >= millis(before) {
                    return Ok(found);
                }
                let position = row.number("position")?;
                let so_far = found.unwrap_or(Purgeable {
                    first: position,
                    last: position,
                    rows: 0,
                });
                found = Some(Purgeable {
                    last: position,
                    rows: so_far.rows + 1,
                    ..so_far
                });
                after = position;
            }
        }
    }

    /// What was dropped so far; `None`: nothing was.
    pub async fn dropped(&self) -> Result<Option<Dropped>, Error> {
        let last = match self.kept().await? {
            Kept::Nothing => return Ok(None),
            Kept::Sealed(checkpoint) => checkpoint.position,
            Kept::Forged => {
                return Ok(Some(Dropped {
                    last: i64::MAX,
                    first_kept: None,
                }));
            }
        };
        let first = sqlx::query(TIMES).bind(last).bind(1_i64);
        let first = self.database.row(first).await?;
        Ok(Some(Dropped {
            last,
            first_kept: first.and_then(|row| Reader::new(TABLE, &row).time("at").ok()),
        }))
    }

    /// Drops the next rows up to a position, and moves the checkpoint there, both or neither.
    pub async fn purge_portion(&self, to: i64) -> Result<Purge, Error> {
        let key = self.audit_key.hmac();
        bounded(async {
            let mut transaction = self.database.begin().await?;
            sqlx::query(HOLD)
                .fetch_all(transaction.connection())
                .await?;
            let kept = Checkpoint::within(&mut transaction, &key).await?;
            let kept = kept.unwrap_or(Checkpoint {
                position: 0,
                chains: Vec::new(),
            });
            let from = kept.position;
            let below = sqlx::query(BELOW).bind(from);
            none_below(&below.fetch_all(transaction.connection()).await?)?;
            let rows = rows_after(&mut transaction, from, to).await?;
            let Some(last) = rows.last().map(|row| row.position) else {
                transaction.rollback().await?;
                return Ok(Purge::Done);
            };
            let count = rows.len() as u64;
            let next = beyond(kept, rows, &key)?;
            next.write(&mut transaction, &key).await?;
            for statement in [DROP_ROWS, DROP_TERMS] {
                sqlx::query(statement)
                    .bind(from)
                    .bind(last)
                    .execute(transaction.connection())
                    .await?;
            }
            transaction.commit().await?;
            Ok(Purge::Portion(count))
        })
        .await
    }
}

/// Refuses where a row was found that stands where none can.
fn none_below(rows: &[AnyRow]) -> Result<(), Error> {
    rows.first().map_or(Ok(()), |row| {
        let position = Reader::new(TABLE, row).number("position")?;
        Err(Error::Damaged { position })
    })
}

async fn rows_after(transaction: &mut Transaction, after: i64, to: i64) -> Result<Vec<Row>, Error> {
    let rows = sqlx::query(AFTER)
        .bind(after)
        .bind(PORTION)
        .fetch_all(transaction.connection())
        .await?;
    let read = |row| Row::read(&Reader::new(TABLE, row));
    let rows: Result<Vec<Row>, Error> = rows.iter().map(read).collect();
    Ok(rows?.into_iter().filter(|row| row.position <= to).collect())
}

/// The checkpoint after some rows, if each is as it was written and follows on what was before it.
fn beyond(kept: Checkpoint, rows: Vec<Row>, key: &hmac::Key) -> Result<Checkpoint, Error> {
    let mut position = kept.position;
    let chains = kept.chains.into_iter();
    let mut chains: BTreeMap<String, Head> =
        chains.map(|head| (head.chain.clone(), head)).collect();
    for row in rows {
        let before = chains.get(&row.chain);
        let (sequence, mac) = before.map_or((0, ""), |head| (head.sequence, &*head.mac));
        let follows = row.position == position + 1
            && row.sequence == sequence + 1
            && row.previous == mac
            && row.is_sealed(key);
        if !follows {
            return Err(Error::Damaged {
                position: position + 1,
            });
        }
        position = row.position;
        chains.insert(row.chain.clone(), row.head());
    }
    Ok(Checkpoint {
        position,
        chains: chains.into_values().collect(),
    })
}
