//! What programs ask for under a key of their own is done once.

use chrono::Duration;

pub use crate::store::Asked as AskedBefore;

use super::{Error, Signin, digest};
use crate::domain::session::Session;

/// How long it is known that something was asked for.
const KNOWN_FOR: Duration = Duration::hours(24);

impl Signin {
    /// Begins what the session's person asks for under a key; `request` is all of what they ask.
    pub async fn ask_once(
        &self,
        session: &Session,
        key: &str,
        request: &[u8],
    ) -> Result<AskedBefore, Error> {
        let (who, now) = (&session.identity, self.0.clock.now());
        let digests = (digest::of(key), digest::of_bytes(request));
        let asked = self.0.store.ask_once(
            (&who.idp, &who.subject),
            (&digests.0, &digests.1),
            (now, now + KNOWN_FOR),
        );
        Ok(asked.await?)
    }

    /// Notes what came of it, as JSON.
    pub async fn note_outcome(
        &self,
        session: &Session,
        key: &str,
        outcome_json: &str,
    ) -> Result<(), Error> {
        let who = (&session.identity.idp, &session.identity.subject);
        let key = digest::of(key);
        let noted = self.0.store.note_outcome(who, &key, outcome_json);
        Ok(noted.await?)
    }

    /// Nothing was done: the key can be used again.
    pub async fn forget_asked(&self, session: &Session, key: &str) -> Result<(), Error> {
        let who = (&session.identity.idp, &session.identity.subject);
        Ok(self.0.store.forget_asked(who, &digest::of(key)).await?)
    }
}
