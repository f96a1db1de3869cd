//! Adds rows to the record: one task takes what has arrived and writes it in one transaction, so that many sign-ins
//! at once share one wait for the disk, and the order of rows is the order of arrival.
//!
//! The transaction first takes the next positions from the one row that gives them out, which makes the writers of other
//! replicas wait until it is committed: so positions have no gaps and appear in order. A commit whose outcome is unknown
//! makes the next batch read where its chain stands.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::hmac;
use tokio::sync::{mpsc, oneshot};

use super::row::{Position, Row};
use super::terms::{self, Filed};
use super::{LAST_OF_CHAIN, TABLE};
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::random::{self, SharedRandom};
use crate::store::audit_key::AuditKey;
use crate::store::database::{Database, Transaction, bounded};
use crate::store::deed::Deed;
use crate::store::error::Error;
use crate::store::row::{Reader, checked, millis, to_json};
use crate::store::statements::statements;

/// How large an event may be, as JSON.
const EVENT_LIMIT: usize = 64 * 1024;

/// How many rows one transaction takes.
const BATCH: usize = 256;

/// How many rows may wait; beyond that, callers wait for room.
const QUEUE: usize = 1024;

/// Rows per `INSERT`: few sizes, so that few statements are prepared.
const INSERT_SIZES: [usize; 4] = [64, 16, 4, 1];

statements! {
    NEXT = "UPDATE audit_position SET last = last + $1 WHERE id = 1 RETURNING last";
}

/// What a caller hands in, and where the answer goes.
struct Entry {
    at: i64,
    kind: EventKind,
    event: String,
    /// What it is filed under.
    terms: BTreeSet<String>,
    /// What becomes true in the same transaction, or not at all.
    deed: Option<Deed>,
    answer: oneshot::Sender<Result<Position, Error>>,
}

/// The way to the writing task.
#[derive(Debug, Clone)]
pub(in crate::store) struct Appender {
    queue: mpsc::Sender<Entry>,
    batches: Arc<AtomicU64>,
}

impl Appender {
    /// How many transactions have been tried.
    pub(super) fn batches(&self) -> u64 {
        self.batches.load(Ordering::Relaxed)
    }

    /// Hands a row to the writing task, and waits until it is durable.
    pub(in crate::store) async fn append(
        &self,
        kind: EventKind,
        event: &Event,
        deed: Option<Deed>,
        now: Timestamp,
    ) -> Result<Position, Error> {
        let terms = terms::of_event(kind.name(), event);
        let event = to_json("an event", event)?;
        checked("an event", &event, EVENT_LIMIT)?;
        let (answer, answered) = oneshot::channel();
        let entry = Entry {
            at: millis(now),
            kind,
            event,
            terms,
            deed,
            answer,
        };
        bounded(async {
            self.queue.send(entry).await.map_err(|_| Error::Closed)?;
            answered.await.map_err(|_| Error::Closed)?
        })
        .await
    }
}

/// Starts the writing task. It ends when the last [`Appender`] is gone.
pub(in crate::store) fn start(
    database: Arc<Database>,
    key: &AuditKey,
    random: SharedRandom,
) -> Appender {
    let (queue, entries) = mpsc::channel(QUEUE);
    let batches = Arc::new(AtomicU64::new(0));
    let writer = Writer {
        database,
        key: key.hmac(),
        chain: Chain::new(&random),
        random,
        certain: true,
        batches: Arc::clone(&batches),
        inserts: INSERT_SIZES.map(|size| (size, insert_text(size).into())),
    };
    tokio::spawn(writer.run(entries));
    Appender { queue, batches }
}

/// Where a chain stands.
#[derive(Debug, Clone)]
struct Chain {
    name: String,
    sequence: i64,
    mac: String,
}

impl Chain {
    fn new(random: &SharedRandom) -> Self {
        Self {
            name: random::hex::<16>(random.as_ref()),
            sequence: 0,
            mac: String::new(),
        }
    }
}

struct Writer {
    database: Arc<Database>,
    key: hmac::Key,
    random: SharedRandom,
    chain: Chain,
    /// Whether `chain` says where the chain stands in the database.
    certain: bool,
    batches: Arc<AtomicU64>,
    inserts: [(usize, Arc<str>); INSERT_SIZES.len()],
}

impl Writer {
    async fn run(mut self, mut entries: mpsc::Receiver<Entry>) {
        while let Some(first) = entries.recv().await {
            // those whom the last batch has just answered get to hand in their next row
            tokio::task::yield_now().await;
            let mut batch = vec![first];
            let mut apart = None;
            while batch.len() < BATCH
                && batch.iter().all(|entry| entry.deed.is_none())
                && let Ok(entry) = entries.try_recv()
            {
                // one that is overtaken takes its transaction with it, and nobody else's row
                if entry.deed.is_some() {
                    apart = Some(entry);
                    break;
                }
                batch.push(entry);
            }
            self.write(batch).await;
            if let Some(entry) = apart {
                self.write(vec![entry]).await;
            }
        }
    }

