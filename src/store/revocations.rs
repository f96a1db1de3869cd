//! What is still to be done in AWS so that sessions end, and who does it: any replica, one at a time in an account.

use super::Store;
use super::error::Error;
use super::row::{Reader, checked, checked_json, millis};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::account::AccountId;

const TABLE: &str = "revocations";
/// The largest piece of work, in bytes: the session names of a person in one account.
const LARGEST: usize = 256 * 1024;
const LONGEST_CAUSE: usize = 2_000;
/// How many pieces of work of an account are read at a time.
const PAGE: usize = 64;

statements! {
    ADD = "INSERT INTO revocations (id, work, due, tries, claimed, state, cause, changed) \
           VALUES ($1, $2, $3, 0, 0, 'due', '', $4) \
           ON CONFLICT (id) DO UPDATE SET work = $2, due = $3, tries = 0, claimed = 0, state = 'due', cause = '', changed = $4";
    CLAIM = "UPDATE revocations SET claimed = $1, tries = tries + 1, changed = $2 \
             WHERE id = (SELECT id FROM revocations WHERE state = 'due' AND due <= $2 AND claimed <= $2 \
                         ORDER BY due, id LIMIT 1) \
             AND state = 'due' AND claimed <= $2 RETURNING id, work, due, tries, state, cause, changed";
    SETTLE = "UPDATE revocations SET state = $1, due = $2, cause = $3, claimed = 0, changed = $4 WHERE id = $5";
    OPEN = "SELECT id, work, due, tries, state, cause, changed FROM revocations WHERE state = 'due' ORDER BY due, id LIMIT $1";
    ENDED = "SELECT id, work, due, tries, state, cause, changed FROM revocations WHERE state <> 'due' \
             ORDER BY changed DESC, id LIMIT $1";
    OF_ACCOUNT = "SELECT id, work, due, tries, state, cause, changed FROM revocations \
                  WHERE id > $1 AND id < $2 AND changed >= $3 ORDER BY id LIMIT $4";
    SWEEP = "DELETE FROM revocations WHERE id IN (SELECT id FROM revocations WHERE state <> 'due' AND changed < $1 \
             ORDER BY changed LIMIT $2)";
    TAKE = "INSERT INTO revocation_places (account, holder, until) VALUES ($1, $2, $3) \
            ON CONFLICT (account) DO UPDATE SET holder = $2, until = $3 WHERE revocation_places.until <= $4 OR revocation_places.holder = $2";
    LEAVE = "DELETE FROM revocation_places WHERE account = $1 AND holder = $2";
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: String,
    /// What is to be done, as JSON.
    pub work: String,
    /// When.
    pub due: Timestamp,
    /// How often it was begun.
    pub tries: i64,
    /// How it stands.
    pub state: DueState,
    /// Why it is not done; empty where it is.
    pub cause: String,
    /// When it changed last.
    pub changed: Timestamp,
}

/// How a piece of work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueState {
    /// It is to be done.
    Due,
    /// It is done.
    Done,
    /// It was tried often enough.
    GivenUp,
}

impl DueState {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Done => "done",
            Self::GivenUp => "given_up",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Due, Self::Done, Self::GivenUp]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

impl Store {
    /// Adds a piece of work, or puts it in the place of the one of that id.
    pub async fn add_revocation(
        &self,
        id: &str,
        work_json: &str,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let statement = sqlx::query(ADD)
            .bind(checked("the id of a revocation", id, 1_000)?.to_owned())
            .bind(checked_json("a revocation", work_json, LARGEST)?.to_owned())
            .bind(millis(due))
            .bind(millis(now));
        self.database.execute(statement).await.map(drop)
    }

