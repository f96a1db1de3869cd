//! What programs do for their person, by a token: see their roles, and make keys of them.
//!
//! The way to keys is that of people (`handover`), but nobody is there to be asked: whatever a role wants of the person
//! themself (a fresh login, a reason, a code, the provider's own proof) a token cannot bring, and is refused.

use super::handover::Handed;
use super::wanted::Wanted;
use super::{AccountView, Error, MadeKeys, NotForTokens, Signin, Visit};
use crate::domain::intent::KeysIntent;
use crate::domain::role::Role;
use crate::domain::session::Session;
use crate::limits::What;

/// A key of the program's own, under which something is done once.
#[derive(Debug, Clone, Copy)]
pub struct OnceKey<'k> {
    /// The key.
    pub key: &'k str,
    /// What is said to whoever asks again, as JSON, by the sign-in's id.
    pub outcome: fn(&str) -> String,
}

impl Signin {
    /// The roles that somebody holds, by account.
    pub async fn held_roles(&self, session: &Session) -> Vec<AccountView> {
        self.follow().await;
        self.accounts_held(session, |_| true)
    }

    /// Keys for a program that speaks for the session's person. Where it asks under a key of its own, what came of it is
    /// noted before AWS is asked: between the last check and the wire nothing is waited for.
    pub async fn keys_for_program(
        &self,
        visit: &Visit,
        session: &Session,
        asked: KeysIntent,
        once: Option<OnceKey<'_>>,
    ) -> Result<MadeKeys, Error> {
        self.follow().await;
        let wanted = Wanted::of_keys(&asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &wanted, Some(refusal)).await),
        };
        if let Some(what) = not_for_tokens(grant.role()) {
            let error = Error::NotForTokens(what);
            return Err(self.record_refusal(visit, session, &wanted, error).await);
        }
        let limits = &self.0.limits;
        limits.take(What::Keys, visit.address, Some(&session.identity))?;
        let prepared = self
            .prepare(Handed::Keys, (grant, None), asked.hours, None)
            .await;
        let who = (visit, session, &wanted);
        let prepared = self.or_refused(who, prepared).await?;
        if let Some(once) = once {
            let outcome = (once.outcome)(&prepared.signin_id);
            self.note_outcome(session, once.key, &outcome).await?;
        }
        let made = Box::pin(async { Ok(((), self.credentials(&prepared).await?)) });
        let ((), credentials) = self.hand_over(visit, session, &prepared, made).await?;
        Ok(self.made(&prepared, asked, credentials))
    }
}

/// What a role asks for that only a person can bring.
fn not_for_tokens(role: &Role) -> Option<NotForTokens> {
    let requires = &role.requires;
    if requires.login_within_minutes.is_some() || !requires.acr.is_empty() {
        Some(NotForTokens::Login)
    } else if requires.reason {
        Some(NotForTokens::Reason)
    } else if role.method.mfa_serial().is_some() {
        Some(NotForTokens::Code)
    } else if role.method.forwards().is_some() {
        Some(NotForTokens::Proof)
    } else {
        None
    }
}
