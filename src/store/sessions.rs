//! People's sessions with Vestibule, and the assertions that began them.
//!
//! Only digests of session ids are stored. An assertion begins at most one session, whatever races, because it is
//! written down in the transaction that writes the session. A session dies of sign-out, of its end, or of idleness.

use std::fmt;
use std::net::IpAddr;

use chrono::Duration;

use super::Store;
use super::database::bounded;
use super::digest;
use super::error::Error;
use super::row::{Reader, checked, millis, to_json};
use super::settling::Asked;
use super::statements::statements;
use super::stops::{self, Current};
use crate::domain::Timestamp;
use crate::domain::identity::{Identity, IdpId, Subject};
use crate::domain::person::KnownPerson;
use crate::domain::preferences::LastingKey;
use crate::domain::session::Session;
use crate::domain::stop::Until;

pub(super) const TABLE: &str = "sessions";

/// How large an identity may be, as JSON: some providers send thousands of groups.
const IDENTITY_LIMIT: usize = 4 * 1024 * 1024;

/// A session's use is written down at most this often.
const TOUCH_EVERY: Duration = Duration::minutes(1);

statements! {
    USE_ASSERTION = "INSERT INTO used_assertions (digest, until) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    SWEEP_ASSERTIONS = "DELETE FROM used_assertions WHERE digest IN (\
                        SELECT digest FROM used_assertions WHERE until <= $1 ORDER BY until LIMIT $2)";
    INSERT = "INSERT INTO sessions (digest, person, identity, form_token, began, seen, ends, address, browser, who) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// The sessions of whoever is blocked are gone; the second look is for one that began while somebody was blocking them.
    FIND = "SELECT digest, identity, form_token, began, seen, ends FROM sessions \
            WHERE digest = $1 AND ends > $2 AND seen > $3 AND NOT EXISTS (\
            SELECT target FROM stops WHERE kind = 'person' AND target = sessions.person AND (until = 0 OR until > $4))";
    /// The same, with what a page asks for beside it.
    LOOK = "SELECT digest, identity, form_token, began, seen, ends, \
            (SELECT COALESCE(MAX(number), 0) FROM access_revisions) AS revision, \
            (SELECT COALESCE(MAX(number), 0) FROM stops_changed) AS stops, \
            COALESCE((SELECT document FROM preferences WHERE preferences.person = sessions.person), '') AS preferences \
            FROM sessions \
            WHERE digest = $1 AND ends > $2 AND seen > $3 AND NOT EXISTS (\
            SELECT target FROM stops WHERE kind = 'person' AND target = sessions.person AND (until = 0 OR until > $4))";
    OF_PERSON = "SELECT digest, identity, form_token, began, seen, ends FROM sessions \
                 WHERE person = $1 AND ends > $2 AND seen > $3 ORDER BY began DESC, digest LIMIT 1000";
    TOUCH = "UPDATE sessions SET seen = $2 WHERE digest = $1 AND seen <= $3";
    END = "DELETE FROM sessions WHERE digest = $1";
    SWEEP_OVER = "DELETE FROM sessions WHERE digest IN (\
                  SELECT digest FROM sessions WHERE ends <= $1 ORDER BY ends LIMIT $2)";
    SWEEP_IDLE = "DELETE FROM sessions WHERE digest IN (\
                  SELECT digest FROM sessions WHERE seen <= $1 ORDER BY seen LIMIT $2)";
    LAST_CHECK = "SELECT \
                  (SELECT COUNT(*) FROM sessions WHERE digest = $1 AND ends > $2 AND seen > $3) + \
                  (SELECT COUNT(*) FROM tokens WHERE digest = $1 AND expires > $2) AS live, \
                  (SELECT COALESCE(MAX(number), 0) FROM access_revisions) AS revision, \
                  (SELECT COUNT(*) FROM stops WHERE (until = 0 OR until > $4) AND (\
                  (kind = 'person' AND target IN (SELECT person FROM sessions WHERE digest = $5 \
                  UNION SELECT person FROM tokens WHERE digest = $5)) \
                  OR (kind = 'account' AND target = $6) OR (kind = 'role' AND target = $7))) AS stops";
}

