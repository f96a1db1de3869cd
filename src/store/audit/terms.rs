//! The index of the record: under which terms each row is found. Derived from the rows, and written with them.
//!
//! Rows that stood before there was an index get theirs portion by portion, in order of position; what is done is
//! written down with each portion, so that whoever is stopped goes on there.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::row::Row;
use super::{AFTER, TABLE};
use crate::domain::audit::Event;
use crate::domain::record::terms;
use crate::store::Store;
use crate::store::database::{Transaction, bounded};
use crate::store::digest;
use crate::store::error::Error;
use crate::store::row::Reader;
use crate::store::statements::statements;

const INDEXING: &str = "audit_indexing";

/// Terms per `INSERT`: few sizes, so that few statements are prepared. The last one is filled up by saying a term again.
const INSERT_SIZES: [usize; 3] = [256, 64, 16];

/// How many rows get their terms at a time.
const PORTION: i64 = 200;

statements! {
    STATE = "SELECT done, goal FROM audit_indexing WHERE id = 1";
    ADVANCE = "UPDATE audit_indexing SET done = $1 WHERE id = 1 AND done < $1";
    TAKE_OUT = "DELETE FROM audit_terms WHERE term = $1 AND at = $2 AND position = $3";
    OF_ROWS = "SELECT position, term, at FROM audit_terms WHERE position >= $1 AND position <= $2 ORDER BY position";
    STRAY = "SELECT position FROM audit_terms WHERE position > $1 AND position <= $2 \
             AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.position = audit_terms.position) ORDER BY position LIMIT 1";
    DROP_STRAYS = "DELETE FROM audit_terms WHERE position > $1 AND position <= $2 \
                   AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.position = audit_terms.position)";
}

/// A term of a row, as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Filed {
    pub(super) position: i64,
    pub(super) term: String,
    pub(super) at: i64,
}

impl Filed {
    pub(super) fn read(row: &Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            position: row.number("position")?,
            term: row.text("term")?,
            at: row.number("at")?,
        })
    }
}

/// What an event is filed under.
pub(super) fn of_event(kind: &str, event: &Event) -> BTreeSet<String> {
    terms(kind, event).iter().map(digest::term).collect()
}

/// What a row has to be filed under; `None`: it says what this version cannot read.
pub(super) fn of_row(row: &Row) -> Option<BTreeSet<Filed>> {
    let event: Event = serde_json::from_str(&row.event).ok()?;
    let terms = of_event(&row.kind, &event).into_iter();
    Some(
        terms
            .map(|term| Filed {
                position: row.position,
                term,
                at: row.at,
            })
            .collect(),
    )
}

/// The `INSERT`s of all sizes.
static INSERTS: LazyLock<Vec<(usize, Arc<str>)>> = LazyLock::new(|| {
    let texts = INSERT_SIZES.into_iter().map(|size| {
        let groups: Vec<String> = (0..size)
            .map(|n| format!("(${}, ${}, ${})", n * 3 + 1, n * 3 + 2, n * 3 + 3))
            .collect();
        let groups = groups.join(", ");
        let text = format!(
            "INSERT INTO audit_terms (term, at, position) VALUES {groups} ON CONFLICT (term, at, position) DO NOTHING"
        );
        (size, text.into())
    });
    texts.collect()
});

/// The same, for the test that prepares them.
#[cfg(test)]
pub(super) fn insert_texts() -> impl Iterator<Item = (&'static str, String)> {
    INSERTS.iter().map(|(_, text)| ("INSERT", text.to_string()))
}

/// Writes terms, within whatever transaction their rows belong to.
pub(super) async fn insert(
    transaction: &mut Transaction,
    mut terms: &[Filed],
) -> Result<(), Error> {
    while let Some(last) = terms.last() {
        let fits = INSERTS.iter().find(|(size, _)| *size <= terms.len());
        let Some((size, text)) = fits.or(INSERTS.last()) else {
            break;
        };
        let (head, tail) = terms.split_at(terms.len().min(*size));
        let mut statement = sqlx::query(sqlx::AssertSqlSafe(Arc::clone(text)));
        for term in head.iter().chain(std::iter::repeat(last)).take(*size) {
            statement = statement
                .bind(&*term.term)
                .bind(term.at)
                .bind(term.position);
        }
        statement.execute(transaction.connection()).await?;
        terms = tail;
    }
    Ok(())
}

