//! Tokens for programs: made, listed and revoked by their people, and recognised when a program brings one.
//!
//! A token speaks for its person as their provider last proved them: whoever signs in again with fewer groups has tokens
//! that can do less, and an older session of theirs makes none. What it may do is decided at each use, by the access model and the administrators of that moment.

use super::{Error, Signin, Step, TokensView, Visit, digest, record};
use crate::domain::Timestamp;
use crate::domain::audit::{Event, EventKind};
use crate::domain::session::Session;
use crate::domain::token::{
    Token, TokenId, TokenLifeError, TokenName, TokenNameError, TokenScopes, TokenSecret,
};
use crate::limits::What;
use crate::random;
use crate::store::SETTLED_AFTER;

/// A token to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What its person calls it.
    pub name: String,
    /// What it may do.
    pub scopes: TokenScopes,
    /// How long it lives; `None`: as long as is usual.
    pub days: Option<u16>,
}

/// A token just made, with what is shown once.
#[derive(Debug)]
pub struct MadeToken {
    /// How it is listed.
    pub token: Token,
    /// The token itself.
    pub secret: TokenSecret,
}

/// Why a token is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// It cannot live so long.
    #[error(transparent)]
    Life(#[from] TokenLifeError),
    /// It cannot be called so.
    #[error(transparent)]
    Name(#[from] TokenNameError),
    /// It could do nothing.
    #[error("a token needs at least one scope")]
    NoScope,
    /// It could do more, or live longer, than the token that asks for it.
    #[error("a token makes none that may do more or lives longer than itself")]
    MoreThanItself,
    /// Its person has signed in since the session that asks began: what that one knows of them may be true no more.
    #[error("somebody who has signed in since makes no token by an older session")]
    OlderSession,
    /// There are as many as one person can have.
    #[error("there are {} tokens already", crate::store::MOST_TOKENS)]
    TooMany,
}

impl Signin {
    /// The live token that a program brings; notes that it was used.
    pub async fn recognise_token(&self, secret: &TokenSecret) -> Result<Option<Token>, Error> {
        let now = self.0.clock.now();
        let digest = digest::of(secret.expose());
        let token = self.0.store.find_token(&digest, now).await?;
        if let Some(token) = &token {
            self.0.store.note_token(token, now).await?;
        }
        Ok(token)
    }

    /// Makes a token for the person of a session; `by` is the token that asks, if one does. It is in the audit log before
    /// anybody sees it.
    pub async fn make_token(
        &self,
        visit: &Visit,
        session: &Session,
        by: Option<&Token>,
        new: NewToken,
    ) -> Result<MadeToken, Error> {
        let now = self.0.clock.now();
        let token = self.token_to_be(session, by, new, now)?;
        // those revoked were made: their rows are as many at most, and nobody is kept from revoking
        let limits = &self.0.limits;
        limits.take(What::Token, visit.address, Some(&session.identity))?;
        let secret = TokenSecret::new(&random::token::<32>(self.0.random.as_ref()));
        let token = Token {
            digest: digest::of(secret.expose()),
            ..token
        };
        if !self.0.store.keep_token(&token).await? {
            return Err(TokenRefused::TooMany.into());
        }
        let token = match self.as_last_proved(session, by, token.clone()).await {
            Ok(token) => token,
            Err(error) => {
                self.drop_unseen(&token).await;
                return Err(error);
            }
        };
        let event = Event {
            until: Some(record::moment(token.expires)),
            note: Some(format!("{}: {}", token.name, words(&token.scopes))),
            ..record::about(visit, &session.identity).about_token(token.id.as_str())
        };
        let recorded = self.0.store.append(EventKind::TokenMade, &event, now).await;
        if let Err(error) = recorded {
            self.drop_unseen(&token).await;
            return Err(error.into());
        }
        Ok(MadeToken { token, secret })
    }

    /// A token that was just kept, speaking for its person as they were proved last. It is looked at only now: a sign-in
    /// from here on brings the token up to date itself, and one before is seen.
    async fn as_last_proved(
        &self,
        session: &Session,
        by: Option<&Token>,
        token: Token,
    ) -> Result<Token, Error> {
        let store = &self.0.store;
        let Some(by) = by else {
            let who = (&session.identity.idp, &session.identity.subject);
            if store.signed_in_since(who, session.began).await? {
                return Err(TokenRefused::OlderSession.into());
            }
            return Ok(token);
        };
        let still = store.find_token(&by.digest, self.0.clock.now()).await?;
        let identity = still.ok_or(Error::SessionEnded)?.identity;
        if identity != token.identity {
            store.prove_token(&token, &identity).await?;
        }
        Ok(Token { identity, ..token })
    }

    /// Nobody knows it; what cannot be dropped ends by itself.
    async fn drop_unseen(&self, token: &Token) {
        let _ = self.0.store.drop_token(&token.id).await;
    }

    fn token_to_be(
        &self,
        session: &Session,
        by: Option<&Token>,
        new: NewToken,
        now: Timestamp,
    ) -> Result<Token, TokenRefused> {
        let name = TokenName::parse(&new.name)?;
        let expires = now + self.0.token_life.of(new.days)?;
        if new.scopes.is_empty() {
            return Err(TokenRefused::NoScope);
        }
        if by.is_some_and(|by| !new.scopes.is_subset(&by.scopes) || expires > by.expires) {
            return Err(TokenRefused::MoreThanItself);
        }
        let id = random::hex::<8>(self.0.random.as_ref());
        let identity = by.map_or(&session.identity, |by| &by.identity);
        Ok(Token {
            id: TokenId::parse(&id).ok_or(TokenRefused::NoScope)?,
            digest: String::new(),
            identity: identity.clone(),
            name: name.as_str().to_owned(),
            scopes: new.scopes,
            made: now,
            expires,
            used: None,
        })
    }

    /// A person's live tokens, the newest first.
    pub async fn tokens(&self, session: &Session) -> Result<Vec<Token>, Error> {
        let (who, now) = (&session.identity, self.0.clock.now());
        Ok(self.0.store.tokens_of(&who.idp, &who.subject, now).await?)
    }

    /// The page of them.
    pub(super) async fn tokens_page(&self, session: &Session) -> Result<Step, Error> {
        Ok(Step::Tokens(Box::new(TokensView {
            display_name: session.identity.display_name.clone(),
            administrator: self.is_administrator(session),
            form_token: session.form_token.clone(),
            tokens: self.tokens(session).await?,
            life: self.0.token_life,
        })))
    }

    /// Revokes one of a person's tokens, or all (`None`); says how many that were. When it returns it is settled: nothing
    /// leaves by them any more.
    pub async fn revoke_tokens(
        &self,
        visit: &Visit,
        session: &Session,
        id: Option<&TokenId>,
    ) -> Result<usize, Error> {
        let mut gone = 0;
        loop {
            let round = self.revoke_listed(visit, session, id).await?;
            gone += round;
            // by one that was live a moment ago another may have been made
            if round == 0 || id.is_some() {
                break;
            }
        }
        self.0.clock.wait(SETTLED_AFTER).await;
        Ok(gone)
    }

    /// Revokes those that are there, each with its row; where a row cannot be written, the tokens go all the same.
    async fn revoke_listed(
        &self,
        visit: &Visit,
        session: &Session,
        id: Option<&TokenId>,
    ) -> Result<usize, Error> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        let who = &session.identity;
        let whose = (&who.idp, &who.subject);
        let (mut gone, mut unwritten) = (0, None);
        for token in store.tokens_of(whose.0, whose.1, now).await? {
            if id.is_some_and(|id| *id != token.id) {
                continue;
            }
            let event = Event {
                note: Some(token.name),
                ..record::about(visit, who).about_token(token.id.as_str())
            };
            match store.revoke_token(whose, &token.id, &event, now).await {
                Ok(revoked) => gone += usize::from(revoked),
                Err(error) => {
                    store.drop_token(&token.id).await?;
                    unwritten = Some(error);
                }
            }
        }
        unwritten.map_or(Ok(gone), |error| Err(error.into()))
    }
}

/// The words of scopes, for the audit log.
fn words(scopes: &TokenScopes) -> String {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
    words.join(" ")
}