/// A session to be.
#[derive(Clone)]
pub struct NewSession {
    /// SHA-256 (hexadecimal) of the session's id.
    pub digest: String,
    /// Whose.
    pub identity: Identity,
    /// When it begins.
    pub began: Timestamp,
    /// When it ends whatever happens.
    pub ends: Timestamp,
    /// The token that its forms must carry.
    pub form_token: String,
    /// The digests of the sessions that it takes the place of in this browser.
    pub replaces: Vec<String>,
    /// From where it begins, where that is known.
    pub address: Option<IpAddr>,
    /// In what kind of browser, in words of our own; empty where that is not known.
    pub browser: String,
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession")
            .field("identity", &self.identity)
            .field("began", &self.began)
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

/// What may begin a session once only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Whose assertion or token.
    pub idp: IdpId,
    /// Its id: the assertion's, or what identifies the token.
    pub id: String,
    /// Until when it could be presented again, leeway included.
    pub until: Timestamp,
}

/// What became of beginning a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartSession {
    /// It has begun.
    Started,
    /// Its assertion has begun one before; nothing was changed.
    Replayed,
    /// Its person is blocked until then; nothing was changed.
    Blocked(Until),
}

/// A live session, and what the database said in the same breath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The session.
    pub session: Session,
    /// What pages decide by.
    pub current: Current,
    /// The person's preferences, as the JSON that was set last.
    pub preferences: Option<String>,
}

/// What is asked last, just before something leaves.
#[derive(Debug, Clone, Copy)]
pub struct LastCheck {
    /// The session is still there, and neither over nor idle too long.
    pub session_live: bool,
    /// The number of the current revision; 0 before the first.
    pub revision: i64,
    /// Somebody is blocked, or the role or its account suspended.
    pub stopped: bool,
    asked: Asked,
}

impl LastCheck {
    /// Whether something may still leave by it. What was asked longer ago could have been answered before something that
    /// somebody has been told is settled.
    pub fn still_counts(&self) -> bool {
        self.asked.still_counts()
    }
}

impl Store {
    /// Begins a session, unless its assertion has begun one before. All of it happens, or nothing.
    pub async fn start_session(
        &self,
        session: &NewSession,
        once: &Once,
    ) -> Result<StartSession, Error> {
        let identity = to_json("an identity", &session.identity)?;
        checked("an identity", &identity, IDENTITY_LIMIT)?;
        let who = to_json("a person", &KnownPerson::of(&session.identity))?;
        let person = digest::person(&session.identity.idp, &session.identity.subject);
        bounded(async {
            let mut transaction = self.database.begin().await?;
            if let Some(until) = stops::block(&mut transaction, &person, session.began).await? {
                transaction.rollback().await?;
                return Ok(StartSession::Blocked(until));
            }
            let used = sqlx::query(USE_ASSERTION)
                .bind(digest::assertion(&once.idp, &once.id))
                .bind(millis(once.until))
                .execute(transaction.connection())
                .await?
                .rows_affected();
            if used == 0 {
                transaction.rollback().await?;
                return Ok(StartSession::Replayed);
            }
            sqlx::query(INSERT)
                .bind(checked("a session", &session.digest, 128)?)
                .bind(person)
                .bind(identity)
                .bind(checked("a form token", &session.form_token, 128)?)
                .bind(millis(session.began))
                .bind(millis(session.began))
                .bind(millis(session.ends))
                .bind(
                    session
                        .address
                        .map(|address| address.to_string())
                        .unwrap_or_default(),
                )
                .bind(checked("a browser", &session.browser, 128)?)
                .bind(who)
                .execute(transaction.connection())
                .await?;
            for replaced in &session.replaces {
                sqlx::query(END)
                    .bind(checked("a session", replaced, 128)?)
                    .execute(transaction.connection())
                    .await?;
            }
            transaction.commit().await?;
            Ok(StartSession::Started)
        })
        .await
    }

    /// The session of this digest, if it is live: not over, and used within `idle`.
    pub async fn find_session(
        &self,
        digest: &str,
        now: Timestamp,
        idle: Duration,
    ) -> Result<Option<Session>, Error> {
        self.database
            .row(
                sqlx::query(FIND)
                    .bind(checked("a session", digest, 128)?)
                    .bind(millis(now))
                    .bind(idle_since(now, idle))
                    .bind(millis(now)),
            )
            .await?
            .map(|row| read(&Reader::new(TABLE, &row)))
            .transpose()
    }

