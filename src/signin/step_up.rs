//! Where a role asks more of the login than there is: the person is sent to their provider once more, with what is
//! missing said, and what comes back is judged like any login. One that was asked for and still falls short is told on a
//! page and not asked for again: the same question would get the same answer.

use super::proceed::Brought;
use super::wanted::Wanted;
use super::{Error, Signin, Step, Visit};
use crate::domain::identity::IdpId;
use crate::domain::intent::Intent;
use crate::domain::requires::{Demand, Missing};
use crate::domain::role::Role;
use crate::domain::session::Session;
use crate::idp;

impl Signin {
    /// What a session's login lacks for a role, now.
    pub(super) fn missing(&self, session: &Session, role: &Role) -> Option<Missing> {
        let login = &session.identity.authentication;
        role.requires.missing(login, self.0.clock.now())
    }

    /// Off to the provider if the login does not do, `None` if it does; refused if this very answer is the provider's to
    /// just that question. `intent` is what the person comes back for.
    pub(super) async fn step_up(
        &self,
        visit: &Visit,
        session: &Session,
        (wanted, intent): (&Wanted<'_>, &Intent),
        (role, brought): (&Role, &Brought),
    ) -> Result<Option<Step>, Error> {
        let Some(missing) = self.missing(session, role) else {
            return Ok(None);
        };
        let idp = role.method.forwards().unwrap_or(&session.identity.idp);
        let demand = Demand {
            requires: role.requires.clone(),
            anew: true,
        };
        match brought {
            Brought::Answer(_, answered) if *answered == demand && *idp == session.identity.idp => {
                let error = not_enough(session, role, missing);
                Err(self.record_refusal(visit, session, wanted, error).await)
            }
            Brought::Answer(..) | Brought::Click | Brought::Form(_) => {
                let departed = self.depart(visit, Some(session), (idp, demand), intent.clone());
                departed.await.map(Some)
            }
        }
    }

    /// After a click that came to nothing: if the login no longer did when everything else was done (it grew too old, or
    /// the role asks for more by now), it is asked for again.
    pub(super) async fn unless_asked(
        &self,
        visit: &Visit,
        session: &Session,
        came: (&Wanted<'_>, &Intent),
        error: Error,
    ) -> Result<Step, Error> {
        if !matches!(error, Error::LoginNotEnough { .. }) {
            return Err(error);
        }
        let Ok(grant) = self.granted(session, came.0) else {
            return Err(error);
        };
        let click = (grant.role(), &Brought::Click);
        let elsewhere = self.step_up(visit, session, came, click).await?;
        elsewhere.ok_or(error)
    }
}

/// What a provider is asked for when a role needs a fresh proof of its own and the login itself would do.
pub(super) fn for_proof(role: &Role) -> Demand {
    Demand {
        requires: role.requires.clone(),
        anew: false,
    }
}

/// That a session's login does not do for a role.
pub(super) fn not_enough(session: &Session, role: &Role, missing: Missing) -> Error {
    Error::LoginNotEnough {
        idp: session.identity.idp.clone(),
        missing,
        within_minutes: role.requires.login_within_minutes,
    }
}

/// What it means that a provider's answer proves nobody: it may be that it cannot do what it was asked for.
pub(super) fn not_proven(idp: &IdpId, error: &idp::Error, demand: &Demand) -> Error {
    let explained = Error::at_idp(idp, error);
    if demand.requires.acr.is_empty() || !error.is_beyond_it() {
        return explained;
    }
    Error::LoginNotEnough {
        idp: idp.clone(),
        missing: Missing::Refused,
        within_minutes: demand.requires.login_within_minutes,
    }
}