impl Store {
    /// The rows that have no terms yet: first and last position.
    pub async fn unindexed(&self) -> Result<Option<(i64, i64)>, Error> {
        let row = self.database.row(sqlx::query(STATE)).await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let row = Reader::new(INDEXING, &row);
        let (done, goal) = (row.number("done")?, row.number("goal")?);
        Ok((done < goal).then_some((done + 1, goal)))
    }

    /// Gives the next of the rows that stood before there was an index their terms. False: none is left.
    pub async fn index_portion(&self) -> Result<bool, Error> {
        if self.unindexed().await?.is_none() {
            return Ok(false);
        }
        bounded(async {
            let mut transaction = self.database.begin().await?;
            let state = sqlx::query(STATE)
                .fetch_all(transaction.connection())
                .await?;
            let Some(state) = state.first() else {
                return Ok(false);
            };
            let state = Reader::new(INDEXING, state);
            let (done, goal) = (state.number("done")?, state.number("goal")?);
            let rows = sqlx::query(AFTER)
                .bind(done)
                .bind(PORTION)
                .fetch_all(transaction.connection())
                .await?;
            let mut terms = Vec::new();
            let mut last = goal;
            let full = i64::try_from(rows.len()).is_ok_and(|count| count == PORTION);
            for row in &rows {
                let reader = Reader::new(TABLE, row);
                if full {
                    last = reader.number("position")?.min(goal);
                }
                // one that cannot be read was not written by us: `verify` names it
                if let Some(filed) = Row::read(&reader).ok().as_ref().and_then(of_row) {
                    terms.extend(filed);
                }
            }
            insert(&mut transaction, &terms).await?;
            sqlx::query(ADVANCE)
                .bind(last)
                .execute(transaction.connection())
                .await?;
            transaction.commit().await?;
            Ok(last < goal)
        })
        .await
    }

    /// What is filed of the rows between two positions.
    pub(super) async fn filed(&self, first: i64, last: i64) -> Result<Vec<Filed>, Error> {
        let rows = self
            .database
            .rows(sqlx::query(OF_ROWS).bind(first).bind(last))
            .await?;
        let read = |row| Filed::read(&Reader::new("audit_terms", row));
        rows.iter().map(read).collect()
    }

    /// The first position after one, and up to another, that terms name and no row has.
    pub(super) async fn stray(&self, after: i64, last: i64) -> Result<Option<i64>, Error> {
        let row = self
            .database
            .row(sqlx::query(STRAY).bind(after).bind(last))
            .await?;
        row.map(|row| Reader::new("audit_terms", &row).number("position"))
            .transpose()
    }

    /// Puts the index right for some rows after a position: what is missing is added, what does not belong is taken out. Gives
    /// the last position looked at, and how many terms were wrong; `None`: there are no more rows.
    pub async fn reindex_portion(&self, after: i64) -> Result<Option<(i64, u64)>, Error> {
        let rows = self.export(after, 1000).await?;
        let Some(end) = rows.last().map(|row| row.position) else {
            return Ok(None);
        };
        let mut there: BTreeSet<Filed> = self.filed(after + 1, end).await?.into_iter().collect();
        let mut due = BTreeSet::new();
        for row in &rows {
            match of_row(row) {
                Some(filed) => due.extend(filed),
                // one that cannot be read stays as it can be found
                None => there.retain(|filed| filed.position != row.position),
            }
        }
        let missing: Vec<Filed> = due.difference(&there).cloned().collect();
        let wrong: Vec<&Filed> = there.difference(&due).collect();
        let count = (missing.len() + wrong.len()) as u64;
        if count > 0 {
            bounded(async {
                let mut transaction = self.database.begin().await?;
                insert(&mut transaction, &missing).await?;
                for term in wrong {
                    sqlx::query(TAKE_OUT)
                        .bind(&*term.term)
                        .bind(term.at)
                        .bind(term.position)
                        .execute(transaction.connection())
                        .await?;
                }
                transaction.commit().await
            })
            .await?;
        }
        let advanced = sqlx::query(ADVANCE).bind(end);
        self.database.execute(advanced).await?;
        Ok(Some((end, count)))
    }

    /// Takes out terms of positions that no row has: before the first row, or after the last.
    pub async fn drop_strays(&self, after: i64, last: i64) -> Result<u64, Error> {
        let strays = sqlx::query(DROP_STRAYS).bind(after).bind(last);
        self.database.execute(strays).await
    }
}
