//! What every hand-over to a person has in common, be it a console or keys: grant → credentials, between two rows of
//! the audit log.
//!
//! Beside the calls to AWS the audit row `begun` is made durable: no row, no hand-over. After them comes the last
//! check, from the database: the session is live, nothing is blocked or suspended, and the current revision still gives
//! the role. Only then does anything leave, and at once. What is made of the credentials is the caller's: nothing here knows of consoles or of pages.

use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;

use super::last_check::suspended;
use super::wanted::Wanted;
use super::{Error, Outcome, Signin, Visit, record, refusal};
use crate::aws::Ask;
use crate::domain::access::Refusal;
use crate::domain::audit::{Event, EventKind};
use crate::domain::credentials::{Credentials, ForwardedProof, Presented};
use crate::domain::duration::{DurationRequest, LoginEnded, Plan};
use crate::domain::grant::Grant;
use crate::domain::intent::{AccountRef, WhyIntent};
use crate::domain::reason::Reason;
use crate::domain::request_form::Asked;
use crate::domain::role::RoleKey;
use crate::domain::session::Session;
use crate::domain::stop::Suspension;
use crate::limits::What;
use crate::random;

/// How often the end of a sign-in is tried again to be written down: after a second, and after twice as long each time, up to a
/// good minute (so many doublings); for three quarters of an hour in all.
const MOST_TRIES: u32 = 50;
const LONGEST_WAIT: u32 = 6;

/// Why a role is not given.
pub(super) enum NotGranted {
    /// The rules do not give it.
    Refused(Refusal),
    /// They do, and it is suspended.
    Suspended(Suspension, Grant),
}

impl From<Refusal> for NotGranted {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What is handed over; the record tells one from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handed {
    Console,
    Keys,
}

impl Handed {
    fn begun(self) -> EventKind {
        match self {
            Self::Console => EventKind::SigninBegun,
            Self::Keys => EventKind::KeysBegun,
        }
    }

    fn ended(self) -> EventKind {
        match self {
            Self::Console => EventKind::SigninEnded,
            Self::Keys => EventKind::KeysEnded,
        }
    }
}

/// What is decided before AWS is asked.
pub(super) struct Prepared {
    /// What the record and whoever asks call it.
    pub(super) signin_id: String,
    handed: Handed,
    pub(super) grant: Grant,
    pub(super) plan: Plan,
    ask: Ask,
    /// Why the person comes, where they said so.
    pub(super) reason: Option<Reason>,
    /// What a provider gave, or the person; our own proof is made when it is needed.
    presented: Option<Presented>,
}

impl Signin {
    /// The key of the role that is asked for, where there is such an account.
    pub(super) fn key(&self, wanted: &Wanted<'_>) -> Option<RoleKey> {
        let index = self.0.access.index();
        Some(RoleKey {
            account: index.find(wanted.account)?.alias.clone(),
            name: wanted.role?.clone(),
        })
    }

    /// The one answer for a role that is not held and one that does not exist.
    pub(super) fn not_entitled(&self, session: &Session, key: Option<RoleKey>) -> Error {
        let identity = &session.identity;
        let index = self.0.access.index();
        let owner = key.as_ref().and_then(|key| {
            let owner = index.owner_to_ask(identity, key, self.0.clock.now());
            owner.map(str::to_owned)
        });
        let known = key.filter(|key| index.role(key).is_some_and(|role| role.discoverable));
        let why = known.map(|key| {
            Box::new(WhyIntent {
                account: AccountRef::Alias(key.account),
                role: key.name,
            })
        });
        Error::NotEntitled {
            owner,
            left_out: self
                .left_out(session)
                .map(|left_out| (identity.idp.clone(), left_out)),
            why,
            asked: Asked::default(),
        }
    }

    /// Likewise, with what was asked for. Where that is no role in particular, the account alone says whom to ask.
    fn not_entitled_to(&self, session: &Session, wanted: &Wanted<'_>) -> Error {
        let mut error = self.not_entitled(session, self.key(wanted));
        if let Error::NotEntitled { owner, asked, .. } = &mut error {
            *asked = wanted.as_asked();
            if wanted.role.is_none() {
                let (index, now) = (self.0.access.index(), self.0.clock.now());
                let known = index.owner_of(&session.identity, wanted.account, now);
                *owner = known.map(str::to_owned);
            }
        }
        error
    }

