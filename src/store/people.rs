//! People by their live sessions: seen by those who may see them, and ended.
//!
//! There is no table of people. Who has no session here and no stop is known to the record alone.

use std::collections::HashSet;

use chrono::Duration;

use super::Store;
use super::database::Transaction;
use super::deed::Deed;
use super::digest;
use super::error::Error;
use super::row::{Reader, checked, millis};
use super::sessions::{TABLE, idle_since};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::domain::identity::{IdpId, Subject};
use crate::domain::person::{KnownPerson, PersonKey};
use crate::domain::session::{LiveSession, SessionHandle};

statements! {
    OF_PERSON = "SELECT digest, began, seen, ends, address, browser, \
                 CASE WHEN who = '' THEN identity ELSE who END AS who FROM sessions \
                 WHERE person = $1 AND ends > $2 AND seen > $3 ORDER BY began DESC, digest LIMIT 1000";
    DIGESTS = "SELECT digest FROM sessions WHERE person = $1 ORDER BY digest LIMIT 10000";
    LATEST = "SELECT person, seen, CASE WHEN who = '' THEN identity ELSE who END AS who FROM sessions \
              WHERE seen > $1 AND ends > $2 ORDER BY seen DESC, digest LIMIT $3";
    END_ONE = "DELETE FROM sessions WHERE person = $1 AND digest = $2";
    END_OTHERS = "DELETE FROM sessions WHERE person = $1 AND digest <> $2";
    END_ALL = "DELETE FROM sessions WHERE person = $1";
}

/// Somebody who has a live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPerson {
    /// By what they are named.
    pub key: PersonKey,
    /// Who they are.
    pub person: KnownPerson,
    /// When they were last seen, to the minute.
    pub seen: Timestamp,
}

/// Which sessions of a person's are ended.
#[derive(Debug, Clone, Copy)]
pub enum Ending<'a> {
    /// The one with this digest.
    Own(&'a str),
    /// The one of this name.
    One(&'a SessionHandle),
    /// All but the one with this digest.
    AllBut(&'a str),
    /// All.
    All,
}

/// Sessions that are to be ended, by their digests.
#[derive(Debug)]
pub(super) enum End {
    One(PersonKey, String),
    AllBut(PersonKey, String),
    All(PersonKey),
}

impl End {
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let (statement, person, digest) = match self {
            Self::One(person, digest) => (sqlx::query(END_ONE), person, digest),
            Self::AllBut(person, digest) => (sqlx::query(END_OTHERS), person, digest),
            Self::All(person) => return end_all(transaction, person).await,
        };
        let ended = statement
            .bind(person.as_str())
            .bind(&**digest)
            .execute(transaction.connection())
            .await?;
        if ended.rows_affected() == 0 && matches!(self, Self::One(..)) {
            return Err(Error::Overtaken);
        }
        Ok(())
    }
}

/// Ends all of a person's sessions.
pub(super) async fn end_all(
    transaction: &mut Transaction,
    person: &PersonKey,
) -> Result<(), Error> {
    sqlx::query(END_ALL)
        .bind(person.as_str())
        .execute(transaction.connection())
        .await?;
    Ok(())
}

impl Store {
    /// By what a person is named here.
    pub fn person_key(&self, idp: &IdpId, subject: &Subject) -> PersonKey {
        PersonKey::of(idp.as_str(), &subject.format, &subject.value)
    }

    /// By what a session is named, from its digest.
    pub fn handle(&self, session_digest: &str) -> SessionHandle {
        SessionHandle::parse(&digest::handle(session_digest))
            .expect("a handle is 32 hexadecimal digits")
    }

    /// A person's live sessions, the newest first; at most 1,000.
    pub async fn sessions_of(
        &self,
        person: &PersonKey,
        now: Timestamp,
        idle: Duration,
    ) -> Result<Vec<LiveSession>, Error> {
        self.database
            .rows(
                sqlx::query(OF_PERSON)
                    .bind(person.as_str())
                    .bind(millis(now))
                    .bind(idle_since(now, idle)),
            )
            .await?
            .iter()
            .map(|row| self.read_session(&Reader::new(TABLE, row)))
            .collect()
    }

    /// Whoever was seen last and has a live session, each once: `sessions` of them are looked at. The bool says whether
    /// those were all.
    pub async fn seen_last(
        &self,
        sessions: u32,
        now: Timestamp,
        idle: Duration,
    ) -> Result<(Vec<SeenPerson>, bool), Error> {
        let rows = self
            .database
            .rows(
                sqlx::query(LATEST)
                    .bind(idle_since(now, idle))
                    .bind(millis(now))
                    .bind(i64::from(sessions)),
            )
            .await?;
        let mut known = HashSet::new();
        let mut people = Vec::new();
        for row in &rows {
            let row = Reader::new(TABLE, row);
            let key = row.parsed("person", PersonKey::parse)?;
            if known.insert(key.clone()) {
                people.push(SeenPerson {
                    key,
                    person: row.json("who")?,
                    seen: row.time("seen")?,
                });
            }
        }
        Ok((
            people,
            u32::try_from(rows.len()).unwrap_or(u32::MAX) < sessions,
        ))
    }

    /// Ends sessions of a person's, with a row of the record. False: the one that was named is none of theirs, or is gone.
    pub async fn end_sessions(
        &self,
        person: &PersonKey,
        which: Ending<'_>,
        event: &Event,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let whose = person.clone();
        let end = match which {
            Ending::All => End::All(whose),
            Ending::Own(digest) => End::One(whose, checked("a session", digest, 128)?.to_owned()),
            Ending::AllBut(digest) => {
                End::AllBut(whose, checked("a session", digest, 128)?.to_owned())
            }
            Ending::One(handle) => match self.digest_of(person, handle).await? {
                Some(digest) => End::One(whose, digest),
                None => return Ok(false),
            },
        };
        let deed = Some(Deed::End(end));
        let kind = EventKind::SessionEnded;
        match self.appender.append(kind, event, deed, now).await {
            Ok(_) => Ok(true),
            Err(Error::Overtaken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Which of a person's sessions a handle names.
    async fn digest_of(
        &self,
        person: &PersonKey,
        handle: &SessionHandle,
    ) -> Result<Option<String>, Error> {
        let rows = self
            .database
            .rows(sqlx::query(DIGESTS).bind(person.as_str()))
            .await?;
        for row in &rows {
            let digest = Reader::new(TABLE, row).text("digest")?;
            if self.handle(&digest) == *handle {
                return Ok(Some(digest));
            }
        }
        Ok(None)
    }

    fn read_session(&self, row: &Reader<'_>) -> Result<LiveSession, Error> {
        Ok(LiveSession {
            handle: self.handle(&row.text("digest")?),
            person: row.json("who")?,
            address: row.text("address")?.parse().ok(),
            browser: row.text("browser")?,
            began: row.time("began")?,
            seen: row.time("seen")?,
            ends: row.time("ends")?,
        })
    }
}