    /// Likewise, with all else that a page asks of the database: one question instead of three.
    pub async fn look(
        &self,
        digest: &str,
        now: Timestamp,
        idle: Duration,
    ) -> Result<Option<Look>, Error> {
        let row = self
            .database
            .row(
                sqlx::query(LOOK)
                    .bind(checked("a session", digest, 128)?)
                    .bind(millis(now))
                    .bind(idle_since(now, idle))
                    .bind(millis(now)),
            )
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let row = Reader::new(TABLE, &row);
        // a document is never empty
        let preferences = Some(row.text("preferences")?).filter(|text| !text.is_empty());
        Ok(Some(Look {
            session: read(&row)?,
            current: stops::read_current(&row)?,
            preferences,
        }))
    }

    /// Writes down that the session was used, unless that was written less than a minute ago.
    pub async fn touch_session(&self, session: &Session, now: Timestamp) -> Result<(), Error> {
        if now - session.seen < TOUCH_EVERY {
            return Ok(());
        }
        self.database
            .execute(
                sqlx::query(TOUCH)
                    .bind(checked("a session", &session.digest, 128)?)
                    .bind(millis(now))
                    .bind(millis(now - TOUCH_EVERY)),
            )
            .await
            .map(drop)
    }

    /// Ends a session. False: there was none.
    pub async fn end_session(&self, digest: &str) -> Result<bool, Error> {
        let ended = self
            .database
            .execute(sqlx::query(END).bind(checked("a session", digest, 128)?))
            .await?;
        Ok(ended > 0)
    }

    /// A person's live sessions, the newest first; at most 1,000.
    pub async fn live_sessions_of(
        &self,
        idp: &IdpId,
        subject: &Subject,
        now: Timestamp,
        idle: Duration,
    ) -> Result<Vec<Session>, Error> {
        self.database
            .rows(
                sqlx::query(OF_PERSON)
                    .bind(digest::person(idp, subject))
                    .bind(millis(now))
                    .bind(idle_since(now, idle)),
            )
            .await?
            .iter()
            .map(|row| read(&Reader::new(TABLE, row)))
            .collect()
    }

    /// Whether the session, or the token that speaks in its place, is still live, whether anything stops its person or
    /// the role, and which revision is current, from one snapshot of the database.
    pub async fn last_check(
        &self,
        session_digest: &str,
        role: &LastingKey,
        now: Timestamp,
        idle: Duration,
    ) -> Result<LastCheck, Error> {
        let asked = Asked::now();
        let rows = self
            .database
            .rows(
                sqlx::query(LAST_CHECK)
                    .bind(checked("a session", session_digest, 128)?)
                    .bind(millis(now))
                    .bind(idle_since(now, idle))
                    .bind(millis(now))
                    .bind(session_digest)
                    .bind(role.account.as_str())
                    .bind(role.to_string()),
            )
            .await?;
        let row = rows.first().ok_or(Error::Inconsistent {
            table: TABLE,
            column: "digest",
        })?;
        let row = Reader::new(TABLE, row);
        Ok(LastCheck {
            session_live: row.number("live")? == 1,
            revision: row.number("revision")?,
            stopped: row.number("stops")? > 0,
            asked,
        })
    }

    /// Drops sessions that are over or idle, and assertions that nobody could present again.
    pub(super) async fn sweep_sessions(
        &self,
        now: Timestamp,
        idle: Duration,
    ) -> Result<u64, Error> {
        let sweeps = [
            (SWEEP_ASSERTIONS, millis(now)),
            (SWEEP_OVER, millis(now)),
            (SWEEP_IDLE, idle_since(now, idle)),
        ];
        let mut gone = 0;
        for (sweep, until) in sweeps {
            gone += self
                .database
                .in_portions(|portion| sqlx::query(sweep).bind(until).bind(portion))
                .await?;
        }
        Ok(gone)
    }
}

/// A session last seen at this moment or before is idle.
pub(super) fn idle_since(now: Timestamp, idle: Duration) -> i64 {
    millis(now).saturating_sub(idle.num_milliseconds())
}

fn read(row: &Reader<'_>) -> Result<Session, Error> {
    Ok(Session {
        digest: row.text("digest")?,
        identity: row.json("identity")?,
        began: row.time("began")?,
        seen: row.time("seen")?,
        ends: row.time("ends")?,
        form_token: row.text("form_token")?,
    })
}
