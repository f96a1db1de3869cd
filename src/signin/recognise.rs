//! Recognise: whose session a cookie stands for.

use super::visit::Kept;
use super::{Beside, Error, Outcome, Signin, Visit, about, digest};
use crate::domain::audit::{Event, EventKind};
use crate::domain::role::RoleKey;
use crate::domain::session::{Session, SessionId};
use crate::limits::What;
use crate::store::AccessError;

impl Signin {
    /// The live session of an id, if there is one; notes that it was used.
    pub async fn recognise(&self, id: &SessionId) -> Result<Option<Session>, Error> {
        let now = self.0.clock.now();
        let digest = digest::of(id.expose());
        let session = self
            .0
            .store
            .find_session(&digest, now, self.0.idle)
            .await
            .map_err(Error::from)?;
        if let Some(session) = &session {
            self.0.store.touch_session(session, now).await?;
        }
        Ok(session)
    }

    /// The same for whoever comes in by a link, with what most pages ask of the database beside it: one question for
    /// all. The access model is followed by what it says.
    pub async fn look(&self, id: &SessionId) -> Result<Option<(Session, Beside)>, Error> {
        let (parts, now) = (&self.0, self.0.clock.now());
        let digest = digest::of(id.expose());
        let Some(look) = parts.store.look(&digest, now, parts.idle).await? else {
            return Ok(None);
        };
        parts.store.touch_session(&look.session, now).await?;
        warn(parts.access.follow_to(&parts.store, look.current).await);
        let beside = Beside {
            session: digest,
            preferences: Kept(look.preferences),
        };
        Ok(Some((look.session, beside)))
    }

    /// Writes down that somebody who is no administrator asked for what is theirs alone, as far as they may be refused so
    /// often; gives what they are told, which is what they would be told of a role that is not theirs.
    pub async fn refuse_administration(
        &self,
        visit: &Visit,
        session: &Session,
        asked: &str,
    ) -> Error {
        let who = Some(&session.identity);
        if let Err(too_often) = self.0.limits.take(What::Refusal, visit.address, who) {
            return too_often.into();
        }
        let error = self.not_entitled(session, None);
        let event = Event {
            query: Some(asked.to_owned()),
            result: Some(Outcome::Refused.word().to_owned()),
            cause: Some(error.code().to_owned()),
            ..about(visit, &session.identity)
        };
        let (kind, now) = (EventKind::AdministrationRefused, self.0.clock.now());
        match self.0.store.append(kind, &event, now).await {
            Ok(_) => error,
            Err(away) => away.into(),
        }
    }

    /// Whether a session's person may see the administrators' pages.
    pub fn is_administrator(&self, session: &Session) -> bool {
        self.0.administrators.include(&session.identity)
    }

    /// The roles that a session's person holds now, but for those that are suspended.
    pub async fn me(&self, session: &Session) -> Vec<RoleKey> {
        self.follow().await;
        let now = self.0.clock.now();
        self.0
            .access
            .index()
            .held(&session.identity, now)
            .into_iter()
            .filter(|held| self.0.access.suspension(held.role, now).is_none())
            .map(|held| held.role.key.clone())
            .collect()
    }

    /// Pages show the newest revision that can be had; the last check is what decides.
    pub(super) async fn follow(&self) {
        warn(self.0.access.follow(&self.0.store).await);
    }

    /// The same for a visit, whose look has followed it already if there was one.
    pub(super) async fn follow_for(&self, visit: &Visit) {
        if visit.beside.is_none() {
            self.follow().await;
        }
    }
}

fn warn(followed: Result<(), AccessError>) {
    if let Err(error) = followed {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the access model could not be followed"
        );
    }
}
