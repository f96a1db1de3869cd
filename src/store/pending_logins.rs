//! Logins that were sent to an identity provider and are not back yet.
//!
//! A login is taken once, by the browser that began it, before it expires. Another browser that brings its handle
//! learns that it is not its own and takes nothing.

use std::fmt;

use super::Store;
use super::database::bounded;
use super::error::Error;
use super::row::{Reader, checked, checked_json, millis, to_json};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::identity::IdpId;
use crate::domain::intent::Intent;

const TABLE: &str = "pending_logins";

/// How large a challenge may be.
const CHALLENGE_LIMIT: usize = 16 * 1024;

statements! {
    INSERT = "INSERT INTO pending_logins (handle, browser, idp, intent, challenge, began, expires, replaces) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PRUNE = "DELETE FROM pending_logins WHERE browser = $1 AND handle <> $2 AND handle NOT IN (\
             SELECT handle FROM pending_logins WHERE browser = $1 AND handle <> $2 \
             ORDER BY began DESC, handle LIMIT $3)";
    TAKE = "DELETE FROM pending_logins WHERE handle = $1 AND browser = $2 AND expires > $3 \
            RETURNING handle, browser, idp, intent, challenge, began, expires, replaces";
    LOOK = "SELECT browser, expires FROM pending_logins WHERE handle = $1";
    SWEEP = "DELETE FROM pending_logins WHERE handle IN (\
             SELECT handle FROM pending_logins WHERE expires <= $1 ORDER BY expires LIMIT $2)";
}

/// A login on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingLogin {
    /// SHA-256 (hexadecimal) of the value that travels to the provider and back.
    pub handle_digest: String,
    /// SHA-256 (hexadecimal) of the browser's own key, which only its sealed cookie holds.
    pub browser_digest: String,
    /// Which provider it was sent to.
    pub idp: IdpId,
    /// What the visitor came for.
    pub intent: Intent,
    /// What is remembered of the login, as the provider's code wrote it down (JSON): request id, state, nonce, verifier.
    pub challenge_json: String,
    /// When it began.
    pub began: Timestamp,
    /// When it is worth nothing any more.
    pub expires: Timestamp,
    /// SHA-256 (hexadecimal) of the id of the session that this browser had, if any: the new one takes its place.
    pub replaces: Option<String>,
}

impl fmt::Debug for PendingLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingLogin")
            .field("idp", &self.idp)
            .field("intent", &self.intent)
            .field("challenge_json", &"…")
            .field("began", &self.began)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// What became of taking a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakeLogin {
    /// It was there, it was this browser's, and now it is gone.
    Taken(Box<PendingLogin>),
    /// It began in another browser, and is still there for that one.
    OtherBrowser,
    /// It is this browser's, and too late.
    Expired,
    /// There is none: never was, already taken, or expired long ago.
    Unknown,
}

impl Store {
    /// Remembers a login. Of one browser at most `cap` are kept; the oldest go first.
    pub async fn remember_login(&self, login: &PendingLogin, cap: u32) -> Result<(), Error> {
        let intent = to_json("an intent", &login.intent)?;
        let challenge = checked_json("a challenge", &login.challenge_json, CHALLENGE_LIMIT)?;
        let replaces = login.replaces.as_deref().unwrap_or_default();
        bounded(async {
            let mut transaction = self.database.begin().await?;
            sqlx::query(INSERT)
                .bind(checked("a handle", &login.handle_digest, 128)?)
                .bind(checked("a browser", &login.browser_digest, 128)?)
                .bind(login.idp.as_str())
                .bind(intent)
                .bind(challenge)
                .bind(millis(login.began))
                .bind(millis(login.expires))
                .bind(checked("a session", replaces, 128)?)
                .execute(transaction.connection())
                .await?;
            sqlx::query(PRUNE)
                .bind(&*login.browser_digest)
                .bind(&*login.handle_digest)
                .bind(i64::from(cap.saturating_sub(1)))
                .execute(transaction.connection())
                .await?;
            transaction.commit().await
        })
        .await
    }

    /// Takes a login: of any number who try, one gets it.
    pub async fn take_login(
        &self,
        handle_digest: &str,
        browser_digest: &str,
        now: Timestamp,
    ) -> Result<TakeLogin, Error> {
        let handle = checked("a handle", handle_digest, 128)?;
        let browser = checked("a browser", browser_digest, 128)?;
        let taken = self
            .database
            .returning(
                sqlx::query(TAKE)
                    .bind(handle)
                    .bind(browser)
                    .bind(millis(now)),
            )
            .await?;
        if let Some(row) = taken.first() {
            return Ok(TakeLogin::Taken(Box::new(read(&Reader::new(TABLE, row))?)));
        }
        let Some(row) = self.database.row(sqlx::query(LOOK).bind(handle)).await? else {
            return Ok(TakeLogin::Unknown);
        };
        let row = Reader::new(TABLE, &row);
        if row.text("browser")? != browser {
            return Ok(TakeLogin::OtherBrowser);
        }
        Ok(if row.time("expires")? <= now {
            TakeLogin::Expired
        } else {
            TakeLogin::Unknown
        })
    }

    /// Drops the logins that have expired.
    pub(super) async fn sweep_logins(&self, now: Timestamp) -> Result<u64, Error> {
        self.database
            .in_portions(|portion| sqlx::query(SWEEP).bind(millis(now)).bind(portion))
            .await
    }
}

fn read(row: &Reader<'_>) -> Result<PendingLogin, Error> {
    Ok(PendingLogin {
        handle_digest: row.text("handle")?,
        browser_digest: row.text("browser")?,
        idp: row.parsed("idp", |text| IdpId::parse(text).ok())?,
        intent: row.json("intent")?,
        challenge_json: row.text("challenge")?,
        began: row.time("began")?,
        expires: row.time("expires")?,
        replaces: Some(row.text("replaces")?).filter(|digest| !digest.is_empty()),
    })
}