    /// Whether the rules give the role, and nothing stands in its way that is known here.
    pub(super) fn granted(
        &self,
        session: &Session,
        wanted: &Wanted<'_>,
    ) -> Result<Grant, NotGranted> {
        let key = self.key(wanted).ok_or(Refusal::NotHeld)?;
        let now = self.0.clock.now();
        let identity = Arc::new(session.identity.clone());
        let index = self.0.access.index();
        let grant = index.grant(&identity, &key, wanted.scope, now)?;
        match self.0.access.suspension(grant.role(), now) {
            Some(suspension) => Err(NotGranted::Suspended(suspension, grant)),
            None => Ok(grant),
        }
    }

    /// How long, and what to ask for.
    pub(super) async fn prepare(
        &self,
        handed: Handed,
        (grant, reason): (Grant, Option<Reason>),
        hours: Option<u8>,
        presented: Option<Presented>,
    ) -> Result<Prepared, Error> {
        let role = grant.role();
        let proof = match &presented {
            Some(Presented::Forwarded(proof)) => Some(proof),
            Some(Presented::Issued(_) | Presented::Code(_)) | None => None,
        };
        let own = self
            .0
            .aws
            .sts
            .own_kind(&role.method)
            .await
            .map_err(|error| refusal::explain(&error, role))?;
        let request = DurationRequest {
            method: &role.method,
            own,
            role_seconds: role.console_seconds,
            hours,
            session_ends: grant.identity().authentication.session_ends,
            proof_seconds: match proof {
                Some(ForwardedProof::Saml(saml)) => saml.session_duration,
                Some(ForwardedProof::IdToken(_)) | None => None,
            },
            length_refused: handed == Handed::Console
                && self.0.lengths.are_refused(role, self.0.clock.now()),
            now: self.0.clock.now(),
        };
        let plan = match handed {
            Handed::Console => Plan::new(&request),
            Handed::Keys => Plan::of_keys(&request),
        }
        .map_err(|LoginEnded| Error::SessionEnded)?;
        let ask = self.ask(&grant, &plan)?;
        refusal::check_proof(role, proof)?;
        Ok(Prepared {
            signin_id: random::token::<16>(self.0.random.as_ref()),
            handed,
            grant,
            plan,
            ask,
            reason,
            presented,
        })
    }

    /// Credentials from STS, by the method of the role.
    pub(super) async fn credentials(&self, prepared: &Prepared) -> Result<Credentials, Error> {
        let grant = &prepared.grant;
        let role = grant.role();
        self.0
            .used
            .note(&role.account.partition, self.0.clock.now());
        let issued = self.vouch(grant, &prepared.ask, &prepared.plan).await?;
        let proof = issued.as_ref().or(prepared.presented.as_ref());
        self.0
            .aws
            .sts
            .credentials(grant, &prepared.ask, proof)
            .await
            .map_err(|error| refusal::explain_asked(&error, role, &prepared.ask))
    }

    /// From here on power is made: `begun` first, `ended` last, whatever happens between. `make` is what asks AWS; it is
    /// not begun before it is polled here.
    pub(super) async fn hand_over<T>(
        &self,
        visit: &Visit,
        session: &Session,
        prepared: &Prepared,
        make: impl Future<Output = Result<(T, Credentials), Error>>,
    ) -> Result<(T, Credentials), Error> {
        let begun = record::signin(
            visit,
            &prepared.grant,
            &prepared.ask,
            prepared.presented.as_ref(),
            &prepared.signin_id,
        );
        let begun = Event {
            reason: prepared.reason.as_ref().map(ToString::to_string),
            ..begun
        };
        let (handed, now) = (prepared.handed, self.0.clock.now());
        let (recorded, made) = tokio::join!(self.0.store.append(handed.begun(), &begun, now), make);
        // no row, no hand-over: whatever was made is dropped here
        recorded?;
        let checked = match made {
            Ok((what, credentials)) => match self.last_check(session, prepared).await {
                Ok(()) => Ok((what, credentials)),
                Err(error) => Err((error, Some(credentials))),
            },
            Err(error) => Err((error, None)),
        };
        match checked {
            Ok((what, credentials)) => {
                let event = record::ended(&begun, Outcome::HandedOver, None, Some(&credentials));
                self.record_end(handed, event);
                self.note_use(visit, session, &prepared.grant);
                Ok((what, credentials))
            }
            Err((error, credentials)) => {
                let event = record::ended(
                    &begun,
                    error.outcome(),
                    Some(error.code()),
                    credentials.as_ref(),
                );
                self.record_end(handed, event);
                Err(error)
            }
        }
    }

