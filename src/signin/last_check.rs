//! Authorise last: what is asked of the database when everything else is done, and how long its answer counts.
//!
//! Between the answer and the wire nothing is waited for. So whoever ends a session, blocks, suspends or publishes knows
//! when the last hand-over has left that did not know of it (`store::SETTLED_AFTER`).

use std::sync::Arc;

use super::handover::Prepared;
use super::{Error, Signin, step_up};
use crate::domain::Timestamp;
use crate::domain::preferences::LastingKey;
use crate::domain::role::Role;
use crate::domain::session::Session;
use crate::domain::stop::Suspension;

/// How often the last check looks again when the access model changed under it.
const LOOKS: usize = 8;

/// How often when the answer came too late to count.
const LATE_LOOKS: usize = 2;

impl Signin {
    /// Authorise last: the session is live, nobody is blocked and nothing suspended, and the revision in force at that
    /// moment gives the role, with the same power. What decides is what the database said in one look; and it decides for
    /// a moment only, so that whoever takes something back knows from when on nothing leaves any more.
    pub(super) async fn last_check(
        &self,
        session: &Session,
        prepared: &Prepared,
    ) -> Result<(), Error> {
        let (parts, role) = (&self.0, prepared.grant.role());
        let lasting = LastingKey::of(role);
        let mut late = 0;
        for _ in 0..LOOKS {
            let now = parts.clock.now();
            let check = parts
                .store
                .last_check(&session.digest, &lasting, now, parts.idle)
                .await?;
            if check.stopped || !check.session_live {
                match self.stopped(session, role).await? {
                    Some(stopped) => return Err(stopped),
                    None if check.session_live => continue,
                    None => return Err(Error::SessionEnded),
                }
            }
            if parts.access.index().revision() != check.revision {
                // while it is fetched and compiled, things can change again: look again
                parts.access.catch_up(&parts.store, check.revision).await?;
                continue;
            }
            self.still_granted(session, prepared, now)?;
            // nothing is waited for from here to the wire
            if check.still_counts() {
                return Ok(());
            }
            late += 1;
            if late == LATE_LOOKS {
                return Err(Error::DatabaseAway("it answers too late".into()));
            }
        }
        Err(Error::Internal(
            "the access model changed at every look".into(),
        ))
    }

    /// That the revision known here gives the role still, and asks for nothing that is missing.
    fn still_granted(
        &self,
        session: &Session,
        prepared: &Prepared,
        now: Timestamp,
    ) -> Result<(), Error> {
        let grant = &prepared.grant;
        let again = self.0.access.index().grant(
            &Arc::new(session.identity.clone()),
            &grant.role().key,
            grant.scope().map(|scope| &scope.name),
            now,
        );
        match again {
            // a role or a scope of the same name that is another one by now was not what these credentials were made for
            Ok(again) if again.same_power_as(grant) => {
                if again.role().requires.reason && prepared.reason.is_none() {
                    return Err(Error::ReasonNeeded);
                }
                match self.missing(session, again.role()) {
                    None => Ok(()),
                    Some(missing) => Err(step_up::not_enough(session, again.role(), missing)),
                }
            }
            _ => Err(self.not_entitled(session, Some(grant.role().key.clone()))),
        }
    }

    /// What stops a person or a role by now, if anything does.
    async fn stopped(&self, session: &Session, role: &Role) -> Result<Option<Error>, Error> {
        let (store, access) = (&self.0.store, &self.0.access);
        let identity = &session.identity;
        let person = store.person_key(&identity.idp, &identity.subject);
        let now = self.0.clock.now();
        if let Some(until) = store.blocked(&person, now).await? {
            return Ok(Some(Error::Blocked { until }));
        }
        access.follow(store).await?;
        let suspension = access.suspension(role, now);
        Ok(suspension.map(|suspension| suspended(suspension, role)))
    }
}

/// That a role is suspended.
pub(super) fn suspended(suspension: Suspension, role: &Role) -> Error {
    Error::Suspended {
        whole_account: suspension.whole_account,
        until: suspension.until,
        owner: role.account.owner.clone(),
    }
}
