//! Tokens for programs. Only their digests are stored. One that is revoked is gone; the audit log says that it was.

use super::Store;
use super::database::Transaction;
use super::deed::Deed;
use super::digest;
use super::error::Error;
use super::row::{Reader, checked, millis, to_json};
use super::statements::statements;
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::domain::identity::{Identity, IdpId, Subject};
use crate::domain::person::PersonKey;
use crate::domain::record::Term;
use crate::domain::token::{Token, TokenId};

const TABLE: &str = "tokens";

/// How large an identity may be, as JSON.
const IDENTITY_LIMIT: usize = 4 * 1024 * 1024;

/// A token's use is written down at most this often, in milliseconds.
const NOTE_EVERY: i64 = 60_000;

/// How many live tokens one person may have.
pub const MOST_TOKENS: i64 = 100;

statements! {
    INSERT = "INSERT INTO tokens (id, digest, person, identity, name, scopes, made, expires, used) \
              SELECT $1, $2, $3, $4, $5, $6, $7, $8, 0 \
              WHERE (SELECT COUNT(*) FROM tokens WHERE person = $3 AND expires > $7) < $9";
    FIND = "SELECT id, digest, identity, name, scopes, made, expires, used FROM tokens \
            WHERE digest = $1 AND expires > $2 AND NOT EXISTS (SELECT 1 FROM stops \
            WHERE kind = 'person' AND target = tokens.person AND (until = 0 OR until > $3))";
    OF_PERSON = "SELECT id, digest, identity, name, scopes, made, expires, used FROM tokens \
                 WHERE person = $1 AND expires > $2 ORDER BY made DESC, id LIMIT 1000";
    ALL = "SELECT id, digest, identity, name, scopes, made, expires, used FROM tokens \
           WHERE expires > $1 AND id > $2 ORDER BY id LIMIT $3";
    USED = "UPDATE tokens SET used = $2 WHERE digest = $1 AND used <= $3";
    /// Of a sign-in since, there is the session or, where that is over, the row that says that it began.
    PROVED_SINCE = "SELECT (SELECT COUNT(*) FROM sessions WHERE person = $1 AND began > $2) + \
                    (SELECT COUNT(*) FROM audit_terms WHERE term = $3 AND at > $4 AND EXISTS (\
                    SELECT 1 FROM audit WHERE audit.position = audit_terms.position AND kind = $5)) AS number";
    PROVED_ONE = "UPDATE tokens SET identity = $2 WHERE id = $1 AND identity = $3";
    PROVED_AGAIN = "UPDATE tokens SET identity = $2 WHERE person = $1";
    REVOKE = "DELETE FROM tokens WHERE id = $1 AND person = $2 AND expires > $3";
    DROP = "DELETE FROM tokens WHERE id = $1";
    BY_ID = "SELECT id, digest, identity, name, scopes, made, expires, used FROM tokens \
             WHERE id = $1 AND expires > $2";
    SWEEP = "DELETE FROM tokens WHERE id IN (\
             SELECT id FROM tokens WHERE expires <= $1 ORDER BY expires LIMIT $2)";
}

impl Store {
    /// Keeps a new token. False: the person has as many as one can have.
    pub async fn keep_token(&self, token: &Token) -> Result<bool, Error> {
        let identity = to_json("an identity", &token.identity)?;
        let who = &token.identity;
        let kept = self
            .database
            .execute(
                sqlx::query(INSERT)
                    .bind(token.id.as_str())
                    .bind(checked("a token", &token.digest, 128)?)
                    .bind(digest::person(&who.idp, &who.subject))
                    .bind(checked("an identity", &identity, IDENTITY_LIMIT)?)
                    .bind(checked("a token's name", &token.name, 1_000)?)
                    .bind(to_json("a token's scopes", &token.scopes)?)
                    .bind(millis(token.made))
                    .bind(millis(token.expires))
                    .bind(MOST_TOKENS),
            )
            .await?;
        Ok(kept == 1)
    }

    /// The live token of this digest, unless its person is blocked.
    pub async fn find_token(&self, digest: &str, now: Timestamp) -> Result<Option<Token>, Error> {
        self.database
            .row(
                sqlx::query(FIND)
                    .bind(checked("a token", digest, 128)?)
                    .bind(millis(now))
                    .bind(millis(now)),
            )
            .await?
            .map(|row| read(&Reader::new(TABLE, &row)))
            .transpose()
    }

    /// The live token of this id.
    pub async fn token(&self, id: &TokenId, now: Timestamp) -> Result<Option<Token>, Error> {
        self.database
            .row(sqlx::query(BY_ID).bind(id.as_str()).bind(millis(now)))
            .await?
            .map(|row| read(&Reader::new(TABLE, &row)))
            .transpose()
    }