    /// Writes `ended` without keeping the person waiting. It alone names the key that was handed over, so it is tried again
    /// as long as the process lives; a database that did not say that it has it may then have it twice.
    fn record_end(&self, handed: Handed, event: Event) {
        let this = self.clone();
        let write = async move {
            let now = this.0.clock.now();
            let mut waits = (0..MOST_TRIES).map(|n| Duration::from_secs(1 << n.min(LONGEST_WAIT)));
            while let Err(error) = this.0.store.append(handed.ended(), &event, now).await {
                let again = error.is_unavailable() && !this.0.afterwards.is_closed();
                let wait = waits.next().filter(|_| again);
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    signin_id = event.signin_id.as_deref(),
                    access_key_id = event.access_key_id.as_deref(),
                    again = wait.is_some(),
                    "the end of a sign-in could not be recorded: its outcome reads as unknown"
                );
                let Some(wait) = wait else {
                    return;
                };
                this.wait_or_closing(wait).await;
            }
        };
        let write = write.in_current_span();
        self.0.afterwards.spawn_on(write, &self.0.runtime);
    }

    /// Waits, but no longer than until the process is about to end.
    async fn wait_or_closing(&self, wait: Duration) {
        let second = Duration::from_secs(1);
        for _ in 0..wait.as_secs() {
            if self.0.afterwards.is_closed() {
                return;
            }
            self.0.clock.wait(second).await;
        }
    }

    /// One answer for a role that is not held and one that does not exist; written down either way.
    pub(super) async fn refuse(
        &self,
        visit: &Visit,
        session: &Session,
        wanted: &Wanted<'_>,
        refusal: Option<NotGranted>,
    ) -> Error {
        let refusal = refusal.unwrap_or(NotGranted::Refused(Refusal::NotHeld));
        let error = self.refusal(session, wanted, refusal);
        self.record_refusal(visit, session, wanted, error).await
    }

    /// The answer alone.
    pub(super) fn refusal(
        &self,
        session: &Session,
        wanted: &Wanted<'_>,
        refusal: NotGranted,
    ) -> Error {
        match refusal {
            NotGranted::Refused(Refusal::UnknownScope) => Error::ScopeUnknown,
            NotGranted::Refused(Refusal::NotHeld) => self.not_entitled_to(session, wanted),
            NotGranted::Suspended(suspension, grant) => suspended(suspension, grant.role()),
        }
    }

    /// Writes down that somebody was refused, and why; unless that was too often of late, which is then the answer, and
    /// nothing is written: whoever is refused all the time would fill the record.
    pub(super) async fn record_refusal(
        &self,
        visit: &Visit,
        session: &Session,
        wanted: &Wanted<'_>,
        error: Error,
    ) -> Error {
        let who = Some(&session.identity);
        if let Err(too_often) = self.0.limits.take(What::Refusal, visit.address, who) {
            return too_often.into();
        }
        let index = self.0.access.index();
        let (account, role) = wanted.as_recorded(&index);
        let event = Event {
            account,
            role,
            scope: wanted.scope.map(ToString::to_string),
            revision: Some(index.revision()),
            result: Some(Outcome::Refused.word().to_owned()),
            cause: Some(error.code().to_owned()),
            ..record::about(visit, &session.identity)
        };
        let now = self.0.clock.now();
        match self.0.store.append(wanted.refused, &event, now).await {
            Ok(_) => error,
            Err(away) => away.into(),
        }
    }
}
