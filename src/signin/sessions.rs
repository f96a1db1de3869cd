//! A person's own sessions with Vestibule: seen, and ended one by one or together.

use super::{Error, SessionsView, Signin, Step, Visit, record};
use crate::domain::audit::{Event, SessionEnd};
use crate::domain::session::{LiveSession, Session, SessionHandle};
use crate::store::{Ending, SETTLED_AFTER};

/// Which of one's own sessions are ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnEnding {
    /// This one.
    One(SessionHandle),
    /// All but the one that asks.
    Others,
    /// All.
    All,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Others have ended; the one that asked lives on.
    Others,
    /// The one that asked is among them.
    ThisOneToo,
    /// There is no such session of theirs.
    NoSuch,
}

impl Signin {
    /// The page that shows them.
    pub(super) async fn sessions(&self, session: &Session) -> Result<Step, Error> {
        Ok(Step::Sessions(Box::new(SessionsView {
            display_name: session.identity.display_name.clone(),
            administrator: self.is_administrator(session),
            form_token: session.form_token.clone(),
            sessions: self.own_sessions(session).await?,
            this_one: self.0.store.handle(&session.digest),
        })))
    }

    /// A person's own live sessions, the newest first.
    pub async fn own_sessions(&self, session: &Session) -> Result<Vec<LiveSession>, Error> {
        let (store, identity) = (&self.0.store, &session.identity);
        let person = store.person_key(&identity.idp, &identity.subject);
        let now = self.0.clock.now();
        Ok(store.sessions_of(&person, now, self.0.idle).await?)
    }

    /// Ends some of a person's own sessions. When it returns it is settled: nothing leaves by them any more, nor, where
    /// there was none, by what somebody else has just ended.
    pub async fn end_own(
        &self,
        visit: &Visit,
        session: &Session,
        which: OwnEnding,
    ) -> Result<Ended, Error> {
        let (store, identity) = (&self.0.store, &session.identity);
        let person = store.person_key(&identity.idp, &identity.subject);
        let this_one = store.handle(&session.digest);
        let (ending, ended) = match &which {
            OwnEnding::One(handle) if *handle == this_one => {
                (Ending::One(handle), Ended::ThisOneToo)
            }
            OwnEnding::One(handle) => (Ending::One(handle), Ended::Others),
            OwnEnding::Others => (Ending::AllBut(&session.digest), Ended::Others),
            OwnEnding::All => (Ending::All, Ended::ThisOneToo),
        };
        let elsewhere = which != OwnEnding::One(this_one.clone());
        let event = Event {
            cause: elsewhere.then(|| SessionEnd::Elsewhere.word().to_owned()),
            ..record::about(visit, identity)
        };
        let now = self.0.clock.now();
        let any = which != OwnEnding::All || !self.own_sessions(session).await?.is_empty();
        let found = any && store.end_sessions(&person, ending, &event, now).await?;
        self.0.clock.wait(SETTLED_AFTER).await;
        Ok(if found { ended } else { Ended::NoSuch })
    }
}
