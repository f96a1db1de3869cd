//! Stops: blocked people, suspended accounts and suspended roles.
//!
//! Each is set and lifted together with its row of the record. `stops_changed` counts the changes, so that replicas see
//! with the number of the current revision, in one look, whether what they know of suspensions is what there is.

use chrono::Duration;

use super::Store;
use super::database::Transaction;
use super::deed::Deed;
use super::error::Error;
use super::people::end_all;
use super::row::{Reader, checked, millis, to_json};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::domain::person::PersonKey;
use crate::domain::stop::{Cursor, Stop, Suspensions, Target, Until};

const TABLE: &str = "stops";

/// How large a note or a name may be, in bytes.
const TEXT_LIMIT: usize = 16 * 1024;

/// For so long a stop that has ended by itself is still shown.
const SHOWN_AFTER: Duration = Duration::days(30);

statements! {
    CURRENT = "SELECT (SELECT COALESCE(MAX(number), 0) FROM access_revisions) AS revision, \
               (SELECT COALESCE(MAX(number), 0) FROM stops_changed) AS stops";
    SET = "INSERT INTO stops (kind, target, about, until, note, author, at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
           ON CONFLICT (kind, target) DO UPDATE SET about = $3, until = $4, note = $5, author = $6, at = $7";
    LIFT = "DELETE FROM stops WHERE kind = $1 AND target = $2";
    CHANGED = "UPDATE stops_changed SET number = number + 1 WHERE id = 1";
    SUSPENSIONS = "SELECT kind, target, about, until, note, author, at FROM stops WHERE kind <> 'person' \
                   ORDER BY kind, target";
    NEWEST = "SELECT kind, target, about, until, note, author, at FROM stops \
              WHERE at <= $1 AND (at < $1 OR kind > $2 OR (kind = $2 AND target > $3)) \
              ORDER BY at DESC, kind, target LIMIT $4";
    ONE = "SELECT kind, target, about, until, note, author, at FROM stops WHERE kind = $1 AND target = $2";
    BLOCK = "SELECT until FROM stops WHERE kind = 'person' AND target = $1 AND (until = 0 OR until > $2)";
    END_TOKENS = "DELETE FROM tokens WHERE person = $1";
    SWEEP = "DELETE FROM stops WHERE until IN (\
             SELECT until FROM stops WHERE until > 0 AND until <= $1 ORDER BY until LIMIT $2)";
}

/// What pages decide by, as numbers: which revision is current, and how often stops have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Current {
    /// The number of the current revision; 0 before the first.
    pub revision: i64,
    /// How often stops have changed.
    pub stops: i64,
}

/// A change of what is stopped.
#[derive(Debug)]
pub(super) enum Change {
    /// In place of whatever stood there; with a person's block, their sessions and tokens end.
    Set { stop: Box<Stop>, about: String },
    /// One that is there.
    Lift(Target),
}

impl Change {
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        match self {
            Self::Set { stop, about } => {
                sqlx::query(SET)
                    .bind(stop.target.kind())
                    .bind(stop.target.to_string())
                    .bind(&**about)
                    .bind(stop.until.0.map_or(0, millis))
                    .bind(&*stop.note)
                    .bind(&*stop.author)
                    .bind(millis(stop.at))
                    .execute(transaction.connection())
                    .await?;
                if let Target::Person(person) = &stop.target {
                    end_all(transaction, person).await?;
                    sqlx::query(END_TOKENS)
                        .bind(person.as_str())
                        .execute(transaction.connection())
                        .await?;
                }
            }
            Self::Lift(target) => {
                let lifted = sqlx::query(LIFT)
                    .bind(target.kind())
                    .bind(target.to_string())
                    .execute(transaction.connection())
                    .await?;
                if lifted.rows_affected() == 0 {
                    return Err(Error::Overtaken);
                }
            }
        }
        sqlx::query(CHANGED)
            .execute(transaction.connection())
            .await?;
        Ok(())
    }
}

/// Until when a person is blocked, if they are, as a transaction sees it.
pub(super) async fn block(
    transaction: &mut Transaction,
    person: &str,
    now: Timestamp,
) -> Result<Option<Until>, Error> {
    let rows = sqlx::query(BLOCK)
        .bind(person)
        .bind(millis(now))
        .fetch_all(transaction.connection())
        .await?;
    let row = rows.first();
    row.map(|row| until(&Reader::new(TABLE, row))).transpose()
}