    /// Takes the piece of work that is due longest and that nobody is at; nobody else gets it before `until`.
    pub async fn claim_revocation(
        &self,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Due>, Error> {
        let statement = sqlx::query(CLAIM).bind(millis(until)).bind(millis(now));
        let rows = self.database.returning(statement).await?;
        rows.first()
            .map(|row| due(&Reader::new(TABLE, row)))
            .transpose()
    }

    /// Says how a piece of work stands now, and when it is to be tried again where it is to be.
    pub async fn settle_revocation(
        &self,
        id: &str,
        (state, at): (DueState, Timestamp),
        cause: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let statement = sqlx::query(SETTLE)
            .bind(state.word())
            .bind(millis(at))
            .bind(checked("why a revocation is not done", cause, LONGEST_CAUSE)?.to_owned())
            .bind(millis(now))
            .bind(id.to_owned());
        self.database.execute(statement).await.map(drop)
    }

    /// What is to be done, the earliest first.
    pub async fn open_revocations(&self, limit: u32) -> Result<Vec<Due>, Error> {
        self.revocations(OPEN, limit).await
    }

    /// What was done or given up, the latest first.
    pub async fn ended_revocations(&self, limit: u32) -> Result<Vec<Due>, Error> {
        self.revocations(ENDED, limit).await
    }

    /// What was to be done in an account, however it stands, that changed since a moment. The ids of such work begin with
    /// the account's.
    pub async fn revocations_of(
        &self,
        account: &AccountId,
        since: Timestamp,
    ) -> Result<Vec<Due>, Error> {
        let mut found: Vec<Due> = Vec::new();
        let mut after = account.to_string();
        let end = after_all_of(account);
        loop {
            let statement = sqlx::query(OF_ACCOUNT)
                .bind(after)
                .bind(end.clone())
                .bind(millis(since))
                .bind(i64::try_from(PAGE).unwrap_or(i64::MAX));
            let rows = self.database.rows(statement).await?;
            for row in &rows {
                found.push(due(&Reader::new(TABLE, row))?);
            }
            match found.last() {
                Some(last) if rows.len() == PAGE => after = last.id.clone(),
                _ => return Ok(found),
            }
        }
    }

    async fn revocations(&self, statement: &'static str, limit: u32) -> Result<Vec<Due>, Error> {
        let rows = self
            .database
            .rows(sqlx::query(statement).bind(i64::from(limit)))
            .await?;
        rows.iter()
            .map(|row| due(&Reader::new(TABLE, row)))
            .collect()
    }

    /// Drops work that ended before that.
    pub(super) async fn sweep_revocations(&self, before: Timestamp) -> Result<u64, Error> {
        self.database
            .in_portions(|portion| sqlx::query(SWEEP).bind(millis(before)).bind(portion))
            .await
    }

    /// Takes an account, so that nobody else changes policies there, or goes on having it; says whether it was free. Who does
    /// not come back has it no longer than `until`.
    pub async fn take_account(
        &self,
        account: &str,
        holder: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let statement = sqlx::query(TAKE)
            .bind(account.to_owned())
            .bind(holder.to_owned())
            .bind(millis(until))
            .bind(millis(now));
        Ok(self.database.execute(statement).await? == 1)
    }

    /// Leaves it to others.
    pub async fn leave_account(&self, account: &str, holder: &str) -> Result<(), Error> {
        let statement = sqlx::query(LEAVE)
            .bind(account.to_owned())
            .bind(holder.to_owned());
        self.database.execute(statement).await.map(drop)
    }
}

/// What comes behind every text that begins with this account's id, in whatever order a database has texts: its digits are
/// compared before anything that stands behind them.
fn after_all_of(account: &AccountId) -> String {
    let next = account.as_str().parse::<u64>().map(|number| number + 1);
    match next {
        Ok(next) if next < 1_000_000_000_000 => format!("{next:012}"),
        // digits come before letters
        _ => "a".to_owned(),
    }
}

fn due(row: &Reader<'_>) -> Result<Due, Error> {
    Ok(Due {
        id: row.text("id")?,
        work: row.text("work")?,
        due: row.time("due")?,
        tries: row.number("tries")?,
        state: row.parsed("state", DueState::parse)?,
        cause: row.text("cause")?,
        changed: row.time("changed")?,
    })
}