    async fn write(&mut self, batch: Vec<Entry>) {
        self.batches.fetch_add(1, Ordering::Relaxed);
        let written = bounded(self.commit(&batch)).await;
        match written {
            Ok((chain, places)) => {
                self.chain = chain;
                self.certain = true;
                for (entry, place) in batch.into_iter().zip(places) {
                    // a caller that has gone away is told nothing; its row stands
                    let _ = entry.answer.send(Ok(place));
                }
            }
            Err(error) => {
                self.certain = false;
                for entry in batch {
                    let _ = entry.answer.send(Err(error.clone()));
                }
            }
        }
    }

    async fn commit(&self, batch: &[Entry]) -> Result<(Chain, Vec<Position>), Error> {
        let count = i64::try_from(batch.len()).unwrap_or(i64::MAX);
        let mut transaction = self.database.begin().await?;
        for deed in batch.iter().filter_map(|entry| entry.deed.as_ref()) {
            deed.write(&mut transaction).await?;
        }
        let next = sqlx::query(NEXT)
            .bind(count)
            .fetch_all(transaction.connection())
            .await?;
        let last = next.first().ok_or(Error::Inconsistent {
            table: "audit_position",
            column: "id",
        })?;
        let last = Reader::new("audit_position", last).number("last")?;
        let mut chain = if self.certain {
            self.chain.clone()
        } else {
            self.found(&mut transaction).await?
        };
        let mut rows = Vec::with_capacity(batch.len());
        let mut filed = Vec::new();
        for (position, entry) in ((last - count + 1)..).zip(batch) {
            let mut row = Row {
                position,
                chain: chain.name.clone(),
                sequence: chain.sequence + 1,
                at: entry.at,
                kind: entry.kind.name().to_owned(),
                event: entry.event.clone(),
                previous: chain.mac.clone(),
                mac: String::new(),
            };
            row.seal(&self.key);
            chain.sequence = row.sequence;
            chain.mac.clone_from(&row.mac);
            filed.extend(entry.terms.iter().map(|term| Filed {
                position,
                term: term.clone(),
                at: row.at,
            }));
            rows.push(row);
        }
        self.insert(&mut transaction, &rows).await?;
        terms::insert(&mut transaction, &filed).await?;
        transaction.commit().await?;
        Ok((chain, rows.iter().map(Row::place).collect()))
    }

    /// Where the chain stands, after a batch whose outcome is unknown. The positions' row is locked by now, so no earlier batch
    /// is still on its way. A last row that is not ours, or older than what is known to be written, is left alone: a
    /// new chain begins.
    async fn found(&self, transaction: &mut Transaction) -> Result<Chain, Error> {
        let rows = sqlx::query(LAST_OF_CHAIN)
            .bind(&*self.chain.name)
            .fetch_all(transaction.connection())
            .await?;
        let Some(row) = rows.first() else {
            return Ok(if self.chain.sequence == 0 {
                self.chain.clone()
            } else {
                Chain::new(&self.random)
            });
        };
        Ok(match Row::read(&Reader::new(TABLE, row)) {
            Ok(row) if row.sequence >= self.chain.sequence && row.is_sealed(&self.key) => Chain {
                name: row.chain,
                sequence: row.sequence,
                mac: row.mac,
            },
            _ => Chain::new(&self.random),
        })
    }

    async fn insert(&self, transaction: &mut Transaction, mut rows: &[Row]) -> Result<(), Error> {
        for (size, text) in &self.inserts {
            while let Some((head, tail)) = rows.split_at_checked(*size) {
                let mut statement = sqlx::query(sqlx::AssertSqlSafe(Arc::clone(text)));
                for row in head {
                    statement = statement
                        .bind(row.position)
                        .bind(&*row.chain)
                        .bind(row.sequence)
                        .bind(row.at)
                        .bind(&*row.kind)
                        .bind(&*row.event)
                        .bind(&*row.previous)
                        .bind(&*row.mac);
                }
                statement.execute(transaction.connection()).await?;
                rows = tail;
            }
        }
        Ok(())
    }
}

/// The `INSERT` of so many rows.
fn insert_text(rows: usize) -> String {
    let groups: Vec<String> = (0..rows)
        .map(|row| {
            let places: Vec<String> = (1..=8).map(|n| format!("${}", row * 8 + n)).collect();
            format!("({})", places.join(", "))
        })
        .collect();
    format!(
        "INSERT INTO audit (position, chain, sequence, at, kind, event, previous, mac) VALUES {}",
        groups.join(", ")
    )
}

/// The `INSERT`s of all sizes, for the test that prepares them.
#[cfg(test)]
pub(super) fn insert_texts() -> impl Iterator<Item = (&'static str, String)> {
    INSERT_SIZES
        .into_iter()
        .map(|size| ("INSERT", insert_text(size)))
}
