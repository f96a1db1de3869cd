//! Checks the whole record: every row's MAC, the positions, the links of each chain, heads that were kept elsewhere, where it
//! begins after a purge, and that the index hides no row.
//!
//! Reads the log once in order of position, in bounded memory, while rows are being added. Every statement sees the log as it
//! is by then, so the order of reading matters: rows first, and their terms after, for both are there from one moment on; and
//! on from the last position that was read. What fails is named row by row: one damaged row casts no doubt on its
//! neighbours, since each row carries the MAC before it.

mod findings;
mod walk;

pub use findings::{Finding, Verdict, Verification};
use walk::Walk;

use std::collections::{BTreeMap, BTreeSet};

use sqlx::any::AnyRow;

use super::TABLE;
use super::checkpoint::Kept;
use super::row::{Head, Row};
use super::terms::Filed;
use crate::store::Store;
use crate::store::error::Error;
use crate::store::migrations::is_missing_table;
use crate::store::row::Reader;
use crate::store::statements::statements;

/// How many positions are read at a time.
const STRIDE: i64 = 1000;

statements! {
    RANGE = "SELECT position, chain, sequence, at, kind, event, previous, mac FROM audit \
             WHERE position >= $1 AND position <= $2 ORDER BY position";
    POSITIONS_FROM = "SELECT position FROM audit WHERE position >= $1 ORDER BY position LIMIT $2";
    POSITIONS = "SELECT position FROM audit WHERE position >= $1 AND position <= $2 ORDER BY position";
    GIVEN_OUT = "SELECT last FROM audit_position WHERE id = 1";
}

impl Store {
    /// Checks every row, that the log still contains what `heads`, exported earlier, say it did, and that the index
    /// says of every row what the row says.
    pub async fn verify(&self, heads: &[Head]) -> Result<Verification, Error> {
        self.verify_beside(heads, async || {}).await
    }

    /// The same, while something happens between any two statements: nothing but in tests.
    pub(in crate::store) async fn verify_beside(
        &self,
        heads: &[Head],
        mut beside: impl AsyncFnMut(),
    ) -> Result<Verification, Error> {
        loop {
            let verification = self.verify_once(heads, &mut beside).await?;
            // a purge in between took rows away that the walk then missed
            match self.kept().await {
                Ok(Kept::Sealed(now)) if now.position > verification.purged => {}
                _ => return Ok(verification),
            }
        }
    }

    async fn verify_once(
        &self,
        heads: &[Head],
        beside: &mut impl AsyncFnMut(),
    ) -> Result<Verification, Error> {
        let given_out = self.given_out().await?;
        beside().await;
        let mut walk = Walk::new(self.audit_key.hmac(), heads);
        let index = self.begin(&mut walk).await?;
        let mut from = i64::MIN;
        loop {
            beside().await;
            let stride = self.stride(from).await?;
            beside().await;
            if let Some((first, last)) = stride.range {
                let rows = self.rows_between(first, last).await?;
                beside().await;
                let filed = match index {
                    Some(unindexed) => Index::of(self.filed(first, last).await?, unindexed),
                    None => Index::default(),
                };
                for row in rows {
                    step(&mut walk, &filed, row);
                }
            }
            if stride.unreadable {
                walk.unreadable(None);
            }
            let next = stride.range.and_then(|(_, last)| last.checked_add(1));
            match next {
                // what was added since the end was met is for the next check
                Some(next) if !stride.is_last => from = next,
                _ => break,
            }
        }
        beside().await;
        if index.is_some() {
            self.find_strays(&mut walk, given_out).await?;
        }
        Ok(walk.finish(given_out))
    }

    /// Which positions come next.
    async fn stride(&self, from: i64) -> Result<Stride, Error> {
        let read = async |limit: i64| {
            let positions = sqlx::query(POSITIONS_FROM).bind(from).bind(limit);
            let rows = self.database.rows(positions).await?;
            Ok::<_, Error>(Stride::of(&rows, limit))
        };
        match read(STRIDE).await {
            // a text that is no text spoils the whole answer: ask for one position at a time
            Err(Error::Inconsistent { .. }) => read(1).await,
            stride => stride,
        }
    }

    /// Where the walk begins, and which rows the index leaves out; `None`: the schema is older than the index.
    async fn begin(&self, walk: &mut Walk) -> Result<Option<Option<(i64, i64)>>, Error> {
        let kept = match self.kept().await {
            Err(Error::Unavailable(source)) if is_missing_table(&source) => return Ok(None),
            kept => kept?,
        };
        match kept {
            Kept::Nothing => {}
            Kept::Sealed(checkpoint) => walk.begin_after(checkpoint),
            Kept::Forged => walk.find(0, Finding::ForgedCheckpoint),
        }
        let unindexed = self.unindexed().await?;
        if let Some((first, last)) = unindexed {
            walk.find(first, Finding::Unindexed { first, last });
        }
        Ok(Some(unindexed))
    }