    /// Writes down that a token was used, unless that was written less than a minute ago.
    pub async fn note_token(&self, token: &Token, now: Timestamp) -> Result<(), Error> {
        let before = millis(now) - NOTE_EVERY;
        if token.used.is_some_and(|used| millis(used) > before) {
            return Ok(());
        }
        let statement = sqlx::query(USED)
            .bind(checked("a token", &token.digest, 128)?)
            .bind(millis(now))
            .bind(before);
        self.database.execute(statement).await.map(drop)
    }

    /// A person's tokens speak for them as they were just proved.
    pub async fn prove_tokens(&self, identity: &Identity) -> Result<(), Error> {
        let json = to_json("an identity", identity)?;
        let statement = sqlx::query(PROVED_AGAIN)
            .bind(digest::person(&identity.idp, &identity.subject))
            .bind(checked("an identity", &json, IDENTITY_LIMIT)?);
        self.database.execute(statement).await.map(drop)
    }

    /// One token speaks for its person as another does, unless it speaks for them otherwise than it did by now.
    pub async fn prove_token(&self, token: &Token, identity: &Identity) -> Result<(), Error> {
        let json = to_json("an identity", identity)?;
        let statement = sqlx::query(PROVED_ONE)
            .bind(token.id.as_str())
            .bind(checked("an identity", &json, IDENTITY_LIMIT)?)
            .bind(to_json("an identity", &token.identity)?);
        self.database.execute(statement).await.map(drop)
    }

    /// Whether somebody has signed in after a moment, be that session over or not.
    pub async fn signed_in_since(
        &self,
        (idp, subject): (&IdpId, &Subject),
        since: Timestamp,
    ) -> Result<bool, Error> {
        let key = PersonKey::of(idp.as_str(), &subject.format, &subject.value);
        let statement = sqlx::query(PROVED_SINCE)
            .bind(digest::person(idp, subject))
            .bind(millis(since))
            .bind(digest::term(&Term::key(&key)))
            .bind(millis(since))
            .bind(EventKind::SessionBegan.name());
        let row = self.database.row(statement).await?;
        let number = row.map(|row| Reader::new(TABLE, &row).number("number"));
        Ok(number.transpose()?.is_some_and(|number| number > 0))
    }

    /// A person's live tokens, the newest first.
    pub async fn tokens_of(
        &self,
        idp: &IdpId,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Vec<Token>, Error> {
        let statement = sqlx::query(OF_PERSON)
            .bind(digest::person(idp, subject))
            .bind(millis(now));
        self.tokens(statement).await
    }

    /// Everybody's live tokens after an id (the empty one: from the first), by id.
    pub async fn all_tokens(
        &self,
        after: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Token>, Error> {
        let statement = sqlx::query(ALL)
            .bind(millis(now))
            .bind(checked("a token's id", after, 128)?)
            .bind(i64::from(limit));
        self.tokens(statement).await
    }

    async fn tokens(&self, statement: super::database::Statement<'_>) -> Result<Vec<Token>, Error> {
        self.database
            .rows(statement)
            .await?
            .iter()
            .map(|row| read(&Reader::new(TABLE, row)))
            .collect()
    }

    /// Takes back a token that nobody has been shown. False: there is none.
    pub async fn drop_token(&self, id: &TokenId) -> Result<bool, Error> {
        let gone = self.database.execute(sqlx::query(DROP).bind(id.as_str()));
        Ok(gone.await? > 0)
    }

    /// Revokes a live token of a person, with its row of the record. False: there is none.
    pub async fn revoke_token(
        &self,
        (idp, subject): (&IdpId, &Subject),
        id: &TokenId,
        event: &Event,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let deed = Some(Deed::Revoke(Revoke {
            person: digest::person(idp, subject),
            id: id.clone(),
            now,
        }));
        let kind = EventKind::TokenRevoked;
        match self.appender.append(kind, event, deed, now).await {
            Ok(_) => Ok(true),
            Err(Error::Overtaken) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Drops tokens that have ended.
    pub(super) async fn sweep_tokens(&self, now: Timestamp) -> Result<u64, Error> {
        self.database
            .in_portions(|portion| sqlx::query(SWEEP).bind(millis(now)).bind(portion))
            .await
    }
}

/// A person's token that is to be revoked, if it is live then.
#[derive(Debug)]
pub(super) struct Revoke {
    person: String,
    id: TokenId,
    now: Timestamp,
}

impl Revoke {
    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let revoked = sqlx::query(REVOKE)
            .bind(self.id.as_str())
            .bind(&*self.person)
            .bind(millis(self.now))
            .execute(transaction.connection())
            .await?;
        if revoked.rows_affected() == 0 {
            return Err(Error::Overtaken);
        }
        Ok(())
    }
}

fn read(row: &Reader<'_>) -> Result<Token, Error> {
    let used = row.number("used")?;
    Ok(Token {
        id: row.parsed("id", TokenId::parse)?,
        digest: row.text("digest")?,
        identity: row.json("identity")?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        made: row.time("made")?,
        expires: row.time("expires")?,
        used: (used > 0).then(|| row.time("used")).transpose()?,
    })
}