impl Store {
    /// What pages decide by. Cheap: replicas ask every second.
    pub async fn current(&self) -> Result<Current, Error> {
        let row = self.database.row(sqlx::query(CURRENT)).await?;
        let row = row.ok_or(Error::Inconsistent {
            table: "stops_changed",
            column: "number",
        })?;
        read_current(&Reader::new("stops_changed", &row))
    }

    /// All suspensions, those that have ended too: what holds is a matter of the clock.
    pub async fn suspensions(&self) -> Result<Suspensions, Error> {
        let rows = self.database.rows(sqlx::query(SUSPENSIONS)).await?;
        let stops: Result<Vec<Stop>, Error> = rows
            .iter()
            .map(|row| read(&Reader::new(TABLE, row)))
            .collect();
        Ok(Suspensions::of(stops?))
    }

    /// Sets a stop in place of whatever stood for its target, with its row of the record; with a person's block, their
    /// sessions end.
    pub async fn set_stop(
        &self,
        stop: Stop,
        (kind, event): (EventKind, &Event),
        now: Timestamp,
    ) -> Result<(), Error> {
        checked("a note", &stop.note, TEXT_LIMIT)?;
        checked("an author", &stop.author, TEXT_LIMIT)?;
        let about = to_json("a person", &stop.person)?;
        checked("a person", &about, TEXT_LIMIT)?;
        let change = Change::Set {
            stop: Box::new(stop),
            about,
        };
        let deed = Some(Deed::Stop(change));
        self.appender.append(kind, event, deed, now).await.map(drop)
    }

    /// Lifts a stop, with its row of the record. False: there is none.
    pub async fn lift_stop(
        &self,
        target: &Target,
        (kind, event): (EventKind, &Event),
        now: Timestamp,
    ) -> Result<bool, Error> {
        let deed = Some(Deed::Stop(Change::Lift(target.clone())));
        match self.appender.append(kind, event, deed, now).await {
            Ok(_) => Ok(true),
            Err(Error::Overtaken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The stop of a target, in force or ended.
    pub async fn stop(&self, target: &Target) -> Result<Option<Stop>, Error> {
        let row = self
            .database
            .row(
                sqlx::query(ONE)
                    .bind(target.kind())
                    .bind(target.to_string()),
            )
            .await?;
        row.map(|row| read(&Reader::new(TABLE, &row))).transpose()
    }

    /// The stops that were set last, in force or ended, the newest first; or those that stand after one of them.
    pub async fn newest_stops(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<Stop>, Error> {
        let (at, kind, target) = after.map_or((i64::MAX, "", String::new()), |after| {
            (after.at, after.target.kind(), after.target.to_string())
        });
        let wanted = sqlx::query(NEWEST)
            .bind(at)
            .bind(kind)
            .bind(target)
            .bind(i64::from(limit));
        let rows = self.database.rows(wanted).await?;
        rows.iter()
            .map(|row| read(&Reader::new(TABLE, row)))
            .collect()
    }

    /// Until when a person is blocked, if they are.
    pub async fn blocked(
        &self,
        person: &PersonKey,
        now: Timestamp,
    ) -> Result<Option<Until>, Error> {
        let row = self
            .database
            .row(sqlx::query(BLOCK).bind(person.as_str()).bind(millis(now)))
            .await?;
        row.map(|row| until(&Reader::new(TABLE, &row))).transpose()
    }

    /// Drops stops that ended by themselves long ago.
    pub(super) async fn sweep_stops(&self, now: Timestamp) -> Result<u64, Error> {
        let until = millis(now - SHOWN_AFTER);
        self.database
            .in_portions(|portion| sqlx::query(SWEEP).bind(until).bind(portion))
            .await
    }
}

pub(super) fn read_current(row: &Reader<'_>) -> Result<Current, Error> {
    Ok(Current {
        revision: row.number("revision")?,
        stops: row.number("stops")?,
    })
}

fn until(row: &Reader<'_>) -> Result<Until, Error> {
    if row.number("until")? == 0 {
        return Ok(Until(None));
    }
    row.time("until").map(|until| Until(Some(until)))
}

fn read(row: &Reader<'_>) -> Result<Stop, Error> {
    let kind = row.text("kind")?;
    Ok(Stop {
        target: row.parsed("target", |target| Target::parse(&kind, target))?,
        person: row.json("about")?,
        until: until(row)?,
        note: row.text("note")?,
        author: row.text("author")?,
        at: row.time("at")?,
    })
}