    /// Names the first position on either side of those that hold rows, or should, which the index names.
    async fn find_strays(&self, walk: &mut Walk, given_out: i64) -> Result<(), Error> {
        for (after, last) in [(i64::MIN, walk.purged()), (given_out, i64::MAX)] {
            if let Some(position) = self.stray(after, last).await? {
                walk.find(position, Finding::Stray(position));
            }
        }
        Ok(())
    }

    /// The last position that was given out, as the database says.
    pub(super) async fn given_out(&self) -> Result<i64, Error> {
        let rows = self.database.rows(sqlx::query(GIVEN_OUT)).await?;
        rows.first().map_or(Ok(0), |row| {
            Reader::new("audit_position", row).number("last")
        })
    }

    /// The rows between two positions.
    async fn rows_between(&self, first: i64, last: i64) -> Result<Vec<Stood>, Error> {
        let rows = self
            .database
            .rows(sqlx::query(RANGE).bind(first).bind(last))
            .await;
        match rows {
            Ok(rows) => Ok(rows.iter().map(Stood::read).collect()),
            // a text that is no text spoils the whole answer: ask for one row at a time
            Err(Error::Inconsistent { .. }) => self.rows_singly(first, last).await,
            Err(error) => Err(error),
        }
    }

    async fn rows_singly(&self, first: i64, last: i64) -> Result<Vec<Stood>, Error> {
        let positions = self
            .database
            .rows(sqlx::query(POSITIONS).bind(first).bind(last))
            .await?;
        let mut stood = Vec::new();
        for row in &positions {
            let Ok(position) = Reader::new(TABLE, row).number("position") else {
                stood.push(Stood::Unreadable(None));
                continue;
            };
            let rows = self
                .database
                .rows(sqlx::query(RANGE).bind(position).bind(position))
                .await;
            match rows {
                Ok(rows) => stood.extend(rows.iter().map(Stood::read)),
                Err(Error::Inconsistent { .. }) => stood.push(Stood::Unreadable(Some(position))),
                Err(error) => return Err(error),
            }
        }
        Ok(stood)
    }
}

/// The positions that come next, as they were at one moment.
struct Stride {
    /// The first and the last of them.
    range: Option<(i64, i64)>,
    /// Whether there were no more after them.
    is_last: bool,
    /// Whether one after them is no number.
    unreadable: bool,
}

impl Stride {
    fn of(rows: &[AnyRow], limit: i64) -> Self {
        let positions: Vec<i64> = rows
            .iter()
            .map_while(|row| Reader::new(TABLE, row).number("position").ok())
            .collect();
        let unreadable = positions.len() < rows.len();
        let is_short = i64::try_from(rows.len()).is_ok_and(|count| count < limit);
        Self {
            range: positions.first().copied().zip(positions.last().copied()),
            is_last: is_short || unreadable,
            unreadable,
        }
    }
}

/// What stood at a position.
enum Stood {
    Row(Row),
    /// What cannot be read; its position, if that can.
    Unreadable(Option<i64>),
}

impl Stood {
    fn read(row: &AnyRow) -> Self {
        let reader = Reader::new(TABLE, row);
        Row::read(&reader).map_or_else(
            |_| Self::Unreadable(reader.number("position").ok()),
            Self::Row,
        )
    }
}

/// Judges rows that are at hand as those of a database, from after one on that is known to be good.
#[cfg(test)]
pub(in crate::store) fn check_rows(
    key: &aws_lc_rs::hmac::Key,
    before: Option<Row>,
    rows: Vec<Row>,
    given_out: i64,
) -> Verification {
    let mut walk = Walk::new(key.clone(), &[]);
    if let Some(before) = before {
        walk.begin_after(super::checkpoint::Checkpoint {
            position: before.position,
            chains: vec![before.head()],
        });
    }
    for row in rows {
        walk.row(row, None);
    }
    walk.finish(given_out)
}

/// What the index has of some rows, by position.
#[derive(Default)]
struct Index {
    filed: BTreeMap<i64, BTreeSet<Filed>>,
    /// Which rows it has to have: none, or all but these.
    must_have: Option<(i64, i64)>,
}

impl Index {
    fn of(filed: Vec<Filed>, unindexed: Option<(i64, i64)>) -> Self {
        let mut index = Self {
            must_have: Some(unindexed.unwrap_or((0, -1))),
            ..Self::default()
        };
        for entry in filed {
            index.filed.entry(entry.position).or_default().insert(entry);
        }
        index
    }
}

fn step(walk: &mut Walk, index: &Index, row: Stood) {
    let row = match row {
        Stood::Row(row) => row,
        Stood::Unreadable(position) => return walk.unreadable(position),
    };
    let nothing = BTreeSet::new();
    let filed = index.must_have.and_then(|(first, last)| {
        let left_out = (first..=last).contains(&row.position);
        (!left_out).then(|| index.filed.get(&row.position).unwrap_or(&nothing))
    });
    walk.row(row, filed);
}
